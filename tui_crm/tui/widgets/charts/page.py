"""A report as a page: its lines, and the figures on it that the cursor can stand on.

A drawing puts lines and rows of figures on a `PageBuilder`; `PageBuilder.page` fits them to a
height (what is optional goes first, then the air) and gives back a `Page`. Nothing here knows a
store: a page is a pure function of a `Report` and a `RenderContext`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from tui_crm.core.reports.goals import Aim
from tui_crm.core.reports.types import Report
from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets.lines import EMPTY, Line, Run, cells, clip, indent, make, tinted

AIR, LOW = 32, 20  # rows of the terminal: air under heads from the one, none under the other


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
class RenderContext:
    """What a drawing has to know besides the report. ``width`` is that of the lines, without the
    margin for the cursor bar; ``screen`` the height of the terminal."""

    width: int
    height: int
    screen: int
    currency: str
    today: date
    spot: CursorPosition | None = None

    @property
    def airy(self) -> bool:
        return self.screen >= AIR

    @property
    def wide(self) -> bool:
        return self.width >= 96


@dataclass(frozen=True)
class Page:
    """The lines of a report, with a margin of one cell at the left, and its stops in order."""

    lines: tuple[Line, ...] = ()
    stops: tuple[FocusRow, ...] = ()

    def stop(self, spot: CursorPosition | None) -> FocusRow | None:
        """The row the cursor is on: that of its name, else the first."""
        named = (stop for stop in self.stops if spot is not None and stop.row == spot.row)
        return next(named, self.stops[0] if self.stops else None)

    def settled(self, spot: CursorPosition | None) -> CursorPosition | None:
        """``spot`` on this page: the same row and column where there are such, else near ones."""
        stop = self.stop(spot)
        if stop is None or not stop.figures:
            return None
        if spot is not None and spot.column in stop.figures:
            return CursorPosition(stop.row, spot.column)
        return CursorPosition(stop.row, _nearest(stop, spot, self))

    def figure(self, spot: CursorPosition | None) -> Figure | None:
        """The figure under the cursor."""
        stop = self.stop(spot)
        return stop.figures.get(spot.column) if stop is not None and spot is not None else None

    def moved(self, spot: CursorPosition | None, by: int) -> CursorPosition | None:
        """The spot ``by`` rows on, at most at the last one."""
        here = self.stop(spot)
        if here is None:
            return None
        place = max(0, min(self.stops.index(here) + by, len(self.stops) - 1))
        there = self.stops[place]
        if spot is not None and spot.column in there.figures:
            return CursorPosition(there.row, spot.column)
        return CursorPosition(there.row, _beside(here, there, spot))

    def aside(self, spot: CursorPosition | None, by: int) -> CursorPosition | None:
        """The spot ``by`` figures to the right."""
        here = self.stop(spot)
        if here is None or spot is None:
            return spot
        names = list(here.figures)
        at = names.index(spot.column) if spot.column in names else 0
        return CursorPosition(here.row, names[max(0, min(at + by, len(names) - 1))])


def _beside(here: FocusRow, there: FocusRow, spot: CursorPosition | None) -> str:
    """The column at the same place from the left."""
    names = list(here.figures)
    at = names.index(spot.column) if spot is not None and spot.column in names else 0
    other = list(there.figures)
    return other[min(at, len(other) - 1)]


def _nearest(stop: FocusRow, spot: CursorPosition | None, page: Page) -> str:
    """The column to stand on in a report one has just come to: the first that is not only a
    count of what came in."""
    names = list(stop.figures)
    return names[1] if len(names) > 2 and spot is None else names[0]


@dataclass
class _Entry:
    line: Line
    rank: int = 0  # 0 stays; 1 is optional; 2 is air
    stop: FocusRow | None = None


@dataclass
class PageBuilder:
    """The page being drawn."""

    look: RenderContext
    _entries: list[_Entry] = field(default_factory=list)
    _rank: int = 0

    @property
    def width(self) -> int:
        return self.look.width

    def add(self, *lines: Line, optional: bool = False) -> None:
        """Lines that are only read."""
        for line in lines:
            self._entries.append(_Entry(indent(clip(line, self.width)), int(optional)))

    def spacer(self, optional: bool = False) -> None:
        """An empty row, which goes when there is no room."""
        if not self._entries or self._entries[-1].line != EMPTY:
            self._entries.append(_Entry(EMPTY, 1 if optional else 2))

    def stop(
        self, row: str, figures: Sequence[tuple[str, Figure]], draw: Callable[[str], Line]
    ) -> None:
        """A row of figures. ``draw`` makes it, given the column under the cursor ("" when the
        cursor is on another row)."""
        spot = self.look.spot
        here = spot is not None and spot.row == row
        line = clip(draw(spot.column if spot is not None and here else ""), self.width)
        if here:
            drawn: Line = tinted((Run(glyphs.active().cursor, "accent"), *line))
        else:
            drawn = indent(line)
        self._entries.append(_Entry(drawn, 0, FocusRow(0, row, dict(figures))))

    def page(self, height: int) -> Page:
        """The page in ``height`` rows where that can be done without losing a row of figures."""
        kept = self._entries
        if len(kept) > height:
            kept = [entry for entry in kept if entry.rank != 1]
        least = sum(entry.rank != 2 for entry in kept)
        if least <= height or self.look.screen < LOW:  # else it scrolls, and may as well breathe
            for place in range(len(kept) - 1, -1, -1):  # air goes from below
                if len(kept) > height and kept[place].rank == 2:
                    kept = [*kept[:place], *kept[place + 1 :]]
        stops = [
            replace(entry.stop, line=at) for at, entry in enumerate(kept) if entry.stop is not None
        ]
        return Page(tuple(entry.line for entry in kept), tuple(stops))


def dimmed(line: Line) -> Line:
    """``line`` as an old number that is being counted anew: dim, its meaning kept in its words."""
    return tuple(Run(text, token if token == "rule" else "dim") for text, token in line)


def flowed(pieces: Sequence[tuple[str, str]], width: int, most: int) -> list[Line]:
    """Pieces of a sentence over at most ``most`` rows of ``width`` cells, broken at spaces; what
    does not fit ends in the sign of a cut."""
    rows: list[list[Run]] = [[]]
    room = width
    for text, token in pieces:
        for word in make((text, token)):
            for part in _words(word.text):
                size = cells((Run(part, token),))
                if size > room and rows[-1] and part.strip():
                    if len(rows) == most:
                        rows[-1].append(Run(part + " " * (room + 2), token))
                        return [*map(_joined, rows[:-1]), clip(_joined(rows[-1]), width)]
                    rows.append([])
                    room = width
                    part = part.lstrip()
                    size = cells((Run(part, token),))
                rows[-1].append(Run(part, token))
                room -= size
    return [clip(_joined(row), width) for row in rows if row]


def _words(text: str) -> list[str]:
    """The words with the space before them."""
    found: list[str] = []
    word = ""
    for character in text:
        if character == " " and word.strip():
            found.append(word)
            word = ""
        word += character
    return [*found, word] if word else found


def _joined(runs: Sequence[Run]) -> Line:
    joined: list[Run] = []
    for text, token in runs:
        if joined and joined[-1].token == token:
            joined[-1] = Run(joined[-1].text + text, token)
        else:
            joined.append(Run(text, token))
    return tuple(joined)


@dataclass(frozen=True)
class Shown:
    """A report with what its page wants beside it: ``weeks`` is the same report cut by week, for
    the sparklines, ``days`` cut by day; ``aim`` the goal in money for each part of the period;
    ``digits`` the key of each outcome of a call, by its label."""

    report: Report
    weeks: Report | None = None
    days: Report | None = None
    aim: Aim | None = None
    digits: Mapping[str, int] = field(default_factory=dict)
