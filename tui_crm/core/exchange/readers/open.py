"""A file of rows, whatever its format: columns, and every row that holds data.

`open_table` is the one door. It looks at what is inside the file, not at its name, and hands it
to the reader of that format; what comes back is the same `Table` for all of them. Nothing here
knows the store, so a preview can never change anything.

What counts as a row: every line (record, card) in which at least one cell holds something other
than blanks. Blank ones are no rows and are not counted. No other row is left out: one that cannot
be used carries its `RawRow.problem`.
"""

from __future__ import annotations

import os
import stat
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import NamedTuple, overload
from unicodedata import is_normalized

from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.readers import header as header_row
from tui_crm.core.text import _, clean_counted, show

_CELL_END = "\x1f"
"""Between the cells of a packed row. `clean_counted` lets no such character into a cell."""

_MOST_TEXT = 1_000_000_000
"""Characters in one table; beyond it a file is a trap or belongs into pieces."""

_MOST_COLUMNS = 4096
"""Columns of one table."""

_LOOK_AT = 60
"""Rows looked at to tell the header from the data."""


class Record(NamedTuple):
    """One row as a reader of a format hands it over, not yet cleaned."""

    line: int
    cells: Sequence[str]
    problem: str | None = None
    remark: str | None = None


AnyRecord = tuple[int, Sequence[str], str | None, str | None]
"""A `Record`, or the same as a plain tuple, which is cheaper to make by the hundred thousand."""


class RawRow(NamedTuple):
    """One row of the file. ``cells`` has one text for each column of its table, cleaned.

    ``line`` is the 1-based physical line on which the row starts (of a sheet: its row number).
    ``problem`` says why the row cannot be used, None when it can; ``remark`` says what is odd
    about a row that can ("4 cells where the header has 3").
    """

    line: int
    cells: tuple[str, ...]
    problem: str | None = None
    remark: str | None = None


class Rows(Sequence[RawRow]):
    """The rows of a table, in memory, packed: a fifth of what a tuple of texts a row would take."""

    __slots__ = ("_lines", "_packed", "_problems", "_remarks", "_width")

    def __init__(
        self,
        lines: array[int],
        packed: list[str],
        problems: dict[int, str],
        remarks: dict[int, str],
        width: int,
    ) -> None:
        self._lines, self._packed, self._width = lines, packed, width
        self._problems, self._remarks = problems, remarks

    @property
    def lines(self) -> Sequence[int]:
        """The line of every row, without its cells."""
        return self._lines

    @property
    def problems(self) -> Mapping[int, str]:
        """The problems of the rows that have one, by position."""
        return self._problems

    def __len__(self) -> int:
        return len(self._packed)

    def _row(self, index: int) -> RawRow:
        cells = tuple(self._packed[index].split(_CELL_END))
        cells += ("",) * (self._width - len(cells))
        return RawRow(
            self._lines[index], cells, self._problems.get(index), self._remarks.get(index)
        )

    @overload
    def __getitem__(self, index: int) -> RawRow: ...
    @overload
    def __getitem__(self, index: slice) -> list[RawRow]: ...
    def __getitem__(self, index: int | slice) -> RawRow | list[RawRow]:
        positions = range(len(self._packed))[index]
        if isinstance(positions, range):
            return [self._row(position) for position in positions]
        return self._row(positions)

    def __iter__(self) -> Iterator[RawRow]:
        width, problems, remarks = self._width, self._problems, self._remarks
        odd = bool(problems or remarks)
        for index, (line, packed) in enumerate(zip(self._lines, self._packed, strict=True)):
            cells = tuple(packed.split(_CELL_END))
            if len(cells) < width:
                cells += ("",) * (width - len(cells))
            if odd:
                yield RawRow(line, cells, problems.get(index), remarks.get(index))
            else:
                yield RawRow(line, cells)


@dataclass(frozen=True)
class Table:
    """What was read.

    ``kind`` is ``"csv"`` (any delimiter), ``"xlsx"``, ``"xls"``, ``"ods"``, ``"vcard"`` or
    ``"pasted"``. ``columns`` are unique without regard to case and never empty ("Column 3",
    "Phone (2)"). ``header`` says whether the file named its columns. ``encoding`` and
    ``delimiter`` are None where the format has none; ``sheet`` is the one read of ``sheets``.
    ``cleaned`` counts the cells in which characters were replaced that a terminal could obey.
    """

    path: Path | None
    kind: str
    columns: tuple[str, ...]
    header: bool
    rows: Rows
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    cleaned: int = 0


# --------------------------------------------------------------------------- the door


