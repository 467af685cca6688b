"""Goals: how far, beside how much of the time is gone, and what it takes from here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from math import ceil, sqrt

from tui_crm.core.dates import periods
from tui_crm.core.dates.periods import Period
from tui_crm.core.reports.closings import by_status
from tui_crm.core.reports.question import Question, ask
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
from tui_crm.core.team import days_off
from tui_crm.core.text import _

BACK = "last-90d"  # the days whose rates say what it takes
CALLS, ACTIONS = "a.kind = 'call'", "a.kind <> 'note'"
LEAST_WINS = 5
"""Wins of the last 90 days from which on they say what a win takes; silence below."""
Z = 1.2816
"""Of a two-sided interval of 80 %: four times of five the true rate is in the range."""


@dataclass(frozen=True)
class Pace:
    """The rates of the last 90 days of those whose goal it is: all their calls (on leads and on
    prospects), their wins and losses by closing date, the average won in minor units."""

    calls: int
    wins: int
    average: int | None
    lost: int = 0

    @property
    def says(self) -> bool:
        """Whether it is enough to say what a win takes."""
        return self.wins >= LEAST_WINS

    def wins_for(self, kind: str, missing: int) -> int:
        """How many wins close a gap: of ``wins`` themselves, of an ``amount`` (minor units) the
        gap / the average won, rounded up; 0 for what wins do not close or is not known."""
        if kind == "amount":
            return ceil(missing / self.average) if self.average else 0
        return missing if kind == "wins" else 0

    def calls_for(self, wins: int) -> tuple[int, int, int] | None:
        """How many calls that many wins take, and the range of it; ``None`` on a small sample.

        Wins / (wins / calls), and the same at both ends of the Wilson score interval of 80 % of
        wins / calls (E. B. Wilson, "Probable inference, the law of succession, and statistical
        inference", J. Am. Stat. Assoc. 22, 1927), each rounded up. Every call counts, whatever
        it was on: calls that lead nowhere are part of the price."""
        if not self.says or self.calls < self.wins or wins <= 0:
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
        """How many new leads close a gap in money: the gap / (average won x win rate), rounded
        up; ``None`` on a small sample."""
        if not self.says or not self.average:
            return None
        return ceil(missing * (self.wins + self.lost) / (self.average * self.wins))


@dataclass(frozen=True)
class HeaderCache:
    """A goal where it stands today. ``question`` is narrowed to those whose goal it is and to its
    period; days are working days, ``gone`` and ``left`` both count today."""

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

    @property
    def missing(self) -> int:
        """What is missing of the goal (minor units for an amount)."""
        return max(self.target - int(self.done.value), 0)

    @property
    def needed(self) -> int | None:
        """What is needed on each working day from here; ``None`` when none is left."""
        return ceil(self.missing / self.left) if self.left else None

    @property
    def by_now(self) -> int:
        """What an even pace would have done by the end of the last working day before today."""
        before = self.gone - self.today_works
        return self.target * before // self.days if self.days else 0


def compute(q: Question) -> Table:
    """One row for each goal, in the part of its own period that today is in. The totals are
    empty: goals of different kinds have no sum."""
    rows, notes = [], []
    for standing in standings(q):
        cells, said = _cells(standing)
        rows.append((standing.key, cells))
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
        Column("by_now", _("by now"), "goal"),
        Column("needed_per_day", _("needed a day"), "goal"),
        Column("calls_needed", _("calls it takes"), "count"),
    )
    return Table(
        columns,
        rows,
        {column.key: plain(None) for column in columns},
        list(dict.fromkeys(notes)),  # of wins and of money they may be the same
        {
            "target": _("the goal: a count, or money for amount"),
            "done": _(
                "what was done of it since its period began; of a team, the sum of its members"
            ),
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
    )


def standings(q: Question) -> list[HeaderCache]:
    """The goals asked for, as they stand: of the reps asked for, of teams that are all among
    them; of everybody when nobody is named."""
    found = []
    for number, user, group, kind, unit, target in q.store.rows(
        "SELECT id, user_id, team_id, kind, period, target FROM goals ORDER BY id"
    ):
        users = _users(q, user, group)
        if q.reps is not None and (not users or not users <= q.reps):
            continue
        who = q.name(user) if user else _team(q, group) if group else _("everybody")
        part = periods.of(q.today, unit)
        mine = replace(q, reps=users, period=part)
        active = sorted(n for n in users or () if q.members[n].active)
        days = days_off.workdays(q.store, q.session.house.call_days, active)
        found.append(
            HeaderCache(
                f"{who}/{kind}/{unit}/{number}",
                who,
                kind,
                unit,
                int(target),
                done(mine, kind),
                days.between(part.first, part.last),
                days.between(part.first, q.today),
                days.between(q.today, part.last),
                days.works(q.today),
                mine,
            )
        )
    return found


def pace(q: Question) -> Pace:
    """The rates of the last 90 days of the reps of a question."""
    back = q.over(periods.period(BACK, q.today))
    of = by_status(back.leads("closed", "status", money=True))
    average = average_amount(of["won"]).value
    return Pace(_how_many(back, CALLS), total(of["won"]), average, total(of["lost"]))


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


def done(q: Question, kind: str) -> Cell:
    """What was done of a kind of goal in the period of a question, by its reps."""
    if kind in ("calls", "actions"):
        extra = CALLS if kind == "calls" else ACTIONS
        return Cell(_how_many(q, extra), partial(_actions, q, extra), "actions")
    if kind == "leads":
        return count(q.leads("created"))
    won = q.leads("won", money=True)
    return amount(won) if kind == "amount" else count(won)


def _actions(q: Question, extra: str) -> list[int]:
    return sorted(row[0] for row in _asked(q, extra, "a.id"))


def _how_many(q: Question, extra: str) -> int:
    return sum(int(row[0]) for row in _asked(q, extra, "COUNT(*)"))


def _asked(q: Question, extra: str, what: str) -> list[tuple[int, ...]]:
    """Actions of the period: each rep's days begin at their own midnight."""
    found: list[tuple[int, ...]] = []
    for zone, users in q.zones():
        begin, end = q.span(q.period, zone)
        narrow, values = q.action_narrowing()
        marks = ", ".join("?" * len(users))
        found += q.store.rows(
            f"SELECT {what} FROM actions a WHERE a.user_id IN ({marks}) AND a.at >= ?"
            f" AND a.at < ? AND {extra} AND {narrow}",
            (*users, begin, end, *values),
        )
    return found


def _cells(standing: HeaderCache) -> tuple[Cells, list[str]]:
    part: Period = standing.question.period
    calls, notes = _calls_needed(standing)
    value, target = int(standing.done.value), standing.target
    return {
        "who": plain(standing.who),
        "goal": plain(standing.kind),
        "period": plain(part.label),
        "target": plain(target),
        "done": standing.done,
        "share": replace(standing.done, value=Rate(value, target), n=value, d=target),
        "days_gone": plain(standing.gone),
        "days": plain(standing.days),
        "by_now": plain(standing.by_now),
        "needed_per_day": plain(standing.needed),
        "calls_needed": plain(calls),
    }, notes


def _calls_needed(standing: HeaderCache) -> tuple[int | None, list[str]]:
    """The way back from what is missing to calls, and the sentence on it."""
    if standing.kind not in ("wins", "amount") or not standing.missing:
        return None, []
    rates = pace(standing.question)
    who, when = standing.who, period_words(standing.unit)
    if not rates.says:
        return None, [
            _(
                "{who}, {period}: too few wins in 90 days to say how many calls it takes: {n} of at"
                " least {least}."
            ).format(who=who, period=when, n=rates.wins, least=LEAST_WINS)
        ]
    wins = rates.wins_for(standing.kind, standing.missing)
    calls = rates.calls_for(wins)
    if calls is None:
        return None, [
            _(
                "{who}, {period}: no saying how many calls it takes: {calls} calls and {wins} "
                "wins in"
                " 90 days."
            ).format(who=who, period=when, calls=f"{rates.calls:,}", wins=f"{rates.wins:,}")
        ]
    if not standing.left:
        return calls[0], []
    return calls[0], [
        _(
            "{who}: to win {wins} more {period}: about {calls} calls, {day} a day; range {low} to"
            " {high}, from {sample} calls."
        ).format(
            who=who,
            wins=f"{wins:,}",
            period=when,
            calls=f"{calls[0]:,}",
            day=f"{ceil(calls[0] / standing.left):,}",
            low=f"{calls[1]:,}",
            high=f"{calls[2]:,}",
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
    }[unit]


# -- the goal beside a forecast -----------------------------------------------------------------


@dataclass(frozen=True)
class Aim:
    """The money that is to be won in each part of a period: ``target`` in minor units for a
    ``unit`` (week, month …); ``whose`` goal it is; the pace of those; the working days; the ISO
    code of the currency."""

    target: int
    unit: str
    whose: str
    pace: Pace
    workdays: days_off.Workdays
    currency: str


def aim(
    session: Session, by: str, *, rep: tuple[str, ...] = (), team: tuple[str, ...] = ()
) -> Aim | None:
    """The goal in money for each day, week, month or quarter; ``None`` where there is none.

    With nobody named that of everybody, with reps or teams named that of the team or the rep they
    are; where there is none, the sum of the single reps' goals."""
    q = ask(session, "today", by, rep=rep, team_=team)
    single, whole = [], None
    for standing in standings(q):
        if (standing.kind, standing.unit) != ("amount", by):
            continue
        users = standing.question.reps
        if users == q.reps:
            whole = standing
        elif users is not None and len(users) == 1:
            single.append(standing)
    if whole is None and not single:
        return None
    if whole is None and len(single) == 1 and q.reps is None and len(_active(q)) > 1:
        return None  # what one of several reps is to win says nothing of them all
    target = whole.target if whole is not None else sum(x.target for x in single)
    if whole is not None:
        whose = whole.who
    else:
        whose = single[0].who if len(single) == 1 else _("{n} reps").format(n=len(single))
    days = days_off.workdays(session.store, session.house.call_days, sorted(q.reps or ()))
    return Aim(target, by, whose, pace(q), days, session.currency)


def _active(q: Question) -> list[int]:
    return [n for n, member in q.members.items() if member.active]
