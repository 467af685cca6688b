"""A moment in an entry: a day, a time, a part of the day and a length, in any order.

``fri 9:30 20m``, "9:30 on friday", "vendredi matin à 8h15", "in half an hour", "every mon 9". The
pieces stand side by side, with the small words between them that belong to dates. A part of the
day is a default: a clock time beats it, and is read by it ("afternoon 3" is 15:00).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from tui_crm.core.dates.clock import Clock, closes, hour_is_clock, offset_from_utc
from tui_crm.core.dates.clock_reader import ClockReader
from tui_crm.core.dates.date_reader import Days, iso_clock
from tui_crm.core.dates.day_reader import DayReader
from tui_crm.core.dates.length_reader import LONGEST_MINUTES, counted, length, minutes, refuse_vague
from tui_crm.core.dates.phrases import SIGNS, MoreThanOne, NotUnderstood, Words
from tui_crm.core.dates.repeat_reader import Repeat, RepeatReader
from tui_crm.core.dates.vocabulary import (
    AT,
    CLOCK_UNITS,
    FROM,
    FROM_NOW,
    IN,
    LOOSE_PARTS,
    MONTHS,
    MORNING_AFTER_WEEKDAY,
    OF,
    OR,
    PART_WORDS,
    PARTS,
    PARTS_OF_TODAY,
    SAME_TIME,
    TO,
)
from tui_crm.core.text import _

_LONGEST_WAIT = 60 * 24 * 366
NIGHT_ENDS = 6
"""Hours below this one are at night."""


class Part(NamedTuple):
    """A part of the day: its default time, the hours that belong to it, and the hours of a
    twelve-hour clock that mean the afternoon in it."""

    default: time
    first: int
    last: int
    shifted: range = range(0)


_PARTS = {
    "morning": Part(time(9), 0, 12),
    "midmorning": Part(time(11), 9, 12),
    "noon": Part(time(12), 11, 15, range(1, 4)),
    "afternoon": Part(time(15), 12, 21, range(1, 10)),
    "after lunch": Part(time(14), 12, 18, range(1, 6)),
    "late": Part(time(17), 14, 22, range(2, 10)),
    "evening": Part(time(18), 17, 23, range(4, 12)),
    "night": Part(time(5), 0, 7),
}

Span = tuple[int, int, str]


@dataclass
class Moment:
    """What was read from word ``start`` up to ``end``.

    ``elapsed`` is a distance from now in minutes. ``introduced``: "on", "at" or the like stands
    before it. ``spans`` are (first word, word after, what) of its pieces.
    """

    start: int
    end: int
    days: Days | None = None
    clock: Clock | None = None
    part: str | None = None
    elapsed: int | None = None
    length: int | None = None
    repeat: Repeat | None = None
    introduced: bool = False
    spans: list[Span] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def has_time(self) -> bool:
        return self.clock is not None or self.part is not None or self.elapsed is not None

    @property
    def has_moment(self) -> bool:
        return self.days is not None or self.has_time

    @property
    def is_sure(self) -> bool:
        """Whether it is a date or a time among other words too: no "sam" and no lone number."""
        if self.elapsed is not None or self.repeat is not None:
            return True
        if self.days is not None and self.days.sure:
            return True
        return (self.clock is not None and self.clock.explicit) or self.part is not None

    def typed_time(self) -> time | None:
        """The clock that was typed, or the default of the part of the day.

        An hour of a twelve-hour clock is one of the part's: "afternoon 3" is 15:00; without a part
        "half past three" is the afternoon's. Raises NotUnderstood for twelve at night, which
        belongs to two days.
        """
        part = _PARTS.get(self.part or "")
        if self.clock is None:
            return part.default if part else None
        hour = self.clock.hour
        if part and not self.clock.settled:
            if hour in part.shifted:
                hour += 12
            elif hour == 12 and self.part == "evening":
                raise NotUnderstood(_("12 at night belongs to two days; 23:59 or 0:00 to one"))
        elif self.is_spoken_afternoon:
            hour += 12
        return time(hour, self.clock.minute)

    def fits_part(self) -> bool:
        """Whether the clock lies in the part of the day that was typed with it."""
        part, clock = _PARTS.get(self.part or ""), self.typed_time()
        return part is None or clock is None or part.first <= clock.hour <= part.last

    @property
    def is_spoken_afternoon(self) -> bool:
        """Whether an early hour is the afternoon's: nobody says "half past three" of the night."""
        clock = self.clock
        if clock is None or clock.settled or not clock.spoken or self.part:
            return False
        return 0 < clock.hour < NIGHT_ENDS

    @property
    def night_is_meant(self) -> bool:
        """Whether an early hour is surely one of the night."""
        return self.part in ("morning", "night") or (self.clock is not None and self.clock.settled)


