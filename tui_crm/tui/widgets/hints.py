"""The two rows at the bottom: messages, and the keys that act here.

`MessageRow` shows one `Message` (or any line: the summary, the marks) and `HintLine` the keys, in
order of use, cut by whole items, with ``? keys`` always last at the right edge. Both show what they
are given; what is shown for how long is the screen's business.

    hints.show([Hint("Enter", _("open")), Hint("c", _("call"))])
    messages.show(Message("Won", "won", "Acme GmbH: website relaunch", "€12,400"))
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui_crm.core.text import _
from tui_crm.tui.widgets.canvas import LineWidget
from tui_crm.tui.widgets.lines import EMPTY, Line, beside, cells, fixed, indent, join, make

MOST_HINTS = 10


@dataclass(frozen=True)
class Hint:
    """A key and what it does here, in one or two words (already translated)."""

    key: str
    word: str


def hint(key: str, word: str) -> Line:
    """One hint: the key bold in the accent, the word dim."""
    return make((key, "key"), (f" {word}" if word else "", "dim"))


def hint_line(
    hints: Sequence[Hint], width: int, last: Hint | None = None, most: int = MOST_HINTS
) -> Line:
    """As many whole ``hints`` as fit, and ``last`` at the right edge; one cell of air each side.

    Narrow screens show fewer: six under 80 columns, four under 60.
    """
    most = min(most, 4 if width < 60 else 6 if width < 80 else most)
    end = hint(last.key, last.word) if last is not None else EMPTY
    room = width - 2 - (cells(end) + 2 if end else 0)
    row: Line = EMPTY
    for item in hints[:most]:
        longer = join((row, hint(item.key, item.word)))
        if cells(longer) > room:
            break
        row = longer
    return fixed(indent(beside(row, end, width - 2)), width)


@dataclass(frozen=True)
class Message:
    """What was just done, refused or noticed, in one row.

    ``word`` in ``token`` bold (``!`` late), a good end (``Won``) as a chip, then ``subject`` in
    ``subject_token``, ``figure`` strong, ``note`` dim, and a key at the right edge (``u undo``).
    """

    word: str
    token: str = "strong"
    subject: str = ""
    figure: str = ""
    note: str = ""
    right: Hint | None = None
    subject_token: str = "text"


def message_line(message: Message, width: int) -> Line:
    """``message`` in exactly ``width`` cells, without air at its sides."""
    token = message.token if "." in message.token else f"{message.token}.b"
    # A sign stands close to its sentence, a word apart from its subject.
    gap = " " if len(message.word) == 1 else "  "
    word = make((message.word, token))
    if message.token == "won" and len(message.word) > 1:
        word = make((f" {message.word} ", "chip.won"))
    left = join(
        (
            join((word, make((message.subject, message.subject_token))), gap),
            make((message.figure, "strong")),
            make((message.note, "dim")),
        )
    )
    right = hint(message.right.key, message.right.word) if message.right else EMPTY
    return beside(left, right, width)


def _with_air(line: Line, width: int) -> Line:
    return fixed(indent(line), width)


class MessageRow(LineWidget):
    """The row above the hints: a message, or any line; empty at first."""

    DEFAULT_CSS = "MessageRow { height: 1; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: Message | Line = EMPTY

    @property
    def shown(self) -> Message | Line:
        """What the row shows; an empty line when it shows nothing."""
        return self._shown

    def show(self, message: Message | Line | None) -> None:
        """Show ``message``, or nothing. A line is drawn as it is, one cell in."""
        message = EMPTY if message is None else message
        if message != self._shown:
            self._shown = message
            self.redraw()

    def draw(self, width: int, height: int) -> list[Line]:
        if isinstance(self._shown, Message):
            return [_with_air(message_line(self._shown, width - 2), width)]
        return [_with_air(fixed(self._shown, width - 2), width)] if self._shown else []


class HintLine(LineWidget):
    """The last row. On screens under 13 rows it also shows the message (`say`)."""

    GROUND = "raised"

    DEFAULT_CSS = "HintLine { height: 1; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._hints: tuple[Hint, ...] = ()
        self._last: Hint | None = None
        self._message: Message | None = None

    def show(self, hints: Sequence[Hint], last: Hint | None = None) -> None:
        """Show ``hints`` in their order; ``last`` (default ``? keys``) stands at the right edge."""
        if (tuple(hints), last) != (self._hints, self._last):
            self._hints, self._last = tuple(hints), last
            self.redraw()

    def say(self, message: Message | None) -> None:
        """Show ``message`` in place of the hints, until ``say(None)``."""
        if message != self._message:
            self._message = message
            self.redraw()

    def draw(self, width: int, height: int) -> list[Line]:
        if self._message is not None:
            return [_with_air(message_line(self._message, width - 2), width)]
        last = self._last if self._last is not None else Hint("?", _("keys"))
        return [hint_line(self._hints, width, last)]
