"""The sheets of Calling: the note, how a call ended, the script, and what comes next."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import datetime

from textual import events

from tui_crm.core import drafts
from tui_crm.core.calling import session as calling_session
from tui_crm.core.calling.card import Card, note_place
from tui_crm.core.calling.session import Upcoming
from tui_crm.core.dates.labels import short_day
from tui_crm.core.errors import CrmError
from tui_crm.core.session import Session
from tui_crm.core.text import _
from tui_crm.tui.widgets import prospect_card, prospect_panes
from tui_crm.tui.widgets.hints import hint
from tui_crm.tui.widgets.lines import EMPTY, Line, Run, cell, clip, indent, join, make, paragraph
from tui_crm.tui.widgets.menu import MenuSheet
from tui_crm.tui.widgets.prompt import PromptSheet
from tui_crm.tui.widgets.script_text import part_rows, script_rows
from tui_crm.tui.widgets.sheet import Sheet

ECHO_ROWS = 3  # echo rows of an entry: it then covers all outcomes and never half of them


class RowNote:
    """The draft of a prospect's note: what is typed, under the note that stands already."""

    keeps_left = True

    def __init__(self, session: Session, prospect_id: int, earlier: str) -> None:
        self._session, self._prospect, self._earlier = session, prospect_id, earlier
        self.title = self.about = ""

    def save(self, text: str, wait: bool = False) -> bool:
        words = text.strip()
        if not words:
            return self._forget()
        note = "\n".join(part for part in (self._earlier, words) if part)
        with suppress(CrmError), nullcontext() if wait else self._session.store.short_timeout():
            calling_session.save_note(self._session, self._prospect, note)
            return True
        return False

    def drop(self) -> None:
        self._forget()

    def _forget(self) -> bool:
        with suppress(CrmError):
            drafts.drop(self._session, note_place(self._prospect))
            return True
        return False


class RowNoteSheet(PromptSheet):
    """The note of this call, saved while it is typed; Enter and Esc both keep it.

    ``earlier`` is the note that stands already, ``typed`` what was typed of this one."""

    def __init__(
        self, session: Session, prospect_id: int, about: str, earlier: str, typed: str
    ) -> None:
        examples = make((_("what was said; it is saved as you type"), "dim"))
        if earlier:
            examples = make((_("earlier: "), "dim"), (" ".join(earlier.split()), "text"))
        super().__init__(
            _("note"),
            about,
            value=typed,
            rows=ECHO_ROWS,
            examples=examples,
        )
        self.keep_draft(RowNote(session, prospect_id, earlier), typed)

    def changed(self) -> None:
        super().changed()
        self.note = make((_("~ saving"), "due"))
        self.redraw()

    def show_saved(self, saved: bool) -> None:
        super().show_saved(saved)
        if saved:
            self.note = make((_("saved"), "dim"))

    async def _end(self, value: str | None) -> None:
        self.save_draft(wait=True)
        await super()._end(value)

    def on_unmount(self) -> None:
        # The program ends while a note is being typed: it is saved.
        self.save_draft(wait=True)


class CallMenu(MenuSheet):
    """A menu that covers all outcomes on screen, however few options it has."""

    def rows_wanted(self, width: int, height: int) -> int:
        return max(super().rows_wanted(width, height), ECHO_ROWS + 1)

    def body(self, width: int, height: int) -> list[Line]:
        *rows, keys = super().body(width, height)
        return [*rows, *[EMPTY] * (height - 1 - len(rows)), keys]


class EndedSheet(Sheet[int]):
    """Asks how the call ended. Ends with the digit of the outcome, 0 when no call took place, None
    when the rep stays on the prospect."""

    def __init__(self, card: Card) -> None:
        super().__init__(_("how did this call end?"), card.name or card.company)
        self._card = card

    def rows_wanted(self, width: int, height: int) -> int:
        return ECHO_ROWS + 1

    def body(self, width: int, height: int) -> list[Line]:
        grid = prospect_card.outcome_grid(self._card.choices, width - 2)
        rows = [indent(line) for line in grid[: max(height - 1, 1)]]
        short = width < 60
        none = hint("0", _("no call") if short else _("no call took place"))
        leave = hint("Esc", _("stays") if short else _("or q stays on this row"))
        return [*rows, indent(clip(join((none, leave), "   "), width - 2))]

    async def press(self, event: events.Key) -> None:
        key = event.character or event.key
        if key == "q":
            await self.leave()
        elif key == "0" or any(str(choice.digit) == key for choice in self._card.choices):
            await self.choose(int(key))


