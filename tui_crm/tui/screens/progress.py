"""Long work behind a progress sheet: one job at a time, in a thread with a connection of its own.

An act on few rows is performed at once, within its key. These functions are awaited in a
conversation (see `tui_crm.tui.widgets.conversation`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

from tui_crm.core.errors import CrmError
from tui_crm.core.progress import Cancelled, Progress
from tui_crm.core.session import Session
from tui_crm.core.store import undo
from tui_crm.core.text import _
from tui_crm.tui.widgets.conversation import ask
from tui_crm.tui.widgets.progress import Job, ProgressSheet

if TYPE_CHECKING:
    from tui_crm.tui.screens.base import CrmScreen

MANY = 5_000  # rows from which on an act runs in the background

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class LongOperation(Protocol[R_co]):
    """An operation that reports its progress and can be cancelled."""

    def __call__(
        self,
        session: Session,
        /,
        *,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> R_co: ...


async def run_job(
    screen: CrmScreen,
    name: str,
    about: str,
    job: Job[R],
    *,
    words: str = "",
    cancellable: bool = True,
) -> R:
    """Run ``job(progress, cancelled)`` behind a progress sheet; its result. Raises the job's
    CrmError."""
    database = screen.session.store.db

    def connected(progress: Progress, cancelled: Cancelled) -> R:
        with database.connection_context():
            return job(progress, cancelled)

    sheet = ProgressSheet(name, about, connected, words=words, cancellable=cancellable)
    result = await ask(screen, sheet)
    assert result is not None, "a progress sheet ends with its job"
    if isinstance(result, CrmError):
        raise result
    return result


async def perform_job(
    screen: CrmScreen,
    name: str,
    about: str,
    job: Job[R],
    *,
    words: str = "",
    cancellable: bool = True,
) -> R | Literal[True] | None:
    """`run_job` for a job that writes: shows the new state as `Crm.perform` does. None when it was
    refused or cancelled, for which a message is shown."""
    try:
        result = await run_job(screen, name, about, job, words=words, cancellable=cancellable)
    except CrmError as error:
        screen.refused(error)
        return None
    return screen.crm.perform(lambda _session: result)


async def perform_many(
    screen: CrmScreen, rows: int, name: str, about: str, operation: LongOperation[R]
) -> R | Literal[True] | None:
    """`Crm.perform` for an operation on so many rows; many run behind a progress sheet."""
    if rows <= MANY:
        return screen.crm.perform(operation)
    return await perform_job(
        screen,
        name,
        about,
        lambda progress, cancelled: operation(
            screen.session, progress=progress, cancelled=cancelled
        ),
        words=_("One transaction: nothing is changed until the line is full."),
    )


async def undo_many(screen: CrmScreen, redo: bool = False) -> None:
    """Undo, or redo, behind a progress sheet when the act was one on many rows; show what it
    changed."""
    act: Callable[[Session], undo.Undone] = undo.redo if redo else undo.undo
    rows, text = undo.weight(screen.session, redo)
    if rows <= MANY:
        undone = screen.crm.perform(act)
    else:
        undone = await perform_job(
            screen,
            _("doing again") if redo else _("undoing"),
            text,
            lambda _progress, _cancelled: act(screen.session),
            words=_("One transaction: it is undone whole, or not at all."),
            cancellable=False,
        )
    screen.say_undone(undone, redo)