@dataclass
class MomentReader:
    """Reads the moment at a word of one entry."""

    typed: str
    words: Words
    now: datetime
    locale: str
    language: str

    def __post_init__(self) -> None:
        self.today = self.now.date()
        self.warnings: list[str] = []
        self.days = DayReader(
            typed=self.typed,
            words=self.words,
            today=self.today,
            locale=self.locale,
            language=self.language,
            warnings=self.warnings,
        )
        self.clocks = ClockReader(self.words, self.language, self.warnings)
        self.repeats = RepeatReader(self.words, self.today, self.locale)

    def moment(self, i: int, leading: bool) -> Moment | None:
        """The longest moment that starts at word ``i``.

        ``leading``: it begins the entry, or follows the kind that does; there a number alone may
        be an hour and "3h" a distance. Raises NotUnderstood for what looks like one and is none.
        """
        self.warnings.clear()
        self.days.leading = leading
        found = Moment(i, i)
        n = self.length_before(found, i) if leading else i
        while n < len(self.words):
            after = self.piece(found, n, leading)
            if after is None and n > i:
                k = self.skip_signs(n)
                after = self.piece(found, k, leading) if k > n else None
            if after is None:
                break
            n = found.end = after
        if not found.has_moment:
            return None
        self.refuse_alternative(found, n)
        found.warnings = list(dict.fromkeys(self.warnings))
        return found

    def length_before(self, found: Moment, i: int) -> int:
        """A length in front of the day: "2 hours fri", "20m tomorrow 9"; the next position."""
        if self.words[i].bare.startswith("+") or self.is_clock(i):
            return i
        read = minutes(self.words, i)
        if read is None or read[0] > LONGEST_MINUTES or read[1] >= len(self.words):
            return i
        day = self.days.bare_day(read[1])
        if day is None or not day[0].sure or not closes(self.words, day[1]):
            return i
        found.length = read[0]
        found.spans.append((i, read[1], "duration"))
        return read[1]

    def skip_signs(self, i: int) -> int:
        while i < len(self.words) and self.words[i].bare in SIGNS:
            i += 1
        return i

    # ----------------------------------------------------------------------------- pieces

    def piece(self, found: Moment, i: int, leading: bool) -> int | None:
        """Read one more piece at word ``i`` into ``found``; the next position, or None."""
        if i >= len(self.words):
            return None
        if found.elapsed is not None:
            return self.length(found, i)
        if not found.has_moment:
            after = self.repeat(found, i) or self.part_of_today(found, i)
            after = after or self.elapsed(found, i, leading)
            if after is not None:
                return after
        if found.has_moment and AT.match(self.words, i):  # "Freitag so um 9" has no Sunday
            after = self.clock(found, i, leading)
            if after is not None:
                return after
        return (
            self.part(found, i)
            or self.day(found, i, leading)
            or self.clock(found, i, leading)
            or self.length(found, i)
            or self.part_word(found, i, leading)
        )

    def repeat(self, found: Moment, i: int) -> int | None:
        repeated = self.repeats.repeat(i)
        if repeated is None:
            return None
        again, after = repeated
        found.spans.append((i, after, "rule"))
        found.days = Days((again.first,))
        if (start := FROM.match(self.words, after)) and (day := self.days.bare_day(start[1])):
            found.spans.append((start[1], day[1], "date"))
            found.days, after = day
            again = again._replace(also_today=False)
        found.repeat, found.part = again, again.part
        return after

    def part_of_today(self, found: Moment, i: int) -> int | None:
        part = PARTS_OF_TODAY.match(self.words, i)
        if part is None:
            return None
        found.days, found.part = Days((self.today,)), part[0]
        found.spans.append((i, part[1], "date"))
        return part[1]

    def elapsed(self, found: Moment, i: int, leading: bool) -> int | None:
        """Minutes or hours from now: "in half an hour", ``+3h``, ``30m``."""
        distance = self.distance(i, leading)
        if distance is None:
            return None
        far, after = distance
        if not 0 < far <= _LONGEST_WAIT:
            told = _("“{typed}” is no distance")
            raise NotUnderstood(told.format(typed=self.days.slice(i, after)))
        found.elapsed = far
        found.spans.append((i, after, "date"))
        return after

    def distance(self, i: int, leading: bool) -> tuple[int, int] | None:
        words = self.words
        if words[i].bare.startswith("+"):
            return self.plus(i)
        n = IN.skip(words, i)
        if n > i:
            refuse_vague(words, n)
            spelled = minutes(words, n, spelled=True)
            return (spelled[0], FROM_NOW.skip(words, spelled[1])) if spelled else None
        if (far := minutes(words, i, spelled=True)) and (now := FROM_NOW.match(words, far[1])):
            return far[0], now[1]
        far = minutes(words, i) if leading else None
        if far is None:
            return None
        if self.is_clock(i):
            return None
        return far if far[1] - i == 1 or closes(words, far[1]) else None

    def is_clock(self, i: int) -> bool:
        """Whether "9h30" or "10 heures" at the start is a time, for those who write it so."""
        if self.clocks.digits(i, "") is not None:
            return True
        unit = counted(self.words, i)
        if unit is None or unit[0].unit != "hour":
            return False
        written = self.words[unit[1] - 1].bare in CLOCK_UNITS
        return written and hour_is_clock(unit[0].amount, "", self.language, exact=False)

    def plus(self, i: int) -> tuple[int, int] | None:
        """``+3h``, ``+30m``, ``+1h30``, ``+ 3 h``; a lone m above 12 is minutes."""
        typed = self.words[i].bare
        start = i if len(typed) > 1 else i + 1
        if start >= len(self.words):
            return None
        word = self.words[start]
        bare = word._replace(word=word.word.lstrip("+"), bare=word.bare.lstrip("+"))
        words = (*self.words[:start], bare, *self.words[start + 1 :])
        far = minutes(words, start)
        unit = counted(words, start)
        if far and unit and words[unit[1] - 1].bare.lstrip("0123456789") == "m" and far[0] <= 12:
            return None
        return far

    def part(self, found: Moment, i: int) -> int | None:
        """ "in the afternoon", "por la mañana", "nachmittags"."""
        if found.part is not None:
            return None
        part = PARTS.match(self.words, i)
        if part is None and found.days is not None and found.days.only_weekday:
            part = MORNING_AFTER_WEEKDAY.match(self.words, i)
        return self.set_part(found, i, part)

    def set_part(self, found: Moment, i: int, part: tuple[str, int] | None) -> int | None:
        if part is None:
            return None
        found.part = part[0]
        found.spans.append((i, part[1], "time"))
        return part[1]

    def part_word(self, found: Moment, i: int, leading: bool) -> int | None:
        """ "morning" behind a day or a time, "early" before a day."""
        part = PART_WORDS.match(self.words, i)
        if part is None or found.part is not None:
            return None
        if self.words[i].bare in LOOSE_PARTS and found.has_moment:
            return self.set_part(found, i, part) if closes(self.words, part[1]) else None
        if found.has_moment:
            return self.set_part(found, i, part)
        day = self.days.day(part[1]) if part[1] < len(self.words) else None
        return self.set_part(found, i, part) if day and day[0].sure else None

    def day(self, found: Moment, i: int, leading: bool) -> int | None:
        if found.repeat is not None:
            return None
        before = found.days.weekday if found.days and found.days.only_weekday else None
        read = self.days.day(i, before)
        if read is None and found.has_moment:
            read = self.day_of(found, i)
        if read is None:
            return None
        days, after = read
        if found.days is not None:
            days = self.both(found.days, days)
        else:
            found.introduced |= days.typed != self.days.slice(i, after)
        found.days = days
        found.spans.append((i, after, "date"))
        if inside := iso_clock(self.words, after - 1):
            at, offset = inside
            from_utc = offset_from_utc(offset) if offset else None
            found.clock = Clock(at.hour, at.minute, settled=True, offset=from_utc)
        return after

    def day_of(self, found: Moment, i: int) -> tuple[Days, int] | None:
        """ "friday of next week", "la tarde del lunes", "matin du 12"."""
        n = OF.skip(self.words, i)
        if n == i:
            return None
        part_alone = found.part is not None and found.days is None
        number = self.days.day_number(n, introduced=True) if part_alone else None
        return self.days.day(n) or number

    def both(self, first: Days, second: Days) -> Days:
        """Two expressions for one day: "tomorrow wed", "KW 49 Dienstag", "fri 4 dec".

        Raises NotUnderstood where they are two days.
        """
        if second.only_weekday:
            first, second = second, first
        if first.only_weekday:
            if second.only_weekday:
                if first.weekday == second.weekday:
                    return first
            elif second.span is None:
                return second._replace(weekday=first.weekday)
            elif (second.span[1] - second.span[0]).days <= 7:
                return self.weekday_in(second, first.weekday or 0)
        elif first.span and not second.span:
            if inside := within(second.candidates, first.span):
                return second._replace(candidates=inside, exact=False)
        elif second.span and not first.span:
            if inside := within(first.candidates, second.span):
                return first._replace(candidates=inside, exact=False)
        elif same := tuple(day for day in first.candidates if day in second.candidates):
            return first._replace(candidates=same, weekday=first.weekday or second.weekday)
        told = _("“{one}” and “{two}”: one day is needed")
        raise NotUnderstood(told.format(one=first.typed, two=second.typed))

    def weekday_in(self, days: Days, weekday: int) -> Days:
        assert days.span is not None
        first, last = days.span
        day = first + timedelta(days=(weekday - first.weekday()) % 7)
        if day > last:
            told = _("“{one}” and “{two}”: one day is needed")
            raise NotUnderstood(told.format(one=days.typed, two=day.strftime("%a")))
        return Days((day,), sure=days.sure)

    def clock(self, found: Moment, i: int, leading: bool) -> int | None:
        if found.clock is not None:
            return None
        after_day = found.days is not None or found.part is not None
        same = SAME_TIME.match(self.words, i)
        if same and (found.days is not None or self.days.day(same[1])):
            found.clock = Clock(self.now.hour, self.now.minute, settled=True)
            found.spans.append((i, same[1], "time"))
            return same[1]
        read = self.clocks.at(i, after_day)
        if read is None:
            return None
        clock, start, after = read
        if not (leading or after_day or clock.explicit or self.is_sure_at(i)):
            return None
        if not found.has_moment:
            found.introduced = start > i
        found.clock = clock
        found.spans.append((start, after, "time"))
        return after

    def is_sure_at(self, i: int) -> bool:
        """Whether "at" makes the number behind it a time among other words: at their end."""
        at = AT.match(self.words, i)
        return bool(at and at[0] and closes(self.words, at[1] + 1))

    def length(self, found: Moment, i: int) -> int | None:
        if not found.has_moment or found.length is not None:
            return None
        spelled = found.clock is not None or found.elapsed is not None
        read = length(self.words, i, spelled=spelled)
        if read is None:
            return None
        found.length, after = read
        found.spans.append((i, after, "duration"))
        return after

    # ------------------------------------------------------------------- more than one moment

    def refuse_alternative(self, found: Moment, i: int) -> None:
        """Raise MoreThanOne for "fri or mon", "mon to wed", "9 and 10", "9:30 10:30": a next
        action has one moment, and a repetition no end."""
        words = self.words
        if found.has_time and (clock := self.clocks.at(i, after_day=False)) and clock[0].explicit:
            self.refuse(found, clock[2])
        if found.elapsed is not None and (day := self.days.day(i)) and day[0].sure:
            self.refuse(found, day[1])
        for table in (OR, TO):
            joint = table.match(words, i)
            if joint is None or joint[1] >= len(words) or found.elapsed is not None:
                continue
            n = joint[1]
            if found.days is not None and (day := self.days.bare_day(n)) and day[0].sure:
                self.refuse(found, day[1])
            if found.repeat is not None and table is TO and (month := MONTHS.match(words, n)):
                self.refuse(found, month[1])
            read = self.clocks.clock(n, "day") if found.clock is not None and table is OR else None
            if read is not None and (read[0].explicit or closes(words, read[1])):
                self.refuse(found, read[1])

    def refuse(self, found: Moment, after: int) -> None:
        told = _("“{typed}” is more than one moment")
        raise MoreThanOne(told.format(typed=self.days.slice(found.start, after)))


def within(days: tuple[date, ...], span: tuple[date, date]) -> tuple[date, ...]:
    """The days that lie in a period."""
    return tuple(day for day in days if span[0] <= day <= span[1])
