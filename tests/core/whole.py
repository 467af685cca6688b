"""The whole store as plain values, to compare before and after."""

from __future__ import annotations

from typing import Any

from tui_crm.core.store.database import Store
from tui_crm.core.store.tables import TABLES

# The journal grows with every act; drafts and seats are nobody's act.
NOT_COMPARED = ("entries", "changes", "drafts", "seats")


def snapshot(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table but the journal, by table."""
    return {
        model._meta.table_name: list(model.select().order_by(model.id).dicts())
        for model in TABLES
        if model._meta.table_name not in NOT_COMPARED
    }


def entries(store: Store) -> int:
    """How many journal entries there are."""
    return int(store.value("SELECT COUNT(*) FROM entries"))
