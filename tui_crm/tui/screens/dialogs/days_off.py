"""Days off on one line, to be changed there; the pace of goals leaves them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_crm.core.errors import CrmError
from tui_crm.core.team import days_off
from tui_crm.core.text import _
from tui_crm.tui.screens.base import echo_error
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.prompt import Echo, EchoRow

if TYPE_CHECKING:
    from tui_crm.tui.screens.base import CrmScreen


async def edit_days_off(screen: CrmScreen, mine: bool) -> None:
    """Ask for one's own days off, or everybody's. Only the days that were put on the line or taken
    off it are changed: what a colleague changes meanwhile stands."""
    session = screen.session
    store = session.store
    before = days_off.of_user(store, session.user_id) if mine else days_off.of_house(store)

    def change(text: str) -> bool:
        days = days_off.read(text)
        add = [day for day in days if day not in before]
        drop = [day for day in before if day not in days]
        if not add and not drop:
            return True
        user = session.user.name if mine else ""
        if screen.crm.perform(days_off.change, add, drop, user) is None:
            return False
        words = days_off.count_words(days)
        screen.say(Message(_("Days off"), "strong", words, right=Hint("u", _("undo"))))
        return True

    await screen.edit_line(
        _("days off"),
        _("mine, besides everybody's") if mine else _("everybody's"),
        change,
        place=f"days-off:{'mine' if mine else 'all'}",
        value=days_off.as_typed(before),
        goes_on=True,
        echo=_echo,
        rows=1,
        empty_value="",
        empty_word=_("none"),
        examples=make((_("2026-12-24  12-25 (every year)  2026-12-24..2026-12-31"), "dim")),
    )


def _echo(text: str) -> Echo:
    try:
        days = days_off.read(text)
    except CrmError as error:
        return echo_error(error, hint=True)
    line = make((days_off.count_words(days), "strong"), (f"  {days_off.as_typed(days)}", "text"))
    return Echo([EchoRow("=", "won", line)])
