"""The rules of calling as plain arithmetic: when somebody may be called, and when again.

Everything here is a pure function of its arguments. Moments are epoch seconds UTC; a *window* is
the part of the day in which people are called, in the zone of the person who is called. A wall
clock becomes an instant by :func:`tui_crm.core.dates.labels.instant`, which is daylight-saving
safe: a window from 08:00 opens at 08:00 on both sides of a switch.

Where somebody lives is one zone, or several when only a phone tells and it may ring in all of
them: then they may be called while *all* of these are in the window. Where that never happens in
a week (Sydney and New York), the first zone decides alone, rather than nobody ever calling.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from tui_crm.core.dates.labels import instant

DAY = 24 * 60
SEARCH = 16  # days within which a window, a half and an hour come back
MOST_OFF = 300  # days off of every year: with more, a list might have no day at all
LONG = 2 * 3600  # seconds: a shorter wait is for a busy line, and looks for no other half
Zones = ZoneInfo | tuple[ZoneInfo, ...]
_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
_RETRY = re.compile(r"(\d{1,3}) ?(m|h)( other half)?|next working day")


@dataclass(frozen=True)
class Window:
    """When people are called: minutes of their day from midnight, and ISO weekdays (1 Monday).

    ``closes`` is no longer inside. ``days`` is never empty and ``opens < closes``. ``off`` are the
    days off on which nobody calls, as they are stored (``2026-12-24``, or ``12-25`` of every year).
    """

    opens: int
    closes: int
    days: frozenset[int]
    off: frozenset[str] = frozenset()

    def has(self, day: date) -> bool:
        """Whether people are called on that day."""
        return day.isoweekday() in self.days and not self.is_off(day)

    def is_off(self, day: date) -> bool:
        """Whether it is a day off."""
        if not self.off:
            return False
        text = day.isoformat()
        return text in self.off or text[5:] in self.off

    @property
    def middle(self) -> int:
        """The minute at which the second half of the calling day begins."""
        return (self.opens + self.closes) // 2


def minutes_of(clock: str) -> int | None:
    """Minutes from midnight of ``"08:00"`` (``"24:00"`` is the day's end); ``None`` for others."""
    found = _CLOCK.fullmatch(clock.strip())
    if not found:
        return None
    minutes = int(found[1]) * 60 + int(found[2])
    return minutes if minutes <= DAY else None


def window(call_from: str, call_until: str, call_days: str, off: Collection[str] = ()) -> Window:
    """The window of a list or the workspace from its columns, without the days ``off``. What makes
    no sense (an end before its beginning, no day at all, days off all year) becomes the whole
    day, the whole week or no day off, so that every list can be called some time."""
    opens, closes = minutes_of(call_from), minutes_of(call_until)
    if opens is None or closes is None or opens >= closes:
        opens, closes = 0, DAY
    days = frozenset(int(d) for d in call_days if d in "1234567")
    if sum(len(day) == 5 for day in off) > MOST_OFF:
        off = ()
    return Window(opens, closes, days or frozenset(range(1, 8)), frozenset(off))


@lru_cache(maxsize=512)
def zone_named(name: str) -> ZoneInfo | None:
    """The zone of that IANA name, or ``None``."""
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


def bounds(win: Window, zone: ZoneInfo, day: date) -> tuple[int, int]:
    """The instants at which the window opens and closes on that day of that zone."""
    return _at(day, win.opens, zone), _at(day, win.closes, zone)


@lru_cache(maxsize=8192)
def _at(day: date, minutes: int, zone: ZoneInfo) -> int:
    # Cached: a list planned anew needs the openings of a few days a hundred thousand times.
    if minutes >= DAY:
        day, minutes = day + timedelta(days=1), minutes - DAY
    return int(instant(day, time(minutes // 60, minutes % 60), zone).timestamp())


def local_time(at: int, zone: ZoneInfo) -> datetime:
    """That instant on the clocks of the zone."""
    return datetime.fromtimestamp(at, zone)


def main_zone(zones: Zones) -> ZoneInfo:
    """The zone whose clock is shown, and whose hours and halves of the day count."""
    return zones[0] if isinstance(zones, tuple) else zones


# -- the window -----------------------------------------------------------------------------------


def openings(win: Window, zones: Zones, at: int) -> Iterator[tuple[int, int]]:
    """When somebody in ``zones`` may be called: ``(opens, closes)`` one after the other, from the
    one that is open at ``at`` or follows. Each lies within one day of the first zone."""
    if not isinstance(zones, tuple) or len(zones) == 1:
        yield from _of_one(win, main_zone(zones), at)
        return
    week = at // _WEEK
    while True:
        for opens, closes in _of_week(win, zones, week):
            if closes > at:
                yield opens, closes
        week += 1


def _of_one(win: Window, zone: ZoneInfo, at: int) -> Iterator[tuple[int, int]]:
    day = local_time(at, zone).date()
    while True:
        if win.has(day):
            opens, closes = bounds(win, zone, day)
            if opens < closes and at < closes:
                yield opens, closes
        day += timedelta(days=1)


_WEEK = 7 * 86400


@lru_cache(maxsize=512)
def _of_week(win: Window, zones: tuple[ZoneInfo, ...], week: int) -> tuple[tuple[int, int], ...]:
    """The parts of a week (counted from the epoch) in which all zones are in the window; those of
    the first zone when there are none."""
    begin, end = week * _WEEK, (week + 1) * _WEEK
    each: list[list[tuple[int, int]]] = []
    for zone in zones:
        parts = []
        for opens, closes in _of_one(win, zone, begin):
            if opens >= end:
                break
            parts.append((max(opens, begin), min(closes, end)))
        each.append(parts)
    shared = each[0]
    for parts in each[1:]:
        shared = [
            (max(a, c), min(b, d)) for a, b in shared for c, d in parts if max(a, c) < min(b, d)
        ]
    return tuple(shared or each[0])


def is_open(win: Window, zones: Zones, at: int) -> bool:
    """Whether somebody in ``zones`` may be called at ``at``."""
    opens, _closes = next(openings(win, zones, at))
    return opens <= at


def next_open(win: Window, zones: Zones, at: int) -> int:
    """The first moment from ``at`` on at which the window is open."""
    opens, _closes = next(openings(win, zones, at))
    return max(opens, at)


def day_opens(win: Window, zones: Zones, day: date) -> int:
    """When the window opens on that day where they live (the first zone's calendar), or the next
    time after it when it does not."""
    return next_open(win, zones, _at(day, 0, main_zone(zones)))


def next_midnight(zones: Zones, at: int) -> int:
    """Midnight after ``at`` there."""
    zone = main_zone(zones)
    return _at(local_time(at, zone).date() + timedelta(days=1), 0, zone)


def next_working_day(win: Window, zones: Zones, at: int) -> int:
    """The opening of the window on the first working day after the one of ``at``."""
    return next_open(win, zones, next_midnight(zones, at))


def is_second_half(win: Window, zones: Zones, at: int) -> bool:
    """Whether ``at`` lies in the second half of the calling day there. The halves meet in the
    middle of the window; before it opens is still the first, after it closes still the second."""
    zone = main_zone(zones)
    return at >= _at(local_time(at, zone).date(), win.middle, zone)


# -- when again -----------------------------------------------------------------------------------


def is_retry(rule: str) -> bool:
    """Whether a retry rule is one of ours: ``""``, ``30m``, ``4h``, ``4h other half`` or
    ``next working day``."""
    return rule == "" or _RETRY.fullmatch(rule) is not None


def takes_other_half(rule: str, prefers: bool) -> bool:
    """Whether a retry rule leads to the other half of the calling day: its own words say so, or the
    list ``prefers`` that and the wait is longer than :data:`LONG`."""
    return rule.endswith("other half") or (prefers and (_wait(rule) or DAY * 60) > LONG)


def retry_at(
    rule: str,
    win: Window,
    zones: Zones,
    at: int,
    *,
    prefers_half: bool = False,
    failed: Collection[int] = (),
) -> int | None:
    """When a row comes back after an outcome at ``at``; ``None`` when its rule says never.

    * ``30m``, ``4h``: so much later, or the window's next opening when that is outside;
    * ``4h other half``: the first moment so much later that is in the other half of the calling
      day: tried in the morning, again in the afternoon; tried in the afternoon, again the next
      working morning;
    * ``next working day``: the opening of the window on the next working day. All rows of a day
      come back at the same moment, therefore in the order of the list.

    ``prefers_half`` turns every wait longer than :data:`LONG` into one for the other half.
    ``failed`` are the moments of tries that failed: their clock hours there are avoided, on any
    day, as long as the window has another; the half gives way before the hour does.
    """
    wait = _wait(rule)
    if wait is None and rule != "next working day":
        return None
    earliest = next_midnight(zones, at) if wait is None else at + wait
    half = None
    if takes_other_half(rule, prefers_half):
        half = not is_second_half(win, zones, at)
    zone = main_zone(zones)
    hours = frozenset([local_time(moment, zone).hour for moment in failed])
    found = _search(win, zones, earliest, half, hours)
    if found is None and half is not None and hours:
        found = _search(win, zones, earliest, None, hours)
    if found is None and half is not None:
        found = _search(win, zones, earliest, half, frozenset())
    return next_open(win, zones, earliest) if found is None else found


@lru_cache(maxsize=256)
def _wait(rule: str) -> int | None:
    """Seconds that a rule waits, ``None`` for one that names a day, or never."""
    found = _RETRY.fullmatch(rule)
    if not found or not found[1]:
        return None
    return int(found[1]) * (3600 if found[2] == "h" else 60)


def _search(
    win: Window, zones: Zones, earliest: int, half: bool | None, avoided: frozenset[int]
) -> int | None:
    """The first moment from ``earliest`` on inside the window, in the wanted half (``True`` the
    second) and in no avoided hour; ``None`` when there is none for some two weeks."""
    zone = main_zone(zones)
    for opens, closes in openings(win, zones, earliest):
        if opens > earliest + SEARCH * 86400:
            return None
        begin, end = max(opens, earliest), closes
        if half is not None:
            middle = _at(local_time(opens, zone).date(), win.middle, zone)
            begin, end = (max(begin, middle), end) if half else (begin, min(end, middle))
        while begin < end:
            clock = local_time(begin, zone)
            if clock.hour not in avoided:
                return begin
            begin += 3600 - clock.minute * 60 - clock.second
    return None  # pragma: no cover: openings never end


def other_half(win: Window, zones: Zones, at: int, wait: int) -> int:
    """The first moment at least ``wait`` seconds after ``at`` that is inside the window and in
    the other half of the calling day than ``at``; any moment of it where one half is empty."""
    found = _search(win, zones, at + wait, not is_second_half(win, zones, at), frozenset())
    return next_open(win, zones, at + wait) if found is None else found
