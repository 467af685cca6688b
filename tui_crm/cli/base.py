"""What every command stands on: the desk with the open store, and the classes of the commands."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from tui_crm.core.errors import CrmError, NotAllowed
from tui_crm.core.text import _, fold, show

if TYPE_CHECKING:
    from tui_crm.core.session import Session
    from tui_crm.core.store.database import Store
    from tui_crm.settings import Settings


def N_(message: str) -> str:
    """Marks a text for translation where it is shown, not where it stands."""
    return message


class Context:
    """One run of the program: the global options, the settings, and the store once it is needed.

    ``clock`` gives the present moment (aware, UTC); tests pass their own.
    """

    def __init__(self, clock: Callable[[], datetime] | None = None) -> None:
        self.clock = clock
        self.db: str | None = None
        self.user: str | None = None
        self.json = False
        self._settings: Settings | None = None
        self._store: Store | None = None
        self._session: Session | None = None
        self.said = ""
        """What the start had to tell; already printed, kept for the app's first screen."""

    @property
    def settings(self) -> Settings:
        if self._settings is None:
            from tui_crm import settings

            self._settings = settings.load()
        return self._settings

    @property
    def url(self) -> str:
        """The store in use: ``--db``, else the settings', else the platform's place."""
        from tui_crm import settings

        return self.db or self.settings.db or settings.default_db()

    def store(self, create: bool = True) -> Store:
        """The store, open; nobody has to be a user of it."""
        if self._store is None:
            from tui_crm.core.store import open_store

            self._store = open_store(self.url, create=create)
        return self._store

    def session(self, create: bool = True) -> Session:
        """The session of this user; the first start makes the workspace and says so."""
        if self._session is None:
            from tui_crm.cli import identity, output

            store = self.store(create)
            from tui_crm.core.session import utc_now
            from tui_crm.core.team.sign_in import sign_in

            self._session, self.said = sign_in(
                store,
                self._name(store),
                zone=self.settings.zone or identity.system_zone(),
                locale=identity.locale(),
                clock=self.clock or utc_now,
            )
            output.tell(self.said)
            if store.backup_made:
                output.tell(
                    _("Brought up to this version; backup: {file}").format(file=store.backup_made)
                )
        return self._session

    def _name(self, store: Store) -> str:
        """Who acts. On PostgreSQL the database role decides: a role that is a user of the store
        acts as nobody else; only a role that is none (one shared by the team) may name one."""
        from tui_crm.cli import identity

        named = self.user or self.settings.user
        role = store.role()
        if role is None:
            name = named or identity.login()
            if not name:
                raise CrmError(
                    _("There is no login name."), _("Name yourself: tui-crm --user NAME")
                )
            return name
        if not named or fold(named) == fold(role):
            return role
        from tui_crm.core.session import all_members

        if any(fold(m.name) == fold(role) for m in all_members(store)):
            raise NotAllowed(
                _("The database knows you as {role}.").format(role=role),
                _("Connect with the role of {name} to act as them.").format(name=named),
            )
        return named

    def close(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = self._session = None


def context_of(ctx: click.Context) -> Context:
    """The desk of this run."""
    found = ctx.find_object(Context)
    assert found is not None
    return found


# -- commands -------------------------------------------------------------------------------------


def _set_db(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    if value:
        context_of(ctx).db = value


def _set_user(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    if value:
        context_of(ctx).user = value


def _set_json(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value:
        context_of(ctx).json = True


class Option(click.Option):
    """An option whose help is translated when it is shown."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        kept, self.help = self.help, _(self.help) if self.help else self.help
        try:
            return super().get_help_record(ctx)
        finally:
            self.help = kept


def global_options() -> list[click.Parameter]:
    """``--db``, ``--user`` and ``--json``, understood before and behind every command."""
    return [
        Option(
            ["--db"],
            metavar="PATH|URL",
            expose_value=False,
            callback=_set_db,
            help=N_("The store: a SQLite file or a postgresql:// address (TUI_CRM_DB)."),
        ),
        Option(
            ["--user"],
            metavar="NAME",
            expose_value=False,
            callback=_set_user,
            help=N_("Who acts (TUI_CRM_USER); else the login name."),
        ),
        Option(
            ["--json"], is_flag=True, expose_value=False, callback=_set_json, help=N_("Print JSON.")
        ),
    ]


class _Translated(click.Command):
    """Help that is translated when it is shown, and the global options."""

    def __init__(self, *args: Any, **kw: Any) -> None:
        kw["params"] = [*(kw.get("params") or ()), *global_options()]
        super().__init__(*args, **kw)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        kept, self.help = self.help, _(self.help) if self.help else self.help
        try:
            super().format_help(ctx, formatter)
        finally:
            self.help = kept

    def get_short_help_str(self, limit: int = 45) -> str:
        kept, self.help = self.help, _(self.help) if self.help else self.help
        try:
            return super().get_short_help_str(limit)
        finally:
            self.help = kept


class Command(_Translated):
    """A command of tui-crm."""


class Group(_Translated, click.Group):
    """A command with subcommands. ``modules`` (name -> module) are imported on first use; a
    group that is called bare does what its own function does, mostly list."""

    command_class = Command

    def __init__(self, *args: Any, modules: dict[str, str] | None = None, **kw: Any) -> None:
        kw.setdefault("invoke_without_command", True)
        super().__init__(*args, **kw)
        self.modules = modules or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self.modules, *(name for name in self.commands if name not in self.modules)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self.modules and cmd_name not in self.commands:
            module = importlib.import_module(f"tui_crm.cli.{self.modules[cmd_name]}")
            self.add_command(module.COMMANDS[cmd_name], cmd_name)
        return super().get_command(ctx, cmd_name)


class LeadNumber(click.ParamType[int]):
    """The number of a lead: ``1042`` or ``#1042``."""

    name = "number"

    def convert(self, value: Any, param: Any, ctx: click.Context | None) -> int:
        digits = str(value).strip().lstrip("#")
        if not digits.isascii() or not digits.isdecimal() or not 0 < int(digits[:20]) < 2**62:
            self.fail(_("{value} is not the number of a lead.").format(value=show(str(value))))
        return int(digits)


LEAD = LeadNumber()


def words(value: tuple[str, ...]) -> str:
    """The words of an argument that may be typed with or without quotes."""
    return " ".join(value).strip()
