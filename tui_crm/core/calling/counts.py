"""What of a prospect list may be called now, what waits, what is hidden and why: every row of the
list in exactly one place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tui_crm.core.calling import queue as calling_queue
from tui_crm.core.calling.queue import PATIENCE, Rules, ZoneOf
from tui_crm.core.lists import lists, rules as calling_rules
from tui_crm.core.session import Session
from tui_crm.core.store.database import Store
from tui_crm.core.text import _

CHUNK = 400


@dataclass(frozen=True)
class Hidden:
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
class Tally:
    """Every row of a list in one place: ``rows`` is the sum of ``callable_now, later, done,
    leads`` and all of ``hidden``. ``later`` are callbacks and retries whose moment has not come;
    ``next_at`` the first moment at which another row may be called (epoch seconds UTC)."""

    rows: int
    callable_now: int
    later: int
    done: int
    leads: int
    hidden: tuple[Hidden, ...]
    next_at: int | None


def tally(session: Session, list_id: int) -> Tally:
    """Count a list by what can be done with its rows now."""
    store, rules = session.store, calling_queue.rules_of(session, list_id)
    spent = int(
        store.value(
            "SELECT COUNT(*) FROM prospects WHERE list_id = ? AND state = 'done'"
            " AND due_at IS NOT NULL",
            (list_id,),
        )
    )
    zones = store.fetch(calling_queue.zones_in(list_id))
    handed = _handed(store, rules, zones)
    due: dict[tuple[str, str, int], int] = {}
    # The new rows are many: they are counted once, by zone, and not grouped, which takes thrice.
    fresh = 0
    for zone in [z.zone for z in zones if z.state == "new"]:
        n = store.value(
            "SELECT COUNT(*) FROM prospects WHERE list_id = ? AND state = 'new' AND zone = ?",
            (list_id, zone),
        )
        fresh += int(n)
        due["new", zone, 0] = int(n)
    states = lists.by_state(store, list_id, [s for s in lists.STATES if s != "new"])
    states["new"] = fresh
    for state, exact in (("retry", "0"), ("callback", "due_exact")):
        for zone, is_exact, n in store.rows(
            f"SELECT zone, {exact}, COUNT(*) FROM prospects WHERE list_id = ? AND state = ?"
            f" AND due_at <= ? GROUP BY zone{', due_exact' if state == 'callback' else ''}",
            (list_id, state, rules.at),
        ):
            due[state, zone, int(is_exact)] = int(n)
    hidden: dict[tuple[str, str], int] = {}
    moments: list[int] = []
    for state, zone, is_exact, who, n in handed:
        due[state, zone, is_exact] -= n
        hidden["handed", who] = hidden.get(("handed", who), 0) + n
    for row in _exceptions(store, rules):
        if row.state != "new" and row.due_at > rules.at:
            continue
        due[row.state, row.zone, row.exact] -= 1
        hidden[row.why, row.who] = hidden.get((row.why, row.who), 0) + 1
        if row.until is not None:
            moments.append(row.until)
    callable_now = 0
    for (_state, zone, is_exact), n in due.items():
        if is_exact or rules.is_open(zone):
            callable_now += n
        elif n:
            hidden["hours", ""] = hidden.get(("hours", ""), 0) + n
            moments.append(calling_rules.next_open(rules.win, rules.zones(zone), rules.at))
    all_due = sum(due.values()) + sum(n for (why, _who), n in hidden.items() if why != "hours")
    later = sum(states[s] for s in calling_queue.OPEN) - all_due
    moments += _first_later(store, rules, zones) if later else []
    for why, n in (("blocked", states["blocked"]), ("tries", spent)):
        if n:
            hidden[why, ""] = n
    return Tally(
        sum(states.values()),
        callable_now,
        later,
        states["done"] - spent,
        states["lead"],
        tuple(Hidden(why, n, who) for (why, who), n in sorted(hidden.items(), key=lambda h: -h[1])),
        min(moments, default=None),
    )


@dataclass(frozen=True)
class _Exception:
    state: str
    zone: str
    exact: int
    due_at: int
    why: str
    who: str
    until: int | None  # the moment at which the reason is gone, where there is one


def _handed(
    store: Store, rules: Rules, zones: list[ZoneOf]
) -> list[tuple[str, str, int, str, int]]:
    """How many rows that could be called now are handed to a colleague: state, zone, whether at
    an agreed time, the colleague, how many."""
    found: list[tuple[str, str, int, str, int]] = []
    names = dict(store.rows("SELECT id, name FROM users"))
    for z in [z for z in zones if z.handed]:
        here = (rules.info.id, z.state, z.zone)
        now = " AND due_at <= ?" if z.state != "new" else ""
        exact, group = (
            ("due_exact", "for_id, due_exact") if z.state == "callback" else ("0", "for_id")
        )
        found += [
            (z.state, z.zone, int(is_exact), str(names.get(who, "?")), int(n))
            for who, is_exact, n in store.rows(
                f"SELECT for_id, {exact}, COUNT(*) FROM prospects WHERE list_id = ? AND state = ?"
                f" AND zone = ? AND for_id > 0{now} GROUP BY {group}",
                here if z.state == "new" else (*here, rules.at),
            )
            if who != rules.me
        ]
    return found


def _exceptions(store: Store, rules: Rules) -> Iterable[_Exception]:
    """The rows that are hidden one by one, each once with its first reason: few at any time.

    CROSS JOIN keeps SQLite to the written order, from the few claims to their rows;
    left alone it walks through all numbers there are (measured)."""
    seen: set[int] = set()
    found: list[tuple[Any, ...]] = []
    columns = "prospects.id, prospects.state, prospects.zone, prospects.due_exact, prospects.due_at"
    # The signs of no effect keep both engines from starting at the rows of the list.
    in_list = (
        "prospects.list_id + 0 = ? AND prospects.state || '' IN ('new', 'retry', 'callback')"
        f" AND prospects.for_id + 0 IN (0, {int(rules.me)})"
    )
    for why, sql, params in (
        (
            "colleague",
            f"SELECT {columns}, users.name, claimed_until FROM prospects"
            " JOIN users ON users.id = claimed_by WHERE claimed_by > 0 AND claimed_by <> ?"
            f" AND claimed_until > ? AND {in_list}",
            (rules.me, rules.at, rules.info.id),
        ),
        (
            "colleague",
            f"SELECT {columns}, users.name, theirs.claimed_until FROM prospects AS theirs"
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
            f"SELECT {columns}, users.name, due_at + {PATIENCE} FROM prospects"
            " JOIN users ON users.id = owner_id WHERE prospects.list_id = ?"
            " AND state = 'callback' AND due_at <= ? AND due_at > ? AND owner_id <> ?"
            " AND for_id + 0 IN (0, ?)",
            (rules.info.id, rules.at, rules.at - PATIENCE, rules.me, rules.me),
        ),
    ):
        found += [(why, *row) for row in store.rows(sql, params)]
    tomorrow = calling_rules.tomorrow(rules.home, rules.at)
    for row in _called_today(store, rules, columns, in_list):
        found.append(("today", *row, "", _opens(rules, row[2], tomorrow)))
    if rules.info.most_per_day:
        for row in _called_often(store, rules, columns, in_list):
            found.append(("day", *row, "", _opens(rules, row[2], tomorrow)))
    if rules.info.most_per_number:
        for row in _spent(store, rules, columns, in_list):
            found.append(("number", *row, "", None))
    for why, number, state, zone, exact, due_at, who, until in found:
        # Outside the window is the reason before called today and a promise: it is asked
        # of the row whoever calls.
        shut = not (exact and state == "callback") and not rules.is_open(zone)
        if number in seen or (shut and why != "colleague"):
            continue
        seen.add(number)
        yield _Exception(
            state,
            zone,
            int(exact) if state == "callback" else 0,
            int(due_at or 0),
            why,
            who,
            until,
        )


def _opens(rules: Rules, zone: str, at: int) -> int:
    return calling_rules.next_open(rules.win, rules.zones(zone), at)


def _called_often(
    store: Store, rules: Rules, columns: str, in_list: str
) -> Iterable[tuple[Any, ...]]:
    """The retries of the list that were called as often today as it allows."""
    found = store.rows(
        "SELECT prospect_id FROM actions WHERE at >= ? AND kind = 'call'"
        " AND prospect_id IS NOT NULL GROUP BY prospect_id HAVING COUNT(*) >= ?",
        (rules.day, rules.info.most_per_day),
    )
    for start in range(0, len(found), CHUNK):
        part = [row[0] for row in found[start : start + CHUNK]]
        yield from store.rows(
            f"SELECT {columns} FROM prospects WHERE id IN ({', '.join('?' * len(part))})"
            f" AND {in_list} AND prospects.state || '' = 'retry'",
            (*part, rules.info.id),
        )


def _spent(store: Store, rules: Rules, columns: str, in_list: str) -> Iterable[tuple[Any, ...]]:
    """The rows of the list whose good numbers were all called as often as it allows."""
    found = store.rows(
        "SELECT number FROM actions WHERE number <> '' GROUP BY number HAVING COUNT(*) >= ?",
        (rules.info.most_per_number,),
    )
    for start in range(0, len(found), CHUNK):
        part = [row[0] for row in found[start : start + CHUNK]]
        yield from store.rows(
            f"SELECT DISTINCT {columns} FROM prospect_keys"
            " JOIN prospects ON prospects.id = prospect_keys.prospect_id"
            f" WHERE prospect_keys.match IN ({', '.join('?' * len(part))})"
            " AND prospect_keys.kind = 'phone' AND prospect_keys.bad = 0"
            f" AND {in_list} AND prospects.state || '' IN ('new', 'retry')"
            f" AND NOT {calling_queue.NOT_SPENT}",
            (*part, rules.info.id, rules.info.most_per_number),
        )


def _called_today(
    store: Store, rules: Rules, columns: str, in_list: str
) -> Iterable[tuple[Any, ...]]:
    """The rows with a number that was called today by way of another row or a lead."""
    by: dict[str, set[int | None]] = {}
    for number, prospect_id in store.rows(
        "SELECT number, prospect_id FROM actions WHERE at >= ? AND kind = 'call' AND number <> ''",
        (rules.day,),
    ):
        by.setdefault(number, set()).add(prospect_id)
    numbers = list(by)
    for start in range(0, len(numbers), CHUNK):
        part = numbers[start : start + CHUNK]
        for match, *row in store.rows(
            f"SELECT prospect_keys.match, {columns} FROM prospect_keys"
            " JOIN prospects ON prospects.id = prospect_keys.prospect_id"
            f" WHERE prospect_keys.match IN ({', '.join('?' * len(part))})"
            f" AND prospect_keys.kind = 'phone' AND {in_list} AND prospects.state <> 'callback'",
            (*part, rules.info.id),
        ):
            if by[match] - {row[0]}:
                yield tuple(row)


def _first_later(store: Store, rules: Rules, zones: list[ZoneOf]) -> list[int]:
    """For each zone the moment at which its first waiting row may be called."""
    moments = []
    for z in [z for z in zones if z.first_due is not None]:
        found = store.rows(
            "SELECT due_at, due_exact FROM prospects WHERE list_id = ? AND state = ?"
            " AND zone = ? AND due_at > ? AND for_id + 0 IN (0, ?) ORDER BY due_at LIMIT 1",
            (rules.info.id, z.state, z.zone, rules.at, rules.me),
        )
        for due_at, exact in found:
            moments.append(
                int(due_at)
                if exact and z.state == "callback"
                else _opens(rules, z.zone, int(due_at))
            )
    return moments
