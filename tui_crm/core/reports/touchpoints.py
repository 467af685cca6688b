"""Touchpoints: how many real actions a win took, from the first touch to the closing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from tui_crm.core.reports.activity import chunks
from tui_crm.core.reports.facts import Lead
from tui_crm.core.reports.question import Question, midnight
from tui_crm.core.reports.types import (
    Cell,
    Cells,
    Column,
    Table,
    count,
    mean_of,
    median_of,
    plain,
)
from tui_crm.core.text import _


def compute(q: Question) -> Table:
    """One row for each rep who won in the period."""
    won: dict[int | None, list[Lead]] = {}
    everything = [lead for lead in q.closed() if lead.status == "won"]
    for lead in everything:
        won.setdefault(lead.closed_owner_id, []).append(lead)
    touches = _touches(q, everything)
    rows = [(q.name(user), _cells(q.name(user), leads, touches)) for user, leads in won.items()]
    rows.sort(key=lambda row: (-row[1]["won"].value, row[0]))
    return Table(
        (
            Column("rep", _("rep"), "text"),
            Column("won", _("won"), "count"),
            Column("touches", _("actions"), "count"),
            Column("mean", _("mean"), "number"),
            Column("median", _("median"), "count"),
            Column("none", _("with none"), "count"),
        ),
        rows,
        _cells(None, everything, touches),
        (),
        {
            "won": _("leads won in the period, by the owner at closing"),
            "touches": _("real actions on them (no notes, no system entries), from the first touch"
                         " to the end of the closing day, calls as a prospect included"),
            "mean": _("these actions / won leads"),
            "median": _("median of these actions over the won leads"),
            "none": _("won leads without a single action logged"),
        },
    )  # fmt: skip


def _touches(q: Question, leads: Sequence[Lead]) -> dict[int, list[int]]:
    """The real actions on each lead until it closed."""
    found: dict[int, list[int]] = {lead.id: [] for lead in leads}
    end = {}
    for lead in leads:
        zone = q.zone(lead.closed_owner_id) if lead.closed_owner_id else q.session.zone
        day = date.fromisoformat(lead.closed_on or lead.created_on)
        end[lead.id] = midnight(day + timedelta(days=1), zone)
    for chunk in chunks(sorted(found)):
        marks = ", ".join("?" * len(chunk))
        for lead_id, action, at in q.store.rows(
            "SELECT a.lead_id, a.id, a.at FROM actions a"
            f" WHERE a.kind <> 'note' AND a.lead_id IN ({marks})"
            # Not "IS NULL", which would send SQLite through all that was done on prospects.
            " UNION ALL SELECT l.id, a.id, a.at FROM leads l"
            " JOIN actions a ON a.prospect_id = l.prospect_id"
            f" WHERE a.kind <> 'note' AND COALESCE(a.lead_id, 0) = 0 AND l.id IN ({marks})",
            (*chunk, *chunk),
        ):
            if at < end[lead_id]:
                found[lead_id].append(action)
    return found


def _cells(name: str | None, leads: Sequence[Lead], touches: dict[int, list[int]]) -> Cells:
    numbers = [len(touches[lead.id]) for lead in leads]
    return {
        "rep": plain(name),
        "won": count(leads),
        "touches": Cell(
            sum(numbers), lambda: sorted(a for lead in leads for a in touches[lead.id]), "actions"
        ),
        "mean": mean_of(leads, numbers),
        "median": median_of(leads, numbers),
        "none": count([lead for lead in leads if not touches[lead.id]]),
    }
