"""The day in a typed date: "fri", "next week", "el 12", "+3d", in all its spellings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice

from dateutil.easter import easter

from tui_crm.core.dates.clock import closes
from tui_crm.core.dates.clock_reader import ClockReader
from tui_crm.core.dates.date_reader import (
    Days,
    Found,
    calendar,
    days_of_month,
    is_clear_clock,
)
from tui_crm.core.dates.labels import day_label
from tui_crm.core.dates.length_reader import FARTHEST_DAYS, Distance, counted, reached, refuse_vague
from tui_crm.core.dates.lookalikes import (
    NOT_AFTER_ORDINAL,
    is_address,
    is_count,
    is_phone,
    looks_like_day,
)
from tui_crm.core.dates.number_words import NUMBERS, ONE, ORDINALS
from tui_crm.core.dates.period_reader import edge, nth_day, of_period, period, span_of
from tui_crm.core.dates.phrases import NotUnderstood, Phrases, Words
from tui_crm.core.dates.vocabulary import (
    AFTER_NEXT,
    AFTER_NEXT_AFTER,
    AGO,
    AGO_BEFORE,
    AMBIGUOUS,
    AT,
    BEFORE_DAY,
    BEFORE_DAY_NUMBER,
    BEFORE_OR_AFTER,
    ENGLISH_WORDS,
    FROM_NOW,
    GERMAN_WEEKDAYS,
    HOLIDAYS,
    IN,
    LAST,
    LAST_AFTER,
    MONTHS,
    NEXT,
    NEXT_AFTER,
    NOT_PAST,
    NOW,
    OF,
    OR,
    PAST_DAYS,
    PERIODS,
    RELATIVE_DAYS,
    SHIFT_FROM,
    SPANISH_LETTERS,
    TO,
    UNITS,
    WEEKDAYS,
)
from tui_crm.core.text import _

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_ORDINAL = re.compile(r"([0-9]{1,2})(st|nd|rd|th|er|º|)")
# "in acht Tagen", "en huit", "en quinze": a week, two weeks.
_IDIOMS = {8: 7, 15: 14}
_FIFTEEN = ("quinze", "quince")


@dataclass
class DayReader:
    """Reads the day at a word of one entry, and collects ``warnings`` about what it read."""

    typed: str
    words: Words
    today: date
    locale: str
    language: str
    warnings: list[str] = field(default_factory=list)
    leading: bool = True
    """Whether the moment begins the entry: there "3 weeks" is a distance."""

    def day(self, i: int, weekday: int | None = None) -> Found | None:
        """A day at word ``i``, with or without "on", "el", "le", "am" … before it, or a weekday."""
        if found := self.bare_day(i, weekday=weekday):
            return found
        loose = BEFORE_OR_AFTER.match(self.words, i)
        for table in (BEFORE_OR_AFTER, BEFORE_DAY):
            before = table.match(self.words, i)
            if before and (found := self.bare_day(before[1], introduced=True)):
                if loose:
                    self.warn_of_loose(i, found)
                return found
        if before := BEFORE_DAY_NUMBER.match(self.words, i):
            return self.day_number(before[1], introduced=True)
        return None

    def warn_of_loose(self, i: int, found: Found) -> None:
        """ "before friday" is no day; it is read as Friday, and that is said."""
        days, after = found
        if days.candidates:
            label = day_label(days.candidates[0], self.today)
            told = _("“{typed}” is read as {day}")
            self.warnings.append(told.format(typed=self.slice(i, after), day=label))

    def slice(self, i: int, after: int) -> str:
        """What was typed from word ``i`` up to ``after``."""
        return self.typed[self.words[i].start : self.words[after - 1].end]

    def bare_day(
        self, i: int, introduced: bool = False, weekday: int | None = None
    ) -> Found | None:
        words, today = self.words, self.today
        if i >= len(words):
            return None
        self.refuse_past(i)
        found = (
            self.nth_weekday(i)
            or edge(words, i, today, self.language)
            or self.holiday(i)
            or self.relative_day(i)
            or self.next_weekday(i)
            or calendar(words, i, today, self.locale, introduced=introduced, weekday=weekday)
            or period(words, i, today, self.language)
            or self.distance(i)
            or self.ordinal(i)
            or self.weekday(i, introduced)
        )
        if found is None:
            return None
        days, after = found
        return days._replace(typed=days.typed or self.slice(i, after)), after

    # ------------------------------------------------------------------------ past days

    def refuse_past(self, i: int) -> None:
        """Raise NotUnderstood for "yesterday", "last friday", "hace 3 días"."""
        words = self.words
        after: int | None = None
        if past := PAST_DAYS.match(words, i):
            after = past[1] if NOT_PAST.get(words[i].bare) != self.language else None
        elif (last := LAST.match(words, i)) and (day := WEEKDAYS.match(words, last[1])):
            after = day[1] if not of_period(self.words, self.today, self.language, day[1]) else None
        elif (day := WEEKDAYS.match(words, i)) and (last := LAST_AFTER.match(words, day[1])):
            after = last[1] if not RELATIVE_DAYS.match(words, day[1]) else None
        elif ago := AGO_BEFORE.match(words, i):
            far = counted(words, ago[1], spelled=True)
            after = far[1] if far else None
        elif (far := counted(words, i, spelled=True)) and (ago := AGO.match(words, far[1])):
            after = ago[1]
        typed = words[i].bare
        if after is None and typed.startswith("-") and re.fullmatch("-[0-9]+[a-z]+", typed):
            after = i + 1 if UNITS.get(typed.lstrip("-0123456789")) else None
        if after is not None:
            raise NotUnderstood(
                _("“{typed}” is past").format(typed=self.slice(i, after)), past=True
            )

    # ------------------------------------------------------------- today, tomorrow, in 3 days

    def relative_day(self, i: int) -> Found | None:
        relative = RELATIVE_DAYS.match(self.words, i)
        if relative is not None and self.means_day(i, relative[1]):
            days = Days((self.today + relative[0] * _DAY,))
            return self.shifted(days, i, relative[1])
        now = NOW.match(self.words, i)
        if now and i == 0 and closes(self.words, now[1]):
            return Days((self.today,)), now[1]
        return None

    def holiday(self, i: int) -> Found | None:
        """ "christmas", "lundi de Pâques": this year's or the next; "christmas card" is text."""
        named = HOLIDAYS.match(self.words, i)
        if named is None or not closes(self.words, named[1]):
            return None
        (month, number), after = named
        years = (self.today.year, self.today.year + 1)
        days = [
            date(year, month, number) if month else easter(year) + number * _DAY for year in years
        ]
        return Days(tuple(day for day in days if day >= self.today)), after

    def distance(self, i: int) -> Found | None:
        """Days or longer from now: ``+3d``, ``in 3 days``, ``3 weeks``, "a week on friday".

        After ``+`` a lone m is months up to 12. Without ``+`` or "in" they count only with a time,
        a length, a kind or nothing behind them: "3d printer" is text.
        """
        words = self.words
        if words[i].bare.startswith("+") and len(words[i].bare) <= 12:
            return self.plus(i)
        n = IN.skip(words, i)
        if n > i or (self.leading and i == 0):
            refuse_vague(words, n, alone=n == i)
        found = counted(words, n, spelled=True)
        if found is None or found[0].unit in ("minute", "hour"):
            return None
        far, after = found
        if from_now := FROM_NOW.match(words, after):
            after = from_now[1]
        elif n == i:
            if later := self.distance_from(far, i, after):
                return later
            article = words[i].bare in ONE.split("|")
            if article or not self.leading or not closes(words, after):
                return None
        far = self.idiom(far, i, n, after)
        day = reached(far, self.today, self.slice(i, after))
        target = span_of("week", day, 0) if far.unit in ("week", "fortnight") else None
        return Days((day,), span=target), after

    def distance_from(self, far: Distance, i: int, n: int) -> Found | None:
        """ "a week on friday", "2 weeks tomorrow", "3 days from monday"."""
        start = SHIFT_FROM.skip(self.words, n)
        if start >= len(self.words) or far.unit not in ("day", "week", "fortnight"):
            return None
        weekday = WEEKDAYS.match(self.words, start)
        relative = RELATIVE_DAYS.match(self.words, start)
        if relative and self.means_day(start, relative[1]):
            days, after = Days((self.today + relative[0] * _DAY,)), relative[1]
        elif weekday and self.means_day(start, weekday[1]) and (start > n or far.unit != "day"):
            days, after = Days((self.coming(weekday[0]),)), weekday[1]
        else:
            return None
        return self.later(
            days, far.amount * {"day": 1, "week": 7, "fortnight": 14}[far.unit]
        ), after

    def plus(self, i: int) -> Found | None:
        """``+3d``, ``+ 3 days``, ``+3 weeks``; hours and minutes are read elsewhere."""
        typed = self.words[i].bare[1:]
        glued = bool(typed) and not typed.isdecimal()
        if glued:
            m, after = re.fullmatch("([0-9]{1,9})([a-z]+)", typed), i + 1
        else:
            unit_at = i + 1 if typed else i + 2
            if unit_at >= len(self.words):
                return None
            joined = (typed or self.words[i + 1].bare) + self.words[unit_at].bare
            m, after = re.fullmatch("([0-9]{1,9})([a-z]+)", joined), unit_at + 1
        if m is None:
            return None
        amount, unit = int(m[1]), UNITS.get(m[2])
        if m[2] == "m" and amount <= 12:
            unit = "month"
            if amount >= 5:
                told = _("“{typed}” is read as months; “{n} min” is minutes")
                self.warnings.append(told.format(typed=self.words[i].raw, n=amount))
        if unit is None and m[2] != "m" and glued:
            raise NotUnderstood(_("“{typed}” is no date").format(typed=self.words[i].raw))
        if unit is None or unit in ("minute", "hour"):
            return None
        return Days((reached(Distance(amount, unit), self.today, self.words[i].raw),)), after

    def idiom(self, far: Distance, i: int, n: int, after: int) -> Distance:
        """ "in acht Tagen" and "dans quinze jours" are a week and two; that is said."""
        if far.unit != "day" or self.words[n].bare not in ("acht", "huit", "ocho", *_FIFTEEN):
            return far
        weeks = Distance(_IDIOMS[far.amount], "day")
        told = _("“{typed}” is read as {n} days")
        self.warnings.append(told.format(typed=self.slice(i, after), n=weeks.amount))
        return weeks

    # ------------------------------------------------------------------------- weekdays

    def next_weekday(self, i: int) -> Found | None:
        """ "next fri", "el próximo viernes", "übernächsten Montag"."""
        words = self.words
        for table in (AFTER_NEXT, NEXT):
            coming = table.match(words, i)
            if coming is None:
                continue
            if (weekday := WEEKDAYS.match(words, coming[1])) is not None:
                weeks = 2 if table is AFTER_NEXT else 1 if coming[0] else 0
                return self.in_weeks(weekday[0], weeks, i, weekday[1])
            if coming[1] < len(words) and not PERIODS.match(words, coming[1]):
                self.refuse_slip(coming[1])
        return None

    def weekday(self, i: int, introduced: bool) -> Found | None:
        """``fri``, ``vendredi prochain``, "friday week", "lundi en huit", ``fri 27``."""
        words = self.words
        found = WEEKDAYS.match(words, i) or self.two_letters(i, introduced)
        if found is None or not self.means_day(i, found[1]):
            return None
        weekday, after = found
        if after_next := AFTER_NEXT_AFTER.match(words, after):
            return self.in_weeks(weekday, 2, i, after_next[1])
        coming = NEXT_AFTER.match(words, after)
        if coming and not PERIODS.match(words, coming[1]):
            return self.in_weeks(weekday, int(coming[0]), i, coming[1])
        plain = Days((self.coming(weekday),), weekday=weekday, only_weekday=True)
        shifted = self.shifted(plain, i, after)
        if shifted[1] > after:
            return shifted
        n = BEFORE_DAY_NUMBER.skip(words, after)
        month = MONTHS.match(words, OF.skip(words, n + 1))
        number = None if month else self.day_number(n, introduced=n > after)
        if number is not None and (n > after or self.is_day_number(n, weekday)):
            return number[0]._replace(weekday=weekday), number[1]
        return plain, after

    def two_letters(self, i: int, introduced: bool) -> tuple[int, int] | None:
        """German ``Di``, and letters of Spanish calendars, where a time shows what they are."""
        bare = self.words[i].bare
        clear = i + 1 < len(self.words) and is_clear_clock(self.words, i + 1)
        if found := GERMAN_WEEKDAYS.match(self.words, i):
            if self.language == "de":
                number = introduced and self.words[i].raw[0].isupper()
                number |= i + 1 < len(self.words) and self.words[i + 1].bare[:1].isdecimal()
                several = self.is_day_behind(TO, i + 1) or self.is_day_behind(OR, i + 1)
                return found if number or several or closes(self.words, i + 1) else None
            if clear and bare in ENGLISH_WORDS and self.words[i].raw.istitle():
                told = _("“{typed}” may be a German weekday")
                raise NotUnderstood(told.format(typed=self.words[i].raw))
            return found if clear and bare not in ENGLISH_WORDS else None
        if self.language == "es" and i == 0 and clear and self.words[i].raw.isupper():
            return SPANISH_LETTERS.match(self.words, i)
        return None

    def is_day_behind(self, joints: Phrases[bool], i: int) -> bool:
        """Whether "bis" or "oder" stands at word ``i`` with a weekday behind it."""
        joint = joints.match(self.words, i)
        if joint is None:
            return False
        return any(table.match(self.words, joint[1]) for table in (WEEKDAYS, GERMAN_WEEKDAYS))

    def in_weeks(self, weekday: int, weeks: int, i: int, after: int) -> Found:
        """The weekday of a coming week; said where "next" may also mean this week's."""
        coming = self.coming(weekday)
        if not weeks:
            return Days((coming,)), after
        chosen = self.today + (7 * weeks - self.today.weekday() + weekday) * _DAY
        if chosen != coming and weeks == 1:
            told = _("“{typed}” is read as next week's; without “next” it is {day}")
            label = day_label(coming, self.today)
            self.warnings.append(told.format(typed=self.slice(i, after), day=label))
        elif weeks > 1:
            told = _("“{typed}” is read as {day}")
            label = day_label(chosen, self.today)
            self.warnings.append(told.format(typed=self.slice(i, after), day=label))
        return Days((chosen,)), after

    def coming(self, weekday: int) -> date:
        """The next such weekday, never today."""
        return self.today + ((weekday - self.today.weekday() - 1) % 7 + 1) * _DAY

    def is_day_number(self, i: int, weekday: int) -> bool:
        """Whether a number behind a weekday is its day ("fri 27"), and no hour.

        It is where it cannot be an hour, where a time follows, and where the weekday falls on that
        day and the hour would be at night.
        """
        bare = self.words[i].bare
        if not bare.isdecimal():
            return True
        number = int(bare)
        if number > 23:
            return True
        if i + 1 < len(self.words) and self.is_clock_behind(i + 1):
            return True
        if self.coming(weekday).day != number or not closes(self.words, i + 1):
            return False
        night = not 7 <= number <= 19
        told = _("“{n}” is read as the day; “{n}:00” is a time")
        if not night:
            told = _("“{n}” is read as {n}:00; with the month it is a day")
        self.warnings.append(told.format(n=number))
        return night

    def is_clock_behind(self, i: int) -> bool:
        """A time with hours and minutes, or with am or pm, at word ``i``: the number before it is
        no hour."""
        if AT.match(self.words, i):
            return is_clear_clock(self.words, i)
        return ClockReader(self.words, self.language, []).digits(i, "day") is not None

    def nth_weekday(self, i: int) -> Found | None:
        """ "first monday of december", "último día del mes", "letzten Freitag im Monat"."""
        words = self.words
        ordinal = ORDINALS.match(words, i)
        if ordinal is None:
            return None
        weekday = WEEKDAYS.match(words, ordinal[1])
        unit = UNITS.match(words, ordinal[1])
        if weekday is None and not (unit and unit[0] == "day"):
            return None
        after = weekday[1] if weekday else unit[1] if unit else i
        spans = of_period(self.words, self.today, self.language, after)
        if spans is None:
            if weekday and ordinal[0] > 0:
                typed = self.slice(i, after)
                raise NotUnderstood(_("“{typed}” of which month?").format(typed=typed))
            return None
        days = [nth_day(weekday and weekday[0], ordinal[0], *s) for s in spans[0]]
        found = tuple(day for day in days if day is not None)
        if not found:
            raise NotUnderstood(_("“{typed}” is no date").format(typed=self.slice(i, spans[1])))
        return Days(found), spans[1]

    # ----------------------------------------------------------------------- day numbers

    def ordinal(self, i: int) -> Found | None:
        """ "12th at 10", "the 5th of next month", "5 del mes que viene"."""
        m = _ORDINAL.fullmatch(self.words[i].bare)
        if m is None:
            return None
        found = self.number_of_month(int(m[1]), i + 1)
        if found is not None:
            return found
        if m[2] not in ("st", "nd", "rd", "th") or not closes(self.words, i + 1):
            return None  # "calle Mayor 12, 3º"
        return self.day_number(i, introduced=False)

    def number_of_month(self, number: int, i: int) -> Found | None:
        """A day's number with "of next month" behind it."""
        if MONTHS.match(self.words, OF.skip(self.words, i)):
            return None
        period_ = of_period(self.words, self.today, self.language, i)
        if period_ is None or self.words[i].bare in ("in", "im", "en", "am", "von"):
            return None
        spans, after = period_
        days = [first + (number - 1) * _DAY for first, last in spans]
        inside = [d for d, (first, last) in zip(days, spans, strict=True) if d <= last]
        if not inside or (spans[0][1] - spans[0][0]).days < 27:
            return None
        return Days(tuple(inside)), after

    def day_number(self, i: int, introduced: bool) -> Found | None:
        """``el 12``, ``the 12th``: the next day with this number."""
        words = self.words
        if i >= len(words) or counted(words, i) or is_phone(words, i):
            return None
        m = _ORDINAL.fullmatch(words[i].bare)
        if m is None:
            return None
        number, suffix = int(m[1]), m[2]
        if not 1 <= number <= 31:
            return None
        if found := self.number_of_month(number, i + 1):
            return found
        if not suffix and i > 0 and words[i - 1].bare == "the":
            return None
        if i + 1 < len(words):
            if is_count(words, i):
                return None
            if words[i + 1].bare in NOT_AFTER_ORDINAL and not words[i].comma:
                return None
            if is_address(words, i):
                return None
        days = tuple(islice(days_of_month(number, self.today), 14))
        return Days(days, sure=introduced and closes(words, i + 1)), i + 1

    # ------------------------------------------------------------------------- shifted days

    def shifted(self, days: Days, i: int, after: int) -> Found:
        """What moves a day on: "friday week", "lundi en huit", "heute in 14 Tagen", "Freitag in
        einer Woche"."""
        words = self.words
        if after >= len(words):
            return days, after
        if words[after].bare == "week" and not self.is_week_number(after + 1):
            return self.later(days, 7), after + 1
        if words[after].bare == "fortnight":
            return self.later(days, 14), after + 1
        intro = IN.match(words, after)
        if intro is None:
            return days, after
        number = NUMBERS.match(words, intro[1])
        if words[after].bare == "en" and number and number[0] in _IDIOMS:
            unit = UNITS.match(words, number[1])
            if unit is None or unit[0] == "day":
                end = unit[1] if unit else number[1]
                return self.later(days, _IDIOMS[number[0]]), end
        far = counted(words, intro[1], spelled=True)
        if far is None or far[0].unit not in ("day", "week", "fortnight"):
            return days, after
        amount = far[0].amount * {"day": 1, "week": 7, "fortnight": 14}[far[0].unit]
        if far[0].unit == "day" and far[0].amount in _IDIOMS:
            amount = _IDIOMS[far[0].amount]
            if not days.only_weekday:
                told = _("“{typed}” is read as {n} days")
                typed = self.slice(i, far[1])
                self.warnings.append(told.format(typed=typed, n=amount))
        moved = self.later(days, amount)
        if days.weekday is not None:
            self.warn_of_other_week(days.weekday, amount, moved.candidates[0], i, far[1])
        return moved, far[1]

    def warn_of_other_week(self, weekday: int, amount: int, chosen: date, i: int, n: int) -> None:
        """ "monday in 2 weeks" may be counted from the coming Monday or from this week."""
        monday = self.today + amount * _DAY
        other = monday + (weekday - monday.weekday()) * _DAY
        if other != chosen:
            told = _("“{typed}” is read as {day}")
            label = day_label(chosen, self.today)
            self.warnings.append(told.format(typed=self.slice(i, n), day=label))

    def is_week_number(self, i: int) -> bool:
        """Whether "friday week 49" is meant, and no time a week later.

        Raises NotUnderstood for "friday week 9", which may be both.
        """
        if i >= len(self.words) or self.words[i - 1].comma:
            return False
        bare = self.words[i].bare
        if not bare.isdecimal() or len(bare) > 2 or is_count(self.words, i):
            return False
        if UNITS.match(self.words, i + 1):
            return False
        if int(bare) > 23:
            return True
        hour = ClockReader(self.words, self.language, []).clock(i, "day")
        if hour is not None and not hour[0].explicit:
            told = _("“week {n}” may be a week or {n}:00")
            raise NotUnderstood(told.format(n=bare))
        return hour is None

    def later(self, days: Days, amount: int) -> Days:
        if amount > FARTHEST_DAYS:
            raise NotUnderstood(_("“{n} days” is too far off").format(n=amount))
        return Days(tuple(day + amount * _DAY for day in days.candidates))

    # ---------------------------------------------------------------------- doubtful words

    def means_day(self, i: int, after: int) -> bool:
        """Whether a short day word that is also something else stands here for the day."""
        languages = AMBIGUOUS.get(self.words[i].bare)
        if after - i > 1 or languages is None or self.language in languages.split():
            return True
        follows = closes(self.words, after)
        if self.words[i].bare == "mar" and follows:
            shape = self.words[after].bare if after < len(self.words) else ""
            if not shape[:1].isdecimal():
                raise NotUnderstood(
                    _("“{typed}” may be March or Tuesday").format(typed=self.words[i].raw)
                )
        return follows or calendar(self.words, after, self.today, self.locale) is not None

    def refuse_slip(self, i: int) -> None:
        """Raise NotUnderstood for a word that is a day but for one slip."""
        if looks_like_day(self.words[i].bare, followed=closes(self.words, i + 1)):
            raise NotUnderstood(_("“{typed}” is no day").format(typed=self.words[i].raw))
