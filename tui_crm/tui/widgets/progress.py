"""ProgressSheet: runs a job in a thread, shows how far it is, and ends with what the job made.

The job never touches a widget: what it reports is handed to the screen's own message loop. Esc or q
ask it to stop, where it can; the sheet stays until the job has ended, so that only one runs at a
time and nothing is typed into the screen meanwhile.

    view = await ask(screen, ProgressSheet(_("reading"), path.name, read))
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from textual import events
from textual.screen import Screen

from tui_crm.core.errors import CrmError
from tui_crm.core.progress import Cancelled, Progress
from tui_crm.core.text import _
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.lines import EMPTY, Line, Run, clip, indent, make
from tui_crm.tui.widgets.sheet import Done, Sheet

REPORT_SECONDS = 0.1  # between two reports of a job on how far it is

Result = TypeVar("Result")
Job = Callable[[Progress, Cancelled], Result]
"""Long work: reports its progress (rows done, rows in all) and ends early when cancelled."""


class ProgressSheet(Sheet[Result | CrmError], Generic[Result]):
    """The progress of a job. Ends with the job's result, or the CrmError that it raised.

    ``words`` say what the job does, where it is no import. A job that counts no rows shows how long
    it has been running."""

    def __init__(
        self,
        name: str,
        about: str,
        job: Job[Result],
        *,
        words: str = "",
        cancellable: bool = True,
    ) -> None:
        super().__init__(name, about)
        self._job = job
        self._words = words or _("One transaction: nothing is added until the line is full.")
        self._cancellable = cancellable
        self._count, self._total = 0, 0
        self._began = time.monotonic()
        self._stopping = False

    # -- the job -------------------------------------------------------------------------------

    async def open(self, screen: Screen[Any], done: Done[Result | CrmError] | None = None) -> None:
        await super().open(screen, done)
        screen.run_worker(lambda: self._run(screen), thread=True, exit_on_error=False)

    def _run(self, screen: Screen[Any]) -> None:
        """The thread."""
        reported = 0.0

        def progress(done: int, total: int) -> None:
            nonlocal reported
            now = time.monotonic()
            if done >= total or now - reported > REPORT_SECONDS:
                reported = now
                screen.call_later(self._show, done, total)

        result: Result | CrmError
        try:
            result = self._job(progress, lambda: self._stopping)
        except CrmError as error:
            result = error
        except OSError as error:
            why = error.strerror or error
            result = CrmError(_("The file cannot be read: {why}.").format(why=why))
        screen.call_later(self.choose, result)

    def _show(self, done: int, total: int) -> None:
        self._count, self._total = done, total
        self.redraw()

    async def leave(self) -> None:
        """Ask the job to stop; it ends by itself."""
        if self._cancellable:
            self._stopping = True
            self.redraw()

    # -- the sheet -----------------------------------------------------------------------------

    def on_mount(self) -> None:
        self.set_interval(1.0, self.redraw)

    def rows_wanted(self, width: int, height: int) -> int:
        return 3

    def body(self, width: int, height: int) -> list[Line]:
        spent = time.monotonic() - self._began
        line = bars.progress_bar(self._count, self._total, max(width - 36, 8))
        figure = make(
            (f"  {self._count:,}", "strong"),
            (f" {_('of')} {self._total:,}" if self._total else "", "dim"),
        )
        if not self._total:
            figure = make(("  " + _("{n} s").format(n=int(spent)), "strong"))
        if self._count and spent > 0.5 and width >= 80:
            figure = (*figure, Run(f"   {self._count / spent:,.0f}/s", "dim"))
        words = self._words
        keys = make(
            ("Esc", "key"),
            (" " + _("or") + " ", "dim"),
            ("q", "key"),
            (f" {_('cancel, the store stays as it was')}", "dim"),
        )
        if self._stopping:
            words = _("Stopping; the store stays as it was.")
        elif not self._cancellable:
            keys = make((_("it cannot be stopped half way"), "dim"))
        rows = [
            indent(clip((*line, *figure), width - 2)),
            indent(clip(make((words, "dim")), width - 2)),
            indent(keys),
        ]
        return rows if height >= 3 else [rows[0], EMPTY][:height]

    async def press(self, event: events.Key) -> None:
        if event.character == "q":
            await self.leave()
