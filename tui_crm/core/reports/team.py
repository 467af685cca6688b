"""Team: the figures of `company`, by rep."""

from __future__ import annotations

from tui_crm.core.reports import closings
from tui_crm.core.reports.facts import Lead
from tui_crm.core.reports.question import Question
from tui_crm.core.reports.types import Column, Table, plain
from tui_crm.core.text import _


def compute(q: Question) -> Table:
    """One row for each active user, and for whoever has a figure: those who won most first."""
    created: dict[int | None, list[Lead]] = {}
    closed: dict[int | None, list[Lead]] = {}
    all_created, all_closed = q.created(), q.closed()
    for lead in all_created:
        created.setdefault(lead.owner_id, []).append(lead)
    for lead in all_closed:
        closed.setdefault(lead.closed_owner_id, []).append(lead)
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
