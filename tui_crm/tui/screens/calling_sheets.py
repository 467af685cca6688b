"""The sheets of Calling: the note, the script with its answers, and what comes next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from textual import events

from tui_crm.core.errors import CrmError
from tui_crm.core.moments import day_label
from tui_crm.core.text import _, wrap
from tui_crm.core.work import calling, drafts
from tui_crm.core.work.calling_card import Card, place_of
from tui_crm.core.work.calling_seat import Coming
from tui_crm.core.work.team import Session
from tui_crm.tui.widgets import prospect_card, prospect_panes
from tui_crm.tui.widgets.hints import hint
from tui_crm.tui.widgets.lines import EMPTY, Line, Run, cell, clip, indent, join, make
from tui_crm.tui.widgets.menu import MenuSheet
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet
from tui_crm.tui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from tui_crm.tui.screens.base import CrmScreen

SHEET = 3  # echo rows of an entry: it then covers all outcomes and never half of them
SAVES = 0.6  # seconds after a key until the note is in the store


class RowNoteSheet(PromptSheet):
    """The words of this call, in the store while they are typed; Enter and Esc both keep them."""

    def __init__(
        self, session: Session, prospect_id: int, about: str, kept: str, typed: str
    ) -> None:
        examples = make((_("earlier: ") if kept else "", "dim"), (" ".join(kept.split()), "text"))
        super().__init__(
            _("note"), about, value=typed, rows=SHEET,
            examples=examples if kept else make((_("what was said; it is saved as you type"), "dim")),
        )  # fmt: skip
        self._session, self._prospect, self._kept = session, prospect_id, kept
        self._saver: Any = None

    def changed(self) -> None:
        super().changed()
        self.note = make((_("~ saving"), "due"))
        if self._saver is None:
            self._saver = self.set_timer(SAVES, self.save)
        self.redraw()

    def save(self) -> None:
        """Keep what is typed; the hairline says so, or that it could not be."""
        if self._saver is not None:
            self._saver.stop()
            self._saver = None
        words = self.value.strip()
        try:
            if words:
                text = "\n".join(part for part in (self._kept, words) if part)
                calling.keep_note(self._session, self._prospect, text)
            else:
                drafts.drop(self._session, place_of(self._prospect))
        except CrmError:
            self.note = make((_("not saved"), "late.b"))
        else:
            self.note = make((_("saved"), "dim"))
        self.redraw()

    async def _end(self, value: str | None) -> None:
        if self.is_open and self._saver is not None:
            self.save()
        await super()._end(value)

    def keep(self) -> None:
        if self.is_open and self._saver is not None:
            self.save()

    def on_unmount(self) -> None:
        # The program ends while a note is being typed: it is kept.
        if self._saver is not None:
            self.save()


def explained(screen: CrmScreen, text: str, echo: Callable[[str], Echo]) -> Callable[[str], Echo]:
    """The echo of an entry that is opened again after a refusal: as long as the text is the one
    that was refused, it says why. The sheet covers the message row, where it was said first."""
    said = screen._said
    if not text or said is None or said.word != "!":
        return echo
    why = " ".join(part for part in (said.subject, said.note) if part)

    def read(typed: str) -> Echo:
        if typed.strip() != text.strip():
            return echo(typed)
        return Echo([EchoRow("?", "late", make((why, "late")))])

    return read


class CallMenu(MenuSheet):
    """A menu that covers the outcomes whole, however few options it has."""

    def rows_wanted(self, width: int, height: int) -> int:
        return max(super().rows_wanted(width, height), SHEET + 1)


class ScriptSheet(Sheet[int]):
    """The script to read from: j and k scroll, a digit shows an answer, 0 the opening. Ends with
    the digit of the answer that is shown, 0 for the opening."""

    def __init__(self, card: Card, branch: int | None) -> None:
        super().__init__(_("script"), card.name or card.company)
        self._card, self._branch, self._top = card, branch, 0

    def _text_rows(self, width: int) -> list[Line]:
        said, _name = prospect_card.script_words(self._card, self._branch)
        rows = [make((text, "text")) for text in wrap(said, width - 2)]
        for digit, name, _text in self._card.script.branches:
            token = "strong" if digit == self._branch else "dim"
            rows.append(make((f"{digit} ", "key"), (name, token)))
        return rows

    def rows_wanted(self, width: int, height: int) -> int:
        longest = max((len(wrap(text, width - 2)) for text in (
            self._card.script.opening, *(b[2] for b in self._card.script.branches))), default=1)  # fmt: skip
        wanted = longest + len(self._card.script.branches) + 1
        return max(min(wanted, height // 2), SHEET + 1)

    def body(self, width: int, height: int) -> list[Line]:
        rows = self._text_rows(width)
        room = max(height - 1, 1)
        self._top = max(0, min(self._top, len(rows) - room))
        shown = [indent(clip(row, width - 2)) for row in rows[self._top : self._top + room]]
        shown += [EMPTY] * (room - len(shown))
        digits = hint(_("digit"), _("answer")) if self._card.script.branches else EMPTY
        opening = hint("0", _("opening")) if self._branch else EMPTY
        more = hint("j k", _("scroll")) if len(rows) > room else EMPTY
        keys = join((digits, opening, more, hint("tab", _("back"))), "   ")
        return [*shown, indent(clip(keys, width - 2))]

    async def press(self, event: events.Key) -> None:
        key = event.character or event.key
        if event.key in ("tab", "enter") or key == "q":
            await self.choose(self._branch or 0)
        elif key == "0":
            self._branch, self._top = None, 0
        elif key.isdecimal() and any(b[0] == int(key) for b in self._card.script.branches):
            self._branch, self._top = int(key), 0
        elif key in ("j", "down", "pagedown"):
            self._top += 1
        elif key in ("k", "up", "pageup"):
            self._top = max(self._top - 1, 0)
        self.redraw()

    async def leave(self) -> None:
        await self.choose(self._branch or 0)


class ComingSheet(Sheet[int]):
    """What comes next and why, what is hidden and why. A digit goes to that row; any other key
    leaves."""

    def __init__(self, coming: Coming, now: datetime) -> None:
        about = _("{n} may be called now").format(n=f"{coming.callable_now:,}")
        super().__init__(_("what comes next"), about)
        self._coming, self._now = coming, now

    def rows_wanted(self, width: int, height: int) -> int:
        return min(max(len(self._coming.rows), 1) + 2 + bool(self._coming.later), height - 2)

    def body(self, width: int, height: int) -> list[Line]:
        rows: list[Line] = []
        for place, row in enumerate(self._coming.rows, 1):
            who = ", ".join(part for part in (row.name, row.company) if part) or "–"
            sign = cell(str(place) if place < 10 else " ", 2, "key")
            why = "late" if row.late else "dim"
            if width < 60:
                line: Line = (sign, cell(who, width - 4))
            else:
                size = (width - 4) * 48 // 100
                line = (sign, cell(who, size - 1), Run(" ", "text"), *make((row.why, why)))
            rows.append(indent(clip(line, width - 2)))
        if not rows:
            rows.append(indent(make((_("nobody else may be called now"), "dim"))))
        rows = rows[: max(height - 2 - bool(self._coming.later), 1)]
        if self._coming.later:
            moment = ""
            if self._coming.next_at is not None:
                at = datetime.fromtimestamp(self._coming.next_at, self._now.tzinfo)
                day = "" if at.date() == self._now.date() else (
                    f"{day_label(at.date(), self._now.date())} ")  # fmt: skip
                moment = _(", the first at {at}").format(at=f"{day}{at:%H:%M}")
            text = _("{n} wait for their moment").format(n=f"{self._coming.later:,}") + moment
            rows.append(indent(clip(make((text, "dim")), width - 2)))
        rows.append(indent(clip(prospect_panes.hidden_line(self._coming), width - 2)))
        keys = join((hint(_("digit"), _("goes there")), hint("v", _("or Esc leaves"))), "   ")
        return [*rows, indent(keys)]

    async def press(self, event: events.Key) -> None:
        key = event.character or event.key
        if key.isdecimal() and key.isascii() and 1 <= int(key) <= min(len(self._coming.rows), 9):
            await self.choose(int(key) - 1)
        else:
            await self.leave()
