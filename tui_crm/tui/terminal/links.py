"""Phone numbers as links: OSC 8, where the terminal is known to understand it.

A terminal that does not may show the codes as text, so `auto` says yes only to those that name
themselves. The number itself is always on the screen. Widgets write a link as a mark of a token
(``strong@+34911234567``, made by `dialled`); only digits and one ``+`` can get into it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

SETTINGS = ("auto", "on", "off")
VTE = 5000  # the first version of the GNOME terminal's library that takes such links without harm
TMUX = (3, 4)
_PROGRAMS = ("WezTerm", "iTerm.app")
_NUMBER = re.compile(r"\+?[0-9]{3,20}")

_active = False


def choose(setting: str, environ: Mapping[str, str]) -> bool:
    """Whether to make links, for a configured ``setting`` (one of SETTINGS) in this environment."""
    if setting != "auto":
        return setting == "on"
    term, program = environ.get("TERM", ""), environ.get("TERM_PROGRAM", "")
    if term in ("", "dumb", "linux"):
        return False
    if environ.get("TMUX") or program == "tmux":
        # Inside tmux the variables of the terminal outside may be left over: its own count.
        return program == "tmux" and _version(environ.get("TERM_PROGRAM_VERSION", "")) >= TMUX
    if term.startswith(("screen", "tmux")):
        return False
    vte = environ.get("VTE_VERSION", "")
    return bool(
        (vte.isascii() and vte.isdecimal() and int(vte) >= VTE)
        or term == "xterm-kitty"
        or environ.get("KITTY_WINDOW_ID")
        or program in _PROGRAMS
        or environ.get("WT_SESSION")
    )


def _version(text: str) -> tuple[int, int]:
    found = re.search(r"(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def use(links: bool) -> None:
    """Make links, or none. One choice per process, like the screen."""
    global _active
    _active = links


def active() -> bool:
    """Whether links are made."""
    return _active


def dialled(token: str, number: str | None) -> str:
    """``token`` with a link that dials ``number`` (E.164); as it is where that is no number."""
    return f"{token}@{number}" if number and _NUMBER.fullmatch(number) else token


def target(mark: str) -> str | None:
    """The address behind the mark of a token, ``None`` where none is to be made."""
    return f"tel:{mark}" if _active and _NUMBER.fullmatch(mark) else None
