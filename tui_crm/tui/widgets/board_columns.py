"""The columns of the board: one widget each, so that only cards that changed are sent.

A column is a head (name, count, sum, and its share of the money as a filling line) over cards on
raised ground, of three rows, or two on a low screen. `ColumnView` holds what one shows; the screen
decides which columns are in view.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tui_crm.core.text import _
from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.canvas import LineWidget
from tui_crm.tui.widgets.lines import (
    EMPTY,
    Line,
    Run,
    beside,
    cells,
    fixed,
    indent,
    join,
    make,
    tinted,
)

AIR = 32  # rows of the screen from which air stands under the head

Cards = Callable[[int, int, int], Sequence[Sequence[Line]]]
"""``cards(first, count, width)``: the lines of these cards of a column."""


@dataclass(frozen=True)
class ColumnView:
    """What a column shows. ``share`` is its part of all the money, 0 to 1. ``active``: the cursor
    is in this column, on the card ``cursor`` (None where there is no card)."""

    name: str
    count: int
    amount: str
    share: float
    cards: Cards
    pipeline: str = ""
    """Where there are several: of which one the step is."""
    active: bool = False
    cursor: int | None = None
    air: bool = False

    @property
    def card_rows(self) -> int:
        """Rows of a card, without the blank one under it."""
        return 3 if self.air else 2


class BoardColumnWidget(LineWidget):
    """One column. It scrolls by itself, to keep the card under the cursor in view."""

    DEFAULT_CSS = "BoardColumnWidget { height: 1fr; width: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self._view: ColumnView | None = None
        self._top = 0

    def show(self, view: ColumnView, *, from_top: bool = False) -> None:
        """Show ``view``; another step starts ``from_top``."""
        self._view = view
        if from_top:
            self._top = 0
        self.redraw()

    @property
    def room(self) -> int:
        """How many cards are in view."""
        return self._room(self.size.height)

    def _room(self, height: int) -> int:
        if self._view is None:
            return 1
        head = 4 if self._view.air else 2
        return max((height - head) // (self._view.card_rows + 1), 1)

    def draw(self, width: int, height: int) -> list[Line]:
        view = self._view
        if view is None:
            return []
        inner = max(width - 2, 4)
        active = view.active
        name = make((view.name, "strong" if active else "text.b"), (f" {view.count}", "dim"))
        amount = make((view.amount, "strong" if active else "text"))
        token = "accent" if active else "dim"
        pipeline = make((view.pipeline, "dim"))
        if not view.air and cells(name) + cells(pipeline) + cells(amount) + 4 <= inner:
            name = join((name, pipeline))
        head = [
            beside(name, amount, inner),
            fixed(bars.progress_bar(view.share, 1, inner, token=token, done=token), inner),
        ]
        lines: list[Line] = [indent(line) for line in head]
        if view.air:
            lines = [indent(fixed(pipeline, inner)), *lines, EMPTY]
        room = self._room(height)
        shown = room if view.count <= room else max(room - 1, 1)
        if view.cursor is not None:
            self._top = min(max(self._top, view.cursor - shown + 1), view.cursor)
        self._top = max(0, min(self._top, view.count - shown))
        count = min(shown, view.count - self._top)
        for place, card in enumerate(view.cards(self._top, count, inner), self._top):
            for line in card:
                body = fixed(line, inner)
                if place == view.cursor:
                    lines.append(tinted((Run(glyphs.active().cursor, "accent"), *body)))
                else:
                    lines.append(tinted(indent(body), ground="raised"))
            lines.append(EMPTY)
        lines += self._beyond(view, count)
        return lines

    def _beyond(self, view: ColumnView, count: int) -> list[Line]:
        """How many cards stand above and below the ones in view."""
        below = view.count - self._top - count
        words = []
        if self._top:
            words.append(_("{n} above").format(n=self._top))
        if below > 0:
            words.append(_("{n} more").format(n=below))
        return [indent(make((", ".join(words), "dim")))] if words else []


class BoardFocus(LineWidget, can_focus=True):
    """Has the focus on the board. It binds no keys, so that the screen handles them all; it is
    visible only where there are no cards, with the lines that stand in their place."""

    DEFAULT_CSS = "BoardFocus { height: 0; }"

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[Line] = []

    def show(self, lines: list[Line]) -> None:
        """Show ``lines`` in place of the cards; without lines it is hidden."""
        self.styles.height = "1fr" if lines else 0
        self._lines = lines
        self.redraw()

    def draw(self, width: int, height: int) -> list[Line]:
        return self._lines


class VerticalRule(LineWidget):
    """The hairline between two columns."""

    DEFAULT_CSS = "VerticalRule { width: 1; height: 1fr; }"

    def draw(self, width: int, height: int) -> list[Line]:
        return [(Run(glyphs.active().upright, "rule"),)] * height
