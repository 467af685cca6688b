"""The filter line over the rows of one prospect list, for what is done with some of them."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.timer import Timer

from tui_crm.core.errors import CrmError
from tui_crm.core.lists import filter as list_filter
from tui_crm.core.lists.lists import ProspectListInfo
from tui_crm.core.session import Session
from tui_crm.core.text import _
from tui_crm.tui.screens.leads.filter import PAUSE
from tui_crm.tui.screens.stats.background import JobQueue
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet

LARGE = 20_000  # rows from which on a list is looked through in the background


def accepted(words: str, more: str = "") -> Echo:
    """The echo of a text that Enter accepts: what it will do, on one row."""
    row = make((words, "strong"), (f"   {more}" if more else "", "dim"))
    return Echo([EchoRow("=", "won", row)])


def rejected(words: str, more: str = "") -> Echo:
    """The echo of a text that Enter does not accept, and why."""
    row = make((words, "late"), (f"  {more}" if more else "", "dim"))
    return Echo([EchoRow("?", "late", row)], refuse=True)


class RowFilterSheet(PromptSheet):
    """A filter over the rows of a list; ``tab`` completes its last word, and ``echo`` shows what
    Enter will do with the rows that it finds (it may raise CrmError).

    With ``jobs`` the list is a large one: its rows are counted in the background, after a pause in
    typing. Enter then waits for the count."""

    def __init__(
        self,
        session: Session,
        info: ProspectListInfo,
        name: str,
        echo: Callable[[str], Echo],
        *,
        value: str = "",
        examples: str = "",
        empty_word: str | None = None,
        jobs: JobQueue | None = None,
    ) -> None:
        self._session, self._list, self._meaning, self._jobs = session, info.id, echo, jobs
        self._counted: dict[str, Echo] = {}
        self._pause: Timer | None = None
        self._submitted = ""  # the text that Enter waits for
        super().__init__(
            name,
            info.name,
            self._read,
            value=value,
            rows=2,
            examples=make((examples, "dim")),
            empty_value=None if empty_word is None else "",
            empty_word=empty_word,
        )

    def _completions(self, text: str) -> list[str]:
        return list_filter.complete(self._session, self._list, text)

    def _count_now(self, text: str) -> Echo:
        try:
            return self._meaning(text)
        except CrmError as error:
            return rejected(error.message, error.hint)

    def _read(self, text: str) -> Echo:
        if self._jobs is None:
            echo = self._count_now(text)
        else:
            counting = Echo([EchoRow("~", "dim", make((_("counting …"), "dim")))], refuse=True)
            echo = self._counted.get(text.strip(), counting)
        completions = self._completions(text)
        if not completions:
            return echo
        row = EchoRow("tab", "accent", make(("  ".join(completions), "dim")))
        return Echo([*echo.rows, row], echo.spans, echo.refuse)

    async def press(self, event: events.Key) -> None:
        if event.key != "tab":
            await super().press(event)
            return
        text = self.entry.text
        completions = self._completions(text) if self.entry.at == len(text) else []
        if completions:
            self.entry.text = list_filter.completed(text, completions[0])
            self.entry.at = len(self.entry.text)
            self.changed()

    # -- a large list --------------------------------------------------------------------------

    def _is_uncounted(self, text: str) -> bool:
        return self._jobs is not None and bool(text) and text not in self._counted

    def changed(self) -> None:
        super().changed()
        self._submitted = ""
        if self._pause is not None:
            self._pause.stop()
        if self._is_uncounted(self.value.strip()):
            self._pause = self.set_timer(PAUSE, self._count)

    def _count(self) -> None:
        text = self.value.strip()
        if self._jobs is not None and self.is_open and self._is_uncounted(text):
            self._jobs.submit(
                "filter", lambda: self._count_now(text), lambda echo: self._show(text, echo)
            )

    def _show(self, text: str, echo: Echo | CrmError) -> None:
        """Show what was counted for a text; submit it, if Enter was pressed meanwhile."""
        if isinstance(echo, CrmError):
            echo = rejected(echo.message, echo.hint)
        self._counted[text] = echo
        if not self.is_open:
            return
        self.read_again()
        if self._submitted == text and not self.reading().refuse:
            self.call_next(self.submit)

    async def submit(self) -> None:
        text = self.value.strip()
        if self._is_uncounted(text):
            self._submitted = text
            self._count()
            return
        await super().submit()

    async def leave(self) -> None:
        if self._jobs is not None:
            self._jobs.cancel("filter")
        await super().leave()
