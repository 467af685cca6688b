"""Writing the changed rows of a prospect list. Phones, e-mails, names, the zone and the do-not-call
state follow the cells that changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from tui_crm.core.exchange.prospects import parse
from tui_crm.core.exchange.prospects.parse import FieldPlaces
from tui_crm.core.lists import edits as list_edits, lists, zones
from tui_crm.core.lists.lists import Column
from tui_crm.core.privacy import do_not_call
from tui_crm.core.store.database import Store
from tui_crm.core.store.journal import Write
from tui_crm.core.store.tables import Prospect, ProspectKey

_KEY = ("prospect_id", "kind", "value", "match", "bad", "position")
_ROW = ("cells", "original", *lists.VALUES, "zone")


class RowChange(NamedTuple):
    """A row of a list with its new cells, and the positions of those that changed."""

    id: int
    cells: list[str]
    positions: tuple[int, ...]


def write_changes(
    w: Write, changes: Iterable[RowChange], columns: Sequence[Column], country: str
) -> None:
    """Write changed rows of a list that has these ``columns``; phones without a prefix ring in
    ``country``, an ISO code."""
    places = parse.field_places([column.field for column in columns])
    of_keys = {*places.phones, *places.emails}
    of_zone = of_keys | {n for name, n in places.single if name in ("zone", "country", "city")}
    waiting: list[RowChange] = []

    def write() -> None:
        keyed = [change for change in waiting if of_keys & set(change.positions)]
        _change_keys(w, keyed, places, country)
        w.update_many(Prospect, _ROW, _changed_rows(w, waiting, places, of_zone))
        _settle(w, [change.id for change in keyed])
        waiting.clear()

    for change in changes:
        waiting.append(change)
        if len(waiting) == list_edits.CHUNK:
            write()
    write()


def _changed_rows(
    w: Write, changes: Sequence[RowChange], places: FieldPlaces, of_zone: set[int]
) -> Iterator[tuple[Any, ...]]:
    """The rows as they become: a value follows its cell only where that changed. ``of_zone`` are
    the positions of the cells that say in which time zone a row is."""
    by_id = {change.id: change for change in changes}
    phones: dict[int, list[str]] = {}
    ids = sorted(by_id)
    for number, match in _keys(w, ids, "prospect_id, match", "kind = 'phone' AND match <> ''"):
        phones.setdefault(number, []).append(match)
    for number, stored, original, *values, zone in rows_by_id(
        w.store, ids, f"id, {', '.join(_ROW)}"
    ):
        cells, positions = by_id[number].cells, by_id[number].positions
        before = parse.values(padded(stored, len(cells)), places)
        after = parse.values(cells, places)
        values = [
            after.get(name, "") if after.get(name) != before.get(name) else value
            for name, value in zip(lists.VALUES, values, strict=True)
        ]
        if of_zone & set(positions):
            now = dict(zip(lists.VALUES, values, strict=True))
            zone = zones.zone_of(
                after.get("zone", ""), now["country"], phones.get(number, ()), now["city"]
            )
        if original:
            first = padded(original, len(cells))
            for n in positions:
                first[n] = cells[n]
            original = _encode(first)
        yield (number, _encode(cells), original, *values, zone)


def _change_keys(w: Write, changes: Sequence[RowChange], places: FieldPlaces, region: str) -> None:
    """The phones and e-mails of rows, parsed again from their cells. One that stays keeps what is
    known of it; one that goes gives its row to one that comes."""
    stored: dict[int, list[tuple[int, str, str]]] = {}  # of each row: id, kind, match or value
    for number, key_id, kind, value, match in _keys(
        w, [change.id for change in changes], "prospect_id, id, kind, value, match", "1 = 1"
    ):
        stored.setdefault(number, []).append((key_id, kind, match or value))
    altered: list[tuple[Any, ...]] = []
    added: list[tuple[Any, ...]] = []
    for change in changes:
        changed = set(change.positions)
        kinds = {
            kind
            for kind, of_kind in (("phone", places.phones), ("email", places.emails))
            if changed.intersection(of_kind)
        }
        wanted = parse.keys(change.cells, places, region)
        have = [key for key in stored.get(change.id, ()) if key[1] in kinds]
        stay = {(kind, value) for _id, kind, value in have}
        come = [
            (kind, typed, match, 0, position)
            for position, (kind, typed, match) in enumerate(wanted)
            if kind in kinds and (kind, match or typed) not in stay
        ]
        names = {(kind, match or typed) for kind, typed, match in wanted}
        go = [key_id for key_id, kind, value in have if (kind, value) not in names]
        for key in come:
            if go:
                altered.append((go.pop(0), *key))
            else:
                added.append((change.id, *key))
        for key_id in go:
            w.delete(ProspectKey, key_id)
    w.update_many(ProspectKey, _KEY[1:], altered)
    w.insert_many(ProspectKey, _KEY, added)


def _settle(w: Write, ids: Sequence[int]) -> None:
    """Rows whose phones or e-mails changed may be on the do-not-call list now, or off it."""
    by_match: dict[str, set[int]] = {}
    for number, match in _keys(w, ids, "prospect_id, match", "match <> ''"):
        by_match.setdefault(match, set()).add(number)
    blocked = do_not_call.is_blocked(w.session, by_match)
    affected = {number for match in blocked for number in by_match[match]}
    affected |= {n for n, state in rows_by_id(w.store, ids, "id, state") if state == "blocked"}
    for number in sorted(affected):
        do_not_call.update_state(w, number)


def _keys(w: Write, ids: Sequence[int], columns: str, where: str) -> Iterator[tuple[Any, ...]]:
    for part in list_edits.chunks(ids):
        yield from w.store.rows(
            f"SELECT {columns} FROM prospect_keys"
            f" WHERE prospect_id IN ({', '.join('?' * len(part))})"
            f" AND {where} ORDER BY prospect_id, position, id",
            part,
        )


def rows_by_id(store: Store, ids: Sequence[int], columns: str) -> Iterator[tuple[Any, ...]]:
    """The prospects with these ids, in their order."""
    for part in list_edits.chunks(ids):
        yield from store.rows(
            f"SELECT {columns} FROM prospects WHERE id IN ({', '.join('?' * len(part))})"
            " ORDER BY id",
            part,
        )


def padded(cells: str, width: int) -> list[str]:
    """Stored cells as ``width`` texts: rows from before a column was added have fewer."""
    values: list[str] = json.loads(cells or "[]")
    return values + [""] * (width - len(values))


def _encode(cells: Sequence[str]) -> str:
    return json.dumps(cells, ensure_ascii=False, separators=(",", ":"))
