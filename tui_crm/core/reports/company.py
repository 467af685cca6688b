"""Company: what was created, won and lost, period by period."""

from __future__ import annotations

from tui_crm.core.reports import closings
from tui_crm.core.reports.facts import Lead
from tui_crm.core.reports.question import Question
from tui_crm.core.reports.types import Column, Table, plain
from tui_crm.core.text import _


def compute(q: Question) -> Table:
    """One row for each part of the period."""
    created: list[list[Lead]] = [[] for _part in q.buckets]
    closed: list[list[Lead]] = [[] for _part in q.buckets]
    for lead in q.created():
        created[q.bucket(lead.created_on)].append(lead)
    for lead in q.closed():
        closed[q.bucket(lead.closed_on or "")].append(lead)
    all_created = [lead for part in created for lead in part]
    all_closed = [lead for part in closed for lead in part]
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
