"""Columns, cells and tables that reports compute; reports and opened figures that they give.

A report computes a `Table` of cells. A `Cell` holds a value and what it was counted from, so that
a figure and the rows behind it come out of one computation and cannot disagree. `Report` has the
values of a table; `DrillDown` is one figure, opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from tui_crm.core.dates.periods import Period
from tui_crm.core.errors import NotFound
from tui_crm.core.reports.filters import Filters
from tui_crm.core.reports.lead_groups import Group, LeadSet, LeadSource
from tui_crm.core.text import _

SMALL_SAMPLE = 5
"""A rate, an average or a median of fewer than this many is marked as small."""

TOTAL = "total"
"""The row key of the totals."""

Value = Any  # str, int, float, bool, Rate or None: what a value is depends on its column's unit
Row = dict[str, Value]
"""The values of a row, or of the totals, by column key."""
G = TypeVar("G", bound=LeadSet)


@dataclass(frozen=True)
class Column:
    """A column of a report. ``unit`` says how a value reads: text, count, money (minor units of
    the workspace's currency), goal (money or a count, by the goal of the row), rate (a `Rate` shown
    as a percentage), change (a `Rate` of money as a signed percentage), ratio (a `Rate` shown as a
    number), number, percent, chance (from 0 to 1, shown as a
    percentage), fraction (a number with three decimals), days, minutes, hours, moment (a datetime
    with its zone), lead (its number), reasons (a tuple of `core.leads.score.Reason`) or flag."""

    key: str
    label: str
    unit: str


@dataclass(frozen=True)
class Rate:
    """``n`` of ``d``; its value is nothing, not zero, when there was nothing to count."""

    n: int
    d: int

    @property
    def value(self) -> float | None:
        """From 0 to 1 for a share; ``None`` when ``d`` is 0."""
        return self.n / self.d if self.d else None


@dataclass(frozen=True)
class Report:
    """A report, ready to be shown or written to a file.

    ``keys`` name the rows for :func:`~tui_crm.core.reports.open_figure` (the totals are
    ``"total"``). ``small`` holds ``(row key, column key)`` of figures that rest on fewer than
    `SMALL_SAMPLE`. ``formulas`` are sentences by column key. ``more`` are the tables that belong
    under the first, each by its ``table`` name (parts 1, 2 … of ``open_figure``); ``before`` is the
    same report over the period that it is compared with.
    """

    name: str
    title: str
    period: Period
    filters: Filters
    columns: tuple[Column, ...]
    keys: tuple[str, ...]
    rows: tuple[Row, ...]
    totals: Row
    notes: tuple[str, ...]
    formulas: dict[str, str]
    small: frozenset[tuple[str, str]] = frozenset()
    more: tuple[Report, ...] = ()
    before: Report | None = None
    table: str = ""

    @property
    def parts(self) -> tuple[Report, ...]:
        """All its tables: the first is the report itself."""
        return (self, *self.more)

    @property
    def second(self) -> Report | None:
        """The first of the further tables."""
        return self.more[0] if self.more else None


@dataclass(frozen=True)
class ReportInfo:
    """A report to choose: its ``digit`` in the menu (``None``: by name only), its title, and in
    one sentence what it tells."""

    name: str
    digit: int | None
    title: str
    sentence: str


@dataclass(frozen=True)
class DrillDown:
    """One figure of a report with the rows of the store behind it.

    The rows are ``leads``, ``actions`` or ``prospects`` (their numbers, only one of them filled),
    ``counted`` is how many; ``left_out`` are rows near it that do not count, each with the reason.
    ``numerator`` and ``denominator`` are given for rates and averages. Several rows of a report
    opened as one have the row key ``"total"``.
    """

    report: str
    row: str
    column: Column
    value: Value
    formula: str
    leads: tuple[int, ...] = ()
    actions: tuple[int, ...] = ()
    prospects: tuple[int, ...] = ()
    counted: int = 0
    left_out: tuple[tuple[int, str], ...] = ()
    numerator: int | None = None
    denominator: int | None = None


# -- what reports compute with -------------------------------------------------------------------

Ids = Callable[[], Iterable[int]]


@dataclass(frozen=True)
class Cell:
    """A value with the rows of the store behind it. ``ids`` is called only when the figure is
    opened; ``kind`` says whether it gives leads, actions or prospects. ``n`` and ``d`` are the
    parts of a rate or an average."""

    value: Value
    ids: Ids | None = None
    kind: str = "leads"
    left_out: Callable[[], Iterable[tuple[int, str]]] | None = None
    n: int | None = None
    d: int | None = None

    @property
    def is_small(self) -> bool:
        """Whether it rests on a small sample."""
        return self.d is not None and 0 < self.d < SMALL_SAMPLE


Cells = dict[str, Cell]
"""The cells of a row, or of the totals, by column key."""


@dataclass(frozen=True)
class Table:
    """What a report computes: rows of cells, each under its key, and their totals; ``more`` are
    further tables, each with a ``name``."""

    columns: tuple[Column, ...]
    rows: Sequence[tuple[str, Cells]]
    totals: Cells
    notes: Sequence[str] = ()
    formulas: dict[str, str] = field(default_factory=dict)
    more: tuple[Table, ...] = ()
    name: str = ""

    def keyed_rows(self) -> dict[str, Cells]:
        """The rows by key; rows that would share one (two reasons with one label) are numbered."""
        times: dict[str, int] = {}
        rows = {}
        for key, cells in self.rows:
            times[key] = times.get(key, 0) + 1
            rows[key if times[key] == 1 else f"{key} ({times[key]})"] = cells
        return rows

    def open(self, report: str, rows: Sequence[str], column: str, part: int = 0) -> DrillDown:
        """One figure of ``report``, the name of this table's report: of a row or the totals, or
        of several rows added up. ``part`` 1 is the first further table. Raises NotFound for a row
        or a column that the table has not."""
        table = next(islice((self, *self.more), part, None), None)
        known = {**table.keyed_rows(), TOTAL: table.totals} if table is not None else {}
        chosen = next((c for c in (table.columns if table else ()) if c.key == column), None)
        if table is None or chosen is None or not rows or any(row not in known for row in rows):
            raise NotFound(_("The report {name} has no such figure.").format(name=report))
        cells = [known[row][column] for row in rows]
        only = cells[0] if len(cells) == 1 else None
        ids = [number for cell in cells if cell.ids for number in cell.ids()]
        behind = {cells[0].kind: tuple(dict.fromkeys(ids))}
        return DrillDown(
            report=report,
            row=rows[0] if only is not None else TOTAL,
            column=chosen,
            value=only.value if only is not None else sum(cell.value for cell in cells),
            formula=table.formulas.get(column, ""),
            leads=behind.get("leads", ()),
            actions=behind.get("actions", ()),
            prospects=behind.get("prospects", ()),
            counted=len(ids),
            left_out=tuple(line for cell in cells if cell.left_out for line in cell.left_out()),
            numerator=only.n if only is not None else None,
            denominator=only.d if only is not None else None,
        )


def plain(value: Value) -> Cell:
    """A cell that is only a label."""
    return Cell(value)


def ratio(n: int, d: int, ids: Ids, kind: str = "actions") -> Cell:
    """``n`` of ``d``; ``ids`` are the rows behind it."""
    return Cell(value=Rate(n, d), ids=ids, kind=kind, n=n, d=d)


def total(groups: Iterable[LeadSet]) -> int:
    """How many leads these groups are."""
    return sum(group.n for group in groups)


def ids_of(groups: Iterable[LeadSet], priced: bool | None = None) -> list[int]:
    """The numbers of the leads of these groups, in their order; ``priced`` only of those with an
    amount, or only of those without."""
    sources: dict[LeadSource, list[LeadSet]] = {}
    for group in groups:
        sources.setdefault(group.of, []).append(group)
    return sorted({lead for source, mine in sources.items() for lead in source.ids(mine, priced)})


def numbers(groups: Iterable[LeadSet]) -> Ids:
    """`ids_of`, when the figure is opened."""
    return lambda: ids_of(groups)


def actions_of(groups: Sequence[Group], what: str) -> list[int]:
    """The numbers of the actions behind ``touches`` or ``calls`` of groups that were counted by
    them."""
    return groups[0].of.actions(groups, what) if groups else []


def count(groups: Sequence[LeadSet]) -> Cell:
    """How many leads."""
    return Cell(total(groups), numbers(groups))


def unpriced(groups: Sequence[LeadSet]) -> Cell:
    """How many have no amount, or 0."""
    return Cell(sum(group.unpriced for group in groups), lambda: ids_of(groups, priced=False))


def amount(groups: Sequence[LeadSet]) -> Cell:
    """Their money in minor units; a lead without an amount adds 0."""
    return Cell(
        sum(group.amount or 0 for group in groups),
        numbers(groups),
        left_out=lambda: [(n, _("without amount, adds 0")) for n in ids_of(groups, priced=False)],
    )


def rate(part: Sequence[LeadSet], others: Sequence[LeadSet]) -> Cell:
    """``part`` of ``part`` and ``others``."""
    whole = (*part, *others)
    return ratio(total(part), total(whole), numbers(whole), "leads")


def average_amount(groups: Sequence[LeadSet]) -> Cell:
    """The mean amount, in minor units rounded half up, of those that have one above 0."""
    priced = total(groups) - sum(group.unpriced for group in groups)
    whole = sum(group.amount or 0 for group in groups)
    return Cell(
        divided(whole, priced) if priced else None,
        lambda: ids_of(groups, priced=True),
        n=whole,
        d=priced,
        left_out=lambda: [(n, _("without amount")) for n in ids_of(groups, priced=False)],
    )


def divided(whole: int, by: int) -> int:
    """``whole / by`` of amounts, rounded half up, without a float in between."""
    return (2 * whole + by) // (2 * by)


def mean_of(groups: Sequence[G], value: Callable[[G], int]) -> Cell:
    """The mean of a number that the leads of a group share; ``None`` of none."""
    whole, d = sum(value(group) * group.n for group in groups), total(groups)
    mean = None if not d else whole / d if whole % d else whole // d
    return Cell(mean, numbers(groups), n=whole, d=d)


def median_of(groups: Sequence[G], value: Callable[[G], int]) -> Cell:
    """The median of a number that the leads of a group share; ``None`` of none."""
    return Cell(median(groups, value), numbers(groups), d=total(groups))


def median(groups: Iterable[G], value: Callable[[G], int]) -> float | None:
    """The number itself; of an even count the mean of the two in the middle."""
    ordered = sorted((value(group), group.n) for group in groups)
    whole = sum(n for _value, n in ordered)
    if not whole:
        return None

    def at(place: int) -> int:
        for number, n in ordered:
            if place < n:
                return number
            place -= n
        raise IndexError(place)

    return at(whole // 2) if whole % 2 else (at(whole // 2 - 1) + at(whole // 2)) / 2
