"""Dates and distances in a typed date: ``12/1``, ``12 dec``, ``+3d``. Each reader at one word.

The readers' contract is that of :mod:`.clock_reader`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time, timedelta
from itertools import islice
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from tui_crm.core.dates.clock_reader import (
    COUNTED,
    GLUED_HOUR,
    HOURS_MINUTES,
    Distance,
    closes,
    counted,
    hour_is_clock,
)
from tui_crm.core.dates.labels import day_label
from tui_crm.core.dates.vocabulary import (
    CLOCK_UNITS,
    IN,
    MERIDIAN,
    MONTHS,
    OF,
    UNITS,
    NotUnderstood,
    Words,
    looks_like_month,
    match,
)
from tui_crm.core.text import _

FIRST_YEAR, LAST_YEAR = 1900, 2199
_FARTHEST_DAYS = 366 * 50

_ISO = re.compile(
    r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})(?:t([0-9]{1,2}:[0-9]{2}))?(?::[0-9]{2})?"
)
_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})(?:/([0-9]{4}|[0-9]{2}))?")
_DASHED = re.compile(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})")
_DOTS = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4}|[0-9]{2})?")
_DAY_NUMBER = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|er|º|\.)?")
_DAY_MONTH = re.compile(r"([0-9]{1,2})([a-z]{3,})")
_YEAR = re.compile(r"(?:19|20|21)[0-9]{2}")


class Days(NamedTuple):
    """The days an expression may mean, soonest first; the first one not past is taken.

    ``exact``: a full date that stays as typed, past or not. ``weekday`` (Monday 0) is one that
    was typed with the date and has to agree with it.
    """

    candidates: tuple[date, ...]
    exact: bool = False
    weekday: int | None = None


def distance(words: Words, i: int, language: str) -> tuple[Distance, int] | None:
    """From now: ``+3d``, ``in 3 days``, ``dans 3 j``, ``30m``, ``3h``.

    After ``+`` a lone m is months, as in ``+1m``, but above 12 minutes. Without ``+`` or "in",
    days and longer count only with a time, a length, a kind or nothing behind them: "3d printer"
    is text.
    """
    typed = words[i].bare
    if typed.startswith("+") and len(typed) <= 12:
        return _plus(words, i)
    if typed.startswith("-") and (m := COUNTED.fullmatch(typed[1:])) and (m[2],) in UNITS:
        raise NotUnderstood(_("“{typed}” is past").format(typed=words[i].raw))
    start = i
    if intro := match(IN, words, i):
        i = intro[1]
    glued = GLUED_HOUR.fullmatch(words[i].bare) if i == start else None
    if glued and hour_is_clock(int(glued[1]), "", language, exact=glued[2] is not None):
        return None
    if i < len(words) and (m := HOURS_MINUTES.fullmatch(words[i].bare)):
        return Distance(int(m[1]) * 60 + int(m[2]), "minute"), i + 1
    found = counted(words, i, spelled=i > start)
    if found is None or i > start:
        return found
    spaced_hour = found[1] - i > 1 and words[i + 1].bare in CLOCK_UNITS
    if spaced_hour and hour_is_clock(found[0].amount, "", language, exact=False):
        return None
    loose = found[1] - i > 1 or found[0].unit not in ("minute", "hour")
    return None if loose and not closes(words, found[1]) else found


def _plus(words: Words, i: int) -> tuple[Distance, int] | None:
    typed = words[i].bare[1:]
    last = i
    if not typed or typed.isdecimal():
        unit_at = i + 1 if typed else i + 2
        if unit_at >= len(words):
            return None
        typed, last = (typed or words[i + 1].bare) + words[unit_at].bare, unit_at
        glued = False
    else:
        glued = True
    if m := HOURS_MINUTES.fullmatch(typed):
        return Distance(int(m[1]) * 60 + int(m[2]), "minute"), last + 1
    m = COUNTED.fullmatch(typed)
    unit = None
    if m:
        count = int(m[1])
        unit = UNITS.get((m[2],))
        if m[2] == "m":
            unit = "month" if count <= 12 else "minute"
    if m and unit:
        return Distance(count, unit), last + 1
    if m and glued:
        raise NotUnderstood(_("“{typed}” is no date").format(typed=words[i].raw))
    return None


def reached(far: Distance, today: date, typed: str) -> date:
    """The day that lies ``far`` off, counted in days or longer; the last day of a shorter month."""
    days_each = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}[far.unit]
    if far.amount * days_each > _FARTHEST_DAYS:
        raise NotUnderstood(_("“{typed}” is too far off").format(typed=typed))
    if far.unit in ("day", "week"):
        return today + timedelta(days=far.amount * days_each)
    months = far.amount * {"month": 1, "quarter": 3, "year": 12}[far.unit]
    found: date = today + relativedelta(months=months)
    return found


def calendar(words: Words, i: int, today: date, locale: str) -> tuple[Days, int] | None:
    """A date: ``2026-12-01``, ``12/1`` by the locale's order, ``12.1.``, ``12 dec``, ``dec 12``."""
    if i >= len(words):
        return None
    word, typed = words[i].word, words[i].raw
    if m := _ISO.fullmatch(word):
        return _exact(int(m[1]), int(m[2]), int(m[3]), typed), i + 1
    if m := _DASHED.fullmatch(word):
        return _exact(int(m[3]), int(m[2]), int(m[1]), typed), i + 1
    if m := _DOTS.fullmatch(word):
        return _numbers(int(m[1]), int(m[2]), m[3], today, typed), i + 1
    if m := _SLASHED.fullmatch(words[i].bare):
        first, second = int(m[1]), int(m[2])
        month_first = locale.replace("-", "_").split(".")[0].casefold() == "en_us"
        if (month_first and first <= 12) or second > 12:
            first, second = second, first
        return _numbers(first, second, m[3], today, typed), i + 1
    return _named(words, i, today, locale)


