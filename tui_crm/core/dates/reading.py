"""What a typed date means (`Reading`), and how it is repeated to whoever typed it.

Apart from :mod:`.reader`, whose vocabulary takes long to load: most of the program only handles
readings.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from tui_crm.core.dates.labels import ago, clock_label, day_label, length_in_words
from tui_crm.core.dates.recurrence import in_words
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

    def echo(self, now: datetime) -> str:
        """This reading in one line: "Fri 27 Nov 09:30, 20 min, in 7 days · call · Anna"."""
        parts = self.echo_parts(now)
        date_words = ", ".join(words for role, words in parts if role in ("date", "when"))
        rest = [words for role, words in parts if role in ("kind", "text")]
        return " · ".join([date_words, *rest] if date_words else rest)

    def echo_parts(self, now: datetime) -> list[tuple[str, str]]:
        """What will be stored, in parts: (role, words) with roles "date", "when", "kind", "text".

        "date" is day and clock, "when" length, distance and recurrence; parts that are empty are
        left out. Without a date, "when" says so.
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
            parts.append(("when", ", ".join(facts)))
        if self.kind:
            parts.append(("kind", _kind_name(self.kind)))
        if self.text:
            parts.append(("text", self.text))
        return parts


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
