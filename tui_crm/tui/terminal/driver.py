"""The way between us and the terminal: Textual's driver with our own parser of what comes in."""

from __future__ import annotations

import codecs
import os
import select
import sys
import time
from contextlib import suppress

from textual import constants
from textual.drivers.linux_driver import LinuxDriver

from tui_crm.core.charset import terminal_encoding
from tui_crm.tui.terminal.input_parser import InputParser

LOOK = 0.05  # seconds between two looks at whether a key is complete, or the app ends


class CrmDriver(LinuxDriver):
    """Reads keys with `InputParser`; what goes wrong in its thread reaches the app."""

    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[no-untyped-call]
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
                came = os.read(self.fileno, 4096)
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
