"""The position of a row in its list: its place among the rows, and how many there are."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tui_crm.core.store.database import Store
from tui_crm.core.store.query import Query, one_value

MOVES = (
    "lists.add_rows",
    "list_acts.split",
    "list_merge.merge",
    "prospects_in.bring_in",
    "prospects_update.bring_in",
)
"""The operations by which rows come into a list, leave it, or change their place in it."""
_BACK = 500  # entries read again: a long import takes its number before it is committed
_FAR = 1000  # entries after which the reading begins further on
MOST_PLACES = 2000  # lines whose place is remembered


@dataclass
class _Anchors:
    """What was counted of a list, and as of when: its last row, and the moves of rows that the
    journal has after the entry ``since``. ``places`` is the place of each known line."""

    last: int
    since: int
    moves: tuple[int, int]
    total: int
    places: dict[int, int]


_UNKNOWN = _Anchors(-1, 0, (0, 0), 0, {0: 0})
_anchors: dict[tuple[str, int], _Anchors] = {}


def _moves(since: int) -> Query[tuple[int, int]]:
    """How many moves of rows, of any list, the journal has after an entry, their undoing and
    redoing included, and the newest. An undo names what it takes back, a redo the undo."""
    marks = ", ".join("?" * len(MOVES))
    return _two_numbers(
        "SELECT COUNT(*), MAX(did.id) FROM entries AS did"
        " LEFT JOIN entries AS back ON back.id = did.undoes"
        " LEFT JOIN entries AS first ON first.id = back.undoes"
        f" WHERE did.id > ? AND (did.op IN ({marks}) OR back.op IN ({marks})"
        f" OR first.op IN ({marks}))",
        (since, *MOVES, *MOVES, *MOVES),
    )


def _ends(list_id: int) -> Query[tuple[int, int]]:
    """The last row of a list, and the last entry of the journal; 0 where there is none."""
    return _two_numbers(
        "SELECT (SELECT id FROM prospects WHERE list_id = ? ORDER BY line DESC, id DESC LIMIT 1),"
        " (SELECT MAX(id) FROM entries)",
        (list_id,),
    )


def _two_numbers(sql: str, params: Sequence[Any]) -> Query[tuple[int, int]]:
    """The two columns of the only row, 0 for NULL."""

    def read(rows: list[tuple[Any, ...]]) -> tuple[int, int]:
        first, second = rows[0]
        return int(first or 0), int(second or 0)

    return Query(sql, params, read)


def position_queries(
    store: Store, list_id: int, line: int
) -> tuple[Query[Any], Query[Any], Query[Any]]:
    """The queries whose answers :func:`position` takes. Counting a million rows takes longer than
    everything else on the card, so what was counted is remembered, and only the rows since the
    nearest known line are counted. The journal tells when rows came, went or moved, and then all
    of it is counted anew."""
    known = _anchors.get((store.url, list_id)) or _UNKNOWN
    near = _near(known, line)
    between = one_value(
        "SELECT COUNT(*) FROM prospects WHERE list_id = ? AND line > ? AND line <= ?",
        (list_id, near, line if known is not _UNKNOWN else near),
    )
    return _ends(list_id), _moves(known.since), between


def position(
    store: Store,
    list_id: int,
    line: int,
    ends: tuple[int, int],
    moves: tuple[int, int],
    between: int,
) -> tuple[int, int]:
    """Which row of its list a line is, from 1, and how many rows there are, from the answers to
    :func:`position_queries`."""
    known = _anchors.get((store.url, list_id)) or _UNKNOWN
    last, entry = ends
    if known.last != last or known.moves != moves:
        since = max(entry - _BACK, 0)
        moves, total, between = store.fetch_all(
            _moves(since),
            one_value("SELECT COUNT(*) FROM prospects WHERE list_id = ?", (list_id,)),
            one_value(
                "SELECT COUNT(*) FROM prospects WHERE list_id = ? AND line <= ?", (list_id, line)
            ),
        )
        known = _anchors[store.url, list_id] = _Anchors(last, since, moves, int(total), {0: 0})
    elif entry - known.since > _FAR:
        known.since = entry - _BACK
        known.moves = store.fetch(_moves(known.since))
    places = known.places
    if line not in places:
        if len(places) > MOST_PLACES:
            for n in list(itertools.islice(places, 1, MOST_PLACES // 2)):
                del places[n]
        places[line] = places[_near(known, line)] + int(between)
    return places[line], known.total


def find_position(store: Store, list_id: int, line: int) -> tuple[int, int]:
    """Which row of its list a line is, from 1, and how many rows there are."""
    return position(store, list_id, line, *store.fetch_all(*position_queries(store, list_id, line)))


def _near(known: _Anchors, line: int) -> int:
    """The nearest known line that is not after this one."""
    return max(n for n in known.places if n <= line)
