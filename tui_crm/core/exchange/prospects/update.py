"""An updated file brought into a prospect list that is there: new rows are added, known ones
changed where the file says something else, and nothing is taken away.

Notes, states, tries and leads stay as they are. A cell that somebody corrected by hand stays,
and is listed; so does a cell that the file leaves empty, and a row that is no longer in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from tui_crm.core.exchange.columns.mapping import FieldMapping
from tui_crm.core.exchange.importing import (
    Comparison,
    Importer,
    ImportFile,
    Preview,
    Skipped,
    Watch,
    write_preview,
)
from tui_crm.core.exchange.prospects import matching, parse
from tui_crm.core.exchange.prospects.changes import RowChange, padded, rows_by_id, write_changes
from tui_crm.core.exchange.prospects.importer import (
    FIELDS,
    block_rows,
    merged_remarks,
    new_rows,
    own_columns,
)
from tui_crm.core.exchange.prospects.parse import ParsedRows
from tui_crm.core.exchange.readers.table import RawRow, Table
from tui_crm.core.lists import edits as list_edits, lists, merge as list_merge
from tui_crm.core.lists.lists import Column, ProspectListInfo
from tui_crm.core.session import Session
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import ProspectList
from tui_crm.core.text import _, ngettext

EXAMPLES = 3  # changes of a column that are shown


class Example(NamedTuple):
    """A cell that changes: its line in the file, its text in the list and in the file."""

    line: int
    was: str
    now: str


class ColumnChange(NamedTuple):
    """How many cells of a column change, and the first of them."""

    name: str
    cells: int
    examples: tuple[Example, ...]


class CorrectedCell(NamedTuple):
    """A cell corrected by hand, which stays: the line in the file, the column, its text in the
    list and in the file."""

    line: int
    column: str
    ours: str
    theirs: str


@dataclass(frozen=True, kw_only=True)
class UpdateComparison(Comparison[int]):
    """Each row of the file is added, updated, unchanged or skipped.

    ``matched_by`` is what rows were matched by: ``contact`` (phones and e-mails), ``phone``,
    ``email`` or a column; ``doubtful`` how many of the skipped may be several rows of the list;
    ``gone`` how many rows of the list are not in the file; ``changes`` the changed cells by
    column; ``corrected`` the cells that stay. To be written are ``new``, the positions of the rows
    to add, ``row_changes``, and ``columns``, those of the list with the new ones at the end;
    ``place`` is where among them each column of the file is."""

    unchanged: int
    doubtful: int
    gone: int
    matched_by: str
    changes: tuple[ColumnChange, ...]
    corrected: tuple[CorrectedCell, ...]
    new_columns: tuple[str, ...]
    row_changes: list[RowChange] = field(repr=False)
    columns: list[Column] = field(repr=False)
    place: list[int] = field(repr=False)

    @property
    def updated(self) -> int:
        """How many rows of the list change."""
        return len(self.row_changes)

    @property
    def has_changes(self) -> bool:
        return bool(self.new or self.row_changes)

    def more_json(self) -> dict[str, Any]:
        return {"updated": self.updated, "unchanged": self.unchanged}


class ListUpdate(Importer[ParsedRows, UpdateComparison]):
    """An updated file for the list ``list_name``. ``key_column`` is what rows are matched by:
    ``phone``, ``email`` or a column's name; None takes the best (:mod:`.matching`).

    Raises NotFound for a list there is not; the preview raises CrmError for a key column that not
    both have."""

    fields = FIELDS
    operation = operation("prospects_update.bring_in")(write_preview)

    def __init__(self, session: Session, list_name: str, key_column: str | None = None) -> None:
        self.list_id = lists.find(session, list_name).id
        self.key_column = key_column

    def own_columns(self, columns: Sequence[str]) -> frozenset[str]:
        return own_columns(columns)

    def read_columns(
        self, session: Session, table: Table, mapping: FieldMapping | None
    ) -> ImportFile:
        """The columns; those that the list has already have the fields that they have there."""
        file = super().read_columns(session, table, mapping)
        place, columns = _merged_columns(lists.get(session, self.list_id), file)
        seen = [
            column._replace(field=columns[there].field)
            for column, there in zip(file.columns, place, strict=True)
        ]
        return replace(file, table=table, columns=tuple(seen))

    def parse(self, session: Session, file: ImportFile, rows: Iterable[RawRow]) -> ParsedRows:
        places = parse.field_places(file.fields, file.table.columns)
        return parse.parse(rows, places, file.country)

    def compare(self, session: Session, file: ImportFile, parsed: ParsedRows) -> UpdateComparison:
        info = lists.get(session, self.list_id)
        place, columns = _merged_columns(info, file)
        matched = matching.match_rows(session, file.table, parsed, info, place, self.key_column)
        found = _changed_cells(session, file.table, matched.known, place, columns)
        lines, remarks = file.table.rows.lines, merged_remarks(parsed.remarks, matched.remarks)
        return UpdateComparison(
            skipped=matched.skipped,
            remarks=tuple(Skipped(lines[n], remarks[n]) for n in matched.new if n in remarks),
            list_name=info.name,
            list_id=info.id,
            unchanged=len(matched.known) - len(found.rows),
            doubtful=matched.doubtful,
            gone=lists.list_progress(session, info.id).rows - len(matched.known),
            matched_by=matched.by,
            changes=found.by_column(columns),
            corrected=tuple(found.corrected),
            new_columns=tuple(column.name for column in columns[len(info.columns) :]),
            new=matched.new,
            row_changes=found.rows,
            columns=columns,
            place=place,
        )

    def write(
        self, w: Write, seen: Preview[ParsedRows, UpdateComparison], watch: Watch
    ) -> UpdateComparison:
        comparison, new = seen.comparison, seen.comparison.new
        if comparison.new_columns:
            w.update(ProspectList, self.list_id, columns=list_edits.as_json(comparison.columns))
        total = comparison.updated + len(new)
        changes = watch.rows(comparison.row_changes, total)
        write_changes(w, changes, comparison.columns, seen.file.country)
        rows = new_rows(
            w,
            self.list_id,
            seen.file,
            seen.parsed,
            new,
            comparison.place,
            len(comparison.columns),
        )
        block_rows(w, seen.file, seen.parsed, new)
        lists.add_rows.within(w, self.list_id, watch._replace(progress=None).rows(rows, len(new)))
        w.describe(
            _("update of {list} from {file}: {new} new, {changed} changed").format(
                list=comparison.list_name,
                file=seen.file.name,
                new=len(new),
                changed=comparison.updated,
            ),
            list_id=self.list_id,
        )
        return comparison


def _merged_columns(info: ProspectListInfo, file: ImportFile) -> tuple[list[int], list[Column]]:
    """Where each column of the file is in the list, and the list's columns with the new ones
    behind: these fill a field only where no other does."""
    place, columns = list_merge.united(
        [Column(c.name, c.field) for c in file.columns], info.columns
    )
    filled = {column.field for column in info.columns}
    for n in range(len(info.columns), len(columns)):
        column = columns[n]
        if column.field in filled and column.field not in list_edits.SEVERAL:
            columns[n] = Column(column.name)
        filled.add(column.field)
    return place, columns


class _ChangedCells:
    """The cells of known rows that the file has another text for: the rows with those that change,
    how many by the position of their column, and those that were corrected by hand."""

    def __init__(self) -> None:
        self.rows: list[RowChange] = []
        self.corrected: list[CorrectedCell] = []
        self._counts: dict[int, int] = {}
        self._examples: dict[int, list[Example]] = {}

    def count(self, position: int, example: Example) -> None:
        examples = self._examples.setdefault(position, [])
        if len(examples) < EXAMPLES:
            examples.append(example)
        self._counts[position] = self._counts.get(position, 0) + 1

    def by_column(self, columns: Sequence[Column]) -> tuple[ColumnChange, ...]:
        return tuple(
            ColumnChange(columns[n].name, self._counts[n], tuple(self._examples[n]))
            for n in sorted(self._counts)
        )


def _changed_cells(
    session: Session,
    table: Table,
    known: dict[int, int],
    place: Sequence[int],
    columns: Sequence[Column],
) -> _ChangedCells:
    """Compare the cells of the known rows, given by position in the file and row number. A cell
    that differs from the one that came with the file was corrected by hand."""
    found = _ChangedCells()
    by_id = {number: position for position, number in known.items()}
    for number, cells, original in rows_by_id(session.store, sorted(by_id), "id, cells, original"):
        row = table.rows[by_id[number]]
        ours = padded(cells, len(columns))
        first = padded(original, len(columns)) if original else ours
        positions = []
        for there, theirs in zip(place, row.cells, strict=True):
            was = ours[there]
            if theirs == was or not theirs.strip() or theirs.strip() == was.strip():
                continue
            if first[there] != was:
                cell = CorrectedCell(row.line, columns[there].name, was, theirs)
                found.corrected.append(cell)
                continue
            found.count(there, Example(row.line, was, theirs))
            ours[there] = first[there] = theirs
            positions.append(there)
        if positions:
            found.rows.append(RowChange(number, ours, tuple(positions)))
    return found


def match_words(matched_by: str) -> str:
    """What rows were matched by, in words."""
    words = {"contact": _("phone or e-mail"), "phone": _("phone"), "email": _("e-mail")}
    return words.get(matched_by, matched_by)


def summary_line(found: UpdateComparison) -> str:
    """What an update does, on one line: ``380 new, 25 changed, 3 doubtful``."""
    parts = [
        _("{n} new").format(n=f"{found.added:,}"),
        _("{n} changed").format(n=f"{found.updated:,}"),
        _("{n} unchanged").format(n=f"{found.unchanged:,}"),
        _("{n} doubtful").format(n=f"{found.doubtful:,}") if found.doubtful else "",
        ngettext("{n} gone from the file, kept", "{n} gone from the file, kept", found.gone).format(
            n=f"{found.gone:,}"
        )
        if found.gone
        else "",
    ]
    return ", ".join(part for part in parts if part)
