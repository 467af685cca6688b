"""Calendar dates in a typed date: ``2026-12-01``, ``12/1``, ``12.1.``, ``12 dec``, ``dec 12``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time
from itertools import islice
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from tui_crm.core.dates.clock import clock_shape, closes
from tui_crm.core.dates.length_reader import counted
from tui_crm.core.dates.lookalikes import NO_DATES, is_count, looks_like_month
from tui_crm.core.dates.phrases import NotUnderstood, Words, word_set
from tui_crm.core.dates.vocabulary import AT, MERIDIAN, MONTHS, OF, TO, WEEKDAYS
from tui_crm.core.text import _

_MONTH_FIRST = word_set("us um as gu mh mp pr vi fm pw ph cn hu jp kp kr mn tw")
"""Regions that write 12/1 for the first of December (Unicode CLDR, short dates)."""
FIRST_YEAR, LAST_YEAR = 1900, 2199

_ISO = re.compile(
    r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})"
    r"(?:t([0-9]{1,2}:[0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?(z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_COMPACT = re.compile("(20[2-9][0-9])([01][0-9])([0-3][0-9])")
_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})(?:/([0-9]{4}|[0-9]{2}))?")
_DASHED = re.compile(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})")
_DOTS = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4}|[0-9]{2})?")
_ONE_DOT = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})")
_DAY_NUMBER = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|er|º|\.)?")
_DAY_MONTH = re.compile(r"([0-9]{1,2})([a-z]{3,})")
_SEVERAL = re.compile(r"([0-9]{1,2})\.?[-–/]([0-9]{1,2})\.?")
YEAR = re.compile(r"(?:19|20|21)[0-9]{2}")
_SHORT_YEAR = re.compile(r"'[0-9]{2}|(?:2[4-9]|[3-5][0-9])")


class Days(NamedTuple):
    """The days an expression may mean, soonest first; the first one not past is taken.

    ``exact``: a full date that stays as typed, past or not. ``weekday`` (Monday 0) is one that
    was typed and has to agree; ``only_weekday`` when nothing else was. ``span`` is the first and
    last day of the week, month, quarter or year that was typed, in which a weekday or a number
    typed with it is looked for. ``sure``: it is a date by itself, also among other words.
    ``typed`` is what stands in the entry.
    """

    candidates: tuple[date, ...]
    exact: bool = False
    weekday: int | None = None
    only_weekday: bool = False
    span: tuple[date, date] | None = None
    sure: bool = True
    typed: str = ""


Found = tuple[Days, int]


def calendar(
    words: Words,
    i: int,
    today: date,
    locale: str,
    *,
    introduced: bool = False,
    weekday: int | None = None,
) -> Found | None:
    """A date at word ``i``; ``introduced`` by a word such as "on" or "el", or by a ``weekday``.

    The region of the locale decides the order of ``12/1``: month first for the US and a few
    others. Raises NotUnderstood for a date that does not exist.
    """
    if i >= len(words) or (words[i].bare in NO_DATES and not closes(words, i + 1)):
        return None
    word, typed = words[i].word, words[i].raw
    if m := _ISO.fullmatch(words[i].bare):
        return _exact(int(m[1]), int(m[3]), int(m[4]), typed), i + 1
    if (m := _COMPACT.fullmatch(words[i].bare)) and closes(words, i + 1):
        compact = make_date(int(m[1]), int(m[2]), int(m[3]))
        return (Days((compact,), exact=True, sure=False), i + 1) if compact else None
    if m := _DASHED.fullmatch(words[i].bare):
        return _exact(int(m[3]), int(m[2]), int(m[1]), typed), i + 1
    if m := _DOTS.fullmatch(word) or _DOTS.fullmatch(words[i].bare):
        days = _numbers(int(m[1]), int(m[2]), m[3], today, typed)
        return _with_year(words, i + 1, days, int(m[1]), int(m[2]), typed)
    if m := _ONE_DOT.fullmatch(words[i].bare):
        german = locale[:2].casefold() == "de"
        return _one_dot(words, i, today, german, introduced, weekday)
    if m := _SLASHED.fullmatch(words[i].bare):
        return _slashed(words, i, m, today, locale)
    return _named(words, i, today, locale)


def _slashed(words: Words, i: int, m: re.Match[str], today: date, locale: str) -> Found | None:
    first, second = int(m[1]), int(m[2])
    if m[3] is None and first < second < 9 and is_count(words, i):
        return None  # "1/2 pallets"
    if min(first, second) > 12 and max(first, second) > 31:
        return None  # "30/45"
    region = locale.replace("-", "_").partition(".")[0].partition("_")[2].casefold()
    month_first = region in _MONTH_FIRST
    if (month_first and first <= 12) or second > 12:
        first, second = second, first
    try:
        days = _numbers(first, second, m[3], today, words[i].raw)
    except NotUnderstood as why:
        raise NotUnderstood(str(why), weak=m[3] is None) from None
    return days._replace(sure=m[3] is not None), i + 1


def _one_dot(
    words: Words, i: int, today: date, german: bool, introduced: bool, weekday: int | None
) -> Found | None:
    """``24.12`` is a date where it cannot be a time or a number."""
    left, _dot, right = words[i].bare.partition(".")
    day, month = int(left), int(right)
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    if is_count(words, i):
        return None
    found = _numbers(day, month, None, today, words[i].raw)._replace(sure=False), i + 1
    may_be_time = day < 24 and len(right) == 2
    if introduced or (i + 1 < len(words) and is_clear_clock(words, i + 1)):
        return found
    if weekday is not None and may_be_time and found[0].candidates[0].weekday() != weekday:
        return None
    if weekday is not None and not (may_be_time and 7 <= day < 20):
        return found
    closing = closes(words, i + 1)
    if german and closing and not may_be_time:
        return found
    if closing:
        told = _("“{typed}” may be a time, a date or a number")
        raise NotUnderstood(told.format(typed=words[i].raw))
    return None


def is_clear_clock(words: Words, i: int) -> bool:
    """Whether a time stands at word ``i`` that is more than a number."""
    n = AT.skip(words, i)
    if n >= len(words) or not clock_shape(words, n):
        return False
    return n > i or not words[n].bare.isdecimal() or closes(words, n + 1)


def _named(words: Words, i: int, today: date, locale: str) -> Found | None:
    """``12 dec``, ``1er décembre 2027``, ``12 de diciembre``, ``dec 12``."""
    typed = words[i].raw
    if m := _DAY_MONTH.fullmatch(words[i].bare):
        month = MONTHS.get(m[2])
        return _dated(words, i + 1, int(m[1]), month, today, typed) if month else None
    _refuse_several(words, i)
    if m := _day_number(words, i):
        n = OF.skip(words, i + 1)
        if words[i].comma:
            return None
        if found := MONTHS.match(words, n):
            if _is_start_of_day(words, i, n, found[1]):
                return None
            both = f"{typed} {words[n].raw}"
            return _dated(words, found[1], int(m[1]), found[0], today, both)
        if n < len(words) and looks_like_month(words[n].bare):
            raise NotUnderstood(_("“{typed}” is no month").format(typed=words[n].raw))
        return None
    if (found := MONTHS.match(words, i)) and found[1] < len(words):
        n = found[1]
        n = n + 1 if words[n].bare == "the" and n + 1 < len(words) else n
        m = _day_number(words, n)
        if m and not counted(words, n) and _month_here(words, i, n, locale):
            return _dated(words, n + 1, int(m[1]), found[0], today, f"{typed} {words[n].raw}")
    return None


def _day_number(words: Words, i: int) -> re.Match[str] | None:
    """A day's number, with or without "th", a dot, or a dot that ends the sentence."""
    return _DAY_NUMBER.fullmatch(words[i].word) or _DAY_NUMBER.fullmatch(words[i].bare)


