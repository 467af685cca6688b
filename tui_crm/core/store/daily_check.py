"""The check of a SQLite file at its first opening of a day.

A file may be damaged in a page that the day's work never touches; going on writing would take the
damage into every backup. What was found is noted beside the store (``.crm.db.checked``: the day and
a word), so that each later opening of the day knows it at once.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui_crm.core.store.database import Store

AT_ONCE = 24_000_000  # bytes that are checked before anything else is done: a tenth of a second
SOUND, DAMAGED = "sound", "damaged"


def look(store: Store) -> None:
    """Check a store that was not checked today, a large one in the background; one that is damaged
    is only read from now on (``Store.is_damaged``)."""
    assert store.file is not None
    day, found = _noted(store.file)
    if found == DAMAGED or day == _today():
        store.is_damaged = found == DAMAGED
    elif os.path.getsize(store.file) <= AT_ONCE:
        _check(store, store.file)
    else:
        import threading

        threading.Thread(target=_check, args=(store, store.file), daemon=True).start()


def note(file: str, *, sound: bool) -> None:
    """Note what was found, for the openings to come; after a restore or a check, that all is
    well."""
    with suppress(OSError):
        handle = os.open(_place(file), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as marker:
            marker.write(f"{_today()} {SOUND if sound else DAMAGED}\n")


def _check(store: Store, file: str) -> None:
    import sqlite3
    from urllib.parse import quote

    try:
        connection = sqlite3.connect(f"file:{quote(file)}?mode=ro", uri=True, timeout=1)
        try:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            connection.close()
        sound = found == ("ok",)
    except sqlite3.OperationalError:
        return  # busy: the next opening looks
    except sqlite3.DatabaseError:
        sound = False
    store.is_damaged = not sound
    note(file, sound=sound)


def _noted(file: str) -> tuple[str, str]:
    with suppress(OSError, ValueError), open(_place(file), encoding="ascii") as marker:
        day, _blank, found = marker.read(40).strip().partition(" ")
        return day, found
    return "", ""


def _place(file: str) -> str:
    folder, name = os.path.split(file)
    return os.path.join(folder, f".{name}.checked")


def _today() -> str:
    return time.strftime("%Y-%m-%d")
