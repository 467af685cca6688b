"""HeadLine: the row above a list, such as a filter line or the names of the columns."""

from __future__ import annotations

from collections.abc import Callable

from tui_crm.tui.widgets.canvas import LineWidget
from tui_crm.tui.widgets.lines import EMPTY, Line, indent, rule


class HeadLine(LineWidget):
    """One row that a function draws; with ``air`` three, a blank row above and a hairline below."""

    DEFAULT_CSS = "HeadLine { height: 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._builder: Callable[[int], Line] = lambda width: EMPTY
        self._air = False

    def show(self, builder: Callable[[int], Line], air: bool = False) -> None:
        """Show what ``builder`` makes for a width in cells."""
        if air != self._air:
            self._air = air
            self.styles.height = 3 if air else 1
        self._builder = builder
        self.redraw()

    def draw(self, width: int, height: int) -> list[Line]:
        line = indent(self._builder(width - 2))
        return [line] if height < 3 else [EMPTY, line, indent(rule(width - 2))]
