"""Users, and the workspace that holds for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui_crm.cli import output
from tui_crm.cli.catalogue import NOTHING, Catalogue, Field, Listing
from tui_crm.cli.commands import N_, Argument, Named, Option, Whole, Word, WrongUsage, command
from tui_crm.cli.context import Context
from tui_crm.cli.output import Column
from tui_crm.core.text import _, show

if TYPE_CHECKING:
    from tui_crm.core.session import Member, Session


def _members(_core: Any, session: Session) -> list[Member]:
    from tui_crm.core.session import all_members

    return all_members(session.store)


users = Catalogue(
    "users",
    N_("Who works here; bare it lists them."),
    core="tui_crm.core.team.members",
    list_help=N_("All users, those who left included."),
    rows=_members,
    listing=Listing(
        {
            "name": "name",
            "full_name": "full_name",
            "email": "email",
            "role": "role",
            "team": "team",
            "zone": lambda member, session: member.zone or session.house.zone,
            "active": "active",
        },
        Field(N_("user"), "name"),
        Field(
            N_("name"),
            lambda m, _session: m.full_name if m.full_name != m.name else "",
            give=True,
        ),
        Field(N_("role"), "role"),
        Field(N_("team"), "team"),
        Field(N_("e-mail"), "email", give=True),
        Field("", lambda member, _session: "" if member.active else _("left")),
    ),
    asks={"add": ("role",)},
    only_here=("days-off",),
)

USER = (
    Option("--email", metavar="ADDRESS", help=N_("Their e-mail.")),
    Option(
        "--role",
        kind=Word("rep", "manager", "admin"),
        metavar="ROLE",
        help=N_("admin, manager or rep."),
    ),
    Option("--full-name", metavar="TEXT", help=N_("First and last name.")),
    Option("--team", kind=Named("teams"), metavar="NAME", help=N_("Made when it is new.")),
    Option("--zone", metavar="ZONE", help=N_("Like Europe/Madrid.")),
)
DAYS_OFF = (
    Option(
        "--day-off",
        "days_off",
        metavar="DAY",
        multiple=True,
        help=N_("Add: 2026-12-24, 12-25 of every year, or a range; repeatable."),
    ),
    Option(
        "--day-on",
        "days_on",
        metavar="DAY",
        multiple=True,
        help=N_("Take a day off, or a range, away again."),
    ),
)


def _given(values: dict[str, Any]) -> dict[str, Any]:
    """The options that were given."""
    return {name: value for name, value in values.items() if value is not None}


users.operation(
    "add",
    N_("Add a user; NAME is their login."),
    Argument("name"),
    *USER,
    call=lambda members, session, name, **values: members.add_user(session, name, **_given(values)),
    done=N_("user {name} added"),
)


def _change_days(
    session: Session, add: tuple[str, ...], drop: tuple[str, ...], user: str = ""
) -> None:
    from tui_crm.core.team import days_off

    days_off.change(session, add=add, drop=drop, user=user)


@users.command(
    "edit",
    N_(
        "Change a user. Working days and days off count in the pace of goals; one's own days off "
        "everybody may change."
    ),
    Argument("name", Named("users")),
    *USER,
    Option("--active/--inactive", help=N_("Back, or gone.")),
    *DAYS_OFF,
)
def edit_user(
    context: Context,
    /,
    name: str,
    days_off: tuple[str, ...],
    days_on: tuple[str, ...],
    **values: str | bool | None,
) -> None:
    session = context.session()
    from tui_crm.core.team import members

    given = _given(values)
    if not given and not days_off and not days_on:
        raise WrongUsage(_(NOTHING))
    if days_off or days_on:
        _change_days(session, days_off, days_on, name)
    if given:
        members.edit_user(session, name, **given)
    output.tell(_("user {name} changed").format(name=show(name)))


@users.command(
    "days-off",
    N_("The days off of a user, and everybody's."),
    Argument("name", Named("users"), required=False),
)
def days_off_of(context: Context, name: str | None) -> None:
    session = context.session()
    from tui_crm.core.session import find_member
    from tui_crm.core.team import days_off

    who = find_member(session.store, name) if name else session.user
    own = days_off.of_user(session.store, who.id)
    house = days_off.of_house(session.store)
    if context.json:
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


users.operation(
    "bring-back",
    N_("A user who is here again."),
    Argument("name", Named("users")),
    call=lambda members, session, name: members.edit_user(session, name, active=True),
    done=N_("user {name} is back"),
)
users.operation(
    "retire",
    N_("A user who left; their work stays."),
    Argument("name", Named("users")),
    call=lambda members, session, name: members.edit_user(session, name, active=False),
    done=N_("user {name} is no longer active"),
)


teams = Catalogue(
    "teams",
    N_("Teams of users, for reports and goals; bare it lists them."),
    core="tui_crm.core.team.members",
    list_help=N_("All teams with their users."),
    rows=lambda members, session: members.teams(session.store),
    listing=Listing(
        {"team": "name", "users": lambda team, _session: list(team.users)},
        Field(N_("team"), "name", give=True),
        Field(N_("users"), lambda team, _session: ", ".join(team.users), give=True, most=80),
        empty=N_("No teams yet. For instance: tui-crm teams add North"),
    ),
    right="users",
    names={"rename": "name"},
)
teams.operation(
    "add",
    N_("A new team; users join it with: tui-crm users edit NAME --team TEAM"),
    Argument("name"),
    call=lambda members, session, name: members.add_team(session, name),
    done=N_("team {name}"),
)
teams.operation(
    "edit",
    N_("Rename a team."),
    Argument("name", Named("teams")),
    Option("--rename", metavar="TEXT", required=True, help=N_("Its new name.")),
    call=lambda members, session, name, rename: members.edit_team(session, name, rename),
    done=N_("team {rename}"),
)
teams.operation(
    "retire",
    N_("Dissolve a team: its users are in none, its goals go."),
    Argument("name", Named("teams")),
    call=lambda members, session, name: members.retire_team(session, name),
    done=N_("team {name} dissolved"),
)


# -- the workspace --------------------------------------------------------------------------------

WORKSPACE = (
    "name",
    "currency",
    "zone",
    "region",
    "language",
    "call_from",
    "call_until",
    "call_days",
    "silent_days",
    "score",
    "attachment_mb",
)


@command(
    "workspace",
    N_(
        "What holds for everybody; with options it changes that. The currency stays once there are "
        "amounts."
    ),
    Option("--name", metavar="TEXT", help=N_("Its name.")),
    Option("--currency", metavar="CODE", help=N_("Like EUR.")),
    Option("--zone", metavar="ZONE", help=N_("Like Europe/Madrid.")),
    Option("--region", metavar="CC", help=N_("Country of phones, like ES.")),
    Option(
        "--language", kind=Word("en", "es", "fr", "de"), metavar="LL", help=N_("en, es, fr or de.")
    ),
    Option("--call-from", metavar="TIME", help=N_("Calling starts, like 09:00.")),
    Option("--call-until", metavar="TIME", help=N_("Calling ends, like 18:00.")),
    Option("--call-days", metavar="DIGITS", help=N_("1 is Monday: 12345.")),
    Option(
        "--silent-days",
        kind=Whole(0, 3650),
        metavar="N",
        help=N_("Days without an action until a client is silent; 0: never."),
    ),
    Option(
        "--score",
        kind=Word("on", "off"),
        metavar="on|off",
        help=N_("Whether the chance of open leads is told, with its reasons."),
    ),
    Option(
        "--attachment-mb",
        kind=Whole(1, 200),
        metavar="N",
        help=N_("The most that one attached file may have, in MB."),
    ),
    *DAYS_OFF,
)
def workspace(
    context: Context,
    /,
    days_off: tuple[str, ...],
    days_on: tuple[str, ...],
    silent_days: int | None,
    score: str | None,
    attachment_mb: int | None,
    **values: str | None,
) -> None:
    session = context.session()
    from tui_crm.core.calling import workspace

    given: dict[str, Any] = {name: value.strip() for name, value in _given(values).items()}
    if silent_days is not None:
        given["silent_days"] = silent_days
    if score is not None:
        given["score"] = int(score.strip().casefold() == "on")
    if attachment_mb is not None:
        given["attachment_mb"] = attachment_mb
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
    from tui_crm.core.team.days_off import as_typed, of_house

    house, days = session.house, of_house(session.store)
    if context.json:
        output.put_json(
            {**{name: getattr(house, name) for name in WORKSPACE}, "days_off": list(days)}
        )
    elif not changed:
        output.table(
            [Column(""), Column("", give=True, most=400)],
            [
                *((name.replace("_", "-"), str(getattr(house, name))) for name in WORKSPACE),
                ("days-off", as_typed(days) or output.nothing()),
            ],
            head=False,
        )


COMMANDS = {"users": users, "teams": teams, "workspace": workspace}
