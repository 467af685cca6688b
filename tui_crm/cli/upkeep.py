"""The store and the program itself: status, backup, restore, check, demo, keys, completion."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from tui_crm.cli import output
from tui_crm.cli.base import N_, Command, Context, Option, context_of
from tui_crm.cli.output import Column
from tui_crm.core.errors import CrmError
from tui_crm.core.store.url import is_postgres, safe_url
from tui_crm.core.text import _, ngettext, show


@click.command(
    "status",
    cls=Command,
    help=N_(
        "How you stand, in one screenful; never writes.\n\n"
        "--format '{overdue}/{due_today}' fills in any key of --json: for prompts and tmux."
    ),
)
@click.option("--format", "template", cls=Option, metavar="STR", help=N_("Your own line."))
@click.pass_context
def status(ctx: click.Context, template: str | None) -> None:
    here = context_of(ctx)
    from tui_crm.cli import status as quick

    quick.put(here.settings, here.db, here.user, here.json, template)


@click.command(
    "backup", cls=Command, help=N_("Write everything to FILE, checked, while others go on working.")
)
@click.argument("file", type=click.Path())
@click.pass_context
def backup(ctx: click.Context, file: str) -> None:
    here = context_of(ctx)
    store = here.store(create=False)
    from tui_crm.core.store import backup as store_backup

    made = store_backup.backup(store, file)
    output.tell(
        ngettext(
            "{file}: written and checked, {n} lead, {prospects} prospects.",
            "{file}: written and checked, {n} leads, {prospects} prospects.",
            made.leads,
        ).format(file=made.path, n=made.leads, prospects=made.prospects)
    )
    if here.json:
        output.put_json(
            {
                "file": str(made.path),
                "leads": made.leads,
                "prospects": made.prospects,
                "bytes": made.bytes,
            }
        )


@click.command(
    "restore",
    cls=Command,
    help=N_("Put the backup FILE in the place of the store; what stood there is kept beside it."),
)
@click.argument("file", type=click.Path())
@click.option(
    "--force", is_flag=True, cls=Option, help=N_("Replace what a PostgreSQL database holds.")
)
@click.pass_context
def restore(ctx: click.Context, file: str, force: bool) -> None:
    here = context_of(ctx)
    if is_postgres(here.url):
        import psycopg  # noqa: F401  # before peewee, which looks for it once
    from datetime import UTC, datetime

    from tui_crm.core.store import backup as store_backup

    now = here.clock() if here.clock else datetime.now(UTC)
    made = store_backup.restore(here.url, file, now=now.astimezone(), force=force)
    output.tell(
        ngettext(
            "Restored: {n} lead, {prospects} prospects.",
            "Restored: {n} leads, {prospects} prospects.",
            made.leads,
        ).format(n=made.leads, prospects=made.prospects)
    )
    if made.kept:
        output.tell(_("What stood there is kept in {file}").format(file=made.kept))
    if here.json:
        output.put_json(
            {
                "file": str(Path(file).absolute()),
                "leads": made.leads,
                "prospects": made.prospects,
                "kept": str(made.kept) if made.kept else None,
            }
        )


@click.command(
    "check", cls=Command, help=N_("Look whether the store is sound; silent when all is well.")
)
@click.pass_context
def check(ctx: click.Context) -> None:
    here = context_of(ctx)
    store = here.store(create=False)
    from tui_crm.core.store import backup as store_backup

    wrong = store_backup.check(store)
    if here.json:
        output.put_json({"ok": not wrong, "problems": wrong})
    else:
        for line in wrong:
            output.put(line)
    if wrong:
        output.tell(_("Restore a backup: tui-crm restore FILE"))
        ctx.exit(1)


@click.command(
    "demo",
    cls=Command,
    help=N_(
        "Make a believable company in a store of its own, and open it.\n\n"
        "The store is --db, else demo.db in the data folder, which is made anew."
    ),
)
@click.option("--leads", cls=Option, type=click.IntRange(0), metavar="N", help=N_("How many."))
@click.option("--prospects", cls=Option, type=click.IntRange(0), metavar="N", help=N_("How many."))
@click.option(
    "--seed", cls=Option, type=int, metavar="S", help=N_("The same seed makes the same company.")
)
@click.option("--open/--no-open", "opens", default=True, cls=Option, help=N_("Open the app on it."))
@click.pass_context
def demo(
    ctx: click.Context, leads: int | None, prospects: int | None, seed: int | None, opens: bool
) -> None:
    here = context_of(ctx)
    from tui_crm.cli import identity
    from tui_crm.cli.app import has_terminal, open_app

    if opens and not has_terminal():
        ctx.exit(open_app(here))  # says what it needs, before the work is done
    place = _demo_place(here)
    from tui_crm.demo import make as company

    given = {"leads": leads, "prospects": prospects, "seed": seed}
    chosen: dict[str, Any] = {k: v for k, v in given.items() if v is not None}
    here.user = here.user or here.settings.user or identity.login() or "you"
    company.make(
        place,
        user=here.user,
        now=here.clock() if here.clock else None,
        zone=here.settings.zone or identity.system_zone(),
        language=identity.locale()[:2],
        **chosen,
    )
    here.db = place
    if here.json:
        output.put_json({"db": safe_url(place)})
    elif not opens:
        output.put(safe_url(place))
    if opens:
        ctx.exit(open_app(here))


def _demo_place(here: Context) -> str:
    """Where the company goes: never over a store that somebody may work in."""
    from tui_crm import settings

    named = here.db
    if named is None:
        free = here.settings.db
        if free and not is_postgres(free) and not os.path.exists(os.path.expanduser(free)):
            return free
        folder = os.path.dirname(settings.default_db())
        path = os.path.join(folder, "demo.db")
        os.makedirs(folder, mode=0o700, exist_ok=True)
        for ending in ("", "-wal", "-shm"):
            Path(path + ending).unlink(missing_ok=True)
        return path
    if not is_postgres(named):
        named = os.path.expanduser(named.removeprefix("sqlite:///"))
        if os.path.exists(named):
            raise CrmError(
                _("{file} is there already; it was left as it is.").format(file=show(named)),
                _("Name a new file with --db."),
            )
    return named


@click.command("keys", cls=Command, help=N_("Every key of the app, with the id to remap it by."))
@click.pass_context
def keys(ctx: click.Context) -> None:
    here = context_of(ctx)
    from tui_crm.tui import keys as table

    rows = table.table()
    if here.json:
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


@click.command(
    "completion",
    cls=Command,
    help=N_(
        "Print the completion script of a shell.\n\n"
        'bash: eval "$(tui-crm completion bash)" in ~/.bashrc; zsh the same in ~/.zshrc; fish: '
        "tui-crm completion fish > ~/.config/fish/completions/tui-crm.fish"
    ),
)
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    from click.shell_completion import get_completion_class

    from tui_crm.cli.app import PROGRAM, root

    maker = get_completion_class(shell)
    assert maker is not None
    made = maker(root, {}, PROGRAM, "_TUI_CRM_COMPLETE")
    # Not source(): for bash it starts a bash to look at its version, and warns on stdout.
    output.put(made.source_template % made.source_vars())


COMMANDS = {
    "status": status,
    "backup": backup,
    "restore": restore,
    "check": check,
    "demo": demo,
    "keys": keys,
    "completion": completion,
}
