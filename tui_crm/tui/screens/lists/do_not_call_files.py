"""The do-not-call list from a file, and into one. The functions are awaited in a conversation (see
`tui_crm.tui.widgets.conversation`)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui_crm.core.errors import CrmError
from tui_crm.core.exchange import importing
from tui_crm.core.exchange.do_not_call import BlockComparison, DoNotCallImport, ParsedBlocks, save
from tui_crm.core.exchange.importing import Preview
from tui_crm.core.exchange.writers import formats
from tui_crm.core.text import _, ngettext
from tui_crm.tui.screens.importing.path_sheet import PathSheet, path_of
from tui_crm.tui.widgets.conversation import ask
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.menu import MenuOption
from tui_crm.tui.widgets.prompt import Echo, EchoRow

if TYPE_CHECKING:
    from tui_crm.tui.screens.base import CrmScreen

SKIPPED = 3  # unreadable rows of a file that are shown before it is imported


async def import_file(screen: CrmScreen) -> None:
    """Ask for a file, show what it would add to the list, and add it."""
    path: str | None = ""
    problem = ""
    while path is not None:
        about = _("do not call: one phone or e-mail a row")
        path = await ask(screen, PathSheet(about, path, problem))
        if path is None:
            return
        try:
            preview = importing.preview(screen.session, DoNotCallImport(), path_of(path))
        except (CrmError, OSError) as error:
            problem = str(error)
        else:
            await _confirm_import(screen, preview)
            return


async def _confirm_import(
    screen: CrmScreen, preview: Preview[ParsedBlocks, BlockComparison]
) -> None:
    name = preview.file.name
    figures = _("{added} new of {rows} rows, {known} known, {skipped} not readable").format(
        added=preview.added,
        rows=preview.rows,
        known=len(preview.duplicates),
        skipped=len(preview.skipped),
    )
    if not preview.comparison.has_changes:
        screen.say(Message("!", "due", name, figures, subject_token="due"))
        return
    skipped = [
        _("line {line}: {reason}").format(line=row.line, reason=row.reason)
        for row in preview.skipped[:SKIPPED]
    ]
    put = _("Put {n} on the list").format(n=preview.added)
    options = [
        MenuOption(put, _("one undo takes them off")),
        MenuOption(_("Leave it"), "; ".join(skipped)),
    ]
    if await screen.choose(name, figures, options, enter=0) != 0:
        return
    done = screen.crm.perform(importing.run_import, preview)
    if isinstance(done, Preview):
        count, right = len(done.comparison.new), Hint("u", _("undo"))
        more = _("{n} more").format(n=count)
        screen.say(Message(_("Do not call"), "blocked", more, figures, right=right))


async def export_file(screen: CrmScreen) -> None:
    """Ask for a path, and write the list there in the format of its ending."""

    def export(text: str) -> bool:
        path = path_of(text)
        count = save(screen.session, path)
        rows = ngettext("{n} row", "{n} rows", count).format(n=count)
        screen.say(Message(_("Written"), "strong", path, rows))
        return True

    await screen.edit_line(
        _("export"),
        _("do not call"),
        export,
        place=None,
        value="do-not-call.csv",
        echo=_target_echo,
        rows=1,
    )


def _target_echo(text: str) -> Echo:
    target = Path(path_of(text))
    if formats.format_of(target) is None:
        row = make((_("the ending says the format: .csv, .xlsx or .json"), "late"))
        return Echo([EchoRow("?", "late", row)], refuse=True)
    if target.exists():
        return Echo([EchoRow("!", "due", make((_("is there: Enter replaces it"), "due")))])
    return Echo([EchoRow("=", "won", make((str(target.absolute()), "strong")))])
