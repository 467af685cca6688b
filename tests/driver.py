"""The test language: a person at the keyboard, and what is on the screen.

    async with driving(CrmApp(store), size=(80, 24)) as d:
        await d.press("j", "j", "enter")
        assert d.shows("Acme GmbH")

Tests see what a person sees: rows of text, or cells with their colours. Keys go in one by one and
each is handled to the end before the next (no waiting by the clock).
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from rich.color import Color
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from textual import events
from textual.app import App
from textual.pilot import Pilot

from tests import picture
from tests.picture import Cell
from tui_crm.core import text as words

GOLDENS = Path(__file__).parent / "tui" / "goldens"

OWN_COLOURS = TerminalTheme(
    (16, 16, 16),
    (208, 208, 208),
    [
        (16, 16, 16),
        (178, 24, 24),
        (35, 209, 139),
        (229, 229, 16),
        (59, 142, 234),
        (188, 63, 188),
        (17, 168, 205),
        (208, 208, 208),
    ],
    [
        (102, 102, 102),
        (241, 76, 76),
        (35, 209, 139),
        (245, 245, 67),
        (59, 142, 234),
        (214, 112, 214),
        (41, 184, 219),
        (255, 255, 255),
    ],
)
"""Stands in for the terminal's own sixteen colours when a picture is drawn."""


class Driver:
    """One running app, its keyboard and its screen. Made by `driving`."""

    def __init__(self, app: App[Any], pilot: Pilot[Any]) -> None:
        self.app = app
        self.pilot = pilot

    # ------------------------------------------------------------------ acting

    async def press(self, *keys: str) -> None:
        """Press ``keys`` by their Textual names (``j``, ``enter``, ``ctrl+r``, ``space``)."""
        for key in keys:
            self.app.post_message(_key(key))
            await self.settle()

    async def type(self, text: str) -> None:
        """Type ``text`` letter by letter."""
        for letter in text:
            self.app.post_message(_key(letter))
            await self.settle()

    async def burst(self, *keys: str) -> None:
        """Send ``keys`` all at once, as a slow line does; then wait until all are handled."""
        for key in keys:
            self.app.post_message(_key(key))
        await self.settle(4 + len(keys))

    async def paste(self, text: str) -> None:
        """Paste ``text`` (bracketed paste)."""
        self.app.post_message(events.Paste(text))
        await self.settle()

    async def resize(self, width: int, height: int) -> None:
        """Change the size of the terminal."""
        await self.pilot.resize_terminal(width, height)
        await self.settle()

    async def settle(self, rounds: int = 3) -> None:
        """Wait until every message has been handled and the screen is drawn."""
        for _round in range(rounds):
            await self.pilot._wait_for_screen()
        self.app.screen._on_timer_update()

    # ------------------------------------------------------------------ seeing

    def cells(self) -> list[list[Cell]]:
        """The screen as cells, one for each column, with the colours a terminal would show."""
        width, height = self.app.size
        strips = self.app.screen._compositor.render_strips()
        return [_cells(strip, width) for strip in strips[:height]]

    def styles(self, y: int) -> list[tuple[str, Style]]:
        """The runs of row ``y`` with their Rich styles, as they are sent."""
        strip = self.app.screen._compositor.render_strips()[y]
        return [(segment.text, segment.style or Style.null()) for segment in strip]

    def screen(self) -> list[str]:
        """The rows of the screen as plain text, without trailing spaces."""
        height = self.app.size.height
        strips = self.app.screen._compositor.render_strips()
        return [strip.text.rstrip() for strip in strips[:height]]

    def row(self, number: int) -> str:
        """Row ``number``, from 0; negative numbers count from the bottom."""
        return self.screen()[number]

    def shows(self, text: str) -> bool:
        """Whether ``text`` stands in one of the rows."""
        return any(text in row for row in self.screen())

    def find(self, text: str) -> int:
        """The first row with ``text``; fails with the whole screen when there is none."""
        for number, row in enumerate(self.screen()):
            if text in row:
                return number
        raise AssertionError(f"{text!r} is not on the screen:\n{self}")

    def __str__(self) -> str:
        return "\n".join(self.screen())

    # ------------------------------------------------------------------ comparing

    def golden(self, name: str) -> None:
        """Compare the screen with ``tests/tui/goldens/<name>.txt``.

        UPDATE_GOLDENS=1 writes the file instead; read the difference before you commit it.
        """
        compare_golden(name, self.screen())

    def picture(self, path: str | Path) -> Path:
        """Draw the screen as a PNG file."""
        return picture.draw(self.cells(), path)


def compare_golden(name: str, rows: Sequence[str]) -> None:
    """Compare ``rows`` with the golden ``name``, or write it under UPDATE_GOLDENS=1."""
    path = GOLDENS / f"{name}.txt"
    text = "\n".join(rows) + "\n"
    if os.environ.get("UPDATE_GOLDENS") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return
    assert path.exists(), f"no golden {path}; UPDATE_GOLDENS=1 writes it:\n{text}"
    kept = path.read_text(encoding="utf-8")
    assert text == kept, (
        f"{name} has changed (UPDATE_GOLDENS=1 keeps it).\n{text}\n--- kept:\n{kept}"
    )


def _key(key: str) -> events.Key:
    from textual.keys import _character_to_key

    if len(key) == 1:
        return events.Key(_character_to_key(key), key)
    if key == "space":
        return events.Key("space", " ")
    return events.Key(key, None)


def _cells(strip: Any, width: int) -> list[Cell]:
    row: list[Cell] = []
    for segment in strip:
        style = segment.style or Style.null()
        fg, bg = _colours(style)
        for piece in words.graphemes(segment.text):
            size = words.width(piece)
            cell = Cell(piece, fg, bg, bool(style.bold), bool(style.underline))
            row += [cell, *(Cell("", fg, bg) for _half in range(size - 1))]
    return row[:width]


def _colours(style: Style) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    def shown(colour: Color | None, foreground: bool) -> tuple[int, int, int]:
        red, green, blue = (colour or Color.default()).get_truecolor(OWN_COLOURS, foreground)
        return red, green, blue

    fg, bg = shown(style.color, True), shown(style.bgcolor, False)
    if style.dim:
        fg = ((fg[0] + bg[0]) // 2, (fg[1] + bg[1]) // 2, (fg[2] + bg[2]) // 2)
    if style.bold and style.color is None:
        fg = (255, 255, 255)
    return (bg, fg) if style.reverse else (fg, bg)


@asynccontextmanager
async def driving(app: App[Any], size: tuple[int, int] = (80, 24)) -> AsyncIterator[Driver]:
    """Run ``app`` without a terminal at ``size`` (columns, rows) and drive it."""
    async with app.run_test(size=size) as pilot:
        driver = Driver(app, pilot)
        await driver.settle()
        yield driver
