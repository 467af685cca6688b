"""Calling: one prospect at a time, one key a call."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from tui_crm.core.calling import (
    figures as calling_figures,
    session as calling_session,
)
from tui_crm.core.calling.card import Card
from tui_crm.core.calling.session import Upcoming
from tui_crm.core.errors import CrmError
from tui_crm.core.lists import lists
from tui_crm.core.lists.lists import ListProgress
from tui_crm.core.store import undo
from tui_crm.core.text import _
from tui_crm.tui import keys
from tui_crm.tui.crm import Place
from tui_crm.tui.screens.base import hint_of
from tui_crm.tui.screens.calling.actions import CallingActs
from tui_crm.tui.widgets import prospect_card, prospect_panes
from tui_crm.tui.widgets.canvas import LinesView, LineWidget
from tui_crm.tui.widgets.header import SessionView
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import EMPTY, Line, indent, make, pane

WIDE = 100  # columns from which two panes stand side by side
AIR = 32  # rows from which a blank row stands under the header


@dataclass(frozen=True)
class CallView:
    """What Calling shows. ``card`` is None when nobody may be called now; ``coming`` says then
    why, and stands in the right pane where there is one."""

    header: SessionView
    card: Card | None
    coming: Upcoming | None
    query: str
    now: datetime


class CardView(LinesView, inherit_bindings=False, can_focus=True):
    """Has the keys; j and k are the screen's."""


class Plain(LinesView, can_focus=False):
    """Only shows."""


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


