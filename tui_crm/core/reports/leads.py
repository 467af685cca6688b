"""Leads: what became of those created in a period (the cohort)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tui_crm.core.dates.periods import Period
from tui_crm.core.reports.closings import by_status
from tui_crm.core.reports.lead_groups import Group
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
    created = q.leads("created", "part", "status")
    cohorts: list[list[Group]] = [[] for _part in q.buckets]
    for group in created:
        cohorts[group.part].append(group)
    won = q.over(Period("", date.min, q.today)).leads("won", "cycle")
    usual = median(won, lambda group: group.cycle)
    notes = []
    if usual is not None:
        notes.append(
            _(
                "Young: the cohort ended less than {days} days ago, the median cycle of {n} won."
            ).format(days=f"{usual:g}", n=total(won))
        )
    return Table(
        (
            Column("cohort", _("created in"), "text"),
            Column("created", _("created"), "count"),
            Column("won", _("won"), "count"),
            Column("lost", _("lost"), "count"),
            Column("cancelled", _("cancelled"), "count"),
            Column("open", _("open"), "count"),
            Column("win_rate", _("win rate"), "rate"),
            Column("young", _("young"), "flag"),
        ),
        [
            (part.label, {"cohort": plain(part.label), **_cells(cohort, part, usual, q.today)})
            for part, cohort in zip(q.buckets, cohorts, strict=True)
        ],
        {
            "cohort": plain(q.period.label),
            **_cells(created, q.period, usual, q.today),
        },
        notes,
        {
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
    """Whether a cohort has not had the time a won lead usually takes; a running one never has."""
    return (today - part.last).days < (usual or 0)


def _cells(cohort: Sequence[Group], part: Period, usual: float | None, today: date) -> Cells:
    of = by_status(cohort)
    return {
        "created": count(cohort),
        **{status: count(groups) for status, groups in of.items()},
        "win_rate": rate(of["won"], [*of["lost"], *of["cancelled"], *of["open"]]),
        "young": Cell(is_young(part, usual, today)),
    }
