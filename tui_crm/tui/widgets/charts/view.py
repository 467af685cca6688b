"""ReportView: a report on the screen, with a cursor on its figures; ReportMenu: the reports.

`ReportView.show` takes everything it draws; moving the cursor posts `Moved`, and `cursor` and
`figure` tell where it stands. The screen binds the keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from textual.message import Message

from tui_crm.core.reports import Report, ReportInfo
from tui_crm.core.text import ngettext
from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets import charts
from tui_crm.tui.widgets.canvas import LineWidget
from tui_crm.tui.widgets.charts import details as figure_details
from tui_crm.tui.widgets.charts.details import FigureDetails
from tui_crm.tui.widgets.charts.page import (
    AIR,
    ChartData,
    CursorPosition,
    Figure,
    Page,
    RenderContext,
    dimmed,
)
from tui_crm.tui.widgets.lines import EMPTY, Line, Run, beside, cell, clip, indent, make

MENU = 15  # cells of the menu, its margin included
START = {  # the column of the cursor in a report that was not shown before
    "company": "win_rate",
    "team": "win_rate",
    "activity": "reached_rate",
    "pipeline": "conversion",
    "forecast": "weighted_amount",
    "leads": "win_rate",
    "reasons": "count",
    "velocity": "velocity",
    "goals": "share",
    "lists": "leads",
    "now": "leads",
}


@dataclass(frozen=True)
class ReportPage:
    """What the view shows. ``subtitle`` stands behind the title, ``aside`` at its right edge;
    ``data`` is None while nothing was counted yet; ``message`` then tells why. ``stale`` numbers
    are dim: new ones are being counted."""

    title: str
    subtitle: str
    aside: str
    currency: str
    today: date
    data: ChartData | None = None
    message: str = ""
    stale: bool = False


@dataclass(frozen=True)
class _Drawn:
    """The page drawn last, and what it was drawn for."""

    data: ChartData
    place: tuple[object, ...]
    cursor: CursorPosition | None
    page: Page


class ReportView(LineWidget, can_focus=True):
    """The report. See the module for its use."""

    DEFAULT_CSS = "ReportView { height: 1fr; }"

    @dataclass
    class Moved(Message):
        """The cursor stands on another figure; None where there is none."""

        figure: Figure | None

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: ReportPage | None = None
        self._details: FigureDetails | None = None
        self._cursors: dict[str, CursorPosition] = {}
        self._top = 0
        self._drawn: _Drawn | None = None

    # ------------------------------------------------------------------ what it shows

    def show(self, page: ReportPage) -> None:
        """Show a report, the cursor on the figure it was on when this report was shown last."""
        before, self._shown = self._shown, page
        if before is None or before.title != page.title:
            self._top = 0
        if before is None or (before.title, before.subtitle) != (page.title, page.subtitle):
            self._details = None  # of another question; a recount keeps them until it has new ones
        self.redraw()

    def show_details(self, details: FigureDetails | None) -> None:
        """Show what is behind the figure under the cursor, once it was counted."""
        self._details = details
        self.redraw()

    @property
    def data(self) -> ChartData | None:
        """The report that is shown, with what is beside it; None for none."""
        return self._shown.data if self._shown is not None else None

    @property
    def report_name(self) -> str:
        """The name of the report that is shown; "" for none."""
        return self.data.report.name if self.data is not None else ""

    @property
    def cursor(self) -> CursorPosition | None:
        """Where the cursor stands."""
        return self.page().settled(self._cursors.get(self.report_name))

    @property
    def figure(self) -> Figure | None:
        """The figure under the cursor."""
        page = self.page()
        return page.figure(page.settled(self._cursors.get(self.report_name)))

    def draw_page(self, data: ChartData, context: RenderContext) -> Page:
        """The page of what is shown."""
        return charts.draw(data, context)

    def report_of(self, data: ChartData, figure: Figure) -> tuple[Report, Figure]:
        """The report that a figure is of, and the figure as that report has it."""
        return data.report, figure

    # ------------------------------------------------------------------ moving

    def move_down(self, by: int) -> None:
        """Move the cursor ``by`` rows down."""
        self._move(self.page().down(self.cursor, by))

    def move_right(self, by: int) -> None:
        """Move the cursor ``by`` figures to the right."""
        self._move(self.page().right(self.cursor, by))

    def _move(self, cursor: CursorPosition | None) -> None:
        if cursor is None or cursor == self._cursors.get(self.report_name):
            return
        self._cursors[self.report_name] = cursor
        self._details = None
        self.redraw()
        self.post_message(self.Moved(self.figure))

    # ------------------------------------------------------------------ drawing

    def page(self) -> Page:
        """The page at this size, the cursor settled on it."""
        if self._shown is None or self._shown.data is None:
            return Page()
        data, name = self._shown.data, self.report_name
        currency, today = self._shown.currency, self._shown.today
        place = (self.size, self.screen.size, glyphs.active().name, currency, today)
        drawn = self._drawn
        if drawn is not None and (drawn.data is not data or drawn.place != place):
            drawn = None
        if drawn is not None and drawn.cursor == self._cursors.get(name):
            return drawn.page
        context = RenderContext(
            width=max(self.size.width - 2, 0),
            height=self._page_rows(),
            screen=self.screen.size.height,
            currency=currency,
            today=today,
        )
        # Where the rows are does not depend on the cursor: a page drawn already will do.
        page = drawn.page if drawn is not None else self.draw_page(data, context)
        settled = page.settled(self._cursors.get(name) or self._start(page, name))
        if settled is not None:
            self._cursors.setdefault(name, settled)
            page = self.draw_page(data, replace(context, cursor=settled))
        self._drawn = _Drawn(data, place, self._cursors.get(name), page)
        return page

    @staticmethod
    def _start(page: Page, name: str) -> CursorPosition | None:
        """The cursor in a report that was not shown before: on the figure that it is about."""
        if not page.rows:
            return None
        row = page.rows[-2] if name == "company" and len(page.rows) > 2 else page.rows[0]
        return CursorPosition(row.row, START.get(name, ""))

    def _page_rows(self) -> int:
        """The rows of the page: what the title above and the words under it leave."""
        height = self.size.height
        return max(height - (2 if self._airy else 1) - self._reserved, 1)

    @property
    def _airy(self) -> bool:
        return self.screen.size.height >= AIR

    @property
    def _reserved(self) -> int:
        """The rows kept for the words on the figure under the cursor."""
        return 1 if self.size.height < 12 else 2 if self.size.height < 20 else 3

    def draw(self, width: int, height: int) -> list[Line]:
        if self._shown is None:
            return []
        shown = self._shown
        title = make((shown.title, "strong"), (f"  {shown.subtitle}", "text"))
        aside = make((shown.aside, "dim")) if width >= 76 else EMPTY
        rows: list[Line] = [EMPTY] if self._airy else []
        rows.append(indent(beside(title, aside, width - 2) if aside else clip(title, width - 2)))
        head = len(rows)
        if shown.data is None:
            return [*rows, EMPTY, indent(clip(make((shown.message, "dim")), width - 2))]
        page, room = self.page(), self._page_rows()
        self._scroll(page, room)
        rows += page.lines[self._top : self._top + room]
        left = height - len(rows)
        figure = self.figure
        if figure is not None and left > 0:
            if left > 1:
                rows.append(_below(len(page.lines) - self._top - room))
                left -= 1
            report, figure = self.report_of(shown.data, figure)
            words = figure_details.lines(
                report,
                figure,
                self._details,
                shown.currency,
                width=width - 2,
                height=min(left, 12),
            )
            rows += map(indent, words)
        if shown.stale:
            rows = [*rows[:head], *map(dimmed, rows[head:])]
        return rows

    def _scroll(self, page: Page, room: int) -> None:
        """Scroll so that the row under the cursor is in view."""
        row = page.row(self._cursors.get(self.report_name))
        if row is not None:
            is_first = row is page.rows[0]
            self._top = min(self._top, 0 if is_first else max(row.line - 1, 0))
            if row.line + 1 >= self._top + room:
                self._top = row.line + 2 - room
            if self.report_name == "now":  # a sentence is read to its end
                after = [other.line for other in page.rows if other.line > row.line]
                end = min([*after, len(page.lines)])
                self._top = max(self._top, min(end - room, row.line))
        self._top = max(0, min(self._top, len(page.lines) - room))

    def on_resize(self) -> None:
        self.redraw()


def _below(more: int) -> Line:
    """How many rows of the page are below the screen."""
    if more <= 0:
        return EMPTY
    words = ngettext("{n} more row below", "{n} more rows below", more).format(n=more)
    return indent(make((words, "dim")), 1)


class ReportMenu(LineWidget):
    """The reports at the left, the current one bold with a mark at the edge; then a rule."""

    DEFAULT_CSS = f"ReportMenu {{ width: {MENU + 1}; height: 1fr; }}"

    KEYS: Mapping[str, str] = {"now": "N"}  # of the reports that have no digit

    def __init__(self) -> None:
        super().__init__()
        self._reports: Sequence[ReportInfo] = ()
        self._current = ""

    def show(self, reports: Sequence[ReportInfo], current: str) -> None:
        """Show the menu with ``current`` marked."""
        # What now, the sum of the others, is on top; the others in the order of their digits.
        self._reports = sorted(
            reports,
            key=lambda report: (report.name != "now", 99 if report.digit is None else report.digit),
        )
        self._current = current
        self.redraw()

    def draw(self, width: int, height: int) -> list[Line]:
        drawn = glyphs.active()
        rows: list[Line] = [EMPTY] * (3 if height >= len(self._reports) + 5 else 1)
        for report in self._reports:
            here = report.name == self._current
            digit = " " if report.digit is None else str(report.digit)
            digit = self.KEYS.get(report.name, digit)
            name = cell(report.title.lower(), MENU - 4, "strong" if here else "dim")
            rows.append(
                (
                    Run(" ", "dim"),
                    Run(f"{digit} ", "key"),
                    name,
                    Run(drawn.back if here else " ", "key"),
                )
            )
        rows += [EMPTY] * max(height - len(rows), 0)
        upright = (Run(drawn.upright, "rule"),)
        return [
            (*row, Run(" " * (MENU - sum(len(r.text) for r in row)), "dim"), *upright)
            if row
            else (Run(" " * MENU, "dim"), *upright)
            for row in rows[:height]
        ]
