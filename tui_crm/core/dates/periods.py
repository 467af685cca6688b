"""Periods of reports: ``2026-q1``, ``last-quarter``, ``2026-03-01..2026-03-31``, and their parts.

A period is whole days, both ends included, of the workspace's calendar; weeks are ISO weeks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from tui_crm.core.errors import CrmError
from tui_crm.core.text import _

UNITS = ("day", "week", "month", "quarter", "year")
"""What a period can be cut into (``--by``)."""

FIRST_YEAR, LAST_YEAR = 1900, 2199
_MOST_BACK = 36_500
_DAY = timedelta(days=1)

_YEAR = r"([0-9]{4})"
_QUARTER = r"(?:([0-9]{4})-?)?q([1-4])"
_WEEK = r"(?:([0-9]{4})-?)?w([0-9]{1,2})"
_MONTH = r"([0-9]{4})-([0-9]{1,2})"
_ONE_DAY = r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
_LAST = r"last-([0-9]{1,5})-?(d|w|m|y|days?|weeks?|months?|years?)"
_NAMED = r"(this|last|previous|next)-(day|week|month|quarter|year)"


@dataclass(frozen=True)
class Period:
    """Days from ``first`` to ``last``, both included.

    ``label`` is its name (``2026``, ``2026-Q1``, ``2026-03``, ``2026-W48``, ``2026-11-23``,
    ``2026-03-01..2026-03-15``, ``all``) and is itself understood by ``period``. ``unit`` says what
    one step back is: one of ``UNITS``, "months" (a range of whole months), "days", or "all".
    """

    label: str
    first: date
    last: date
    unit: str = "days"

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def period(text: str, today: date, bounds: tuple[date, date] | None = None) -> Period:
    """The period that ``text`` names, as seen on ``today``.

    Understood: ``2026``, ``2026-q1``, ``2026-03``, ``2026-W48``, a day, ``from..to`` of any of
    these (an open end is today), ``today``, ``yesterday``, ``this-``, ``last-`` or ``next-`` with
    week, month, quarter or year, ``last-90d`` (today included; also w, m, y) and ``all``, which is
    ``bounds`` (first and last day there are data for; without them today). Capitals do not
    matter, and a space does for a hyphen. Raises CrmError with an example otherwise.
    """
    typed = text
    text = re.sub(r"[\s_]+", "-", text.strip().casefold())
    text = re.sub(r"-*(\.\.+|…)-*", "..", text)
    if text in ("all", "all-time", "ever"):
        first, last = bounds or (today, today)
        return Period("all", first, max(first, last), "all")
    try:
        found = _range(text, today) if ".." in text else _one(text, today)
    except (ValueError, OverflowError):
        found = None
    if found is None or not (found.first.year >= FIRST_YEAR and found.last.year <= LAST_YEAR + 1):
        raise CrmError(
            _("“{typed}” is no period.").format(typed=typed.strip()[:60]),
            _("Try 2026, 2026-q1, 2026-03, 2026-03-01..2026-03-31, this-month, last-90d or all."),
        )
    return found


def of(day: date, unit: str) -> Period:
    """The day, week, month, quarter or year that ``day`` is in. Raises CrmError for another
    unit."""
    if unit == "day":
        return Period(day.isoformat(), day, day, unit)
    if unit == "week":
        year, week, weekday = day.isocalendar()
        first = day - (weekday - 1) * _DAY
        return Period(f"{year}-W{week:02d}", first, first + 6 * _DAY, unit)
    if unit == "month":
        first = day.replace(day=1)
        return Period(f"{day:%Y-%m}", first, first + relativedelta(months=1) - _DAY, unit)
    if unit == "quarter":
        quarter = (day.month - 1) // 3
        first = date(day.year, quarter * 3 + 1, 1)
        label = f"{day.year}-Q{quarter + 1}"
        return Period(label, first, first + relativedelta(months=3) - _DAY, unit)
    if unit == "year":
        return Period(str(day.year), date(day.year, 1, 1), date(day.year, 12, 31), unit)
    raise CrmError(
        _("“{unit}” is no part of a period.").format(unit=unit[:40]),
        _("Use day, week, month, quarter or year."),
    )


def buckets(whole: Period, by: str) -> tuple[Period, ...]:
    """The days, weeks, months, quarters or years of a period, in order.

    The first and the last are cut at the ends of the period, so that their sums are its totals;
    their labels stay those of the whole week or month. Raises CrmError for another ``by``.
    """
    parts = []
    day = whole.first
    while day <= whole.last:
        part = of(day, by)
        parts.append(
            replace(part, first=max(part.first, whole.first), last=min(part.last, whole.last))
        )
        day = part.last + _DAY
    if not parts:
        of(whole.first, by)
    return tuple(parts)


def previous(this: Period) -> Period:
    """The period before: the month before a month, as many days before a range of days."""
    return _beside(this, -1)


def following(this: Period) -> Period:
    """The period after: the month after a month, as many days after a range of days."""
    return _beside(this, 1)


def same_a_year_ago(this: Period) -> Period:
    """The same period one year earlier; a week keeps its number (week 53 becomes 52)."""
    _not_all(this)
    if this.unit == "week":
        year, week, _weekday = this.first.isocalendar()
        return _week(year - 1, min(week, _weeks_of(year - 1)))
    if this.unit in UNITS:
        return of(this.first - relativedelta(years=1), this.unit)
    first = this.first - relativedelta(years=1)
    if this.unit == "months":
        return _months(first, _month_count(this))
    return _days(first, this.last - relativedelta(years=1))


def elapsed(this: Period, today: date) -> int:
    """How many days of it are gone, today included: 0 before it begins, all of them after it."""
    return min(max((today - this.first).days + 1, 0), this.days)


def running(this: Period, today: date) -> bool:
    """Whether it has begun and has not ended."""
    return this.first <= today < this.last


def cut(this: Period, days: int) -> Period:
    """Its first ``days`` days (at least one): what a running period is compared with.

    Growth compares the running period with the same number of days of the one before.
    """
    if days >= this.days:
        return this
    return _days(this.first, this.first + (max(days, 1) - 1) * _DAY)


def _one(text: str, today: date) -> Period | None:
    if text == "today":
        return of(today, "day")
    if text == "yesterday":
        return of(today - _DAY, "day")
    if m := re.fullmatch(_NAMED, text):
        this = of(today, m[2])
        return {"this": this, "next": following(this)}.get(m[1]) or previous(this)
    if m := re.fullmatch(_LAST, text):
        return _last(int(m[1]), m[2][0], today)
    return _calendar(text, today)


def _calendar(text: str, today: date) -> Period | None:
    """A period with its own name, the same on every day."""
    if m := re.fullmatch(_YEAR, text):
        return of(date(int(m[1]), 1, 1), "year")
    if m := re.fullmatch(_QUARTER, text):
        return of(date(int(m[1] or today.year), int(m[2]) * 3, 1), "quarter")
    if m := re.fullmatch(_WEEK, text):
        return _week(int(m[1] or today.isocalendar().year), int(m[2]))
    if m := re.fullmatch(_ONE_DAY, text):
        return of(date(int(m[1]), int(m[2]), int(m[3])), "day")
    if m := re.fullmatch(_MONTH, text):
        return of(date(int(m[1]), int(m[2]), 1), "month")
    return None


def _range(text: str, today: date) -> Period | None:
    start, _dots, end = text.partition("..")
    begins = _one(start, today)
    ends = _one(end, today) if end else of(today, "day")
    if begins is None or ends is None or ends.last < begins.first:
        return None
    return _days(begins.first, ends.last)


def _days(first: date, last: date) -> Period:
    whole_months = first.day == 1 and (last + _DAY).day == 1
    unit = "months" if whole_months else "days"
    return Period(f"{first.isoformat()}..{last.isoformat()}", first, last, unit)


def _last(count: int, letter: str, today: date) -> Period | None:
    if not 0 < count <= _MOST_BACK:
        return None
    if letter in "my":
        months = count * (12 if letter == "y" else 1)
        first = today - relativedelta(months=months) + _DAY
    else:
        first = today - (count * (7 if letter == "w" else 1) - 1) * _DAY
    # Named by its length, so one step back is as many days, even where it is whole months.
    return replace(_days(first, today), unit="days")


def _beside(this: Period, steps: int) -> Period:
    _not_all(this)
    if this.unit in UNITS:
        return of((this.first - _DAY) if steps < 0 else (this.last + _DAY), this.unit)
    if this.unit == "months":
        count = _month_count(this)
        return _months(this.first + relativedelta(months=count * steps), count)
    far = this.days * steps * _DAY
    return replace(_days(this.first + far, this.last + far), unit=this.unit)


def _months(first: date, count: int) -> Period:
    return _days(first, first + relativedelta(months=count) - _DAY)


def _month_count(this: Period) -> int:
    after = this.last + _DAY
    return (after.year - this.first.year) * 12 + after.month - this.first.month


def _week(year: int, week: int) -> Period:
    return of(date.fromisocalendar(year, week, 1), "week")


def _weeks_of(year: int) -> int:
    return date(year, 12, 28).isocalendar().week


def _not_all(this: Period) -> None:
    if this.unit == "all":
        raise CrmError(
            _("All time has no period before or after it."),
            _("Choose a period to compare, for example this-month or last-quarter."),
        )
