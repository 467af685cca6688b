"""Clock times in a typed date: ``9:30``, "half past nine", ``14 Uhr``, "las 9 y media", ``9-10``.

What has the shape of a time but is none ("25:00") raises ``NotUnderstood``: nothing is guessed.

A number alone is a time only behind a day or "at", or where nothing but a length or a kind
follows. Behind a day it is a count when the next word is counted ("fri 12 pallets"), when it is an
early hour with more words behind it ("fri 2 visits to make"), or when it belongs to a longer run of
numbers, as phone numbers do. A plural behind it makes it a count too, with a warning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tui_crm.core.dates.clock import (
    COLON,
    DOTTED,
    GLUED_HALF,
    GLUED_HOUR,
    NUMBER,
    RANGE,
    Clock,
    clock_of_hour,
    closes,
    day_follows,
    hour_is_clock,
    offset_from_utc,
    spread,
)
from tui_crm.core.dates.length_reader import length
from tui_crm.core.dates.lookalikes import is_address, is_count, is_phone, may_be_count
from tui_crm.core.dates.number_words import NUMBERS, ORDINALS
from tui_crm.core.dates.phrases import NotUnderstood, Words
from tui_crm.core.dates.vocabulary import (
    AND,
    AT,
    BEFORE_OR_AFTER,
    BETWEEN,
    CLOCK_UNITS,
    GERMAN_WEEKDAYS,
    HOUR_PLUS,
    MERIDIAN,
    MIDNIGHT,
    MINUTES_AFTER,
    MINUTES_BEFORE,
    MONTHS,
    NEXT,
    NOON,
    OCLOCK,
    OF,
    PART_WORDS,
    PARTS,
    PAST_HOUR,
    PERIODS,
    RANGE_FROM,
    RELATIVE_DAYS,
    TO,
    UNITS,
    WEEK_NUMBER,
    WEEKDAYS,
)
from tui_crm.core.text import _

_EARLY = 7
"""Hours below this, alone after a day and before more words, are taken for an amount."""
_ABOUT = re.compile(r"([0-9]{1,2})(?::([0-9]{2}))?-?ish")
_ONE_LETTER = re.compile(r"([0-9]{1,2})(?::([0-9]{2}))?([ap])")
_FOUR_DIGITS = re.compile(r"([01][0-9]|2[0-3])([0-5][05])")
_THREE_DIGITS = re.compile(r"([7-9])([0-5][05])")
_HALF_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]?")
_MOST_INTRODUCING = 6
"""Words in front of a time: "a eso de las", "at about"."""
_ONE = {"una": 1, "une": 1, "ein": 1}


Found = tuple[Clock, int]


@dataclass
class ClockReader:
    """Reads the clock time at a word of one entry, and collects ``warnings`` about what it read."""

    words: Words
    language: str
    warnings: list[str]

    def at(self, i: int, after_day: bool) -> tuple[Clock, int, int] | None:
        """A time with what introduces it ("at", "gegen", "between"): the time, the position of
        the time itself, and the next position."""
        start = BEFORE_OR_AFTER.skip(self.words, i)
        n = RANGE_FROM.skip(self.words, start)
        if n > start:
            both = bool(BETWEEN.match(self.words, start))
            spread = self.clock(n, "at", between=both, spoken=False)
            if spread is not None and spread[0].length:
                return spread[0], n, spread[1]
        n = start
        surely = False
        while n < i + _MOST_INTRODUCING and (at := AT.match(self.words, n)):
            surely, n = surely or at[0], at[1]
        if n == i:
            found = self.clock(i, "day" if after_day else "")
            return (found[0], i, found[1]) if found else None
        found = self.clock(n, "at")
        if found is None:
            return None
        clock, after = found
        if not (clock.explicit or surely or after_day or closes(self.words, after)):
            return None
        if not clock.explicit and is_address(self.words, n):
            return None
        if start > i:
            typed = " ".join(word.raw for word in self.words[i:after])
            shown = f"{clock.hour:02d}:{clock.minute:02d}"
            self.warnings.append(_("“{typed}” is read as {time}").format(typed=typed, time=shown))
        return clock, n, after

    def clock(self, i: int, after: str, between: bool = False, spoken: bool = True) -> Found | None:
        """A time at word ``i``, with its end where a range is typed ("9 to 10").

        ``after`` is what stands before: "", "day" or "at". ``between``: "and" joins the ends of a
        range. Without ``spoken`` "9 to 10" is no "nine to ten", and "9 y 10" no 9:10.
        """
        if i >= len(self.words):
            return None
        if m := RANGE.fullmatch(self.words[i].bare):
            return self.glued_range(i, m, after)
        first = self.time(i, after, spoken)
        return None if first is None else self.range(i, first, after, between)

    # ------------------------------------------------------------------------ one time

    def time(self, i: int, after: str, spoken: bool = True) -> Found | None:
        words = self.words
        if i >= len(words):
            return None
        if noon := NOON.match(words, i):
            delta, after_noon = MINUTES_AFTER.match(words, noon[1]) or (0, noon[1])
            return clock_of_hour(12, delta, settled=True), after_noon
        if midnight := MIDNIGHT.match(words, i):
            typed = words[midnight[1] - 1].raw
            told = _("“{typed}” belongs to two days; 23:59 or 0:00 to one")
            raise NotUnderstood(told.format(typed=typed))
        if spoken and (found := self.minutes_before(i, after)):
            return found
        return self.digits(i, after) or self.number(i, after, spoken)

    def digits(self, i: int, after: str) -> Found | None:
        """``9:30``, ``9.30``, ``9h30``, ``9am``: a time in one word."""
        word = self.words[i].bare
        if m := COLON.fullmatch(word):
            if int(m[1]) > 29 and not after:
                return None  # "60:40" is a share
            clock, end = self.finished(i, int(m[1]), int(m[2]), m[4])
            return clock._replace(offset=offset_from_utc(m[3]) if m[3] else None), end
        uhr = OCLOCK.match(self.words, i + 1)
        m = DOTTED.fullmatch(word)
        said = uhr or MERIDIAN.match(self.words, i + 1) or day_follows(self.words, i + 1)
        if m and (after or m[3] or said):
            return self.finished(i, int(m[1]), int(m[2]), m[3])
        if m := _ABOUT.fullmatch(word):
            return self.finished(i, int(m[1]), int(m[2] or 0))
        if m := GLUED_HALF.fullmatch(word):
            return self.finished(i, int(m[1]), 0, m[4] or "uhr")
        if after and (m := _ONE_LETTER.fullmatch(word)):
            return self.finished(i, int(m[1]), int(m[2] or 0), m[3] + "m")
        if m := GLUED_HOUR.fullmatch(word):
            return self.glued_hour(i, int(m[1]), m[2], after)
        if found := self.run_together(i, word, after):
            return found
        if after and _HALF_CLOCK.fullmatch(word):
            raise NotUnderstood(_("“{typed}” is no time").format(typed=self.words[i].raw))
        return None

    def run_together(self, i: int, word: str, after: str) -> Found | None:
        """``0900`` behind a day or before one; ``930`` too, and that is said."""
        m = _FOUR_DIGITS.fullmatch(word)
        if m is None and (m := _THREE_DIGITS.fullmatch(word)) is None:
            return None
        if not (after and closes(self.words, i + 1)) and not day_follows(self.words, i + 1):
            return None
        if len(word) == 3:
            told = _("“{typed}” is read as {time}")
            time = f"{int(m[1]):02d}:{m[2]}"
            self.warnings.append(told.format(typed=self.words[i].raw, time=time))
        return self.finished(i, int(m[1]), int(m[2]))

    def glued_hour(self, i: int, hour: int, minute: str | None, after: str) -> Found | None:
        if not hour_is_clock(hour, after, self.language, exact=minute is not None):
            return None
        if minute is None:
            if found := self.minutes_after(i + 1, hour) or self.plus_minutes(i + 1, hour):
                return found
            if two := self.two_digits(i + 1):
                return self.finished(two[1] - 1, hour, two[0])
        return self.finished(i, hour, int(minute or 0))

    def number(self, i: int, after: str, spoken: bool) -> Found | None:
        """A time that begins with a number alone: ``9``, ``9 Uhr 30``, "nine thirty"."""
        value = self.hour_number(i)
        if value is None or is_phone(self.words, i):
            return None
        found = self.behind_number(i, *value, after, spoken)
        return (found[0]._replace(spoken=True), found[1]) if found and value[2] else found

    def behind_number(
        self, i: int, hour: int, n: int, spelled: bool, after: str, spoken: bool
    ) -> Found | None:
        """What makes the number before word ``n`` a time."""
        words = self.words
        if oclock := OCLOCK.match(words, n):
            clock, end = self.with_minutes(hour, oclock[1])
            return clock._replace(spoken=clock.spoken or oclock[0]), end
        if found := self.minutes_after(n, hour):
            return found
        if after and spoken and (more := self.plus_minutes(n, hour)):
            return more
        if UNITS.match(words, n) and not AND.match(words, n):  # y: "and", and years
            if words[n].bare not in CLOCK_UNITS:
                return None
            if spelled and hour == 1 and not after:
                return None  # "una hora"
            surely = after == "at" or spelled
            if not surely and not hour_is_clock(hour, after, self.language, exact=False):
                return None
            return self.with_minutes(hour, n + 1)
        if MERIDIAN.match(words, n) and not self.is_preposition(n, hour):
            return self.finished(n - 1, hour, 0)
        if PARTS.match(words, n):
            return (clock_of_hour(hour, 0), n) if hour < 24 else None
        if (after or spelled) and hour < 24 and (minute := self.two_digits(n)):
            return self.finished(minute[1] - 1, hour, minute[0])
        return self.alone(i, n, hour, after, spelled)

    def hour_number(self, i: int) -> tuple[int, int, bool] | None:
        """A number of one or two digits, or in words: its value, the next position, whether it is
        in words."""
        word = self.words[i].bare
        if NUMBER.fullmatch(word):
            return int(word), i + 1, False
        spelled = NUMBERS.match(self.words, i)
        if spelled is None and word in _ONE:
            spelled = _ONE[word], i + 1
        if spelled is None or spelled[0] > 24:
            return None
        return *spelled, True

    def with_minutes(self, hour: int, i: int) -> Found:
        """Minutes behind "Uhr" or "heures": "9 Uhr 30", "neuf heures et demie"."""
        if found := self.minutes_after(i, hour) or self.plus_minutes(i, hour):
            return found
        if minute := self.two_digits(i):
            return self.finished(minute[1] - 1, hour, minute[0])
        return self.finished(i - 1, hour, 0)

    def two_digits(self, i: int) -> tuple[int, int] | None:
        """Minutes and the next position: two digits or a number in words that count nothing."""
        if i >= len(self.words) or length(self.words, i, spelled=True):
            return None
        word = self.words[i].bare
        found = NUMBERS.match(self.words, i)
        if re.fullmatch("[0-5][0-9]", word):
            found = int(word), i + 1
        if found is None or not (10 <= found[0] < 60 or len(word) == 2):
            return None
        last = found[1] - 1
        if self.words[i].word.endswith(".") and WEEK_NUMBER.match(self.words, i + 1):
            return None  # "elf Uhr 33. KW"
        if word.isdecimal() and self.is_month(OF.skip(self.words, found[1])):
            return None
        if is_address(self.words, last):
            return None
        if is_count(self.words, last) or may_be_count(self.words, last):
            return None
        return found

    def is_month(self, i: int) -> bool:
        """Whether the number before word ``i`` is a day of a month: "19h 17 juillet"."""
        weekday = WEEKDAYS.match(self.words, i) and self.language in ("es", "fr")
        return MONTHS.match(self.words, i) is not None and not weekday

    def minutes_after(self, i: int, hour: int) -> Found | None:
        """ "y media", "et quart", "moins le quart" behind the hour."""
        found = None if self.words[i - 1].comma else MINUTES_AFTER.match(self.words, i)
        return self.spoken(i, hour, *found) if found else None

    def plus_minutes(self, i: int, hour: int) -> Found | None:
        """ "y veinte", "menos diez" behind the hour."""
        if not (sign := HOUR_PLUS.match(self.words, i)) or sign[1] >= len(self.words):
            return None
        word = self.words[sign[1]].bare
        minute: tuple[int, int] | None = NUMBERS.match(self.words, sign[1])
        if minute is None and NUMBER.fullmatch(word):
            minute = int(word), sign[1] + 1
        if minute is None or not 0 < minute[0] < 60:
            return None
        return self.spoken(i, hour, sign[0] * minute[0], minute[1])

    def minutes_before(self, i: int, after: str) -> Found | None:
        """ "half past nine", "viertel vor zehn", "halb zehn", "ten to nine", "5 vor halb 10"."""
        words = self.words
        if quarter := MINUTES_BEFORE.match(words, i):
            delta, n = quarter
        elif minute := self.minutes_of(i):
            sign = PAST_HOUR.match(words, minute[1])
            if sign is None:
                return None
            delta, n = sign[0] * minute[0], sign[1]
            if (half := MINUTES_BEFORE.match(words, n)) and half[0] == -30:
                delta, n = delta - 30, half[1]
        else:
            return None
        if n >= len(words):
            return None
        noon = NOON.match(words, n)
        hour = (12, noon[1], True) if noon else self.hour_number(n)
        if hour is None or hour[0] > 24:
            return None
        unit = UNITS.match(words, hour[1])
        short = unit and len(words[hour[1]].bare) <= 2  # "Mo" and "d'" are no units here
        if unit and unit[0] != "hour" and not short and not self.is_day_or_week(hour[1]):
            return None
        if quarter is None and not self.is_spoken(i, delta, n, hour[0], hour[1], after):
            return None
        return self.spoken(n, hour[0], delta, hour[1])

    def is_day_or_week(self, i: int) -> bool:
        """ "day after tomorrow" or "week 49" at word ``i``: the number before it counts nothing."""
        week = WEEK_NUMBER.match(self.words, i)
        number = self.words[week[1]].bare if week and week[1] < len(self.words) else ""
        return number.isdecimal() or bool(RELATIVE_DAYS.match(self.words, i))

    def minutes_of(self, i: int) -> tuple[int, int] | None:
        """A number of minutes before "past" or "vor": ``20``, "twenty", "5 minutes"."""
        word = self.words[i].bare
        found = NUMBERS.match(self.words, i)
        if found is None and NUMBER.fullmatch(word):
            found = int(word), i + 1
        if found is None or not 0 < found[0] < 60:
            return None
        unit = UNITS.match(self.words, found[1])
        return (found[0], unit[1]) if unit and unit[0] == "minute" else found

    def is_spoken(self, i: int, delta: int, n: int, hour: int, end: int, after: str) -> bool:
        """Whether "10 to 9" is a time; "5 to 9" may also be the hours from five to nine."""
        if not after and not (closes(self.words, end) or day_follows(self.words, end)):
            return False
        if self.words[n - 1].bare != "to" or UNITS.match(self.words, n - 2) or -delta >= hour:
            return True
        if delta % 5:
            return False
        typed = " ".join(word.raw for word in self.words[i:end])
        told = _("“{typed}” may be a time or a length; try {first}-{last} or {time}")
        time = f"{hour - 1}:{60 + delta:02d}"
        raise NotUnderstood(told.format(typed=typed, first=-delta, last=hour, time=time))

    def alone(self, i: int, n: int, hour: int, after: str, spelled: bool) -> Found | None:
        """A number with nothing that says it is an hour."""
        words = self.words
        closing = closes(words, n) or (
            after == "at" and (self.is_range(n) or day_follows(words, n))
        )
        if is_count(words, n - 1):
            return None
        if not after:
            day = i == 0 and day_follows(words, n)
            if spelled or hour > 23 or not (closing or day):
                return None
        elif hour > 23:
            if not closing or spelled:
                return None
        elif not closing and spelled:
            return None
        elif not closing and after == "day":
            if hour < _EARLY or is_address(words, i):
                return None
            if may_be_count(words, n - 1):
                told = _("“{n}” is read as a number, not as {n}:00").format(n=words[i].raw)
                self.warnings.append(told)
                return None
        clock, end = self.finished(n - 1, hour, 0)
        return clock._replace(explicit=clock.settled), end

    def is_range(self, i: int) -> bool:
        """Whether "to" and another number stand at word ``i``."""
        to = TO.match(self.words, i)
        return to is not None and to[1] < len(self.words) and self.hour_number(to[1]) is not None

    def is_preposition(self, i: int, hour: int) -> bool:
        """Whether "am" at word ``i`` is German, "um 15 am Freitag", or behind a comma."""
        if i > 0 and self.words[i - 1].comma:
            return True
        if i + 1 >= len(self.words) or self.words[i].bare != "am":
            return False
        day = any(
            table.match(self.words, i + 1)
            for table in (WEEKDAYS, GERMAN_WEEKDAYS, ORDINALS, NEXT, PERIODS, PART_WORDS)
        )
        day = day or self.words[i + 1].bare[:1].isdecimal()
        return day and (hour > 12 or self.language == "de")

    def spoken(self, i: int, hour: int, delta: int, after: int) -> Found:
        """A time made of an hour and minutes before or after it, with "pm" behind it."""
        if hour > 24:
            raise NotUnderstood(_("“{typed}” is no time").format(typed=self.words[i - 1].raw))
        clock = clock_of_hour(hour, delta, settled=hour > 12)
        found, end = self.finished(after - 1, clock.hour, clock.minute)
        return found._replace(spoken=True), end

    def finished(self, last: int, hour: int, minute: int, half: str | None = None) -> Found:
        """The time that ends at word ``last``, with "Uhr" and "pm" behind it."""
        oclock = OCLOCK.match(self.words, last + 1)
        i = oclock[1] if oclock else last + 1
        if i == last + 1 and i < len(self.words) and self.words[i].bare in ("h", "hs", "horas"):
            i += 1
        meridian = MERIDIAN.match(self.words, i) if half in (None, "uhr") else None
        if meridian and not self.is_preposition(i, hour):
            half, i = meridian
        typed = self.words[last].raw
        if last > 0 and not typed[0].isdecimal():  # "25 Uhr"
            typed = f"{self.words[last - 1].raw} {typed}"
        half = (half or "").replace(".", "")
        if half == "am" and hour > 12:
            raise NotUnderstood(_("“{typed}” is no time").format(typed=typed))
        if half == "am" and hour == 12:
            hour = 0
        elif half == "pm" and hour < 12:
            hour += 12
        if hour > 23 or minute > 59:
            raise NotUnderstood(_("“{typed}” is no time").format(typed=typed))
        settled = half in ("am", "pm") or hour > 12
        return Clock(hour, minute, settled=settled, spoken=bool(oclock and oclock[0])), i

    # ----------------------------------------------------------------------------- ranges

    def range(self, i: int, first: Found, after: str, between: bool) -> Found:
        """The end of "9 to 10", where there is one, as the length of the time."""
        start, n = first
        to = TO.match(self.words, n)
        if between and to is None and n < len(self.words):
            is_and = self.words[n].bare in ("and", "y", "et", "und")
            to = (True, AT.skip(self.words, n + 1)) if is_and else None
        if to is None or to[1] >= len(self.words) or not (after or start.explicit):
            return first
        end = self.time(to[1], "at", spoken=False)
        if end is None:
            return first
        closing = closes(self.words, end[1]) or day_follows(self.words, end[1])
        if not (end[0].explicit or closing):
            return first
        return spread(start, end[0], self.words[n - 1].raw), end[1]

    def glued_range(self, i: int, m: re.Match[str], after: str) -> Found | None:
        """``9:30-10:15``, after a day also ``9-10``."""
        first, first_minute, first_half, last, last_minute, last_half = m.groups()
        word = self.words[i]
        exact = bool(first_minute or last_minute or first_half or last_half) or "h" in word.bare
        if not exact and not after:
            return None
        if not exact and is_count(self.words, i):
            return None
        # "uhr" behind the word.
        half = last_half
        meridian = None if half else MERIDIAN.match(self.words, i + 1)
        if self.is_preposition(i + 1, int(last)):
            meridian = None
        after_range = OCLOCK.skip(self.words, i + 1)
        if meridian:
            half, after_range = meridian
        ends = []
        for hour, minute, side in ((first, first_minute, first_half), (last, last_minute, half)):
            if int(hour) > 23 or int(minute or 0) > 59:
                raise NotUnderstood(_("“{typed}” is no time").format(typed=word.raw))
            shift = 12 if (side or "").startswith("p") and int(hour) < 12 else 0
            ends.append(Clock(int(hour) + shift, int(minute or 0), settled=bool(side)))
        return spread(ends[0], ends[1], word.raw), after_range
