"""Writing files: whole or not at all, and for their owner only."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

from tui_crm.core.errors import CrmError
from tui_crm.core.text import _, show

T = TypeVar("T")


@contextmanager
def write_atomically(target: Path) -> Iterator[Path]:
    """An empty file beside ``target`` (mode 0600) to be filled, by its path. Without an error it is
    synced to the disk and takes the place of ``target``; with one it is removed and ``target``
    stays as it was. Raises OSError."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:40]}.", dir=target.parent)
    os.close(handle)
    part = Path(name)
    try:
        yield part
        _sync(part)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    # Some network folders cannot be synced; the file itself is on the disk.
    with suppress(OSError):
        _sync(target.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def save(path: str | os.PathLike[str], fill: Callable[[BinaryIO], T]) -> T:
    """Write a file atomically with what ``fill`` puts into it; what ``fill`` returned. ``~`` in
    the path is the home folder. Raises CrmError when the file cannot be written."""
    target = Path(path).expanduser()
    try:
        with write_atomically(target) as part, part.open("wb") as file:
            return fill(file)
    except OSError as error:
        raise CrmError(
            _("{file} was not written: {reason}.").format(
                file=show(str(target)), reason=show(error.strerror or str(error))
            ),
            _("Choose another folder, or make room, and try again."),
        ) from None
