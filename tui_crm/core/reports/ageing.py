"""Ageing: how old the open leads are, against the time a won lead takes."""

from __future__ import annotations

from collections.abc import Sequence

from tui_crm.core.dates import periods
from tui_crm.core.reports.lead_groups import Group, days_between, group_leads, split
from tui_crm.core.reports.question import Question
from tui_crm.core.reports.types import (
    SMALL_SAMPLE,
    Cell,
    Cells,
    Column,
    Table,
    amount,
    count,
    median,
    median_of,
    plain,
    total,
)
from tui_crm.core.text import _


def compute(q: Question) -> Table:
    """One row for each step that has open leads; the period plays no part."""
    usual, wins = won_cycle(q)
    everything = group_leads(q, "open", "step_id", "created_on", money=True)
    by_step = split(everything, "step_id")
    steps = [
        (number, name, pipeline)
        for number, name, pipeline in q.store.rows(
            "SELECT s.id, s.name, p.name FROM steps s JOIN pipelines p ON p.id = s.pipeline_id"
            " ORDER BY p.position, p.id, s.position, s.id"
        )
        if number in by_step
    ]
    several = len({pipeline for _number, _name, pipeline in steps}) > 1
    if usual is None:
        note = _("No won cycle to compare with: {n} won in the last 12 months.").format(n=wins)
    else:
        note = _(
            "The won cycle is {days} days, the median of {n} won in the last 12 months."
        ).format(days=f"{usual:g}", n=wins)
    return Table(
        columns=(
            Column("step", _("step"), "text"),
            Column("open", _("open"), "count"),
            Column("amount", _("amount"), "money"),
            Column("median_age_days", _("median age"), "days"),
            Column("older", _("older"), "count"),
            Column("older_amount", _("older, amount"), "money"),
        ),
        rows=[
            (
                f"{pipeline}/{name}",
                _cells(f"{pipeline}: {name}" if several else name, by_step[number], usual, q),
            )
            for number, name, pipeline in steps
        ],
        totals=_cells(None, everything, usual, q),
        notes=[note],
        formulas={
            "open": _("open leads on the step"),
            "amount": _("sum of their amounts; one without amount adds 0"),
            "median_age_days": _("median of the days since their creation"),
            "older": _(
                "those older than the median cycle of the leads won in the last 12 months;"
                " nothing below {n} won"
            ).format(n=SMALL_SAMPLE),
            "older_amount": _("sum of the amounts of those"),
        },
    )


def won_cycle(q: Question) -> tuple[float | None, int]:
    """The median days from creation to closing of the leads won in the last twelve months
    (``None`` below `SMALL_SAMPLE`), and how many were won."""
    year = periods.period("last-12m", q.today)
    won = group_leads(q.over(year), "won", "cycle")
    wins = total(won)
    return (median(won, lambda group: group.cycle) if wins >= SMALL_SAMPLE else None), wins


def _cells(label: str | None, groups: Sequence[Group], usual: float | None, q: Question) -> Cells:
    today = q.today.isoformat()

    def age(group: Group) -> int:
        return days_between(group.created_on, today)

    older = [group for group in groups if usual is not None and age(group) > usual]
    return {
        "step": plain(label),
        "open": count(groups),
        "amount": amount(groups),
        "median_age_days": median_of(groups, age),
        "older": count(older) if usual is not None else Cell(None),
        "older_amount": amount(older) if usual is not None else Cell(None),
    }
