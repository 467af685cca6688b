"""Records in the user's own editor: the text, what it changes, and one operation for all of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.as_text import blocks
from tui_crm.core.exchange.as_text.blocks import Change, Problem
from tui_crm.core.exchange.as_text.document import Document, Outcome, Records, open_records
from tui_crm.core.text import _, ngettext
from tui_crm.tui.terminal.editor import edit_text
from tui_crm.tui.widgets.conversation import ask
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import Line, make
from tui_crm.tui.widgets.review import ReviewSheet

if TYPE_CHECKING:
    from tui_crm.tui.screens.base import CrmScreen


async def edit_as_text(screen: CrmScreen, records: Callable[[], Records]) -> bool:
    """Open records in the editor, show what the text changes, and write it as one operation;
    whether anything was written. A text that cannot be read, and one that meets what somebody else
    changed, can be gone on with."""
    try:
        document = open_records(records())
    except CrmError as error:
        screen.refused(error)
        return False
    text = document.text
    while True:
        try:
            left = edit_text(screen.crm, text, "records.txt")
        except CrmError as error:
            screen.refused(error)
            return False
        text = text if left is None else left
        edited = document.read(text)
        if not (edited.changes or edited.problems):
            screen.say(Message(_("Unchanged"), note=_("the text says what the store has")))
            return False
        if edited.problems:
            again = await _show_problems(screen, edited.problems)
        else:
            done = await _offer(screen, document, document.against_now(edited))
            if isinstance(done, bool):
                return done
            again = done
        if again is None:
            screen.say(Message(_("Dropped"), note=_("nothing was changed")))
            return False
        text = blocks.without_reports(text)
        # Lines are counted anew without the comments of the last time.
        fresh = document.read(text)
        lines = {(one.number, one.label): one.line for one in fresh.changes}
        reports = list(fresh.problems)
        reports += [
            Problem(lines[key], words) for key, words in again.items() if key in lines and words
        ]
        text = blocks.with_reports(text, reports)


Reports = dict[tuple[int, str], str]
"""What is said above a line when the editor opens again, by record and label."""


async def _show_problems(screen: CrmScreen, problems: Sequence[Problem]) -> Reports | None:
    """Show what cannot be read; None to drop the text."""
    rows = [
        make((_("line {n}").format(n=one.line), "late.b"), (f"  {one.words}", "text"))
        for one in problems
    ]
    count = ngettext("{n} line cannot be read", "{n} lines cannot be read", len(problems)).format(
        n=len(problems)
    )
    key = await ask(
        screen, ReviewSheet(_("edit as text"), count, rows, [("enter", "Enter", _("edit on"))])
    )
    return None if key is None else {}


async def _offer(screen: CrmScreen, document: Document, outcome: Outcome) -> bool | Reports | None:
    """Show the changes and write those that are wanted: whether it was done; what to say in the
    text when it is to be edited on; None to drop it."""
    clashing = [clash.change for clash in outcome.clashes]
    keys = []
    if outcome.changes:
        word = _("apply the others") if clashing else _("apply")
        keys.append(("enter", "Enter", word))
    if clashing:
        keys.append(("m", "m", _("mine over theirs")))
    keys.append(("e", "e", _("edit on")))
    every = [*outcome.changes, *clashing]
    subject = document.summary(every) if every else _("no changes are left")
    key = await ask(screen, ReviewSheet(_("edit as text"), subject, _rows(outcome), keys))
    if key is None:
        return None
    theirs = {
        (clash.change.number, clash.change.label): _("meanwhile it became: {value}").format(
            value=_short(clash.theirs)
        )
        for clash in outcome.clashes
    }
    if key == "e":
        return theirs
    wanted = every if key == "m" else list(outcome.changes)
    wanted.sort(key=lambda change: change.line)
    if screen.crm.perform(lambda _session: document.apply(wanted, outcome.as_of)) is not None:
        said = document.summary(wanted)
        screen.say(Message(_("Edited"), "strong", figure=said, right=Hint("u", _("undo"))))
        return True
    reason = make((screen.refusal, "late"))
    key = await ask(
        screen, ReviewSheet(_("refused"), "", [reason], [("enter", "Enter", _("edit on"))])
    )
    return None if key is None else theirs


def _rows(outcome: Outcome) -> list[Line]:
    """A line for each change: what was, what is now, and what somebody else made of it."""
    rows = []
    for clash in outcome.clashes:
        change = clash.change
        rows.append(
            make(
                ("! ", "due.b"),
                (f"#{change.number} ", "dim"),
                (f"{change.label}  ", "text"),
                (_("meanwhile") + " ", "due"),
                (_short(clash.theirs), "due"),
                (f"  {_('yours')} ", "dim"),
                (_short(change.now), "strong"),
            )
        )
    for number in outcome.gone:
        rows.append(
            make(("! ", "due.b"), (f"#{number} ", "dim"), (_("is gone; it is left out"), "due"))
        )
    rows += [_change_row(change) for change in outcome.changes]
    return rows


def _change_row(change: Change) -> Line:
    return make(
        ("= ", "won.b"),
        (f"#{change.number} ", "dim"),
        (f"{change.label}  ", "text"),
        (_short(change.was), "dim"),
        (" > ", "dim"),
        (_short(change.now), "strong"),
    )


def _short(value: str) -> str:
    """A value on one line; a dash for none."""
    return " / ".join(value.split("\n")).strip() or "–"
