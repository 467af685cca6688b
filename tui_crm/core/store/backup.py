"""Keeping a store safe: copies of it, bringing one back, and the daily backup.

A backup is always a SQLite file of ours that holds every table, whatever engine the store is on,
so one made from PostgreSQL can be opened, checked and restored anywhere. `check` (whether a store
is sound, :mod:`.checks`) and `copy_sqlite` (:mod:`.copies`) are to be had from here.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from peewee import SqliteDatabase

from tui_crm.core import files
from tui_crm.core.errors import CrmError, StoreBusy, StoreError
from tui_crm.core.store import blobs, copies, daily_check, fulltext, opening, tables
from tui_crm.core.store.checks import check, damage
from tui_crm.core.store.copies import (
    bare,
    carry,
    closing,
    copy_sqlite,
    new_store_file,
    pour,
    reading,
    set_sequence,
    telling,
)
from tui_crm.core.store.database import Store
from tui_crm.core.store.derived import renew_all
from tui_crm.core.store.schema import known_migrations, migrate
from tui_crm.core.store.url import is_postgres
from tui_crm.core.text import _

__all__ = ["Written", "auto_backup", "backup", "check", "copy_sqlite", "restore"]

DAILY, WEEKLY, MONTHLY = 7, 4, 6  # automatic backups that are kept


@dataclass(frozen=True)
class Written:
    """A backup made or brought back: how much it holds, its size; and, after a restore, where
    the store that stood there before was kept (None when there was none)."""

    path: Path
    leads: int
    prospects: int
    bytes: int
    kept: Path | None = None


# -- backup ---------------------------------------------------------------------------------------


def backup(store: Store, path: str | os.PathLike[str]) -> Written:
    """Write everything the store holds at this moment to a file, while others go on working.

    A file of that name is replaced when it is a store of ours, else refused; a symbolic link is
    followed, a pipe is written into. Raises CrmError."""
    target = files.destination(path)
    if target.is_fifo():
        return _into_pipe(store, target)
    _may_be_written(store, target)
    if store.path is not None:
        copy_sqlite(store.path, target, add=partial(blobs.into_backup, store))
    else:
        _from_postgres(store, target)
    return _counted(target)


def _into_pipe(store: Store, target: Path) -> Written:
    """A backup is checked before anybody reads a byte of it."""
    with tempfile.TemporaryDirectory(prefix="tui-crm-") as folder:
        made = backup(store, Path(folder) / "backup.db")
        with telling(target), made.path.open("rb") as file, target.open("wb") as pipe:
            shutil.copyfileobj(file, pipe)
    return replace(made, path=target)


def _may_be_written(store: Store, target: Path) -> None:
    if not target.parent.is_dir():
        raise CrmError(
            _("There is no folder {folder}.").format(folder=target.parent),
            _("Make it, or name another."),
        )
    if target.exists():
        if store.path is not None and target.samefile(store.path):
            raise CrmError(
                _("{file} is the store itself.").format(file=target), _("Name another file.")
            )
        if target.stat().st_size and not _is_backup(target):
            raise CrmError(
                _("{file} is something else; it was left as it is.").format(file=target),
                _("Name another file."),
            )


def _is_backup(path: Path) -> bool:
    return files.is_store(path) and not path.name.endswith(files.BESIDE)


def _counted(path: Path, kept: Path | None = None) -> Written:
    with telling(path), reading(path) as read:
        leads, prospects = (
            read.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0]
            for name in ("leads", "prospects")
        )
    return Written(path, leads, prospects, path.stat().st_size, kept)


def _from_postgres(store: Store, target: Path) -> None:
    """Every table, row by row, as it was at one moment."""
    with new_store_file(target) as part:
        part.unlink()
        opening.make(str(part))
        copy = bare(part)
        try:
            with (
                store.translate_errors(),
                store.db.atomic(),
                copy.translate_errors(),
                copy.db.atomic(),
            ):
                store.db.execute_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                for model in tables.TABLES:
                    name = model._meta.table_name
                    copy.execute(f"DELETE FROM {name}")  # a new store has rows in some
                    carry(store, copy, model)
                    last = store.value(f"SELECT last_value FROM {name}_id_seq")
                    set_sequence(copy, name, int(last or 0))
                renew_all(copy)
        finally:
            copy.close()
        blobs.into_backup(store, part)
        wrong = damage(part)
        if wrong:
            raise StoreError(_("The backup is not sound: {why}").format(why=wrong[0]))


# -- restore --------------------------------------------------------------------------------------


def restore(
    url: str, path: str | os.PathLike[str], *, now: datetime, force: bool = False
) -> Written:
    """Put the backup ``path`` in the place of the store at ``url``, as a whole or not at all.

    The file is checked before anything is touched. What stood in a SQLite file is kept as a
    backup beside it (``Written.kept``), always; a PostgreSQL database that is not empty is only
    replaced with ``force``, and kept beside the backup. ``now`` names what is kept. Raises
    StoreError for a file that is no sound backup, StoreBusy when the store is in use."""
    source = Path(files.expand(path)).absolute()
    _is_sound(source)
    stamp = f"{now:%Y%m%d-%H%M%S}"
    if is_postgres(url):
        return _into_postgres(url, source, stamp, force)
    target = opening.sqlite_path(url)
    try:
        return _into_sqlite(target, source, stamp)
    except StoreError as error:
        if not target.exists():
            raise
        raise type(error)(
            _("Nothing was restored, {file} is as it was: {why}").format(
                file=target, why=error.message
            ),
            error.hint,
        ) from error


def _is_sound(path: Path) -> None:
    """Raises unless the file is a backup of ours that this version can read."""
    if not path.exists():
        raise StoreError(_("There is no file {file}.").format(file=path), _("Check the name."))
    if path.is_dir():
        raise StoreError(_("{file} is a folder.").format(file=path), _("Name a file in it."))
    with _telling_of(path):
        if not files.is_store(path):
            raise StoreError(
                _("{file} is not a backup of tui-crm; nothing was changed.").format(file=path)
            )
        wrong = damage(path)
        if wrong:
            raise StoreError(
                _("{file} is damaged; nothing was changed.").format(file=path),
                _("Try an older backup."),
            )
        with reading(path) as read:
            applied = {row[0] for row in read.execute("SELECT name FROM schema_migration")}
    if applied - set(known_migrations()):
        raise StoreError(
            _("{file} was made by a newer version of tui-crm; nothing was changed.").format(
                file=path
            ),
            _("Install that version: pip install --upgrade tui-crm"),
        )


@contextmanager
def _telling_of(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            _("{file} cannot be read: {why}.").format(file=path, why=error),
            _("Try another backup."),
        ) from error


def _into_sqlite(target: Path, source: Path, stamp: str) -> Written:
    if not target.exists() or not target.stat().st_size:
        with telling(target):
            files.make_folder(str(target.parent))
        blobs.beside(source, target)
        copy_sqlite(source, target, add=blobs.empty)
        return _counted(target)
    if target.samefile(source):
        raise CrmError(_("{file} is the store itself.").format(file=target))
    if not files.is_store(target):
        raise StoreError(
            _("{file} is not a tui-crm database; it was left as it is.").format(file=target),
            _("Name another with --db."),
        )
    folder = _backups(target)
    kept = folder / f"{target.stem}-before-restore-{stamp}.db"
    blobs.beside(source, target)
    if _is_healthy(target):
        _pour_into(target, source, kept)
    else:
        _put_in_place(target, source, kept)
    with telling(target):
        blobs.empty(target)
    daily_check.note(str(target), sound=True)
    return _counted(target, kept)


def _pour_into(target: Path, source: Path, kept: Path) -> None:
    """The content of a backup for that of a sound store, which is kept as a backup first. Written
    by SQLite itself into the store: other windows on it see all or nothing."""
    copy_sqlite(target, kept)
    try:
        with (
            telling(target),
            reading(source) as read,
            closing(sqlite3.connect(target, timeout=copies.BUSY_SECONDS)) as store,
        ):
            store.execute("PRAGMA synchronous = full")
            pour(read, store)
    except BaseException:
        with suppress(StoreError):
            if _is_healthy(target):  # as it was: nobody needs the copy
                kept.unlink(missing_ok=True)
        raise


def _put_in_place(target: Path, source: Path, kept: Path) -> None:
    """A backup in the place of a damaged store. It lies beside it, whole and checked, before the
    damaged one is moved aside; and that one comes back when the place cannot be taken."""
    fresh = target.with_name(f"{files.part_name(target.name)}new")
    try:
        copy_sqlite(source, fresh)
        with telling(target):
            _move(target, kept)
            try:
                os.replace(fresh, target)
            except BaseException:
                _move(kept, target)
                raise
    finally:
        fresh.unlink(missing_ok=True)


def _is_healthy(path: Path) -> bool:
    """Whether a store is sound. Raises StoreBusy and StoreError for one that cannot be looked at
    now, which says nothing of how it is."""
    try:
        return not damage(path)
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise StoreBusy(
                _("Another tui-crm holds the store."), _("Try again in a moment.")
            ) from error
        raise StoreError(
            _("{file} cannot be looked at: {why}.").format(file=path, why=error),
            _("Make room or name another place, then try again."),
        ) from error
    except sqlite3.Error:
        return False


def _move(path: Path, to: Path) -> None:
    """Rename a store with what SQLite keeps beside it: all of it, or nothing. Raises OSError."""
    moved: list[tuple[Path, Path]] = []
    try:
        for ending in ("", *files.BESIDE):
            old, new = path.with_name(path.name + ending), to.with_name(to.name + ending)
            if old.exists():
                os.replace(old, new)
                moved.append((old, new))
    except BaseException:
        for old, new in reversed(moved):
            os.replace(new, old)
        raise


def _into_postgres(url: str, source: Path, stamp: str, force: bool) -> Written:
    store = opening.open_store(url)
    newest = source.with_name(f"{files.part_name(source.name)}new")
    kept: Path | None = None
    try:
        if store.value("SELECT COUNT(*) FROM users"):
            if not force:
                raise StoreError(
                    _("The database is not empty; nothing was changed."),
                    _("Restore with --force to replace what it holds."),
                )
            kept = source.with_name(f"{source.stem}-before-restore-{stamp}.db")
            backup(store, kept)
        for _digest, content in blobs.of_backup(source):
            blobs.keep(store, content)
        # An older backup is brought up to this version first, in a copy of its own.
        copy_sqlite(source, newest)
        raw = SqliteDatabase(str(newest), pragmas={"foreign_keys": 1})
        migrate(raw)
        raw.close()
        copy = bare(newest)
        try:
            with store.transaction():
                names = [model._meta.table_name for model in tables.TABLES]
                store.execute(f"TRUNCATE {', '.join([*names, *fulltext.INDEXES])}")
                for model in tables.TABLES:
                    name = model._meta.table_name
                    carry(copy, store, model)
                    last = copy.value("SELECT seq FROM sqlite_sequence WHERE name = ?", (name,))
                    set_sequence(store, name, int(last or 0))
                renew_all(store)
        finally:
            copy.close()
        found = _counted(source)
        return Written(source, found.leads, found.prospects, found.bytes, kept)
    except BaseException:
        if kept is not None:  # the database is as it was: nobody needs the copy
            kept.unlink(missing_ok=True)
        raise
    finally:
        store.close()
        for ending in ("", "-wal", "-shm", "-journal"):
            newest.with_name(newest.name + ending).unlink(missing_ok=True)


def before_repair(store: Store, *, now: datetime) -> Path:
    """A backup of the store as it is, sound or not, before it is mended; where it lies."""
    if store.path is None:
        kept = Path(f"before-repair-{now:%Y%m%d-%H%M%S}.db").absolute()
    else:
        kept = _backups(store.path) / f"{store.path.stem}-before-repair-{now:%Y%m%d-%H%M%S}.db"
    return backup(store, kept).path


# -- every day ------------------------------------------------------------------------------------


def _backups(path: Path) -> Path:
    folder = path.parent / "backups"
    with telling(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def auto_backup(
    store: Store, today: date, stopped: Callable[[], bool] | None = None
) -> Path | None:
    """The day's first start makes a backup in ``backups`` beside the store and thins out the
    older ones; its path, or None when there was nothing to do.

    Kept are one a day for 7 days, one a week for 4 weeks, one a month for 6 months. Only for
    SQLite: a PostgreSQL server has its own. Costs one look at the folder when it was done today.
    ``stopped`` is asked now and then: once it says yes the copy is given up, for the next start.
    Raises CrmError when it cannot be written; the day's work need not wait for that."""
    if store.path is None or store.readonly or store.made:
        return None
    target = store.path.parent / "backups" / f"{store.path.stem}-{today.isoformat()}.db"
    if target.exists():
        return None
    _backups(store.path)
    copy_sqlite(store.path, target, stopped)
    thin_out(target.parent, store.path.stem, today)
    return target


def thin_out(folder: Path, stem: str, today: date) -> None:
    """Remove the automatic backups (``stem-YYYY-MM-DD.db``) that are no longer kept; others,
    made by hand or before a migration, stay."""
    days: dict[date, Path] = {}
    for path in folder.glob(f"{stem}-????-??-??.db"):
        with suppress(ValueError):
            days[date.fromisoformat(path.stem[-10:])] = path
    keep = {day for day in days if day > today - timedelta(days=DAILY)}
    weeks: dict[tuple[int, int], date] = {}
    months: dict[tuple[int, int], date] = {}
    for day in sorted(days, reverse=True):  # the last one of each week and month
        weeks.setdefault(day.isocalendar()[:2], day)
        months.setdefault((day.year, day.month), day)
    keep |= set(sorted(weeks.values())[-WEEKLY:]) | set(sorted(months.values())[-MONTHLY:])
    for day, path in days.items():
        if day not in keep:
            path.unlink(missing_ok=True)
