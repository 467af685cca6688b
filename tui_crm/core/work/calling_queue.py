"""Who is called next, and who has it: the queue of a prospect list, and its claims.

The order: callbacks due, agreed times first; retries due; new rows in the order of the list (or
the new ones first, where the list says so). Not offered, but counted with the reason:

* outside the calling window of the prospect's own zone. A callback with an agreed time is the one
  exception: the prospect chose the moment;
* on the do-not-call list;
* on a colleague's screen, or with a number that is on a colleague's screen;
* most tries reached;
* a number already called today by way of another row or a lead. A row's own earlier calls do not
  count, nor does this hide a callback, which is a promise;
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
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from tui_crm.core.store.database import Store
from tui_crm.core.text import key
from tui_crm.core.work import calling_rules, lists
from tui_crm.core.work.outcomes import OutcomeRow
from tui_crm.core.work.team import Session

LEASE = 30 * 60  # seconds
PATIENCE = 60 * 60  # seconds after which a colleague's callback is everybody's
OPEN = ("new", "retry", "callback")

_FREE = "(claimed_by IS NULL OR claimed_by = ? OR claimed_until <= ?)"
_NOT_TODAY = (
    "NOT EXISTS (SELECT 1 FROM prospect_keys JOIN actions ON actions.number = prospect_keys.match"
    " WHERE prospect_keys.prospect_id = prospects.id AND prospect_keys.kind = 'phone'"
    " AND prospect_keys.match <> '' AND actions.at >= ? AND actions.kind = 'call'"
    " AND (actions.prospect_id IS NULL OR actions.prospect_id <> prospects.id))"
)
# The same number on a colleague's screen by way of another row, of this list or another.
_OTHERS = (
    "FROM prospect_keys AS mine JOIN prospect_keys AS other ON other.match = mine.match"
    " AND other.prospect_id <> mine.prospect_id AND other.kind = 'phone'"
    " JOIN prospects AS theirs ON theirs.id = other.prospect_id"
    " WHERE mine.kind = 'phone' AND mine.match <> ''"
    " AND theirs.claimed_by <> ? AND theirs.claimed_until > ?"
)
_NOT_SHARED = f"NOT EXISTS (SELECT 1 {_OTHERS} AND mine.prospect_id = prospects.id)"
_MINE = "(owner_id IS NULL OR owner_id = ? OR due_at <= ?)"


@dataclass(frozen=True)
class Rules:
    """The rules of one list at one moment (``at``, epoch seconds UTC) for one rep."""

    info: lists.ProspectListInfo
    win: calling_rules.Window
    fallback: ZoneInfo
    at: int
    day: int  # the beginning of the rep's day
    me: int

    def zone(self, name: str) -> ZoneInfo:
        """The zone of a row that says ``name``; unknown is the list's, else the rep's."""
        return calling_rules.zone_named(name) or self.fallback

    def is_open(self, name: str) -> bool:
        return calling_rules.is_open(self.win, self.zone(name), self.at)


def rules_of(session: Session, list_id: int) -> Rules:
    """The rules of a list as they are now. Raises NotFound."""
    info, house = lists.get(session, list_id), session.house
    now = session.now
    return Rules(
        info,
        calling_rules.window(
            info.call_from or house.call_from, info.call_until or house.call_until,
            info.call_days or house.call_days,
        ),
        calling_rules.zone_named(info.zone) or session.zone,
        int(now.timestamp()), day_start(session), session.user_id,
    )  # fmt: skip


def day_start(session: Session) -> int:
    """The instant at which the rep's day began."""
    return int(datetime.combine(session.today, time(), session.zone).timestamp())


# -- what may be called ---------------------------------------------------------------------------


@dataclass(frozen=True)
class _Source:
    """One part of the queue: rows of a state in a zone (``None``: in any), in order."""

    state: str
    where: str
    params: tuple[Any, ...]
    order: str

    def sql(self, rules: Rules, narrowed: tuple[str, list[Any]], but: Sequence[int]) -> tuple[
        str, list[Any]
    ]:
        """The condition that is true for its rows that may be called now."""
        parts = ["list_id = ?", "state = ?", self.where, _FREE]
        params: list[Any] = [rules.info.id, self.state, *self.params, rules.me, rules.at]
        if self.state == "callback":
            parts.append(_MINE)
            params += [rules.me, rules.at - PATIENCE]
        else:
            parts.append(_NOT_TODAY)
            params.append(rules.day)
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
    """The zones among the rows of a state: one step along the index for each, however many rows
    there are."""
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


