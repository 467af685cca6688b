"""Forecast: what is won, what is expected, what is possible, month by month on one scale."""

from __future__ import annotations

from datetime import date
from typing import Any

from tui_crm.core import money
from tui_crm.core.dates import periods
from tui_crm.core.dates.periods import Period
from tui_crm.core.reports.goals import LEAST_WINS, Aim
from tui_crm.core.reports.types import TOTAL, Report
from tui_crm.core.text import _, width as width_of
from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.charts import figures
from tui_crm.tui.widgets.charts.page import Figure, PageBuilder, Shown, flowed
from tui_crm.tui.widgets.charts.table import name_of, notes
from tui_crm.tui.widgets.lines import Line, Run, cell, cells, make, rule, section

COLUMNS = (("won_amount", 9), ("weighted_amount", 8), ("open_amount", 7), ("leads", 5))
APART = ("overdue", "undated")


def forecast(body: PageBuilder, shown: Shown) -> None:
    """A bar of three weights for each part of the period; overdue before, undated behind them."""
    report = shown.report
    by_key = {column.key: column for column in report.columns}
    label = 10
    right = [(key, max(size, width_of(by_key[key].label))) for key, size in COLUMNS]
    while len(right) > 2 and body.width - label - sum(size + 2 for _k, size in right) < 10:
        right = right[:-1]
    width = min(max(body.width - label - sum(size + 2 for _k, size in right), 0), 62)
    peak = max(
        ((row["won_amount"] or 0) + (row["open_amount"] or 0) for row in report.rows), default=0
    )
    spot = body.look.spot
    hot = spot.column if spot is not None else ""
    head: list[Run] = [cell(_(report.filters.get("by") or "month"), label + width, "dim")]
    for key, size in right:
        head += [
            Run("  ", "dim"),
            cell(by_key[key].label, size, "key" if hot == key else "dim", "right"),
        ]
    body.spacer()
    body.add(tuple(head))
    if body.look.airy:
        body.add(rule(body.width))
    many = figures.several_years(report.keys)

    def draw_row(key: str, values: dict[str, Any], name: str) -> None:
        part = figures.period_of(key, body.look.today)
        running = part is not None and periods.running(part, body.look.today)

        def draw(at: str) -> Line:
            token = {"overdue": "late.b", "undated": "dim", TOTAL: "dim"}.get(key, "text")
            text = f"! {name}" if key == "overdue" else name
            first: Line = (cell(text, label, token),)
            if running:
                rest = " " * max(label - width_of(text) - 2, 0)
                first = make((f"{text} ", token), ("~", "due"), (rest, "text"))
            line: Line = first
            if key == TOTAL:
                line += (Run(" " * width, "text"),)
            else:
                line += bars.forecast(
                    values["won_amount"] or 0,
                    values["weighted_amount"] or 0,
                    values["open_amount"] or 0,
                    peak,
                    width,
                )
            for column, size in right:
                value = values[column]
                token = {"won_amount": "won", "weighted_amount": "strong"}.get(column, "text")
                token = (
                    "key" if at == column else "dim" if not value or column == "leads" else token
                )
                said = figures.said(value or None, by_key[column].unit, body.look.currency)
                line += (Run("  ", token), cell(said, size, token, "right"))
            return line

        figures_here = [
            (column, Figure(0, (key,), column, name, values[column])) for column, _size in right
        ]
        body.stop(name_of(0, key), figures_here, draw)

    rows = dict(zip(report.keys, report.rows, strict=True))
    for key, values in rows.items():
        if key == "undated":
            body.spacer()
        draw_row(key, values, figures.row_label(key, body.look.today, many))
        if key == "overdue":
            body.spacer()
    body.spacer()
    draw_row(TOTAL, report.totals, _("sum"))
    drawn = glyphs.active()
    body.spacer()
    body.add(
        figures.legend(
            (drawn.block * 2, "won", _("won")),
            (drawn.heavy * 2, "accent", _("weighted")),
            (drawn.rule * 2, "dim", _("the rest of open. Thinner is less certain.")),
        )
    )
    if shown.aim is not None:
        _goal(body, shown.aim, report, label, width)
    notes(body, report)


def _goal(body: PageBuilder, aim: Aim, report: Report, label: int, width: int) -> None:
    """The goal of the part under the cursor, else of the running one: what is won of it, what
    the weighted rest makes of it, and what it takes to find what is missing."""
    look = body.look
    parts = [(key, part) for key in report.keys if (part := figures.period_of(key, look.today))]
    spot = look.spot.row if look.spot is not None else ""
    chosen = next((p for p in parts if name_of(0, p[0]) == spot), None) or next(
        (p for p in parts if periods.running(p[1], look.today)), None
    )
    if chosen is None:
        return
    key, part = chosen
    values = report.rows[report.keys.index(key)]
    won, weighted = values["won_amount"] or 0, values["weighted_amount"] or 0
    missing = max(aim.target - won - weighted, 0)
    whose = f"{figures.period_words(part)}, {aim.whose}"
    body.spacer()
    body.add(section(_("Goal"), body.width, whose))
    target = money.compact(aim.target, look.currency)
    words = make(
        (_("{share} won").format(share=f"{won / aim.target:.0%}"), "won" if won else "dim"),
        (
            _(", {share} with the weighted").format(share=f"{(won + weighted) / aim.target:.0%}"),
            "text",
        ),
        (
            _(", {amount} to find").format(amount=money.compact(missing, look.currency))
            if missing
            else _(", enough in sight"),
            "strong" if missing else "won",
        ),
    )
    size = max(min(width, body.width - label - cells(words) - 2), 0)
    line = bars.stacked(((won, "won"), (weighted, "accent")), max(aim.target, won + weighted), size)
    body.add((cell(target, label, "strong"), *line, Run("  " if size else "", "text"), *words))
    if missing:
        for said in flowed(((_way(aim, missing, part, look.today), "dim"),), body.width - label, 2):
            body.add((Run(" " * label, "dim"), *said))


def _way(aim: Aim, missing: int, part: Period, today: date) -> str:
    """What it takes at the pace of the last 90 days, or that they are too few to say."""
    pace = aim.pace
    leads = pace.leads_for(missing)
    if leads is None or pace.average is None:
        return _("Too few wins in 90 days to say what it takes: {n} of at least {least}.").format(
            n=pace.wins, least=LEAST_WINS
        )
    said = _("At {rate} won and {average} a win: {n} more leads").format(
        rate=f"{pace.wins / (pace.wins + pace.lost):.0%}",
        n=f"{leads:,}",
        average=figures.said(pace.average, "money", aim.currency),
    )
    left = aim.workdays.between(max(today, part.first), part.last)
    if part.last >= today and left > 5:
        said += _(", {n} a week").format(n=f"{-(-leads * 5 // left):,}")
    return said + _(", from {wins} won of {all} closed in 90 days.").format(
        wins=pace.wins, all=pace.wins + pace.lost
    )
