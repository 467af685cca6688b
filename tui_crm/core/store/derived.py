"""Columns derived from other rows and renewed with them, outside the journal: the search text of a
lead, and the moment since which it is idle. Undo needs no copy of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from tui_crm.core.store import fulltext
from tui_crm.core.store.database import Store

CHUNK = 400
ACTIVITY = "activity"  # the field of the history that has the last activity before an import
TEXT_COLUMNS = {
    "leads": {"title", "description", "client_id"},
    "contacts": {"lead_id", "name", "role"},
    "contact_points": {"contact_id", "value", "match"},
    "actions": {"lead_id", "text"},
}
"""What the search text of a lead is made of, by table."""
MOMENT_COLUMNS = {
    "leads": {"created_at", "created_on"},
    "actions": {"lead_id", "at", "kind"},
    "history": {"lead_id", "field", "became"},
}
"""What ``touched_at`` of a lead is made of, by table; of the history the :data:`ACTIVITY` alone."""


class Outdated:
    """The leads whose derived columns an operation has to renew."""

    def __init__(self) -> None:
        self._texts: set[int] = set()
        self._moments: set[int] = set()
        self._contacts: set[int] = set()  # whose leads have another text

    def add_leads(self, numbers: Iterable[int], columns: Collection[str] | None = None) -> None:
        """Rows of leads were inserted or deleted (``columns`` is ``None``), or changed there."""
        texts, moments = _concerns("leads", columns)
        numbers = list(numbers) if texts or moments else ()
        if texts:
            self._texts.update(numbers)
        if moments:
            self._moments.update(numbers)

    def add_part(
        self, name: str, row: dict[str, Any], columns: Collection[str] | None = None
    ) -> None:
        """A row of another table was inserted or deleted (``columns`` is ``None``), or changed in
        these columns."""
        texts, moments = _concerns(name, columns)
        if name == "contact_points":
            if texts:
                self._contacts.add(row["contact_id"])
        elif row.get("lead_id"):
            if texts:
                self._texts.add(row["lead_id"])
            if moments and (name != "history" or row.get("field", ACTIVITY) == ACTIVITY):
                self._moments.add(row["lead_id"])

    def renew(self, store: Store) -> None:
        """Renew what is out of date; inside a transaction."""
        contacts = sorted(self._contacts)
        for start in range(0, len(contacts), CHUNK):
            part = contacts[start : start + CHUNK]
            self._texts.update(
                lead
                for (lead,) in store.rows(
                    "SELECT DISTINCT lead_id FROM contacts"
                    f" WHERE lead_id IS NOT NULL AND id IN ({', '.join('?' * len(part))})",
                    part,
                )
            )
        _renew(store, self._texts, self._moments)


def _concerns(name: str, columns: Collection[str] | None) -> tuple[bool, bool]:
    """Whether a change of these columns of a table (``None``: of all) changes search texts, and
    moments."""
    text, moment = TEXT_COLUMNS.get(name, set()), MOMENT_COLUMNS.get(name, set())
    if columns is None:
        return bool(text), bool(moment)
    return not text.isdisjoint(columns), not moment.isdisjoint(columns)


def renew(store: Store, leads: Iterable[int]) -> None:
    """Renew the search text and ``touched_at`` of these leads; inside a transaction.

    ``touched_at`` is the last real action (a note is none; the last activity in the CRM that a lead
    was imported from is one), without any the creation. Edits and imports are no actions."""
    numbers = set(leads)
    _renew(store, numbers, numbers)


def _renew(store: Store, texts: set[int], moments: set[int]) -> None:
    for renewed, numbers in ((_renew_texts, sorted(texts)), (_renew_moments, sorted(moments))):
        for start in range(0, len(numbers), CHUNK):
            renewed(store, numbers[start : start + CHUNK])


def search_texts(store: Store, numbers: Sequence[int]) -> dict[int, str]:
    """What the search knows of each of these leads that exists: title, description, client,
    people with their numbers, notes."""
    marks = ", ".join("?" * len(numbers))
    texts: dict[int, list[str]] = {}
    gone = set(numbers)
    for number, is_lead, *parts in store.rows(
        "SELECT leads.id, 1, title, leads.description, clients.name, '' FROM leads"
        f" LEFT JOIN clients ON clients.id = leads.client_id WHERE leads.id IN ({marks})"
        " UNION ALL"
        " SELECT contacts.lead_id, 0, contacts.name, contacts.role, contact_points.value,"
        " contact_points.match FROM contacts"
        " LEFT JOIN contact_points ON contact_points.contact_id = contacts.id"
        f" WHERE contacts.lead_id IN ({marks})"
        " UNION ALL"
        " SELECT lead_id, 0, text, '', '', '' FROM actions"
        f" WHERE lead_id IN ({marks}) AND text <> ''",
        [*numbers] * 3,
    ):
        texts.setdefault(number, []).extend(part for part in parts if part)
        if is_lead:
            gone.discard(number)
    return {n: "\n".join(texts[n]) for n in numbers if n not in gone}


def _renew_texts(store: Store, numbers: list[int]) -> None:
    texts = search_texts(store, numbers)
    fulltext.drop(store, [n for n in numbers if n not in texts])
    fulltext.put(store, list(texts.items()))


def touched_moments(store: Store, numbers: Sequence[int]) -> dict[int, int]:
    """What ``touched_at`` of each of these leads that exists has to be, in epoch seconds UTC."""
    rows = store.rows(
        "SELECT id, created_at, created_on, (SELECT MIN(zone) FROM workspace),"
        " (SELECT MAX(moment) FROM (SELECT MAX(at) AS moment FROM actions"
        " WHERE actions.lead_id = leads.id AND kind <> 'note' UNION ALL"
        " SELECT MAX(CAST(became AS BIGINT)) FROM history WHERE history.lead_id = leads.id"
        f" AND field = '{ACTIVITY}') AS moments)"
        f" FROM leads WHERE id IN ({', '.join('?' * len(numbers))})",
        numbers,
    )
    return {
        number: created_moment(at, day, ZoneInfo(zone) if zone else UTC) if last is None else last
        for number, at, day, zone, last in rows
    }


def _renew_moments(store: Store, numbers: list[int]) -> None:
    moments = touched_moments(store, numbers)
    store.execute_many(
        "UPDATE leads SET touched_at = ? WHERE id = ?",
        [(moment, number) for number, moment in moments.items()],
    )


def created_moment(at: int, day: str, zone: tzinfo) -> int:
    """The moment a lead was created (epoch seconds UTC): ``at``, when it was typed, or the midnight
    of its creation day where that was dated back."""
    if not day:
        return at
    begin = date.fromisoformat(day)
    end = datetime.combine(begin + timedelta(days=1), time(), zone)
    return at if at < end.timestamp() else int(datetime.combine(begin, time(), zone).timestamp())
