"""RecordList: the list of every screen, from three rows to a million.

It draws the rows in view from a `Rows` source and keeps its cursor on an *id*: after every reload
it stands on the same record, and when that record has left, on the one that took its place. Cursor
and scrolling are its own; a move sends two rows, a scroll by one sends the list once.

    records = RecordList()
    records.show(ListRows([Row.section(...), Row.item(7, draw), ...]))

Posts `RecordList.Moved` when the cursor comes to another record and `RecordList.Opened` on Enter.
Column 0 is the cursor bar and the last column is air: a row draws the ``width`` between them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from textual.binding import Binding
from textual.message import Message

from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets import lines
from tui_crm.tui.widgets.canvas import LineWidget
from tui_crm.tui.widgets.lines import EMPTY, Line, Run

Kind = Literal["item", "section", "blank", "text"]
Id = Hashable


@dataclass(frozen=True)
class Row:
    """One row. Only an ``item`` has an id and can be under the cursor.

    ``draw(width)`` makes the line; its first cell is the sign (column 1 of the list).
    """

    draw: Callable[[int], Line]
    id: Id | None = None
    kind: Kind = "item"

    @classmethod
    def item(cls, id: Id, draw: Callable[[int], Line]) -> Row:
        """A record."""
        return cls(draw, id)

    @classmethod
    def section(
        cls, name: str, count: int | str | None = None, note: str = "", token: str = "strong"
    ) -> Row:
        """`lines.section` as a row."""
        return cls(lambda width: lines.section(name, width, count, note, token), kind="section")

    @classmethod
    def text(cls, line: Line) -> Row:
        """A sentence: an empty place, a column head."""
        return cls(lambda width: lines.clip(line, width), kind="text")

    @classmethod
    def blank(cls) -> Row:
        """Air."""
        return cls(lambda width: EMPTY, kind="blank")


class Rows(Protocol):
    """Where a list gets its rows from. It may hold a million: only rows in view are asked for."""

    def __len__(self) -> int: ...

    def row(self, index: int) -> Row:
        """Row ``index``, 0 to len - 1. Called often: pages are the source's to cache."""
        ...

    def index(self, id: Id) -> int | None:
        """Where the record ``id`` stands, or None when it is not in this list."""
        ...


