"""Company: what was created, won and lost, period by period."""

from __future__ import annotations

from tui_crm.core.reports import closings
from tui_crm.core.reports.lead_groups import Group
from tui_crm.core.reports.question import Question
from tui_crm.core.reports.types import Column, Table, plain
from tui_crm.core.text import _


def compute(q: Question) -> Table:
    """One row for each part of the period."""
    created: list[list[Group]] = [[] for _part in q.buckets]
    closed: list[list[Group]] = [[] for _part in q.buckets]
    all_created = q.leads("created", "part")
    all_closed = q.leads("closed", "part", "status", "cycle", money=True)
    for group in all_created:
        created[group.part].append(group)
    for group in all_closed:
        closed[group.part].append(group)
    return Table(
        closings.columns(Column("period", _("period"), "text")),
        [
            (part.label, {"period": plain(part.label), **closings.cells(created[i], closed[i])})
            for i, part in enumerate(q.buckets)
        ],
        {"period": plain(q.period.label), **closings.cells(all_created, all_closed)},
        closings.notes(all_closed),
        closings.formulas(),
    )
