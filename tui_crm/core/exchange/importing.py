"""Importing a file: one way for prospects, the update of a list, leads and do-not-call lists.

    seen = preview(session, ProspectImport("Fair 2026"), "fair.csv")
    done = run_import(session, seen)

The file is read, its columns are recognised, its rows are parsed and compared with the store: that
is the preview, which changes nothing. The import writes what is new as one operation. Where the
store changed since the preview it compares again first, so its figures are those of what it did.
What one kind of file does differently is its `Importer`.
"""

from __future__ import annotations

import gc
import os
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from tui_crm.core.exchange.columns import mapping as column_mapping, phone_country
from tui_crm.core.exchange.columns.mapping import FieldMapping, FieldSet
from tui_crm.core.exchange.readers.open import open_table
from tui_crm.core.exchange.readers.table import RawRow, ReadOptions, Table
from tui_crm.core.progress import Cancelled, Progress, watched
from tui_crm.core.session import Session
from tui_crm.core.store.journal import Operation, Write
from tui_crm.core.text import _, clean

SAMPLE = 300
"""Rows looked at to recognise the columns."""


class FileColumn(NamedTuple):
    """A column of a file, the field it fills (None: it stays a column of its own) and its first
    value."""

    name: str
    field: str | None
    first: str


class Skipped(NamedTuple):
    """A row that is left out, or remarked on: its line in the file, and why."""

    line: int
    reason: str


class Duplicate(NamedTuple):
    """A row that is there already: its line in the file, why that is so, and what it is the same
    as (``line 2``, ``lead #31``, ``list Fair, line 7``)."""

    line: int
    reason: str
    of: str


@dataclass(frozen=True)
class ImportFile:
    """A file as it was read. ``mapping`` are the pairs ``(field, column)`` given by hand, now or
    the last time that a file with these columns came in; ``country`` is the one that phones without
    a prefix are read as (an ISO code), unless their row names one."""

    table: Table
    columns: tuple[FileColumn, ...]
    mapping: tuple[tuple[str, str], ...] = ()
    country: str = ""

    @property
    def name(self) -> str:
        """The name of the file, or "pasted"."""
        path = self.table.path
        return clean(path.name, single_line=True) if path else _("pasted")

    @property
    def fields(self) -> list[str | None]:
        """The field of each column."""
        return [column.field for column in self.columns]


N = TypeVar("N")


