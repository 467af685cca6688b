"""A wall clock time in a typed date, what a word that is one looks like, and what may follow it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import NamedTuple

from tui_crm.core.dates.length_reader import LONGEST_MINUTES, length
from tui_crm.core.dates.number_words import NUMBERS
from tui_crm.core.dates.phrases import SIGNS, NotUnderstood, Words
from tui_crm.core.dates.vocabulary import (
    AT,
    BEFORE_DAY,
    CLOCK_UNITS,
    KINDS,
    MERIDIAN,
    MINUTES_AFTER,
    MINUTES_BEFORE,
    NOON,
    OCLOCK,
    PART_WORDS,
    PARTS,
    RANGE_FROM,
    RELATIVE_DAYS,
    WEEKDAYS,
)
from tui_crm.core.text import _

HALF = r"am|pm|a\.m|p\.m"
COLON = re.compile(
    r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?(z|[+-][0-9]{2}:?[0-9]{2})?"
    rf"(?:h|hs|uhr)?({HALF})?"
)
DOTTED = re.compile(rf"([0-9]{{1,2}})[.']([0-9]{{2}})(?:h|hs|uhr)?({HALF})?")
GLUED_HOUR = re.compile(r"([0-9]{1,2})(?:h|hs)([0-9]{2})?(?:m|min|mn)?")
GLUED_HALF = re.compile(rf"([0-9]{{1,2}})(?:()uhr|()({HALF}))")
_END = rf"([0-9]{{1,2}})(?:[:h.]([0-9]{{2}})|h)?(?:uhr)?({HALF})?"
RANGE = re.compile(rf"{_END}[-–]{_END}")
NUMBER = re.compile(r"[0-9]{1,2}")
_FIRST_CLOCK_HOUR = 5
"""From here on ``9h`` is the clock's; ``3h`` below it counts hours."""


class Clock(NamedTuple):
    """A wall clock time.

    ``length`` in minutes when a range gave it. ``settled``: the words tell day from night ("9pm",
    "noon", "17:30"). ``explicit``: it is a time by itself, not a number that may be one.
    ``spoken``: of a twelve-hour clock, as "five" and "half past 3" are.
    ``offset`` is the distance from UTC of a copied ISO time.
    """

    hour: int
    minute: int = 0
    length: int | None = None
    settled: bool = False
    explicit: bool = True
    spoken: bool = False
    offset: timedelta | None = None

    @property
    def minutes(self) -> int:
        """Minutes since midnight."""
        return self.hour * 60 + self.minute


def spread(start: Clock, end: Clock, typed: str) -> Clock:
    """A time with the length up to ``end``: "2-3pm" starts at 14:00, "11-1" ends at 13:00."""
    if end.settled and not start.settled and start.hour < 12 and end.hour >= 12:
        later = start._replace(hour=start.hour + 12, settled=True)
        start = later if later.minutes < end.minutes else start
    if end.minutes <= start.minutes and not end.settled and end.hour < 12:
        end = end._replace(hour=end.hour + 12)
    length_ = end.minutes - start.minutes
    if not 0 < length_ < LONGEST_MINUTES:
        raise NotUnderstood(_("“{typed}” is no time").format(typed=typed))
    return start._replace(length=length_, explicit=True)


def clock_of_hour(hour: int, delta: int, settled: bool = False) -> Clock:
    """An hour and minutes added to it; "quarter to one" is 12:45."""
    minutes = hour * 60 + delta
    if minutes < 60 and delta < 0:
        minutes += 12 * 60
    return Clock(minutes // 60 % 24, minutes % 60, settled=settled or minutes >= 13 * 60)


def offset_from_utc(text: str) -> timedelta:
    """``Z``, ``+01:00`` or ``+0100`` as a distance."""
    if text == "z":
        return timedelta()
    digits = text[1:].replace(":", "")
    off = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -off if text[0] == "-" else off


def hour_is_clock(hour: int, after: str, language: str, exact: bool) -> bool:
    """Whether ``9h`` is nine o'clock, and no nine hours.

    At the start of an English or German entry hours up to 12 are counted, because only others
    write the clock so.
    """
    if after == "at":
        return True
    if hour > 23:
        return False
    if not after and not exact and language not in ("es", "fr"):
        return hour == 0 or hour > 12
    return hour == 0 or hour >= _FIRST_CLOCK_HOUR


def closes(words: Words, i: int) -> bool:
    """Whether a date or an hour may end before word ``i``: nothing follows, or what belongs to one.

    That is a time, a part of the day, a length or a kind.
    """
    while i < len(words) and words[i].bare in SIGNS:
        i += 1
    if i >= len(words):
        return True
    if KINDS.match(words, i) or PARTS.match(words, i) or length(words, i):
        return True
    if at := AT.match(words, i) or RANGE_FROM.match(words, i):
        if NUMBERS.match(words, at[1]):
            return True
        return at[1] < len(words) and clock_shape(words, at[1])
    if part := PART_WORDS.match(words, i):
        return closes(words, part[1])
    if not clock_shape(words, i):
        return False
    n = i + 1
    if n >= len(words) or not NUMBER.fullmatch(words[i].bare) or words[n].bare in CLOCK_UNITS:
        return True
    behind = (KINDS, OCLOCK, MERIDIAN, PARTS, MINUTES_AFTER)
    return any(table.match(words, n) for table in behind) or length(words, n) is not None


def day_follows(words: Words, i: int) -> bool:
    """Whether "tomorrow" or a weekday stands at word ``i``, with or without "on"."""
    return any(
        table.match(words, n)
        for n in (i, BEFORE_DAY.skip(words, i))
        for table in (RELATIVE_DAYS, WEEKDAYS)
    )


def clock_shape(words: Words, i: int) -> bool:
    """Whether word ``i`` begins like a time: 9:30, 9am, 9h, noon, half, or a number up to 23."""
    word = words[i].bare
    if NOON.match(words, i) or MINUTES_BEFORE.match(words, i):
        return True
    if NUMBER.fullmatch(word):
        return int(word) <= 23
    return any(p.fullmatch(word) for p in (COLON, GLUED_HALF, GLUED_HOUR, RANGE))


def is_dotted(word: str) -> bool:
    """Whether a word is two numbers with a dot between them: a time, a date or a price."""
    return bool(DOTTED.fullmatch(word))
