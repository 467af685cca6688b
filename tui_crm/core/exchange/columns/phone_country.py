"""In which country the phones of a file ring that have no prefix: guessed from its states, its
postcodes, the prefixes that other numbers have, and from what makes the numbers valid."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from tui_crm.core import phones
from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.readers.table import Table
from tui_crm.core.lists.countries import country_code
from tui_crm.core.text import _, fold, show

SAMPLE = 300
"""Rows that are looked at."""
LEAST = 3
"""Numbers without a prefix below which nothing is guessed."""
MOST_HOME = 0.5
"""Where more than this share of the numbers is valid at home, they ring at home."""
GOOD = 0.8
"""The share that another country must make valid."""
USUAL = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "BE", "CH", "AT", "PT", "IE", "CA", "MX", "PL")
"""Countries that are tried where nothing points at one."""

_STATES = {
    "US": "al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh"
    " nj nm ny nc nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy dc",
    "CA": "ab bc mb nb nl ns nt nu on pe qc sk yt",
    "AU": "nsw qld vic tas act",
}
_STATE_HEADS = re.compile(r"(state|province|provincia|estado|bundesland|region)(code|/region)?")
_ZIP_HEADS = re.compile(
    r"(zip|zipcode|postal|postalcode|postcode|plz|postleitzahl|cp|codepostal|codigopostal)"
)
_ZIPS = {
    "GB": re.compile(r"[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}"),
    "CA": re.compile(r"[a-z]\d[a-z] ?\d[a-z]\d"),
    "NL": re.compile(r"\d{4} ?[a-z]{2}"),
    "PT": re.compile(r"\d{4}-\d{3}"),
    "US": re.compile(r"\d{5}-\d{4}"),
}


def guess(table: Table, fields: Sequence[str | None], home: str) -> str:
    """The country, an ISO code, that phones of a table without a prefix are read as: ``home``, the
    workspace's, unless most of them are none there and another country is pointed at, or makes
    nearly all of them valid. Where a column names countries, or there are no such numbers, it is
    ``home``."""
    places = [n for n, field in enumerate(fields) if field == "phone"]
    if not places or "country" in fields:
        return home
    rows = [row.cells for row in table.rows[:SAMPLE] if row.problem is None]
    cells = [cell for row in rows for n in places if (cell := row[n].strip())]
    abroad = [cell for cell in cells if cell.startswith(("+", "00"))]
    plain = [cell for cell in cells if not cell.startswith(("+", "00"))]
    if len(plain) < LEAST:
        return home
    # Some plans are so wide that numbers of elsewhere are valid there: a state outweighs them.
    placed = [*_of_states(table.columns, rows), *_of_postcodes(table.columns, rows)]
    if placed:
        fitting = [country for country in placed if _share(plain, country) >= GOOD]
        return home if home in placed or not fitting else fitting[0]
    at_home = _share(plain, home)
    if at_home > MOST_HOME:
        return home
    for country in _of_prefixes(abroad):
        if _share(plain, country) > max(MOST_HOME, at_home):
            return country
    valid = {country: _share(plain, country) for country in USUAL}
    best = max(USUAL, key=lambda country: valid[country])
    alone = all(valid[other] < valid[best] for other in USUAL if other not in _alike(best))
    return best if alone and valid[best] >= GOOD else home


def _alike(country: str) -> tuple[str, ...]:
    """The countries whose numbers are as those of this one, itself too."""
    return ("US", "CA") if country in ("US", "CA") else (country,)


def _share(cells: Sequence[str], country: str) -> float:
    """Which share of the cells holds a valid number of a country."""
    if not country:
        return 0.0
    good = sum(1 for cell in cells if any(p.e164 for p in phones.read_as(cell, (country,))))
    return good / len(cells)


def _column(columns: Sequence[str], heads: re.Pattern[str]) -> int | None:
    names = [re.sub(r"[^a-z/]", "", fold(name)) for name in columns]
    return next((n for n, name in enumerate(names) if heads.fullmatch(name)), None)


def _filled(rows: Iterable[Sequence[str]], place: int | None) -> list[str]:
    if place is None:
        return []
    return [fold(cell) for row in rows if (cell := row[place].strip())]


def _of_states(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The countries whose states nearly all cells of a column of states are."""
    cells = _filled(rows, _column(columns, _STATE_HEADS))
    return [
        country
        for country, codes in _STATES.items()
        if cells and sum(cell in codes.split() for cell in cells) >= GOOD * len(cells)
    ]


def _of_postcodes(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The countries whose postcodes most cells of a column of postcodes are."""
    cells = _filled(rows, _column(columns, _ZIP_HEADS))
    return [
        country
        for country, form in _ZIPS.items()
        if cells and sum(form.fullmatch(cell) is not None for cell in cells) >= len(cells) / 2
    ]


def _of_prefixes(cells: Sequence[str]) -> list[str]:
    """The countries that numbers with a prefix ring in, the most frequent first."""
    found: Counter[str] = Counter()
    for cell in cells:
        e164 = phones.read(cell, "").e164
        if e164 is not None and (country := phones.country(e164)):
            found[country] += 1
    return [country for country, _n in found.most_common(3)]


def country_of_numbers(text: str) -> str:
    """A country as somebody types it (``US``, ``France``) as its ISO code; empty for nothing.
    Raises CrmError for what is no country with phones."""
    if not text.strip():
        return ""
    code = country_code(text)
    if code is None or not phones.has_numbers(code):
        raise CrmError(
            _("{text} is no country with phone numbers.").format(text=show(text, single_line=True)),
            _("Type it as US, or by its name."),
        )
    return code


def words(file_country: str, home: str) -> str:
    """How phones without a prefix are read, in a sentence."""
    if not file_country:
        return _("phones without a prefix have no country")
    if file_country != home:
        return _("phones without a prefix are read as those of {country}, which they fit").format(
            country=file_country
        )
    return _("phones without a prefix are read as those of {country}").format(country=home)
