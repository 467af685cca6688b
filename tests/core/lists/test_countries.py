"""Countries as people write them."""

from __future__ import annotations

import pytest

from tui_crm.core.lists.countries import country_code


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ("NL", "NL|NLD|nl|Netherlands|The Netherlands|Netherlands (the)|Nederland|Países Bajos"),
        (
            "NL",
            "Pays-Bas|Niederlande|Paesi Bassi|Holland|NL - Niederlande|Netherlands, The|Holanda",
        ),
        ("GB", "UK|U.K.|GBR|England|Scotland|Great Britain|Reino Unido|Royaume-Uni|Schottland"),
        ("US", "USA|U.S.A.|United States|EE.UU.|États-Unis|Vereinigte Staaten|us"),
        ("FR", "FRA|FR - France|France 🇫🇷|🇫🇷|Frankreich|Francia|France (FR)|FR-France"),
        ("SE", "Sverige|Suecia|Schweden|SWE"),
        ("CZ", "Czechia|Tschechien|Czech Republic|República Checa"),
        ("KR", "Corea del Sur|Südkorea|Korea, Republic of|South Korea"),
        ("DE", "Deutschland|Alemania|Allemagne|Germania|DEU|DE/Germany"),
        ("CI", "Côte d'Ivoire|Ivory Coast|Elfenbeinküste"),
    ],
)
def test_a_country_by_code_name_or_flag(code: str, texts: str) -> None:
    assert {text: country_code(text) for text in texts.split("|")} == dict.fromkeys(
        texts.split("|"), code
    )


@pytest.mark.parametrize("text", ["", "Atlantis", "EMEA", "France / Spain", "-", "the"])
def test_what_is_no_country(text: str) -> None:
    assert country_code(text) is None
