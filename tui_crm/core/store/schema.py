"""The migrations that make a store's tables, and how its tables differ from them."""

from __future__ import annotations

from pathlib import Path

from peewee import Database

from tui_crm.core.store import tables
from tui_crm.core.store.database import Store

MIGRATIONS = Path(__file__).parent / "migrations"


def known_migrations() -> tuple[str, ...]:
    """The names of the migrations that this version has, in order."""
    return tuple(path.stem for path in sorted(MIGRATIONS.glob("[0-9]*.py")))


def migrate(db: Database) -> tuple[str, ...]:
    """Apply the migrations that a database has not seen; their names."""
    from playhouse.migrations import Runner

    return tuple(Runner(db, str(MIGRATIONS)).up(known_migrations()[-1]))


def schema_diff(store: Store) -> str:
    """What the tables lack or have too much, compared with :mod:`.tables`; empty when all fits."""
    from playhouse.schema_diff import diff_models

    return str(diff_models(store.db, tables.TABLES))
