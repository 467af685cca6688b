"""What of a prospect list may be called now, what waits, what is hidden and why: every row of the
list in exactly one place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from tui_crm.core.calling import plan as calling_plan, queue as calling_queue
from tui_crm.core.calling.plan import Rules
from tui_crm.core.calling.queue import PATIENCE, ZoneInUse
from tui_crm.core.lists import lists, rules as calling_rules
from tui_crm.core.privacy.do_not_call import OPEN
from tui_crm.core.session import Session
from tui_crm.core.store.database import Store
from tui_crm.core.store.query import all_rows, row_reader
from tui_crm.core.text import _

CHUNK = 400


@dataclass(frozen=True)
class HiddenRows:
    """So many rows are not offered. ``why`` is ``handed``, ``hours``, ``blocked``,
    ``colleague``, ``tries``, ``today``, ``day``, ``number`` or ``promised``; ``who`` the
    colleague where there is one. A row with several reasons is counted for one of them."""

    why: str
    count: int
    who: str = ""

    @property
    def words(self) -> str:
        """The reason in a word or two."""
        return {
            "hours": _("outside hours"),
            "blocked": _("blocked"),
            "colleague": self.who,
            "tries": _("most tries reached"),
            "today": _("called today"),
            "promised": _("callback of {who}").format(who=self.who),
            "handed": _("handed to {who}").format(who=self.who),
            "day": _("called often enough today"),
            "number": _("number called often enough"),
        }[self.why]


@dataclass(frozen=True)
class RowCounts:
    """Every row of a list in one place: ``rows`` is the sum of ``callable_now, later, done,
    leads`` and all of ``hidden``. ``later`` are callbacks and retries whose moment has not come;
    ``next_at`` the first moment at which another row may be called (epoch seconds UTC)."""

    rows: int
    callable_now: int
    later: int
    done: int
    leads: int
    hidden: tuple[HiddenRows, ...]
    next_at: int | None


def count_rows(session: Session, list_id: int) -> RowCounts:
    """Count a list by what can be done with its rows now. Raises NotFound."""
    rules, zones = session.store.fetch_all(
        calling_plan.rules_query(session, list_id), calling_queue.zones_query(list_id)
    )
    return count(session.store, rules, zones)


def count(store: Store, rules: Rules, zones: Sequence[ZoneInUse]) -> RowCounts:
    """:func:`count_rows`, with the rules of the list and the zones in use in it as they are now."""
    due, states, out_of_tries = _count_due(store, rules, zones)
    hidden: dict[tuple[str, str], int] = {}
    moments: list[int] = []
    for handed in _handed(store, rules, zones):
        due[handed.state, handed.zone, handed.exact] -= handed.rows
        hidden["handed", handed.who] = hidden.get(("handed", handed.who), 0) + handed.rows
    for row in _hidden_rows(store, rules):
        if row.state != "new" and row.due_at > rules.at:
            continue
        due[row.state, row.zone, row.exact] -= 1
        hidden[row.why, row.who] = hidden.get((row.why, row.who), 0) + 1
        if row.until is not None:
            moments.append(row.until)
    callable_now = 0
    for (_state, zone, exact), n in due.items():
        if exact or rules.is_open(zone):
            callable_now += n
        elif n:
            hidden["hours", ""] = hidden.get(("hours", ""), 0) + n
            moments.append(_opens(rules, zone, rules.at))
    all_due = sum(due.values()) + sum(n for (why, _who), n in hidden.items() if why != "hours")
    later = sum(states[state] for state in OPEN) - all_due
    moments += _first_later(store, rules, zones) if later else []
    for why, n in (("blocked", states["blocked"]), ("tries", out_of_tries)):
        if n:
            hidden[why, ""] = n
    by_count = sorted(hidden.items(), key=lambda item: -item[1])
    return RowCounts(
        rows=sum(states.values()),
        callable_now=callable_now,
        later=later,
        done=states["done"] - out_of_tries,
        leads=states["lead"],
        hidden=tuple(HiddenRows(why, n, who) for (why, who), n in by_count),
        next_at=min(moments, default=None),
    )


Due = dict[tuple[str, str, bool], int]
"""How many rows are due, by state, zone, and whether at an agreed time."""


def _count_due(
    store: Store, rules: Rules, zones: Sequence[ZoneInUse]
) -> tuple[Due, dict[str, int], int]:
    """The rows that are due now, how many rows are in each state at all, and how many of those
    that are done had used up their tries."""
    list_id = rules.info.id
    new = [z.zone for z in zones if z.state == "new"]
    # The new rows are many: they are counted once, by zone, and not grouped, which takes three
    # times as long.
    of_zone = ", (SELECT COUNT(*) FROM prospects WHERE list_id = ? AND state = 'new' AND zone = ?)"
    (counts,), states, waiting = store.fetch_all(
        all_rows(
            "SELECT (SELECT COUNT(*) FROM prospects WHERE list_id = ? AND state = 'done'"
            f" AND due_at IS NOT NULL){of_zone * len(new)}",
            (list_id, *(value for zone in new for value in (list_id, zone))),
        ),
        lists.by_state_query(list_id, [s for s in lists.STATES if s != "new"]),
        all_rows(
            "SELECT state, zone, 0, COUNT(*) FROM prospects WHERE list_id = ? AND state = 'retry'"
            " AND due_at <= ? GROUP BY state, zone UNION ALL SELECT state, zone, due_exact,"
            " COUNT(*) FROM prospects WHERE list_id = ? AND state = 'callback' AND due_at <= ?"
            " GROUP BY state, zone, due_exact",
            (list_id, rules.at) * 2,
        ),
    )
    out_of_tries, *by_zone = map(int, counts)
    due: Due = {("new", zone, False): n for zone, n in zip(new, by_zone, strict=True)}
    due |= {(state, zone, bool(exact)): int(n) for state, zone, exact, n in waiting}
    return due, states | {"new": sum(by_zone)}, out_of_tries


# -- what is hidden, and why ----------------------------------------------------------------------


class _Handed(NamedTuple):
    """So many rows that could be called now are a colleague's."""

    state: str
    zone: str
    exact: bool  # at an agreed time
    who: str
    rows: int


