"""Goals: so many calls, actions, leads, wins or so much money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tui_crm.cli import output, typed
from tui_crm.cli.base import N_, Command, Group, Option, context_of
from tui_crm.cli.output import Column
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.text import _, show

if TYPE_CHECKING:
    from tui_crm.core.session import Session
    from tui_crm.core.team.goals import GoalRow


@click.group("goals", cls=Group, help=N_("Goals by day, week, month or quarter; bare it lists."))
@click.pass_context
def goals(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        _list(ctx)


@goals.command("list", cls=Command, help=N_("All goals."))
@click.pass_context
def list_goals(ctx: click.Context) -> None:
    _list(ctx)


def _list(ctx: click.Context) -> None:
    here = context_of(ctx)
    session = here.session()
    from tui_crm.core import money
    from tui_crm.core.team import goals as kept

    rows = kept.goals(session.store)
    if here.json:
        output.put_json_rows(
            {
                "goal": g.id,
                "user": g.user,
                "team": g.team,
                "kind": g.kind,
                "period": g.period,
                "target": money.number(g.target, session.currency)
                if g.kind == "amount"
                else g.target,
            }
            for g in rows
        )
        return
    if not rows:
        output.tell(_("No goals yet. For instance: tui-crm goals add calls day 50"))
        return
    output.table(
        [
            Column(_("goal"), right=True),
            Column(_("for"), give=True),
            Column(_("kind")),
            Column(_("each")),
            Column(_("target"), right=True),
        ],
        [
            (
                g.id,
                _whose(g),
                kept.kind_word(g.kind),
                kept.period_word(g.period),
                _target(session, g),
            )
            for g in rows
        ],
    )


def _whose(goal: GoalRow) -> str:
    if goal.team:
        return _("team {name}").format(name=goal.team)
    return goal.user or _("everybody")


def _target(session: Session, goal: GoalRow) -> str:
    return (
        output.amount(goal.target, session.currency)
        if goal.kind == "amount"
        else f"{goal.target:,}"
    )


def _put(
    ctx: click.Context, kind: str, period: str, target: str, user: str, team: str, everybody: bool
) -> None:
    session = context_of(ctx).session()
    from tui_crm.core.team import goals as kept

    kind = kept.match_word(kind, kept.KINDS) or kind
    period = kept.match_word(period, kept.PERIODS) or period
    if kind == "amount":
        number = typed.amount(target, session)
    elif target.isdecimal() and len(target) < 12:
        number = int(target)
    else:
        raise CrmError(
            _("{target} is no number.").format(target=show(target)),
            _("For instance: tui-crm goals add calls day 50"),
        )
    if not (user or team or everybody):
        user = session.user.name
    kept.put(session, kind, period, number, user=user, group=team)
    output.tell(
        _("goal: {target} {kind} a {period}").format(
            target=show(target), kind=kept.kind_word(kind), period=kept.period_word(period)
        )
    )


def _goal_options(command: Any) -> Any:
    for option in reversed(
        (
            click.argument("kind"),
            click.argument("period"),
            click.argument("target"),
            click.option(
                "--rep",
                cls=Option,
                metavar="NAME",
                default="",
                help=N_("Whose goal it is; default: yours."),
            ),
            click.option(
                "--team", cls=Option, metavar="NAME", default="", help=N_("A team's goal.")
            ),
            click.option("--everybody", is_flag=True, cls=Option, help=N_("The workspace's goal.")),
        )
    ):
        command = option(command)
    return command


@goals.command(
    "add",
    cls=Command,
    help=N_(
        "Set a goal.\n\nKIND is calls, actions, leads, wins or amount; PERIOD is day, week, month "
        "or "
        "quarter."
    ),
)
@_goal_options
@click.pass_context
def add_goal(
    ctx: click.Context, kind: str, period: str, target: str, rep: str, team: str, everybody: bool
) -> None:
    _put(ctx, kind, period, target, rep, team, everybody)


@goals.command("edit", cls=Command, help=N_("Change a goal's target; as add, in its place."))
@_goal_options
@click.pass_context
def edit_goal(
    ctx: click.Context, kind: str, period: str, target: str, rep: str, team: str, everybody: bool
) -> None:
    _put(ctx, kind, period, target, rep, team, everybody)


@goals.command("retire", cls=Command, help=N_("Take a goal away, by its number in the list."))
@click.argument("goal", type=click.IntRange(1))
@click.pass_context
def retire_goal(ctx: click.Context, goal: int) -> None:
    session = context_of(ctx).session()
    from tui_crm.core.team import goals as kept

    if all(row.id != goal for row in kept.goals(session.store)):
        raise NotFound(_("There is no such goal."), _("See them with: tui-crm goals"))
    kept.retire(session, goal)
    output.tell(_("goal retired"))


COMMANDS = {"goals": goals}
