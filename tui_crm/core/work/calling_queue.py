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
the journal. Every question here runs along an index: few zones are in use in a list, so the next
row is looked up for each zone that is open, and the first of them is taken.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tui_crm.core.store.database import Store
from tui_crm.core.work.calling_answers import answer_rates, hour_of
from tui_crm.core.work.calling_plan import (
    CALLS_OF,
    Rules,
    after,
    day_start,
    follow,
    most_tries,
    rules_of,
)
from tui_crm.core.work.list_filter import narrowing
from tui_crm.core.work.team import Session

__all__ = (
    "LEASE", "NOT_SPENT", "OPEN", "PATIENCE", "Rules", "after", "claim", "claim_next", "day_start",
    "follow", "holder", "most_tries", "narrowing", "peek", "position", "release", "rules_of", "shared",
    "skipped", "zones_in",
)  # fmt: skip

LEASE = 30 * 60  # seconds
PATIENCE = 60 * 60  # seconds after which a colleague's callback is everybody's
OPEN = ("new", "retry", "callback")

_FREE = "(claimed_by IS NULL OR claimed_by = ? OR claimed_until <= ?)"
# Counted, where "not exists" would say it: that PostgreSQL turns into a join with all calls of the
# day, which takes longer with every call (measured: 13 ms after 300); this asks of one row.
_NOT_TODAY = (
    "(SELECT COUNT(*) FROM prospect_keys JOIN actions ON actions.number = prospect_keys.match"
    " WHERE prospect_keys.prospect_id = prospects.id AND prospect_keys.kind = 'phone'"
    " AND prospect_keys.match <> '' AND actions.at >= ? AND actions.kind = 'call'"
    " AND (actions.prospect_id IS NULL OR actions.prospect_id <> prospects.id)) = 0"
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
_NOT_SHARED = f"(SELECT COUNT(*) {_OTHERS} AND mine.prospect_id = prospects.id) = 0"
_MINE = "(owner_id IS NULL OR owner_id = ? OR due_at <= ?)"
# The sign of no effect keeps SQLite at the index of the moments, where few rows stand.
_NOT_ANOTHERS = "for_id + 0 IN (0, ?)"


# -- what may be called ---------------------------------------------------------------------------


@dataclass(frozen=True)
class _Source:
    """One part of the queue: rows of a state, in order; ``where`` says which of them."""

    state: str
    where: str
    params: tuple[Any, ...]
    order: str

    def sql(self, rules: Rules, narrowed: tuple[str, list[Any]], but: Sequence[int]) -> tuple[
        str, list[Any]
    ]:
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


def zones_in(store: Store, list_id: int, state: str) -> list[str]:
    """The zones among the rows of a state, as the rows name them: one step along the index for
    each, however many rows there are."""
    where = "FROM prospects WHERE list_id = ? AND state = ?"
    return [
        row[0]
        for row in store.rows(
            f"WITH RECURSIVE found(zone) AS (SELECT MIN(zone) {where}"
            f" UNION ALL SELECT (SELECT MIN(zone) {where} AND prospects.zone > found.zone)"
            " FROM found WHERE found.zone IS NOT NULL)"
            " SELECT zone FROM found WHERE zone IS NOT NULL",
            (list_id, state, list_id, state),
        )
    ]


def _sources(session: Session, rules: Rules) -> list[list[_Source]]:
    """The queue's parts in order; the sources of one part are merged by their order."""

    def open_zones(state: str) -> list[str]:
        zones = zones_in(session.store, rules.info.id, state)
        return [zone for zone in zones if rules.is_open(zone)]

    def due(state: str, more: str = "") -> list[_Source]:
        where = f"zone = ? AND due_at <= ?{more} AND {_NOT_ANOTHERS}"
        return [
            _Source(state, where, (zone, rules.at, rules.me), "due_at, line")
            for zone in open_zones(state)
        ]

    def new(zones: list[str]) -> list[_Source]:
        return [
            _Source("new", "zone = ? AND for_id = ?", (zone, who), "line")
            for zone in zones
            for who in (0, rules.me)
        ]

    exact = _Source(
        "callback", f"due_exact = 1 AND due_at <= ? AND {_NOT_ANOTHERS}", (rules.at, rules.me),
        "due_at, line",
    )  # fmt: skip
    fresh = [new(zones) for zones in _ranked(session, rules, open_zones("new"))]
    retries = due("retry")
    later = [*fresh, retries] if rules.info.new_first else [retries, *fresh]
    return [[exact], due("callback", " AND due_exact = 0"), *later]


def _ranked(session: Session, rules: Rules, zones: list[str]) -> list[list[str]]:
    """The zones of new rows in the order in which the list calls them, those of one rank
    together: all of them, or by how many of the list answer at their hour. Everybody in a zone
    has the same hour, so that this order costs no look at the rows."""
    if rules.info.order_by != "answer" or len(zones) < 2:
        return [zones]
    rates = answer_rates(session, rules.info.id)
    ranks: dict[float, list[str]] = {}
    for zone in zones:
        ranks.setdefault(rates.rate(*hour_of(rules, zone, rules.at)), []).append(zone)
    return [ranks[rate] for rate in sorted(ranks, reverse=True)]


def peek(session: Session, rules: Rules, n: int, query: str, but: Sequence[int]) -> list[int]:
    """The next ``n`` rows in the order of the queue, without claiming any."""
    store = session.store
    narrowed = narrowing(store, rules.info, query)
    found: list[int] = []
    for part in _sources(session, rules):
        rows: list[tuple[Any, ...]] = []
        for source in part:
            where, params = source.sql(rules, narrowed, but)
            rows += store.rows(
                f"SELECT {source.order}, id FROM prospects WHERE {where}"
                f" ORDER BY {source.order}, id LIMIT {n - len(found)}",
                params,
            )
        found += [row[-1] for row in sorted(rows)][: n - len(found)]
        if len(found) >= n:
            break
    return found


# -- claims ---------------------------------------------------------------------------------------


def claim_next(
    session: Session, rules: Rules, query: str = "", but: Sequence[int] = ()
) -> int | None:
    """Take the next row of a list for this rep; its number, or ``None`` when nothing may be
    called now. ``but`` are rows to pass over."""
    store = session.store
    narrowed = narrowing(store, rules.info, query)
    but = list(but)
    for part in _sources(session, rules):
        while sources := _by_first(store, rules, part, narrowed, but):
            # A source may have run dry in between: then the next one.
            claims = (_claim(store, rules, source, narrowed, but) for source in sources)
            row = next((row for row in claims if row is not None), None)
            if row is None:
                break
            if not shared(session, row):
                return row
            # Two reps took two rows with one number in the same instant: both step back.
            release(session, row)
            but.append(row)
    return None


def _by_first(
    store: Store, rules: Rules, part: list[_Source], narrowed: tuple[str, list[Any]],
    but: Sequence[int],
) -> list[_Source]:  # fmt: skip
    """The sources that have a row to offer, the one with the first row of all in front."""
    offers: list[tuple[tuple[Any, ...], int]] = []
    for place, source in enumerate(part):
        where, params = source.sql(rules, narrowed, but)
        rows = store.rows(
            f"SELECT {source.order}, id FROM prospects WHERE {where}"
            f" ORDER BY {source.order}, id LIMIT 1",
            params,
        )
        if rows:
            offers.append((rows[0], place))
    return [part[place] for _row, place in sorted(offers)]


def _claim(
    store: Store, rules: Rules, source: _Source, narrowed: tuple[str, list[Any]],
    but: Sequence[int],
) -> int | None:  # fmt: skip
    """One atomic statement. The condition stands inside, where it is found, and outside, where it
    must still hold; measured: without the lock clause PostgreSQL hands out rows twice."""
    where, params = source.sql(rules, narrowed, but)
    found = store.rows(
        "UPDATE prospects SET claimed_by = ?, claimed_until = ? WHERE id = ("
        f"SELECT id FROM prospects WHERE {where} ORDER BY {source.order}, id LIMIT 1"
        f" {store.skip_locked()}) AND state = ? AND {_FREE} RETURNING id",
        [rules.me, rules.at + LEASE, *params, source.state, rules.me, rules.at],
    )
    return int(found[0][0]) if found else None


def shared(session: Session, prospect_id: int) -> bool:
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


# -- where a row stands in its list ---------------------------------------------------------------

MOVES = (
    "lists.add_rows", "list_acts.split", "list_merge.merge", "prospects_in.bring_in",
    "prospects_update.bring_in",
)  # fmt: skip
"""The operations by which rows come into a list, leave it, or stand elsewhere in it."""
_BACK = 1000  # entries looked back at: a long import takes its number before it is in
_FAR = 5000  # entries after which the look begins further on


@dataclass
class _Anchors:
    """What was counted of a list, and as of when: its last row, and the moves that the journal
    has behind the entry ``since``."""

    last: int
    since: int
    moves: tuple[int, int]
    total: int
    places: dict[int, int]


_anchors: dict[tuple[str, int], _Anchors] = {}


def _moves(store: Store, since: int) -> tuple[int, int]:
    """How many moves of rows, of any list, stand in the journal behind an entry, their undoing and
    redoing among them, and the newest. An undo names what it takes back, a redo the undo."""
    marks = ", ".join("?" * len(MOVES))
    count, newest = store.rows(
        "SELECT COUNT(*), COALESCE(MAX(did.id), 0) FROM entries AS did"
        " LEFT JOIN entries AS back ON back.id = did.undoes"
        " LEFT JOIN entries AS first ON first.id = back.undoes"
        f" WHERE did.id > ? AND (did.op IN ({marks}) OR back.op IN ({marks})"
        f" OR first.op IN ({marks}))",
        (since, *MOVES, *MOVES, *MOVES),
    )[0]
    return int(count), int(newest)


def _counted(store: Store, list_id: int) -> _Anchors:
    """What is known of a list, counted anew where rows may have moved since."""
    ends = store.rows(
        "SELECT id FROM prospects WHERE list_id = ? ORDER BY line DESC, id DESC LIMIT 1",
        (list_id,),
    )
    last, entry = int(ends[0][0]) if ends else 0, store.last_entry()
    known = _anchors.get((store.url, list_id))
    if known is not None and known.last == last and known.moves == _moves(store, known.since):
        if entry - known.since > _FAR:
            known.since = entry - _BACK
            known.moves = _moves(store, known.since)
        return known
    since = max(entry - _BACK, 0)
    moves = _moves(store, since)
    total = store.value("SELECT COUNT(*) FROM prospects WHERE list_id = ?", (list_id,))
    known = _anchors[store.url, list_id] = _Anchors(last, since, moves, int(total), {0: 0})
    return known


def position(store: Store, list_id: int, line: int) -> tuple[int, int]:
    """Which row of its list a line is, from 1, and how many rows there are.

    Counting a million rows takes longer than everything else on the card, so what was counted is
    remembered and only the rows since the nearest known line are counted. The journal tells when
    rows came, went or moved, and then all of it is counted anew."""
    known = _counted(store, list_id)
    total, places = known.total, known.places
    near = max(n for n in places if n <= line)
    if near != line:
        between = store.value(
            "SELECT COUNT(*) FROM prospects WHERE list_id = ? AND line > ? AND line <= ?",
            (list_id, near, line),
        )
        if len(places) > 2000:
            for n in list(itertools.islice(places, 1, 1000)):
                del places[n]
        places[line] = places[near] + int(between)
    return places[line], total


def skipped(row: dict[str, Any]) -> list[int]:
    """The rows stepped over in a calling session, as its seat keeps them."""
    return [int(n) for n in json.loads(row["skipped"] or "[]")]
