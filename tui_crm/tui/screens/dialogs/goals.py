"""Goals: a menu of them, one line to set a new one or another target, an empty line to retire
one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_crm.core import money
from tui_crm.core.errors import CrmError
from tui_crm.core.session import Session
from tui_crm.core.team import goals
from tui_crm.core.team.goals import GoalRow, TypedGoal
from tui_crm.core.text import _
from tui_crm.tui.screens.base import echo_error
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.menu import MenuOption
from tui_crm.tui.widgets.prompt import Echo, EchoRow

if TYPE_CHECKING:
    from tui_crm.tui.screens.base import CrmScreen


async def edit_goals(screen: CrmScreen) -> None:
    """Ask for a goal to change, or for a new one; every change can be undone."""
    session = screen.session
    rows = goals.goals(session.store)
    index: int | None = 0
    if rows:
        options = [MenuOption(_("New goal"), "", "accent")]
        options += [MenuOption(_name(row), _target(session, row)) for row in rows]
        index = await screen.choose(_("goals"), _("whose, of what, by when"), options)
    if index == 0:
        await _set_goal(screen)
    elif index is not None:
        await _change_target(screen, rows[index - 1])


async def _set_goal(screen: CrmScreen) -> None:
    session = screen.session

    def read(text: str) -> TypedGoal:
        return goals.read(session, text)

    await screen.edit_line(
        _("new goal"),
        _("what, by when, how much, whose"),
        lambda text: _put(screen, read(text)),
        place="goal:new",
        echo=lambda text: _echo(session, lambda: read(text)),
        rows=1,
        examples=make((_("calls day 50   amount month 20k ben   wins quarter 9 everybody"), "dim")),
    )


async def _change_target(screen: CrmScreen, goal: GoalRow) -> None:
    session = screen.session

    def read(text: str) -> TypedGoal:
        target = goals.read(session, f"{goal.kind} {goal.period} {text}").target
        return TypedGoal(
            kind=goal.kind,
            period=goal.period,
            target=target,
            user=goal.user or "",
            group=goal.team or "",
        )

    def change(text: str) -> bool:
        if text:
            return _put(screen, read(text))
        if screen.crm.perform(goals.retire, goal.id) is None:
            return False
        screen.say(Message(_("Retired"), "strong", _name(goal), right=Hint("u", _("undo"))))
        return True

    in_money = goal.kind == "amount"
    await screen.edit_line(
        _("goal"),
        _name(goal),
        change,
        place=f"goal:{goal.id}",
        value=str(money.number(goal.target, session.currency) if in_money else goal.target),
        echo=lambda text: _echo(session, lambda: read(text)),
        rows=1,
        empty_value="",
        empty_word=_("retires it"),
        examples=make((_("a number"), "dim")),
    )


def _put(screen: CrmScreen, goal: TypedGoal) -> bool:
    put = screen.crm.perform(goals.put, goal.kind, goal.period, goal.target, goal.user, goal.group)
    if put is None:
        return False
    words = _words(screen.session, goal)
    screen.say(Message(_("Goal"), "strong", words, right=Hint("u", _("undo"))))
    return True


def _echo(session: Session, read: Callable[[], TypedGoal]) -> Echo:
    try:
        return Echo([EchoRow("=", "won", make((_words(session, read()), "strong")))])
    except CrmError as error:
        return echo_error(error, hint=True)


def _name(goal: GoalRow) -> str:
    who = goal.user or (_("team {name}").format(name=goal.team) if goal.team else _("everybody"))
    return f"{who}: {goals.each(goal.kind, goal.period)}"


def _target(session: Session, goal: GoalRow | TypedGoal) -> str:
    if goal.kind == "amount":
        return money.full(goal.target, session.currency)
    return f"{goal.target:,}"


def _words(session: Session, goal: TypedGoal) -> str:
    """A typed goal in words."""
    row = GoalRow(
        id=0,
        user=goal.user or None,
        team=goal.group or None,
        kind=goal.kind,
        period=goal.period,
        target=goal.target,
    )
    return f"{_name(row)}  {_target(session, row)}"
