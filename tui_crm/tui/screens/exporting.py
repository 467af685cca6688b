"""Exporting what is on screen: a format by its digit, then the file, prefilled.

The functions are awaited in a conversation (see `tui_crm.tui.widgets.conversation`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from tui_crm.core import files
from tui_crm.core.exchange.writers import formats, on_screen
from tui_crm.core.session import Session
from tui_crm.core.text import _, fold, ngettext
from tui_crm.tui.screens.importing.path_sheet import path_of
from tui_crm.tui.screens.progress import run_job
from tui_crm.tui.widgets.conversation import conversation
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.menu import MenuOption
from tui_crm.tui.widgets.prompt import Echo, EchoRow, PromptSheet

if TYPE_CHECKING:
    from tui_crm.tui.screens.base import CrmScreen

FORMATS = ("csv", formats.CSV_WITH_BOM, "xlsx", "json", "md")
"""In the order of their digits."""


@dataclass(frozen=True)
class Exported:
    """What a screen has to export: the beginning of a file's name, what it is in words, and
    ``write(form, out)``, which writes it as a format (of `FORMATS`) and returns how many rows there
    were."""

    name: str
    about: str
    write: Callable[[str, BinaryIO], int]


def exported_list(session: Session, name: str) -> Exported:
    """A prospect list, with the columns of its file, to be written to a file."""
    about = _("list {name}").format(name=name)
    return Exported(name, about, partial(on_screen.prospects, session, name))


@conversation
async def export(screen: CrmScreen, what: Exported) -> None:
    """Ask for a format and a file, and write what is on screen there."""
    index = await screen.choose(_("export"), what.about, _options(), enter=0, also_leaves=("E",))
    if index is not None:
        await _export_as(screen, what, FORMATS[index])


def _options() -> list[MenuOption]:
    return [
        MenuOption("CSV", _("for programs")),
        MenuOption(_("CSV for Excel"), _("opens with a double click")),
        MenuOption("XLSX", _("a workbook")),
        MenuOption("JSON", _("for scripts")),
        MenuOption("Markdown", _("a table to paste")),
    ]


async def _export_as(screen: CrmScreen, what: Exported, form: str) -> None:
    async def keep(text: str) -> bool:
        path = path_of(text)

        def write(_progress: object, _cancelled: object) -> int:
            return files.save(path, partial(what.write, form))

        count = await run_job(screen, _("exporting"), path, write, cancellable=False)
        rows = ngettext("{n} row", "{n} rows", count).format(n=f"{count:,}")
        screen.say(Message(_("Written"), "won", rows, note=str(Path(path).absolute())))
        return True

    ending = "csv" if form == formats.CSV_WITH_BOM else form
    day = screen.session.today.isoformat()
    name = f"{file_name(what.name)}-{day}.{ending}"
    await ask_target(screen, _("export"), what.about, name, keep)


def file_name(text: str) -> str:
    """A text as part of a file's name: small letters, digits and hyphens, 40 at most."""
    kept = "".join(letter if letter.isalnum() else "-" for letter in fold(text))
    return "-".join(part for part in kept.split("-") if part)[:40] or "export"


async def ask_target(
    screen: CrmScreen, title: str, about: str, name: str, keep: Callable[[str], Awaitable[bool]]
) -> bool:
    """Ask for a file to write, beginning with ``name``, until ``keep(typed)`` has written it."""

    def sheet(text: str) -> PromptSheet:
        return PromptSheet(title, about, _target_echo, value=text, rows=1)

    return await screen.edit_in(sheet, keep, name, place=None)


def _target_echo(text: str) -> Echo:
    """Where the file will be, and whether one is replaced."""
    target = Path(path_of(text))
    if target.is_dir():
        row = make((_("that is a folder; type the name of a file"), "late"))
        return Echo([EchoRow("?", "late", row)], refuse=True)
    if not target.absolute().parent.is_dir():
        row = make((_("there is no such folder"), "late"))
        return Echo([EchoRow("?", "late", row)], refuse=True)
    if files.is_store(target):
        row = make((_("that is a store; it is never replaced"), "late"))
        return Echo([EchoRow("?", "late", row)], refuse=True)
    if target.exists():
        return Echo([EchoRow("!", "due", make((_("is there: Enter replaces it"), "due")))])
    return Echo([EchoRow("=", "won", make((str(target.absolute()), "strong")))])


def nothing_to_export(screen: CrmScreen) -> None:
    """Say that there is nothing on this screen to be written."""
    screen.explain_key("E", _("there is nothing here to export."), Hint(":", _("everything")))
