"""In which zone a prospect lives: said by a column, else by the country, else by the phone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib import resources

from tui_crm.core.text import key
from tui_crm.core.work.calling_rules import zone_named

# Names of countries that lists in our languages write, beside ISO codes and English names.
_NAMES = {
    "AT": "austria,osterreich,autriche", "BE": "belgium,belgica,belgique,belgien",
    "BR": "brazil,brasil,bresil,brasilien", "CH": "switzerland,suiza,suisse,schweiz",
    "CZ": "chequia,republica checa,tchequie,tschechien",
    "DE": "germany,alemania,allemagne,deutschland", "DK": "dinamarca,danemark,danmark,daenemark",
    "ES": "spain,espana,espagne,spanien", "FI": "finlandia,finlande,finnland",
    "FR": "france,francia,frankreich",
    "GB": "uk,united kingdom,great britain,england,scotland,wales,reino unido,inglaterra,"
          "royaume-uni,angleterre,grossbritannien,vereinigtes konigreich",
    "GR": "grecia,grece,griechenland", "HU": "hungria,hongrie,ungarn",
    "IE": "irlanda,irlande,irland", "IT": "italia,italie,italien",
    "JP": "japon,japan", "LU": "luxemburgo,luxemburg", "MA": "marruecos,maroc,marokko",
    "MX": "mexico,mejico,mexique,mexiko", "NL": "holland,netherlands,paises bajos,holanda,"
          "pays-bas,hollande,niederlande", "NO": "noruega,norvege,norwegen,norge",
    "PL": "polonia,pologne,polen,polska", "PT": "portugal", "RO": "rumania,roumanie,rumanien",
    "RU": "russia,rusia,russie,russland", "SE": "suecia,suede,schweden,sverige",
    "TR": "turkey,turquia,turquie,turkei", "TN": "tunez,tunisie,tunesien",
    "US": "usa,united states of america,estados unidos,etats-unis,vereinigte staaten",
    "AR": "argentine,argentinien", "CO": "colombie,kolumbien", "PE": "perou", "CL": "chili",
}  # fmt: skip
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+\-\u2212])(\d{1,2})(?::?(00))?", re.IGNORECASE)
# A country whose clocks differ by no more than this is called by the clock of its main zone.
_NARROW = timedelta(hours=1)


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """The zones of each ISO country, main one first, and the country of each name."""
    folder = resources.files("tzdata") / "zoneinfo"
    zones: dict[str, list[str]] = {}
    for line in (folder / "zone.tab").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            code, _place, name = line.split("\t")[:3]
            zones.setdefault(code, []).append(name)
    names: dict[str, str] = {}
    for line in (folder / "iso3166.tab").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            code, name = line.split("\t")[:2]
            names[key(name)] = code
    for code, spellings in _NAMES.items():
        names.update((key(name), code) for name in spellings.split(","))
    return {code: tuple(found) for code, found in zones.items()}, names


def country_code(text: str) -> str | None:
    """The ISO code of a country written as a code or by name, case and accents aside."""
    zones, names = _tables()
    code = text.strip().upper()
    return code if code in zones else names.get(key(text.replace(".", "")))


def zone_of(zone: str, country: str, numbers: Iterable[str] = ()) -> str:
    """The IANA name of the zone of a prospect, or ``""`` when it is not known.

    ``zone`` is the cell of a zone column (an IANA name or a whole offset from UTC), ``country``
    of a country column, ``numbers`` the phones in E.164. They are believed in this order. A
    country with clocks more than an hour apart says nothing alone: then its phones decide, and
    when they do not either, the zone is unknown rather than guessed.
    """
    if told := _told(zone, country):
        return told
    by_country = _zones_of_country(country) if country else ()
    for number in numbers:
        by_phone = _zones_of_phone(number)
        both = tuple(z for z in by_phone if z in by_country) if by_country else by_phone
        if len(both) == 1:
            return both[0]
        if both and _is_narrow(both) and (main := _main(number)) in both:
            return main
    return ""


@lru_cache(maxsize=4096)
def _told(zone: str, country: str) -> str:
    """The zone that the cells tell without the phones, or ``""``."""
    if zone and (said := _said(zone.strip())):
        return said
    by_country = _zones_of_country(country) if country else ()
    return by_country[0] if by_country and _is_narrow(by_country) else ""


@lru_cache(maxsize=1024)
def _said(zone: str) -> str:
    """The zone that the cell of a zone column names, or ``""``."""
    if zone_named(zone) is not None:
        return zone
    offset = _OFFSET.fullmatch(zone)
    if offset and int(offset[2]) <= 12:
        sign = "-" if offset[1] == "+" else "+"  # Etc/GMT-1 is the zone one hour *ahead*
        return f"Etc/GMT{sign}{int(offset[2])}" if int(offset[2]) else "Etc/UTC"
    return ""


@lru_cache(maxsize=1024)
def _zones_of_country(country: str) -> tuple[str, ...]:
    code = country_code(country)
    return _tables()[0].get(code, ()) if code else ()


def _zones_of_phone(number: str) -> tuple[str, ...]:
    """The zones of a number in E.164. The longest known prefix answers nearly always and at once
    (an import asks a hundred thousand times); only a number that may ring across a wide country
    is looked at for its kind."""
    data, lengths = _prefixes()
    digits = number[1:]
    known: tuple[str, ...] = ()
    for n in lengths.get(digits[:2], ()) or (1,):
        if digits[:n] in data:
            known = _known(data[digits[:n]])
            break
    if len(known) < 2 or _is_narrow(known):
        return known
    from tui_crm.core import phones

    return _known(phones.zones(number))


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
    return _main_of(number[1:4])


@lru_cache(maxsize=1024)
def _main_of(digits: str) -> str:
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    for n in (1, 2, 3):
        code = digits[:n]
        regions = COUNTRY_CODE_TO_REGION_CODE.get(int(code)) if code.isdigit() else None
        if regions:
            return (_tables()[0].get(regions[0]) or ("",))[0]
    return ""


@lru_cache(maxsize=1024)
def _is_narrow(names: tuple[str, ...]) -> bool:
    if not names:
        return False
    winter = datetime(2026, 1, 15, tzinfo=UTC)
    offsets = [z.utcoffset(winter) or timedelta() for n in names if (z := zone_named(n))]
    return bool(offsets) and max(offsets) - min(offsets) <= _NARROW
