"""Workbooks: XLSX, XLS and ODS, read by calamine.

A workbook is inspected before calamine opens it, because calamine trusts what the file says: a few
kilobytes may unpack to gigabytes, and one cell in the last corner of a sheet makes it allocate
half a terabyte. It runs in a process of its own (`workbook_process`), so that a damaged file that
makes it panic ends only that process.
"""

from __future__ import annotations

import lzma
import marshal
import os
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.readers import header as header_row, workbook_formats, workbook_process
from tui_crm.core.exchange.readers.gather import empty, gather
from tui_crm.core.exchange.readers.table import ReadOptions, Record, Table
from tui_crm.core.exchange.readers.workbook_formats import SheetFormats
from tui_crm.core.text import _, clean, ngettext, show

MOST_UNPACKED = 300_000_000
"""Bytes that a workbook may unpack to."""

_MOST_RATIO = 150
"""Unpacked to packed bytes; sheets of real data stay below 30."""

_MOST_CELLS = 20_000_000
"""Cells in the rectangle that a sheet spans, filled or not."""


ENDINGS = (".xlsx", ".xls", ".ods")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the old format, XLS


def matches(head: bytes, _ending: str) -> bool:
    """Whether a file is a workbook, or packed like one."""
    return head.startswith((*_ZIP, _COMPOUND))


def read(path: Path, options: ReadOptions) -> Table:
    """The table on one sheet: the one named (or numbered, from 1), else the first that looks like
    a table of people or deals, else the first with data.

    Days come as ``2026-11-23``, with a time ``2026-11-23 14:30``; whole numbers without ``.0``,
    with the zeros in front that their format shows; merged cells hold their text once, in the
    first. `CrmError` for what is locked, damaged, no workbook, or a trap.
    """
    kind = _inspect(path)
    first = _read_sheet(path, kind, options.sheet or "")
    if options.sheet or len(first.sheets) < 2 or _is_table(first):
        return first
    others = first.sheets[first.sheets.index(first.sheet or "") + 1 :]
    for name in others:
        try:
            other = _read_sheet(path, kind, name)
        except CrmError:
            continue
        if _is_table(other):
            note = _("Sheet {sheet} is read, the first that looks like a table.").format(
                sheet=show(name)
            )
            return replace(other, notes=(note, *other.notes))
    return first


def _is_table(table: Table) -> bool:
    """Whether a sheet names at least two columns that are known, and has rows below."""
    return table.header and len(table.rows) > 0 and header_row.known_columns(table.columns) > 1


def _read_sheet(path: Path, kind: str, sheet: str) -> Table:
    answers = _answers(path, sheet)
    try:
        names: tuple[str, ...] = ()
        for answer in answers:
            if answer[0] == "sheets":
                # Hidden sheets come last: they are read where no other has data.
                names = tuple(_shown(name) for name, _hidden in answer[1])
            elif answer[0] == "sheet":
                formats = SheetFormats(0, {})
                if kind == "xlsx":
                    formats = workbook_formats.read(path, answer[1])
                return gather(
                    _records(answers, path, formats),
                    path=path,
                    kind=kind,
                    sheet=_shown(answer[1]),
                    sheets=names,
                    notes=_hidden_rows(formats.hidden),
                )
            else:
                raise _refused(path, answer[1], answer[2], sheet, names)
        raise _damaged(path)
    finally:
        answers.close()


