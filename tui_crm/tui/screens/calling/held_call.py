"""A running call keeps the rep: one call, one outcome.

Whoever wants to go on while the clock of a call runs is asked first how the call ended. Esc stays
on the prospect.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_crm.core.calling import session as calling_session
from tui_crm.core.errors import CrmError
from tui_crm.tui.screens.calling.outcomes import log_outcome
from tui_crm.tui.screens.calling.sheets import EndedSheet
from tui_crm.tui.widgets.conversation import ask, conversation

if TYPE_CHECKING:
    from tui_crm.tui.screens.calling.screen import CallingScreen


class HeldCall:
    """The call on the prospect on screen, and what waits for its outcome."""

    def __init__(self, screen: CallingScreen) -> None:
        self.screen = screen
        self.restored: int | None = None
        """A prospect that an undo brought back during the call; it is shown after the outcome."""
        self._postponed: Callable[[], object] | None = None

    @property
    def running(self) -> bool:
        """Whether the clock of a call runs on the prospect on screen."""
        view = self.screen.view
        return view is not None and view.on_call

    # -- going on ------------------------------------------------------------------------------

    async def end(self) -> bool | None:
        """Ask how the running call ended, and log it. Returns whether a call was logged (False also
        when none was running), None when the rep stays on the prospect."""
        screen, card = self.screen, self.screen.card
        if card is None or card.on_call is None or screen.list_id is None:
            return False
        digit = await ask(screen, EndedSheet(card))
        if digit is None:
            return None
        if digit:
            return await log_outcome(screen, digit) or None
        calling_session.discard_call(screen.session, screen.list_id)
        screen.reload()
        return False

    def confirm_leave(self, then: Callable[[], object]) -> bool:
        """Whether a call is running: then it is asked how it ended, and ``then`` is called
        afterwards."""
        if not self.running or self.screen not in self.screen.app.screen_stack:
            return False
        self.screen.call_later(self._end_before, then)
        return True

    @conversation
    async def _end_before(self, then: Callable[[], object]) -> None:
        if not self.running:
            return
        app = self.screen.app
        while app.screen is not self.screen:
            app.pop_screen()
        if await self.end() is None:
            return
        done = then()
        if inspect.isawaitable(done):
            await done

    # -- after the outcome ---------------------------------------------------------------------

    def show_restored(self) -> None:
        """Show the prospect that an undo brought back during the call."""
        prospect_id, self.restored = self.restored, None
        if prospect_id is not None:
            self.screen.open_row(prospect_id)

    # -- a call that an earlier run of the program left ----------------------------------------

    def left_running(self, list_id: int | None, prospect_id: int | None) -> int | None:
        """The list of a call that runs since an earlier start of the program, unless it is on the
        list or the prospect that is to be opened."""
        session = self.screen.session
        call = calling_session.running_call(session)
        if call is None:
            return None
        call_list, call_prospect = call
        if prospect_id is not None:
            if prospect_id == call_prospect:
                return None
        elif list_id in (None, call_list):
            # Without a wish at all the list that was called last is opened: it is this one.
            return None
        try:
            calling_session.open_seat(session, call_list)
            card = calling_session.next_card(session, call_list)
        except CrmError:
            card = None
        if card is None or card.on_call is None:
            # Its row got an outcome elsewhere, or its list was archived: nobody is on the line.
            calling_session.discard_call(session, call_list)
            return None
        return call_list

    def postpone(self, start: Callable[[], object]) -> None:
        """Keep what was to be opened until the call has its outcome."""
        self._postponed = start

    def resume_postponed(self) -> None:
        """Open what was postponed: now, or after the outcome of the running call."""
        start, self._postponed = self._postponed, None
        if start is not None and not self.confirm_leave(start):
            self.screen.call_later(start)
