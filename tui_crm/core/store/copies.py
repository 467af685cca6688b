"""Copies of stores: file to file by SQLite's own backup, and row by row between the engines."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from peewee import Model, SqliteDatabase

from tui_crm.core.errors import StoreBusy, StoreError, StoreFull
from tui_crm.core.files import write_atomically
from tui_crm.core.store.checks import damage
from tui_crm.core.store.database import Store
from tui_crm.core.text import _

CHUNK = 2000  # rows carried over at once
BUSY_SECONDS = 10.0

# -- SQLite to SQLite -----------------------------------------------------------------------------


def copy_sqlite(
    source: Path,
    target: Path,
    stopped: Callable[[], bool] | None = None,
    add: Callable[[Path], None] | None = None,
) -> None:
    """Copy a SQLite store, also while others write to it, into one file for its owner only.

    The copy is complete, checked and on the disk before it takes the name ``target``; what had
    that name before stands until then. Raises StoreError, StoreFull for a full disk, and
    StoreError when ``stopped`` says that nobody wants it any more (then in steps of some pages).
    ``add`` puts into the copy what else belongs to it."""
    with new_store_file(target) as part, reading(source) as read:
        with closing(sqlite3.connect(part)) as copy:
            pour(read, copy, stopped)
            # One file that needs no others beside it; a store is set to WAL when it is opened.
            copy.execute("PRAGMA journal_mode = delete")
        if add is not None:
            add(part)
        wrong = damage(part, stopped)
        if wrong:
            raise StoreError(
                _("{file} is damaged; it was not copied.").format(file=source),
                _("Restore a backup: tui-crm restore FILE"),
            )


def pour(
    source: sqlite3.Connection,
    target: sqlite3.Connection,
    stopped: Callable[[], bool] | None = None,
) -> None:
    """SQLite's own backup, in one step: one moment of the source, and the target all or nothing.
    Python would wait for a locked store without end."""
    until = time.monotonic() + BUSY_SECONDS

    def look(state: int, _remaining: int, _total: int) -> None:
        if stopped is not None and stopped():
            raise StoreError(_("The copy was given up."))
        if state in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > until:
            raise sqlite3.OperationalError("database is locked")

    if stopped is not None:
        # In steps it must stay at one moment, or every write of others would begin it anew.
        source.execute("BEGIN")
        source.execute("SELECT 1 FROM sqlite_master").fetchone()
    source.backup(target, pages=-1 if stopped is None else 2000, progress=look, sleep=0.1)


@contextmanager
def new_store_file(target: Path) -> Iterator[Path]:
    """An empty file for a store, 0600, that takes the place of ``target`` once all went well; what
    SQLite keeps beside it goes with it. Raises as :func:`telling` does."""
    with telling(target), write_atomically(target) as part:
        try:
            yield part
        finally:
            for ending in ("-wal", "-shm", "-journal"):
                part.with_name(part.name + ending).unlink(missing_ok=True)


@contextmanager
def closing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that cannot change the file, nor make files beside it where none may be."""
    wal = path.with_name(path.name + "-wal")
    quiet = not os.access(path.parent, os.W_OK) and not (wal.exists() and wal.stat().st_size)
    address = f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if quiet else ''}"
    with closing(sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS)) as connection:
        yield connection


@contextmanager
def telling(target: Path) -> Iterator[None]:
    """Turns what goes wrong while ``target`` is written into a sentence."""
    try:
        yield
    except OSError as error:
        raise StoreFull(
            _("{file} was not written: {why}.").format(file=target, why=error.strerror or error),
            _("Make room or name another place, then try again."),
        ) from error
    except sqlite3.Error as error:
        words = str(error).lower()
        if "locked" in words or "busy" in words:
            raise StoreBusy(
                _("Another tui-crm holds the store."), _("Try again in a moment.")
            ) from error
        if "full" in words or "disk i/o" in words:
            raise StoreFull(
                _("{file} was not written: the disk is full.").format(file=target),
                _("Make room or name another place, then try again."),
            ) from error
        raise StoreError(
            _("{file} was not written: {why}.").format(file=target, why=error),
            _("The store may be damaged: tui-crm check"),
        ) from error


# -- row by row -----------------------------------------------------------------------------------


def bare(path: Path) -> Store:
    """A SQLite file as a store, without becoming the one that the models speak to; foreign keys
    are checked at the end instead of at each row."""
    db = SqliteDatabase(str(path), pragmas={"foreign_keys": 0, "synchronous": "normal"})
    db.connect()
    return Store(db, str(path), str(path), readonly=False, made=False)


def carry(source: Store, target: Store, model: type[Model]) -> None:
    """Copy the rows of one table, with their numbers."""
    meta = model._meta
    columns = [field.column_name for field in meta.sorted_fields]
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    place, last = columns.index("id"), 0
    while rows := source.rows(
        f"SELECT {names} FROM {meta.table_name} WHERE id > ? ORDER BY id LIMIT {CHUNK}", (last,)
    ):
        target.execute_many(f"INSERT INTO {meta.table_name} ({names}) VALUES ({marks})", rows)
        last = rows[-1][place]


def set_sequence(store: Store, name: str, last: int) -> None:
    """Numbers once given are never given again, in the copy neither."""
    if store.engine == "sqlite":
        store.execute("DELETE FROM sqlite_sequence WHERE name = ?", (name,))
        store.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (name, last))
    else:
        sequence = f"{name}_id_seq"
        store.rows("SELECT setval(?::regclass, ?, ?)", (sequence, max(last, 1), last > 0))
