"""MenuSheet: up to nine choices at a time, each a digit.

The digit chooses at once. Every option shows in a dim word what it will do to this record. Options
beyond nine come in pages; ``0`` turns the page. Esc or q leaves.

    options = [
        MenuOption(_("Reached"), _("then a line")),
        MenuOption(_("Do not call"), "", "blocked"),
    ]
    index = await ask(screen, MenuSheet(_("call"), lead.title, options))
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual import events

from tui_crm.core.text import _
from tui_crm.tui.widgets.hints import hint
from tui_crm.tui.widgets.lines import EMPTY, Line, cells, clip, columns, fixed, indent, join, make
from tui_crm.tui.widgets.sheet import Sheet

LEAST = 6  # cells of a consequence that say something


@dataclass(frozen=True)
class MenuOption:
    """One choice: its label, its consequence (dim) and, where it needs one, the label's token."""

    label: str
    consequence: str = ""
    token: str = "text"


def menu_block(options: Sequence[MenuOption], width: int, first_digit: int = 1) -> list[Line]:
    """Options under each other with their digits, in at most ``width`` cells. A consequence of
    which fewer than :data:`LEAST` cells would be left is left out."""
    lines = []
    for digit, option in enumerate(options, first_digit):
        line = make((str(digit), "key"), (f" {option.label}", option.token))
        consequence = make((f" {option.consequence}" if option.consequence else "", "dim"))
        room = width - cells(line)
        if cells(consequence) <= room or room > LEAST:
            line = (*line, *consequence)
        lines.append(clip(line, width))
    return lines


def menu_lines(options: Sequence[MenuOption], width: int, rows: int) -> list[Line]:
    """Up to nine options in columns of ``rows``, the first column first, ``width`` cells in all."""
    parts = [options[at : at + rows] for at in range(0, len(options), max(rows, 1))]
    if not parts:
        return []
    share, over = divmod(width, len(parts))
    widths = [share + (1 if place < over else 0) for place in range(len(parts))]
    blocks = [
        menu_block(part, size - 1, place * rows + 1)
        for place, (part, size) in enumerate(zip(parts, widths, strict=True))
    ]
    return columns(blocks, widths)


class MenuSheet(Sheet[int]):
    """A menu by digits. See the module for its use."""

    PAGE = 9

    def __init__(
        self,
        name: str,
        subject: str | Line,
        options: Sequence[MenuOption],
        *,
        enter: int | None = None,
        also_leaves: Sequence[str] = (),
        letters: int | None = None,
        extra: Mapping[str, int] | None = None,
        extra_hints: Line = EMPTY,
        id: str | None = None,
    ) -> None:
        """``enter`` is the option that Enter chooses (none: Enter leaves). ``also_leaves`` are
        more keys that leave, such as the one that opened the menu. ``letters`` is the option that a
        typed letter chooses, which is kept in ``letter`` as the first of a line; q is a letter then
        too, and Esc leaves. ``extra`` are further keys with what each of them chooses in place of
        an option, and ``extra_hints`` what is said of them."""
        super().__init__(name, subject, id=id)
        self.options = tuple(options)
        self._enter = enter
        self._also_leaves = tuple(also_leaves)
        self._extra, self._extra_hints = dict(extra or {}), extra_hints
        self._letters = letters
        self.letter = ""
        self._page = 0

    @property
    def _shown(self) -> tuple[MenuOption, ...]:
        return self.options[self._page * self.PAGE :][: self.PAGE]

    @property
    def _pages(self) -> int:
        return max(1, -(-len(self.options) // self.PAGE))

    def _column(self, width: int, height: int) -> int:
        """Options in one column: three where there is room, else all, else what fits."""
        most = min(len(self.options), self.PAGE)
        if width >= 60:
            return max(1, min(3, most))
        room = max(height - 4, 1)
        return most if most <= room else -(-most // 2)

    def rows_wanted(self, width: int, height: int) -> int:
        return self._column(width, height) + 1

    def body(self, width: int, height: int) -> list[Line]:
        # The shape is that of the first page, so that turning it moves nothing.
        rows = self._column(width, self.screen.size.height)
        made = [indent(line) for line in menu_lines(self._shown, width - 1, rows)]
        made += [EMPTY] * (rows - len(made))
        return [*made, fixed(indent(self._hints(width - 2)), width)]

    def _hints(self, width: int) -> Line:
        key = (*self._also_leaves, "q")[0]
        escape = hint("Esc", _("leave"))
        leave = (*make((key, "key"), (" " + _("or") + " ", "dim")), *escape)
        if self._letters is not None:
            leave = escape
        digit = hint(_("digit"), _("chooses"))
        more = hint("0", _("more")) if self._pages > 1 else EMPTY
        enter = EMPTY if self._enter is None else hint("Enter", self.options[self._enter].label)
        forms = [
            join((digit, more, self._extra_hints, enter, leave), "   "),
            join((digit, more, self._extra_hints, leave)),
            join((more, self._extra_hints, leave)),
            join((more, leave)),
        ]
        return next((form for form in forms if cells(form) <= width), leave)

    async def press(self, event: events.Key) -> None:
        key = event.character or event.key
        is_letter = key.isprintable() and len(key) == 1 and not (key.isdecimal() or key.isspace())
        if self._letters is not None and is_letter:
            self.letter = key
            await self.choose(self._letters)
        elif event.key in self._extra or key in self._extra:
            await self.choose(self._extra[event.key if event.key in self._extra else key])
        elif key in {"q", *self._also_leaves}:
            await self.leave()
        elif event.key == "enter":
            await (self.leave() if self._enter is None else self.choose(self._enter))
        elif key == "0" and self._pages > 1:
            self._page = (self._page + 1) % self._pages
            self.redraw()
        elif key.isdecimal() and key.isascii() and 1 <= int(key) <= len(self._shown):
            await self.choose(self._page * self.PAGE + int(key) - 1)
