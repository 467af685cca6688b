"""The store and the program itself: status, backup, restore, check, demo, keys, completion."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui_crm.cli import output
from tui_crm.cli.commands import N_, Argument, Choice, File, Option, Whole, command
from tui_crm.cli.context import Context
from tui_crm.cli.output import Column
from tui_crm.core.errors import CrmError, StoreBusy, StoreError
from tui_crm.core.files import expand, make_folder
from tui_crm.core.store import load_driver
from tui_crm.core.store.url import is_postgres, safe_url
from tui_crm.core.text import _, ngettext, show

if TYPE_CHECKING:
    from tui_crm.core.store.database import Store


@command(
    "status",
    N_(
        "How you stand, in one screenful; never writes.\n\n"
        "--format '{overdue}/{due_today}' fills in any key of --json: for prompts and tmux."
    ),
    Option("--format", "template", metavar="STR", help=N_("Your own line.")),
)
def status(context: Context, template: str | None) -> None:
    from tui_crm.cli import status as quick

    quick.put(context.settings, context.db, context.user, context.json, template)


@command(
    "backup",
    N_("Write everything to FILE, checked, while others go on working."),
    Argument("file", File()),
)
def backup(context: Context, file: str) -> None:
    session = context.session(create=False)
    session.require("backup")
    from tui_crm.core.store import backup as store_backup

    made = store_backup.backup(session.store, file)
    output.tell(
        ngettext(
            "{file}: written and checked, {n} lead, {prospects} prospects.",
            "{file}: written and checked, {n} leads, {prospects} prospects.",
            made.leads,
        ).format(file=made.path, n=made.leads, prospects=made.prospects)
    )
    if context.json:
        output.put_json(
            {
                "file": str(made.path),
                "leads": made.leads,
                "prospects": made.prospects,
                "bytes": made.bytes,
            }
        )


@command(
    "restore",
    N_("Put the backup FILE in the place of the store; what stood there is kept beside it."),
    Argument("file", File()),
    Option("--force", flag=True, help=N_("Replace what a PostgreSQL database holds.")),
)
def restore(context: Context, file: str, force: bool) -> None:
    load_driver(context.url)
    from datetime import UTC, datetime

    from tui_crm.core.store import backup as store_backup

    now = context.clock() if context.clock else datetime.now(UTC)
    _may_restore(context)
    made = store_backup.restore(context.url, file, now=now.astimezone(), force=force)
    output.tell(
        ngettext(
            "Restored: {n} lead, {prospects} prospects.",
            "Restored: {n} leads, {prospects} prospects.",
            made.leads,
        ).format(n=made.leads, prospects=made.prospects)
    )
    if made.kept:
        output.tell(_("What stood there is kept in {file}").format(file=made.kept))
    if context.json:
        output.put_json(
            {
                "file": str(Path(file).absolute()),
                "leads": made.leads,
                "prospects": made.prospects,
                "kept": str(made.kept) if made.kept else None,
            }
        )


@command(
    "check",
    N_(
        "Look whether the store is sound; silent when all is well.\n\n"
        "--repair makes anew what follows from other rows (search, keys, tries), after a backup."
    ),
    Option("--repair", flag=True, help=N_("Mend what can be mended; an admin may.")),
)
def check(context: Context, repair: bool) -> int:
    store = _to_check(context, "repair" if repair else "check")
    from tui_crm.core.store import backup as store_backup

    if repair:
        return _repair(context, store)
    wrong = store_backup.check(store)
    if context.json:
        output.put_json({"ok": not wrong, "problems": wrong})
    else:
        for line in wrong:
            output.put(line)
    if wrong:
        output.tell(_("Restore a backup: tui-crm restore FILE"))
    return int(bool(wrong))


def _may_restore(context: Context) -> None:
    """Raises NotAllowed for whoever may not replace the store. One that is not there, or that
    cannot be read any more, has nobody who could be asked: whoever has the file may."""
    if not is_postgres(context.url):
        from tui_crm.core.store.opening import sqlite_file

        if not os.path.exists(sqlite_file(context.url)):
            return
    try:
        store = context.store(create=False)
        from tui_crm.core.session import all_members

        if all_members(store):
            context.session(create=False).require("restore")
    except StoreBusy:
        raise
    except StoreError:
        pass
    finally:
        context.close()


def _to_check(context: Context, right: str) -> Store:
    """The store, for somebody who has the right; where it cannot say who that is, for anybody."""
    store = context.store(create=False)
    try:
        context.session(create=False).require(right)
    except StoreBusy:
        raise
    except StoreError:
        pass
    return store


def _repair(context: Context, store: Store) -> int:
    from datetime import UTC, datetime

    from tui_crm.core.store import backup as store_backup, repair

    now = context.clock() if context.clock else datetime.now(UTC)
    kept = store_backup.before_repair(store, now=now.astimezone())
    mended = repair.repair(store)
    wrong = store_backup.check(store)
    if context.json:
        output.put_json({"ok": not wrong, "problems": wrong, "mended": mended, "backup": str(kept)})
    else:
        for line in mended:
            output.tell(_("Mended: {what}").format(what=line))
        for line in wrong:
            output.put(line)
    output.tell(_("A backup made before is in {file}").format(file=show(str(kept))))
    return int(bool(wrong))


@command(
    "demo",
    N_(
        "Make a believable company in a store of its own, and open it.\n\n"
        "The store is --db, else demo.db in the data folder, which is made anew."
    ),
    Option("--leads", kind=Whole(0), metavar="N", help=N_("How many.")),
    Option("--prospects", kind=Whole(0), metavar="N", help=N_("How many.")),
    Option("--seed", kind=Whole(), metavar="S", help=N_("The same seed makes the same company.")),
    Option("--open/--no-open", "opens", default=True, help=N_("Open the app on it.")),
)
def demo(
    context: Context, leads: int | None, prospects: int | None, seed: int | None, opens: bool
) -> int:
    from tui_crm.cli import identity
    from tui_crm.cli.app import has_terminal, open_app

    if opens and not has_terminal():
        return open_app(context)  # says what it needs, before the work is done
    place = _demo_place(context)
    from tui_crm.demo import make as company

    given = {"leads": leads, "prospects": prospects, "seed": seed}
    chosen: dict[str, Any] = {k: v for k, v in given.items() if v is not None}
    context.user = context.user or context.settings.user or identity.login() or "you"
    company.make(
        place,
        user=context.user,
        now=context.clock() if context.clock else None,
        zone=context.settings.zone or identity.system_zone(),
        language=identity.locale()[:2],
        **chosen,
    )
    context.db = place
    if context.json:
        output.put_json({"db": safe_url(place)})
    elif not opens:
        output.put(safe_url(place))
    return open_app(context) if opens else 0


def _demo_place(context: Context) -> str:
    """Where the company goes: never over a store that somebody may work in."""
    from tui_crm import settings

    named = context.db
    if named is None:
        free = context.settings.db
        if free and not is_postgres(free) and not os.path.exists(expand(free)):
            return free
        folder = os.path.dirname(settings.default_db())
        path = os.path.join(folder, "demo.db")
        make_folder(folder)
        for ending in ("", "-wal", "-shm"):
            Path(path + ending).unlink(missing_ok=True)
        return path
    if not is_postgres(named):
        named = expand(named.removeprefix("sqlite:///"))
        if os.path.exists(named):
            raise CrmError(
                _("{file} is there already; it was left as it is.").format(file=show(named)),
                _("Name a new file with --db."),
            )
    return named


@command(
    "keys",
    N_("Every key of the app, with the id to remap it by."),
)
def keys(context: Context) -> None:
    from tui_crm.tui import keys as table

    rows = table.table()
    if context.json:
        output.put_json_rows(
            {"group": group, "keys": pressed, "id": name, "does": does}
            for group, pressed, name, does in rows
        )
        return
    last = ""
    shown = []
    for group, pressed, name, does in rows:
        shown.append((group if group != last else "", pressed, name, does))
        last = group
    output.table(
        [
            Column("", most=10),
            Column("", most=14),
            Column("", most=22),
            Column("", give=True, most=120),
        ],
        shown,
        head=False,
    )


@command(
    "completion",
    N_(
        "Print the completion script of a shell.\n\n"
        'bash: eval "$(tui-crm completion bash)" in ~/.bashrc; zsh the same in ~/.zshrc; fish: '
        "tui-crm completion fish > ~/.config/fish/completions/tui-crm.fish"
    ),
    Argument("shell", Choice("bash", "zsh", "fish", exact=True)),
)
def completion(context: Context, shell: str) -> None:
    from tui_crm.cli.app import ROOT
    from tui_crm.cli.click_tree import completion_script

    output.put(completion_script(ROOT, shell))


COMMANDS = {
    "status": status,
    "backup": backup,
    "restore": restore,
    "check": check,
    "demo": demo,
    "keys": keys,
    "completion": completion,
}
