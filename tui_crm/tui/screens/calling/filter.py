"""The filter line of Calling: it narrows the session to some rows of its list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

from tui_crm.core import search
from tui_crm.core.calling import (
    plan as calling_plan,
    queue as calling_queue,
    session as calling_session,
)
from tui_crm.core.calling.card import read_row
from tui_crm.core.errors import CrmError
from tui_crm.core.lists import filter as list_filter
from tui_crm.core.session import Session
from tui_crm.core.text import _
from tui_crm.tui.screens.calling.sheets import ECHO_ROWS
from tui_crm.tui.widgets.conversation import ask
from tui_crm.tui.widgets.hints import Message
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet

if TYPE_CHECKING:
    from tui_crm.tui.screens.calling.screen import CallingScreen


async def narrow(screen: CallingScreen, list_id: int) -> None:
    """Ask for a filter and narrow the session to it. The prospect on screen is given back, so a
    running call gets its outcome first."""
    sheet = FilterSheet(screen.session, list_id, screen.filter_text)
    query = await ask(screen, sheet)
    if query is None or query == screen.filter_text:
        return
    if query and sheet.not_to_call is not None:
        # Nobody to call has these words: who has them is shown, done or blocked as they are.
        screen.start_at(sheet.not_to_call)
        return
    if await screen.held.end() is None:
        return
    try:
        calling_session.open_seat(screen.session, list_id, query)
    except CrmError as error:
        screen.refused(error)
        return
    screen.filter_text = query
    screen.reload()
    word = _("Narrowed") if query else _("The whole list")
    screen.say(Message(word, "strong", query))


class FilterSheet(PromptSheet):
    """The filter line; it shows who would be called first, and what the last word could become
    by ``tab``."""

    def __init__(self, session: Session, list_id: int, query: str) -> None:
        super().__init__(
            _("narrow"),
            _("rows with all these words"),
            self._read,
            value=query,
            rows=ECHO_ROWS,
            examples=make((_("laser city:bilbao -state:retry"), "dim")),
            empty_value="",
            empty_word=_("the whole list"),
        )
        self._session, self._list = session, list_id
        self._completions: list[str] = []
        self._tabs = 0  # how often tab was pressed on these completions
        self._stem = ""  # the text that is completed
        self.not_to_call: int | None = None
        """The row of the list that is found where nobody to call is."""

    def _read(self, text: str) -> Echo:
        session = self._session
        self.not_to_call = None
        if not self._tabs:
            self._completions = list_filter.complete(session, self._list, text)
        try:
            rules = calling_plan.rules_of(session, self._list)
            found = calling_queue.peek(session, rules, 1, text, [])
        except CrmError as error:
            row = EchoRow("?", "late", make((str(error), "late")))
            return Echo([row, *self._completion_row()], refuse=True)
        if found:
            prospect = read_row(session, found[0])
            first = ", ".join(p for p in (prospect["name"], prospect["company"]) if p)
            row = EchoRow("=", "won", make((_("first: "), "dim"), (first, "strong")))
        else:
            row = self._not_to_call(text)
        return Echo([row, *self._completion_row()])

    def _not_to_call(self, text: str) -> EchoRow:
        """What is said where nobody to call matches: who does, whatever the state of the row."""
        hits = search.find(self._session, text)
        mine = [hit for hit in hits if hit.kind == "prospect" and hit.list_id == self._list]
        if not mine:
            return EchoRow("!", "due", make((_("nobody to call matches"), "due")))
        self.not_to_call = mine[0].prospect_id
        state = f"{search.state_word(mine[0].state)}: "
        token = "blocked" if mine[0].state == "blocked" else "due"
        shows = f"  {_('Enter shows it')}"
        return EchoRow("=", "won", make((state, token), (mine[0].title, "strong"), (shows, "dim")))

    def _completion_row(self) -> list[EchoRow]:
        if not self._completions:
            return []
        chosen = (self._tabs - 1) % len(self._completions) if self._tabs else -1
        pieces = [
            (f"{word}  ", "strong" if n == chosen else "text")
            for n, word in enumerate(self._completions)
        ]
        return [EchoRow(" ", "dim", make(("tab ", "key"), *pieces))]

    async def press(self, event: events.Key) -> None:
        if event.key != "tab":
            self._tabs = 0
            await super().press(event)
        elif self._completions:
            # The first completion in place of the last word; pressed again, the next one.
            if not self._tabs:
                self._stem = self.entry.text
            word = self._completions[self._tabs % len(self._completions)]
            self._tabs += 1
            if len(self._completions) == 1:
                self._tabs = 0
            self.replace_text(list_filter.completed(self._stem, word))
