"""Return: what sources and lists cost in a period, and what the leads created in it brought."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tui_crm.core.dates.periods import Period
from tui_crm.core.reports.lead_groups import Group, group_leads
from tui_crm.core.reports.question import NOBODY, Question
from tui_crm.core.reports.types import (
    Cell,
    Cells,
    Column,
    Rate,
    Table,
    amount,
    count,
    divided,
    numbers,
    plain,
    total,
)
from tui_crm.core.setup.costs import CostRow, costs
from tui_crm.core.text import _, fold


@dataclass
class _Source:
    """A source or a list: its name, its leads, its cost in minor units (None: unknown)."""

    name: str
    of: str
    leads: list[Group] = field(default_factory=list)
    cost: int | None = None


def compute(q: Question) -> Table:
    """One row for each source and each list with leads created or costs in the period."""
    tag_names: dict[int, str] = dict(q.store.rows("SELECT id, name FROM tags"))
    list_names: dict[int, str] = dict(q.store.rows("SELECT id, name FROM lists"))
    found: dict[tuple[str, str], _Source] = {}

    def source(name: str, of: str) -> _Source:
        return found.setdefault((of, fold(name)), _Source(name, of))

    category = source_category(q)
    for group in group_leads(
        q, "created", "tag", "source", "status", money=True, category=category
    ):
        name = tag_names[group.tag] if group.tag is not None else group.source.strip()
        source(name or NOBODY, "source").leads.append(group)
    for group in group_leads(q, "created", "list_id", "status", money=True):
        if group.list_id is not None:
            source(list_names[group.list_id], "list").leads.append(group)
    whole = costs(q.store)
    for cost in whole:
        if cost_in([cost], q.period) is not None:
            source(cost.name, cost.of)
    for row in found.values():
        mine = [c for c in whole if c.of == row.of and fold(c.name) == fold(row.name)]
        row.cost = cost_in(mine, q.period)
    order = sorted(found.values(), key=lambda s: (s.of == "list", -(s.cost or 0), -total(s.leads)))
    created = group_leads(q, "created", "status", money=True)
    return Table(
        columns=(
            Column("source", _("source"), "text"),
            Column("of", _("of"), "text"),
            Column("cost", _("cost"), "money"),
            Column("leads", _("leads"), "count"),
            Column("won", _("won"), "count"),
            Column("won_amount", _("won amount"), "money"),
            Column("cost_per_lead", _("cost a lead"), "money"),
            Column("cost_per_win", _("cost a win"), "money"),
            Column("return", _("return"), "change"),
        ),
        rows=[
            (
                f"{row.of}/{row.name}",
                {
                    "source": plain(row.name),
                    "of": plain(row.of),
                    **_cells(row.leads, row.cost),
                },
            )
            for row in order
        ],
        totals={
            "source": plain(None),
            "of": plain(None),
            **_cells(created, cost_in(whole, q.period)),
        },
        notes=[
            _(
                "A lead with two sources counts under both, one of a list under its list and its"
                " source; the totals count each lead and each cost once."
            )
        ],
        formulas={
            "cost": _(
                "the costs of the source or the list in the period; of one that lasts longer, its"
                " days in the period / all its days"
            ),
            "leads": _("leads created in the period, by their source or their list"),
            "won": _("those of them that were won, whenever that was"),
            "won_amount": _("sum of the amounts of those won; one without amount adds 0"),
            "cost_per_lead": _("cost / leads created"),
            "cost_per_win": _("cost / those of them won"),
            "return": _("(won amount - cost) / cost; none without a cost"),
        },
    )


def source_category(q: Question) -> int:
    """The number of the tag category that says where leads come from: the one called Source, else
    the first; 0 without one."""
    rows = q.store.rows(
        "SELECT id, name FROM tag_categories WHERE retired = 0 ORDER BY position, id"
    )
    named = [number for number, name in rows if fold(name) in (fold(_("Source")), "source")]
    return int((named or [row[0] for row in rows] or [0])[0])


def cost_in(rows: Iterable[CostRow], period: Period) -> int | None:
    """What some costs are in a period, in minor units, rounded half up; ``None`` where none of
    their days is in it. A cost counts by its days that are."""
    whole, known = Fraction(0), False
    for row in rows:
        first, last = date.fromisoformat(row.first_day), date.fromisoformat(row.last_day)
        inside = (min(last, period.last) - max(first, period.first)).days + 1
        if inside > 0:
            known = True
            whole += Fraction(row.amount * inside, (last - first).days + 1)
    return int(whole + Fraction(1, 2)) if known else None


def _cells(leads: Sequence[Group], cost: int | None) -> Cells:
    won = [group for group in leads if group.status == "won"]
    n, wins, brought = total(leads), total(won), amount(won)
    gain = Cell(None)
    if cost:
        gain = Cell(Rate(brought.value - cost, cost), numbers(won), n=brought.value - cost, d=cost)
    return {
        "cost": plain(cost),
        "leads": count(leads),
        "won": count(won),
        "won_amount": brought,
        "cost_per_lead": Cell(
            divided(cost, n) if cost is not None and n else None, numbers(leads), n=cost, d=n
        ),
        "cost_per_win": Cell(
            divided(cost, wins) if cost is not None and wins else None, numbers(won), n=cost, d=wins
        ),
        "return": gain,
    }
