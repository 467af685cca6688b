"""Long work on many rows, watched: how far it is, and the end when somebody says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from tui_crm.core.errors import CrmError
from tui_crm.core.text import _

T = TypeVar("T")

Progress = Callable[[int, int], None]
"""Told how many of how many rows are done."""

Cancelled = Callable[[], bool]
"""Asked now and then; true ends the work, and nothing of it stays."""

_OFTEN = 500


def watched(
    rows: Iterable[T],
    total: int,
    progress: Progress | None,
    cancelled: Cancelled | None,
    said: str = "",
) -> Iterator[T]:
    """``rows`` one by one, telling how far it is and ending when told to.

    Raises CrmError, with the words ``said``, when cancelled; inside an operation that takes
    everything back."""
    for done, row in enumerate(rows):
        if done % _OFTEN == 0:
            _look(cancelled, said)
            if progress is not None:
                progress(done, total)
        yield row
    _look(cancelled, said)
    if progress is not None:
        progress(total, total)


def _look(cancelled: Cancelled | None, said: str) -> None:
    if cancelled is not None and cancelled():
        raise CrmError(said or _("Cancelled: nothing was imported."))
