"""The palette: every command, lead, client and prospect list by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui_crm.core import search
from tui_crm.core.fuzzy import score
from tui_crm.core.text import _
from tui_crm.tui import keys, screens
from tui_crm.tui.widgets.palette import Found, PaletteSheet, Result

if TYPE_CHECKING:
    from tui_crm.tui.screens.base import CrmScreen

MOST = 30


def commands(screen: CrmScreen) -> list[Result]:
    """What can be done from here: the keys of this screen, and the places and acts without one."""
    rows = [
        Result(_("command"), _(row.says), key=row.shown, value=("key", row.action))
        for row in keys.here(screen.NAME)
        if row.group not in ("move", "choose") and row.action != "palette"
    ]
    rows += [
        Result(
            _("command"), _("Import a prospect list from a file"), value=("import", "prospects")
        ),
        Result(
            _("command"), _("Import leads of another CRM from a file"), value=("import", "leads")
        ),
        Result(_("command"), _("Goals: set, change, retire"), value=("goals", None)),
        Result(_("command"), _("Days off: mine"), value=("days_off", "mine")),
        Result(_("command"), _("Days off: everybody's"), value=("days_off", "all")),
        Result(
            _("command"),
            _("Do not call: the list of numbers and e-mails"),
            value=("screen", "blocked"),
        ),
        Result(_("command"), _("Forget a person for good"), value=("screen", "blocked", "forget")),
        Result(
            _("command"), _("Outcomes: labels, digits, what follows"), value=("screen", "outcomes")
        ),
        Result(_("command"), _("Leave the program"), key="q", value=("leave", None)),
    ]
    return rows


async def open(screen: CrmScreen) -> None:
    """Type a few letters, go to anything."""
    there = commands(screen)

    def look(text: str) -> Found:
        if not text.strip():
            return Found(there[:MOST], 0, 0)
        ranked: list[tuple[int, Result]] = []
        for row in there:
            found = score(text, row.name)
            if found is not None:
                ranked.append(
                    (found[0], Result(row.kind, row.name, found[1], key=row.key, value=row.value))
                )
        words = {"lead": _("lead"), "client": _("client"), "list": _("list")}
        for hit in search.candidates(screen.session, text):
            found = score(text, hit.name)
            # What was found by its people or notes has no letters to mark, and comes last.
            points, places = found if found is not None else (-1_000, ())
            if hit.what == "lead" and hit.fact.partition(" ")[0] == f"#{text.strip().lstrip('#')}":
                points = 10_000
            ranked.append(
                (
                    points,
                    Result(
                        words[hit.what],
                        hit.name,
                        places,
                        hit.fact,
                        value=(hit.what, hit.id, hit.name),
                    ),
                )
            )
        ranked.sort(key=lambda pair: -pair[0])
        return Found([result for _points, result in ranked[:MOST]], len(ranked), 0)

    async def chosen(result: Any) -> None:
        if result is not None:
            await go(screen, result.value)

    await PaletteSheet(_("everything"), _("commands, leads, clients, lists"), look).open(
        screen, chosen
    )


async def go(screen: CrmScreen, value: tuple[Any, ...]) -> None:
    """Do what was chosen."""
    crm = screen.crm
    if value[0] == "key":
        await screen.run_action(value[1])
    elif value[0] == "lead":
        crm.open_lead(value[1])
    elif value[0] == "client":
        from tui_crm.tui.screens.leads.leads import LeadsScreen

        crm.go("leads")
        crm.screen_of(LeadsScreen).narrow(f'client:"{value[2]}"')
    elif value[0] == "list":
        from tui_crm.tui.screens.calling.screen import CallingScreen

        crm.screen_of(CallingScreen).start_list(value[1])
        crm.go("calling")
    elif value[0] == "screen":
        place = crm.screen_of(screens.find(value[1]))
        if place in crm.screen_stack:
            while crm.screen is not place:
                crm.pop_screen()
        else:
            await crm.push_screen(place)
        for act in value[2:]:
            await place.run_action(act)
    elif value[0] == "import":
        from tui_crm.tui.screens.importing.screen import ImportScreen

        crm.screen_of(ImportScreen).kind = value[1]
        crm.push_screen(crm.screen_of(ImportScreen))
    elif value[0] == "goals":
        from tui_crm.tui.screens.dialogs import goals

        await goals.open(screen)
    elif value[0] == "days_off":
        from tui_crm.tui.screens.dialogs import days_off

        await days_off.open(screen, mine=value[1] == "mine")
    else:
        await crm.run_action("leave")
