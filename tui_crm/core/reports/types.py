"""What a report is: columns, rows, totals, and the rows of the store behind each figure.

A report computes cells. A `Cell` carries a value and what it was counted from, so that a figure
and its opening come out of the same computation and cannot disagree. `Report` is what leaves:
the values; `Opened` is one cell, opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tui_crm.core.dates.periods import Period
from tui_crm.core.reports.lead_groups import Group

SMALL_SAMPLE = 5
"""A rate, an average or a median of fewer than this many is marked as small."""

TOTAL = "total"
"""The row key of the totals."""

Value = Any  # str, int, float, bool, Rate or None


@dataclass(frozen=True)
class Column:
    """``unit`` says how a value reads: text, count, money (minor units of the workspace's
    currency), rate (a `Rate` shown as a percentage), ratio (a `Rate` shown as a number), number,
    percent, days, minutes, hours or flag."""

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

    ``rows`` and ``totals`` are dictionaries by column key; ``keys`` names each row for
    :func:`~tui_crm.core.reports.open_figure` (the totals are ``"total"``). ``small`` holds
    ``(row key, column key)`` of figures that rest on fewer than `SMALL_SAMPLE`. ``formulas`` are
    sentences by column key. ``second`` is a table that belongs under the first (part 1 of
    ``open_figure``), ``before`` the same report over the period compared with.
    """

    name: str
    title: str
    period: Period
    filters: dict[str, Any]
    columns: tuple[Column, ...]
    keys: tuple[str, ...]
    rows: tuple[dict[str, Value], ...]
    totals: dict[str, Value]
    notes: tuple[str, ...]
    formulas: dict[str, str]
    small: frozenset[tuple[str, str]] = frozenset()
    second: Report | None = None
    before: Report | None = None


@dataclass(frozen=True)
class ReportInfo:
    """A report one can choose: its ``digit`` in the menu (``None``: reached by name only), its
    title, and in one sentence what it tells."""

    name: str
    digit: int | None
    title: str
    sentence: str


@dataclass(frozen=True)
class Opened:
    """One figure, opened.

    The rows behind it are ``leads``, ``actions`` or ``prospects`` (numbers, only one of them
    filled), ``counted`` is how many; ``left_out`` are rows near it that do not count, each with
    the reason. ``numerator`` and ``denominator`` are given for rates and averages.
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
    """A value with what is behind it. ``ids`` is asked only when the figure is opened; ``what``
    says whether it gives leads, actions or prospects."""

    value: Value
    ids: Ids | None = None
    what: str = "leads"
    left_out: Callable[[], Iterable[tuple[int, str]]] | None = None
    n: int | None = None
    d: int | None = None

    @property
    def is_small(self) -> bool:
        return self.d is not None and 0 < self.d < SMALL_SAMPLE


Cells = dict[str, Cell]


@dataclass(frozen=True)
class Table:
    """What the function of a report gives back: rows of cells under their keys."""

    columns: tuple[Column, ...]
    rows: Sequence[tuple[str, Cells]]
    totals: Cells
    notes: Sequence[str] = ()
    formulas: dict[str, str] = field(default_factory=dict)
    second: Table | None = None


def plain(value: Value) -> Cell:
    """A cell that is only a label."""
    return Cell(value)


def total(groups: Iterable[Group]) -> int:
    """How many leads these groups are."""
    return sum(group.n for group in groups)


def ids_of(groups: Iterable[Group], priced: bool | None = None) -> list[int]:
    """The numbers of the leads of these groups, in their order; ``priced`` only of those with an
    amount, or only of those without."""
    sources: dict[Any, list[Group]] = {}
    for group in groups:
        sources.setdefault(group.of, []).append(group)
    return sorted({lead for source, mine in sources.items() for lead in source.ids(mine, priced)})


def numbers(groups: Iterable[Group]) -> Ids:
    """The same, when they are asked for."""
    return lambda: ids_of(groups)


def actions_of(groups: Sequence[Group], what: str) -> list[int]:
    """The actions behind ``touches`` or ``calls`` of groups that were told apart by them."""
    return groups[0].of.actions(groups, what) if groups else []


def count(groups: Sequence[Group]) -> Cell:
    """How many leads."""
    return Cell(total(groups), numbers(groups))


def unpriced(groups: Sequence[Group]) -> Cell:
    """How many have no amount, or 0."""
    return Cell(sum(group.unpriced for group in groups), lambda: ids_of(groups, priced=False))


def amount(groups: Sequence[Group]) -> Cell:
    """Their money in minor units; a lead without an amount adds 0."""
    from tui_crm.core.text import _

    return Cell(
        sum(group.amount or 0 for group in groups),
        numbers(groups),
        left_out=lambda: [(n, _("without amount, adds 0")) for n in ids_of(groups, priced=False)],
    )


def rate(part: Sequence[Group], others: Sequence[Group]) -> Cell:
    """``part`` of ``part`` and ``others``."""
    whole = (*part, *others)
    n, d = total(part), total(whole)
    return Cell(Rate(n, d), numbers(whole), n=n, d=d)


def average_amount(groups: Sequence[Group]) -> Cell:
    """The mean amount, in minor units rounded half up, of those that have one above 0."""
    from tui_crm.core.text import _

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


def mean_of(groups: Sequence[Group], value: Callable[[Group], int]) -> Cell:
    """The mean of a number that the leads of a group share; ``None`` of none."""
    whole, d = sum(value(group) * group.n for group in groups), total(groups)
    mean = None if not d else whole / d if whole % d else whole // d
    return Cell(mean, numbers(groups), n=whole, d=d)


def median_of(groups: Sequence[Group], value: Callable[[Group], int]) -> Cell:
    """The median of a number that the leads of a group share; ``None`` of none."""
    return Cell(median(groups, value), numbers(groups), d=total(groups))


def median(groups: Iterable[Group], value: Callable[[Group], int]) -> float | None:
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
