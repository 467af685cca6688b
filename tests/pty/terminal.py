"""The real program in a real terminal: a pseudo-terminal whose other end is read byte by byte.

    with Terminal(["-m", "tui_crm", "--db", path]) as t:
        t.wait_for("Today")
        t.send("c2")
        assert "voicemail" in t.screen()

Every byte is kept (`raw`) and fed to a terminal emulator (`screen`, `row`). Nothing here sleeps:
waiting means reading until what is waited for is there, and failing with the screen when it does
not come in time.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any

import pyte
from ptyprocess import PtyProcess

PATIENCE = 20.0
"""Seconds after which waiting has failed. Generous: the machine may be busy."""


class Terminal:
    """One program on one pseudo-terminal of ``columns`` x ``rows``.

    ``command`` is the argument list; one that begins with ``-m`` or ``-c`` is given to this
    Python. ``environ`` is added to a plain environment (``TERM=xterm-256color``, UTF-8). Without
    ``emulate`` there is no screen, and no time is spent on one: for measuring.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 80,
        rows: int = 24,
        environ: Mapping[str, str | None] | None = None,
        emulate: bool = True,
    ) -> None:
        argv = list(command)
        if argv[0].startswith("-"):
            argv = [sys.executable, *argv]
        self.size = (columns, rows)
        self._bytes = bytearray()
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._emulate = emulate
        self._ended = False
        self.last_at = time.perf_counter()  # when the last bytes came
        self.process: Any = PtyProcess.spawn(
            argv, dimensions=(rows, columns), env=_environ(environ)
        )
        self._fd: int = self.process.fd
        self.modes_before = termios.tcgetattr(self._fd)

    # ------------------------------------------------------------------ acting

    def send(self, text: str | bytes) -> None:
        """Type: letters as they are, ``\\r`` for Enter, ``\\x1b`` for Esc."""
        os.write(self._fd, text.encode() if isinstance(text, str) else text)

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the terminal; the program gets SIGWINCH."""
        self.size = (columns, rows)
        self.process.setwinsize(rows, columns)
        self._screen.resize(rows, columns)

    def signal(self, number: int) -> None:
        """Send the program a signal."""
        os.kill(self.process.pid, number)

    def kill(self) -> None:
        """End the program at once, as a power cut would, and wait until it is gone."""
        with contextlib.suppress(ProcessLookupError):
            self.signal(signal.SIGKILL)
        self.wait_end()

    def hang_up(self) -> None:
        """Take the terminal away, as a line that drops does; the program is told nothing else."""
        self.process.fileobj.close()

    def gone(self, seconds: float = PATIENCE) -> bool:
        """Whether the program ends by itself within that time."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if not self.process.isalive():
                return True
            time.sleep(0.02)
        return False

    def close(self) -> None:
        """End the program if it runs still."""
        if self.process.isalive():
            self.kill()
        with contextlib.suppress(OSError):
            self.process.fileobj.close()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # ------------------------------------------------------------------ reading

    def read(self, seconds: float) -> bytes:
        """What comes within ``seconds``: the first bytes and all that are there with them."""
        if self._ended:
            return b""
        ready, _w, _x = select.select([self._fd], [], [], max(seconds, 0))
        if not ready:
            return b""
        try:
            came = os.read(self._fd, 65536)
        except OSError:  # the other end is gone
            came = b""
        if not came:
            self._ended = True
            return b""
        self.last_at = time.perf_counter()
        self._bytes += came
        if self._emulate:
            self._stream.feed(came)
        return came

    def wait_until(
        self, done: Callable[[], bool], what: str = "it", seconds: float = PATIENCE
    ) -> None:
        """Read until ``done``; fails with the screen when it does not come."""
        limit = time.monotonic() + seconds
        while not done():
            if self._ended or time.monotonic() > limit:
                why = "the program ended" if self._ended else f"waited {seconds:.0f} s"
                raise AssertionError(f"{why}, {what} did not come:\n{self.screen()}")
            self.read(0.1)

    def wait_for(self, text: str, seconds: float = PATIENCE) -> None:
        """Read until ``text`` stands on the screen."""
        self.wait_until(lambda: text in self.screen(), repr(text), seconds)

    def settle(self, quiet: float = 0.3) -> bytes:
        """Read until nothing has come for ``quiet`` seconds; what came."""
        start = len(self._bytes)
        while self.read(quiet):
            pass
        return bytes(self._bytes[start:])

    def wait_end(self, seconds: float = PATIENCE) -> int:
        """Read until the program has ended; its exit code, minus the signal's number when one
        ended it."""
        limit = time.monotonic() + seconds
        while not self._ended and time.monotonic() < limit:
            self.read(0.1)
            if not self.process.isalive():
                while self.read(0.05):
                    pass
                self._ended = True
        assert self._ended, f"the program did not end in {seconds:.0f} s:\n{self.screen()}"
        self.process.wait()
        stopped = self.process.signalstatus
        return -stopped if stopped is not None else int(self.process.exitstatus)

    # ------------------------------------------------------------------ seeing

    def raw(self) -> bytes:
        """Every byte that the program has written."""
        return bytes(self._bytes)

    def rows(self) -> list[str]:
        """The rows of the screen, without trailing spaces."""
        return [row.rstrip() for row in self._screen.display]

    def screen(self) -> str:
        """The screen as text."""
        return "\n".join(self.rows())

    def modes(self) -> list[Any]:
        """The line settings of the terminal, as `termios.tcgetattr` gives them."""
        return termios.tcgetattr(self._fd)


def _environ(more: Mapping[str, str | None] | None) -> dict[str, str]:
    """A plain environment: what Python and the user's folders need, and a usual terminal."""
    kept = (
        "PATH",
        "HOME",
        "LANG",
        "TMPDIR",
        "XDG_DATA_HOME",
        "XDG_CONFIG_HOME",
        "XDG_STATE_HOME",
        "VIRTUAL_ENV",
        "PYTHONPYCACHEPREFIX",
    )
    found = {name: os.environ[name] for name in kept if name in os.environ}
    found |= {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "PYTHONPATH": _checkout()}
    for name, value in (more or {}).items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = value
    return found


def _checkout() -> str:
    return os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
