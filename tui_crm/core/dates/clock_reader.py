"""Clock times and lengths in a typed date. Each reader reads at one word.

A reader takes the words and a position, and returns what it read and the next position, or None
when its part is not there. What has the shape of its part but is none ("25:00") raises
``NotUnderstood``: nothing is guessed.
"""

from __future__ import annotations

import re
from datetime import time
from typing import NamedTuple

from tui_crm.core.dates.vocabulary import (
    AT,
    CLOCK_UNITS,
    COUNTS,
    DAY_PARTS,
    FOR,
    KINDS,
    MERIDIAN,
    NOON,
    OCLOCK,
    UNITS,
    NotUnderstood,
    Words,
    match,
)
from tui_crm.core.text import _

_LONGEST_MINUTES = 24 * 60
_EARLY = 7
"""Bare hours below this, after a day and before more words, are taken for an amount."""
_FIRST_CLOCK_HOUR = 5
"""From here on ``9h`` is the clock's; ``3h`` below it counts hours."""

_COLON = re.compile(r"([0-9]{1,2}):([0-9]{2})(?:h|hs|uhr)?(am|pm|a\.m|p\.m)?")
DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{2})(?:h|uhr)?(am|pm|a\.m|p\.m)?")
GLUED_HOUR = re.compile(r"([0-9]{1,2})(?:h|hs)([0-9]{2})?(?:m|min|mn)?")
_GLUED_HALF = re.compile(r"([0-9]{1,2})(?:()uhr|()(am|pm|a\.m|p\.m))")
_RANGE = re.compile(r"([0-9]{1,2}(?:[:h.][0-9]{2}|h)?)[-–]([0-9]{1,2}(?:[:h.][0-9]{2}|h)?)")
COUNTED = re.compile(r"([0-9]{1,9})([a-z]+)")
HOURS_MINUTES = re.compile(r"([0-9]{1,2})h([0-9]{2})(?:m|min|mn)?")
_NUMBER = re.compile(r"[0-9]{1,2}")


class Clock(NamedTuple):
    """A wall clock time; ``minutes`` when a range gave the length; ``unambiguous`` when the words
    tell day from night ("9pm", "noon")."""

    at: time
    minutes: int | None = None
    unambiguous: bool = False


class Distance(NamedTuple):
    """So many units from now; ``unit`` is one of the meanings in ``UNITS``."""

    amount: int
    unit: str


def clock(words: Words, i: int, after: str, language: str) -> tuple[Clock, int] | None:
    """A clock time at word ``i``. ``after`` is what stands before: "", "day" or "at".

    ``9`` needs a day or "at" before it, or nothing but a length or a kind behind it; an early
    bare hour before more words is an amount ("fri 2 pallets"). ``9h`` is a clock after a day;
    ``3h`` counts hours unless "at" stands before. At the start of an English or German entry
    hours up to 12 are counted, because only others write the clock so.
    """
    if i >= len(words):
        return None
    word = words[i].bare
    if noon := match(NOON, words, i):
        return Clock(time(noon[0]), unambiguous=True), noon[1]
    if after == "day" and (part := match(DAY_PARTS, words, i)):
        return Clock(time(part[0]), unambiguous=True), part[1]
    if (m := _COLON.fullmatch(word)) or (after and (m := DOTTED.fullmatch(word))):
        return _finished(words, i, int(m[1]), int(m[2]), m[3])
    if m := _GLUED_HALF.fullmatch(word):
        return _finished(words, i, int(m[1]), 0, m[4] or "uhr")
    if m := GLUED_HOUR.fullmatch(word):
        hour = int(m[1])
        if not hour_is_clock(hour, after, language, exact=m[2] is not None):
            return None
        return _finished(words, i, hour, int(m[2] or 0), None)
    if m := _RANGE.fullmatch(word):
        return _range(words, i, m, after)
    if _NUMBER.fullmatch(word):
        return _bare_hour(words, i, after, language)
    return None


def _bare_hour(words: Words, i: int, after: str, language: str) -> tuple[Clock, int] | None:
    hour = int(words[i].bare)
    unit = match(UNITS, words, i + 1)
    if match(MERIDIAN, words, i + 1):
        return _finished(words, i, hour, 0, None)
    if oclock := match(OCLOCK, words, i + 1):
        n = oclock[1]
        minute = words[n].bare if n < len(words) else ""
        has_minute = len(minute) == 2 and _NUMBER.fullmatch(minute) and not counted(words, n)
        return _finished(words, n if has_minute else n - 1, hour, int(minute) if has_minute else 0)
    if unit and words[i + 1].bare in CLOCK_UNITS:
        if not hour_is_clock(hour, after, language, exact=False):
            return None
        minute = words[i + 2].bare if i + 2 < len(words) else ""
        has_minute = len(minute) == 2 and _NUMBER.fullmatch(minute) and not counted(words, i + 2)
        last = i + 2 if has_minute else i + 1
        return _finished(words, last, hour, int(minute) if has_minute else 0)
    if unit:
        return None
    if after != "at" and not closes(words, i + 1):
        if after != "day" or not _EARLY <= hour <= 23:
            return None
    elif hour > 23 and not after:
        return None
    return _finished(words, i, hour, 0)


