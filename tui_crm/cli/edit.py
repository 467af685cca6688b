"""``tui-crm edit``: leads or rows of a list as text in the editor, written as one operation."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tui_crm.cli import output, typed
from tui_crm.cli.commands import N_, Argument, Named, Option, WrongUsage, command
from tui_crm.cli.context import Context
from tui_crm.cli.work import DIRECTION, PRIORITY
from tui_crm.core.errors import CrmError
from tui_crm.core.text import _, clean, ngettext

if TYPE_CHECKING:
    from tui_crm.core.exchange.as_text.blocks import Change
    from tui_crm.core.exchange.as_text.document import Document, Outcome, Records
    from tui_crm.core.session import Session


@command(
    "edit",
    N_(
        "Leads as text in your editor (VISUAL, EDITOR): a block a lead, a line a value.\n\n"
        "QUERY is the numbers of leads (7 9 #12), or a filter as of leads; with --list it is a "
        "filter of its rows. The differences are shown, and written as one operation that undo "
        "takes back. What does not parse is refused with its line, and so is what somebody else "
        "changed meanwhile. --print only prints the text; --from reads an edited text in place of "
        "opening the editor. --priority and --direction are set as they stand, without the editor."
    ),
    Argument("query", many=True),
    Option("--list", "of_list", Named("lists"), metavar="NAME", help=N_("Rows of this list.")),
    Option("--print", "only_print", flag=True, help=N_("Print the text.")),
    Option("--from", "file", metavar="FILE", help=N_("The edited text; - is the input.")),
    PRIORITY,
    DIRECTION,
    Option("--yes", flag=True, help=N_("Write without asking.")),
    Option("--dry-run", flag=True, help=N_("Only show the differences.")),
)
def edit(
    context: Context,
    query: tuple[str, ...],
    of_list: str | None,
    only_print: bool,
    file: str | None,
    priority: str | None,
    direction: str | None,
    yes: bool,
    dry_run: bool,
) -> None:
    if only_print and file:
        raise WrongUsage(_("Say one of --print and --from."))
    if not query and of_list is None:
        raise WrongUsage(_("Say which leads: numbers, or a filter such as step:proposal."))
    session = context.session()
    values = {"Priority": priority, "Direction": direction}
    given = {label: word for label, word in values.items() if word is not None}
    if given:
        if of_list is not None or only_print or file or dry_run:
            raise WrongUsage(_("--priority and --direction take leads alone."))
        _set(context, session, typed.words(query), given)
        return
    document = _document(session, typed.words(query), of_list)
    if only_print:
        sys.stdout.write(clean(document.text))  # whole, as JSON is: it is read back
        return
    text = _text(document, file)
    edited = document.read(text)
    if edited.problems:
        for problem in edited.problems:
            output.tell(str(problem))
        hint = ""
        if file is None:
            hint = _("It is kept in {file}; go on with --from.").format(file=_kept(text))
        raise CrmError(_("The text cannot be read: nothing was changed."), hint)
    outcome = document.against_now(edited)
    if not context.json:
        _show(outcome)
    if outcome.clashes:
        raise CrmError(
            _("Somebody changed the same meanwhile: nothing was written."), _("Edit it again.")
        )
    if not outcome.changes:
        output.tell(_("Nothing is different."))
    else:
        output.tell(document.summary(outcome.changes))
    write = bool(outcome.changes) and not dry_run and (yes or file is not None or _asked())
    n = document.apply(outcome.changes, outcome.as_of) if write else 0
    if outcome.changes and not write:
        output.tell(_("Nothing was changed."))
    if context.json:
        output.put_json({"written": n, "changes": [_as_json(one) for one in outcome.changes]})


def _set(context: Context, session: Session, query: str, values: Mapping[str, str]) -> None:
    """Set values of the leads of a query, as one operation."""
    from tui_crm.core.exchange.as_text.leads import Edit, edit_text

    numbers = tuple(dict.fromkeys(_numbers(session, query)))
    edits = [Edit(number, label, word, 0) for number in numbers for label, word in values.items()]
    n = edit_text(session, edits) if edits else 0
    output.tell(ngettext("{n} lead changed", "{n} leads changed", n).format(n=f"{n:,}"))
    if context.json:
        from tui_crm.cli.leads import lead_rows

        output.put_json_rows(lead_rows(session, numbers))


def _document(session: Session, query: str, of_list: str | None) -> Document:
    from tui_crm.core.exchange.as_text.document import open_records

    records: Records
    if of_list is not None:
        from tui_crm.core.exchange.as_text.prospects import ProspectRecords
        from tui_crm.core.lists import lists

        records = ProspectRecords(session, lists.find(session, of_list).id, query)
    else:
        from tui_crm.core.exchange.as_text.leads import LeadRecords

        records = LeadRecords(session, _numbers(session, query))
    return open_records(records)


def _numbers(session: Session, query: str) -> Sequence[int]:
    """The leads of a query: their numbers, else those that a filter finds."""
    words = [word.lstrip("#") for word in query.split()]
    if all(word.isdecimal() and len(word) < 19 for word in words):
        return [int(word) for word in words]
    from tui_crm.core.leads import filter as lead_filter

    found = lead_filter.listing(session, query)
    if found.filter.problems:
        raise CrmError("; ".join(found.filter.problems).rstrip(".") + ".")
    return found.numbers


def _text(document: Document, file: str | None) -> str:
    """The edited text: of a file, of the input, or as the editor left it."""
    if file == "-":
        return sys.stdin.read()
    if file is not None:
        try:
            return Path(file).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise CrmError(_("{file} cannot be read.").format(file=file)) from error
    from tui_crm.tui.terminal.editor import edit_text

    left = edit_text(None, document.text, "records.txt")
    return document.text if left is None else left


def _kept(text: str) -> str:
    """Keep a text that cannot be read in a file that its owner alone can read; its path."""
    handle, name = tempfile.mkstemp(prefix="tui-crm-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text + "\n")
    return name


def _show(outcome: Outcome) -> None:
    for clash in outcome.clashes:
        output.put(
            _("! #{n} {label}: meanwhile {theirs}, yours {mine}").format(
                n=clash.change.number,
                label=clash.change.label,
                theirs=_short(clash.theirs),
                mine=_short(clash.change.now),
            )
        )
    for number in outcome.gone:
        output.put(_("! #{n} is gone; it is left out").format(n=number))
    for one in outcome.changes:
        output.put(f"#{one.number} {one.label}: {_short(one.was)} > {_short(one.now)}")


def _short(value: str) -> str:
    return " / ".join(value.split("\n")).strip() or output.nothing()


def _asked() -> bool:
    """Whether the person at the terminal says yes. Raises CrmError where there is nobody."""
    if not sys.stdin.isatty():
        raise CrmError(
            _("Nobody is there to ask: nothing was changed."), _("Write without asking: --yes")
        )
    sys.stderr.write(_("Write it? [y/n] "))
    sys.stderr.flush()
    return sys.stdin.readline().strip().casefold() in ("y", "yes", _("yes"))


def _as_json(change: Change) -> dict[str, object]:
    return {
        "number": change.number,
        "label": change.label,
        "was": change.was,
        "now": change.now,
        "line": change.line,
    }


COMMANDS = {"edit": edit}
