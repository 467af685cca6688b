"""Calling: one prospect at a time, one key a call."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from textual import events
from textual.widget import Widget

from tui_crm.core.calling import (
    figures as calling_figures,
    operations as calling,
    session as calling_session,
)
from tui_crm.core.calling.card import Card
from tui_crm.core.calling.operations import Logged
from tui_crm.core.dates.labels import short_day
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.lists import lists
from tui_crm.core.lists.lists import ListProgress
from tui_crm.core.store import undo
from tui_crm.core.text import _
from tui_crm.tui import keys
from tui_crm.tui.crm import Place
from tui_crm.tui.screens.base import CrmScreen, hint_of
from tui_crm.tui.screens.calling.dial import dial
from tui_crm.tui.screens.calling.edit import copy, edit_row, write_note
from tui_crm.tui.screens.calling.filter import narrow
from tui_crm.tui.screens.calling.held_call import HeldCall
from tui_crm.tui.screens.calling.outcomes import log_callback, log_outcome
from tui_crm.tui.screens.calling.panes import WIDE, CallPanes, CallView
from tui_crm.tui.screens.calling.script_pane import ScriptPane
from tui_crm.tui.screens.calling.sheets import ComingSheet
from tui_crm.tui.widgets.conversation import ask, conversation
from tui_crm.tui.widgets.header import SessionView
from tui_crm.tui.widgets.hints import Hint, Message

BEAT_SECONDS = 10.0  # between two signs of life during a call


class CallingScreen(CrmScreen):
    """A calling session on one prospect list."""

    NAME = "calling"
    TAB = "C"

    def __init__(self) -> None:
        super().__init__()
        self.panes = CallPanes()
        self.view: CallView | None = None
        self.list_id: int | None = None
        """The list that is called."""
        self.filter_text = ""
        """The filter that the session is narrowed to."""
        self.held = HeldCall(self)
        self.script = ScriptPane(self)
        self.looked_at: int | None = None
        """A prospect that is shown without being called: it has its outcome, or a colleague has it.
        The next one of the queue follows it."""
        self._looked = ("", 0)  # its state and its calls then: once they differ, it was called
        self._row_to_open: int | None = None
        self._seat_open = False  # the rep's place in the list was read since the screen is shown
        self._progress: ListProgress | None = None
        self._upcoming_reads = 0  # how often what comes next was asked for

    def middle(self) -> Iterable[Widget]:
        yield self.panes

    def main(self) -> Widget:
        return self.panes.body

    def on_mount(self) -> None:
        # The handler of the base runs too: Textual calls that of every class.
        self.set_interval(1.0, self.update_clock)
        self.set_interval(BEAT_SECONDS, self.give_sign_of_life)

    @property
    def wide(self) -> bool:
        """Whether two panes stand side by side."""
        return self.size.width >= WIDE

    @property
    def card(self) -> Card | None:
        """The prospect on screen."""
        return self.view.card if self.view is not None else None

    def card_for(self, key: str) -> Card | None:
        """The prospect on screen, for a key that acts on it; a message where there is none."""
        if self.card is None:
            self.explain_key(key, _("there is nobody to call now."), Hint("v", _("says why")))
        return self.card

    # -- where to start ------------------------------------------------------------------------

    def start_list(self, list_id: int) -> None:
        """Call this list, now or when the screen is shown next."""
        if list_id != self.list_id and self.confirm_leave(partial(self.start_list, list_id)):
            return
        self.list_id, self._row_to_open, self._seat_open = list_id, None, False
        self.looked_at = None
        if self.is_current:
            self.reload()

    def start_at(self, prospect_id: int) -> None:
        """Call this prospect, now or when the screen is shown next."""
        other = self.card is None or self.card.prospect_id != prospect_id
        if other and self.confirm_leave(partial(self.start_at, prospect_id)):
            return
        self._row_to_open, self._seat_open = prospect_id, False
        if self.is_current:
            self.reload()

    def open_row(self, prospect_id: int) -> None:
        """Put this prospect on screen, or show why that cannot be."""
        try:
            calling_session.open_row(self.session, prospect_id)
        except CrmError as error:
            self.refused(error)
            return
        self.looked_at = None
        self.reload()

    def on_screen_resume(self) -> None:
        # Before the handler of the base, which reloads: not when it has just been mounted.
        self._seat_open = self._seat_open and self._new

    def _open_seat(self) -> None:
        """Choose the list and take the rep's place in it, once each time the screen is shown; a
        prospect that is to be opened is put on screen. Raises CrmError."""
        if self._seat_open:
            if self.filter_text and self.list_id is not None:
                self._read_seat(self.list_id)  # a colleague may rename its column at any time
            return
        self._return_to_call()
        refusal: CrmError | None = None
        if self._row_to_open is not None:
            prospect_id, self._row_to_open, self.looked_at = self._row_to_open, None, None
            try:
                self.list_id = calling_session.open_row(self.session, prospect_id).list_id
            except NotFound as error:
                refusal = error
            except CrmError as error:
                self._look_at(prospect_id, error)
                return
        if self.list_id is None:
            self.list_id = calling_session.last_list(self.session)
        if self.list_id is None:
            if refusal is not None:
                raise refusal
            return
        self._read_seat(self.list_id)
        self._seat_open = True
        self._progress = lists.list_progress(self.session, self.list_id)
        if refusal is not None:
            self.refused(refusal)

    def _look_at(self, prospect_id: int, why: CrmError) -> None:
        """Show a prospect that cannot be called, and say why not. Raises NotFound."""
        card = calling_session.look_at(self.session, prospect_id)
        self.looked_at, self._looked = prospect_id, (card.state, len(card.tries))
        self.list_id, self._seat_open, self.filter_text = card.list_id, True, ""
        self._progress = lists.list_progress(self.session, card.list_id)
        onward = Hint("j", _("goes on"))
        if card.state == "done":
            last = card.tries[-1] if card.tries else None
            words = f"{last.label}, {short_day(last.at.date(), self.session.today)}" if last else ""
            again = _("Enter calls again; a digit logs the call of who called back")
            message = Message(_("Done"), "strong", words, again, right=onward)
        elif card.state == "blocked":
            words = next((w.words for w in card.warnings if w.kind == "blocked"), "")
            message = Message("9", "blocked", words or _("do not call"), right=onward)
        else:
            message = Message("!", "due", why.message, note=why.hint, right=onward)
        self.call_later(self.say, message)

    def _stop_looking(self) -> None:
        """Go back to the queue of the list from a prospect that was only shown."""
        self.looked_at, self._seat_open = None, False
        self.reload()

    def _return_to_call(self) -> None:
        """Show the list of a call that runs since an earlier start of the program; what was to be
        opened instead is opened after its outcome."""
        list_id, prospect_id = self.list_id, self._row_to_open
        call_list = self.held.left_running(list_id, prospect_id)
        if call_list is None:
            return
        self.list_id, self._row_to_open = call_list, None
        if prospect_id is not None:
            self.held.postpone(partial(self.start_at, prospect_id))
        elif list_id is not None:
            self.held.postpone(partial(self.start_list, list_id))

    def _read_seat(self, list_id: int) -> None:
        seat = calling_session.open_seat(self.session, list_id)
        self.filter_text = seat.query
        if seat.dropped:
            words = _("The whole list: {filter} fits none of its columns now.")
            self.say(
                Message(
                    "!",
                    "due",
                    words.format(filter=seat.dropped),
                    right=Hint("/", _("narrow")),
                    subject_token="due",
                )
            )

    # -- the contract --------------------------------------------------------------------------

    def reload(self) -> None:
        self._reload(None)

    def reload_after(self, result: object) -> None:
        self._reload(result if isinstance(result, Logged) else None)

    def _reload(self, logged: Logged | None) -> None:
        """Show the prospect that is called now; of a call that was ``logged`` what was read for
        it."""
        try:
            self._open_seat()
            if self.list_id is None:
                self.call_later(self.crm.go, "lists")
                return
            card = self._card_to_show(self.list_id, logged)
        except CrmError as error:
            self.list_id = self.looked_at = None
            message = Message("!", "late", error.message, note=error.hint)
            self.call_later(self.crm.go, "lists", message)
            return
        if card is None or self.card is None or card.prospect_id != self.card.prospect_id:
            self.script.start(card)
        coming, other = self.view.coming if self.view is not None else None, None
        if card is None:
            coming = calling_session.upcoming(self.session, self.list_id)
            if not self.filter_text:
                other = calling_session.other_list(self.session, self.list_id)
        self.show(
            CallView(
                header=self._session_header(card),
                card=card,
                coming=coming,
                query=self.filter_text,
                now=self.session.now,
                other=other,
            )
        )
        if card is not None and self.wide:
            # After the card is painted: the rep does not wait for the count of hidden rows.
            self._upcoming_reads += 1
            self.call_after_refresh(self._read_upcoming, self._upcoming_reads)
        self.held.resume_postponed()

    def _card_to_show(self, list_id: int, logged: Logged | None) -> Card | None:
        """The prospect that is looked at, until it is called; else the one to call."""
        if self.looked_at is not None:
            card = calling_session.look_at(self.session, self.looked_at)
            if (card.state, len(card.tries)) == self._looked:
                return card
            self.looked_at = None
            self._read_seat(list_id)
        if logged is None or logged.place.rules.info.id != list_id:
            return calling_session.next_card(self.session, list_id)
        return calling_session.next_card(self.session, list_id, logged.place, logged.outcomes)

    def _session_header(self, card: Card | None) -> SessionView:
        session, progress = self.session, self._progress
        assert progress is not None
        figures = calling_figures.figures(session)
        return SessionView(
            key=self.TAB,
            name=progress.name + (f" / {self.filter_text}" if self.filter_text else ""),
            row=card.row if card is not None else 0,
            total=progress.rows,
            done=progress.worked,
            calls=figures.calls,
            calls_goal=figures.goal,
            reached=figures.reached,
            per_hour=figures.per_hour,
            clock=f"{session.now:%H:%M}",
            leads=figures.leads,
        )

    def _read_upcoming(self, number: int) -> None:
        """Show what comes next, unless it was asked for again meanwhile."""
        if number == self._upcoming_reads and self.view is not None and self.list_id is not None:
            coming = calling_session.upcoming(self.session, self.list_id, 3)
            self.show(replace(self.view, coming=coming))

    def show(self, view: CallView) -> None:
        """A pure function of the view, the script and the size."""
        self.view = view
        self.script.reading = self.script.reading and self.wide
        self.panes.show(view, self.script, self.size, self.crm.saves_bytes)
        self.show_frame()

    def show_again(self) -> None:
        """Show the same view: the script has changed."""
        if self.view is not None:
            self.show(self.view)

    def show_frame(self) -> None:
        if self.view is not None:
            self.header.show(self.view.header)
        self.show_hints()

    def hints(self) -> list[Hint]:
        named = [(name, hint_of(self, name)) for name in keys.HINTS[self.NAME]]
        if self.script.reading:
            return [
                Hint(_("digit"), _("answer")),
                Hint("0", _("opening")),
                Hint("j k", _("scroll")),
                Hint("tab", _("back")),
                *(hint for name, hint in named if name != "move.down"),
            ]
        if self.card is None:
            other = self.view.other if self.view is not None else None
            return [
                *((Hint("Enter", other.name),) if other is not None else ()),
                hint_of(self, "calling.anyway"),
                Hint("v", _("what next")),
                Hint("/", _("narrow")),
                Hint("u", _("undo")),
                Hint("Esc", _("lists")),
            ]
        if self.looked_at is not None:
            return [
                *((Hint("Enter", _("call again")),) if self.card.state == "done" else ()),
                Hint("j", _("go on")),
                *(hint for name, hint in named if name not in ("calling.dial", "move.down")),
            ]
        return [Hint(hint.key, _("skip")) if hint.key == "j" else hint for _name, hint in named]

    def count_outcome(self, state: str) -> None:
        """Count a row that is in this state now, without reading the progress of the list again."""
        if self._progress is None or self.view is None:
            return
        if state in ("done", "lead", "blocked"):
            self._progress = replace(self._progress, worked=self._progress.worked + 1)
            self.view = replace(self.view, header=self._session_header(self.card))
            self.header.show(self.view.header)

    def tick(self) -> None:
        """Show the new minute: the clocks, what is late, and who may be called by now."""
        if self.view is None or self.view.now.minute == self.session.now.minute:
            return
        if self.list_id is not None and not self.sheet_open:
            self._progress = lists.list_progress(self.session, self.list_id)
            self.reload()

    def update_clock(self) -> None:
        """Show the new second of a running call."""
        if self.is_current:
            self.panes.show_clock(self.session.now)

    def give_sign_of_life(self) -> None:
        """Tell the store that the call goes on; show what became of its clock where it does not."""
        if self.list_id is None or not self.held.running:
            return
        try:
            idle = self.crm.idle_seconds()
            changed = calling_session.sign_of_life(self.session, self.list_id, idle)
        except CrmError:  # a store that is busy is told the next time
            return
        if changed and self.is_current and not self.sheet_open:
            self.reload()
            stands = self.card is not None and self.card.paused
            why = _("no key for an hour: the clock stands at the last one")
            slept = _("this machine slept: that time is no part of the call")
            right = Hint("z", _("go on")) if stands else None
            self.say(Message(_("Clock"), "strong", why if stands else slept, right=right))

    # -- keys on the prospect ------------------------------------------------------------------

    @conversation
    async def action_dial(self) -> None:
        if self.card is None and self.view is not None and self.view.other is not None:
            self.start_list(self.view.other.id)
            return
        card = self.card_for("Enter")
        if card is not None and self.looked_at is not None:
            card = self._take_up(card)
        if card is not None:
            await dial(self, card)

    def action_anyway(self) -> None:
        if self.card is not None or self.list_id is None:
            self.explain_key(
                "a", _("somebody may be called now; a row that may not is opened by /.")
            )
            return
        try:
            calling_session.call_anyway(self.session, self.list_id)
        except CrmError as error:
            self.refused(error)
            return
        self.reload()
        words = _("it is outside its hours or before its moment; the journal says so of its call")
        self.say(Message(_("Anyway"), "due", words))

    def _take_up(self, card: Card) -> Card | None:
        """Take up a prospect again that is done, to call it; None where that cannot be, for which
        a message is shown."""
        if card.state == "blocked":
            self.explain_key("Enter", _("nobody calls this number."), Hint("j", _("goes on")))
            return None
        if card.state == "done" and self.crm.perform(calling.reopen, card.prospect_id) is None:
            return None
        self.open_row(card.prospect_id)
        return self.card if self.looked_at is None else None

    @conversation
    async def action_digit(self, number: int) -> None:
        if self.script.reading:
            self.script.read_answer(number)
        else:
            await log_outcome(self, number)

    @conversation
    async def action_callback(self) -> None:
        card = self.card_for("r")
        if card is not None:
            await log_callback(self, card)

    @conversation
    async def action_note(self) -> None:
        card = self.card_for("n")
        if card is not None:
            await write_note(self, card)

    @conversation
    async def action_edit(self) -> None:
        card = self.card_for("i")
        if card is not None:
            await edit_row(self, card)

    @conversation
    async def action_copy(self) -> None:
        card = self.card_for("y")
        if card is not None:
            await copy(self, card)

    @conversation
    async def action_script(self) -> None:
        card = self.card_for("tab")
        if card is not None:
            await self.script.open(card)

    def on_key(self, event: events.Key) -> None:
        # The handler of the base, which clears the message, runs too. 0 is in no table of keys: it
        # is a key of the script alone.
        if self.script.reading and event.character == "0":
            self.script.read_opening()

    def action_open_warned(self) -> None:
        card = self.card_for("#")
        if card is None:
            return
        if card.duplicates:
            self.crm.open_lead(card.duplicates[0].lead_id)
        else:
            self.explain_key("#", _("no lead has this number."))

    def action_pause(self) -> None:
        if self.card is None or self.list_id is None:
            self.explain_key("z", _("there is no clock to stop."))
            return
        paused = calling_session.pause(self.session, self.list_id)
        self.reload()
        if paused:
            right = Hint("z", _("go on"))
            self.say(Message(_("Paused"), "strong", _("the clock stands still"), right=right))
        else:
            self.say(Message(_("On again"), "strong", _("the clock goes on")))

    # -- going on without an outcome -----------------------------------------------------------

    @conversation
    async def action_move(self, by: int) -> None:
        if self.script.reading:
            self.script.scroll(by)
            return
        if self.card_for("j" if by > 0 else "k") is None:
            return
        if self.looked_at is not None:
            self._stop_looking()
            return
        called = await self.held.end()
        # After an outcome the next prospect is on screen already.
        if called is False or (called and by < 0):
            self._move(by)

    def _move(self, by: int) -> None:
        card = self.card
        if card is None or self.list_id is None:
            return
        if not card.saved:
            # A prospect that is left keeps its note, for whoever gets it next.
            self.crm.perform(calling.set_note, card.prospect_id, card.note)
        step = calling_session.skip if by > 0 else calling_session.previous_card
        following = step(self.session, self.list_id)
        if following is None and by < 0:
            self.explain_key("k", _("no row was stepped over."))
            return
        self.reload()
        if by > 0 and following is not None and following.prospect_id == card.prospect_id:
            self.explain_key("j", _("this is the only row that may be called now."))

    @conversation
    async def action_coming(self) -> None:
        if self.list_id is None:
            return
        coming = calling_session.upcoming(self.session, self.list_id)
        index = await ask(self, ComingSheet(coming, self.session.now))
        if index is not None and await self.held.end() is not None:
            self.open_row(coming.rows[index].prospect_id)

    @conversation
    async def action_filter(self) -> None:
        if self.list_id is not None:
            await narrow(self, self.list_id)

    # -- leaving and coming back ---------------------------------------------------------------

    def after_undo(self, undone: undo.Undone) -> None:
        prospect_id = undone.prospect_id
        if prospect_id is not None and undone.op.partition(".")[0] == "calling":
            message = self._message
            self._show_undone(prospect_id)
            self._count_again()
            if message is not None:
                self.say(message)
        elif self.list_id is not None:
            self._count_again()

    def _show_undone(self, prospect_id: int) -> None:
        """Put the prospect of an undone call on screen."""
        if self.held.running and self.card is not None and self.card.prospect_id != prospect_id:
            # Nobody is taken off a call: it is shown when this one has its outcome.
            self.held.restored = prospect_id
            return
        try:
            self.list_id = calling_session.open_row(self.session, prospect_id).list_id
        except CrmError:
            return  # done again, or a colleague has it: the prospect on screen stays
        self.looked_at = None
        self._read_seat(self.list_id)

    def _count_again(self) -> None:
        if self.list_id is not None:
            self._progress = lists.list_progress(self.session, self.list_id)
        self.reload()

    def confirm_leave(self, then: Callable[[], object]) -> bool:
        return self.held.confirm_leave(then)

    def _session_summary(self) -> Message | None:
        """What the session achieved, to be shown by the screen that comes next."""
        if self.list_id is None or self._progress is None:
            return None
        summary = calling_figures.summary(self.session, self.list_id)
        return Message(self._progress.name, "strong", summary.words, right=Hint("C", _("goes on")))

    def action_go(self, place: Place) -> None:
        if place == "calling" or self.confirm_leave(partial(self.action_go, place)):
            return
        summary = self._session_summary()
        self.crm.go(place, summary if calling_figures.figures(self.session).calls else None)

    def action_back(self) -> None:
        if self.script.reading:
            self.script.read(False)
            return
        if self.confirm_leave(self.action_back):
            return
        summary = self._session_summary()
        if len(self.app.screen_stack) > 2:  # opened from the rows of a figure
            called = calling_figures.figures(self.session).calls
            self.crm.leave_screen(summary if called else None)
        elif summary is not None:
            self.crm.go("lists", summary, self.list_id)
        else:
            self.crm.go("lists")