@dataclass(frozen=True, kw_only=True)
class Comparison(Generic[N]):
    """How the rows of a file compare with the store. Each row is added, a duplicate or skipped
    (in an update also changed or unchanged); ``remarks`` are about rows that come in all the
    same. ``new`` is what is to be added, as the importer writes it. ``list_name`` is the prospect
    list they go into; where it is to be made ``list_id`` is None."""

    new: list[N] = field(repr=False)
    duplicates: tuple[Duplicate, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    remarks: tuple[Skipped, ...] = ()
    list_name: str | None = None
    list_id: int | None = None

    @property
    def added(self) -> int:
        """How many rows are added."""
        return len(self.new)

    @property
    def has_changes(self) -> bool:
        """Whether the import would write anything."""
        return bool(self.new)

    def more_json(self) -> dict[str, Any]:
        """The figures that only this kind of import has, for ``import --json``."""
        return {}


P = TypeVar("P")
C = TypeVar("C", bound=Comparison[Any])


class Watch(NamedTuple):
    """The progress of an import, and how to cancel it."""

    progress: Progress | None = None
    cancelled: Cancelled | None = None

    def rows(self, rows: Iterable[N], total: int) -> Iterator[N]:
        """``rows`` one by one, watched; see `progress.watched`."""
        return watched(rows, total, self.progress, self.cancelled)


class Importer(ABC, Generic[P, C]):
    """One kind of file: its fields, how its rows are parsed (to a ``P``), what they are compared
    with (giving a ``C``), and how the new ones are written. ``operation`` is `write_preview` under
    the name that the journal has for it."""

    fields: ClassVar[FieldSet]
    operation: ClassVar[Operation[..., Any]]

    def read_columns(
        self, session: Session, table: Table, mapping: FieldMapping | None
    ) -> ImportFile:
        """The columns with their fields: recognised, then overruled by ``mapping``. Raises
        CrmError for a column that the file does not have."""
        guesses = self.fields.recognise(table.columns, table.rows[:SAMPLE], session.house.language)
        pairs = column_mapping.pairs(session.store, self.fields, table.columns, mapping)
        fields, labels = column_mapping.overrule(self.fields, table.columns, guesses, pairs)
        return ImportFile(table, file_columns(table, labels, fields), tuple(pairs))

    def own_columns(self, columns: Sequence[str]) -> Collection[str]:
        """Those of the columns that our own export adds and that mean nothing in another store:
        they are left out."""
        return ()

    @abstractmethod
    def parse(self, session: Session, file: ImportFile, rows: Iterable[RawRow]) -> P:
        """The rows of the file as values, store aside."""

    @abstractmethod
    def compare(self, session: Session, file: ImportFile, parsed: P) -> C:
        """What is true of the rows with the store as it is now."""

    @abstractmethod
    def write(self, w: Write, seen: Preview[P, C], watch: Watch) -> C:
        """Write what ``seen.comparison`` says and describe it; the comparison with what was
        made. Only called where there is something to write."""


@dataclass(frozen=True)
class Preview(Generic[P, C]):
    """What a file holds and what its import does, or did.

    ``rows == added + len(duplicates) + len(skipped)``, plus, in an update, the rows that are
    changed or unchanged. ``entry`` is the journal's last entry when the rows were compared."""

    importer: Importer[P, C] = field(repr=False)
    file: ImportFile
    parsed: P = field(repr=False)
    comparison: C
    entry: int

    @property
    def rows(self) -> int:
        """How many rows with data the file has."""
        return len(self.file.table.rows)

    @property
    def added(self) -> int:
        return self.comparison.added

    @property
    def duplicates(self) -> tuple[Duplicate, ...]:
        return self.comparison.duplicates

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        return self.comparison.skipped

    @property
    def remarks(self) -> tuple[Skipped, ...]:
        """What is odd about rows that come in, and, on line 1, about the whole file."""
        notes = (Skipped(1, note) for note in self.file.table.notes)
        return (*notes, *self.comparison.remarks)

    def as_json(self, dry_run: bool = False) -> dict[str, Any]:
        """The object that ``import --json`` prints."""
        table = self.file.table
        return {
            "file": self.file.name,
            "list": self.comparison.list_name,
            "rows": self.rows,
            "added": self.added,
            "duplicates": len(self.duplicates),
            "duplicate_rows": [
                {"line": line, "of": of, "reason": reason} for line, reason, of in self.duplicates
            ],
            "skipped": [{"line": line, "reason": reason} for line, reason in self.skipped],
            "remarks": [{"line": line, "text": text} for line, text in self.remarks],
            "cleaned": table.cleaned,
            "columns": [
                {"name": name, "field": field} for name, field, _first in self.file.columns
            ],
            "encoding": table.encoding,
            "delimiter": table.delimiter,
            "sheet": table.sheet,
            "dry_run": dry_run,
            **self.comparison.more_json(),
        }


def preview(
    session: Session,
    importer: Importer[P, C],
    source: str | os.PathLike[str] | Table,
    options: ReadOptions = ReadOptions(),
    *,
    mapping: FieldMapping | None = None,
    country: str = "",
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Preview[P, C]:
    """Read a file (or a `Table` read already, such as pasted cells) and compare its rows; nothing
    is changed.

    ``mapping`` overrules what the columns were recognised as: ``{field: column}`` or pairs of
    them; a name that is no field becomes the column's label. It is remembered by the file's
    header once the file is imported. ``country`` is the one that phones without a prefix are read
    as; without it, it is guessed (`phone_country.guess`). Raises CrmError for a file that cannot be
    read, for a column that it does not have, and when ``cancelled()`` says so."""
    table = source if isinstance(source, Table) else open_table(source, options)
    table = table.without(importer.own_columns(table.columns))
    file = importer.read_columns(session, table, mapping)
    home = session.house.region
    file = replace(file, country=country or phone_country.guess(table, file.fields, home))
    entry = session.store.last_entry()
    rows = Watch(progress, cancelled).rows(table.rows, len(table.rows))
    with gc_paused():
        parsed = importer.parse(session, file, rows)
        comparison = importer.compare(session, file, parsed)
    return Preview(importer=importer, file=file, parsed=parsed, comparison=comparison, entry=entry)


def run_import(
    session: Session,
    seen: Preview[P, C],
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Preview[P, C]:
    """Import a previewed file as one operation; the preview with the figures of what was done.

    All or nothing: raises CrmError when ``cancelled()`` says so, and nothing is left of it."""
    done: Preview[P, C] = seen.importer.operation(session, seen, progress, cancelled)
    return done


def write_preview(
    w: Write,
    seen: Preview[P, C],
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Preview[P, C]:
    """The body of every importer's operation: compare again where the store has changed since the
    preview, then write."""
    if w.store.last_entry() != seen.entry:
        seen = replace(seen, comparison=seen.importer.compare(w.session, seen.file, seen.parsed))
    if not seen.comparison.has_changes:
        return seen
    if seen.file.mapping:
        column_mapping.remember(w, seen.importer.fields, seen.file.table.columns, seen.file.mapping)
    with gc_paused():
        return replace(seen, comparison=seen.importer.write(w, seen, Watch(progress, cancelled)))


def file_columns(
    table: Table, labels: Iterable[str], fields: Iterable[str | None]
) -> tuple[FileColumn, ...]:
    """The columns of a file under their labels, each with its first value."""
    first = [""] * len(table.columns)
    for place, row in enumerate(table.rows):
        if place >= SAMPLE and all(first):
            break
        if row.problem is None:
            first = [have or cell for have, cell in zip(first, row.cells, strict=True)]
    return tuple(map(FileColumn, labels, fields, first))


def same_as(line: int) -> str:
    """Why a row that is in the file before is a duplicate."""
    return _("same as line {line}").format(line=line)


def duplicate_of(line: int, other: int) -> Duplicate:
    """A row that is in the file before, on the line ``other``."""
    return Duplicate(line, same_as(other), _("line {line}").format(line=other))


@contextmanager
def gc_paused() -> Iterator[None]:
    """No search for reference cycles while a hundred thousand rows are made: they have none, and
    the search takes a fifth of the time of an import (measured)."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
