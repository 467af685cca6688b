"""Countries as people write them: ISO codes of two and three letters, names, flags.

The names are in ``countries.txt`` (``NL NLD netherlands|pays-bas|…``), in English, Spanish, French,
German, Italian, Portuguese, Dutch, Catalan and the country's own language, as `text.fold` gives
them; made from the CLDR names that come with phonenumbers.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources

from tui_crm.core.text import fold

# Other names and abbreviations in use, beside those of the table.
_ALSO = {
    "AE": "uae,emirates,eau,vae",
    "BE": "belgica",
    "BR": "brasil",
    "CD": "congo kinshasa,drc,rdc",
    "CH": "suisse,svizzera,helvetia",
    "CI": "ivory coast",
    "CV": "cabo verde",
    "CZ": "czechia,republica checa,tchequie,tschechien",
    "DE": "brd,federal republic of germany,bundesrepublik deutschland",
    "ES": "espana",
    "GB": "uk,great britain,britain,england,scotland,wales,northern ireland,gran bretana,"
    "inglaterra,escocia,gales,irlanda del norte,grande-bretagne,angleterre,ecosse,pays de galles,"
    "irlande du nord,grossbritannien,schottland,nordirland,inghilterra,scozia,galles,gran bretagna,"
    "gra-bretanha,groot-brittannie,engeland,schotland",
    "GR": "el,hellas",
    "IR": "iran islamic republic of",
    "KR": "korea,republic of korea,corea,coree,korea republic of",
    "LA": "lao,lao people's democratic republic",
    "MD": "republic of moldova",
    "MK": "north macedonia,macedonia del norte,macedoine du nord,nordmazedonien",
    "MM": "burma",
    "MX": "mejico",
    "NL": "holland,the netherlands,paises bajos,hollande,olanda",
    "RU": "russian federation,federacion rusa,russische foderation",
    "SZ": "eswatini",
    "SK": "slovak republic",
    "SY": "syrian arab republic",
    "TL": "east timor",
    "TR": "turkiye",
    "TW": "taiwan province of china",
    "TZ": "united republic of tanzania",
    "US": "usa,us of a,united states of america,eeuu,ee uu,estados unidos de america,"
    "etats-unis d'amerique,vereinigte staaten,stati uniti d'america,america,vs",
    "VE": "bolivarian republic of venezuela",
    "VN": "viet nam",
}
_ARTICLES = re.compile(
    r"^(the|la|el|le|les|die|der|il|lo|l'|o|a|de)\s+|\s+(the)$|^(republic|kingdom|state) of (the )?"
)
_APART = re.compile(r"\s+[-–—]+\s+|[,;/|:()\[\]]+|(?<=^[A-Za-z]{2})-(?=\w)")
_FLAG = re.compile("([\U0001f1e6-\U0001f1ff])([\U0001f1e6-\U0001f1ff])")


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, str], dict[str, str]]:
    """The country of each ISO code, and of each name."""
    codes, names = {"UK": "GB"}, dict[str, str]()
    text = resources.files(__package__).joinpath("countries.txt").read_text("utf-8")
    for line in text.splitlines():
        code, three, spellings = line.split(" ", 2)
        codes[code] = codes[three] = code
        names.update((name, code) for name in spellings.split("|"))
    for line in (
        (resources.files("tzdata") / "zoneinfo" / "iso3166.tab").read_text("utf-8").split("\n")
    ):
        if line and not line.startswith("#"):
            code, name = line.split("\t")[:2]
            names[fold(name)] = code
    for code, spellings in _ALSO.items():
        names.update((name, code) for name in spellings.split(","))
    return codes, names


@lru_cache(maxsize=2048)
def country_code(text: str) -> str | None:
    """The ISO code of a country: ``NL`` for "NL", "NLD", "Netherlands (the)", "The Netherlands",
    "NL - Niederlande" and the flag, case and accents aside; None for anything else, and where two
    countries are named."""
    text = text.strip()
    if flag := _FLAG.search(text):
        first, second = (chr(ord(letter) - 0x1F1E6 + ord("A")) for letter in flag.groups())
        return _tables()[0].get(first + second)
    if found := _named(text):
        return found
    every = {_named(part) for part in _APART.split(text) if part.strip()} - {None}
    return every.pop() if len(every) == 1 else None


def _named(text: str) -> str | None:
    codes, names = _tables()
    plain = fold(text.replace(".", ""))
    found = codes.get(plain.upper()) or names.get(plain)
    while found is None:
        shorter = _ARTICLES.sub("", plain).strip()
        if shorter == plain or not shorter:
            return None
        plain = shorter
        found = names.get(plain)
    return found
