"""Catalogues: what a workspace defines (tags, reasons, users …), listed, added, edited, retired.

A catalogue is a table: the fields of its rows, and the operations it calls. A `Listing` of rows
is of use to other commands too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from tui_crm.cli import output
from tui_crm.cli.commands import N_, Command, Group, Option, Parameter, WrongUsage
from tui_crm.core.text import _, show

if TYPE_CHECKING:
    from tui_crm.cli.context import Context
    from tui_crm.core.session import Session

Value = str | Callable[[Any, "Session"], Any]
"""A value of a row: the name of its attribute, or a function of the row and the session."""

RETIRED = Option("--all", "retired", flag=True, help=N_("Retired ones too."))
NOTHING = N_("Say what to change.")


class Field:
    """A column of a listing: its head (translated when it is shown), the cell of a row, and how
    it is set: see :class:`.output.Column`. A cell without a value is empty."""

    def __init__(
        self, head: str, value: Value, right: bool = False, give: bool = False, most: int = 40
    ) -> None:
        self.head, self.value, self.right, self.give, self.most = head, value, right, give, most


class Listing:
    """Rows as a table, or with ``--json`` as objects: ``json`` has a value for each of their
    keys. ``empty`` is the message in place of an empty table."""

    def __init__(self, json: Mapping[str, Value], *fields: Field, empty: str = "") -> None:
        self.json, self.fields, self.empty = json, fields, empty

    def put(self, context: Context, rows: Iterable[Any]) -> None:
        """Print the rows."""
        session = context.session()
        if context.json:
            output.put_json_rows(
                {key: value_of(get, row, session) for key, get in self.json.items()} for row in rows
            )
            return
        cells = [[value_of(f.value, row, session) for f in self.fields] for row in rows]
        if not cells and self.empty:
            output.tell(_(self.empty))
            return
        output.table(
            [
                output.Column(_(f.head) if f.head else "", f.right, f.give, f.most)
                for f in self.fields
            ],
            cells,
        )


def value_of(get: Value, row: Any, session: Session) -> Any:
    """A value of a row."""
    return getattr(row, get) if isinstance(get, str) else get(row, session)


def retired_word(row: Any, _session: Session) -> str:
    """The cell that marks a retired row."""
    return _("retired") if row.retired else ""


class Catalogue(Group):
    """A group whose rows are listed when it is called bare, and by its command ``list``.

    ``core`` is the module of its operations, imported when one is called. ``rows(core, session,
    **options)`` reads what is listed; ``after(core, session)`` tells more below the table.

    The settings screen of the app is made of the same table (`tui_crm.cli.in_app`). For it alone:
    ``title`` and ``right`` (the right that it asks for; None: the one of its name, if there is
    one; "": none); ``names`` says where a row has the value of a parameter that no key of the
    listing is named like; ``parts`` an option and its values that are listed one after another;
    ``asks`` the options that a command asks for in the app although they may be left out;
    ``only_here`` the commands that the app has no use for."""

    def __init__(
        self,
        name: str,
        help: str,
        *,
        core: str,
        list_help: str,
        rows: Callable[..., Sequence[Any]],
        listing: Listing,
        options: Sequence[Option] = (),
        after: Callable[[Any, Session], None] | None = None,
        title: str = "",
        right: str | None = None,
        names: Mapping[str, Value] | None = None,
        parts: tuple[str, Sequence[str]] | None = None,
        asks: Mapping[str, Sequence[str]] | None = None,
        only_here: Sequence[str] = (),
    ) -> None:
        def list_rows(context: Context, **values: Any) -> None:
            session, module = context.session(), import_module(core)
            listing.put(context, rows(module, session, **values))
            if after is not None and not context.json:
                after(module, session)

        def list_all(context: Context) -> None:
            list_rows(context, **{option.name: option.default for option in options})

        super().__init__(name, help, (), list_all)
        self.core, self.rows, self.listing, self.list_options = core, rows, listing, options
        self.title, self.right, self.parts = title, right, parts
        self.only_here = ("list", *only_here)
        self.values_in, self.asks = names or {}, asks or {}
        self.commands["list"] = Command("list", list_help, options, list_rows)

    def operation(
        self,
        name: str,
        help: str,
        *parameters: Parameter,
        call: Callable[..., object],
        done: str | Callable[..., str],
        edits: bool = False,
    ) -> None:
        """Add a command that calls ``call(core, session, **values)`` and tells what is ``done``:
        a sentence with the values filled in, or a function of them that returns one. One that
        ``edits`` needs at least one of its options that are not required anyway."""

        def run(context: Context, **values: Any) -> None:
            changes = [option for option in made.options if not option.required]
            if edits and all(values[option.name] == option.default for option in changes):
                raise WrongUsage(_(NOTHING))
            session = context.session()
            call(import_module(self.core), session, **values)
            if callable(done):
                output.tell(done(**values))
            else:
                shown = {key: show(str(value)) for key, value in values.items()}
                output.tell(_(done).format(**shown))

        made = self.commands[name] = Command(name, help, parameters, run)
