"""Figures as text: how a value of a report reads, alone and against another; periods in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tui_crm.core import money
from tui_crm.core.dates import periods
from tui_crm.core.dates.labels import length_in_words, month_name, weekday_name
from tui_crm.core.dates.periods import Period
from tui_crm.core.errors import CrmError
from tui_crm.core.reports.question import NOBODY
from tui_crm.core.reports.types import TOTAL, Column, Rate, Report, Row, Value
from tui_crm.core.text import _
from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets.lines import Line, make

LABELS = {
    "call": "call",
    "email": "e-mail",
    "meeting": "meeting",
    "visit": "visit",
    "message": "message",
    "lost": "lost",
    "cancelled": "cancelled",
    "overdue": "overdue",
    "undated": "undated",
    "calls": "calls",
    "actions": "actions",
    "leads": "new leads",
    "wins": "wins",
    "amount": "won amount",
}
UNIT_WIDTHS = {
    "count": 4,
    "money": 6,
    "rate": 11,
    "change": 5,
    "ratio": 5,
    "number": 5,
    "percent": 4,
    "days": 4,
    "minutes": 6,
    "hours": 5,
    "goal": 6,
    "moment": 10,
    "flag": 5,
}


def nothing() -> str:
    """The sign of an unknown value: never a zero."""
    return glyphs.active().nothing


def number_of(value: Value) -> float | None:
    """A value as a number, to draw or compare it; None for a text, a flag, an unknown value."""
    if isinstance(value, Rate):
        return value.value
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def format_value(value: Value, unit: str, currency: str, full: bool = False) -> str:
    """A value as text, by the unit of its column. ``full`` is for a sentence: money with its
    currency, days and minutes in words."""
    if value is None or (isinstance(value, Rate) and value.value is None):
        return nothing()
    match unit:
        case "money":
            return money.full(value, currency) if full else money.compact(value, currency)
        case "rate":
            return f"{value.value:.0%}"
        case "change":
            return f"{value.value:+.0%}"
        case "ratio" | "number":
            return f"{value.value if isinstance(value, Rate) else value:.1f}"
        case "chance":
            return f"{value:.0%}"
        case "fraction":
            return f"{value:.3f}"
        case "lead":
            return f"#{value}"
        case "reasons":
            return "; ".join(f"{'+' if one.raises else '-'} {one.text}" for one in value)
        case "percent":
            return f"{value}%"
        case "days":
            if full:
                return _("{n} d").format(n=f"{value:.1f}".removesuffix(".0"))
            return _("{n}d").format(n=int(value + 0.5))
        case "minutes":
            return length_in_words(round(value)) if full else f"{round(value):,}m"
        case "hours":
            return f"{value:.1f}h"
        case "moment":
            return f"{value:%Y-%m-%d}"
        case "flag":
            return "~" if value else ""
        case "text":
            return label_of(value)
    return f"{value:,g}" if isinstance(value, float) and value < 1e6 else f"{value:,}"


def label_of(value: Value) -> str:
    """A text of a report: a word of ours translated, what a user typed as it is."""
    if value in (None, NOBODY):
        return nothing()
    return _(LABELS[value]) if value in LABELS else str(value)


def fraction(value: Value) -> str:
    """What a rate was counted from: ``9/26``."""
    return f"{value.n:,}/{value.d:,}" if isinstance(value, Rate) else ""


def fraction_words(value: Value) -> str:
    """What a rate was counted from, for a sentence: ``9 of 26``."""
    if not isinstance(value, Rate):
        return ""
    return _("{n} of {d}").format(n=f"{value.n:,}", d=f"{value.d:,}")


# -- against another -------------------------------------------------------------------------------


def row_before(now: Report, then: Report, key: str) -> Row | None:
    """The row of ``then`` that is compared with a row of ``now``; None where there is none. Rows
    that are parts of the period are matched by their place, others by their key."""
    if key == TOTAL:
        return then.totals
    if key in now.keys and now.columns[0].key in ("period", "cohort"):
        place = now.keys.index(key)
        return then.rows[place] if place < len(then.rows) else None
    return then.rows[then.keys.index(key)] if key in then.keys else None


# The columns where more is better, and where less is: only their changes are coloured.
BETTER_UP = {
    "won",
    "won_amount",
    "average_won",
    "win_rate",
    "win_rate_all",
    "reached_rate",
    "velocity",
    "conversion",
    "created",
    "leads",
}
BETTER_DOWN = {
    "cycle_mean_days",
    "cycle_median_days",
    "cycle_days",
    "calls_per_lead",
    "calls_per_win",
    "median_days",
}


def change(column: Column, value: Value, before: Value) -> tuple[str, str] | None:
    """The change from ``before`` to ``value`` as text and its token; None where there is nothing to
    compare."""
    now, was = number_of(value), number_of(before)
    if now is None or was is None:
        return None
    difference = now - was
    if column.unit == "rate":
        difference = round(now * 100) - round(was * 100)
        text = _("{n} pt").format(n=_signed(difference))
    elif column.unit == "days":
        days = round(abs(difference))
        difference = round(difference)
        text = (
            (_("{n} d longer") if difference > 0 else _("{n} d shorter")).format(n=days)
            if days
            else _("the same")
        )
    elif was:
        difference = round(difference / abs(was) * 100)
        times = f"{glyphs.active().up} x{now / was:.0f}"
        text = f"{_signed(difference)}%" if abs(difference) < 1000 else times
    else:
        text = f"{glyphs.active().up} {format_value(value, column.unit, 'EUR')}" if now else "±0"
    return text, _direction(column.key, difference)


def _signed(difference: float) -> str:
    """``▲ 12``, ``▼ 4``, ``±0``: the direction is read without colour too."""
    if not difference:
        return "±0"
    drawn = glyphs.active()
    return f"{drawn.up if difference > 0 else drawn.down} {abs(difference):,.0f}"


def _direction(key: str, difference: float) -> str:
    if not difference or key not in BETTER_UP | BETTER_DOWN:
        return "dim"
    return "won" if (difference > 0) == (key in BETTER_UP) else "late"


# -- periods ---------------------------------------------------------------------------------------


def period_of(label: str, today: date) -> Period | None:
    """The period that a row key names; None when it names something else."""
    if not label[:4].isdigit():
        return None
    try:
        return periods.period(label, today)
    except CrmError:
        return None


def row_label(label: str, today: date, several_years: bool = False) -> str:
    """The label of the row of a part of a period: ``Oct``, ``W48``, ``Q3``, ``Mon 5 Oct``; with its
    year where the rows are of several."""
    period = period_of(label, today)
    if period is None:
        return label_of(label)
    other = several_years and period.first.year != today.year
    year = f" {period.first.year}" if other else ""
    match period.unit:
        case "month":
            return f"{month_name(int(label[5:7]))}{year}"
        case "quarter":
            return f"{label[5:]}{year}"
        case "week":
            return f"{label[5:]}{year}"
        case "day":
            day = period.first
            return f"{weekday_name(day)} {day.day} {month_name(day.month)}{year}"
    return label


def period_words(this: Period) -> str:
    """A period in words: ``Jun to Nov 2026``, ``Q3 2026``, ``25 Aug to 23 Nov 2026``."""
    first, last = this.first, this.last
    match this.unit:
        case "all":
            return _("all time")
        case "year":
            return this.label
        case "quarter" | "week":
            return f"{this.label[5:]} {this.label[:4]}"
        case "month":
            return f"{month_name(first.month)} {first.year}"
        case "day":
            return f"{weekday_name(first)} {first.day} {month_name(first.month)} {first.year}"
        case "months":
            start = month_name(first.month) + (f" {first.year}" if first.year != last.year else "")
            return _("{first} to {last}").format(
                first=start, last=f"{month_name(last.month)} {last.year}"
            )
    start = f"{first.day} {month_name(first.month)}"
    if first.year != last.year:
        start += f" {first.year}"
    end = f"{last.day} {month_name(last.month)} {last.year}"
    return end if first == last else _("{first} to {last}").format(first=start, last=end)


def several_years(labels: Sequence[str]) -> bool:
    """Whether the row keys name parts of more than one year."""
    years = {label[:4] for label in labels if label[:4].isdigit()}
    return len(years) > 1


def legend(*items: tuple[str, str, str]) -> Line:
    """``━━ reached  ── not reached``: for each item a sign, its token and a word."""
    pieces: list[tuple[str, str]] = []
    for place, (sign, token, word) in enumerate(items):
        pieces += [("  " if place else "", "text"), (sign, token), (f" {word}", "dim")]
    return make(*pieces)