def _sources(store: Store, rules: Rules) -> list[list[_Source]]:
    """The queue's parts in order; the sources of one part are merged by their order."""

    def by_zone(state: str, where: str, params: tuple[Any, ...], order: str) -> list[_Source]:
        return [
            _Source(state, f"zone = ? AND {where}", (zone, *params), order)
            for zone in zones_in(store, rules.info.id, state)
            if rules.is_open(zone)
        ]

    exact = [_Source("callback", "due_exact = 1 AND due_at <= ?", (rules.at,), "due_at, line")]
    of_the_day = by_zone("callback", "due_exact = 0 AND due_at <= ?", (rules.at,), "due_at, line")
    retries = by_zone("retry", "due_at <= ?", (rules.at,), "due_at, line")
    new = by_zone("new", "1 = 1", (), "line")
    return [exact, of_the_day, *([new, retries] if rules.info.new_first else [retries, new])]


def narrowing(query: str) -> tuple[str, list[Any]]:
    """SQL that is true for the rows a filter asks for, and its parameters.

    Every word must occur somewhere in the row's cells, names or note, case aside;
    ``city:Bilbao`` looks in that field alone (name, company, role, city, country, zone, note).
    """
    parts: list[str] = []
    params: list[Any] = []
    for word in query.split():
        label, colon, value = word.partition(":")
        columns = {key(c): c for c in (*lists.VALUES, "zone", "note")}
        column = columns.get(key(label)) if colon and value else None
        like = "%" + "".join(_like(c) for c in (value if column else word)) + "%"
        within = [column] if column else ["cells", "name", "company", "city", "note"]
        parts.append("(" + " OR ".join(f"lower({c}) LIKE ? ESCAPE '!'" for c in within) + ")")
        params += [like] * len(within)
    return " AND ".join(parts), params


def _like(character: str) -> str:
    """A character in a LIKE pattern. Beyond ASCII the engines fold case differently: there any
    character matches."""
    if not character.isascii():
        return "_"
    return f"!{character}" if character in "%_!" else character.lower()


def peek(session: Session, rules: Rules, n: int, query: str, but: Sequence[int]) -> list[int]:
    """The next ``n`` rows in the order of the queue, without claiming any."""
    store, narrowed = session.store, narrowing(query)
    found: list[int] = []
    for part in _sources(store, rules):
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


def claim_next(session: Session, list_id: int, query: str = "", but: Sequence[int] = ()) -> int | None:
    """Take the next row of a list for this rep; its number, or ``None`` when nothing may be
    called now. ``but`` are rows to pass over."""
    rules, store, narrowed = rules_of(session, list_id), session.store, narrowing(query)
    but = list(but)
    for part in _sources(store, rules):
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


# -- where a row goes after an outcome ------------------------------------------------------------


def after(
    rules: Rules, zone: str, tries: int, outcome: OutcomeRow, at: int
) -> tuple[str, int | None]:
    """State and next moment of a row in ``zone`` whose call number ``tries`` ended in
    ``outcome`` at ``at``. A row whose tries are used up is ``done`` with the moment of the last:
    so it is told from one that said no."""
    if outcome.blocks:
        return "blocked", None
    if outcome.asks == "lead":
        return "lead", None
    if outcome.ends_row or not outcome.retry:
        return "done", None
    most = most_tries(rules, outcome)
    if most and tries >= most:
        return "done", at
    return "retry", calling_rules.retry_at(outcome.retry, rules.win, rules.zone(zone), at)


def most_tries(rules: Rules, outcome: OutcomeRow) -> int:
    """How often a row is called at most, 0 for no limit: the list's own rule before the
    outcome's."""
    return rules.info.most_tries or outcome.most_tries


# -- where a row stands in its list ---------------------------------------------------------------

_anchors: dict[tuple[str, int], tuple[int, int, dict[int, int]]] = {}


def position(store: Store, list_id: int, line: int) -> tuple[int, int]:
    """Which row of its list a line is, from 1, and how many rows there are.

    Counting a million rows takes longer than everything else on the card, so what was counted is
    remembered and only the rows since the nearest known line are counted. Rows come and go by
    whole imports, whose lines follow the earlier ones: the last row tells."""
    ends = store.rows(
        "SELECT id FROM prospects WHERE list_id = ? ORDER BY line DESC, id DESC LIMIT 1",
        (list_id,),
    )
    last = int(ends[0][0]) if ends else 0
    known = _anchors.get((store.url, list_id))
    if known is None or known[0] != last:
        total = store.value("SELECT COUNT(*) FROM prospects WHERE list_id = ?", (list_id,))
        known = _anchors[store.url, list_id] = (last, int(total), {0: 0})
    _last, total, places = known
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
