"""The migrations that make a store's tables, and how its tables differ from them."""

from __future__ import annotations

import os

from peewee import Database

from tui_crm.core.store import tables
from tui_crm.core.store.database import Store

MIGRATIONS = os.path.join(os.path.dirname(__file__), "migrations")


def known_migrations() -> tuple[str, ...]:
    """The names of the migrations that this version has, in order."""
    files = sorted(os.listdir(MIGRATIONS))
    return tuple(f.removesuffix(".py") for f in files if f[0].isdecimal() and f.endswith(".py"))


def migrate(db: Database) -> tuple[str, ...]:
    """Apply the migrations that a database has not seen; their names."""
    from playhouse.migrations import Runner

    return tuple(Runner(db, MIGRATIONS).up(known_migrations()[-1]))


def schema_diff(store: Store) -> str:
    """What the tables lack or have too much, compared with :mod:`.tables`; empty when all fits."""
    from playhouse.schema_diff import diff_models

    return str(diff_models(store.db, tables.TABLES))
