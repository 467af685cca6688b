"""Counting in the background: one job at a time, the newest wish of each kind, stale answers
dropped.

A worker thread has its own connection to the store and never touches a widget: its answer comes
back as a message with the number of the wish. The screen stays at the keyboard's pace whatever is
counted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from textual.message import Message
from textual.screen import Screen

from tui_crm.core.errors import CrmError
from tui_crm.core.store.database import Store
from tui_crm.core.text import _

Work = Callable[[], Any]
Answer = Callable[[Any], None]


@dataclass
class Counted(Message):
    """A job has ended, with its result or the error it met."""

    kind: str
    number: int
    result: Any


@dataclass(frozen=True)
class _Wish:
    number: int
    work: Work
    answer: Answer


class Counter:
    """The jobs of one screen. The screen hands every `Counted` message to `take`."""

    def __init__(self, screen: Screen[Any], store: Callable[[], Store]) -> None:
        self._screen, self._store = screen, store
        self._numbers: dict[str, int] = {}
        self._waiting: dict[str, _Wish] = {}
        self._running: tuple[str, _Wish] | None = None

    @property
    def busy(self) -> bool:
        """Whether anything is being counted."""
        return self._running is not None

    def ask(self, kind: str, work: Work, answer: Answer) -> None:
        """Have ``work`` done in the background and ``answer`` told its result (a CrmError when
        it failed). A wish of the same kind that has not been answered yet is dropped."""
        number = self._numbers[kind] = self._numbers.get(kind, 0) + 1
        self._waiting[kind] = _Wish(number, work, answer)
        self._start()

    def drop(self, kind: str) -> None:
        """Nobody waits for an answer of this kind any more."""
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        self._waiting.pop(kind, None)

    def take(self, counted: Counted) -> None:
        """A job has ended: its answer, if it is still wanted, and the next one."""
        running, self._running = self._running, None
        if running is not None and self._numbers.get(counted.kind) == counted.number:
            running[1].answer(counted.result)
        self._start()

    def _start(self) -> None:
        if self._running is not None or not self._waiting:
            return
        # In the order of asking: reports are asked before what is behind their figures.
        kind = next(iter(self._waiting))
        wish = self._waiting.pop(kind)
        self._running = kind, wish
        store, screen = self._store(), self._screen

        def job() -> None:
            try:
                with store.db.connection_context():
                    result: Any = wish.work()
            except CrmError as error:
                result = error
            except Exception as error:
                screen.log.error(repr(type(error)))
                result = CrmError(
                    _("This could not be counted ({what}).").format(what=type(error).__name__),
                    _("Try another period."),
                )
            screen.post_message(Counted(kind, wish.number, result))

        screen.run_worker(job, thread=True, exit_on_error=False, group="counting")
