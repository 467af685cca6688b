"""Typed dates: ``fri 9:30 20m call Anna`` to a day, an instant, a length, a kind and the words.

An entry is a moment (a day, a time, a length), a kind and the words, in this order, each of them
optional; the moment may also stand behind the kind, at the end ("call Anna fri 9:30") or among the
words. Always the future: "fri" on a Friday is next week, "9" at ten o'clock is tomorrow.

What looks like a date or a time and cannot be read is described in ``Reading.problem``, and the
whole entry is kept as words. A date that is left in the words, because it belongs to them ("the
offer of 12 March") or because another one counts, is named in ``Reading.warnings``. A number is a
date or a time only with something that says so, see :mod:`.clock_reader` and :mod:`.lookalikes`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from tui_crm.core.dates.clock import Clock, closes, is_dotted
from tui_crm.core.dates.date_reader import Days
from tui_crm.core.dates.labels import clock_label, day_label, instant, is_skipped
from tui_crm.core.dates.lookalikes import (
    CONTENT_BEFORE,
    GENITIVES,
    is_possessive,
    looks_like_day,
    looks_like_moment,
)
from tui_crm.core.dates.moment_reader import NIGHT_ENDS, Moment, MomentReader
from tui_crm.core.dates.phrases import MoreThanOne, NotUnderstood, Phrases, Words, fold
from tui_crm.core.dates.reading import Reading, Span
from tui_crm.core.dates.recurrence import with_clock
from tui_crm.core.dates.splitter import may_start, split
from tui_crm.core.dates.vocabulary import AMBIGUOUS, EVERY, KINDS, NAMED_BEFORE, WEEKDAY_NAMES
from tui_crm.core.text import _

_MOST_WARNINGS = 4
_LANGUAGES = ("en", "es", "fr", "de")
_JOINTS = " \t\n,;:.!?¡¿…-–—·"
_JOINTS_BEFORE = " \t\n,;:-–—·"
_EMPTY_BRACKETS = re.compile(r"\s*(?:\(\s*\)|\[\s*\])\s*")
_NIGHT_SKIPPED = 4
"""Clocks go forward at night: a recurrence at an hour before this one keeps its clock."""


def read(
    text: str,
    now: datetime,
    locale: str = "en",
    *,
    prefer_kinds: Mapping[str, str] | None = None,
) -> Reading:
    """Read an entry as typed at ``now`` (aware, in the rep's zone).

    Words of English, Spanish, French and German are understood in every locale; ``locale``
    ("en_US", "es", "fr_FR") decides what is ambiguous: ``12/1`` is month first in the US and a
    few other regions, ``mar 10`` is Tuesday for es and fr and March for the others, ``9h`` alone
    is a clock for es and fr and nine hours for the others. ``prefer_kinds`` are further words for
    kinds, taken first ({"demo": "meeting"}). Never raises for any text.
    """
    zone = now.tzinfo
    if zone is None:
        raise ValueError("now must be aware, in the rep's zone")
    own = {fold(word): kind for word, kind in (prefer_kinds or {}).items()}
    try:
        return _Entry(text, split(text), now, zone, locale, own).read()
    except NotUnderstood as why:
        return Reading(
            text=text.strip(),
            problem=_("{what}; kept as text, no date").format(what=why),
        )


@dataclass
class _Entry:
    """One entry while it is read."""

    typed: str
    words: Words
    now: datetime
    zone: tzinfo
    locale: str
    own_kinds: dict[str, str]
    warnings: list[str] = field(default_factory=list)
    taken: list[tuple[int, int, str]] = field(default_factory=list)
    """The words that are no text: first word, word after, what they are."""
    left: set[int] = field(default_factory=set)
    """The words that look like a date and stay in the text, with a warning."""
    has_moment: bool = False

    def __post_init__(self) -> None:
        language = self.locale[:2].casefold()
        self.language = language if language in _LANGUAGES else "en"
        self.own = Phrases({kind: word for word, kind in self.own_kinds.items()})
        self.moments = MomentReader(
            typed=self.typed,
            words=self.words,
            now=self.now,
            locale=self.locale,
            language=self.language,
        )

    @property
    def today(self) -> date:
        return self.now.date()

    def read(self) -> Reading:
        kind: str | None = None
        start = 0
        moment = self.leading(0)
        if moment is None and (found := self.kind(0)):
            kind, start = found
            moment = self.behind_kind(start)
            self.taken.append((0, start, "kind"))
        start = moment.end if moment else start
        if moment is not None and kind is None:
            kind, start = self.take_kind(moment.end)
        moment = self.among_words(moment, max(start, 1 if moment is None else start), kind)
        if moment is not None and kind is None and moment.start > 0:
            kind, _after = self.take_kind(moment.end)
        self.warn_of_slips(moment)
        self.warn_of_rest()
        reading = Reading() if moment is None else self.settled(moment)
        text, clears = self.text()
        return reading._replace(
            kind=kind,
            text=text,
            clears_words=clears,
            warnings=tuple(dict.fromkeys(self.warnings))[:_MOST_WARNINGS],
            spans=self.spans(),
        )

    # ----------------------------------------------------------------- where moments stand

    def leading(self, i: int) -> Moment | None:
        """A moment at the start of the entry."""
        if i >= len(self.words):
            return None
        start = self.moments.skip_signs(i)
        if self.begins_name(start):
            return None
        found = self.moments.moment(start, leading=True) if start < len(self.words) else None
        if found is None and start < len(self.words):
            word = self.words[start]
            if is_dotted(word.bare) and closes(self.words, start + 1):
                told = _("“{typed}” may be a time, a date or a number")
                raise NotUnderstood(told.format(typed=word.raw))
            self.moments.days.refuse_slip(start)
        return found

    def begins_name(self, i: int) -> bool:
        """Whether "Domingo Pérez" stands at word ``i``."""
        if i + 1 >= len(self.words) or self.words[i].bare not in WEEKDAY_NAMES:
            return False
        return all(
            word.raw.istitle() and not word.comma and not self.kind(n)
            for n, word in enumerate(self.words[i : i + 2], i)
        )

    def behind_kind(self, i: int) -> Moment | None:
        """A moment behind the kind; a lone short word there may be a name ("visit Mar del Plata",
        "call Sam")."""
        i = self.moments.skip_signs(i)
        if i >= len(self.words):
            return None
        if GENITIVES.match(self.words, i):
            return None  # "reunión del lunes"
        word = self.words[i]
        languages = AMBIGUOUS.get(word.bare)
        if languages is not None:
            own = self.language in languages.split()
            alone = i + 1 >= len(self.words) or not closes(self.words, i + 1)
            if (word.raw[0].isupper() and not own) or (alone and not own):
                return None
            if alone and word.raw.istitle() and self.language != "en":
                return None
        found = self.moments.moment(i, leading=True)
        lone_number = found is not None and not found.is_sure and found.days is None
        return None if lone_number and not closes(self.words, i + 1) else found

    def among_words(self, first: Moment | None, start: int, kind: str | None) -> Moment | None:
        """The moments behind ``start``: the one that counts, or the time of a day before them.

        Those that do not count are named in the warnings.
        """
        counting = first
        self.has_moment = first is not None
        for moment in self.others(start):
            if counting is None:
                counting, self.has_moment = moment, True
            elif self.completes(counting, moment):
                counting = self.joined(counting, moment)
            elif counting is first:
                self.warn_of_text(moment.start, moment.end)
            else:
                told = _("“{one}” and “{two}”: put the one that counts first")
                one, two = self.slice(counting.start, counting.end), self.slice(*_place(moment))
                raise NotUnderstood(told.format(one=one, two=two))
        return self.taken_moment(counting)

    def taken_moment(self, moment: Moment | None) -> Moment | None:
        if moment is not None:
            self.taken += moment.spans
            self.taken.append((moment.start, moment.end, ""))
            self.warnings = moment.warnings + self.warnings
        return moment

    def others(self, i: int) -> Iterator[Moment]:
        """The moments among the words that count; warns of the others."""
        while i < len(self.words):
            if not may_start(self.words, i):
                if is_possessive(self.words[i]):  # "friday's meeting"
                    self.warn_of_text(i, i + 1)
                i += 1
                continue
            try:
                moment = self.moments.moment(i, leading=False)
            except NotUnderstood as why:
                several = isinstance(why, MoreThanOne)
                if why.past or why.weak or (self.belongs_to_words(i) and not several):
                    self.warn_of_text(i, i + 1)
                    i += 1
                    continue
                raise
            if moment is None or not self.looks_like_moment(moment):
                if moment is not None and self.is_left_date(moment):
                    self.warn_of_text(moment.start, moment.end)
                    i = moment.end
                i += 1
                continue
            if self.counts(moment):
                self.refuse_slip_beside(moment)
                yield moment
            else:
                self.warn_of_text(moment.start, moment.end)
            i = moment.end

    def looks_like_moment(self, moment: Moment) -> bool:
        """Whether it can be a date among words: "sam" and "12/1 inch" are none there."""
        if moment.days is not None and not moment.has_time and moment.repeat is None:
            word = self.words[moment.end - 1]
            lone = len(moment.spans) == 1 and moment.spans[0][1] - moment.spans[0][0] == 1
            languages = AMBIGUOUS.get(word.bare)
            if lone and languages is not None:
                name = word.raw.istitle() and self.language != "en"
                if self.language not in languages.split() or name:
                    return False
            if not moment.is_sure:
                return self.ends(moment)
        first = self.words[moment.spans[0][0]]
        languages = AMBIGUOUS.get(first.bare)
        if moment.days is not None and languages is not None:
            return self.language in languages.split()
        return moment.is_sure or self.ends(moment)

    def is_left_date(self, moment: Moment) -> bool:
        """Whether a doubtful date has a number in it: "12/1" and "Q1" among words, no "sam"."""
        typed = self.slice(moment.start, moment.end)
        return moment.days is not None and any(letter.isdecimal() for letter in typed)

    def ends(self, moment: Moment) -> bool:
        """Whether nothing but a kind follows."""
        after = self.moments.skip_signs(moment.end)
        kind = self.kind(after)
        return after >= len(self.words) or (kind is not None and kind[1] >= len(self.words))

    def counts(self, moment: Moment) -> bool:
        """Whether a moment among the words is that of the action, and not part of the words."""
        if self.belongs_to_words(moment.start) or self.is_name(moment):
            return False
        if moment.days is not None and moment.days.exact and moment.days.candidates[0] < self.today:
            return False
        if moment.repeat is not None or (moment.days is None and not moment.introduced):
            return moment.elapsed is not None or self.ends(moment)  # no "9:30 tickets"
        return True

    def belongs_to_words(self, i: int) -> bool:
        """ "the offer of 12 march", "about friday", "Good Friday", "con Domingo"."""
        before = self.words[i - 1].bare
        if EVERY.match(self.words, i - 1) or before in NAMED_BEFORE:
            return True
        if CONTENT_BEFORE.match(self.words, i - 1):
            return not (before == "a" and self.words[i].bare not in WEEKDAY_NAMES)
        return before.endswith("'s")

    def is_name(self, moment: Moment) -> bool:
        """ "llamar a Domingo": a given name that is a weekday too."""
        word = self.words[moment.start]
        alone = moment.end - moment.start == 1 and word.bare in WEEKDAY_NAMES
        return alone and word.raw.istitle()

    def completes(self, moment: Moment, other: Moment) -> bool:
        """Whether one is a day and the other its time: "fri call Anna at 9:30"."""
        if moment.elapsed is not None or other.elapsed is not None or other.repeat is not None:
            return False
        if not (other.introduced or self.ends(other)):
            return False
        if other.days is None:
            return moment.clock is None and other.clock is not None
        return moment.days is None and not other.has_time

    def joined(self, moment: Moment, other: Moment) -> Moment:
        """A day and its time as one moment; both are taken out of the words."""
        self.taken.append((other.start, other.end, ""))
        return replace(
            moment,
            days=moment.days or other.days,
            clock=moment.clock or other.clock,
            part=moment.part or other.part,
            length=moment.length or other.length,
            spans=moment.spans + other.spans,
            warnings=moment.warnings + other.warnings,
        )

    # ----------------------------------------------------------------- what is left in words

    def warn_of_text(self, i: int, after: int) -> None:
        told = _("“{typed}” stays in the text; a date comes first")
        if self.has_moment:
            told = _("“{typed}” stays in the text")
        self.left.update(range(i, after))
        self.warnings.append(told.format(typed=self.slice(i, after)))

    def refuse_slip_beside(self, moment: Moment) -> None:
        """Raise NotUnderstood for a day with a slip beside a moment: "call Anna tomorow 9:30"."""
        for i in (moment.start - 1, moment.end):
            if 0 <= i < len(self.words) and looks_like_day(self.words[i].bare, followed=True):
                raise NotUnderstood(_("“{typed}” is no day").format(typed=self.words[i].raw))

    def warn_of_slips(self, moment: Moment | None) -> None:
        """Name what may be a day with a slip of the finger, where no moment was read."""
        if moment is not None:
            return
        for i in range(1, len(self.words)):
            if looks_like_day(self.words[i].bare, followed=False):
                told = _("“{typed}” is no day")
                self.warnings.append(told.format(typed=self.words[i].raw))

    def warn_of_rest(self) -> None:
        """Name what still looks like a day or a time in the words: nothing stays in silence."""
        named = self.left | {n for i, after, _what in self.taken for n in range(i, after)}
        for i in range(len(self.words)):
            if (
                i not in named
                and not self.words[i].bare.isdecimal()
                and looks_like_moment(self.words, i, self.language)
            ):
                self.warn_of_text(i, i + 1)

    def slice(self, i: int, after: int) -> str:
        """What was typed from word ``i`` up to ``after``."""
        return self.typed[self.words[i].start : self.words[after - 1].end]

    # ---------------------------------------------------------------------- kind and words

    def kind(self, i: int) -> tuple[str, int] | None:
        """A kind at word ``i``, not one in brackets or quotes."""
        if i >= len(self.words):
            return None
        found = self.own.match(self.words, i) or KINDS.match(self.words, i)
        start = self.words[i].start
        return None if start and self.typed[start - 1] in '([{"“«' else found

    def take_kind(self, i: int) -> tuple[str | None, int]:
        """The kind behind a moment, and the next position."""
        start = self.moments.skip_signs(i)
        found = self.kind(start)
        if found is None:
            return None, i
        self.taken.append((start, found[1], "kind"))
        return found

    def text(self) -> tuple[str, bool]:
        """The words left, as typed; and whether a lone dash says that there are none."""
        pieces, at = [], 0
        for i, after, _what in sorted(self.taken):
            start, end = self.words[i].start, self.words[after - 1].end if after > i else 0
            if start >= at:
                pieces.append(self.typed[at:start])
            at = max(at, end)
        pieces.append(self.typed[at:])
        if len(pieces) == 1:
            text = self.typed.strip()
            return ("", True) if text in ("-", "–", "—") else (text, False)
        clears = any(piece.strip() in ("-", "–", "—") for piece in pieces[-1:])
        kept = [pieces[0], *(piece.lstrip(_JOINTS) for piece in pieces[1:])]
        kept = [piece.rstrip(_JOINTS_BEFORE) for piece in kept[:-1]] + kept[-1:]
        words = " ".join(piece.strip() for piece in kept if piece.strip(_JOINTS + "\"'“”"))
        words = _EMPTY_BRACKETS.sub(" ", words).strip()
        return words, clears and not words

    def spans(self) -> tuple[Span, ...]:
        """Where in the text the pieces stand that were recognised."""
        return tuple(
            (self.words[i].start, self.words[after - 1].end, what)
            for i, after, what in sorted(self.taken)
            if what and after > i
        )

    # ------------------------------------------------------------------- day and instant

    def settled(self, moment: Moment) -> Reading:
        """The day and the instant of a moment, the first that is to come."""
        if moment.elapsed is not None:
            return self.after_minutes(moment.elapsed, moment.length)
        clock = moment.typed_time()
        days = moment.days or Days(tuple(self.today + timedelta(days=k) for k in range(3)))
        again = moment.repeat
        if again is not None and again.also_today and clock is not None:
            days = Days((self.today, again.first))
        day = self.choose(days, clock)
        self.refuse_other_weekday(days, day)
        at = None if clock is None else self.instant(day, clock, moment)
        if at is not None and clock is not None:
            self.warn_of_clock(day, at, clock, moment)
            day = at.astimezone(self.zone).date()
        length = moment.length
        if length is None and moment.clock is not None:
            length = moment.clock.length
        self.warn_of_day(day, at)
        rule = again.rule if again else None
        if rule is not None and clock is not None and clock.hour < _NIGHT_SKIPPED:
            rule = with_clock(rule, clock)
        return Reading(day=day, at=at, minutes=length, rule=rule)

    def instant(self, day: date, clock: time, moment: Moment) -> datetime:
        offset = moment.clock.offset if moment.clock else None
        if offset is None:
            return instant(day, clock, self.zone)
        return datetime.combine(day, clock, timezone(offset)).astimezone(UTC)

    def choose(self, days: Days, clock: time | None) -> date:
        if not days.candidates:
            told = _("“{typed}” has begun; which day of it?")
            raise NotUnderstood(told.format(typed=days.typed))
        for day in days.candidates:
            if days.exact:
                return day
            if clock is None:
                if day >= self.today:
                    return day
            elif instant(day, clock, self.zone) > self.now:
                return day
        label = day_label(days.candidates[-1], self.today)
        if clock is not None:
            label = f"{label} {clock:%H:%M}"
        raise NotUnderstood(_("{day} is past").format(day=label))

    def refuse_other_weekday(self, days: Days, chosen: date) -> None:
        """Raise NotUnderstood where a date's weekday is not the one typed with it."""
        if days.weekday is not None and chosen.weekday() != days.weekday:
            label = day_label(chosen, self.today)
            told = _("the weekday does not fit, that day is {day}")
            raise NotUnderstood(told.format(day=label))

    def after_minutes(self, far: int, length: int | None) -> Reading:
        """Minutes from now: really elapsed ones, also over a change of clocks."""
        at = self.now.astimezone(UTC) + timedelta(minutes=far)
        at = at.replace(second=0, microsecond=0)
        day = at.astimezone(self.zone).date()
        self.warn_of_day(day, at)
        return Reading(day=day, at=at, minutes=length)

    def warn_of_clock(self, day: date, at: datetime, clock: time, moment: Moment) -> None:
        shown = clock_label(at, self.zone)
        if moment.clock is None or moment.clock.offset is not None:
            return
        if is_skipped(day, clock, self.zone):
            told = _("clocks go forward over {time}: {shown}")
            self.warnings.append(told.format(time=f"{clock:%H:%M}", shown=shown))
        elif not moment.fits_part():
            told = _("{time} does not fit the part of the day")
            self.warnings.append(told.format(time=shown))
        elif moment.is_spoken_afternoon:
            told = _("{time} is the afternoon; “{hour}am” is at night")
            self.warnings.append(told.format(time=shown, hour=_hour(moment.clock)))
        elif 0 < clock.hour < NIGHT_ENDS and not moment.night_is_meant:
            night = _("{time} is at night; “{hour}pm” is the afternoon")
            self.warnings.append(night.format(time=shown, hour=_hour(clock)))

    def warn_of_day(self, day: date, at: datetime | None) -> None:
        label = day_label(day, self.today)
        if day < self.today or (at is not None and at <= self.now):
            self.warnings.append(_("{day} is past").format(day=label))
        elif day.weekday() >= 5:
            self.warnings.append(_("{day} is a weekend").format(day=label))


def _hour(clock: time | Clock) -> str:
    return f"{clock.hour}:{clock.minute:02d}" if clock.minute else str(clock.hour)


def _place(moment: Moment) -> tuple[int, int]:
    return moment.start, moment.end
