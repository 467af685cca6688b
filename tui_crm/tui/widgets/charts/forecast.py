"""Forecast: what is won, what is expected, what is possible, month by month on one scale."""

from __future__ import annotations

from datetime import date

from tui_crm.core import money
from tui_crm.core.dates import periods
from tui_crm.core.dates.periods import Period
from tui_crm.core.reports import Report
from tui_crm.core.reports.goals import LEAST_WINS, MoneyGoal
from tui_crm.core.reports.types import Row
from tui_crm.core.text import _
from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.charts import figures
from tui_crm.tui.widgets.charts.ledger import (
    BarColumn,
    FigureColumn,
    Label,
    LabelColumn,
    Ledger,
    name_of,
    notes,
)
from tui_crm.tui.widgets.charts.page import ChartData, PageBuilder, flowed
from tui_crm.tui.widgets.lines import Run, cell, cells, make, section

LABEL = 10  # cells of the label
MOST_BAR = 62
GAP = (2, 0)


def forecast(page: PageBuilder, data: ChartData) -> None:
    """A bar of three weights for each part of the period; overdue before, undated behind them."""
    report, today = data.report, page.context.today
    several = figures.several_years(report.keys)
    peak = max(
        ((row["won_amount"] or 0) + (row["open_amount"] or 0) for row in report.rows), default=0
    )

    def label(key: str, _values: Row) -> Label:
        text = figures.row_label(key, today, several)
        if key == "overdue":
            return Label(text, "late.b", sign="! ")
        part = figures.period_of(key, today)
        running = part is not None and periods.running(part, today)
        return Label(text, "dim" if key == "undated" else "text", running)

    def figure(key: str, width: int, token: str, drop: int = 0) -> FigureColumn:
        return FigureColumn(
            key, drop=drop, token=token, width=width, gap=GAP, total=token, blank_zero=True
        )

    ledger = Ledger(
        page,
        report,
        LabelColumn(_(report.filters.by or "month"), label, LABEL),
        (
            figure("won_amount", 9, "won"),
            figure("weighted_amount", 8, "strong"),
            figure("open_amount", 7, "text", 1),
            figure("leads", 5, "dim", 2),
        ),
        BarColumn(
            "",
            lambda values, width: bars.forecast(
                values["won_amount"] or 0,
                values["weighted_amount"] or 0,
                values["open_amount"] or 0,
                peak,
                width,
            ),
            least=10,
            most=MOST_BAR,
            gap=(0, 0),
        ),
    )
    page.spacer()
    ledger.head()
    for key in report.keys:
        if key == "undated":
            page.spacer()
        ledger.row(key)
        if key == "overdue":
            page.spacer()
    page.spacer()
    ledger.total(_("sum"))
    drawn = glyphs.active()
    page.spacer()
    page.add(
        figures.legend(
            (drawn.block * 2, "won", _("won")),
            (drawn.heavy * 2, "accent", _("weighted")),
            (drawn.rule * 2, "dim", _("the rest of open. Thinner is less certain.")),
        )
    )
    if data.goal is not None:
        _goal(page, data.goal, report, ledger.bar_width)
    notes(page, report)


def _goal(page: PageBuilder, goal: MoneyGoal, report: Report, width: int) -> None:
    """The goal of the part under the cursor, else of the running one: the share that is won, the
    share with the weighted rest, and how many new leads bring what is missing."""
    today, currency, cursor = page.context.today, page.context.currency, page.context.cursor
    parts = [(key, part) for key in report.keys if (part := figures.period_of(key, today))]
    row = cursor.row if cursor is not None else ""
    chosen = next((p for p in parts if name_of(0, p[0]) == row), None) or next(
        (p for p in parts if periods.running(p[1], today)), None
    )
    if chosen is None:
        return
    key, part = chosen
    values = report.rows[report.keys.index(key)]
    won, weighted = values["won_amount"] or 0, values["weighted_amount"] or 0
    missing = max(goal.target - won - weighted, 0)
    page.spacer()
    page.add(section(_("Goal"), page.width, f"{figures.period_words(part)}, {goal.who}"))
    target = money.compact(goal.target, currency)
    words = make(
        (_("{share} won").format(share=f"{won / goal.target:.0%}"), "won" if won else "dim"),
        (
            _(", {share} with the weighted").format(share=f"{(won + weighted) / goal.target:.0%}"),
            "text",
        ),
        (
            _(", {amount} to find").format(amount=money.compact(missing, currency))
            if missing
            else _(", enough in sight"),
            "strong" if missing else "won",
        ),
    )
    size = max(min(width, page.width - LABEL - cells(words) - 2), 0)
    peak = max(goal.target, won + weighted)
    bar = bars.stacked(((won, "won"), (weighted, "accent")), peak, size)
    page.add((cell(target, LABEL, "strong"), *bar, Run("  " if size else "", "text"), *words))
    if missing:
        way = _lead_words(goal, missing, part, today)
        for line in flowed(((way, "dim"),), page.width - LABEL, 2):
            page.add((Run(" " * LABEL, "dim"), *line))


def _lead_words(goal: MoneyGoal, missing: int, part: Period, today: date) -> str:
    """How many new leads bring the missing money at the pace of the last 90 days, or that there are
    too few wins to tell."""
    pace = goal.pace
    leads = pace.leads_for(missing)
    if leads is None or pace.average is None:
        return _("Too few wins in 90 days to say what it takes: {n} of at least {least}.").format(
            n=pace.wins, least=LEAST_WINS
        )
    words = _("At {rate} won and {average} a win: {n} more leads").format(
        rate=f"{pace.wins / (pace.wins + pace.lost):.0%}",
        n=f"{leads:,}",
        average=figures.format_value(pace.average, "money", goal.currency),
    )
    left = goal.workdays.between(max(today, part.first), part.last)
    if part.last >= today and left > 5:
        words += _(", {n} a week").format(n=f"{-(-leads * 5 // left):,}")
    return words + _(", from {wins} won of {all} closed in 90 days.").format(
        wins=pace.wins, all=pace.wins + pace.lost
    )
