"""PaletteSheet: type a few letters, go to anything.

The caller supplies ``search(text) -> Found``, best first; the sheet shows what fits. Arrows (or
tab) move, Enter ends the sheet with the result under the cursor.

    result = await ask(screen, PaletteSheet(_("everything"), _("commands, leads"), search))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Generic, TypeVar

from textual import events

from tui_crm.core import text as words
from tui_crm.core.text import _, width as width_of
from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets.hints import hint
from tui_crm.tui.widgets.lines import (
    EMPTY,
    Line,
    Run,
    beside,
    cell,
    cells,
    clip,
    indent,
    join,
    make,
    tinted,
)
from tui_crm.tui.widgets.prompt import Entry
from tui_crm.tui.widgets.sheet import Sheet

KIND_WIDTH = 9  # cells of the kind of a result and the blank behind it

Value = TypeVar("Value")


@dataclass(frozen=True)
class Result(Generic[Value]):
    """One thing that was found.

    ``value`` is for the caller. ``matched`` are the indices of the letters of ``name`` that were
    found, as `core.fuzzy.score` gives them. ``fact`` stands at the right edge, dim unless
    ``fact_token`` is another, ``key`` (of a command) in its place. ``for_good``: this cannot be
    undone, so the cursor never stands on it by itself.
    """

    kind: str
    name: str
    value: Value
    matched: Sequence[int] = ()
    fact: str = ""
    key: str = ""
    fact_token: str = "dim"
    for_good: bool = False


@dataclass(frozen=True)
class Found(Generic[Value]):
    """The best results, how many there are in all, and of how many things (0: not shown)."""

    results: Sequence[Result[Value]] = ()
    total: int = 0
    of: int = 0


def marked(name: str, matched: Sequence[int], token: str = "text") -> Line:
    """``name`` with the letters at ``matched`` bold and underlined."""
    if not matched:
        return make((name, token))
    places = set(matched)
    runs = groupby(enumerate(name), key=lambda item: item[0] in places)
    return make(
        *(
            ("".join(letter for _place, letter in letters), "strong.bu" if hit else token)
            for hit, letters in runs
        )
    )


def result_line(result: Result[Any], width: int) -> Line:
    """``result`` in ``width`` cells: kind, name, and its fact or key at the right edge."""
    if result.key:
        end = make((result.key, "key"))
    else:
        end = make((result.fact, result.fact_token))
    room = max(width // 2, width - KIND_WIDTH - width_of(result.name) - 2)
    if cells(end) > room:
        end = clip(end, room)
    kind = (cell(result.kind, KIND_WIDTH - 1, "dim"), Run(" ", "dim")) if width >= 36 else EMPTY
    return beside((*kind, *marked(result.name, result.matched)), end, width)


class PaletteSheet(Sheet[Result[Value]], Generic[Value]):
    """Entry on top, results under it. See the module for its use."""

    DIGITS = False

    def __init__(
        self,
        name: str,
        subject: str | Line,
        search: Callable[[str], Found[Value]],
        *,
        rows: int = 9,
        sign: str = ":",
        nothing: str = "",
        id: str | None = None,
    ) -> None:
        """``rows`` results are shown at most; ``nothing`` stands there when nothing is found."""
        super().__init__(name, subject, id=id)
        self.entry = Entry()
        self._search = search
        self._wanted = rows
        self._sign = sign
        self._nothing = nothing
        self._at = -1  # the result under the cursor; -1: none
        self._top = 0
        self._found = search("")
        self._start()

    @property
    def results(self) -> Sequence[Result[Value]]:
        """What was found for what is typed."""
        return self._found.results

    def rows_wanted(self, width: int, height: int) -> int:
        # Half of a small screen stays in sight; what it is about is above it.
        return 1 + max(3, min(self._wanted, height - 6))

    def body(self, width: int, height: int) -> list[Line]:
        room = max(height - 1, 1)
        self._top = max(min(self._top, max(self._at, 0)), self._at - room + 1)
        made = [self._entry_row(width)]
        for place, result in enumerate(self.results[self._top : self._top + room], self._top):
            body = result_line(result, width - 3)
            if place == self._at:
                bar = Run(glyphs.active().cursor, "accent")
                made.append(tinted((bar, Run(" ", "text"), *body)))
            else:
                made.append(indent(body, 2))
        if not self.results and self.entry.text:
            made.append(indent(make((self._nothing or _("nothing found"), "dim")), 2))
        return made

    def _entry_row(self, width: int) -> Line:
        sign = make((f"{self._sign} ", "key"))
        count = EMPTY
        if self._found.of:
            count = make(
                (
                    _("{n} of {all}").format(
                        n=f"{self._found.total or len(self.results):,}", all=f"{self._found.of:,}"
                    ),
                    "dim",
                )
            )
        if self._at >= 0:
            act = hint("Enter", _("open"))
        else:
            act = hint("down", _("choose")) if self.results else hint("Esc", _("leave"))
        end = join((count, act)) if width >= 60 else EMPTY
        room = width - 2 - cells(sign) - (cells(end) + 2 if end else 0)
        typed = self.entry.line(max(room, 1), ())
        return indent(beside((*sign, *typed), end, width - 2))

    async def press(self, event: events.Key) -> None:
        match event.key:
            case "enter":
                if self.results and self._at >= 0:
                    await self.choose(self.results[self._at])
                elif not self.entry.text.strip():
                    await self.leave()
            case "down" | "ctrl+n" | "tab":
                self._move(1)
            case "up" | "ctrl+p" | "shift+tab":
                self._move(-1)
            case "pagedown":
                self._move(self.size.height - 2)
            case "pageup":
                self._move(2 - self.size.height)
            case key:
                before = self.entry.text
                if self.entry.press(key, event.character):
                    self._changed(before)

    def _move(self, by: int) -> None:
        self._at = max(0, min(self._at + by, len(self.results) - 1))
        self.redraw()

    def _changed(self, before: str) -> None:
        if self.entry.text != before:
            self._found = self._search(self.entry.text)
            self._start()
        self.redraw()

    def _start(self) -> None:
        """Put the cursor on the first result, unless that cannot be undone: it is moved there by
        hand then."""
        self._at = -1 if not self.results or self.results[0].for_good else 0
        self._top = 0

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        if self.is_open:
            before = self.entry.text
            self.entry.insert(words.clean(event.text.rstrip("\r\n"), single_line=True))
            self._changed(before)
