"""Writing files: whole or not at all, and for their owner only."""

from __future__ import annotations

import errno
import os
import shutil
import stat
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
    synced to the disk and takes the place of ``target``, or of the file that a symlink there
    points to; with one it is removed and ``target`` stays as it was. Raises OSError, also where
    ``target`` is no ordinary file."""
    if _kind(target) is not None:
        raise OSError(errno.EINVAL, _("it is no ordinary file"))
    target = Path(os.path.realpath(target))
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


def _kind(path: Path) -> int | None:
    """The type of what is at a path, symlinks followed, as in `stat`; ``None`` for an ordinary file
    and for nothing at all."""
    try:
        kind = stat.S_IFMT(path.stat().st_mode)
    except FileNotFoundError:
        return None
    return None if kind == stat.S_IFREG else kind


def _into_pipe(target: Path, fill: Callable[[BinaryIO], T]) -> T:
    """Fill a file aside, then write it into the pipe: what is filled in needs a file that seeks."""
    with tempfile.TemporaryFile() as aside:
        filled = fill(aside)
        aside.seek(0)
        with target.open("wb") as pipe:
            shutil.copyfileobj(aside, pipe)
    return filled


def save(path: str | os.PathLike[str], fill: Callable[[BinaryIO], T]) -> T:
    """Write a file atomically with what ``fill`` puts into it; what ``fill`` returned. ``~`` in
    the path is the home folder. A named pipe is written into; a folder and a device are refused.
    Raises CrmError when the file cannot be written."""
    target = Path(path).expanduser()
    try:
        if _kind(target) == stat.S_IFIFO:
            return _into_pipe(target, fill)
        with write_atomically(target) as part, part.open("wb") as file:
            return fill(file)
    except OSError as error:
        raise CrmError(
            _("{file} was not written: {reason}.").format(
                file=show(str(target)), reason=show(error.strerror or str(error))
            ),
            _("Choose another folder, or make room, and try again."),
        ) from None
