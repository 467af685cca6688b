"""What a shell offers for a word of a command line: the names that a store knows.

Plain SQL through the reader of `pulse`: a key of the shell waits for it.
"""

from __future__ import annotations

from tui_crm.core.store.reader import open_reader

MOST = 200
"""Leads that are offered: the latest open ones."""

_SQL = {
    "users": "SELECT name, full_name FROM users WHERE active = 1 ORDER BY name",
    "lists": "SELECT name, source FROM lists WHERE archived = 0 ORDER BY name",
    "outcomes": "SELECT label, kind FROM outcomes WHERE retired = 0 ORDER BY kind, position",
    "reasons": "SELECT label, kind FROM reasons WHERE retired = 0 ORDER BY kind, position",
    "steps": "SELECT steps.name, pipelines.name FROM steps JOIN pipelines"
    " ON pipelines.id = pipeline_id WHERE steps.retired = 0"
    " ORDER BY pipelines.position, steps.position",
    "pipelines": "SELECT name, '' FROM pipelines WHERE retired = 0 ORDER BY position",
    "tags": "SELECT name, '' FROM tags WHERE retired = 0 ORDER BY name",
    "clients": "SELECT name, '' FROM clients ORDER BY name LIMIT 2000",
    "fields": "SELECT name, kind FROM fields WHERE retired = 0 ORDER BY position",
    "templates": "SELECT name, language FROM templates WHERE retired = 0 ORDER BY name",
    "teams": "SELECT name, '' FROM teams ORDER BY name",
    "leads": f"SELECT id, title FROM leads WHERE status = 'open' ORDER BY id DESC LIMIT {MOST}",
}
KINDS = tuple(_SQL)


def suggestions(url: str, what: str) -> list[tuple[str, str]]:
    """``(word, what it is)`` of one of `KINDS` in the store at ``url`` (leads by number), each word
    once. Raises StoreError when there is none; no store is made."""
    store = open_reader(url)
    try:
        rows = store.rows(_SQL[what])
    finally:
        store.close()
    found: dict[str, str] = {}
    for word, about in rows:
        found.setdefault(str(word), str(about or ""))
    return list(found.items())
