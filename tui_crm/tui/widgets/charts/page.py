"""A report as a page: its lines, and the figures on it that the cursor can stand on.

A drawing puts lines and rows of figures on a `PageBuilder`; `PageBuilder.build` fits them to a
height (what is optional goes first, then the spacers) and gives a `Page`. Nothing here knows a
store: a page is a pure function of a report and a `RenderContext`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from tui_crm.core.reports import Report
from tui_crm.core.reports.goals import MoneyGoal
from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets.lines import (
    EMPTY,
    Align,
    Line,
    Run,
    cell,
    cells,
    clip,
    indent,
    make,
    tinted,
)

AIR, LOW = 32, 20  # rows of the terminal: spacers under heads from the one, none under the other


@dataclass(frozen=True)
class CursorPosition:
    """Where the cursor stands: the name of a row of the page and of a column on it."""

    row: str
    column: str


@dataclass(frozen=True)
class Figure:
    """A figure on the page, enough to open it: the part of the report, its rows (several where a
    page adds rows up) and its column. ``where`` says in a word whose or when it is."""

    part: int
    rows: tuple[str, ...]
    column: str
    where: str
    value: Any = None


@dataclass(frozen=True)
class FocusRow:
    """A row that the cursor can stand on, with its figures from left to right."""

    line: int
    row: str
    figures: Mapping[str, Figure]


@dataclass(frozen=True)
class ChartData:
    """A report with what its page shows beside it: ``weeks`` is the same report cut by week, for
    the sparklines, ``days`` cut by day; ``goal`` the money to win in each part of the period;
    ``digits`` the key of each outcome of a call, by its label."""

    report: Report
    weeks: Report | None = None
    days: Report | None = None
    goal: MoneyGoal | None = None
    digits: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class RenderContext:
    """What a drawing has to know besides the report. ``width`` is that of the lines, without the
    margin for the cursor bar; ``screen`` the height of the terminal."""

    width: int
    height: int
    screen: int
    currency: str
    today: date
    cursor: CursorPosition | None = None

    @property
    def airy(self) -> bool:
        """Whether there is room for rules and spacers."""
        return self.screen >= AIR

    @property
    def wide(self) -> bool:
        """Whether there is room for longer words and wider cells."""
        return self.width >= 96

    def column_in(self, row: str) -> str:
        """The column under the cursor when it stands on that row, else ""."""
        return self.cursor.column if self.cursor is not None and self.cursor.row == row else ""


@dataclass(frozen=True)
class Page:
    """The lines of a report, with a margin of one cell at the left, and its rows of figures."""

    lines: tuple[Line, ...] = ()
    rows: tuple[FocusRow, ...] = ()

    def row(self, cursor: CursorPosition | None) -> FocusRow | None:
        """The row under the cursor: the one with its name, else the first."""
        named = (row for row in self.rows if cursor is not None and row.row == cursor.row)
        return next(named, self.rows[0] if self.rows else None)

    def settled(self, cursor: CursorPosition | None) -> CursorPosition | None:
        """``cursor`` on this page: on the same row and column where they exist, else near them."""
        row = self.row(cursor)
        if row is None or not row.figures:
            return None
        if cursor is not None and cursor.column in row.figures:
            return CursorPosition(row.row, cursor.column)
        columns = list(row.figures)
        # On a page not seen before: the first figure that is not only a count of what came in.
        start = 1 if len(columns) > 2 and cursor is None else 0
        return CursorPosition(row.row, columns[start])

    def figure(self, cursor: CursorPosition | None) -> Figure | None:
        """The figure under the cursor."""
        row = self.row(cursor)
        return row.figures.get(cursor.column) if row is not None and cursor is not None else None

    def down(self, cursor: CursorPosition | None, by: int) -> CursorPosition | None:
        """The cursor ``by`` rows down, at most on the last one: in the same column, else at the
        same place from the left."""
        here = self.row(cursor)
        if here is None:
            return None
        place = max(0, min(self.rows.index(here) + by, len(self.rows) - 1))
        there = self.rows[place]
        if cursor is not None and cursor.column in there.figures:
            return CursorPosition(there.row, cursor.column)
        columns = list(there.figures)
        return CursorPosition(there.row, columns[min(_place(here, cursor), len(columns) - 1)])

    def right(self, cursor: CursorPosition | None, by: int) -> CursorPosition | None:
        """The cursor ``by`` figures to the right, at most on the last one."""
        here = self.row(cursor)
        if here is None or cursor is None:
            return cursor
        columns = list(here.figures)
        place = max(0, min(_place(here, cursor) + by, len(columns) - 1))
        return CursorPosition(here.row, columns[place])


def _place(row: FocusRow, cursor: CursorPosition | None) -> int:
    """The place from the left of the column under the cursor."""
    columns = list(row.figures)
    known = cursor is not None and cursor.column in columns
    return columns.index(cursor.column) if cursor is not None and known else 0


@dataclass(frozen=True)
class FigureCell:
    """A figure in a row. ``column`` is its name for the cursor; under the cursor it is drawn in
    the token ``key``. Without a ``width`` it takes as many cells as its text. ``after`` is drawn
    behind it, the same with and without the cursor."""

    column: str
    figure: Figure
    text: str
    token: str = "text"
    width: int | None = None
    align: Align = "right"
    after: Line = EMPTY

    def draw(self, focused: bool) -> Line:
        """Its runs."""
        token = "key" if focused else self.token
        if self.width is None:
            return (*make((self.text, token)), *self.after)
        return (cell(self.text, self.width, token, self.align), *self.after)


Part = Run | FigureCell
"""What a row of figures is made of."""


@dataclass
class _Entry:
    line: Line
    rank: int = 0  # 0 stays; 1 is optional; 2 is a spacer
    row: FocusRow | None = None


@dataclass
class PageBuilder:
    """The page being drawn."""

    context: RenderContext
    _entries: list[_Entry] = field(default_factory=list)

    @property
    def width(self) -> int:
        """The cells of a line."""
        return self.context.width

    def add(self, *lines: Line, optional: bool = False) -> None:
        """Lines without figures; optional ones go when there is no room."""
        for line in lines:
            self._entries.append(_Entry(indent(clip(line, self.width)), int(optional)))

    def spacer(self, optional: bool = False) -> None:
        """An empty line, which goes when there is no room."""
        if not self._entries or self._entries[-1].line != EMPTY:
            self._entries.append(_Entry(EMPTY, 1 if optional else 2))

    def row(self, name: str, *lines: Sequence[Part], first: Sequence[str] = ()) -> None:
        """A row of figures, in one line or several; the cursor bar stands at the first. The cursor
        walks the figures from left to right and line by line, but the columns of ``first`` come
        before the others."""
        focused = self.context.column_in(name)
        figures = {part.column: part.figure for part in _figure_cells(lines)}
        order = [*first, *(column for column in figures if column not in first)]
        focus_row = FocusRow(0, name, {column: figures[column] for column in order})
        for place, parts in enumerate(lines):
            line = clip(_drawn(parts, focused), self.width)
            if place:
                self._entries.append(_Entry(indent(line)))
            elif self.context.cursor is not None and self.context.cursor.row == name:
                line = tinted((Run(glyphs.active().cursor, "accent"), *line))
                self._entries.append(_Entry(line, 0, focus_row))
            else:
                self._entries.append(_Entry(indent(line), 0, focus_row))

    def build(self) -> Page:
        """The page in the height of the context, where that loses no row of figures."""
        entries, height = self._entries, self.context.height
        if len(entries) > height:
            entries = [entry for entry in entries if entry.rank != 1]
        least = sum(entry.rank != 2 for entry in entries)
        if least <= height or self.context.screen < LOW:  # else it scrolls: spacers may stay
            for place in range(len(entries) - 1, -1, -1):  # spacers go from below
                if len(entries) > height and entries[place].rank == 2:
                    entries = [*entries[:place], *entries[place + 1 :]]
        rows = [
            replace(entry.row, line=line)
            for line, entry in enumerate(entries)
            if entry.row is not None
        ]
        return Page(tuple(entry.line for entry in entries), tuple(rows))


def _figure_cells(lines: Sequence[Sequence[Part]]) -> Iterator[FigureCell]:
    for line in lines:
        yield from (part for part in line if isinstance(part, FigureCell))


def _drawn(parts: Sequence[Part], focused: str) -> Line:
    line: list[Run] = []
    for part in parts:
        if isinstance(part, FigureCell):
            line += part.draw(part.column == focused)
        else:
            line.append(part)
    return tuple(line)


def dimmed(line: Line) -> Line:
    """``line`` as an old number while it is counted anew: dim, its meaning still in its words."""
    return tuple(Run(text, token if token == "rule" else "dim") for text, token in line)


def flowed(pieces: Sequence[tuple[str, str]], width: int, most: int) -> list[Line]:
    """Pieces of a sentence over at most ``most`` lines of ``width`` cells, broken at spaces; what
    does not fit ends in the sign of a cut."""
    rows: list[list[Run]] = [[]]
    room = width
    for text, token in pieces:
        for run in make((text, token)):
            for word in _words(run.text):
                size = cells((Run(word, token),))
                if size > room and rows[-1] and word.strip():
                    if len(rows) == most:
                        rows[-1].append(Run(word + " " * (room + 2), token))
                        return [*map(_joined, rows[:-1]), clip(_joined(rows[-1]), width)]
                    rows.append([])
                    room = width
                    word = word.lstrip()
                    size = cells((Run(word, token),))
                rows[-1].append(Run(word, token))
                room -= size
    return [clip(_joined(row), width) for row in rows if row]


def _words(text: str) -> list[str]:
    """The words with the spaces before them."""
    words: list[str] = []
    word = ""
    for character in text:
        if character == " " and word.strip():
            words.append(word)
            word = ""
        word += character
    return [*words, word] if word else words


def _joined(runs: Sequence[Run]) -> Line:
    joined: list[Run] = []
    for text, token in runs:
        if joined and joined[-1].token == token:
            joined[-1] = Run(joined[-1].text + text, token)
        else:
            joined.append(Run(text, token))
    return tuple(joined)
