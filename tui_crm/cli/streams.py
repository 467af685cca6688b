"""The standard streams, set to what this terminal can show. Light: ``status`` uses it too."""

from __future__ import annotations

import codecs
import os
import sys

from tui_crm.core import text

ascii_only = False
"""Whether the terminal shows less than UTF-8: JSON is then pure ASCII, and signs have twins."""


def terminal_encoding() -> str:
    """The encoding that the locale asks for; ``ascii`` for C and POSIX.

    Python itself turns to UTF-8 under ``LC_ALL=C``; a terminal set up that way cannot show it.
    """
    if not os.environ.get("PYTHONIOENCODING") and os.environ.get("PYTHONUTF8") != "1":
        names = ("LC_ALL", "LC_CTYPE", "LANG")
        locale = next((os.environ[name] for name in names if os.environ.get(name)), "")
        if locale in ("C", "POSIX"):
            return "ascii"
    return getattr(sys.stdout, "encoding", None) or "utf-8"


def prepare() -> None:
    """Set the streams and the display functions; what cannot be shown becomes ``?``."""
    global ascii_only
    try:
        known = codecs.lookup(terminal_encoding()).name
    except LookupError:
        known = "ascii"
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
