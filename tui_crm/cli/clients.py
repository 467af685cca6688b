"""Clients: one whole, and all of them with the value of their leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui_crm.cli import output
from tui_crm.cli.catalogue import NOTHING, Catalogue, Field, Listing
from tui_crm.cli.commands import N_, Argument, Named, Option, Whole, WrongUsage, command
from tui_crm.cli.context import Context
from tui_crm.core.text import _, show

if TYPE_CHECKING:
    from tui_crm.core.leads.clients import ClientRow, ClientView
    from tui_crm.core.session import Session

NAME = Argument("name", Named("clients"))


def _money(name: str) -> Any:
    """The cell of a sum: its amount in full, empty for no lead of that kind."""

    def cell(row: ClientRow, session: Session) -> str:
        figure = getattr(row, name)
        return output.amount(figure.amount, session.currency) if figure.count else ""

    return cell


def _major(name: str) -> Any:
    def cell(row: ClientRow, session: Session) -> Any:
        from tui_crm.core import money

        return money.number(getattr(row, name).amount, session.currency)

    return cell


JSON: dict[str, Any] = {
    "client": "name",
    "owner": "owner",
    "open": lambda row, _session: row.open.count,
    "open_amount": _major("open"),
    "won": lambda row, _session: row.won.count,
    "won_amount": _major("won"),
    "lost": lambda row, _session: row.lost.count,
    "lost_amount": _major("lost"),
    "idle_days": "idle",
    "silent_days": "silent_days",
    "silent": "silent",
    "contacted": lambda row, _session: row.contacted.isoformat() if row.contacted else None,
    "fields": "fields",
}

clients = Catalogue(
    "clients",
    N_("Clients with the leads and the money of each; bare it lists them."),
    core="tui_crm.core.leads.clients",
    list_help=N_("All clients by name."),
    options=(Option("--silent", flag=True, help=N_("Those nobody did anything for in too long.")),),
    rows=lambda core, session, silent: core.rows(session, silent=silent),
    listing=Listing(
        JSON,
        Field(N_("client"), "name", give=True),
        Field(N_("owner"), "owner", give=True),
        Field(N_("open"), lambda row, _session: row.open.count or "", right=True),
        Field("", _money("open"), right=True),
        Field(N_("won"), lambda row, _session: row.won.count or "", right=True),
        Field("", _money("won"), right=True),
        Field(N_("lost"), lambda row, _session: row.lost.count or "", right=True),
        Field(N_("idle"), lambda row, _session: _("{n}d").format(n=row.idle), right=True),
        Field("", lambda row, _session: _("! silent") if row.silent else ""),
    ),
)


@clients.command(
    "edit",
    N_("Change a client: its name, owner, fields, or when it counts as silent."),
    NAME,
    Option("--rename", metavar="TEXT", help=N_("Its new name.")),
    Option("--owner", kind=Named("users"), metavar="NAME", help=N_('"" for nobody.')),
    Option(
        "--field",
        "fields",
        metavar="LABEL=VALUE",
        multiple=True,
        help=N_("Set a field; repeatable. Without a value it is removed."),
    ),
    Option(
        "--silent-days",
        kind=Whole(0, 3650),
        metavar="N",
        help=N_("Days without an action until it is silent; 0: never."),
    ),
    Option("--silent-as-workspace", flag=True, help=N_("As the workspace says.")),
)
def edit(
    context: Context,
    name: str,
    rename: str | None,
    owner: str | None,
    fields: tuple[str, ...],
    silent_days: int | None,
    silent_as_workspace: bool,
) -> None:
    if (rename, owner, silent_days) == (None, None, None) and not (fields or silent_as_workspace):
        raise WrongUsage(_(NOTHING))
    for given in fields:
        if "=" not in given:
            raise WrongUsage(_("Say a field as LABEL=VALUE."))
    session = context.session()
    from tui_crm.core.leads import clients as core
    from tui_crm.core.session import find_member
    from tui_crm.core.setup.fields import with_value

    number = core.named(session, name)
    if fields:
        before = core.one(session, number).row.description
        after = before
        for given in fields:
            label, _sign, value = given.partition("=")
            after = with_value(after, label, value)
        core.set_description(session, number, after, seen=before)
    if owner is not None:
        core.set_owner(session, number, find_member(session.store, owner).id if owner else None)
    if silent_days is not None or silent_as_workspace:
        core.set_silence(session, number, None if silent_as_workspace else silent_days)
    if rename is not None:
        core.rename(session, number, rename)
    output.tell(_("client {name} changed").format(name=show(rename or name)))


clients.operation(
    "note",
    N_("Write a note on a client."),
    NAME,
    Argument("text"),
    call=lambda core, session, name, text: core.note(session, core.named(session, name), text),
    done=N_("note on {name}"),
)
clients.operation(
    "add-person",
    N_("Add a person to a client, whom all its leads share."),
    NAME,
    Argument("text"),
    call=lambda core, session, name, text: core.add_person(
        session, core.named(session, name), text
    ),
    done=N_("person of {name}"),
)


@command(
    "client",
    N_("One client: its leads with sums, its people, fields and notes."),
    NAME,
)
def client(context: Context, name: str) -> None:
    session = context.session()
    from tui_crm.core.leads import clients as core

    view = core.one(session, core.named(session, name))
    if context.json:
        output.put_json(_as_json(view, session))
        return
    row, nothing = view.row, output.nothing()
    output.put(show(row.name))
    facts = [
        (_("owner"), row.owner or _("nobody")),
        (_("so far"), output.amount(row.won.amount, session.currency)),
        (_("next"), f"#{view.next.number} {view.next.title}" if view.next else nothing),
        (_("contact"), f"{row.contacted:%Y-%m-%d}" if row.contacted else nothing),
        (_("silence"), _silence(row)),
        *row.fields.items(),
    ]
    output.table(
        [output.Column(""), output.Column("", give=True, most=400)],
        [(label, show(value)) for label, value in facts],
        head=False,
    )
    from tui_crm.cli.leads import put_leads

    for word, figure, states in (
        (_("Open"), row.open, ("todo", "standby")),
        (_("Won"), row.won, ("won",)),
        (_("Lost"), row.lost, ("lost", "cancelled")),
    ):
        numbers = [lead.number for lead in view.leads if lead.status in states]
        if numbers:
            output.put()
            output.heading(word, figure.count, output.amount(figure.amount, session.currency))
            put_leads(session, numbers)
    if view.people:
        output.put()
        output.heading(_("People"), len(view.people), "")
        from tui_crm.core.leads.contacts import as_line

        for person in view.people:
            output.put(show(as_line(person)))
    if view.notes:
        output.put()
        output.heading(_("Notes"), len(view.notes), "")
        for note in view.notes:
            output.put(show(f"{note.at:%Y-%m-%d}  {note.by}  {' '.join(note.text.split())}"))


def _silence(row: ClientRow) -> str:
    idle = _("{n}d").format(n=row.idle)
    if not row.silent_days:
        return idle
    limit = _("alarm after {n}").format(n=row.silent_days)
    return f"{'! ' if row.silent else ''}{idle}, {limit}"


def _as_json(view: ClientView, session: Session) -> dict[str, Any]:
    from tui_crm.core.exchange.writers import json_shape

    return {
        **{
            key: getattr(view.row, get) if isinstance(get, str) else get(view.row, session)
            for key, get in JSON.items()
        },
        "leads": [json_shape.lead_json(lead, session) for lead in view.leads],
        "contacts": [json_shape.contact_json(person) for person in view.people],
        "notes": [{"at": n.at.isoformat(), "by": n.by, "text": n.text} for n in view.notes],
    }


COMMANDS = {"client": client, "clients": clients}
