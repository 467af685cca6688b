"""Whether the chance of open leads is told."""

from __future__ import annotations

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Add the switch, on."""
    db.execute_sql('ALTER TABLE "workspace" ADD COLUMN "score" SMALLINT NOT NULL DEFAULT 1')
