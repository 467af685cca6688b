"""Tables as files: columns and rows written as CSV, XLSX, JSON or Markdown.

Text comes from strangers, so no cell may become a formula: CSV cells are escaped
(`tui_crm.core.exchange.writers.formula_guard`), those of XLSX are stored as text.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import errno
import io
import json
import math
import os
import re
import traceback
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO, NamedTuple

from tui_crm.core import files
from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.writers.formula_guard import escape_formula
from tui_crm.core.text import _, clean_counted, show

Value = str | int | float | Decimal | bool | dt.date | dt.datetime | None
"""A cell. Amounts are decimals of the currency's major unit; a `datetime` carries its zone."""

Rows = Iterable[Sequence[Value]]
Writer = Callable[[Sequence[str], Rows, BinaryIO], int]
"""Writes rows under columns to a file; how many rows there were."""


@dataclass(frozen=True)
class Sheet:
    """A table of several that are written to one file."""

    name: str
    columns: Sequence[str]
    rows: Rows


_SHEET_ROWS = 1_048_576
_CELL_TEXT = 32_767
"""What a cell of a workbook holds at most; a longer text is cut with "…"."""


def as_text(value: Value) -> str:
    """A value as CSV and Markdown have it: days and moments in ISO 8601, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _safe(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


def _csv_for_spreadsheets(columns: Sequence[str], rows: Rows, out: BinaryIO) -> int:
    """CSV behind a byte order mark: without it Excel reads a file that is double-clicked as its
    own old code page, and breaks every accent."""
    out.write(codecs.BOM_UTF8)
    return _csv(columns, rows, out)


def _csv(columns: Sequence[str], rows: Rows, out: BinaryIO) -> int:
    # No byte order mark: a script would read it as part of the first name.
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=False)
    writer = csv.writer(text)
    writer.writerow([escape_formula(column) for column in columns])
    count = 0
    for row in rows:
        # Only text can do harm: -5 as a number is a number.
        writer.writerow(
            [
                escape_formula(_safe(value)) if isinstance(value, str) else as_text(value)
                for value in row
            ]
        )
        count += 1
    text.flush()
    text.detach()
    return count


def _json(columns: Sequence[str], rows: Rows, out: BinaryIO) -> int:
    return write_json((dict(zip(columns, map(_cleaned, row), strict=True)) for row in rows), out)


def write_json(objects: Iterable[dict[str, Any]], out: BinaryIO) -> int:
    """Write objects as a JSON array, one a line; how many there were. Decimals become numbers,
    days and moments ISO 8601."""
    count = 0
    out.write(b"[")
    for one in objects:
        out.write(b",\n" if count else b"\n")
        out.write(json.dumps(one, ensure_ascii=False, default=_json_value).encode("utf-8"))
        count += 1
    out.write(b"\n]\n" if count else b"]\n")
    return count


def _safe(text: str, single_line: bool = False) -> str:
    """A text of the store, of whatever length, as it may leave it."""
    return clean_counted(text, single_line)[0]


def _cleaned(value: Value) -> Value:
    return _safe(value) if isinstance(value, str) else value


def _json_value(value: Decimal | dt.date) -> str | int | float:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return as_text(value)


def _markdown(columns: Sequence[str], rows: Rows, out: BinaryIO) -> int:
    kept = [list(row) for row in rows]
    numeric = [
        bool(kept) and all(_is_number(row[index]) or row[index] is None for row in kept)
        for index in range(len(columns))
    ]
    lines = [
        _markdown_row(columns),
        "|" + "|".join(" ---: " if number else " --- " for number in numeric) + "|",
        *map(_markdown_row, kept),
    ]
    out.write(("\n".join(lines) + "\n").encode("utf-8"))
    return len(kept)


def _markdown_row(cells: Sequence[Value]) -> str:
    return "| " + " | ".join(_markdown_cell(as_text(cell)) for cell in cells) + " |"


def _markdown_cell(text: str) -> str:
    """As typed: neither a cell's end nor a tag, a link or a stress of Markdown."""
    for sign in "\\|`*_[]<>":
        text = text.replace(sign, "\\" + sign)
    return text.replace("\n", "<br>")


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _xlsx(columns: Sequence[str], rows: Rows, out: BinaryIO) -> int:
    return _workbook([Sheet("", columns, rows)], out)


