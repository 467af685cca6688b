"""The filter line over leads: words such as ``step:proposal owner:ana amount>5000 stale>14d``.

Every word narrows; a word that is none of the known ones is searched for in titles, fields,
people and notes. A leading ``-`` negates a word. ``sort:amount`` and ``sort:-amount`` order.
"""

from __future__ import annotations

import functools
import operator
import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from peewee import SQL, Case, ColumnBase, ModelSelect, Node, fn

from tui_crm.core.errors import CrmError
from tui_crm.core.leads.filter_terms import EVERY_LEAD, NEEDS_STEP, STATUS, TERMS
from tui_crm.core.session import Session
from tui_crm.core.store import fulltext
from tui_crm.core.store.tables import Lead, Step
from tui_crm.core.text import _, fold

_WORD = re.compile(r'-?\w+(?::|[<>]=?|=)"[^"]*"|"[^"]*"|\S+')
_SPLIT = re.compile(r"^(\w+)(:|>=|<=|>|<|=)(.*)$", re.S)

SORTS: dict[str, ColumnBase | None] = {
    "next": None,  # several columns and the zone of the rep: `_next_order`
    "amount": fn.COALESCE(Lead.amount, -1),
    "title": fn.lower(Lead.title),
    "number": Lead.id,
    "created": Lead.created_on,
    "closed": fn.COALESCE(Lead.closed_on, ""),
    "close": fn.COALESCE(Lead.expected_close, "9999"),
    "idle": Lead.touched_at,
    "step": Step.position,
    "probability": fn.COALESCE(Lead.probability, Step.probability),
    "owner": fn.COALESCE(Lead.owner_id, 0),
    "status": Lead.status,
}
"""What each sort key orders by; the number of the lead comes last, so that the order is total."""
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
    """One word of the filter as typed, and the condition it puts on a lead. ``name`` is that of
    its term (``step``), empty for a word that is searched for."""

    text: str
    name: str
    condition: ColumnBase = field(compare=False)


@dataclass(frozen=True)
class Filter:
    """A parsed filter line. ``problems`` are sentences about words that make no sense."""

    text: str
    words: tuple[Word, ...]
    sort: str
    descending: bool
    problems: tuple[str, ...]

    def condition(self, but: int | None = None) -> ColumnBase:
        """The condition of all words together; ``but`` leaves one out."""
        conditions = [word.condition for n, word in enumerate(self.words) if n != but]
        return functools.reduce(operator.and_, conditions) if conditions else EVERY_LEAD


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
    """Parse a filter line. Never raises: a word that makes no sense is a problem, and excludes
    nothing."""
    words: list[Word] = []
    searched: list[Word] = []
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
        elif parts and name in TERMS:
            value = parts.group(3).strip('"')
            if not value:
                continue  # still being typed
            try:
                condition = TERMS[name](session, parts.group(2), value)
            except CrmError as error:
                problems.append(str(error))
                continue
            words.append(Word(word, name, ~condition if negated else condition))
        elif re.fullmatch(r"#?\d{1,12}", bare) and not negated:
            number = Lead.id == int(bare.lstrip("#"))
            found = fulltext.condition(session.store, bare)
            words.append(Word(word, "", number if found is None else number | found))
        elif (found := fulltext.condition(session.store, bare)) is not None:
            if negated:
                words.append(Word(word, "", ~found))
            else:
                searched.append(Word(word.strip('"'), "", found))
    return Filter(text, (*words, *searched), sort, descending, tuple(problems))


def listing(session: Session, text: str) -> Listing:
    """The leads that a filter line finds."""
    parsed = parse(session, text)
    if parsed.sort == "next":
        rows = session.store.select(
            filter_query(parsed, Lead.id, Lead.amount, Lead.status, Lead.next_day, Lead.next_at)
        )
        next_actions = ((number, *columns) for number, _amount, *columns in rows)
        numbers = _in_next_order(session, next_actions, descending=parsed.descending)
    else:
        query = filter_query(parsed, Lead.id, Lead.amount).order_by(*_order(session, parsed))
        rows = session.store.select(query)
        numbers = array("q", [row[0] for row in rows])
    return Listing(parsed, numbers, sum(int(row[1] or 0) for row in rows), len(numbers))


