"""Goals: how far, beside how much of the time is gone, and what it takes from here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from math import ceil, sqrt
from typing import Any

from tui_crm.core import periods
from tui_crm.core.periods import Period
from tui_crm.core.reports.question import Question
from tui_crm.core.reports.types import (
    SMALL_SAMPLE,
    Cell,
    Cells,
    Column,
    Rate,
    Table,
    amount,
    average_amount,
    count,
    plain,
)
from tui_crm.core.text import _

BACK = "last-90d"  # the days whose rates say what it takes


@dataclass(frozen=True)
class Pace:
    """A rep's rates of the last 90 days: calls, wins, and the average won in minor units."""

    calls: int
    wins: int
    average: int | None

    def calls_for(self, wins: float) -> tuple[int, int, int] | None:
        """How many calls that many wins take, and the range of it (Wilson, 90 %); ``None`` on a
        small sample. Every call is counted, whatever lead it was for."""
        if self.wins < SMALL_SAMPLE or self.calls < self.wins or wins <= 0:
            return None
        z, n, share = 1.645, self.calls, self.wins / self.calls
        middle = (share + z * z / (2 * n)) / (1 + z * z / n)
        width = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return (
            ceil(wins / share), ceil(wins / (middle + width)), ceil(wins / (middle - width)),
        )  # fmt: skip


def compute(q: Question) -> Table:
    """One row for each goal, in the part of its own period that today is in. The totals are
    empty: goals of different kinds have no sum."""
    rows, notes = [], []
    for number, user, group, kind, unit, target in q.store.rows(
        "SELECT id, user_id, team_id, kind, period, target FROM goals ORDER BY id"
    ):
        users = _users(q, user, group)
        if q.reps is not None and (user is None or user not in q.reps):
            continue
        who = q.name(user) if user else _team(q, group) if group else _("everybody")
        mine = replace(q, reps=users, period=periods.of(q.today, unit))
        cells, said = _cells(mine, who, kind, int(target))
        rows.append((f"{who}/{kind}/{unit}/{number}", cells))
        notes += said
    columns = (
        Column("who", _("who"), "text"),
        Column("goal", _("goal"), "text"),
        Column("period", _("period"), "text"),
        Column("target", _("target"), "goal"),
        Column("done", _("done"), "goal"),
        Column("share", _("of it"), "rate"),
        Column("days_gone", _("days gone"), "count"),
        Column("days", _("working days"), "count"),
        Column("needed_per_day", _("needed a day"), "goal"),
        Column("calls_needed", _("calls it takes"), "count"),
    )
    return Table(
        columns,
        rows,
        {column.key: plain(None) for column in columns},
        notes,
        {
            "target": _("the goal: a count, or money for amount"),
            "done": _("what was done of it since its period began"),
            "share": _("done / target"),
            "days_gone": _("working days of the period that are gone, today included"),
            "days": _("working days of the period"),
            "needed_per_day": _("what is missing / working days left, today included, rounded up"),
            "calls_needed": _("wins missing x calls a win of the last 90 days, the wins missing of"
                              " an amount being what is missing / average won; silent below"
                              " {n} wins").format(n=SMALL_SAMPLE),
        },
    )  # fmt: skip


def working_days(first: date, last: date, weekdays: str) -> int:
    """Working days from one day to another, both included; ``weekdays`` as the workspace keeps
    them (ISO digits, ``"12345"``)."""
    days = (last - first).days + 1
    if days <= 0:
        return 0
    weeks, rest = divmod(days, 7)
    tail = (str((first + timedelta(days=n)).isoweekday()) for n in range(rest))
    return weeks * len(set(weekdays)) + sum(day in weekdays for day in tail)


def pace(q: Question) -> Pace:
    """The rates of the last 90 days of the reps of a question."""
    back = q.over(periods.period(BACK, q.today))
    won = [lead for lead in back.closed() if lead.status == "won"]
    return Pace(len(_actions(back, "a.kind = 'call'")), len(won), average_amount(won).value)


def _users(q: Question, user: int | None, group: int | None) -> frozenset[int] | None:
    if user is not None:
        return frozenset((user,))
    if group is not None:
        return frozenset(
            row[0] for row in q.store.rows("SELECT id FROM users WHERE team_id = ?", (group,))
        )
    return None


def _team(q: Question, number: int) -> str:
    return str(q.store.value("SELECT name FROM teams WHERE id = ?", (number,)))


def _done(q: Question, kind: str) -> Cell:
    if kind in ("calls", "actions"):
        extra = "a.kind = 'call'" if kind == "calls" else "a.kind <> 'note'"
        return Cell(len(_actions(q, extra)), partial(_actions, q, extra), "actions")
    if kind == "leads":
        return count(q.created())
    won = [lead for lead in q.closed() if lead.status == "won"]
    return amount(won) if kind == "amount" else count(won)


def _actions(q: Question, extra: str) -> list[int]:
    found: list[int] = []
    for zone, users in q.zones():
        begin, end = q.span(q.period, zone)
        narrow, values = q.action_narrowing()
        marks = ", ".join("?" * len(users))
        found += [
            row[0] for row in q.store.rows(
                f"SELECT a.id FROM actions a WHERE a.user_id IN ({marks}) AND a.at >= ?"
                f" AND a.at < ? AND {extra} AND {narrow}",
                (*users, begin, end, *values),
            )
        ]  # fmt: skip
    return sorted(found)


def _cells(q: Question, who: str, kind: str, target: int) -> tuple[Cells, list[str]]:
    part: Period = q.period
    weekdays = q.session.house.call_days
    days = working_days(part.first, part.last, weekdays)
    gone = working_days(part.first, q.today, weekdays)
    left = working_days(q.today, part.last, weekdays)
    done = _done(q, kind)
    missing = max(target - int(done.value), 0)
    needed: Any = ceil(missing / left) if left else None
    calls = None
    notes = []
    if kind in ("wins", "amount") and missing:
        rates = pace(q)
        wins = missing / rates.average if kind == "amount" and rates.average else (
            missing if kind == "wins" else 0)  # fmt: skip
        calls = rates.calls_for(wins)
        if calls and left:
            notes.append(
                _("{who}: to win {wins} more about {calls} calls, {day} a day; range {low} to"
                  " {high}, from {sample} calls.").format(
                    who=who, wins=ceil(wins), calls=calls[0], day=ceil(calls[0] / left),
                    low=calls[1], high=calls[2], sample=rates.calls)
            )  # fmt: skip
    value = int(done.value)
    return {
        "who": plain(who),
        "goal": plain(kind),
        "period": plain(part.label),
        "target": plain(target),
        "done": done,
        "share": replace(done, value=Rate(value, target), n=value, d=target),
        "days_gone": plain(gone),
        "days": plain(days),
        "needed_per_day": plain(needed),
        "calls_needed": plain(calls[0] if calls else None),
    }, notes
