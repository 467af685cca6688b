"""Recurrences as they are typed: ``every 2w``, "cada lunes", "letzten Freitag jedes Monats"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import NamedTuple

from tui_crm.core.dates.clock import closes
from tui_crm.core.dates.date_reader import calendar
from tui_crm.core.dates.length_reader import counted
from tui_crm.core.dates.lookalikes import is_count, looks_like_day
from tui_crm.core.dates.number_words import ORDINALS
from tui_crm.core.dates.phrases import NotUnderstood, Words
from tui_crm.core.dates.recurrence import CODES, first_day
from tui_crm.core.dates.vocabulary import (
    AND,
    ARTICLES,
    BEFORE_DAY,
    BEFORE_DAY_NUMBER,
    EDGE_WORDS,
    EDGES,
    EVERY,
    EVERY_PART,
    EVERY_WEEKDAY,
    FREQUENCIES,
    FROM,
    KINDS,
    MONTH_END,
    OF,
    ON_WORKING_DAYS,
    OTHER,
    PERIODS,
    TO,
    TOO_OFTEN,
    UNITS,
    WEEKDAYS,
    WORKING_DAYS,
)
from tui_crm.core.text import _

_FREQUENCY = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
_WORKING_DAYS = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
_MOST = 999
_WEEKS_IN_DAYS = {
    *product((8,), ("j", "jour", "jours", "tag", "tage", "tagen", "dia", "dias")),
    *product((15,), ("j", "jour", "jours", "dia", "dias")),
}
_ORDINAL = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|er|º|\.)")
_DAY_NUMBER = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|er|º|\.)?")


class Repeat(NamedTuple):
    """A recurrence as typed: its rule, and the first day it falls on (after today).

    ``also_today``: with a time still to come, today is the first day ("every day 9" at 8:00).
    ``part`` is the part of the day of "every morning".
    """

    rule: str
    first: date
    also_today: bool = False
    part: str | None = None


Found = tuple[Repeat, int]


@dataclass
class RepeatReader:
    """Reads the recurrence at a word of one entry."""

    words: Words
    today: date
    locale: str

    def repeat(self, i: int) -> Found | None:
        """A recurrence at word ``i``, or None where "every" only begins an ordinary sentence.

        A rule with a day in it begins on the next such day; one without begins one step from
        today. Raises NotUnderstood for "every" with nothing or no unit of time behind it.
        """
        words = self.words
        if every := EVERY.match(words, i):
            return self.every(every[1])
        if plural := EVERY_WEEKDAY.match(words, i):
            more = self.weekdays(AND.skip(words, plural[1]))
            days = {plural[0], *(more[0] if more and AND.match(words, plural[1]) else ())}
            return self.weekly(sorted(days), 1), more[1] if len(days) > 1 and more else plural[1]
        working = ON_WORKING_DAYS.match(words, i)
        if working and closes(words, working[1]):
            return self.working_days(), working[1]
        if frequency := FREQUENCIES.match(words, i):
            return self.frequency(*frequency)
        often = TOO_OFTEN.match(words, i)
        if often and i == 0:
            typed = " ".join(word.raw for word in words[i : often[1]])
            raise NotUnderstood(_("“{typed}” needs its days: “every mon thu”").format(typed=typed))
        return self.of_every_month(i)

    def frequency(self, unit: str, i: int) -> Found | None:
        """ "daily", "weekly on tuesday", "monthly on the 1st"; "weekly call" is no recurrence."""
        if i < len(self.words) and is_count(self.words, i):
            return None
        found = self.by_unit(1, unit, i)
        closing = closes(self.words, found[1])
        if found[1] > i and (closing or self.weekdays(BEFORE_DAY.skip(self.words, i))):
            return found
        return found if closing and not KINDS.match(self.words, i) else None

    def working_days(self) -> Repeat:
        first = first_day(_WORKING_DAYS, self.today)
        return Repeat(_WORKING_DAYS, first, self.today.weekday() < 5)

    def every(self, i: int) -> Found | None:
        """What stands behind "every"."""
        words = self.words
        if i >= len(words) or (i == len(words) - 1 and words[i].word.isdecimal()):
            told = _("“{typed}” what? “every 2w”, “every mon 9”, “every month 1”")
            raise NotUnderstood(told.format(typed=words[-1].raw))
        if found := WORKING_DAYS.match(words, i):
            return self.working_days(), found[1]
        if (unit := PERIODS.match(words, i)) and unit[0] == "weekend":
            return self.weekly([5], 1), unit[1]
        if part := EVERY_PART.match(words, i):
            return self.daily()._replace(part=part[0]), part[1]
        if listed := self.weekdays(i):
            return self.weekly(listed[0], 1), listed[1]
        if nth := self.nth_weekday(i):
            return nth
        if (other := OTHER.match(words, i)) and (listed := self.weekdays(other[1])):
            return self.weekly(listed[0], other[0]), listed[1]
        if end := self.month_end(i):
            return self.monthly(-1, 1), end
        if stepped := self.step(i):
            self.refuse_number_of_day(i, stepped[2])
            return self.by_unit(*stepped)
        if found_date := calendar(words, i, self.today, self.locale):
            return self.yearly(found_date[0].candidates[0], 1), found_date[1]
        n = BEFORE_DAY_NUMBER.skip(words, i)
        pattern = _DAY_NUMBER if n > i else _ORDINAL
        if n < len(words) and (m := pattern.fullmatch(words[n].word)):
            of_month = self.of_the_month(n + 1)
            return self.monthly(self.day_of_month(int(m[1]), n), 1), of_month
        if looks_like_day(words[i].bare, followed=i + 1 >= len(words)):
            raise NotUnderstood(_("“{typed}” is no day").format(typed=words[i].raw))
        return None

    def of_every_month(self, i: int) -> Found | None:
        """ "last friday of every month", "el 15 de cada mes", "am 15. jedes Monats"."""
        words = self.words
        n = i if ORDINALS.match(words, i) else BEFORE_DAY_NUMBER.skip(words, i)
        n = ARTICLES.skip(words, n)
        ordinal = ORDINALS.match(words, n)
        if ordinal and (weekday := WEEKDAYS.match(words, ordinal[1])):
            after, by_day = weekday[1], f"{ordinal[0]}{CODES[weekday[0]]}"
            number = 0
        elif ordinal and (unit := UNITS.match(words, ordinal[1])) and unit[0] == "day":
            after, by_day, number = unit[1], "", ordinal[0]
        elif ordinal and EVERY.match(words, OF.skip(words, ordinal[1])):
            after, by_day, number = ordinal[1], "", ordinal[0]
        elif n < len(words) and (m := _DAY_NUMBER.fullmatch(words[n].word)):
            after, by_day, number = n + 1, "", int(m[1])
        else:
            return None
        every = EVERY.match(words, OF.skip(words, after))
        unit = UNITS.match(words, every[1]) if every else None
        if unit is None or unit[0] != "month":
            month = PERIODS.match(words, every[1]) if every else None
            if month is None or month[0] != "month":
                return None
            unit = month
        if by_day:
            return self.monthly_on(by_day, 1), unit[1]
        if number > 0:
            number = self.day_of_month(number, n)
        return self.monthly(number, 1), unit[1]

    def nth_weekday(self, i: int) -> Found | None:
        """ "every last friday", "every second tuesday of the month"; "every second tuesday" alone
        is every other one."""
        words = self.words
        n = ARTICLES.skip(words, BEFORE_DAY_NUMBER.skip(words, i))
        ordinal = ORDINALS.match(words, n)
        if ordinal is None or ordinal[1] >= len(words):
            return None
        day = UNITS.match(words, ordinal[1])
        if day and day[0] == "day" and (of_month := self.of_the_month(day[1])) > day[1]:
            return self.monthly(ordinal[0], 1), of_month
        weekday = _weekday(words[ordinal[1]].bare)
        if weekday is None:
            return None
        after = self.of_the_month(ordinal[1] + 1)
        if ordinal[0] == 2 and after == ordinal[1] + 1:
            return None
        return self.monthly_on(f"{ordinal[0]}{CODES[weekday]}", 1), after

    def of_the_month(self, i: int) -> int:
        """The next position after "of the month"; ``i`` where it is not there."""
        n = ARTICLES.skip(self.words, OF.skip(self.words, i))
        unit = PERIODS.match(self.words, n)
        return unit[1] if n > i and unit and unit[0] == "month" else i

    def month_end(self, i: int) -> int | None:
        """The next position after "end of month"."""
        named = EDGE_WORDS.match(self.words, i)
        if named and named[0] == ("end", "month"):
            return named[1]
        side = EDGES.match(self.words, ARTICLES.skip(self.words, i))
        if side is None or side[0] != "end":
            return None
        unit = PERIODS.match(self.words, ARTICLES.skip(self.words, OF.skip(self.words, side[1])))
        return unit[1] if unit and unit[0] == "month" else None

    def step(self, i: int) -> tuple[int, str, int] | None:
        """How many of which unit, and the next position: ``2w``, ``other week``, ``week``."""
        words = self.words
        if (other := OTHER.match(words, i)) and (unit := UNITS.match(words, other[1])):
            return other[0], unit[0], unit[1]
        typed = words[i].raw
        if found := counted(words, i, spelled=True):
            (amount, name), after = found
            # "every 2m": nothing here is shorter than a day, so a lone m is months.
            if name == "minute" and words[after - 1].bare.lstrip("0123456789") == "m":
                name = "month"
            # "tous les quinze jours", "cada ocho días", "alle acht Tage" are weeks.
            if name == "day" and (amount, words[after - 1].bare) in _WEEKS_IN_DAYS:
                amount, name = amount // 7, "week"
        elif unit := UNITS.match(words, i):
            amount, (name, after) = 1, unit
            short = words[i].bare in ("a", "an", "h", "hs", "s", "j", "d", "w", "y", "wo", "mo")
            if short and after < len(words):
                return None
        else:
            return None
        if name in ("minute", "hour"):
            raise NotUnderstood(_("“{typed}” is too short: a day at least").format(typed=typed))
        if not 0 < amount <= _MOST:
            raise NotUnderstood(_("“{typed}” is no distance").format(typed=typed))
        return amount, name, after

    def refuse_number_of_day(self, i: int, after: int) -> None:
        """Raise NotUnderstood for "cada día 15": the 15th of a month, or three o'clock."""
        words = self.words
        if words[i].bare == "dia" and after < len(words) and words[after].bare.isdecimal():
            typed = f"{words[i].raw} {words[after].raw}"
            told = _("“{typed}” may be a day or a time; try “el {n} de cada mes” or {n}:00")
            raise NotUnderstood(told.format(typed=typed, n=words[after].bare))

    def by_unit(self, amount: int, unit: str, i: int) -> Found:
        """So many units, with the day in them: "every 2 weeks on mon", "every month last fri"."""
        words = self.words
        if unit == "working day":
            raise NotUnderstood(_("“{typed}” is no distance").format(typed=words[i - 1].raw))
        if unit == "fortnight":
            amount, unit = amount * 2, "week"
        if unit == "quarter":
            amount, unit = amount * 3, "month"
        if unit == "week":
            listed = self.weekdays(BEFORE_DAY.skip(words, i))
            if listed and not FROM.match(words, i):
                return self.weekly(listed[0], amount), listed[1]
        elif unit == "month":
            return self.in_month(amount, i)
        elif unit == "year":
            if found := calendar(words, BEFORE_DAY.skip(words, i), self.today, self.locale):
                return self.yearly(found[0].candidates[0], amount), found[1]
            return self.yearly(self.today, amount, anchored=False), i
        rule = f"FREQ={_FREQUENCY[unit]}" + (f";INTERVAL={amount}" if amount > 1 else "")
        also_today = unit == "day" and amount == 1
        return Repeat(rule, first_day(rule, self.today), also_today), i

    def in_month(self, amount: int, i: int) -> Found:
        """The day of the month behind "every month"."""
        words = self.words
        n = BEFORE_DAY_NUMBER.skip(words, i)
        ordinal = ORDINALS.match(words, ARTICLES.skip(words, n))
        weekday = WEEKDAYS.match(words, ordinal[1]) if ordinal else None
        if ordinal and weekday:
            code = f"{ordinal[0]}{CODES[weekday[0]]}"
            return self.monthly_on(code, amount), weekday[1]
        if last := MONTH_END.match(words, n) or MONTH_END.match(words, i):
            return self.monthly(-1, amount), last[1]
        if n < len(words) and (m := _DAY_NUMBER.fullmatch(words[n].word)):
            return self.monthly(self.day_of_month(int(m[1]), n), amount), n + 1
        return self.monthly(self.today.day, amount, anchored=False), i

    def day_of_month(self, number: int, i: int) -> int:
        """The number itself. Raises NotUnderstood where no month has it."""
        if not 1 <= number <= 31:
            typed = self.words[i].raw
            raise NotUnderstood(_("“{typed}” is no day of a month").format(typed=typed))
        return number

    def weekdays(self, i: int) -> tuple[list[int], int] | None:
        """One or several weekdays: ``mon``, ``mon wed``, "lundi et jeudi", ``mon-fri``, plurals."""
        words = self.words
        days: list[int] = []
        while i < len(words):
            n = AND.skip(words, i) if days else i
            to = TO.match(words, i) if days else None
            if to and to[1] < len(words) and (last := _weekday(words[to[1]].bare)) is not None:
                first = days[-1]
                days.extend((first + k) % 7 for k in range(1, (last - first) % 7 + 1))
                i = to[1] + 1
                continue
            day = _weekday(words[n].bare) if n < len(words) else None
            if day is None:
                break
            days.append(day)
            i = n + 1
        return (sorted(set(days)), i) if days else None

    # ------------------------------------------------------------------------------- rules

    def daily(self) -> Repeat:
        return Repeat("FREQ=DAILY", first_day("FREQ=DAILY", self.today), also_today=True)

    def weekly(self, days: list[int], amount: int) -> Repeat:
        by_day = f";BYDAY={','.join(CODES[day] for day in days)}"
        rule = "FREQ=WEEKLY" + (f";INTERVAL={amount}" if amount > 1 else "") + by_day
        return Repeat(rule, first_day("FREQ=WEEKLY" + by_day, self.today))

    def monthly(self, number: int, amount: int, anchored: bool = True) -> Repeat:
        by_day = _month_days(number, 28)
        rule = "FREQ=MONTHLY" + (f";INTERVAL={amount}" if amount > 1 else "") + by_day
        return Repeat(rule, first_day("FREQ=MONTHLY" + by_day if anchored else rule, self.today))

    def monthly_on(self, by_day: str, amount: int) -> Repeat:
        """Every month on its nth weekday: ``1MO``, ``-1FR``."""
        rule = "FREQ=MONTHLY" + (f";INTERVAL={amount}" if amount > 1 else "") + f";BYDAY={by_day}"
        return Repeat(rule, first_day(f"FREQ=MONTHLY;BYDAY={by_day}", self.today))

    def yearly(self, day: date, amount: int, anchored: bool = True) -> Repeat:
        by_day = f";BYMONTH={day.month}" + _month_days(day.day, 28 if day.month == 2 else 31)
        rule = "FREQ=YEARLY" + (f";INTERVAL={amount}" if amount > 1 else "") + by_day
        return Repeat(rule, first_day("FREQ=YEARLY" + by_day if anchored else rule, self.today))


def _weekday(word: str) -> int | None:
    found = WEEKDAYS.get(word)
    return WEEKDAYS.get(word.removesuffix("s")) if found is None else found


def _month_days(number: int, surely: int) -> str:
    """The part of a rule for a day of the month; where a month is shorter, its last day.

    ``surely``: every month concerned has this many days (RFC 5545 skips a month without the day).
    """
    if number <= surely:
        return f";BYMONTHDAY={number}"
    return f";BYMONTHDAY={','.join(map(str, range(surely, number + 1)))};BYSETPOS=-1"
