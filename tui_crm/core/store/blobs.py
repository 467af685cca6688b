"""The contents of attached files, by the SHA-256 of their bytes: each is kept once, and none is
ever changed or removed, so that every undo finds what it brings back.

Beside a SQLite store lies a folder ``NAME-files`` (0700) with a file (0600) for each. In PostgreSQL
they are rows of the table ``blobs``: colleagues on other machines reach them, and the server's own
backups, rights and replicas hold them as the rest; large objects would need rights and clean-up of
their own. A backup is one SQLite file and has them in its table ``blobs``."""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import stat
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tui_crm.core import files
from tui_crm.core.errors import CrmError, StoreBusy
from tui_crm.core.text import _, clean, show

if TYPE_CHECKING:
    from pathlib import Path

    from tui_crm.core.store.database import Store

CHUNK = 1 << 20  # bytes read at once
_HASH = re.compile(r"[0-9a-f]{64}")


def create(db: Any) -> None:
    """Make the table of the contents; in a SQLite store it is empty but for backups."""
    data = "BLOB" if "sqlite" in type(getattr(db, "obj", db)).__name__.lower() else "BYTEA"
    db.execute_sql(f"CREATE TABLE blobs (hash TEXT NOT NULL PRIMARY KEY, data {data} NOT NULL)")


def folder_of(store_file: Path) -> Path:
    """Where the files of a SQLite store lie."""
    return store_file.with_name(f"{store_file.stem}-files")


def _place(folder: Path, digest: str) -> Path:
    if not _HASH.fullmatch(digest):  # a name is made of it
        raise CrmError(_("The content of this file is not known."))
    return folder / digest


def put(store: Store, path: str, most: int) -> tuple[str, int]:
    """Keep the content of a file of at most ``most`` bytes; its hash and its size. Raises CrmError
    for what is no ordinary file, is empty, too large, or cannot be read or kept."""
    shown = show(path)
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(handle, "rb") as source:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise CrmError(_("{file} is no ordinary file.").format(file=shown))
            content = source.read(most + 1)
    except OSError as error:
        raise CrmError(
            _("{file} cannot be read: {why}.").format(file=shown, why=error.strerror or error)
        ) from None
    if not content:
        raise CrmError(_("{file} is empty.").format(file=shown))
    if len(content) > most:
        raise CrmError(
            _("{file} is larger than {n} MB, the most that is kept.").format(
                file=shown, n=f"{most / 1_000_000:g}"
            ),
            _("An admin raises it: tui-crm workspace --attachment-mb N"),
        )
    return keep(store, content), len(content)


def keep(store: Store, content: bytes) -> str:
    """Keep a content; its hash."""
    digest = hashlib.sha256(content).hexdigest()
    if store.path is None:
        try:
            _insert(store, digest, content)
        except StoreBusy:  # a cut line: it connects anew, and what is there already stays
            _insert(store, digest, content)
    else:
        _write(folder_of(store.path), digest, content)
    return digest


def _insert(store: Store, digest: str, content: bytes) -> None:
    with store.transaction():
        store.execute(
            "INSERT INTO blobs (hash, data) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING",
            (digest, content),
        )


def _write(folder: Path, digest: str, content: bytes) -> None:
    place = _place(folder, digest)
    try:
        if place.is_file() and hashlib.sha256(place.read_bytes()).hexdigest() == digest:
            return
        files.make_folder(str(folder))
        with files.write_atomically(place) as part:
            part.write_bytes(content)
    except OSError as error:
        raise CrmError(
            _("The file was not kept: {why}.").format(why=error.strerror or error),
            _("Make room, and try again."),
        ) from None


def read(store: Store, digest: str) -> bytes:
    """A content. Raises CrmError when it is missing or is not what was kept."""
    content: bytes | None = None
    if store.path is not None:
        try:
            content = _place(folder_of(store.path), digest).read_bytes()
        except OSError:
            content = None
    if content is None:  # a backup that is used as a store has them in its table, too
        found = store.value("SELECT data FROM blobs WHERE hash = ?", (digest,))
        content = bytes(found) if found is not None else None
    if content is None or hashlib.sha256(content).hexdigest() != digest:
        raise CrmError(
            _("The content of this file is missing or damaged."),
            _("tui-crm check names it; a backup has it: tui-crm restore FILE"),
        )
    return content


