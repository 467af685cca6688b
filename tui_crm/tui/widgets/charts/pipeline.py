"""Pipeline: the funnel. Thickness is certainty: went on, still there, lost here."""

from __future__ import annotations

from typing import Any

from tui_crm.core.reports.types import TOTAL, Rate, Report
from tui_crm.core.text import _, width as width_of
from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.charts import figures
from tui_crm.tui.widgets.charts.page import Figure, PageBuilder, Shown
from tui_crm.tui.widgets.charts.table import name_of, notes
from tui_crm.tui.widgets.lines import Line, Run, cell, make, rule

# The columns at the right, with the part of the report they are of, and when they go.
RIGHT = (
    ("converted", 0, 8, 3),
    ("pending", 0, 8, 4),
    ("lost_here", 0, 6, 5),
    ("median_days", 0, 11, 6),
    ("so_far_days", 1, 6, 7),
)


def funnel(body: PageBuilder, shown: Shown) -> None:
    """A bar for each step, and under it the share that went on."""
    report, second = shown.report, shown.report.second
    first = max((row["entered"] for row in report.rows), default=0)
    label, right, width = _layout(body, report)
    spot = body.look.spot
    by_key = {c.key: c for c in (*report.columns, *(second.columns if second else ()))}
    heads = {"converted": _("went on"), "so_far_days": _("so far")}

    def head(key: str) -> str:
        return heads.get(key) or by_key[key].label

    hot = spot.column if spot is not None else ""
    line: list[Run] = [cell(_("step"), label, "dim")]
    line.append(cell(by_key["entered"].label, 8, "key" if hot == "entered" else "dim", "right"))
    line.append(Run(" " * (width + 4), "dim"))
    for key, _part, size, _drop in right:
        line.append(cell(head(key), size, "key" if hot == key else "dim", "right"))
        line.append(Run("  ", "dim"))
    body.spacer()
    body.add(tuple(line))
    if body.look.airy:
        body.add(rule(body.width))
    more = dict(zip(second.keys, second.rows, strict=True)) if second else {}
    for key, values in zip(report.keys, report.rows, strict=True):
        _step(body, report, key, values, more.get(key, {}), first, label, right, width)
    if second is not None:
        _won(body, report, second, first, label, width)
    drawn = glyphs.active()
    body.spacer()
    body.add(
        figures.legend(
            (drawn.block * 2, "accent", _("went on")),
            (drawn.heavy * 2, "accent", _("still there")),
            (drawn.rule * 2, "dim", _("lost or cancelled here")),
        )
    )
    notes(body, report)


def _layout(body: PageBuilder, report: Report) -> tuple[int, list[tuple[str, int, int, int]], int]:
    labels = [width_of(str(row["step"])) for row in report.rows]
    label = min(max([*labels, 11]), max(10, body.width // 4))
    right = list(RIGHT)
    while right:
        width = body.width - label - 12 - sum(size + 2 for _k, _p, size, _d in right)
        if width >= 16:
            break
        right.remove(max(right, key=lambda column: column[3]))
    else:
        width = max(body.width - label - 12, 0)
    return label, right, min(width, 60)


def _step(
    body: PageBuilder,
    report: Report,
    key: str,
    values: dict[str, Any],
    more: dict[str, Any],
    first: int,
    label: int,
    right: list[tuple[str, int, int, int]],
    width: int,
) -> None:
    name = name_of(0, key)
    text = str(values["step"])
    merged = {**more, **values}
    found = [
        ("entered", Figure(0, (key,), "entered", text, values["entered"])),
        ("conversion", Figure(0, (key,), "conversion", text, values["conversion"])),
    ]
    for column, part, _size, _drop in right:
        if column in merged:
            found.append((column, Figure(part, (key,), column, text, merged[column])))

    def draw(hot: str) -> Line:
        gone = values["entered"] - values["converted"] - values["pending"]
        line = (
            cell(text, label, "text"),
            cell(f"{values['entered']:,}", 8, "key" if hot == "entered" else "strong", "right"),
            Run("  ", "text"),
            *bars.funnel(values["converted"], values["pending"], gone, first, width),
            Run("  ", "text"),
        )
        for column, _part, size, _drop in right:
            unit = "days" if column.endswith("days") else "count"
            value = merged.get(column)
            token = (
                "key"
                if hot == column
                else "dim"
                if not value or column == "so_far_days"
                else "text"
            )
            line += (
                cell(figures.said(value, unit, ""), size, token, "right"),
                Run("~ " if (key, column) in report.small else "  ", "dim"),
            )
        return line

    body.stop(name, found, draw)
    rate = values["conversion"]
    spot = body.look.spot
    hot = spot is not None and spot.row == name and spot.column == "conversion"
    small = "~" if (key, "conversion") in report.small else ""
    words = (
        _("{parts} went on").format(parts=figures.of_parts(rate)) if rate.d else _("nobody entered")
    )
    body.add(
        (
            Run(" " * (label + 10), "text"),
            *make(
                (f"{figures.said(rate, 'rate', ''):<5}", "key" if hot else "strong"),
                (f"{words}{small}", "dim"),
            ),
        )
    )


def _won(
    body: PageBuilder, report: Report, second: Report, first: int, label: int, width: int
) -> None:
    won, amount = second.totals["won"], second.totals["won_amount"]
    entered = report.totals["entered"]
    share = Rate(won, entered)

    def draw(hot: str) -> Line:
        block = glyphs.active().block * bars.shares([won], first, width)[0]
        sum_said = figures.said(amount, "money", body.look.currency, full=True)
        words = _("{share} of {n} entered").format(
            share=figures.said(share, "rate", ""), n=f"{entered:,}"
        )
        return (
            cell(_("Won"), label, "won.b"),
            cell(f"{won:,}", 8, "key" if hot == "won" else "won.b", "right"),
            Run("  ", "text"),
            *make(
                (block + (" " if block else ""), "won"),
                (sum_said, "key" if hot == "won_amount" else "strong"),
                (f" {words}", "dim"),
            ),
        )

    body.stop(
        name_of(1, TOTAL),
        [
            ("won", Figure(1, (TOTAL,), "won", _("Won"), won)),
            ("won_amount", Figure(1, (TOTAL,), "won_amount", _("Won"), amount)),
        ],
        draw,
    )
