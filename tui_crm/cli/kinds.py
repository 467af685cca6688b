"""Kinds of action: what can be logged, and what counts as a touch."""

from __future__ import annotations

from tui_crm.cli.catalogue import RETIRED, Catalogue, Field, Listing, retired_word
from tui_crm.cli.commands import N_, Argument, Option
from tui_crm.core.text import _

kinds = Catalogue(
    "kinds",
    N_("Kinds of action; bare it lists them."),
    core="tui_crm.core.setup.kinds",
    list_help=N_("All kinds of action, with their letters."),
    options=(RETIRED,),
    rows=lambda kinds, session, retired: [
        row for row in kinds.all_kinds(session.store) if retired or not row.retired
    ],
    listing=Listing(
        {"kind": "name", "letter": "letter", "touch": "touch", "retired": "retired"},
        Field(N_("kind"), "name", give=True),
        Field(N_("letter"), "letter"),
        Field(N_("touch"), lambda row, _session: _("yes") if row.touch else ""),
        Field("", retired_word),
    ),
)

TOUCH = N_("It is counted, and completes what is due.")
LETTER = Option("--letter", metavar="A", help=N_("In the menu of outcomes it goes to this kind."))

kinds.operation(
    "add",
    N_("Define a kind of action."),
    Argument("name"),
    LETTER,
    Option(
        "--touch/--no-touch", default=True, help=N_("It is counted, and completes what is due.")
    ),
    call=lambda kinds, session, name, letter, touch: kinds.add(session, name, letter or "", touch),
    done=N_("kind {name}"),
)
kinds.operation(
    "edit",
    N_("Change the letter of a kind, or whether it counts."),
    Argument("name"),
    LETTER,
    Option("--touch/--no-touch", help=TOUCH),
    edits=True,
    call=lambda kinds, session, name, letter, touch: kinds.edit(
        session, name, letter=letter, touch=touch
    ),
    done=N_("kind {name} changed"),
)
kinds.operation(
    "retire",
    N_("No longer offer a kind; what was logged keeps it."),
    Argument("name"),
    call=lambda kinds, session, name: kinds.retire(session, name),
    done=N_("kind {name} retired"),
)
kinds.operation(
    "bring-back",
    N_("Offer a retired kind again."),
    Argument("name"),
    call=lambda kinds, session, name: kinds.bring_back(session, name),
    done=N_("kind {name} is back"),
)

COMMANDS = {"kinds": kinds}
