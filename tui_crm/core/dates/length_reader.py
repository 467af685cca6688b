"""Lengths of time in a typed date: ``20m``, ``1h30``, "half an hour", "3 days".

Each reader takes the words and a position, and returns what it read and the next position, or
None when its part is not there. What has the shape of its part but is none raises
``NotUnderstood``: nothing is guessed.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from tui_crm.core.dates.lookalikes import is_address
from tui_crm.core.dates.number_words import COUNTS, VAGUE_COUNTS
from tui_crm.core.dates.phrases import NotUnderstood, Words
from tui_crm.core.dates.vocabulary import (
    AND,
    AND_A_HALF,
    FOR,
    LENGTHS,
    OR,
    RELATIVE_DAYS,
    UNITS,
    WEEK_NUMBER,
    WORKING_DAYS,
)
from tui_crm.core.text import _

LONGEST_MINUTES = 24 * 60
FARTHEST_DAYS = 366 * 50
_COUNTED = re.compile(r"([0-9]{1,9})([a-z]+)")
_DECIMAL = re.compile(r"([0-9]{1,2})[.,]([0-9])([a-z]*)")
_HOURS_MINUTES = re.compile(r"([0-9]{1,2})h([0-9]{2})(?:m|min|mn)?")
_MINUTES = re.compile(r"([0-9]{1,2})(?:m|min|mn)?")
_SEVERAL = re.compile(r"[0-9]{1,3}[-–/][0-9]{1,3}")


class Distance(NamedTuple):
    """So many units from now; ``unit`` is one of the meanings in ``UNITS``, or "working day"."""

    amount: int
    unit: str


def counted(words: Words, i: int, spelled: bool = False) -> tuple[Distance, int] | None:
    """``3d``, ``3 days``, and where ``spelled`` "a week": a number and a unit. A lone m is
    minutes."""
    if i >= len(words):
        return None
    if m := _COUNTED.fullmatch(words[i].bare):
        unit = UNITS.get(m[2]) or ("minute" if m[2] == "m" else None)
        return (Distance(int(m[1]), unit), i + 1) if unit else None
    if re.fullmatch("[0-9]{1,9}", words[i].word):
        amount, after = int(words[i].word), i + 1
    elif spelled and (number := COUNTS.match(words, i)):
        amount, after = number
    else:
        return None
    if amount > 1 and words[i].bare.isdecimal() and _is_week_number(words, after):
        return None
    if words[after - 1].comma or RELATIVE_DAYS.match(words, after):  # "room 12 day after tomorrow"
        return None
    if working := WORKING_DAYS.match(words, after):
        return Distance(amount, "working day"), working[1]
    if found := UNITS.match(words, after):
        return Distance(amount, found[0]), found[1]
    if after < len(words) and words[after].bare == "m":
        return Distance(amount, "minute"), after + 1
    return None


def _is_week_number(words: Words, i: int) -> bool:
    """Whether the number before word ``i`` is none of weeks: "room 12 semana 2"."""
    week = WEEK_NUMBER.match(words, i)
    if week is None or words[i].bare not in ("week", "semana", "semaine", "woche"):
        return False
    return week[1] < len(words) and words[week[1]].bare.isdecimal()


def length(words: Words, i: int, spelled: bool = False) -> tuple[int, int] | None:
    """How long something takes, in minutes: ``20m``, ``1h30``, ``45 min``, "for 2 hours".

    With ``spelled``, or behind "for", also "two hours". Raises NotUnderstood for more than a day.
    """
    after = FOR.skip(words, i)
    found = minutes(words, after, spelled or after > i)
    if found is not None and not 0 < found[0] <= LONGEST_MINUTES:
        typed = words[after].raw
        raise NotUnderstood(_("“{typed}” is no length of a day's work").format(typed=typed))
    return found


def minutes(words: Words, i: int, spelled: bool = False) -> tuple[int, int] | None:
    """A number of hours and minutes, in minutes, however long."""
    if i >= len(words):
        return None
    if found := LENGTHS.match(words, i):
        return found
    word = words[i].bare
    if m := _HOURS_MINUTES.fullmatch(word):
        return int(m[1]) * 60 + int(m[2]), i + 1
    if (m := _DECIMAL.fullmatch(word)) and (hours := _hour_unit(words, i, m[3])):
        return int(m[1]) * 60 + int(m[2]) * 6, hours
    found_count = counted(words, i, spelled)
    if found_count is None:
        return None
    (amount, unit), after = found_count
    if unit == "minute":
        return amount, after
    return _hours(words, amount, after) if unit == "hour" else None


def _hour_unit(words: Words, i: int, glued: str) -> int | None:
    """The next position after the unit of ``1.5h`` or ``1,5 hours``, None for another unit."""
    if glued:
        return i + 1 if UNITS.get(glued) == "hour" else None
    unit = UNITS.match(words, i + 1)
    return unit[1] if unit and unit[0] == "hour" else None


def _hours(words: Words, hours: int, i: int) -> tuple[int, int]:
    """Hours and the minutes behind them, as minutes: "2 h 30", "2 hours and 15 minutes"."""
    if words[i - 1].comma:
        return hours * 60, i
    if half := AND_A_HALF.match(words, i):
        return hours * 60 + 30, half[1]
    n = AND.skip(words, i)
    more = counted(words, n, spelled=n > i)
    if more is not None and more[0].unit == "minute" and more[0].amount < 60:
        # "2h 30m" and "2 hours 15 minutes" are one length.
        return hours * 60 + more[0].amount, more[1]
    bare = words[i].bare if i < len(words) else ""
    if i < len(words) and is_address(words, i):
        return hours * 60, i
    if words[i - 1].bare == "h" and len(bare) >= 2 and (m := _MINUTES.fullmatch(bare)):
        return hours * 60 + int(m[1]), i + 1
    return hours * 60, i


def reached(far: Distance, today: date, typed: str) -> date:
    """The day that lies ``far`` off; the last day of a shorter month."""
    days_each = {"day": 1, "working day": 2, "week": 7, "fortnight": 14}
    months_each = {"month": 1, "quarter": 3, "year": 12}
    days = days_each.get(far.unit) or months_each[far.unit] * 31
    if far.amount * days > FARTHEST_DAYS:
        raise NotUnderstood(_("“{typed}” is too far off").format(typed=typed))
    if far.unit == "working day":
        day = today
        for _step in range(far.amount):
            day += timedelta(days=7 - day.weekday() if day.weekday() >= 4 else 1)
        return day
    if far.unit in days_each:
        return today + timedelta(days=far.amount * days)
    found: date = today + relativedelta(months=far.amount * months_each[far.unit])
    return found


def refuse_vague(words: Words, i: int, alone: bool = False) -> None:
    """Raise NotUnderstood where "in a few days" or "in 2 or 3 weeks" stands at word ``i``; without
    "in" only where it is ``alone`` there."""
    vague = VAGUE_COUNTS.match(words, i)
    after = vague[1] if vague else i
    if vague is None:
        first = COUNTS.match(words, i)
        after = first[1] if first else i + 1
        either = OR.match(words, after)
        if i < len(words) and _SEVERAL.fullmatch(words[i].bare):
            after = i + 1
        elif either is not None and either[1] < len(words):
            second = COUNTS.match(words, either[1])
            if second is None and not words[either[1]].bare.isdecimal():
                return
            after = second[1] if second else either[1] + 1
        else:
            return
    unit = UNITS.match(words, after)
    if unit and not (alone and unit[1] < len(words)):
        typed = " ".join(word.raw for word in words[i : unit[1]])
        raise NotUnderstood(_("“{typed}” is not one day").format(typed=typed))
