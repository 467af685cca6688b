"""The rules on work: goals in reach and out of it, hours when people answer, what does not pay.

A rule is explained in `findings`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import sqrt

from tui_crm.core import money
from tui_crm.core.dates import periods
from tui_crm.core.dates.labels import month_name
from tui_crm.core.reports import goals, hours
from tui_crm.core.reports.goals import BACK, GoalProgress
from tui_crm.core.reports.hours import LEAST_CALLS
from tui_crm.core.reports.lead_groups import group_leads, leads_of
from tui_crm.core.reports.lists import by_list
from tui_crm.core.reports.now.findings import Finding, Result, TooFew, of_leads, z_of
from tui_crm.core.reports.question import Question
from tui_crm.core.team import days_off
from tui_crm.core.text import _, ngettext

Z_BEST = 2.576
"""Standard errors of a difference from which the best of several stands out: 99 %, since with 95 %
one of a dozen hours would stand out by chance in every second store."""
LIST_CALLS = 100
"""Calls on a list, and on all the others, in the last 90 days below which they are not compared."""
SOURCE_CLOSED = 20
"""Leads of a source, and of all the others, won or lost in the last 12 months below which they are
not compared."""
TIMES = 2
"""A list or a source that is so many times worse than the others does not pay."""
GOAL_EVENTS = 5
"""Calls, actions, leads or wins of the last 90 days below which they are no pace."""
GOAL_GONE = 1 / 2
"""The part of a period's working days that must be gone before a goal is within reach."""
GOAL_Z = 1.645
"""Standard deviations above the pace that are out of reach: a chance of one in twenty."""


def hour(q: Question, _year: Question) -> Result:
    """Prospects that wait to be called, when in one hour more answer than in the others."""
    calls: dict[int, int] = {}
    reached: dict[int, int] = {}
    for _key, cells in hours.compute(q.over(periods.period(BACK, q.today))).rows:
        at = cells["hour"].value
        calls[at] = calls.get(at, 0) + cells["calls"].value
        reached[at] = reached.get(at, 0) + cells["reached"].value
    frequent = [at for at in calls if calls[at] >= LEAST_CALLS]
    if not frequent:
        return TooFew(
            _("hours: {n} of at least {least} calls in one").format(
                n=max(calls.values(), default=0), least=LEAST_CALLS
            )
        )
    best = max(frequent, key=lambda at: (reached[at] / calls[at], -at))
    others, talks = sum(calls.values()) - calls[best], sum(reached.values()) - reached[best]
    if z_of(reached[best], calls[best], talks, others) < Z_BEST:
        return None
    return _waiting_or_calls(
        q,
        _("at {hour}h {share} of the calls are answered, {other} at other hours").format(
            hour=best, share=f"{reached[best] / calls[best]:.0%}", other=f"{talks / others:.0%}"
        ),
        _("{n} of {calls} calls, {talks} of {others}, in 90 days").format(
            n=f"{reached[best]:,}",
            calls=f"{calls[best]:,}",
            talks=f"{talks:,}",
            others=f"{others:,}",
        ),
    )


def unpaid(q: Question, year: Question) -> Result:
    """The prospects of a list, else the leads of a source, that brings far less than the others."""
    return _list(q) or _source(q, year)


def _list(q: Question) -> Finding | None:
    table = by_list.compute(q.over(periods.period(BACK, q.today)))
    figures = {
        key: (int(cells["calls"].value), int(cells["leads"].value)) for key, cells in table.rows
    }
    ids = dict(q.store.rows("SELECT name, id FROM lists"))
    all_calls, all_leads = (sum(pair[i] for pair in figures.values()) for i in (0, 1))
    worst: list[tuple[float, str]] = []
    for name, (calls, leads) in figures.items():
        rest, others = all_calls - calls, all_leads - leads
        # A call may bring more than one lead; then it counts as having brought one.
        z = z_of(min(others, rest), rest, min(leads, calls), calls)
        if (
            min(calls, rest) >= LIST_CALLS
            and z >= Z_BEST
            and others * calls > TIMES * leads * rest
            and name in ids
        ):
            worst.append((-z, name))
    for _z, name in sorted(worst):
        narrowed = replace(q, list_id=ids[name])
        calls, leads = figures[name]
        rest, others = all_calls - calls, all_leads - leads
        price = (
            _("where a lead takes {n} calls").format(n=f"{calls / leads:,.0f}")
            if leads
            else _("where {n} calls brought no lead").format(n=f"{calls:,}")
        )
        finding = _waiting(
            narrowed,
            lambda n: ngettext(
                "prospect waits on {list}, {price}; on the other lists {other}",
                "prospects wait on {list}, {price}; on the other lists {other}",
                n,
            ),
            {"list": name, "price": price, "other": f"{rest / others:,.0f}"},
            _("{leads} leads of {calls} calls, {others} of {rest}, in 90 days").format(
                leads=f"{leads:,}", calls=f"{calls:,}", others=f"{others:,}", rest=f"{rest:,}"
            ),
        )
        if finding is not None:
            return finding
    return None


