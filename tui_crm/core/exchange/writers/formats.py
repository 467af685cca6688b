"""Columns and rows written to a file: CSV, XLSX, JSON, Markdown.

Values are what core hands out: text, numbers (money as decimals of the major unit), days,
moments, None. Text comes from strangers, so no cell may become a formula: CSV cells are made
inert (`tui_crm.core.exchange.writers.formula_guard`), those of XLSX are stored as text.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
import os
import tempfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.writers.formula_guard import make_inert
from tui_crm.core.text import _, clean, show

Value = str | int | float | Decimal | bool | dt.date | dt.datetime | None
"""A cell. A `datetime` carries its zone."""

FORMATS = ("csv", "xlsx", "json", "md")

_SHEET_ROWS = 1_048_576
_CELL_TEXT = 32_767
"""What a cell of a workbook holds at most; a longer text is cut with "…"."""


def write(kind: str, columns: Sequence[str], rows: Iterable[Sequence[Value]], out: BinaryIO) -> int:
    """Write ``rows`` under ``columns`` to ``out`` as ``kind`` (of `FORMATS`); how many there were.

    CSV is UTF-8 with a byte order mark (spreadsheets need it), commas and CRLF; JSON is a list of
    objects by column; Markdown is a table. `CrmError` for an unknown kind, or for more rows than
    a sheet holds.
    """
    columns = [clean(column, single_line=True) for column in columns]
    if kind == "csv":
        return _csv(columns, rows, out)
    if kind == "xlsx":
        return _xlsx(columns, rows, out)
    if kind == "json":
        return _json(columns, rows, out)
    if kind == "md":
        return _markdown(columns, rows, out)
    raise CrmError(
        _("There is no format {format}.").format(format=show(kind)),
        _("Use one of: {formats}.").format(formats=", ".join(FORMATS)),
    )


def save(
    kind: str, columns: Sequence[str], rows: Iterable[Sequence[Value]], path: str | os.PathLike[str]
) -> int:
    """`write` to a file for its owner only (0600), whole or not at all; the number of rows.

    A file of that name is replaced only once the new one is complete and on the disk.
    """
    target = Path(path)
    part: str | None = None
    try:
        handle, part = tempfile.mkstemp(prefix=f".{target.name[:40]}.", dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            count = write(kind, columns, rows, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, target)
        part = None
        return count
    except OSError as error:
        raise CrmError(
            _("{file} was not written: {reason}.").format(
                file=show(str(target)), reason=show(error.strerror or str(error))
            ),
            _("Choose another folder, or make room, and try again."),
        ) from None
    finally:
        if part is not None:
            os.unlink(part)


def as_text(value: Value) -> str:
    """A value as it stands in CSV and Markdown: days and moments in ISO 8601, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[Value]], out: BinaryIO) -> int:
    # No byte order mark: a script would read it as part of the first name. Spreadsheets have XLSX.
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=False)
    writer = csv.writer(text)
    writer.writerow([make_inert(column) for column in columns])
    count = 0
    for row in rows:
        # Only text can do harm: -5 as a number is a number.
        writer.writerow(
            [
                make_inert(clean(value)) if isinstance(value, str) else as_text(value)
                for value in row
            ]
        )
        count += 1
    text.flush()
    text.detach()
    return count


def _json(columns: Sequence[str], rows: Iterable[Sequence[Value]], out: BinaryIO) -> int:
    count = 0
    out.write(b"[")
    for row in rows:
        one = dict(zip(columns, map(_json_value, row), strict=True))
        out.write(b",\n" if count else b"\n")
        out.write(json.dumps(one, ensure_ascii=False).encode("utf-8"))
        count += 1
    out.write(b"\n]\n" if count else b"]\n")
    return count


def _json_value(value: Value) -> str | int | float | bool | None:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    return as_text(value)


def _markdown(columns: Sequence[str], rows: Iterable[Sequence[Value]], out: BinaryIO) -> int:
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


def _xlsx(columns: Sequence[str], rows: Iterable[Sequence[Value]], out: BinaryIO) -> int:
    import xlsxwriter

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
        sheet = book.add_worksheet()
        head = book.add_format({"bold": True})
        a_day = book.add_format({"num_format": "yyyy-mm-dd"})
        a_moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.freeze_panes(1, 0)
        for index, column in enumerate(columns):
            sheet.write_string(0, index, _cell_text(column), head)
        count = 0
        for row in rows:
            count += 1
            if count >= _SHEET_ROWS:
                raise CrmError(
                    _("A sheet holds {rows} rows, and there are more.").format(
                        rows=_SHEET_ROWS - 1
                    ),
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
                    naive = value.replace(tzinfo=None)
                    sheet.write_datetime(count, index, naive, a_moment)
                elif isinstance(value, dt.date):
                    sheet.write_datetime(count, index, value, a_day)
                else:
                    sheet.write_number(count, index, value)
    finally:
        book.close()
    out.write(packed.getvalue())
    return count


def _fits_a_sheet(value: Value) -> bool:
    """Whether a sheet has this number or day: none before 1900, no infinity, no "not a number"."""
    if isinstance(value, dt.date):
        return value.year > 1900
    return not isinstance(value, float | Decimal) or math.isfinite(value)


def _cell_text(text: str) -> str:
    text = clean(text)
    return text if len(text) <= _CELL_TEXT else text[: _CELL_TEXT - 1] + "…"
