"""The way between us and the terminal: Textual's driver with our own parser of what comes in."""

from __future__ import annotations

import codecs
import os
import select
import signal
import sys
import threading
import time
from contextlib import suppress
from typing import Any

from textual import constants
from textual.drivers.linux_driver import LinuxDriver

from tui_crm.core.charset import terminal_encoding
from tui_crm.tui.terminal.input_parser import InputParser

STOPPING = 0.3  # seconds in which a stop takes effect, where anybody stops
LOOK = 0.05  # seconds between two looks at whether a key is complete, or the app ends


class CrmDriver(LinuxDriver):
    """Reads keys with `InputParser`; what goes wrong in its thread reaches the app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._continued = threading.Event()
        super().__init__(*args, **kwargs)

    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self.write("\x1b[?1004l")  # no reports of the window's focus: nothing depends on it
        if not constants.DISABLE_KITTY_KEY:
            self.write("\x1b[?u")  # a terminal that knows kitty's protocol answers with its flags
            self.flush()

    def _get_terminal_size(self) -> tuple[int, int]:
        # The terminal itself, whatever COLUMNS and LINES somebody exported.
        for stream in (sys.__stdin__, sys.__stderr__, sys.__stdout__):
            with suppress(OSError, ValueError, AttributeError):
                size = os.get_terminal_size(stream.fileno())  # type: ignore[union-attr]
                if size.columns and size.lines:
                    return size.columns, size.lines
        return super()._get_terminal_size()

    def _query_in_band_window_resize(self) -> None:
        """Sizes come by SIGWINCH; a report in the middle of keys is one more thing to misread."""

    # -- stopped and continued -----------------------------------------------------------------

    def stop_until_continued(self) -> bool:
        """Give the terminal back and stop, with all processes of this job, as ctrl+z in a shell
        does; returns when it is in the foreground again, with the terminal taken anew and the whole
        screen to be drawn. False when nobody could have continued us: nothing was stopped."""
        if not self._auto_restart:
            return False  # another program has the terminal
        self.suspend_application_mode()
        self._auto_restart = False
        handler = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        stopped = False
        try:
            while True:
                self._continued.clear()
                # To the whole job: a wrapper that started us would wait for us in the foreground
                # for ever. The system ignores it where no shell looks after the job.
                os.kill(0, signal.SIGTSTP)
                if not self._continued.wait(STOPPING):
                    break
                stopped = True
                if os.tcgetpgrp(self.fileno) == os.getpgrp():
                    break  # else continued in the background, where there is no terminal to take
        except OSError:  # the terminal is gone; the app notices by itself
            pass
        finally:
            signal.signal(signal.SIGTSTP, handler)
            self._auto_restart = True
            self._must_signal_resume = True
            self.resume_application_mode()
        return stopped

    def _sigtstp_application(self, *_signal: object) -> None:
        if self._auto_restart:
            self._loop.call_soon_threadsafe(self.stop_until_continued)
        else:  # another program has the terminal, and has been stopped as well
            os.kill(os.getpid(), signal.SIGSTOP)

    def _sigcont_application(self, *_signal: object) -> None:
        self._continued.set()
        if self._auto_restart:
            self._loop.call_soon_threadsafe(self._take_terminal_again)

    def _take_terminal_again(self) -> None:
        """After a stop that we were not asked about: the shell may have changed any mode."""
        self.suspend_application_mode()
        self._must_signal_resume = True
        self.resume_application_mode()

    # -- keys ----------------------------------------------------------------------------------

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except Exception as error:
            self._loop.call_soon_threadsafe(self._app._handle_exception, error)

    def run_input_thread(self) -> None:
        parser = InputParser(self._mouse)
        decode = codecs.getincrementaldecoder(charset())(errors="surrogateescape").decode
        typed_before = True
        while not self.exit_event.is_set():
            ready, _writable, _failed = select.select([self.fileno], [], [], LOOK)
            now = time.monotonic()
            if ready:
                try:
                    came = os.read(self.fileno, 4096)
                except OSError:
                    came = b""
                if not came:  # the terminal is gone; the app notices by itself
                    self.exit_event.wait(LOOK)
                    continue
                if typed_before:  # while the line still made a line end of Enter
                    came = came.replace(b"\n", b"\r")
                messages = parser.feed(decode(came), now)
            else:
                messages = parser.expire(now)
            typed_before = False
            for message in messages:
                self.process_message(message)


def charset() -> str:
    """The encoding of what is typed. The C locale's says nothing about the terminal: UTF-8 is read
    then, which has it all."""
    encoding = terminal_encoding()
    return "utf-8" if encoding == "ascii" else encoding