def hour_is_clock(hour: int, after: str, language: str, exact: bool) -> bool:
    if after == "at":
        return True
    if hour > 23:
        return False
    if not after and not exact and language not in ("es", "fr"):
        return hour == 0 or hour > 12
    return hour == 0 or hour >= _FIRST_CLOCK_HOUR


def _finished(
    words: Words, last: int, hour: int, minute: int, half: str | None = None
) -> tuple[Clock, int]:
    """The clock that ends at word ``last``, with "pm" or "de la tarde" behind it."""
    i = last + 1
    unambiguous = half is not None
    if half is None and (oclock := match(OCLOCK, words, i)):
        i, unambiguous = oclock[1], True
    if half in (None, "uhr") and (found := match(MERIDIAN, words, i)):
        half, i = found
        unambiguous = True
    typed = words[last].raw
    half = (half or "").replace(".", "")
    if half == "am" and hour > 12:
        raise NotUnderstood(_("“{typed}” is no time").format(typed=typed))
    if half == "am" and hour == 12:
        hour = 0
    elif half == "pm" and hour < 12:
        hour += 12
    if hour > 23 or minute > 59:
        raise NotUnderstood(_("“{typed}” is no time").format(typed=typed))
    return Clock(time(hour, minute), unambiguous=unambiguous), i


def _range(words: Words, i: int, m: re.Match[str], after: str) -> tuple[Clock, int] | None:
    """``9:30-10:15``, after a day also ``9-10``: a time with its length."""
    exact = any(mark in words[i].bare for mark in ":h")
    if not exact and not after:
        return None
    ends = []
    for part in m.groups():
        hour, _sign, minute = part.replace("h", ":").replace(".", ":").partition(":")
        ends.append(int(hour) * 60 + int(minute or 0))
    first, last = ends
    if not first < last < _LONGEST_MINUTES or any(":" in p and p[-2:] > "59" for p in m.groups()):
        raise NotUnderstood(_("“{typed}” is no time").format(typed=words[i].raw))
    return Clock(time(first // 60, first % 60), last - first), i + 1


def length(words: Words, i: int) -> tuple[int, int] | None:
    """How long it takes, in minutes: ``20m``, ``1h30``, ``45 min``, "for 2 hours"."""
    if intro := match(FOR, words, i):
        i = intro[1]
    if i >= len(words):
        return None
    typed = words[i]
    if m := HOURS_MINUTES.fullmatch(typed.bare):
        minutes, i = int(m[1]) * 60 + int(m[2]), i + 1
    elif found := counted(words, i):
        far, i = found
        if far.unit not in ("minute", "hour"):
            return None
        minutes = far.amount * (60 if far.unit == "hour" else 1)
    else:
        return None
    if not 0 < minutes <= _LONGEST_MINUTES:
        raise NotUnderstood(_("“{typed}” is no length of a day's work").format(typed=typed.raw))
    return minutes, i


def counted(words: Words, i: int, spelled: bool = False) -> tuple[Distance, int] | None:
    """``3d``, ``3 days``, and where ``spelled`` "a week": a number and a unit. A lone m is
    minutes."""
    if i >= len(words):
        return None
    if m := COUNTED.fullmatch(words[i].bare):
        unit = UNITS.get((m[2],)) or ("minute" if m[2] == "m" else None)
        return (Distance(int(m[1]), unit), i + 1) if unit else None
    if re.fullmatch("[0-9]{1,9}", words[i].word):
        count, after = int(words[i].word), i + 1
    elif spelled and (number := match(COUNTS, words, i)):
        count, after = number
    else:
        return None
    if found := match(UNITS, words, after):
        return Distance(count, found[0]), found[1]
    if after < len(words) and words[after].bare == "m":
        return Distance(count, "minute"), after + 1
    return None


def closes(words: Words, i: int) -> bool:
    """Whether a date or an hour may end before word ``i``: nothing follows, or what belongs to one.

    That is a time, a length or a kind.
    """
    if i >= len(words):
        return True
    if match(KINDS, words, i) or length(words, i):
        return True
    if at := match(AT, words, i):
        return at[1] < len(words) and _clock_shape(words, at[1])
    if not _clock_shape(words, i):
        return False
    n = i + 1
    if n >= len(words) or not _NUMBER.fullmatch(words[i].bare) or words[n].bare in CLOCK_UNITS:
        return True
    behind = match(KINDS, words, n), match(OCLOCK, words, n), match(MERIDIAN, words, n)
    return any(behind) or length(words, n) is not None


def _clock_shape(words: Words, i: int) -> bool:
    word = words[i].bare
    if match(NOON, words, i):
        return True
    if _NUMBER.fullmatch(word):
        return int(word) <= 23
    return any(p.fullmatch(word) for p in (_COLON, _GLUED_HALF, GLUED_HOUR, _RANGE))
