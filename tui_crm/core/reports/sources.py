"""Sources: the leads created and won by tag, category by category (Source, Sector, …)."""

from __future__ import annotations

from collections.abc import Sequence

from tui_crm.core.reports.closings import by_status
from tui_crm.core.reports.lead_groups import Group, group_leads, split
from tui_crm.core.reports.question import NOBODY, Question
from tui_crm.core.reports.types import (
    Cells,
    Column,
    Table,
    amount,
    average_amount,
    count,
    plain,
    rate,
)
from tui_crm.core.text import _


def compute(q: Question) -> Table:
    """One row for each tag of each category, and one for the leads with none of it. A lead with
    two tags of a category counts under both; the totals count it once."""
    rows: list[tuple[str, Cells]] = []
    names = dict(q.store.rows("SELECT id, name FROM tags"))
    for number, category in q.store.rows(
        "SELECT id, name FROM tag_categories ORDER BY position, id"
    ):
        created = split(group_leads(q, "created", "tag", category=number), "tag")
        closed = split(
            group_leads(q, "closed", "tag", "status", money=True, category=number), "tag"
        )
        for tag in sorted(created.keys() | closed.keys(), key=lambda n: (n is None, names.get(n))):
            name = NOBODY if tag is None else names[tag]
            cells = _cells(category, name, created.get(tag, []), closed.get(tag, []))
            rows.append((f"{category}/{name}", cells))
    return Table(
        columns=(
            Column("category", _("category"), "text"),
            Column("tag", _("tag"), "text"),
            Column("created", _("created"), "count"),
            Column("won", _("won"), "count"),
            Column("won_amount", _("amount"), "money"),
            Column("average_won", _("average"), "money"),
            Column("win_rate", _("win rate"), "rate"),
        ),
        rows=rows,
        totals=_cells(
            None, None, group_leads(q, "created"), group_leads(q, "closed", "status", money=True)
        ),
        notes=[_("A lead with two tags of a category counts under both, once in the totals.")],
        formulas={
            "created": _("leads with the tag created in the period, by the owner they have"),
            "won": _("leads with the tag won in the period, by the owner at closing"),
            "won_amount": _("sum of the amounts of those; one without amount adds 0"),
            "average_won": _("sum of won amounts / count of won leads with an amount above 0"),
            "win_rate": _("won / (won + lost), closed in the period"),
        },
    )


def _cells(
    category: str | None, tag: str | None, created: Sequence[Group], closed: Sequence[Group]
) -> Cells:
    won, lost, _cancelled, _open = by_status(closed)
    return {
        "category": plain(category),
        "tag": plain(tag),
        "created": count(created),
        "won": count(won),
        "won_amount": amount(won),
        "average_won": average_amount(won),
        "win_rate": rate(won, lost),
    }
