"""Whether two rows with the same number or address are the same person.

The same e-mail is the same person. The same number is the same person only under the same name:
everybody at a company may have the number of its switchboard. Extensions tell people apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from tui_crm.core import phones
from tui_crm.core.exchange.prospects.parse import Key
from tui_crm.core.text import _, fold, show


class Known(NamedTuple):
    """Somebody who has a number or an address: who has it (``place`` in words, such as ``line
    2``), why that makes a row a duplicate, and their name, company and e-mails (None: not read),
    with the number as typed. ``list_id`` is 0 for a lead and for a row of the same file."""

    place: str
    reason: str
    name: str
    company: str
    typed: str
    emails: frozenset[str] = frozenset()
    list_id: int = 0


class Row(NamedTuple):
    """A row that is compared: its name, company and keys."""

    name: str
    company: str
    keys: list[Key]

    @property
    def emails(self) -> frozenset[str]:
        return frozenset(match for kind, _typed, match in self.keys if kind == "email" and match)


def is_same(row: Row, kind: str, typed: str, other: Known, region: str) -> bool:
    """Whether ``other``, who has the same phone or e-mail as ``row``, is the same person.

    A row without any name is whoever has its number, unless company or e-mail say otherwise."""
    if kind == "email":
        return True
    if extension(typed, region) != extension(other.typed, region):
        return False
    if row.name and other.name:
        return names_agree(row.name, other.name)
    if row.name:
        return False
    if row.company and other.company:
        ours, theirs = _words(row.company), _words(other.company)  # Beta is Beta SL
        if not (ours <= theirs or theirs <= ours):
            return False
    return not (row.emails and other.emails) or bool(row.emails & other.emails)


def names_agree(one: str, other: str) -> bool:
    """Whether two names are the same in whatever order, or one of them with more words: ``Ana
    Ruiz``, ``Ruiz, Ana``, ``Ana María Ruiz``."""
    first, second = _words(one), _words(other)
    if first == second:
        return True
    less, more = sorted((first, second), key=len)
    return len(less) > 1 and less <= more


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", fold(name)))


def extension(typed: str, region: str) -> str:
    """The extension in a number as typed, "" without one."""
    if re.fullmatch(r"[\d\s()./+\-]*", typed):
        return ""
    return phones.read(typed, region).extension


def first_same(
    row: Row, known: dict[str, list[Known]], region: str
) -> tuple[Known | None, list[tuple[str, Known]]]:
    """Of those who have a number or an address of ``row``, the same person; and, where there is
    none, the others who share a number with it, each with the number."""
    shared: list[tuple[str, Known]] = []
    for kind, typed, match in row.keys:
        for other in known.get(match, ()) if match else ():
            if is_same(row, kind, typed, other, region):
                return other, []
            shared.append((typed, other))
    return None, shared


def number_is_shared(shared: Iterable[tuple[str, Known]]) -> str:
    """The remark about a row whose number somebody else has; "" where nobody has."""
    for typed, other in shared:
        return _("{number}: the same number as {place}").format(
            number=show(typed), place=other.place
        )
    return ""
