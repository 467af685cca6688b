"""The company at a glance: what is open and won in figures, the months beside the funnel, the
reps and the reasons; every piece opens."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from tui_crm.core.reports import Report
from tui_crm.core.reports.types import Row
from tui_crm.core.text import _
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.charts import figures
from tui_crm.tui.widgets.charts.page import ChartData, Figure, FigureCell, PageBuilder, Part
from tui_crm.tui.widgets.lines import Line, Run, cell, cells, fixed, make, section

SIDE_BY_SIDE = 70
"""Cells from which on two blocks stand beside one another."""
MOST_REPS, MOST_REASONS = 6, 5
STEPS = ("dim", "text", "accent", "won")
"""The tokens of the parts of a bar, from the first step to the last."""

Block = list[list[Part]]
"""Rows of parts, each as wide as the block."""


def dashboard(page: PageBuilder, data: ChartData) -> None:
    """The headline figures; below, the months won at the left, the rest at the right."""
    parts = {part.table: (place, part) for place, part in enumerate(data.report.parts)}
    _headline(page, data.report)
    two = page.width >= SIDE_BY_SIDE
    width = (page.width - 3) // 2 if two else page.width
    draw = _Blocks(page, width)
    months = draw.months(*parts["by_month"])
    others = [
        *draw.steps(*parts["funnel"]),
        *draw.reps(*parts["open_by_rep"], parts["funnel"][1]),
        *draw.reasons(*parts["reasons"]),
    ]
    rows = (
        [
            [*(left or [Run(" " * width)]), Run("   "), *(right or [])]
            for left, right in zip_longest(months, others)
        ]
        if two
        else [*months, *others]
    )
    page.spacer()
    for place, row in enumerate(rows):
        if any(isinstance(part, FigureCell) for part in row):
            page.row(f"pair/{place}", row)
        else:
            page.add(tuple(part for part in row if isinstance(part, Run)))


def _headline(page: PageBuilder, report: Report) -> None:
    """The figures of the whole, each under its name."""
    totals = report.totals
    each = max(page.width // len(report.columns), 9)
    names: list[Run] = []
    values: list[Part] = []
    for column in report.columns[: max(page.width // each, 1)]:
        names.append(cell(column.label, each, "dim"))
        text = figures.format_value(totals[column.key], column.unit, page.context.currency)
        behind = figures.fraction(totals[column.key])
        values.append(
            FigureCell(
                column=column.key,
                figure=Figure(0, (report.keys[0],), column.key, column.label, totals[column.key]),
                text=text,
                token="strong",
                after=fixed(make((f" {behind}", "dim")), max(each - len(text), 0)),
            )
        )
    page.spacer()
    page.add(tuple(names))
    page.row("headline", values)


class _Blocks:
    """Rows of one width: a label, a figure or two, a bar."""

    def __init__(self, page: PageBuilder, width: int) -> None:
        self.page, self.width = page, width
        self.label = min(max(width // 3, 8), 16)
        self.bar = max(width - self.label - 16, 0)

    def months(self, part: int, report: Report) -> Block:
        """What was won, month by month."""
        peak = max((row["won_amount"] for row in report.rows), default=0)
        several = figures.several_years(report.keys)
        rows = [self._head(_("Won by month"))]
        for key, row in zip(report.keys, report.rows, strict=True):
            name = figures.row_label(key, self.page.context.today, several)
            drawn = bars.bar(row["won_amount"], peak, self.bar, "won")
            rows.append(self._row(part, key, name, row, ("won", "won_amount"), drawn))
        return rows

    def steps(self, part: int, report: Report) -> Block:
        """The open leads on each step."""
        peak = max((row["amount"] for row in report.rows), default=0)
        rows = [self._head(_("Open by step"))]
        for key, row in zip(report.keys, report.rows, strict=True):
            drawn = bars.bar(row["amount"], peak, self.bar)
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
            stacked = [
                (row["amount"], STEPS[min(order.index(row["step"]), len(STEPS) - 1)])
                for _key, row in sorted(mine, key=lambda pair: order.index(pair[1]["step"]))
            ]
            drawn = bars.stacked(stacked, max(sums.values()), self.bar, rest=False)
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
            drawn = bars.bar(row["count"], peak, self.bar, "late")
            name = figures.label_of(row["reason"])
            rows.append(self._row(part, key, name, row, ("count", "amount"), drawn))
        return rows

    def _head(self, title: str) -> list[Part]:
        return list(fixed(section(title, self.width), self.width))

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
