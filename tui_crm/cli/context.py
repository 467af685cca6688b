"""One run of the program: its global options, its settings, and the store it opens."""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from tui_crm.core.text import _

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
        """The store, open, before it is known who acts."""
        if self._store is None:
            from tui_crm.core.store import open_store

            self._store = open_store(self.url, create=create)
        return self._store

    def session(self, create: bool = True) -> Session:
        """The session of this user; the first start makes the workspace and says so."""
        if self._session is None:
            from tui_crm.cli import identity, output

            store = self.store(create)
            from tui_crm.core.session import all_members, utc_now
            from tui_crm.core.team.sign_in import sign_in

            name = identity.acting_user(
                self.user or self.settings.user,
                store.role(),
                lambda: [member.name for member in all_members(store)],
                store.is_owner,
            )
            self._session, self.greeting = sign_in(
                store,
                name,
                zone=self.settings.zone or identity.system_zone(),
                locale=identity.locale(),
                clock=self.clock or utc_now,
            )
            gc.enable()  # from here on there may be garbage
            output.tell(self.greeting)
            if store.backup_made:
                output.tell(
                    _("Brought up to this version; backup: {file}").format(file=store.backup_made)
                )
        return self._session

    def close(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = self._session = None