class ListRows:
    """`Rows` over a list in memory."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._list = rows
        self._places: dict[Id, int] | None = None

    def __len__(self) -> int:
        return len(self._list)

    def row(self, index: int) -> Row:
        return self._list[index]

    def index(self, id: Id) -> int | None:
        if self._places is None:
            self._places = {
                row.id: place for place, row in enumerate(self._list) if row.kind == "item"
            }
        return self._places.get(id)


class RecordList(LineWidget, can_focus=True):
    """A list of records with a cursor. See the module for its use."""

    DEFAULT_CSS = "RecordList { height: 1fr; }"

    BINDINGS = [
        Binding("j,down", "move(1)", show=False, id="move.down"),
        Binding("k,up", "move(-1)", show=False, id="move.up"),
        Binding("pagedown,ctrl+d", "page(1)", show=False, id="move.page_down"),
        Binding("pageup,ctrl+u", "page(-1)", show=False, id="move.page_up"),
        Binding("g,home", "top", show=False, id="move.top"),
        Binding("G,end", "bottom", show=False, id="move.bottom"),
        Binding("enter", "open", show=False, id="move.open"),
    ]

    @dataclass
    class Moved(Message):
        """The cursor stands on another record; None when there is none."""

        records: RecordList
        id: Id | None

        @property
        def control(self) -> RecordList:
            return self.records

    @dataclass
    class Opened(Message):
        """Enter on the record under the cursor."""

        records: RecordList
        id: Id

        @property
        def control(self) -> RecordList:
            return self.records

    def __init__(
        self, rows: Rows | None = None, *, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._source: Rows = rows if rows is not None else ListRows([])
        self._cursor = -1
        self._cursor_id: Id | None = None
        self._top = 0
        self._active = True
        if rows is not None:
            self._settle(None, 0)

    # ------------------------------------------------------------------ what it stands on

    @property
    def rows(self) -> Rows:
        """The source that is shown."""
        return self._source

    @property
    def cursor_id(self) -> Id | None:
        """The id of the record under the cursor; None in a list without records."""
        return self._cursor_id

    @property
    def cursor_index(self) -> int:
        """The row under the cursor, -1 in a list without records."""
        return self._cursor

    @property
    def top(self) -> int:
        """Index of the first row in view."""
        return self._top

    @property
    def active(self) -> bool:
        """Whether this pane has the keys: its row is tinted; else the row only keeps bold.

        The screen sets it, not the focus: a bottom sheet takes the focus, and the row it is about
        stays marked.
        """
        return self._active

    @active.setter
    def active(self, active: bool) -> None:
        if active != self._active:
            self._active = active
            self.redraw()

    # ------------------------------------------------------------------ showing

    def show(self, rows: Rows, cursor: Id | None = None) -> None:
        """Show ``rows``. The cursor goes to ``cursor``, else stays on its record.

        When that record is gone the cursor takes the record now in its place, else the last one
        before it.
        """
        before, stood = self._cursor_id, self._cursor >= 0
        offset = self._cursor - self._top
        self._source = rows
        wanted = cursor if cursor is not None else before
        self._settle(wanted, self._cursor)
        # The record keeps its height on the screen where it can; a list just filled begins at its
        # top, with all that stands above the first record.
        self._top = self._clamp(self._cursor - offset if stood and self._cursor >= 0 else 0)
        self._follow()
        self.redraw()
        if self._cursor_id != before:
            self.post_message(self.Moved(self, self._cursor_id))

    def jump(self, id: Id) -> bool:
        """Put the cursor on the record ``id``; False when it is not in the list."""
        index = self._source.index(id)
        if index is None:
            return False
        self._move_to(index)
        return True

    def _settle(self, wanted: Id | None, place: int) -> None:
        index = self._source.index(wanted) if wanted is not None else None
        if index is None:
            index = self._nearest(max(place, 0), 1)
        if index is None:
            index = self._nearest(min(place, len(self._source)) - 1, -1)
        self._cursor = -1 if index is None else index
        self._cursor_id = None if index is None else self._source.row(index).id

    def _nearest(self, index: int, step: int) -> int | None:
        """The first item from ``index`` in the direction of ``step``."""
        while 0 <= index < len(self._source):
            if self._source.row(index).kind == "item":
                return index
            index += step
        return None

    def _clamp(self, top: int) -> int:
        return max(0, min(top, len(self._source) - max(self.size.height, 1)))

    def _follow(self) -> None:
        """Scroll as little as needed: the cursor is in view, and the section head above it."""
        height = max(self.size.height, 1)
        if self._cursor < 0:
            self._top = 0
            return
        if self._cursor < self._top:
            self._top = self._cursor
        elif self._cursor >= self._top + height:
            self._top = self._cursor - height + 1
        head = self._cursor
        while head > 0 and self._cursor - head < 3:
            if self._source.row(head - 1).kind == "item":
                break
            head -= 1
        if head < self._top and self._cursor - head < height:
            self._top = head
        self._top = self._clamp(self._top)

    def on_resize(self) -> None:
        self._follow()
        self.redraw()

    # ------------------------------------------------------------------ moving

    def _move_to(self, index: int) -> None:
        if index == self._cursor:
            return
        self._cursor = index
        self._cursor_id = self._source.row(index).id
        self._follow()
        self.redraw()
        self.post_message(self.Moved(self, self._cursor_id))

    def action_move(self, by: int) -> None:
        index = self._nearest(self._cursor + by, 1 if by > 0 else -1)
        if index is not None:
            self._move_to(index)
        elif by < 0 and self._top:
            # Nothing above to stand on: show what stands there.
            self._top = 0
            self.redraw()

    def action_page(self, by: int) -> None:
        height = max(self.size.height, 1)
        size = max(height - 2, 1)
        target = max(0, min(self._cursor + by * size, len(self._source) - 1))
        index = self._nearest(target, by)
        if index is None:
            index = self._nearest(target, -by)
        if index is not None:
            self._top = self._clamp(self._top + by * size)
            self._move_to(index)

    def action_top(self) -> None:
        index = self._nearest(0, 1)
        if index is not None:
            self._top = 0
            self._move_to(index)

    def action_bottom(self) -> None:
        index = self._nearest(len(self._source) - 1, -1)
        if index is not None:
            self._top = self._clamp(len(self._source))
            self._move_to(index)

    def action_open(self) -> None:
        if self._cursor_id is not None:
            self.post_message(self.Opened(self, self._cursor_id))

    # ------------------------------------------------------------------ drawing

    def draw(self, width: int, height: int) -> list[Line]:
        end = min(self._top + height, len(self._source))
        return [self._line(index, width) for index in range(self._top, end)]

    def _line(self, index: int, width: int) -> Line:
        row = self._source.row(index)
        room = max(width - 2, 0)
        body = lines.clip(row.draw(room), room)
        if index != self._cursor:
            return lines.indent(body)
        if not self._active:
            return lines.indent(tuple(Run(text, _bold(token)) for text, token in body))
        return lines.tinted((Run(glyphs.active().cursor, "accent"), *body))


def _bold(token: str) -> str:
    name, _dot, marks = token.partition(".")
    return token if "b" in marks else f"{name}.b{marks}"
