"""Users, and the workspace that holds for all of them."""

from __future__ import annotations

from typing import Any

import click

from tui_crm.cli import output
from tui_crm.cli.base import N_, Command, Group, Option, context_of
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
    here = context_of(ctx)
    session = here.session()
    from tui_crm.core.session import all_members

    found = all_members(session.store)
    if here.json:
        output.put_json_rows(
            {
                "name": m.name,
                "full_name": m.full_name,
                "email": m.email,
                "role": m.role,
                "team": m.team,
                "zone": m.zone or session.house.zone,
                "active": m.active,
            }
            for m in found
        )
        return
    output.table(
        [
            Column(_("user")),
            Column(_("name"), give=True),
            Column(_("role")),
            Column(_("team")),
            Column(_("e-mail"), give=True),
            Column(""),
        ],
        [
            (
                m.name,
                m.full_name if m.full_name != m.name else "",
                m.role,
                m.team or "",
                m.email,
                "" if m.active else _("left"),
            )
            for m in found
        ],
    )


def _user_options(command: Any) -> Any:
    for option in reversed(
        (
            click.option("--email", cls=Option, metavar="ADDRESS", help=N_("Their e-mail.")),
            click.option("--role", cls=Option, metavar="ROLE", help=N_("admin, manager or rep.")),
            click.option(
                "--full-name", cls=Option, metavar="TEXT", help=N_("First and last name.")
            ),
            click.option("--team", cls=Option, metavar="NAME", help=N_("Made when it is new.")),
            click.option("--zone", cls=Option, metavar="ZONE", help=N_("Like Europe/Madrid.")),
        )
    ):
        command = option(command)
    return command


@users.command("add", cls=Command, help=N_("Add a user; NAME is their login."))
@click.argument("name")
@_user_options
@click.pass_context
def add_user(ctx: click.Context, /, name: str, **values: str | None) -> None:
    session = context_of(ctx).session()
    from tui_crm.core.team import members

    given: dict[str, Any] = {k: v for k, v in values.items() if v is not None}
    members.add_user(session, name, **given)
    output.tell(_("user {name} added").format(name=show(name)))


def _day_options(command: Any) -> Any:
    for option in reversed(
        (
            click.option(
                "--day-off",
                "days_off",
                cls=Option,
                multiple=True,
                metavar="DAY",
                help=N_("Add: 2026-12-24, 12-25 of every year, or a range; repeatable."),
            ),
            click.option(
                "--day-on",
                "days_on",
                cls=Option,
                multiple=True,
                metavar="DAY",
                help=N_("Take a day off, or a range, away again."),
            ),
        )
    ):
        command = option(command)
    return command


def _change_days(
    session: Any, days_off: tuple[str, ...], days_on: tuple[str, ...], user: str = ""
) -> None:
    from tui_crm.core.team import days_off as kept

    kept.change(session, add=days_off, drop=days_on, user=user)


@users.command(
    "edit",
    cls=Command,
    help=N_(
        "Change a user. Working days and days off count in the pace of goals; one's own days off "
        "everybody may change."
    ),
)
@click.argument("name")
@_user_options
@click.option("--active/--inactive", default=None, cls=Option, help=N_("Back, or gone."))
@_day_options
@click.pass_context
def edit_user(
    ctx: click.Context,
    /,
    name: str,
    active: bool | None,
    days_off: tuple[str, ...],
    days_on: tuple[str, ...],
    **values: str | None,
) -> None:
    session = context_of(ctx).session()
    from tui_crm.core.team import members

    given: dict[str, Any] = {k: v for k, v in values.items() if v is not None}
    if active is not None:
        given["active"] = active
    if not given and not days_off and not days_on:
        raise click.UsageError(_("Say what to change."), ctx)
    if days_off or days_on:
        _change_days(session, days_off, days_on, name)
    if given:
        members.edit_user(session, name, **given)
    output.tell(_("user {name} changed").format(name=show(name)))


@users.command("days-off", cls=Command, help=N_("The days off of a user, and everybody's."))
@click.argument("name", required=False)
@click.pass_context
def days_off_of(ctx: click.Context, name: str | None) -> None:
    here = context_of(ctx)
    session = here.session()
    from tui_crm.core.session import find_member
    from tui_crm.core.team import days_off

    who = find_member(session.store, name) if name else session.user
    own = days_off.of_user(session.store, who.id)
    house = days_off.of_house(session.store)
    if here.json:
        output.put_json({"user": who.name, "days_off": list(own), "workspace": list(house)})
        return
    output.table(
        [Column(""), Column("", give=True, most=400)],
        [
            (who.name, days_off.as_typed(own) or output.nothing()),
            (_("everybody"), days_off.as_typed(house) or output.nothing()),
        ],
        head=False,
    )


@users.command("retire", cls=Command, help=N_("A user who left; their work stays."))
@click.argument("name")
@click.pass_context
def retire_user(ctx: click.Context, name: str) -> None:
    session = context_of(ctx).session()
    from tui_crm.core.team import members

    members.edit_user(session, name, active=False)
    output.tell(_("user {name} is no longer active").format(name=show(name)))


# -- the workspace --------------------------------------------------------------------------------

_FIELDS = ("name", "currency", "zone", "region", "language", "call_from", "call_until", "call_days")


@click.command(
    "workspace",
    cls=Command,
    help=N_(
        "What holds for everybody; with options it changes that. The currency stays once there are "
        "amounts."
    ),
)
@click.option("--name", cls=Option, metavar="TEXT", help=N_("Its name."))
@click.option("--currency", cls=Option, metavar="CODE", help=N_("Like EUR."))
@click.option("--zone", cls=Option, metavar="ZONE", help=N_("Like Europe/Madrid."))
@click.option("--region", cls=Option, metavar="CC", help=N_("Country of phones, like ES."))
@click.option("--language", cls=Option, metavar="LL", help=N_("en, es, fr or de."))
@click.option("--call-from", cls=Option, metavar="TIME", help=N_("Calling starts, like 09:00."))
@click.option("--call-until", cls=Option, metavar="TIME", help=N_("Calling ends, like 18:00."))
@click.option("--call-days", cls=Option, metavar="DIGITS", help=N_("1 is Monday: 12345."))
@_day_options
@click.pass_context
def workspace(
    ctx: click.Context,
    /,
    days_off: tuple[str, ...],
    days_on: tuple[str, ...],
    **values: str | None,
) -> None:
    here = context_of(ctx)
    session = here.session()
    from tui_crm.core.calling import workspace

    given = {k: v.strip() for k, v in values.items() if v is not None}
    for name in ("currency", "region"):
        if name in given:
            given[name] = given[name].upper()
    if days_off or days_on:
        _change_days(session, days_off, days_on)
    if given:
        workspace.set_workspace(session, **given)
        session = session.reload()
    changed = bool(given or days_off or days_on)
    if changed:
        output.tell(_("workspace changed"))
    from tui_crm.core.team import days_off as kept

    house, days = session.house, kept.of_house(session.store)
    if here.json:
        output.put_json(
            {**{name: getattr(house, name) for name in _FIELDS}, "days_off": list(days)}
        )
    elif not changed:
        output.table(
            [Column(""), Column("", give=True, most=400)],
            [
                *((name.replace("_", "-"), getattr(house, name)) for name in _FIELDS),
                ("days-off", kept.as_typed(days) or output.nothing()),
            ],
            head=False,
        )


COMMANDS = {"users": users, "workspace": workspace}
