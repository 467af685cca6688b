"""Hours: when people answer. Five weekdays by hours, a level and a number in each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from tui_crm.core.dates.labels import weekday_name
from tui_crm.core.reports.types import SMALL_SAMPLE, Rate
from tui_crm.core.text import _, ngettext
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.charts import figures
from tui_crm.tui.widgets.charts.page import Figure, PageBuilder, Shown
from tui_crm.tui.widgets.charts.table import heading, name_of, notes
from tui_crm.tui.widgets.lines import Line, Run, cell, make, rule

LABEL = 5
A_MONDAY = date(2024, 1, 1)
FIRST, LAST = 8, 18  # hours always shown where there is room
STRONG, BOLD = 1 / 3, 0.4  # a rate from which a level is in the accent, a number bold


def hours(body: PageBuilder, shown: Shown) -> None:
    """The grid of rates, best and worst, and the calls by hour in the same columns."""
    report = shown.report
    found = {(row["weekday"], row["hour"]): row for row in report.rows}
    cell_width = 8 if body.look.wide else 6
    here, hidden = window(found, max((body.width - LABEL) // cell_width, 1))
    days = [day for day in range(1, 8) if day < 6 or any(place[0] == day for place in found)]
    if not found:
        days = []
    peak = max((_rate(row) for row in report.rows if row["calls"] >= SMALL_SAMPLE), default=0.0)
    peak = peak or max((_rate(row) for row in report.rows), default=0.0)
    spot = body.look.spot
    hot = spot.column if spot is not None else ""
    if days:
        body.spacer()
        body.add(
            (
                Run(" " * LABEL, "dim"),
                *(
                    cell(
                        _("{n}h").format(n=hour),
                        cell_width,
                        "key" if hot == f"h{hour}" else "dim",
                        "right",
                    )
                    for hour in here
                ),
            )
        )
        if body.look.airy:
            body.add(rule(body.width))
    for place, day in enumerate(days):
        if place and body.look.airy:
            body.spacer()
        _weekday(body, day, here, found, peak, cell_width, report.small)
    if hidden:
        body.add(
            make(
                (
                    ngettext("{n} call at another hour", "{n} calls at other hours", hidden).format(
                        n=hidden
                    ),
                    "dim",
                )
            )
        )
    if days:
        _best(body, found)
        _calls(body, here, found, cell_width)
    best = _("Best {best}, worst {worst}.").partition("{")[0]
    kept = tuple(note for note in report.notes if not note.startswith(best))
    notes(body, replace(report, notes=kept))


def _rate(row: dict[str, Any]) -> float:
    return row["reached_rate"].value or 0.0


def window(found: dict[tuple[int, int], Any], room: int) -> tuple[list[int], int]:
    """The hours to show, and how many calls lie outside them: the usual ones and all with calls;
    where that is too much, the busiest stretch."""
    busy: dict[int, int] = {}
    for (_day, hour), row in found.items():
        busy[hour] = busy.get(hour, 0) + row["calls"]
    first = min([FIRST, *busy])
    last = max([LAST, *busy])
    if last - first + 1 > room:
        starts = range(first, last - room + 2)
        first = max(
            starts, key=lambda at: (sum(busy.get(h, 0) for h in range(at, at + room)), -abs(at - 8))
        )
        last = first + room - 1
    hidden = sum(calls for hour, calls in busy.items() if not first <= hour <= last)
    return list(range(first, last + 1)), hidden


def day_name(day: int) -> str:
    """``Mon`` … for an ISO weekday."""
    return weekday_name(A_MONDAY.replace(day=day))


def _weekday(
    body: PageBuilder,
    day: int,
    here: list[int],
    found: dict[tuple[int, int], dict[str, Any]],
    peak: float,
    cell_width: int,
    small: frozenset[tuple[str, str]],
) -> None:
    figures_here = []
    for hour in here:
        row = found.get((day, hour))
        key = f"{day}/{hour}"
        value = row["reached_rate"] if row else Rate(0, 0)
        keys = (key,) if row else ()
        where = f"{day_name(day)} {hour}h"
        figures_here.append((f"h{hour}", Figure(0, keys, "reached_rate", where, value)))
    block = cell_width - 5

    def draw(hot: str) -> Line:
        line: Line = (cell(day_name(day), LABEL, "text"),)
        for hour in here:
            row = found.get((day, hour))
            if row is None:
                line += (
                    cell(
                        figures.nothing(),
                        cell_width,
                        "key" if hot == f"h{hour}" else "dim",
                        "right",
                    ),
                )
                continue
            rate = _rate(row)
            few = (f"{day}/{hour}", "reached_rate") in small
            strong = rate >= STRONG and not few
            number = "dim" if (not strong and rate < 0.2) or few else "text"
            if rate >= BOLD and not few:
                number = "strong"
            if hot == f"h{hour}":
                number = "key"
            line += (
                Run("  " if cell_width > 6 else " ", "text"),
                Run(
                    bars.level(rate, peak) * (block if cell_width > 6 else 2),
                    "accent" if strong else "dim",
                ),
                cell(f"{rate * 100:.0f}{'~' if few else ''}", 3, number, "right"),
            )
        return line

    body.stop(name_of(0, str(day)), figures_here, draw)


def _best(body: PageBuilder, found: dict[tuple[int, int], dict[str, Any]]) -> None:
    ranked = sorted(
        (place for place, row in found.items() if row["calls"] >= SMALL_SAMPLE),
        key=lambda place: (-_rate(found[place]), -found[place]["calls"], place),
    )
    if len(ranked) < 2:
        return

    def said(place: tuple[int, int]) -> str:
        return f"{day_name(place[0])} {place[1]}h {_rate(found[place]):.0%}"

    best = ranked[: min(3, len(ranked) - 1)]
    body.spacer()
    body.add(
        make(
            (_("best") + "  ", "dim"),
            (said(best[0]), "strong"),
            ("".join(f"  {said(place)}" for place in best[1:]), "text"),
            (f"     {_('worst')}  ", "dim"),
            (said(ranked[-1]), "text"),
        )
    )


def _calls(
    body: PageBuilder,
    here: list[int],
    found: dict[tuple[int, int], dict[str, Any]],
    cell_width: int,
) -> None:
    """The calls by hour: one row in the columns of the grid, or a bar each where there is room."""
    by_hour: dict[int, tuple[tuple[str, ...], int]] = {}
    for hour in here:
        keys = tuple(f"{day}/{hour}" for day in range(1, 8) if (day, hour) in found)
        by_hour[hour] = (
            keys,
            sum(found[day, hour]["calls"] for day in range(1, 8) if (day, hour) in found),
        )
    peak = max(calls for _keys, calls in by_hour.values())
    total = sum(row["calls"] for row in found.values())
    heading(body, _("Calls by hour"), f"{total:,}")
    if not body.look.airy:
        figures_here = [
            (f"h{hour}", Figure(0, keys, "calls", f"{hour}h", calls))
            for hour, (keys, calls) in by_hour.items()
        ]

        def draw(hot: str) -> Line:
            line: Line = (Run(" " * LABEL, "text"),)
            for hour, (_keys, calls) in by_hour.items():
                size = 3 if cell_width > 6 else 2 if peak < 100 else 1
                line += (
                    Run(" " * (cell_width - 5), "text"),
                    Run((bars.level(calls, peak) if calls else " ") * size, "accent"),
                    cell(
                        str(calls) if calls else figures.nothing(),
                        5 - size,
                        "key" if hot == f"h{hour}" else "text" if calls else "dim",
                        "right",
                    ),
                )
            return line

        body.stop(name_of(0, "calls"), figures_here, draw)
        return
    for hour, (keys, calls) in by_hour.items():

        def draw_one(hot: str, hour: int = hour, calls: int = calls) -> Line:
            return (
                cell(_("{n}h").format(n=hour), 4, "dim", "right"),
                cell(f"{calls:,}", 6, "key" if hot else "strong" if calls else "dim", "right"),
                Run("  ", "text"),
                *bars.bar(calls, peak, min(body.width - 14, 62)),
            )

        body.stop(
            name_of(0, f"calls/{hour}"),
            [("calls", Figure(0, keys, "calls", f"{hour}h", calls))],
            draw_one,
        )
