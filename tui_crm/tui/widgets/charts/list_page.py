"""The page of a prospect list: its figures, when its people answer, and who answers by a column."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tui_crm.core.reports import SMALL_SAMPLE, Report
from tui_crm.core.reports.closings import small_note
from tui_crm.core.reports.types import Row
from tui_crm.core.text import _
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.charts import figures
from tui_crm.tui.widgets.charts.hours import HourGrid
from tui_crm.tui.widgets.charts.ledger import (
    BarColumn,
    FigureColumn,
    Label,
    LabelColumn,
    Ledger,
    name_of,
    notes,
)
from tui_crm.tui.widgets.charts.lists import called_bar
from tui_crm.tui.widgets.charts.page import (
    ChartData,
    Figure,
    FigureCell,
    Page,
    PageBuilder,
    Part,
    RenderContext,
    flowed,
)
from tui_crm.tui.widgets.charts.view import ReportView
from tui_crm.tui.widgets.lines import Line, Run, cell, cells, clip, make, section

LABEL, SUM = 4, 7  # cells of a weekday's name, of the sum at the end of its row
NARROW = 60  # cells of a line under which there is no such sum
DIGITS = 9

FIGURES, COLUMN, HOURS = 0, 1, 2  # the parts of the page, each a report


@dataclass(frozen=True)
class ListChartData(ChartData):
    """What the page shows; ``report`` are the figures of the list. ``by_column`` and ``hours`` are
    None while they are counted; ``columns`` the columns to choose from, best first, ``column`` the
    chosen one; ``order_by`` the order of the new rows (``answer``: when people answer), ``formula``
    how that one ranks, ``order_key`` the key that changes it."""

    by_column: Report | None = None
    hours: Report | None = None
    columns: tuple[str, ...] = ()
    column: str = ""
    order_by: str = ""
    formula: str = ""
    order_key: str = ","

    def part(self, part: int) -> Report:
        """The report of a part of the page."""
        return (self.report, self.by_column, self.hours)[part] or self.report


class ListPageView(ReportView):
    """A `ReportView` of the reports of `ListChartData`, one under the other."""

    def draw_page(self, data: ChartData, context: RenderContext) -> Page:
        return draw(data, context) if isinstance(data, ListChartData) else Page()

    def report_of(self, data: ChartData, figure: Figure) -> tuple[Report, Figure]:
        if not isinstance(data, ListChartData):
            return data.report, figure
        return data.part(figure.part), replace(figure, part=0)


def draw(data: ListChartData, context: RenderContext) -> Page:
    """The page, fitted to the height of ``context``."""
    page = PageBuilder(context)
    page.spacer(optional=not context.airy)
    columns = (
        FigureColumn("rows", token="strong"),
        FigureColumn("called", drop=1),
        FigureColumn("reached", drop=2),
        FigureColumn("leads"),
        FigureColumn("won", drop=3),
        FigureColumn("won_amount", drop=4, token="strong"),
        FigureColumn("calls", drop=8),
        FigureColumn("calls_per_lead", drop=5),
    )
    label = LabelColumn("", lambda _key, _values: Label(_("all time")))
    Ledger(page, data.report, label, columns, called_bar(), sized_by_total=False).draw()
    _answers(page, data)
    _by_column(page, data)
    table = data.by_column
    if data.hours is not None and data.hours.small and not (table is not None and table.small):
        page.add(*flowed((("~", "due"), (f" {small_note()}", "dim")), page.width, 2))
    return page.build()


def _heading(page: PageBuilder, name: str, count: str | None, choices: Line) -> None:
    """A section with keys and what they choose at its right end."""
    page.spacer(optional=not page.context.airy)
    choices = clip(choices, max(page.width // 2, page.width - len(name) - 14))
    room = page.width - cells(choices) - 1
    page.add(
        (*section(name, room, count), Run(" ", "text"), *choices)
        if choices and room > 12
        else section(name, page.width, count)
    )


# -- when people answer ----------------------------------------------------------------------------


def order_words(order_by: str) -> str:
    """How the new rows of a list are ordered."""
    return _("when people answer") if order_by == "answer" else _("as in the list")


def _answers(page: PageBuilder, data: ListChartData) -> None:
    report = data.hours
    what = "" if page.width < NARROW else f"{_('new rows')} "
    order = make(
        (f"{data.order_key} ", "key"),
        (what, "dim"),
        (order_words(data.order_by), "strong" if data.order_by else "text"),
    )
    grid = _grid(page, report) if report is not None else None
    _heading(page, _("When people answer"), _sample(grid) if grid is not None else None, order)
    if grid is None:
        page.add(make((_("counting …"), "dim")))
    elif not grid.rows:
        page.add(make((_("No calls on this list yet; Esc and then Enter calls it."), "text")))
    else:
        _draw_grid(page, grid)
    if data.formula and (page.context.airy or data.order_by == "answer"):
        page.add(*flowed(((data.formula, "dim"),), page.width, 4))
    if report is not None:
        for note in report.notes:
            if not (report.small and note == small_note()):  # once, at the end of the page
                page.add(*flowed(((note, "dim"),), page.width, 2))


def _grid(page: PageBuilder, report: Report) -> HourGrid:
    total = SUM if page.width >= NARROW else 0
    return HourGrid(page, report, part=HOURS, label=LABEL, total=total, mark_apart=True, faint=0.0)


def _sample(grid: HourGrid) -> str | None:
    """How many calls the rates rest on, and how many of them are at hours that have no room."""
    calls = grid.report.totals["calls"]
    if not calls or not grid.total:
        return None
    hidden = _(", {n} at other hours").format(n=f"{grid.hidden:,}") if grid.hidden else ""
    return f"{calls:,}{hidden}"


def _draw_grid(page: PageBuilder, grid: HourGrid) -> None:
    """A level and a percentage for each weekday and hour; what they were counted from under them
    where there is room; the sums of calls at the right and below."""
    grid.head()
    for day in grid.days:
        grid.weekday(day)
        if page.context.airy:
            samples = (_fraction(grid.rows.get((day, hour)), grid.size) for hour in grid.hours)
            page.add((Run(" " * LABEL, "dim"), *samples))
    _calls(page, grid)
    if not grid.total:
        grid.hidden_note(",")


def _fraction(row: Row | None, size: int) -> Run:
    parts = figures.fraction(row["reached_rate"]) if row else ""
    if row and len(parts) >= size:
        parts = f"/{row['calls']:,}"
    return cell(parts, size, "dim", "right")


def _calls(page: PageBuilder, grid: HourGrid) -> None:
    """The calls of each hour, all days together: the samples that the rates rest on."""
    line: list[Part] = [Run(" " * LABEL, "dim")]
    for hour in grid.hours:
        calls = grid.calls(hour)
        figure = Figure(
            part=HOURS, rows=grid.keys(hour), column="calls", where=f"{hour}h", value=calls
        )
        text = f"{calls:,}" if calls else figures.nothing()
        line.append(
            FigureCell(column=f"h{hour}", figure=figure, text=text, token="dim", width=grid.size)
        )
    if grid.total:
        keys = tuple(f"{day}/{hour}" for day, hour in sorted(grid.rows))
        calls = sum(row["calls"] for row in grid.rows.values())
        figure = Figure(part=HOURS, rows=keys, column="calls", where=_("all hours"), value=calls)
        line.append(
            FigureCell(
                column="all", figure=figure, text=f"{calls:,}", token="text", width=grid.total
            )
        )
    page.row(name_of(HOURS, "calls"), line)


# -- by column -------------------------------------------------------------------------------------


def _by_column(page: PageBuilder, data: ListChartData) -> None:
    if not data.columns:
        return
    report = data.by_column
    pieces: list[tuple[str, str]] = []
    for digit, name in enumerate(data.columns[:DIGITS], 1):
        pieces += [
            ("  " if pieces else "", "text"),
            (f"{digit} ", "key"),
            (name, "strong" if name == data.column else "dim"),
        ]
    count = f"{len(report.rows):,}" if report is not None else None
    _heading(page, _("By {column}").format(column=data.column), count, make(*pieces))
    if report is None:
        page.add(make((_("counting …"), "dim")))
        return
    peak = max(
        (row["answered"].value or 0.0 for row in report.rows if row["answered"].d >= SMALL_SAMPLE),
        default=1.0,
    )

    def bar(values: Row, width: int) -> Line:
        small = values["answered"].d < SMALL_SAMPLE
        return bars.bar(values["answered"].value or 0.0, peak, width, "dim" if small else "accent")

    columns = (
        FigureColumn("rows", drop=6),
        FigureColumn("called", drop=7),
        FigureColumn("answered", token="strong"),
        FigureColumn("leads", drop=1),
        FigureColumn("won", drop=5),
        FigureColumn("won_amount", drop=3),
        FigureColumn("calls", drop=9),
        FigureColumn("calls_per_lead", drop=8),
    )
    several = len(report.rows) > 1
    Ledger(
        page,
        report,
        LabelColumn(data.column, lambda _key, values: Label(_value(values))),
        columns,
        BarColumn("answered", bar, drop=4),
        part=COLUMN,
        sized_by_total=several,
    ).draw(total=_("all") if several else None)
    notes(page, report)


def _value(values: Row) -> str:
    """The value as the list has it: never translated as a word of ours."""
    value = str(values["value"] or "")
    return figures.nothing() if value == "–" else value


__all__ = ["COLUMN", "FIGURES", "HOURS", "ListChartData", "ListPageView", "draw", "order_words"]
