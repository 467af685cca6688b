"""Records as plain text that is edited and read back: a block a record, ``Label: value`` a line.

    #1042
    Title: Acme GmbH: website
    Amount: 12400
    Description: first line
      a line that begins with two blanks goes on with the value

A line that begins with ``#`` and is no number is a comment. A line that is taken out leaves its
value as it is, a value that is emptied clears it. What was not changed is never read, so that any
text comes back as it was.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tui_crm.core.text import _, clean

_NUMBER = re.compile(r"#(\d+)\s*")
_INDENT = "  "
REPORT = "#! "  # begins a comment that says what is wrong below it; it goes when the text is read


@dataclass(frozen=True)
class Block:
    """A record: its number, its values by label in their order, comments that stand above them,
    and labels that may be added to it (a person more)."""

    number: int
    values: dict[str, str]
    comments: tuple[str, ...] = ()
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """A value of a record that was changed in the text: from what it ``was`` when the text was
    written to what it is ``now``, in the ``line`` of the text."""

    number: int
    label: str
    was: str
    now: str
    line: int


@dataclass(frozen=True)
class Problem:
    """What cannot be read, in a sentence, and the line of the text where it stands."""

    line: int
    words: str

    def __str__(self) -> str:
        return _("line {n}: {what}").format(n=self.line, what=self.words)


@dataclass(frozen=True)
class Edited:
    """What a text says: the changes against the records that it was written from, in its order, and
    the problems. ``values`` are those of each record that stands in it."""

    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    values: dict[int, dict[str, str]] = field(default_factory=dict)


def block(
    number: int,
    values: Sequence[tuple[str, str]],
    comments: Sequence[str] = (),
    more: Sequence[str] = (),
) -> Block:
    """A record as it is written: labels made safe and told apart, values cleaned."""
    named: dict[str, str] = {}
    for place, (label, value) in enumerate(values, 1):
        plain = " ".join(clean(label, single_line=True).split()).lstrip("# ") or _(
            "Column {n}"
        ).format(n=place)
        unique, count = plain, 1
        while unique in named:
            count += 1
            unique = f"{plain} ({count})"
        named[unique] = clean(value)
    return Block(number, named, tuple(comments), tuple(more))


def write(intro: Sequence[str], blocks: Sequence[Block]) -> str:
    """The text of these records under some lines of explanation."""
    lines = [f"# {clean(line, single_line=True)}".rstrip() for line in intro]
    for one in blocks:
        lines += ["", f"#{one.number}"]
        lines += [f"# {clean(line, single_line=True)}".rstrip() for line in one.comments]
        for label, value in one.values.items():
            first, *rest = value.split("\n")
            lines.append(f"{label}: {first}")
            lines += [f"{_INDENT}{line}" for line in rest]
    return "\n".join(lines) + "\n"


def read(text: str, blocks: Sequence[Block]) -> Edited:
    """What an edited text changes in the records that it was written from. Never raises."""
    known = {one.number: one for one in blocks}
    reader = _Reader(known)
    for number, line in enumerate(clean(text).split("\n"), 1):
        reader.take(number, line)
    changes = []
    for record, values in reader.values.items():
        before = known[record].values
        for label, now in values.items():
            was = before.get(label, "")
            if _trimmed(now) != _trimmed(was):
                place = reader.lines[record, label]
                changes.append(Change(record, label, was, _trimmed(now), place))
    return Edited(tuple(changes), tuple(reader.problems), reader.values)


def _trimmed(value: str) -> str:
    """A value without the blanks that editors take off the ends of lines."""
    return "\n".join(line.rstrip() for line in value.split("\n")).strip()


class _Reader:
    """Takes the lines of a text, one by one."""

    def __init__(self, known: dict[int, Block]) -> None:
        self.values: dict[int, dict[str, str]] = {}
        self.lines: dict[tuple[int, str], int] = {}
        self.problems: list[Problem] = []
        self._known = known
        self._block: Block | None = None
        self._lost = False  # in a block that cannot be read: its lines are not looked at
        self._label = ""
        self._blank = 0  # empty lines since the value: part of it when it goes on

    def take(self, number: int, line: str) -> None:
        """Take the next line."""
        if line.startswith(_INDENT) and self._label and self._block is not None:
            of_record = self.values[self._block.number]
            of_record[self._label] += "\n" * self._blank + "\n" + line[len(_INDENT) :]
            self._blank = 0
        elif not line.strip():
            self._blank += 1
        elif found := _NUMBER.fullmatch(line):
            self._begin(number, found[1])
        elif not line.startswith("#"):
            self._value(number, line)

    def _begin(self, line: int, digits: str) -> None:
        self._block, self._label, self._lost = None, "", True
        one = self._known.get(int(digits)) if len(digits) < 19 else None
        if one is None:
            words = _("#{n} is none of the records that were opened.").format(n=digits[:20])
            self.problems.append(Problem(line, words))
        elif one.number in self.values:
            words = _("#{n} stands here twice.").format(n=one.number)
            self.problems.append(Problem(line, words))
        else:
            self._block, self._lost = one, False
            self.values[one.number] = {}

    def _value(self, line: int, text: str) -> None:
        self._label, self._blank = "", 0
        if self._lost:
            return
        if self._block is None:
            words = _("no record stands above it; a line like #1042 begins one.")
            self.problems.append(Problem(line, words))
            return
        labels = (*self._block.values, *self._block.more)
        label = max((one for one in labels if text.startswith(f"{one}:")), key=len, default="")
        if not label:
            label = next((x for x in labels if _same_label(x, text)), "")
        if not label:
            self.problems.append(Problem(line, _unknown(text, labels)))
            return
        of_record = self.values[self._block.number]
        if label in of_record:
            words = _("{label} stands here twice.").format(label=label)
            self.problems.append(Problem(line, words))
            return
        self._label = label
        of_record[label] = text[len(label) + 1 :].removeprefix(" ")
        self.lines[self._block.number, label] = line


def _same_label(label: str, text: str) -> bool:
    """Whether a line begins with a label in other letters (``amount:``), as long as it is."""
    head = text[: len(label) + 1]
    return head.casefold() == f"{label}:".casefold() and len(head) == len(label) + 1


def _unknown(text: str, labels: Sequence[str]) -> str:
    """Why a line is not read: it is no ``Label: value``, or the label is none of these."""
    head, colon, _rest = text.partition(":")
    if not colon:
        return _("“{text}” is no Label: value; two blanks go on with the value above.").format(
            text=text.strip()[:40]
        )
    near = difflib.get_close_matches(head.strip(), labels, 1)
    words = _("there is no {label} here.").format(label=head.strip()[:40])
    return f"{words} {_('Did you mean {near}?').format(near=near[0])}" if near else words


def with_reports(text: str, problems: Sequence[Problem]) -> str:
    """The text with a comment above each line that cannot be read; those of before are gone."""
    lines = clean(text).split("\n")
    for problem in sorted(problems, key=lambda one: -one.line):
        lines.insert(problem.line - 1, REPORT + problem.words)
    return "\n".join(lines)


def without_reports(text: str) -> str:
    """The text without the comments of :func:`with_reports`."""
    return "\n".join(line for line in clean(text).split("\n") if not line.startswith(REPORT))
