"""Opening the settings, or one place of them, from any screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_crm.tui.screens.settings.places import Place
from tui_crm.tui.screens.settings.screen import SettingsScreen

if TYPE_CHECKING:
    from tui_crm.tui.screens.base import CrmScreen


async def open_place(screen: CrmScreen, place: Place) -> None:
    """Open a place from anywhere."""
    if place.open is not None:
        await place.open(screen)
        return
    settings = screen.crm.screen_of(SettingsScreen)
    settings.enter(place.subject)
    if screen.crm.screen is not settings:
        await screen.crm.push_screen(settings)


async def open_settings(screen: CrmScreen) -> None:
    """Open the list of everything that can be set."""
    settings = screen.crm.screen_of(SettingsScreen)
    settings.enter(None)
    if screen.crm.screen is not settings:
        await screen.crm.push_screen(settings)
