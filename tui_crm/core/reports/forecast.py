"""Forecast: what is won, and what open leads are expected to bring, weighted by probability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from dateutil.relativedelta import relativedelta

from tui_crm.core.dates.periods import Period
from tui_crm.core.reports.forecast_range import FORECASTS, LEAST, shares
from tui_crm.core.reports.lead_groups import Group, group_leads, split
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
    """This month and the next three, in the words of `core.dates.periods`."""
    first = today.replace(day=1)
    last = first + relativedelta(months=4, days=-1)
    return f"{first.isoformat()}..{last.isoformat()}"


def compute(q: Question) -> Table:
    """A row of the overdue leads, one for each part of the period, one of the undated leads."""
    all_won = group_leads(q, "won", "part", "closed_owner_id", money=True)
    won = split(all_won, "part")
    expected: list[list[Group]] = [[] for _part in q.buckets]
    overdue: list[Group] = []
    undated: list[Group] = []
    elsewhere: list[Group] = []
    today = q.today.isoformat()
    for group in group_leads(q, "open", "expected_close", "percent", "owner_id", money=True):
        if group.expected_close is None:
            undated.append(group)
        elif group.expected_close < today:
            overdue.append(group)
        elif q.contains(group.expected_close):
            expected[q.bucket_of(group.expected_close)].append(group)
        else:
            elsewhere.append(group)
    rows = [
        ("overdue", {**_cells("overdue", [], overdue), **_no_range()}),
        *(
            (
                part.label,
                {
                    **_cells(part.label, won.get(place, []), expected[place]),
                    **_range(q, part, won.get(place, []), expected[place]),
                },
            )
            for place, part in enumerate(q.buckets)
        ),
        ("undated", {**_cells("undated", [], undated), **_no_range()}),
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
    totals = _cells(q.period.label, all_won, all_expected)
    by_rep = _by_rep(q, all_won, all_expected, totals)
    totals |= _range(q, q.period, all_won, all_expected)
    apart = [
        (overdue, _("overdue, apart")),
        (undated, _("undated, apart")),
        (elsewhere, _("expected outside the period")),
    ]
    for column in ("open_amount", "weighted_amount", "leads"):
        totals[column] = replace(
            totals[column],
            left_out=lambda: [(n, reason) for groups, reason in apart for n in ids_of(groups)],
        )
    return Table(
        columns=(
            Column("period", _("expected"), "text"),
            Column("won_amount", _("won"), "money"),
            Column("open_amount", _("open"), "money"),
            Column("weighted_amount", _("weighted"), "money"),
            Column("leads", _("leads"), "count"),
            Column("low_amount", _("low"), "money"),
            Column("high_amount", _("high"), "money"),
        ),
        rows=rows,
        totals=totals,
        notes=notes,
        formulas={
            "won_amount": _("sum of the amounts of the leads won with their closing date in it"),
            "open_amount": _("sum of the amounts of the open leads expected to close in it"),
            "weighted_amount": _(
                "sum of amount x probability of these; the lead's own probability, else its step's"
            ),
            "leads": _("open leads expected to close in it, today or later"),
            "low_amount": _(
                "won + weighted x the 10th percentile of what came of the last {n} forecasts of"
                " that length: won in the period / weighted at its start; none below {least}"
            ).format(n=FORECASTS, least=LEAST),
            "high_amount": _(
                "won + weighted x the 90th percentile of what came of the last {n} forecasts of"
                " that length: won in the period / weighted at its start; none below {least}"
            ).format(n=FORECASTS, least=LEAST),
        },
        more=(by_rep,),
    )


def _range(q: Question, part: Period, won: Sequence[Group], expected: Sequence[Group]) -> Cells:
    """The lowest and the highest that is likely of a part, out of one's own past forecasts."""
    found = shares(q, part) if part.last >= q.today else None
    if found is None:
        return _no_range()
    behind = [*won, *expected]
    have, weighted = amount(won).value, Fraction(weight(expected), 100)
    return {
        key: Cell(have + int(weighted * share + Fraction(1, 2)), lambda: ids_of(behind))
        for key, share in zip(("low_amount", "high_amount"), found, strict=True)
    }


def _no_range() -> Cells:
    return {"low_amount": plain(None), "high_amount": plain(None)}


def _by_rep(q: Question, won: Sequence[Group], expected: Sequence[Group], totals: Cells) -> Table:
    """The same for each rep over the whole period; overdue and undated leads are in none."""
    won_by, expected_by = split(won, "closed_owner_id"), split(expected, "owner_id")
    rows = []
    for user in won_by.keys() | expected_by.keys():
        cells = _cells(q.name(user), won_by.get(user, []), expected_by.get(user, []))
        rows.append((q.name(user), {"rep": plain(q.name(user)), **without_period(cells)}))
    rows.sort(
        key=lambda row: (-row[1]["won_amount"].value - row[1]["weighted_amount"].value, row[0])
    )
    return Table(
        name="by_rep",
        columns=(
            Column("rep", _("rep"), "text"),
            Column("won_amount", _("won"), "money"),
            Column("open_amount", _("open"), "money"),
            Column("weighted_amount", _("weighted"), "money"),
            Column("leads", _("leads"), "count"),
        ),
        rows=rows,
        totals={"rep": plain(None), **without_period(totals)},
        formulas={
            "won_amount": _("sum of the amounts of the leads the rep won in the period"),
            "open_amount": _("sum of the amounts of the rep's open leads expected in the period"),
            "weighted_amount": _(
                "sum of amount x probability of these; the lead's own probability, else its step's"
            ),
            "leads": _("the rep's open leads expected to close in the period, today or later"),
        },
    )


def without_period(cells: Cells) -> Cells:
    """The figures of a row without the cell that says when."""
    return {key: cell for key, cell in cells.items() if key != "period"}


def weight(groups: Sequence[Group]) -> int:
    """Amount times probability of open leads, in hundredths of a minor unit."""
    return sum(group.amount * group.percent for group in groups)


def _cells(label: str, won: Sequence[Group], expected: Sequence[Group]) -> Cells:
    money, hundredths = amount(expected), weight(expected)
    return {
        "period": plain(label),
        "won_amount": amount(won),
        "open_amount": money,
        # Rounded once, at the end.
        "weighted_amount": replace(money, value=divided(hundredths, 100), n=hundredths, d=100),
        "leads": count(expected),
    }
