"""Pairs of records that look like one and are two."""

from __future__ import annotations

from typing import Any

import peewee

from tui_crm.core.store.tables import Key, Ref


def up(migrator: Any, db: Any) -> None:
    """Make their table."""
    users: Any = type("User", (peewee.Model,), {"id": Key(), "Meta": _meta(db, "users", ())})
    columns = {
        "id": Key(),
        "kind": peewee.TextField(),
        "one_id": peewee.BigIntegerField(),
        "other_id": peewee.BigIntegerField(),
        "user_id": Ref(users, index=False),
        "at": peewee.BigIntegerField(),
        "Meta": _meta(db, "not_duplicates", ((("kind", "one_id", "other_id"), True),)),
    }
    made: Any = type("NotDuplicate", (peewee.Model,), columns)
    db.create_tables([made], safe=False)


def _meta(db: Any, table: str, indexes: Any) -> type:
    values = {"database": db, "table_name": table, "indexes": indexes, "legacy_table_names": False}
    return type("Meta", (), values)
