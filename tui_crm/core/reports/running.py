"""The running totals of goals: what was done by each day, beside the line of the goal."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from itertools import accumulate
from typing import NamedTuple

from tui_crm.core.dates import periods
from tui_crm.core.reports.lead_groups import group_leads, split
from tui_crm.core.reports.question import Question, midnight
from tui_crm.core.reports.types import Cell, Cells, Column, Table, plain, total
from tui_crm.core.team.days_off import Workdays
from tui_crm.core.text import _

_QUARTER = 900
"""Seconds that every zone's midnights are a multiple of."""


class RunningGoal(NamedTuple):
    """A goal to follow day by day. ``question`` is narrowed to its reps and its period; ``target``
    is nothing for one without an end; ``done`` counts a kind of goal over a question, and
    ``actions`` is the SQL condition of its actions, nothing for goals in leads."""

    key: str
    who: str
    kind: str
    target: int | None
    days: Workdays
    question: Question
    done: Callable[[Question, str], Cell]
    actions: str


def table(goals: Iterable[RunningGoal]) -> Table:
    """One row for each goal and day of its period: ``done`` is the total since the period began,
    nothing after today; ``line`` what an even pace over the working days would have by the end of
    that day."""
    columns = (
        Column("who", _("who"), "text"),
        Column("kind", _("goal"), "text"),
        Column("period", _("period"), "text"),
        Column("day", _("day"), "text"),
        Column("done", _("done"), "goal"),
        Column("line", _("line"), "goal"),
    )
    return Table(
        name="running",
        columns=columns,
        rows=[row for goal in goals for row in _rows(goal)],
        totals={column.key: plain(None) for column in columns},
        formulas={
            "done": _("what was done of the goal since its period began; nothing after today"),
            "line": _("target x working days until the day, it included / working days"),
        },
    )


def _rows(goal: RunningGoal) -> Iterator[tuple[str, Cells]]:
    q = goal.question
    days = [q.period.first + timedelta(days=n) for n in range(q.period.days)]
    totals = list(accumulate(_per_day(goal, days)))
    working = list(accumulate(int(goal.days.works(day)) for day in days))
    for place, day in enumerate(days):
        done = plain(None)
        if day <= q.today:
            until = q.over(periods.cut(q.period, place + 1))
            kind = "actions" if goal.actions else "leads"
            done = Cell(totals[place], partial(_ids, goal, until), kind=kind)
        line = None
        if goal.target is not None and working[-1]:
            line = _line(goal, Fraction(goal.target * working[place], working[-1]))
        yield (
            f"{goal.key}/{day.isoformat()}",
            {
                "who": plain(goal.who),
                "kind": plain(goal.kind),
                "period": plain(q.period.label),
                "day": plain(day.isoformat()),
                "done": done,
                "line": plain(line),
            },
        )


def _ids(goal: RunningGoal, until: Question) -> Iterable[int]:
    found = goal.done(until, goal.kind)
    return found.ids() if found.ids is not None else ()


def _line(goal: RunningGoal, exact: Fraction) -> int | float:
    """A point of the line: whole minor units for money, else to a hundredth."""
    if goal.kind == "amount":
        return int(exact + Fraction(1, 2))
    return int(exact) if exact.denominator == 1 else round(float(exact), 2)


def _per_day(goal: RunningGoal, days: Sequence[date]) -> list[int]:
    """What was done on each of the days."""
    q = goal.question
    counts = [0] * len(days)
    if not goal.actions:
        population = "created" if goal.kind == "leads" else "won"
        column = "created_on" if goal.kind == "leads" else "closed_on"
        money = goal.kind == "amount"
        for day, some in split(group_leads(q, population, column, money=money), column).items():
            counts[(date.fromisoformat(day) - days[0]).days] = (
                sum(g.amount or 0 for g in some) if money else total(some)
            )
        return counts
    for zone, users in q.reps_by_zone():
        begin, end = q.instants(q.period, zone)
        starts = [midnight(day, zone) for day in days]
        filters, values = q.action_condition()
        marks = ", ".join("?" * len(users))
        rows = q.store.rows(
            f"SELECT a.at / {_QUARTER}, COUNT(*) FROM actions a WHERE a.user_id IN ({marks})"
            f" AND a.at >= ? AND a.at < ? AND {goal.actions} AND {filters}"
            f" GROUP BY a.at / {_QUARTER}",
            (*users, begin, end, *values),
        )
        for quarter, n in rows:
            counts[bisect_right(starts, int(quarter) * _QUARTER) - 1] += int(n)
    return counts
