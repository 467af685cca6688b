"""Goals: so many calls, actions, leads, wins or so much money, by day, week, month or quarter."""

from __future__ import annotations

from dataclasses import dataclass

from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.store.database import Store
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import Goal
from tui_crm.core.text import _
from tui_crm.core.work import team

KINDS = ("calls", "actions", "leads", "wins", "amount")
PERIODS = ("day", "week", "month", "quarter")


@dataclass(frozen=True)
class GoalRow:
    """A goal of a user, a team, or (neither) of everybody; ``target`` in minor units for amount."""

    id: int
    user: str | None
    team: str | None
    kind: str
    period: str
    target: int


@operation
def put(w: Write, kind: str, period: str, target: int, user: str = "", group: str = "") -> int:
    """Set a goal for a user, a team or the workspace, in place of the one there was.

    A rep may set their own. Raises CrmError for an unknown kind or period, or a target below 1."""
    if kind not in KINDS or period not in PERIODS:
        raise CrmError(
            _("A goal is {kinds} by {periods}.").format(
                kinds=", ".join(KINDS), periods=", ".join(PERIODS)
            ),
            _("For instance: tui-crm goals add calls day 50"),
        )
    if target < 1:
        raise CrmError(_("A goal is at least 1."), _("Retire it instead: tui-crm goals retire"))
    user_id = team.find_member(w.store, user).id if user else None
    if user_id != w.user_id:
        w.session.require("goals")
    team_id = _team(w.store, group) if group else None
    w.say(_("goal: {target} {kind} a {period}").format(target=target, kind=kind, period=period))
    for row in goals(w.store):
        if (row.user or "", row.team or "") == (
            team.find_member(w.store, user).name if user else "", group
        ) and (row.kind, row.period) == (kind, period):
            w.update(Goal, row.id, target=target)
            return row.id
    return w.insert(
        Goal, user_id=user_id, team_id=team_id, kind=kind, period=period, target=target
    )


@operation
def retire(w: Write, goal_id: int) -> None:
    """Take a goal away."""
    row = w.row(Goal, goal_id)
    if row is None:
        raise NotFound(_("There is no such goal."), _("See them with: tui-crm goals"))
    if row["user_id"] != w.user_id:
        w.session.require("goals")
    w.delete(Goal, goal_id)
    w.say(_("goal retired"))


def _team(store: Store, name: str) -> int:
    found = store.value("SELECT id FROM teams WHERE lower(name) = lower(?)", (name,))
    if found is None:
        raise NotFound(_("There is no team {name}.").format(name=name))
    return int(found)


def goals(store: Store) -> list[GoalRow]:
    """All goals."""
    return [
        GoalRow(*row)
        for row in store.rows(
            "SELECT goals.id, users.name, teams.name, kind, period, target FROM goals"
            " LEFT JOIN users ON users.id = goals.user_id"
            " LEFT JOIN teams ON teams.id = goals.team_id ORDER BY goals.id"
        )
    ]
