"""Days off on one line: the days there are, to be changed; the pace of goals leaves them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_crm.core.errors import CrmError
from tui_crm.core.team import days_off
from tui_crm.core.text import _
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet

if TYPE_CHECKING:
    from tui_crm.tui.screens.base import CrmScreen


def _echo(text: str) -> Echo:
    try:
        days = days_off.read(text)
    except CrmError as error:
        return Echo(
            [EchoRow("?", "late", make((f"{error} {error.hint}".strip(), "late")))], refuse=True
        )
    return Echo(
        [
            EchoRow(
                "=",
                "won",
                make((days_off.said(days), "strong"), (f"  {days_off.words(days)}", "text")),
            )
        ]
    )


async def open(screen: CrmScreen, mine: bool) -> None:
    """One's own days off, or everybody's. What is changed is what was taken off the line and what
    was added to it: a colleague's change of another day stands."""
    session = screen.session
    store = session.store
    there = days_off.of_user(store, session.user_id) if mine else days_off.of_house(store)

    def entered(text: str | None) -> None:
        if text is None:
            return
        days = days_off.read(text)
        add = [day for day in days if day not in there]
        drop = [day for day in there if day not in days]
        if (add or drop) and screen.crm.perform(
            days_off.change, add, drop, session.user.name if mine else ""
        ) is not None:
            screen.say(
                Message(_("Days off"), "strong", days_off.said(days), right=Hint("u", _("undo")))
            )

    whose = _("mine, besides everybody's") if mine else _("everybody's")
    await PromptSheet(
        _("days off"),
        whose,
        _echo,
        value=days_off.words(there),
        rows=1,
        empty_value="",
        empty_word=_("none"),
        examples=make((_("2026-12-24  12-25 (every year)  2026-12-24..2026-12-31"), "dim")),
    ).open(screen, entered)
