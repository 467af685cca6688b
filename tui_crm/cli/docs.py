"""docs/commands.md, made from the commands themselves: ``python -m tui_crm.cli.docs``.

``--check`` writes nothing and ends with 1 when the file is stale.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from tui_crm.cli.app import ROOT
from tui_crm.cli.click_tree import global_options, group_of
from tui_crm.cli.context import Context

FILE = Path(__file__).parents[2] / "docs" / "commands.md"


def every_command() -> Iterator[tuple[str, click.Command]]:
    """Each command and subcommand with its full path (``users add``), in the order of the help."""
    root = group_of(ROOT)
    with click.Context(root, info_name=ROOT.name, obj=Context()) as ctx:
        yield from _below(root, ctx, "")


def _below(
    group: click.Group, ctx: click.Context, path: str
) -> Iterator[tuple[str, click.Command]]:
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None
        yield f"{path}{name}", command
        if isinstance(command, click.Group):
            yield from _below(command, ctx, f"{path}{name} ")


def reference() -> str:
    """The whole reference as Markdown."""
    lines = [
        "# Commands",
        "",
        "Made by `python -m tui_crm.cli.docs` from the program itself; do not edit.",
        "",
        "Data goes to stdout, talk to stderr. Exit code 0: done, 1: refused (one sentence and what"
        " to do next), 2: wrong usage.",
        "",
        "Every command takes these, before or behind its name:",
        "",
        *_options(global_options()),
    ]
    common = {name for option in global_options() for name in option.opts}
    for path, command in every_command():
        own = [p for p in command.params if not common & set(p.opts)]
        lines += ["", f"## {path}", "", f"`{_usage(path, command, own)}`", ""]
        lines += [*(command.help or "").strip().split("\n")]
        options = _options([p for p in own if isinstance(p, click.Option)])
        if options:
            lines += ["", *options]
    return "\n".join(lines) + "\n"


def _usage(path: str, command: click.Command, own: list[click.Parameter]) -> str:
    words = [ROOT.name, path]
    if any(isinstance(p, click.Option) for p in own):
        words.append("[OPTIONS]")
    if isinstance(command, click.Group):
        words.append("[COMMAND]")
    ctx = click.Context(command, info_name=path)
    words += [p.make_metavar(ctx) for p in own if isinstance(p, click.Argument)]
    return " ".join(words)


def _options(options: list[click.Parameter]) -> list[str]:
    if not options:
        return []
    ctx = click.Context(group_of(ROOT), info_name=ROOT.name)
    lines = ["| option | |", "| --- | --- |"]
    for option in options:
        assert isinstance(option, click.Option)
        record = click.Option.get_help_record(option, ctx)
        if record:
            name, says = (part.replace("|", "\\|") for part in record)
            lines.append(f"| `{name}` | {says} |")
    return lines


def main(argv: list[str]) -> int:
    made = reference()
    if "--check" in argv:
        stale = not FILE.exists() or FILE.read_text(encoding="utf-8") != made
        if stale:
            print(f"{FILE.name} is stale: python -m tui_crm.cli.docs", file=sys.stderr)
        return int(stale)
    FILE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
