"""Attachments are kept by the hash of their content, have a kind, an amount and a day; how large
they may be is a setting of the workspace."""

from __future__ import annotations

from typing import Any

from tui_crm.core.store import blobs

COLUMNS = (
    ("attachments", "hash", "TEXT NOT NULL DEFAULT ''"),
    ("attachments", "kind", "TEXT NOT NULL DEFAULT ''"),
    ("attachments", "amount", "BIGINT"),
    ("attachments", "day", "TEXT NOT NULL DEFAULT ''"),
    ("workspace", "attachment_mb", "INTEGER NOT NULL DEFAULT 25"),
)


def up(migrator: Any, db: Any) -> None:
    """Add the columns, and the table of the contents (in SQLite: those of a backup)."""
    for table, column, kind in COLUMNS:
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "{column}" {kind}')
    blobs.create(db)
