"""What a typed date means (`Reading`), and how it is repeated to whoever typed it.

Apart from :mod:`.reader`, whose vocabulary takes long to load: most of the program only handles
readings.
"""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from typing import NamedTuple

from tui_crm.core.dates.labels import ago, clock_label, day_label, length_in_words
from tui_crm.core.dates.recurrence import clock_of, in_words, with_clock
from tui_crm.core.text import _

Span = tuple[int, int, str]
"""Where in the text something was recognised: start, end, and "date", "time", "duration", "kind"
or "rule"."""


class Reading(NamedTuple):
    """What an entry means. What is None or empty was not typed.

    ``day`` is the day in the rep's zone; ``at`` the instant in UTC when there is a time;
    ``minutes`` the length; ``kind`` one of call, email, meeting, visit, message, task (or one the
    caller named); ``text`` the words left, as typed; ``rule`` the RFC 5545 rule of a recurring
    one, with the clock that was typed. ``problem`` is one sentence about what was not understood
    (then there is no day); ``warnings`` are sentences about a date that is kept all the same, and
    about dates that stay in the words. ``clears_words``: a lone dash stands where the words would
    ("-", "fri 9 -").
    """

    day: date | None = None
    at: datetime | None = None
    minutes: int | None = None
    kind: str | None = None
    text: str = ""
    rule: str | None = None
    problem: str | None = None
    warnings: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    clears_words: bool = False

    @property
    def has_moment(self) -> bool:
        """Whether a day was typed: without one the moment of a planned action may stay."""
        return self.day is not None

    @property
    def has_words(self) -> bool:
        """Whether words were typed, or the dash that clears them: else those of a planned action
        may stay."""
        return bool(self.text) or self.clears_words

    @property
    def has_kind(self) -> bool:
        """Whether a kind was typed."""
        return self.kind is not None

    @property
    def has_length(self) -> bool:
        """Whether a length was typed."""
        return self.minutes is not None

    def echo(self, now: datetime, kept: frozenset[str] = frozenset()) -> str:
        """This reading in one line: "Fri 27 Nov 09:30, 20 min, in 7 days · call · Anna"."""
        parts = self.echo_parts(now, kept)
        date_words = ", ".join(words for role, words in parts if role in ("date", "when"))
        rest = [words for role, words in parts if role in ("kind", "text")]
        return " · ".join([date_words, *rest] if date_words else rest)

    def echo_parts(
        self, now: datetime, kept: frozenset[str] = frozenset()
    ) -> list[tuple[str, str]]:
        """What will be stored, in parts: (role, words) with roles "date", "when", "kind", "text".

        "date" is day and clock, "when" length, distance and recurrence; parts that are empty are
        left out. Without a date, "when" says so. ``kept`` names the parts that were not typed but
        stay as they are planned ("date", "kind", "text"): that is added to them.
        """
        parts: list[tuple[str, str]] = []
        if self.day is not None:
            label = day_label(self.day, now.date())
            if self.at is not None:
                label = f"{label} {clock_label(self.at, now.tzinfo)}"
            parts.append(("date", label))
        facts = [] if self.minutes is None else [length_in_words(self.minutes)]
        facts.append(ago(self.day, self.at, now) if self.day else _("no date"))
        if self.rule is not None:
            facts.append(in_words(self.rule))
        if self.day is not None or self.kind or self.text:
            when = ", ".join(facts)
            parts.append(("when", _kept(when) if "date" in kept else when))
        if self.kind:
            name = _kind_name(self.kind)
            with_text = self.text and "text" in kept
            parts.append(("kind", _kept(name) if "kind" in kept and not with_text else name))
        if self.text:
            parts.append(("text", _kept(self.text) if "text" in kept else self.text))
        return parts


class Combined(NamedTuple):
    """A typed next action with what it leaves of the planned one; ``kept`` names the parts that
    stay: "date", "kind", "text"."""

    reading: Reading
    kept: frozenset[str] = frozenset()


def combine(planned: Reading, typed: Reading, zone: tzinfo) -> Combined:
    """What a typed next action makes of the planned one.

    A moment alone keeps words, kind, duration and recurrence; words or a kind alone keep the
    moment, its duration and the recurrence; a moment with words replaces everything. Another kind
    without words of its own drops the words. What was not understood is words without a date.
    """
    if typed.problem or (typed.has_moment and typed.text):
        return Combined(typed)
    kept = set()
    found = typed
    if not typed.has_moment and planned.has_moment:
        found = found._replace(day=planned.day, at=planned.at, rule=planned.rule)
        kept.add("date")
    elif not typed.has_kind and typed.rule is None and planned.rule is not None:
        # One turn is moved: the ones after it keep their clock.
        rule = planned.rule
        if planned.at is not None and clock_of(rule) is None:
            rule = with_clock(rule, planned.at.astimezone(zone).time())
        found = found._replace(rule=rule)
    if not typed.has_length:
        found = found._replace(minutes=planned.minutes)
    same_kind = not typed.has_kind or typed.kind == planned.kind or not planned.has_kind
    if not typed.has_words and same_kind and planned.text:
        found = found._replace(text=planned.text)
        kept.add("text")
    if not typed.has_kind and planned.has_kind:
        found = found._replace(kind=planned.kind)
        kept.add("kind")
    return Combined(found, frozenset(kept))


def _kept(words: str) -> str:
    return _("{words} (kept)").format(words=words)


def _kind_name(kind: str) -> str:
    names = {
        "call": _("call"),
        "email": _("e-mail"),
        "meeting": _("meeting"),
        "visit": _("visit"),
        "message": _("message"),
        "task": _("task"),
    }
    return names.get(kind, kind)
