"""The fields that a workspace defines for its leads and clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui_crm.cli.catalogue import RETIRED, Catalogue, Field, Listing, retired_word
from tui_crm.cli.commands import N_, Argument, Named, Option, Whole, Word
from tui_crm.core.text import _, show

if TYPE_CHECKING:
    from tui_crm.core.session import Session

KIND = Word("text", "number", "money", "day", "choice", "phone", "email", "web")
OF = Option(
    "--of",
    "subject",
    kind=Word("lead", "client"),
    metavar="WHOSE",
    default="lead",
    help=N_("lead or client."),
)
OF_ONE = Option(
    "--of",
    "subject",
    kind=Word("lead", "client"),
    metavar="WHOSE",
    default="",
    help=N_("lead or client, where both have one."),
)
CHOICE = Option(
    "--choice",
    "choices",
    metavar="VALUE",
    multiple=True,
    help=N_("A value of a choice; repeatable."),
)

fields = Catalogue(
    "fields",
    N_("The fields of leads and clients, how they are read and shown; bare it lists them."),
    core="tui_crm.core.setup.fields",
    list_help=N_("All fields in their order."),
    options=(RETIRED,),
    rows=lambda core, session, retired: core.rows(session.store, retired=retired),
    listing=Listing(
        {
            "field": "name",
            "of": "subject",
            "kind": "kind",
            "choices": lambda row, _session: list(row.choices),
            "duplicates": "duplicates",
            "retired": "retired",
        },
        Field(N_("field"), "name", give=True),
        Field(N_("of"), lambda row, _session: _(row.subject)),
        Field(N_("kind"), lambda row, _session: _(row.kind)),
        Field("", lambda row, _session: ", ".join(row.choices), give=True),
        Field("", lambda row, _session: _("no duplicates") if row.duplicates else ""),
        Field("", retired_word),
    ),
    title=N_("Fields"),
    names={"name": "field", "subject": "of", "rename": "name"},
    asks={"add": ("kind",)},
)


def _add(core: Any, session: Session, **values: Any) -> object:
    return core.add(session, **values)


def _edit(core: Any, session: Session, name: str, rename: str, **values: Any) -> object:
    if not values["choices"]:
        values["choices"] = None
    return core.edit(session, name, new_name=rename, **values)


fields.operation(
    "add",
    N_("A new field; of a choice at least two --choice."),
    Argument("name"),
    Option(
        "--kind",
        kind=KIND,
        metavar="KIND",
        default="text",
        help=N_("text, number, money, day, choice, phone, email or web."),
    ),
    OF,
    CHOICE,
    Option("--duplicates", flag=True, help=N_("The same value twice is a duplicate.")),
    call=_add,
    done=N_("field {name}"),
)
fields.operation(
    "edit",
    N_("Rename a field everywhere, change its kind, or move it."),
    Argument("name", Named("fields")),
    OF_ONE,
    Option("--rename", metavar="TEXT", default="", help=N_("Its new name.")),
    Option(
        "--kind",
        kind=KIND,
        metavar="KIND",
        help=N_("text, number, money, day, choice, phone, email or web."),
    ),
    CHOICE,
    Option("--duplicates/--no-duplicates", default=None, help=N_("The same value twice is one.")),
    Option("--place", kind=Whole(1), metavar="N", help=N_("Its place; 1 is first.")),
    edits=True,
    call=_edit,
    done=lambda name, rename, **_more: _("field {name}").format(name=show(rename or name)),
)
fields.operation(
    "retire",
    N_("No longer offer a field; the values stay."),
    Argument("name", Named("fields")),
    OF_ONE,
    call=lambda core, session, name, subject: core.retire(session, name, subject),
    done=N_("field {name} retired"),
)
fields.operation(
    "bring-back",
    N_("Offer a retired field again, as it was."),
    Argument("name", Named("fields")),
    OF_ONE,
    call=lambda core, session, name, subject: core.bring_back(session, name, subject),
    done=N_("field {name} is back"),
)

COMMANDS = {"fields": fields}
