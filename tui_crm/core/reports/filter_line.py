"""The filter line of the reports: ``last quarter rep:ana tag:hot by:week list:"Dental Berlin"``.

Words with a name are filters; the rest is the period, in the words of `core.dates.periods`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tui_crm.core.dates import periods
from tui_crm.core.errors import CrmError
from tui_crm.core.lists import lists
from tui_crm.core.reports.filters import Filters
from tui_crm.core.reports.lists import by_column
from tui_crm.core.reports.lists.segments import COLUMN, SCRIPT
from tui_crm.core.reports.question import resolve
from tui_crm.core.session import Session
from tui_crm.core.text import _, fold

_WORD = re.compile(r'[\w-]+:"[^"]*"|"[^"]*"|\S+')
_NAMES = {
    "rep": "rep",
    "owner": "rep",
    "team": "team",
    "tag": "tag",
    "pipeline": "pipeline",
    "list": "list_name",
    "by": "by",
    "vs": "compare",
    "compare": "compare",
    "as-of": "as_of",
    "asof": "as_of",
    "as_of": "as_of",
}
_COMPARE = {
    "previous": "previous",
    "before": "previous",
    "year": "year",
    "year-ago": "year",
    "off": "",
    "none": "",
}


@dataclass(frozen=True)
class FilterLine:
    """A filter line that was read: its filters, a sentence on each word that makes no sense, and
    the places (from, to) of the words that do."""

    filters: Filters
    problems: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()


def parse(session: Session, text: str) -> FilterLine:
    """Read a filter line. A word that makes no sense is a problem and filters nothing."""
    values: dict[str, Any] = {"rep": [], "team": [], "tag": []}
    problems: list[str] = []
    spans: list[tuple[int, int]] = []
    rest: list[tuple[int, int, str]] = []
    for match in _WORD.finditer(text):
        word = match.group()
        name, colon, value = word.partition(":")
        value = value.strip('"')
        if word.startswith("#") and len(word) > 1:
            name, colon, value = "tag", ":", word[1:]
        field = _NAMES.get(fold(name)) if colon else None
        if field is None:
            if colon and not value.startswith((".", "-")) and name.isalpha():
                problems.append(
                    _(
                        "{word} is no filter; there are rep: team: tag: pipeline: list: by: vs:"
                        " as-of:"
                    ).format(word=word)
                )
                continue
            rest.append((match.start(), match.end(), word.strip('"')))
            continue
        if not value:
            continue  # still being typed
        try:
            _read_word(session, values, field, value)
        except CrmError as error:
            problems.append(str(error))
        else:
            spans.append(match.span())
    if rest:
        words = " ".join(word for _s, _e, word in rest)
        try:
            periods.period(words, session.today)
        except CrmError as error:
            problems.append(str(error))
        else:
            values["period"] = re.sub(r"\s+", "-", words.casefold()).replace("-..-", "..")
            spans += [(start, end) for start, end, _w in rest]
    for name in ("rep", "team", "tag"):
        values[name] = tuple(dict.fromkeys(values[name]))
    try:
        values["by"] = _rows(session, values.get("by", ""), values.get("list_name", ""))
    except CrmError as error:
        problems.append(f"{error} {error.hint}".rstrip())
        values["by"] = ""
    return FilterLine(Filters(**values), tuple(problems), tuple(sorted(spans)))


def _read_word(session: Session, values: dict[str, Any], field: str, value: str) -> None:
    """Add one filter to ``values``. Raises CrmError naming what there is."""
    if field == "compare":
        comparison = _COMPARE.get(fold(value))
        if comparison is None:
            raise CrmError(_("vs: takes previous, year or off."))
        values[field] = comparison
    elif field == "by":
        values[field] = value  # understood when the list is known
    elif field in ("rep", "team", "tag"):
        for name in filter(None, value.split(",")):
            name = session.user.name if name == "me" and field == "rep" else name
            _check(session, **{field: (name,)})
            values[field].append(name)
    else:
        _check(session, **{field: value})
        values[field] = value


def _check(session: Session, **one: Any) -> None:
    """Look up the name of one filter. Raises CrmError."""
    resolve(session, Filters(**one))


def _rows(session: Session, by: str, list_name: str) -> str:
    """What the rows are, as a report takes it: a part of the period, the script, or a column of
    the list that is named in the same line. Raises CrmError."""
    if fold(by) in ("", *periods.UNITS, SCRIPT):
        return fold(by)
    if not list_name:
        raise CrmError(_("by: takes day to year, script, or a column with its list:."))
    list_id = resolve(session, Filters(list_name=list_name)).list_id
    info = lists.get(session, list_id or 0)
    name = info.columns[by_column.column_named(info, by)].name
    # A column that is called as a part of the period is named with the sign of a column.
    return COLUMN + name if fold(name) in (*periods.UNITS, SCRIPT) else name
