"""Time that users block without a lead."""

from __future__ import annotations

from typing import Any

import peewee

from tui_crm.core.store.tables import Key, Ref


def up(migrator: Any, db: Any) -> None:
    """Make the table of appointments."""
    users: Any = type("User", (peewee.Model,), {"id": Key(), "Meta": _meta(db, "users", ())})
    columns = {
        "id": Key(),
        "user_id": Ref(users, index=False),
        "at": peewee.BigIntegerField(),
        "minutes": peewee.IntegerField(),
        "kind": peewee.TextField(),
        "text": peewee.TextField(),
        "rule": peewee.TextField(),
        "skipped": peewee.TextField(),
        "Meta": _meta(db, "appointments", ((("user_id", "rule", "at"), False),)),
    }
    made: Any = type("Appointment", (peewee.Model,), columns)
    db.create_tables([made], safe=False)


def _meta(db: Any, table: str, indexes: Any) -> type:
    values = {"database": db, "table_name": table, "indexes": indexes, "legacy_table_names": False}
    return type("Meta", (), values)
