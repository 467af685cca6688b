"""What the terminal already shows is not sent again.

Textual paints the whole screen when the focus moves, when a widget is mounted and when a screen
comes to the front: opening an entry line sent 15 kB, of which 500 bytes were new. `OnlyChanges`
remembers, piece by piece, what was sent for every row, and writes only the pieces that differ.

    class CrmApp(OnlyChanges, KeysInOrder, App): ...

Whatever else writes to the terminal (a program run in between, a resume after ctrl+z) must call
`forget_screen`; a resize and a resume do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rich.console import Console
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen

    _Base = App[Any]
else:
    _Base = object


class _Ready(CompositorUpdate):
    """An update that is text already."""

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


class SentRows:
    """What each row of the terminal shows: column -> (cells, text with its codes)."""

    def __init__(self) -> None:
        self._rows: dict[int, dict[int, tuple[int, str]]] = {}
        self._size: tuple[int, int] | None = None

    def forget(self) -> None:
        """The terminal may show anything: send all next time."""
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
            cells, text = strip.cell_length, strip.render(console)
            row = self._rows.setdefault(y, {})
            if not cells or row.get(x) == (cells, text):
                continue
            for other, (wide, _text) in list(row.items()):
                if other < x + cells and x < other + wide:
                    del row[other]
            row[x] = (cells, text)
            if at != (y, x):
                out.append(f"\x1b[{y + 1};{x + 1}H")
            out.append(text)
            at = (y, x + cells)
        return "".join(out)


class OnlyChanges(_Base):
    """Mix-in for the app, before `App`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sent = SentRows()

    def on_mount(self) -> None:
        self.app_resume_signal.subscribe(self, lambda _app: self.repaint_screen(), immediate=True)

    def forget_screen(self) -> None:
        """The terminal was written to by somebody else: the next update sends everything."""
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
