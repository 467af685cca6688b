"""An action can be kept at the top of the history of its lead."""

from __future__ import annotations

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Whether an action is pinned; those there are are not."""
    db.execute_sql('ALTER TABLE "actions" ADD COLUMN "pinned" SMALLINT NOT NULL DEFAULT 0')
