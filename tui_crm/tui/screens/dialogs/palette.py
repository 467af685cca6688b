"""The palette: every command, and everything that the search finds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from tui_crm.core import search
from tui_crm.core.fuzzy import score
from tui_crm.core.search import Hit
from tui_crm.core.text import _
from tui_crm.tui import keys, screens
from tui_crm.tui.screens.base import hint_of
from tui_crm.tui.screens.settings import places
from tui_crm.tui.widgets.conversation import ask, conversation
from tui_crm.tui.widgets.palette import Found, PaletteSheet, Result

if TYPE_CHECKING:
    from tui_crm.tui.screens.base import CrmScreen

MOST = 30  # results

Act = Callable[[], Awaitable[object]]


@conversation
async def open_palette(screen: CrmScreen, sign: str = ":") -> None:
    """Ask for anything by a few letters of its name or the end of a phone, and go there or do it.
    With the sign ``/`` only records are looked for, no commands."""
    all_commands = commands(screen) if sign == ":" else []

    def find(text: str) -> Found[Act]:
        if not text.strip():
            return Found(all_commands[:MOST], 0, 0)
        ranked = _matching_commands(all_commands, text)
        ranked += [(hit.points, _result(screen, hit)) for hit in search.find(screen.session, text)]
        # What cannot be undone is never the first, however well it is found.
        ranked.sort(key=lambda pair: (pair[1].for_good, -pair[0], len(pair[1].name)))
        return Found([result for _points, result in ranked[:MOST]], len(ranked), 0)

    about = _("commands, leads, people, prospects, phones")
    if sign != ":":
        about = _("leads, people, prospects, notes, phones")
    result = await ask(screen, PaletteSheet(_("everything"), about, find, sign=sign))
    if result is not None:
        await result.value()


def commands(screen: CrmScreen) -> list[Result[Act]]:
    """What can be done from here: the keys of this screen, then everything that can be set and the
    acts without a key, as far as the user has the right."""
    rows: list[Result[Act]] = [
        Result("", _(row.says), partial(screen.run_action, row.action), key=_shown(screen, row))
        for row in keys.here(screen.NAME)
        if row.group not in ("move", "choose") and row.action != "palette"
    ]
    imports = screen.NAME in keys.by_id("lists.import").where
    rows.append(Result("", _("Settings: everything that can be set"), partial(_settings, screen)))
    for place in places.places(screen):
        if place.name == "import" and imports:
            continue  # it has a key here
        name = f"{place.title}: {place.about[:1].lower()}{place.about[1:].rstrip('.')}"
        act = partial(_open_place, screen, place)
        rows.append(Result("", name, act, key=_key_of(screen, place)))
    duplicates = _("Duplicates: leads, people and clients that are likely one")
    rows.append(Result("", duplicates, partial(_find_duplicates, screen)))
    forget = partial(_open, screen, "blocked", "forget")
    leave = partial(screen.crm.run_action, "leave_program")
    rows.append(Result("", _("Leave the program"), leave, key="q"))
    if screen.session.may("forget"):
        rows.append(Result("", _("Forget a person for good"), forget, for_good=True))
    return rows


def _key_of(screen: CrmScreen, place: places.Place) -> str:
    """The key that opens a place from the screens that have it."""
    return hint_of(screen, place.key).key if place.key else ""


def _shown(screen: CrmScreen, row: keys.Key) -> str:
    """The key of a command, the user's own where it was remapped."""
    return row.shown if row.action == "digit" else hint_of(screen, row.id).key


def _matching_commands(rows: list[Result[Act]], text: str) -> list[tuple[int, Result[Act]]]:
    """The commands that the text matches, with their ranks."""
    ranked = []
    for row in rows:
        found = score(text, row.name)
        if found is not None:
            points, places = found
            ranked.append((points, replace(row, matched=places)))
    return ranked


def _result(screen: CrmScreen, hit: Hit) -> Result[Act]:
    """A hit of the search as a result: where it is, and what of it was found."""
    where = {
        "prospect": hit.list_name,
        "list": "",
        "client": "",
    }.get(hit.kind, f"#{hit.number}" if hit.number is not None else "")
    parts = [hit.match if hit.match != hit.name else ""]
    if hit.kind == "person":
        parts = [hit.title, "" if hit.match == hit.name else hit.match]
    parts += [where, search.state_word(hit.state) if hit.state not in ("todo", "new") else ""]
    token = "dim"
    if hit.blocked is not None or hit.state == "blocked":
        words = search.block_words(screen.session, hit.blocked) if hit.blocked is not None else ""
        parts = [f"9 {_('do not call')}", *([words] if words else []), *parts[:-1]]
        token = "blocked"
    fact = "  ".join(part for part in parts if part)
    kind = search.kind_word(hit.kind)
    return Result(kind, hit.name, _act(screen, hit), hit.places, fact, fact_token=token)


def _act(screen: CrmScreen, hit: Hit) -> Act:
    """What opens a hit, wherever it lives."""
    if hit.kind == "list" and hit.list_id is not None:
        return partial(_open_list, screen, hit.list_id)
    if hit.number is not None:  # of a row that became a lead, too
        return partial(_open_lead, screen, hit.number)
    if hit.prospect_id is not None:
        return partial(_open_prospect, screen, hit.prospect_id)
    assert hit.client_id is not None
    return partial(_open_client, screen, hit.client_id)


# -- acts ----------------------------------------------------------------------------------------


async def _open_lead(screen: CrmScreen, number: int) -> None:
    screen.crm.open_lead(number)


async def _open_client(screen: CrmScreen, client_id: int) -> None:
    screen.crm.open_client(client_id)


async def _open_list(screen: CrmScreen, list_id: int) -> None:
    from tui_crm.tui.screens.calling.screen import CallingScreen

    screen.crm.screen_of(CallingScreen).start_list(list_id)
    screen.crm.go("calling")


async def _open_prospect(screen: CrmScreen, prospect_id: int) -> None:
    from tui_crm.tui.screens.calling.screen import CallingScreen

    screen.crm.screen_of(CallingScreen).start_at(prospect_id)
    screen.crm.go("calling")


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


async def _find_duplicates(screen: CrmScreen) -> None:
    from tui_crm.tui.screens.dialogs.duplicates import find_duplicates

    await find_duplicates(screen)


async def _settings(screen: CrmScreen) -> None:
    from tui_crm.tui.screens.settings.opening import open_settings

    await open_settings(screen)


async def _open_place(screen: CrmScreen, place: places.Place) -> None:
    from tui_crm.tui.screens.settings.opening import open_place

    await open_place(screen, place)
