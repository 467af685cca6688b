"""Typed dates: ``fri 9:30 20m call Anna`` to a day, an instant, a length, a kind and the words.

An entry is a date, a time, a length, a kind and the words, in this order, each of them optional
(a time may stand before its day, a kind before its date). Always the future: "fri" on a Friday
is next week, "9" at ten o'clock is tomorrow. What looks like a date and is none is described in
``Reading.problem`` and the whole entry is kept as words; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from tui_crm.core.dates.clock_reader import DOTTED, Clock, Distance, clock, closes, length
from tui_crm.core.dates.date_reader import Days, agrees, iso_clock
from tui_crm.core.dates.day_reader import DayReader
from tui_crm.core.dates.labels import clock_label, day_label, instant, is_skipped
from tui_crm.core.dates.reading import Reading, Span
from tui_crm.core.dates.repeat_reader import Repeat, repeat
from tui_crm.core.dates.vocabulary import (
    AMBIGUOUS,
    AT,
    FROM,
    KINDS,
    RELATIVE_DAYS,
    TODAY_PARTS,
    WEEKDAYS,
    NotUnderstood,
    Words,
    fold,
    match,
    split,
)
from tui_crm.core.text import _

_NIGHT_ENDS = 6
_SEARCHED_WORDS = 40


def read(
    text: str,
    now: datetime,
    locale: str = "en",
    *,
    prefer_kinds: Mapping[str, str] | None = None,
) -> Reading:
    """Read an entry as typed at ``now`` (aware, in the rep's zone).

    Words of English, Spanish, French and German are understood in every locale; ``locale``
    ("en_US", "es", "fr_FR") decides what is ambiguous: ``12/1`` is month first for en_US only,
    ``mar 10`` is Tuesday for es and fr and March for the others, ``9h`` alone is a clock for es
    and fr and nine hours for the others. ``prefer_kinds`` are further words for kinds, taken
    first ({"demo": "meeting"}). Never raises for any text.
    """
    zone = now.tzinfo
    if zone is None:
        raise ValueError("now must be aware, in the rep's zone")
    kinds = dict(KINDS)
    for word, kind in (prefer_kinds or {}).items():
        kinds[tuple(fold(word).split())] = kind
    try:
        return _Entry(text, split(text), now, zone, locale, kinds).read()
    except NotUnderstood as why:
        return Reading(
            text=text.strip(),
            problem=_("{what}; kept as text, no date").format(what=why),
        )


@dataclass
class _Entry:
    """One entry while it is read: what was found so far, and where the rest begins."""

    typed: str
    words: Words
    now: datetime
    zone: tzinfo
    locale: str
    kinds: dict[tuple[str, ...], str]
    spans: list[Span] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.days = DayReader(self.typed, self.words, self.today, self.locale)
        self.warnings = self.days.warnings

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def language(self) -> str:
        return self.locale[:2].casefold()

    def read(self) -> Reading:
        found = self.dated(0)
        if found is None:
            kind = match(self.kinds, self.words, 0)
            if kind and kind[1] < len(self.words) and (found := self.dated(kind[1], kind=True)):
                self.mark(0, kind[1], "kind")
                reading, i = found
                found = reading._replace(kind=kind[0]), i
        reading, i = found or (Reading(), 0)
        if reading.day is None:
            self.loose_date()
        return self.rest(reading, i)

    def rest(self, reading: Reading, i: int) -> Reading:
        """The kind and the words, from word ``i``."""
        i = self.skip_signs(i)
        kind = reading.kind
        if kind is None and (found := match(self.kinds, self.words, i)):
            self.mark(i, found[1], "kind")
            kind, i = found
            i = self.skip_signs(i)
        text = self.typed[self.words[i].start :] if i < len(self.words) else ""
        text = (text if i else self.typed).strip()
        return reading._replace(
            kind=kind,
            text=text,
            warnings=tuple(self.warnings),
            spans=tuple(sorted(self.spans)),
        )

    def skip_signs(self, i: int) -> int:
        while i < len(self.words) and self.words[i].bare in ("", "-", "–", "—", "·"):
            i += 1
        return i

    def mark(self, i: int, after: int, what: str) -> None:
        if after > i:
            self.spans.append((self.words[i].start, self.words[after - 1].end, what))

    # -------------------------------------------------------------- date, time and length

    def dated(self, i: int, kind: bool = False) -> tuple[Reading, int] | None:
        """Everything up to the kind; None where no date stands at word ``i``."""
        if i >= len(self.words):
            return None
        if again := repeat(self.words, i, self.today, self.locale):
            return self.recurring(again[0], i, again[1])
        if parted := match(TODAY_PARTS, self.words, i):
            self.mark(i, parted[1], "date")
            part = Clock(time(parted[0]), unambiguous=True)
            return self.timed(Days((self.today,)), part, parted[1])
        if day := self.days.day(i):
            days, after = day
            if kind and self.is_short(i, after) and not closes(self.words, after):
                return None
            self.mark(i, after, "date")
            if isinstance(days, Distance):
                return self.elapsed(days, after)
            inside = iso_clock(self.words, after - 1)
            if inside is not None:
                return self.timed(days, Clock(inside, unambiguous=True), after)
            hour, after = self.hour(after, "day")
            return self.timed(days, hour, after)
        return None if kind else self.time_first(i)

    def time_first(self, i: int) -> tuple[Reading, int] | None:
        """``9``, ``9:30 tomorrow``, ``a las 9``: a time, perhaps with its day behind it."""
        at = match(AT, self.words, i)
        n = at[1] if at else i
        after = ""
        if at and (self.words[i].bare in ("at", "@") or n - i > 1 or closes(self.words, n + 1)):
            after = "at"
        elif n + 1 < len(self.words) and self.words[n].bare.isdecimal():
            day_words = match(RELATIVE_DAYS, self.words, n + 1), match(WEEKDAYS, self.words, n + 1)
            after = "at" if any(found is not None for found in day_words) else ""
        if at and not after:
            return None
        found = clock(self.words, n, after, self.language)
        if found is None and DOTTED.fullmatch(self.words[i].word) and closes(self.words, i + 1):
            problem = _("“{typed}” may be a time, a date or a number")
            raise NotUnderstood(problem.format(typed=self.words[i].raw))
        if found is None:
            self.days.nearly(i)
            return None
        self.mark(n, found[1], "time")
        days = Days(tuple(self.today + timedelta(days=k) for k in range(3)))
        i = found[1]
        if i < len(self.words) and (day := self.days.day(i)) and isinstance(day[0], Days):
            self.mark(i, day[1], "date")
            days, i = day[0], day[1]
        return self.timed(days, found[0], i)

    def hour(self, i: int, after: str) -> tuple[Clock | None, int]:
        """The time after a day, with or without "at"."""
        at = match(AT, self.words, i)
        if at and (found := clock(self.words, at[1], "at", self.language)):
            self.mark(at[1], found[1], "time")
            return found
        if found := clock(self.words, i, after, self.language):
            self.mark(i, found[1], "time")
            return found
        return None, i

    def timed(self, days: Days, hour: Clock | None, i: int) -> tuple[Reading, int]:
        """Settle the day and the instant, then take the length."""
        day = self.choose(days, hour)
        agrees(days, day, self.today)
        at = None if hour is None else instant(day, hour.at, self.zone)
        if hour is not None and at is not None:
            shown = clock_label(at, self.zone)
            if is_skipped(day, hour.at, self.zone):
                warning = _("clocks go forward over {time}: {shown}")
                self.warnings.append(warning.format(time=f"{hour.at:%H:%M}", shown=shown))
            elif 0 < hour.at.hour < _NIGHT_ENDS and not hour.unambiguous:
                night = _("{time} is at night; “{hour}pm” is the afternoon")
                self.warnings.append(night.format(time=shown, hour=hour.at.hour))
            day = at.astimezone(self.zone).date()
        minutes, i = self.length(i, hour)
        self.warn_of(day, at)
        return Reading(day=day, at=at, minutes=minutes), i

    def length(self, i: int, hour: Clock | None) -> tuple[int | None, int]:
        if found := length(self.words, i):
            self.mark(i, found[1], "duration")
            return found
        return (hour.minutes if hour else None), i

    def choose(self, days: Days, hour: Clock | None) -> date:
        for day in days.candidates:
            if days.exact:
                return day
            if hour is None:
                if day >= self.today:
                    return day
            elif instant(day, hour.at, self.zone) > self.now:
                return day
        label = day_label(days.candidates[-1], self.today)
        if hour is not None:
            label = f"{label} {hour.at:%H:%M}"
        raise NotUnderstood(_("{day} is past").format(day=label))

    def elapsed(self, far: Distance, i: int) -> tuple[Reading, int]:
        """Minutes and hours from now: really elapsed ones, also over a change of clocks."""
        minutes = far.amount * (60 if far.unit == "hour" else 1)
        if not 0 < minutes <= 60 * 24 * 366:
            raise NotUnderstood(_("“{typed}” is no distance").format(typed=self.words[i - 1].raw))
        at = self.now.astimezone(UTC) + timedelta(minutes=minutes)
        at = at.replace(second=0, microsecond=0)
        day = at.astimezone(self.zone).date()
        span, i = self.length(i, None)
        self.warn_of(day, at)
        return Reading(day=day, at=at, minutes=span), i

    def recurring(self, again: Repeat, i: int, after: int) -> tuple[Reading, int]:
        self.mark(i, after, "rule")
        days = Days((again.first,))
        begin = match(FROM, self.words, after)
        if begin and (start := self.days.day(begin[1])) and isinstance(start[0], Days):
            self.mark(begin[1], start[1], "date")
            days, after = start
            again = again._replace(also_today=False)
        hour, after = self.hour(after, "day")
        if again.also_today and hour is not None:
            days = Days((self.today, again.first))
        reading, after = self.timed(days, hour, after)
        return reading._replace(rule=again.rule), after

    # -------------------------------------------------------------- warnings

    def is_short(self, i: int, after: int) -> bool:
        """A lone word of three letters: after a kind it may be a name ("visit Mar del Plata")."""
        return after - i == 1 and len(self.words[i].bare) <= 3 and self.words[i].bare.isalpha()

    def warn_of(self, day: date, at: datetime | None) -> None:
        label = day_label(day, self.today)
        if day < self.today or (at is not None and at <= self.now):
            self.warnings.append(_("{day} is past").format(day=label))
        elif day.weekday() >= 5:
            self.warnings.append(_("{day} is a weekend").format(day=label))

    def loose_date(self) -> None:
        """Say that a day among the words is not read: a date comes first."""
        for i in range(1, min(len(self.words), _SEARCHED_WORDS)):
            word = self.words[i]
            named = match(RELATIVE_DAYS, self.words, i) or match(WEEKDAYS, self.words, i)
            if named and (len(word.bare) >= 5 or word.bare not in AMBIGUOUS):
                warning = _("“{typed}” stays in the text; a date comes first")
                self.warnings.append(warning.format(typed=word.raw))
                return
