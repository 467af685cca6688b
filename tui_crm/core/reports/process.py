"""Process: how many leads came by themselves, were looked for and were qualified; what was won."""

from __future__ import annotations

from collections.abc import Sequence

from tui_crm.core.reports.lead_groups import Group, group_leads, split
from tui_crm.core.reports.question import Question
from tui_crm.core.reports.types import Cells, Column, Table, count, plain
from tui_crm.core.text import _


def compute(q: Question) -> Table:
    """One row for each part of the period."""
    all_created = group_leads(q, "created", "part", "direction", "is_prospect")
    all_won = group_leads(q, "won", "part", "direction")
    created, won = split(all_created, "part"), split(all_won, "part")
    return Table(
        columns=(
            Column("period", _("period"), "text"),
            Column("inbound", _("inbound"), "count"),
            Column("outbound", _("outbound"), "count"),
            Column("unknown", _("unknown"), "count"),
            Column("qualified", _("qualified"), "count"),
            Column("inbound_won", _("inbound won"), "count"),
            Column("outbound_won", _("outbound won"), "count"),
        ),
        rows=[
            (
                part.label,
                {
                    "period": plain(part.label),
                    **_cells(created.get(place, []), won.get(place, [])),
                },
            )
            for place, part in enumerate(q.buckets)
        ],
        totals={"period": plain(q.period.label), **_cells(all_created, all_won)},
        notes=[
            _(
                "The direction of a lead is set by hand, else that of its first tag that has one,"
                " else that of its list; a lead of a list is outbound unless the list says"
                " otherwise."
            )
        ],
        formulas={
            "inbound": _("leads created in the period that came by themselves"),
            "outbound": _("leads created in the period that were looked for"),
            "unknown": _("leads created in the period of which nothing says either"),
            "qualified": _("leads that came out of a row of a prospect list in the period"),
            "inbound_won": _("inbound leads won in the period, by their closing date"),
            "outbound_won": _("outbound leads won in the period, by their closing date"),
        },
    )


def _cells(created: Sequence[Group], won: Sequence[Group]) -> Cells:
    ways, of_won = split(created, "direction"), split(won, "direction")
    unknown = [g for way, groups in ways.items() if way not in _KNOWN for g in groups]
    return {
        "inbound": count(ways.get("inbound", [])),
        "outbound": count(ways.get("outbound", [])),
        "unknown": count(unknown),
        "qualified": count([group for group in created if group.is_prospect]),
        "inbound_won": count(of_won.get("inbound", [])),
        "outbound_won": count(of_won.get("outbound", [])),
    }


_KNOWN = ("inbound", "outbound")
