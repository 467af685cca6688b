"""Where a person is in the store: the rows that carry their number or e-mail, those that carry
another one of theirs under the same name, and what of them only the journal still knows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from tui_crm.core.privacy.redact import person_patterns
from tui_crm.core.store.columns import Row
from tui_crm.core.store.database import Store
from tui_crm.core.text import fold

TABLES = (
    "prospects",
    "prospect_keys",
    "contacts",
    "contact_points",
    "lead_people",
    "leads",
    "clients",
    "actions",
)
CARRIERS = (
    ("prospect_keys", "prospect_id", "prospects"),
    ("contact_points", "contact_id", "contacts"),
)


class PersonFinder:
    """The rows of a person, found from a number (E.164) or e-mail of theirs, ``match``. ``ids`` are
    row numbers by table, ``dead`` those of them that only the journal still knows."""

    def __init__(self, store: Store, match: str) -> None:
        self.store, self.match = store, match
        self.ids: dict[str, set[int]] = {name: set() for name in TABLES}
        self.dead: dict[str, set[int]] = {name: set() for name in TABLES}
        self.names: set[str] = set()
        self.companies: set[str] = set()
        self._add_carriers([match])
        self._add_same_name()
        for number, client in store.rows(
            f"SELECT lead_id, client_id FROM contacts WHERE id IN ({self.numbers('contacts')})"
        ):
            self.ids["leads"] |= {number} - {None}
            self.ids["clients"] |= {client} - {None}
        for link, number in store.rows(
            f"SELECT id, lead_id FROM lead_people WHERE contact_id IN ({self.numbers('contacts')})"
        ):
            self.ids["lead_people"].add(link)
            self.ids["leads"].add(number)
        for (number,) in store.rows(
            f"SELECT lead_id FROM prospects WHERE id IN ({self.numbers('prospects')})"
            " AND lead_id IS NOT NULL"
        ):
            self.ids["leads"].add(number)

    def _add_carriers(self, matches: Iterable[str], called: set[str] | None = None) -> bool:
        """Add the rows and people that carry one of these, or of them only those ``called`` so
        (the folded name); whether any is new."""
        fresh = False
        for match in matches:
            for keys, column, name in CARRIERS:
                for owner, person in self.store.rows(
                    f"SELECT {name}.id, {name}.name FROM {keys}"
                    f" JOIN {name} ON {name}.id = {keys}.{column} WHERE match = ?",
                    (match,),
                ):
                    if owner not in self.ids[name] and (called is None or fold(person) in called):
                        self.ids[name].add(owner)
                        fresh = True
        return fresh

    def _add_same_name(self) -> None:
        """Add who carries another number or e-mail of theirs under their name."""
        fresh = True
        while fresh:
            matches, called = set(), set()
            for keys, column, name in CARRIERS:
                for person, match in self.store.rows(
                    f"SELECT {name}.name, match FROM {name} LEFT JOIN {keys}"
                    f" ON {keys}.{column} = {name}.id WHERE {name}.id IN ({self.numbers(name)})"
                ):
                    matches.add(match)
                    called.add(fold(person))
            called.discard("")
            fresh = self._add_carriers(sorted(m for m in matches if m), called)

    def numbers(self, name: str) -> str:
        """The row numbers of a table for an IN list; NULL, which nothing equals, for none."""
        return ", ".join(str(int(n)) for n in sorted(self.ids[name])) or "NULL"

    def alive(self, name: str) -> set[int]:
        """The rows of a table that are still there."""
        return self.ids[name] - self.dead[name]

    def gather(self) -> tuple[set[str], set[str], set[str]]:
        """Find everything else that is known of them: returns ``(own, shared, typed)`` numbers and
        e-mails and fills ``names`` and ``companies``; of rows that were removed since, too."""
        self._add_removed()
        store, matches, typed = self.store, {self.match}, set()
        for keys, column, name in CARRIERS:
            for number, kind, value, match in store.rows(
                f"SELECT id, kind, value, match FROM {keys} WHERE {column} IN "
                f"({self.numbers(name)})"
            ):
                self.ids[keys].add(number)
                if match:
                    matches.add(match)
                elif kind in ("phone", "linkedin"):
                    typed.add(value)
        for name, first, last, company in store.rows(
            "SELECT name, first_name, last_name, company FROM prospects"
            f" WHERE id IN ({self.numbers('prospects')})"
        ):
            self.names |= {name, f"{first} {last}"}
            self.companies.add(company)
        for (name,) in store.rows(
            f"SELECT name FROM contacts WHERE id IN ({self.numbers('contacts')})"
        ):
            self.names.add(name)
        for number, name in store.rows(
            "SELECT clients.id, clients.name FROM clients JOIN leads ON leads.client_id = "
            "clients.id"
            f" WHERE leads.id IN ({self.numbers('leads')})"
        ):
            self.ids["clients"].add(number)
            self.companies.add(name)
        for (number,) in store.rows(
            f"SELECT id FROM actions WHERE prospect_id IN ({self.numbers('prospects')})"
            f" OR lead_id IN ({self.numbers('leads')})"
        ):
            self.ids["actions"].add(number)
        self.names -= {"", " "}
        people = {fold(name) for name in self.names}
        self.companies = {c for c in self.companies if c and fold(c) not in people}
        shared = {m for m in matches - {self.match} if self._others_have(m)}
        return matches - shared, shared, typed

    def _add_removed(self) -> None:
        """Add people and rows that were removed, by their images in the journal."""
        like = person_patterns([self.match], (), (), (), ()).likes[0]
        for keys, column, name in CARRIERS:
            owners = {
                record[column]
                for _number, record in self._images(keys, "lower(was) LIKE ?", (like,))
                if record.get("match") == self.match and column in record
            }
            removed = owners - self._existing(name, owners)
            self.ids[name] |= removed
            self.dead[name] |= removed
        for name in ("prospects", "contacts"):
            for number in sorted(self.dead[name]):
                for found, record in self._images(name, "row <= ? AND last >= ?", (number, number)):
                    if found != number:
                        continue
                    self.names |= {record.get("name") or ""}
                    if name == "prospects":
                        self.names.add(
                            f"{record.get('first_name', '')} {record.get('last_name', '')}".strip()
                        )
                        self.companies.add(record.get("company") or "")
                    if record.get("lead_id"):
                        self.ids["leads"].add(record["lead_id"])

    def _existing(self, name: str, ids: Iterable[int]) -> set[int]:
        wanted = ", ".join(str(int(n)) for n in sorted(ids)) or "NULL"
        rows = self.store.rows(f"SELECT id FROM {name} WHERE id IN ({wanted})")
        return {number for (number,) in rows}

    def _images(self, name: str, where: str, params: Sequence[Any]) -> Iterator[tuple[int, Row]]:
        for row, was in self.store.rows(
            f"SELECT row, was FROM changes WHERE name = ? AND was IS NOT NULL AND {where}",
            (name, *params),
        ):
            yield from image_rows(json.loads(was), row)

    def _others_have(self, match: str) -> bool:
        """Whether somebody else carries this number or e-mail too."""
        return any(
            self.store.value(
                f"SELECT 1 FROM {keys} WHERE match = ? AND {column} NOT IN"
                f" ({self.numbers(name) if self.ids[name] else 0}) LIMIT 1",
                (match,),
            )
            is not None
            for keys, column, name in CARRIERS
        )


def map_image(image: Any, number: int, change: Callable[[int, Row], Row]) -> Any:
    """An image of the journal with ``change(row number, columns)`` in place of each row it has:
    one row's columns, whole rows, or one change of many rows."""
    if isinstance(image, list):
        return [change(row["id"], row) for row in image]
    if "rows" in image and "columns" in image:
        columns = image["columns"]
        rows = []
        for row in image["rows"]:
            record = change(row[0], dict(zip(columns, row[1:], strict=True)))
            rows.append([row[0], *(record[column] for column in columns)])
        return {"columns": columns, "rows": rows}
    return change(image.get("id", number), image)


def image_rows(image: Any, number: int) -> list[tuple[int, Row]]:
    """The rows that an image has: number and columns of each."""
    rows: list[tuple[int, Row]] = []

    def collect(row: int, record: Row) -> Row:
        rows.append((row, record))
        return record

    map_image(image, number, collect)
    return rows
