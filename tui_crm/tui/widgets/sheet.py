"""The bottom sheet: where every entry, menu, palette and progress happens.

A sheet covers the lower rows of its screen, has a hairline in the accent with its name and
subject, takes all keys while it is open, and ends exactly once: with a value, or with None when it
is left. A conversation awaits that value:

    text = await ask(screen, PromptSheet(_("next action"), lead.title, echo))

``open`` returns as soon as the sheet has the focus; ``done`` is called with the value after the
focus went back, within the same keypress, so that keys typed ahead find the screen as that key left
it.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar, Generic, TypeVar

from textual import events
from textual.screen import Screen
from textual.widget import Widget

from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets.canvas import LineWidget
from tui_crm.tui.widgets.lines import EMPTY, Line, Run, cells, clip, make

Value = TypeVar("Value")
Done = Callable[[Value | None], Awaitable[None] | None]


FIRST_PART = 8  # cells that the first part of a subject keeps


def sheet_head(name: str, width: int, subject: str | Line = "", note: Line = EMPTY) -> Line:
    """``── name  subject ─────── note ─``: the hairline of a sheet, in exactly ``width`` cells.

    Of a subject of several parts the first gives way: a phone behind a title is not cut for it."""
    rule = glyphs.active().rule
    about = make(subject) if isinstance(subject, str) else subject
    start = make((rule * 2, "accent"), (f" {name} ", "accent.b"))
    end: Line = make((" ", "text"), *note, (f" {rule}", "accent")) if note else EMPTY
    room = max(width - cells(start) - cells(end) - 4, 0)
    for_first = room - cells(about[1:])
    if for_first >= FIRST_PART:
        about = (*clip(about[:1], for_first), *about[1:])
    about = clip(about, room)
    if about:
        about = (*about, Run(" ", "text"))
    room = max(width - cells(start) - cells(about) - cells(end), 0)
    return clip((*start, *about, *make((rule * room, "accent")), *end), width)


class Sheet(LineWidget, Generic[Value], can_focus=True):
    """The frame of a sheet, from opening to end. Subclasses draw ``body`` and handle ``press``."""

    DIGITS: ClassVar[bool] = True
    """Whether digits choose in it; False where text is typed."""

    GROUND = "sheet"

    DEFAULT_CSS = "Sheet { dock: bottom; layer: sheet; width: 100%; height: 4; }"

    def __init__(self, name: str, subject: str | Line = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.title = name
        self.subject = subject
        self.note: Line = EMPTY
        """At the right end of the hairline: ``~ saving``. Set it and `redraw`."""
        self._done: Done[Value] | None = None
        self._before: Widget | None = None
        self._ended = False

    # ------------------------------------------------------------------ for subclasses

    def rows_wanted(self, width: int, height: int) -> int:
        """The number of rows under the hairline, on a screen of this size. Called when the sheet is
        opened and resized."""
        raise NotImplementedError

    def body(self, width: int, height: int) -> list[Line]:
        """The rows under the hairline."""
        raise NotImplementedError

    async def press(self, event: events.Key) -> None:
        """Handle a key other than Esc."""
        raise NotImplementedError

    def keep(self) -> None:
        """Called before the program is ended from outside: save what must not be lost."""

    # ------------------------------------------------------------------ life

    @property
    def is_open(self) -> bool:
        """False once it has ended."""
        return not self._ended

    async def open(self, screen: Screen[Any], done: Done[Value] | None = None) -> None:
        """Show the sheet on ``screen``, give it the focus, and return.

        ``done`` is called with the value, or with None when the sheet is left. One sheet at a time:
        one that is still open on the screen is left first.
        """
        for other in screen.query(Sheet):
            await other.leave()
        self._done = done
        self._before = screen.focused
        self._size_to(screen)
        await screen.mount(self)
        screen.set_focus(self, scroll_visible=False)

    def _size_to(self, screen: Widget) -> None:
        width, height = screen.size
        # It may take all rows but the header.
        rows = 1 + self.rows_wanted(width, height)
        self.styles.height = max(2, min(rows, height - 1))

    def on_resize(self) -> None:
        if self.is_attached and not self._ended:
            self._size_to(self.screen)
        self.redraw()

    async def leave(self) -> None:
        """End without a value."""
        await self._end(None)

    async def choose(self, value: Value) -> None:
        """End with ``value``. A second call does nothing: a double Enter ends a sheet once."""
        await self._end(value)

    async def _end(self, value: Value | None) -> None:
        if self._ended:
            return
        self._ended = True
        screen = self.screen
        self.display = False
        if screen.focused is self:
            before = self._before
            screen.set_focus(
                before if before is not None and before.is_attached else None, scroll_visible=False
            )
        self.remove()
        if self._done is not None:
            result = self._done(value)
            if inspect.isawaitable(result):
                await result

    # ------------------------------------------------------------------ keys and rows

    async def on_key(self, event: events.Key) -> None:
        # No key goes through a sheet to the screen below it.
        event.stop()
        event.prevent_default()
        if self._ended:
            # Typed before the sheet was removed. A second Enter is a slip; other keys were meant
            # for the screen, which has the focus now.
            if event.key != "enter":
                self.app.simulate_key(event.key)
            return
        if event.key == "escape":
            await self.leave()
        else:
            await self.press(event)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return True

    def draw(self, width: int, height: int) -> list[Line]:
        head = sheet_head(self.title, width, self.subject, self.note)
        return [head, *self.body(width, height - 1)[: height - 1]]
