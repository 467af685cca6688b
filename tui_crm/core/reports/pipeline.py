"""Pipeline: the leads that entered each step in the period, went on, stayed or were lost there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from tui_crm.core.reports.lead_groups import day_number
from tui_crm.core.reports.question import Question
from tui_crm.core.reports.types import (
    Cells,
    Column,
    Table,
    amount,
    count,
    ids_of,
    median_of,
    plain,
    rate,
)
from tui_crm.core.text import _, ngettext


class _Step(NamedTuple):
    id: int
    pipeline_id: int
    name: str
    pipeline: str
    retired: bool


class _Stay(NamedTuple):
    """What became of a lead after its first entry into a step. ``days`` run until it left the step
    or closed there, else (``still_there``) until today."""

    days: int
    still_there: bool
    went_on: bool  # later in a later step, or won
    status: str  # of the lead now
    elsewhere: bool  # in another pipeline by now


class _StayGroup:
    """The leads whose stays in a step are alike: a `LeadSet` that was counted one by one."""

    def __init__(self, stay: _Stay) -> None:
        self.stay = stay
        self.leads: list[int] = []
        self.unpriced_leads: list[int] = []
        self.amount = 0

    def add(self, lead: int, amount: int | None) -> None:
        """One more lead with this stay."""
        self.leads.append(lead)
        if amount:
            self.amount += amount
        else:
            self.unpriced_leads.append(lead)

    @property
    def n(self) -> int:
        return len(self.leads)

    @property
    def unpriced(self) -> int:
        return len(self.unpriced_leads)

    @property
    def of(self) -> _StayGroup:
        return self

    def ids(self, _groups: Iterable[Any], priced: bool | None = None) -> list[int]:
        """Its leads; see `LeadSource.ids`."""
        if priced is False:
            return self.unpriced_leads
        return sorted(set(self.leads) - set(self.unpriced_leads)) if priced else self.leads


def compute(q: Question) -> Table:
    """One row for each step, in the order of the pipelines."""
    steps = _steps(q)
    by_step, firsts = _stays(q, steps)
    several = len({step.pipeline_id for step in steps if not step.retired}) > 1
    rows, second_rows = [], []
    for step in steps:
        stays = by_step.get(step.id, [])
        if step.retired and not stays:
            continue
        label = f"{step.pipeline}: {step.name}" if several else step.name
        key = f"{step.pipeline}/{step.name}"
        rows.append((key, {"step": plain(label), **_cells(stays)}))
        second_rows.append((key, {"step": plain(label), **_second_cells(stays)}))
    notes = [_("Pending are still open: they count as neither gone on nor lost.")]
    moved = len(
        {
            lead
            for stays in by_step.values()
            for group in stays
            if group.stay.elsewhere
            for lead in group.leads
        }
    )
    if moved:
        notes.append(
            ngettext(
                "{n} lead stands in another pipeline by now.",
                "{n} leads stand in another pipeline by now.",
                moved,
            ).format(n=moved)
        )
    return Table(
        columns=(
            Column("step", _("step"), "text"),
            Column("entered", _("entered"), "count"),
            Column("converted", _("went on"), "count"),
            Column("pending", _("pending"), "count"),
            Column("lost_here", _("lost"), "count"),
            Column("conversion", _("conversion"), "rate"),
            Column("median_days", _("median stay"), "days"),
        ),
        rows=rows,
        totals={"step": plain(None), **_cells(firsts)},
        notes=notes,
        formulas={
            "entered": _(
                "leads whose first entry into the step is in the period; in the total,"
                " leads with a first entry into any step, by their first in it"
            ),
            "converted": _(
                "entered in the period and later reached any later step of the pipeline"
                " or Won; a step skipped counts as passed, moving back takes nothing"
            ),
            "pending": _("entered, open, and not gone on"),
            "lost_here": _("entered, lost or cancelled, and not gone on"),
            "conversion": _(
                "entered the step in the period and later reached a later step or Won"
                " / entered it in the period"
            ),
            "median_days": _(
                "median of the completed stays, in days from first entry to leaving"
                " the step or closing on it"
            ),
        },
        more=(
            Table(
                columns=(
                    Column("step", _("step"), "text"),
                    Column("so_far_days", _("so far"), "days"),
                    Column("still_there", _("still there"), "count"),
                    Column("won", _("won by now"), "count"),
                    Column("won_amount", _("won amount"), "money"),
                ),
                rows=second_rows,
                totals={"step": plain(None), **_second_cells(firsts)},
                formulas={
                    "so_far_days": _("median of the stays not completed, in days until today"),
                    "still_there": _("entered in the period and never left the step since"),
                    "won": _("entered in the period and Won by now"),
                    "won_amount": _("sum of the amounts of those won by now"),
                },
                name="by_now",
            ),
        ),
    )


def _cells(stays: Sequence[_StayGroup]) -> Cells:
    went_on = [group for group in stays if group.stay.went_on]
    others = [group for group in stays if not group.stay.went_on]
    still_there = [group for group in stays if group.stay.still_there]
    completed = median_of([group for group in stays if not group.stay.still_there], _days)
    return {
        "entered": count(stays),
        "converted": count(went_on),
        "pending": count([group for group in others if group.stay.status == "open"]),
        "lost_here": count([group for group in others if group.stay.status != "open"]),
        "conversion": rate(went_on, others),
        "median_days": replace(
            completed, left_out=lambda: [(n, _("still there")) for n in ids_of(still_there)]
        ),
    }


def _second_cells(stays: Sequence[_StayGroup]) -> Cells:
    still_there = [group for group in stays if group.stay.still_there]
    won = [group for group in stays if group.stay.status == "won"]
    return {
        "so_far_days": median_of(still_there, _days),
        "still_there": count(still_there),
        "won": count(won),
        "won_amount": amount(won),
    }


def _days(group: _StayGroup) -> int:
    return group.stay.days


def _steps(q: Question) -> list[_Step]:
    """The steps of the pipelines of the question, in their order."""
    steps = q.store.read(
        _Step,
        "SELECT s.id, s.pipeline_id, s.name, p.name, s.retired + p.retired FROM steps s"
        " JOIN pipelines p ON p.id = s.pipeline_id"
        " ORDER BY p.position, p.id, s.position, s.id",
    )
    return [step for step in steps if q.pipeline in (None, step.pipeline_id)]


def _stays(
    q: Question, steps: Sequence[_Step]
) -> tuple[dict[int, list[_StayGroup]], list[_StayGroup]]:
    """The stays that began with a first entry in the period, by step; and of each lead the one in
    the earliest step that it entered in the period."""
    by_name = {str(step.id): (place, step) for place, step in enumerate(steps)}
    groups: dict[int, dict[_Stay, _StayGroup]] = {step.id: {} for step in steps}
    firsts: dict[_Stay, _StayGroup] = {}
    first, last, today = q.first, q.last, day_number(q.today.isoformat())
    for lead, moves in groupby(_moves(q), itemgetter(0)):
        # By columns, not as an object for each of a million moves: a third of the time.
        _lead, names, days, (status, *_), (closed_on, *_), (money, *_), (pipeline, *_) = zip(
            *moves, strict=True
        )
        seen: set[str] = set()
        earliest: tuple[int, _Stay] | None = None
        for after, (name, day) in enumerate(zip(names, days, strict=True), 1):
            if name in seen:
                continue
            seen.add(name)
            if name not in by_name or not first <= day <= last:
                continue
            place, step = by_name[name]
            went_on, left = status == "won", None
            for later in range(after, len(names)):
                if left is None and names[later] != name:
                    left = days[later]
                there = by_name.get(names[later])
                if (
                    there is not None
                    and there[0] > place
                    and there[1].pipeline_id == step.pipeline_id
                ):
                    went_on = True
            left = left or closed_on
            stay = _Stay(
                (day_number(left) if left else today) - day_number(day),
                left is None,
                went_on,
                status,
                pipeline != step.pipeline_id,
            )
            _group(groups[step.id], stay).add(lead, money)
            if earliest is None or place < earliest[0]:
                earliest = place, stay
        if earliest is not None:
            _group(firsts, earliest[1]).add(lead, money)
    return {step: list(alike.values()) for step, alike in groups.items()}, list(firsts.values())


def _group(groups: dict[_Stay, _StayGroup], stay: _Stay) -> _StayGroup:
    group = groups.get(stay)
    if group is None:
        group = groups[stay] = _StayGroup(stay)
    return group


def _moves(q: Question) -> Iterator[tuple[Any, ...]]:
    """The moves of the leads that moved in the period, lead by lead in the order of moving: lead,
    step (the text that the history keeps), day; and the lead's status now, its closing day, its
    amount in minor units, its pipeline."""
    # A lead may have left the pipeline of the question and still have entered its steps.
    where, values = replace(q, pipeline=None).lead_condition()
    if q.reps is not None:
        where += (
            " AND CASE WHEN l.status = 'open' THEN l.owner_id ELSE l.closed_owner_id END"
            f" IN ({', '.join('?' * len(q.reps)) or 'NULL'})"
        )
        values = (*values, *sorted(q.reps))
    today = q.today.isoformat()
    return q.store.each(
        "SELECT h.lead_id, h.became, h.on_day, l.status, l.closed_on, l.amount, l.pipeline_id"
        f" FROM history h JOIN {q.table} l ON l.id = h.lead_id"
        f" WHERE h.field = 'step' AND h.became IS NOT NULL AND h.on_day <= ? AND {where}"
        " AND h.lead_id IN (SELECT lead_id FROM history WHERE field = 'step' AND on_day >= ?"
        " AND on_day <= ?) ORDER BY h.lead_id, h.id",
        (today, *values, q.first, min(q.last, today)),
    )
