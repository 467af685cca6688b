"""Leads: what became of those created in a period (the cohort)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from statistics import median

from tui_crm.core.periods import Period
from tui_crm.core.reports.facts import Lead
from tui_crm.core.reports.question import Question
from tui_crm.core.reports.types import Cell, Cells, Column, Table, count, plain, rate
from tui_crm.core.text import _


def compute(q: Question) -> Table:
    """One row for each part of the period that the leads were created in."""
    cohorts: list[list[Lead]] = [[] for _part in q.buckets]
    for lead in q.created():
        cohorts[q.bucket(lead.created_on)].append(lead)
    won = [lead.cycle for lead in q.closed("0001-01-01", q.today.isoformat()) if lead.status == "won"]
    usual = median(won) if won else None
    notes = []
    if usual is not None:
        notes.append(
            _("Young: the cohort ended less than {days} days ago, the median cycle of {n} won.").format(
                days=f"{usual:g}", n=len(won)
            )
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
            **_cells([lead for cohort in cohorts for lead in cohort], q.period, usual, q.today),
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


def _cells(cohort: Sequence[Lead], part: Period, usual: float | None, today: date) -> Cells:
    by_status = {
        status: [lead for lead in cohort if lead.status == status]
        for status in ("won", "lost", "cancelled", "open")
    }
    won = by_status["won"]
    return {
        "created": count(cohort),
        **{status: count(leads) for status, leads in by_status.items()},
        "win_rate": rate(won, [lead for lead in cohort if lead.status != "won"]),
        "young": Cell(is_young(part, usual, today)),
    }
