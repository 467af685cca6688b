"""The standard streams, set to what this terminal can show. Light: ``status`` uses it too."""

from __future__ import annotations

import os
import sys

from tui_crm.core import text
from tui_crm.core.charset import terminal_encoding
from tui_crm.core.errors import CrmError
from tui_crm.core.text import _

ascii_only = False
"""Whether the terminal shows less than UTF-8: JSON is then pure ASCII, and signs have stand-ins."""


def prepare() -> None:
    """Set the streams and the display functions; what cannot be shown becomes ``?``.

    Raises CrmError when stdout is closed: a command that cannot say what it did does nothing."""
    global ascii_only
    closed = sys.stdout is None
    _open_closed()
    if closed:
        raise CrmError(
            _("The output is closed; nothing was done."),
            _("To see no output, send it to /dev/null: tui-crm … >/dev/null"),
        )
    known = terminal_encoding()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding=known, errors="replace")
    text.set_encoding(known)
    ascii_only = not known.startswith("utf-8")


def _open_closed() -> None:
    """Give the standard streams that are closed to nothing: else the next file that is opened, the
    store even, takes their number and gets what is printed."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            setattr(sys, name, os.fdopen(number, "w" if number else "r", encoding="utf-8"))


def to_nowhere(*names: str) -> None:
    """The reader of these streams (``stdout`` where none is named) has hung up: nothing more
    reaches it, not when Python closes the streams either."""
    for name in names or ("stdout",):
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, getattr(sys, name).fileno())
            os.close(nowhere)
        except (OSError, ValueError, AttributeError):
            pass


def text_of(value: str | None) -> str | None:
    """A text of several lines that was given for an option; ``-`` reads it from stdin."""
    return sys.stdin.read() if value == "-" else value
