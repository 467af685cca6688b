"""Records that are edited as text: opened, compared three ways, applied as one operation.

document = open_records(LeadRecords(session, [7, 9]))
edited = document.read(text)                # changes, and problems with their lines
outcome = document.against_now(edited)      # what somebody else changed meanwhile
document.apply(outcome.changes)             # one entry of the journal, one undo
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.as_text import blocks
from tui_crm.core.exchange.as_text.blocks import Block, Change, Edited, Problem
from tui_crm.core.session import Session
from tui_crm.core.text import _, ngettext

MOST = 5000
"""Records that are opened at once: more is no text that one edits by hand."""


class Records(Protocol):
    """Some records of one kind, such as leads."""

    session: Session

    def blocks(self) -> list[Block]:
        """They as they are now, those that are gone left out."""
        ...

    def intro(self) -> list[str]:
        """The lines that explain the text."""
        ...

    def counted(self, n: int) -> str:
        """``3 leads``."""
        ...

    def check(self, change: Change) -> None:
        """Raises CrmError for a value that makes no sense."""
        ...

    def apply(self, session: Session, changes: Sequence[Change]) -> int:
        """Write the changes as one operation; how many records."""
        ...


@dataclass(frozen=True)
class Clash:
    """A change of a value that somebody else changed meanwhile, and what it is ``theirs``."""

    change: Change
    theirs: str


@dataclass(frozen=True)
class Outcome:
    """A text against the records as they are now: ``changes`` that stand in nobody's way,
    ``clashes``, and the numbers of records that are ``gone``. ``as_of`` is the newest entry of the
    journal that was seen."""

    changes: tuple[Change, ...]
    clashes: tuple[Clash, ...]
    gone: tuple[int, ...]
    as_of: int


@dataclass(frozen=True)
class Document:
    """Records as they were when their text was written."""

    records: Records
    blocks: tuple[Block, ...]

    @property
    def text(self) -> str:
        """The text to edit."""
        return blocks.write(self.records.intro(), self.blocks)

    def read(self, text: str) -> Edited:
        """What an edited text changes; each changed value is looked at too."""
        edited = blocks.read(text, self.blocks)
        problems = list(edited.problems)
        for change in edited.changes:
            try:
                self.records.check(change)
            except CrmError as error:
                words = f"{change.label}: {error.message} {error.hint}".strip()
                problems.append(Problem(change.line, words))
        return replace(edited, problems=tuple(sorted(problems, key=lambda one: one.line)))

    def against_now(self, edited: Edited) -> Outcome:
        """The changes of a text beside what others have changed since it was written. What both
        changed in the same way is no change any more."""
        as_of = self.records.session.store.last_entry()
        now = {one.number: one for one in self.records.blocks()}
        changes, clashes, gone = [], [], []
        for change in edited.changes:
            one = now.get(change.number)
            if one is None:
                gone.append(change.number)
                continue
            theirs = one.values.get(change.label, "")
            if theirs == change.was:
                changes.append(change)
            elif theirs.strip() != change.now:
                clashes.append(Clash(change, theirs))
        return Outcome(tuple(changes), tuple(clashes), tuple(dict.fromkeys(gone)), as_of)

    def apply(self, changes: Sequence[Change], as_of: int) -> int:
        """Write these changes as one operation; how many records were changed. Raises Conflict when
        somebody changed the same after the entry ``as_of``."""
        return self.records.apply(replace(self.records.session, as_of=as_of), changes)

    def summary(self, changes: Sequence[Change]) -> str:
        """``3 leads: amount 2, expected close 1``."""
        labels = Counter(_plain(change.label) for change in changes)
        words = ", ".join(f"{label} {n:,}" for label, n in labels.most_common())
        n = len({change.number for change in changes})
        return f"{self.records.counted(n)}: {words}"


def _plain(label: str) -> str:
    """A label as it is counted: ``Person 2`` is a person."""
    head, _space, digits = label.rpartition(" ")
    return (head if head and digits.isdecimal() else label).lower()


def open_records(records: Records) -> Document:
    """The document of these records. Raises CrmError where there are none, or too many."""
    found = records.blocks()
    if not found:
        raise CrmError(_("There is nothing to edit."))
    return Document(records, tuple(found))


def refuse_too_many(n: int) -> None:
    """Raises CrmError for more records than one edits by hand."""
    if n > MOST:
        raise CrmError(
            ngettext("{n} record is too many.", "{n} records are too many.", n).format(n=f"{n:,}"),
            _("At most {most} are edited as text; narrow it by a filter.").format(most=f"{MOST:,}"),
        )
