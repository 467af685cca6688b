"""The acts of a calling session that are no outcome: dial, pause, go on, look ahead, read.

`CallingActs` is what the keys of Calling do to the row on screen; the screen itself (what is shown
and when) is `calling.CallingScreen`.
"""

from __future__ import annotations

from typing import Any

from tui_crm.core.calling import (
    script as calling_script,
    session as calling_session,
)
from tui_crm.core.calling.card import Card, CardPhone
from tui_crm.core.calling.script import last_digit
from tui_crm.core.errors import CrmError
from tui_crm.core.text import _
from tui_crm.tui.screens.calling.edit import Words
from tui_crm.tui.screens.calling.filter import Narrowing
from tui_crm.tui.screens.calling.sheets import CallMenu, ComingSheet, ScriptSheet
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.menu import MenuOption


class CallingActs(Narrowing, Words):
    """What the keys of Calling do. The screen gives ``card`` and ``list_id``."""

    branch: int | None
    scripted: bool  # the pane of the script has the keys

    # -- dial, clock, pause --------------------------------------------------------------------

    async def action_dial(self) -> None:
        card = self._row("Enter")
        if card is None:
            return
        phone = next((p for p in card.phones if card.dialled in (p.e164, p.typed)), None)
        if card.on_call is None or phone is None:
            self._dial(card)
            return
        others = [p for p in card.phones if p is not phone]
        if not others:
            # A second Enter is a slip: the call goes on.
            self.say(
                Message(
                    _("On this call"),
                    "strong",
                    "",
                    phone.shown,
                    right=Hint("1-9", _("how it ended")),
                )
            )
            return

        def chosen(index: int | None) -> None:
            if index is not None:
                self._dial(card, others[index])

        about = make(
            (card.name or card.company, "text"), (f"   {_('on this call:')} {phone.shown}", "dim")
        )
        await CallMenu(
            _("dial another"), about, [MenuOption(p.shown, self._kind_of(card, p)) for p in others]
        ).open(self, chosen)

    @staticmethod
    def _kind_of(card: Card, phone: CardPhone) -> str:
        """What is known of a number: its column, and why it may not answer."""
        column = next(
            (
                name
                for name, value, field in card.cells
                if field == "phone" and phone.typed in value
            ),
            "",
        )
        odd = _("do not call") if phone.blocked else _("wrong number") if phone.bad else ""
        return ", ".join(filter(None, (column, odd)))

    def _dial(self, card: Card, phone: CardPhone | None = None) -> None:
        chosen = (phone.e164 or phone.typed) if phone is not None else ""
        try:
            number = calling_session.dial(self.session, card.prospect_id, chosen)
        except CrmError as error:
            self.refused(error)
            return
        self.crm.copy(number)
        phone = next((p for p in card.phones if number in (p.e164, p.typed)), None)
        shown = phone.shown if phone else number

        def failed(why: str) -> None:
            # The clock runs and the number is copied: it can be dialled by hand.
            self.crm.say(Message(_("Dial"), "late", "", shown, why))

        problem = self.crm.dial(number, failed)
        self.reload()
        if problem:
            failed(problem)
        else:
            note = _("copied, dialler started") if self.crm.dialer else _("copied")
            self.say(Message(_("Dial"), "strong", "", shown, note, Hint("1-9", _("how it ended"))))

    def action_pause(self) -> None:
        if self.card is None or self.list_id is None:
            self.explain_key("z", _("there is no clock to stop."))
            return
        paused = calling_session.pause(self.session, self.list_id)
        self.reload()
        self.say(
            Message(
                _("Paused") if paused else _("On again"),
                "strong",
                _("the clock stands still") if paused else _("the clock goes on"),
                right=Hint("z", _("go on")) if paused else None,
            )
        )

    # -- going on without an outcome -----------------------------------------------------------

    def action_move(self, by: int) -> None:
        if self.scripted:
            self.scroll_script(by)
            return
        card = self._row("j" if by > 0 else "k")
        if card is None or self.list_id is None:
            return

        def move(called: bool) -> None:
            # After an outcome the next row is here already.
            if by < 0 or not called:
                self._move(by)

        if not self._hold(move):
            self._move(by)

    def _move(self, by: int) -> None:
        card = self.card
        if card is None or self.list_id is None:
            return
        self._keep_words(card)
        if by > 0:
            following = calling_session.skip(self.session, self.list_id)
        else:
            following = calling_session.previous_card(self.session, self.list_id)
        if following is None and by < 0:
            self.explain_key("k", _("no row was stepped over."))
            return
        self.reload()
        if by > 0 and following is not None and following.prospect_id == card.prospect_id:
            self.explain_key("j", _("this is the only row that may be called now."))

    async def action_coming(self) -> None:
        if self.list_id is None:
            return
        found = calling_session.upcoming(self.session, self.list_id)

        def chosen(index: int | None) -> None:
            if index is None:
                return
            number = found.rows[index].prospect_id
            if not self._hold(lambda _called: self.stand_on(number)):
                self.stand_on(number)

        await ComingSheet(found, self.session.now).open(self, chosen)

    def stand_on(self, prospect_id: int) -> None:
        try:
            calling_session.open_row(self.session, prospect_id)
        except CrmError as error:
            self.refused(error)
            return
        self.reload()

    def action_open_warned(self) -> None:
        card = self._row("#")
        if card is None:
            return
        if card.duplicates:
            self.crm.open_lead(card.duplicates[0].lead_id)
        else:
            self.explain_key("#", _("no lead has this number."))

    # -- the script ----------------------------------------------------------------------------

    async def action_script(self) -> None:
        card = self._row("tab")
        if card is None:
            return
        if not card.script.opening and not card.script.branches:
            self.explain_key(
                "tab",
                _("this list has no script; i on the list writes one."),
                Hint("Esc", _("lists")),
            )
        elif self.beside:
            self.read_script(not self.scripted)
        else:

            def left(branch: int | None) -> None:
                self.branch = branch or None
                self.reload()

            await ScriptSheet(card, self.branch, self._open_answer).open(self, left)

    def _open_answer(self, digit: int) -> None:
        """Show the answer of a digit, and keep with the call that it was needed."""
        card = self.card
        if card is None:
            return
        answer = card.script.part(digit)
        if answer is None or not digit:
            self.explain_key(
                str(digit), _("the script has no answer with this digit."), Hint("tab", _("back"))
            )
            return
        self.branch = digit
        try:
            calling_script.open_answer(self.session, card.prospect_id, digit, answer.label)
        except CrmError as error:
            self.refused(error)

    def answer_shown(self, card: Card) -> int | None:
        """The answer that was opened last on this row, also by the program before a cut line."""
        digit = last_digit(card.answers)
        return digit if digit and card.script.part(digit) else None

    async def action_digit(self, number: int) -> None:
        if not self.scripted:
            await super().action_digit(number)
            return
        self._open_answer(number)
        self.read_script(True)

    @property
    def beside(self) -> bool:
        """Whether the script stands beside the card."""
        raise NotImplementedError

    def read_script(self, reading: bool) -> None:
        """Give the keys to the pane of the script, from the top, or take them back."""
        raise NotImplementedError

    def scroll_script(self, by: int) -> None:
        """Scroll the script while it has the keys."""
        raise NotImplementedError

    def said_on_leaving(self) -> Any:
        """What the session brought, for the screen that comes next."""
        raise NotImplementedError
