"""Erasing from the file, not only from the tables.

A database leaves deleted text behind: in free space of its pages, in the log of writes, in the
full-text index until it is merged. PostgreSQL tidies that up by itself (VACUUM); for SQLite it is
done here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tui_crm.core.errors import StoreBusy
from tui_crm.core.store import fulltext
from tui_crm.core.store.database import Store


@contextmanager
def erasing(store: Store) -> Iterator[None]:
    """One transaction in which whatever is deleted or overwritten leaves no trace in the file."""
    if store.engine != "sqlite":
        with store.transaction():
            yield
        return
    usual = store.value("PRAGMA secure_delete")
    store.rows("PRAGMA secure_delete = ON")
    try:
        with store.transaction():
            yield
            # Merging an index drops the words of what was deleted from it.
            for index in fulltext.INDEXES:
                store.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")
        with suppress(StoreBusy):  # somebody is reading: the log goes when the last one leaves
            store.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        store.rows(f"PRAGMA secure_delete = {int(usual or 0)}")


def backups(store: Store) -> int:
    """How many backups of this store lie beside it: they still hold what it no longer does."""
    if store.path is None:
        return 0
    return len(list((store.path.parent / "backups").glob(f"{store.path.stem}*.db")))
