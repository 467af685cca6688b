"""Users, and the workspace that holds for all of them."""

from __future__ import annotations

from typing import Any

import click

from tui_crm.cli import output
from tui_crm.cli.base import N_, Command, Group, Option, desk
from tui_crm.cli.output import Column
from tui_crm.core.text import _, show


@click.group("users", cls=Group, help=N_("Who works here; bare it lists them."))
@click.pass_context
def users(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        _list(ctx)


@users.command("list", cls=Command, help=N_("All users, those who left included."))
@click.pass_context
def list_users(ctx: click.Context) -> None:
    _list(ctx)


def _list(ctx: click.Context) -> None:
    here = desk(ctx)
    session = here.session()
    from tui_crm.core.work import team

    found = team.members(session.store)
    if here.json:
        output.put_json_rows(
            {"name": m.name, "full_name": m.full_name, "email": m.email, "role": m.role,
             "team": m.team, "zone": m.zone or session.house.zone, "active": m.active}
            for m in found
        )  # fmt: skip
        return
    output.table(
        [Column(_("user")), Column(_("name"), give=True), Column(_("role")), Column(_("team")),
         Column(_("e-mail"), give=True), Column("")],
        [
            (m.name, m.full_name if m.full_name != m.name else "", m.role, m.team or "", m.email,
             "" if m.active else _("left"))
            for m in found
        ],
    )  # fmt: skip


def _user_options(command: Any) -> Any:
    for option in reversed((
        click.option("--email", cls=Option, metavar="ADDRESS", help=N_("Their e-mail.")),
        click.option("--role", cls=Option, metavar="ROLE", help=N_("admin, manager or rep.")),
        click.option("--full-name", cls=Option, metavar="TEXT", help=N_("First and last name.")),
        click.option("--team", cls=Option, metavar="NAME", help=N_("Made when it is new.")),
        click.option("--zone", cls=Option, metavar="ZONE", help=N_("Like Europe/Madrid.")),
    )):  # fmt: skip
        command = option(command)
    return command


@users.command("add", cls=Command, help=N_("Add a user; NAME is their login."))
@click.argument("name")
@_user_options
@click.pass_context
def add_user(ctx: click.Context, /, name: str, **values: str | None) -> None:
    session = desk(ctx).session()
    from tui_crm.core.work import team

    given: dict[str, Any] = {k: v for k, v in values.items() if v is not None}
    team.add_user(session, name, **given)
    output.tell(_("user {name} added").format(name=show(name)))


@users.command("edit", cls=Command, help=N_("Change a user."))
@click.argument("name")
@_user_options
@click.option("--active/--inactive", default=None, cls=Option, help=N_("Back, or gone."))
@click.pass_context
def edit_user(
    ctx: click.Context, /, name: str, active: bool | None, **values: str | None
) -> None:
    session = desk(ctx).session()
    from tui_crm.core.work import team

    given: dict[str, Any] = {k: v for k, v in values.items() if v is not None}
    if active is not None:
        given["active"] = active
    if not given:
        raise click.UsageError(_("Say what to change."), ctx)
    team.edit_user(session, name, **given)
    output.tell(_("user {name} changed").format(name=show(name)))


@users.command("retire", cls=Command, help=N_("A user who left; their work stays."))
@click.argument("name")
@click.pass_context
def retire_user(ctx: click.Context, name: str) -> None:
    session = desk(ctx).session()
    from tui_crm.core.work import team

    team.edit_user(session, name, active=False)
    output.tell(_("user {name} is no longer active").format(name=show(name)))


# -- the workspace --------------------------------------------------------------------------------

_FIELDS = ("name", "currency", "zone", "region", "language", "call_from", "call_until", "call_days")


@click.command("workspace", cls=Command, help=N_(
    "What holds for everybody; with options it changes that. The currency stays once there are "
    "amounts."))  # fmt: skip
@click.option("--name", cls=Option, metavar="TEXT", help=N_("Its name."))
@click.option("--currency", cls=Option, metavar="CODE", help=N_("Like EUR."))
@click.option("--zone", cls=Option, metavar="ZONE", help=N_("Like Europe/Madrid."))
@click.option("--region", cls=Option, metavar="CC", help=N_("Country of phones, like ES."))
@click.option("--language", cls=Option, metavar="LL", help=N_("en, es, fr or de."))
@click.option("--call-from", cls=Option, metavar="TIME", help=N_("Calling starts, like 09:00."))
@click.option("--call-until", cls=Option, metavar="TIME", help=N_("Calling ends, like 18:00."))
@click.option("--call-days", cls=Option, metavar="DIGITS", help=N_("1 is Monday: 12345."))
@click.pass_context
def workspace(ctx: click.Context, /, **values: str | None) -> None:
    here = desk(ctx)
    session = here.session()
    from tui_crm.core.work import team

    given = {k: v.strip() for k, v in values.items() if v is not None}
    for name in ("currency", "region"):
        if name in given:
            given[name] = given[name].upper()
    if given:
        team.set_workspace(session, **given)
        session = session.again()
        output.tell(_("workspace changed"))
    house = session.house
    if here.json:
        output.put_json({name: getattr(house, name) for name in _FIELDS})
    elif not given:
        output.table(
            [Column(""), Column("", give=True)],
            [(name.replace("_", "-"), getattr(house, name)) for name in _FIELDS],
            head=False,
        )


COMMANDS = {"users": users, "workspace": workspace}
