"""Cells that a spreadsheet would run as a formula, made harmless, and back again.

``=``, ``@`` (and ``+``, ``-`` before anything but a number or a phone), a tab or an end of line at
the start of a cell can run a command when the file is opened. One apostrophe before it makes the
spreadsheet show it as text. Reading takes that apostrophe off, so writing and reading is lossless;
a cell that had apostrophes there itself gets one more, so it comes back too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBER = re.compile(r"[+-] ?[\d.,][\d.,'  ]*(?:[eE][+-]?\d+)?(?: ?[%€$£])?")
_PHONE = re.compile(
    r"\+[\d(][\d\s().\-/]*(?:\s*(?:x|ext\.?|#)\s*\d{1,6})?(?:\s*[,;/]\s*\+?[\d(][\d\s().\-/]*)*",
    re.IGNORECASE,
)
# Also their full-width forms, which spreadsheets fold to the plain ones.
_STARTS = re.compile("'*[ \xa0]*[=@+\\-\t\r\n＝＠＋－]")


def make_inert(text: str) -> str:
    """``text`` as it may stand in a CSV cell."""
    return "'" + text if _is_risky(text) else text


def restore(cells: Sequence[str]) -> list[str]:
    """The cells of a row as they were before `make_inert`."""
    return [cell[1:] if cell[:1] == "'" and _is_risky(cell[1:]) else cell for cell in cells]


def _is_risky(text: str) -> bool:
    if _STARTS.match(text) is None:
        return False
    plain = text.lstrip("' \xa0")
    return not (_NUMBER.fullmatch(plain) or _PHONE.fullmatch(plain))
