"""A grammar that makes typed dates in four languages together with what they mean.

Days, times, parts of the day, lengths, kinds and words are put together in the orders people use;
then capitals, accents and punctuation change. What a phrase means is reckoned with ``datetime``
and ``dateutil`` alone and knows nothing of the reader it is held against.

``phrases("fr", seed=1, count=2000)`` gives distinct phrases; the same seed gives the same ones.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from tests.core.dates.lexicon import LEXICONS, Lexicon

LANGUAGES = ("en", "es", "fr", "de")
MADRID = ZoneInfo("Europe/Madrid")
_DAY = timedelta(days=1)


class Meaning(NamedTuple):
    """What a phrase means: the day and the clock in the rep's zone, minutes, kind and words."""

    day: date | None
    clock: time | None = None
    minutes: int | None = None
    kind: str | None = None
    text: str = ""


class Phrase(NamedTuple):
    """A phrase typed at ``now`` by a rep of ``locale``, and what it means."""

    typed: str
    now: datetime
    locale: str
    meaning: Meaning


def phrases(language: str, seed: int, count: int) -> Iterator[Phrase]:
    """``count`` distinct phrases of one language."""
    maker = _Maker(language, random.Random(f"{language} {seed}"))
    seen: set[str] = set()
    while len(seen) < count:
        phrase = maker.phrase()
        if phrase is not None and phrase.typed not in seen:
            seen.add(phrase.typed)
            yield phrase


@dataclass(frozen=True)
class Day:
    """A day as typed: the days it may mean, soonest first; the first that is to come counts.

    ``bare_hour``: a number alone behind it is an hour ("fri 9", but not "the 12th 9").
    """

    typed: str
    days: tuple[date, ...]
    bare_hour: bool = True


@dataclass(frozen=True)
class Clock:
    """A time as typed. ``alone``: it is a time without a day too; ``in_front``: it may stand before
    the day; ``minutes`` is a length typed as a range."""

    typed: str
    at: time
    alone: bool = True
    in_front: bool = True
    minutes: int | None = None
    closing: bool = False


