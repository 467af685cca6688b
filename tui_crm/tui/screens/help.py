"""Help: the keys of a screen, generated from the key table; any key leaves."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual.widget import Widget

from tui_crm.core.text import _
from tui_crm.tui import keys
from tui_crm.tui.screens.base import CrmScreen
from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets.canvas import LinesView
from tui_crm.tui.widgets.header import TitleView
from tui_crm.tui.widgets.hints import Hint
from tui_crm.tui.widgets.lines import EMPTY, Line, Run, cell, clip, columns, hanging, make, section

SIGNS = (
    ("!", "late", "late, or wrong"),
    ("*", "strong", "starred"),
    ("+", "key", "marked"),
    ("~", "due", "not saved, or young"),
    ("w", "won", "won"),
    ("l", "lost", "lost"),
    ("x", "lost", "cancelled"),
    ("9", "blocked", "do not call"),
    ("=", "won", "understood"),
    ("?", "late", "not understood, or not known"),
)


def _signs() -> list[tuple[str, str, str]]:
    """The signs of a row with their tokens and meanings, as this terminal draws them."""
    active = glyphs.active()
    priorities = ((active.up, "strong", "high priority"), (active.down, "dim", "low priority"))
    return [*SIGNS[:2], *priorities, *SIGNS[2:]]


DATES = (
    "fri 9:30 20m call Anna",
    "+3d   +2w   3h   tomorrow 9",
    "12 dec   12/1   eom",
    "2026-12-01 14:00",
    "every 2w   every month 1",
    "lun 10   demain 9h",
)


class HelpScreen(CrmScreen):
    """The keys of the screen that it was opened from."""

    NAME = "help"

    def __init__(self) -> None:
        super().__init__()
        self.page = LinesView()
        self.about = "today"

    def middle(self) -> Iterable[Widget]:
        yield self.page

    def main(self) -> Widget:
        return self.page

    def show_frame(self) -> None:
        self.header.show(TitleView(_("Keys"), _(self.about)))
        self.hint_line.show([Hint(_("any key"), _("leaves")), Hint("j k", _("scroll"))])
        self.focus_main()

    def tick(self) -> None: ...

    def reload(self) -> None:
        rows = keys.here(self.about)
        self.page.show(lambda width, height: build(rows, width, height), from_top=True)
        self.show_frame()

    def on_key(self, event: events.Key) -> None:
        if event.key in ("j", "k", "down", "up", "pagedown", "pageup"):
            return
        event.stop()
        event.prevent_default()
        self.app.pop_screen()


def build(rows: tuple[keys.Key, ...], width: int, height: int) -> list[Line]:
    """The page: the groups in two columns where there is room, dates and signs below."""
    wide = width >= 100
    each = (width - 4) // 2 if width >= 78 else width - 2
    blocks: list[list[Line]] = []
    for group, name in keys.GROUPS.items():
        here = [row for row in rows if row.group == group]
        if here:
            body = [line for row in here for line in _key_row(row, each, wide)]
            blocks.append([section(_(name), each), *body])
    dates = [section(_("Typed dates"), each)] + [make((text, "text")) for text in DATES]
    signs = [section(_("Signs"), each)] + [
        (Run(f"{sign}  ", token), *make((_(what), "text"))) for sign, token, what in _signs()
    ]
    blocks += [dates, signs]
    if width < 78:
        stacked = [line for block in blocks for line in (*block, EMPTY)]
        return [(Run(" ", "text"), *clip(line, width - 2)) for line in stacked]
    left, right = _halves(blocks)
    return columns([[EMPTY] * max(len(left), len(right)), left, [EMPTY], right], [1, each, 2, each])


def _halves(blocks: list[list[Line]]) -> tuple[list[Line], list[Line]]:
    """The blocks in two columns in their order, of lengths as alike as they can be; a blank row
    between two."""

    def stack(part: list[list[Line]]) -> list[Line]:
        return [line for block in part for line in (*block, EMPTY)][:-1]

    cuts = range(1, len(blocks) + 1)
    best = min(cuts, key=lambda n: max(len(stack(blocks[:n])), len(stack(blocks[n:]))))
    return stack(blocks[:best]), stack(blocks[best:])


def _key_row(row: keys.Key, width: int, wide: bool) -> list[Line]:
    """A key with all that it does, wrapped under itself."""
    shown = " ".join(keys.SHOWN.get(k, k) for k in row.keys.split(",")[: 2 if wide else 1])
    if row.action == "digit":
        shown = "1-9"
    size = 12 if wide else 10
    if len(shown) >= size:
        shown = row.shown
    head = (cell(shown, size, "key"),)
    return hanging(head, _(row.says), width)
