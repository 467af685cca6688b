"""A rep's seat at a list as it is stored: the row on screen, the clock of the call, the filter and
the rows that were skipped.

It is nobody's act, so it is not in the journal: each change is committed at once, or with the
operation that makes it.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple, Unpack, cast

from tui_crm.core.calling import plan as calling_plan
from tui_crm.core.calling.plan import Rules
from tui_crm.core.errors import NotFound
from tui_crm.core.session import Session
from tui_crm.core.store.columns import SeatColumns
from tui_crm.core.store.query import Query
from tui_crm.core.text import _

_COLUMNS = (
    "prospect_id",
    "since_at",
    "query",
    "started_at",
    "dialled_at",
    "dialled",
    "paused_at",
    "seen_at",
    "skipped",
)


def seat_query(session: Session, list_id: int) -> Query[SeatColumns | None]:
    """The query for the rep's seat at a list."""
    return Query(
        f"SELECT {', '.join(_COLUMNS)} FROM seats WHERE user_id = ? AND list_id = ?",
        (session.user_id, list_id),
        lambda rows: _columns(rows[0]) if rows else None,
    )


def _columns(values: tuple[Any, ...]) -> SeatColumns:
    return cast(SeatColumns, dict(zip(_COLUMNS, values, strict=True)))


class Place(NamedTuple):
    """The rules of a list and the rep's seat at it, ``None`` before it was opened. ``first_phone``
    is the number that is tried first on the row that was asked for, E.164 when it is valid."""

    rules: Rules
    seat: SeatColumns | None
    first_phone: str


def place_query(session: Session, list_id: int, prospect_id: int | None = None) -> Query[Place]:
    """The query for the rules of a list with the rep's seat at it; raises NotFound when it is
    read."""
    phone = (
        "(SELECT COALESCE(NULLIF(match, ''), value) FROM prospect_keys WHERE prospect_id = ?"
        " AND kind = 'phone' ORDER BY bad, position, id LIMIT 1)"
    )

    def read(rows: list[tuple[Any, ...]]) -> Place:
        if not rows:
            raise NotFound(_("There is no such list."))
        first, rules, seat = rows[0][0], rows[0][1 : -len(_COLUMNS)], rows[0][-len(_COLUMNS) :]
        there_is_one = seat[_COLUMNS.index("started_at")] is not None
        return Place(
            rules=calling_plan.read_rules(session, rules),
            seat=_columns(seat) if there_is_one else None,
            first_phone=first or "",
        )

    return Query(
        f"SELECT {phone}, {calling_plan.RULES}, {', '.join(f'seats.{c}' for c in _COLUMNS)}"
        " FROM lists LEFT JOIN seats ON seats.list_id = lists.id AND seats.user_id = ?"
        " WHERE lists.id = ?",
        (prospect_id, session.user_id, list_id),
        read,
    )


def row_on_screen(
    prospect_id: int | None, now: int, skipped: list[int] | None = None
) -> SeatColumns:
    """The columns of a seat when a row comes on screen, or leaves it (``None``), and the rows that
    were skipped, where they change."""
    columns: SeatColumns = {
        "prospect_id": prospect_id,
        "since_at": now if prospect_id else None,
        "dialled_at": None,
        "dialled": "",
        "paused_at": None,
        "seen_at": now,
    }
    if skipped is not None:
        columns["skipped"] = json.dumps(skipped)
    return columns


def leave_row(session: Session, place: Place, prospect_id: int) -> Place:
    """Take a row that got its outcome off the rep's screen; the place as it is then. None is on
    screen until the next is claimed."""
    rules, seat, _phone = place
    changes = row_on_screen(None, rules.at)
    change_seat(session, rules.info.id, prospect_id, **changes)
    if seat is not None and seat["prospect_id"] == prospect_id:
        seat = seat | changes
    return Place(rules, seat, "")


def change_seat(
    session: Session, list_id: int, only_on: int | None = None, /, **values: Unpack[SeatColumns]
) -> None:
    """Change the rep's seat at a list; with ``only_on`` only while that prospect is on screen."""
    columns = ", ".join(f"{name} = ?" for name in values)
    session.store.execute(
        f"UPDATE seats SET {columns} WHERE user_id = ? AND list_id = ?"
        + (" AND prospect_id = ?" if only_on else ""),
        (*values.values(), session.user_id, list_id, *([only_on] if only_on else [])),
    )


def skipped_rows(seat: SeatColumns) -> list[int]:
    """The rows skipped in a calling session, as its seat keeps them."""
    return [int(n) for n in json.loads(seat["skipped"] or "[]")]
