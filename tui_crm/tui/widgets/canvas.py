"""Widgets that draw lines.

`LineWidget` is the base class of every widget here: a subclass returns its rows in `draw`, as a
pure function of its state and size; `redraw` compares them with what is on the screen and sends
only the rows that differ. `LinesView` shows the lines a screen gives it (a lead card, a report, the
help page) and scrolls them when it has the focus.

    view = LinesView()
    view.show(lambda width, height: lead_lines(lead, width, height))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import Binding
from textual.filter import LineFilter
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui_crm.tui.widgets import lines
from tui_crm.tui.widgets.lines import EMPTY, Line

Builder = Callable[[int, int], list[Line]]
"""Makes all lines of a view from the width and height (cells) it is shown in."""


class LineWidget(Widget):
    """A widget whose rows are `Line` values; only rows that changed are sent to the terminal."""

    DEFAULT_CSS = "LineWidget { width: 1fr; height: 1; }"

    ALLOW_SELECT = False

    GROUND: ClassVar[str] = "bg"
    """What its rows stand on (`theme.GROUNDS`)."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._rows: list[Line] = []
        self._drawn_for: tuple[int, int] | None = None

    def draw(self, width: int, height: int) -> list[Line]:
        """The rows of this widget at this size, from the top; missing ones are empty."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draw again and send the rows that differ from what is shown."""
        width, height = self.size
        if self._drawn_for != (width, height):
            # Not laid out yet, or about to be painted whole: `render_line` will draw.
            self._drawn_for = None
            self.refresh()
            return
        old, self._rows = self._rows, self.draw(width, height)
        changed = [
            Region(0, y, width, 1)
            for y in range(height)
            if self._row(old, y) != self._row(self._rows, y)
        ]
        if changed:
            self.refresh(*changed)

    def repaint(self) -> None:
        """Draw and send all rows, for another palette or other glyphs."""
        self._drawn_for = None
        self.refresh()

    @staticmethod
    def _row(rows: list[Line], y: int) -> Line:
        return rows[y] if y < len(rows) else EMPTY

    def render_line(self, y: int) -> Strip:
        width, height = self.size
        if self._drawn_for != (width, height):
            self._rows = self.draw(width, height)
            self._drawn_for = (width, height)
        return lines.strip(self._row(self._rows, y), width, self.GROUND)

    def render_lines(self, crop: Region) -> list[Strip]:
        # Rows are final as they are: no borders, no padding, the background of the theme. The style
        # cache, which would add these, took a fifth of the time of painting.
        width, height = self.size
        if not height:  # being removed, while its place on the screen is still to be filled
            return [Strip.blank(crop.width)] * crop.height
        strips = [self.render_line(y) for y in crop.line_range]
        if crop.column_span == (0, width):
            return strips
        return [strip.crop(*crop.column_span) for strip in strips]

    def get_line_filters(self) -> Sequence[LineFilter]:
        # Styles come from the theme in their final form, NO_COLOR and sixteen colours included.
        return ()


class LinesView(LineWidget, can_focus=True):
    """Shows lines made by a function of its size, and scrolls them by key.

    A line made with `lines.tinted` is drawn as the row under the cursor. `show` keeps the place of
    the reader unless told otherwise; `reveal` brings a line into view.
    """

    DEFAULT_CSS = "LinesView { height: 1fr; }"

    BINDINGS = [
        Binding("j,down", "scroll_by(1)", show=False, id="move.down"),
        Binding("k,up", "scroll_by(-1)", show=False, id="move.up"),
        Binding("pagedown,ctrl+d", "scroll_page(1)", show=False, id="move.page_down"),
        Binding("pageup,ctrl+u", "scroll_page(-1)", show=False, id="move.page_up"),
        Binding("g,home", "scroll_by(-1000000)", show=False, id="move.top"),
        Binding("G,end", "scroll_by(1000000)", show=False, id="move.bottom"),
    ]

    def __init__(
        self, builder: Builder | None = None, *, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._builder = builder
        self._top = 0
        self._length = 0

    @property
    def top(self) -> int:
        """Index of the first line in view."""
        return self._top

    @property
    def length(self) -> int:
        """How many lines the view has, in view or not."""
        return self._length

    def show(self, builder: Builder, *, from_top: bool = False) -> None:
        """Show what ``builder`` makes, scrolled as before or ``from_top``."""
        self._builder = builder
        if from_top:
            self._top = 0
        self.redraw()

    def reveal(self, index: int) -> None:
        """Scroll as little as needed to have line ``index`` in view."""
        height = max(self.size.height, 1)
        self._go(min(max(self._top, index - height + 1), index))

    def draw(self, width: int, height: int) -> list[Line]:
        made = self._builder(width, height) if self._builder is not None else []
        self._length = len(made)
        self._top = max(0, min(self._top, self._length - height))
        return made[self._top : self._top + height]

    def _go(self, top: int) -> None:
        top = max(0, min(top, self._length - self.size.height))
        if top != self._top:
            self._top = top
            self.redraw()

    def action_scroll_by(self, by: int) -> None:
        self._go(self._top + by)

    def action_scroll_page(self, by: int) -> None:
        self._go(self._top + by * max(self.size.height - 2, 1))
