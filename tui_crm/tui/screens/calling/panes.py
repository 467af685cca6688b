"""The two panes of Calling: the card with the clock of its call, and beside it, from 100 columns,
the script, the outcomes and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from textual.containers import Horizontal, Vertical
from textual.geometry import Size

from tui_crm.core.calling.card import Card
from tui_crm.core.calling.session import OtherList, Upcoming
from tui_crm.tui.screens.calling.script_pane import ScriptPane
from tui_crm.tui.widgets import prospect_card, prospect_panes
from tui_crm.tui.widgets.canvas import LinesView, LineWidget
from tui_crm.tui.widgets.header import SessionView
from tui_crm.tui.widgets.lines import EMPTY, Line, indent, make, pane

WIDE = 100  # columns from which two panes stand side by side
AIR = 32  # rows from which a blank row stands under the header


@dataclass(frozen=True)
class CallView:
    """What Calling shows. ``card`` is None when nobody may be called now: ``coming`` tells why
    then. Otherwise ``coming`` are the next rows, for the right pane, once they were read."""

    header: SessionView
    card: Card | None
    coming: Upcoming | None
    query: str
    now: datetime
    other: OtherList | None = None  # one that has rows to call, where this one has none

    @property
    def on_call(self) -> bool:
        """Whether the clock of a call runs on the prospect."""
        return self.card is not None and self.card.on_call is not None


class CardView(LinesView, inherit_bindings=False, can_focus=True):
    """The card. It has the focus, but none of the keys that scroll: j and k are the screen's."""


class SideView(LinesView, can_focus=False):
    """Lines without the focus."""


class CallClock(LineWidget, can_focus=False):
    """The clock of the call, alone in its cells: a second costs five of them."""

    DEFAULT_CSS = "CallClock { width: 7; height: 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._text = ""

    def show(self, text: str) -> None:
        """Show ``00:42``."""
        self._text = text
        self.redraw()

    def draw(self, width: int, height: int) -> list[Line]:
        return [EMPTY] * (height - 1) + [make((f" {self._text}", "strong"))]


class CallPanes(Horizontal):
    """Both panes; `show` draws a view in them."""

    def __init__(self) -> None:
        top_row, clock, body, side = SideView(), CallClock(), CardView(), SideView()
        head = Horizontal(top_row, clock)
        head.styles.height = 1
        left = Vertical(head, body)
        super().__init__(left, side, id="panes")
        self.top_row, self.clock, self.body, self.side = top_row, clock, body, side
        self.head, self.left = head, left
        self._view: CallView | None = None

    def show(self, view: CallView, script: ScriptPane, size: Size, saves_bytes: bool) -> None:
        """Show the view on a screen of this size. With ``saves_bytes`` the number is not drawn
        large below 100 columns: one bold row shows it there."""
        self._view, card = view, view.card
        wide = size.width >= WIDE
        large = size.width >= (WIDE if saves_bytes else 80) and size.height >= 24
        rows = 2 if size.height >= AIR else 1
        self.head.styles.height = rows
        self.clock.styles.height = rows
        self.clock.styles.width = 7 if view.on_call else 1
        self.left.styles.width = "55%" if wide else "100%"
        self.side.styles.width = "45%"
        self.side.display = wide
        self.top_row.show(lambda width, height: _top_lines(view, width, height))
        self.clock.show(prospect_card.clock(card.on_call) if card is not None else "")
        self.body.show(lambda width, height: _card_lines(view, script, wide, large, width, height))
        if wide:
            air = size.height >= AIR
            self.side.show(lambda width, height: _side_lines(view, script, air, width, height))

    def show_clock(self, now: datetime) -> None:
        """Move the clock of a running call on to this moment."""
        view = self._view
        if view is None or view.card is None or view.card.on_call is None or view.card.paused:
            return
        passed = int((now - view.now).total_seconds())
        self.clock.show(prospect_card.clock(view.card.on_call + passed))


def _top_lines(view: CallView, width: int, height: int) -> list[Line]:
    if view.card is None:
        return []
    line = indent(prospect_card.top(view.card, width - 1, view.on_call))
    return [*[EMPTY] * (height - 1), line]


def _card_lines(
    view: CallView, script: ScriptPane, wide: bool, large: bool, width: int, height: int
) -> list[Line]:
    card = view.card
    if card is None:
        return prospect_panes.nothing(view.coming, view.query, width, view.now, view.other)
    if wide:
        rows = prospect_panes.left(card, width - 2, height, large=large, now=view.now)
    else:
        rows = prospect_card.narrow(
            card, width - 2, height, large=large, now=view.now, branch=script.branch
        )
    return [indent(line) for line in rows]


def _side_lines(
    view: CallView, script: ScriptPane, air: bool, width: int, height: int
) -> list[Line]:
    rows: list[Line] = []
    if view.card is not None:
        rows = [EMPTY] if air else []
        rows += prospect_panes.side(
            view.card,
            view.coming,
            width - 4,
            height - len(rows),
            branch=script.branch,
            reading=script.reading,
            top=script.top,
        )
    return pane(rows, width, height)
