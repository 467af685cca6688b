"""Goals: so many calls, actions, leads, wins or so much money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui_crm.cli import output, typed
from tui_crm.cli.catalogue import Catalogue, Field, Listing
from tui_crm.cli.commands import N_, Argument, Named, Option, Whole
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.text import _, show

if TYPE_CHECKING:
    from tui_crm.core.session import Session
    from tui_crm.core.team.goals import GoalRow


def _whose(goal: GoalRow, _session: Session) -> str:
    if goal.team:
        return _("team {name}").format(name=goal.team)
    return goal.user or _("everybody")


def _kind(goal: GoalRow, _session: Session) -> str:
    from tui_crm.core.team.goals import kind_word

    return kind_word(goal.kind)


def _period(goal: GoalRow, _session: Session) -> str:
    from tui_crm.core.team.goals import period_word

    return period_word(goal.period)


def _target(goal: GoalRow, session: Session) -> str:
    if goal.kind == "amount":
        return output.amount(goal.target, session.currency)
    return f"{goal.target:,}"


def _target_number(goal: GoalRow, session: Session) -> float:
    from tui_crm.core import money

    return money.number(goal.target, session.currency) if goal.kind == "amount" else goal.target


goals = Catalogue(
    "goals",
    N_("Goals by day, week, month, quarter or year; bare it lists."),
    core="tui_crm.core.team.goals",
    list_help=N_("All goals."),
    rows=lambda goals, session: goals.goals(session.store),
    listing=Listing(
        {
            "goal": "id",
            "user": "user",
            "team": "team",
            "kind": "kind",
            "period": "period",
            "target": _target_number,
        },
        Field(N_("goal"), "id", right=True),
        Field(N_("for"), _whose, give=True),
        Field(N_("kind"), _kind),
        Field(N_("each"), _period),
        Field(N_("target"), _target, right=True),
        empty=N_("No goals yet. For instance: tui-crm goals add calls day 50"),
    ),
    right="",
)

GOAL = (
    Argument("kind"),
    Argument("period"),
    Argument("target"),
    Option(
        "--rep",
        kind=Named("users"),
        metavar="NAME",
        default="",
        help=N_("Whose goal it is; default: yours."),
    ),
    Option("--team", kind=Named("teams"), metavar="NAME", default="", help=N_("A team's goal.")),
    Option("--everybody", flag=True, help=N_("The workspace's goal.")),
)


def _put(
    goals: Any,
    session: Session,
    kind: str,
    period: str,
    target: str,
    rep: str,
    team: str,
    everybody: bool,
) -> None:
    kind = goals.match_word(kind, goals.KINDS) or kind
    period = goals.match_word(period, goals.PERIODS) or period
    if kind == "amount":
        number = typed.amount(target, session)
    elif target.isdecimal() and len(target) < 12:
        number = int(target)
    else:
        raise CrmError(
            _("{target} is no number.").format(target=show(target)),
            _("For instance: tui-crm goals add calls day 50"),
        )
    if not (rep or team or everybody):
        rep = session.user.name
    goals.put(session, kind, period, number, user=rep, group=team)


def _done(kind: str, period: str, target: str, **_whose: Any) -> str:
    from tui_crm.core.team import goals

    return _("goal: {target} {each}").format(
        target=show(target),
        each=goals.each(
            goals.match_word(kind, goals.KINDS) or kind,
            goals.match_word(period, goals.PERIODS) or period,
        ),
    )


goals.operation(
    "add",
    N_(
        "Set a goal.\n\nKIND is calls, actions, leads, wins or amount; PERIOD is day, week, month, "
        "quarter, year, or all: since it was set, without a pace."
    ),
    *GOAL,
    call=_put,
    done=_done,
)
goals.operation(
    "edit", N_("Change a goal's target; as add, in its place."), *GOAL, call=_put, done=_done
)


def _retire(goals: Any, session: Session, goal: int) -> None:
    if all(row.id != goal for row in goals.goals(session.store)):
        raise NotFound(_("There is no such goal."), _("See them with: tui-crm goals"))
    goals.retire(session, goal)


goals.operation(
    "retire",
    N_("Take a goal away, by its number in the list."),
    Argument("goal", Whole(1)),
    call=_retire,
    done=N_("goal retired"),
)

COMMANDS = {"goals": goals}
