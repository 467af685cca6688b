"""The do-not-call list in and out: a file of phones or e-mails in, the whole list out.

In comes any file that `open_table` reads. The columns that hold phones, e-mails or hashes are
found by what stands in them; who, when and the words are taken along where a column says so. Of a
forgotten person the list has only a hash, which goes out and comes back as it is; it means the
same number only under this workspace's salt.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tui_crm.core import phones
from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.prospects.importer import file_of
from tui_crm.core.exchange.readers.open import open_table
from tui_crm.core.exchange.readers.table import RawRow, Table
from tui_crm.core.exchange.summary import Skipped
from tui_crm.core.exchange.writers import formats
from tui_crm.core.privacy import do_not_call
from tui_crm.core.privacy.do_not_call import NewBlock
from tui_crm.core.session import Session
from tui_crm.core.text import _, fold, show

HEADS = ("match", "kind", "at", "who", "words", "note")
FORMATS = ("csv", "xlsx", "json")
_SAMPLE = 200  # rows looked at to find the columns
_WORDS = ("words", "why", "reason", "note", "palabras", "motivo", "raison", "motif", "grund")
_AT = ("at", "when", "date", "fecha", "datum")


@dataclass(frozen=True)
class Preview:
    """What a file would put on the list. Rows are counted, ``rows = added + known +
    len(skipped)``; ``columns`` are those that were read; ``known`` are on the list already or
    twice in the file."""

    file: str
    rows: int
    added: int
    known: int
    skipped: tuple[Skipped, ...]
    columns: tuple[str, ...]
    hashes: int
    blocks: tuple[NewBlock, ...] = field(repr=False)

    def as_json(self, dry_run: bool = False) -> dict[str, Any]:
        """The object that ``blocked import --json`` prints."""
        return {
            "file": self.file,
            "rows": self.rows,
            "added": self.added,
            "known": self.known,
            "skipped": [{"line": line, "reason": reason} for line, reason in self.skipped],
            "columns": list(self.columns),
            "hashes": self.hashes,
            "dry_run": dry_run,
        }


def preview(
    session: Session,
    source: str | os.PathLike[str] | Table,
    *,
    column: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
) -> Preview:
    """Read a file (or a table read already) and compare it with the list. ``column`` is the name
    or the number (from 1) of the one to read; without it all that hold phones or e-mails.

    Raises CrmError for a file that cannot be read, and when no column holds any."""
    table = (
        source if isinstance(source, Table) else open_table(source, sheet=sheet, encoding=encoding)
    )
    region = session.house.region
    places = _places(table, column, region)
    words, at, kind = (_named(table, names) for names in (_WORDS, _AT, ("kind",)))
    read: list[tuple[RawRow, list[tuple[str, str]]]] = []
    skipped: list[Skipped] = []
    for row in table.rows:
        found = [] if row.problem else _keys(row, places, kind, region)
        if found:
            read.append((row, found))
        else:
            skipped.append(Skipped(row.line, row.problem or _unreadable(row, places)))
    there = do_not_call.is_blocked(session.store, [m for _row, keys in read for _k, m in keys])
    seen: set[str] = set()
    blocks: list[NewBlock] = []
    added = 0
    for row, found in read:
        fresh = [(k, m) for k, m in found if m not in there and m not in seen]
        seen |= {match for _kind, match in fresh}
        added += bool(fresh)
        blocks += [
            NewBlock(
                k,
                m,
                row.cells[words] if words is not None else "",
                _moment(row.cells[at], session) if at is not None else None,
            )
            for k, m in fresh
        ]
    return Preview(
        file_of(table),
        len(table.rows),
        added,
        len(read) - added,
        tuple(skipped),
        tuple(table.columns[n] for n in places),
        sum(do_not_call.is_hash(block.match) for block in blocks),
        tuple(blocks),
    )


def run_import(session: Session, seen: Preview) -> int:
    """Put a previewed file on the list, as one act and one undo; how many numbers and e-mails are
    new on it. Raises CrmError when there is nothing new."""
    if not seen.blocks:
        raise CrmError(_("There is nothing new in {file}.").format(file=show(seen.file)))
    return do_not_call.block_many(session, seen.blocks, seen.file)


def _places(table: Table, column: str | None, region: str) -> tuple[int, ...]:
    """The columns to read."""
    if column is not None:
        names = [fold(name) for name in table.columns]
        if fold(column) in names:
            return (names.index(fold(column)),)
        if column.strip().isdecimal() and 1 <= int(column) <= len(names):
            return (int(column) - 1,)
        raise CrmError(
            _("{file} has no column {column}.").format(
                file=show(file_of(table)), column=show(column)
            ),
            _("It has: {names}.").format(names=", ".join(show(name) for name in table.columns)),
        )
    rows = [row for row in table.rows[:_SAMPLE] if not row.problem]
    found = []
    for place in range(len(table.columns)):
        cells = [row.cells[place] for row in rows if row.cells[place].strip()]
        hits = sum(bool(_keys_of(cell, "", region)) for cell in cells)
        if hits and hits * 2 >= len(cells):
            found.append(place)
    if not found:
        raise CrmError(
            _("No column of {file} holds phones or e-mails.").format(file=show(file_of(table))),
            _("Name one with --column, by its head or its number."),
        )
    return tuple(found)


def _named(table: Table, names: Sequence[str]) -> int | None:
    if not table.header:
        return None
    return next((n for n, name in enumerate(table.columns) if fold(name) in names), None)


def _keys(
    row: RawRow, places: Iterable[int], kind: int | None, region: str
) -> list[tuple[str, str]]:
    said = fold(row.cells[kind]) if kind is not None else ""
    return list(
        dict.fromkeys(found for n in places for found in _keys_of(row.cells[n], said, region))
    )


def _keys_of(cell: str, kind: str, region: str) -> Iterator[tuple[str, str]]:
    text = cell.strip().lstrip("'")
    if not text:
        return
    if do_not_call.is_hash(text):
        yield "email" if kind == "email" else "phone", text
    elif "@" in text:
        for address in phones.emails(text):
            yield "email", address.casefold()
    elif plain := phones.plainly(text, region):
        yield "phone", plain
    else:
        for phone in phones.find(text, region):
            if phone.e164:
                yield "phone", phone.e164


def _unreadable(row: RawRow, places: Iterable[int]) -> str:
    text = " ".join(row.cells[n].strip() for n in places).strip()
    if not text:
        return _("no phone and no e-mail")
    return _("{text}: no phone and no e-mail").format(text=show(text))


def _moment(text: str, session: Session) -> int | None:
    """Epoch seconds of a moment or day as files tell it; nobody asked in the future."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=session.zone)
    return int(min(at, session.now).timestamp())


# -- out ------------------------------------------------------------------------------------------


def table(session: Session) -> tuple[tuple[str, ...], Iterator[tuple[formats.Value, ...]]]:
    """The list as columns and rows, the newest first."""

    def rows() -> Iterator[tuple[formats.Value, ...]]:
        for block in do_not_call.blocked(session):
            at = datetime.fromtimestamp(block.at, session.zone)
            note = _("forgotten: only a hash is kept") if block.forgotten else ""
            yield block.match, block.kind, at, block.who, block.words, note

    return HEADS, rows()


def save(session: Session, path: str | os.PathLike[str]) -> int:
    """Write the list to a file; its ending says the format. How many. Raises CrmError for another
    ending, and when it cannot be written."""
    target = Path(path).expanduser()
    form = target.suffix.lstrip(".").casefold()
    if form not in FORMATS:
        raise CrmError(
            _("A list is written as {formats}.").format(formats=", ".join(FORMATS)),
            _("Name the file so: blocked.csv"),
        )
    heads, rows = table(session)
    return formats.save(form, heads, rows, target)
