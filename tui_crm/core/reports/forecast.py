"""Forecast: what is won already, and what is expected when, weighted by its probability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from dateutil.relativedelta import relativedelta

from tui_crm.core.reports.lead_groups import Group
from tui_crm.core.reports.question import Question
from tui_crm.core.reports.types import (
    Cell,
    Cells,
    Column,
    Table,
    amount,
    count,
    divided,
    ids_of,
    plain,
    total,
)
from tui_crm.core.text import _, ngettext


def default_period(today: date) -> str:
    """This month and the three after it."""
    first = today.replace(day=1)
    last = first + relativedelta(months=4, days=-1)
    return f"{first.isoformat()}..{last.isoformat()}"


def compute(q: Question) -> Table:
    """One row for each part of the period, and apart: what is overdue, what has no date."""
    won: list[list[Group]] = [[] for _part in q.buckets]
    expected: list[list[Group]] = [[] for _part in q.buckets]
    all_won = q.leads("won", "part", money=True)
    for group in all_won:
        won[group.part].append(group)
    overdue, undated, elsewhere = [], [], []
    today = q.today.isoformat()
    for group in q.leads("open", "expected_close", "percent", money=True):
        if group.expected_close is None:
            undated.append(group)
        elif group.expected_close < today:
            overdue.append(group)
        elif q.has(group.expected_close):
            expected[q.bucket(group.expected_close)].append(group)
        else:
            elsewhere.append(group)
    rows = [
        (part.label, _cells(part.label, won[i], expected[i])) for i, part in enumerate(q.buckets)
    ]
    rows = [
        ("overdue", _cells("overdue", [], overdue)),
        *rows,
        ("undated", _cells("undated", [], undated)),
    ]
    all_expected = [group for part in expected for group in part]
    notes = [_("Overdue and undated leads stand apart and are not in the totals.")]
    if elsewhere:
        notes.append(
            ngettext(
                "{n} open lead is expected outside the period.",
                "{n} open leads are expected outside the period.",
                total(elsewhere),
            ).format(n=total(elsewhere))
        )
    whole = _cells(q.period.label, all_won, all_expected)
    why = [
        (overdue, _("overdue, apart")),
        (undated, _("undated, apart")),
        (elsewhere, _("expected outside the period")),
    ]
    totals = dict(whole)
    for column in ("open_amount", "weighted_amount", "leads"):
        cell = whole[column]
        totals[column] = Cell(
            cell.value,
            cell.ids,
            n=cell.n,
            d=cell.d,
            left_out=lambda: [(n, reason) for groups, reason in why for n in ids_of(groups)],
        )
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
            "weighted_amount": _(
                "sum of amount x probability of these; the lead's own probability, else its step's"
            ),
            "leads": _("open leads expected to close in it, today or later"),
        },
    )


def weight(groups: Sequence[Group]) -> int:
    """Amount times probability of open leads, in hundredths of a minor unit."""
    return sum(group.amount * group.percent for group in groups)


def _cells(label: str, won: Sequence[Group], expected: Sequence[Group]) -> Cells:
    money, hundredths = amount(expected), weight(expected)
    return {
        "period": plain(label),
        "won_amount": amount(won),
        "open_amount": money,
        # Rounded once at the end.
        "weighted_amount": replace(money, value=divided(hundredths, 100), n=hundredths, d=100),
        "leads": count(expected),
    }