def _hidden_rows(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    return (
        ngettext(
            "{n} row is hidden in the sheet, by a filter or by hand, and read all the same.",
            "{n} rows are hidden in the sheet, by a filter or by hand, and read all the same.",
            count,
        ).format(n=count),
    )


def _records(
    answers: Iterator[tuple[Any, ...]], path: Path, formats: SheetFormats
) -> Iterator[Record]:
    number = 0
    padded = formats.digits
    rows = {row for row, _column in padded}
    for answer in answers:
        if answer[0] == "end":
            return
        if answer[0] != "rows":
            break
        for cells in answer[1]:
            if number in rows:
                cells = [
                    cell.zfill(padded.get((number, n), 0)) if cell.isdecimal() else cell
                    for n, cell in enumerate(cells)
                ]
            number += 1
            yield Record(number, cells)
    raise _damaged(path)


def _answers(path: Path, sheet: str) -> Generator[tuple[Any, ...], None, None]:
    """The messages of the reading process, until it ends in whatever way."""
    place = os.path.abspath(path)
    command = [sys.executable, "-P", workbook_process.__file__, place, sheet.replace("\0", "")]
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        try:
            while len(size := process.stdout.read(8)) == 8:
                length = int.from_bytes(size, "little")
                data = process.stdout.read(length)
                if len(data) < length:
                    return
                yield marshal.loads(data)
        finally:
            process.kill()


def _refused(path: Path, kind: str, reason: str, sheet: str, names: tuple[str, ...]) -> CrmError:
    if kind == "password":
        return CrmError(
            _("{file} is protected by a password.").format(file=show(path.name)),
            _("Open it in a spreadsheet, save it without the password, import that file."),
        )
    if kind == "sheet":
        return CrmError(
            _("There is no sheet {sheet}.").format(sheet=show(sheet)),
            _("The sheets are: {sheets}.").format(sheets=", ".join(map(show, names))),
        )
    if kind == "empty":
        return empty(path)
    return _damaged(path, reason)


def _shown(name: str) -> str:
    """The name of a sheet, cleaned: strangers wrote it."""
    return clean(name, single_line=True).strip()


def _damaged(path: Path, reason: object = "") -> CrmError:
    words = show(str(reason)).strip()
    return CrmError(
        _("{file} is damaged, or no workbook.").format(file=show(path.name))
        + (f" ({words[:120]})" if words else ""),
        _("Open it in a spreadsheet and save it again as XLSX or CSV."),
    )


# --------------------------------------------------------------------------- before it is opened


def _inspect(path: Path) -> str:
    """The kind of the workbook, once it is known that opening it is safe."""
    with path.open("rb") as file:
        head = file.read(8)
    if head == _COMPOUND:
        return _inspect_compound(path)
    try:
        with zipfile.ZipFile(path) as archive:
            return _inspect_zip(path, archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        lzma.LZMAError,
        ArithmeticError,
        EOFError,
        OSError,
        RuntimeError,
        ValueError,
    ) as error:
        # RuntimeError: a member is encrypted. NotImplementedError: packed in an unknown way.
        if isinstance(error, RuntimeError) and not isinstance(error, NotImplementedError):
            raise CrmError(
                _("{file} is protected by a password.").format(file=show(path.name)),
                _("Unpack it first, or save it without the password."),
            ) from None
        raise _damaged(path, error) from None


def _inspect_compound(path: Path) -> str:
    """The old format is not packed, so its size is what it costs; but it may be a document of
    another program."""
    names = path.read_bytes() if path.stat().st_size < 50_000_000 else b""

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in names

    if names and not (holds("Workbook") or holds("Book") or holds("EncryptedPackage")):
        what = _("a document of another program")
        if holds("WordDocument"):
            what = _("a Word document")
        elif holds("PowerPoint Document"):
            what = _("a presentation")
        elif holds("__substg1.0_"):
            what = _("an e-mail")
        raise _no_table(path, what)
    return "xls"


def _no_table(path: Path, what: str) -> CrmError:
    return CrmError(
        _("{file} cannot be imported: it is {what}.").format(file=show(path.name), what=what),
        _("Save the table as CSV or XLSX and import that file."),
    )


def _inspect_zip(path: Path, archive: zipfile.ZipFile) -> str:
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    packed = max(path.stat().st_size, 1)
    if unpacked > MOST_UNPACKED or (unpacked > 20_000_000 and unpacked > packed * _MOST_RATIO):
        raise _trap(
            path,
            _("it would unpack to {size} MB").format(size=unpacked // 1_000_000),
        )
    names = {member.filename for member in members}
    if any(name.startswith("xl/") for name in names):
        kind = "xlsx"
    elif "content.xml" in names and _is_ods(archive, names):
        kind = "ods"
    elif any(name.startswith("word/") for name in names):
        raise _no_table(path, _("a Word document"))
    elif any(name.startswith("ppt/") for name in names):
        raise _no_table(path, _("a presentation"))
    else:
        raise _no_table(path, _("a packed archive; unpack it first"))
    for member in members:
        # Read through once: a wrong checksum or a size that lies ends here, within the limit.
        _inspect_member(path, archive, member, kind)
    return kind


def _is_ods(archive: zipfile.ZipFile, names: set[str]) -> bool:
    if "mimetype" not in names:
        return True
    return b"spreadsheet" in archive.read("mimetype")[:200]


_CELL = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,7})(\d{1,10})["']""")
_REPEATED = re.compile(
    rb"""<table:(table-row|table-cell|covered-table-cell)\b([^>]*?)(/?)>""", re.DOTALL
)
_TIMES = re.compile(rb"""number-(?:rows|columns)-repeated\s*=\s*["'](\d+)["']""")


def _inspect_member(
    path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo, kind: str
) -> None:
    is_xml = member.filename.lower().endswith((".xml", ".rels"))
    is_sheet = kind == "xlsx" and "sheets/" in member.filename and is_xml
    is_content = kind == "ods" and member.filename == "content.xml"
    columns: set[bytes] = set()
    last_row = 0
    kept = b""
    read = 0
    rest: list[bytes] = []
    with archive.open(member) as file:
        while block := file.read(1 << 20):
            read += len(block)
            if read > MOST_UNPACKED:
                raise _trap(path, _("it unpacks to more than it says"))
            block = kept + block
            if is_xml and (b"<!DOCTYPE" in block or b"<!ENTITY" in block):
                raise _trap(path, _("it defines entities of its own, which no workbook does"))
            if is_sheet:
                found = _CELL.findall(block)
                columns.update({cell[0] for cell in found})
                last_row = max(last_row, max((int(cell[1]) for cell in found), default=0))
            elif is_content:
                rest.append(block[len(kept) :])
            # What a block cuts in two is seen whole in the next.
            kept = block[-64:]
    if is_sheet and columns:
        widest = max(map(_column_number, columns))
        if widest * last_row > _MOST_CELLS:
            raise _trap(
                path,
                _("a sheet spans {columns} columns and {rows} rows").format(
                    columns=widest, rows=last_row
                ),
            )
    if is_content and _ods_cells(b"".join(rest)) > _MOST_CELLS:
        raise _trap(path, _("its cells are repeated millions of times"))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _ods_cells(content: bytes) -> int:
    """The cells in the widest rectangle of an ODS, as its repetitions count them.

    Sheets end in a million empty rows of sixteen thousand empty cells: empty ends cost nothing.
    """
    widest = total = 0
    rows = columns = filled_columns = 0
    filled_rows = 0
    for tag, attributes, closed in _REPEATED.findall(content):
        times = _TIMES.search(attributes)
        count = int(times[1]) if times else 1
        if tag == b"table-row":
            rows += count
            columns = 0
            continue
        columns += count
        if not closed or b"office:value" in attributes:
            filled_columns = columns
            filled_rows = rows
            widest = max(widest, filled_columns)
            total = max(total, filled_rows)
    return widest * total


def _trap(path: Path, why: str) -> CrmError:
    return CrmError(
        _("{file} is not opened: {why}.").format(file=show(path.name), why=why),
        _("Open it in a spreadsheet, copy the cells with data and save them as CSV or XLSX."),
    )
