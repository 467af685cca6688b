"""Touchpoints: how many real actions a win took, from the first touch to the closing."""

from __future__ import annotations

from collections.abc import Sequence

from tui_crm.core.reports.lead_groups import Group, group_leads, split
from tui_crm.core.reports.question import Question
from tui_crm.core.reports.types import (
    Cell,
    Cells,
    Column,
    Table,
    actions_of,
    count,
    mean_of,
    median_of,
    plain,
)
from tui_crm.core.text import _


def compute(q: Question) -> Table:
    """One row for each rep who won in the period."""
    won = group_leads(q, "won", "closed_owner_id", "touches")
    rows = [
        (q.name(user), _cells(q.name(user), groups))
        for user, groups in split(won, "closed_owner_id").items()
    ]
    rows.sort(key=lambda row: (-row[1]["won"].value, row[0]))
    return Table(
        columns=(
            Column("rep", _("rep"), "text"),
            Column("won", _("won"), "count"),
            Column("touches", _("actions"), "count"),
            Column("mean", _("mean"), "number"),
            Column("median", _("median"), "count"),
            Column("none", _("with none"), "count"),
        ),
        rows=rows,
        totals=_cells(None, won),
        notes=(),
        formulas={
            "won": _("leads won in the period, by the owner at closing"),
            "touches": _(
                "real actions on them (no notes, no system entries), from the first touch"
                " to the end of the closing day, calls as a prospect included"
            ),
            "mean": _("these actions / won leads"),
            "median": _("median of these actions over the won leads"),
            "none": _("won leads without a single action logged"),
        },
    )


def _touches(group: Group) -> int:
    return int(group.touches)


def _cells(name: str | None, groups: Sequence[Group]) -> Cells:
    return {
        "rep": plain(name),
        "won": count(groups),
        "touches": Cell(
            sum(group.n * _touches(group) for group in groups),
            lambda: actions_of(groups, "touches"),
            kind="actions",
        ),
        "mean": mean_of(groups, _touches),
        "median": median_of(groups, _touches),
        "none": count([group for group in groups if not _touches(group)]),
    }
