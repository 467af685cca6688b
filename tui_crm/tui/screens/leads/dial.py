"""Dialling on a lead: the number is copied and dialled, the clock of the call starts, and whoever
leaves the lead is asked first how the call ended. Esc stays on the lead."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_crm.core import phones
from tui_crm.core.errors import CrmError
from tui_crm.core.leads import dialling, views as lead_views
from tui_crm.core.leads.contacts import Person, Point
from tui_crm.core.leads.dialling import LeadCall
from tui_crm.core.text import _
from tui_crm.tui.screens.leads.log_action import log_action
from tui_crm.tui.screens.leads.target import Target
from tui_crm.tui.widgets.conversation import conversation
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import EMPTY, Line, make
from tui_crm.tui.widgets.menu import MenuOption
from tui_crm.tui.widgets.prospect_card import clock

if TYPE_CHECKING:
    from tui_crm.tui.screens.leads.lead import LeadScreen


class RunningCall:
    """The call of this user on a lead: dialled here, or left by an earlier run of the program."""

    def __init__(self, screen: LeadScreen) -> None:
        self.screen = screen
        self.call: LeadCall | None = None

    def restore(self) -> None:
        """Read the call that an earlier run of the program left."""
        self.call = dialling.running(self.screen.session)

    # -- dialling ------------------------------------------------------------------------------

    async def dial(self, target: Target) -> None:
        """Dial the phone of a lead, of several the one that is chosen."""
        screen, call = self.screen, self.call
        if call is not None and call.lead != target.lead.number and not await self.end():
            return
        found = dialling.choices(target.lead.people)
        if call is not None and call.lead == target.lead.number:
            found = [one for one in found if call.number not in (one[1].match, one[1].value)]
            if not found:
                # A second Enter is a slip: the call goes on.
                right = Hint("c", _("how it ended"))
                screen.say(Message(_("On this call"), "strong", "", self._shown(call), right=right))
                return
        if not found:
            screen.explain_key("Enter", _("there is no phone to dial."), Hint("p", _("people")))
            return
        index: int | None = 0
        if len(found) > 1 or call is not None:  # during a call Enter alone dials nobody else
            options = [
                MenuOption(
                    self._phone(point), _odd(person, point), "blocked" if point.blocked else "text"
                )
                for person, point in found
            ]
            title = _("dial another") if call is not None else _("dial")
            first = 0 if call is None else None
            index = await screen.choose(title, target.lead.title, options, enter=first)
        if index is not None:
            self._dial(target, found[index][1])

    def _dial(self, target: Target, point: Point) -> None:
        screen, crm = self.screen, self.screen.crm
        try:
            number = dialling.dial(screen.session, target.lead.number, point)
        except CrmError as error:
            screen.refused(error)
            return
        self.restore()
        crm.copy(number)
        shown = self._phone(point)

        def failed(why: str) -> None:
            # The clock runs and the number is copied: it can be dialled by hand.
            crm.say(Message(_("Dial"), "late", "", shown, why))

        problem = crm.dial(number, failed)
        screen.show_hints()
        if problem:
            failed(problem)
        else:
            note = _("copied, dialler started") if crm.dialer else _("copied")
            right = Hint("c", _("how it ended"))
            screen.say(Message(_("Dial"), "strong", "", shown, note, right))

    # -- the end -------------------------------------------------------------------------------

    async def end(self) -> bool:
        """Ask how the running call ended, and log it; whether none runs any more."""
        call, screen = self.call, self.screen
        if call is None:
            return True
        session = screen.session
        as_of = session.store.last_entry()
        found = lead_views.by_numbers(session, [call.lead])
        if not found:  # it was merged away, or its making undone: nobody is on the line
            dialling.hang_up(session)
        elif not await log_action(screen, Target(found[0], [call.lead], as_of), "call", ended=True):
            return False
        self.restore()
        screen.show_hints()
        return self.call is None

    def confirm_leave(self, then: Callable[[], object]) -> bool:
        """Whether a call runs: then it is asked how it ended, and ``then`` is called afterwards."""
        if self.call is None or self.screen not in self.screen.app.screen_stack:
            return False
        self.screen.call_later(self._end_before, then)
        return True

    @conversation
    async def _end_before(self, then: Callable[[], object]) -> None:
        app = self.screen.app
        while app.screen is not self.screen:
            app.pop_screen()
        if await self.end():
            done = then()
            if inspect.isawaitable(done):
                await done

    # -- what is shown -------------------------------------------------------------------------

    def summary(self, width: int) -> Line:
        """The clock of the call and its number, for the message row; empty without a call."""
        call = self.call
        if call is None:
            return EMPTY
        where = "" if call.lead == self.screen.number else f"  #{call.lead}"
        return make(
            (_("on this call"), "due"),
            (f"  {clock(call.seconds(self.screen.session.now))}", "strong"),
            (f"  {self._shown(call)}{where}", "text"),
            ("   c", "key"),
            (f" {_('how it ended')}", "dim"),
        )

    def _shown(self, call: LeadCall) -> str:
        return phones.shown(call.number, call.number, self.screen.session.house.region)

    def _phone(self, point: Point) -> str:
        region = self.screen.session.house.region
        return phones.shown(point.value, point.match or None, region)


def _odd(person: Person, point: Point) -> str:
    """Whose number it is, and why it may not answer."""
    odd = _("do not call") if point.blocked else _("wrong number") if point.bad else ""
    return ", ".join(filter(None, (person.name, odd)))
