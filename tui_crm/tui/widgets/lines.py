"""Lines: what every widget draws, as plain values.

A `Line` is a tuple of `Run`, a run is a text and a token of `tui_crm.tui.terminal.theme`. Pure
functions make lines, cut and join them by cells; `strip` turns one into what Textual paints.
Nothing else in the terminal face makes styled text, so this is the one place where data passes
through `core.text.show` on its way to the screen, and the one place that keeps the runs of a row
few: every run costs some forty bytes on a slow line.

    >>> beside(make("Acme"), make(("12.4k", "strong")), 20)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from rich.segment import Segment
from textual.strip import Strip

from tui_crm.core import text as words
from tui_crm.tui.terminal import glyphs, links, theme

Align = Literal["left", "right"]


class Run(NamedTuple):
    """A piece of text with one meaning. ``token`` as in `theme`, marks included (``late.b``)."""

    text: str
    token: str = "text"


Line = tuple[Run, ...]
"""One row. Plain tuples: they compare, hash and can be written by hand in a test."""

Piece = str | tuple[str, str] | Run
"""What `make` accepts: a text, or a text and a token."""


class Tinted(tuple[Run, ...]):
    """A line on a ground of its own, such as that of the row under the cursor. Made by `tinted`."""

    past: int = 0
    """Runs at its beginning that keep the ground of their widget."""
    ground: str = "sel"

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Tinted)
            and (self.past, self.ground) == (other.past, other.ground)
            and tuple.__eq__(self, other)
        )

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((Tinted, self.past, self.ground, tuple(self)))


EMPTY: Line = ()


def make(*pieces: Piece) -> Line:
    """A line of these pieces, safe to show; empty ones are left out."""
    line = []
    for piece in pieces:
        text, token = (piece, "text") if isinstance(piece, str) else piece
        if text:
            line.append(Run(words.show(text), token))
    return tuple(line)


def tinted(line: Line, past: int = 0, ground: str = "sel") -> Tinted:
    """``line`` as the row under the cursor, or on another ``ground`` of `theme.GROUNDS`, but for
    ``past`` runs at its beginning. Where there are no grounds that row is reverse video."""
    made = Tinted(line)
    made.past, made.ground = past, ground
    return made


def cells(line: Line) -> int:
    """Cells that ``line`` takes."""
    return sum(words.width(run.text) for run in line)


def plain(line: Line) -> str:
    """The text of ``line`` alone."""
    return "".join(run.text for run in line)


def join(lines: Iterable[Line], between: str = "  ") -> Line:
    """The lines one after another on one row; empty ones leave no gap."""
    joined: list[Run] = []
    for line in lines:
        if not line:
            continue
        if joined and between:
            joined.append(Run(between, "text"))
        joined.extend(line)
    return tuple(joined)


def clip(line: Line, width: int) -> Line:
    """``line`` in at most ``width`` cells; what is too long ends in one ``…``."""
    if cells(line) <= width:
        return line
    kept: list[Run] = []
    short = ""
    for run in line:
        used = words.width(run.text)
        if used < width:
            kept.append(run)
            width -= used
            continue
        # This run reaches the edge, and something of the line is lost here or behind it.
        short = _tidy(words.fit(run.text + " " * (width + 1), width, pad=False))
        if width > 0:
            kept.append(Run(short, run.token))
        break
    if len(kept) > 1 and kept[-1].text == kept[-2].text[-1:] == short:
        # The run before was cut already, by its own column: one sign is enough.
        kept[-1] = Run(" ", kept[-1].token)
    return tuple(kept)


def _tidy(cut: str) -> str:
    """No space before the sign of the cut: ``offer v2 …`` becomes ``offer v2…``."""
    sign = cut[-1:]
    body = cut[:-1].rstrip(" ")
    return body + sign + " " * (len(cut) - 1 - len(body))


def pad(line: Line, width: int, align: Align = "left") -> Line:
    """``line`` filled with spaces to ``width`` cells; longer ones stay as they are."""
    missing = width - cells(line)
    if missing <= 0:
        return line
    spaces = " " * missing
    if align == "right":
        return (Run(spaces, line[0].token if line and _quiet(line[0]) else "text"), *line)
    if line and _quiet(line[-1]):
        return (*line[:-1], Run(line[-1].text + spaces, line[-1].token))
    return (*line, Run(spaces, "text"))


def _quiet(run: Run) -> bool:
    """Whether a space in this run's style looks like any other space."""
    name, _dot, marks = run.token.partition(".")
    return name not in {"chip", "caret"} and "u" not in marks and "@" not in run.token


def fixed(line: Line, width: int, align: Align = "left") -> Line:
    """``line`` in exactly ``width`` cells: cut or padded."""
    return pad(clip(line, width), width, align)


def cell(text: str, width: int, token: str = "text", align: Align = "left") -> Run:
    """``text`` as one table cell: exactly ``width`` cells, cut with ``…`` at the end."""
    return Run(words.fit(text, width, align), token)


def beside(left: Line, right: Line, width: int, gap: int = 2) -> Line:
    """``left`` at the left edge and ``right`` at the right one, ``left`` cut if it must be.

    Where not even ``gap`` cells are left for ``left``, ``right`` is left out.
    """
    if not right:
        return fixed(left, width)
    room = width - cells(right) - gap
    if room < gap:
        return fixed(left, width)
    return (
        *fixed(left, width - cells(right) - (gap if cells(left) > room else 0)),
        *((Run(" " * gap, "text"),) if cells(left) > room else ()),
        *right,
    )


