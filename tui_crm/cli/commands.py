"""The commands as data: what each one takes, and the function that runs it.

A command line without anything unusual is read here, by these tables alone (`read`). Everything
else is left to click, which is built from the same tables when it is needed (:mod:`.click_tree`):
help, completion, and the words for wrong usage. Importing click and building its commands takes
longer than most commands take to run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tui_crm.cli.context import Context

Values = dict[str, Any]


def N_(message: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return message


class WrongUsage(Exception):
    """Options that do not go together: one sentence, and exit code 2."""


class Unusual(Exception):
    """A command line that only click reads, or refuses in words."""


# -- what is typed for a parameter ----------------------------------------------------------------


class Kind:
    """What a parameter takes: any text."""

    def convert(self, word: str) -> Any:
        """The value of a word. Raises Unusual for anything but its plainest spelling. A byte that
        is no text in the locale's charset becomes a sign for it."""
        if word.isascii():
            return word
        return "".join("\ufffd" if "\ud800" <= sign <= "\udfff" else sign for sign in word)


class File(Kind):
    """The path of a file; ``dash`` where ``-`` stands for stdin."""

    def __init__(self, dash: bool = False) -> None:
        self.dash = dash

    def convert(self, word: str) -> str:
        """The name as the file system has it: any bytes."""
        return word


class Named(Kind):
    """A name that the store knows; ``what`` says which ones a shell offers (`core.suggestions`)."""

    def __init__(self, what: str) -> None:
        self.what = what


class OutFile(Kind):
    """The path of a file to write; ``-`` is stdout, as is none at all (``None``)."""

    def convert(self, word: str) -> str | None:
        return None if word == "-" else word


class LeadNumber(Kind):
    """The number of a lead: ``1042`` or ``#1042``."""

    def convert(self, word: str) -> int:
        digits = word.strip().lstrip("#")
        if not digits.isascii() or not digits.isdecimal() or not 0 < int(digits[:20]) < 2**62:
            raise Unusual
        return int(digits)


class Range(Kind):
    """A number from ``least`` to ``most``, both included; ``None`` is no limit."""

    def __init__(self, least: int | None = None, most: int | None = None) -> None:
        self.least, self.most = least, most

    def check(self, number: float) -> None:
        """Raises Unusual for a number outside."""
        if self.least is not None and number < self.least:
            raise Unusual
        if self.most is not None and number > self.most:
            raise Unusual


class Whole(Range):
    """A whole number."""

    def convert(self, word: str) -> int:
        if not word.isascii() or not word.isdecimal() or len(word) > 18:
            raise Unusual
        self.check(int(word))
        return int(word)


class Number(Range):
    """A number, decimals allowed."""

    def convert(self, word: str) -> float:
        if not word.isascii() or not word.replace(".", "", 1).isdecimal():
            raise Unusual
        self.check(float(word))
        return float(word)


class Choice(Kind):
    """One of ``words``; ``exact``: in just that case."""

    def __init__(self, *words: str, exact: bool = False) -> None:
        self.words, self.exact = words, exact

    def convert(self, word: str) -> str:
        for known in self.words:
            if word == known or (not self.exact and word.casefold() == known.casefold()):
                return known
        raise Unusual


class Word(Kind):
    """One of ``words``, which the app offers; an operation says what else it takes, and refuses."""

    def __init__(self, *words: str) -> None:
        self.words = words


class LongText(Kind):
    """A text of several lines: the command line takes ``-`` for stdin (:func:`.streams.text_of`),
    the app opens the editor for it."""


TEXT = Kind()
LEAD = LeadNumber()


# -- parameters -----------------------------------------------------------------------------------


class Argument:
    """A word of a command by its place; ``many``: all that are left, as a tuple."""

    def __init__(
        self,
        name: str,
        kind: Kind = TEXT,
        *,
        metavar: str | None = None,
        many: bool = False,
        required: bool | None = None,
    ) -> None:
        self.name, self.kind, self.metavar, self.many = name, kind, metavar, many
        self.required = not many if required is None else required


class Option:
    """An option. ``spelling`` is ``--name``, or ``--yes/--no`` for a choice of two that is
    ``None`` (or ``default``) when neither is given; ``name`` is the parameter of the function,
    by default as the option is spelled. ``words`` is how many words it takes (0: a flag),
    ``multiple`` that it may be repeated (its values are a tuple)."""

    def __init__(
        self,
        spelling: str,
        name: str = "",
        kind: Kind = TEXT,
        *,
        help: str,
        metavar: str | None = None,
        flag: bool = False,
        words: int = 1,
        multiple: bool = False,
        default: Any = None,
        required: bool = False,
        show_default: bool = False,
    ) -> None:
        self.spelling, self.kind, self.help, self.metavar = spelling, kind, help, metavar
        self.on, _slash, self.off = spelling.partition("/")
        self.name = name or self.on.removeprefix("--").replace("-", "_")
        self.words = 0 if flag or self.off else words
        self.multiple, self.required, self.show_default = multiple, required, show_default
        self.default = () if multiple else False if flag and default is None else default


OUT = Option("--out", kind=OutFile(), metavar="FILE", help=N_("Default: - (stdout)."))
FORCE = Option("--force", flag=True, help=N_("Replace a file that no export made; never a store."))
DB = Option(
    "--db",
    kind=File(),
    metavar="PATH|URL",
    help=N_("The store: a SQLite file or a postgresql:// address (TUI_CRM_DB)."),
)
USER = Option(
    "--user",
    kind=Named("users"),
    metavar="NAME",
    help=N_("Who acts (TUI_CRM_USER); else the login name."),
)
JSON = Option("--json", flag=True, help=N_("Print JSON."))
GLOBAL = (DB, USER, JSON)
"""Understood before and behind every command."""


