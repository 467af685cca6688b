"""The catalogues of the command line for the settings screen of the app: what there is, and how it
is listed, added, changed and retired, from the same tables as the commands."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from importlib import import_module
from typing import Any

from tui_crm.cli.catalogue import Catalogue, value_of
from tui_crm.cli.commands import (
    Argument,
    Choice,
    Command,
    File,
    Group,
    LongText,
    Option,
    OutFile,
    Parameter as CommandParameter,
    Range,
    Unusual,
    Word,
    WrongUsage,
)
from tui_crm.cli.context import Context
from tui_crm.cli.people import WORKSPACE, workspace
from tui_crm.core.errors import CrmError
from tui_crm.core.session import RIGHTS, Session
from tui_crm.core.text import _, show
from tui_crm.tui.catalogue import Act, Head, Parameter, SetupRow, Subject, Value


class AppContext(Context):
    """The run of a command inside the app: on the session that is open there."""

    def __init__(self, session: Session) -> None:
        super().__init__(session.clock)
        self._session = session


@lru_cache(maxsize=1)
def subjects(root: Group) -> tuple[Subject, ...]:
    """Everything that the catalogues among the commands can set, and the workspace itself."""
    found = (root.find(name) for name in root.names())
    made = (_subject(command) for command in found if isinstance(command, Catalogue))
    return (*made, _workspace())


def _subject(catalogue: Catalogue) -> Subject:
    acts = {
        name: _act(command, catalogue.asks.get(name, ()))
        for name, command in catalogue.commands.items()
        if name not in catalogue.only_here and not _takes_a_file(command)
    }
    right = catalogue.right
    if right is None:
        right = catalogue.name if catalogue.name in RIGHTS else ""
    return Subject(
        name=catalogue.name,
        title=_(catalogue.title) if catalogue.title else _(catalogue.name).capitalize(),
        about=_(catalogue.help).partition(";")[0].partition("\n")[0].rstrip(".") + ".",
        right=right,
        heads=tuple(
            Head(_(field.head) if field.head else "", field.right, field.give, field.most)
            for field in catalogue.listing.fields
        ),
        rows=partial(_rows, catalogue, acts),
        acts=acts,
        run=partial(_run, catalogue),
    )


def _takes_a_file(command: Command) -> bool:
    """Whether a command reads or writes a file: that is for the screens of files."""
    return any(isinstance(one.kind, File | OutFile) for one in command.parameters)


# -- rows -----------------------------------------------------------------------------------------


def _rows(catalogue: Catalogue, acts: Mapping[str, Act], session: Session) -> list[SetupRow]:
    """The rows of a catalogue, retired ones last, of every part of it."""
    core = import_module(catalogue.core)
    options: dict[str, Any] = {option.name: option.default for option in catalogue.list_options}
    if "retired" in options:
        options["retired"] = True
    parts: Sequence[Mapping[str, Any]] = [{}]
    if catalogue.parts:
        name, words = catalogue.parts
        parts = [{name: word} for word in words]
    made: list[SetupRow] = []
    for part in parts:
        for row in catalogue.rows(core, session, **(options | dict(part))):
            made.append(_row(catalogue, acts, session, row, part, len(made)))
    return sorted(made, key=lambda row: row.retired)


def _row(
    catalogue: Catalogue,
    acts: Mapping[str, Act],
    session: Session,
    row: Any,
    part: Mapping[str, Any],
    place: int,
) -> SetupRow:
    listing = catalogue.listing
    cells = tuple(_cell(value_of(field.value, row, session)) for field in listing.fields)
    values: dict[str, Value] = dict(part)
    for act in acts.values():
        for parameter in act.parameters:
            name = parameter.name
            own = f"{act.name}.{name}"
            if own in catalogue.values_in:
                values[own] = value_of(catalogue.values_in[own], row, session)
            get = catalogue.values_in.get(name, listing.json.get(name, name))
            if not isinstance(get, str) or hasattr(row, get):
                values.setdefault(name, value_of(get, row, session))
    first = catalogue.values_in.get("name", next(iter(listing.json.values())))
    called = values.get("rename") or values.get("label") or value_of(first, row, session)
    retired = bool(getattr(row, "retired", False)) or getattr(row, "active", True) is False
    number = getattr(row, "id", place)
    return SetupRow(f"{number}", _cell(called), cells, values, retired)


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


# -- acts -----------------------------------------------------------------------------------------


def _act(command: Command, asks: Sequence[str]) -> Act:
    return Act(
        command.name,
        _(command.help).partition("\n")[0],
        tuple(_parameter(one, one.name in asks) for one in command.parameters),
    )


def _parameter(one: CommandParameter, asked: bool) -> Parameter:
    label = one.name.replace("_", " ")
    about, choices = "", tuple[tuple[Value, str], ...]()
    if isinstance(one, Option):
        label = one.on.removeprefix("--").replace("-", " ")
        about = _(one.help)
        if one.off:
            words = (one.on, one.off)
            labels = [word.removeprefix("--").replace("-", " ") for word in words]
            choices = ((True, _(labels[0])), (False, _(labels[1])))
            label = labels[0]
        elif not one.words:
            choices = ((True, _("yes")), (False, _("no")))
    if isinstance(one.kind, Choice | Word):
        choices = tuple((word, _(word.replace("_", " "))) for word in one.kind.words)
    return Parameter(
        name=one.name,
        label=_(label),
        about=about,
        needed=one.required or asked,
        choices=choices,
        parse=partial(_parse, one),
        long=isinstance(one.kind, LongText),
    )


def _parse(one: CommandParameter, text: str) -> Value:
    """A typed value, as the command line would read it. Raises CrmError."""
    text = text.strip()
    if isinstance(one.kind, LongText) and text == "-":  # which would be stdin
        raise CrmError(_("A dash is no text."))
    try:
        value: Value = one.kind.convert(text)
    except Unusual:
        hint = ""
        if isinstance(one.kind, Range):
            least, most = one.kind.least, one.kind.most
            if most is not None:
                hint = _("Type a number from {least} to {most}.").format(least=least, most=most)
            else:
                hint = _("Type a number.")
        raise CrmError(
            _("{text} is none.").format(text=show(text, single_line=True) or "–"), hint
        ) from None
    several = one.many if isinstance(one, Argument) else one.multiple
    return (str(value),) if several else value


def _run(catalogue: Catalogue, session: Session, name: str, values: Mapping[str, Value]) -> str:
    """Run a command of a catalogue; what it tells."""
    return run_command(catalogue.commands[name], session, values)


def run_command(command: Command, session: Session, values: Mapping[str, Value]) -> str:
    """Run a command on the session of the app, with the values that are given; what it tells.
    Raises CrmError."""
    given: dict[str, Any] = {
        one.name: one.default if isinstance(one, Option) else (() if one.many else None)
        for one in command.parameters
    }
    given |= {name: value for name, value in values.items() if name in given}
    told, put = io.StringIO(), io.StringIO()
    with contextlib.redirect_stderr(told), contextlib.redirect_stdout(put):
        try:
            command.function(AppContext(session), **given)
        except WrongUsage as wrong:
            raise CrmError(str(wrong)) from None
    return told.getvalue().strip().partition("\n")[0]


# -- the workspace --------------------------------------------------------------------------------


def _workspace() -> Subject:
    """What holds for everybody: a record of one row a setting."""
    act = _act(workspace, ())
    parameters = tuple(one for one in act.parameters if one.name in WORKSPACE)

    def rows(session: Session) -> list[SetupRow]:
        return [
            SetupRow(
                one.name,
                one.label,
                (one.label, str(getattr(session.house, one.name)), one.about),
                {one.name: getattr(session.house, one.name)},
            )
            for one in parameters
        ]

    return Subject(
        name="workspace",
        title=_("Workspace"),
        about=_("What holds for everybody: name, money, zone, country, language, calling hours."),
        right="workspace",
        heads=(Head(_("setting")), Head(_("value"), give=True), Head("", give=True, most=60)),
        rows=rows,
        acts={"edit": Act("edit", act.about, parameters)},
        run=lambda session, _name, values: run_command(workspace, session, values),
        kind="record",
    )
