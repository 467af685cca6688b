"""What is sent for a change brings a real screen to exactly what a full repaint would show."""

from __future__ import annotations

import io

import pyte
from hypothesis import given, settings, strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from tui_crm.tui.terminal.diff import ScreenBuffer

WIDTH, HEIGHT = 24, 4
STYLES = (
    Style(color="#ff0000", bgcolor="#101010"),
    Style(color="#00ff00", bgcolor="#101010", bold=True),
    Style(bgcolor="#202020"),
)
PIECES = st.tuples(st.text(st.sampled_from("ab  xyé—株"), max_size=9), st.sampled_from(STYLES))
ROW = st.lists(PIECES, max_size=6)
SCREENS = st.lists(st.lists(ROW, min_size=HEIGHT, max_size=HEIGHT), min_size=1, max_size=6)


def strip_of(pieces: list[tuple[str, Style]]) -> Strip:
    """A row of exactly `WIDTH` cells."""
    strip = Strip([Segment(text, style) for text, style in pieces if text])
    return strip.adjust_cell_length(WIDTH, STYLES[0]).simplify()


@settings(max_examples=150, deadline=None)
@given(SCREENS)
def test_after_any_changes_the_screen_shows_what_it_should(screens: list) -> None:
    console = Console(
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        legacy_windows=False,
        _environ={},
    )
    sent, shown = ScreenBuffer(), pyte.Screen(WIDTH, HEIGHT)
    stream = pyte.Stream(shown)
    for rows in screens:
        strips = [strip_of(row) for row in rows]
        update = LayoutUpdate([[strip] for strip in strips], Region(0, 0, WIDTH, HEIGHT))  # type: ignore[misc]
        stream.feed(sent.changed(update, (WIDTH, HEIGHT), console))
        whole = pyte.Screen(WIDTH, HEIGHT)
        painter = pyte.Stream(whole)
        for y, strip in enumerate(strips):
            painter.feed(f"\x1b[{y + 1};1H{strip.render(console)}")
        for y in range(HEIGHT):
            assert [shown.buffer[y][x] for x in range(WIDTH)] == [
                whole.buffer[y][x] for x in range(WIDTH)
            ]
