"""The position of a row in its list: its place among the rows, and how many there are."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tui_crm.core.store.database import Store
from tui_crm.core.store.query import Query

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


_anchors: dict[tuple[str, int], _Anchors] = {}


# How many moves of rows, of any list, the journal has after an entry, their undoing and redoing
# included, and the newest. An undo names what it takes back, a redo the undo.
_MARKS = ", ".join("?" * len(MOVES))
_MOVES = (
    "(SELECT COUNT(*) AS n, MAX(did.id) AS newest FROM entries AS did"
    " LEFT JOIN entries AS back ON back.id = did.undoes"
    " LEFT JOIN entries AS first ON first.id = back.undoes"
    f" WHERE did.id > ? AND (did.op IN ({_MARKS}) OR back.op IN ({_MARKS})"
    f" OR first.op IN ({_MARKS}))) AS moves"
)


@dataclass(frozen=True)
class Counted:
    """The last row of a list, the last entry of the journal, the moves of rows since what is
    remembered, and the place of each line if it still holds."""

    last: int
    entry: int
    moves: tuple[int, int]
    places: dict[int, int]


def position_query(store: Store, list_id: int, lines: Sequence[int]) -> Query[Counted]:
    """The query whose answer :func:`positions` takes. Counting a million rows takes longer than
    everything else on the card, so what was counted is remembered, and only the rows since the
    nearest known line are counted. The journal tells when rows came, went or moved, and then all
    of it is counted anew."""
    known = _anchors.get((store.url, list_id))
    near = [0 if known is None else _near(known, line) for line in lines]
    before = [0 if known is None else known.places[line] for line in near]
    between = ", (SELECT COUNT(*) FROM prospects WHERE list_id = ? AND line > ? AND line <= ?)"
    runs: list[int] = []
    for after, line in zip(near, lines, strict=True):
        runs += (list_id, after, after if known is None else line)

    def read(rows: list[tuple[Any, ...]]) -> Counted:
        last, entry, moves, newest, *counts = rows[0]
        places = {n: b + int(c) for n, b, c in zip(lines, before, counts, strict=True)}
        return Counted(int(last or 0), int(entry or 0), (int(moves), int(newest or 0)), places)

    return Query(
        "SELECT (SELECT id FROM prospects WHERE list_id = ? ORDER BY line DESC, id DESC LIMIT 1),"
        " (SELECT MAX(id) FROM entries), moves.n, moves.newest"
        f"{between * len(lines)} FROM {_MOVES}",
        (list_id, *runs, 0 if known is None else known.since, *MOVES, *MOVES, *MOVES),
        read,
    )


def positions(
    store: Store, list_id: int, lines: Sequence[int], counted: Counted
) -> tuple[list[int], int]:
    """Which row of its list each line is, from 1, and how many rows there are, from the answer to
    :func:`position_query`."""
    known = _anchors.get((store.url, list_id))
    if known is None or known.last != counted.last or known.moves != counted.moves:
        since = max(counted.entry - _BACK, 0)
        up_to = ", (SELECT COUNT(*) FROM prospects WHERE list_id = ? AND line <= ?)"
        moves, newest, total, *counts = store.rows(
            "SELECT moves.n, moves.newest, (SELECT COUNT(*) FROM prospects WHERE list_id = ?)"
            f"{up_to * len(lines)} FROM {_MOVES}",
            (
                list_id,
                *(value for line in lines for value in (list_id, line)),
                *(since, *MOVES, *MOVES, *MOVES),
            ),
        )[0]
        known = _anchors[store.url, list_id] = _Anchors(
            counted.last, since, (int(moves), int(newest or 0)), int(total), {0: 0}
        )
        counted = replace(counted, places={n: int(c) for n, c in zip(lines, counts, strict=True)})
    elif counted.entry - known.since > _FAR:
        known.since = counted.entry - _BACK
        (moves, newest), *_none = store.rows(
            f"SELECT n, newest FROM {_MOVES}", (known.since, *MOVES, *MOVES, *MOVES)
        )
        known.moves = int(moves), int(newest or 0)
    if len(known.places) > MOST_PLACES:
        for n in list(itertools.islice(known.places, 1, MOST_PLACES // 2)):
            del known.places[n]
    for line, place in counted.places.items():
        known.places.setdefault(line, place)
    return [known.places[line] for line in lines], known.total


def find_position(store: Store, list_id: int, line: int) -> tuple[int, int]:
    """Which row of its list a line is, from 1, and how many rows there are."""
    counted = store.fetch(position_query(store, list_id, [line]))
    (place,), total = positions(store, list_id, [line], counted)
    return place, total


def _near(known: _Anchors, line: int) -> int:
    """The nearest known line that is not after this one."""
    return max(n for n in known.places if n <= line)
