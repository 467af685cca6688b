"""The records of a reader gathered into a table: cleaned, with their header recognised."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from unicodedata import is_normalized

from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.readers import header as header_row
from tui_crm.core.exchange.readers.table import CELL_END, AnyRecord, Record, Rows, Table
from tui_crm.core.text import MOST, _, clean_counted, show

_MOST_TEXT = 1_000_000_000
"""Characters in one table; beyond it a file is a trap or belongs in pieces."""


_MOST_COLUMNS = 4096
"""Columns of one table."""


_LOOK_AT = 60
"""Rows looked at to tell the header from the data."""


def empty(path: Path | None) -> CrmError:
    """The refusal of a file (or of pasted text) that holds nothing."""
    return CrmError(
        _("{file} is empty.").format(file=show(path.name) if path else _("What was pasted")),
        _("Nothing was imported."),
    )


def too_long() -> str:
    """Why a row is skipped that has a field of more than `MOST` characters."""
    return _("a field of more than {most} characters").format(most=f"{MOST:,}")


def gather(
    records: Iterable[AnyRecord],
    *,
    path: Path | None,
    kind: str,
    columns: Sequence[str] | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    sheets: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> Table:
    """Clean ``records``, find the header among them (unless ``columns`` are given), keep the rest.

    A row with fewer cells than columns is filled up; what a longer one holds goes into added
    columns, and the row says so. Lines above the header (a report's title) stay as rows with
    that problem, so that every count adds up. Raises `CrmError` when there is no data at all.
    """
    source = iter(records)
    sample: list[AnyRecord] = []
    named: list[str] = list(columns or ())
    cleaned = 0
    if columns is None:
        for record in source:
            if record[2] is not None or _holds_data(record[1]):
                sample.append(record)
                if len(sample) == _LOOK_AT:
                    break
        if not sample:
            raise empty(path)
        found = header_row.find([cells for _line, cells, *_rest in sample])
        if found is not None:
            named, cleaned = _clean_cells(sample[found][1], single_line=True)
            if found:
                upper, _odd = _clean_cells(sample[found - 1][1], single_line=True)
                named = header_row.with_upper_row(named, upper)
            below = header_row.is_second_row([record[1] for record in sample[found : found + 8]])
            above = _("stands above the column names")
            more = _("more about the columns, no record")
            under = [Record(*record[:2], more) for record in sample[found + 1 : found + 2]]
            sample[: found + 1 + below] = [
                *(Record(line, cells, above) for line, cells, *_rest in sample[:found]),
                *(under if below else ()),
            ]
    named = _without_empty_end([" ".join(name.split()) for name in named])
    header = bool(named)
    width = header_width = len(named)
    total = 0
    repeated = [name.casefold() for name in named]
    tail: list[header_row.Lone] = []  # the rows at the end that have their first cell only
    lines: array[int] = array("q")
    packed: list[str] = []
    problems: dict[int, str] = {}
    remarks: dict[int, str] = {}
    for line, cells, problem, remark in chain(sample, source):
        joined = "".join(cells)
        if len(joined) > MOST and any(len(cell) > MOST for cell in cells):
            joined, cells, problem = "", [""], problem or too_long()
        if not joined or joined.isspace():
            if problem is None:
                continue
            cells = [""]
        elif not _is_plain(joined):
            cells, odd = _clean_cells(cells)
            cleaned += odd
        if problem is None:
            if header and cells[0].casefold() == repeated[0]:
                problem = header_row.why_repeated(cells, repeated)
            elif len(cells) == 1 and header_row.is_end_of_file(cells[0]):
                problem = _("the sign for the end of a file, no record")
        if joined == cells[0]:
            tail.append((len(packed), line, cells[0], len(cells) == 1))
        elif tail:
            tail.clear()
        if not cells[-1]:
            cells = _without_empty_end(cells) or [""]
        if len(cells) > width:
            width = len(cells)
            if width > _MOST_COLUMNS:
                raise CrmError(
                    _("Line {line} has more than {columns} columns.").format(
                        line=line, columns=_MOST_COLUMNS
                    ),
                    _("Check the delimiter; a table for people has fewer."),
                )
        if header and remark is None and problem is None and len(cells) > header_width:
            remark = _("{cells} cells where the header has {columns}").format(
                cells=len(cells), columns=header_width
            )
        if problem is not None:
            problems[len(packed)] = problem
        if remark is not None:
            remarks[len(packed)] = remark
        lines.append(line)
        packed.append(CELL_END.join(cells))
        total += len(joined)
        if total > _MOST_TEXT:
            raise CrmError(
                _("The file holds more text than can be read at once."),
                _("Cut it into several files."),
            )
    if tail and header_width > 2:
        last = tail[0][0] - 1
        before = (lines[last], packed[last].split(CELL_END)) if last >= 0 else (0, [])
        for index in header_row.footers(tail, *before):
            problems.setdefault(index, _("stands below the table, no record"))
    if not packed and not header:
        raise empty(path)
    return Table(
        path=path,
        kind=kind,
        columns=column_names(named, width),
        header=header,
        rows=Rows(lines, packed, problems, remarks, width),
        encoding=encoding,
        delimiter=delimiter,
        sheet=sheet,
        sheets=sheets,
        cleaned=cleaned,
        notes=notes,
    )


def column_names(header: Sequence[str], width: int) -> tuple[str, ...]:
    """``width`` names, none empty, none twice (case aside), from what the header says."""
    names: list[str] = []
    used = {name.casefold() for name in header}
    given: set[str] = set()
    for index in range(width):
        name = header[index] if index < len(header) else ""
        if name and name.casefold() not in given:
            given.add(name.casefold())
            names.append(name)
            continue
        # A made-up name must not take one that the header gives to a later column.
        number = 2 if name else index + 1
        pattern = f"{name} ({{}})" if name else "Column {}"
        while (made := pattern.format(number).casefold()) in used or made in given:
            number += 1
        given.add(pattern.format(number).casefold())
        names.append(pattern.format(number))
    return tuple(names)


def _is_plain(text: str) -> bool:
    """Whether `clean_counted` would change nothing: one look at a row instead of one at each cell.

    Everything it touches is unprintable in Python's sense, but for the object replacement
    character (a test walks all of Unicode to prove it).
    """
    return text.isprintable() and (
        text.isascii() or ("\ufffc" not in text and is_normalized("NFC", text))
    )


def _holds_data(cells: Sequence[str]) -> bool:
    return any(cell and not cell.isspace() for cell in cells)


def _without_empty_end(cells: Sequence[str]) -> list[str]:
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return list(cells[:end])


def _clean_cells(cells: Sequence[str], single_line: bool = False) -> tuple[list[str], int]:
    """The cells cleaned, and in how many of them something was replaced."""
    odd = 0
    out: list[str] = []
    for cell in cells:
        text, count = clean_counted(cell, single_line)
        odd += count > 0
        out.append(text)
    return out, odd
