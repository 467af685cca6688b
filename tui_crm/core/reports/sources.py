"""Sources: what the tags of each category brought (Source, Sector, …)."""

from __future__ import annotations

from collections.abc import Sequence

from tui_crm.core.reports.facts import Lead
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

Place = tuple[int, str, str]  # the category's place, its name, the tag


def compute(q: Question) -> Table:
    """One row for each tag of each category, and one for the leads with none of it. A lead with
    two tags of a category counts under both; the totals count it once."""
    categories = q.store.rows("SELECT id, name FROM tag_categories ORDER BY position, id")
    place = {number: (n, name) for n, (number, name) in enumerate(categories)}
    tagged: dict[int, list[Place]] = {}
    for lead, tag, category in q.store.rows(
        "SELECT lt.lead_id, t.name, t.category_id FROM lead_tags lt"
        " JOIN tags t ON t.id = lt.tag_id WHERE t.category_id IS NOT NULL"
    ):
        tagged.setdefault(lead, []).append((*place[category], tag))
    created, closed = q.created(), q.closed()
    rows: dict[Place, tuple[list[Lead], list[Lead]]] = {}
    for which, leads in enumerate((created, closed)):
        for lead in leads:
            tags = tagged.get(lead.id, [])
            bare = [(n, name, NOBODY) for n, name in place.values()
                    if all(tag[0] != n for tag in tags)]  # fmt: skip
            for key in (*tags, *bare):
                rows.setdefault(key, ([], []))[which].append(lead)
    return Table(
        (
            Column("category", _("category"), "text"),
            Column("tag", _("tag"), "text"),
            Column("created", _("created"), "count"),
            Column("won", _("won"), "count"),
            Column("won_amount", _("amount"), "money"),
            Column("average_won", _("average"), "money"),
            Column("win_rate", _("win rate"), "rate"),
        ),
        [
            (f"{category}/{tag}", _cells(category, tag, *rows[n, category, tag]))
            for n, category, tag in sorted(rows, key=lambda row: (row[0], row[2] == NOBODY, row[2]))
        ],
        _cells(None, None, created, closed),
        [_("A lead with two tags of a category counts under both, once in the totals.")],
        {
            "created": _("leads with the tag created in the period, by the owner they have"),
            "won": _("leads with the tag won in the period, by the owner at closing"),
            "won_amount": _("sum of the amounts of those; one without amount adds 0"),
            "average_won": _("sum of won amounts / count of won leads with an amount above 0"),
            "win_rate": _("won / (won + lost), closed in the period"),
        },
    )


def _cells(
    category: str | None, tag: str | None, created: Sequence[Lead], closed: Sequence[Lead]
) -> Cells:
    won = [lead for lead in closed if lead.status == "won"]
    return {
        "category": plain(category),
        "tag": plain(tag),
        "created": count(created),
        "won": count(won),
        "won_amount": amount(won),
        "average_won": average_amount(won),
        "win_rate": rate(won, [lead for lead in closed if lead.status == "lost"]),
    }
