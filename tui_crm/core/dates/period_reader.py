"""Weeks, months, quarters and years in a typed date, and their edges.

``next week``, "fin del mes que viene", ``KW 49``, ``Q1``, "mid December", ``eom``. A period alone
stands for its first day, as long as that is to come; the edges are its first day, its middle and
its last working day (weeks) or last day.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from tui_crm.core.dates.clock import closes
from tui_crm.core.dates.date_reader import YEAR, Days, Found, make_date
from tui_crm.core.dates.lookalikes import is_address, is_count
from tui_crm.core.dates.number_words import ORDINALS
from tui_crm.core.dates.phrases import NotUnderstood, Words
from tui_crm.core.dates.vocabulary import (
    AFTER_NEXT,
    AFTER_NEXT_AFTER,
    ARTICLES,
    AT,
    EDGE_WORDS,
    EDGES,
    IN_PERIOD,
    LAST,
    LAST_AFTER,
    MERIDIAN,
    MONTH_NAMES,
    MONTHS,
    NEXT,
    NEXT_AFTER,
    OCLOCK,
    OF,
    PARTS,
    PERIODS,
    QUARTER_NUMBER,
    THIS,
    UNITS,
    WEEK_NUMBER,
    WEEKDAYS,
)
from tui_crm.core.text import _

Span = tuple[date, date]

_WEEK_NAMES = frozenset(["kw", "cw", "kalenderwoche"])

_DAY = timedelta(days=1)
_MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}
_ISO_WEEK = re.compile(r"([0-9]{4})-?w([0-9]{2})(?:-?([1-7]))?")
_GLUED_WEEK = re.compile(r"(?:kw|cw|w|(s))([0-9]{1,2})(?:/([0-9]{4}|[0-9]{2}))?")
_NUMBERED = re.compile(r"([0-9]{1,2})(?:[/-]([0-9]{4}|[0-9]{2}))?")
_QUARTER = re.compile(r"q([1-4])(?:[/-]?([0-9]{4}|[0-9]{2}))?")
_LATIN_QUARTER = re.compile(r"(?:t([1-4])|([1-4])t)(?:[/-]?([0-9]{4}|[0-9]{2}))?")
_MONTH_YEAR = re.compile(r"([0-9]{1,2})[/.]([0-9]{4})")


def edge(words: Words, i: int, today: date, language: str) -> Found | None:
    """The beginning, the middle or the end of a period: "end of next week", ``eom``."""
    if named := EDGE_WORDS.match(words, i):
        return _edge_days(*named[0], today, words, i, named[1])
    start = ARTICLES.skip(words, i)
    found = EDGES.match(words, start)
    if found is None:  # "at the beginning of", "à la mi-"
        found = EDGES.match(words, ARTICLES.skip(words, AT.skip(words, i)))
    if found is None or PERIODS.match(words, start):  # "fin de semana" is the weekend
        return None
    side, n = found
    n = OF.skip(words, n)
    if n >= len(words):
        return None
    named_span = span(words, n, today, language, inside=True)
    if named_span is not None:
        first, last = named_span[0]
        day = _edge_of(side, first, last)
        typed = _typed(words, i, named_span[1])
        return Days((day,), span=named_span[0], typed=typed), named_span[1]
    unit = PERIODS.match(words, ARTICLES.skip(words, n))
    if unit is None or unit[0] == "weekend" or words[i].bare in ("late", "early", "mi"):
        return None
    return _edge_days(side, unit[0], today, words, i, unit[1])


def _edge_days(side: str, unit: str, today: date, words: Words, i: int, after: int) -> Found:
    """The edge of the running period, and of the next ones where that is past."""
    spans = [span_of(unit, today, n) for n in range(2)]
    days = tuple(_edge_of(side, first, last) for first, last in spans)
    return Days(days, typed=_typed(words, i, after)), after


def _edge_of(side: str, first: date, last: date) -> date:
    whole_week = (last - first).days == 6
    if side == "start":
        return first
    if side == "end":
        return first + 4 * _DAY if whole_week else last
    # The middle of a week is its Wednesday, of a month its 15th.
    days = (last - first).days + 1
    return first + (2 if whole_week else 14 if days <= 31 else days // 2) * _DAY


def period(words: Words, i: int, today: date, language: str) -> Found | None:
    """A period as a date: its first day, with the period itself in ``Days.span``."""
    introduced = IN_PERIOD.skip(words, i)
    for n in dict.fromkeys((i, introduced)):
        found = span(words, n, today, language, inside=n > i)
        if found is not None:
            (first, last), after = found
            break
    else:
        return None
    typed = _typed(words, n, after)
    n = ARTICLES.skip(words, n)
    if MONTHS.match(words, n) and not _stands_for_month(words, i, n, after):
        return None
    is_quarter = words[n].bare[:1] in ("q", "t") and words[n].bare[-1:].isdecimal()
    if is_quarter and n == i and not closes(words, after) and not WEEKDAYS.match(words, after):
        return None  # "Q4 report"
    weekend = (last - first).days == 1
    days = [first, last, first + 7 * _DAY] if weekend else [first] if first >= today else []
    if last < today:
        raise NotUnderstood(_("“{typed}” is past").format(typed=typed), past=True)
    candidates = tuple(day for day in days if day >= today)
    # "numbers in december" is no date among other words; "next week" and "KW 49" are.
    sure = MONTHS.match(words, n) is None and not words[n].bare.startswith(("q", "t"))
    return Days(candidates, span=(first, last), typed=typed, sure=sure), after


def _stands_for_month(words: Words, i: int, n: int, after: int) -> bool:
    """Whether a month without a day is one: "in May", "december call", no "May wants a quote"."""
    if n > i:
        return WEEKDAYS.match(words, n) is None  # "para el mar."
    has_year = after - n > 1
    if i == 0 and after == len(words) and words[n].bare != "mar":
        return True  # "mayo" and nothing else
    return has_year or (words[n].bare not in MONTH_NAMES and closes(words, after))


def span(
    words: Words, i: int, today: date, language: str, inside: bool = False
) -> tuple[Span, int] | None:
    """The first and last day of a period at word ``i``, and the next position.

    ``inside``: behind "end of" or "in", where a year alone is a period too. Raises NotUnderstood
    for a past one ("last week").
    """
    if i >= len(words):
        return None
    n = ARTICLES.skip(words, i)
    if n >= len(words):
        return None
    return (
        _relative_span(words, n, today)
        or _numbered_week(words, n, today, language)
        or _numbered_quarter(words, n, today, language)
        or _named_month(words, n, today)
        or _year(words, n, inside)
    )


def _relative_span(words: Words, i: int, today: date) -> tuple[Span, int] | None:
    """ "next week", "la semana que viene", "this month", "übernächste Woche", "weekend"."""
    for table, offset in ((AFTER_NEXT, 2), (NEXT, 1), (THIS, 0), (LAST, -1)):
        before = table.match(words, i)
        if before and (unit := PERIODS.match(words, before[1])):
            if NEXT_AFTER.match(words, unit[1]) and offset == 0:
                break
            if offset < 0:
                typed = _typed(words, i, unit[1])
                raise NotUnderstood(_("“{typed}” is past").format(typed=typed), past=True)
            # "the next weekend" is read as this one's follower, as "next friday" is.
            return span_of(unit[0], today, offset), unit[1]
    unit = PERIODS.match(words, THIS.skip(words, i))
    if unit is None:
        return None
    if LAST_AFTER.match(words, unit[1]) and not NEXT_AFTER.match(words, unit[1]):
        typed = _typed(words, i, unit[1] + 1)
        raise NotUnderstood(_("“{typed}” is past").format(typed=typed), past=True)
    if after_next := AFTER_NEXT_AFTER.match(words, unit[1]):
        return span_of(unit[0], today, 2), after_next[1]
    if following := NEXT_AFTER.match(words, unit[1]):
        return span_of(unit[0], today, 1), following[1]
    if unit[0] == "weekend":
        return span_of("weekend", today, 0), unit[1]
    return None


def span_of(unit: str, today: date, offset: int) -> Span:
    """The running week, weekend, month, quarter or year (0), the next one (1), …"""
    if unit in ("week", "weekend"):
        monday = today + timedelta(days=7 * offset - today.weekday())
        return (monday + 5 * _DAY if unit == "weekend" else monday), monday + 6 * _DAY
    months = _MONTHS_OF[unit]
    first = today.replace(day=1) - relativedelta(months=(today.month - 1) % months)
    first += relativedelta(months=months * offset)
    return first, first + relativedelta(months=months) - _DAY


def _numbered_week(words: Words, i: int, today: date, language: str) -> tuple[Span, int] | None:
    """``KW 49``, "semaine 49", ``W49``, "49. KW", ``2026-W49-2``: weeks of ISO 8601."""
    word = words[i].bare
    if m := _ISO_WEEK.fullmatch(word):
        found = _iso_week(int(m[2]), m[1], today, words[i].raw)
        day = found[0] + (int(m[3]) - 1) * _DAY if m[3] else None
        return ((day, day) if day else found), i + 1
    if m := _GLUED_WEEK.fullmatch(word):
        if m[1] and language not in ("es", "fr"):
            return None
        return _iso_week(int(m[2]), m[3], today, words[i].raw), i + 1
    name = WEEK_NUMBER.match(words, i)
    number: int | None = None
    if name is not None and name[1] < len(words) and not words[name[1] - 1].comma:
        n = name[1]
        number, after = n, n + 1
    elif not words[i].comma and (behind := WEEK_NUMBER.match(words, i + 1)) and behind[0]:
        number, after = i, behind[1]  # "49. KW"
        number_behind = after < len(words) and words[after].bare.isdecimal()
        if number_behind and "." not in words[i].word:
            return None  # "Hauptstr. 9 KW 51"
    if number is None or not (m := _NUMBERED.fullmatch(words[number].bare)):
        return None
    if is_count(words, number) or is_address(words, number) or _is_hour(words, number):
        return None
    year = m[2]
    if year is None and after < len(words) and YEAR.fullmatch(words[after].bare):
        year, after = words[after].bare, after + 1
    return _iso_week(int(m[1]), year, today, _typed(words, i, after)), after


def _is_hour(words: Words, i: int) -> bool:
    """Whether a unit, "Uhr" or "pm" stands behind the number at word ``i``: "end of week 7 pm"."""
    if MERIDIAN.match(words, i + 1) and not PARTS.match(words, i + 1):  # "semana 9 am Abend"
        return WEEKDAYS.match(words, i + 2) is None and words[i - 1].bare not in _WEEK_NAMES
    return bool(UNITS.match(words, i + 1) or OCLOCK.match(words, i + 1))


def _iso_week(week: int, year: str | None, today: date, typed: str) -> Span:
    years = [today.isocalendar().year, today.isocalendar().year + 1]
    if year is not None:
        years = [int(year) + (2000 if len(year) == 2 else 0)]
    for number in years:
        try:
            monday = date.fromisocalendar(number, week, 1)
        except ValueError:
            continue
        if year is not None or monday + 6 * _DAY >= today:
            return monday, monday + 6 * _DAY
    raise NotUnderstood(_("“{typed}” is no week").format(typed=typed))


def _numbered_quarter(words: Words, i: int, today: date, language: str) -> tuple[Span, int] | None:
    """``Q1``, ``Q1 2027``, "first quarter", "1. Quartal", ``T1`` in Spanish and French."""
    word = words[i].bare
    m = _QUARTER.fullmatch(word)
    latin = _LATIN_QUARTER.fullmatch(word) if language in ("es", "fr") else None
    if m is not None:
        number, year, after = int(m[1]), m[2], i + 1
    elif latin is not None:
        number, year, after = int(latin[1] or latin[2]), latin[3], i + 1
    else:
        ordinal = ORDINALS.match(words, i)
        value, n = ordinal or (0, i + 1)
        if ordinal is None and words[i].bare in ("1", "2", "3", "4") and "." in words[i].word:
            value = int(words[i].bare)
        behind = QUARTER_NUMBER.match(words, n)
        if value < 1 or behind is None:
            return None
        number, year, after = value, None, behind[1]
    n = OF.skip(words, after)
    if year is None and n < len(words) and YEAR.fullmatch(words[n].bare):
        year, after = words[n].bare, n + 1
    return _of_year(today, year, 3, number), after


def _named_month(words: Words, i: int, today: date) -> tuple[Span, int] | None:
    """``December``, "diciembre de 2027", ``12/2026``."""
    if m := _MONTH_YEAR.fullmatch(words[i].bare):
        return (_of_year(today, m[2], 1, int(m[1])), i + 1) if 1 <= int(m[1]) <= 12 else None
    month = MONTHS.match(words, i)
    if month is None:
        return None
    n = OF.skip(words, month[1])
    if n < len(words) and YEAR.fullmatch(words[n].bare):
        return _of_year(today, words[n].bare, 1, month[0]), n + 1
    return _of_year(today, None, 1, month[0]), month[1]


def _year(words: Words, i: int, inside: bool) -> tuple[Span, int] | None:
    if not inside or i >= len(words) or not YEAR.fullmatch(words[i].bare):
        return None
    year = int(words[i].bare)
    return (date(year, 1, 1), date(year, 12, 31)), i + 1


def _of_year(today: date, year: str | None, months: int, number: int) -> Span:
    """The month or quarter with this number: of ``year``, or the one that is not over."""
    number_of_year = today.year if year is None else int(year) + (2000 if len(year) == 2 else 0)
    for n in range(2):
        first = make_date(number_of_year + n, (number - 1) * months + 1, 1) or today
        last = first + relativedelta(months=months) - _DAY
        if year is not None or last >= today:
            break
    return first, last


def of_period(words: Words, today: date, language: str, i: int) -> tuple[list[Span], int] | None:
    """The month or other period behind "of": with "the month" the running one and the next."""
    n = OF.skip(words, i)
    if n == i:
        return None
    if found := span(words, n, today, language, inside=True):
        if YEAR.fullmatch(words[found[1] - 1].bare):
            return [found[0]], found[1]
        first, last = (day + relativedelta(years=1) for day in found[0])
        return [found[0], (first, last)], found[1]
    unit = PERIODS.match(words, n)
    if unit is None or unit[0] in ("week", "weekend"):
        return None
    return [span_of(unit[0], today, offset) for offset in range(2)], unit[1]


def nth_day(weekday: int | None, nth: int, first: date, last: date) -> date | None:
    """The nth day or weekday of a period, counted from its end where ``nth`` is negative."""
    if weekday is None:
        day = first + (nth - 1) * _DAY if nth > 0 else last + (nth + 1) * _DAY
    elif nth > 0:
        day = first + (weekday - first.weekday()) % 7 * _DAY + (nth - 1) * 7 * _DAY
    else:
        day = last - (last.weekday() - weekday) % 7 * _DAY
    return day if first <= day <= last else None


def _typed(words: Words, i: int, after: int) -> str:
    return " ".join(word.raw for word in words[i:after])
