"""What sources and lists cost; whether a lead came by itself or was looked for; what an outcome of
an e-mail or a meeting means."""

from __future__ import annotations

from typing import Any

import peewee

from tui_crm.core.store.tables import Key, Ref

COLUMNS = (
    ("tags", "direction"),
    ("lists", "direction"),
    ("leads", "direction"),
    ("outcomes", "means"),
)
MEANINGS = {
    "bounced": ("email", ("bounced", "rebotado", "rebotada", "rebondi", "rejeté", "unzustellbar")),
    "moved": ("meeting", ("moved", "aplazada", "aplazado", "déplacé", "reporté", "verschoben")),
}
"""The kinds and the usual words of outcomes that have a meaning."""


def up(migrator: Any, db: Any) -> None:
    """Add the columns, empty, and the table of costs; know the usual outcomes by their words."""
    for table, column in COLUMNS:
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "{column}" TEXT NOT NULL DEFAULT \'\'')
    for meaning, (kind, labels) in MEANINGS.items():
        words = ", ".join(f"'{label}'" for label in labels)
        db.execute_sql(
            f"UPDATE outcomes SET means = '{meaning}' WHERE kind = '{kind}' AND reached = 0"
            f" AND LOWER(label) IN ({words})"
        )
    lists, users = _table(db, "lists", {}), _table(db, "users", {})
    columns = {
        "source": peewee.TextField(),
        "list_id": Ref(lists, null=True),
        "first_day": peewee.TextField(),
        "last_day": peewee.TextField(),
        "amount": peewee.BigIntegerField(),
        "user_id": Ref(users, index=False),
        "at": peewee.BigIntegerField(),
        "retired": peewee.SmallIntegerField(),
    }
    db.create_tables([_table(db, "costs", columns, (("first_day", "last_day"), False))], safe=False)


def _table(db: Any, name: str, columns: dict[str, Any], *indexes: tuple[Any, bool]) -> Any:
    meta = type(
        "Meta",
        (),
        {"database": db, "table_name": name, "indexes": indexes, "legacy_table_names": False},
    )
    return type(name.title(), (peewee.Model,), {"id": Key(), **columns, "Meta": meta})