# -- commands -------------------------------------------------------------------------------------

Parameter = Argument | Option
Function = Callable[..., int | None]


class Command:
    """A command: ``function(context, **values)`` is called with a value for each parameter; what
    it returns is the exit code (``None``: 0)."""

    def __init__(self, name: str, help: str, parameters: Sequence[Parameter], function: Function):
        self.name, self.help, self.function = name, help, function
        self.arguments = [p for p in parameters if isinstance(p, Argument)]
        self.options = [p for p in parameters if isinstance(p, Option)]
        self.parameters = tuple(parameters)


def command(name: str, help: str, *parameters: Parameter) -> Callable[[Function], Command]:
    """Make a function the command ``name``."""
    return lambda function: Command(name, help, parameters, function)


class Group(Command):
    """A command with commands below it. Called bare it does what its own ``function`` does,
    mostly list. ``modules`` (name -> module of this folder) are imported on first use."""

    def __init__(
        self,
        name: str,
        help: str,
        parameters: Sequence[Parameter],
        function: Function,
        modules: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(name, help, parameters, function)
        self.modules = modules or {}
        self.commands: dict[str, Command] = {}

    def command(
        self, name: str, help: str, *parameters: Parameter
    ) -> Callable[[Function], Command]:
        """Make a function the command ``name`` of this group."""

        def add(function: Function) -> Command:
            made = self.commands[name] = Command(name, help, parameters, function)
            return made

        return add

    def names(self) -> list[str]:
        """The names of its commands, in the order of the help."""
        return [*self.modules, *self.commands]

    def find(self, name: str) -> Command | None:
        """The command ``name``, its module imported."""
        if name in self.modules:
            found: Command = import_module(f"tui_crm.cli.{self.modules[name]}").COMMANDS[name]
            return found
        return self.commands.get(name)


def group(name: str, help: str, *parameters: Parameter) -> Callable[[Function], Group]:
    """Make a function the group ``name``, and what it does when it is called bare."""
    return lambda function: Group(name, help, parameters, function)


# -- reading --------------------------------------------------------------------------------------


class Call:
    """A command line, read: the ``command``, its ``path`` (``users add``), a value for each of
    its parameters, and those of the global options."""

    def __init__(self, command: Command, path: str, values: Values, globals_: Values) -> None:
        self.command, self.path, self.values, self.globals = command, path, values, globals_

    def run(self, context: Context) -> int:
        """Run it; the exit code."""
        context.take(**self.globals)
        return self.command.function(context, **self.values) or 0


def read(root: Group, words: Sequence[str]) -> Call | None:
    """What a command line calls; ``None`` when it holds anything unusual (``--help`` too)."""
    try:
        return _read(root, words)
    except Unusual:
        return None


def _read(root: Group, words: Sequence[str]) -> Call:
    command: Command = root
    path: list[str] = []
    globals_: Values = {}
    left = list(words)
    while True:
        given: dict[Option, Any] = {}
        arguments = list(_arguments(command, left, given))
        globals_ |= {o.name: value for o in GLOBAL if (value := given.pop(o, None))}
        if not isinstance(command, Group) or not left:
            values = _option_values(command, given) | _argument_values(command, arguments)
            return Call(command, " ".join(path), values, globals_)
        path.append(left.pop(0))
        below = command.find(path[-1])
        if below is None:
            raise Unusual
        command = below


def _arguments(command: Command, left: list[str], given: dict[Option, Any]) -> Iterator[str]:
    """Takes the words of ``command`` off ``left``: options go into ``given``, the others are
    yielded. Those of a group end at the first that is no option: the name of its command."""
    known = {option.on: option for option in (*command.options, *GLOBAL)}
    known |= {option.off: option for option in command.options if option.off}
    while left:
        word = left[0]
        if not word.startswith("-") or word == "-":
            if isinstance(command, Group):
                return
            yield left.pop(0)
            continue
        name, equals, value = left.pop(0).partition("=")
        if word == "--" and not isinstance(command, Group):
            yield from left
            left.clear()
            return
        option = known.get(name)
        if (
            option is None
            or (equals and option.words != 1)
            or len(left) < option.words - bool(equals)
        ):
            raise Unusual
        if not option.words:
            given[option] = name == option.on
            continue
        taken = [value] if equals else [left.pop(0) for _n in range(option.words)]
        read = tuple(option.kind.convert(word) for word in taken)
        one = read[0] if option.words == 1 else read
        given[option] = (*given.get(option, ()), one) if option.multiple else one


def _option_values(command: Command, given: Mapping[Option, Any]) -> Values:
    if any(option.required and option not in given for option in command.options):
        raise Unusual
    return {option.name: given.get(option, option.default) for option in command.options}


def _argument_values(command: Command, words: Sequence[str]) -> Values:
    values: Values = {}
    left = list(words)
    for argument in command.arguments:
        if argument.many:
            taken, left = left, []
            values[argument.name] = tuple(argument.kind.convert(word) for word in taken)
            missing = not taken
        else:
            missing = not left
            values[argument.name] = None if missing else argument.kind.convert(left.pop(0))
        if missing and argument.required:
            raise Unusual
    if left:
        raise Unusual
    return values
