"""A file as it was read: its columns and its rows, packed in memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, overload

CELL_END = "\x1f"
"""Between the cells of a packed row. `clean_counted` lets no such character into a cell."""


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

    def columns(self, places: Sequence[int]) -> Rows:
        """The same rows with some of their cells only, by their places."""
        packed = [CELL_END.join([row.cells[n] for n in places]) for row in self]
        return Rows(self._lines, packed, self._problems, self._remarks, len(places))

    def __len__(self) -> int:
        return len(self._packed)

    def _row(self, index: int) -> RawRow:
        cells = tuple(self._packed[index].split(CELL_END))
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
            cells = tuple(packed.split(CELL_END))
            if len(cells) < width:
                cells += ("",) * (width - len(cells))
            if odd:
                yield RawRow(line, cells, problems.get(index), remarks.get(index))
            else:
                yield RawRow(line, cells)


@dataclass(frozen=True)
class ReadOptions:
    """How a file is to be read, where it should not be detected: the ``encoding`` and the
    ``delimiter`` of a text (the character itself, or ``tab``, ``comma`` …), the ``sheet`` of a
    workbook by its name or its number from 1. Formats without one of them pass over it."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


@dataclass(frozen=True)
class Table:
    """What was read.

    ``kind`` is ``"csv"`` (any delimiter), ``"xlsx"``, ``"xls"``, ``"ods"``, ``"vcard"``,
    ``"json"`` or ``"pasted"``. ``columns`` are unique without regard to case and never empty
    ("Column 3", "Phone (2)"). ``header`` says whether the file named its columns. ``encoding`` and
    ``delimiter`` are None where the format has none; ``sheet`` is the one read of ``sheets``.
    ``cleaned`` counts the cells in which characters were replaced that a terminal could obey.
    ``notes`` are sentences about how the file was read.
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
    notes: tuple[str, ...] = ()

    def without(self, names: Iterable[str]) -> Table:
        """The same table without the columns of these names."""
        left_out = set(names)
        kept = [n for n, name in enumerate(self.columns) if name not in left_out]
        if len(kept) == len(self.columns):
            return self
        columns = tuple(self.columns[n] for n in kept)
        return replace(self, columns=columns, rows=self.rows.columns(kept))