def first(session: Session, text: str, most: int) -> Listing:
    """The first ``most`` leads that a filter line finds, and how many there are in all: enough
    while a line is typed, in a part of the time of :func:`listing`."""
    parsed = parse(session, text)
    count, amount = session.store.select(
        filter_query(parsed, fn.COUNT(SQL("*")), fn.SUM(Lead.amount))
    )[0]
    query = filter_query(parsed, Lead.id).order_by(*_order(session, parsed)).limit(most)
    numbers = array("q", [row[0] for row in session.store.select(query)])
    return Listing(parsed, numbers, int(amount or 0), int(count))


def filter_query(parsed: Filter, *columns: Node) -> ModelSelect[Lead]:
    """These columns of the leads that a filter finds. Their steps are joined only where something
    names them: SQLite would begin at them, and not run along an index of the leads."""
    query = Lead.select(*columns).where(parsed.condition())
    joined = parsed.sort in ("step", "probability") or any(
        w.name in NEEDS_STEP for w in parsed.words
    )
    return query.join(Step, on=(Step.id == Lead.step_id)) if joined else query


def _order(session: Session, parsed: Filter) -> list[Node]:
    key = SORTS[parsed.sort]
    parts = _next_order(session) if key is None else [key]
    return [*(part.desc() if parsed.descending else part.asc() for part in parts), Lead.id.asc()]


def _next_order(session: Session) -> list[ColumnBase]:
    """Open leads before closed ones, those without a next action first, then by its moment; one
    with a day alone counts as the last second of that day."""
    no_next = Lead.next_at.is_null() & Lead.next_day.is_null()
    return [
        Case(None, [(Lead.status == "open", 0)], 1),
        Case(None, [(no_next, 0)], 1),
        Case(
            None,
            [(Lead.next_at.is_null(False), Lead.next_at), (Lead.next_day.is_null(), 0)],
            _end_of_next_day(session),
        ),
    ]


def _end_of_next_day(session: Session) -> ColumnBase:
    """The last second of ``leads.next_day`` in the rep's zone (epoch seconds UTC), worked out in
    the same way on both engines: days of the proleptic Gregorian calendar from a year that starts
    in March (Howard Hinnant, "chrono-compatible low-level date algorithms")."""

    def part(start: int, length: int) -> ColumnBase:
        return fn.substr(Lead.next_day, start, length).cast("INTEGER")

    year, month, day = part(1, 4), part(6, 2), part(9, 2)
    y = year - Case(None, [(month <= 2, 1)], 0)
    m = month + Case(None, [(month <= 2, 9)], -3)
    days = y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day - 719469
    return days * 86400 + 86399 - _utc_offset(session)


def _utc_offset(session: Session) -> int:
    """Seconds by which the rep's clock is ahead of UTC now."""
    return int((session.now.utcoffset() or timedelta()).total_seconds())


def _in_next_order(
    session: Session,
    rows: Iterable[tuple[int, str, str | None, int | None]],
    *,
    descending: bool,
) -> array[int]:
    """Rows of number, status, next day and next moment in the order of :func:`_next_order`.
    Most leads of a store are closed or have no date: two hundred thousand are in order here in
    half the time that SQLite takes to sort them."""
    offset = _utc_offset(session)
    ends: dict[str, int] = {}
    undated: tuple[list[int], list[int]] = ([], [])
    dated: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    for number, status, day, at in rows:
        closed = status != "open"
        if at is None and day is None:
            undated[closed].append(number)
            continue
        if at is None:
            assert day is not None
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


def culprit(session: Session, parsed: Filter) -> tuple[str, int] | None:
    """For a filter that finds nothing: the word without which most would be found, and how
    many; ``None`` when no single word is to blame."""
    best: tuple[str, int] | None = None
    for n, word in enumerate(parsed.words):
        query = Lead.select(fn.COUNT(SQL("*"))).join(Step, on=(Step.id == Lead.step_id))
        count = session.store.select(query.where(parsed.condition(but=n)))[0][0]
        if count and (best is None or count > best[1]):
            best = (word.text, int(count))
    return best


def without(text: str, word: str) -> str:
    """The filter line without one word."""
    return " ".join(w for w in _WORD.findall(text) if w != word)


def complete(session: Session, text: str) -> list[str]:
    """What the last word of the line could become: names of words, or values after ``step:``,
    ``owner:``, ``tag:`` …; the whole last word each, at most nine."""
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
        values = [str(value) for (value,) in session.store.rows(ask)]
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
