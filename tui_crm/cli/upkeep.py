"""The store and the program itself: status, backup, restore, check, demo, keys, completion."""

from __future__ import annotations

import os
from pathlib import Path

import click

from tui_crm.cli import output
from tui_crm.cli.base import Command, N_, Option, desk
from tui_crm.cli.output import Column
from tui_crm.core.errors import CrmError
from tui_crm.core.text import _, show


@click.command("status", cls=Command, help=N_(
    "How you stand, in one screenful; never writes.\n\n"
    "--format '{overdue}/{due_today}' fills in any key of --json: for prompts and tmux."))
@click.option("--format", "template", cls=Option, metavar="STR", help=N_("Your own line."))
@click.pass_context
def status(ctx: click.Context, template: str | None) -> None:
    here = desk(ctx)
    from tui_crm.cli import status as quick

    quick.put(here.settings, here.db, here.user, here.json, template)


@click.command("keys", cls=Command, help=N_("Every key of the app, with the id to remap it by."))
@click.pass_context
def keys(ctx: click.Context) -> None:
    here = desk(ctx)
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
        [Column("", most=10), Column("", most=14), Column("", most=22),
         Column("", give=True, most=120)],
        shown,
        head=False,
    )  # fmt: skip


@click.command("completion", cls=Command, help=N_(
    "Print the completion script of a shell.\n\n"
    'bash: eval "$(tui-crm completion bash)" in ~/.bashrc; zsh the same in ~/.zshrc; fish: '
    "tui-crm completion fish > ~/.config/fish/completions/tui-crm.fish"))
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


COMMANDS = {"status": status, "keys": keys, "completion": completion}
