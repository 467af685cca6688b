"""Columns derived from other rows and renewed with them, outside the journal: the search text of a
lead, and the moment it was last touched. Undo needs no copy of them."""

from __future__ import annotations

from collections.abc import Iterable

from tui_crm.core.store import fulltext
from tui_crm.core.store.database import Store

CHUNK = 400


def renew(store: Store, leads: Iterable[int]) -> None:
    """Renew the search text and ``touched_at`` of these leads; inside a transaction."""
    numbers = sorted(set(leads))
    for start in range(0, len(numbers), CHUNK):
        _renew(store, numbers[start : start + CHUNK])


def _renew(store: Store, numbers: list[int]) -> None:
    marks = ", ".join("?" * len(numbers))
    texts: dict[int, list[str]] = {n: [] for n in numbers}
    leads = store.rows(
        f"SELECT leads.id, title, leads.description, clients.name FROM leads"
        f" LEFT JOIN clients ON clients.id = leads.client_id WHERE leads.id IN ({marks})",
        numbers,
    )
    for number, *parts in leads:
        texts[number] += [part for part in parts if part]
    for number, *parts in store.rows(
        f"SELECT contacts.lead_id, contacts.name, contacts.role, contact_points.value,"
        f" contact_points.match FROM contacts"
        f" LEFT JOIN contact_points ON contact_points.contact_id = contacts.id"
        f" WHERE contacts.lead_id IN ({marks})",
        numbers,
    ):
        texts[number] += [part for part in parts if part]
    for number, words in store.rows(
        f"SELECT lead_id, text FROM actions WHERE lead_id IN ({marks}) AND text <> ''", numbers
    ):
        texts[number].append(words)
    existing = [number for number, *_texts in leads]
    fulltext.drop(store, [n for n in numbers if n not in set(existing)])
    fulltext.put(store, [(n, "\n".join(texts[n])) for n in existing])
    if existing:
        marks = ", ".join("?" * len(existing))
        store.execute(
            "UPDATE leads SET touched_at = COALESCE((SELECT MAX(moment) FROM ("
            " SELECT MAX(at) AS moment FROM actions WHERE actions.lead_id = leads.id"
            " UNION ALL SELECT MAX(at) FROM history WHERE history.lead_id = leads.id) AS moments),"
            f" created_at) WHERE id IN ({marks})",
            existing,
        )
