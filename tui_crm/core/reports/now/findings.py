"""What a finding is, and the rules on leads: what is overdue, old, stuck, and where most is lost.

A rule takes a question, and the same one over the last 12 months, and gives a `Finding`; `TooFew`
when its sample is too small to tell; None when there is nothing to act on. Its threshold is a
constant here; the rule in words is in `report`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil, sqrt
from operator import itemgetter

from tui_crm.core.reports.ageing import won_cycle
from tui_crm.core.reports.lead_groups import Lead, days_between, group_leads, lead_columns, leads_of
from tui_crm.core.reports.question import Question
from tui_crm.core.reports.types import SMALL_SAMPLE, Ids, total
from tui_crm.core.text import _, ngettext

YEAR = "last-12m"  # the days that rules on leads look back: the question `year` of a rule
OLD_WINS = SMALL_SAMPLE
"""Wins of the last 12 months below which there is no median cycle to compare an age with."""
STUCK_STAYS = 20
"""Stays in a step that ended in going on, below which there is no quartile of them."""
LOSSES = 20
"""Leads lost in the last 12 months below which there is no step where most are lost."""
LOSS_SHARE = 1 / 3
"""The part of all losses that the step where most are lost must have to stand out."""


@dataclass(frozen=True)
class Finding:
    """A plain sentence with the leads or prospects to act on.

    ``count`` is how many, ``kind`` whether they are leads or prospects; ``ids`` gives their
    numbers, the ones with most money first; ``amount`` is their money in minor units (``None`` of
    prospects). ``sentence`` continues after the count; ``sample`` tells how many it was concluded
    from."""

    count: int
    ids: Ids
    kind: str
    amount: int | None
    sentence: str
    sample: str


@dataclass(frozen=True)
class TooFew:
    """A rule whose sample is too small, in words: ``2 of at least 5 wins``."""

    words: str


Result = Finding | TooFew | None


def of_leads(leads: Iterable[Lead], sentence: str, sample: str) -> Finding:
    """A finding about these leads."""
    order = sorted(leads, key=lambda lead: (-(lead.amount or 0), lead.id))
    numbers = tuple(lead.id for lead in order)
    return Finding(
        count=len(numbers),
        ids=lambda: numbers,
        kind="leads",
        amount=sum(lead.amount or 0 for lead in order),
        sentence=sentence,
        sample=sample,
    )


def z_of(part: int, whole: int, other: int, rest: int) -> float:
    """How many standard errors the share ``part / whole`` is above ``other / rest``: the
    two-proportion z with the pooled share; 0 where the normal curve is no good fit (fewer than
    five expected of either kind on either side)."""
    if not whole or not rest:
        return 0.0
    share = (part + other) / (whole + rest)
    if min(whole, rest) * min(share, 1 - share) < 5:
        return 0.0
    return (part / whole - other / rest) / sqrt(share * (1 - share) * (1 / whole + 1 / rest))


def upper_quartile(days: Sequence[int]) -> int:
    """The 75th percentile by nearest rank: at least three quarters are not longer."""
    return sorted(days)[ceil(0.75 * len(days)) - 1]


# -- the rules -----------------------------------------------------------------------------------


def overdue(q: Question, _year: Question) -> Result:
    """Open leads whose expected closing day is past."""
    today = q.today.isoformat()
    dated = [lead for lead in leads_of(q, "open") if lead.expected_close]
    late = [lead for lead in dated if (lead.expected_close or "") < today]
    if not late:
        return None
    return of_leads(
        late,
        ngettext(
            "lead was to close before today and is still open",
            "leads were to close before today and are still open",
            len(late),
        ),
        _("of {n} with a date").format(n=f"{len(dated):,}"),
    )


def old(q: Question, _year: Question) -> Result:
    """Open leads older than the median won cycle."""
    usual, wins = won_cycle(q)
    if usual is None or wins < OLD_WINS:
        return TooFew(_("age: {n} of at least {least} wins").format(n=wins, least=OLD_WINS))
    today = q.today.isoformat()
    older = [x for x in leads_of(q, "open") if days_between(x.created_on, today) > usual]
    if not older:
        return None
    return of_leads(
        older,
        ngettext(
            "open lead is older than the {days} days that a won one takes",
            "open leads are older than the {days} days that a won one takes",
            len(older),
        ).format(days=f"{usual:,g}"),
        _("median of {n} wins in 12 months").format(n=f"{wins:,}"),
    )


def stuck(q: Question, year: Question) -> Result:
    """Open leads in their step for longer than three quarters of those that went on from it."""
    steps = dict(q.store.rows("SELECT id, name FROM steps"))
    stays, arrived = _stays(q, year)
    limits = {
        step: upper_quartile(days) for step, days in stays.items() if len(days) >= STUCK_STAYS
    }
    if not limits:
        most = max(map(len, stays.values()), default=0)
        return TooFew(
            _("time in step: {n} of at least {least} stays").format(n=most, least=STUCK_STAYS)
        )
    today = q.today.isoformat()
    by_step: dict[int, list[Lead]] = {}
    for lead in leads_of(q, "open"):
        since, limit = arrived.get(lead.id), limits.get(lead.step_id)
        if since is not None and limit is not None and days_between(since, today) > limit:
            by_step.setdefault(lead.step_id, []).append(lead)
    leads = [lead for there in by_step.values() for lead in there]
    if not leads:
        return None
    order = sorted(by_step, key=lambda step: (-len(by_step[step]), step))
    where = ", ".join(
        _("{n} in {step} (over {days} d)").format(
            n=f"{len(by_step[step]):,}", step=steps[step], days=limits[step]
        )
        for step in order[:2]
    )
    elsewhere = sum(len(by_step[step]) for step in order[2:])
    if elsewhere:
        where += _(", {n} elsewhere").format(n=f"{elsewhere:,}")
    return of_leads(
        leads,
        ngettext(
            "lead stands longer in its step than three quarters of those that went on: {where}",
            "leads stand longer in their step than three quarters of those that went on: {where}",
            len(leads),
        ).format(where=where),
        _("from {n} stays").format(n=f"{sum(len(stays[step]) for step in by_step):,}"),
    )


def lossy(q: Question, year: Question) -> Result:
    """Open leads in the step where most are lost, with the commonest reason there."""
    lost = [
        x
        for x in group_leads(year, "given_up", "status", "step_id", "reason_id")
        if x.status == "lost"
    ]
    by_step: Counter[int] = Counter()
    for group in lost:
        by_step[group.step_id] += group.n
    every = total(lost)
    if every < LOSSES:
        return TooFew(_("losses: {n} of at least {least}").format(n=every, least=LOSSES))
    step, count = min(by_step.items(), key=lambda item: (-item[1], item[0]))
    there = [lead for lead in leads_of(q, "open") if lead.step_id == step]
    if count < LOSS_SHARE * every or not there:
        return None
    name = q.store.value("SELECT name FROM steps WHERE id = ?", (step,))
    sentence = ngettext(
        "open lead is in {step}, where most are lost: {n} of {all}",
        "open leads are in {step}, where most are lost: {n} of {all}",
        len(there),
    ).format(step=name, n=f"{count:,}", all=f"{every:,}")
    reasons = {x.reason_id: x.n for x in lost if x.step_id == step and x.reason_id is not None}
    if reasons:
        reason, often = min(reasons.items(), key=lambda item: (-item[1], item[0]))
        label = q.store.value("SELECT label FROM reasons WHERE id = ?", (reason,))
        sentence += _(", mostly: {reason} ({n})").format(reason=label, n=f"{often:,}")
    return of_leads(there, sentence, _("from {n} lost in 12 months").format(n=f"{every:,}"))


def _stays(q: Question, year: Question) -> tuple[dict[int, list[int]], dict[int, str]]:
    """By step the days of the stays that ended in a later step or in Won, and by open lead the
    day on which it last came to its step. Of the leads that are open or closed in the last 12
    months; a lead that came twice to a step stayed there twice."""
    step_of = {lead.id: lead.step_id for lead in leads_of(q, "open")}
    won_on = {  # the closing day of a won lead, "" of other closed ones
        number: day if status == "won" else ""
        for number, status, day in lead_columns(year, "closed", "id", "status", "closed_on")
    }
    places = {
        step: (pipeline, place)
        for place, (step, pipeline) in enumerate(
            q.store.rows("SELECT id, pipeline_id FROM steps ORDER BY pipeline_id, position, id")
        )
    }
    stays: dict[int, list[int]] = {}
    arrived: dict[int, str] = {}

    def add(lead: int, path: Sequence[tuple[int, str]]) -> None:
        for i, (step, day) in enumerate(path):
            here = places.get(step)
            if here is None:
                continue
            if i + 1 < len(path):
                following, left = path[i + 1]
                there = places.get(following)
                if there is not None and there[0] == here[0] and there[1] > here[1]:
                    stays.setdefault(step, []).append(max(days_between(day, left), 0))
            elif closed := won_on.get(lead):
                stays.setdefault(step, []).append(max(days_between(day, closed), 0))
            elif step == step_of.get(lead):
                arrived[lead] = day

    moves = q.store.each(
        "SELECT h.lead_id, h.became, h.on_day FROM history h WHERE h.field = 'step'"
        " AND h.became IS NOT NULL AND h.on_day <= ? AND h.lead_id IN (SELECT l.id FROM leads l"
        " WHERE l.status = 'open' OR l.closed_on >= ?) ORDER BY h.lead_id, h.id",
        (q.today.isoformat(), year.first),
    )
    for lead, steps in groupby(moves, itemgetter(0)):
        if lead in step_of or lead in won_on:
            path: list[tuple[int, str]] = []
            for _lead, became, day in steps:
                if not path or path[-1][0] != int(became):
                    path.append((int(became), day))
            add(lead, path)
    return stays, arrived
