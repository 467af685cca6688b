"""Pipeline: who entered each step in the period, who went on, who stayed, who was lost there."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from tui_crm.core.reports.facts import Lead, days_between
from tui_crm.core.reports.question import Question
from tui_crm.core.reports.types import Cell, Cells, Column, Rate, Table, count, numbers, plain
from tui_crm.core.reports.types import amount as amount_cell
from tui_crm.core.text import _, ngettext


class _Step(NamedTuple):
    id: int
    pipeline_id: int
    name: str
    place: int
    pipeline: str
    retired: int


class _Entry(NamedTuple):
    """A lead's first entry into a step: the day, the day it left or closed there (``None``: it
    still stands there), and whether it later reached a later step or Won."""

    lead: Lead
    day: str
    left: str | None
    went_on: bool


def compute(q: Question) -> Table:
    """One row for each step, in the order of the pipelines."""
    steps = _steps(q)
    entries = _entries(q, steps)
    several = len({step.pipeline_id for step in steps if not step.retired}) > 1
    rows, more = [], []
    everything: list[_Entry] = []
    for step in steps:
        found = [entry for entry in entries.get(step.id, []) if q.has(entry.day)]
        if step.retired and not found:
            continue
        label = f"{step.pipeline}: {step.name}" if several else step.name
        key = f"{step.pipeline}/{step.name}"
        rows.append((key, {"step": plain(label), **_cells(found)}))
        more.append((key, {"step": plain(label), **_more(found, q)}))
        everything += found
    notes = [_("Pending are still open: they count as neither gone on nor lost.")]
    moved = len({entry.lead.id for step in steps for entry in entries.get(step.id, [])
                 if q.has(entry.day) and entry.lead.pipeline_id != step.pipeline_id})  # fmt: skip
    if moved:
        notes.append(
            ngettext("{n} lead stands in another pipeline by now.",
                     "{n} leads stand in another pipeline by now.", moved).format(n=moved)
        )  # fmt: skip
    return Table(
        (
            Column("step", _("step"), "text"),
            Column("entered", _("entered"), "count"),
            Column("converted", _("went on"), "count"),
            Column("pending", _("pending"), "count"),
            Column("lost_here", _("lost"), "count"),
            Column("conversion", _("conversion"), "rate"),
            Column("median_days", _("median stay"), "days"),
        ),
        rows,
        {"step": plain(None), **_cells(_first_of_each(everything))},
        notes,
        {
            "entered": _("leads whose first entry into the step is in the period; in the total,"
                         " leads with a first entry into any step, by their first in it"),
            "converted": _("entered in the period and later reached any later step of the pipeline"
                           " or Won; a step skipped counts as passed, moving back takes nothing"),
            "pending": _("entered, open, and not gone on"),
            "lost_here": _("entered, lost or cancelled, and not gone on"),
            "conversion": _("entered the step in the period and later reached a later step or Won"
                            " / entered it in the period"),
            "median_days": _("median of the completed stays, in days from first entry to leaving"
                             " the step or closing on it"),
        },
        Table(
            (
                Column("step", _("step"), "text"),
                Column("so_far_days", _("so far"), "days"),
                Column("still_there", _("still there"), "count"),
                Column("won", _("won by now"), "count"),
                Column("won_amount", _("won amount"), "money"),
            ),
            more,
            {"step": plain(None), **_more(_first_of_each(everything), q)},
            (),
            {
                "so_far_days": _("median of the stays not completed, in days until today"),
                "still_there": _("entered in the period and never left the step since"),
                "won": _("entered in the period and Won by now"),
                "won_amount": _("sum of the amounts of those won by now"),
            },
        ),
    )  # fmt: skip


def _first_of_each(entries: Sequence[_Entry]) -> list[_Entry]:
    """One entry for each lead: the one into the earliest step it entered in the period."""
    found: dict[int, _Entry] = {}
    for entry in entries:  # in the order of the steps
        found.setdefault(entry.lead.id, entry)
    return list(found.values())


def _cells(entries: Sequence[_Entry]) -> Cells:
    all_leads = [entry.lead for entry in entries]
    went_on = [entry.lead for entry in entries if entry.went_on]
    others = [entry.lead for entry in entries if not entry.went_on]
    pending = [lead for lead in others if lead.status == "open"]
    stays = [entry for entry in entries if entry.left is not None]
    days = [days_between(entry.day, entry.left or "") for entry in stays]
    return {
        "entered": count(all_leads),
        "converted": count(went_on),
        "pending": count(pending),
        "lost_here": count([lead for lead in others if lead.status != "open"]),
        "conversion": Cell(
            Rate(len(went_on), len(entries)), numbers(all_leads), n=len(went_on), d=len(entries)
        ),
        "median_days": Cell(
            median(days) if days else None, numbers([entry.lead for entry in stays]), d=len(days),
            left_out=lambda: [
                (entry.lead.id, _("still there")) for entry in entries if entry.left is None
            ],
        ),
    }  # fmt: skip


def _more(entries: Sequence[_Entry], q: Question) -> Cells:
    there = [entry for entry in entries if entry.left is None]
    days = [days_between(entry.day, q.today.isoformat()) for entry in there]
    won = [entry.lead for entry in entries if entry.lead.status == "won"]
    still = [entry.lead for entry in there]
    return {
        "so_far_days": Cell(median(days) if days else None, numbers(still), d=len(days)),
        "still_there": count(still),
        "won": count(won),
        "won_amount": amount_cell(won),
    }


def _steps(q: Question) -> list[_Step]:
    rows = q.store.rows(
        "SELECT s.id, s.pipeline_id, s.name, p.name, s.retired + p.retired FROM steps s"
        " JOIN pipelines p ON p.id = s.pipeline_id"
        " ORDER BY p.position, p.id, s.position, s.id"
    )
    return [
        _Step(number, pipeline, name, place, whose, retired)
        for place, (number, pipeline, name, whose, retired) in enumerate(rows)
        if q.pipeline in (None, pipeline)
    ]


def _entries(q: Question, steps: Sequence[_Step]) -> dict[int, list[_Entry]]:
    """The first entries into each step, of the leads that moved at all in the period."""
    by_id = {step.id: step for step in steps}
    # A lead may have left the pipeline asked for and still have entered its steps: not narrowed.
    leads = {
        lead.id: lead
        for lead in _any_pipeline(q)
        if q.wants(lead.owner_id if lead.status == "open" else lead.closed_owner_id)
    }
    last = min(q.last, q.today.isoformat())
    found: dict[int, list[_Entry]] = {}
    walk: list[tuple[int, str]] = []
    lead_id = None
    for who, became, day in q.store.each(
        "SELECT lead_id, became, on_day FROM history WHERE field = 'step' AND became IS NOT NULL"
        " AND on_day <= ? AND lead_id IN (SELECT lead_id FROM history WHERE field = 'step'"
        " AND on_day >= ? AND on_day <= ?) ORDER BY lead_id, id",
        (q.today.isoformat(), q.first, last),
    ):
        if who != lead_id:
            _walked(leads.get(lead_id or 0), walk, by_id, found)
            lead_id, walk = who, []
        walk.append((int(became), day))
    _walked(leads.get(lead_id or 0), walk, by_id, found)
    return found


def _any_pipeline(q: Question) -> list[Lead]:
    from dataclasses import replace

    moved = (
        "l.id IN (SELECT lead_id FROM history WHERE field = 'step' AND on_day >= ? AND on_day <= ?)"
    )
    return replace(q, pipeline=None).leads(moved, (q.first, q.last))


def _walked(
    lead: Lead | None, walk: Sequence[tuple[int, str]], steps: dict[int, _Step],
    found: dict[int, list[_Entry]],
) -> None:  # fmt: skip
    """Note the first entries of one lead, given the steps it was on in their order."""
    if lead is None:
        return
    seen: set[int] = set()
    for i, (number, day) in enumerate(walk):
        step = steps.get(number)
        if number in seen or step is None:
            continue
        seen.add(number)
        later = [steps[after] for after, _day in walk[i + 1 :] if after in steps]
        went_on = lead.status == "won" or any(
            after.pipeline_id == step.pipeline_id and after.place > step.place for after in later
        )
        left = next((d for after, d in walk[i + 1 :] if after != number), lead.closed_on)
        found.setdefault(number, []).append(_Entry(lead, day, left, went_on))


