"""Team: the figures of `company`, by rep."""

from __future__ import annotations

from tui_crm.core.reports import closings
from tui_crm.core.reports.lead_groups import group_leads, split
from tui_crm.core.reports.question import Question
from tui_crm.core.reports.types import Column, Table, plain
from tui_crm.core.text import _


def compute(q: Question) -> Table:
    """One row for each active user and for everyone who has a figure, most won first."""
    all_created = group_leads(q, "created", "owner_id", money=True)
    all_closed = group_leads(q, "closed", "closed_owner_id", "status", "cycle", money=True)
    created, closed = split(all_created, "owner_id"), split(all_closed, "closed_owner_id")
    active = {m.id for m in q.members.values() if m.active and q.includes(m.id)}
    rows = []
    for user in active | created.keys() | closed.keys():
        cells = closings.cells(created.get(user, []), closed.get(user, []))
        rows.append((q.name(user), {"rep": plain(q.name(user)), **cells}))
    rows.sort(key=lambda row: (-row[1]["won_amount"].value, -row[1]["won"].value, row[0]))
    return Table(
        columns=closings.columns(Column("rep", _("rep"), "text")),
        rows=rows,
        totals={"rep": plain(None), **closings.cells(all_created, all_closed)},
        notes=closings.notes(all_closed),
        formulas=closings.formulas(),
    )
