"""Clients and prospects are found by their words, and everybody by the end of a phone."""

from __future__ import annotations

from typing import Any

from tui_crm.core.store import fulltext
from tui_crm.core.store.database import Store
from tui_crm.core.store.derived import renew_all


def up(migrator: Any, db: Any) -> None:
    """Make the indexes, and index what there is."""
    for index in (fulltext.CLIENTS, fulltext.PROSPECTS):
        fulltext.create(db, index)
    renew_all(Store(db, "", None, readonly=False, made=False))
