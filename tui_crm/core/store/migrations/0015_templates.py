"""Templates of messages."""

from __future__ import annotations

from typing import Any

import peewee

from tui_crm.core.store.tables import Key


def up(migrator: Any, db: Any) -> None:
    """Make the table, empty."""
    meta = {"database": db, "table_name": "templates", "legacy_table_names": False}
    texts = ("name", "match", "language", "subject", "body")
    columns = {
        "id": Key(),
        **{name: peewee.TextField() for name in texts},
        "retired": peewee.SmallIntegerField(),
        "Meta": type("Meta", (), meta),
    }
    made: Any = type("Template", (peewee.Model,), columns)
    db.create_tables([made], safe=False)
