"""How lists write time zones: IANA names, abbreviations, names in words, offsets from UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib import resources

from tui_crm.core.lists.countries import country_code
from tui_crm.core.lists.rules import zone_named
from tui_crm.core.text import fold

_SEASONS = (datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC))

# Abbreviations and names in words, with the zone they mean unless the country has one like it.
_MEANT = {
    "America/Los_Angeles": "pst,pdt,pt,pacific,pacific time,hora del pacifico",
    "America/Denver": "mst,mdt,mt,mountain,mountain time",
    "America/Chicago": "cdt,ct,central,central time",
    "America/New_York": "est,edt,et,eastern,eastern time,us eastern,hora del este",
    "America/Anchorage": "akst,akdt,alaska,alaska time,alaskan",
    "Pacific/Honolulu": "hst,hdt,hawaii,hawaii time,hawaiian",
    "America/Halifax": "adt,atlantic,atlantic time",
    "America/St_Johns": "nst,ndt,newfoundland,newfoundland time",
    "America/Argentina/Buenos_Aires": "art,argentina",
    "America/Sao_Paulo": "brt,brst,hora de brasilia,e south america",
    "America/Santiago": "clt,clst",
    "America/Bogota": "cot,sa pacific",
    "America/Lima": "pet",
    "America/Caracas": "vet",
    "Europe/London": "gmt,greenwich,greenwich mean time,british summer time,british time,"
    "uk time,hora de londres",
    "Europe/Lisbon": "wet,west,western european time,western european summer time",
    "Europe/Paris": "romance,heure de paris",
    "Europe/Madrid": "hora peninsular,hora espanola",
    "Europe/Berlin": "cet,cest,mez,mesz,met,mest,central european time,central europe,"
    "central european,central european summer time,w europe,"
    "mitteleuropaische zeit,mitteleuropaische sommerzeit,"
    "heure d'europe centrale,hora central europea,hora de europa central",
    "Europe/Athens": "eet,eest,oez,oesz,eastern european time,eastern european summer time,gtb,"
    "osteuropaische zeit,e europe,fle",
    "Europe/Moscow": "msk,msd,moscow,russian,moskauer zeit",
    "Europe/Istanbul": "trt,turkey time",
    "Africa/Johannesburg": "sast,south africa",
    "Africa/Nairobi": "eat,e africa,east africa time",
    "Africa/Lagos": "wat,w central africa,west africa time",
    "Africa/Maputo": "cat,central africa time",
    "Asia/Dubai": "gst,arabian,gulf standard time",
    "Asia/Riyadh": "arab",
    "Asia/Karachi": "pkt,pakistan",
    "Asia/Kolkata": "india,india time",
    "Asia/Jerusalem": "idt,israel time",
    "Asia/Dhaka": "bangladesh",
    "Asia/Bangkok": "ict,se asia,indochina time",
    "Asia/Jakarta": "wib",
    "Asia/Manila": "pht,philippine time",
    "Asia/Singapore": "sgt,singapore time",
    "Asia/Hong_Kong": "hkt,hong kong time",
    "Asia/Shanghai": "china,china time",
    "Asia/Tokyo": "jst,japan time,tokyo",
    "Asia/Seoul": "kst,korea,korea time",
    "Australia/Sydney": "aest,aedt,aus eastern,australian eastern",
    "Australia/Adelaide": "acst,acdt,cen australia",
    "Australia/Perth": "awst,w australia",
    "Pacific/Auckland": "nzst,nzdt,new zealand",
}
# What means several things, decided by the country or not at all.
_AMBIGUOUS = {
    "ist": {"IN": "Asia/Kolkata", "IE": "Europe/Dublin", "IL": "Asia/Jerusalem"},
    "cst": {
        "US": "America/Chicago",
        "CA": "America/Winnipeg",
        "MX": "America/Mexico_City",
        "CN": "Asia/Shanghai",
        "TW": "Asia/Taipei",
        "CU": "America/Havana",
        "CR": "America/Costa_Rica",
        "GT": "America/Guatemala",
    },
    "bst": {"GB": "Europe/London", "BD": "Asia/Dhaka"},
    "ast": {
        "CA": "America/Halifax",
        "PR": "America/Puerto_Rico",
        "SA": "Asia/Riyadh",
        "KW": "Asia/Kuwait",
        "QA": "Asia/Qatar",
        "BH": "Asia/Bahrain",
        "IQ": "Asia/Baghdad",
    },
}
# Offsets of no whole hour, with the zone that keeps them all year round or has the most people.
_BROKEN = {
    "-9:30": "Pacific/Marquesas",
    "-3:30": "America/St_Johns",
    "+3:30": "Asia/Tehran",
    "+4:30": "Asia/Kabul",
    "+5:30": "Asia/Kolkata",
    "+5:45": "Asia/Kathmandu",
    "+6:30": "Asia/Yangon",
    "+8:45": "Australia/Eucla",
    "+9:30": "Australia/Darwin",
    "+10:30": "Australia/Lord_Howe",
    "+12:45": "Pacific/Chatham",
}
_OFFSET = re.compile(
    r"\(?(?:(?:UTC|GMT|Z)\s*)?([+\-\u2212])\s?(\d{1,2})(?:[:.]?([0-5]\d))?\s?h?\)?(?:\s(.*))?",
    re.IGNORECASE,
)
_STANDARD = re.compile(r" (standard|daylight|summer)( time)?$| \(.*\)$")


@lru_cache(maxsize=2048)
def read_zone(zone: str, country: str = "") -> tuple[str, bool]:
    """The zone that the cell of a zone column means: its IANA name, and whether it was translated.

    ``country`` (as the row has it) decides where an abbreviation means several zones (``IST``,
    ``CST``, ``BST``) and gives its own name where it keeps the same clock: ``CET`` in Spain is
    Europe/Madrid. An offset is a zone without daylight saving, therefore translated too. What is
    not understood is ``("", False)``."""
    text = " ".join(zone.split())
    if not text:
        return "", False
    word = fold(text.replace(".", "").replace("_", " "))
    bare = _STANDARD.sub("", word)
    code = country_code(country) if country else None
    for one in (word, bare):
        if one in _AMBIGUOUS:
            found = _AMBIGUOUS[one].get(code or "", "")
            return found, bool(found)
        if one in _meanings():
            return _like(_meanings()[one], code), True
    if name := iana().get(text.casefold().replace(" / ", "/").replace(" ", "_")):
        return name, False
    several = [iana().get(one.casefold(), "") for one in text.split()]
    if all(several):  # as a row keeps them that may be in any of these
        return " ".join(several), False
    return _offset(text)


def _offset(text: str) -> tuple[str, bool]:
    found = _OFFSET.fullmatch(text)
    if not found:
        return "", False
    # "(UTC+01:00) Brussels, Paris": the place knows its daylight saving, the offset does not.
    for place in (found[4] or "").split(","):
        if city := zone_of_city(place):
            return city[0], True
    sign = "+" if found[1] == "+" else "-"
    hours, minutes = int(found[2]), int(found[3] or 0)
    if minutes:
        name = _BROKEN.get(f"{sign}{hours}:{minutes:02}", "")
        return name, bool(name)
    if hours > (14 if sign == "+" else 12):
        return "", False
    # Etc/GMT-1 is the zone one hour *ahead* of Greenwich.
    return (f"Etc/GMT{'-' if sign == '+' else '+'}{hours}" if hours else "Etc/UTC"), True


def _like(zone: str, code: str | None) -> str:
    """The zone of that country with the same clock as ``zone``, else ``zone``."""
    zones = zones_of_country(code) if code else ()
    if zone in zones:
        return zone
    winter, summer = offsets(zone)
    for same in ((winter, summer), (winter,)):
        for name in zones:
            if offsets(name)[: len(same)] == same:
                return name
    return zone


@lru_cache(maxsize=1024)
def offsets(name: str) -> tuple[timedelta, timedelta]:
    """What the clocks of a zone show ahead of UTC in January and in July."""
    zone = zone_named(name)
    winter, summer = ((zone and zone.utcoffset(at)) or timedelta() for at in _SEASONS)
    return winter, summer


@lru_cache(maxsize=1)
def _meanings() -> dict[str, str]:
    return {word: zone for zone, words in _MEANT.items() for word in words.split(",")}


@lru_cache(maxsize=1)
def iana() -> dict[str, str]:
    """Every IANA name by its lower-case form."""
    text = (resources.files("tzdata") / "zones").read_text("utf-8")
    return {name.casefold(): name for name in text.split()}


# -- countries and cities -------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, str]]]:
    """The zones of each ISO country, main one first; and for each city that names a zone the zone
    and its country."""
    folder = resources.files("tzdata") / "zoneinfo"
    zones: dict[str, list[str]] = {}
    cities: dict[str, tuple[str, str]] = {}
    for line in (folder / "zone.tab").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            code, _place, name = line.split("\t")[:3]
            zones.setdefault(code, []).append(name)
            cities[fold(name.rpartition("/")[2].replace("_", " "))] = name, code
    return {code: tuple(found) for code, found in zones.items()}, cities


def zones_of_country(code: str) -> tuple[str, ...]:
    """The zones of an ISO country, the main one first."""
    return _tables()[0].get(code, ())


def zone_of_city(city: str) -> tuple[str, str] | None:
    """Zone and ISO country of a city that a zone is named after, ``None`` for others."""
    return _tables()[1].get(fold(city))
