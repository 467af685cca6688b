"""The one line in which a rep writes what happened, with a next action, tags and an amount in it.

``wants a quote by Friday >fri 9:30 send quote #hot €12.8k`` is a note with a next action, a tag
and an amount. Each piece is recognised while it is typed; the rest is the note.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from tui_crm.core import money
from tui_crm.core.dates.reading import Reading
from tui_crm.core.errors import CrmError

# A tag starts with a letter, so that `#1042` stays the number of a lead.
_TAG = re.compile(r"(?<!\S)#([^\W\d_][\w-]*)")
_SIGN = r"(?:€|\$|£|¥|CHF|EUR|USD|GBP)"
_NUMBER = r"\d[\d.,]*\d?\s?[kKmM]?"
_MONEY = re.compile(rf"(?<!\S)(?:{_SIGN}\s?{_NUMBER}|{_NUMBER}\s?{_SIGN})(?!\w)")
_NEXT = re.compile(r"(?<!\S)>\s*(?=\S)")


@dataclass(frozen=True)
class NoteLine:
    """A parsed line. ``spans`` are ``(start, end, what)`` of the pieces that were
    recognised, ``what`` being next, tag or amount; ``amount`` is in minor units."""

    text: str
    following: Reading | None
    tags: tuple[str, ...]
    amount: int | None
    spans: tuple[tuple[int, int, str], ...]

    @property
    def problem(self) -> str | None:
        """What in the line was meant to be a date and is none."""
        return self.following.problem if self.following else None


def read(line: str, now: datetime, *, locale: str = "en", currency: str = "EUR") -> NoteLine:
    """Parse a line; ``now`` is aware, in the rep's zone. Never raises."""
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
    bare = list(line)
    for start, end, _what in spans:
        bare[start:end] = " " * (end - start)
    rest = "".join(bare)
    following = None
    mark = _NEXT.search(rest)
    if mark:
        from tui_crm.core.dates import reader  # its vocabulary: most lines have no next action

        following = reader.read(_squeezed(rest[mark.end() :]), now, locale)
        spans.append((mark.start(), len(rest.rstrip()), "next"))
        rest = rest[: mark.start()]
    return NoteLine(
        _squeezed(rest), following, tuple(dict.fromkeys(tags)), amount, tuple(sorted(spans))
    )


def _squeezed(text: str) -> str:
    return re.sub(r"[ \t]{2,}", " ", text).strip()
