"""Opening a store: engine, pragmas, permissions, migrations."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

from peewee import PeeweeException, SqliteDatabase

from tui_crm.core.errors import StoreError
from tui_crm.core.files import APPLICATION_ID, expand, make_folder, part_name, sweep
from tui_crm.core.store import daily_check, tables
from tui_crm.core.store.database import Store, damaged
from tui_crm.core.store.schema import known_migrations, migrate
from tui_crm.core.store.url import is_postgres, safe_url
from tui_crm.core.text import _

if TYPE_CHECKING:
    from pathlib import Path  # takes a third of a start of Python to import

BUSY_SECONDS = 2.0
PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",  # an acknowledged write survives a power cut; measured at 0.18 ms
    "foreign_keys": 1,
    # What is written goes from the log into the file between keys (`Store.checkpoint`), and in
    # the middle of work only after some hundred calls.
    "wal_autocheckpoint": 4000,
    "cache_size": -32000,
    "mmap_size": 268435456,
    "temp_store": "memory",
}


def open_store(url: str, *, create: bool = True, busy_seconds: float = BUSY_SECONDS) -> Store:
    """Open the store at ``url`` (a path, ``sqlite:///path`` or ``postgresql://…``), make it when
    it does not exist, and bring its tables up to this version.

    Raises StoreError for a file that is not ours, damaged, newer than this program or out of
    reach. A file that may not be written opens for reading (``Store.readonly``)."""
    store = _postgres(url) if is_postgres(url) else _sqlite(url, create, busy_seconds)
    tables.database.initialize(store.db)
    try:
        with store.translate_errors():
            if store.db.is_closed():
                store.db.connect()
            _migrate(store)
            if store.file is not None and not store.readonly and not store.made:
                daily_check.look(store)
    except BaseException:
        store.close()
        raise
    return store


def sqlite_path(url: str) -> Path:
    """The file that a SQLite address names."""
    from pathlib import Path

    return Path(sqlite_file(url))


def sqlite_file(url: str) -> str:
    """The file that a SQLite address names."""
    file = expand(url.removeprefix("sqlite:///"))
    return file if os.path.isabs(file) else os.path.join(os.getcwd(), file)


def _sqlite(url: str, create: bool, busy_seconds: float) -> Store:
    file = sqlite_file(url)
    made = False
    try:
        if os.path.isdir(file):
            raise StoreError(
                _("{file} is a folder.").format(file=file), _("Name a file with --db.")
            )
        if not os.path.exists(file):
            if not create:
                raise StoreError(
                    _("There is no store at {file}.").format(file=file),
                    _("Start tui-crm once, or name another with --db."),
                )
            make(file)
            made = True
        _check_head(file)
    except OSError as error:
        raise StoreError(
            _("{file} cannot be used: {why}.").format(file=file, why=error.strerror),
            _("Name another place with --db."),
        ) from error
    folder_is_writable = os.access(os.path.dirname(file), os.W_OK)
    if os.access(file, os.W_OK) and folder_is_writable:
        sweep(os.path.dirname(file))
        sweep(os.path.join(os.path.dirname(file), "backups"))
        db = SqliteDatabase(file, pragmas=PRAGMAS, lock_type="IMMEDIATE", timeout=busy_seconds)
        return Store(db, url, file, readonly=False, made=made)
    # A store that nobody writes to, in a folder that may not be written: WAL needs no side files.
    log = f"{file}-wal"
    is_quiet = not (os.path.exists(log) and os.path.getsize(log)) and not folder_is_writable
    db = SqliteDatabase(
        f"{sqlite_path(url).as_uri()}?mode=ro{'&immutable=1' if is_quiet else ''}",
        uri=True,
        pragmas={k: PRAGMAS[k] for k in ("cache_size", "mmap_size", "temp_store")},
        timeout=busy_seconds,
    )
    return Store(db, url, file, readonly=True, made=made)


def make(file: str) -> None:
    """Make a new store, whole or not at all: it is made beside and moved into place."""
    folder, name = os.path.split(file)
    make_folder(folder)
    fresh = os.path.join(folder, f"{part_name(name)}new")
    os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        raw = sqlite3.connect(fresh, isolation_level=None)
        raw.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        raw.execute("VACUUM")
        raw.close()
        db = SqliteDatabase(fresh, pragmas={"foreign_keys": 1})
        migrate(db)
        db.close()
        try:
            os.link(fresh, file)
        except FileExistsError:
            pass  # another process was first; its store is as good
        except OSError:
            os.rename(fresh, file)  # a file system without hard links
    finally:
        if os.path.exists(fresh):
            os.unlink(fresh)


def _check_head(file: str) -> None:
    """Refuses what is not a store of ours before anything may touch it."""
    with open(file, "rb") as stream:
        head = stream.read(100)
    if head[:16] != b"SQLite format 3\0" or head[68:72] != APPLICATION_ID.to_bytes(4, "big"):
        raise StoreError(
            _("{file} is not a tui-crm database; it was left as it is.").format(file=file),
            _("Name another with --db."),
        )
    if head[18] == 1:  # not in WAL mode yet, as a backup is: opening it would set that
        _refuse_newer(file)
    page = int.from_bytes(head[16:18], "big")
    pages = int.from_bytes(head[28:32], "big")
    if os.path.getsize(file) < pages * (65536 if page == 1 else page):
        raise damaged(file)


def _refuse_newer(file: str) -> None:
    """Look at the version of a store before anything of it is changed. Raises StoreError."""
    from urllib.parse import quote

    connection = sqlite3.connect(f"file:{quote(file)}?mode=ro", uri=True)
    try:
        applied = {name for (name,) in connection.execute("SELECT name FROM schema_migration")}
    except sqlite3.Error:
        return  # what is wrong with it is found when it is opened
    finally:
        connection.close()
    if applied - set(known_migrations()):
        raise _newer()


def _newer() -> StoreError:
    return StoreError(
        _("This store was made by a newer version of tui-crm; nothing was changed."),
        _("Install that version: pip install --upgrade tui-crm"),
    )


def _postgres(url: str) -> Store:
    import peewee
    from playhouse.db_url import connect

    if getattr(peewee, "psycopg", None) is None:
        raise StoreError(
            _("The PostgreSQL driver was not loaded."),
            _("Open the store with tui_crm.core.store.open_store."),
        )
    application = f"tui-crm {os.urandom(4).hex()}"
    try:
        db = connect(
            url,
            unquote_password=True,
            unquote_user=True,
            prefer_psycopg3=True,
            connect_timeout=10,
            application_name=application,
        )
        db.connect()
    except (PeeweeException, ValueError, RuntimeError) as error:
        raise StoreError(
            _("The database {url} does not answer.").format(url=safe_url(url)),
            _("Check the address, the network and the password."),
        ) from error
    store = Store(db, url, None, readonly=False, made=False)
    store.application = application
    return store


def _migrate(store: Store) -> None:
    """Applies the migrations that this store has not seen, each once, a backup made before."""
    known = known_migrations()
    has_any = store.db.table_exists("schema_migration")
    applied = {r[0] for r in store.rows("SELECT name FROM schema_migration")} if has_any else set()
    if applied - set(known):
        raise _newer()
    if set(known) == applied or (store.readonly and applied):
        return
    if store.engine == "postgresql":
        store.rows("SELECT pg_advisory_lock(?)", (APPLICATION_ID,))
    try:
        if applied and store.path is not None:
            from tui_crm.core.store.copies import copy_sqlite

            folder = store.path.parent / "backups"
            folder.mkdir(mode=0o700, exist_ok=True)
            store.backup_made = folder / f"{store.path.stem}-before-{known[-1]}.db"
            copy_sqlite(store.path, store.backup_made)
        store.migrated = migrate(store.db)
        store.made = store.made or not applied
    finally:
        if store.engine == "postgresql":
            store.rows("SELECT pg_advisory_unlock(?)", (APPLICATION_ID,))
