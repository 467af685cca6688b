"""Clients with an owner, notes and people that several leads share; fields of the workspace; what a
step asks for."""

from __future__ import annotations

from typing import Any

import peewee

from tui_crm.core.store import fulltext
from tui_crm.core.store.database import Store
from tui_crm.core.store.derived import renew_all
from tui_crm.core.store.tables import Key, Ref

COLUMNS = (
    ("workspace", "silent_days", "INTEGER NOT NULL DEFAULT 0"),
    ("clients", "owner_id", 'BIGINT REFERENCES "users" ("id") ON DELETE RESTRICT'),
    ("clients", "silent_days", "INTEGER"),
    ("tag_categories", "letter", "TEXT NOT NULL DEFAULT ''"),
    ("tag_categories", "colour", "TEXT NOT NULL DEFAULT ''"),
    ("steps", "target_days", "INTEGER NOT NULL DEFAULT 0"),
    ("steps", "needs", "TEXT NOT NULL DEFAULT '[]'"),
)


def up(migrator: Any, db: Any) -> None:
    """Add the columns, each with what it means to have none, and the tables."""
    for table, column, rule in COLUMNS:
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "{column}" {rule}')
    db.execute_sql('CREATE INDEX "clients_owner_id" ON "clients" ("owner_id")')
    leads, contacts, clients, users = (
        _table(db, name, {}) for name in ("leads", "contacts", "clients", "users")
    )
    lead_people = _table(
        db,
        "lead_people",
        {
            "lead_id": Ref(leads, index=False),
            "contact_id": Ref(contacts),
            "position": peewee.IntegerField(),
        },
        (("lead_id", "contact_id"), True),
    )
    notes = _table(
        db,
        "client_notes",
        {
            "client_id": Ref(clients, index=False),
            "user_id": Ref(users, index=False),
            "at": peewee.BigIntegerField(),
            "text": peewee.TextField(),
        },
        (("client_id", "at"), False),
    )
    fields = _table(
        db,
        "fields",
        {
            "subject": peewee.TextField(),
            "name": peewee.TextField(),
            "match": peewee.TextField(),
            "kind": peewee.TextField(),
            "choices": peewee.TextField(),
            "duplicates": peewee.SmallIntegerField(),
            "position": peewee.IntegerField(),
            "retired": peewee.SmallIntegerField(),
        },
        (("subject", "match"), True),
    )
    db.create_tables([lead_people, notes, fields], safe=False)
    store = Store(db, "", None, readonly=False, made=False)
    if not any(
        store.value(f"SELECT 1 FROM {i} LIMIT 1") for i in (fulltext.CLIENTS, fulltext.PROSPECTS)
    ):
        renew_all(store, moments=False)  # the indexes are new


def _table(db: Any, name: str, columns: dict[str, Any], *indexes: tuple[Any, bool]) -> Any:
    meta = type(
        "Meta",
        (),
        {"database": db, "table_name": name, "indexes": indexes, "legacy_table_names": False},
    )
    return type(name.title(), (peewee.Model,), {"id": Key(), **columns, "Meta": meta})
