"""Lists by the values of a column: which sector answers?"""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from functools import partial

from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.lists import lists
from tui_crm.core.reports.lead_groups import leads_of
from tui_crm.core.reports.lists.by_list import time_ranges
from tui_crm.core.reports.lists.segments import COLUMN, Segment, columns, figures
from tui_crm.core.reports.question import NOBODY, Question
from tui_crm.core.reports.types import Cell, Cells, Column, Table, plain
from tui_crm.core.text import _, clean, fold, ngettext

MOST = 30  # values of a column with a row of their own
MOST_VALUES = 50_000  # different values that are told apart: more is no column to sort by
OTHERS, EMPTY = -1, -2  # the two rows that are no value


def by_column(q: Question) -> Table:
    """One row for each value of a column of one list, the most frequent first; values that differ
    in case, accents or blanks alone are one."""
    if q.list_id is None:
        raise CrmError(
            _("A column belongs to one list."),
            _("Name the list too: --list NAME --by {column}.").format(
                column=clean(q.cut, single_line=True)[:40]
            ),
        )
    info = lists.get(q.session, q.list_id)
    place = column_named(info, q.cut)
    values = ColumnValues(q, info, place)
    segments = values.segments
    origin = dict(q.store.rows("SELECT id, prospect_id FROM leads WHERE list_id = ?", (q.list_id,)))
    for lead in leads_of(q, "created"):
        segments[values.row_of(origin.get(lead.id))].created.append(lead)
    for lead in leads_of(q, "won"):
        segments[values.row_of(origin.get(lead.id))].won.append(lead)
    rows = [
        row
        for row in values.order
        if values.sizes[row] or segments[row].calls or segments[row].created or segments[row].won
    ]
    total = Segment(
        called=sum(segment.called for segment in segments.values()),
        reached=sum(segment.reached for segment in segments.values()),
        calls=sum(segment.calls for segment in segments.values()),
        created=[lead for row in rows for lead in segments[row].created],
        won=[lead for row in rows for lead in segments[row].won],
    )

    def cells(label: str | None, row: int | None, segment: Segment, size: int) -> Cells:
        return {
            "value": plain(label),
            "rows": Cell(size, partial(values.numbers, row), kind="prospects"),
            **figures(segment, partial(values.called, row), partial(values.calls, row)),
        }

    notes = []
    left = len(values.labels) - sum(row >= 0 for row in rows)
    if left > 0:
        notes.append(
            ngettext(
                "{n} more value is under others.", "{n} more values are under others.", left
            ).format(n=f"{left:,}")
        )
    if values.too_many:
        notes.append(
            _(
                "There are more than {n} different values; those further down the list are"
                " under others."
            ).format(n=f"{MOST_VALUES:,}")
        )
    return Table(
        columns=(
            Column("value", info.columns[place].name, "text"),
            Column("rows", _("rows"), "count"),
            *columns(),
        ),
        rows=[
            (values.key(row), cells(values.label(row), row, segments[row], values.sizes[row]))
            for row in rows
        ],
        totals=cells(None, None, total, sum(values.sizes.values())),
        notes=notes,
        formulas=formulas(),
    )


def formulas() -> dict[str, str]:
    """How the figures by the values of a column are computed, by column key."""
    return {
        "rows": _("the prospects on the list with this value, called or not"),
        "called": _("those with at least one call in the period"),
        "reached": _("those on whom a call in the period reached a person"),
        "answered": _("prospects reached / prospects called, in the period"),
        "leads": _("leads created in the period that came from prospects with this value"),
        "won": _("leads that came from them and were won in the period"),
        "won_amount": _("sum of the amounts of those; one without amount adds 0"),
        "calls": _("calls on prospects with this value in the period"),
        "calls_per_lead": _("calls on them / leads that came from them, in the period"),
    }


def column_named(info: lists.ProspectListInfo, name: str) -> int:
    """The place of a column of a list, by its name (case and accents do not matter). Raises
    NotFound naming the ones there are."""
    name = name.removeprefix(COLUMN)
    for place, column in enumerate(info.columns):
        if fold(column.name) == fold(name):
            return place
    names = ", ".join(column.name for column in info.columns[:12])
    raise NotFound(
        _("The list {list} has no column {name}.").format(
            list=info.name, name=clean(name, single_line=True)[:40]
        ),
        _("There are: {names}.").format(names=names) if names else _("It has no columns."),
    )


