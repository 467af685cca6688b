"""One lead: its fields, its people, and its history."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from functools import partial

from textual import events
from textual.widget import Widget

from tui_crm.core.leads import actions, attachments, history as lead_history
from tui_crm.core.leads.dialling import LeadCall
from tui_crm.core.leads.history import HistoryLine
from tui_crm.core.text import _
from tui_crm.tui.crm import Place
from tui_crm.tui.screens.base import CrmScreen, hint_of
from tui_crm.tui.screens.importing.path_sheet import path_of
from tui_crm.tui.screens.leads.actions import LeadActions
from tui_crm.tui.screens.leads.dial import RunningCall
from tui_crm.tui.screens.leads.side_pane import WIDE, read_card
from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets import lead_card
from tui_crm.tui.widgets.canvas import LinesView
from tui_crm.tui.widgets.conversation import conversation
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.kinds import kind_name
from tui_crm.tui.widgets.lead_card import CardView
from tui_crm.tui.widgets.lines import EMPTY, Line, Run, Tinted, indent, make, tinted

ROOMY = 30  # rows from which a lead has room for its chance to win


class LeadPage(LinesView, can_focus=True, inherit_bindings=False):
    """The lines of the lead; its keys are those of the screen."""


class LeadScreen(LeadActions):
    """The lead that was opened; J and K go through the list it was opened from.

    j and k move a cursor through the history; on an entry i corrects it, u takes it back, f pins
    it. Without one they are about the lead."""

    NAME = "lead"

    def __init__(self) -> None:
        super().__init__()
        self.page = LeadPage()
        self.number = 0
        self.call = RunningCall(self)
        self.card: CardView | None = None
        self._entry: tuple[int, int] | None = None
        """The line of the history under the cursor: the action and the change that it tells."""
        self.among: tuple[int, ...] = ()
        """The numbers of the list that it was opened from."""
        self.tab = "T"
        self._from_top = True  # another lead is shown next

    def middle(self) -> Iterable[Widget]:
        yield self.page

    def main(self) -> Widget:
        return self.page

    def show_lead(self, number: int, among: tuple[int, ...]) -> None:
        """Set which lead :meth:`reload` shows, from its top."""
        self.number, self.among = number, among
        self._from_top, self._entry = True, None
        if isinstance(below := self.crm.screen, CrmScreen):
            self.tab = below.tab or self.tab

    def reload(self) -> None:
        roomy = self.size.height >= ROOMY  # the chance to win is told where there is room
        card = read_card(self.session, self.number, scored=roomy)
        if card is not None:
            self.number = card.lead.number  # another one where it was merged away
            card = replace(card, files=attachments.of(self.session, self.number))
        self.show(card)
        self.show_frame()

    def show(self, card: CardView | None) -> None:
        """A pure function of the lead and its history, and of the cursor in it."""
        if card is not None:
            card = replace(card, cursor=self._place(card))
        self.card = card
        under_cursor: list[int] = []

        def build(width: int, height: int) -> list[Line]:
            if card is None:
                return [EMPTY, make((_(" This lead is gone: its making was undone."), "dim"))]
            if width >= WIDE:
                made = lead_card.two_columns(card, width - 2, height)
            else:
                made = lead_card.pane(card, width - 2, height, whole=True)
            under_cursor[:] = [y for y, line in enumerate(made) if isinstance(line, Tinted)]
            return [_in_margin(line) for line in made]

        self.page.show(build, from_top=self._from_top)
        self._from_top = False
        for y in reversed(under_cursor):  # its first row last: where not all fit, that is seen
            self.page.reveal(y)

    def subject(self) -> int | None:
        return self.number or None

    def on_paste(self, event: events.Paste) -> None:
        """A file that is dropped into the terminal, which pastes its path, is attached."""
        path = path_of(event.text)
        if not os.path.isfile(path) or not self.number:
            self.explain_key(_("paste"), _("attaches a file that is dropped here."))
        elif self.crm.perform(attachments.attach, self.number, path) is not None:
            self.say(
                Message(_("Attached"), "won", os.path.basename(path), right=Hint("u", _("undo")))
            )

    # -- calling it ----------------------------------------------------------------------------

    def on_mount(self) -> None:
        self.call.restore()  # once: what an earlier run of the program left

    @conversation
    async def action_dial(self) -> None:
        target = self._target("Enter")
        if target is not None:
            await self.call.dial(target)

    def running_call(self) -> LeadCall | None:
        return self.call.call

    def call_ended(self) -> None:
        self.call.restore()
        self.show_hints()

    def confirm_leave(self, then: Callable[[], object]) -> bool:
        return self.call.confirm_leave(then)

    def action_go(self, place: Place) -> None:
        if not self.confirm_leave(partial(self.action_go, place)):
            super().action_go(place)

    def tick(self) -> None:
        super().tick()
        if self.call.call is not None:
            self.show_summary()

    def summary(self) -> Line:
        if self.call.call is not None:
            return self.call.summary(self.size.width)
        if self.number in self.among and len(self.among) > 1:
            place = self.among.index(self.number) + 1
            return make(
                (_("{n} of {all}").format(n=place, all=len(self.among)), "dim"),
                ("   J K", "key"),
                (f" {_('next lead')}", "dim"),
            )
        return EMPTY

    def action_other_lead(self, by: int) -> None:
        if self.number not in self.among:
            self.explain_key("J" if by > 0 else "K", _("there is no list to go through."))
            return
        place = self.among.index(self.number) + by
        if not 0 <= place < len(self.among):
            self.explain_key("J" if by > 0 else "K", _("this is the end of the list."))
            return
        if self.confirm_leave(partial(self.action_other_lead, by)):
            return
        self.number = self.among[place]
        self._from_top, self._entry = True, None
        self.reload()

    # -- the cursor in the history -------------------------------------------------------------

    def _place(self, card: CardView) -> int | None:
        """The line of the history that the cursor is on."""
        keys = [(line.id, line.change) for line in card.history]
        return keys.index(self._entry) if self._entry in keys else None

    @property
    def entry(self) -> HistoryLine | None:
        """The line of the history under the cursor."""
        card = self.card
        return card.history[card.cursor] if card is not None and card.cursor is not None else None

    def _put_cursor(self, place: int | None) -> None:
        """Put the cursor on a line of the history, the nearest there is; None: on none."""
        if self.card is None:
            return
        lines = self.card.history
        self._entry = None
        if place is not None and lines:
            line = lines[max(0, min(place, len(lines) - 1))]
            self._entry = (line.id, line.change)
        self.show(self.card)
        self.show_hints()

    def action_move(self, by: int) -> None:
        at = self.card.cursor if self.card is not None else None
        if at is None and by < 0:
            self.page.action_scroll_by(by)
        elif at is None:
            self._put_cursor(0)
        elif at + by < 0:
            self.action_top()
        else:
            self._put_cursor(at + by)

    def action_page(self, by: int) -> None:
        at = self.card.cursor if self.card is not None else None
        if at is None:
            self.page.action_scroll_page(by)
        else:
            self._put_cursor(max(at + by * max(self.page.size.height - 2, 1), 0))

    def action_top(self) -> None:
        self._put_cursor(None)
        self.page.action_scroll_by(-1_000_000)

    def action_bottom(self) -> None:
        self._put_cursor(1_000_000)
        self.page.action_scroll_by(1_000_000)

    def action_back(self) -> None:
        if self.entry is not None:
            self._put_cursor(None)
        elif not self.confirm_leave(self.action_back):
            super().action_back()

    def hints(self) -> list[Hint]:
        entry = self.entry
        if entry is None:
            return super().hints()
        undo = Hint(hint_of(self, "always.undo").key, _("take back"))
        back = hint_of(self, "move.back")
        if entry.system:
            return [undo, back]
        pin = Hint(hint_of(self, "lead.pin").key, _("unpin") if entry.pinned else _("pin"))
        return [Hint(hint_of(self, "do.edit").key, _("correct")), undo, pin, back]

    @conversation
    async def action_edit(self) -> None:
        entry = self.entry
        if entry is None:
            await self.edit_lead()
        elif entry.system:
            self.explain_key("i", _("this is a change of the lead."), Hint("u", _("takes it back")))
        else:
            from tui_crm.tui.screens.dialogs.edit_entry import edit_entry

            await edit_entry(self, self.number, entry.id)

    def action_undo(self) -> Awaitable[None] | None:
        entry = self.entry
        if entry is None:
            return super().action_undo()
        undone = self.crm.perform(lead_history.take_back, entry)
        if undone is not None:
            self._put_cursor(None)
            self.say(Message(_("Taken back"), "strong", str(undone)))
        return None

    def action_pin(self) -> None:
        entry = self.entry
        if entry is None or entry.system:
            self.explain_key("f", _("pins what was logged."), Hint("j", _("into the history")))
        elif self.crm.perform(actions.pin, entry.id, not entry.pinned) is not None:
            word = _("No longer pinned") if entry.pinned else _("Pinned")
            subject = " ".join(entry.text.split()) or kind_name(entry.kind)
            self.say(Message(word, "strong", subject, right=Hint("u", _("undo"))))


def _in_margin(line: Line) -> Line:
    """A line with the cell of the margin before it, in which the cursor stands."""
    if not isinstance(line, Tinted):
        return indent(line)
    if line.past:
        return tinted(indent(tuple(line)), past=line.past + 1)
    return tinted((Run(glyphs.active().cursor, "accent"), *line))
