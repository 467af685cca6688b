"""Long work in the background: one job at a time, with a sheet that says how far it is.

The job runs in a thread with a connection of its own and never touches a widget: it posts what it
made, with its number, and what comes from a job that was given up is dropped. An act on few rows
is done at once, within its key.
"""

from __future__ import annotations

import inspect
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from textual.message import Message as Posted

from tui_crm.core.errors import CrmError
from tui_crm.core.progress import Cancelled, Progress
from tui_crm.core.store import undo
from tui_crm.core.text import _
from tui_crm.tui.screens.base import CrmScreen
from tui_crm.tui.screens.importing.sheets import ProgressSheet

MANY = 5_000  # rows from which on an act runs in the background
OFTEN = 0.1  # seconds between two words of a job about how far it is

Work = Callable[[Progress, Cancelled], Any]
Over = Callable[[Any, CrmError | None], Awaitable[None] | None]


@dataclass
class Progressed(Posted):
    """A job has done so many rows of so many."""

    job: int
    done: int
    total: int


@dataclass
class Ended(Posted):
    """A job is over: what it made, or why not."""

    job: int
    result: Any
    error: CrmError | None


class Working(CrmScreen):
    """A screen with long work to do."""

    def __init__(self) -> None:
        super().__init__()
        self._job = 0
        self._stop = False
        self._sheet: ProgressSheet | None = None
        self._over: Over = lambda result, error: None

    @property
    def working(self) -> bool:
        """Whether a job is under way."""
        return self._sheet is not None

    async def work(
        self,
        name: str,
        about: str,
        what: Work,
        over: Over,
        *,
        words: str = "",
        cancellable: bool = True,
    ) -> None:
        """Run ``what(progress, cancelled)`` behind a sheet, then ``over(result, error)``.
        ``words`` say on the sheet what is being done, where it is no import."""
        self._job += 1
        job, self._stop, self._over = self._job, False, over
        store = self.session.store
        last = 0.0

        def progress(done: int, total: int) -> None:
            nonlocal last
            now = time.monotonic()
            if done >= total or now - last > OFTEN:
                last = now
                self.post_message(Progressed(job, done, total))

        def cancelled() -> bool:
            return self._stop or self._job != job

        def thread() -> None:
            result, problem = None, None
            try:
                with store.db.connection_context():
                    result = what(progress, cancelled)
            except CrmError as error:
                problem = error
            except OSError as error:
                problem = CrmError(
                    _("The file cannot be read: {why}.").format(why=error.strerror or error)
                )
            self.post_message(Ended(job, result, problem))

        self._sheet = ProgressSheet(name, about, self._cancel if cancellable else None, words)
        await self._sheet.open(self)
        self.run_worker(thread, thread=True, exit_on_error=False, exclusive=False)

    def _cancel(self) -> None:
        self._stop = True

    def on_progressed(self, event: Progressed) -> None:
        if event.job == self._job and self._sheet is not None:
            self._sheet.tell(event.done, event.total)

    async def on_ended(self, event: Ended) -> None:
        if event.job != self._job:
            return
        if self._sheet is not None:
            await self._sheet.finish()
            self._sheet = None
        answer = self._over(event.result, event.error)
        if inspect.isawaitable(answer):
            await answer

    # -- acts ----------------------------------------------------------------------------------

    async def act(
        self,
        rows: int,
        name: str,
        about: str,
        what: Callable[..., Any],
        over: Callable[[Any], Awaitable[None] | None],
    ) -> None:
        """Do an operation on so many rows: ``what(session, progress=…, cancelled=…)``, in the
        background when they are many. ``over`` is told what it made, or None where it was
        refused, which is said; the screen shows the new state by then."""

        def work(progress: Progress, cancelled: Cancelled) -> Any:
            return what(self.session, progress=progress, cancelled=cancelled)

        async def done(result: Any, error: CrmError | None) -> None:
            told = over(self.crm.perform(answered, result, error))
            if inspect.isawaitable(told):
                await told

        if rows > MANY:
            words = _("One transaction: nothing is changed until the line is full.")
            await self.work(name, about, work, done, words=words)
            return
        told = over(self.crm.perform(what))
        if inspect.isawaitable(told):
            await told

    async def action_undo(self) -> None:
        await self._back(undo.undo, _("undoing"), redo=False)

    async def action_redo(self) -> None:
        await self._back(undo.redo, _("doing again"), redo=True)

    async def _back(self, what: Callable[..., Any], name: str, redo: bool) -> None:
        """Undo or redo, in the background where the act was one on many rows."""
        size, text = undo.weight(self.session, redo)
        if size <= MANY:
            (super().action_redo if redo else super().action_undo)()
            return

        def over(result: Any, error: CrmError | None) -> None:
            self.told_back(self.crm.perform(answered, result, error), redo)

        await self.work(
            name,
            text,
            lambda _progress, _cancelled: what(self.session),
            over,
            words=_("One transaction: it is undone whole, or not at all."),
            cancellable=False,
        )


def answered(_session: Any, result: Any, error: CrmError | None) -> Any:
    """What a job brought, handed to `CrmApp.perform` as if it had been done just now."""
    if error is not None:
        raise error
    return result