def _handed(store: Store, rules: Rules, zones: Sequence[ZoneInUse]) -> list[_Handed]:
    handed: list[_Handed] = []
    with_handed = [z for z in zones if z.handed]
    names = dict(store.rows("SELECT id, name FROM users")) if with_handed else {}
    for z in with_handed:
        here = (rules.info.id, z.state, z.zone)
        now = " AND due_at <= ?" if z.state != "new" else ""
        exact, group = (
            ("due_exact", "for_id, due_exact") if z.state == "callback" else ("0", "for_id")
        )
        handed += [
            _Handed(z.state, z.zone, bool(is_exact), str(names.get(who, "?")), int(n))
            for who, is_exact, n in store.rows(
                f"SELECT for_id, {exact}, COUNT(*) FROM prospects WHERE list_id = ? AND state = ?"
                f" AND zone = ? AND for_id > 0{now} GROUP BY {group}",
                here if z.state == "new" else (*here, rules.at),
            )
            if who != rules.me
        ]
    return handed


class _HiddenRow(NamedTuple):
    """A row that is not offered, and why."""

    state: str
    zone: str
    exact: bool  # at an agreed time
    due_at: int
    why: str
    who: str
    until: int | None  # the moment at which the reason is gone, where there is one


class _Row(NamedTuple):
    """What decides whether a row is offered (:data:`_COLUMNS`), the colleague who keeps it from the
    rep and until when, and the number that was compared, where there are any."""

    id: int
    state: str
    zone: str
    exact: bool
    due_at: int | None
    who: str = ""
    until: int | None = None
    match: str = ""


_COLUMNS = "prospects.id, prospects.state, prospects.zone, prospects.due_exact, prospects.due_at"


