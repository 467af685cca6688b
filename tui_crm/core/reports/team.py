"""Team: the figures of `company`, by rep."""

from __future__ import annotations

from tui_crm.core.reports import closings
from tui_crm.core.reports.lead_groups import Group
from tui_crm.core.reports.question import Question
from tui_crm.core.reports.types import Column, Table, plain
from tui_crm.core.text import _


def compute(q: Question) -> Table:
    """One row for each active user, and for whoever has a figure: those who won most first."""
    created: dict[int | None, list[Group]] = {}
    closed: dict[int | None, list[Group]] = {}
    all_created = q.leads("created", "owner_id")
    all_closed = q.leads("closed", "closed_owner_id", "status", "cycle", money=True)
    for group in all_created:
        created.setdefault(group.owner_id, []).append(group)
    for group in all_closed:
        closed.setdefault(group.closed_owner_id, []).append(group)
    there = {m.id for m in q.members.values() if m.active and q.wants(m.id)}
    rows = []
    for user in there | created.keys() | closed.keys():
        cells = closings.cells(created.get(user, []), closed.get(user, []))
        rows.append((q.name(user), {"rep": plain(q.name(user)), **cells}))
    rows.sort(key=lambda row: (-row[1]["won_amount"].value, -row[1]["won"].value, row[0]))
    return Table(
        closings.columns(Column("rep", _("rep"), "text")),
        rows,
        {"rep": plain(None), **closings.cells(all_created, all_closed)},
        closings.notes(all_closed),
        closings.formulas(),
    )
