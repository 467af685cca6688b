"""ReviewSheet: lines to look through before something is done, with the keys that do it."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events

from tui_crm.core.text import _
from tui_crm.tui.widgets.hints import hint
from tui_crm.tui.widgets.lines import EMPTY, Line, clip, indent, join, make
from tui_crm.tui.widgets.sheet import Sheet

MOST_ROWS = 12


class ReviewSheet(Sheet[str]):
    """Lines to look through, and keys under them that end the sheet with the name of the key."""

    def __init__(
        self,
        name: str,
        subject: str,
        rows: Sequence[Line],
        keys: Sequence[tuple[str, str, str]],
        *,
        leaves: str = "",
    ) -> None:
        """``keys`` are ``(Textual's name, as shown, word)``; ``leaves`` is what Esc does."""
        super().__init__(name, subject)
        self._content, self._keys, self._top = list(rows), list(keys), 0
        self._leaves = leaves

    def rows_wanted(self, width: int, height: int) -> int:
        return min(len(self._content), MOST_ROWS, max(height - 4, 1)) + 1

    def body(self, width: int, height: int) -> list[Line]:
        room = max(height - 1, 1)
        self._top = max(0, min(self._top, len(self._content) - room))
        shown = self._content[self._top : self._top + room]
        made = [indent(clip(row, width - 2)) for row in shown]
        made += [EMPTY] * (room - len(made))
        return [*made, indent(self._hints(len(shown), width - 2))]

    def _hints(self, shown: int, width: int) -> Line:
        hints = [hint(key, _(word)) for _name, key, word in self._keys]
        hints.append(hint("Esc", self._leaves or _("drop")))
        if shown < len(self._content):
            place = f"{self._top + shown}/{len(self._content)}"
            hints.append((*hint("j", _("more")), *make((f"  {place}", "dim"))))
        return clip(join(hints), width)

    async def press(self, event: events.Key) -> None:
        match event.key:
            case "j" | "down":
                self._top += 1
            case "k" | "up":
                self._top = max(self._top - 1, 0)
            case "pagedown" | "space":
                self._top += MOST_ROWS
            case "pageup":
                self._top = max(self._top - MOST_ROWS, 0)
            case key:
                if any(key == name for name, _shown, _word in self._keys):
                    await self.choose(key)
                return
        self.redraw()
