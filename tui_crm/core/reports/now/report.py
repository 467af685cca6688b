"""What now: at most seven plain findings out of the figures, each opening what to act on.

Each finding comes from one rule (in `findings` and `findings_work`), which gives none when its
sample is too small. The period plays no part: it is about today, under the filters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tui_crm.core.dates import periods
from tui_crm.core.reports import hours
from tui_crm.core.reports.now import findings, findings_work
from tui_crm.core.reports.now.findings import Finding, Result, TooFew
from tui_crm.core.reports.question import Question
from tui_crm.core.reports.types import Cell, Column, Table, plain
from tui_crm.core.text import _

MOST = 7
"""Findings on the page: more are no plan for a day."""


@dataclass(frozen=True)
class Rule:
    """A rule and its words. ``rank`` is the urgency: 0 a day is set, 1 leads stand still, 2 ways of
    working."""

    rank: int
    title: Callable[[], str]
    words: Callable[[], str]
    find: Callable[[Question, Question], Result]


RULES: dict[str, Rule] = {
    "goal": Rule(
        0,
        lambda: _("goal"),
        lambda: _(
            "a goal of more than a day, not reached yet: out of reach when it lacks more than"
            " the pace of the last 90 days brings in the working days left, plus {z} times"
            " its square root; else within reach, said from half of the working days on;"
            " from at least {n} calls, actions, leads or wins in 90 days"
        ).format(z=findings_work.GOAL_Z, n=findings_work.GOAL_EVENTS),
        findings_work.goal,
    ),
    "overdue": Rule(
        0,
        lambda: _("overdue forecast"),
        lambda: _("open leads with an expected closing day before today"),
        findings.overdue,
    ),
    "old": Rule(
        1,
        lambda: _("old"),
        lambda: _(
            "open leads older than the median cycle of the leads won in the last 12 months,"
            " at least {n} of them"
        ).format(n=findings.OLD_WINS),
        findings.old,
    ),
    "stuck": Rule(
        1,
        lambda: _("stuck"),
        lambda: _(
            "open leads in their step for more days than the 75th percentile of the stays in"
            " it that ended in a later step or in Won, at least {n} stays, of the leads open"
            " or closed in the last 12 months"
        ).format(n=findings.STUCK_STAYS),
        findings.stuck,
    ),
    "loss": Rule(
        2,
        lambda: _("lost here"),
        lambda: _(
            "open leads in the step that most of the leads lost in the last 12 months stood"
            " on, a third of them or more, at least {n} lost in all"
        ).format(n=findings.LOSSES),
        findings.lossy,
    ),
    "hours": Rule(
        2,
        lambda: _("best hour"),
        lambda: _(
            "prospects that wait to be called (none: leads whose next action is a call),"
            " when the hour in which most calls reach somebody, of the hours with at least"
            " {n} calls in the last 90 days, is {z} standard errors above the others"
            " (two-proportion z)"
        ).format(n=hours.LEAST_CALLS, z=findings_work.Z_BEST),
        findings_work.hour,
    ),
    "unpaid": Rule(
        2,
        lambda: _("does not pay"),
        lambda: _(
            "prospects that wait on the list that takes more than {times} times the calls a"
            " lead of the others, at least {calls} calls on both sides in the last 90 days;"
            " else open leads of the source with less than half the win rate of the others,"
            " at least {closed} won or lost on both sides in the last 12 months; {z}"
            " standard errors apart (two-proportion z)"
        ).format(
            times=findings_work.TIMES,
            calls=findings_work.LIST_CALLS,
            closed=findings_work.SOURCE_CLOSED,
            z=findings_work.Z_BEST,
        ),
        findings_work.unpaid,
    ),
}


def compute(q: Question, only: str = "") -> Table:
    """One row for each finding, the most urgent first; with ``only`` that of one rule. ``formulas``
    also has each rule under the key of its row."""
    findings_by_rule: list[tuple[str, Finding]] = []
    too_few: list[str] = []
    year = q.over(periods.period(findings.YEAR, q.today))  # read once for all rules
    for name, rule in RULES.items():
        if only not in ("", name):
            continue
        result = rule.find(q, year)
        if isinstance(result, Finding):
            findings_by_rule.append((name, result))
        elif isinstance(result, TooFew):
            too_few.append(result.words)
    findings_by_rule.sort(key=lambda pair: (RULES[pair[0]].rank, -(pair[1].amount or 0)))
    shown = findings_by_rule[:MOST]
    columns = (
        Column("finding", _("finding"), "text"),
        Column("leads", _("to act on"), "count"),
        Column("at_stake", _("at stake"), "money"),
        Column("sentence", _("what"), "text"),
        Column("sample", _("sample"), "text"),
    )
    return Table(
        columns=columns,
        rows=[
            (
                name,
                {
                    "finding": plain(RULES[name].title()),
                    "leads": Cell(x.count, x.ids, kind=x.kind),
                    "at_stake": Cell(
                        x.amount, x.ids if x.amount is not None else None, kind=x.kind
                    ),
                    "sentence": plain(x.sentence),
                    "sample": plain(x.sample),
                },
            )
            for name, x in shown
        ],
        totals={**{column.key: plain(None) for column in columns}, "leads": _all_leads(shown)},
        notes=[_("Too little to say yet: {what}.").format(what="; ".join(too_few))]
        if too_few
        else [],
        formulas={
            "leads": _(
                "the open leads, or the prospects, that the finding counts; in the total the"
                " leads, each once, without the prospects"
            ),
            "at_stake": _("sum of the amounts of these leads; one without amount adds 0"),
            "sentence": _(
                "in the order of urgency: where a day is set (goals, overdue dates), what"
                " stands still, ways of working; the most money first"
            ),
            **{name: rule.words() for name, rule in RULES.items()},
        },
    )


def _all_leads(shown: list[tuple[str, Finding]]) -> Cell:
    """The leads of all findings, each once."""
    numbers = tuple(dict.fromkeys(n for _name, x in shown if x.kind == "leads" for n in x.ids()))
    return Cell(len(numbers), lambda: numbers)
