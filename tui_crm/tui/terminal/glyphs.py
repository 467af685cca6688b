"""The drawn characters and their ASCII twins.

``auto`` takes ASCII where the terminal cannot show the others: the encoding is not UTF-8, on the
Linux console, and in Chinese, Japanese and Korean locales, where characters of ambiguous width may
be drawn two cells wide and push every column.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from tui_crm.core import text
from tui_crm.core.charset import locale_name, terminal_encoding

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
    """Upper and lower half block, for large digits."""
    eighths: str
    """A block cut at its right, one to seven eighths of a cell: the end of a bar."""
    shades: str
    """A block in four weights: the parts of a bar in one hue."""
    up: str
    down: str
    """More and less than before."""

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
    eighths="▏▎▍▌▋▊▉",
    shades="█▓▒░",
    up="▲",
    down="▼",
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
    eighths="   ####",
    shades="#*+-",
    up="+",
    down="-",
)

_active = UNICODE


def choose(
    setting: str = "auto",
    environ: Mapping[str, str] | None = None,
    encoding: str | None = None,
) -> Glyphs:
    """The set for a configured ``setting`` (one of SETTINGS).

    ``encoding`` is the terminal's (default: what its locale says). Raises ValueError for an
    unknown setting.
    """
    if setting not in SETTINGS:
        raise ValueError(f"glyphs is one of {', '.join(SETTINGS)}, not {setting!r}")
    if setting != "auto":
        return ASCII if setting == "ascii" else UNICODE
    environ = os.environ if environ is None else environ
    encoding = terminal_encoding(environ) if encoding is None else encoding
    if encoding.lower().replace("-", "").replace("_", "") not in {"utf8", "utf8sig"}:
        return ASCII
    if environ.get("TERM") == "linux" or locale_name(environ)[:2] in {"zh", "ja", "ko"}:
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
