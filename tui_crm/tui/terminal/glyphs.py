"""The drawn characters and their ASCII twins.

``auto`` takes ASCII where the terminal cannot show the others: the encoding is not UTF-8, on the
Linux console, and in Chinese, Japanese and Korean locales, where characters of ambiguous width may
be drawn two cells wide and push every column.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from tui_crm.core import text

SETTINGS = ("auto", "unicode", "ascii")


@dataclass(frozen=True)
class Glyphs:
    """One set. Every field is one cell wide."""

    name: str
    rule: str
    """Hairline, and the part of a line that is not filled."""
    upright: str
    """The hairline between two panes."""
    heavy: str
    """The filled part of a line; in charts: expected."""
    half: str
    """The half cell at the end of the filled part."""
    block: str
    """Bar; in charts: done."""
    levels: str
    """Seven rising levels, for sparklines and heat cells."""
    cursor: str
    """The bar at the left of the row under the cursor."""
    entry: str
    """Before the typed line; also: more to the right."""
    back: str
    """More to the left; the mark of a pane's place."""
    cut: str
    """Where a text was cut."""
    nothing: str
    """Nothing known."""
    slot: str
    """An empty hour in the attempts strip."""
    upper: str
    lower: str
    """Upper and lower half block, for the large phone."""

    @property
    def ascii(self) -> bool:
        return self.name == "ascii"


UNICODE = Glyphs(
    "unicode",
    rule="─",
    upright="│",
    heavy="━",
    half="╸",
    block="█",
    levels="▁▂▃▄▅▆▇",
    cursor="▌",
    entry="›",
    back="‹",
    cut="…",
    nothing="–",
    slot="·",
    upper="▀",
    lower="▄",
)

ASCII = Glyphs(
    "ascii",
    rule="-",
    upright="|",
    heavy="=",
    half="=",
    block="#",
    levels="1234567",
    cursor=">",
    entry=">",
    back="<",
    cut=">",
    nothing="-",
    slot=".",
    upper="#",
    lower="#",
)

_active = UNICODE


def _said_encoding(environ: Mapping[str, str]) -> str:
    """The encoding of the terminal: what Python found, else what the locale names."""
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None and stream.encoding:
            return stream.encoding
    return _locale(environ).partition(".")[2]


def _locale(environ: Mapping[str, str]) -> str:
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        if environ.get(name):
            return environ[name]
    return ""


def choose(
    setting: str = "auto",
    environ: Mapping[str, str] | None = None,
    encoding: str | None = None,
) -> Glyphs:
    """The set for a configured ``setting`` (one of SETTINGS).

    ``encoding`` is the terminal's (default: that of standard output). Raises ValueError for an
    unknown setting.
    """
    if setting not in SETTINGS:
        raise ValueError(f"glyphs is one of {', '.join(SETTINGS)}, not {setting!r}")
    if setting != "auto":
        return ASCII if setting == "ascii" else UNICODE
    environ = os.environ if environ is None else environ
    encoding = _said_encoding(environ) if encoding is None else encoding
    if encoding.lower().replace("-", "").replace("_", "") not in {"utf8", "utf8sig"}:
        return ASCII
    if environ.get("TERM") == "linux" or _locale(environ)[:2] in {"zh", "ja", "ko"}:
        return ASCII
    return UNICODE


def use(glyphs: Glyphs, encoding: str | None = None) -> None:
    """Make ``glyphs`` the set that every widget draws with, and cut texts by the same rule.

    ``encoding`` is the terminal's: what it lacks is shown as ``?``. None means UTF-8.
    """
    global _active
    _active = glyphs
    text.set_encoding(encoding, ascii_signs=glyphs.ascii)


def active() -> Glyphs:
    """The set in use."""
    return _active
