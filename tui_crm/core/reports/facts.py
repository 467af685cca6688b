"""Leads as reports see them: as they stand, or as they stood at the end of a past day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple

from tui_crm.core.store.database import Store


class Lead(NamedTuple):
    """What the formulas need of a lead. ``amount`` in minor units; ``probability`` in percent, the
    lead's own, else its step's; days as the store keeps them (``2026-11-23``)."""

    id: int
    created_on: str
    status: str  # open, won, lost, cancelled
    closed_on: str | None
    owner_id: int | None
    closed_owner_id: int | None  # the owner when it closed
    amount: int | None
    probability: int
    step_id: int
    pipeline_id: int
    expected_close: str | None
    list_id: int | None
    reason_id: int | None
    source: str

    @property
    def cycle(self) -> int:
        """Days from creation to closing, of a closed lead."""
        return days_between(self.created_on, self.closed_on or self.created_on)

    @property
    def weight(self) -> int:
        """Amount times probability, in hundredths of a minor unit."""
        return (self.amount or 0) * self.probability


_DAY_NUMBERS: dict[str, int] = {}


def day_number(day: str) -> int:
    """The ordinal of a day; remembered, since a report meets the same days again and again."""
    found = _DAY_NUMBERS.get(day)
    if found is None:
        found = _DAY_NUMBERS[day] = date.fromisoformat(day).toordinal()
    return found


def days_between(first: str, last: str) -> int:
    """Days from one day to another."""
    return day_number(last) - day_number(first)


_COLUMNS = (
    "l.id, l.created_on, l.status, l.closed_on, l.owner_id, l.closed_owner_id, l.amount,"
    " COALESCE(l.probability, s.probability), l.step_id, l.pipeline_id, l.expected_close,"
    " l.list_id, l.reason_id, l.source"
)
_FROM = " FROM leads l JOIN steps s ON s.id = l.step_id"


def lead_rows(store: Store, where: str, params: Sequence[Any]) -> list[Lead]:
    """The leads as they stand, those of a condition on ``leads l``."""
    rows = store.rows(f"SELECT {_COLUMNS}{_FROM} WHERE {where}", params)
    rows.sort(key=itemgetter(0))  # in next to no time; SQLite takes a third of the reading
    return [Lead._make(row) for row in rows]


FIELDS = ("status", "step", "owner", "amount", "expected_close", "probability", "source")

Change = tuple[int, str | None, str | None, str]  # id, was, became, on_day


def as_of_rows(store: Store, day: str, where: str, params: Sequence[Any]) -> list[Lead]:
    """The leads that had been created by the end of ``day``, each as it stood then.

    A field is what the last act on it said among those that count for ``day`` or before (so a
    closing dated back counts from the day it was dated to). Where no act did, it is what it was
    before the first later one; without any history it is what it is now. ``where`` may only speak
    of what has no history: tags and list of origin.
    """
    found = [
        list(row)
        for row in store.rows(
            f"SELECT {_COLUMNS}, l.probability{_FROM} WHERE l.created_on <= ? AND {where}"
            " ORDER BY l.id",
            (day, *params),
        )
    ]
    marks = ", ".join("?" * len(FIELDS))
    kept: dict[int, dict[str, list[Change]]] = {}
    for lead_id, field, *change in store.rows(
        f"SELECT lead_id, field, id, was, became, on_day FROM history WHERE field IN ({marks})"
        " AND lead_id IN (SELECT lead_id FROM history WHERE on_day > ?) ORDER BY id",
        (*FIELDS, day),
    ):
        kept.setdefault(lead_id, {}).setdefault(field, []).append(tuple(change))
    steps = {
        row[0]: (row[1], row[2])
        for row in store.rows("SELECT id, pipeline_id, probability FROM steps")
    }
    return [_rebuilt(row, kept[row[0]], day, steps) if row[0] in kept else Lead._make(row[:-1])
            for row in found]  # fmt: skip


def _rebuilt(
    row: list[Any], changes: dict[str, list[Change]], day: str,
    steps: dict[int, tuple[int, int]],
) -> Lead:  # fmt: skip
    now = Lead._make(row[:-1])

    def then(field: str, otherwise: Any) -> Any:
        acts = changes.get(field, [])
        upto = [act for act in acts if act[3] <= day]
        if upto:
            return upto[-1][2]
        return acts[0][1] if acts else otherwise

    def number(text: Any) -> int | None:
        return None if text is None or text == "" else int(text)

    status = then("status", now.status) or "open"
    step = number(then("step", now.step_id)) or now.step_id
    pipeline, usual = steps.get(step, (now.pipeline_id, now.probability))
    own = number(then("probability", row[-1]))
    values: dict[str, Any] = {
        "status": status, "step_id": step, "pipeline_id": pipeline, "closed_on": None, "closed_owner_id": None,
        "reason_id": None, "owner_id": number(then("owner", now.owner_id)),
        "amount": number(then("amount", now.amount)),
        "expected_close": then("expected_close", now.expected_close) or None,
        "probability": usual if own is None else own, "source": then("source", now.source) or "",
    }  # fmt: skip
    if status != "open":
        acts = changes.get("status", [])
        closing = next((act for act in reversed(acts) if act[3] <= day), None)
        if closing is None or closing is acts[-1]:  # it is the closing the lead still has
            for name in ("closed_on", "closed_owner_id", "reason_id"):
                values[name] = getattr(now, name)
        else:
            values["closed_on"] = closing[3]
            values["closed_owner_id"] = number(
                _owner_at(changes.get("owner", []), closing[0], now.owner_id)
            )
    return now._replace(**values)


def _owner_at(acts: list[Change], closing: int, now: int | None) -> Any:
    """The owner when the act of that number closed the lead. An imported lead gets its owner and
    its closing in one act, the owner perhaps second: its first owner counts then."""
    before = [act for act in acts if act[0] < closing]
    if before:
        return before[-1][2]
    if acts:
        return acts[0][2] if acts[0][1] is None else acts[0][1]
    return now
