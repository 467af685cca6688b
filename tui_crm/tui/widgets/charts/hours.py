"""Hours: when people answer. Weekdays by hours, a level and a percentage in each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tui_crm.core.dates.labels import weekday_name
from tui_crm.core.reports import SMALL_SAMPLE, Rate, Report
from tui_crm.core.reports.hours import LEAST_CALLS, Hour
from tui_crm.core.reports.types import Row
from tui_crm.core.text import _, ngettext
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.charts import figures
from tui_crm.tui.widgets.charts.ledger import heading, name_of, notes
from tui_crm.tui.widgets.charts.page import ChartData, Figure, FigureCell, PageBuilder, Part
from tui_crm.tui.widgets.lines import Run, cell, make, rule

A_MONDAY = date(2024, 1, 1)
FIRST, LAST = 8, 18  # hours always shown where there is room
STRONG, BOLD = 1 / 3, 0.4  # a rate from which a level is in the accent, a number bold
FAINT = 0.2  # a rate below which a number is dim


class HourGrid:
    """A report of hours laid out: a row for each weekday, a column for each hour there is room
    for, perhaps the sum of a row behind them.

    ``report`` is the part ``part`` of the page; ``label`` and ``total`` are the cells of the first
    and of the last column, ``size`` those of an hour. With ``mark_apart`` the mark of a small
    sample has a cell of its own; a rate below ``faint`` is dim. ``hours`` are the hours shown,
    ``hidden`` the calls at others."""

    def __init__(
        self,
        page: PageBuilder,
        report: Report,
        *,
        part: int = 0,
        label: int = 5,
        total: int = 0,
        mark_apart: bool = False,
        faint: float = FAINT,
    ) -> None:
        self.page, self.report, self.part = page, report, part
        self.label, self.total = label, total
        self.mark_apart, self.faint = mark_apart, faint
        self.size = 8 if page.context.wide else 6
        self.rows: dict[Hour, Row] = {(row["weekday"], row["hour"]): row for row in report.rows}
        self.hours, self.hidden = self._window()
        days = {day for day, _hour in self.rows}
        self.days = [day for day in range(1, 8) if day < 6 or day in days]
        enough = [rate_of(row) for row in report.rows if row["calls"] >= SMALL_SAMPLE]
        self.peak = max(enough, default=0.0) or max(map(rate_of, report.rows), default=0.0)

    def _window(self) -> tuple[list[int], int]:
        """The hours to show, and how many calls lie outside them: the usual hours and all with
        calls; where there is no room for them, the busiest stretch."""
        room = max((self.page.width - self.label - self.total) // self.size, 1)
        busy: dict[int, int] = {}
        for (_day, hour), row in self.rows.items():
            busy[hour] = busy.get(hour, 0) + row["calls"]
        first, last = min([FIRST, *busy]), max([LAST, *busy])
        if last - first + 1 > room:

            def calls(start: int) -> int:
                return sum(busy.get(hour, 0) for hour in range(start, start + room))

            starts = range(first, last - room + 2)
            first = max(starts, key=lambda start: (calls(start), -abs(start - FIRST)))
            last = first + room - 1
        hidden = sum(calls for hour, calls in busy.items() if not first <= hour <= last)
        return list(range(first, last + 1)), hidden

    def keys(self, hour: int) -> tuple[str, ...]:
        """The row keys of an hour, all days together."""
        return tuple(f"{day}/{hour}" for day in range(1, 8) if (day, hour) in self.rows)

    def calls(self, hour: int) -> int:
        """The calls of an hour, all days together."""
        return sum(row["calls"] for (_day, at), row in self.rows.items() if at == hour)

    def head(self) -> None:
        """The hours, that under the cursor in the accent."""
        cursor = self.page.context.cursor
        here = cursor is not None and cursor.row.startswith(f"{self.part}/")
        focused = cursor.column if cursor is not None and here else ""
        line = [Run(" " * self.label, "dim")]
        for hour in self.hours:
            token = "key" if focused == f"h{hour}" else "dim"
            line.append(cell(_("{n}h").format(n=hour), self.size, token, "right"))
        if self.total:
            line.append(cell(_("calls"), self.total, "dim", "right"))
        self.page.add(tuple(line))

    def weekday(self, day: int) -> None:
        """The row of a weekday."""
        line: list[Part] = [cell(day_name(day), self.label, "text")]
        for hour in self.hours:
            line += self._rate(day, hour)
        if self.total:
            mine = [(at, row) for at, row in self.rows.items() if at[0] == day]
            keys = tuple(f"{day}/{hour}" for hour in range(24) if (day, hour) in self.rows)
            calls = sum(row["calls"] for _at, row in mine)
            figure = Figure(
                part=self.part, rows=keys, column="calls", where=day_name(day), value=calls
            )
            text = f"{calls:,}" if calls else figures.nothing()
            line.append(
                FigureCell(column="all", figure=figure, text=text, token="dim", width=self.total)
            )
        self.page.row(name_of(self.part, str(day)), line)

    def _rate(self, day: int, hour: int) -> list[Part]:
        """The level and the percentage of an hour."""
        row, where, column = self.rows.get((day, hour)), f"{day_name(day)} {hour}h", f"h{hour}"
        if row is None:
            figure = Figure(
                part=self.part, rows=(), column="reached_rate", where=where, value=Rate(0, 0)
            )
            return [
                FigureCell(
                    column=column,
                    figure=figure,
                    text=figures.nothing(),
                    token="dim",
                    width=self.size,
                )
            ]
        key = f"{day}/{hour}"
        figure = Figure(
            part=self.part,
            rows=(key,),
            column="reached_rate",
            where=where,
            value=row["reached_rate"],
        )
        rate, small = rate_of(row), (key, "reached_rate") in self.report.small
        strong = rate >= STRONG and not small
        token = "strong" if rate >= BOLD else "dim" if rate < self.faint else "text"
        levels, digits = (3 if self.size > 6 and not self.mark_apart else 2), 3
        if small and self.mark_apart:
            levels, digits = 1, 4
        text = f"{rate * 100:.0f}{'~' if small else ''}"
        digits = max(digits, len(text))  # all of a small sample: "100~"
        levels = max(min(levels, self.size - digits - 1), 1)
        return [
            Run(" " * (self.size - levels - digits)),
            Run(bars.level(rate, self.peak) * levels, "accent" if strong else "dim"),
            FigureCell(
                column=column,
                figure=figure,
                text=text,
                token="dim" if small else token,
                width=digits,
            ),
        ]

    def hidden_note(self, digits: str = "") -> None:
        """How many calls are at hours that are not shown; ``digits`` is the format of the
        number."""
        if self.hidden:
            note = ngettext("{n} call at another hour", "{n} calls at other hours", self.hidden)
            self.page.add(make((note.format(n=f"{self.hidden:{digits}}"), "dim")))


def rate_of(row: Row) -> float:
    """The share of the calls of an hour that reached somebody; 0 of none."""
    return row["reached_rate"].value or 0.0


def day_name(day: int) -> str:
    """``Mon`` … for an ISO weekday."""
    return weekday_name(A_MONDAY.replace(day=day))


def hours(page: PageBuilder, data: ChartData) -> None:
    """The grid of rates, best and worst, and the calls by hour in the same columns."""
    report = data.report
    grid = HourGrid(page, report)
    page.spacer()
    grid.head()
    if page.context.airy:
        page.add(rule(page.width))
    for place, day in enumerate(grid.days):
        if place and page.context.airy:
            page.spacer()
        grid.weekday(day)
    grid.hidden_note()
    _best(page, grid)
    _calls(page, grid)
    best = _("Best {best}, worst {worst}, of the hours with at least {n} calls.").partition("{")[0]
    others = tuple(note for note in report.notes if not note.startswith(best))
    notes(page, replace(report, notes=others))


def _best(page: PageBuilder, grid: HourGrid) -> None:
    """The three best hours and the worst one."""
    ranked = sorted(
        (hour for hour, row in grid.rows.items() if row["calls"] >= LEAST_CALLS),
        key=lambda hour: (-rate_of(grid.rows[hour]), -grid.rows[hour]["calls"], hour),
    )
    if len(ranked) < 2:
        return

    def words(hour: Hour) -> str:
        return f"{day_name(hour[0])} {hour[1]}h {rate_of(grid.rows[hour]):.0%}"

    best = ranked[: min(3, len(ranked) - 1)]
    page.spacer()
    page.add(
        make(
            (_("best") + "  ", "dim"),
            (words(best[0]), "strong"),
            ("".join(f"  {words(hour)}" for hour in best[1:]), "text"),
            (f"     {_('worst')}  ", "dim"),
            (words(ranked[-1]), "text"),
        )
    )


def _calls(page: PageBuilder, grid: HourGrid) -> None:
    """The calls by hour: one row in the columns of the grid, or a bar each where there is room."""
    counts = {hour: grid.calls(hour) for hour in grid.hours}
    peak = max(counts.values())
    total = sum(row["calls"] for row in grid.rows.values())
    heading(page, _("Calls by hour"), f"{total:,}")
    line: list[Part] = [Run(" " * grid.label)]
    level = 3 if grid.size > 6 else 2 if peak < 100 else 1  # cells
    for hour, calls in counts.items():
        figure = Figure(part=0, rows=grid.keys(hour), column="calls", where=f"{hour}h", value=calls)
        if page.context.airy:
            bar = bars.bar(calls, peak, min(page.width - 14, 62))
            number = FigureCell(
                column="calls",
                figure=figure,
                text=f"{calls:,}",
                token="strong" if calls else "dim",
                width=6,
            )
            label = cell(_("{n}h").format(n=hour), 4, "dim", "right")
            page.row(name_of(0, f"calls/{hour}"), [label, number, Run("  "), *bar])
            continue
        text = str(calls) if calls else figures.nothing()
        token = "text" if calls else "dim"
        line += [
            Run(" " * (grid.size - 5)),
            Run((bars.level(calls, peak) if calls else " ") * level, "accent"),
            FigureCell(column=f"h{hour}", figure=figure, text=text, token=token, width=5 - level),
        ]
    if not page.context.airy:
        page.row(name_of(0, "calls"), line)
