"""The do-not-call list in and out: a file of phones or e-mails in, the whole list out.

The columns that hold phones, e-mails or hashes are found by their content; when and the words are
taken from columns of those names. Of a forgotten person the list has only a hash, which goes out
and comes back as it is; it means the same number only under this workspace's salt.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from tui_crm.core import emails, phones
from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.columns.by_content import is_date
from tui_crm.core.exchange.columns.mapping import FieldMapping
from tui_crm.core.exchange.days import DayReader
from tui_crm.core.exchange.importing import (
    Comparison,
    Duplicate,
    Importer,
    ImportFile,
    Preview,
    Skipped,
    Watch,
    duplicate_of,
    file_columns,
    write_preview,
)
from tui_crm.core.exchange.readers.table import RawRow, Table
from tui_crm.core.exchange.writers import formats
from tui_crm.core.exchange.writers.formats import TABLES
from tui_crm.core.privacy import do_not_call
from tui_crm.core.privacy.do_not_call import NewBlock
from tui_crm.core.session import Session
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.text import _, fold, ngettext, show

COLUMNS = ("match", "kind", "at", "who", "words", "note")
_SAMPLE = 200  # rows looked at to find the columns
_NAMES = {
    "words": ("words", "why", "reason", "note", "palabras", "motivo", "raison", "motif", "grund"),
    "at": ("at", "when", "date", "fecha", "datum"),
    "kind": ("kind",),
}
"""The names of the columns that go with a phone or an e-mail, by field."""


@dataclass(frozen=True)
class ParsedBlocks:
    """The rows with phones or e-mails, each with its line, what would be put on the list; and the
    rows without any."""

    rows: list[tuple[int, list[NewBlock]]]
    unreadable: list[Skipped]


@dataclass(frozen=True, kw_only=True)
class BlockComparison(Comparison[NewBlock]):
    """``new`` are the phones and e-mails to put on the list. A row is added (``rows``) when any of
    its phones and e-mails is new, else it is a duplicate."""

    rows: int

    @property
    def added(self) -> int:
        return self.rows

    @property
    def hashes(self) -> int:
        """How many of the new ones are hashes of forgotten people."""
        return sum(do_not_call.is_hash(block.match) for block in self.new)


class DoNotCallImport(Importer[ParsedBlocks, BlockComparison]):
    """Phones and e-mails for the do-not-call list. ``column`` is the name or the number (from 1)
    of the column to read; without it all that hold any.

    The preview raises CrmError for a column that the file does not have, and when no column holds
    a phone or an e-mail."""

    operation = operation("blocklist.block_many")(write_preview)

    def __init__(self, column: str | None = None) -> None:
        self.column = column

    def read_columns(
        self, session: Session, table: Table, mapping: FieldMapping | None
    ) -> ImportFile:
        """The columns with their fields: ``match`` (a phone, an e-mail or a hash), ``words``,
        ``at``, ``kind``."""
        fields: list[str | None] = [None] * len(table.columns)
        if table.header:
            names = [fold(name) for name in table.columns]
            for name, known in _NAMES.items():
                position = next((n for n, head in enumerate(names) if head in known), None)
                if position is not None:
                    fields[position] = name
        for position in _match_columns(table, self.column, session.house.region):
            fields[position] = "match"
        return ImportFile(table, file_columns(table, table.columns, fields))

    def parse(self, session: Session, file: ImportFile, rows: Iterable[RawRow]) -> ParsedBlocks:
        parsed = ParsedBlocks([], [])
        region, fields = session.house.region, file.fields
        places = [n for n, name in enumerate(fields) if name == "match"]
        words, at, kind = (
            fields.index(name) if name in fields else None for name in ("words", "at", "kind")
        )
        stated = (row.cells[at] for row in file.table.rows) if at is not None else ()
        days = DayReader.of_file(stated, region, session.house.language, session.zone)
        for row in rows:
            cells = row.cells
            asked = fold(cells[kind]) if kind is not None else ""
            keys = [] if row.problem else _keys_of_row(cells, places, asked, region)
            if not keys:
                reason = row.problem or _unreadable(cells, places)
                parsed.unreadable.append(Skipped(row.line, reason))
                continue
            text = cells[words] if words is not None else ""
            moment = _moment(cells[at], days, session) if at is not None else None
            parsed.rows.append((row.line, [NewBlock(k, m, text, moment) for k, m in keys]))
        return parsed

    def compare(self, session: Session, file: ImportFile, parsed: ParsedBlocks) -> BlockComparison:
        blocked = do_not_call.is_blocked(
            session, [block.match for _line, row in parsed.rows for block in row]
        )
        lines: dict[str, int] = {}
        blocks: list[NewBlock] = []
        duplicates: list[Duplicate] = []
        for line, row in parsed.rows:
            new = [b for b in row if b.match not in blocked and b.match not in lines]
            if not new:
                earlier = next((lines[b.match] for b in row if b.match in lines), None)
                duplicates.append(
                    Duplicate(line, _("on the list already"), _("do-not-call list"))
                    if earlier is None
                    else duplicate_of(line, earlier)
                )
            lines.update((block.match, line) for block in new)
            blocks += new
        return BlockComparison(
            rows=len(parsed.rows) - len(duplicates),
            new=blocks,
            duplicates=tuple(duplicates),
            skipped=tuple(parsed.unreadable),
        )

    def write(
        self, w: Write, seen: Preview[ParsedBlocks, BlockComparison], watch: Watch
    ) -> BlockComparison:
        count = do_not_call.put(w, seen.comparison.new)
        words = ngettext("do not call: {n} more", "do not call: {n} more", count).format(n=count)
        w.describe(f"{words} ({seen.file.name})")
        return seen.comparison


def _match_columns(table: Table, column: str | None, region: str) -> list[int]:
    """The columns to read phones and e-mails from: the one given, else those at least half of
    whose cells hold any."""
    file = show(ImportFile(table, ()).name)
    if column is not None:
        names = [fold(name) for name in table.columns]
        if fold(column) in names:
            return [names.index(fold(column))]
        if column.strip().isdecimal() and 1 <= int(column) <= len(names):
            return [int(column) - 1]
        raise CrmError(
            _("{file} has no column {column}.").format(file=file, column=show(column)),
            _("It has: {names}.").format(names=", ".join(show(name) for name in table.columns)),
        )
    rows = [row for row in table.rows[:_SAMPLE] if not row.problem]
    found = []
    for position in range(len(table.columns)):
        cells = [row.cells[position] for row in rows if row.cells[position].strip()]
        # A day such as 23.11.2026 is a valid phone in Germany.
        count = sum(
            not is_date(cell.strip()) and bool(_keys_of_row([cell], [0], "", region))
            for cell in cells
        )
        if count and count * 2 >= len(cells):
            found.append(position)
    if not found:
        raise CrmError(
            _("No column of {file} holds phones or e-mails.").format(file=file),
            _("Name one with --column, by its head or its number."),
        )
    return found


def _keys_of_row(
    cells: Sequence[str], places: Iterable[int], kind: str, region: str
) -> list[tuple[str, str]]:
    """The phones, e-mails and hashes in some cells of a row, as ``(kind, match)``, each once.
    ``kind`` is what a hash is of."""
    return list(dict.fromkeys(key for n in places for key in _keys_of(cells[n], kind, region)))


def _keys_of(cell: str, kind: str, region: str) -> Iterator[tuple[str, str]]:
    text = cell.strip().lstrip("'")
    if not text:
        return
    if do_not_call.is_hash(text):
        yield "email" if kind == "email" else "phone", text
    elif "@" in text:
        for address in emails.find(text):
            yield "email", address.casefold()
    elif e164 := phones.plainly(text, region):
        yield "phone", e164
    else:
        for phone in phones.find(text, region):
            if phone.e164:
                yield "phone", phone.e164


def _unreadable(cells: Sequence[str], places: Iterable[int]) -> str:
    text = " ".join(cells[n].strip() for n in places).strip()
    if not text:
        return _("no phone and no e-mail")
    return _("{text}: no phone and no e-mail").format(text=show(text))


def _moment(text: str, days: DayReader, session: Session) -> int | None:
    """A moment or day as epoch seconds UTC, at most now; None for anything else."""
    found = days.read(text)
    if found is None:
        return None
    at = datetime.combine(found.day, found.clock or time(), session.zone)
    return int(min(at, session.now).timestamp())


# -- out ------------------------------------------------------------------------------------------


def table(session: Session) -> tuple[tuple[str, ...], Iterator[tuple[formats.Value, ...]]]:
    """The list as columns and rows, the newest first."""

    def rows() -> Iterator[tuple[formats.Value, ...]]:
        for block in do_not_call.blocked(session):
            at = datetime.fromtimestamp(block.at, session.zone)
            note = _("forgotten: only a hash is kept") if block.forgotten else ""
            yield block.match, block.kind, at, block.who, block.words, note

    return COLUMNS, rows()


def save(session: Session, path: str | os.PathLike[str]) -> int:
    """Write the list to a file; its ending says the format. How many. Raises CrmError for another
    ending, and when it cannot be written."""
    form = formats.format_of(path)
    if form is None:
        raise CrmError(
            _("A list is written as {formats}.").format(formats=", ".join(TABLES)),
            _("Name the file so: blocked.csv"),
        )
    return formats.save(form, *table(session), path)
