"""The rules on work: goals in reach and out of it, hours when people answer, what does not pay.

See `findings` for what a rule is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

from tui_crm.core import money
from tui_crm.core.dates import periods
from tui_crm.core.dates.labels import month_name
from tui_crm.core.reports import goals, hours
from tui_crm.core.reports.goals import BACK, HeaderCache
from tui_crm.core.reports.lead_groups import Lead
from tui_crm.core.reports.lists import by_list
from tui_crm.core.reports.now.findings import Finding, Found, Silent, of_leads, z_of
from tui_crm.core.reports.question import Question
from tui_crm.core.team import days_off
from tui_crm.core.text import _, ngettext

Z_BEST = 2.576
"""Standard errors that a difference must have when the best of several is picked: 99 %, since
with 95 % one of a dozen hours would stand out by chance in every second store."""
HOUR_CALLS = 30
"""Calls in an hour of the day in the last 90 days from which on its rate is looked at."""
LIST_CALLS = 100
"""Calls on a list, and on all the others, in the last 90 days from which on they are compared."""
SOURCE_CLOSED = 20
"""Leads of a source, and of all the others, won or lost in the last 12 months from which on they
are compared."""
TIMES = 2
"""So many times worse than the others: then a list or a source does not pay."""
GOAL_EVENTS = 5
"""Calls, actions, leads or wins of the last 90 days from which on they say what the pace is."""
GOAL_GONE = 1 / 2
"""The part of a period's working days that is gone before a goal is said to be within reach."""
GOAL_Z = 1.645
"""Standard deviations above the pace that are out of reach: one time of twenty it is more."""


def hour(q: Question, _year: Question) -> Found:
    """Prospects that wait to be called, when in one hour more answer than in the others."""
    calls: dict[int, int] = {}
    reached: dict[int, int] = {}
    for _key, cells in hours.compute(q.over(periods.period(BACK, q.today))).rows:
        at = cells["hour"].value
        calls[at] = calls.get(at, 0) + cells["calls"].value
        reached[at] = reached.get(at, 0) + cells["reached"].value
    full = [at for at in calls if calls[at] >= HOUR_CALLS]
    if not full:
        return Silent(
            _("hours: {n} of at least {least} calls in one").format(
                n=max(calls.values(), default=0), least=HOUR_CALLS
            )
        )
    best = max(full, key=lambda at: (reached[at] / calls[at], -at))
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


def unpaid(q: Question, year: Question) -> Found:
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
        found = _waiting(
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
        if found is not None:
            return found
    return None


def _source(q: Question, year: Question) -> Finding | None:
    figures: dict[str, list[int]] = {}
    for group in year.leads("closed", "status", "source"):
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
        leads = [lead for lead in q.open_leads if lead.source == name]
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
    """A goal with what its pace of the last 90 days makes likely: ``wanted`` and ``likely`` in
    events (an amount in wins), ``events`` of the last 90 days behind it."""

    standing: HeaderCache
    events: int
    wanted: float
    likely: float

    @property
    def reachable(self) -> bool:
        """Events that come one by one scatter by the root of their number (Poisson)."""
        return self.wanted <= self.likely + GOAL_Z * sqrt(self.likely)


def goal(q: Question, _year: Question) -> Found:
    """What to work on for a goal that is out of reach at the usual pace, else for one that is
    within reach. Goals of a day are left to the day."""
    found = [
        standing
        for standing in goals.standings(q)
        if standing.unit != "day" and standing.missing and standing.left and standing.target
    ]
    seen = [(standing, _outlook(standing)) for standing in found]
    outlooks = [outlook for _s, outlook in seen if isinstance(outlook, _Outlook)]
    out = [x for x in outlooks if not x.reachable]
    within = [x for x in outlooks if x.reachable and x.standing.gone >= GOAL_GONE * x.standing.days]

    def share(x: _Outlook) -> float:
        return x.standing.missing / x.standing.target

    for outlook in (*sorted(out, key=share, reverse=True), *sorted(within, key=share)):
        shown = _said(outlook)
        if shown is not None:
            return shown
    counted = [n for _s, n in seen if isinstance(n, int)]
    if counted and not outlooks:
        return Silent(
            _("goals: {n} of at least {least} in 90 days").format(n=max(counted), least=GOAL_EVENTS)
        )
    return None


def _outlook(standing: HeaderCache) -> _Outlook | int:
    """What is likely; the number of events where they are too few to say."""
    q = standing.question
    part = periods.period(BACK, q.today)
    back = q.over(part)
    wanted = standing.missing
    if standing.kind in ("wins", "amount"):
        rates = goals.pace(q)
        events, wanted = rates.wins, rates.wins_for(standing.kind, standing.missing)
    else:
        events = int(goals.done(back, standing.kind).value)
    if events < GOAL_EVENTS or not wanted:
        return events
    active = sorted(n for n in q.reps or () if q.members[n].active)
    days = days_off.workdays(q.store, q.session.house.call_days, active)
    worked = days.between(part.first, part.last)
    return _Outlook(standing, events, wanted, events * standing.left / max(worked, 1))


def _said(outlook: _Outlook) -> Finding | None:
    standing = outlook.standing
    q, currency = standing.question, standing.question.session.currency

    def number(value: int) -> str:
        return money.full(value, currency) if standing.kind == "amount" else f"{value:,}"

    last = q.period.last
    words = _("{who} lacks {missing} of {target} {kind} by {day}, {reach}").format(
        who=standing.who,
        missing=number(standing.missing),
        target=number(standing.target),
        kind=_kind(standing.kind),
        day=f"{last.day} {month_name(last.month)}",
        reach=_("within reach at the usual pace")
        if outlook.reachable
        else _("out of reach at the usual pace"),
    )
    sample = _("from {n} {kind} in 90 days").format(
        n=f"{outlook.events:,}",
        kind=_kind("wins" if standing.kind == "amount" else standing.kind),
    )
    if standing.kind in ("calls", "leads"):
        return _waiting_or_calls(q, words, sample) or _open(q, words, sample)
    if standing.kind in ("wins", "amount"):
        due = [
            lead for lead in q.open_leads if lead.expected_close and q.last >= lead.expected_close
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
    leads: Sequence[Lead] = q.open_leads
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
    found = _waiting(
        q,
        lambda n: ngettext("prospect waits: {words}", "prospects wait: {words}", n),
        {"words": words},
        sample,
    )
    if found is not None:
        return found
    numbers = {
        row[0]
        for row in q.store.rows("SELECT id FROM leads WHERE status = 'open' AND next_kind = 'call'")
    }
    leads = [lead for lead in q.open_leads if lead.id in numbers]
    if not leads:
        return None
    return of_leads(
        leads,
        ngettext(
            "open lead waits for a call: {words}", "open leads wait for a call: {words}", len(leads)
        ).format(words=words),
        sample,
    )


def _waiting(q: Question, pattern: Any, values: dict[str, str], sample: str) -> Finding | None:
    """The prospects on lists in use that wait for a call: new ones, retries and callbacks, those
    handed to somebody only where that one is asked for."""
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
        count,
        lambda: [
            row[0]
            for row in store.rows(f"SELECT p.id{where} ORDER BY p.list_id, p.line, p.id", params)
        ],
        "prospects",
        None,
        pattern(count).format(**values),
        sample,
    )
