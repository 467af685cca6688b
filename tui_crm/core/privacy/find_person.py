"""Where a person is in the store: the rows that carry their number or e-mail, those that carry
another one of theirs under the same name, and what of them only the journal still knows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from tui_crm.core.privacy.redact import traces
from tui_crm.core.store.database import Store
from tui_crm.core.text import fold

TABLES = ("prospects", "prospect_keys", "contacts", "contact_points", "leads", "clients", "actions")
CARRIERS = (
    ("prospect_keys", "prospect_id", "prospects"),
    ("contact_points", "contact_id", "contacts"),
)


class Whereabouts:
    """Where the person is: row numbers by table, of rows that are there and of rows that only the
    journal still knows."""

    def __init__(self, store: Store, match: str) -> None:
        self.store, self.match = store, match
        self.ids: dict[str, set[int]] = {name: set() for name in TABLES}
        self.dead: dict[str, set[int]] = {name: set() for name in TABLES}
        self.names: set[str] = set()
        self.companies: set[str] = set()
        self._carriers([match])
        self._follow()
        for number, client in store.rows(
            f"SELECT lead_id, client_id FROM contacts WHERE id IN ({self.numbers('contacts')})"
        ):
            self.ids["leads"] |= {number} - {None}
            self.ids["clients"] |= {client} - {None}
        for (number,) in store.rows(
            f"SELECT lead_id FROM prospects WHERE id IN ({self.numbers('prospects')})"
            " AND lead_id IS NOT NULL"
        ):
            self.ids["leads"].add(number)

    def _carriers(self, matches: Iterable[str], called: set[str] | None = None) -> bool:
        """Take in the rows and people that carry one of these, or of them only those ``called``
        so (`text.key` of the name); whether any is new."""
        fresh = False
        for match in matches:
            for keys, column, name in CARRIERS:
                for owner, said in self.store.rows(
                    f"SELECT {name}.id, {name}.name FROM {keys}"
                    f" JOIN {name} ON {name}.id = {keys}.{column} WHERE match = ?",
                    (match,),
                ):
                    if owner not in self.ids[name] and (called is None or fold(said) in called):
                        self.ids[name].add(owner)
                        fresh = True
        return fresh

    def _follow(self) -> None:
        """Who carries another number or e-mail of theirs and has their name is the same person."""
        fresh = True
        while fresh:
            matches, called = set(), set()
            for keys, column, name in CARRIERS:
                for said, match in self.store.rows(
                    f"SELECT {name}.name, match FROM {name} LEFT JOIN {keys}"
                    f" ON {keys}.{column} = {name}.id WHERE {name}.id IN ({self.numbers(name)})"
                ):
                    matches.add(match)
                    called.add(fold(said))
            called.discard("")
            fresh = self._carriers(sorted(m for m in matches if m), called)

    def numbers(self, name: str) -> str:
        """The row numbers of a table as an IN list has them; NULL, which nothing equals, for
        none."""
        return ", ".join(str(int(n)) for n in sorted(self.ids[name])) or "NULL"

    def alive(self, name: str) -> set[int]:
        """The rows of a table that are still there."""
        return self.ids[name] - self.dead[name]

    def gather(self) -> tuple[set[str], set[str], set[str]]:
        """Everything else that is known of them: ``(own, shared, typed)`` numbers and e-mails, and
        ``names`` and ``companies`` filled. Also of rows that were removed since."""
        self._removed()
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

    def _removed(self) -> None:
        """People and rows that were removed: their images in the journal tell whose they were."""
        like = traces([self.match], (), (), (), ()).likes[0]
        for keys, column, name in CARRIERS:
            owners = {
                record[column]
                for _number, record in self._images(keys, "lower(was) LIKE ?", (like,))
                if record.get("match") == self.match and column in record
            }
            there = {r[0] for r in self._rows_of(name, owners)}
            self.ids[name] |= owners - there
            self.dead[name] |= owners - there
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

    def _rows_of(self, name: str, ids: Iterable[int]) -> list[tuple[Any, ...]]:
        wanted = ", ".join(str(int(n)) for n in sorted(ids)) or "NULL"
        return self.store.rows(f"SELECT id FROM {name} WHERE id IN ({wanted})")

    def _images(
        self, name: str, where: str, params: Sequence[Any]
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        for row, was in self.store.rows(
            f"SELECT row, was FROM changes WHERE name = ? AND was IS NOT NULL AND {where}",
            (name, *params),
        ):
            yield from records(json.loads(was), row)

    def _others_have(self, match: str) -> bool:
        return (
            self.store.value(
                "SELECT 1 FROM prospect_keys WHERE match = ?"
                f" AND prospect_id NOT IN"
                f" ({self.numbers('prospects') if self.ids['prospects'] else 0})"
                " LIMIT 1",
                (match,),
            )
            or self.store.value(
                "SELECT 1 FROM contact_points WHERE match = ?"
                f" AND contact_id NOT IN"
                f" ({self.numbers('contacts') if self.ids['contacts'] else 0})"
                " LIMIT 1",
                (match,),
            )
        ) is not None


def remade(image: Any, number: int, redo: Callable[[int, dict[str, Any]], dict[str, Any]]) -> Any:
    """An image of the journal with ``redo(row number, columns)`` in place of each row it holds:
    one row's columns, whole rows, or one change of many rows."""
    if isinstance(image, list):
        return [redo(row["id"], row) for row in image]
    if "rows" in image and "columns" in image:
        columns = image["columns"]
        made = []
        for row in image["rows"]:
            record = redo(row[0], dict(zip(columns, row[1:], strict=True)))
            made.append([row[0], *(record[column] for column in columns)])
        return {"columns": columns, "rows": made}
    return redo(image.get("id", number), image)


def records(image: Any, number: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows that an image holds."""
    found: list[tuple[int, dict[str, Any]]] = []

    def note(row: int, record: dict[str, Any]) -> dict[str, Any]:
        found.append((row, record))
        return record

    remade(image, number, note)
    return iter(found)
