"""Prospect lists for the tests: a small one with every kind of column, and larger plain ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tui_crm.core.calling import plan as calling_plan, queue as calling_queue
from tui_crm.core.lists import lists

COLUMNS = [
    {"name": "Contact", "field": "name"},
    {"name": "Firma", "field": "company"},
    {"name": "Telefon", "field": "phone"},
    {"name": "Mail", "field": "email"},
    {"name": "Land", "field": "country"},
    {"name": "Maschinen", "field": None},
]


def row(
    line: int,
    name: str = "",
    company: str = "",
    phone: str = "",
    email: str = "",
    country: str = "",
    machines: str = "",
    **values: str,
) -> lists.NewRow:
    """A row as an import hands it over; ``phone`` is given in E.164."""
    keys = [("phone", phone, phone if phone.startswith("+") else "")] if phone else []
    keys += [("email", email, email.lower())] if email else []
    recognised = {"name": name, "company": company, "country": country, **values}
    return lists.NewRow(
        line, (name, company, phone, email, country, machines), recognised, tuple(keys)
    )


def fill(session: Any, rows: Iterable[lists.NewRow], name: str = "Spring fair") -> int:
    list_id = lists.create(session, name, COLUMNS, "fair.csv")
    lists.add_rows(session, list_id, list(rows))
    return list_id


def plain(
    session: Any, count: int, zones: Sequence[str] = ("Europe/Madrid",), name: str = "Plain"
) -> int:
    """A list of ``count`` rows whose zones take turns, each with a number of its own; a row of
    zone ``""`` has an international freephone number, which tells no zone either."""

    def one(n: int) -> lists.NewRow:
        zone = zones[n % len(zones)]
        phone = f"+34600{n:06d}" if zone else f"+80012{n:06d}"
        return row(n + 2, f"Person {n}", f"Firm {n}", phone, zone=zone)

    return fill(session, (one(n) for n in range(count)), name)


def ids(session: Any, list_id: int) -> list[int]:
    """The rows of a list in its order."""
    return [
        r[0]
        for r in session.store.rows(
            "SELECT id FROM prospects WHERE list_id = ? ORDER BY line", (list_id,)
        )
    ]


def state(session: Any, prospect_id: int) -> str:
    return str(session.store.value("SELECT state FROM prospects WHERE id = ?", (prospect_id,)))


WORKED = (
    "prospects",
    "prospect_keys",
    "actions",
    "blocked",
    "leads",
    "history",
    "contacts",
    "contact_points",
    "clients",
    "lead_tags",
    "lists",
    "outcomes",
)


def everything(session: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that an operation on prospects may touch; claims, which are
    nobody's act, left out."""
    found = {}
    for table in WORKED:
        cursor = session.store.db.execute_sql(f"SELECT * FROM {table} ORDER BY id")
        names = [c[0] for c in cursor.description]
        keep = [n for n, name in enumerate(names) if not name.startswith("claimed_")]
        found[table] = [tuple(r[n] for n in keep) for r in cursor.fetchall()]
    return found


def take(session: Any, list_id: int, query: str = "", but: Sequence[int] = ()) -> int | None:
    """Claim the next row of a list, without a seat."""
    rules = calling_plan.rules_of(session, list_id)
    zones = session.store.fetch(calling_queue.zones_query(list_id))
    row = calling_queue.claim_next(session, rules, zones, query, but)
    return row and row["id"]
