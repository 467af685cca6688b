"""ReportView: a report on the screen, with a cursor on its figures, and the menu of the reports.

`ReportView.show` takes everything it draws; moving the cursor posts `Moved`, and `spot` and
`figure` say where it stands. The screen binds the keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from textual.message import Message

from tui_crm.core.reports.types import Report, ReportInfo
from tui_crm.core.text import ngettext
from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets import charts
from tui_crm.tui.widgets.canvas import LineWidget
from tui_crm.tui.widgets.charts import words
from tui_crm.tui.widgets.charts.page import (
    AIR,
    CursorPosition,
    Figure,
    Page,
    RenderContext,
    Shown,
    dimmed,
)
from tui_crm.tui.widgets.charts.words import Behind
from tui_crm.tui.widgets.lines import EMPTY, Line, Run, beside, cell, clip, indent, make

MENU = 15  # cells of the menu, its margin included
START = {
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
    """What the view shows. ``words`` stand behind the title, ``against`` at its right edge;
    ``shown`` is None while nothing was counted yet; ``said`` then says why. ``old`` numbers are
    dim: new ones are being counted."""

    title: str
    words: str
    against: str
    currency: str
    today: date
    shown: Shown | None = None
    said: str = ""
    old: bool = False


@dataclass(frozen=True)
class _Drawn:
    """The page drawn last, and for what."""

    shown: Shown
    place: tuple[object, ...]
    spot: CursorPosition | None
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
        self._page: ReportPage | None = None
        self._behind: Behind | None = None
        self._spots: dict[str, CursorPosition] = {}
        self._top = 0
        self._drawn: _Drawn | None = None

    # ------------------------------------------------------------------ what it shows

    def show(self, page: ReportPage) -> None:
        """Show a report, the cursor on the figure it was on when this report was shown last."""
        before, self._page = self._page, page
        if before is None or before.title != page.title:
            self._top = 0
        if before is None or (before.title, before.words) != (page.title, page.words):
            self._behind = None  # of another question; a recount keeps it until it knows better
        self.redraw()

    def show_behind(self, behind: Behind | None) -> None:
        """What is behind the figure under the cursor, once it is known."""
        self._behind = behind
        self.redraw()

    @property
    def name_shown(self) -> str:
        """The name of the report that is shown; "" for none."""
        return self._page.shown.report.name if self._page and self._page.shown else ""

    @property
    def spot(self) -> CursorPosition | None:
        """Where the cursor stands."""
        return self.page().settled(self._spots.get(self.name_shown))

    @property
    def figure(self) -> Figure | None:
        """The figure under the cursor."""
        page = self.page()
        return page.figure(page.settled(self._spots.get(self.name_shown)))

    def drawn(self, shown: Shown, look: RenderContext) -> Page:
        """The page of what is shown."""
        return charts.draw(shown, look)

    def source(self, shown: Shown, figure: Figure) -> tuple[Report, Figure]:
        """The report that a figure is of, and the figure as that report has it."""
        return shown.report, figure

    # ------------------------------------------------------------------ moving

    def move(self, by: int) -> None:
        """The figure ``by`` rows on."""
        self._go(self.page().moved(self.spot, by))

    def move_aside(self, by: int) -> None:
        """The figure ``by`` columns to the right."""
        self._go(self.page().aside(self.spot, by))

    def _go(self, spot: CursorPosition | None) -> None:
        if spot is None or spot == self._spots.get(self.name_shown):
            return
        self._spots[self.name_shown] = spot
        self._behind = None
        self.redraw()
        self.post_message(self.Moved(self.figure))

    # ------------------------------------------------------------------ drawing

    def page(self) -> Page:
        """The page at this size, the cursor settled on it."""
        if self._page is None or self._page.shown is None:
            return Page()
        shown, name = self._page.shown, self.name_shown
        place = (
            self.size,
            self.screen.size,
            glyphs.active().name,
            self._page.currency,
            self._page.today,
        )
        same = self._drawn is not None and self._drawn.shown is shown and self._drawn.place == place
        if self._drawn is not None and same and self._drawn.spot == self._spots.get(name):
            return self._drawn.page
        look = RenderContext(
            max(self.size.width - 2, 0),
            self._page_rows(),
            self.screen.size.height,
            self._page.currency,
            self._page.today,
        )
        # Where the stops are does not depend on the cursor: a page drawn already will do.
        page = self._drawn.page if self._drawn is not None and same else self.drawn(shown, look)
        spot = self._spots.get(name)
        if spot is None:
            spot = self._first(page, name)
        settled = page.settled(spot)
        if settled is not None:
            self._spots.setdefault(name, settled)
            page = self.drawn(shown, replace(look, spot=settled))
        self._drawn = _Drawn(shown, place, self._spots.get(name), page)
        return page

    @staticmethod
    def _first(page: Page, name: str) -> CursorPosition | None:
        """Where the cursor stands in a report seen for the first time: on what it is about."""
        if not page.stops:
            return None
        rows = page.stops
        stop = rows[-2] if name == "company" and len(rows) > 2 else rows[0]
        return CursorPosition(stop.row, START.get(name, ""))

    def _page_rows(self) -> int:
        """The rows of the page: what the title above and the words under it leave."""
        height = self.size.height
        return max(height - (2 if self._airy else 1) - self._reserved, 1)

    @property
    def _airy(self) -> bool:
        return self.screen.size.height >= AIR

    @property
    def _reserved(self) -> int:
        return 1 if self.size.height < 12 else 2 if self.size.height < 20 else 3

    def draw(self, width: int, height: int) -> list[Line]:
        if self._page is None:
            return []
        shown = self._page
        title = make((shown.title, "strong"), (f"  {shown.words}", "text"))
        against = make((shown.against, "dim")) if width >= 76 else EMPTY
        rows: list[Line] = [EMPTY] if self._airy else []
        rows.append(
            indent(beside(title, against, width - 2) if against else clip(title, width - 2))
        )
        if shown.shown is None:
            return [*rows, EMPTY, indent(clip(make((shown.said, "dim")), width - 2))]
        page = self.page()
        room = self._page_rows()
        self._scroll(page, room)
        body = list(page.lines[self._top : self._top + room])
        rows += body
        left = height - len(rows)
        figure = self.figure
        if figure is not None and left > 0:
            if left > 1:
                more = len(page.lines) - self._top - room
                rows.append(
                    indent(
                        make(
                            (
                                ngettext("{n} more row below", "{n} more rows below", more).format(
                                    n=more
                                ),
                                "dim",
                            )
                        ),
                        1,
                    )
                    if more > 0
                    else EMPTY
                )
                left -= 1
            rows += [
                indent(line)
                for line in words.opened_lines(
                    *self.source(shown.shown, figure),
                    self._behind,
                    width - 2,
                    min(left, 12),
                    shown.currency,
                )
            ]
        if shown.old:
            head = 2 if self._airy else 1
            rows = [*rows[:head], *(dimmed(line) for line in rows[head:])]
        return rows

    def _scroll(self, page: Page, room: int) -> None:
        stop = page.stop(self._spots.get(self.name_shown))
        if stop is not None:
            first = stop is page.stops[0]
            self._top = min(self._top, 0 if first else max(stop.line - 1, 0))
            if stop.line + 1 >= self._top + room:
                self._top = stop.line + 2 - room
            if self.name_shown == "now":  # a sentence is read to its end
                after = [other.line for other in page.stops if other.line > stop.line]
                end = min([*after, len(page.lines)])
                self._top = max(self._top, min(end - room, stop.line))
        self._top = max(0, min(self._top, len(page.lines) - room))

    def on_resize(self) -> None:
        self.redraw()


class ReportMenu(LineWidget):
    """The reports at the left, the shown one bold with a mark at the edge; then the hairline."""

    DEFAULT_CSS = f"ReportMenu {{ width: {MENU + 1}; height: 1fr; }}"

    KEYS: Mapping[str, str] = {"now": "N"}  # of the reports that have no digit

    def __init__(self) -> None:
        super().__init__()
        self._reports: Sequence[ReportInfo] = ()
        self._current = ""

    def show(self, reports: Sequence[ReportInfo], current: str) -> None:
        """Show the menu with ``current`` marked."""
        # What the others come to stands on top.
        self._reports = sorted(reports, key=lambda report: report.name != "now")
        self._current = current
        self.redraw()

    def draw(self, width: int, height: int) -> list[Line]:
        drawn = glyphs.active()
        rows: list[Line] = [EMPTY] * (3 if height >= len(self._reports) + 5 else 1)
        for report in self._reports:
            here = report.name == self._current
            digit = str(report.digit) if report.digit else self.KEYS.get(report.name, " ")
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
