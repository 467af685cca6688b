"""Leads as they stood at the end of a past day, rebuilt from the history of their changes."""

from __future__ import annotations

from datetime import date
from typing import Any

from tui_crm.core.store.database import Store

TABLE = "leads_then"
"""The rebuilt leads, in a table that only this connection sees."""

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
)
_FIELDS = ("status", "step", "owner", "amount", "expected_close", "probability", "source", "reason")

Change = tuple[int, str | None, str | None, str]  # id, was, became, on_day


def rebuild(store: Store, day: str) -> str:
    """Puts the leads that had been created by the end of ``day`` into `TABLE`, each as it stood
    then, with the columns that reports read; the name of the table.

    A field is what the last act on it said among those that count for ``day`` or before (so a
    closing dated back counts from the day it was dated to). Where no act did, it is what it was
    before the first later one; without any history it is what it is now. Tags and list of origin
    have no history.
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
    kept: dict[int, dict[str, list[Change]]] = {}
    marks = ", ".join("?" * len(_FIELDS))
    for lead_id, field, *change in store.each(
        f"SELECT lead_id, field, id, was, became, on_day FROM history WHERE lead_id IN ({changed}"
        f" AND lead_id IN (SELECT id FROM leads WHERE created_on <= ?)) AND field IN ({marks})"
        " ORDER BY id",
        (day, day, *_FIELDS),
    ):
        kept.setdefault(lead_id, {}).setdefault(field, []).append(tuple(change))
    pipelines = dict(store.rows("SELECT id, pipeline_id FROM steps"))
    rows = store.rows(
        f"SELECT {columns} FROM leads WHERE created_on <= ? AND id IN ({changed})", (day, day)
    )
    store.insert_rows(
        TABLE,
        _COLUMNS,
        (
            _then(dict(zip(_COLUMNS, row, strict=True)), kept.get(row[0], {}), day, pipelines)
            for row in rows
        ),
    )
    return TABLE


def _then(
    now: dict[str, Any], changes: dict[str, list[Change]], day: str, pipelines: dict[int, int]
) -> list[Any]:
    def then(field: str, otherwise: Any) -> Any:
        acts = changes.get(field, [])
        for act in reversed(acts):
            if act[3] <= day:
                return act[2]
        return acts[0][1] if acts else otherwise

    def number(field: str, otherwise: Any) -> int | None:
        text = then(field, otherwise)
        return None if text is None or text == "" else int(text)

    status = then("status", now["status"]) or "open"
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
        "expected_close": then("expected_close", now["expected_close"]) or None,
        "probability": number("probability", now["probability"]),
        "source": then("source", now["source"]) or "",
    }
    if status != "open":
        acts = changes.get("status", [])
        closing = next((act for act in reversed(acts) if act[3] <= day), None)
        if closing is None or closing is acts[-1]:  # it is the closing the lead still has
            for name in ("closed_on", "closed_owner_id", "reason_id"):
                values[name] = now[name]
        else:
            owner = _owner_at(changes.get("owner", []), closing[0], now["owner_id"])
            values["closed_on"] = closing[3]
            values["closed_owner_id"] = None if owner is None or owner == "" else int(owner)
            values["reason_id"] = number("reason", None)
    return list(values.values())


def _owner_at(acts: list[Change], closing: int, now: int | None) -> Any:
    """The owner when the act of that number closed the lead: given to it before, else the one it
    was taken from later, else the one it has."""
    before = [act for act in acts if act[0] < closing]
    if before:
        return before[-1][2]
    return acts[0][1] if acts else now
