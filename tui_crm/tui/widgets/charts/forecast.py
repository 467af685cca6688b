"""Forecast: what is won, what is expected, what is possible, month by month on one scale."""

from __future__ import annotations

from typing import Any

from tui_crm.core import periods
from tui_crm.core.reports.types import TOTAL
from tui_crm.core.text import _
from tui_crm.core.text import width as width_of
from tui_crm.tui import glyphs
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.charts import figures
from tui_crm.tui.widgets.charts.page import Body, Figure, Shown
from tui_crm.tui.widgets.charts.table import name_of, notes
from tui_crm.tui.widgets.lines import Line, Run, cell, make, rule

COLUMNS = (("won_amount", 9), ("weighted_amount", 8), ("open_amount", 7), ("leads", 5))
APART = ("overdue", "undated")


def forecast(body: Body, shown: Shown) -> None:
    """A bar of three weights for each part of the period; overdue before, undated behind them."""
    report = shown.report
    by_key = {column.key: column for column in report.columns}
    label = 10
    right = [(key, max(size, width_of(by_key[key].label))) for key, size in COLUMNS]
    while len(right) > 2 and body.width - label - sum(size + 2 for _k, size in right) < 10:
        right = right[:-1]
    width = min(max(body.width - label - sum(size + 2 for _k, size in right), 0), 62)
    peak = max(((row["won_amount"] or 0) + (row["open_amount"] or 0) for row in report.rows), default=0)
    spot = body.look.spot
    hot = spot.column if spot is not None else ""
    head: list[Run] = [cell(_(report.filters.get("by") or "month"), label + width, "dim")]
    for key, size in right:
        head += [Run("  ", "dim"),
                 cell(by_key[key].label, size, "key" if hot == key else "dim", "right")]  # fmt: skip
    body.air()
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
                line += bars.forecast(values["won_amount"] or 0, values["weighted_amount"] or 0,
                                      values["open_amount"] or 0, peak, width)  # fmt: skip
            for column, size in right:
                value = values[column]
                token = {"won_amount": "won", "weighted_amount": "strong"}.get(column, "text")
                token = "key" if at == column else "dim" if not value or column == "leads" else token
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
            body.air()
        draw_row(key, values, figures.row_label(key, body.look.today, many))
        if key == "overdue":
            body.air()
    body.air()
    draw_row(TOTAL, report.totals, _("sum"))
    drawn = glyphs.active()
    body.air()
    body.add(
        figures.legend(
            (drawn.block * 2, "won", _("won")), (drawn.heavy * 2, "accent", _("weighted")),
            (drawn.rule * 2, "dim", _("the rest of open. Thinner is less certain.")),
        )
    )  # fmt: skip
    notes(body, report)
