"""The filter line over leads: words such as ``step:proposal owner:ana amount>5000 stale>14d``.

Every word narrows; a word that is none of the known ones is searched for in titles, fields,
people and notes. A leading ``-`` turns a word round. ``sort:amount`` and ``sort:-amount`` order.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tui_crm.core.errors import CrmError
from tui_crm.core.leads.filter_terms import STATUS, TERMS
from tui_crm.core.session import Session
from tui_crm.core.store import fulltext
from tui_crm.core.text import _, fold

_WORD = re.compile(r'-?\w+(?::|[<>]=?|=)"[^"]*"|"[^"]*"|\S+')
_SPLIT = re.compile(r"^(\w+)(:|>=|<=|>|<|=)(.*)$", re.S)

# What each sort key orders by; the number last, so that the order is whole.
SORTS: dict[str, tuple[str, ...]] = {
    "next": (
        "CASE WHEN leads.status = 'open' THEN 0 ELSE 1 END",
        "CASE WHEN leads.next_at IS NULL AND leads.next_day IS NULL THEN 0 ELSE 1 END",
        "CASE WHEN leads.next_at IS NOT NULL THEN leads.next_at"
        " WHEN leads.next_day IS NULL THEN 0 ELSE {day_start} END",
    ),
    "amount": ("COALESCE(leads.amount, -1)",),
    "title": ("lower(leads.title)",),
    "number": ("leads.id",),
    "created": ("leads.created_on",),
    "closed": ("COALESCE(leads.closed_on, '')",),
    "close": ("COALESCE(leads.expected_close, '9999')",),
    "idle": ("leads.touched_at",),
    "step": ("steps.position",),
    "probability": ("COALESCE(leads.probability, steps.probability)",),
    "owner": ("COALESCE(leads.owner_id, 0)",),
    "status": ("leads.status",),
}
DESCENDING = ("amount", "number", "created", "closed", "probability")  # largest first by default
WORDS = (
    "step:",
    "pipeline:",
    "owner:",
    "tag:",
    "client:",
    "status:",
    "source:",
    "list:",
    "reason:",
    "amount>",
    "amount<",
    "probability>",
    "probability<",
    "stale>",
    "age>",
    "created:",
    "closed:",
    "close:",
    "next:",
    "is:starred",
    "is:late",
    "is:mine",
    "sort:",
)


@dataclass(frozen=True)
class Word:
    """One word of the filter as typed, with what it means in SQL."""

    text: str
    sql: str
    params: tuple[Any, ...]


@dataclass(frozen=True)
class Filter:
    """A filter line understood. ``problems`` are sentences about words that are not."""

    text: str
    words: tuple[Word, ...]
    sort: str
    descending: bool
    problems: tuple[str, ...]

    def where(self, but: int | None = None) -> tuple[str, list[Any]]:
        """The SQL condition of all words (``but`` leaves one out) and its parameters."""
        kept = [w for i, w in enumerate(self.words) if i != but]
        params = [p for w in kept for p in w.params]
        return " AND ".join(f"({w.sql})" for w in kept) or "1 = 1", params


@dataclass(frozen=True)
class Listing:
    """The numbers of the leads that a filter finds, in order, with their count and sum.

    ``count`` and ``amount`` are of all that were found, also where ``numbers`` are only the
    first of them (:func:`first`)."""

    filter: Filter
    numbers: array[int]
    amount: int
    count: int

    def __len__(self) -> int:
        return self.count


def parse(session: Session, text: str) -> Filter:
    """Take a filter line apart. Never raises: a word that makes no sense is a problem, and
    excludes nothing."""
    words: list[Word] = []
    free: list[str] = []
    problems: list[str] = []
    sort, descending = "next", False
    for word in _WORD.findall(text):
        bare, negated = (word[1:], True) if word[0] == "-" and len(word) > 1 else (word, False)
        parts = _SPLIT.match(bare)
        name = parts.group(1).casefold() if parts else ""
        if parts and name == "sort":
            value = fold(parts.group(3))
            sort_key = value.lstrip("-")
            if sort_key in SORTS:
                sort = sort_key
                descending = value.startswith("-") != (sort in DESCENDING)
            else:
                problems.append(_("sort by one of: {names}").format(names=", ".join(sorted(SORTS))))
            continue
        if parts and name in TERMS:
            value = parts.group(3).strip('"')
            if not value:
                continue  # still being typed
            try:
                sql, params = TERMS[name](session, parts.group(2), value)
            except CrmError as error:
                problems.append(str(error))
                continue
            words.append(Word(word, f"NOT ({sql})" if negated else sql, tuple(params)))
            continue
        if re.fullmatch(r"#?\d{1,12}", bare) and not negated:
            found = fulltext.condition(session.store, bare)
            assert found is not None
            words.append(
                Word(word, f"leads.id = ? OR {found[0]}", (int(bare.lstrip("#")), *found[1]))
            )
            continue
        if negated:
            found = fulltext.condition(session.store, bare)
            if found:
                words.append(Word(word, f"NOT ({found[0]})", tuple(found[1])))
            continue
        free.append(word.strip('"'))
    for one in free:
        found = fulltext.condition(session.store, one)
        if found:
            words.append(Word(one, found[0], tuple(found[1])))
    return Filter(text, tuple(words), sort, descending, tuple(problems))


def listing(session: Session, text: str) -> Listing:
    """The leads that a filter line finds."""
    asked = parse(session, text)
    found, params = _found(asked)
    if asked.sort == "next":
        rows = session.store.rows(
            f"SELECT leads.id, leads.amount, leads.status, leads.next_day, leads.next_at {found}",
            params,
        )
        numbers = _by_next(session, rows, asked.descending)
    else:
        rows = session.store.rows(
            f"SELECT leads.id, leads.amount {found} ORDER BY {_order(session, asked)}", params
        )
        numbers = array("q", [row[0] for row in rows])
    return Listing(asked, numbers, sum(int(row[1] or 0) for row in rows), len(numbers))


def first(session: Session, text: str, most: int) -> Listing:
    """The first ``most`` leads that a filter line finds, and how many there are in all: what is
    enough while a line is typed, in a part of the time of :func:`listing`."""
    asked = parse(session, text)
    found, params = _found(asked)
    count, amount = session.store.rows(f"SELECT COUNT(*), SUM(leads.amount) {found}", params)[0]
    rows = session.store.rows(
        f"SELECT leads.id {found} ORDER BY {_order(session, asked)} LIMIT {int(most)}", params
    )
    return Listing(asked, array("q", [row[0] for row in rows]), int(amount or 0), int(count))


def _found(asked: Filter) -> tuple[str, list[Any]]:
    """The FROM and WHERE of a filter. Its steps are joined only where something asks for them:
    SQLite would begin at them, and not run along an index of the leads."""
    where, params = asked.where()
    asks = "steps." in where or any("steps." in part for part in SORTS[asked.sort])
    join = " JOIN steps ON steps.id = leads.step_id" if asks else ""
    return f"FROM leads{join} WHERE {where}", params


def _order(session: Session, asked: Filter) -> str:
    way = " DESC" if asked.descending else ""
    parts = [
        part.replace("{day_start}", _next_as_number(session)) + way for part in SORTS[asked.sort]
    ]
    return ", ".join((*parts, "leads.id"))


def _by_next(session: Session, rows: list[tuple[Any, ...]], descending: bool) -> array[int]:
    """Rows of number, amount, status, next day, next moment in the order of ``SORTS["next"]``.
    Most leads of a store are closed or have no date: two hundred thousand are in order here in
    half the time that SQLite takes to sort them."""
    offset = int((session.now.utcoffset() or timedelta()).total_seconds())
    ends: dict[str, int] = {}
    undated: tuple[list[int], list[int]] = ([], [])
    dated: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    for number, _amount_of, status, day, at in rows:
        closed = status != "open"
        if at is None and day is None:
            undated[closed].append(number)
            continue
        if at is None:
            at = ends.get(day)
            if at is None:
                since = date.fromisoformat(day) - date(1970, 1, 1)
                at = ends[day] = since.days * 86400 + 86399 - offset
        dated[closed].append((-at if descending else at, number))
    numbers = array("q")
    for closed in (True, False) if descending else (False, True):
        parts = [sorted(undated[closed]), [number for _at, number in sorted(dated[closed])]]
        for part in reversed(parts) if descending else parts:
            numbers.extend(part)
    return numbers


def culprit(session: Session, asked: Filter) -> tuple[str, int] | None:
    """For a filter that finds nothing: the word without which most would be found, and how
    many; ``None`` when no single word is to blame."""
    best: tuple[str, int] | None = None
    for i, word in enumerate(asked.words):
        where, params = asked.where(but=i)
        count = session.store.value(
            f"SELECT COUNT(*) FROM leads JOIN steps ON steps.id = leads.step_id WHERE {where}",
            params,
        )
        if count and (best is None or count > best[1]):
            best = (word.text, int(count))
    return best


def without(text: str, word: str) -> str:
    """The filter line with one word taken out."""
    return " ".join(w for w in _WORD.findall(text) if w != word)


def complete(session: Session, text: str) -> list[str]:
    """What the last word of the line could become: names of words, or values after ``step:``,
    ``owner:``, ``tag:`` …; the whole last word each, at most nine."""
    last = text[len(text.rstrip()) - len(text) :] if text.endswith(" ") else ""
    last = "" if text.endswith(" ") or not text else _WORD.findall(text)[-1]
    sign = "-" if last.startswith("-") else ""
    bare = last.lstrip("-")
    name, colon, value = bare.partition(":")
    if not colon:
        return [sign + word for word in WORDS if bare and word.startswith(bare.casefold())][:9]
    ask = {
        "step": "SELECT name FROM steps WHERE retired = 0 ORDER BY position",
        "pipeline": "SELECT name FROM pipelines WHERE retired = 0 ORDER BY position",
        "owner": "SELECT name FROM users WHERE active = 1 ORDER BY id",
        "tag": "SELECT name FROM tags WHERE retired = 0 ORDER BY id",
        "client": "SELECT DISTINCT name FROM clients ORDER BY name LIMIT 2000",
        "list": "SELECT name FROM lists WHERE archived = 0 ORDER BY id",
        "reason": "SELECT DISTINCT label FROM reasons WHERE retired = 0 ORDER BY label",
        "source": "SELECT DISTINCT source FROM leads WHERE source <> '' ORDER BY source",
    }.get(name.casefold())
    if ask:
        values = [str(row[0]) for row in session.store.rows(ask)]
        if name.casefold() == "owner":
            values = ["me", "none", *values]
    else:
        values = {
            "status": list(STATUS),
            "next": ["late", "today", "tomorrow", "week", "none"],
            "is": ["starred", "late", "mine"],
            "sort": sorted(SORTS),
            "created": ["this-month", "last-month", "this-quarter", "this-year"],
            "closed": ["this-month", "last-month", "this-quarter", "this-year"],
            "close": ["this-month", "next-month", "this-quarter", "none"],
        }.get(name.casefold(), [])
    found = [v for v in values if fold(v).startswith(fold(value.strip('"')))]
    return [f'{sign}{name}:"{v}"' if " " in v else f"{sign}{name}:{v}" for v in found][:9]


def _next_as_number(session: Session) -> str:
    """Date-only next actions ordered among timed ones: as the last second of their day. Days are
    turned into a number the same way on both engines, counted from the year zero."""
    offset = int((session.now.utcoffset() or timedelta()).total_seconds())
    year = "CAST(substr(leads.next_day, 1, 4) AS INTEGER)"
    month = "CAST(substr(leads.next_day, 6, 2) AS INTEGER)"
    day = "CAST(substr(leads.next_day, 9, 2) AS INTEGER)"
    # A month counted as 31 days keeps the order of days, and is near enough to the epoch to mix
    # with instants of the same days only when the exact count is used; so it is the exact one:
    # days from the civil calendar (proleptic Gregorian), year starting in March.
    y = f"({year} - CASE WHEN {month} <= 2 THEN 1 ELSE 0 END)"
    m = f"(({month} + 9) % 12)"
    days = (
        f"(365 * {y} + {y} / 4 - {y} / 100 + {y} / 400 + (153 * {m} + 2) / 5 + {day} - 1 - 719468)"
    )
    return f"({days} * 86400 + 86399 - {offset})"