def _hidden_rows(store: Store, rules: Rules) -> Iterator[_HiddenRow]:
    """The rows that are hidden one by one, each once with its first reason: few at any time."""
    seen: set[int] = set()
    tomorrow = calling_rules.next_midnight(rules.home, rules.at)
    for why, row in _candidates(store, rules):
        until = row.until
        if why in ("today", "day"):
            until = _opens(rules, row.zone, tomorrow)
        # Outside the window is the reason before called today and a promise: it is true of the
        # row whoever calls.
        exact = row.exact and row.state == "callback"
        shut = not exact and not rules.is_open(row.zone)
        if row.id in seen or (shut and why != "colleague"):
            continue
        seen.add(row.id)
        yield _HiddenRow(
            state=row.state,
            zone=row.zone,
            exact=exact,
            due_at=row.due_at or 0,
            why=why,
            who=row.who,
            until=until,
        )


def _candidates(store: Store, rules: Rules) -> Iterator[tuple[str, _Row]]:
    """Rows with a reason to be hidden, the strongest reason first; a row may come several times.

    CROSS JOIN keeps SQLite to the written order, from the few claims to their rows;
    left alone it walks through all numbers there are (measured)."""
    in_list = _in_list(rules)
    parts: tuple[tuple[str, str, tuple[int, ...]], ...] = (
        (
            "colleague",
            f"SELECT {_COLUMNS}, users.name, prospects.claimed_until FROM prospects"
            " JOIN users ON users.id = claimed_by WHERE claimed_by > 0 AND claimed_by <> ?"
            f" AND claimed_until > ? AND {in_list}",
            (rules.me, rules.at, rules.info.id),
        ),
        (
            "colleague",
            f"SELECT {_COLUMNS}, users.name, theirs.claimed_until FROM prospects AS theirs"
            " CROSS JOIN users CROSS JOIN prospect_keys AS other CROSS JOIN prospect_keys AS mine"
            " CROSS JOIN prospects WHERE users.id = theirs.claimed_by"
            " AND other.prospect_id = theirs.id AND mine.match = other.match"
            " AND prospects.id = mine.prospect_id"
            " AND theirs.claimed_by > 0 AND theirs.claimed_by <> ? AND theirs.claimed_until > ?"
            " AND other.kind = 'phone' AND mine.kind = 'phone' AND mine.match <> ''"
            f" AND prospects.id <> theirs.id AND {in_list}",
            (rules.me, rules.at, rules.info.id),
        ),
        (
            "promised",
            f"SELECT {_COLUMNS}, users.name, due_at + {PATIENCE} FROM prospects"
            " JOIN users ON users.id = owner_id WHERE prospects.list_id = ?"
            " AND state = 'callback' AND due_at <= ? AND due_at > ? AND owner_id <> ?"
            " AND for_id + 0 IN (0, ?)",
            (rules.info.id, rules.at, rules.at - PATIENCE, rules.me, rules.me),
        ),
    )
    sqls = (f"SELECT {n}, part.* FROM ({sql}) AS part" for n, (_why, sql, _p) in enumerate(parts))
    read = row_reader(_Row)
    for n, *row in sorted(
        store.rows(" UNION ALL ".join(sqls), [value for *_sql, p in parts for value in p]),
        key=lambda row: int(row[0]),
    ):
        yield parts[n][0], read(row)
    yield from (("today", row) for row in _called_today(store, rules))
    if rules.info.most_per_day:
        yield from (("day", row) for row in _called_often(store, rules))
    if rules.info.most_per_number:
        yield from (("number", row) for row in _out_of_numbers(store, rules))


def _in_list(rules: Rules) -> str:
    """The condition on an open row of the list (its number is the next parameter) that is not a
    colleague's. Adding 0 or '' keeps both engines from starting at the rows of the list."""
    return (
        "prospects.list_id + 0 = ? AND prospects.state || '' IN ('new', 'retry', 'callback')"
        f" AND prospects.for_id + 0 IN (0, {int(rules.me)})"
    )


