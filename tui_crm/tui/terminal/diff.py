"""Only what differs from what the terminal shows is sent to it.

Textual paints the whole screen when the focus moves, when a widget is mounted and when a screen
comes to the front: opening an entry line sent 15 kB, of which 500 bytes were new. `DiffOutput`
remembers, piece by piece, what was sent for every row, and writes only the pieces that differ.

    class CrmApp(DiffOutput, SequentialKeys, App): ...

Whatever else writes to the terminal (a program run in between, a resume after ctrl+z) must call
`forget_screen`; a resize and a resume do.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import compress, groupby, repeat
from operator import itemgetter, ne
from typing import TYPE_CHECKING, Any

from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from tui_crm.core import text as words

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen

    _Base = App[Any]
else:
    _Base = object


class _Ready(CompositorUpdate):
    """An update that is rendered already."""

    def __init__(self, text: str) -> None:
        self.text = text

    def render_segments(self, console: Console) -> str:
        return self.text


def _pieces(update: LayoutUpdate | ChopsUpdate) -> Iterator[tuple[int, int, Strip]]:
    """Row, column and content of everything the update would send, whole pieces."""
    if isinstance(update, LayoutUpdate):
        for y, strips in enumerate(update.strips, update.region.y):
            x = update.region.x
            for strip in strips:
                yield y, x, strip
                x += strip.cell_length
        return
    for y, x1, x2 in update.spans:
        for end, (x, piece) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if piece is not None and x <= x2 and end > x1:
                yield y, x, piece


Cells = list[tuple[str, Style | None]]
"""A piece of a row, cell by cell: its text and style; the second cell of a wide letter is ""."""

NEAR = 10
"""Cells between two changes that are sent along, because another move would cost as much."""
NEAR_ALIKE = 40
"""The same where they go on in one style: a new run costs its codes as well."""


_style = itemgetter(1)


def _cells(strip: Strip) -> tuple[Cells, bool]:
    """The cells of a piece, and whether any of its letters has marks."""
    cells: Cells = []
    marked = False
    for text, style, _control in strip:
        if text.isascii():
            cells += zip(text, repeat(style))
            continue
        for letter in words.graphemes(text):
            size = words.width(letter)
            if size:
                cells += [(letter, style), *[("", style)] * (size - 1)]
            elif cells:  # a mark without a letter of its own
                cells[-1] = (cells[-1][0] + letter, cells[-1][1])
                marked = True
            marked = marked or len(letter) > 1
    return cells, marked


def _spans(old: Cells, new: Cells) -> list[tuple[int, int]]:
    """Where ``new`` differs from ``old``, as few spans as are worth their moves; never through a
    wide letter."""
    spans: list[tuple[int, int]] = []
    begin = last = -NEAR_ALIKE - 1
    for i in compress(range(len(new)), map(ne, old, new)):
        gap = i - last
        if gap > NEAR and (gap > NEAR_ALIKE or not _alike(new[last - 1 : i + 1])):
            if last > 0:
                spans.append((begin, last))
            begin = i
        last = i + 1
    if last > 0:
        spans.append((begin, last))
    return [_whole(old, new, begin, last) for begin, last in spans]


def _whole(old: Cells, new: Cells, begin: int, last: int) -> tuple[int, int]:
    """The span without a wide letter, old or new, across its ends."""
    while begin and (not new[begin][0] or not old[begin][0]):
        begin -= 1
    while last < len(new) and (not new[last][0] or not old[last][0]):
        last += 1
    return begin, last


def _alike(cells: Cells) -> bool:
    return len({style for _text, style in cells}) == 1


def _codes(cells: Cells, console: Console) -> str:
    """What a terminal is sent for these cells."""
    system = console._color_system or ColorSystem.TRUECOLOR
    runs = (("".join(text for text, _s in run), style) for style, run in groupby(cells, _style))
    render = Strip.render_style
    return "".join(render(style, text, system) if style else text for text, style in runs)


class ScreenBuffer:
    """What each row of the terminal shows: column -> the cells of the piece there."""

    def __init__(self) -> None:
        self._rows: dict[int, dict[int, tuple[Cells, bool]]] = {}
        self._size: tuple[int, int] | None = None

    def forget(self) -> None:
        """Send everything the next time: the terminal may show anything."""
        self._rows.clear()

    def changed(
        self, update: LayoutUpdate | ChopsUpdate, size: tuple[int, int], console: Console
    ) -> str:
        """The codes that bring the terminal up to date; "" when it is already."""
        if size != self._size:
            self._size = size
            self.forget()
        out: list[str] = []
        at: tuple[int, int] | None = None
        for y, x, strip in _pieces(update):
            if not strip.cell_length:
                continue
            piece = cells, marked = _cells(strip)
            row = self._rows.setdefault(y, {})
            old = row.get(x)
            if old == piece:
                continue
            for other, (there, _marked) in list(row.items()):
                if other < x + len(cells) and x < other + len(there):
                    del row[other]
            row[x] = piece
            # Letters with marks are drawn by each terminal in its own way: such rows go whole.
            whole = (
                old is None
                or len(old[0]) != len(cells)
                or len(cells) != strip.cell_length
                or old[1]
                or marked
            )
            was = [] if whole or old is None else old[0]
            for start, end in [(0, len(cells))] if whole else _spans(was, cells):
                if at != (y, x + start):
                    out.append(f"\x1b[{y + 1};{x + start + 1}H")
                out.append(strip.render(console) if whole else _codes(cells[start:end], console))
                at = (y, x + end)
        return "".join(out)


class DiffOutput(_Base):
    """Mix-in for the app, before `App`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sent = ScreenBuffer()

    def on_mount(self) -> None:
        self.app_resume_signal.subscribe(self, lambda _app: self.repaint_screen(), immediate=True)

    def forget_screen(self) -> None:
        """Send everything the next time: another program wrote to the terminal."""
        self._sent.forget()

    def repaint_screen(self) -> None:
        """Send the whole screen once more."""
        self.forget_screen()
        if self.screen_stack:
            self.screen.refresh()

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        if (
            isinstance(renderable, (LayoutUpdate, ChopsUpdate))
            and self._running
            and not self._batch_count
            and not self.is_headless
            and not self.is_inline
        ):
            width, height = self.size
            text = self._sent.changed(renderable, (width, height), self.console)
            renderable = _Ready(text) if text else None
        super()._display(screen, renderable)
