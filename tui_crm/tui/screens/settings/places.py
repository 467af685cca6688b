"""What the list of the settings shows: the subjects of the catalogues, and what has a place of its
own elsewhere in the app."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from tui_crm.core.text import _
from tui_crm.tui.catalogue import Subject
from tui_crm.tui.screens.settings import program

if TYPE_CHECKING:
    from tui_crm.tui.screens.base import CrmScreen

PEOPLE = ("users", "teams", "goals")
HOUSE = ("workspace", "blocked")


@dataclass(frozen=True)
class Place:
    """A row of the list: where it stands, its title, one sentence on it, and what opens it.
    ``subject`` is what it shows on the settings screen itself; ``key`` the id of a key
    that opens it from some screens."""

    name: str
    section: Literal["sales", "people", "house", "program"]
    title: str
    about: str
    subject: Subject | None = None
    open: Callable[[CrmScreen], Awaitable[None]] | None = None
    key: str = ""


def places(screen: CrmScreen) -> list[Place]:
    """Everything that this user may set, by sections."""
    session = screen.session
    subjects = [subject for subject in screen.crm.subjects() if subject.may(session)]
    made = [_of_subject(subject) for subject in subjects if subject.name != "outcomes"]
    made += [
        Place(
            "outcomes",
            "sales",
            _("Outcomes"),
            _("Labels, digits, what follows."),
            open=partial(_screen, name="outcomes"),
        ),
        Place(
            "days-off",
            "people",
            _("Days off: mine"),
            _("Days that the pace of my goals leaves out."),
            open=partial(_days_off, mine=True),
        ),
        Place(
            "lists",
            "sales",
            _("Prospect lists"),
            _("Names, scripts, rules and columns; hand over, split, merge, archive."),
            open=_lists,
        ),
    ]
    if session.may("workspace"):
        made.append(
            Place(
                "all-days-off",
                "house",
                _("Days off: everybody's"),
                _("Holidays, which the pace of all goals leaves out."),
                open=partial(_days_off, mine=False),
            )
        )
    own = program.subject(screen.crm)
    made.append(Place("program", "program", own.title, own.about, own))
    made += [
        Place(
            "import",
            "program",
            _("Import prospects"),
            _("A list to call, from a file or pasted cells."),
            open=_import_prospects,
            key="lists.import",
        ),
        Place(
            "import-leads",
            "program",
            _("Import leads"),
            _("The leads of another CRM, from a file."),
            open=_import_leads,
        ),
    ]
    if session.may("backup"):
        made.append(
            Place(
                "backup",
                "program",
                _("Backup"),
                _("Everything in one checked file; a backup of each day is made by itself."),
                open=_backup,
            )
        )
    order = ("sales", "people", "house", "program")
    return sorted(made, key=lambda place: order.index(place.section))


def section_names() -> dict[str, str]:
    """The sections in words."""
    return {
        "sales": _("Selling"),
        "people": _("People"),
        "house": _("Workspace"),
        "program": _("This program"),
    }


def _of_subject(subject: Subject) -> Place:
    section: Literal["sales", "people", "house"] = "sales"
    if subject.name in PEOPLE:
        section = "people"
    elif subject.name in HOUSE:
        section = "house"
    made = Place(subject.name, section, subject.title, subject.about, subject)
    if subject.name == "blocked":
        return replace(made, subject=None, open=partial(_screen, name="blocked"))
    if subject.name == "goals":
        return replace(made, subject=None, open=_goals)
    return made


# -- what opens a place ---------------------------------------------------------------------------


async def _screen(screen: CrmScreen, name: str) -> None:
    from tui_crm.tui import screens

    await screen.crm.push_screen(screen.crm.screen_of(screens.find(name)))


async def _goals(screen: CrmScreen) -> None:
    from tui_crm.tui.screens.dialogs.goals import edit_goals

    await edit_goals(screen)


async def _days_off(screen: CrmScreen, mine: bool) -> None:
    from tui_crm.tui.screens.dialogs.days_off import edit_days_off

    await edit_days_off(screen, mine)


async def _lists(screen: CrmScreen) -> None:
    screen.crm.go("lists")


async def _import_prospects(screen: CrmScreen) -> None:
    await screen.crm.open_import("prospects")


async def _import_leads(screen: CrmScreen) -> None:
    await screen.crm.open_import("leads")


async def _backup(screen: CrmScreen) -> None:
    from tui_crm.tui.screens.settings.backup import ask_backup

    await ask_backup(screen)
