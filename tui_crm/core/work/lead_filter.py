"""The filter line over leads: words such as ``step:proposal owner:ana amount>5000 stale>14d``.

Every word narrows; a word that is none of the known ones is searched for in titles, fields,
people and notes. A leading ``-`` turns a word round. ``sort:amount`` and ``sort:-amount`` order.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from tui_crm.core import money, periods
from tui_crm.core.errors import CrmError
from tui_crm.core.store import fulltext
from tui_crm.core.text import _, key
from tui_crm.core.work.team import Session

Term = tuple[str, list[Any]]

_WORD = re.compile(r'-?\w+(?::|[<>]=?|=)"[^"]*"|"[^"]*"|\S+')
_SPLIT = re.compile(r"^(\w+)(:|>=|<=|>|<|=)(.*)$", re.S)
_DAYS = re.compile(r"^(\d+)\s*([dwm]?)$")

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
STATUS = ("open", "todo", "standby", "won", "lost", "cancelled", "closed", "all")
WORDS = (
    "step:", "pipeline:", "owner:", "tag:", "client:", "status:", "source:", "list:", "reason:",
    "amount>", "amount<", "probability>", "probability<", "stale>", "age>", "created:", "closed:",
    "close:", "next:", "is:starred", "is:late", "is:mine", "sort:",
)  # fmt: skip


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


def understand(session: Session, text: str) -> Filter:
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
            value = key(parts.group(3))
            sort_key = value.lstrip("-")
            if sort_key in SORTS:
                sort = sort_key
                descending = value.startswith("-") != (sort in DESCENDING)
            else:
                problems.append(
                    _("sort by one of: {names}").format(names=", ".join(sorted(SORTS)))
                )
            continue
        if parts and name in _TERMS:
            value = parts.group(3).strip('"')
            if not value:
                continue  # still being typed
            try:
                sql, params = _TERMS[name](session, parts.group(2), value)
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
    asked = understand(session, text)
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
    asked = understand(session, text)
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
            "SELECT COUNT(*) FROM leads JOIN steps ON steps.id = leads.step_id"
            f" WHERE {where}",
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
            "status": list(STATUS), "next": ["late", "today", "tomorrow", "week", "none"],
            "is": ["starred", "late", "mine"],
            "sort": sorted(SORTS),
            "created": ["this-month", "last-month", "this-quarter", "this-year"],
            "closed": ["this-month", "last-month", "this-quarter", "this-year"],
            "close": ["this-month", "next-month", "this-quarter", "none"],
        }.get(name.casefold(), [])  # fmt: skip
    found = [v for v in values if key(v).startswith(key(value.strip('"')))]
    return [f'{sign}{name}:"{v}"' if " " in v else f"{sign}{name}:{v}" for v in found][:9]


# -- what each word means -------------------------------------------------------------------------


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
    days = f"(365 * {y} + {y} / 4 - {y} / 100 + {y} / 400 + (153 * {m} + 2) / 5 + {day} - 1 - 719468)"
    return f"({days} * 86400 + 86399 - {offset})"


def _named(table: str, column: str, name_column: str = "name") -> Callable[..., Term]:
    """A word whose value names a row of a table by the beginning of its name."""

    def term(session: Session, _op: str, value: str) -> Term:
        rows = session.store.rows(f"SELECT id, {name_column} FROM {table}")
        wanted = key(value)
        exact = [r[0] for r in rows if key(r[1]) == wanted]
        ids = exact or [r[0] for r in rows if key(r[1]).startswith(wanted)]
        if not ids:
            raise CrmError(_("nothing is called {name}").format(name=value))
        return f"leads.{column} IN ({', '.join('?' * len(ids))})", ids

    return term


def _owner(session: Session, op: str, value: str) -> Term:
    if value == "me":
        return "leads.owner_id = ?", [session.user_id]
    if value == "none":
        return "leads.owner_id IS NULL", []
    return _named("users", "owner_id")(session, op, value)


def _tag(session: Session, _op: str, value: str) -> Term:
    return (
        "leads.id IN (SELECT lead_id FROM lead_tags JOIN tags ON tags.id = tag_id"
        " WHERE tags.match LIKE ? ESCAPE '!')",
        [_like(key(value))],
    )


def _like(beginning: str) -> str:
    for sign in "!%_":
        beginning = beginning.replace(sign, "!" + sign)
    return beginning + "%"


def _client(_session: Session, _op: str, value: str) -> Term:
    return (
        "leads.client_id IN (SELECT id FROM clients WHERE match LIKE ? ESCAPE '!')",
        [_like(key(value))],
    )


def _source(_session: Session, _op: str, value: str) -> Term:
    return "lower(leads.source) LIKE ? ESCAPE '!'", [_like(value.lower())]


def _status(session: Session, _op: str, value: str) -> Term:
    found = [s for s in STATUS if s.startswith(key(value))]
    if not found:
        raise CrmError(_("status is one of: {names}").format(names=", ".join(STATUS)))
    name = found[0]
    today, now = session.today.isoformat(), int(session.now.timestamp())
    ahead = "(COALESCE(leads.next_at, 0) > ? OR COALESCE(leads.next_day, '') > ?)"
    return {
        "open": ("leads.status = 'open'", []),
        "todo": (f"leads.status = 'open' AND NOT {ahead}", [now, today]),
        "standby": (f"leads.status = 'open' AND {ahead}", [now, today]),
        "closed": ("leads.status <> 'open'", []),
        "all": ("1 = 1", []),
    }.get(name) or ("leads.status = ?", [name])


def _amount(session: Session, op: str, value: str) -> Term:
    if value in ("none", "-", "–"):
        return "leads.amount IS NULL", []
    minor = money.parse(value, session.currency, session.house.language)
    return f"leads.amount {'=' if op == ':' else op} ?", [minor]


def _probability(_session: Session, op: str, value: str) -> Term:
    try:
        percent = int(value.rstrip("% "))
    except ValueError:
        raise CrmError(_("probability takes a number of percent")) from None
    compare = "=" if op == ":" else op
    return f"COALESCE(leads.probability, steps.probability) {compare} ?", [percent]


def _days(value: str) -> int:
    found = _DAYS.match(value.strip())
    if not found:
        raise CrmError(_("say how long, for instance stale>14d"))
    return int(found.group(1)) * {"": 1, "d": 1, "w": 7, "m": 30}[found.group(2)]


def _stale(session: Session, op: str, value: str) -> Term:
    limit = int(session.now.timestamp()) - _days(value) * 86400
    return f"leads.touched_at {'>=' if op.startswith('<') else '<'} ?", [limit]


def _age(session: Session, op: str, value: str) -> Term:
    limit = (session.today - timedelta(days=_days(value))).isoformat()
    return f"leads.created_on {'>=' if op.startswith('<') else '<'} ?", [limit]


def _in_period(column: str) -> Callable[..., Term]:
    def term(session: Session, _op: str, value: str) -> Term:
        if value == "none":
            return f"leads.{column} IS NULL", []
        found = periods.period(value, session.today)
        first = found.first.isoformat() if found.first else "0000"
        last = found.last.isoformat() if found.last else "9999"
        return f"leads.{column} >= ? AND leads.{column} <= ?", [first, last]

    return term


def _next(session: Session, _op: str, value: str) -> Term:
    def start(days: int) -> tuple[int, str]:
        day = session.today + timedelta(days=days)
        moment = datetime.combine(day, time(), session.zone)
        return int(moment.timestamp()), day.isoformat()

    spans = {"late": (None, 0), "today": (0, 1), "tomorrow": (1, 2), "week": (0, 7)}
    wanted = key(value)
    if wanted == "none":
        return "leads.next_at IS NULL AND leads.next_day IS NULL AND leads.status = 'open'", []
    if wanted not in spans:
        raise CrmError(_("next is late, today, tomorrow, week or none"))
    first, last = spans[wanted]
    at, day = start(last)
    sql = "leads.status = 'open' AND (leads.next_at < ? OR leads.next_day < ?)"
    params: list[Any] = [at, day]
    if first is not None:
        at, day = start(first)
        sql += " AND (leads.next_at >= ? OR leads.next_day >= ?)"
        params += [at, day]
    return sql, params


def _is(session: Session, op: str, value: str) -> Term:
    wanted = key(value)
    if wanted == "starred":
        return "leads.starred = 1", []
    if wanted == "late":
        return _next(session, op, "late")
    if wanted == "mine":
        return "leads.owner_id = ?", [session.user_id]
    raise CrmError(_("is: takes starred, late or mine"))


_TERMS: dict[str, Callable[..., Term]] = {
    "step": _named("steps", "step_id"),
    "pipeline": _named("pipelines", "pipeline_id"),
    "owner": _owner,
    "tag": _tag,
    "client": _client,
    "status": _status,
    "source": _source,
    "list": _named("lists", "list_id"),
    "reason": _named("reasons", "reason_id", "label"),
    "amount": _amount,
    "probability": _probability,
    "stale": _stale,
    "idle": _stale,
    "age": _age,
    "created": _in_period("created_on"),
    "closed": _in_period("closed_on"),
    "close": _in_period("expected_close"),
    "next": _next,
    "is": _is,
}
