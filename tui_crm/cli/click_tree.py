"""click's view of the commands: help, completion, and command lines with anything unusual.

The tables are those of :mod:`.commands`; the commands are built from them as they are needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click
from click.shell_completion import CompletionItem

from tui_crm.cli import commands, output
from tui_crm.cli.commands import Argument, Command, Group, Kind, Option, WrongUsage
from tui_crm.cli.context import Context
from tui_crm.core.errors import CrmError
from tui_crm.core.text import _, show

COMPLETE = "_TUI_CRM_COMPLETE"
"""The variable in which a shell asks for completions."""


def run(root: Group, words: Sequence[str], context: Context) -> int:
    """Run a command line; the exit code. Wrong usage is a message on stderr."""
    try:
        with group_of(root).make_context(root.name, list(words), obj=context) as ctx:
            done = ctx.command.invoke(ctx)
            return done if isinstance(done, int) else 0
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx is not None else ""
        output.tell_wrong_usage(error.format_message(), path)
        return 2
    except click.ClickException as error:
        output.tell(error.format_message())
        return 1
    except click.Abort:
        return 130


def complete(root: Group, instruction: str, context: Context) -> int:
    """Answer a shell that completes a command line; the exit code."""
    from click.shell_completion import shell_complete

    return shell_complete(group_of(root), {"obj": context}, root.name, COMPLETE, instruction)


def completion_script(root: Group, shell: str) -> str:
    """The script that makes ``shell`` (bash, zsh, fish) complete our commands."""
    from click.shell_completion import get_completion_class

    maker = get_completion_class(shell)
    assert maker is not None
    made = maker(group_of(root), {}, root.name, COMPLETE)
    # A zsh without its completion system has no compdef: start it, as its own set-up would.
    ready = "(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }\n"
    # Not source(): for bash it starts a bash to look at its version, and warns on stdout.
    return (ready if shell == "zsh" else "") + made.source_template % made.source_vars()


# -- commands -------------------------------------------------------------------------------------


class _Translated(click.Command):
    """A command whose help is translated when it is shown."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        original, self.help = self.help, _(self.help) if self.help else self.help
        try:
            super().format_help(ctx, formatter)
        finally:
            self.help = original

    def get_short_help_str(self, limit: int = 45) -> str:
        original, self.help = self.help, _(self.help) if self.help else self.help
        try:
            return super().get_short_help_str(limit)
        finally:
            self.help = original


class _Group(_Translated, click.Group):
    """A group that looks its commands up in the tables."""

    def __init__(self, table: Group, **how: Any) -> None:
        super().__init__(table.name, **how)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        return self.table.names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = self.table.find(cmd_name)
        return None if found is None else command_of(found)


def command_of(table: Command) -> click.Command:
    """A command as click has it."""
    return group_of(table) if isinstance(table, Group) else _Translated(table.name, **_how(table))


def group_of(table: Group) -> click.Group:
    """A group as click has it; the one above all others has ``--version``."""
    made = _Group(table, invoke_without_command=True, **_how(table))
    if table.modules:
        version = "%(prog)s %(version)s"
        click.version_option(package_name=table.name, prog_name=table.name, message=version)(made)
        made.params.insert(0, made.params.pop())
    return made


def _how(table: Command) -> dict[str, Any]:
    """What click needs of a command: its help, its parameters, and the function it calls."""

    def call(**values: Any) -> int | None:
        ctx = click.get_current_context()
        if ctx.invoked_subcommand is not None:
            return None
        context = ctx.find_object(Context)
        assert context is not None
        try:
            return table.function(context, **values)
        except WrongUsage as wrong:
            raise click.UsageError(str(wrong), ctx) from None

    parameters = [
        option_of(p) if isinstance(p, Option) else _argument_of(p) for p in table.parameters
    ]
    return {
        "help": table.help,
        "callback": call,
        "params": [*parameters, *global_options()],
    }


# -- parameters -----------------------------------------------------------------------------------


