"""The palette: every command, lead, client and prospect list by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from tui_crm.core import search
from tui_crm.core.fuzzy import score
from tui_crm.core.search import Hit
from tui_crm.core.text import _
from tui_crm.tui import keys, screens
from tui_crm.tui.widgets.conversation import ask, conversation
from tui_crm.tui.widgets.palette import Found, PaletteSheet, Result

if TYPE_CHECKING:
    from tui_crm.tui.screens.base import CrmScreen
    from tui_crm.tui.screens.importing.source import Kind

MOST = 30  # results
BY_CONTENT = -1_000  # the rank of a hit whose name does not match, but its people or notes
BY_NUMBER = 10_000  # the rank of a lead whose number is typed

Act = Callable[[], Awaitable[object]]


@conversation
async def open_palette(screen: CrmScreen) -> None:
    """Ask for anything by a few letters of its name, and go there or do it."""
    all_commands = commands(screen)

    def find(text: str) -> Found[Act]:
        if not text.strip():
            return Found(all_commands[:MOST], 0, 0)
        ranked = _matching_commands(all_commands, text)
        ranked += [_ranked(screen, hit, text) for hit in search.candidates(screen.session, text)]
        ranked.sort(key=lambda pair: -pair[0])
        return Found([result for _points, result in ranked[:MOST]], len(ranked), 0)

    sheet = PaletteSheet(_("everything"), _("commands, leads, clients, lists"), find)
    result = await ask(screen, sheet)
    if result is not None:
        await result.value()


def commands(screen: CrmScreen) -> list[Result[Act]]:
    """What can be done from here: the keys of this screen, and the places and acts without one."""
    rows: list[Result[Act]] = [
        Result(_("command"), _(row.says), partial(screen.run_action, row.action), key=row.shown)
        for row in keys.here(screen.NAME)
        if row.group not in ("move", "choose") and row.action != "palette"
    ]
    more: list[tuple[str, Act]] = [
        (_("Import a prospect list from a file"), partial(_open_import, screen, "prospects")),
        (_("Import leads of another CRM from a file"), partial(_open_import, screen, "leads")),
        (_("Goals: set, change, retire"), partial(_edit_goals, screen)),
        (_("Days off: mine"), partial(_edit_days_off, screen, mine=True)),
        (_("Days off: everybody's"), partial(_edit_days_off, screen, mine=False)),
        (_("Do not call: the list of numbers and e-mails"), partial(_open, screen, "blocked")),
        (_("Forget a person for good"), partial(_open, screen, "blocked", "forget")),
        (_("Outcomes: labels, digits, what follows"), partial(_open, screen, "outcomes")),
    ]
    rows += [Result(_("command"), name, act) for name, act in more]
    leave = partial(screen.crm.run_action, "leave_program")
    return [*rows, Result(_("command"), _("Leave the program"), leave, key="q")]


def _matching_commands(rows: list[Result[Act]], text: str) -> list[tuple[int, Result[Act]]]:
    """The commands that the text matches, with their ranks."""
    ranked = []
    for row in rows:
        found = score(text, row.name)
        if found is not None:
            points, places = found
            result = Result(row.kind, row.name, row.value, matched=places, key=row.key)
            ranked.append((points, result))
    return ranked


def _ranked(screen: CrmScreen, hit: Hit, text: str) -> tuple[int, Result[Act]]:
    """A hit of the search as a result, with its rank."""
    kinds: dict[str, tuple[str, Act]] = {
        "lead": (_("lead"), partial(_open_lead, screen, hit.id)),
        "client": (_("client"), partial(_open_client, screen, hit.name)),
        "list": (_("list"), partial(_open_list, screen, hit.id)),
    }
    kind, act = kinds[hit.what]
    points, places = score(text, hit.name) or (BY_CONTENT, ())
    if hit.what == "lead" and hit.fact.partition(" ")[0] == f"#{text.strip().lstrip('#')}":
        points = BY_NUMBER
    return points, Result(kind, hit.name, act, matched=places, fact=hit.fact)


# -- acts ----------------------------------------------------------------------------------------


async def _open_lead(screen: CrmScreen, number: int) -> None:
    screen.crm.open_lead(number)


async def _open_client(screen: CrmScreen, name: str) -> None:
    from tui_crm.tui.screens.leads.leads import LeadsScreen

    screen.crm.go("leads")
    screen.crm.screen_of(LeadsScreen).filter.apply(f'client:"{name}"')


async def _open_list(screen: CrmScreen, list_id: int) -> None:
    from tui_crm.tui.screens.calling.screen import CallingScreen

    screen.crm.screen_of(CallingScreen).start_list(list_id)
    screen.crm.go("calling")


async def _open_import(screen: CrmScreen, kind: Kind) -> None:
    from tui_crm.tui.screens.importing.screen import ImportScreen

    place = screen.crm.screen_of(ImportScreen)
    place.begin(kind)
    screen.crm.push_screen(place)


async def _open(screen: CrmScreen, name: str, action: str = "") -> None:
    """Open a screen of the register, or go back to it, and run an action there."""
    crm = screen.crm
    place = crm.screen_of(screens.find(name))
    if place in crm.screen_stack:
        while crm.screen is not place:
            crm.pop_screen()
    else:
        await crm.push_screen(place)
    if action:
        await place.run_action(action)


async def _edit_goals(screen: CrmScreen) -> None:
    from tui_crm.tui.screens.dialogs.goals import edit_goals

    await edit_goals(screen)


async def _edit_days_off(screen: CrmScreen, mine: bool) -> None:
    from tui_crm.tui.screens.dialogs.days_off import edit_days_off

    await edit_days_off(screen, mine)
