"""The script as lines: headings, lists, quotes and bold. Pure functions.

Its marks were read by `tui_crm.core.calling.script` before any data was filled in. Here all text is
plain text with a weight, and passes through `make` like other text.
"""

from __future__ import annotations

from tui_crm.core.calling.card import Card
from tui_crm.core.calling.script import ScriptLine, ScriptPart
from tui_crm.core.text import show, wrap
from tui_crm.tui.widgets.lines import EMPTY, Line, cell, cells, make


def script_rows(card: Card, branch: int | None, width: int) -> tuple[list[Line], str]:
    """The opening, or the answer of the digit ``branch``, in rows of ``width`` cells, with the name
    of the answer ("" for the opening). An answer without a text is shown as its name."""
    part = card.script.part(branch)
    if part is None:
        return [], ""
    return part_rows(part, width) or ([make(part.label)] if part.label else []), part.label


def part_rows(part: ScriptPart, width: int) -> list[Line]:
    """A part of the script, wrapped; several empty lines become one."""
    rows: list[Line] = []
    for line in part.lines:
        if line.pieces:
            rows += _rows(line, width)
        elif rows and rows[-1]:
            rows.append(EMPTY)
    return rows


def _rows(line: ScriptLine, width: int) -> list[Line]:
    head: Line = EMPTY
    token = "text"
    if line.kind == "heading":
        token = "strong"
    elif line.kind == "quote":
        head, token = make(("  ", "dim")), "dim"
    elif line.kind == "item":
        head = make((f"{'  ' * line.depth}{line.mark} ", "dim"))
    size = cells(head)
    if size > width // 2:
        head, size = EMPTY, 0
    wrapped = _wrapped(line, max(width - size, 1), token)
    again = (cell("", size, "dim"),) if size else EMPTY
    return [(*(again if place else head), *row) for place, row in enumerate(wrapped)]


def _wrapped(line: ScriptLine, width: int, token: str) -> list[Line]:
    """The pieces of a line, wrapped together; each letter keeps the weight of its piece."""
    pieces = [(show(words), bold) for words, bold in line.pieces]
    letters = [(letter, bold) for words, bold in pieces for letter in words]
    rows: list[Line] = []
    at = 0
    for text in wrap("".join(words for words, _bold in pieces), width):
        runs: list[tuple[str, str]] = []
        for letter in text:
            # Wrapping leaves out blanks only.
            while at < len(letters) - 1 and letters[at][0] != letter and letters[at][0].isspace():
                at += 1
            weight = "strong" if at < len(letters) and letters[at][1] else token
            at += 1
            if runs and runs[-1][1] == weight:
                runs[-1] = (runs[-1][0] + letter, weight)
            else:
                runs.append((letter, weight))
        rows.append(make(*runs))
    return rows
