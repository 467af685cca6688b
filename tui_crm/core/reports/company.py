"""Company: what was created, won and lost, period by period."""

from __future__ import annotations

from tui_crm.core.reports import closings
from tui_crm.core.reports.lead_groups import group_leads, split
from tui_crm.core.reports.question import Question
from tui_crm.core.reports.types import Column, Table, plain
from tui_crm.core.text import _


def compute(q: Question) -> Table:
    """One row for each part of the period."""
    all_created = group_leads(q, "created", "part")
    all_closed = group_leads(q, "closed", "part", "status", "cycle", money=True)
    created, closed = split(all_created, "part"), split(all_closed, "part")
    return Table(
        columns=closings.columns(Column("period", _("period"), "text")),
        rows=[
            (
                part.label,
                {
                    "period": plain(part.label),
                    **closings.cells(created.get(place, []), closed.get(place, [])),
                },
            )
            for place, part in enumerate(q.buckets)
        ],
        totals={"period": plain(q.period.label), **closings.cells(all_created, all_closed)},
        notes=closings.notes(all_closed),
        formulas=closings.formulas(),
    )
