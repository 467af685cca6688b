"""The company at a glance: what is open and won in figures, the months beside the funnel, the
reps and the reasons; every piece opens."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from tui_crm.core import money
from tui_crm.core.dates import periods
from tui_crm.core.reports import Report
from tui_crm.core.reports.types import Row
from tui_crm.core.text import _, ngettext, width as width_of
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.charts import figures
from tui_crm.tui.widgets.charts.page import ChartData, Figure, FigureCell, PageBuilder, Part
from tui_crm.tui.widgets.lines import (
    EMPTY,
    Line,
    Run,
    beside,
    cell,
    cells,
    columns,
    fixed,
    make,
    section,
)

SIDE_BY_SIDE = 70
"""Cells from which on two blocks stand beside one another."""
MOST_REPS, MOST_REASONS = 6, 5
MONTHS = 12  # the latest ones are shown
HIGH = 6
"""Rows of the upright bars."""

Block = list[list[Part]]
"""Rows of parts, each as wide as the block."""


def dashboard(page: PageBuilder, data: ChartData) -> None:
    """The headline figures; below, the months won at the left, the rest at the right."""
    parts = {part.table: (place, part) for place, part in enumerate(data.report.parts)}
    _headline(page, data.report)
    two = page.width >= SIDE_BY_SIDE
    width = (page.width - 3) // 2 if two else page.width
    draw = _Blocks(page, width)
    left = draw.months(*parts["by_month"])
    right = [
        *draw.steps(*parts["funnel"]),
        *draw.reps(*parts["open_by_rep"], parts["funnel"][1]),
    ]
    reasons = draw.reasons(*parts["reasons"])
    if two and len(left) < len(right):
        left += [[Run(" " * width)], *reasons]
    else:
        right += reasons
    rows = (
        [
            [*(one or [Run(" " * width)]), Run("   "), *(other or [])]
            for one, other in zip_longest(left, right)
        ]
        if two
        else [*left, *right]
    )
    page.spacer()
    for place, row in enumerate(rows):
        if any(isinstance(part, FigureCell) for part in row):
            page.row(f"pair/{place}", row)
        else:
            page.add(tuple(part for part in row if isinstance(part, Run)))


def _headline(page: PageBuilder, report: Report) -> None:
    """The figures of the whole: large, with what is behind them below, where there is room."""
    if page.context.airy and page.context.wide:
        _large(page, report)
        return
    totals = report.totals
    each = max(page.width // len(report.columns), 9)
    names: list[Run] = []
    values: list[Part] = []
    for column in report.columns[: max(page.width // each, 1)]:
        names.append(cell(column.label, each, "dim"))
        text = figures.format_value(totals[column.key], column.unit, page.context.currency)
        behind = figures.fraction(totals[column.key])
        after = fixed(make((f" {behind}", "dim")), max(each - len(text), 0))
        values.append(_figure(report, column.key, text, "strong", after))
    page.spacer()
    page.add(tuple(names))
    page.row("headline", values)


def _large(page: PageBuilder, report: Report) -> None:
    totals, context = report.totals, page.context
    before = report.before.totals if report.before is not None else None
    by_key = {column.key: column for column in report.columns}
    symbol = money.full(0, context.currency)[:-1]
    each = page.width // 4
    names = {
        "amount": _("open"),
        "won_amount": _("won"),
        "average_won": _("average won"),
        "win_rate": _("win rate"),
    }
    heads, drawn = [], []
    for key, name in names.items():
        unit, value = by_key[key].unit, totals[key]
        text = figures.format_value(value, unit, context.currency)
        text = symbol + text if unit == "money" and value is not None else text
        change = figures.change(by_key[key], value, before[key]) if before else None
        heads.append([beside(make((name, "dim")), make(change) if change else EMPTY, each - 4)])
        drawn.append(bars.large_figure(text, each - 2) or [EMPTY, make((text, "strong")), EMPTY])
    page.spacer()
    page.add(*columns(heads, [each] * 4), *columns(drawn, [each] * 4))
    leads, won = totals["leads"], totals["won"]
    weighted = figures.format_value(totals["weighted_amount"], "money", context.currency)
    under = [
        [
            ("leads", ngettext("{n} lead", "{n} leads", leads).format(n=leads)),
            ("weighted_amount", _("{money} weighted").format(money=weighted)),
        ],
        [("won", ngettext("{n} lead", "{n} leads", won).format(n=won))],
        [("average_won", _("of those with amount"))],
        [
            (
                "win_rate",
                _("{parts} closed").format(parts=figures.fraction_words(totals["win_rate"])),
            )
        ],
    ]
    row: list[Part] = []
    for block in under:
        left = each
        for place, (key, words) in enumerate(block):
            if place:
                row.append(Run(", ", "dim"))
                left -= 2
            row.append(_figure(report, key, words, "dim"))
            left -= width_of(words)
        row.append(Run(" " * max(left, 1)))
    page.row("headline", row)


def _figure(report: Report, key: str, text: str, token: str, after: Line = EMPTY) -> FigureCell:
    label = next(column.label for column in report.columns if column.key == key)
    return FigureCell(
        column=key,
        figure=Figure(0, (report.keys[0],), key, label, report.totals[key]),
        text=text,
        token=token,
        after=after,
    )


class _Blocks:
    """Rows of one width: a label, a figure or two, a bar."""

    def __init__(self, page: PageBuilder, width: int) -> None:
        self.page, self.width = page, width
        self.label = min(max(width // 3, 8), 16 if width < 70 else 24)
        self.bar = max(width - self.label - 16, 0)

    def months(self, part: int, report: Report) -> Block:
        """What was won, month by month: upright where each has four cells, else a row each."""
        pairs = list(zip(report.keys, report.rows, strict=True))[-MONTHS:]
        peak = max((row["won_amount"] for _key, row in pairs), default=0)
        high = figures.format_value(peak, "money", self.page.context.currency)
        rows = [self._head(_("Won by month"), _("peak {value}").format(value=high))]
        each = min(self.width // max(len(pairs), 1), 6)
        if self.page.context.airy and each >= 4 and peak:
            return [*rows, *self._upright(part, pairs, each)]
        several = figures.several_years([key for key, _row in pairs])
        for key, row in pairs:
            name = figures.row_label(key, self.page.context.today, several)
            drawn = bars.heavy_bar(row["won_amount"], peak, self.bar, "won")
            rows.append(self._row(part, key, name, row, ("won", "won_amount"), drawn))
        return rows

    def _upright(self, part: int, pairs: Sequence[tuple[str, Row]], each: int) -> Block:
        """The months as bars, the running one in the accent, each with its name below."""
        context = self.page.context
        found = [figures.period_of(key, context.today) for key, _row in pairs]
        running = [this is not None and periods.running(this, context.today) for this in found]
        values = [
            (float(row["won_amount"]), "accent" if runs else "won")
            for (_key, row), runs in zip(pairs, running, strict=True)
        ]
        names: list[Part] = []
        for (key, row), runs in zip(pairs, running, strict=True):
            name = figures.row_label(key, context.today)[:3]
            figure = Figure(part, (key,), "won_amount", name, row["won_amount"])
            token = "strong" if runs else "dim"
            names.append(FigureCell(f"{part}/{key}", figure, name, token, width=each, align="left"))
        rest = Run(" " * (self.width - each * len(pairs)))
        chart = bars.upright_bars(values, each, HIGH)
        rows: Block = [[*line, rest] for line in chart]
        return [*rows, [*names, rest]]

    def steps(self, part: int, report: Report) -> Block:
        """The open leads on each step."""
        peak = max((row["amount"] for row in report.rows), default=0)
        rows = [self._head(_("Open by step"))]
        for key, row in zip(report.keys, report.rows, strict=True):
            spaced = self.page.context.airy and len(report.rows) < MONTHS / 2
            draw = bars.bar if spaced else bars.heavy_bar  # blocks that touch look like one
            drawn = draw(row["amount"], peak, self.bar, "accent")
            if spaced and len(rows) > 1:
                rows.append([Run(" " * self.width)])
            rows.append(self._row(part, key, row["step"], row, ("leads", "amount"), drawn))
        return rows

    def reps(self, part: int, report: Report, funnel: Report) -> Block:
        """The open leads of each rep, their amount stacked by step; the greatest first."""
        order = [row["step"] for row in funnel.rows]
        by_rep: dict[str, list[tuple[str, Row]]] = {}
        for key, row in zip(report.keys, report.rows, strict=True):
            by_rep.setdefault(row["rep"], []).append((key, row))
        sums = {rep: sum(row["amount"] for _k, row in rows) for rep, rows in by_rep.items()}
        rows: Block = [self._head(_("Open by rep"))] if by_rep else []
        for rep in sorted(sums, key=lambda name: -sums[name])[:MOST_REPS]:
            mine = by_rep[rep]
            sizes = [0] * len(order)
            for _key, row in mine:
                sizes[order.index(row["step"])] += row["amount"]
            drawn = bars.shaded(sizes, max(sums.values()), self.bar)
            whole = {
                "leads": sum(row["leads"] for _key, row in mine),
                "amount": sums[rep],
            }
            keys = tuple(key for key, _row in mine)
            rows.append(
                self._row(part, keys, figures.label_of(rep), whole, ("leads", "amount"), drawn)
            )
        return rows

    def reasons(self, part: int, report: Report) -> Block:
        """Why leads were lost, the most frequent first."""
        lost = [
            (key, row)
            for key, row in zip(report.keys, report.rows, strict=True)
            if row["status"] == "lost"
        ]
        peak = max((row["count"] for _key, row in lost), default=0)
        rows: Block = [self._head(_("Lost because"))] if lost else []
        for key, row in lost[:MOST_REASONS]:
            drawn = bars.heavy_bar(row["count"], peak, self.bar)
            name = figures.label_of(row["reason"])
            rows.append(self._row(part, key, name, row, ("count", "amount"), drawn))
        return rows

    def _head(self, title: str, note: str = "") -> list[Part]:
        return list(fixed(section(title, self.width, note=note), self.width))

    def _row(
        self,
        part: int,
        keys: str | tuple[str, ...],
        name: str,
        values: Row,
        columns: Sequence[str],
        drawn: Line,
    ) -> list[Part]:
        """A label, a count, money, and a bar to the end of the block. The names of its figures
        tell it from what stands beside it."""
        rows = (keys,) if isinstance(keys, str) else keys
        count, money = columns
        currency = self.page.context.currency

        def figure(column: str, unit: str, width: int, token: str) -> FigureCell:
            return FigureCell(
                column=f"{part}/{column}",
                figure=Figure(part, rows, column, name, values[column]),
                text=figures.format_value(values[column], unit, currency),
                token=token,
                width=width,
            )

        room = max(self.width - self.label - 16, 0)
        return [
            cell(name, self.label, "text"),
            figure(count, "count", 5, "dim"),
            figure(money, "money", 8, "strong"),
            Run("   "),
            *(fixed(drawn, room) if cells(drawn) != room else drawn),
        ]