def indent(line: Line, by: int = 1) -> Line:
    """``line`` behind ``by`` empty cells."""
    if by <= 0:
        return line
    if line and _quiet(line[0]):
        return (Run(" " * by + line[0].text, line[0].token), *line[1:])
    return (Run(" " * by, "text"), *line)


def rule(width: int, token: str = "rule") -> Line:
    """A hairline."""
    return (Run(glyphs.active().rule * max(width, 0), token),)


def section(
    name: str,
    width: int,
    count: str | int | None = None,
    note: str = "",
    token: str = "strong",
    tail: str = "",
    note_token: str = "dim",
) -> Line:
    """``Name n ─────── note``, in exactly ``width`` cells (no margin of its own).

    ``token`` is the name's; with ``late`` a ``!`` stands before it and the count is late too, with
    ``dim`` the whole line is quiet. ``tail`` draws a piece of hairline behind the note (``saved
    ─``).
    """
    late = token.startswith("late")
    pieces: list[Piece] = [(("! " if late else "") + name, "late.b" if late else token)]
    if count is not None:
        pieces.append((f" {count}", "late" if late else "dim"))
    head = make(*pieces)
    end = make((f" {note}", note_token), (f" {tail}" if tail else "", "rule")) if note else EMPTY
    room = width - cells(head) - cells(end) - 1
    if room < 2 and end:
        end, room = EMPTY, width - cells(head) - 1
    if room < 1:
        return fixed(head, width)
    return (*head, Run(" ", "text"), *rule(room), *end)


def label(name: str, value: Line | str, width: int, label_width: int = 8) -> Line:
    """``name`` dim in ``label_width`` cells, then ``value``; in at most ``width`` cells."""
    body = make(value) if isinstance(value, str) else value
    return clip((cell(name, label_width, "dim"), *body), width)


def paragraph(text: str, width: int, token: str = "text") -> list[Line]:
    """``text`` wrapped to ``width`` cells, one line a row."""
    return [make((row, token)) for row in words.wrap(text, width)]


def hanging(head: Line, text: str, width: int, token: str = "text") -> list[Line]:
    """``head``, and ``text`` wrapped under itself behind it. At least one line."""
    at = cells(head)
    rows = words.wrap(text, width - at)
    if not rows:
        return [head]
    first = (*head, *make((rows[0], token)))
    return [first, *(indent(make((row, token)), at) for row in rows[1:])]


def columns(blocks: Sequence[Sequence[Line]], widths: Sequence[int]) -> list[Line]:
    """Blocks of lines side by side, each in its own width; the shortest end in empty cells."""
    height = max((len(block) for block in blocks), default=0)
    lines: list[Line] = []
    for y in range(height):
        row: list[Run] = []
        for block, width in zip(blocks, widths, strict=True):
            row.extend(fixed(block[y] if y < len(block) else EMPTY, width))
        lines.append(tuple(row))
    return lines


def pane(body: Sequence[Line], width: int, height: int) -> list[Line]:
    """``body``, of ``width`` - 3 cells, as a pane beside another: a hairline is its left edge, and
    a cell of air stands at each side. A tinted row is tinted from the hairline on."""
    edge = Run(glyphs.active().upright, "rule")
    made: list[Line] = []
    for y in range(height):
        row = body[y] if y < len(body) else EMPTY
        line: Line = (edge, Run(" "), *fixed(row, width - 3), Run(" "))
        made.append(tinted(line, past=1) if isinstance(row, Tinted) else line)
    return made


def merged(line: Line) -> Line:
    """``line`` in as few runs as look the same: the bytes of a row are its runs.

    Neighbours of one token become one, and a run of spaces takes the style of its neighbour.
    """
    runs: list[Run] = []
    for run in line:
        if not run.text:
            continue
        if runs:
            last = runs[-1]
            blank = run.text.isspace() and _quiet(run)
            if last.token == run.token or (blank and _quiet(last)):
                runs[-1] = Run(last.text + run.text, last.token)
                continue
            if last.text.isspace() and _quiet(last) and _quiet(run):
                runs[-1] = Run(last.text + run.text, run.token)
                continue
        runs.append(run)
    return tuple(runs)


def strip(line: Line, width: int, ground: str = "bg") -> Strip:
    """``line`` as Textual paints it on ``ground``: exactly ``width`` cells, every text made safe
    once more."""
    return _strip(line, width, ground, theme.active(), glyphs.active().name, links.active())


@lru_cache(maxsize=4096)
def _strip(
    line: Line, width: int, ground: str, palette: theme.Palette, _glyphs: str, _links: bool
) -> Strip:
    runs = fixed(tuple(Run(words.show(text), token) for text, token in line), width)
    past, own = (line.past, line.ground) if isinstance(line, Tinted) else (len(runs), ground)
    before, behind = merged(runs[:past]), merged(runs[past:])
    if behind and own == "sel" and palette.kind != "rgb":
        # One run without inner colours: readable on any palette, and the cheapest row of all.
        behind = (Run(plain(behind), "text"),)
    return Strip(
        [Segment(text, theme.style(token, ground)) for text, token in before]
        + [Segment(text, theme.style(token, own)) for text, token in behind],
        width,
    ).simplify()
