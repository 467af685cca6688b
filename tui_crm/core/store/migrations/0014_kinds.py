"""The kinds of action become rows of a table, to which a workspace adds its own."""

from __future__ import annotations

from typing import Any

import peewee

from tui_crm.core.store.tables import Key

BUILT_IN = (
    ("call", "c", 1),
    ("email", "e", 1),
    ("meeting", "m", 1),
    ("visit", "v", 1),
    ("message", "s", 1),
    ("note", "n", 0),
)


def up(migrator: Any, db: Any) -> None:
    """Make the table, with the kinds that there were."""
    meta = {"database": db, "table_name": "kinds", "legacy_table_names": False}
    columns = {
        "id": Key(),
        "name": peewee.TextField(unique=True),
        "letter": peewee.TextField(),
        "touch": peewee.SmallIntegerField(),
        "position": peewee.IntegerField(),
        "retired": peewee.SmallIntegerField(),
        "Meta": type("Meta", (), meta),
    }
    made: Any = type("Kind", (peewee.Model,), columns)
    db.create_tables([made], safe=False)
    for position, (name, letter, touch) in enumerate(BUILT_IN, 1):
        made.insert(name=name, letter=letter, touch=touch, position=position, retired=0).execute()