def _opens(rules: Rules, zone: str, at: int) -> int:
    return calling_rules.next_open(rules.win, rules.zones(zone), at)


def _chunks(values: Sequence[Any], size: int = CHUNK) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _called_often(store: Store, rules: Rules) -> Iterable[_Row]:
    """The retries of the list that were called as often today as it allows."""
    found = store.rows(
        "SELECT prospect_id FROM actions WHERE at >= ? AND kind = 'call'"
        " AND prospect_id IS NOT NULL GROUP BY prospect_id HAVING COUNT(*) >= ?",
        (rules.day, rules.info.most_per_day),
    )
    for part in _chunks([number for (number,) in found]):
        yield from store.read(
            _Row,
            f"SELECT {_COLUMNS} FROM prospects WHERE id IN ({', '.join('?' * len(part))})"
            f" AND {_in_list(rules)} AND prospects.state || '' = 'retry'",
            (*part, rules.info.id),
        )


def _out_of_numbers(store: Store, rules: Rules) -> Iterable[_Row]:
    """The rows of the list whose good numbers were all called as often as it allows."""
    found = store.rows(
        "SELECT number FROM actions WHERE number <> '' GROUP BY number HAVING COUNT(*) >= ?",
        (rules.info.most_per_number,),
    )
    for part in _chunks([number for (number,) in found]):
        yield from store.read(
            _Row,
            f"SELECT DISTINCT {_COLUMNS} FROM prospect_keys"
            " JOIN prospects ON prospects.id = prospect_keys.prospect_id"
            f" WHERE prospect_keys.match IN ({', '.join('?' * len(part))})"
            " AND prospect_keys.kind = 'phone' AND prospect_keys.bad = 0"
            f" AND {_in_list(rules)} AND prospects.state || '' IN ('new', 'retry')"
            f" AND NOT {calling_queue.NOT_SPENT}",
            (*part, rules.info.id, rules.info.most_per_number),
        )


def _called_today(store: Store, rules: Rules) -> Iterable[_Row]:
    """The rows with a number that was called today by way of another row or a lead."""
    callers: dict[str, set[int | None]] = {}  # the rows, by the number that was called
    for number, prospect_id in store.rows(
        "SELECT number, prospect_id FROM actions WHERE at >= ? AND kind = 'call' AND number <> ''",
        (rules.day,),
    ):
        callers.setdefault(number, set()).add(prospect_id)
    for part in _chunks(list(callers)):
        for row in store.read(
            _Row,
            f"SELECT {_COLUMNS}, '', NULL, prospect_keys.match FROM prospect_keys"
            " JOIN prospects ON prospects.id = prospect_keys.prospect_id"
            f" WHERE prospect_keys.match IN ({', '.join('?' * len(part))})"
            f" AND prospect_keys.kind = 'phone' AND {_in_list(rules)}"
            " AND prospects.state <> 'callback'",
            (*part, rules.info.id),
        ):
            if callers[row.match] - {row.id}:
                yield row


def _first_later(store: Store, rules: Rules, zones: Sequence[ZoneInUse]) -> list[int]:
    """For each zone the moment at which its first waiting row may be called."""
    first = (
        "SELECT * FROM (SELECT state, zone, due_at, due_exact FROM prospects WHERE list_id = ?"
        " AND state = ? AND zone = ? AND due_at > ? AND for_id + 0 IN (0, ?)"
        " ORDER BY due_at LIMIT 1) AS first"
    )
    waiting = [(z.state, z.zone) for z in zones if z.first_due is not None]
    moments = []
    for part in _chunks(waiting, 100):
        for state, zone, due_at, exact in store.rows(
            " UNION ALL ".join([first] * len(part)),
            [v for which in part for v in (rules.info.id, *which, rules.at, rules.me)],
        ):
            agreed = exact and state == "callback"
            moments.append(int(due_at) if agreed else _opens(rules, zone, int(due_at)))
    return moments
