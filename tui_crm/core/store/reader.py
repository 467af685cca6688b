"""A store opened for reading only, with nothing but the driver of its engine.

``tui-crm status`` stands in shell prompts, so it must not wait for Peewee. It never writes, and a
busy store does not stop it. How a store is opened for work is in :mod:`.opening`.
"""

from __future__ import annotations

import os

from tui_crm.core.errors import StoreBusy, StoreError
from tui_crm.core.store import load_driver
from tui_crm.core.store.url import IS_OWNER, is_postgres
from tui_crm.core.text import _, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from typing import Any

    import psycopg

WAIT = 2.0
"""Seconds in which a writer may let go of a store that is not in WAL mode."""
_PROBE = "SELECT 1 FROM workspace"


def open_reader(url: str) -> SqliteReader | PostgresReader:
    """The store at ``url``, for reading. Raises StoreError when it is not there, or not ours."""
    if is_postgres(url):
        return PostgresReader(url)
    file = url.removeprefix("sqlite:///")
    if file.startswith("~"):
        from tui_crm.core.files import expand

        file = expand(file)
    return SqliteReader(os.path.abspath(file))


class SqliteReader:
    """A SQLite file, for reading."""

    def __init__(self, file: str) -> None:
        if os.path.isdir(file):
            raise StoreError(
                _("{file} is a folder.").format(file=show(file)), _("Name a file in it.")
            )
        if not os.path.exists(file):
            raise StoreError(
                _("There is no store at {file}.").format(file=show(file)),
                _("Start tui-crm once, or name another with --db."),
            )
        self.file = file
        self._connection = self._connect()

    def _connect(self) -> sqlite3.Connection:
        import sqlite3

        quoted = self.file.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
        connection = sqlite3.connect(f"file:{quoted}?mode=ro", uri=True, timeout=WAIT)
        try:
            connection.execute(_PROBE).fetchone()
        except sqlite3.OperationalError as error:
            # A store in a folder that may not be written, at rest: WAL needs no side files then.
            if "unable to open" in str(error) or "readonly" in str(error):
                connection.close()
                return sqlite3.connect(f"file:{quoted}?mode=ro&immutable=1", uri=True)
            if "locked" not in str(error):
                connection.close()
                raise self._foreign() from None
        except sqlite3.DatabaseError:
            connection.close()
            raise self._foreign() from None
        return connection

    def _foreign(self) -> StoreError:
        return StoreError(
            _("{file} is not a tui-crm database; it was left as it is.").format(
                file=show(self.file)
            ),
            _("Name another with --db."),
        )

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a plain SQL question, with ``?`` for each parameter. Raises StoreError."""
        import sqlite3

        try:
            return self._connection.execute(sql, params).fetchall()
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise StoreBusy(
                    _("Another tui-crm holds the store."), _("Try again in a moment.")
                ) from None
            if "no such" in str(error):
                raise StoreError(
                    _("This store was made by another version of tui-crm; nothing was changed."),
                    _("Start tui-crm once to bring it up to this version."),
                ) from None
            raise StoreError(_("{file} cannot be read.").format(file=show(self.file))) from None
        except sqlite3.DatabaseError:
            raise StoreError(
                _("{file} is damaged; it was left as it is.").format(file=show(self.file)),
                _("Restore a backup: tui-crm restore FILE"),
            ) from None

    def role(self) -> str | None:
        """SQLite has no roles."""
        return None

    def is_owner(self) -> bool:
        """Whoever may open the file owns it."""
        return True

    def close(self) -> None:
        self._connection.close()


class PostgresReader:
    """A PostgreSQL database, for reading."""

    def __init__(self, url: str) -> None:
        from tui_crm.core.store.url import safe_url

        self.url = safe_url(url)
        self._connection = self._connect(url)

    def _connect(self, url: str) -> psycopg.Connection[tuple[Any, ...]]:
        load_driver(url)
        import psycopg

        try:
            return psycopg.connect(
                url,
                connect_timeout=10,
                application_name="tui-crm status",
                autocommit=True,
                options="-c default_transaction_read_only=on",
            )
        except (psycopg.Error, ValueError):
            raise StoreError(
                _("The database {url} does not answer.").format(url=self.url),
                _("Check the address, the network and the password."),
            ) from None

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a plain SQL question, with ``?`` for each parameter. Raises StoreError."""
        import psycopg

        try:
            text: Any = sql.replace("%", "%%").replace("?", "%s")
            return self._connection.execute(text, tuple(params)).fetchall()
        except psycopg.errors.UndefinedTable:
            raise StoreError(
                _("There is no store in {url}.").format(url=self.url),
                _("Start tui-crm once, or name another with --db."),
            ) from None
        except psycopg.errors.InsufficientPrivilege:
            raise StoreError(
                _("The database lets {role} read nothing.").format(role=show(self._role)),
                _("Connect with the role of a user of the store."),
            ) from None
        except psycopg.OperationalError:
            raise StoreBusy(
                _("The connection to the database was lost."), _("Try again in a moment.")
            ) from None
        except psycopg.Error as error:
            why = str(error).strip().splitlines()[0] if str(error).strip() else "?"
            raise StoreError(_("The database refused: {why}.").format(why=show(why))) from None

    @property
    def _role(self) -> str:
        return str(self._connection.info.user)

    def role(self) -> str | None:
        """The role by which the database knows who is connected."""
        return str(self.rows("SELECT current_user")[0][0])

    def is_owner(self) -> bool:
        """Whether that role owns the store, or may do anything."""
        return bool(self.rows(IS_OWNER)[0][0])

    def close(self) -> None:
        self._connection.close()
