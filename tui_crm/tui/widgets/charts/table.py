"""The ledger: rows of figures under their heads, with one bar among them.

Columns have their place by their unit, not by what happens to be in them; where there is no room
they go in a fixed order, and the bar takes what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tui_crm.core.reports.closings import small_note
from tui_crm.core.reports.types import TOTAL, Rate, Report
from tui_crm.core.text import _, width as width_of
from tui_crm.tui.widgets.charts import figures
from tui_crm.tui.widgets.charts.page import Figure, PageBuilder, flowed
from tui_crm.tui.widgets.lines import Line, Run, cell, fixed, make, rule, section

LEAST_BAR, MOST_BAR = 8, 48
TAIL = "~"  # the name of the drawn column among those that may go


@dataclass(frozen=True)
class Col:
    """A column of the table. ``token`` is that of its figures; one with a greater ``drop`` goes
    before the others when there is no room (0 stays)."""

    key: str
    drop: int = 0
    token: str = "text"
    head: str = ""


@dataclass(frozen=True)
class Bar:
    """The chart column: stands behind the column ``after`` and is drawn from a row's values."""

    after: str
    draw: Callable[[dict[str, Any], int], Line]
    drop: int = 0


@dataclass(frozen=True)
class Tail:
    """A drawn column behind all others, ``width`` cells of its own for each row (the total has
    none); it goes when there is no room, in the order of ``drop``."""

    head: str
    width: int
    draw: Callable[[dict[str, Any]], Line]
    drop: int = 0


@dataclass(frozen=True)
class Named:
    """The first column: the head, and the label of a row with whether it is young or running."""

    head: str
    label: Callable[[str, dict[str, Any]], tuple[str, bool]]
    width: int = 0


def name_of(part: int, key: str) -> str:
    """The name of a row on the page."""
    return f"{part}/{key}"


def ledger(
    body: PageBuilder,
    report: Report,
    named: Named,
    cols: Sequence[Col],
    bar: Bar | None = None,
    *,
    part: int = 0,
    only: Sequence[str] | None = None,
    total: str | None = None,
    head: bool = True,
    tail: Tail | None = None,
) -> None:
    """Draw ``report`` as a table: the rows ``only`` (default: all), then the totals under
    ``total`` when it is given."""
    # Parts of one table have the same columns, with the totals under the last alone.
    table = Ledger(
        body, report, named, cols, bar, part, total is not None or only is not None, tail
    )
    if head:
        table.head(only)
    wanted = set(report.keys if only is None else only)
    for key, values in zip(report.keys, report.rows, strict=True):
        if key in wanted:
            table.row(key, values)
    if total is not None and report.rows:
        if body.look.airy:
            body.add(rule(body.width))
        table.row(TOTAL, report.totals, total)


