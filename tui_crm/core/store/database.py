"""An open store: its reads and writes, and the few places where the two engines differ, each behind
one name of :class:`Store`. How it is opened is in :mod:`.opening`."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from peewee import (
    SQL,
    ColumnBase,
    Database,
    DatabaseError,
    Expression,
    Field,
    IntegrityError,
    InterfaceError,
    Node,
    OperationalError,
    SelectBase,
    SqliteDatabase,
    fn,
)

from tui_crm.core.errors import StoreBusy, StoreError, StoreFull
from tui_crm.core.store import daily_check
from tui_crm.core.store.query import Query, T, one_value, render, typed_rows
from tui_crm.core.store.url import IS_OWNER
from tui_crm.core.text import _

if TYPE_CHECKING:
    from pathlib import Path  # takes a third of a start of Python to import

    from tui_crm.core.store.attempts import Pending

SHORT_TIMEOUT = 20  # milliseconds
CANCEL_CHECK = 100_000  # steps of SQLite between two checks: some milliseconds


class Store:
    """An open store. One at a time in a process; each thread has its own connection.

    ``engine`` is ``"sqlite"`` or ``"postgresql"``; ``file`` the SQLite file, else ``None``;
    ``readonly`` says that writes are refused; ``made`` that it was created when it was opened.
    """

    def __init__(self, db: Database, url: str, file: str | None, readonly: bool, made: bool):
        self.db, self.url, self.file, self.readonly, self.made = db, url, file, readonly, made
        self.engine = "sqlite" if isinstance(db, SqliteDatabase) else "postgresql"
        self.own_entry = 0
        """The number of the newest journal entry that was written through this object."""
        self.is_damaged = False
        """The file is damaged: it is read as far as it can be, and nothing is written to it."""
        self.application = ""  # the name by which the server knows this store's connections
        self.pending: Pending | None = None  # an operation that was sent and not answered
        self.migrated: tuple[str, ...] = ()
        self.backup_made: Path | None = None

    @cached_property
    def path(self) -> Path | None:
        """``file`` as a path."""
        from pathlib import Path

        return None if self.file is None else Path(self.file)

    def close(self) -> None:
        if not self.db.is_closed():
            self.db.close()

    def reconnect(self) -> None:
        """Connect anew where the connection is lost. Raises StoreBusy while nobody answers."""
        with self.translate_errors():
            if not self.db.is_closed() and not self.db.is_connection_usable():
                self.db.close()
            if self.db.is_closed():
                self.db.connect()

    def backend(self) -> int:
        """The server's process that serves this connection (PostgreSQL)."""
        return int(self.db.connection().info.backend_pid)

    # -- reading -------------------------------------------------------------------------------

    def read(self, cls: type[T], sql: str, params: Sequence[Any] = ()) -> list[T]:
        """The rows of a plain SQL query as instances of a dataclass or NamedTuple: the columns
        in the order of its fields, a flag for a field declared ``bool``."""
        return self.fetch(typed_rows(cls, sql, params))

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a plain SQL query, with ``?`` for each parameter on both engines."""
        with self.translate_errors():
            return list(self.db.execute_sql(self._sql(sql), tuple(params)).fetchall())

    def select(self, query: SelectBase) -> list[tuple[Any, ...]]:
        """The rows of a Peewee query, as plain tuples."""
        return self.rows(*self.render(query))

    def render(self, node: Node) -> tuple[str, list[Any]]:
        """A Peewee expression or query as SQL with its parameters, for a plain statement."""
        return render(self.db, node)

    def value(self, sql: str, params: Sequence[Any] = ()) -> Any:
        """The first column of the first row, or ``None``."""
        return self.fetch(one_value(sql, params))

    def fetch(self, query: Query[T]) -> T:
        """The answer to one query."""
        return query.read(self.rows(query.sql, query.params))

    def fetch_all(self, *queries: Query[Any]) -> list[Any]:
        """The answers to several queries that do not wait for one another, in one trip."""
        if self.engine == "sqlite" or len(queries) < 2:
            return [self.fetch(query) for query in queries]
        from psycopg import Error

        with self.translate_errors():
            try:
                with self.db.connection().pipeline():
                    cursors = [
                        self.db.execute_sql(self._sql(q.sql), tuple(q.params)) for q in queries
                    ]
                # Read only now: a read inside is a trip, and the end of the pipeline another one.
                found = [cursor.fetchall() for cursor in cursors]
            except Error as error:  # Peewee translates only what goes wrong while it sends
                raise OperationalError(str(error)) from error
        return [query.read(rows) for query, rows in zip(queries, found, strict=True)]

    def each(self, sql: str, params: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows one by one, for results too large for the memory."""
        with self.translate_errors():
            cursor = self.db.execute_sql(self._sql(sql), tuple(params))
            while chunk := cursor.fetchmany(2000):
                yield from chunk

    def _sql(self, sql: str) -> str:
        if self.engine == "sqlite":
            return sql
        return sql.replace("%", "%%").replace("?", "%s")

    # -- writing -------------------------------------------------------------------------------

    def execute(self, sql: str, params: Sequence[Any] = ()) -> int:
        """Run a plain SQL statement; the number of rows it touched. Only for what the journal
        does not keep (claims, drafts, derived text)."""
        with self.translate_errors():
            return int(self.db.execute_sql(self._sql(sql), tuple(params)).rowcount)

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """One statement for many rows; call it inside :meth:`transaction`."""
        with self.translate_errors():
            cursor = self.db.cursor()
            cursor.executemany(self._sql(sql), rows)

    def insert_rows(
        self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
    ) -> None:
        """Insert many rows, each with one value for each column; inside :meth:`transaction`."""
        start = f"INSERT INTO {table} ({', '.join(columns)}) VALUES "
        marks = f"({', '.join('?' * len(columns))})"
        if self.engine == "postgresql":
            self.execute_many(start + marks, rows)
            return
        # Several rows in a statement: for each statement SQLite opens the table with all of its
        # indexes and looks its numbering up anew (measured: a third of the time of an import).
        # Every build of SQLite takes 999 values.
        size = max(1, min(50, 999 // len(columns)))
        whole = start + ", ".join([marks] * size)
        remaining = iter(rows)
        with self.translate_errors():
            cursor = self.db.cursor()
            while part := list(islice(remaining, size)):
                values: list[Any] = []
                for row in part:
                    values += row
                sql = whole if len(part) == size else start + ", ".join([marks] * len(part))
                cursor.execute(sql, values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. On SQLite the write lock is taken at once, so that no statement in the
        middle finds the store locked.

        Raises StoreBusy when another process holds the store, StoreFull when a write fails."""
        if self.is_damaged:
            raise damaged(self.file)
        if self.readonly:
            raise StoreError(
                _("This store is open for reading only."),
                _("Make the file and its folder writable, then start again."),
            )
        with self.translate_errors(), self.db.atomic():
            yield

    @contextmanager
    def short_timeout(self) -> Iterator[None]:
        """Statements inside do not wait for another process that holds the store: they fail with
        StoreBusy at once, for a caller that tries again by itself and must not block."""
        if self.engine != "sqlite":
            yield
            return
        usual = self.value("PRAGMA busy_timeout")
        self.rows(f"PRAGMA busy_timeout = {SHORT_TIMEOUT}")
        try:
            yield
        finally:
            self.rows(f"PRAGMA busy_timeout = {int(usual)}")

    @contextmanager
    def relaxed_durability(self) -> Iterator[None]:
        """Statements inside, each a transaction of its own, do not wait for the disk: a power cut
        may lose them, until the next durable write; a kill of the program does not. For what is
        nobody's act and costs nothing to lose. On SQLite; PostgreSQL writes as ever."""
        if self.engine != "sqlite" or self.db.in_transaction():
            yield
            return
        self.rows("PRAGMA synchronous = normal")
        try:
            yield
        finally:
            self.rows("PRAGMA synchronous = full")

    def checkpoint(self) -> None:
        """Move what was written from SQLite's log into its file, at a moment when nobody waits: it
        is as safe in the log, but a write takes long when the log is full."""
        if self.engine == "sqlite" and not self.readonly:
            self.rows("PRAGMA wal_checkpoint(PASSIVE)")

    @contextmanager
    def cancellable(self, wanted: Callable[[], bool]) -> Iterator[None]:
        """Queries inside end with a StoreError as soon as ``wanted()`` is false. On SQLite;
        PostgreSQL works on to the end."""
        if self.engine != "sqlite":
            yield
            return
        connection = self.db.connection()
        connection.set_progress_handler(lambda: not wanted(), CANCEL_CHECK)
        try:
            yield
        finally:
            connection.set_progress_handler(None, 0)

    def locked(self, query: Any) -> Any:
        """The same query, with its rows locked until the transaction ends (PostgreSQL; a SQLite
        transaction holds the whole store already)."""
        return query.for_update() if self.engine == "postgresql" else query

    @property
    def is_single_writer(self) -> bool:
        """Whether nobody else writes while a statement runs: what it read is still true when it
        writes (SQLite; on PostgreSQL two at the same instant do not see each other)."""
        return self.engine == "sqlite"

    def row_lock(self) -> str:
        """The clause by which a SELECT locks its rows, as :meth:`locked`."""
        return " FOR UPDATE" if self.engine == "postgresql" else ""

    def skip_locked(self) -> str:
        """The clause that makes an inner SELECT skip rows that another process is claiming."""
        return "FOR UPDATE SKIP LOCKED" if self.engine == "postgresql" else ""

    def cell(self, column: Field[Any], n: int) -> ColumnBase:
        """Item ``n`` (from 0) of a JSON list of texts that a text column holds; NULL where the
        list is shorter or the column empty."""
        text = fn.NULLIF(column, "")
        if self.engine == "sqlite":
            return fn.json_extract(text, f"$[{int(n)}]")
        return Expression(text.cast("json"), "->>", int(n))

    def among(self, column: ColumnBase, numbers: Sequence[int]) -> ColumnBase:
        """The condition that a column is one of these numbers, of which there may be hundreds of
        thousands: they are one parameter."""
        listed = f"[{','.join(map(str, numbers))}]"
        if self.engine == "sqlite":
            return column.in_(SQL("(SELECT value FROM json_each(?))", (listed,)))
        return column.in_(
            SQL("(SELECT value::bigint FROM jsonb_array_elements_text(?::jsonb))", (listed,))
        )

    def days_between(self, first: str, last: str) -> str:
        """The expression for the days from one day to another, columns or literals of days."""
        if self.engine == "sqlite":
            return f"CAST(julianday({last}) - julianday({first}) AS INTEGER)"
        return f"(CAST({last} AS date) - CAST({first} AS date))"

    def reserve(self, model: Any, count: int) -> int:
        """The first of ``count`` unused row numbers in a row; call inside :meth:`transaction`."""
        name = model._meta.table_name
        if self.engine == "sqlite":
            last = self.value("SELECT seq FROM sqlite_sequence WHERE name = ?", (name,)) or 0
            return int(last) + 1
        self.table_lock(model)
        sequence = f"{name}_id_seq"
        first = int(self.value("SELECT nextval(?::regclass)", (sequence,)))
        self.rows("SELECT setval(?::regclass, ?)", (sequence, first + count - 1))
        return first

    def table_lock(self, model: Any) -> None:
        """Take a lock named after a table until the transaction ends, waiting for whoever has it. A
        SQLite transaction holds the whole store already."""
        if self.engine == "postgresql":
            name = model._meta.table_name
            self.rows("SELECT pg_advisory_xact_lock(hashtext(?))", (f"tui-crm {name}",))

    def role(self) -> str | None:
        """The role by which the database knows who is connected; None where it has no roles."""
        if self.engine == "sqlite":
            return None
        return str(self.value("SELECT current_user"))

    def is_owner(self) -> bool:
        """Whether the role of this connection owns the tables, or may do anything (PostgreSQL)."""
        return self.engine == "sqlite" or bool(self.value(IS_OWNER))

    def last_entry(self) -> int:
        """The number of the newest journal entry: it grows with everything that anybody does."""
        return int(self.value("SELECT MAX(id) FROM entries") or 0)

    # -- errors --------------------------------------------------------------------------------

    @contextmanager
    def translate_errors(self) -> Iterator[None]:
        """Raise errors of the engine as a StoreError, StoreBusy or StoreFull with a sentence."""
        try:
            yield
        except IntegrityError:
            raise
        except (UnicodeEncodeError, OverflowError) as error:
            raise StoreError(
                _("The store cannot hold that: {why}.").format(why=_first_line(error))
            ) from error
        except (OperationalError, DatabaseError, InterfaceError, sqlite3.Error) as error:
            raise self._translated(error) from error

    def was_lost(self, error: BaseException) -> bool:
        """Whether an error means that the connection to the server is gone, so that nobody heard
        how the last statement ended."""
        while isinstance(error, StoreError) and error.__cause__ is not None:
            error = error.__cause__
        state = sqlstate(error)
        lost = state.startswith(("08", "57P")) if state else True
        return lost and isinstance(error, (OperationalError, InterfaceError))

    def _translated(self, error: BaseException) -> StoreError:
        message = str(error).lower()
        if "cannot rollback" in message and error.__context__ is not None:
            # On a full disk SQLite has rolled back by itself: the first error is the true one.
            return self._translated(error.__context__)
        if self.engine == "postgresql":
            if "read-only" in message:
                return StoreError(_("The database accepts no changes."), "")
            if any(sign in message for sign in ("disk full", "no space left", "could not extend")):
                return StoreFull(_("Not saved: the disk of the database is full."), "")
            state = sqlstate(error)
            if state.startswith("40"):
                return StoreBusy(
                    _("Not saved: others are changing the same thing at this moment."),
                    _("Try again in a moment."),
                )
            if not self.was_lost(error):
                return StoreError(_("The database refused: {why}.").format(why=_first_line(error)))
            if not self.db.is_closed() and not self.db.is_connection_usable():
                self.db.close()
            return StoreBusy(
                _("The connection to the database was lost; nothing was saved."),
                _("Try again: it connects anew."),
            )
        if "locked" in message or "busy" in message:
            return StoreBusy(
                _("Not saved: another tui-crm holds the store."), _("Try again in a moment.")
            )
        if "full" in message or "disk i/o" in message or "too big" in message:
            return StoreFull(
                _("Not saved: the disk is full or cannot be written."),
                _("Make room, then try again."),
            )
        if "readonly" in message or "read-only" in message:
            return StoreError(_("Not saved: the store may only be read."), "")
        if "malformed" in message or "not a database" in message or "corrupt" in message:
            self.is_damaged = True
            if self.file is not None:
                daily_check.note(self.file, sound=False)
            return damaged(self.file)
        return StoreError(_("The store refused: {why}.").format(why=_first_line(error)))


def sqlstate(error: BaseException | None) -> str:
    """The SQLSTATE that a server gave for an error, or for the one that it was made of; or ""."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if state := getattr(error, "sqlstate", None):
            return str(state)
        error = getattr(error, "orig", None) or error.__cause__ or error.__context__
    return ""


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else "?"


def damaged(file: str | None) -> StoreError:
    """The error for a file that cannot be read as it should, with its last backup."""
    from glob import escape, glob

    folder = os.path.join(os.path.dirname(file or ""), "backups")
    backups = sorted(glob(os.path.join(escape(folder), "*.db"))) if file else []
    if backups:
        hint = _("The last backup is {file}: tui-crm restore FILE").format(file=backups[-1])
    else:
        hint = _("Restore a backup: tui-crm restore FILE")
    return StoreError(_("{file} is damaged; it was left as it is.").format(file=file), hint)
