"""The standard streams, set to what this terminal can show. Light: ``status`` uses it too."""

from __future__ import annotations

import os
import sys

from tui_crm.core import text
from tui_crm.core.charset import terminal_encoding

ascii_only = False
"""Whether the terminal shows less than UTF-8: JSON is then pure ASCII, and signs have stand-ins."""


def prepare() -> None:
    """Set the streams and the display functions; what cannot be shown becomes ``?``."""
    global ascii_only
    known = terminal_encoding()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding=known, errors="replace")
    text.set_encoding(known)
    ascii_only = not known.startswith("utf-8")


def to_nowhere() -> None:
    """The reader has hung up: nothing more reaches it, not when Python closes the streams
    either."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError, AttributeError):
        pass
