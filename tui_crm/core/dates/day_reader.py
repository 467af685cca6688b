"""The day in a typed date: "fri", "next week", "el 12", "+3d", in all its spellings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice

from dateutil.relativedelta import relativedelta

from tui_crm.core.dates.clock_reader import Distance, closes, counted
from tui_crm.core.dates.date_reader import Days, calendar, days_of_month, distance, reached
from tui_crm.core.dates.labels import day_label
from tui_crm.core.dates.vocabulary import (
    AMBIGUOUS,
    BEFORE_DAY,
    BEFORE_DAY_NUMBER,
    GERMAN_WEEKDAYS,
    NEXT,
    NEXT_AFTER,
    OF,
    PERIOD_DAYS,
    RELATIVE_DAYS,
    WEEKDAYS,
    YESTERDAY,
    NotUnderstood,
    Words,
    looks_like_day,
    match,
)
from tui_crm.core.text import _

_LOOSE_NUMBERS = 12


@dataclass
class DayReader:
    """Reads the day at a word of one entry, and collects ``warnings`` about what it read."""

    typed: str
    words: Words
    today: date
    locale: str
    warnings: list[str] = field(default_factory=list)

    @property
    def language(self) -> str:
        return self.locale[:2].casefold()

    def day(self, i: int) -> tuple[Days, int] | tuple[Distance, int] | None:
        """A day, or a distance in minutes or hours, at word ``i``."""
        found = self.named_day(i)
        if found is None and (before := match(BEFORE_DAY, self.words, i)):
            found = self.named_day(before[1])
        if found is None and (before := match(BEFORE_DAY_NUMBER, self.words, i)):
            found = self.day_number(before[1])
        if found is not None:
            return found
        far = distance(self.words, i, self.language)
        if far is None:
            return None
        typed = self.typed[self.words[i].start : self.words[far[1] - 1].end]
        if far[0].unit in ("minute", "hour"):
            return far
        if far[0].unit == "month" and 5 <= far[0].amount <= _LOOSE_NUMBERS and typed[-1] in "mM":
            warning = _("“{typed}” is read as months; “{n} min” is minutes")
            self.warnings.append(warning.format(typed=typed, n=far[0].amount))
        return Days((reached(far[0], self.today, typed),)), far[1]

    def named_day(self, i: int) -> tuple[Days, int] | None:
        words, today = self.words, self.today
        if i >= len(words):
            return None
        if named := match(PERIOD_DAYS, words, i):
            if named[0] == "next week" and (weekday := match(WEEKDAYS, words, named[1])):
                return Days((self.of_next_week(weekday[0]),)), weekday[1]
            return Days(_period_days(named[0], today)), named[1]
        if (relative := match(RELATIVE_DAYS, words, i)) and self.means_day(i, relative[1]):
            return Days((today + timedelta(days=relative[0]),)), relative[1]
        if i == 0 and match(YESTERDAY, words, i):
            raise NotUnderstood(_("“{typed}” is past").format(typed=words[i].raw))
        if coming := match(NEXT, words, i):
            if (weekday := match(WEEKDAYS, words, coming[1])) is not None:
                return self.next_weekday(weekday[0], coming[0], i, weekday[1])
            if coming[1] < len(words):
                self.nearly(coming[1])
            return None
        if found := calendar(words, i, today, self.locale):
            return found
        return self.weekday(i)

    def weekday(self, i: int) -> tuple[Days, int] | None:
        """``fri``, ``vendredi prochain``, ``fri 27 nov``, ``fri 27``."""
        words = self.words
        found = match(WEEKDAYS, words, i)
        if found is None and self.language == "de" and closes(words, i + 1):
            found = match(GERMAN_WEEKDAYS, words, i)
        if found is None or not self.means_day(i, found[1]):
            return None
        weekday, after = found
        n = of[1] if (of := match(OF, words, after)) else after
        if (later := match(PERIOD_DAYS, words, n)) and later[0] == "next week":
            return Days((self.of_next_week(weekday),)), later[1]
        if coming := match(NEXT_AFTER, words, after):
            return self.next_weekday(weekday, coming[0], i, coming[1])
        n = intro[1] if (intro := match(BEFORE_DAY_NUMBER, words, after)) else after
        if dated := calendar(words, n, self.today, self.locale):
            return dated[0]._replace(weekday=weekday), dated[1]
        if (number := self.day_number(n)) and (intro or self.is_day_number(n)):
            return number[0]._replace(weekday=weekday), number[1]
        return Days((self.coming(weekday),)), after

    def is_day_number(self, i: int) -> bool:
        """After a weekday: ``27`` is no hour, and ``10`` before ``9:30`` is none either."""
        bare = self.words[i].bare
        if not bare.isdecimal():
            return True
        after = self.words[i + 1].bare if i + 1 < len(self.words) else ""
        return int(bare) > 23 or ":" in after or after.endswith(("am", "pm"))

    def day_number(self, i: int) -> tuple[Days, int] | None:
        """``el 12``, ``the 12th``: the next day with this number."""
        if i >= len(self.words) or counted(self.words, i):
            return None
        digits = self.words[i].bare.rstrip("abcdefghijklmnopqrstuvwxyzº")
        suffix = self.words[i].bare[len(digits) :]
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= 2):
            return None
        if suffix not in ("", "st", "nd", "rd", "th", "er", "º") or not 1 <= int(digits) <= 31:
            return None
        if not suffix and i > 0 and self.words[i - 1].bare == "the":
            return None
        return Days(tuple(islice(days_of_month(int(digits), self.today), 2))), i + 1

    def coming(self, weekday: int) -> date:
        """The next such weekday, never today."""
        return self.today + timedelta(days=(weekday - self.today.weekday() - 1) % 7 + 1)

    def of_next_week(self, weekday: int) -> date:
        """That weekday of the calendar week (from Monday) after this one."""
        return self.today + timedelta(days=7 - self.today.weekday() + weekday)

    def next_weekday(
        self, weekday: int, of_next_week: bool, i: int, after: int
    ) -> tuple[Days, int]:
        coming = self.coming(weekday)
        if not of_next_week:
            return Days((coming,)), after
        chosen = self.of_next_week(weekday)
        if chosen != coming:
            warning = _("“{typed}” is read as next week's; without “next” it is {day}")
            typed = self.typed[self.words[i].start : self.words[after - 1].end]
            self.warnings.append(warning.format(typed=typed, day=day_label(coming, self.today)))
        return Days((chosen,)), after

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

    def nearly(self, i: int) -> None:
        """Refuse a word that is a day but for one slip."""
        if looks_like_day(self.words[i].bare, followed=closes(self.words, i + 1)):
            raise NotUnderstood(_("“{typed}” is no day").format(typed=self.words[i].raw))


def _period_days(name: str, today: date) -> tuple[date, ...]:
    """The days that "next week", "end of month" … stand for, soonest first."""
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    if name == "next week":
        return (monday + timedelta(days=7),)
    if name == "next month":
        return (first + relativedelta(months=1),)
    if name == "end of week":
        return (monday + timedelta(days=4), monday + timedelta(days=11))
    months = {"end of month": 1, "end of quarter": 3, "end of year": 12}[name]
    begun = first - relativedelta(months=(today.month - 1) % months)
    day = timedelta(days=1)
    return tuple(begun + relativedelta(months=months * n) - day for n in (1, 2))