class ScriptSheet(Sheet[int]):
    """The script below 100 columns, where there is no pane for it: j and k scroll, a digit opens an
    answer, 0 the opening. Ends with the digit of the answer that is shown, 0 for the opening.

    ``opened`` is called with the digit of each answer that is opened."""

    def __init__(self, card: Card, branch: int | None, opened: Callable[[int], None]) -> None:
        super().__init__(_("script"), card.name or card.company)
        self._card, self._branch, self._top, self._opened = card, branch, 0, opened

    def _text_rows(self, width: int) -> list[Line]:
        rows, _name = script_rows(self._card, self._branch, width - 2)
        for digit, name, _text in self._card.script.branches:
            token = "strong" if digit == self._branch else "dim"
            rows.append(make((f"{digit} ", "key"), (name, token)))
        return rows

    def rows_wanted(self, width: int, height: int) -> int:
        parts = self._card.script.parts
        longest = max((len(part_rows(part, width - 2)) for part in parts), default=1)
        wanted = longest + len(self._card.script.branches) + 1
        return max(min(wanted, height // 2), ECHO_ROWS + 1)

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
            self._opened(int(key))
        elif key in ("j", "down", "pagedown"):
            self._top += 1
        elif key in ("k", "up", "pageup"):
            self._top = max(self._top - 1, 0)
        self.redraw()

    async def leave(self) -> None:
        await self.choose(self._branch or 0)


class ComingSheet(Sheet[int]):
    """The prospects that come next, with reasons, and the counts of the hidden ones. Ends with the
    index of the prospect to go to: a digit chooses it, 0 the tenth. Any other key leaves."""

    def __init__(self, coming: Upcoming, now: datetime) -> None:
        about = _("{n} may be called now").format(n=f"{coming.callable_now:,}")
        super().__init__(_("what comes next"), about)
        self._coming, self._now = coming, now

    def _below(self, width: int) -> list[Line]:
        """The rows that wait and the hidden ones: each reason with its count."""
        rows = []
        if self._coming.later:
            moment = ""
            if self._coming.next_at is not None:
                at = datetime.fromtimestamp(self._coming.next_at, self._now.tzinfo)
                day = (
                    ""
                    if at.date() == self._now.date()
                    else (f"{short_day(at.date(), self._now.date())} ")
                )
                moment = _(", the first at {at}").format(at=f"{day}{at:%H:%M}")
            text = _("{n} wait for their moment").format(n=f"{self._coming.later:,}") + moment
            rows.append(make((text, "dim")))
        hidden = "".join(run.text for run in prospect_panes.hidden_line(self._coming))
        return [*rows, *paragraph(hidden, width, "dim")]

    def rows_wanted(self, width: int, height: int) -> int:
        wanted = max(len(self._coming.rows), 1) + len(self._below(width - 2)) + 1
        return min(wanted, height - 2)

    def body(self, width: int, height: int) -> list[Line]:
        rows: list[Line] = []
        for place, row in enumerate(self._coming.rows, 1):
            who = ", ".join(part for part in (row.name, row.company) if part) or "–"
            sign = cell(str(place % 10) if place <= 10 else " ", 2, "key")
            why = "late" if row.late else "dim"
            if width < 60:
                line: Line = (sign, cell(who, width - 4))
            else:
                size = (width - 4) * 48 // 100
                line = (sign, cell(who, size - 1), Run(" ", "text"), *make((row.why, why)))
            rows.append(clip(line, width - 2))
        if not rows:
            rows.append(make((_("nobody else may be called now"), "dim")))
        below = self._below(width - 2)
        # Where there is no room for all, the counts stay: they are shown nowhere else.
        rows = [*rows[: max(height - 1 - len(below), 1)], *below][: max(height - 1, 1)]
        rows = [indent(clip(row, width - 2)) for row in rows]
        keys = join((hint(_("digit"), _("goes there")), hint("v", _("or Esc leaves"))), "   ")
        return [*rows, indent(keys)]

    async def press(self, event: events.Key) -> None:
        key = event.character or event.key
        place = int(key) or 10 if key.isdecimal() and key.isascii() else 0
        if 1 <= place <= len(self._coming.rows):
            await self.choose(place - 1)
        else:
            await self.leave()
