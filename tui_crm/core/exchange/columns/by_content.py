"""What a cell looks like: an e-mail address, a phone, a place; for columns whose header is unknown.

Nothing here decides whether a phone or an address is *valid*; it only tells columns apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache


def word_set(words: str) -> frozenset[str]:
    """The words of a text, as a set: tables of vocabulary read better as prose."""
    return frozenset(words.split())


_EMAIL = re.compile(r"(?:mailto:)?<?[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]{2,}>?", re.IGNORECASE)
_URL = re.compile(r"(?:https?://\S+|www\.\S+\.\S+)", re.IGNORECASE)
_LINKEDIN = re.compile(r"(?:https?://)?(?:[a-z]{2,3}\.)?linkedin\.com/\S+", re.IGNORECASE)
_PHONE = re.compile(
    r"(?:tel:)?(\+|00)?[\d(][\d\s().\-/\u00a0\u2010\u2011]{5,}\d(?:\s*(?:x|ext\.?|#)\s*\d{1,6})?",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ].*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}([T ].*)?"
)
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?%?|[+-]?\d{1,3}([., '\u00a0\u202f]\d{3})+([.,]\d+)?")
_DOTTED = re.compile(r"\d{1,3}(\.\d{1,3}){3}")
_OFFSET = re.compile(r"(?:(?:utc|gmt)\s*)?[+-]\d{1,2}:?(\d{2})?|utc|gmt", re.IGNORECASE)
_COMPANY = re.compile(
    r"\b(gmbh|ag|kg|ohg|ug|mbh|e\.?\s?k|ltd|limited|llc|llp|inc|corp|plc|co|s\.?l\.?u?|s\.?a\.?"
    r"|s\.?a\.?r\.?l|s\.?a\.?s\.?u?|eurl|s\.?p\.?a|s\.?r\.?l|b\.?v|n\.?v|group|holding)\.?$",
    re.IGNORECASE,
)
_PERSON = re.compile(r"[^\W\d_][^\d@/\\:;|]{1,60}")

_SALUTATIONS = word_set(
    """
    mr mrs ms miss dr prof herr frau sr sra srta d dna m mme mlle monsieur madame mister don dona
    sir
    """
)

_YES = word_set(
    "true yes y 1 x si sí s oui o ja j wahr vrai verdadero vero sim verdadeiro waar ✓ ✔ ☑"
)
_NO = word_set("false no n 0 non nein falsch faux falso nao não nee onwaar - ✗ ☐")


def flag(text: str) -> bool | None:
    """Whether a cell says yes or no, in any of our languages; None for anything else."""
    plain = text.strip().casefold()
    return True if plain in _YES else False if plain in _NO else None


def is_email(text: str) -> bool:
    """One address, or several parted by comma, semicolon or blank."""
    return all(_EMAIL.fullmatch(part) for part in re.split(r"[,;\s]+", text.strip()) if part)


def is_linkedin(text: str) -> bool:
    """The address of a LinkedIn page."""
    return _LINKEDIN.fullmatch(text) is not None


def is_web(text: str) -> bool:
    """An address of the web with its scheme or ``www.``."""
    return _URL.fullmatch(text) is not None


def is_phone(text: str) -> bool:
    """A phone for certain: written as one, and no date, amount, address or bare number."""
    found = _PHONE.fullmatch(text)
    if found is None or _DATE.fullmatch(text) or _DOTTED.fullmatch(text):
        return False
    digits = sum(sign.isdigit() for sign in text)
    if not 7 <= digits <= 24:
        return False
    if found[1]:
        return True
    if _NUMBER.fullmatch(text):
        return text.startswith("0") and digits >= 9 and text.isdigit()
    return digits >= 8


def has_clock(text: str) -> bool:
    """A calendar day in digits with a time."""
    return _DATE.fullmatch(text) is not None and ":" in text


def is_flag(text: str) -> bool:
    """A cell that says yes or no."""
    return flag(text) is not None


def is_date(text: str) -> bool:
    """A calendar day in digits, with or without a time."""
    return _DATE.fullmatch(text) is not None


def is_number(text: str) -> bool:
    """A bare number, with or without thousands, decimals, per cent."""
    return _NUMBER.fullmatch(text) is not None


def is_zone(text: str) -> bool:
    """A zone by its IANA name ("Europe/Madrid"), or an offset from UTC."""
    return ("/" in text and text in _zones()) or _OFFSET.fullmatch(text) is not None


def says_zone(text: str, sure: bool) -> bool:
    """A zone as people write it too: PST, Central European Time. Where nobody is ``sure`` that
    the column is about clocks, a bare "Central" or "West" is a region to sell in."""
    from tui_crm.core.lists.zone_names import read_zone

    if is_zone(text):
        return True
    if not any(read_zone(text, country)[0] for country in ("", "US", "IN")):
        return False
    return sure or text.isupper() or len(text.split()) > 1


def is_country(text: str) -> bool:
    """A country by its ISO code in capitals or by name."""
    from tui_crm.core.lists.countries import country_code

    return (len(text) > 3 or text.isupper()) and country_code(text) is not None


def is_company(text: str) -> bool:
    """A name that ends in a legal form ("GmbH", "S.L.", "Inc")."""
    return _COMPANY.search(text.strip()) is not None


def is_person(text: str) -> bool:
    """Letters only, one to five words."""
    return _PERSON.fullmatch(text) is not None and len(text.split()) <= 5


def share(is_one: Callable[[str], bool], content: Sequence[str]) -> float:
    """Which part of the cells is one, 0 to 1; 0 for an empty column."""
    return sum(map(is_one, content)) / len(content) if content else 0.0


def may_be(field: str, content: Sequence[str], sure: bool = True) -> bool:
    """Whether a column whose header says ``field`` (``sure``, or perhaps) can be it. An empty
    column can be anything."""
    if not content:
        return True
    match field:
        case "email":
            return any("@" in text for text in content)
        case "phone":
            return any(sum(sign.isdigit() for sign in text) >= 4 for text in content)
        case "role":
            plain = (text.casefold().rstrip(".") for text in content)
            return not all(text in _SALUTATIONS for text in plain)
        case "zone":
            return share(lambda text: says_zone(text, sure), content) >= 0.5
        case "tags":
            return share(is_date, content) < 0.5
        case "web":
            return any("." in text for text in content)
        case "name" | "first_name" | "last_name" | "company" | "city":
            return share(is_number, content) < 0.5
    return True


@cache
def _zones() -> frozenset[str]:
    import zoneinfo

    return frozenset(zoneinfo.available_timezones())
