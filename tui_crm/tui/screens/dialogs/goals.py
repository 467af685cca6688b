"""Goals: the ones there are as a menu, a line to set one, a number to change it, nothing to
retire it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_crm.core import money
from tui_crm.core.errors import CrmError
from tui_crm.core.team import goals
from tui_crm.core.team.goals import GoalRow, Typed
from tui_crm.core.text import _
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.menu import MenuOption, MenuSheet
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet

if TYPE_CHECKING:
    from tui_crm.core.session import Session
    from tui_crm.tui.screens.base import CrmScreen


async def open(screen: CrmScreen) -> None:
    """Choose a goal to change, or set a new one; every change can be undone."""
    there = goals.goals(screen.session.store)
    options = [MenuOption(_("New goal"), "", "accent")]
    options += [MenuOption(_name(goal), _target(screen.session, goal)) for goal in there]

    async def chosen(index: int | None) -> None:
        if index is not None:
            await (_change(screen, there[index - 1]) if index else _set(screen))

    if there:
        await MenuSheet(_("goals"), _("whose, of what, by when"), options).open(screen, chosen)
    else:
        await _set(screen)


async def _set(screen: CrmScreen) -> None:
    session = screen.session

    def echo(text: str) -> Echo:
        try:
            read = goals.read(session, text)
        except CrmError as error:
            return Echo(
                [EchoRow("?", "late", make((f"{error} {error.hint}".strip(), "late")))], refuse=True
            )
        return Echo([EchoRow("=", "won", make((_said(session, read), "strong")))])

    def entered(text: str | None) -> None:
        if text:
            read = goals.read(session, text)
            if (
                screen.crm.perform(
                    goals.put, read.kind, read.period, read.target, read.user, read.group
                )
                is not None
            ):
                screen.say(
                    Message(_("Goal"), "strong", _said(session, read), right=Hint("u", _("undo")))
                )

    await PromptSheet(
        _("new goal"),
        _("what, by when, how much, whose"),
        echo,
        rows=1,
        examples=make((_("calls day 50   amount month 20k ben   wins quarter 9 everybody"), "dim")),
    ).open(screen, entered)


async def _change(screen: CrmScreen, goal: GoalRow) -> None:
    session = screen.session

    def read(text: str) -> Typed:
        found = goals.read(session, f"{goal.kind} {goal.period} {text}")
        return Typed(goal.kind, goal.period, found.target, goal.user or "", goal.team or "")

    def echo(text: str) -> Echo:
        try:
            return Echo([EchoRow("=", "won", make((_said(session, read(text)), "strong")))])
        except CrmError as error:
            return Echo([EchoRow("?", "late", make((str(error), "late")))], refuse=True)

    def entered(text: str | None) -> None:
        if text is None:
            return
        if not text:
            if screen.crm.perform(goals.retire, goal.id) is not None:
                screen.say(Message(_("Retired"), "strong", _name(goal), right=Hint("u", _("undo"))))
            return
        found = read(text)
        if (
            screen.crm.perform(
                goals.put, found.kind, found.period, found.target, found.user, found.group
            )
            is not None
        ):
            screen.say(
                Message(_("Goal"), "strong", _said(session, found), right=Hint("u", _("undo")))
            )

    value = (
        str(money.number(goal.target, session.currency))
        if goal.kind == "amount"
        else str(goal.target)
    )
    await PromptSheet(
        _("goal"),
        _name(goal),
        echo,
        value=value,
        rows=1,
        empty_value="",
        empty_word=_("retires it"),
        examples=make((_("a number"), "dim")),
    ).open(screen, entered)


def _name(goal: GoalRow) -> str:
    who = goal.user or (_("team {name}").format(name=goal.team) if goal.team else _("everybody"))
    return _("{who}: {kind} a {period}").format(
        who=who, kind=goals.kind_word(goal.kind), period=goals.period_word(goal.period)
    )


def _target(session: Session, goal: GoalRow | Typed) -> str:
    if goal.kind == "amount":
        return money.full(goal.target, session.currency)
    return f"{goal.target:,}"


def _said(session: Session, read: Typed) -> str:
    row = GoalRow(0, read.user or None, read.group or None, read.kind, read.period, read.target)
    return f"{_name(row)}  {_target(session, read)}"