def open_table(
    path: str | os.PathLike[str],
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
) -> Table:
    """Read ``path`` whole. The content decides the format, the name only where it cannot.

    ``encoding`` and ``delimiter`` overrule what is found in a text file (``"tab"``, ``"\\\\t"`` or
    the character itself); ``sheet`` is the name of a sheet or its number from 1. `CrmError` with
    the reason and the next step when the file is empty, damaged, locked or no table at all.
    """
    place = Path(path)
    head = _first_bytes(place)
    refused = _refusal(head)
    if refused is not None:
        raise CrmError(
            _("{file} cannot be imported: it is {what}.").format(
                file=show(place.name), what=refused
            ),
            _("Save the table as CSV or XLSX and import that file."),
        )
    # A reader is imported only when its format turns up: start-up is a budget.
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        from tui_crm.core.exchange.readers import sheet as sheets

        return sheets.read(place, sheet)
    from tui_crm.core.exchange.readers import delimited, vcard

    if vcard.is_vcard(head) or place.suffix.lower() in (".vcf", ".vcard"):
        return vcard.read(place.read_bytes(), place, encoding)
    return delimited.read(place, encoding, delimiter)


def read_pasted(text: str) -> Table:
    """The cells of a pasted spreadsheet range, lines of a text, or pasted vCards."""
    from tui_crm.core.exchange.readers import delimited, vcard

    data = text.encode("utf-8", "surrogatepass")
    if vcard.is_vcard(data[:200]):
        return vcard.read(data, None, "utf-8")
    return delimited.read_text(text)


def _first_bytes(path: Path) -> bytes:
    name = show(path.name or str(path))
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise CrmError(_("{file} is a folder.").format(file=name), _("Name a file inside it."))
        if not stat.S_ISREG(found.st_mode):
            raise CrmError(
                _("{file} is not an ordinary file.").format(file=name),
                _("Save what it gives to a file first and import that."),
            )
        with path.open("rb") as file:
            head = file.read(4096)
    except FileNotFoundError:
        raise CrmError(
            _("There is no file {file}.").format(file=show(str(path))),
            _("Check the name and the folder."),
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CrmError(
            _("{file} cannot be read: {reason}.").format(file=name, reason=show(reason)),
            _("Check the name and the rights of the file."),
        ) from None
    if not head:
        raise empty(path)
    return head


def empty(path: Path | None) -> CrmError:
    """The refusal of a file (or of pasted text) that holds nothing."""
    return CrmError(
        _("{file} is empty.").format(file=show(path.name) if path else _("What was pasted")),
        _("Nothing was imported."),
    )


def _refusal(head: bytes) -> str | None:
    """What the file is, when it is something else than a table: told by its first bytes."""
    kinds = (
        ((b"%PDF",), _("a PDF document")),
        (
            (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\0", b"MM\0*"),
            _("a picture or a film"),
        ),
        ((b"SQLite format 3\0",), _("a database (SQLite)")),
        (
            (
                b"\x1f\x8b",
                b"7z\xbc\xaf\x27\x1c",
                b"Rar!\x1a",
                b"BZh9",
                b"\xfd7zXZ",
                b"\x28\xb5\x2f\xfd",
            ),
            _("a packed archive; unpack it first"),
        ),
        ((b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe"), _("a program")),
        ((b"{\\rtf",), _("a text document (RTF)")),
    )
    for starts, what in kinds:
        if head.startswith(starts):
            return what
    text = head[:1000].removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip().lower()
    if text.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<workbook", b"<head")):
        return _("a web page or an XML document, whatever its name says")
    if text.startswith((b"[{", b'{"', b"[\n", b"{\n")):
        return _("a JSON document")
    if text.startswith(b"begin:vcalendar"):
        return _("a calendar")
    return None


# --------------------------------------------------------------------------- records to a table


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
            if _holds_data(record[1]):
                sample.append(record)
                if len(sample) == _LOOK_AT:
                    break
        if not sample:
            raise empty(path)
        found = header_row.find([cells for _line, cells, *_rest in sample])
        if found is not None:
            named, cleaned = _clean_cells(sample[found][1], single_line=True)
            above = _("stands above the column names")
            sample[: found + 1] = [
                Record(line, cells, above) for line, cells, *_rest in sample[:found]
            ]
    named = _without_empty_end([" ".join(name.split()) for name in named])
    header = bool(named)
    width = header_width = len(named)
    total = 0
    lines: array[int] = array("q")
    packed: list[str] = []
    problems: dict[int, str] = {}
    remarks: dict[int, str] = {}
    for line, cells, problem, remark in chain(sample, source):
        joined = "".join(cells)
        if not joined or joined.isspace():
            if problem is None:
                continue
            cells = [""]
        elif not _is_plain(joined):
            cells, odd = _clean_cells(cells)
            cleaned += odd
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
        packed.append(_CELL_END.join(cells))
        total += len(joined)
        if total > _MOST_TEXT:
            raise CrmError(
                _("The file holds more text than can be read at once."),
                _("Cut it into several files."),
            )
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
