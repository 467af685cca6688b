"""Whether the do-not-call list knows anybody by a hash alone is asked with every lead shown."""

from __future__ import annotations

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Make the index of these entries."""
    db.execute_sql(
        'CREATE INDEX "blocked_match_hashed" ON "blocked" ("match")'
        " WHERE substr(match, 1, 7) = 'sha256:'"
    )
