"""Saved views that everybody has."""

from __future__ import annotations

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Whether a view is shared; those there are belong to their user alone."""
    db.execute_sql('ALTER TABLE "saved_views" ADD COLUMN "shared" SMALLINT NOT NULL DEFAULT 0')