def _source(q: Question, year: Question) -> Finding | None:
    figures: dict[str, list[int]] = {}
    for group in group_leads(year, "closed", "status", "source"):
        if group.status in ("won", "lost"):
            pair = figures.setdefault(group.source, [0, 0])
            pair[0] += group.n if group.status == "won" else 0
            pair[1] += group.n
    all_won, all_closed = (sum(pair[i] for pair in figures.values()) for i in (0, 1))
    worst: list[tuple[float, str]] = []
    for name, (won, closed) in figures.items():
        others, rest = all_won - won, all_closed - closed
        z = z_of(others, rest, won, closed)
        if (
            name
            and min(closed, rest) >= SOURCE_CLOSED
            and z >= Z_BEST
            and others * closed > TIMES * won * rest
        ):
            worst.append((-z, name))
    for _z, name in sorted(worst):
        leads = [lead for lead in leads_of(q, "open") if lead.source == name]
        if leads:
            won, closed = figures[name]
            others, rest = all_won - won, all_closed - closed
            return of_leads(
                leads,
                ngettext(
                    "open lead comes from {source}, where {share} are won, {other} elsewhere",
                    "open leads come from {source}, where {share} are won, {other} elsewhere",
                    len(leads),
                ).format(source=name, share=f"{won / closed:.0%}", other=f"{others / rest:.0%}"),
                _("{won} of {closed} closed, {others} of {rest}, in 12 months").format(
                    won=f"{won:,}", closed=f"{closed:,}", others=f"{others:,}", rest=f"{rest:,}"
                ),
            )
    return None


# -- goals ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Outlook:
    """A goal with what its pace of the last 90 days makes likely: ``needed`` and ``likely`` in
    events (an amount in wins), ``events`` of the last 90 days behind it."""

    goal: GoalProgress
    events: int
    needed: float
    likely: float

    @property
    def reachable(self) -> bool:
        """Whether the pace can bring what is needed: events that come one by one scatter by the
        root of their number (Poisson)."""
        return self.needed <= self.likely + GOAL_Z * sqrt(self.likely)


def goal(q: Question, _year: Question) -> Result:
    """What to work on for a goal that is out of reach at the usual pace, else for one that is
    within reach. Goals of a day are left to the day."""
    outlooks: list[_Outlook] = []
    samples: list[int] = []  # of the goals without a pace
    for progress in goals.progress(q):
        if progress.unit != "day" and progress.missing and progress.left and progress.target:
            outlook = _outlook(progress)
            if isinstance(outlook, int):
                samples.append(outlook)
            else:
                outlooks.append(outlook)
    out = [x for x in outlooks if not x.reachable]
    within = [x for x in outlooks if x.reachable and x.goal.gone >= GOAL_GONE * x.goal.days]

    def share(x: _Outlook) -> float:
        return x.goal.missing / x.goal.target

    for outlook in (*sorted(out, key=share, reverse=True), *sorted(within, key=share)):
        finding = _of_goal(outlook)
        if finding is not None:
            return finding
    if samples and not outlooks:
        return TooFew(
            _("goals: {n} of at least {least} in 90 days").format(n=max(samples), least=GOAL_EVENTS)
        )
    return None


def _outlook(goal: GoalProgress) -> _Outlook | int:
    """What is likely; the number of events where they are too few to tell."""
    q = goal.question
    period = periods.period(BACK, q.today)
    needed = goal.missing
    if goal.kind in ("wins", "amount"):
        rates = goals.pace(q)
        events, needed = rates.wins, rates.wins_for(goal.kind, goal.missing)
    else:
        events = int(goals.done(q.over(period), goal.kind).value)
    if events < GOAL_EVENTS or not needed:
        return events
    active = sorted(n for n in q.reps or () if q.members[n].active)
    days = days_off.workdays(q.store, q.session.house.call_days, active)
    worked = days.between(period.first, period.last)
    return _Outlook(goal, events, needed, events * goal.left / max(worked, 1))


