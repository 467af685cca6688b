"""Recurrences as they are typed: ``every 2w``, ``every month 1``, ``cada lunes 10``.

The readers' contract is that of :mod:`.clock_reader`.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from tui_crm.core.dates.clock_reader import counted
from tui_crm.core.dates.date_reader import calendar
from tui_crm.core.dates.recurrence import CODES, first_day
from tui_crm.core.dates.vocabulary import (
    AND,
    BEFORE_DAY,
    BEFORE_DAY_NUMBER,
    EVERY,
    MONTH_END,
    OTHER,
    PERIOD_DAYS,
    UNITS,
    WEEKDAYS,
    WORKING_DAYS,
    NotUnderstood,
    Words,
    looks_like_day,
    match,
)
from tui_crm.core.text import _

_FREQUENCIES = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
_MOST = 999


class Repeat(NamedTuple):
    """A recurrence as typed: its rule, and the first day it falls on (after today).

    ``also_today``: with a time still to come, today is the first day ("every day 9" at 8:00).
    """

    rule: str
    first: date
    also_today: bool = False


def repeat(words: Words, i: int, today: date, locale: str) -> tuple[Repeat, int] | None:
    """A recurrence at word ``i``, or None where "every" only begins an ordinary sentence.

    A rule with a day in it begins on the next such day; one without begins one step from today.
    """
    every = match(EVERY, words, i)
    if every is None:
        return None
    i = every[1]
    if i >= len(words) or (i == len(words) - 1 and words[i].bare.isdecimal()):
        raise NotUnderstood(
            _("“{typed}” what? “every 2w”, “every mon 9”, “every month 1”").format(
                typed=words[-1].raw
            )
        )
    if found := match(WORKING_DAYS, words, i):
        rule = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
        return Repeat(rule, first_day(rule, today), today.weekday() < 5), found[1]
    if listed := _weekdays(words, i):
        return _weekly(listed[0], 1, today), listed[1]
    if (other := match(OTHER, words, i)) and (listed := _weekdays(words, other[1])):
        return _weekly(listed[0], other[0], today), listed[1]
    end = match(PERIOD_DAYS, words, i)
    if end and end[0] == "end of month":
        return _monthly(-1, 1, today), end[1]
    if stepped := _step(words, i):
        return _by_unit(words, *stepped, today, locale)
    if found_date := calendar(words, i, today, locale):
        day = found_date[0].candidates[0]
        return _yearly(day, 1, today), found_date[1]
    if looks_like_day(words[i].bare, followed=i + 1 >= len(words)):
        raise NotUnderstood(_("“{typed}” is no day").format(typed=words[i].raw))
    return None


def _step(words: Words, i: int) -> tuple[int, str, int] | None:
    """How many of which unit, and the next place: ``2w``, ``2 weeks``, ``other week``, ``week``."""
    if (other := match(OTHER, words, i)) and (unit := match(UNITS, words, other[1])):
        return other[0], unit[0], unit[1]
    typed = words[i].raw
    if found := counted(words, i, spelled=True):
        far, after = found
        count, unit_name = far.amount, far.unit
        # "every 2m": nothing here is shorter than a day, so a lone m is months.
        if unit_name == "minute" and words[after - 1].bare.lstrip("0123456789") == "m":
            unit_name = "month"
    elif unit := match(UNITS, words, i):
        count, (unit_name, after) = 1, unit
        if words[i].bare in ("a", "an", "h", "hs", "s", "j", "d", "w", "y") and after < len(words):
            return None
    else:
        return None
    if unit_name in ("minute", "hour"):
        raise NotUnderstood(_("“{typed}” is too short: a day at least").format(typed=typed))
    if not 0 < count <= _MOST:
        raise NotUnderstood(_("“{typed}” is no distance").format(typed=typed))
    return count, unit_name, after


def _by_unit(
    words: Words, count: int, unit: str, i: int, today: date, locale: str
) -> tuple[Repeat, int]:
    if unit == "quarter":
        count, unit = count * 3, "month"
    if unit == "week":
        n = before[1] if (before := match(BEFORE_DAY, words, i)) else i
        if listed := _weekdays(words, n):
            return _weekly(listed[0], count, today), listed[1]
    elif unit == "month":
        n = before[1] if (before := match(BEFORE_DAY_NUMBER, words, i)) else i
        if last := match(MONTH_END, words, n) or match(MONTH_END, words, i):
            return _monthly(-1, count, today), last[1]
        if n < len(words) and (
            m := re.fullmatch(r"([0-9]{1,2})(?:st|nd|rd|th|er|º)?", words[n].bare)
        ):
            number = int(m[1])
            if not 1 <= number <= 31:
                raise NotUnderstood(_("“{typed}” is no day of a month").format(typed=words[n].raw))
            return _monthly(number, count, today), n + 1
        return _monthly(today.day, count, today, anchored=False), i
    elif unit == "year":
        n = before[1] if (before := match(BEFORE_DAY, words, i)) else i
        if n < len(words) and (found := calendar(words, n, today, locale)):
            return _yearly(found[0].candidates[0], count, today), found[1]
        return _yearly(today, count, today, anchored=False), i
    rule = f"FREQ={_FREQUENCIES[unit]}" + (f";INTERVAL={count}" if count > 1 else "")
    return Repeat(rule, first_day(rule, today), unit == "day" and count == 1), i


def _weekdays(words: Words, i: int) -> tuple[list[int], int] | None:
    """One or several weekdays: ``mon``, ``mon wed``, ``mon,wed``, ``lundi et jeudi``, plurals."""
    days: list[int] = []
    while i < len(words):
        n = joined[1] if days and (joined := match(AND, words, i)) else i
        if n >= len(words):
            break
        named = [_weekday(part) for part in re.split("[,/+]", words[n].bare)]
        if not all(day is not None for day in named):
            break
        days.extend(day for day in named if day is not None)
        i = n + 1
    return (sorted(set(days)), i) if days else None


def _weekday(word: str) -> int | None:
    found = WEEKDAYS.get((word,))
    return WEEKDAYS.get((word.removesuffix("s"),)) if found is None else found


def _weekly(days: list[int], count: int, today: date) -> Repeat:
    by_day = f";BYDAY={','.join(CODES[day] for day in days)}"
    rule = "FREQ=WEEKLY" + (f";INTERVAL={count}" if count > 1 else "") + by_day
    return Repeat(rule, first_day("FREQ=WEEKLY" + by_day, today))


def _monthly(number: int, count: int, today: date, anchored: bool = True) -> Repeat:
    by_day = _month_days(number, 28)
    rule = "FREQ=MONTHLY" + (f";INTERVAL={count}" if count > 1 else "") + by_day
    return Repeat(rule, first_day("FREQ=MONTHLY" + by_day if anchored else rule, today))


def _yearly(day: date, count: int, today: date, anchored: bool = True) -> Repeat:
    by_day = f";BYMONTH={day.month}" + _month_days(day.day, 28 if day.month == 2 else 31)
    rule = "FREQ=YEARLY" + (f";INTERVAL={count}" if count > 1 else "") + by_day
    return Repeat(rule, first_day("FREQ=YEARLY" + by_day if anchored else rule, today))


def _month_days(number: int, surely: int) -> str:
    """The part of a rule for a day of the month; where a month is shorter, its last day.

    ``surely``: every month concerned has this many days (RFC 5545 skips a month without the day).
    """
    if number <= surely:
        return f";BYMONTHDAY={number}"
    return f";BYMONTHDAY={','.join(map(str, range(surely, number + 1)))};BYSETPOS=-1"
