"""Cells that a spreadsheet would run as a formula (CSV injection), escaped and read back.

``=``, ``@`` (and ``+``, ``-`` before anything but a number or a phone), a tab or an end of line at
the start of a cell can run a command when the file is opened. One apostrophe before it makes the
spreadsheet show it as text. Reading takes that apostrophe off, so writing and reading is lossless:
a cell that has apostrophes there of its own gets one more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBER = re.compile(r"[+-] ?[\d.,][\d.,'  ]*(?:[eE][+-]?\d+)?(?: ?[%€$£])?")
_PHONE = re.compile(
    r"\+[\d(][\d\s().\-/]*(?:\s*(?:x|ext\.?|#)\s*\d{1,6})?(?:\s*[,;/]\s*\+?[\d(][\d\s().\-/]*)*",
    re.IGNORECASE,
)
# Blanks of every width and what has none: a spreadsheet may drop them before it looks at the cell.
_BLANK = r"(?:[^\S\t\r\n]|[\u200b-\u200f\u2060\ufeff\u180e\u00ad])"
# The full-width forms too: spreadsheets fold them to the plain ones.
_STARTS = re.compile(rf"'*{_BLANK}*[=@+\-\t\r\n＝＠＋－]")


def escape_formula(text: str) -> str:
    """``text`` as it may stand in a CSV cell, with an apostrophe before a formula."""
    return "'" + text if _is_risky(text) else text


def unescape_formulas(cells: Sequence[str]) -> list[str]:
    """The cells of a row as they were before `escape_formula`."""
    return [cell[1:] if cell[:1] == "'" and _is_risky(cell[1:]) else cell for cell in cells]


def _is_risky(text: str) -> bool:
    if _STARTS.match(text) is None:
        return False
    plain = re.sub(rf"^(?:'|{_BLANK})+", "", text)
    return not (_NUMBER.fullmatch(plain) or _PHONE.fullmatch(plain))