class ColumnValues:
    """The prospects of a list by the value of a column, and whether they were called and reached.

    Each prospect takes five bytes (four for its value, one for its calls), so that a figure of a
    list of a million opens without reading the cells again. ``order`` are the rows of the report:
    places in ``labels``, then OTHERS and EMPTY; ``sizes`` are the prospects of each,
    ``segments`` what was counted of each.
    """

    def __init__(self, q: Question, info: lists.ProspectListInfo, place: int) -> None:
        self._q = q
        first, last = q.store.rows(
            "SELECT MIN(id), MAX(id) FROM prospects WHERE list_id = ?", (info.id,)
        )[0]
        self._first = first or 0
        self._group = array("i", bytes(4 * ((last or 0) - self._first + 1 if first else 0)))
        self._calls = bytearray(len(self._group))  # 1: called, 3: reached too
        self.too_many = False
        self._name(self._read(info, place))
        self.segments = {row: Segment() for row in self.order}
        self._count_calls()

    def _read(self, info: lists.ProspectListInfo, place: int) -> dict[str, list[int]]:
        """Each value as it is written, with its number (from 1) and how often it occurs."""
        quotes, at = 2 * len(info.columns), 2 * place + 1
        numbers: dict[str, list[int]] = {}
        group, first = self._group, self._first
        for number, cells in self._q.store.each(
            "SELECT id, cells FROM prospects WHERE list_id = ?", (info.id,)
        ):
            # Without an escape the quotes alone part the texts: a third of the time of json.
            if cells.count('"') == quotes and "\\" not in cells:
                value = cells.split('"', at + 1)[at]
            else:
                value = cell_of(cells, place)
            known = numbers.get(value)
            if known is None:
                if len(numbers) >= MOST_VALUES and value.strip():
                    self.too_many, value = True, "\0"  # no cell has it: they were cleaned
                known = numbers.setdefault(value, [len(numbers) + 1, 0])
            known[1] += 1
            group[number - first] = known[0]
        return numbers

    def _name(self, numbers: dict[str, list[int]]) -> None:
        """Merge the spellings of one value, and choose the values with a row of their own."""
        alike: dict[str, list[tuple[int, str, int]]] = {}
        self._row = [EMPTY] * (len(numbers) + 1)
        self.sizes: dict[int, int] = {}
        for value, (number, times) in numbers.items():
            if value == "\0":
                self._row[number] = OTHERS
                self.sizes[OTHERS] = times
            elif not (match := fold(value)):
                self.sizes[EMPTY] = self.sizes.get(EMPTY, 0) + times
            else:
                alike.setdefault(match, []).append((-times, value, number))
        sizes = {
            match: sum(-times for times, _value, _number in spellings)
            for match, spellings in alike.items()
        }
        ranked = sorted(alike, key=lambda match: (-sizes[match], match))
        self.labels: list[str] = []
        for row, match in enumerate(ranked):
            _times, most_frequent, _number = min(alike[match])
            self.labels.append(" ".join(most_frequent.split()))
            where = row if row < MOST else OTHERS
            self.sizes[where] = self.sizes.get(where, 0) + sizes[match]
            for _times, _value, number in alike[match]:
                self._row[number] = where
        self.order = [*range(min(MOST, len(ranked))), OTHERS, EMPTY]
        self.sizes = {row: self.sizes.get(row, 0) for row in self.order}

    def _count_calls(self) -> None:
        where, values = time_ranges(self._q)
        for prospect, calls, reached in self._q.store.each(
            f"SELECT a.prospect_id, COUNT(*), MAX(a.reached) FROM actions a WHERE {where}"
            " GROUP BY a.list_id, a.kind, a.prospect_id",
            values,
        ):
            segment = self.segments[self.row_of(prospect)]
            segment.calls += int(calls)
            if prospect is None:
                continue
            segment.called += 1
            segment.reached += 1 if reached else 0
            if self._has(prospect):
                self._calls[prospect - self._first] = 3 if reached else 1

    def _has(self, prospect: int) -> bool:
        at = prospect - self._first
        return 0 <= at < len(self._group) and self._group[at] > 0

    def row_of(self, prospect: int | None) -> int:
        """The row of the report that a prospect is in: EMPTY for one that is not on the list."""
        if prospect is None or not self._has(prospect):
            return EMPTY
        return self._row[self._group[prospect - self._first]]

    def label(self, row: int) -> str:
        """The value, as it is spelled most."""
        if row >= 0:
            return self.labels[row]
        return _("others") if row == OTHERS else NOBODY

    def key(self, row: int) -> str:
        """The name of a row of the report, which no value can take from another."""
        return f"={self.labels[row]}" if row >= 0 else "others" if row == OTHERS else NOBODY

    # -- the rows behind a figure -----------------------------------------------------------------

    def numbers(self, row: int | None) -> list[int]:
        """The prospects of a row of the report; with None of all rows."""
        rows = self._row
        return [
            number
            for number, group in enumerate(self._group, self._first)
            if group and (row is None or rows[group] == row)
        ]

    def called(self, row: int | None, reached: bool) -> list[int]:
        """The prospects called in the period, or those reached, of a row; with None of all rows."""
        bit, rows = (2 if reached else 1), self._row
        numbers = [
            number
            for number, calls in enumerate(self._calls, self._first)
            if calls & bit and (row is None or rows[self._group[number - self._first]] == row)
        ]
        if row in (None, EMPTY):
            numbers += self._elsewhere(reached)
        return numbers

    def _elsewhere(self, reached: bool) -> list[int]:
        """Prospects called on this list that are on another one now."""
        where, values = time_ranges(self._q)
        condition = " AND a.reached = 1" if reached else ""
        rows = self._q.store.rows(
            "SELECT DISTINCT a.prospect_id FROM actions a JOIN prospects p"
            f" ON p.id = a.prospect_id WHERE ({where}){condition} AND p.list_id <> ?"
            " ORDER BY a.prospect_id",
            (*values, self._q.list_id),
        )
        return [row[0] for row in rows]

    def calls(self, row: int | None) -> list[int]:
        """The calls of a row of the report; with None of all rows."""
        where, values = time_ranges(self._q)
        calls = self._q.store.rows(
            f"SELECT a.id, a.prospect_id FROM actions a WHERE {where} ORDER BY a.id", values
        )
        return [number for number, prospect in calls if row is None or self.row_of(prospect) == row]


def cell_of(cells: str, place: int) -> str:
    """The text at a place of a JSON list of texts; empty where there is none."""
    try:
        texts = json.loads(cells or "[]")
    except ValueError:
        return ""
    value = texts[place] if isinstance(texts, list) and place < len(texts) else None
    return "" if value is None else str(value)


def distinct(samples: Sequence[str], place: int) -> dict[str, int]:
    """How often each value occurs at a place of these lists of cells, spellings merged."""
    times: dict[str, int] = {}
    for cells in samples:
        match = fold(cell_of(cells, place))
        times[match] = times.get(match, 0) + 1
    return times
