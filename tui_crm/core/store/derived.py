"""Columns derived from other rows and renewed with them, outside the journal: the search text of a
lead, and the moment since which it is idle. Undo needs no copy of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from tui_crm.core.store import fulltext
from tui_crm.core.store.database import Store

CHUNK = 400
ACTIVITY = "activity"  # the field of the history that has the last activity before an import


def renew(store: Store, leads: Iterable[int]) -> None:
    """Renew the search text and ``touched_at`` of these leads; inside a transaction.

    ``touched_at`` is the last real action (a note is none; the last activity in the CRM that a lead
    was imported from is one), without any the creation. Edits and imports are no actions."""
    numbers = sorted(set(leads))
    for start in range(0, len(numbers), CHUNK):
        _renew(store, numbers[start : start + CHUNK])


def _renew(store: Store, numbers: list[int]) -> None:
    marks = ", ".join("?" * len(numbers))
    texts: dict[int, list[str]] = {n: [] for n in numbers}
    leads = store.rows(
        "SELECT leads.id, leads.created_at, created_on, (SELECT MIN(zone) FROM workspace), title,"
        " leads.description, clients.name FROM leads"
        f" LEFT JOIN clients ON clients.id = leads.client_id WHERE leads.id IN ({marks})",
        numbers,
    )
    for number, _at, _day, _zone, *parts in leads:
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
    existing = [number for number, *_rest in leads]
    fulltext.drop(store, [n for n in numbers if n not in set(existing)])
    fulltext.put(store, [(n, "\n".join(texts[n])) for n in existing])
    if existing:
        _renew_touched(store, [row[:4] for row in leads])


def _renew_touched(store: Store, leads: list[tuple[int, int, str, str]]) -> None:
    """``touched_at`` of leads, each with its number, ``created_at``, ``created_on`` and the
    workspace's zone."""
    created, values = "created_at", list[int]()
    for number, at, day, zone in leads:
        begun = created_moment(at, day, ZoneInfo(zone) if zone else UTC)
        if begun != at:
            values += (number, begun)
    if values:
        dated_back = " ".join(["WHEN ? THEN ?"] * (len(values) // 2))
        created = f"CASE id {dated_back} ELSE created_at END"
    marks = ", ".join("?" * len(leads))
    store.execute(
        "UPDATE leads SET touched_at = COALESCE((SELECT MAX(moment) FROM (SELECT MAX(at) AS moment"
        " FROM actions WHERE actions.lead_id = leads.id AND kind <> 'note' UNION ALL"
        " SELECT MAX(CAST(became AS BIGINT)) FROM history WHERE history.lead_id = leads.id"
        f" AND field = '{ACTIVITY}') AS moments), {created}) WHERE id IN ({marks})",
        (*values, *(row[0] for row in leads)),
    )


def created_moment(at: int, day: str, zone: tzinfo) -> int:
    """The moment a lead was created (epoch seconds UTC): ``at``, when it was typed, or the midnight
    of its creation day where that was dated back."""
    if not day:
        return at
    begin = date.fromisoformat(day)
    end = datetime.combine(begin + timedelta(days=1), time(), zone)
    return at if at < end.timestamp() else int(datetime.combine(begin, time(), zone).timestamp())