def _is_start_of_day(words: Words, i: int, n: int, after: int) -> bool:
    """Whether the month at ``n`` begins a date of its own: "Anna 49 january 2", "x 3 may 8th"."""
    too_large = words[i].bare.isdecimal() and int(words[i].bare) > 31
    if too_large and WEEKDAYS.match(words, n):
        return True
    if after >= len(words) or not words[i].bare.isdecimal():
        return False
    ordinal = re.fullmatch("[0-9]{1,2}(?:st|nd|rd|th)", words[after].bare)
    return bool(ordinal) or (too_large and _day_number(words, after) is not None)


def _refuse_several(words: Words, i: int) -> None:
    """Raise NotUnderstood for ``3-5 dec`` and "3 to 5 December": a next action has one day."""
    n = i + 1
    if not _SEVERAL.fullmatch(words[i].bare):
        to = TO.match(words, i + 1)
        if not to or to[1] >= len(words) or not _DAY_NUMBER.fullmatch(words[i].word):
            return
        n = to[1] + 1
        if not _DAY_NUMBER.fullmatch(words[to[1]].word):
            return
    n = OF.skip(words, n)
    if month := MONTHS.match(words, n):
        typed = " ".join(word.raw for word in words[i : month[1]])
        raise NotUnderstood(_("“{typed}” is not one day").format(typed=typed))


