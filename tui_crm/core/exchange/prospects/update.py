"""An updated file brought into a prospect list that is there: new rows are added, known ones
changed where the file says something else, and nothing is taken away.

    seen = preview(session, "fair-v2.csv", list_name="Fair 2026")
    done = run_import(session, seen)

Notes, states, tries and leads stay as they are. A cell that somebody corrected by hand stays,
and is listed; so does a cell that the file leaves empty, and a row that is no longer in it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tui_crm.core.exchange.columns import mapping as mappings, prospect_columns
from tui_crm.core.exchange.prospects import (
    importer as prospect_import,
    matching,
    rows as prospect_rows,
)
from tui_crm.core.exchange.prospects.rows import Key, Picks
from tui_crm.core.exchange.readers.open import open_table
from tui_crm.core.exchange.readers.table import Table
from tui_crm.core.exchange.summary import Skipped, Summary, gc_paused
from tui_crm.core.lists import edits as list_edits, lists, merge as list_merge, zones
from tui_crm.core.lists.lists import Column, ProspectListInfo
from tui_crm.core.privacy import do_not_call
from tui_crm.core.progress import Cancelled, Progress, watched
from tui_crm.core.session import Session
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import Prospect, ProspectKey, ProspectList
from tui_crm.core.text import _, ngettext

EXAMPLES = 3  # changes of a column that are shown
_SEVERAL = frozenset({"phone", "email"})
_KEY = ("prospect_id", "kind", "value", "match", "bad", "position")
_ROW = ("cells", "original", *lists.VALUES, "zone")


class Example(NamedTuple):
    """A cell that changes: its line in the file, what is there and what the file says."""

    line: int
    was: str
    now: str


class ColumnChange(NamedTuple):
    """How many cells of a column change, and the first of them."""

    name: str
    cells: int
    examples: tuple[Example, ...]


class KeptCell(NamedTuple):
    """A cell corrected by hand, which stays: the line in the file, the column, what is there and
    what the file says."""

    line: int
    column: str
    ours: str
    theirs: str


class _Change(NamedTuple):
    id: int
    cells: list[str]
    places: tuple[int, ...]


@dataclass(frozen=True)
class Update(Summary):
    """The figures of an update: ``rows == added + updated + unchanged + len(skipped)``.

    ``by`` is what rows were matched by: ``contact`` (phones and e-mails), ``phone``, ``email`` or
    a column; ``doubtful`` how many of the skipped may be several rows of the list; ``gone`` how
    many rows of the list are not in the file; ``fresh`` the columns that the list gets."""

    list_id: int
    updated: int
    unchanged: int
    doubtful: int
    gone: int
    by: str
    fresh: tuple[str, ...]
    changes: tuple[ColumnChange, ...]
    kept: tuple[KeptCell, ...]

    def as_json(self, dry_run: bool = False) -> dict[str, Any]:
        """The object that ``import --update --json`` prints."""
        return super().as_json(dry_run) | {"updated": self.updated, "unchanged": self.unchanged}


@dataclass(frozen=True)
class Preview(Update):
    """What a file holds and what bringing it in would change."""

    header: bool
    sheets: tuple[str, ...]
    mapping: tuple[tuple[str, str], ...]
    table: Table = field(repr=False)
    _where: Picks = field(repr=False)
    _parsed: list[list[Key]] = field(repr=False)
    _odd: dict[int, str] = field(repr=False)
    _place: list[int] = field(repr=False)
    _columns: list[Column] = field(repr=False)
    _wish: str | None = field(repr=False)
    _new: list[int] = field(repr=False)
    _changes: list[_Change] = field(repr=False)
    _entry: int = field(repr=False)


def preview(
    session: Session,
    source: str | os.PathLike[str] | Table,
    *,
    list_name: str,
    key_column: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    mapping: mappings.Said | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Preview:
    """Read an updated file and compare it with the list ``list_name``; nothing is changed.

    ``key_column`` is what rows are matched by: ``phone``, ``email`` or a column's name; None
    takes the best (:mod:`.matching`). The rest as in :func:`.importer.preview`. Raises
    NotFound for a list there is not, CrmError for a file that cannot be read."""
    info = lists.find(session, list_name)
    table = (
        source
        if isinstance(source, Table)
        else open_table(source, encoding=encoding, delimiter=delimiter, sheet=sheet)
    )
    said = [
        *mappings.recall(session.store, "prospects", table.columns),
        *mappings.pairs(mapping, table.columns),
    ]
    guessed = prospect_columns.recognise(
        table.columns, table.rows[: prospect_import.SAMPLE], session.house.language
    )
    fields, labels = mappings.overrule(
        table.columns, guessed, said, prospect_columns.FIELDS, _SEVERAL
    )
    place, united = _united(info, labels, fields)
    fields = [united[n].field for n in place]
    where = prospect_rows.picks(fields)
    entry = session.store.last_entry()
    rows = watched(table.rows, len(table.rows), progress, cancelled)
    with gc_paused():
        parsed, odd = prospect_rows.parse(rows, where, session.house.region)
        found, told = _compare(session, table, where, parsed, info, place, united, key_column)
    return Preview(
        file=prospect_import.file_of(table),
        kind=table.kind,
        list=info.name,
        rows=len(table.rows),
        doubles=(),
        remarks=tuple(Skipped(table.rows[i].line, odd[i]) for i in found.new if i in odd),
        cleaned=table.cleaned,
        columns=prospect_import.first_values(table, fields, labels),
        encoding=table.encoding,
        delimiter=table.delimiter,
        sheet=table.sheet,
        list_id=info.id,
        fresh=tuple(c.name for c in united[len(info.columns) :]),
        header=table.header,
        sheets=table.sheets,
        mapping=tuple(said),
        table=table,
        _where=where,
        _parsed=parsed,
        _odd=odd,
        _place=place,
        _columns=united,
        _wish=key_column,
        _entry=entry,
        **told,
    )


def _united(
    info: ProspectListInfo, labels: Sequence[str], fields: Sequence[str | None]
) -> tuple[list[int], list[Column]]:
    """Where each column of the file stands in the list, and the list's columns with the new ones
    behind: these fill a field only where no other does."""
    place, united = list_merge.united(
        [Column(name, what) for name, what in zip(labels, fields, strict=True)], info.columns
    )
    held = {column.field for column in info.columns}
    for n in range(len(info.columns), len(united)):
        column = united[n]
        if column.field in held and column.field not in list_edits.SEVERAL:
            united[n] = Column(column.name)
        held.add(column.field)
    return place, united


def _compare(
    session: Session,
    table: Table,
    where: Picks,
    parsed: Sequence[list[Key]],
    info: ProspectListInfo,
    place: list[int],
    united: Sequence[Column],
    wish: str | None,
) -> tuple[matching.Matched, dict[str, Any]]:
    """Match the rows and compare the cells of the known ones; what the preview says of it."""
    found = matching.match(session, table, where, parsed, info, place, wish)
    by_id = {number: position for position, number in found.known.items()}
    changes: list[_Change] = []
    kept: list[KeptCell] = []
    counted: dict[int, list[Example]] = {}
    counts: dict[int, int] = {}
    for number, cells, original in _stored(session, sorted(by_id), "id, cells, original"):
        row = table.rows[by_id[number]]
        theirs = row.cells
        have = _padded(cells, len(united))
        first = _padded(original, len(united)) if original else have
        places = []
        for column, there in enumerate(place):
            now = theirs[column]
            if now == have[there] or not now.strip() or now.strip() == have[there].strip():
                continue
            if first[there] != have[there]:
                kept.append(KeptCell(row.line, united[there].name, have[there], now))
                continue
            examples = counted.setdefault(there, [])
            if len(examples) < EXAMPLES:
                examples.append(Example(row.line, have[there], now))
            counts[there] = counts.get(there, 0) + 1
            have[there] = first[there] = now
            places.append(there)
        if places:
            changes.append(_Change(number, have, tuple(places)))
    rows = lists.how_far(session, info.id).rows
    told: dict[str, Any] = {
        "added": len(found.new),
        "updated": len(changes),
        "unchanged": len(found.known) - len(changes),
        "skipped": found.skipped,
        "doubtful": found.doubtful,
        "gone": rows - len(found.known),
        "by": found.by,
        "changes": tuple(
            ColumnChange(united[n].name, counts[n], tuple(counted[n])) for n in sorted(counted)
        ),
        "kept": tuple(kept),
        "_new": found.new,
        "_changes": changes,
    }
    return found, told


def _padded(cells: str, width: int) -> list[str]:
    values: list[str] = json.loads(cells or "[]")
    return values + [""] * (width - len(values))


def _stored(session: Session, numbers: Sequence[int], what: str) -> Iterator[tuple[Any, ...]]:
    for part in list_edits.chunks(numbers):
        yield from session.store.rows(
            f"SELECT {what} FROM prospects WHERE id IN ({', '.join('?' * len(part))}) ORDER BY id",
            part,
        )


# -- the operation --------------------------------------------------------------------------------


@operation("prospects_update.bring_in")
def run_import(
    w: Write, seen: Preview, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> Update:
    """Change the known rows of a previewed file and add its new ones, as one act.

    Phones, e-mails, names, the zone and the do-not-call state follow the cells. All or nothing:
    raises CrmError when ``cancelled()`` says so."""
    session, table = w.session, seen.table
    told = {name: getattr(seen, name) for name in Update.__dataclass_fields__}
    new, changes, place, united = seen._new, seen._changes, seen._place, seen._columns
    if w.store.last_entry() != seen._entry:
        info = lists.get(session, seen.list_id)
        place, united = _united(
            info, [c.name for c in seen.columns], [c.field for c in seen.columns]
        )
        _found, again = _compare(
            session, table, seen._where, seen._parsed, info, place, united, seen._wish
        )
        new, changes = again.pop("_new"), again.pop("_changes")
        told |= again
    if new or changes:
        mappings.remember(w, "prospects", table.columns, seen.mapping)
        if len(united) > len(lists.get(session, seen.list_id).columns):
            w.update(ProspectList, seen.list_id, columns=list_edits.as_json(united))
        with gc_paused():
            wanted = watched(changes, len(new) + len(changes), progress, cancelled)
            _change(w, wanted, united)
            rows = watched(_added(w, seen, new, place, len(united)), len(new), None, cancelled)
            lists.add_rows.within(w, seen.list_id, rows)
    if progress is not None:
        progress(len(new) + len(changes), len(new) + len(changes))
    w.describe(
        _("update of {list} from {file}: {new} new, {changed} changed").format(
            list=seen.list, file=seen.file, new=len(new), changed=len(changes)
        ),
        list_id=seen.list_id,
    )
    return Update(**told)


def _added(
    w: Write, seen: Preview, new: Sequence[int], place: Sequence[int], width: int
) -> Iterator[lists.NewRow]:
    above = w.store.value("SELECT MAX(line) FROM prospects WHERE list_id = ?", (seen.list_id,)) or 0
    for position in new:
        row = seen.table.rows[position]
        cells = [""] * width
        for there, cell in zip(place, row.cells, strict=True):
            cells[there] = cell
        yield lists.NewRow(
            int(above) + row.line,
            cells,
            prospect_rows.values(row.cells, seen._where),
            seen._parsed[position],
            seen._odd.get(position, ""),
        )


def _change(w: Write, changes: Iterable[_Change], united: Sequence[Column]) -> None:
    where = prospect_rows.picks([column.field for column in united])
    touches_keys = {*where.phones, *where.emails}
    touches_zone = touches_keys | {n for f, n in where.single if f in ("zone", "country", "city")}
    waiting: list[_Change] = []

    def write() -> None:
        keyed = [change for change in waiting if touches_keys & set(change.places)]
        _change_keys(w, keyed, where)
        w.update_many(Prospect, _ROW, _rows(w, waiting, where, touches_zone))
        _settle(w, [change.id for change in keyed])
        waiting.clear()

    for change in changes:
        waiting.append(change)
        if len(waiting) == list_edits.CHUNK:
            write()
    write()


def _rows(
    w: Write, changes: Sequence[_Change], where: Picks, touches_zone: set[int]
) -> Iterator[tuple[Any, ...]]:
    """The rows as they become: what was recognised follows the cells that changed."""
    by_id = {change.id: change for change in changes}
    phones: dict[int, list[str]] = {}
    numbers = sorted(by_id)
    for number, match in _keys(w, numbers, "prospect_id, match", "kind = 'phone' AND match <> ''"):
        phones.setdefault(number, []).append(match)
    for number, cells, original, *kept in _stored(w.session, numbers, f"id, {', '.join(_ROW)}"):
        change = by_id[number]
        was = prospect_rows.values(_padded(cells, len(change.cells)), where)
        said = prospect_rows.values(change.cells, where)
        *fields, zone = kept
        fields = [
            said.get(name, "") if said.get(name) != was.get(name) else has
            for name, has in zip(lists.VALUES, fields, strict=True)
        ]
        if touches_zone & set(change.places):
            of = dict(zip(lists.VALUES, fields, strict=True))
            zone = zones.zone_of(
                said.get("zone", ""), of["country"], phones.get(number, ()), of["city"]
            )
        if original:
            first = _padded(original, len(change.cells))
            for n in change.places:
                first[n] = change.cells[n]
            original = _encode(first)
        yield (number, _encode(change.cells), original, *fields, zone)


def _encode(cells: Sequence[str]) -> str:
    return json.dumps(cells, ensure_ascii=False, separators=(",", ":"))


def _keys(w: Write, numbers: Sequence[int], what: str, where: str) -> Iterator[tuple[Any, ...]]:
    for part in list_edits.chunks(numbers):
        yield from w.store.rows(
            f"SELECT {what} FROM prospect_keys WHERE prospect_id IN ({', '.join('?' * len(part))})"
            f" AND {where} ORDER BY prospect_id, position, id",
            part,
        )


def _change_keys(w: Write, changes: Sequence[_Change], where: Picks) -> None:
    """The phones and e-mails of rows, read anew from their cells. One that stays keeps what is
    known of it; one that goes gives its row to one that comes."""
    there: dict[int, list[tuple[Any, ...]]] = {}
    for number, *has in _keys(
        w, [change.id for change in changes], "prospect_id, id, kind, value, match", "1 = 1"
    ):
        there.setdefault(number, []).append(tuple(has))
    altered: list[tuple[Any, ...]] = []
    fresh: list[tuple[Any, ...]] = []
    region = w.session.house.region
    for change in changes:
        wanted = prospect_rows.keys(change.cells, where, region)
        names = {"phone": where.phones, "email": where.emails}
        read = {kind for kind, places in names.items() if set(places) & set(change.places)}
        have = [h for h in there.get(change.id, []) if h[1] in read]
        stays = {(kind, match or value) for _id, kind, value, match in have}
        comes = [
            (at, *k)
            for at, k in enumerate(wanted)
            if k[0] in read and (k[0], k[2] or k[1]) not in stays
        ]
        said = {(kind, match or typed) for kind, typed, match in wanted}
        goes = [h[0] for h in have if (h[1], h[3] or h[2]) not in said]
        for at, kind, typed, match in comes:
            if goes:
                altered.append((goes.pop(0), kind, typed, match, 0, at))
            else:
                fresh.append((change.id, kind, typed, match, 0, at))
        for number in goes:
            w.delete(ProspectKey, number)
    w.update_many(ProspectKey, _KEY[1:], altered)
    w.insert_many(ProspectKey, _KEY, fresh)


def _settle(w: Write, numbers: Sequence[int]) -> None:
    """Rows whose phones or e-mails changed may be on the do-not-call list now, or off it."""
    matches: dict[str, set[int]] = {}
    for number, match in _keys(w, numbers, "prospect_id, match", "match <> ''"):
        matches.setdefault(match, set()).add(number)
    on = do_not_call.is_blocked(w.store, matches)
    wanted = {number for match in on for number in matches[match]}
    wanted |= {n for n, state in _stored(w.session, numbers, "id, state") if state == "blocked"}
    for number in sorted(wanted):
        do_not_call.settle(w, number)


def said_by(by: str) -> str:
    """What rows were matched by, in words."""
    words = {"contact": _("phone or e-mail"), "phone": _("phone"), "email": _("e-mail")}
    return words.get(by, by)


def summary_line(seen: Update) -> str:
    """What an update does, on one line: ``380 new, 25 changed, 3 doubtful``."""
    parts = [
        _("{n} new").format(n=f"{seen.added:,}"),
        _("{n} changed").format(n=f"{seen.updated:,}"),
        _("{n} unchanged").format(n=f"{seen.unchanged:,}"),
        _("{n} doubtful").format(n=f"{seen.doubtful:,}") if seen.doubtful else "",
        ngettext("{n} gone from the file, kept", "{n} gone from the file, kept", seen.gone).format(
            n=f"{seen.gone:,}"
        )
        if seen.gone
        else "",
    ]
    return ", ".join(part for part in parts if part)
