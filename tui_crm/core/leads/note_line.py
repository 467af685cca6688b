"""The one line in which a rep writes what happened, with a next action, tags and an amount in it.

``wants a quote by Friday >fri 9:30 send quote #hot €12.8k`` is a note with a next action, a tag
and an amount. Each piece is recognised while it is typed; the rest is the note, letter for letter.
The line of something that was done has more: :mod:`.log_pieces`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from tui_crm.core import money
from tui_crm.core.dates.reading import Reading
from tui_crm.core.errors import CrmError
from tui_crm.core.leads import log_pieces
from tui_crm.core.leads.log_pieces import Known, Labelled

# A tag starts with a letter, so that `#1042` stays the number of a lead.
_TAG = re.compile(r"(?<!\S)#([^\W\d_][\w-]*)")
_SIGN = r"(?:€|\$|£|¥|CHF|EUR|USD|GBP)"
_NUMBER = r"\d[\d.,]*\d?\s?[kKmM]?"
_MONEY = re.compile(rf"(?<!\S)(?:{_SIGN}\s?{_NUMBER}|{_NUMBER}\s?{_SIGN})(?!\w)")
_QUARTER = re.compile(r"[qts]\d")
_NEXT = re.compile(r"(?<!\S)>\s*(?=\S)")


@dataclass(frozen=True)
class NoteLine:
    """A parsed line. ``spans`` are ``(start, end, what)`` of the pieces that were
    recognised, ``what`` being next, tag, amount, minutes, at, label or mention; ``amount`` is in
    minor units. ``minutes`` is how long it took and ``at`` when it was; ``labelled`` what was
    learnt; ``person`` the contact that was met, ``mentions`` the colleagues that are named: both
    stay in the words too."""

    text: str
    following: Reading | None
    tags: tuple[str, ...]
    amount: int | None
    spans: tuple[tuple[int, int, str], ...]
    minutes: int | None = None
    at: datetime | None = None
    labelled: tuple[Labelled, ...] = ()
    person: str | None = None
    mentions: tuple[str, ...] = ()

    @property
    def problem(self) -> str | None:
        """What in the line was meant to be a date and is none."""
        return self.following.problem if self.following else None

    @property
    def says_something(self) -> bool:
        """Whether there is anything in it that is kept."""
        return bool(self.text or self.tags or self.following or self.amount or self.labelled)


def read(
    line: str,
    now: datetime,
    *,
    locale: str = "en",
    currency: str = "EUR",
    known: Known | None = None,
    unmarked: bool = False,
) -> NoteLine:
    """Parse a line; ``now`` is aware, in the rep's zone. ``known`` is whom the line of an action
    may name: without it only the next action, tags and the amount are recognised. With ``unmarked``
    a next action at the end is read without the ``>`` too (:func:`trailing_action`). Never
    raises."""
    spans: list[tuple[int, int, str]] = []
    tags = []
    for found in _TAG.finditer(line):
        spans.append((*found.span(), "tag"))
        tags.append(found.group(1))
    amount = None
    for found in _MONEY.finditer(line):
        try:
            amount = money.parse(found.group(), currency, locale)
        except CrmError:
            continue
        spans.append((*found.span(), "amount"))
    following = None
    rest = _without(line, spans, " ")
    mark = _NEXT.search(rest)
    begins = trailing_action(rest, now, locale) if unmarked and not mark else None
    if mark or begins is not None:
        from tui_crm.core.dates import reader  # its vocabulary: most lines have no next action

        start, words = (mark.start(), mark.end()) if mark else (begins or 0, begins or 0)
        following = reader.read(_squeezed(rest[words:]), now, locale)
        spans.append((start, len(rest.rstrip()), "next"))
    note = NoteLine("", following, tuple(dict.fromkeys(tags)), amount, ())
    if known is not None:
        pieces = log_pieces.read(_without(line, spans, "\0"), now, locale, known)
        spans += pieces.spans
        note = replace(
            note,
            minutes=pieces.minutes,
            at=pieces.at,
            labelled=pieces.labelled,
            person=pieces.person,
            mentions=pieces.mentions,
        )
    taken = [span for span in spans if span[2] != "mention"]
    return replace(note, text=_left(line, taken), spans=tuple(sorted(spans)))


def _without(line: str, spans: list[tuple[int, int, str]], blank: str) -> str:
    """The line, as long as it was, with the pieces that were recognised blanked out."""
    letters = list(line)
    for start, end, _what in spans:
        letters[start:end] = blank * (end - start)
    return "".join(letters)


def _left(line: str, spans: list[tuple[int, int, str]]) -> str:
    """What is left of a line, letter for letter, one blank where a piece was taken out. A comma or
    a full stop behind a piece goes to the words before it."""
    left, at = "", 0
    for start, end, _what in (*sorted(spans), (len(line), len(line), "")):
        part = line[at : max(start, at)].strip()
        if at and not left:
            part = part.lstrip(",;. ")
        left += part if not left or not part or part[0] in ",;." else f" {part}"
        at = max(at, end)
    return left.rstrip(" ,;") if spans else left


def trailing_action(line: str, now: datetime, locale: str = "en") -> int | None:
    """Where a next action begins that stands at the end of a line, as in ``Acme: relaunch fri 9:30
    call Bob``; None where there is none.

    A moment must begin it: a day with a time, or one with an action or with nothing behind it. The
    day in ``Sun Microsystems`` is a name, ``24h support`` no appointment. What stands before it is
    never empty."""
    from tui_crm.core.dates import reader, splitter

    words = splitter.split(line)
    for place in range(1, len(words)):
        start = words[place].start
        if not line[start - 1].isspace() or not splitter.may_start(words, place):
            continue
        found = reader.read(_squeezed(line[start:]), now, locale)
        if found.problem or not found.has_moment or found.warnings:
            continue
        dated = [span for span in found.spans if span[2] in ("date", "time", "rule")]
        if not dated or dated[0][0] != 0:
            continue
        parts = {what for _start, _end, what in dated}
        alone = not found.text and not _QUARTER.match(words[place].bare)
        if found.has_kind or alone or {"date", "time"} <= parts:
            return start
    return None


def _squeezed(text: str) -> str:
    return re.sub(r"[ \t]{2,}", " ", text).strip()