def _month_here(words: Words, i: int, n: int, locale: str) -> bool:
    """``mar 10`` is Tuesday at ten for Spanish and French reps, 10 March for the others."""
    if words[i].bare != "mar":
        return True
    if MERIDIAN.match(words, n + 1) or MONTHS.match(words, OF.skip(words, n + 1)):
        return False
    late = int(re.sub(r"\D", "", words[n].bare)) > 23
    return late or locale[:2].casefold() not in ("es", "fr")


def _dated(words: Words, i: int, day: int, month: int, today: date, typed: str) -> Found:
    return _with_year(words, i, _numbers(day, month, None, today, typed), day, month, typed)


def _with_year(words: Words, i: int, days: Days, day: int, month: int, typed: str) -> Found:
    """The year behind a date: 2027, '27, or 27 where that is no hour."""
    n = OF.skip(words, i)
    if days.exact or n >= len(words):
        return days, i
    year = words[n].bare
    if YEAR.fullmatch(year):
        return _exact(int(year), month, day, f"{typed} {words[n].raw}"), n + 1
    if _SHORT_YEAR.fullmatch(year) and closes(words, n + 1):
        return _exact(2000 + int(year.strip("'")), month, day, f"{typed} {words[n].raw}"), n + 1
    return days, i


def _numbers(day: int, month: int, year: str | None, today: date, typed: str) -> Days:
    if year is not None:
        return _exact(int(year) + (2000 if len(year) == 2 else 0), month, day, typed)
    years = (make_date(today.year + n, month, day) for n in range(13))
    candidates = tuple(islice((d for d in years if d and d >= today), 2))
    if not candidates:
        raise NotUnderstood(_("“{typed}” is no date").format(typed=typed))
    return Days(candidates)


def _exact(year: int, month: int, day: int, typed: str) -> Days:
    found = make_date(year, month, day)
    if found is None:
        raise NotUnderstood(_("“{typed}” is no date").format(typed=typed))
    return Days((found,), exact=True)


def make_date(year: int, month: int, day: int) -> date | None:
    """The date, or None where there is none or it is out of the years that are understood."""
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
        found = make_date(month.year, month.month, number)
        if found and found >= today:
            yield found


def iso_clock(words: Words, i: int) -> tuple[time, str] | None:
    """The time inside ``2026-12-01T14:00Z``, with its distance from UTC as typed."""
    m = _ISO.fullmatch(words[i].bare)
    if not m or not m[5]:
        return None
    hour, minute = (int(n) for n in m[5].split(":"))
    if hour > 23 or minute > 59:
        raise NotUnderstood(_("“{typed}” is no time").format(typed=words[i].raw))
    return time(hour, minute), m[6] or ""