def copy_out(store: Store, digest: str, name: str, folder: Path | None = None) -> Path:
    """A copy of a content under its own name, for a program to open; changing it changes nothing
    that is kept. In ``folder``, else in one of the user's own (0700)."""
    content = read(store, digest)
    try:
        if folder is None:
            from pathlib import Path

            folder = Path(files.state_folder(), "opened", digest[:16])
        files.make_folder(str(folder))
        place = folder / safe_name(name)
        with files.write_atomically(place) as part:
            part.write_bytes(content)
    except OSError as error:
        raise CrmError(
            _("The file was not written: {why}.").format(why=error.strerror or error)
        ) from None
    return place


def safe_name(name: str) -> str:
    """A name that is one in every folder: no way out of it, no option, not hidden, of a length that
    file systems take; its ending stays."""
    name = clean(name, single_line=True).replace("/", "_").replace("\\", "_").strip(" .-")
    stem, ending = os.path.splitext(name)
    while len(name.encode()) > 150 and stem:
        stem = stem[:-1]
        name = stem + ending[:20]
    return name if len(name.encode()) <= 200 and name else "file"


def problems(store: Store) -> Iterator[tuple[int, str, str]]:
    """The attachments whose content is missing or damaged, by lead, with their name and which of
    the two it is."""
    seen: dict[str, str] = {}
    rows = store.rows(
        "SELECT lead_id, name, hash FROM attachments WHERE hash <> '' ORDER BY lead_id, id"
    )
    for lead, name, digest in rows:
        if digest not in seen:
            seen[digest] = _state(store, digest)
        if seen[digest]:
            yield lead, name, seen[digest]


def _state(store: Store, digest: str) -> str:
    if store.path is None:
        found = store.value(
            "SELECT encode(sha256(data), 'hex') FROM blobs WHERE hash = ?", (digest,)
        )
        return "missing" if found is None else "" if found == digest else "damaged"
    if not _HASH.fullmatch(digest):
        return "damaged"
    try:
        with open(folder_of(store.path) / digest, "rb") as file:
            return "" if hashlib.file_digest(file, "sha256").hexdigest() == digest else "damaged"
    except OSError:
        found = store.value("SELECT data FROM blobs WHERE hash = ?", (digest,))
        if found is None:
            return "missing"
        return "" if hashlib.sha256(bytes(found)).hexdigest() == digest else "damaged"


# -- backups --------------------------------------------------------------------------------------


def into_backup(store: Store, backup: Path) -> None:
    """Put the contents of all attachments into a backup. One that is missing is left out: `check`
    names it."""
    with sqlite3.connect(backup) as copy:
        found = copy.execute("SELECT DISTINCT hash FROM attachments WHERE hash <> ''").fetchall()
        for (digest,) in found:
            try:
                content = read(store, digest)
            except CrmError:
                continue
            copy.execute("INSERT OR REPLACE INTO blobs VALUES (?, ?)", (digest, content))
    copy.close()


def of_backup(backup: Path) -> Iterator[tuple[str, bytes]]:
    """The contents in a backup, by hash; none in one of a version that had no attachments."""
    copy = sqlite3.connect(f"{backup.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        if copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'blobs'").fetchone():
            yield from copy.execute("SELECT hash, data FROM blobs")
    finally:
        copy.close()


def beside(backup: Path, store_file: Path) -> None:
    """Put the contents of a backup beside a store that gets what it holds."""
    for digest, content in of_backup(backup):
        _write(folder_of(store_file), digest, content)


def empty(store_file: Path) -> None:
    """Take the contents out of the table of a store that has them beside it."""
    copy = sqlite3.connect(store_file, timeout=10)
    try:
        if copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'blobs'").fetchone():
            with copy:
                copy.execute("DELETE FROM blobs")
    finally:
        copy.close()