class _Option(click.Option):
    """An option whose help is translated when it is shown."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        original, self.help = self.help, _(self.help) if self.help else self.help
        try:
            return super().get_help_record(ctx)
        finally:
            self.help = original


class _Text(click.ParamType[str]):
    name = "text"

    def convert(self, value: Any, param: Any, ctx: click.Context | None) -> str:
        return str(commands.TEXT.convert(str(value)))


class _LeadNumber(click.ParamType[int]):
    name = "number"

    def convert(self, value: Any, param: Any, ctx: click.Context | None) -> int:
        try:
            return commands.LEAD.convert(str(value))
        except commands.Unusual:
            self.fail(_("{value} is not the number of a lead.").format(value=show(str(value))))

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        return _suggested(ctx, "leads", incomplete.lstrip("#"))


class _Named(click.ParamType[Any]):
    """A name that the store knows: any text, completed from the store."""

    name = "text"

    def __init__(self, what: str) -> None:
        self.what = what

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        return _suggested(ctx, self.what, incomplete)


def _suggested(ctx: click.Context, what: str, incomplete: str) -> list[CompletionItem]:
    """What begins as the word that is completed, out of the store that the command line names.
    Nothing where there is none: a shell that completes shows no errors and makes no store."""
    context = ctx.find_object(Context)
    assert context is not None
    try:
        if what == "reports":
            from tui_crm.core.reports import registry

            found = [(report.name, report.title) for report in registry.names()]
        else:
            from tui_crm.core.suggestions import suggestions

            found = suggestions(context.url, what)
    except CrmError:
        return []
    begun = incomplete.casefold()
    return [
        CompletionItem(word, help=show(about) or None)
        for word, about in ((show(word), about) for word, about in found)
        if word.casefold().startswith(begun)
    ]


class _OutFile(click.ParamType[Any]):
    name = "file"

    def convert(self, value: Any, param: Any, ctx: click.Context | None) -> Any:
        return commands.OutFile().convert(str(value))

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        return [CompletionItem(incomplete, type="file")]


class _Word(click.ParamType[Any]):
    """One of some words, or another that the operation knows; the words are completed."""

    name = "text"

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        return [CompletionItem(word) for word in self.words if word.startswith(incomplete)]


def _type_of(kind: Kind) -> click.ParamType[Any]:
    match kind:
        case commands.LeadNumber():
            return _LeadNumber()
        case commands.Named():
            return _Named(kind.what)
        case commands.Word():
            return _Word(kind.words)
        case commands.OutFile():
            return _OutFile()
        case commands.Number():
            return click.FloatRange(kind.least, kind.most)
        case commands.Whole(least=None, most=None):
            return click.INT
        case commands.Whole():
            return click.IntRange(kind.least, kind.most)
        case commands.Choice():
            return click.Choice(kind.words, case_sensitive=kind.exact)
        case commands.File():
            return click.Path(allow_dash=kind.dash)
    return _Text()


def _argument_of(argument: Argument) -> click.Argument:
    return click.Argument(
        [argument.name],
        type=_type_of(argument.kind),
        nargs=-1 if argument.many else 1,
        required=argument.required,
        metavar=argument.metavar,
    )


def option_of(option: Option, **how: Any) -> click.Option:
    """An option as click has it."""
    if option.words == 0:
        how |= {"is_flag": True}
    else:
        how |= {"type": _type_of(option.kind), "nargs": option.words, "multiple": option.multiple}
    if option.words == 0 or (option.default is not None and not option.multiple):
        how["default"] = option.default
    return _Option(
        [option.spelling, option.name],
        help=option.help,
        metavar=option.metavar,
        required=option.required,
        show_default=option.show_default,
        **how,
    )


def global_options() -> list[click.Parameter]:
    """``--db``, ``--user`` and ``--json``, understood before and behind every command."""

    def take(ctx: click.Context, param: click.Parameter, value: Any) -> None:
        context = ctx.find_object(Context)
        if value and context is not None:
            context.take(**{str(param.name): value})

    return [option_of(option, expose_value=False, callback=take) for option in commands.GLOBAL]