class _Maker:
    """Makes the phrases of one language."""

    def __init__(self, language: str, chance: random.Random) -> None:
        self.language, self.chance = language, chance
        self.words: Lexicon = LEXICONS[language]

    def pick(self, *choices: str) -> str:
        """One of the choices; a choice with bars is several: "fri|friday"."""
        return self.chance.choice([one for choice in choices for one in choice.split("|")])

    def maybe(self, text: str, share: float = 0.5) -> str:
        """One of the spellings with a space behind it, or nothing."""
        return f"{self.pick(text)} " if self.chance.random() < share else ""

    def now(self) -> datetime:
        """A moment of an ordinary working life, not in the night when clocks change."""
        day = date(2026, 1, 1) + self.chance.randrange(4 * 365) * _DAY
        return datetime.combine(day, time(self.chance.randrange(6, 23), self.chance.randrange(60)))

    def phrase(self) -> Phrase | None:
        naive = self.now()
        self.today = naive.date()
        day = self.day() if self.chance.random() < 0.88 else None
        clock = self.clock(day) if day is None or self.chance.random() < 0.72 else None
        if day is None and clock is None:
            return None
        moment = self.moment(day, clock, naive)
        if moment is None:
            return None
        typed, meaning, closing = moment
        locale = self.words.locale
        if meaning.clock is not None and self.chance.random() < 0.2 and meaning.minutes is None:
            length, minutes = self.length()
            typed, meaning = f"{typed} {length}", meaning._replace(minutes=minutes)
        return self.with_words(typed, meaning, closing, naive, locale)

    # ------------------------------------------------------------------ kinds, words, order

    def with_words(
        self, typed: str, meaning: Meaning, closing: bool, naive: datetime, locale: str
    ) -> Phrase:
        """A moment with a kind and words before or behind it, in other capitals or accents."""
        kind, verb = self.chance.choice(list(self.words.kinds.items()))
        words = self.pick(*self.words.texts)
        order = self.chance.choice(
            ("moment", "kind", "words", "both", "kind first", "last", "last")
        )
        if closing and order == "words":
            order = "both"
        change = self.chance.choice(_CHANGES)
        typed, verb = change(typed), change(self.pick(verb))
        words = self.chance.choice((change, str))(words)
        joint = self.chance.choice((" ", " ", " ", ", ", ": ", " - "))
        end = self.chance.choice(("", "", "", "", ".", "!"))
        if order == "moment":
            phrase = f"{typed}{end}"
        elif order == "kind":
            phrase, meaning = f"{typed}{joint}{verb}{end}", meaning._replace(kind=kind)
        elif order == "words":
            phrase, meaning = f"{typed}{joint}{words}", meaning._replace(text=words)
        elif order == "both":
            phrase = f"{typed}{joint}{verb} {words}"
            meaning = meaning._replace(kind=kind, text=words)
        elif order == "kind first":
            phrase = f"{verb} {typed} {words}" if not closing else f"{verb} {typed}"
            meaning = meaning._replace(kind=kind, text="" if closing else words)
        else:
            # "calle Mayor 12 - 22 de mayo" may be the days from the 12th on.
            # and "room 12 jul 23" the 12th of July.
            joints = (" ", ", ") if words[-1].isdecimal() else (" ", ", ", " - ")
            if words[-1].isdecimal() and typed.casefold()[:3] in self.words.short_months():
                joints = (", ",)
            phrase = f"{verb} {words}{self.chance.choice(joints)}{typed}{end}"
            meaning = meaning._replace(kind=kind, text=words)
        return Phrase(phrase, naive.replace(tzinfo=MADRID), locale, meaning)

    def moment(
        self, day: Day | None, clock: Clock | None, now: datetime
    ) -> tuple[str, Meaning, bool] | None:
        """A day and a time in one of their orders, with the day that is to come."""
        part = None
        if day is not None and clock is None and self.chance.random() < 0.25:
            part = self.chance.choice(self.words.parts)
            clock = Clock(self.pick(part[0]), time(part[1]), alone=False, in_front=False)
        days = day.days if day else (self.today, self.today + _DAY)
        at = clock.at if clock else None
        chosen = next((d for d in days if _is_to_come(d, at, now)), None)
        if chosen is None:
            return None
        meaning = Meaning(chosen, at, clock.minutes if clock else None)
        closing = clock.closing if clock else False
        if clock is None:
            assert day is not None
            return day.typed, meaning, closing
        if day is None:
            return (clock.typed, meaning, closing) if clock.alone else None
        joint = self.chance.choice((" ", " ", " ", ", "))
        if clock.in_front and self.chance.random() < 0.25:
            return f"{clock.typed} {day.typed}", meaning, False
        return f"{day.typed}{joint}{clock.typed}", meaning, closing

    def length(self) -> tuple[str, int]:
        minutes = self.chance.choice((15, 20, 30, 45, 60, 90, 120))
        spellings = [f"{minutes} min", f"{minutes}min"]
        spellings += [f"{minutes}m"] if minutes != 60 else ["1h", "1 h"]
        spellings += ["1h30"] if minutes == 90 else []
        for_, hour, hours, half = self.words.lengths
        spellings += [f"{for_} {minutes} min"]
        if minutes == 60:
            spellings += [f"{for_} {hour}"]
        if minutes == 120:
            spellings += [f"{for_} 2 {hours}"]
        if minutes == 30:
            spellings += [f"{for_} {half}"]
        return self.pick(*spellings), minutes

    # ---------------------------------------------------------------------------- the day

    def day(self) -> Day:
        makers: list[Callable[[], Day | None]] = [
            self.relative,
            self.weekday,
            self.weekday,
            self.next_weekday,
            self.weekday_of_next_week,
            self.weekday_in_weeks,
            self.calendar,
            self.calendar,
            self.calendar_with_weekday,
            self.numbers,
            self.day_number,
            self.in_days,
            self.in_days,
            self.plus,
            self.period,
            self.edge,
            self.week_number,
            self.nth_weekday,
            self.relative_with_weekday,
        ]
        while True:
            if (found := self.chance.choice(makers)()) is not None:
                return found

    def coming(self, weekday: int) -> date:
        """The next such weekday after today."""
        return next(day for n in range(1, 8) if (day := self.today + n * _DAY).weekday() == weekday)

    def monday_of_next_week(self) -> date:
        return self.today + relativedelta(days=7 - self.today.weekday())

    def relative(self) -> Day:
        n = self.chance.randrange(3)
        return Day(self.pick(self.words.relative[n]), (self.today + n * _DAY,))

    def relative_with_weekday(self) -> Day:
        day = self.today + self.chance.randrange(1, 3) * _DAY
        word = self.pick(self.words.relative[(day - self.today).days])
        return Day(f"{word} {self.pick(self.words.long_weekdays[day.weekday()])}", (day,))

    def weekday(self) -> Day:
        n = self.chance.randrange(7)
        day = self.coming(n)
        on, short = self.maybe(self.words.on, 0.3), self.chance.random() < 0.5
        # German "Fr" is a Friday behind "am", and before a time: "Fr Müller" is Mrs Müller.
        if self.language == "de" and not on:
            short = False
        names = self.words.short_weekdays if short else self.words.long_weekdays
        typed = on + self.pick(names[n])
        if self.chance.random() < 0.3:
            typed = self.words.coming(self.pick(self.words.long_weekdays[n]), self.chance)
        return Day(typed, (day,))

    def next_weekday(self) -> Day | None:
        """ "next fri": of next week in English, French and German."""
        n = self.chance.randrange(7)
        if self.words.next_weekday is None:
            return None
        typed = self.words.next_weekday(self.pick(self.words.long_weekdays[n]))
        return Day(typed, (self.monday_of_next_week() + n * _DAY,))

    def weekday_of_next_week(self) -> Day:
        n = self.chance.randrange(7)
        name, week = self.pick(self.words.long_weekdays[n]), self.pick(self.words.next_week)
        order = self.chance.choice((f"{name} {self.maybe(self.words.of_next_week)}", None))
        typed = f"{order}{week}" if order is not None else f"{week} {name}"
        if order is not None and order != f"{name} ":
            typed = f"{name} {self.pick(self.words.of_the_next_week)}"
        return Day(typed, (self.monday_of_next_week() + n * _DAY,))

    def weekday_in_weeks(self) -> Day:
        """ "friday week", "lundi en huit", "Montag in 14 Tagen"."""
        n, weeks = self.chance.randrange(7), self.chance.choice((1, 2))
        behind = self.pick(self.words.weeks_later[weeks])
        name = self.pick(self.words.long_weekdays[n])
        # "friday week 9" may be the ninth week.
        hour = behind != "week"
        return Day(f"{name} {behind}", (self.coming(n) + 7 * weeks * _DAY,), bare_hour=hour)

    def some_date(self) -> date:
        return self.today + self.chance.randrange(1, 360) * _DAY

    def calendar(self) -> Day:
        day = self.some_date()
        month = self.pick(self.words.months[day.month - 1])
        typed = self.pick(*self.words.calendar(day.day, month))
        if self.chance.random() < 0.25:
            typed = f"{typed} {self.words.before_year}{day.year}"
        return Day(self.maybe(self.words.on_date, 0.3) + typed, (day,))

    def calendar_with_weekday(self) -> Day:
        day = self.some_date()
        month = self.pick(self.words.months[day.month - 1])
        names = self.words.long_weekdays, self.words.short_weekdays
        name = self.pick(self.chance.choice(names)[day.weekday()])
        typed = self.pick(*self.words.calendar(day.day, month))
        return Day(f"{name}{self.pick(' ', ', ')}{typed}", (day,))

    def numbers(self) -> Day:
        """ISO, ``12/1`` in the order of the locale, ``12.1.``."""
        day = self.some_date()
        first, second = (
            (day.month, day.day) if self.words.locale == "en_US" else (day.day, day.month)
        )
        spellings = [
            day.isoformat(),
            f"{first}/{second}/{day.year}",
            f"{first:02d}/{second:02d}/{day.year % 100:02d}",
            f"{first}/{second}",
            f"{day.day}.{day.month}.",
            f"{day.day:02d}.{day.month:02d}.{day.year}",
            f"{day.day}-{day.month}-{day.year}",
        ]
        return Day(self.pick(*(s for s in spellings if s != "24/7")), (day,))

    def day_number(self) -> Day:
        number = self.chance.randrange(1, 29)
        first = self.today.replace(day=1) + relativedelta(months=int(number < self.today.day))
        days = tuple(first.replace(day=number) + relativedelta(months=n) for n in range(2))
        return Day(self.pick(*self.words.day_number(number)), days, bare_hour=False)

    def in_days(self) -> Day:
        """ "in 3 days", "dans deux semaines", "en un mes", "in a week"."""
        n = self.chance.choice((1, 2, 3, 4, 5, 6, 7, 9, 10, 12))
        unit = self.chance.choice(("day", "week", "month"))
        one, more = self.words.units[unit]
        number = self.words.count(n, unit) if self.chance.random() < 0.4 else str(n)
        far = relativedelta(**{f"{unit}s": n})  # type: ignore[arg-type]
        return Day(
            f"{self.pick(self.words.within)} {number} {one if n == 1 else more}",
            (self.today + far,),
        )

    def plus(self) -> Day:
        n, unit = self.chance.randrange(1, 12), self.chance.choice("dwy")
        far = {"d": relativedelta(days=n), "w": relativedelta(weeks=n), "y": relativedelta(years=n)}
        return Day(self.pick(f"+{n}{unit}", f"+{n} {unit}"), (self.today + far[unit],))

    def period(self) -> Day:
        """ "next week", "next month", "next year": their first day; "weekend": its Saturday."""
        first_of_month = self.today.replace(day=1)
        firsts = {
            "week": self.monday_of_next_week(),
            "month": first_of_month + relativedelta(months=1),
            "year": date(self.today.year + 1, 1, 1),
        }
        unit = self.chance.choice(list(firsts))
        spelled = {
            "week": self.words.next_week,
            "month": self.words.next_month,
            "year": self.words.next_year,
        }
        return Day(self.pick(spelled[unit]), (firsts[unit],))

    def edge(self) -> Day:
        """ "end of month", "a finales de la semana que viene", "mitte Januar"."""
        first = self.today.replace(day=1)
        n = self.chance.randrange(1, 12)
        month = first + relativedelta(months=n)
        ends = tuple(first + relativedelta(months=k) - _DAY for k in (1, 2))
        friday = self.today + (4 - self.today.weekday()) * _DAY
        start, middle, end, end_of_week, end_of_next_week, end_of_month = self.words.edges
        name = self.pick(self.words.months[month.month - 1].split("|")[0])
        kinds: list[tuple[str, tuple[date, ...]]] = [
            (f"{self.pick(start)}{name}", (month,)),
            (f"{self.pick(middle)}{name}", (month + 14 * _DAY,)),
            (f"{self.pick(end)}{name}", (month + relativedelta(months=1) - _DAY,)),
            (self.pick(end_of_week), (friday, friday + 7 * _DAY)),
            (self.pick(end_of_next_week), (friday + 7 * _DAY,)),
            (self.pick(end_of_month), ends),
        ]
        # "end of week 9" is the end of the ninth week.
        return Day(*self.chance.choice(kinds), bare_hour=False)

    def week_number(self) -> Day:
        """ "KW 49", "semaine 50 mardi", ``W51``: the Monday of the ISO week, or its weekday."""
        monday = self.monday_of_next_week() + 7 * self.chance.randrange(40) * _DAY
        number = monday.isocalendar().week
        typed = self.pick(*(form.format(n=number) for form in self.words.week_number))
        if self.chance.random() < 0.5:
            return Day(typed, (monday,), bare_hour=False)
        n = self.chance.randrange(7)
        return Day(f"{typed} {self.pick(self.words.long_weekdays[n])}", (monday + n * _DAY,))

    def nth_weekday(self) -> Day:
        """ "first monday of march", "el último viernes de enero"."""
        n, nth = self.chance.randrange(7), self.chance.choice((1, 2, 3, -1))
        first = self.today.replace(day=1) + relativedelta(months=self.chance.randrange(1, 11))
        last = first + relativedelta(months=1) - _DAY
        inside = [d for k in range(31) if (d := first + k * _DAY) <= last and d.weekday() == n]
        typed = self.words.nth(
            self.words.ordinals[nth],
            self.pick(self.words.long_weekdays[n]),
            self.words.months[first.month - 1].split("|")[0],
        )
        return Day(typed, (inside[nth - 1 if nth > 0 else -1],))

    # ---------------------------------------------------------------------------- the time

    def clock(self, day: Day | None) -> Clock:
        """A time: with digits, in words, by a part of the day, or as a range."""
        hour = self.chance.randrange(7, 20)
        minute = self.chance.choice((0, 0, 0, 15, 30, 45, 5, 10, 20, 25, 40, 50))
        at = time(hour, minute)
        kind = self.chance.random()
        if kind < 0.35:
            return self.digits(at, day)
        if kind < 0.65:
            return self.spoken(at, day)
        if kind < 0.85:
            return self.by_part(day)
        return self.range(hour, day)

    def before(self, clock: str, needed: bool) -> str:
        """A time with or without "at" before it."""
        return (
            f"{self.pick(self.words.at)} {clock}" if needed or self.chance.random() < 0.4 else clock
        )

    def digits(self, at: time, day: Day | None) -> Clock:
        forms = self.words.digits(at)
        if at.minute == 0 and day is not None and day.bare_hour and self.chance.random() < 0.3:
            return Clock(str(at.hour), at, alone=False, in_front=False, closing=False)
        typed = self.pick(*forms)
        dotted = "." in typed and typed.replace(".", "").isdecimal()
        return Clock(self.before(typed, needed=day is None or dotted), at)

    def spoken(self, at: time, day: Day | None) -> Clock:
        """Half past, quarter to …: of the morning from 8 on, of the afternoon up to half past 5."""
        hour = self.chance.choice((8, 9, 10, 11, 2, 3, 4, 5))
        typed, minute = self.chance.choice(self.words.spoken(hour, self.words.hours, self.chance))
        afternoon = 12 if hour < 6 else 0
        at = (datetime(2000, 1, 1, hour + afternoon) + timedelta(minutes=minute)).time()
        return Clock(self.before(typed, needed=True), at)

    def by_part(self, day: Day | None) -> Clock:
        """ "8 in the evening", "a las 5 de la tarde", "morning 8:30"."""
        name, _default, hours, behind = self.chance.choice(self.words.parts)
        hour = self.chance.choice(hours)
        minute = self.chance.choice((0, 15, 30))
        twelve = hour - 12 if hour > 12 else hour
        at = time(hour, minute)
        forms = self.words.digits(time(twelve, minute))
        shown = self.pick(*(form for form in forms if not form.lower().endswith(("am", "pm"))))
        typed = self.before(shown, needed=True)
        if behind and self.chance.random() < 0.5:
            return Clock(f"{typed} {self.pick(behind)}", at)
        if day is None:
            return Clock(f"{typed} {self.pick(behind or name)}", at, alone=bool(behind))
        return Clock(f"{self.pick(name)} {typed}", at, alone=False, in_front=False)

    def range(self, hour: int, day: Day | None) -> Clock:
        """ "9-10", "de 9h à 10h", "from 9 to 10:30"."""
        hours = self.chance.choice((1, 2))
        half = self.chance.choice((0, 30))
        end = f"{hour + hours}:30" if half else str(hour + hours)
        forms = [form.format(a=hour, b=end) for form in self.words.ranges]
        forms += [f"{hour}:00-{hour + hours}:{half or '00'}"]
        if day is not None and not day.bare_hour:
            forms = forms[-1:]
        typed = self.pick(*forms)
        minutes = hours * 60 + half
        alone = ":00-" in typed
        return Clock(typed, time(hour), alone, in_front=alone, minutes=minutes, closing=not alone)


def _is_to_come(day: date, at: time | None, now: datetime) -> bool:
    return day >= now.date() if at is None else datetime.combine(day, at) > now


def _without_accents(text: str) -> str:
    flat = unicodedata.normalize("NFD", text.replace("ß", "ss"))
    return "".join(letter for letter in flat if not unicodedata.combining(letter))


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


_CHANGES: tuple[Callable[[str], str], ...] = (
    str,
    str,
    str,
    str.upper,
    _without_accents,
    _decomposed,
    lambda text: text.replace("'", "’"),
)
