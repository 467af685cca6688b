"""What is derived from other rows and renewed with them, outside the journal: the search text of
leads, clients and prospects, and the moment since which a lead is idle. Undo needs no copy of
them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from tui_crm.core.store import fulltext
from tui_crm.core.store.database import Store
from tui_crm.core.store.kind_sql import NO_TOUCHES
from tui_crm.core.store.query import PEOPLE_OF_LEADS, all_rows

CHUNK = 400
RUN = 5000  # prospects read at once
PROSPECT_WORDS = ("name", "first_name", "last_name", "company", "role", "city", "note")
"""The columns of a prospect that it is found by, beside its phones, e-mails and calls."""
ACTIVITY = "activity"  # the field of the history that has the last activity before an import
TEXT_COLUMNS = {
    "leads": {"title", "description", "client_id"},
    "contacts": {"lead_id", "name", "role"},
    "contact_points": {"contact_id", "value", "match"},
    "lead_people": {"lead_id", "contact_id"},
    "client_notes": {"client_id", "text"},
    "actions": {"lead_id", "text"},
    "clients": {"name", "description"},
    "prospects": {*PROSPECT_WORDS},
    "prospect_keys": {"prospect_id", "kind", "value", "match"},
}
"""What the search text of a lead, a client or a prospect is made of, by table."""
MOMENT_COLUMNS = {
    "leads": {"created_at", "created_on"},
    "actions": {"lead_id", "at", "kind"},
    "history": {"lead_id", "field", "became"},
}
"""What ``touched_at`` of a lead is made of, by table; of the history the :data:`ACTIVITY` alone."""


Span = tuple[int, int]
"""Row numbers from the first to the last, both included."""


class Outdated:
    """The leads, clients and prospects of which an operation has to renew what is derived."""

    def __init__(self) -> None:
        self._texts: set[int] = set()
        self._moments: set[int] = set()
        self._contacts: set[int] = set()  # whose leads and clients have another text
        self._clients: set[int] = set()
        self._prospects: set[Span] = set()
        self._kinds: set[str] = set()  # of actions that count now, or no longer

    def add_rows(
        self, name: str, spans: Iterable[Span], columns: Collection[str] | None = None
    ) -> None:
        """Rows of leads, clients or prospects were inserted or deleted (``columns`` is ``None``),
        or changed there."""
        if name == "prospects":
            if _concerns(name, columns)[0]:
                self._prospects.update(spans)
            return
        numbers = (number for first, last in spans for number in range(first, last + 1))
        if name == "leads":
            self.add_leads(numbers, columns)
        elif name == "clients" and _concerns(name, columns)[0]:
            self._clients.update(numbers)

    def indexed(self, first: int, last: int) -> None:
        """These new prospects were indexed already."""
        self._prospects.discard((first, last))

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
        if name == "kinds" and (columns is None or "touch" in columns):
            self._kinds.add(row["name"])
        texts, moments = _concerns(name, columns)
        if texts and row.get("client_id"):
            self._clients.add(row["client_id"])
        if texts and row.get("prospect_id"):
            by_text = "text" in columns if columns is not None else bool(row.get("text"))
            if name == "prospect_keys" or (name == "actions" and by_text):
                self._prospects.add((row["prospect_id"], row["prospect_id"]))
        if name == "contacts" and texts and columns is not None and "id" in row:
            self._contacts.add(row["id"])  # the other leads that share it
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
        for kind in sorted(self._kinds):
            found = store.rows(
                "SELECT DISTINCT lead_id FROM actions WHERE kind = ? AND lead_id IS NOT NULL",
                (kind,),
            )
            self._moments.update(number for (number,) in found)
        contacts = sorted(self._contacts)
        for start in range(0, len(contacts), CHUNK):
            part = contacts[start : start + CHUNK]
            for lead_id, client_id in store.rows(
                "SELECT lead_id, client_id FROM contacts"
                f" WHERE id IN ({', '.join('?' * len(part))}) UNION SELECT lead_id, NULL"
                f" FROM lead_people WHERE contact_id IN ({', '.join('?' * len(part))})",
                [*part, *part],
            ):
                self._texts.update([lead_id] if lead_id else ())
                self._clients.update([client_id] if client_id else ())
        _renew(store, self._texts, self._moments)
        renew_clients(store, self._clients)
        renew_prospects(store, self._prospects)


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
    for number, is_lead, kind, *parts in store.rows(
        "SELECT leads.id, 1, '', title, leads.description, clients.name, '' FROM leads"
        f" LEFT JOIN clients ON clients.id = leads.client_id WHERE leads.id IN ({marks})"
        " UNION ALL"
        " SELECT people.lead_id, 0, contact_points.kind, contacts.name, contacts.role,"
        f" contact_points.value, contact_points.match FROM {PEOPLE_OF_LEADS} AS people"
        " JOIN contacts ON contacts.id = people.contact_id"
        " LEFT JOIN contact_points ON contact_points.contact_id = contacts.id"
        f" WHERE people.lead_id IN ({marks})"
        " UNION ALL"
        " SELECT lead_id, 0, '', text, '', '', '' FROM actions"
        f" WHERE lead_id IN ({marks}) AND text <> ''",
        [*numbers] * 3,
    ):
        if kind == "phone":
            parts.append(fulltext.phone_word(*parts[2:4]))
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
    return {number: right for number, _stored, right in _moments(store, numbers)}


def _moments(store: Store, numbers: Sequence[int]) -> list[tuple[int, int, int]]:
    """The number, ``touched_at`` as it is and as it has to be, of each of these leads."""
    rows = store.rows(
        "SELECT id, touched_at, created_at, created_on, (SELECT MIN(zone) FROM workspace),"
        " (SELECT MAX(moment) FROM (SELECT MAX(at) AS moment FROM actions"
        f" WHERE actions.lead_id = leads.id AND kind NOT IN {NO_TOUCHES} UNION ALL"
        " SELECT MAX(CAST(became AS BIGINT)) FROM history WHERE history.lead_id = leads.id"
        f" AND field = '{ACTIVITY}') AS moments)"
        f" FROM leads WHERE id IN ({', '.join('?' * len(numbers))})",
        numbers,
    )
    return [
        (
            number,
            stored,
            created_moment(at, day, ZoneInfo(zone) if zone else UTC) if last is None else last,
        )
        for number, stored, at, day, zone, last in rows
    ]


def _renew_moments(store: Store, numbers: list[int]) -> None:
    changed = [
        (right, number) for number, stored, right in _moments(store, numbers) if right != stored
    ]
    if changed:
        store.execute_many("UPDATE leads SET touched_at = ? WHERE id = ?", changed)


def created_moment(at: int, day: str, zone: tzinfo) -> int:
    """The moment a lead was created (epoch seconds UTC): ``at``, when it was typed, or the midnight
    of its creation day where that was dated back."""
    if not day:
        return at
    begin = date.fromisoformat(day)
    end = datetime.combine(begin + timedelta(days=1), time(), zone)
    return at if at < end.timestamp() else int(datetime.combine(begin, time(), zone).timestamp())


# -- clients --------------------------------------------------------------------------------------


def renew_clients(store: Store, clients: Iterable[int]) -> None:
    """Renew the search text of these clients; inside a transaction."""
    numbers = sorted(set(clients))
    for start in range(0, len(numbers), CHUNK):
        part = numbers[start : start + CHUNK]
        texts = _client_texts(store, part)
        gone = [n for n in part if n not in texts]
        fulltext.drop(store, gone, fulltext.CLIENTS)
        fulltext.put(store, [(n, "\n".join(t)) for n, t in texts.items()], fulltext.CLIENTS)


def _client_texts(store: Store, numbers: Sequence[int]) -> dict[int, list[str]]:
    """What these clients are found by, of those that exist."""
    marks = ", ".join("?" * len(numbers))
    rows = store.rows(f"SELECT id, name, description FROM clients WHERE id IN ({marks})", numbers)
    texts = {number: [name, description] for number, name, description in rows}
    if not texts:
        return texts
    for number, name, role, kind, value, match in store.rows(
        "SELECT client_id, name, role, kind, value, match FROM contacts"
        " LEFT JOIN contact_points ON contact_points.contact_id = contacts.id"
        f" WHERE client_id IN ({', '.join('?' * len(texts))})",
        list(texts),
    ):
        parts = [name, role, value or "", match or ""]
        if kind == "phone":
            parts.append(fulltext.phone_word(value, match))
        texts[number] += [part for part in parts if part]
    for number, text in store.rows(
        "SELECT client_id, text FROM client_notes"
        f" WHERE client_id IN ({', '.join('?' * len(texts))})",
        list(texts),
    ):
        texts[number].append(text)
    return texts


# -- prospects ------------------------------------------------------------------------------------


def renew_prospects(store: Store, spans: Iterable[Span]) -> None:
    """Renew the search text of the prospects in these runs of row numbers; inside a transaction."""
    for first, last in _joined(spans):
        store.execute(
            f"DELETE FROM {fulltext.PROSPECTS} WHERE rowid BETWEEN ? AND ?", (first, last)
        )
        add_prospects(store, first, last)


def add_prospects(store: Store, first: int, last: int) -> None:
    """Index the prospects from one number to another, none of which is indexed yet."""
    for start in range(first, last + 1, RUN):
        span = start, min(start + RUN - 1, last)
        rows, keys, notes = store.fetch_all(
            all_rows(
                f"SELECT id, {', '.join(PROSPECT_WORDS)} FROM prospects"
                " WHERE id BETWEEN ? AND ? ORDER BY id",
                span,
            ),
            all_rows(
                "SELECT prospect_id, kind, value, match FROM prospect_keys"
                " WHERE prospect_id BETWEEN ? AND ?",
                span,
            ),
            all_rows(
                "SELECT prospect_id, text FROM actions"
                " WHERE prospect_id BETWEEN ? AND ? AND text <> ''",
                span,
            ),
        )
        texts: dict[int, list[str]] = {number: words for number, *words in rows}
        for number, kind, value, match in keys:
            if number in texts:
                texts[number].append(
                    fulltext.phone_word(value, match) if kind == "phone" else value
                )
        for number, text in notes:
            if number in texts:
                texts[number].append(text)
        if texts:
            found = [(number, " ".join(words)) for number, words in texts.items()]
            fulltext.add(store, found, fulltext.PROSPECTS)


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """The same row numbers in as few runs as there can be, each number once."""
    first, last = 0, -1
    for start, end in sorted(set(spans)):
        if start > last + 1:
            if last >= first:
                yield first, last
            first, last = start, end
        last = max(last, end)
    if last >= first:
        yield first, last


def renew_all(store: Store, moments: bool = True) -> None:
    """Renew all there is: where a store was copied row by row; without the ``moments``, where an
    index is new."""
    for index in fulltext.INDEXES:
        store.execute(f"DELETE FROM {index}")
    numbers = {number for (number,) in store.rows("SELECT id FROM leads")}
    _renew(store, numbers, numbers if moments else set())
    index_clients_and_prospects(store)


def index_clients_and_prospects(store: Store) -> None:
    """Index all of them, where none is indexed yet."""
    renew_clients(store, [number for (number,) in store.rows("SELECT id FROM clients")])
    last = store.value("SELECT MAX(id) FROM prospects")
    add_prospects(store, 1, last or 0)