def _of_goal(outlook: _Outlook) -> Finding | None:
    goal = outlook.goal
    q, currency = goal.question, goal.question.session.currency

    def number(value: int) -> str:
        return money.full(value, currency) if goal.kind == "amount" else f"{value:,}"

    last = q.period.last
    words = _("{who} lacks {missing} of {target} {kind} by {day}, {reach}").format(
        who=goal.who,
        missing=number(goal.missing),
        target=number(goal.target),
        kind=_kind(goal.kind),
        day=f"{last.day} {month_name(last.month)}",
        reach=_("within reach at the usual pace")
        if outlook.reachable
        else _("out of reach at the usual pace"),
    )
    sample = _("from {n} {kind} in 90 days").format(
        n=f"{outlook.events:,}",
        kind=_kind("wins" if goal.kind == "amount" else goal.kind),
    )
    if goal.kind in ("calls", "leads"):
        return _waiting_or_calls(q, words, sample) or _open(q, words, sample)
    if goal.kind in ("wins", "amount"):
        due = [
            lead
            for lead in leads_of(q, "open")
            if lead.expected_close and q.last >= lead.expected_close
        ]
        if due:
            return of_leads(
                due,
                ngettext(
                    "open lead is expected by then: {words}",
                    "open leads are expected by then: {words}",
                    len(due),
                ).format(words=words),
                sample,
            )
    return _open(q, words, sample)


def _open(q: Question, words: str, sample: str) -> Finding | None:
    """The open leads."""
    leads = leads_of(q, "open")
    if not leads:
        return None
    return of_leads(
        leads,
        ngettext("open lead: {words}", "open leads: {words}", len(leads)).format(words=words),
        sample,
    )


def _kind(kind: str) -> str:
    return {
        "calls": _("calls"),
        "actions": _("actions"),
        "leads": _("new leads"),
        "wins": _("wins"),
        "amount": _("won"),
    }[kind]


# -- who is to be called -------------------------------------------------------------------------


def _waiting_or_calls(q: Question, words: str, sample: str) -> Finding | None:
    """The prospects that wait to be called; where there are none, the open leads whose next
    action is a call."""
    finding = _waiting(
        q,
        lambda n: ngettext("prospect waits: {words}", "prospects wait: {words}", n),
        {"words": words},
        sample,
    )
    if finding is not None:
        return finding
    numbers = {
        row[0]
        for row in q.store.rows("SELECT id FROM leads WHERE status = 'open' AND next_kind = 'call'")
    }
    leads = [lead for lead in leads_of(q, "open") if lead.id in numbers]
    if not leads:
        return None
    return of_leads(
        leads,
        ngettext(
            "open lead waits for a call: {words}", "open leads wait for a call: {words}", len(leads)
        ).format(words=words),
        sample,
    )


def _waiting(
    q: Question, pattern: Callable[[int], str], values: dict[str, str], sample: str
) -> Finding | None:
    """The prospects on lists in use that wait for a call: new ones, retries and callbacks; of
    narrowed reps only those that are for them or for anybody. The sentence is ``pattern`` of their
    number, filled with ``values``."""
    where = (
        " FROM prospects p JOIN lists li ON li.id = p.list_id WHERE li.archived = 0"
        " AND p.state IN ('new', 'retry', 'callback')"
    )
    params: list[int] = []
    if q.list_id is not None:
        where += " AND p.list_id = ?"
        params.append(q.list_id)
    if q.reps is not None:
        where += f" AND p.for_id IN ({', '.join('?' * (len(q.reps) + 1))})"
        params += [0, *sorted(q.reps)]
    store = q.store
    count = int(store.value(f"SELECT COUNT(*){where}", params) or 0)
    if not count:
        return None
    return Finding(
        count=count,
        ids=lambda: [
            row[0]
            for row in store.rows(f"SELECT p.id{where} ORDER BY p.list_id, p.line, p.id", params)
        ],
        kind="prospects",
        amount=None,
        sentence=pattern(count).format(**values),
        sample=sample,
    )
