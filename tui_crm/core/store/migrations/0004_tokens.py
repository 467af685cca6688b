"""The token of each operation, by which it is found after a line was lost."""

from __future__ import annotations

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Add the column; entries made before have none."""
    db.execute_sql('ALTER TABLE "entries" ADD COLUMN "token" TEXT')
    db.execute_sql('CREATE UNIQUE INDEX "entries_token" ON "entries" ("token")')
