"""Where a row goes after a call, and where all rows of a list go when its rules change.

:func:`next_state` is the rule and reads nothing from the store; :func:`next_state_of_row` gives it
what is known of one row; :func:`replan` does so for every waiting row of a list, within the
operation that changed the rules, so that one undo takes all of it back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from tui_crm.core.errors import NotFound
from tui_crm.core.lists import lists, rules as calling_rules
from tui_crm.core.session import Session
from tui_crm.core.setup import outcomes
from tui_crm.core.setup.outcomes import OutcomeRow
from tui_crm.core.store.columns import ProspectColumns
from tui_crm.core.store.database import Store
from tui_crm.core.store.journal import Write
from tui_crm.core.store.query import Query, row_reader
from tui_crm.core.store.tables import Prospect
from tui_crm.core.team import days_off
from tui_crm.core.text import _

# Calls of one number, whatever they were about.
CALLS_OF = "(SELECT COUNT(*) FROM actions WHERE actions.number = {match} AND actions.kind = 'call')"


@dataclass(frozen=True)
class Rules:
    """The rules of one list at one moment (``at``, epoch seconds UTC) for one rep: ``win`` is the
    calling window, ``fallback`` the zone of rows that name none, ``me`` the rep's number."""

    info: lists.ProspectListInfo
    win: calling_rules.Window
    fallback: ZoneInfo
    at: int
    day: int  # the beginning of the rep's day
    me: int
    home: ZoneInfo  # the rep's own zone

    def zones(self, name: str) -> calling_rules.Zones:
        """The zone of a row that says ``name``, all of them where it says several; unknown is
        the list's, else the rep's."""
        return _named(name) or self.fallback

    def zone(self, name: str) -> ZoneInfo:
        """The zone whose clock is shown for a row that says ``name``."""
        return calling_rules.main_zone(self.zones(name))

    def is_sure(self, name: str) -> bool:
        """Whether the zone of a row is known, from the row or from its list."""
        return " " not in name and bool(name or self.info.zone)

    def is_open(self, name: str) -> bool:
        return calling_rules.is_open(self.win, self.zones(name), self.at)


@lru_cache(maxsize=1024)
def _named(name: str) -> calling_rules.Zones | None:
    zones = [zone for one in name.split() if (zone := calling_rules.zone_named(one))]
    return tuple(zones) if len(zones) > 1 else next(iter(zones), None)


def rules_of(session: Session, list_id: int) -> Rules:
    """The rules of a list as they are now. Raises NotFound."""
    return session.store.fetch(rules_query(session, list_id))


RULES = f"{lists.SETTINGS}, (SELECT workspace.days_off FROM workspace ORDER BY id LIMIT 1)"
"""The columns of a list for a SELECT that :func:`read_rules` reads."""


def rules_query(session: Session, list_id: int) -> Query[Rules]:
    """The query of :func:`rules_of`."""

    def read(rows: list[tuple[Any, ...]]) -> Rules:
        if not rows:
            raise NotFound(_("There is no such list."))
        return read_rules(session, rows[0])

    return Query(f"SELECT {RULES} FROM lists WHERE lists.id = ?", (list_id,), read)


def read_rules(session: Session, values: Sequence[Any]) -> Rules:
    """The rules of a list by its :data:`RULES`."""
    *columns, off = values
    return _rules(session, lists.info_of(row_reader(lists.ListSettings)(columns)), off)


def _rules(session: Session, info: lists.ProspectListInfo, off: str | None) -> Rules:
    """The rules of a list, the workspace's where it has none; ``off`` are the stored days off."""
    house = session.house
    win = calling_rules.window(
        info.call_from or house.call_from,
        info.call_until or house.call_until,
        info.call_days or house.call_days,
        days_off.from_json(off),
    )
    return Rules(
        info=info,
        win=win,
        fallback=calling_rules.zone_named(info.zone) or session.zone,
        at=int(session.now.timestamp()),
        day=day_start(session),
        me=session.user_id,
        home=session.zone,
    )


def day_start(session: Session) -> int:
    """The instant at which the rep's day began."""
    return int(datetime.combine(session.today, time(), session.zone).timestamp())


# -- one row --------------------------------------------------------------------------------------


def next_state(
    rules: Rules,
    zone: str,
    tries: int,
    outcome: OutcomeRow,
    at: int,
    failed: Collection[int] = (),
) -> tuple[str, int | None]:
    """State and next moment of a row in ``zone`` whose call number ``tries`` ended in
    ``outcome`` at ``at``. A row whose tries are used up is ``done`` with the moment of the last:
    so it is told from one that said no. ``failed`` are the moments of its earlier calls that
    reached nobody, whose hours a list may avoid."""
    if outcome.blocks:
        return "blocked", None
    if outcome.asks == "lead":
        return "lead", None
    if outcome.ends_row or not outcome.retry:
        return "done", None
    most = most_tries(rules, outcome)
    if most and tries >= most:
        return "done", at
    avoided: Collection[int] = ()
    if rules.info.avoid_hour:
        avoided = failed if outcome.reached else (*failed, at)
    return "retry", calling_rules.retry_at(
        outcome.retry,
        rules.win,
        rules.zones(zone),
        at,
        prefers_half=rules.info.other_half,
        failed=avoided,
    )


def most_tries(rules: Rules, outcome: OutcomeRow) -> int:
    """How often a row is called at most, 0 for no limit: the list's own rule before the
    outcome's."""
    return rules.info.most_tries or outcome.most_tries


