"""A backup from inside the app: asks for a file, writes it behind a progress sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_crm.core.store import backup
from tui_crm.core.text import _, ngettext
from tui_crm.tui.screens.importing.path_sheet import path_of
from tui_crm.tui.screens.progress import run_job
from tui_crm.tui.widgets.hints import Message

if TYPE_CHECKING:
    from tui_crm.tui.screens.base import CrmScreen


async def ask_backup(screen: CrmScreen) -> None:
    """Ask where the backup goes, and make it."""
    from tui_crm.tui.screens.exporting import ask_target

    if not screen.may("backup"):
        return

    async def keep(text: str) -> bool:
        path = path_of(text)
        made = await run_job(
            screen,
            _("backup"),
            path,
            lambda _progress, _cancelled: backup.backup(screen.session.store, path),
            cancellable=False,
        )
        leads = ngettext("{n} lead", "{n} leads", made.leads).format(n=f"{made.leads:,}")
        rows = ngettext("{n} prospect", "{n} prospects", made.prospects)
        figures = f"{leads}, {rows.format(n=f'{made.prospects:,}')}"
        screen.say(Message(_("Written and checked"), "won", figures, note=str(made.path)))
        return True

    name = f"tui-crm-{screen.session.today.isoformat()}.db"
    await ask_target(screen, _("backup"), _("everything, in one checked file"), name, keep)
