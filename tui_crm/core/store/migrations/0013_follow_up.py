"""Whether a next action stood when a call ended, kept with the call; the priority of a lead."""

from __future__ import annotations

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Add the columns; of the calls there are nobody knows any more."""
    db.execute_sql('ALTER TABLE "actions" ADD COLUMN "follow_up" SMALLINT')
    db.execute_sql('ALTER TABLE "leads" ADD COLUMN "priority" TEXT NOT NULL DEFAULT \'\'')