def _workbook(sheets: Sequence[Sheet], out: BinaryIO) -> int:
    """Write tables as the sheets of a workbook; how many rows there were."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    packed = io.BytesIO()
    # Constant memory: rows go to a temporary file as they come.
    book = xlsxwriter.Workbook(
        packed,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    try:
        try:
            looks = _Looks(
                head=book.add_format({"bold": True}),
                day=book.add_format({"num_format": "yyyy-mm-dd"}),
                moment=book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            )
            taken: set[str] = set()
            count = 0
            for sheet in sheets:
                name = _sheet_name(sheet.name, taken)
                count += _fill(book.add_worksheet(name), sheet, looks)
        finally:
            book.close()
    except FileCreateError as error:  # what the system said about a temporary file
        why = error.args[0] if error.args else None
        if not isinstance(why, OSError):
            why = OSError(errno.EIO, str(error))
        # The archive that was begun closes itself now, while what it is written to is there.
        for one in (error, why):
            traceback.clear_frames(one.__traceback__)
        raise OSError(why.errno, why.strerror) from None
    out.write(packed.getvalue())
    return count


class _Looks(NamedTuple):
    """The formats of the cells of a workbook."""

    head: Any
    day: Any
    moment: Any


def _fill(sheet: Any, table: Sheet, looks: _Looks) -> int:
    """Write a table into a sheet of xlsxwriter; how many rows it has."""
    sheet.freeze_panes(1, 0)
    for index, column in enumerate(table.columns):
        sheet.write_string(0, index, _cell_text(column), looks.head)
    count = 0
    for row in table.rows:
        count += 1
        if count >= _SHEET_ROWS:
            raise CrmError(
                _("A sheet holds {rows} rows, and there are more.").format(rows=_SHEET_ROWS - 1),
                _("Write CSV instead."),
            )
        for index, value in enumerate(row):
            if value is None or value == "":
                continue
            if not _fits_a_sheet(value):
                value = as_text(value)
            if isinstance(value, bool):
                sheet.write_boolean(count, index, value)
            elif isinstance(value, str):
                sheet.write_string(count, index, _cell_text(value))
            elif isinstance(value, dt.datetime):
                # A workbook knows no zones: the clock the reader was shown.
                sheet.write_datetime(count, index, value.replace(tzinfo=None), looks.moment)
            elif isinstance(value, dt.date):
                sheet.write_datetime(count, index, value, looks.day)
            else:
                sheet.write_number(count, index, value)
    return count


def _sheet_name(name: str, taken: set[str]) -> str | None:
    """A name that a workbook accepts and does not have yet; None for its own choice."""
    name = re.sub(r"[\[\]:*?/\\']", " ", _safe(name, single_line=True)).strip()
    if not name:
        return None
    short, n = name[:31], 1
    while short.casefold() in taken:
        n += 1
        short = f"{name[: 30 - len(str(n))]} {n}"
    taken.add(short.casefold())
    return short


def _fits_a_sheet(value: Value) -> bool:
    """Whether a sheet has this number or day: none before 1900, no infinity, no "not a number"."""
    if isinstance(value, dt.date):
        return value.year > 1900
    return not isinstance(value, float | Decimal) or math.isfinite(value)


def _cell_text(text: str) -> str:
    text = _safe(text)
    return text if len(text) <= _CELL_TEXT else text[: _CELL_TEXT - 1] + "…"


WRITERS: dict[str, Writer] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "json": _json,
    "md": _markdown,
}
"""Every format that a table is written as, by the ending of its files."""

CSV_WITH_BOM = "csv-bom"
"""CSV behind a byte order mark, as spreadsheets want it."""

TABLES = ("csv", "xlsx", "json")
"""The formats of exports: what other programs read."""


def write(kind: str, columns: Sequence[str], rows: Rows, out: BinaryIO) -> int:
    """Write ``rows`` under ``columns`` as ``kind`` (of `WRITERS`); how many rows there were.

    CSV is UTF-8 without a byte order mark (`CSV_WITH_BOM`: with one); a workbook has one sheet, its
    first row fixed; JSON is an array of objects by column; Markdown is a table. Raises CrmError for
    an unknown kind, and for more rows than a sheet holds.
    """
    writer = _csv_for_spreadsheets if kind == CSV_WITH_BOM else WRITERS.get(kind)
    if writer is None:
        raise CrmError(
            _("There is no format {format}.").format(format=show(kind)),
            _("Use one of: {formats}.").format(formats=", ".join(WRITERS)),
        )
    return writer([_safe(column, single_line=True) for column in columns], rows, out)


def write_tables(kind: str, tables: Sequence[Sheet], out: BinaryIO) -> int:
    """Write tables one after another as ``kind`` (csv, md, xlsx); how many rows there were.

    In CSV they are blocks with an empty line between them, in Markdown the further ones
    stand under their names, a workbook has a sheet for each. Raises CrmError as `write` does."""
    if kind == "xlsx":
        return _workbook(
            [
                Sheet(table.name, [_safe(c, single_line=True) for c in table.columns], table.rows)
                for table in tables
            ],
            out,
        )
    count = 0
    for place, table in enumerate(tables):
        out.write(b"\n" if place else b"")
        if kind == "md" and place:
            out.write(f"## {_markdown_cell(_safe(table.name, single_line=True))}\n\n".encode())
        count += write(kind, table.columns, table.rows, out)
    return count


def save(
    kind: str,
    columns: Sequence[str],
    rows: Rows,
    path: str | os.PathLike[str],
    *,
    replace: bool = True,
) -> int:
    """`write` to a file, whole or not at all; how many rows there were. Raises CrmError as `write`
    does, and when the file cannot be written."""
    return files.save(path, lambda out: write(kind, columns, rows, out), replace=replace)


def format_of(path: str | os.PathLike[str], formats: Container[str] = TABLES) -> str | None:
    """The one of ``formats`` that the ending of a file's name asks for; None for another one."""
    ending = os.fspath(path).rpartition(".")[2].casefold()
    return ending if ending in formats else None
