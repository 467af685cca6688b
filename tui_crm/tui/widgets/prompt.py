"""PromptSheet: a one-line entry that shows how its text is read.

The caller supplies ``echo(text) -> Echo``: the rows that show how the line would be understood, and
the spans of the typed text that were recognised. Enter ends the sheet with the text; Enter on an
empty line, or Esc, leaves it.

    sheet = PromptSheet(_("next action"), lead.title, echo, examples=make(("fri 9:30 call", "dim")))
    text = await ask(screen, sheet)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Protocol

from textual import events
from textual.screen import Screen
from textual.timer import Timer

from tui_crm.core import text as words
from tui_crm.core.text import _
from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets.hints import hint
from tui_crm.tui.widgets.lines import (
    EMPTY,
    Line,
    Run,
    beside,
    cells,
    clip,
    indent,
    join,
    make,
    plain,
)
from tui_crm.tui.widgets.sheet import Done, Sheet

SAVE_SECONDS = 0.6  # from a key to the draft of what is typed
LONGEST = 10_000
"""Characters of one line; what is pasted beyond it is not taken."""


@dataclass(frozen=True)
class EchoRow:
    """One row of an echo: ``=`` (won) understood, ``!`` (due) a warning, ``?`` (late) an error.

    ``runs`` is the rest of the row; parts that were recognised are bold.
    """

    sign: str
    token: str
    runs: Line


@dataclass(frozen=True)
class Echo:
    """How a typed line is read.

    ``spans`` are ``(start, end, token)`` in the typed text, in order and apart from each other:
    the pieces that were recognised. ``refuse`` keeps Enter from ending the sheet (the rows say
    why).
    """

    rows: Sequence[EchoRow] = ()
    spans: Sequence[tuple[int, int, str]] = ()
    refuse: bool = False


def no_echo(text: str) -> Echo:
    """The echo of an entry whose text means nothing but itself."""
    return Echo()


class DraftSlot(Protocol):
    """Where an entry saves what is typed, so that no kill and no cut line takes more than a moment
    of it (`tui_crm.core.drafts`)."""

    title: str
    about: str
    keeps_left: bool
    """Whether Esc keeps the words for the next time; else it drops them."""

    def save(self, text: str, wait: bool = False) -> bool:
        """Save the text as it is now; whether it was saved. With ``wait`` other writers are waited
        for."""
        ...

    def drop(self) -> None:
        """Forget the text: it was kept elsewhere, or is not wanted."""
        ...


class Entry:
    """The text being typed and its cursor. Knows nothing of the screen.

    A ``selected`` text was filled in before anything was typed: the first letter takes its place,
    any key of the cursor edits it."""

    def __init__(self, text: str = "", selected: bool = False) -> None:
        self.text = text
        self.at = len(text)
        self.selected = selected and bool(text)

    def insert(self, typed: str) -> None:
        """Put ``typed`` in at the cursor (in place of a selected text), safe and on one line."""
        if self.selected:
            self.text, self.at, self.selected = "", 0, False
        room = LONGEST - len(self.text)
        typed = words.clean(typed[: words.MOST], single_line=True)[:room]
        self.text = self.text[: self.at] + typed + self.text[self.at :]
        self.at += len(typed)

    def press(self, key: str, character: str | None) -> bool:
        """One editing key; False for a key that does nothing here."""
        typed = character is not None and character.isprintable()
        selected, self.selected = self.selected, self.selected and typed
        match key:
            case "left" | "ctrl+b":
                self.at -= len(self._before())
            case "right" | "ctrl+f":
                self.at += len(self._behind())
            case "home" | "ctrl+a":
                self.at = 0
            case "end" | "ctrl+e":
                self.at = len(self.text)
            case "ctrl+left":
                self.at = self._word_start()
            case "ctrl+right":
                rest = self.text[self.at :]
                skipped = len(rest) - len(rest.lstrip())
                space = rest.find(" ", skipped)
                self.at = len(self.text) if space < 0 else self.at + space
            case "backspace":
                self._drop(self.at - len(self._before()), self.at)
            case "delete" | "ctrl+d":
                self._drop(self.at, self.at + len(self._behind()))
            case "ctrl+w":
                self._drop(self._word_start(), self.at)
            case "ctrl+u":
                self._drop(0, self.at)
            case "ctrl+k":
                self._drop(self.at, len(self.text))
            case _:
                if character is None or not typed:
                    return selected
                self.insert(character)
        return True

    def _drop(self, start: int, end: int) -> None:
        self.text = self.text[:start] + self.text[end:]
        self.at = start

    def _before(self) -> str:
        """The grapheme left of the cursor: one key takes a whole letter with its marks."""
        return (["", *words.graphemes(self.text[: self.at])])[-1]

    def _behind(self) -> str:
        return next(iter(words.graphemes(self.text[self.at :])), "")

    def _word_start(self) -> int:
        before = self.text[: self.at].rstrip(" ")
        return before.rfind(" ") + 1

    def line(self, width: int, spans: Sequence[tuple[int, int, str]], caret: bool = True) -> Line:
        """The text with its spans and the block cursor, in at most ``width`` cells.

        A text longer than that is shown around the cursor, with signs where it goes on.
        """
        pieces = list(words.graphemes(self.text))
        starts = [0, *accumulate(len(piece) for piece in pieces)]
        place = next((i for i, start in enumerate(starts) if start >= self.at), len(pieces))
        sizes = [words.width(piece) for piece in pieces]
        first = 0
        # The cursor behind the text needs a cell of its own; one more for the sign at the left.
        while first < place and sum(sizes[first : place + 1]) + 1 + (1 if first else 0) > width:
            first += 1
        drawn = glyphs.active()
        runs: list[Run] = [Run(drawn.back, "dim")] if first else []
        room = width - len(runs)
        for index in range(first, len(pieces) + 1):
            here = caret and index == place and not self.selected
            piece = pieces[index] if index < len(pieces) else (" " if here else "")
            size = words.width(piece)
            left = index < len(pieces) - 1
            if size + (1 if left and not here else 0) > room:
                if room > 0:
                    runs.append(Run(drawn.entry, "dim"))
                break
            room -= size
            token = "caret" if here or self.selected else self._token(starts[index], spans)
            if runs and runs[-1].token == token:
                runs[-1] = Run(runs[-1].text + piece, token)
            elif piece:
                runs.append(Run(piece, token))
        return tuple(runs)

    @staticmethod
    def _token(index: int, spans: Sequence[tuple[int, int, str]]) -> str:
        return next((token for start, end, token in spans if start <= index < end), "strong.n")


class PromptSheet(Sheet[str]):
    """A line that is typed, with its echo under it. See the module for its use."""

    DIGITS = False

    def __init__(
        self,
        name: str,
        subject: str | Line = "",
        echo: Callable[[str], Echo] = no_echo,
        *,
        value: str = "",
        selected: bool = False,
        examples: Line = EMPTY,
        rows: int = 2,
        sign: str | None = None,
        keep: str | None = None,
        empty_value: str | None = None,
        empty_word: str | None = None,
        echo_empty: bool = False,
        id: str | None = None,
    ) -> None:
        """``value`` is what the line begins with; ``selected``: the first letter replaces it.
        ``rows`` echo rows are reserved from the start, so that nothing jumps while typing.

        ``examples`` stand in the first of them while nothing is typed. ``sign`` replaces the entry
        sign, ``keep`` the word beside Enter. Where an empty line means something (keep it in
        To do), Enter ends with ``empty_value`` then, and ``empty_word`` stands beside it.
        ``echo_empty``: an empty line has an echo too.
        """
        super().__init__(name, subject, id=id)
        self.entry = Entry(value, selected)
        self._echo = echo
        self._examples = examples
        self._reserved = rows
        self._sign = sign
        self._keep = keep
        self._empty_value = empty_value
        self._empty_word = empty_word
        self._echo_empty = echo_empty
        self._read_text: str | None = None
        self._reading = Echo()
        self._refused = ("", "")
        self._draft: DraftSlot | None = None
        self._saved = value  # the text that needs no saving
        self._saver: Timer | None = None  # runs from a key to the saving of the draft
        self._own_note = EMPTY  # what the hairline says when the draft has nothing to say

    async def open(self, screen: Screen[Any], done: Done[str] | None = None) -> None:
        # A text that was refused comes back with the reason as its echo, until it is changed: the
        # sheet covers the row where the message with the reason stands.
        self._refused = (self.entry.text, getattr(screen, "refusal", ""))
        await super().open(screen, done)
        if self.value != self._saved:
            self._save_later()

    # -- drafts --------------------------------------------------------------------------------

    def keep_draft(self, draft: DraftSlot, saved: str, since: str = "") -> None:
        """Save what is typed to ``draft``, but for the text ``saved``. ``since`` says in the
        hairline when the offered text was typed."""
        subject = self.subject
        draft.title = self.title
        draft.about = subject if isinstance(subject, str) else plain(subject[:1])
        self._draft, self._saved, self._own_note = draft, saved, self.note
        if since:
            # It was typed already: the first letter goes on with it.
            self.entry.selected = False
            self.note = make((_("not saved, from {when}").format(when=since), "due"))

    def _save_later(self) -> None:
        if self._draft is not None and self._saver is None:
            self._saver = self.set_timer(SAVE_SECONDS, self._save_while_typing)

    def _save_while_typing(self) -> None:
        """Save without waiting for somebody else who writes: try again later."""
        self._saver = None
        if not self.save_draft():
            self._saver = self.set_timer(SAVE_SECONDS, self._save_while_typing)

    def save_draft(self, wait: bool = False) -> bool:
        """Save what is typed, if it is not; whether it is saved now, which the hairline shows."""
        self._stop_saver()
        if self._draft is None or not self.is_open or self.value == self._saved:
            return True
        saved = self._draft.save(self.value, wait)
        if saved:
            self._saved = self.value
        self.show_saved(saved)
        return saved

    def show_saved(self, saved: bool) -> None:
        """Show in the hairline what is not saved."""
        self.note = self._own_note if saved else make((_("not saved"), "late.b"))
        self.redraw()

    def _stop_saver(self) -> None:
        if self._saver is not None:
            self._saver.stop()
            self._saver = None

    def keep(self) -> None:
        self.save_draft(wait=True)

    def on_unmount(self) -> None:
        self._stop_saver()

    async def leave(self) -> None:
        if self.is_open and self._draft is not None:
            if self._draft.keeps_left:
                self.save_draft(wait=True)
            else:
                self._draft.drop()
        await super().leave()

    async def _end(self, value: str | None) -> None:
        self._stop_saver()
        await super()._end(value)

    # -- reading -------------------------------------------------------------------------------

    @property
    def value(self) -> str:
        """What is typed."""
        return self.entry.text

    def reading(self) -> Echo:
        """The echo of what is typed; made once for each text."""
        if self._read_text != self.entry.text:
            self._read_text = self.entry.text
            text, why = self._refused
            if why and self.entry.text == text:
                self._reading = Echo([EchoRow("?", "late", make((why, "late")))])
            else:
                wanted = self._echo_empty or self.entry.text.strip()
                self._reading = self._echo(self.entry.text) if wanted else Echo()
        return self._reading

    def rows_wanted(self, width: int, height: int) -> int:
        return 1 + max(self._reserved, len(self.reading().rows))

    def body(self, width: int, height: int) -> list[Line]:
        rows = [self._entry_row(width)]
        reading = self.reading()
        if not self.entry.text.strip() and not reading.rows:
            rows.append(indent(clip(self._examples, width - 4), 3))
        for row in reading.rows:
            rows.append(
                indent(clip(make((f"{row.sign} ", f"{row.token}.b"), *row.runs), width - 2))
            )
        return rows

    def _entry_row(self, width: int) -> Line:
        sign = make((f"{self._sign or glyphs.active().entry} ", "key"))
        end = self._hints(width)
        room = width - 2 - cells(sign)
        if cells(end) + 12 > room:
            end = EMPTY  # the typed text comes first
        room -= cells(end) + 2 if end else 0
        typed = self.entry.line(max(room, 1), self.reading().spans)
        return indent(beside((*sign, *typed), end, width - 2, gap=2))

    def _hints(self, width: int) -> Line:
        escape = hint("Esc", _("leave"))
        if self.entry.text.strip():
            both = join((hint("Enter", self._keep or _("keep")), escape))
            return both if width >= 60 else EMPTY
        if self._empty_value is not None:
            act = hint("Enter", self._empty_word or _("keep"))
            return join((act, escape)) if width >= 60 else act
        # At any width: Esc is never the only way out.
        return (*make(("Enter", "key"), (" " + _("or") + " ", "dim")), *escape)

    async def press(self, event: events.Key) -> None:
        if event.key == "enter":
            await self.submit()
        elif self.entry.press(event.key, event.character):
            self.changed()

    def changed(self) -> None:
        """Called after the text or its echo has changed: draw it, grow where the echo did."""
        if len(self.reading().rows) > self._reserved:
            self._size_to(self.screen)
        self._save_later()
        self.redraw()

    async def submit(self) -> None:
        """What Enter does."""
        value = self.entry.text.strip()
        if value:
            if not self.reading().refuse:
                await self.choose(value)
        elif self._empty_value is not None:
            await self.choose(self._empty_value)
        else:
            await self.leave()

    async def on_paste(self, event: events.Paste) -> None:
        event.stop()
        if self.is_open:
            await self.paste(event.text)

    async def paste(self, text: str) -> None:
        """Insert a pasted text."""
        # A line end in it is no Enter: nothing is submitted before it was seen.
        text = text.rstrip("\r\n")
        before = len(self.entry.text)
        self.entry.insert(text)
        self.changed()
        if len(self.entry.text) == LONGEST and len(text) > LONGEST - before:
            cut = _("cut: at most {most} characters").format(most=f"{LONGEST:,}")
            self.note = self._own_note = make((cut, "late"))

    def replace_text(self, text: str) -> None:
        """Type ``text`` in place of what is typed, as a completion does."""
        self.entry = Entry(text)
        self.read_again()

    def read_again(self) -> None:
        """Make the echo anew for the same text: what it depends on has changed."""
        self._read_text = None
        PromptSheet.changed(self)