class Ledger:
    """A table laid out, to draw rows one by one."""

    def __init__(
        self,
        body: PageBuilder,
        report: Report,
        named: Named,
        cols: Sequence[Col],
        bar: Bar | None = None,
        part: int = 0,
        total: bool = False,
        tail: Tail | None = None,
    ) -> None:
        self.body, self.report, self.named, self.part = body, report, named, part
        self.columns = {c.key: c for c in report.columns}
        labels = [
            width_of(text) + (2 if young else 0)
            for text, young in (
                named.label(key, values)
                for key, values in zip(report.keys, report.rows, strict=True)
            )
        ]
        most = max(8, body.width // 4) if body.width < 60 else max(10, body.width // 3)
        self.label = named.width or min(max([*labels, width_of(named.head), 7]), most)
        self.cols = [col for col in cols if col.key in self.columns]
        self.widths = {col.key: self._width(col, total) for col in self.cols}
        self.bar, self.bar_width, self.tail = bar, 0, tail
        self._fit()

    def _width(self, col: Col, total: bool) -> int:
        column = self.columns[col.key]
        least = max(figures.WIDTHS.get(column.unit, 4), width_of(col.head or column.label))
        rows = [*self.report.rows, *([self.report.totals] if total else [])]
        size = least
        for values in rows:
            text = figures.said(values[col.key], column.unit, self.body.look.currency)
            if column.unit == "rate":
                text = "100% " + figures.parts_of(values[col.key])
            size = max(size, width_of(text))
        return min(size, 24)

    def _fit(self) -> None:
        """Leave out columns until the rest has room; then the bar takes what is left."""
        room = self.body.width - self.label
        while True:
            used = sum(self.widths[col.key] + 2 for col in self.cols)
            if self.tail is not None:
                used += self._tail_width + 2
            needs = used + (LEAST_BAR + 2 if self.bar else 0)
            going = [(col.drop, col.key) for col in self.cols if col.drop]
            if self.bar is not None and self.bar.drop:
                going.append((self.bar.drop, ""))
            if self.tail is not None and self.tail.drop:
                going.append((self.tail.drop, TAIL))
            if needs <= room or not going:
                break
            gone = max(going)[1]
            if gone == TAIL:
                self.tail = None
            elif gone:
                self.cols = [col for col in self.cols if col.key != gone]
            else:
                self.bar = None
        if self.bar is not None:
            self.bar_width = min(max(room - used - 2, 0), MOST_BAR)
            if self.bar_width < 4:
                self.bar = None

    @property
    def _tail_width(self) -> int:
        return max(self.tail.width, width_of(self.tail.head)) if self.tail is not None else 0

    # -- rows ----------------------------------------------------------------------------------

    def head(self, only: Sequence[str] | None = None) -> None:
        """The names of the columns, that under the cursor in the accent; the hairline on high
        screens."""
        spot = self.body.look.spot
        mine = {name_of(self.part, key) for key in (*(only or self.report.keys), TOTAL)}
        hot = spot.column if spot is not None and spot.row in mine else ""
        line: list[Run] = [cell(self.named.head, self.label, "dim")]
        for col in self.cols:
            text = col.head or self.columns[col.key].label
            token = "key" if col.key == hot else "dim"
            line.append(Run(" ", "dim"))
            line.append(cell(text, self.widths[col.key], token, "right"))
            line.append(Run(" ", "dim"))
            if self.bar is not None and self.bar.after == col.key:
                line.append(Run(" " * (self.bar_width + 2), "dim"))
        if self.tail is not None:
            line += [Run("  ", "dim"), cell(self.tail.head, self._tail_width, "dim")]
        self.body.add(tuple(line))
        if self.body.look.airy:
            self.body.add(rule(self.body.width))

    def row(self, key: str, values: dict[str, Any], label: str | None = None) -> None:
        """One row of figures; ``label`` names the totals."""
        text, young = (label, False) if label is not None else self.named.label(key, values)
        name = name_of(self.part, key)
        found = [
            (col.key, Figure(self.part, (key,), col.key, text, values[col.key]))
            for col in self.cols
            if self.columns[col.key].unit != "text"
        ]

        def draw(hot: str) -> Line:
            line = self._label(text, young, "dim" if key == TOTAL else "text")
            for col in self.cols:
                line += self.figure(key, col, values, hot == col.key)
                if self.bar is not None and self.bar.after == col.key:
                    line += (Run(" ", "text"),)
                    if key == TOTAL:
                        line += (Run(" " * self.bar_width, "text"),)
                    else:
                        line += self.bar.draw(values, self.bar_width)
                    line += (Run(" ", "text"),)
            if self.tail is not None and key != TOTAL:
                line += (Run("  ", "text"), *fixed(self.tail.draw(values), self._tail_width))
            return line

        self.body.stop(name, found, draw)

    def _label(self, text: str, young: bool, token: str) -> Line:
        if not young:
            return (cell(text, self.label, token),)
        shown = cell(text, self.label - 2, token).text.rstrip()
        mark = make((f"{shown} ", token), ("~", "due"))
        return (*mark, Run(" " * (self.label - width_of(shown) - 2), token))

    def figure(self, key: str, col: Col, values: dict[str, Any], hot: bool = False) -> Line:
        """One figure in its column, the mark of a small sample behind it."""
        column, value, size = self.columns[col.key], values[col.key], self.widths[col.key]
        token = "strong" if key == TOTAL and col.token != "dim" else col.token
        if value in (0, None) or (isinstance(value, Rate) and not value.d):
            token = "dim"
        if hot:
            token = "key"
        if column.unit == "text":
            return (Run(" ", token), cell(figures.label_of(value), size, token), Run(" ", token))
        small = (key, col.key) in self.report.small
        mark = Run("~", "dim") if small else Run(" ", token)
        if column.unit == "rate":
            return (Run(" ", token), *figures.rate_cell(value, size, token), mark)
        text = figures.said(value, column.unit, self.body.look.currency)
        return (Run(" ", token), cell(text, size, token, "right"), mark)


def notes(body: PageBuilder, report: Report) -> None:
    """What has to be said beside the figures, the signs before what they explain."""
    today = body.look.today
    running = _("{label} runs until {day}.").format(
        label=report.period.label, day=report.period.last.isoformat()
    )
    compared = (
        ""
        if report.before is None
        else _("Compared with {label}.").format(label=report.before.period.label)
    )
    said: list[Line] = []
    room = body.width
    part = report.period
    if running in report.notes and part.unit != "all" and report.name != "forecast":
        for label in report.keys:
            found = figures.period_of(label, today)
            if found is not None and today in found:
                part = found
        text = _("{label} runs until {day}").format(
            label=figures.row_label(part.label, today)
            if part is not report.period
            else figures.period_words(part),
            day=figures.row_label(part.last.isoformat(), today),
        )
        if report.before is not None:
            text += _("; compared with {before}").format(
                before=figures.period_words(report.before.period)
            )
        said.append(make(("~", "due"), (f" {text}", "dim")))
    for note in report.notes:
        if note in (running, compared):
            continue
        if note == small_note():
            said += flowed((("~", "due"), (f" {note}", "dim")), room, 2)
        else:
            said += flowed(((note, "dim"),), room, 2)
    if said:
        body.spacer()
        body.add(*said)


def heading(body: PageBuilder, name: str, count: str | int | None = None, note: str = "") -> None:
    """A section of the page."""
    body.spacer()
    body.add(section(name, body.width, count, note))
