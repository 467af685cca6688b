"""A session narrowed to some rows of its list: the filter line, read and completed while typed."""

from __future__ import annotations

from textual import events

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
from tui_crm.tui.screens.calling.outcomes import Outcomes
from tui_crm.tui.screens.calling.sheets import SHEET
from tui_crm.tui.widgets.hints import Message
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet


class NarrowSheet(PromptSheet):
    """The filter line: who would be first, and what the last word could become by ``tab``."""

    def __init__(self, session: Session, list_id: int, query: str) -> None:
        super().__init__(
            _("narrow"),
            _("rows with all these words"),
            self._read,
            value=query,
            rows=SHEET,
            examples=make((_("laser city:bilbao -state:retry"), "dim")),
            empty_value="",
            empty_word=_("the whole list"),
        )
        self._session, self._list = session, list_id
        self._offers: list[str] = []
        self._turn = 0  # how often tab was pressed on these offers
        self._stem = ""

    def _read(self, text: str) -> Echo:
        session = self._session
        if not self._turn:
            self._offers = list_filter.complete(session, self._list, text)
        rows = []
        try:
            rules = calling_plan.rules_of(session, self._list)
            found = calling_queue.peek(session, rules, 1, text, [])
        except CrmError as error:
            rows.append(EchoRow("?", "late", make((str(error), "late"))))
            return Echo([*rows, *self._offered()], refuse=True)
        if found:
            row = read_row(session, found[0])
            first = ", ".join(p for p in (row["name"], row["company"]) if p)
            rows.append(EchoRow("=", "won", make((_("first: "), "dim"), (first, "strong"))))
        else:
            rows.append(EchoRow("!", "due", make((_("nobody to call matches"), "due"))))
        return Echo([*rows, *self._offered()])

    def _offered(self) -> list[EchoRow]:
        if not self._offers:
            return []
        now = (self._turn - 1) % len(self._offers) if self._turn else -1
        pieces = [
            (f"{word}  ", "strong" if n == now else "text") for n, word in enumerate(self._offers)
        ]
        return [EchoRow(" ", "dim", make(("tab ", "key"), *pieces))]

    async def press(self, event: events.Key) -> None:
        if event.key != "tab":
            self._turn = 0
            await super().press(event)
        elif self._offers:
            # The first offer in place of the last word; again, the next one.
            if not self._turn:
                self._stem = self.entry.text
            word = self._offers[self._turn % len(self._offers)]
            self._turn += 1
            self.entry.text = list_filter.completed(self._stem, word)
            self.entry.at = len(self.entry.text)
            if len(self._offers) == 1:
                self._turn = 0
            self._read_text = None
            self.changed()


class Narrowing(Outcomes):
    """`/` of Calling."""

    async def action_filter(self) -> None:
        if self.list_id is None:
            return
        list_id = self.list_id

        def narrow(value: str) -> None:
            try:
                calling_session.open_seat(self.session, list_id, value)
            except CrmError as error:
                self.refused(error)
                return
            self.narrowed = value
            self.reload()
            self.say(
                Message(_("Narrowed"), "strong", value)
                if value
                else Message(_("The whole list"), "strong")
            )

        def entered(value: str | None) -> None:
            # Another filter lets go of the row on screen.
            if value is None or value == self.narrowed:
                return
            if not self._hold(lambda _called: narrow(value)):
                narrow(value)

        await NarrowSheet(self.session, list_id, self.narrowed).open(self, entered)
