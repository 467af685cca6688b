"""Company: what was created, won and lost, period by period, and how the money won grew."""

from __future__ import annotations

from collections.abc import Sequence

from tui_crm.core.dates import periods
from tui_crm.core.reports import closings
from tui_crm.core.reports.closings import by_status
from tui_crm.core.reports.lead_groups import Group, group_leads, split
from tui_crm.core.reports.question import Question
from tui_crm.core.reports.types import Cell, Column, Rate, Table, amount, ids_of, plain
from tui_crm.core.text import _


def compute(q: Question) -> Table:
    """One row for each part of the period."""
    all_created = group_leads(q, "created", "part", money=True)
    all_closed = group_leads(q, "closed", "part", "status", "cycle", money=True)
    created, closed = split(all_created, "part"), split(all_closed, "part")
    return Table(
        columns=(
            *closings.columns(Column("period", _("period"), "text")),
            Column("growth", _("growth"), "change"),
        ),
        rows=[
            (
                part.label,
                {
                    "period": plain(part.label),
                    **closings.cells(created.get(place, []), closed.get(place, [])),
                    "growth": _growth(q, place, closed),
                },
            )
            for place, part in enumerate(q.buckets)
        ],
        totals={
            "period": plain(q.period.label),
            **closings.cells(all_created, all_closed),
            "growth": plain(None),
        },
        notes=closings.notes(all_closed),
        formulas={
            **closings.formulas(),
            "growth": _(
                "(amount won - that of the row before) / that of the row before; the running"
                " period against the same number of days of the one before"
            ),
        },
    )


def _growth(q: Question, place: int, closed: dict[int, list[Group]]) -> Cell:
    """How the amount won in a part of the period grew against the part before; nothing for the
    first part and for those that have not begun."""
    part = q.buckets[place]
    if not place or part.first > q.today:
        return plain(None)
    won = by_status(closed.get(place, []))[0]
    before: Sequence[Group] = by_status(closed.get(place - 1, []))[0]
    if periods.running(part, q.today):
        same_days = periods.cut(q.buckets[place - 1], periods.elapsed(part, q.today))
        before = group_leads(q.over(same_days), "won", money=True)
    was = amount(before).value
    change = amount(won).value - was
    return Cell(Rate(change, was), lambda: ids_of([*won, *before]), n=change, d=was)
