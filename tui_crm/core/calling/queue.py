"""Who is called next, and who has it: the queue of a prospect list, and its claims.

The order: callbacks due, agreed times first; retries due; new rows in the order of the list, or
those first whose people answer most at this hour (or the new ones before the retries, where the
list says so). Not offered, but counted with the reason:

* handed to a colleague;
* outside the calling window of the prospect's own zone. A callback with an agreed time is the one
  exception: the prospect chose the moment;
* on the do-not-call list;
* on a colleague's screen, or with a number that is on a colleague's screen;
* most tries reached;
* a number already called today by way of another row or a lead. A row's own earlier calls do not
  count, nor does this hide a callback, which is a promise;
* called as often today as the list allows, or with numbers that were all called as often as it
  allows; a callback is exempt from both;
* a colleague's callback, until it is an hour late: then somebody must keep the promise.

A claim is a lease of :data:`LEASE`, taken in one statement and renewed by work, and no part of
the journal. Every query here runs along an index: few zones are in use in a list, so the next
row is looked up for each zone that is open, and the first of them is taken. The statements are
plain SQL, measured; a session's filter is a Peewee condition that is rendered once for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tui_crm.core.calling.answer_rates import answer_rates, hour_of
from tui_crm.core.calling.plan import CALLS_OF, Rules
from tui_crm.core.lists import filter as list_filter
from tui_crm.core.privacy.do_not_call import OPEN
from tui_crm.core.session import Session
from tui_crm.core.store import rows as table_rows
from tui_crm.core.store.columns import ProspectColumns
from tui_crm.core.store.database import Store
from tui_crm.core.store.query import Query, all_rows, typed_rows
from tui_crm.core.store.tables import Prospect

LEASE = 30 * 60  # seconds
MOST_VALUES = 900  # in a statement: every build of SQLite takes 999
PATIENCE = 60 * 60  # seconds after which a colleague's callback is everybody's

_FREE = "(claimed_by IS NULL OR claimed_by = ? OR claimed_until <= ?)"
# Counted, not NOT EXISTS: that PostgreSQL turns into a join with all calls of the day, which takes
# longer with every call (measured: 13 ms after 300); the count is made for one row. And less than
# one, not equal to none: of an equality it expects that one row in two hundred passes, of two that
# hardly any does, and it then counts for every row of the list and sorts them (69 ms a claim with
# eight at work) in place of taking the first along the index.
_NOT_TODAY = (
    "(SELECT COUNT(*) FROM prospect_keys JOIN actions ON actions.number = prospect_keys.match"
    " WHERE prospect_keys.prospect_id = prospects.id AND prospect_keys.kind = 'phone'"
    " AND prospect_keys.match <> '' AND actions.at >= ? AND actions.kind = 'call'"
    " AND (actions.prospect_id IS NULL OR actions.prospect_id <> prospects.id)) < 1"
)
_NOT_OFTEN = (
    "(SELECT COUNT(*) FROM actions WHERE actions.prospect_id = prospects.id AND actions.at >= ?"
    " AND actions.kind = 'call') < ?"
)
_GOOD = (
    "EXISTS (SELECT 1 FROM prospect_keys AS good WHERE good.prospect_id = prospects.id"
    " AND good.kind = 'phone' AND good.bad = 0"
)
NOT_SPENT = (
    f"({_GOOD} AND (good.match = '' OR {CALLS_OF.format(match='good.match')} < ?)) OR NOT {_GOOD}))"
)
# The same number on a colleague's screen by way of another row, of this list or another.
_OTHERS = (
    "FROM prospect_keys AS mine JOIN prospect_keys AS other ON other.match = mine.match"
    " AND other.prospect_id <> mine.prospect_id AND other.kind = 'phone'"
    " JOIN prospects AS theirs ON theirs.id = other.prospect_id"
    " WHERE mine.kind = 'phone' AND mine.match <> ''"
    " AND theirs.claimed_by <> ? AND theirs.claimed_until > ?"
)
_NOT_SHARED = f"(SELECT COUNT(*) {_OTHERS} AND mine.prospect_id = prospects.id) < 1"
_MINE = "(owner_id IS NULL OR owner_id = ? OR due_at <= ?)"
# Adding 0 keeps SQLite at the index of the moments, which holds few rows.
_NOT_ANOTHERS = "for_id + 0 IN (0, ?)"


# -- what may be called ---------------------------------------------------------------------------


@dataclass(frozen=True)
class _Source:
    """One part of the queue: rows of a state, in order; ``where`` says which of them."""

    state: str
    where: str
    params: tuple[Any, ...]
    order: str

    def sql(
        self, rules: Rules, narrowed: tuple[str, list[Any]], but: Sequence[int]
    ) -> tuple[str, list[Any]]:
        """The condition that is true for its rows that may be called now."""
        info = rules.info
        parts = ["list_id = ?", "state = ?", self.where, _FREE]
        params: list[Any] = [info.id, self.state, *self.params, rules.me, rules.at]
        if self.state == "callback":
            parts.append(_MINE)
            params += [rules.me, rules.at - PATIENCE]
        else:
            parts.append(_NOT_TODAY)
            params.append(rules.day)
            if info.most_per_day and self.state == "retry":
                parts.append(_NOT_OFTEN)
                params += [rules.day, info.most_per_day]
            if info.most_per_number:
                parts.append(NOT_SPENT)
                params.append(info.most_per_number)
        parts.append(_NOT_SHARED)
        params += [rules.me, rules.at]
        if but:
            parts.append(f"id NOT IN ({', '.join('?' * len(but))})")
            params += but
        if narrowed[0]:
            parts.append(narrowed[0])
            params += narrowed[1]
        return " AND ".join(parts), params

    def first(
        self, rules: Rules, narrowed: tuple[str, list[Any]], but: Sequence[int], n: int
    ) -> tuple[str, list[Any]]:
        """The statement for its first ``n`` rows: what they are ordered by, and their numbers."""
        where, params = self.sql(rules, narrowed, but)
        return (
            f"SELECT {self.order}, id FROM prospects WHERE {where}"
            f" ORDER BY {self.order}, id LIMIT {n}",
            params,
        )


def _offers(
    store: Store,
    rules: Rules,
    part: Sequence[_Source],
    narrowed: tuple[str, list[Any]],
    but: Sequence[int],
    n: int = 1,
) -> list[tuple[tuple[Any, ...], _Source]]:
    """The first ``n`` rows of each source of a part, in the order of the queue: what they are
    ordered by with their numbers, and the source."""
    queries = [all_rows(sql, values) for sql, values in _first_rows(rules, part, narrowed, but, n)]
    offers = [
        (tuple(row), part[place]) for rows in store.fetch_all(*queries) for place, *row in rows
    ]
    return sorted(offers, key=lambda offer: offer[0])


def _first_rows(
    rules: Rules,
    part: Sequence[_Source],
    narrowed: tuple[str, list[Any]],
    but: Sequence[int],
    n: int = 1,
) -> list[tuple[str, list[Any]]]:
    """The statements for the first ``n`` rows of each source of a part: the place of the source in
    it, what the rows are ordered by, their numbers. There are several where one would take more
    values than a statement may."""
    found: list[tuple[str, list[Any]]] = []
    statements: list[str] = []
    values: list[Any] = []
    for place, source in enumerate(part):
        sql, params = source.first(rules, narrowed, but, n)
        if statements and len(values) + len(params) > MOST_VALUES:
            found.append((" UNION ALL ".join(statements), values))
            statements, values = [], []
        statements.append(f"SELECT {place} AS source, first.* FROM ({sql}) AS first")
        values = values + params
    return [*found, (" UNION ALL ".join(statements), values)]


@dataclass(frozen=True)
class ZoneInUse:
    """A zone of rows in a state, as the rows name it; the moment the first of them is due
    (``None``: none waits for a moment), and whether any was handed to a rep."""

    state: str
    zone: str
    first_due: int | None
    handed: bool


def zones_query(list_id: int) -> Query[list[ZoneInUse]]:
    """The zones among the rows of a list that are open, by state: a few steps along the index for
    each, however many rows there are."""
    where = "FROM prospects WHERE list_id = ? AND state ="
    starts = " UNION ALL ".join(f"SELECT '{s}', (SELECT MIN(zone) {where} '{s}')" for s in OPEN)
    return typed_rows(
        ZoneInUse,
        f"WITH RECURSIVE found(state, zone) AS ({starts} UNION ALL SELECT found.state,"
        f" (SELECT MIN(zone) {where} found.state AND prospects.zone > found.zone)"
        " FROM found WHERE found.zone IS NOT NULL)"
        " SELECT state, zone,"
        f" (SELECT MIN(due_at) {where} found.state AND prospects.zone = found.zone"
        "  AND due_at IS NOT NULL),"
        f" (SELECT MAX(for_id) {where} found.state AND prospects.zone = found.zone) > 0"
        " FROM found WHERE zone IS NOT NULL ORDER BY zone",
        [list_id] * (len(OPEN) + 3),
    )


def _sources(session: Session, rules: Rules, zones: list[ZoneInUse]) -> Iterator[list[_Source]]:
    """The parts of the queue in order, without those that have nothing for this rep; the sources
    of one part are merged by their order."""
    due = [z for z in zones if z.first_due is not None and z.first_due <= rules.at]
    if any(z.state == "callback" for z in due):
        yield [
            _Source(
                "callback",
                f"due_exact = 1 AND due_at <= ? AND {_NOT_ANOTHERS}",
                (rules.at, rules.me),
                "due_at, line",
            )
        ]
    due = [z for z in due if rules.is_open(z.zone)]
    new = [z for z in zones if z.state == "new" and rules.is_open(z.zone)]

    def waiting(state: str, more: str = "") -> list[_Source]:
        where = f"zone = ? AND due_at <= ?{more} AND {_NOT_ANOTHERS}"
        return [
            _Source(state, where, (z.zone, rules.at, rules.me), "due_at, line")
            for z in due
            if z.state == state
        ]

    def fresh() -> Iterator[list[_Source]]:
        for part in _ranked(session, rules, new):
            yield [
                _Source("new", "zone = ? AND for_id = ?", (z.zone, who), "line")
                for z in part
                for who in ((0, rules.me) if z.handed else (0,))
            ]

    yield waiting("callback", " AND due_exact = 0")
    if rules.info.new_first:
        yield from fresh()
        yield waiting("retry")
    else:
        yield waiting("retry")
        yield from fresh()


def claim_anyway(
    session: Session, rules: Rules, zones: list[ZoneInUse], query: str = ""
) -> ProspectColumns | None:
    """Take the row of a list that would be called next if its hours and its moment did not matter;
    None where there is none: what is blocked, used up, handed to a colleague, on a colleague's
    screen or was called today stays hidden."""
    narrowed = _narrowed(session.store, rules, query)
    waiting = [
        _Source(
            state,
            f"zone = ? AND due_at IS NOT NULL AND {_NOT_ANOTHERS}",
            (z.zone, rules.me),
            "due_at, line",
        )
        for state in ("callback", "retry")
        for z in zones
        if z.state == state
    ]
    new = [
        _Source("new", "zone = ? AND for_id = ?", (z.zone, who), "line")
        for z in zones
        if z.state == "new"
        for who in ((0, rules.me) if z.handed else (0,))
    ]
    order = (new, waiting) if rules.info.new_first else (waiting, new)
    found = (_take_first(session.store, rules, part, narrowed, ()) for part in order if part)
    return next((row for row in found if row is not None), None)


def _ranked(session: Session, rules: Rules, zones: list[ZoneInUse]) -> list[list[ZoneInUse]]:
    """The zones of new rows in the order in which the list calls them, those of one rank
    together: all of them, or by how many of the list answer at their hour. Everybody in a zone
    has the same hour, so that no row has to be read for this order."""
    if rules.info.order_by != "answer" or len(zones) < 2:
        return [zones]
    rates = answer_rates(session, rules.info.id)
    ranks: dict[float, list[ZoneInUse]] = {}
    for z in zones:
        ranks.setdefault(rates.rate(*hour_of(rules, z.zone, rules.at)), []).append(z)
    return [ranks[rate] for rate in sorted(ranks, reverse=True)]


def peek(
    session: Session,
    rules: Rules,
    n: int,
    query: str,
    but: Sequence[int],
    zones: list[ZoneInUse] | None = None,
) -> list[int]:
    """The next ``n`` rows in the order of the queue, without claiming any. ``zones`` are those of
    the list as they are now, where they were read already."""
    store = session.store
    narrowed = _narrowed(store, rules, query)
    found: list[int] = []
    if zones is None:
        zones = store.fetch(zones_query(rules.info.id))
    for part in _sources(session, rules, zones):
        if part:
            offers = _offers(store, rules, part, narrowed, but, n - len(found))
            found += [number for (*_order, number), _source in offers][: n - len(found)]
        if len(found) >= n:
            break
    return found


def _narrowed(store: Store, rules: Rules, query: str) -> tuple[str, list[Any]]:
    """The condition of a session's filter as SQL with its parameters, rendered once for all the
    statements of a claim; empty for a filter that excludes nothing."""
    condition = list_filter.condition(store, rules.info, query) if query else None
    return ("", []) if condition is None else store.render(condition)


# -- claims ---------------------------------------------------------------------------------------


def claim_next(
    session: Session, rules: Rules, zones: list[ZoneInUse], query: str = "", but: Sequence[int] = ()
) -> ProspectColumns | None:
    """Take the next row of a list for this rep; the row, or ``None`` when nothing may be
    called now. ``zones`` are those of the list as they are now, ``but`` rows to pass over."""
    store = session.store
    narrowed = _narrowed(store, rules, query)
    but = list(but)
    for part in _sources(session, rules, zones):
        while part:
            row = _take_first(store, rules, part, narrowed, but)
            if row is None:
                break
            if store.is_single_writer or not _was_overtaken(store, rules, row):
                return row
            # Two reps took two rows with one number in the same instant: both step back, or the
            # slower one, when the other has called it already.
            release(session, row["id"])
            but.append(row["id"])
    return None


def _take_first(
    store: Store,
    rules: Rules,
    part: list[_Source],
    narrowed: tuple[str, list[Any]],
    but: Sequence[int],
) -> ProspectColumns | None:
    """Claim the first row of all that these sources offer."""
    sources = part
    if len(part) > 1:
        (sql, values), *others = _first_rows(rules, part, narrowed, but)
        if not others:
            order = part[0].order
            row = _claim(
                store,
                rules,
                part[0].state,
                f"SELECT id FROM ({sql}) AS offers ORDER BY {order}, id LIMIT 1",
                values,
            )
            if row is not None or store.is_single_writer:
                return row
        # Somebody was faster, or the sources are many: the first of any that has not run dry.
        sources = [source for _row, source in _offers(store, rules, part, narrowed, but)]
    for source in sources:
        where, params = source.sql(rules, narrowed, but)
        first = (
            f"SELECT id FROM prospects WHERE {where} ORDER BY {source.order}, id LIMIT 1"
            f" {store.skip_locked()}"
        )
        if row := _claim(store, rules, source.state, first, params):
            return row
    return None


def _claim(
    store: Store, rules: Rules, state: str, first: str, params: Sequence[Any]
) -> ProspectColumns | None:
    """One atomic statement: claims the row of a state whose number the query ``first`` finds. The
    condition is inside, where the row is found, and outside, where it must still hold; measured:
    without the lock clause PostgreSQL hands out rows twice."""
    found = store.rows(
        f"UPDATE prospects SET claimed_by = ?, claimed_until = ? WHERE id = ({first})"
        f" AND state = ? AND {_FREE} RETURNING {', '.join(table_rows.columns(Prospect))}",
        [rules.me, rules.at + LEASE, *params, state, rules.me, rules.at],
    )
    return table_rows.row_of(Prospect, found[0]) if found else None


def _was_overtaken(store: Store, rules: Rules, row: ProspectColumns) -> bool:
    """Whether a number of a row that was just claimed is on a colleague's screen by way of another
    row, or was called that way, since the claim began to look."""
    conditions, values = [_NOT_SHARED], [rules.me, rules.at]
    if row["state"] != "callback":
        conditions.append(_NOT_TODAY)
        values.append(rules.day)
    free = store.value(
        f"SELECT 1 FROM prospects WHERE id = ? AND {' AND '.join(conditions)}", (row["id"], *values)
    )
    return free is None


def is_number_in_use(session: Session, prospect_id: int) -> bool:
    """Whether a number of this row is on a colleague's screen by way of another row."""
    return bool(
        session.store.rows(
            f"SELECT 1 {_OTHERS} AND mine.prospect_id = ? LIMIT 1",
            (session.user_id, int(session.now.timestamp()), prospect_id),
        )
    )


def claim(session: Session, prospect_id: int) -> bool:
    """Take this very row, or renew the lease on it; whether it is this rep's now."""
    at = int(session.now.timestamp())
    return bool(
        session.store.execute(
            f"UPDATE prospects SET claimed_by = ?, claimed_until = ? WHERE id = ? AND {_FREE}",
            (session.user_id, at + LEASE, prospect_id, session.user_id, at),
        )
    )


def release(session: Session, prospect_id: int) -> None:
    """Give a row back to the queue."""
    session.store.execute(
        "UPDATE prospects SET claimed_by = NULL, claimed_until = NULL"
        " WHERE id = ? AND claimed_by = ?",
        (prospect_id, session.user_id),
    )


def holder(session: Session, prospect_id: int) -> str | None:
    """The colleague who has the row on screen, by name, or ``None``."""
    found = session.store.value(
        "SELECT users.name FROM prospects JOIN users ON users.id = claimed_by"
        " WHERE prospects.id = ? AND claimed_by <> ? AND claimed_until > ?",
        (prospect_id, session.user_id, int(session.now.timestamp())),
    )
    return str(found) if found else None
