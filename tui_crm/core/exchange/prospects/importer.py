"""Prospect lists in: a file is looked at first, then brought in as one operation.

    seen = preview(session, "fair.csv", list_name="Fair 2026")
    done = run_import(session, seen)

A preview changes nothing. Between it and the import the store may change; `run_import` compares
again when it did, so what it says it did is what it did.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.columns import mapping as mappings, prospect_columns
from tui_crm.core.exchange.prospects import rows as prospect_rows
from tui_crm.core.exchange.prospects.rows import Key, Picks
from tui_crm.core.exchange.readers.open import open_table
from tui_crm.core.exchange.readers.table import Table
from tui_crm.core.exchange.summary import ColumnSeen, Skipped, Summary, gc_paused
from tui_crm.core.lists import lists
from tui_crm.core.progress import Cancelled, Progress, watched
from tui_crm.core.session import Session
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import ProspectList
from tui_crm.core.text import _, clean, fold, ngettext

SAMPLE = 300
"""Rows looked at to recognise the columns."""

_SEVERAL = frozenset({"phone", "email"})


@dataclass(frozen=True)
class Preview(Summary):
    """What a file holds and what bringing it in would do.

    ``list_id`` is the list it would be added to, None when it makes a new one; ``header`` whether
    the file named its columns; ``sheets`` the sheets to choose from; ``mapping`` what was said
    about the columns, now or the last time; ``table`` the file as it was read.
    """

    list_id: int | None
    header: bool
    sheets: tuple[str, ...]
    mapping: tuple[tuple[str, str], ...]
    table: Table = field(repr=False)
    _where: Picks = field(repr=False)
    _parsed: list[list[Key]] = field(repr=False)
    _odd: dict[int, str] = field(repr=False)
    _new: list[int] = field(repr=False)
    _entry: int = field(repr=False)


@dataclass(frozen=True)
class Result(Summary):
    """What was done. ``list_id`` is the list that was filled; None when nothing was added."""

    list_id: int | None


def preview(
    session: Session,
    source: str | os.PathLike[str] | Table,
    *,
    list_name: str = "",
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    mapping: mappings.Said | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Preview:
    """Read a file (or a `Table` read already, such as pasted cells) and compare its rows.

    ``list_name`` is the list to make or to add to, by default the file's name without its ending.
    ``mapping`` overrules what the columns were recognised as: ``{field: column}`` or pairs of
    them; a name that is no field becomes the column's name in the list. Raises CrmError for a
    file that cannot be read and for a column that it does not have."""
    table = (
        source
        if isinstance(source, Table)
        else open_table(source, encoding=encoding, delimiter=delimiter, sheet=sheet)
    )
    name = " ".join(clean(list_name, single_line=True).split()) or _name_of(table)
    if not fold(name):
        raise CrmError(_("A list needs a name."))
    said = [
        *mappings.recall(session.store, "prospects", table.columns),
        *mappings.pairs(mapping, table.columns),
    ]
    guessed = prospect_columns.recognise(table.columns, table.rows[:SAMPLE], session.house.language)
    fields, labels = mappings.overrule(
        table.columns, guessed, said, prospect_columns.FIELDS, _SEVERAL
    )
    where = prospect_rows.picks(fields)
    rows = watched(table.rows, len(table.rows), progress, cancelled)
    list_id = session.store.value("SELECT id FROM lists WHERE match = ?", (fold(name),))
    entry = session.store.last_entry()
    with gc_paused():
        parsed, remarks = prospect_rows.parse(rows, where, session.house.region)
        found = prospect_rows.classify_rows(session, table, where, parsed, list_id, file_of(table))
    return Preview(
        file=file_of(table),
        kind=table.kind,
        list=name,
        rows=len(table.rows),
        added=len(found.new),
        doubles=found.doubles,
        skipped=found.skipped,
        remarks=_told(table, remarks, found.new, where),
        cleaned=table.cleaned,
        columns=first_values(table, fields, labels),
        encoding=table.encoding,
        delimiter=table.delimiter,
        sheet=table.sheet,
        list_id=list_id,
        header=table.header,
        sheets=table.sheets,
        mapping=tuple(said),
        table=table,
        _where=where,
        _parsed=parsed,
        _odd=remarks,
        _new=found.new,
        _entry=entry,
    )


def file_of(table: Table) -> str:
    """The name of the file, or "pasted"."""
    return clean(table.path.name, single_line=True) if table.path else _("pasted")


def _name_of(table: Table) -> str:
    stem = Path(file_of(table)).stem if table.path else _("Pasted")
    return " ".join(stem.replace("_", " ").split())


def first_values(
    table: Table, fields: list[str | None], labels: list[str]
) -> tuple[ColumnSeen, ...]:
    """The columns of a file, each with its first value."""
    first = [""] * len(labels)
    for row in table.rows[:SAMPLE]:
        if row.problem is None:
            first = [have or cell for have, cell in zip(first, row.cells, strict=True)]
    return tuple(map(ColumnSeen, labels, fields, first))


def _told(
    table: Table, remarks: dict[int, str], new: list[int], where: prospect_rows.Picks
) -> tuple[Skipped, ...]:
    """What is to be known of rows that come in all the same: first how zones were read."""
    zones = prospect_rows.zone_notes(table.rows, where)
    if not remarks:
        return zones
    return (*zones, *(Skipped(table.rows[i].line, remarks[i]) for i in new if i in remarks))


# -- the operation --------------------------------------------------------------------------------


@operation("prospects_in.bring_in")
def run_import(
    w: Write,
    seen: Preview,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Result:
    """Add the new rows of a previewed file to its list, made when there is none.

    All or nothing: raises CrmError when ``cancelled()`` says so, and nothing is left of it.
    Columns that a list does not have yet are added behind its own."""
    session, table, where = w.session, seen.table, seen._where
    assert seen.list is not None
    list_id = w.store.value("SELECT id FROM lists WHERE match = ?", (fold(seen.list),))
    if w.store.last_entry() != seen._entry or list_id != seen.list_id:
        found = prospect_rows.classify_rows(session, table, where, seen._parsed, list_id, seen.file)
        seen = replace(
            seen,
            added=len(found.new),
            doubles=found.doubles,
            skipped=found.skipped,
            remarks=_told(table, seen._odd, found.new, where),
            _new=found.new,
        )
    if seen._new:
        mappings.remember(w, "prospects", table.columns, seen.mapping)
        list_id, place, width, above = _list_for(w, seen, list_id)
        rows = watched(_rows(seen, place, width, above), seen.added, progress, cancelled)
        with gc_paused():
            lists.add_rows.within(w, list_id, rows)
    count = seen.added
    w.describe(
        ngettext(
            "import of {file}: {n} row into {list}", "import of {file}: {n} rows into {list}", count
        ).format(file=seen.file, n=count, list=seen.list),
        list_id=list_id,
    )
    shared: dict[str, Any] = {name: getattr(seen, name) for name in Summary.__dataclass_fields__}
    return Result(list_id=list_id, **shared)


def _list_for(w: Write, seen: Preview, list_id: int | None) -> tuple[int, list[int], int, int]:
    """The list; where in its rows each column of the file goes; how many columns it has; and the
    line of its last row, behind which the new ones follow."""
    named: list[dict[str, str | None]] = [
        {"name": column.name, "field": column.field} for column in seen.columns
    ]
    if list_id is None:
        number = lists.create.within(w, seen.list or "", named, seen.file)
        return number, list(range(len(named))), len(named), 0
    info = lists.get(w.session, list_id)
    have: list[dict[str, str | None]] = [{"name": c.name, "field": c.field} for c in info.columns]
    by_name = {
        fold(column["name"] or ""): index for index, column in reversed(list(enumerate(have)))
    }
    place = []
    for column in named:
        index = by_name.setdefault(fold(column["name"] or ""), len(have))
        if index == len(have):
            have.append(column)
        place.append(index)
    if len(have) > len(info.columns):
        w.update(ProspectList, list_id, columns=json.dumps(have, ensure_ascii=False))
    if info.archived:
        w.update(ProspectList, list_id, archived=0)
    above = w.store.value("SELECT MAX(line) FROM prospects WHERE list_id = ?", (list_id,)) or 0
    return list_id, place, len(have), int(above)


def _rows(seen: Preview, place: list[int], width: int, above: int) -> Iterator[lists.NewRow]:
    straight = place == list(range(width))
    wanted = iter(seen._new)
    following = next(wanted, None)
    parsed, remarks, where = seen._parsed, seen._odd, seen._where
    for index, row in enumerate(seen.table.rows):
        if index != following:
            continue
        following = next(wanted, None)
        cells: Sequence[str] = row.cells
        if not straight:
            moved = [""] * width
            for to, cell in zip(place, row.cells, strict=True):
                # Two columns of one name: both are kept, in the one there is.
                moved[to] = f"{moved[to]}\n{cell}" if moved[to] and cell else moved[to] or cell
            cells = moved
        yield lists.NewRow(
            above + row.line,
            cells,
            prospect_rows.values(row.cells, where),
            parsed[index],
            remarks.get(index, ""),
        )
