"""How sure a forecast is: what came of the last forecasts of its length, out of the past as it
stood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from tui_crm.core.dates import periods
from tui_crm.core.dates.periods import Period
from tui_crm.core.reports import past
from tui_crm.core.reports.lead_groups import group_leads
from tui_crm.core.reports.question import Question

FORECASTS = 12
"""Forecasts of one length that are looked back at."""
LEAST = 6
"""Forecasts that something was expected of below which there is no saying."""
LOW, HIGH = Fraction(1, 10), Fraction(9, 10)


def shares(q: Question, part: Period) -> tuple[Fraction, Fraction] | None:
    """The 10th and 90th percentile of won in the period / weighted at its start, over the last
    `FORECASTS` periods as long as ``part`` that are over; None below `LEAST` of them."""
    if part.unit == "all":
        return None
    spans = _before(q, _whole(part))
    return q.once(("forecasts", spans), lambda: _percentiles(_came(q, spans)))


def _whole(part: Period) -> Period:
    """A part of a period as its days, where it is cut and no whole month."""
    if part.unit in periods.UNITS:
        whole = periods.of(part.first, part.unit)
        if (whole.first, whole.last) != (part.first, part.last):
            return replace(part, unit="days")
    return part


def _before(q: Question, part: Period) -> tuple[Period, ...]:
    """The last periods of that length that are over, the newest first, back to the first lead."""
    sql = "SELECT MIN(created_on) FROM leads WHERE created_on <> ''"
    begin = q.once("first lead", lambda: q.store.value(sql))
    spans: list[Period] = []
    span = part
    while begin and len(spans) < FORECASTS and span.first.isoformat() > begin:
        span = periods.previous(span)
        if span.last < q.today:
            spans.append(span)
    return tuple(spans)


def _percentiles(came: Sequence[Fraction]) -> tuple[Fraction, Fraction] | None:
    if len(came) < LEAST:
        return None
    ordered = sorted(came)
    return _percentile(ordered, LOW), _percentile(ordered, HIGH)


def _percentile(ordered: Sequence[Fraction], at: Fraction) -> Fraction:
    """A percentile by straight lines between the values."""
    place = at * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _came(q: Question, spans: Sequence[Period]) -> list[Fraction]:
    """What came of the forecast at the start of each span: won in it / weighted at its start;
    those of which nothing was expected are left out."""
    if not spans:
        return []
    won = [0] * len(spans)
    whole = Period("", spans[-1].first, spans[0].last)
    for group in group_leads(q.over(whole), "won", "closed_on", money=True):
        day = date.fromisoformat(group.closed_on)
        for place, span in enumerate(spans):
            if day in span:
                won[place] += group.amount or 0
    weights = _weights(q, spans)
    return [Fraction(100 * w, weight) for w, weight in zip(won, weights, strict=True) if weight]


def _weights(q: Question, spans: Sequence[Period]) -> list[int]:
    """Amount x percent of the leads that were open and expected in each span when it began."""
    percents: dict[int, int] = {}
    pipelines: dict[int, int] = {}
    for step, pipeline, percent in q.store.rows("SELECT id, pipeline_id, probability FROM steps"):
        percents[step], pipelines[step] = percent, pipeline
    starts = {(span.first - timedelta(days=1)).isoformat(): n for n, span in enumerate(spans)}
    weights = [0] * len(spans)
    condition, values = replace(q, pipeline=None).lead_condition()
    for day, lead in past.expected(q.store, list(starts), condition, values):
        place = starts[day]
        span = spans[place]
        if not span.first.isoformat() <= lead.expected_close <= span.last.isoformat():
            continue
        if not q.includes(lead.owner_id):
            continue
        if q.pipeline is not None and pipelines.get(lead.step_id) != q.pipeline:
            continue
        own = lead.probability
        percent = percents.get(lead.step_id, 0) if own is None else own
        weights[place] += (lead.amount or 0) * percent
    return weights