def next_state_of_row(
    session: Session, rules: Rules, row: ProspectColumns, outcome: OutcomeRow, at: int
) -> tuple[str, int | None]:
    """State and next moment of this row (its columns as they are before the call) when a call
    of this rep ends in ``outcome`` at ``at``: :func:`next_state` with all that is known of it."""
    failed = _failed_of(session.store, row["id"]) if rules.info.avoid_hour else ()
    state, due_at = next_state(rules, row["zone"], row["tries"] + 1, outcome, at, failed)
    if state == "retry" and rules.info.most_per_number:
        dialled = session.store.value(
            "SELECT dialled FROM seats WHERE user_id = ? AND list_id = ? AND prospect_id = ?",
            (session.user_id, row["list_id"], row["id"]),
        )
        calls = session.store.rows(
            f"SELECT match, {CALLS_OF.format(match='prospect_keys.match')} FROM prospect_keys"
            " WHERE prospect_id = ? AND kind = 'phone' AND bad = 0 ORDER BY position, id",
            (row["id"],),
        )
        dialled = dialled or next((match for match, _n in calls), "")
        with_this_one = [(match, n + (match == dialled)) for match, n in calls]
        if _are_spent(with_this_one, rules.info.most_per_number):
            return "done", at
    return state, due_at


def _failed_of(store: Store, prospect_id: int) -> list[int]:
    """The moments of a row's calls that reached nobody."""
    return [
        int(at)
        for (at,) in store.rows(
            "SELECT at FROM actions WHERE prospect_id = ? AND kind = 'call' AND reached = 0",
            (prospect_id,),
        )
    ]


def _are_spent(calls: Iterable[tuple[str, int]], most: int) -> bool:
    """Whether every good number of a row was called often enough; one that is no valid number
    is not counted, and a row without any is not spent."""
    numbers = list(calls)
    return bool(numbers) and all(match and n >= most for match, n in numbers)


# -- a whole list ---------------------------------------------------------------------------------


def replan(w: Write, list_id: int) -> int:
    """Plan anew every waiting row of a list by its rules as they are now; how many changed.

    Retries get the moment that they would have had, counted from their last call; rows whose
    tries are used up now are done, and those that have some left come back; callbacks of a day
    follow the opening of the window. A time agreed on stays, and so does a row that is on
    somebody's screen. For an operation that changes what :func:`next_state` depends on."""
    rules, store = rules_of(w.session, list_id), w.store
    how = outcomes.by_id(store)
    waiting = "list_id = ? AND due_at IS NOT NULL AND state IN ('retry', 'done', 'callback')"
    failed = _failed_in(store, list_id, waiting) if rules.info.avoid_hour else {}
    spent = _spent_in(store, rules, waiting) if rules.info.most_per_number else set()
    changes: list[tuple[int, str, int]] = []
    for number, zone, tries, last_at, last, state, due_at, exact in store.each(
        "SELECT id, zone, tries, last_at, last_outcome_id, state, due_at, due_exact"
        f" FROM prospects WHERE {waiting} AND (claimed_until IS NULL OR claimed_until <= ?)"
        " ORDER BY id",
        (list_id, w.at),
    ):
        if state == "callback":
            became = state, (due_at if exact else _same_day(rules, zone, due_at))
        elif last is None or last_at is None:
            continue
        elif number in spent:
            became = "done", last_at
        else:
            # The last call is among the failed ones already: its hour is avoided either way.
            planned = next_state(rules, zone, tries, how[last], last_at, failed.get(number, ()))
            if planned[1] is None:  # the outcome was changed since: that is no rule of the list
                continue
            became = planned[0], planned[1]
        if became != (state, due_at):
            changes.append((number, *became))
    return w.update_many(Prospect, ("state", "due_at"), changes)


def _same_day(rules: Rules, zone: str, due_at: int) -> int:
    """The opening of the window on the day of a callback, if people are called on it still."""
    zones = rules.zones(zone)
    day = calling_rules.local_time(due_at, calling_rules.main_zone(zones)).date()
    if not rules.win.has(day):
        return due_at
    return calling_rules.day_opens(rules.win, zones, day)


def _failed_in(store: Store, list_id: int, waiting: str) -> dict[int, list[int]]:
    """For each waiting row the moments of its calls that reached nobody. The cross join keeps
    SQLite to the written order: from the waiting rows to their calls."""
    found: dict[int, list[int]] = {}
    for number, at in store.each(
        "SELECT prospects.id, actions.at FROM prospects CROSS JOIN actions"
        f" WHERE prospects.{waiting} AND actions.prospect_id = prospects.id"
        " AND actions.kind = 'call' AND actions.reached = 0",
        (list_id,),
    ):
        found.setdefault(number, []).append(at)
    return found


def _spent_in(store: Store, rules: Rules, waiting: str) -> set[int]:
    """The waiting rows whose good numbers were all called often enough."""
    calls: dict[int, list[tuple[str, int]]] = {}
    for number, match, n in store.each(
        f"SELECT prospects.id, good.match, {CALLS_OF.format(match='good.match')}"
        f" FROM prospects CROSS JOIN prospect_keys AS good WHERE prospects.{waiting}"
        " AND good.prospect_id = prospects.id AND good.kind = 'phone' AND good.bad = 0",
        (rules.info.id,),
    ):
        calls.setdefault(number, []).append((match, n))
    return {n for n, these in calls.items() if _are_spent(these, rules.info.most_per_number)}
