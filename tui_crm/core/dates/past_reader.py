"""Typed moments that have been: ``14:30`` (today), ``yesterday 9:30``, ``fri 16:00``, ``-3d``.

What is typed of the future is read by :mod:`.reader`; a day of the week here is the last one.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING

from tui_crm.core.dates import labels
from tui_crm.core.text import fold

if TYPE_CHECKING:
    from tui_crm.core.dates.reading import Reading

_HALF_A_YEAR = 183
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2})|(?=h|\s?[ap]m))(?:\s?([ap])m|h?)", re.IGNORECASE)
_AT = re.compile(r"\s(?:at|a las?|à|um)$", re.IGNORECASE)
_LAST = re.compile(r"(?:last|le|el|am|on)\s+", re.IGNORECASE)


def read_day(text: str, now: datetime, locale: str) -> date | None:
    """A day that has been: ISO, ``yesterday``, ``3 nov``, ``fri`` (the last one), ``-3d``; None
    for what is no day. One that is still to come comes back as it is. ``now`` is aware, in the
    rep's zone."""
    typed = text.strip()
    for parse in (
        date.fromisoformat,
        lambda iso: _in_zone(datetime.fromisoformat(iso), now).date(),
    ):
        try:
            return parse(typed)
        except ValueError:
            pass
    back = _days_back(typed)
    if back is not None:
        return now.date() - timedelta(days=back)
    found = _past(typed, now, locale)
    return (found.day or now.date()) if found is not None else None


def read_moment(text: str, now: datetime, locale: str) -> datetime | None:
    """A moment that has been: ISO, a clock (today), or a day with a clock; None for what is none.
    A day alone counts at noon, today alone is now. ``now`` is aware, in the rep's zone."""
    typed = text.strip()
    try:
        exact = datetime.fromisoformat(typed)
        if len(typed) > 10:
            return _in_zone(exact, now)
    except ValueError:
        pass
    clock = _clock_at_end(typed)
    head = typed[: clock[1]].strip() if clock else typed
    head = _AT.sub("", f" {head}").strip()
    on = read_day(head, now, locale) if head else now.date()
    if on is None:
        return None
    zone = now.tzinfo
    assert zone is not None
    if clock:
        return labels.instant(on, clock[0], zone)
    if on == now.date():
        return now
    return labels.instant(on, time(12), zone)


def _clock_at_end(typed: str) -> tuple[time, int] | None:
    """The clock that the text ends with, and where it begins."""
    for found in _CLOCK.finditer(typed):
        at_edge = found.start() == 0 or typed[found.start() - 1].isspace()
        if found.end() != len(typed) or not at_edge:
            continue
        hours, minutes, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
        if half:
            if not 1 <= hours <= 12:
                return None
            hours = hours % 12 + (12 if half == "p" else 0)
        return (time(hours, minutes), found.start()) if hours < 24 and minutes < 60 else None
    return None


def _in_zone(exact: datetime, now: datetime) -> datetime:
    zone: tzinfo | None = now.tzinfo
    assert zone is not None
    if exact.tzinfo is None:
        return labels.instant(exact.date(), exact.time(), zone)
    return exact.astimezone(zone)


def _days_back(typed: str) -> int | None:
    """``today``, ``yesterday`` and ``-3d``, ``-2w``, in the languages we speak."""
    word = fold(typed)
    if word in ("today", "hoy", "aujourd'hui", "heute"):
        return 0
    if word in ("yesterday", "ayer", "hier", "gestern"):
        return 1
    if word in ("anteayer", "antes de ayer", "avant-hier", "vorgestern"):
        return 2
    found = re.fullmatch(r"-(\d{1,4})([dw])", word) or re.fullmatch(r"(\d{1,4})([dw]) ago", word)
    return int(found[1]) * (7 if found[2] == "w" else 1) if found else None


def _past(typed: str, now: datetime, locale: str) -> Reading | None:
    """A typed date looked for in the past: entries are read as the future, so one that lies
    ahead is read again from a week and from a year ago. Relative ones ("+3d") stay ahead."""
    from tui_crm.core.dates import reader  # its vocabulary: not before a day is typed

    today = now.date()
    typed = _LAST.sub("", typed, count=1)
    ahead = reader.read(typed, now, locale)
    if ahead.problem or ahead.day is None or ahead.at is not None:
        return None
    if ahead.text or ahead.rule or ahead.kind:
        return None
    if ahead.day <= today:
        return ahead
    before = reader.read(typed, now - timedelta(days=1), locale)
    if before.day is not None and ahead.day - before.day == timedelta(days=1):
        return ahead
    for days in (7, 365):
        seen = reader.read(typed, now - timedelta(days=days), locale)
        if seen.day is not None and 0 <= (today - seen.day).days <= _HALF_A_YEAR:
            return seen
    return ahead
