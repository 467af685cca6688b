"""Leads as they stood at the end of a past day, rebuilt from the history of their changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from tui_crm.core.store.database import Store

TABLE = "leads_then"
"""The temporary table of the rebuilt leads; only this connection sees it."""

_COLUMNS = (
    "id",
    "created_on",
    "status",
    "closed_on",
    "owner_id",
    "closed_owner_id",
    "amount",
    "probability",
    "step_id",
    "pipeline_id",
    "expected_close",
    "list_id",
    "reason_id",
    "source",
    "prospect_id",
    "client_id",
)
_FIELDS = (
    "status",
    "step",
    "owner",
    "amount",
    "expected_close",
    "probability",
    "source",
    "reason",
    "client",
)


class Change(NamedTuple):
    """A change of one field of a lead, out of its history."""

    id: int
    was: str | None
    became: str | None
    on_day: str


def rebuild(store: Store, day: str) -> str:
    """Fill `TABLE` with the leads created by the end of ``day``, each as it stood then, with the
    columns that reports read. Returns the name of the table.

    The value of a field is that of the last change dated to ``day`` or before (a closing dated
    back counts from the day it was dated to). Without such a change it is the value before the
    first later one; without any history, today's value. Tags and list of origin have no history.
    """
    columns = ", ".join(_COLUMNS)
    changed = "SELECT lead_id FROM history WHERE on_day > ?"
    store.execute(f"DROP TABLE IF EXISTS {TABLE}")
    # No parameters: PostgreSQL takes none in a statement that makes a table.
    literal = f"'{date.fromisoformat(day).isoformat()}'"
    store.execute(
        f"CREATE TEMPORARY TABLE {TABLE} AS SELECT {columns} FROM leads"
        f" WHERE created_on <= {literal} AND id NOT IN ({changed.replace('?', literal)})"
    )
    history: dict[int, dict[str, list[Change]]] = {}
    marks = ", ".join("?" * len(_FIELDS))
    for lead_id, field, *change in store.each(
        f"SELECT lead_id, field, id, was, became, on_day FROM history WHERE lead_id IN ({changed}"
        f" AND lead_id IN (SELECT id FROM leads WHERE created_on <= ?)) AND field IN ({marks})"
        " ORDER BY id",
        (day, day, *_FIELDS),
    ):
        history.setdefault(lead_id, {}).setdefault(field, []).append(Change._make(change))
    pipelines = dict(store.rows("SELECT id, pipeline_id FROM steps"))
    rows = store.rows(
        f"SELECT {columns} FROM leads WHERE created_on <= ? AND id IN ({changed})", (day, day)
    )
    store.insert_rows(
        TABLE,
        _COLUMNS,
        (
            _rebuilt(dict(zip(_COLUMNS, row, strict=True)), history.get(row[0], {}), day, pipelines)
            for row in rows
        ),
    )
    return TABLE


def _rebuilt(
    now: dict[str, Any], history: dict[str, list[Change]], day: str, pipelines: dict[int, int]
) -> list[Any]:
    """The columns of one lead at the end of ``day``, given those of today and its changes."""

    def text(field: str, otherwise: Any) -> Any:
        return _value_at(history.get(field, []), day, otherwise)

    def number(field: str, otherwise: Any) -> int | None:
        return _number(text(field, otherwise))

    status = text("status", now["status"]) or "open"
    step = number("step", now["step_id"]) or now["step_id"]
    values = now | {
        "status": status,
        "step_id": step,
        "pipeline_id": pipelines.get(step, now["pipeline_id"]),
        "closed_on": None,
        "closed_owner_id": None,
        "reason_id": None,
        "owner_id": number("owner", now["owner_id"]),
        "amount": number("amount", now["amount"]),
        "expected_close": text("expected_close", now["expected_close"]) or None,
        "client_id": number("client", now["client_id"]),
        "probability": number("probability", now["probability"]),
        "source": text("source", now["source"]) or "",
    }
    if status != "open":
        changes = history.get("status", [])
        closing = next((change for change in reversed(changes) if change.on_day <= day), None)
        if closing is None or closing is changes[-1]:  # it is the closing the lead still has
            for name in ("closed_on", "closed_owner_id", "reason_id"):
                values[name] = now[name]
        else:
            owner = _owner_at(history.get("owner", []), closing.id, now["owner_id"])
            values["closed_on"] = closing.on_day
            values["closed_owner_id"] = _number(owner)
            values["reason_id"] = number("reason", None)
    return list(values.values())


def _value_at(changes: Sequence[Change], day: str, otherwise: Any) -> Any:
    """A field at the end of ``day``: what the last change until then made it, else what the first
    later one found; ``otherwise`` without any."""
    for change in reversed(changes):
        if change.on_day <= day:
            return change.became
    return changes[0].was if changes else otherwise


class ExpectedLead(NamedTuple):
    """An open lead with the day on which it was expected to close, as it stood on a past day."""

    expected_close: str
    owner_id: int | None
    amount: int | None
    probability: int | None
    step_id: int


def expected(
    store: Store, days: Sequence[str], condition: str, values: Sequence[Any]
) -> Iterator[tuple[str, ExpectedLead]]:
    """The leads under a condition on ``leads l`` that were open and expected to close, at the end
    of each of these days, as `rebuild` would have them: one pass over their history for all."""
    # Who is closed for good before the first of the days was open on none of them.
    source = (
        f"FROM leads l WHERE {condition} AND l.created_on <= ?"
        " AND (l.status = 'open' OR l.closed_on > ?) AND (l.expected_close IS NOT NULL"
        " OR EXISTS (SELECT 1 FROM history e WHERE e.lead_id = l.id"
        " AND e.field = 'expected_close'))"
    )
    params = (*values, max(days), min(days))
    history: dict[int, dict[str, list[Change]]] = {}
    fields = ("status", "expected_close", "owner", "amount", "probability", "step")
    # What a lead was made with is what its first change found, or what it has: only changes are
    # read.
    joined = source.replace("FROM leads l", "FROM leads l JOIN history h ON h.lead_id = l.id", 1)
    for lead_id, field, *change in store.each(
        f"SELECT h.lead_id, h.field, h.id, h.was, h.became, h.on_day {joined}"
        " AND (h.was IS NOT NULL OR h.on_day > l.created_on)"
        f" AND h.field IN ({', '.join('?' * len(fields))}) ORDER BY h.id",
        (*params, *fields),
    ):
        history.setdefault(lead_id, {}).setdefault(field, []).append(Change._make(change))
    for lead_id, created, status, closed, close, owner, amount, percent, step in store.each(
        "SELECT l.id, l.created_on, l.status, l.closed_on, l.expected_close, l.owner_id, l.amount,"
        f" l.probability, l.step_id {source}",
        params,
    ):
        changes = history.get(lead_id, {})

        def at(
            field: str,
            otherwise: Any,
            day: str,
            changes: dict[str, list[Change]] = changes,
        ) -> Any:
            return _value_at(changes.get(field, ()), day, otherwise)

        for day in days:
            if created > day or (status != "open" and closed <= day):
                continue
            day_expected = at("expected_close", close, day)
            if not day_expected or (at("status", status, day) or "open") != "open":
                continue
            yield (
                day,
                ExpectedLead(
                    day_expected,
                    _number(at("owner", owner, day)),
                    _number(at("amount", amount, day)),
                    _number(at("probability", percent, day)),
                    _number(at("step", step, day)) or step,
                ),
            )


def _number(value: Any) -> int | None:
    """A number of the history, which keeps texts."""
    return None if value is None or value == "" else int(value)


def _owner_at(changes: list[Change], closing: int, now: int | None) -> Any:
    """The owner when the change of number ``closing`` closed the lead: given to it before, else
    the one it was taken from later, else the one it has."""
    before = [change for change in changes if change.id < closing]
    if before:
        return before[-1].became
    return changes[0].was if changes else now
