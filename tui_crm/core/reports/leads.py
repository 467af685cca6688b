"""Leads: what became of the leads created in each part of a period (the cohorts)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tui_crm.core.dates.periods import Period
from tui_crm.core.reports.closings import by_status
from tui_crm.core.reports.lead_groups import Group, group_leads, split
from tui_crm.core.reports.question import Question
from tui_crm.core.reports.types import (
    Cell,
    Cells,
    Column,
    Table,
    count,
    median,
    plain,
    rate,
    total,
)
from tui_crm.core.text import _


def compute(q: Question) -> Table:
    """One row for each part of the period that the leads were created in."""
    created = group_leads(q, "created", "part", "status")
    cohorts = split(created, "part")
    won = group_leads(q.over(Period("", date.min, q.today)), "won", "cycle")
    usual = median(won, lambda group: group.cycle)
    notes = []
    if usual is not None:
        notes.append(
            _(
                "Young: the cohort ended less than {days} days ago, the median cycle of {n} won."
            ).format(days=f"{usual:g}", n=total(won))
        )
    return Table(
        columns=(
            Column("cohort", _("created in"), "text"),
            Column("created", _("created"), "count"),
            Column("won", _("won"), "count"),
            Column("lost", _("lost"), "count"),
            Column("cancelled", _("cancelled"), "count"),
            Column("open", _("open"), "count"),
            Column("win_rate", _("win rate"), "rate"),
            Column("young", _("young"), "flag"),
        ),
        rows=[
            (
                part.label,
                {
                    "cohort": plain(part.label),
                    **_cells(cohorts.get(place, []), part, usual, q.today),
                },
            )
            for place, part in enumerate(q.buckets)
        ],
        totals={
            "cohort": plain(q.period.label),
            **_cells(created, q.period, usual, q.today),
        },
        notes=notes,
        formulas={
            "created": _("leads with their creation date in the period, by the owner they have"),
            "won": _("those of them that are won by now"),
            "lost": _("those of them that are lost by now"),
            "cancelled": _("those of them that are cancelled by now"),
            "open": _("those of them that are open still"),
            "win_rate": _("won among those created in the period / all created in it"),
            "young": _("the period's end is nearer than the median cycle of the won leads"),
        },
    )


def is_young(part: Period, usual: float | None, today: date) -> bool:
    """Whether a cohort ended less than ``usual`` days ago (the median cycle of won leads), or is
    still running."""
    return (today - part.last).days < (usual or 0)


def _cells(cohort: Sequence[Group], part: Period, usual: float | None, today: date) -> Cells:
    won, lost, cancelled, open_ = by_status(cohort)
    return {
        "created": count(cohort),
        "won": count(won),
        "lost": count(lost),
        "cancelled": count(cancelled),
        "open": count(open_),
        "win_rate": rate(won, [*lost, *cancelled, *open_]),
        "young": Cell(is_young(part, usual, today)),
    }
