"""Clients and prospects are found by their words, and everybody by the end of a phone."""

from __future__ import annotations

from typing import Any

from tui_crm.core.store import fulltext


def up(migrator: Any, db: Any) -> None:
    """Make the indexes; a later migration, after which all tables are there, fills them."""
    for index in (fulltext.CLIENTS, fulltext.PROSPECTS):
        fulltext.create(db, index)
