"""Jobs in the background of a screen: one at a time, the newest of each kind, late results dropped.

A worker thread has its own connection to the store and never touches a widget: its result comes
back as a message with the number of the job. A job that takes its time gives several results, the
first numbers first. The screen keeps the pace of the keyboard.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from textual.message import Message
from textual.screen import Screen

from tui_crm.core.errors import CrmError
from tui_crm.core.store.database import Store
from tui_crm.core.text import _

Work = Callable[[], Any]
Receiver = Callable[[Any], None]


@dataclass
class JobResult(Message):
    """A job has a result, or failed with an error; ``last`` when it has ended."""

    kind: str
    number: int
    result: Any
    last: bool = True


@dataclass(frozen=True)
class Job:
    """``receive`` is called with each result of ``work``, as long as no newer job of its kind was
    submitted."""

    kind: str
    number: int
    work: Work
    receive: Receiver


_ENDED = object()
"""The last message of a job that gave several results."""


class JobQueue:
    """The jobs of one screen. The screen hands every `JobResult` message to `deliver`."""

    def __init__(self, screen: Screen[Any], store: Callable[[], Store]) -> None:
        self._screen, self._store = screen, store
        self._numbers: dict[str, int] = {}
        self._waiting: dict[str, Job] = {}
        self._running: dict[tuple[str, int], Job] = {}

    @property
    def busy(self) -> bool:
        """Whether a job is running."""
        return bool(self._running)

    def submit(self, kind: str, work: Work, receive: Receiver) -> None:
        """Run ``work`` in the background, and call ``receive`` with its result, or with each one
        that it yields (a CrmError when it failed). An earlier job of the same kind is
        cancelled."""
        number = self._numbers[kind] = self._numbers.get(kind, 0) + 1
        self._waiting[kind] = Job(kind, number, work, receive)
        self._start()

    def cancel(self, kind: str) -> None:
        """Drop the job of this kind: its results are not wanted any more."""
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        self._waiting.pop(kind, None)

    def deliver(self, message: JobResult) -> None:
        """Hand a result to its receiver, unless the job was cancelled; after the last one start the
        next job."""
        place = (message.kind, message.number)
        job = self._running.pop(place) if message.last else self._running[place]
        if self._wanted(job) and message.result is not _ENDED:
            job.receive(message.result)
        self._start()

    def _wanted(self, job: Job) -> bool:
        return self._numbers.get(job.kind) == job.number

    def _start(self) -> None:
        # A cancelled job gives up by itself: the next need not wait for it.
        if any(self._wanted(job) for job in self._running.values()) or not self._waiting:
            return
        # In the order they were submitted: reports come before what is behind their figures.
        kind = next(iter(self._waiting))
        job = self._waiting.pop(kind)
        self._running[kind, job.number] = job
        store, screen = self._store(), self._screen

        def run() -> None:
            try:
                with store.db.connection_context(), store.cancellable(lambda: self._wanted(job)):
                    result: Any = job.work()
                    if isinstance(result, Iterator):
                        for part in result:
                            screen.post_message(JobResult(kind, job.number, part, last=False))
                        result = _ENDED
            except CrmError as error:
                result = error
            except Exception as error:
                screen.log.error(repr(type(error)))
                result = CrmError(
                    _("This could not be counted ({what}).").format(what=type(error).__name__),
                    _("Try another period."),
                )
            screen.post_message(JobResult(kind, job.number, result))

        screen.run_worker(run, thread=True, exit_on_error=False, group="counting")
