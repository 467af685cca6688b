"""The zone a prospect lives in: from a zone column, else city or country, else the phone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache

from tui_crm.core.lists.countries import country_code
from tui_crm.core.lists.rules import zone_named
from tui_crm.core.lists.zone_names import (
    offsets,
    read_zone,
    zone_of_city,
    zones_of_country,
)

# A country whose clocks differ by no more than this is called by the clock of its main zone.
_NARROW = timedelta(hours=1)
# Where nearly everybody of a wide country lives, the zone of the most people first: a company
# that is only known to be in it, or has a free number of its plan, is somewhere in these.
_SPANS = {
    "US": ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"),
    "CA": (
        "America/Toronto",
        "America/Halifax",
        "America/Winnipeg",
        "America/Edmonton",
        "America/Vancouver",
    ),
    "MX": ("America/Mexico_City", "America/Cancun", "America/Tijuana"),
    "BR": ("America/Sao_Paulo", "America/Manaus"),
    "AU": ("Australia/Sydney", "Australia/Adelaide", "Australia/Perth"),
    "RU": ("Europe/Moscow", "Asia/Yekaterinburg", "Asia/Novosibirsk", "Asia/Vladivostok"),
    "ID": ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"),
}


def zone_of(zone: str, country: str, numbers: Iterable[str] = (), city: str = "") -> str:
    """The IANA name of the zone of a prospect; several with blanks between, when one of them it
    is and nothing tells which; ``""`` when it is not known.

    ``zone`` is the cell of a zone column (:func:`read_zone`), ``country`` and ``city`` of those
    columns, ``numbers`` the phones in E.164. They are believed in this order: the zone; a city
    that a zone is named after and that lies in the country (without one, in a country of the
    phones); a country whose clocks are no more than an hour apart; the first phone that belongs
    to one zone; the first that may ring in several, or the wide country. Of several zones the
    outermost are kept: who may be called in those may be called in all between.
    """
    if named := _named(zone, country):
        return named
    numbers = tuple(numbers)
    if city and (found := _of_city(city, country, numbers)):
        return found
    by_country = _zones_of_country(country) if country else ()
    if by_country and is_narrow(by_country):
        return by_country[0]
    several: tuple[str, ...] = ()
    for number in numbers:
        by_phone = _zones_of_phone(number)
        both = tuple(z for z in by_phone if z in by_country) if by_country else by_phone
        if len(both) == 1:
            return both[0]
        if both and is_narrow(both) and (main := _main(number)) in both:
            return main
        several = several or both
    return _outermost(several or by_country)


@lru_cache(maxsize=4096)
def _named(zone: str, country: str) -> str:
    return read_zone(zone, country)[0] if zone else ""


@lru_cache(maxsize=4096)
def _of_city(city: str, country: str, numbers: tuple[str, ...]) -> str:
    found = zone_of_city(city)
    if found is None:
        return ""
    name, code = found
    if country:
        here = country_code(country)
        return name if here is None or here == code else ""
    regions = [region for number in numbers for region in _regions(number[1:4])]
    return name if not regions or code in regions else ""


@lru_cache(maxsize=1024)
def _zones_of_country(country: str) -> tuple[str, ...]:
    code = country_code(country)
    return _span(code) if code else ()


def _span(code: str) -> tuple[str, ...]:
    return _SPANS.get(code) or zones_of_country(code)


def _zones_of_phone(number: str) -> tuple[str, ...]:
    """The zones of a number in E.164. The longest known prefix answers nearly always and at once
    (an import asks a hundred thousand times); one that may ring across a wide country is in the
    zones of the main country of its code."""
    data, lengths = _prefixes()
    digits = number[1:]
    known: tuple[str, ...] = ()
    for n in lengths.get(digits[:2], ()) or (1,):
        if digits[:n] in data:
            known = _known(data[digits[:n]])
            if n < 3 and not is_narrow(known) and (regions := _regions(digits[:3])):
                # Only the code of the country is known of it: a free number, a mobile phone.
                known = _span(regions[0])
            break
    return known


@lru_cache(maxsize=1)
def _prefixes() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[int, ...]]]:
    """The zones of each prefix of a number, and which lengths of prefix there are, the longest
    first, among the numbers that begin with the same two digits."""
    from phonenumbers.tzdata import TIMEZONE_DATA

    lengths: dict[str, set[int]] = {}
    for prefix in TIMEZONE_DATA:
        for start in [prefix[:2]] if len(prefix) > 1 else [f"{prefix}{n}" for n in range(10)]:
            lengths.setdefault(start, set()).add(len(prefix))
    return TIMEZONE_DATA, {k: tuple(sorted(v, reverse=True)) for k, v in lengths.items()}


@lru_cache(maxsize=4096)
def _known(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if zone_named(name) is not None)


def _main(number: str) -> str:
    """The main zone of the country whose code a number in E.164 begins with."""
    regions = _regions(number[1:4])
    return (_span(regions[0]) or ("",))[0] if regions else ""


@lru_cache(maxsize=1024)
def _regions(digits: str) -> tuple[str, ...]:
    """The ISO countries of the code that a number begins with, the main one first."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    for n in (1, 2, 3):
        code = digits[:n]
        regions = COUNTRY_CODE_TO_REGION_CODE.get(int(code)) if code.isdigit() else None
        if regions:
            return () if regions == ("001",) else tuple(regions)
    return ()


@lru_cache(maxsize=1024)
def is_narrow(names: tuple[str, ...]) -> bool:
    """Whether the clocks of these zones are no more than an hour apart in winter."""
    found = [offsets(name)[0] for name in names]
    return bool(found) and max(found) - min(found) <= _NARROW


@lru_cache(maxsize=1024)
def _outermost(names: tuple[str, ...]) -> str:
    """The zones furthest ahead and behind, in January and in July, the first of ``names`` in
    front when it is one of them."""
    kept: set[str] = set()
    for season in (0, 1):
        ordered = sorted(names, key=lambda name: offsets(name)[season])
        kept |= {ordered[0], ordered[-1]} if ordered else set()
    return " ".join(name for name in names if name in kept)
