"""One run of the program: its global options, its settings, and the store it opens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from tui_crm.core.errors import CrmError, NotAllowed
from tui_crm.core.text import _, fold

if TYPE_CHECKING:
    from tui_crm.core.session import Session
    from tui_crm.core.store.database import Store
    from tui_crm.settings import Settings


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
        self.greeting = ""
        """What the first start made and printed, for the app's first screen."""

    def take(self, db: str = "", user: str = "", json: bool = False) -> None:
        """Apply the global options of a command line; those not given stay as they are."""
        self.db = db or self.db
        self.user = user or self.user
        self.json = json or self.json

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

            self._session, self.greeting = sign_in(
                store,
                self._name(store),
                zone=self.settings.zone or identity.system_zone(),
                locale=identity.locale(),
                clock=self.clock or utc_now,
            )
            output.tell(self.greeting)
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