class CallingScreen(CallingActs):
    """A calling session on one prospect list."""

    NAME = "calling"
    TAB = "C"

    def __init__(self) -> None:
        super().__init__()
        self.top_row = Plain()
        self.clock = CallClock()
        self.body = CardView()
        self.side = Plain()
        self.card: Card | None = None
        self.list_id: int | None = None
        self.branch: int | None = None
        self.scripted = False
        self.narrowed = ""
        self.view: CallView | None = None
        self._wanted: int | None = None
        self._seated = False
        self._progress: ListProgress | None = None
        self._dialled_at: datetime | None = None
        self._looks = 0
        self._script_top = 0
        self._asked_for: Callable[[], None] | None = None  # held back by a call that still runs

    def middle(self) -> Iterable[Widget]:
        head = Horizontal(self.top_row, self.clock)
        head.styles.height = 1
        self.head = head
        self.pane = Vertical(head, self.body)
        yield Horizontal(self.pane, self.side, id="panes")

    def main(self) -> Widget:
        return self.side if self.scripted else self.body

    def on_mount(self) -> None:
        # The handler of the base runs too: Textual calls that of every class.
        self.set_interval(1.0, self.beat)

    # -- where to start ------------------------------------------------------------------------

    def start_list(self, list_id: int) -> None:
        """Call this list, now or when the screen is shown next."""
        if list_id != self.list_id and self.confirm_leave(lambda: self.start_list(list_id)):
            return
        self.list_id, self._wanted, self._seated = list_id, None, False
        if self.is_current:
            self.reload()

    def start_at(self, prospect_id: int) -> None:
        """Stand on this row, now or when the screen is shown next."""
        other = self.card is None or self.card.prospect_id != prospect_id
        if other and self.confirm_leave(lambda: self.start_at(prospect_id)):
            return
        self._wanted, self._seated = prospect_id, False
        if self.is_current:
            self.reload()

    def on_screen_resume(self) -> None:
        # Before the handler of the base, which reloads: not when it has just been mounted.
        self._seated = self._seated and self._new

    # -- the contract --------------------------------------------------------------------------

    def reload(self) -> None:
        try:
            self._sit()
            if self.list_id is None:
                self.call_later(self.crm.go, "lists")
                return
            card = calling_session.next_card(self.session, self.list_id)
        except CrmError as error:
            self.list_id = None
            message = Message("!", "late", error.message, note=error.hint)
            self.call_later(self.crm.go, "lists", message)
            return
        if card is None or self.card is None or card.prospect_id != self.card.prospect_id:
            self.branch = self.answer_shown(card) if card is not None else None
            self.scripted, self._script_top = False, 0
        coming = self.view.coming if self.view is not None and card is not None else None
        if card is None:
            coming = calling_session.upcoming(self.session, self.list_id)
        self.show(CallView(self._header(card), card, coming, self.narrowed, self.session.now))
        if card is not None and self.size.width >= WIDE:
            # After the card is painted: counting what is hidden is not what a rep waits for.
            self._looks += 1
            self.call_after_refresh(self._look_ahead, self._looks)
        asked, self._asked_for = self._asked_for, None
        if asked is not None and not self.confirm_leave(asked):
            self.call_later(asked)

    def _sit(self) -> None:
        """Take the seat once; a row that was asked for comes to the screen."""
        if self._seated:
            if self.narrowed and self.list_id is not None:
                self._take_seat(self.list_id)  # a colleague may rename its column at any time
            return
        self._back_to_the_call()
        refused: CrmError | None = None
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            try:
                self.list_id = calling_session.open_row(self.session, wanted).list_id
            except CrmError as error:
                refused = error
        if self.list_id is None:
            self.list_id = calling_session.last_list(self.session)
        if self.list_id is None:
            if refused is not None:
                raise refused
            return
        self._take_seat(self.list_id)
        self._seated = True
        self._progress = lists.list_progress(self.session, self.list_id)
        if refused is not None:
            self.refused(refused)

    def _take_seat(self, list_id: int) -> None:
        seat = calling_session.open_seat(self.session, list_id)
        self.narrowed = seat.query
        if seat.dropped:
            self.say(
                Message(
                    "!",
                    "due",
                    _("The whole list: {filter} fits none of its columns now.").format(
                        filter=seat.dropped
                    ),
                    right=Hint("/", _("narrow")),
                    subject_token="due",
                )
            )

    def _back_to_the_call(self) -> None:
        """A call of an earlier start of the program runs still, on another list or row: that one
        first. What was asked for comes when it has its outcome."""
        running = calling_session.running_call(self.session)
        if running is None:
            return
        list_id, prospect_id = running
        wanted, asked = self._wanted, self.list_id
        if wanted in (None, prospect_id) and (wanted is not None or asked in (None, list_id)):
            return
        try:
            calling_session.open_seat(self.session, list_id)
            card = calling_session.next_card(self.session, list_id)
        except CrmError:
            card = None
        if card is None or card.on_call is None:
            # Its row got an outcome elsewhere, or its list was put away: nobody is on the line.
            calling_session.discard_call(self.session, list_id)
            return
        self.list_id, self._wanted = list_id, None
        if wanted is not None:
            self._asked_for = lambda: self.start_at(wanted)
        elif asked is not None:
            self._asked_for = lambda: self.start_list(asked)

    def _header(self, card: Card | None) -> SessionView:
        session, progress = self.session, self._progress
        assert progress is not None
        figures = calling_figures.figures(session)
        return SessionView(
            "C",
            progress.name + (f" / {self.narrowed}" if self.narrowed else ""),
            card.row if card is not None else 0,
            progress.rows,
            progress.worked,
            figures.calls,
            figures.goal,
            figures.reached,
            figures.per_hour,
            f"{session.now:%H:%M}",
            figures.leads,
        )

    def _look_ahead(self, look: int) -> None:
        if look != self._looks or self.view is None or self.list_id is None:
            return
        found = calling_session.upcoming(self.session, self.list_id, 3)
        self.show(replace(self.view, coming=found))

    def show(self, view: CallView) -> None:
        """A pure function of the view and the size."""
        self.view, card = view, view.card
        self.card = card
        wide = self.beside
        self.scripted = self.scripted and wide
        airy = self.size.height >= AIR
        self._dialled_at = None
        if card is not None and card.on_call is not None:
            self._dialled_at = view.now
        on_call = card is not None and card.on_call is not None
        self.head.styles.height = 2 if airy else 1
        self.clock.styles.height = 2 if airy else 1
        self.clock.styles.width = 7 if on_call else 1
        self.pane.styles.width = "55%" if wide else "100%"
        self.side.styles.width = "45%"
        self.side.display = wide
        self.top_row.show(lambda width, height: self._top_lines(view, width, height))
        self.clock.show(prospect_card.clock(card.on_call) if card is not None else "")
        self.body.show(lambda width, height: self._card_lines(view, width, height))
        if wide:
            self.side.show(lambda width, height: self._side_lines(view, width, height))
        self.show_frame()

    def _top_lines(self, view: CallView, width: int, height: int) -> list[Line]:
        if view.card is None:
            return []
        on_call = view.card.on_call is not None
        line = indent(prospect_card.top(view.card, width - 1, on_call))
        return [*[EMPTY] * (height - 1), line]

    def _large(self, width: int) -> bool:
        """Whether the number is drawn large: on 80 columns it costs too many bytes in truecolor,
        where every run is dearer; there one bold row says it."""
        return width >= WIDE or self.crm.console.color_system != "truecolor"

    def _card_lines(self, view: CallView, width: int, height: int) -> list[Line]:
        wide = self.size.width >= WIDE
        if view.card is None:
            return prospect_panes.nothing(view.coming, view.query, width, view.now)
        large = self._large(self.size.width) and self.size.width >= 80 and self.size.height >= 24
        if wide:
            made = prospect_panes.left(view.card, width - 2, height, large=large, now=view.now)
        else:
            made = prospect_card.narrow(
                view.card, width - 2, height, large=large, now=view.now, branch=self.branch
            )
        return [indent(line) for line in made]

    def _side_lines(self, view: CallView, width: int, height: int) -> list[Line]:
        airy = [EMPTY] if self.size.height >= AIR else []
        body: list[Line] = []
        if view.card is not None:
            body = [
                *airy,
                *prospect_panes.side(
                    view.card,
                    view.coming,
                    width - 4,
                    height - len(airy),
                    branch=self.branch,
                    reading=self.scripted,
                    top=self._script_top,
                ),
            ]
        return pane(body, width, height)

    # -- the frame -----------------------------------------------------------------------------

    def show_frame(self) -> None:
        if self.view is not None:
            self.header.show(self.view.header)
        self.show_hints()

    def hints(self) -> list[Hint]:
        if self.scripted:
            return [
                Hint(_("digit"), _("answer")),
                Hint("0", _("opening")),
                Hint("j k", _("scroll")),
                Hint("tab", _("back")),
                *(
                    hint_of(self, name)
                    for name in keys.HINTS[self.NAME]
                    if name not in ("move.down",)
                ),
            ]
        if self.card is None:
            return [
                Hint("v", _("what next")),
                Hint("/", _("narrow")),
                Hint("u", _("undo")),
                Hint("Esc", _("lists")),
            ]
        named = [hint_of(self, name) for name in keys.HINTS[self.NAME]]
        return [Hint(h.key, _("skip")) if h.key == "j" else h for h in named]

    def settle(self, state: str) -> None:
        if self._progress is None or self.view is None:
            return
        if state in ("done", "lead", "blocked"):
            self._progress = replace(self._progress, worked=self._progress.worked + 1)
            self.view = replace(self.view, header=self._header(self.card))
            self.header.show(self.view.header)

    def tick(self) -> None:
        """The minute has changed: the clocks, what is late, and who may be called by now."""
        if self.view is None or self.view.now.minute == self.session.now.minute:
            return
        if self.list_id is not None and not self.sheet_open:
            self._progress = lists.list_progress(self.session, self.list_id)
            self.reload()

    def beat(self) -> None:
        """One second of a running call."""
        view = self.view
        if (
            self._dialled_at is None
            or view is None
            or view.card is None
            or view.card.paused
            or not self.is_current
            or view.card.on_call is None
        ):
            return
        gone = int((self.session.now - self._dialled_at).total_seconds())
        self.clock.show(prospect_card.clock(view.card.on_call + gone))

    # -- the script ----------------------------------------------------------------------------

    @property
    def beside(self) -> bool:
        return self.size.width >= WIDE

    def read_script(self, reading: bool) -> None:
        self.scripted, self._script_top = reading, 0
        if self.view is not None:
            self.show(self.view)

    def scroll_script(self, by: int) -> None:
        self._script_top = max(self._script_top + by, 0)
        if self.view is not None:
            self.show(self.view)

    def on_key(self, event: Any) -> None:
        super().on_key(event)
        if self.scripted and event.character == "0":
            self.branch = None
            self.read_script(True)

    # -- leaving and coming back ---------------------------------------------------------------

    def after_undo(self, undone: undo.Undone) -> None:
        card, number = self.card, undone.prospect_id
        if number is not None and undone.op.partition(".")[0] == "calling":
            said = self._message
            if card is not None and card.on_call is not None and card.prospect_id != number:
                # Nobody is taken off a call: the row comes when this one has its outcome.
                self._came_back = number
            else:
                try:
                    self.list_id = calling_session.open_row(self.session, number).list_id
                except CrmError:
                    pass  # done again, or somebody has it: the row on screen stays
                else:
                    self._take_seat(self.list_id)
            if self.list_id is not None:
                self._progress = lists.list_progress(self.session, self.list_id)
            self.reload()
            if said is not None:
                self.say(said)
        elif self.list_id is not None:
            self._progress = lists.list_progress(self.session, self.list_id)
            self.reload()

    def said_on_leaving(self) -> Message | None:
        if self.list_id is None or self._progress is None:
            return None
        brought = calling_figures.summary(self.session, self.list_id)
        return Message(self._progress.name, "strong", brought.words, right=Hint("C", _("goes on")))

    def action_go(self, place: Place) -> None:
        if place == "calling" or self.confirm_leave(lambda: self.action_go(place)):
            return
        brought = self.said_on_leaving()
        self.crm.go(place, brought if calling_figures.figures(self.session).calls else None)

    def action_back(self) -> None:
        if self.scripted:
            self.read_script(False)
            return
        if self.confirm_leave(self.action_back):
            return
        brought = self.said_on_leaving()
        if len(self.app.screen_stack) > 2:  # opened from the rows of a figure
            self.crm.leave_screen(brought if calling_figures.figures(self.session).calls else None)
        elif brought is not None:
            self.crm.go("lists", brought, self.list_id)
        else:
            self.crm.go("lists")
