"""The ledger: rows of figures under their heads, with one bar among them.

Every table of the reports is one: a label, columns of figures, a bar behind one of them, perhaps a
drawn column at the end, the totals. A column has its place by its unit, not by what is in it; where
there is no room columns go in a fixed order, and the bar takes what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from tui_crm.core.reports import TOTAL, Column, Rate, Report
from tui_crm.core.reports.closings import small_note
from tui_crm.core.reports.types import Row, Value
from tui_crm.core.text import _, width as width_of
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.charts import figures
from tui_crm.tui.widgets.charts.figures import row_before
from tui_crm.tui.widgets.charts.page import Figure, FigureCell, PageBuilder, Part, flowed
from tui_crm.tui.widgets.lines import Line, Run, cell, fixed, make, rule, section

LEAST_FIGURES, MOST_FIGURES = 4, 24  # cells of a column that is fitted to its figures


class Label(NamedTuple):
    """The name of a row, with a ``sign`` before it; ``marked`` with the sign of a running period
    or a young cohort behind it."""

    text: str
    token: str = "text"
    marked: bool = False
    sign: str = ""


@dataclass(frozen=True)
class LabelColumn:
    """The first column: its head, the label of a row; without a ``width`` it fits the labels."""

    head: str
    label: Callable[[str, Row], Label]
    width: int = 0


@dataclass(frozen=True)
class FigureColumn:
    """A column of the report, with the head of the report where there is no other.

    One with a greater ``drop`` goes before the others when there is no room (0 stays). ``token``
    is that of its figures, ``total`` that of their sum, ``zero_token`` that of zero and nothing;
    with ``blank_zero`` zero is drawn as nothing. Without a ``width`` it fits its figures. ``gap``
    are the empty cells before and behind it; the mark of a small sample takes the first one
    behind. ``part`` 1 is a column of the report's second table.
    """

    key: str
    drop: int = 0
    token: str = "text"
    head: str = ""
    width: int = 0
    gap: tuple[int, int] = (1, 1)
    part: int = 0
    total: str = "strong"
    zero_token: str = "dim"
    blank_zero: bool = False


@dataclass(frozen=True)
class BarColumn:
    """The chart: it is drawn from the values of a row behind the column ``after`` ("": behind the
    label), in ``least`` to ``most`` cells. It goes with a ``drop``, as a column does."""

    after: str
    draw: Callable[[Row, int], Line]
    drop: int = 0
    least: int = 8
    most: int = 48
    gap: tuple[int, int] = (1, 1)


@dataclass(frozen=True)
class DrawnColumn:
    """A column behind all others that is drawn in ``width`` cells from the values of a row (the
    total has none). It goes with a ``drop``, as a column does."""

    head: str
    width: int
    draw: Callable[[Row], Line]
    drop: int = 0

    @property
    def cells(self) -> int:
        """Its width with its head, without the gap before it."""
        return max(self.width, width_of(self.head))


class Changes(NamedTuple):
    """The column of change, behind the chart: of each row the change of the chart's figure from the
    period compared with, signed, as text and token."""

    texts: dict[str, tuple[str, str]]
    drop: int = 5

    @property
    def cells(self) -> int:
        """Its width, without the gap before it."""
        return max(width_of(_("change")), *(width_of(text) for text, _token in self.texts.values()))

    def cell(self, key: str) -> Line:
        """The change of a row with the gap before it; empty where there is nothing to compare."""
        text, token = self.texts.get(key, ("", "dim"))
        return (Run("  ", "dim"), cell(text, self.cells, token, "right"))


def label_of(column: str, head: str) -> LabelColumn:
    """The label column of a text column of the report."""
    return LabelColumn(head, lambda _key, values: Label(figures.label_of(values[column])))


def bar_of(report: Report, column: str, token: str = "accent") -> BarColumn:
    """The bar of a column, with a light line to the full width; the greatest figure is as long as
    there is room."""
    peak = max((figures.number_of(row[column]) or 0 for row in report.rows), default=0)

    def draw(values: Row, width: int) -> Line:
        return bars.bar(figures.number_of(values[column]) or 0, peak, width, token, rest=True)

    return BarColumn(column, draw, drop=6)


def name_of(part: int, key: str) -> str:
    """The name of a row on the page."""
    return f"{part}/{key}"


class Ledger:
    """A table laid out for a page: `head`, then `row` by row, `total`, or all of it by `draw`."""

    def __init__(
        self,
        page: PageBuilder,
        report: Report,
        label: LabelColumn,
        columns: Sequence[FigureColumn],
        bar: BarColumn | None = None,
        *,
        drawn: DrawnColumn | None = None,
        part: int = 0,
        sized_by_total: bool = True,
        before: Report | None = None,
    ) -> None:
        """``part`` is the part of the page's report that ``report`` is, ``before`` the same part of
        the period compared with (default: the report's own); with ``sized_by_total`` the totals
        count for the width of the columns."""
        self.before = before or report.before
        self._compared = ""
        self.page, self.report, self.label, self.part = page, report, label, part
        tables = (report, report.second or report)
        self._columns = [{column.key: column for column in table.columns} for table in tables]
        self._rows = [
            {**dict(zip(table.keys, table.rows, strict=True)), TOTAL: table.totals}
            for table in tables
        ]
        self.columns = [column for column in columns if column.key in self._columns[column.part]]
        self.bar, self.drawn = bar, drawn
        self.changes = self._changes()
        self.label_width = label.width or self._label_width()
        self.widths = {column.key: self._width(column, sized_by_total) for column in self.columns}
        self.bar_width = self._fit()

    # -- layout --------------------------------------------------------------------------------

    def _column(self, column: FigureColumn) -> Column:
        return self._columns[column.part][column.key]

    def _changes(self) -> Changes | None:
        """The column of change, where the report is compared and has a chart of one figure."""
        named = self.bar.after if self.bar is not None else ""
        of = next((column for column in self.columns if column.key == named), None)
        if of is None or of.part or self.before is None:
            return None
        now, then = self.report, self.before
        texts: dict[str, tuple[str, str]] = {}
        for key, values in self._rows[0].items():
            row = row_before(now, then, key)
            before = row.get(of.key) if row is not None else None
            change = figures.change(self._column(of), values[of.key], before)
            if change is not None:
                texts[key] = change
        self._compared = of.key
        return Changes(texts) if texts else None

    def _label_width(self) -> int:
        width = self.page.width
        most = max(8, width // 4) if width < 60 else max(10, width // 3)
        labels = [
            width_of(label.text) + (2 if label.marked else 0)
            for label in map(self.label.label, self.report.keys, self.report.rows)
        ]
        return min(max([*labels, width_of(self.label.head), 7]), most)

    def _width(self, column: FigureColumn, sized_by_total: bool) -> int:
        of = self._column(column)
        head = width_of(column.head or of.label)
        if column.width:
            return max(column.width, head)
        values = [
            row[column.key]
            for key, row in self._rows[column.part].items()
            if sized_by_total or key != TOTAL
        ]
        texts = [self._text(column, value) for value in values]
        if of.unit == "rate":
            texts = ["100% " + figures.fraction(value) for value in values]
        least = max(figures.UNIT_WIDTHS.get(of.unit, LEAST_FIGURES), head)
        return min(max([least, *map(width_of, texts)]), MOST_FIGURES)

    def _fit(self) -> int:
        """Leave out columns until the others have room; the cells that are left for the bar."""
        room = self.page.width - self.label_width
        while True:
            used = sum(self.widths[column.key] + sum(column.gap) for column in self.columns)
            if self.drawn is not None:
                used += self.drawn.cells + 2
            if self.changes is not None:
                used += self.changes.cells + 2
            free = room - used - (sum(self.bar.gap) if self.bar is not None else 0)
            if free >= (self.bar.least if self.bar is not None else 0):
                break
            parts = (self.drawn, *self.columns, self.changes, self.bar)
            able = [part for part in parts if part and part.drop]
            if not able:
                break
            going = max(able, key=lambda part: part.drop)
            if going is self.bar:
                self.bar = None
            elif going is self.drawn:
                self.drawn = None
            elif going is self.changes:
                self.changes = None
            else:
                self.columns = [column for column in self.columns if column is not going]
        width = min(max(free, 0), self.bar.most) if self.bar is not None else 0
        if width < 4:
            self.bar = None
        return width

    # -- rows ----------------------------------------------------------------------------------

    def draw(
        self, only: Sequence[str] | None = None, total: str | None = None, head: bool = True
    ) -> None:
        """The head, the rows ``only`` (default: all), then the totals under the label ``total``
        when it is given."""
        if head:
            self.head(only)
        for key in self.report.keys if only is None else only:
            self.row(key)
        if total is not None and self.report.rows:
            if self.page.context.airy:
                self.page.add(rule(self.page.width))
            self.total(total)

    def head(self, only: Sequence[str] | None = None) -> None:
        """The heads of the columns over the rows ``only`` (default: all), that of the column under
        the cursor in the accent; on high screens a rule under them."""
        cursor = self.page.context.cursor
        rows = {name_of(self.part, key) for key in (*(only or self.report.keys), TOTAL)}
        focused = cursor.column if cursor is not None and cursor.row in rows else ""
        line: list[Run] = [cell(self.label.head, self.label_width, "dim")]
        line += self._bar_space("")
        for column in self.columns:
            before, behind = column.gap
            text = column.head or self._column(column).label
            token = "key" if column.key == focused else "dim"
            line.append(Run(" " * before, "dim"))
            line.append(cell(text, self.widths[column.key], token, "right"))
            line.append(Run(" " * behind, "dim"))
            line += self._bar_space(column.key)
            if self.changes is not None and column.key == self._compared:
                line += [Run("  ", "dim"), cell(_("change"), self.changes.cells, "dim", "right")]
        if self.drawn is not None:
            line += [Run("  ", "dim"), cell(self.drawn.head, self.drawn.cells, "dim")]
        self.page.add(tuple(line))
        if self.page.context.airy:
            self.page.add(rule(self.page.width))

    def row(self, key: str, more: Sequence[Sequence[Part]] = (), first: Sequence[str] = ()) -> None:
        """The row of that key; ``more`` lines belong to it, ``first`` as in `PageBuilder.row`."""
        values = self._rows[0][key]
        self._row(key, values, self.label.label(key, values), more, first)

    def total(self, label: str) -> None:
        """The row of the totals."""
        self._row(TOTAL, self.report.totals, Label(label, "dim"))

    def _row(
        self,
        key: str,
        values: Row,
        label: Label,
        more: Sequence[Sequence[Part]] = (),
        first: Sequence[str] = (),
    ) -> None:
        line: list[Part] = [*self._label(label), *self._bar("", key, values)]
        for column in self.columns:
            line += self._figure(column, key, label.text)
            line += self._bar(column.key, key, values)
            if self.changes is not None and column.key == self._compared:
                line += self.changes.cell(key)
        if self.drawn is not None and key != TOTAL:
            line += [Run("  "), *fixed(self.drawn.draw(values), self.drawn.cells)]
        self.page.row(name_of(self.part, key), line, *more, first=first)

    def _label(self, label: Label) -> Line:
        text = label.sign + label.text
        if not label.marked:
            return (cell(text, self.label_width, label.token),)
        text = cell(text, self.label_width - 2, label.token).text.rstrip()
        rest = self.label_width - width_of(text) - 2
        return (*make((f"{text} ", label.token), ("~", "due")), Run(" " * rest, label.token))

    def _bar_space(self, after: str) -> Line:
        if self.bar is None or self.bar.after != after:
            return ()
        return (Run(" " * (self.bar_width + sum(self.bar.gap)), "dim"),)

    def _bar(self, after: str, key: str, values: Row) -> Line:
        if self.bar is None or self.bar.after != after or key == TOTAL:
            return self._bar_space(after)
        before, behind = self.bar.gap
        drawn = self.bar.draw(values, self.bar_width)
        return (Run(" " * before), *drawn, Run(" " * behind))

    def _figure(self, column: FigureColumn, key: str, where: str) -> list[Part]:
        """One figure in its column, the mark of a small sample behind it."""
        of, width = self._column(column), self.widths[column.key]
        value = self._rows[column.part][key][column.key]
        token = column.total if key == TOTAL and column.token != "dim" else column.token
        if value in (0, None) or (isinstance(value, Rate) and not value.d):
            token = column.zero_token
        before, behind = (" " * cells for cells in column.gap)
        if of.unit == "text":
            text = cell(figures.label_of(value), width, token)
            return [Run(before, token), text, Run(behind, token)]
        small = (key, column.key) in self.report.small
        mark = Run("~".ljust(len(behind)), "dim") if small and behind else Run(behind, token)
        figure = Figure(
            part=self.part + column.part, rows=(key,), column=column.key, where=where, value=value
        )
        drawn = FigureCell(
            column=column.key,
            figure=figure,
            text=self._text(column, value),
            token=token,
            width=width,
        )
        if of.unit == "rate":
            drawn = rate_cell(drawn, value, width)
        return [Run(before, token), replace(drawn, after=(*drawn.after, mark))]

    def _text(self, column: FigureColumn, value: Value) -> str:
        if not value and column.blank_zero:
            value = None
        currency = self.page.context.currency
        return figures.format_value(value, self._column(column).unit, currency)


def draw_groups(
    page: PageBuilder,
    report: Report,
    group: str,
    label: LabelColumn,
    columns: Sequence[FigureColumn],
    bar: BarColumn,
) -> None:
    """A section with its table for each value of the column ``group``, the totals under the last;
    then the notes."""
    groups: dict[Value, list[str]] = {}
    for key, row in zip(report.keys, report.rows, strict=True):
        groups.setdefault(row[group], []).append(key)
    last = list(groups)[-1]
    for value, keys in groups.items():
        name = figures.label_of(value)
        heading(page, name[:1].upper() + name[1:])
        total = _("all") if value == last else None
        Ledger(page, report, label, columns, bar).draw(keys, total)
    notes(page, report)


def rate_cell(figure: FigureCell, value: Value, width: int) -> FigureCell:
    """``35%  9/26``: the share as the figure, and dim behind it what it was counted from."""
    share = min(4, width)
    if width - share < 4:
        return figure
    parts = figures.fraction(value) if isinstance(value, Rate) and value.d else ""
    behind = Run(cell(parts, width - share, "dim", "right").text, "dim")
    return replace(figure, width=share, after=(behind,))


def notes(page: PageBuilder, report: Report) -> None:
    """The notes of a report, the signs before what they explain."""
    today = page.context.today
    running = _("{label} runs until {day}.").format(
        label=report.period.label, day=report.period.last.isoformat()
    )
    compared = (
        ""
        if report.before is None
        else _("Compared with {label}.").format(label=report.before.period.label)
    )
    lines: list[Line] = []
    part = report.period
    if running in report.notes and part.unit != "all" and report.name != "forecast":
        for label in report.keys:
            period = figures.period_of(label, today)
            if period is not None and today in period:
                part = period
        text = _("{label} runs until {day}").format(
            label=figures.row_label(part.label, today)
            if part is not report.period
            else figures.period_words(part),
            day=figures.row_label(part.last.isoformat(), today),
        )
        if report.before is not None:
            text += _("; compared with {before}").format(
                before=figures.period_words(report.before.period)
            )
        lines.append(make(("~", "due"), (f" {text}", "dim")))
    for note in report.notes:
        if note == small_note():
            lines += flowed((("~", "due"), (f" {note}", "dim")), page.width, 2)
        elif note not in (running, compared):
            lines += flowed(((note, "dim"),), page.width, 2)
    if lines:
        page.spacer()
        page.add(*lines)


def heading(page: PageBuilder, name: str, count: str | int | None = None, note: str = "") -> None:
    """A section of the page."""
    page.spacer()
    page.add(section(name, page.width, count, note))