def _named(words: Words, i: int, today: date, locale: str) -> tuple[Days, int] | None:
    """``12 dec``, ``1er décembre 2027``, ``12 de diciembre``, ``dec 12``."""
    typed = words[i].raw
    if m := _DAY_MONTH.fullmatch(words[i].bare):
        if month := MONTHS.get((m[2],)):
            return _with_year(words, i + 1, int(m[1]), month, today, typed)
        return None
    if m := _DAY_NUMBER.fullmatch(words[i].word):
        n = of[1] if (of := match(OF, words, i + 1)) else i + 1
        if found := match(MONTHS, words, n):
            return _with_year(
                words, found[1], int(m[1]), found[0], today, f"{typed} {words[n].raw}"
            )
        if n < len(words) and looks_like_month(words[n].bare):
            raise NotUnderstood(_("“{typed}” is no month").format(typed=words[n].raw))
        return None
    if (found := match(MONTHS, words, i)) and found[1] < len(words):
        n = found[1]
        m = _DAY_NUMBER.fullmatch(words[n].word)
        if m and not counted(words, n) and _month_here(words, i, n, locale):
            both = f"{typed} {words[n].raw}"
            return _with_year(words, n + 1, int(m[1]), found[0], today, both)
    return None


def _month_here(words: Words, i: int, n: int, locale: str) -> bool:
    """``mar 10`` is Tuesday at ten for Spanish and French reps, 10 March for the others."""
    if words[i].bare != "mar" or int(re.sub(r"\D", "", words[n].bare)) > 23:
        return True
    return locale[:2].casefold() not in ("es", "fr") and not match(MERIDIAN, words, n + 1)


def _with_year(
    words: Words, i: int, day: int, month: int, today: date, typed: str
) -> tuple[Days, int]:
    n = of[1] if (of := match(OF, words, i)) else i
    if n < len(words) and _YEAR.fullmatch(words[n].bare):
        return _exact(int(words[n].bare), month, day, f"{typed} {words[n].raw}"), n + 1
    return _numbers(day, month, None, today, typed), i


def _numbers(day: int, month: int, year: str | None, today: date, typed: str) -> Days:
    if year is not None:
        return _exact(int(year) + (2000 if len(year) == 2 else 0), month, day, typed)
    years = (_date(today.year + n, month, day) for n in range(13))
    candidates = tuple(islice((d for d in years if d and d >= today), 2))
    if not candidates:
        raise NotUnderstood(_("“{typed}” is no date").format(typed=typed))
    return Days(candidates)


def _exact(year: int, month: int, day: int, typed: str) -> Days:
    found = _date(year, month, day)
    if found is None:
        raise NotUnderstood(_("“{typed}” is no date").format(typed=typed))
    return Days((found,), exact=True)


def _date(year: int, month: int, day: int) -> date | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def days_of_month(number: int, today: date) -> Iterator[date]:
    """The coming days with this number: the 12th of this month, of the next …"""
    first = today.replace(day=1)
    for n in range(24):
        month = first + relativedelta(months=n)
        found = _date(month.year, month.month, number)
        if found and found >= today:
            yield found


def agrees(days: Days, chosen: date, today: date) -> None:
    """Refuse a date whose weekday is not the one typed with it."""
    if days.weekday is not None and chosen.weekday() != days.weekday:
        raise NotUnderstood(
            _("the weekday does not fit, that day is {day}").format(day=day_label(chosen, today))
        )


def iso_clock(words: Words, i: int) -> time | None:
    """The time inside ``2026-12-01T14:00``."""
    m = _ISO.fullmatch(words[i].word)
    if not m or not m[4]:
        return None
    hour, minute = (int(n) for n in m[4].split(":"))
    if hour > 23 or minute > 59:
        raise NotUnderstood(_("“{typed}” is no time").format(typed=words[i].raw))
    return time(hour, minute)
