"""The screens, one file each. ``make`` is their register: a screen is imported when it is first
gone to, so that the first frame of the app pays for one only."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui_crm.tui.screens.base import CrmScreen

SCREENS = {
    "today": "today.TodayScreen",
    "lead": "lead.LeadScreen",
    "leads": "leads.LeadsScreen",
    "board": "board.BoardScreen",
    "calling": "calling.CallingScreen",
    "lists": "lists.ListsScreen",
    "list": "list_page.ListScreen",
    "stats": "stats.StatsScreen",
    "figure": "figure.FigureScreen",
    "feed": "feed.FeedScreen",
    "import": "import_.ImportScreen",
    "blocked": "blocked.BlockedScreen",
    "outcomes": "outcomes.OutcomesScreen",
    "help": "help.HelpScreen",
}


def make(name: str) -> CrmScreen:
    """A new screen of that name."""
    module, _dot, cls = SCREENS[name].partition(".")
    made: CrmScreen = getattr(import_module(f"{__name__}.{module}"), cls)()
    return made
