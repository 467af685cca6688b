"""Goals: how much of each goal is done and of its time is gone, and the calls that are missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import partial
from math import ceil, sqrt
from typing import NamedTuple

from tui_crm.core.dates import periods
from tui_crm.core.reports import running
from tui_crm.core.reports.closings import by_status
from tui_crm.core.reports.filters import Filters
from tui_crm.core.reports.lead_groups import group_leads
from tui_crm.core.reports.question import Question, day_of, resolve
from tui_crm.core.reports.types import (
    Cell,
    Cells,
    Column,
    Rate,
    Table,
    amount,
    average_amount,
    count,
    plain,
    total,
)
from tui_crm.core.session import Session
from tui_crm.core.store import undo
from tui_crm.core.store.kind_sql import NO_TOUCHES
from tui_crm.core.team import days_off
from tui_crm.core.text import _, ngettext

BACK = "last-90d"  # the days whose rates are the pace
CALLS, ACTIONS = "a.kind = 'call'", f"a.kind NOT IN {NO_TOUCHES}"
LEAST_WINS = 5
"""Wins of the last 90 days below which the pace gives no numbers."""
Z = 1.2816
"""The normal quantile of a two-sided interval of 80 %."""


MOST_A_DAY = 200  # calls of one rep; a goal that needs more is out of reach


@dataclass(frozen=True)
class Pace:
    """What the reps of a goal did in the last 90 days: all their calls (on leads and on
    prospects), their wins and losses by closing date, the average won in minor units."""

    calls: int
    wins: int
    average: int | None
    lost: int = 0

    @property
    def is_enough(self) -> bool:
        """Whether there are enough wins to tell what one takes."""
        return self.wins >= LEAST_WINS

    def wins_for(self, kind: str, missing: int) -> int:
        """How many wins are ``missing`` of a goal in wins, or in money (an ``amount``, minor
        units): missing / average won, rounded up; 0 for other goals and without an average."""
        if kind == "amount":
            return ceil(missing / self.average) if self.average else 0
        return missing if kind == "wins" else 0

    def calls_for(self, wins: int) -> tuple[int, int, int] | None:
        """How many calls so many wins take, and the range of it; ``None`` on a small sample.

        Wins / (wins / calls), and the same at both ends of the Wilson score interval of 80 % of
        wins / calls (E. B. Wilson, "Probable inference, the law of succession, and statistical
        inference", J. Am. Stat. Assoc. 22, 1927), each rounded up. All calls count, those
        without a lead too."""
        if not self.is_enough or self.calls < self.wins or wins <= 0:
            return None
        n, share = self.calls, self.wins / self.calls
        middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
        half = Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
        about, low, high = (
            ceil(wins / rate - 1e-9)  # 1 / 0.99…9 is 1, not 2
            for rate in (share, middle + half, middle - half)
        )
        return about, low, high

    def leads_for(self, missing: int) -> int | None:
        """How many new leads bring so much money: missing / (average won x win rate), rounded up;
        ``None`` on a small sample."""
        if not self.is_enough or not self.average:
            return None
        return ceil(missing * (self.wins + self.lost) / (self.average * self.wins))


@dataclass(frozen=True)
class GoalProgress:
    """A goal and how far it is. ``question`` is narrowed to the reps of the goal and to its period;
    days are working days, ``gone`` and ``left`` both include today."""

    key: str
    who: str
    kind: str
    unit: str
    target: int
    done: Cell
    days: int
    gone: int
    left: int
    today_works: bool
    question: Question
    workdays: days_off.Workdays

    @property
    def is_open(self) -> bool:
        """Whether it runs since it was set, without an end: it has no pace."""
        return self.unit == "all"

    @property
    def missing(self) -> int:
        """What is missing to the target (minor units for an amount)."""
        return max(self.target - int(self.done.value), 0)

    @property
    def needed(self) -> int | None:
        """What is needed on each working day left; ``None`` when none is left."""
        return ceil(self.missing / self.left) if self.left else None

    @property
    def by_now(self) -> int:
        """What an even pace would have done by the end of the working day before today; when the
        period is over, by its end."""
        before = self.gone - self.today_works
        return self.target * before // self.days if self.days else 0


def compute(q: Question) -> Table:
    """One row for each goal. Where today is in the period of the question it is about the day,
    week, month, quarter or year that today is in; else about that period; one without an end is
    about the days since it was set. The totals are empty: goals of
    different kinds have no sum."""
    rows, notes = [], []
    goals = progress(q)
    for goal in goals:
        cells, lines = _cells(goal)
        rows.append((goal.key, cells))
        notes += lines
    columns = (
        Column("who", _("who"), "text"),
        Column("goal", _("goal"), "text"),
        Column("period", _("period"), "text"),
        Column("target", _("target"), "goal"),
        Column("done", _("done"), "goal"),
        Column("share", _("of it"), "rate"),
        Column("days_gone", _("days gone"), "count"),
        Column("days", _("working days"), "count"),
        Column("by_now", _("by now"), "goal"),
        Column("needed_per_day", _("needed a day"), "goal"),
        Column("calls_needed", _("calls it takes"), "count"),
    )
    return Table(
        columns=columns,
        rows=rows,
        totals={column.key: plain(None) for column in columns} | {"share": plain(Rate(0, 0))},
        notes=list(dict.fromkeys(notes)),  # those of wins and of money may be the same
        formulas={
            "target": _(
                "the goal: a count, or money for amount; over a longer period that is not today's,"
                " for each of its days, weeks, months or quarters, a part of one by working days"
            ),
            "done": _("what was done of it in its period; of a team, the sum of its members"),
            "share": _("done / target"),
            "days_gone": _(
                "working days of the period that are gone, today included; days off are"
                " none, a team works when one of it does"
            ),
            "days": _("working days of the period, without days off"),
            "by_now": _(
                "target x working days gone before today / working days: what an even pace"
                " would have done"
            ),
            "needed_per_day": _("what is missing / working days left, today included, rounded up"),
            "calls_needed": _(
                "wins missing x calls a win of the last 90 days (all calls / wins);"
                " the wins missing of an amount are what is missing / average won,"
                " rounded up; the range is that of the Wilson score interval of 80%;"
                " silent below {n} wins"
            ).format(n=LEAST_WINS),
        },
        more=(running.table(map(_running, goals)),),
    )


def _running(goal: GoalProgress) -> running.RunningGoal:
    """A goal as it is followed day by day."""
    return running.RunningGoal(
        key=goal.key,
        who=goal.who,
        kind=goal.kind,
        target=None if goal.is_open else goal.target,
        days=goal.workdays,
        question=goal.question,
        done=done,
        actions={"calls": CALLS, "actions": ACTIONS}.get(goal.kind, ""),
    )


class _GoalRow(NamedTuple):
    """A goal as it is stored: of a user, of a team, or of everybody."""

    id: int
    user_id: int | None
    team_id: int | None
    kind: str
    unit: str
    target: int


def progress(q: Question) -> list[GoalProgress]:
    """The goals of the reps of a question and of teams whose members are all among them; all goals
    when the question is not narrowed to reps."""
    goals = []
    for row in q.store.read(
        _GoalRow, "SELECT id, user_id, team_id, kind, period, target FROM goals ORDER BY id"
    ):
        users = _users(q, row.user_id, row.team_id)
        if q.reps is not None and (not users or not users <= q.reps):
            continue
        if row.user_id:
            who = q.name(row.user_id)
        else:
            who = _team(q, row.team_id) if row.team_id else _("everybody")
        is_open = row.unit == "all"
        part, is_one = (_since_set(q, row.id), True) if is_open else _span(q, row.unit)
        narrowed = replace(q, reps=users, period=part)
        active = sorted(n for n in users or () if q.members[n].active)
        days = days_off.workdays(q.store, q.session.house.call_days, active)
        goals.append(
            GoalProgress(
                key=f"{who}/{row.kind}/{row.unit}/{row.id}",
                who=who,
                kind=row.kind,
                unit=row.unit,
                target=row.target if is_one else _target(row.target, row.unit, part, days),
                done=done(narrowed, row.kind),
                days=0 if is_open else days.between(part.first, part.last),
                gone=0 if is_open else days.between(part.first, min(q.today, part.last)),
                left=0 if is_open else days.between(max(q.today, part.first), part.last),
                today_works=not is_open and q.today in part and days.works(q.today),
                question=narrowed,
                workdays=days,
            )
        )
    mine = frozenset((q.session.user_id,))
    return sorted(goals, key=lambda goal: goal.question.reps != mine)  # one's own come first


def _span(q: Question, unit: str) -> tuple[periods.Period, bool]:
    """The days that the row of a goal for each ``unit`` is about, and whether they are one such
    unit: the one with today in it, or with the period of the question; else that period."""
    asked = q.period
    own = periods.of(q.today if q.today in asked else asked.first, unit)
    return (own, True) if q.today in asked or asked.last in own else (asked, False)


def _since_set(q: Question, goal: int) -> periods.Period:
    """The days since a goal was set: from the day of the entry that made it until today."""
    made = undo.made_by(q.session, "goals", goal)
    sql = "SELECT MIN(at) FROM entries"  # of a goal that no entry made
    at = q.store.value(f"{sql} WHERE id = ?", (made.entry_id,)) if made else q.store.value(sql)
    first = date.fromisoformat(day_of(int(at), q.session.zone)) if at is not None else q.today
    return periods.Period("all", min(first, q.today), q.today, "all")


def _target(target: int, unit: str, part: periods.Period, days: days_off.Workdays) -> int:
    """The target of so much for each ``unit`` over several of them, or parts of them: a part of a
    unit counts by its share of the working days. Rounded half up."""
    whole = Fraction(0)
    for piece in periods.buckets(part, unit):
        one = periods.of(piece.first, unit)
        working = days.between(one.first, one.last)
        if working:
            whole += Fraction(days.between(piece.first, piece.last), working)
    return int(target * whole + Fraction(1, 2))


def pace(q: Question) -> Pace:
    """What the reps of a question did in the last 90 days."""
    back = q.over(periods.period(BACK, q.today))
    won, lost, _cancelled, _open = by_status(group_leads(back, "closed", "status", money=True))
    average = average_amount(won).value
    return Pace(_count_actions(back, CALLS), total(won), average, total(lost))


def _users(q: Question, user: int | None, team: int | None) -> frozenset[int] | None:
    """The users of a goal; ``None`` for that of everybody."""
    if user is not None:
        return frozenset((user,))
    if team is not None:
        members = q.store.rows("SELECT id FROM users WHERE team_id = ?", (team,))
        return frozenset(row[0] for row in members)
    return None


def _team(q: Question, number: int) -> str:
    return str(q.store.value("SELECT name FROM teams WHERE id = ?", (number,)))


def done(q: Question, kind: str) -> Cell:
    """What the reps of a question did of a kind of goal in its period."""
    if kind in ("calls", "actions"):
        condition = CALLS if kind == "calls" else ACTIONS
        return Cell(
            _count_actions(q, condition), partial(_action_ids, q, condition), kind="actions"
        )
    if kind == "leads":
        return count(group_leads(q, "created"))
    won = group_leads(q, "won", money=True)
    return amount(won) if kind == "amount" else count(won)


def _action_ids(q: Question, condition: str) -> list[int]:
    return sorted(row[0] for row in _actions(q, condition, "a.id"))


def _count_actions(q: Question, condition: str) -> int:
    return sum(int(row[0]) for row in _actions(q, condition, "COUNT(*)"))


def _actions(q: Question, condition: str, columns: str) -> list[tuple[int, ...]]:
    """Actions of the period under a condition: each rep's days begin at their own midnight."""
    rows: list[tuple[int, ...]] = []
    for zone, users in q.reps_by_zone():
        begin, end = q.instants(q.period, zone)
        filters, values = q.action_condition()
        marks = ", ".join("?" * len(users))
        rows += q.store.rows(
            f"SELECT {columns} FROM actions a WHERE a.user_id IN ({marks}) AND a.at >= ?"
            f" AND a.at < ? AND {condition} AND {filters}",
            (*users, begin, end, *values),
        )
    return rows


def _cells(goal: GoalProgress) -> tuple[Cells, list[str]]:
    """The row of a goal, and the notes on it."""
    calls, notes = _calls_needed(goal)
    value, target = int(goal.done.value), goal.target
    return {
        "who": plain(goal.who),
        "goal": plain(goal.kind),
        "period": plain(goal.question.period.label),
        "target": plain(target),
        "done": goal.done,
        "share": replace(goal.done, value=Rate(value, target), n=value, d=target),
        "days_gone": plain(None if goal.is_open else goal.gone),
        "days": plain(None if goal.is_open else goal.days),
        "by_now": plain(None if goal.is_open else goal.by_now),
        "needed_per_day": plain(goal.needed),
        "calls_needed": plain(calls),
    }, notes


def _calls_needed(goal: GoalProgress) -> tuple[int | None, list[str]]:
    """How many calls bring what is missing of a goal in wins or money, and the note on it."""
    over = goal.question.period.last < goal.question.today
    if goal.kind not in ("wins", "amount") or not goal.missing or over:
        return None, []
    rates = pace(goal.question)
    who, when = goal.who, period_words(goal.unit)
    if not rates.is_enough:
        return None, [
            _(
                "{who}, {period}: too few wins in 90 days to say how many calls it takes: {n} of at"
                " least {least}."
            ).format(who=who, period=when, n=rates.wins, least=LEAST_WINS)
        ]
    wins = rates.wins_for(goal.kind, goal.missing)
    calls = rates.calls_for(wins)
    if calls is None:
        return None, [
            _(
                "{who}, {period}: no saying how many calls it takes: {calls} calls and {wins} wins"
                " in 90 days."
            ).format(who=who, period=when, calls=f"{rates.calls:,}", wins=f"{rates.wins:,}")
        ]
    about, low, high = calls
    if not goal.left:
        return about, []
    reps = sum(goal.question.members[number].active for number in goal.question.reps or ())
    if about > MOST_A_DAY * goal.left * max(reps, 1):
        days = ngettext("{n} day", "{n} days", goal.left).format(n=goal.left)
        return None, [
            ngettext(
                "{who}: out of reach {period}: {n} win in {days}.",
                "{who}: out of reach {period}: {n} wins in {days}.",
                wins,
            ).format(who=who, period=when, n=f"{wins:,}", days=days)
        ]
    return about, [
        _(
            "{who}: to win {wins} more {period}: about {calls} calls, {day} a day; range {low} to"
            " {high}, from {sample} calls."
        ).format(
            who=who,
            wins=f"{wins:,}",
            period=when,
            calls=f"{about:,}",
            day=f"{ceil(about / goal.left):,}",
            low=f"{low:,}",
            high=f"{high:,}",
            sample=f"{rates.calls:,}",
        )
    ]


def period_words(unit: str) -> str:
    """The running period of a goal: ``this month``."""
    return {
        "day": _("today"),
        "week": _("this week"),
        "month": _("this month"),
        "quarter": _("this quarter"),
        "year": _("this year"),
        "all": _("in all"),
    }[unit]


# -- the goal beside a forecast -----------------------------------------------------------------


@dataclass(frozen=True)
class MoneyGoal:
    """The money to win in each part of a period: ``target`` in minor units for a ``unit`` (week,
    month …); ``who`` has the goal; their pace; their working days; the ISO code of the
    currency."""

    target: int
    unit: str
    who: str
    pace: Pace
    workdays: days_off.Workdays
    currency: str


def money_goal(session: Session, filters: Filters) -> MoneyGoal | None:
    """The goal in money for each ``filters.by`` (day, week, month or quarter) of the reps and
    teams of the filters; ``None`` where there is none.

    Not narrowed to reps it is that of everybody, else that of the rep or the team; where there is
    none, the sum of the single reps' goals."""
    q = resolve(session, Filters(by=filters.by or "month", rep=filters.rep, team=filters.team))
    single, whole = [], None
    for goal in progress(q):
        if (goal.kind, goal.unit) != ("amount", q.by):
            continue
        users = goal.question.reps
        if users == q.reps:
            whole = goal
        elif users is not None and len(users) == 1:
            single.append(goal)
    if whole is None and not single:
        return None
    active = [member for member in q.members.values() if member.active]
    if whole is None and len(single) == 1 and q.reps is None and len(active) > 1:
        return None  # the goal of one of several reps is not that of them all
    if whole is not None:
        who = whole.who
    else:
        who = single[0].who if len(single) == 1 else _("{n} reps").format(n=len(single))
    return MoneyGoal(
        target=whole.target if whole is not None else sum(goal.target for goal in single),
        unit=q.by,
        who=who,
        pace=pace(q),
        workdays=days_off.workdays(session.store, session.house.call_days, sorted(q.reps or ())),
        currency=session.currency,
    )
