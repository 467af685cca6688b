"""The screens, a folder a place. ``SCREENS`` is their register: a screen is imported when it is
first gone to, so that the first frame of the app pays for one only."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui_crm.tui.screens.base import CrmScreen

SCREENS = {
    "today": "leads.today.TodayScreen",
    "week": "leads.week.WeekScreen",
    "lead": "leads.lead.LeadScreen",
    "client": "leads.client.ClientScreen",
    "leads": "leads.leads.LeadsScreen",
    "board": "leads.board.BoardScreen",
    "calling": "calling.screen.CallingScreen",
    "lists": "lists.screen.ListsScreen",
    "list": "lists.page.ListScreen",
    "stats": "stats.screen.StatsScreen",
    "figure": "stats.figure.FigureScreen",
    "feed": "feed.FeedScreen",
    "import": "importing.screen.ImportScreen",
    "blocked": "lists.do_not_call.DoNotCallScreen",
    "outcomes": "lists.outcomes.OutcomesScreen",
    "settings": "settings.screen.SettingsScreen",
    "help": "help.HelpScreen",
}


def find(name: str) -> type[CrmScreen]:
    """The class of a screen by its name, imported now."""
    module, _dot, cls = SCREENS[name].rpartition(".")
    found: type[CrmScreen] = getattr(import_module(f"{__name__}.{module}"), cls)
    return found
