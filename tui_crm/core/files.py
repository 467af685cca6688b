"""Writing files: whole or not at all, for their owner only, and never over a store.

Every export goes through :func:`save`. Imports as little as it can: each command passes by here.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from tui_crm.core.errors import CrmError
from tui_crm.core.text import _, show

if TYPE_CHECKING:
    from pathlib import Path  # takes a third of a start of Python to import

T = TypeVar("T")

APPLICATION_ID = 0x7475_6372  # "tucr": the mark in a SQLite file that it is a store of ours
BESIDE = ("-wal", "-shm", "-journal")
"""The endings of what SQLite keeps beside a store."""
_EXPORT = "user.tui-crm.export"  # extended attribute of an export: its size and time as written
_PART = re.compile(r"\..*\.([0-9a-f]{8})-(\d+)\.[^.]*new(?:-wal|-shm|-journal)?", re.DOTALL)
_A_DAY = 86400


# -- what a path names ----------------------------------------------------------------------------


def expand(path: str | os.PathLike[str]) -> str:
    """The path with ``~`` and ``~name`` as the home folders they stand for. Raises CrmError for a
    user whom the system does not know, in whose place a folder called ``~name`` would be made."""
    text = os.fspath(path)
    expanded = os.path.expanduser(text)
    if text.startswith("~") and expanded.startswith("~"):
        name = text.partition("/")[0]
        raise CrmError(
            _("There is no home folder {name}.").format(name=show(name)),
            _("Write the whole path, or ./{name} for a folder of that name.").format(
                name=show(name)
            ),
        )
    return expanded


def is_store(path: str | os.PathLike[str]) -> bool:
    """Whether the file is a store or a backup of ours, or what SQLite keeps beside one."""
    name = os.fspath(path)
    for ending in BESIDE:
        if name.endswith(ending) and _has_mark(name.removesuffix(ending)):
            return True
    return _has_mark(name)


def _has_mark(name: str) -> bool:
    with suppress(OSError):
        if not stat.S_ISREG(os.stat(name).st_mode):
            return False
        with open(name, "rb") as file:
            head = file.read(100)
        return head.startswith(b"SQLite format 3\0") and head[68:72] == APPLICATION_ID.to_bytes(
            4, "big"
        )
    return False


def destination(path: str | os.PathLike[str]) -> Path:
    """The file that a write to ``path`` goes to: home folders and symbolic links are followed.

    Raises CrmError for what is neither an ordinary file nor a pipe: a folder, a device, a socket.
    """
    from pathlib import Path

    target = Path(os.path.realpath(expand(path)))
    try:
        mode = os.stat(expand(path)).st_mode
    except OSError:
        return target
    if stat.S_ISDIR(mode):
        raise CrmError(
            _("{file} is a folder.").format(file=show(str(target))), _("Name a file in it.")
        )
    if stat.S_ISFIFO(mode):
        return Path(expand(path))
    if not stat.S_ISREG(mode):
        raise CrmError(
            _("{file} is no ordinary file; it was left as it is.").format(file=show(str(target))),
            _("Name another file."),
        )
    return target


# -- folders --------------------------------------------------------------------------------------


def make_folder(folder: str) -> None:
    """Make a folder and those above it that are missing, each for its owner only. Raises OSError.

    `os.makedirs` gives its mode to the last one alone."""
    missing = []
    while folder and not os.path.isdir(folder):
        missing.append(folder)
        folder, last = os.path.dirname(folder), folder
        if folder == last:
            break
    for name in reversed(missing):
        with suppress(FileExistsError):
            os.mkdir(name, 0o700)


def state_folder() -> str:
    """The folder of what a program leaves behind: its log, and drafts that no store took. Raises
    OSError without a home folder."""
    chosen = os.environ.get("XDG_STATE_HOME", "")
    if os.path.isabs(chosen):
        return os.path.join(chosen, "tui-crm")
    home = os.path.expanduser("~")
    if os.path.isabs(home) and os.path.isdir(home):
        return os.path.join(home, ".local", "state", "tui-crm")
    raise OSError("no home folder")


def part_name(name: str) -> str:
    """The beginning of the hidden name under which a file is written before it takes its own: it
    says which process of which machine writes it, so that :func:`sweep` knows what is left over."""
    return f".{name[:40]}.{_node()}-{os.getpid()}."


def _node() -> str:
    import zlib

    return f"{zlib.crc32(os.uname().nodename.encode()):08x}"


def sweep(folder: str) -> None:
    """Remove what writers that were killed left in a folder: half-written files of processes that
    are gone, and those of another machine once they are a day old."""
    with suppress(OSError):
        for name in os.listdir(folder):
            found = _PART.fullmatch(name) if name[0] == "." and "new" in name else None
            if found and not _is_written(os.path.join(folder, name), found[1], int(found[2])):
                with suppress(OSError):
                    os.unlink(os.path.join(folder, name))


def _is_written(path: str, node: str, process: int) -> bool:
    """Whether the process that made a half-written file may be at it still."""
    if node != _node():
        import time

        return os.stat(path).st_mtime > time.time() - _A_DAY
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        pass  # it lives, and belongs to another user
    return True


# -- writing --------------------------------------------------------------------------------------


@contextmanager
def write_atomically(target: Path) -> Iterator[Path]:
    """An empty file beside ``target`` (mode 0600) to be filled, by its path. Without an error it is
    synced to the disk and takes the place of ``target``; with one it is removed and ``target``
    stays as it was. Raises OSError."""
    import tempfile
    from pathlib import Path

    sweep(str(target.parent))
    handle, name = tempfile.mkstemp(
        prefix=part_name(target.name), suffix="new", dir=str(target.parent)
    )
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


def save(path: str | os.PathLike[str], fill: Callable[[BinaryIO], T], *, replace: bool = True) -> T:
    """Write a file atomically with what ``fill`` puts into it; what ``fill`` returned. ``~`` in
    the path is a home folder, a symbolic link is followed, a pipe is written into.

    A store of ours is never replaced; without ``replace`` a file is only when an export made it and
    nobody changed it since. Raises CrmError when the file may not or cannot be written."""
    target = destination(path)
    if is_store(target):
        raise CrmError(
            _("{file} is a store of tui-crm; it was left as it is.").format(file=show(str(target))),
            _("Name another file."),
        )
    made = True if replace else _is_export(target)
    if made is False:
        raise _not_replaced(target)
    try:
        if target.is_fifo():
            return _into_pipe(target, fill)
        with write_atomically(target) as part:
            with part.open("wb") as file:
                result = fill(file)
            if made is None and not _begin_alike(part, target):
                raise _not_replaced(target)
            _mark(part)
        return result
    except OSError as error:
        raise CrmError(
            _("{file} was not written: {reason}.").format(
                file=show(str(target)), reason=show(error.strerror or str(error))
            ),
            _("Choose another folder, or make room, and try again."),
        ) from None


def _into_pipe(target: Path, fill: Callable[[BinaryIO], T]) -> T:
    """Fill a file aside, then write it into the pipe: what is filled in needs a file that seeks."""
    import shutil
    import tempfile

    with tempfile.TemporaryFile() as aside:
        filled = fill(aside)
        aside.seek(0)
        with target.open("wb") as pipe:
            shutil.copyfileobj(aside, pipe)
    return filled


def _not_replaced(target: Path) -> CrmError:
    return CrmError(
        _("{file} is there already, and no export made it; it was left as it is.").format(
            file=show(str(target))
        ),
        _("Name another file, or replace it with --force."),
    )


def _mark(part: Path) -> None:
    """Write on an export that it is one. Where a file system takes no such marks, the first line
    has to tell it (:func:`_begin_alike`)."""
    with suppress(OSError, AttributeError):
        os.setxattr(part, _EXPORT, _as_written(part))


def _as_written(path: Path) -> bytes:
    now = path.stat()
    return f"{now.st_size} {now.st_mtime_ns}".encode()


def _is_export(target: Path) -> bool | None:
    """Whether a file may be replaced because there is nothing of anybody's in it: it does not
    exist, is empty or a pipe, or an export made it. None where the file system cannot tell."""
    import errno

    try:
        now = target.stat()
        if not stat.S_ISREG(now.st_mode) or not now.st_size:
            return True
        return os.getxattr(target, _EXPORT) == _as_written(target)
    except FileNotFoundError:
        return True
    except AttributeError:
        return None
    except OSError as error:
        return None if error.errno == errno.ENOTSUP else False


def _begin_alike(one: Path, other: Path) -> bool:
    """Whether two files have the same first line: the same columns, or the same program."""
    with one.open("rb") as first, other.open("rb") as second:
        return first.readline(10_000) == second.readline(10_000)
