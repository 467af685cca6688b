"""Where the phones of a file ring that have no prefix."""

from __future__ import annotations

import pytest

from tui_crm.core.exchange.columns import phone_country
from tui_crm.core.exchange.readers.open import read_pasted


def guess(text: str, fields: list[str | None], home: str) -> str:
    return phone_country.guess(read_pasted(text), fields, home)


def table(head: str, *rows: str) -> str:
    return "\n".join((head, *rows)) + "\n"


SPANISH = ("600 100 200", "91 496 00 99", "93 220 10 10", "954 12 34 56")
FRENCH = ("01 40 20 50 50", "04 91 13 89 00", "06 12 34 56 78", "05 61 11 02 22")
AMERICAN = ("212-736-5000", "(415) 362-2000", "312 922 4400", "617.536.5700")


@pytest.mark.parametrize(
    ("numbers", "home", "found"),
    [
        (SPANISH, "ES", "ES"),
        (AMERICAN, "ES", "US"),
        (SPANISH[:2], "FR", "FR"),  # too few to say
        (("call Anna", "none", "n/a", "x"), "ES", "ES"),
        (tuple(f"+49 30 90182{n:03d}" for n in range(9)), "ES", "ES"),
    ],
)
def test_by_what_makes_them_valid(numbers: tuple[str, ...], home: str, found: str) -> None:
    text = table("Name\tPhone", *(f"A{n}\t{number}" for n, number in enumerate(numbers)))
    assert guess(text, [None, "phone"], home) == found


def test_states_prefixes_and_postcodes_point_at_a_country() -> None:
    states = table("State\tPhone", *(f"CA\t{number}" for number in AMERICAN))
    assert guess(states, [None, "phone"], "DE") == "US"
    mixed = table(
        "Name\tPhone", *(f"A\t{number}" for number in FRENCH), *("B\t+33 1 40 20 50 51",) * 3
    )
    assert guess(mixed, [None, "phone"], "ES") == "FR"
    postcodes = table("Post code\tPhone", *(f"SW1A 1AA\t020 7219 {n}000" for n in range(1, 6)))
    assert guess(postcodes, [None, "phone"], "US") == "GB"


def test_a_column_of_countries_says_it_itself() -> None:
    text = table("Country\tPhone", *(f"US\t{number}" for number in AMERICAN))
    assert guess(text, ["country", "phone"], "ES") == "ES"
