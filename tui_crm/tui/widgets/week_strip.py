"""The week strip: days by the hour, booked ``█`` or due ``▄``, with how many things each day holds.

Pure functions of the days that `tui_crm.core.leads.week` reads; beside them only words, so that a
day without anything is a hairline.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tui_crm.core.dates.labels import length_in_words, weekday_name
from tui_crm.core.leads.week import WeekDay
from tui_crm.core.text import _
from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets.lines import Line, Run, cell, clip, make, section

FROM, UNTIL = 9, 17  # hours that are always shown
LABEL, COUNT = 9, 4  # cells
MOST_CELLS = 5  # of an hour, the gap behind it included


def strip(days: Sequence[WeekDay], width: int, today: date, name: str = "") -> list[Line]:
    """The days in ``width`` cells: a head with the sum that is booked, the hours, a row a day."""
    hours = _hours(days)
    size = max(1, min(MOST_CELLS, (width - LABEL - COUNT) // len(hours)))
    booked = sum(day.booked for day in days)
    note = _("{time} booked").format(time=length_in_words(booked)) if booked else ""
    return [
        section(name or _("Week"), width, note=note),
        clip(_head(hours, size), width),
        *(clip(_row(day, hours, size, today), width) for day in days),
    ]


def legend() -> Line:
    """What the two marks mean."""
    drawn = glyphs.active()
    return make(
        (drawn.block, "accent"),
        (f" {_('booked')}  ", "dim"),
        (_due(), "due"),
        (f" {_('due')}", "dim"),
    )


def _hours(days: Sequence[WeekDay]) -> range:
    """The hours that are shown: those of an office, and earlier or later ones where there is
    something in them."""
    timed = [one for day in days for one in day.timed]
    first = min([FROM, *(one.at.hour for one in timed)])
    last = max([UNTIL, *(_last_hour(day) for day in days)])
    return range(first, min(last, 24))


def _last_hour(day: WeekDay) -> int:
    """The hour at which the last thing of a day is over."""
    return max((hour + 1 for hour in range(24) if day.hour(hour)), default=0)


def _head(hours: range, size: int) -> Line:
    """The clock above the columns; every second hour where a column is narrow."""
    every = 1 if size >= 3 else 2 if size == 2 else 3
    words = "".join(
        f"{hour:<{size * every}}" for place, hour in enumerate(hours) if place % every == 0
    )
    return make((" " * LABEL, "dim"), (words, "dim"))


def _row(day: WeekDay, hours: range, size: int, today: date) -> Line:
    token = "strong" if day.day == today else "text" if day.works else "dim"
    runs = [cell(f"{weekday_name(day.day)} {day.day.day}", LABEL, token)]
    drawn, gap = glyphs.active(), 1 if size > 1 else 0
    for hour in hours:
        what = day.hour(hour)
        mark, tone = {"booked": (drawn.block, "accent"), "due": (_due(), "due")}.get(
            what, (drawn.rule if day.works else " ", "rule")
        )
        runs += [Run(mark * (size - gap), tone), Run(" " * gap, "text")]
    there = len(day.timed) + day.untimed
    runs.append(cell(str(there) if there else "", COUNT - 1, "dim", "right"))
    return tuple(runs)


def _due() -> str:
    """The mark of an hour in which something is due; another one than booked in ASCII too."""
    drawn = glyphs.active()
    return drawn.heavy if drawn.ascii else drawn.lower
