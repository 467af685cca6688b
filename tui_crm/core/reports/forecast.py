"""Forecast: what is won already, and what is expected when, weighted by its probability."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dateutil.relativedelta import relativedelta

from tui_crm.core.reports.facts import Lead
from tui_crm.core.reports.question import Question
from tui_crm.core.reports.types import (
    Cell,
    Cells,
    Column,
    Table,
    amount,
    count,
    divided,
    numbers,
    plain,
)
from tui_crm.core.text import _, ngettext


def default_period(today: date) -> str:
    """This month and the three after it."""
    first = today.replace(day=1)
    last = first + relativedelta(months=4, days=-1)
    return f"{first.isoformat()}..{last.isoformat()}"


def compute(q: Question) -> Table:
    """One row for each part of the period, and apart: what is overdue, what has no date."""
    won: list[list[Lead]] = [[] for _part in q.buckets]
    expected: list[list[Lead]] = [[] for _part in q.buckets]
    for lead in q.closed():
        if lead.status == "won":
            won[q.bucket(lead.closed_on or "")].append(lead)
    overdue, undated, elsewhere = [], [], []
    today = q.today.isoformat()
    for lead in q.open_leads:
        if lead.expected_close is None:
            undated.append(lead)
        elif lead.expected_close < today:
            overdue.append(lead)
        elif q.has(lead.expected_close):
            expected[q.bucket(lead.expected_close)].append(lead)
        else:
            elsewhere.append(lead)
    rows = [
        (part.label, _cells(part.label, won[i], expected[i])) for i, part in enumerate(q.buckets)
    ]
    rows = [("overdue", _cells("overdue", [], overdue)), *rows,
            ("undated", _cells("undated", [], undated))]  # fmt: skip
    all_won = [lead for part in won for lead in part]
    all_expected = [lead for part in expected for lead in part]
    notes = [_("Overdue and undated leads stand apart and are not in the totals.")]
    if elsewhere:
        notes.append(
            ngettext("{n} open lead is expected outside the period.",
                     "{n} open leads are expected outside the period.", len(elsewhere)).format(
                n=len(elsewhere))
        )  # fmt: skip
    whole = _cells(q.period.label, all_won, all_expected)
    why = [(overdue, _("overdue, apart")), (undated, _("undated, apart")),
           (elsewhere, _("expected outside the period"))]  # fmt: skip
    totals = dict(whole)
    for column in ("open_amount", "weighted_amount", "leads"):
        cell = whole[column]
        totals[column] = Cell(
            cell.value, cell.ids, n=cell.n, d=cell.d,
            left_out=lambda: [(lead.id, reason) for leads, reason in why for lead in leads],
        )  # fmt: skip
    return Table(
        (
            Column("period", _("expected"), "text"),
            Column("won_amount", _("won"), "money"),
            Column("open_amount", _("open"), "money"),
            Column("weighted_amount", _("weighted"), "money"),
            Column("leads", _("leads"), "count"),
        ),
        rows,
        totals,
        notes,
        {
            "won_amount": _("sum of the amounts of the leads won with their closing date in it"),
            "open_amount": _("sum of the amounts of the open leads expected to close in it"),
            "weighted_amount": _("sum of amount x probability of these; the lead's own"
                                 " probability, else its step's"),
            "leads": _("open leads expected to close in it, today or later"),
        },
    )  # fmt: skip


def weighted(leads: Sequence[Lead]) -> int:
    """The money expected of open leads, in minor units, rounded once at the end."""
    return divided(sum(lead.weight for lead in leads), 100)


def _cells(label: str, won: Sequence[Lead], expected: Sequence[Lead]) -> Cells:
    return {
        "period": plain(label),
        "won_amount": amount(won),
        "open_amount": amount(expected),
        "weighted_amount": Cell(
            weighted(expected), numbers(expected), n=sum(lead.weight for lead in expected), d=100,
            left_out=lambda: [(x.id, _("without amount, adds 0")) for x in expected if not x.amount],
        ),
        "leads": count(expected),
    }  # fmt: skip
