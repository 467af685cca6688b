"""The rules of calling as plain arithmetic: when somebody may be called, and when again.

Everything here is a pure function of its arguments. Moments are epoch seconds UTC; a *window* is
the part of the day in which people are called, in the zone of the person who is called. The
function that turns a wall clock into an instant is daylight-saving safe (:mod:`..moments`): a
window from 08:00 opens at 08:00 on both sides of a switch.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from tui_crm.core.moments import instant

DAY = 24 * 60
_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
_RETRY = re.compile(r"(\d{1,3}) ?(m|h)( other half)?|next working day")


@dataclass(frozen=True)
class Window:
    """When people are called: minutes of their day from midnight, and ISO weekdays (1 Monday).

    ``until`` is no longer inside. ``days`` is never empty and ``opens < closes``.
    """

    opens: int
    closes: int
    days: frozenset[int]

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


def window(call_from: str, call_until: str, call_days: str) -> Window:
    """The window that the columns of a list or the workspace say. What makes no sense (an end
    before its beginning, no day at all) becomes the whole day or the whole week, so that no list
    is ever silent for ever."""
    opens, closes = minutes_of(call_from), minutes_of(call_until)
    if opens is None or closes is None or opens >= closes:
        opens, closes = 0, DAY
    days = frozenset(int(d) for d in call_days if d in "1234567")
    return Window(opens, closes, days or frozenset(range(1, 8)))


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


def _at(day: date, minutes: int, zone: ZoneInfo) -> int:
    if minutes >= DAY:
        day, minutes = day + timedelta(days=1), minutes - DAY
    return int(instant(day, time(minutes // 60, minutes % 60), zone).timestamp())


def local(at: int, zone: ZoneInfo) -> datetime:
    """That instant on the clocks of the zone."""
    return datetime.fromtimestamp(at, UTC).astimezone(zone)


def is_open(win: Window, zone: ZoneInfo, at: int) -> bool:
    """Whether somebody in ``zone`` may be called at ``at``."""
    day = local(at, zone).date()
    if day.isoweekday() not in win.days:
        return False
    opens, closes = bounds(win, zone, day)
    return opens <= at < closes


def next_open(win: Window, zone: ZoneInfo, at: int) -> int:
    """The first moment from ``at`` on at which the window is open."""
    if is_open(win, zone, at):
        return at
    day = local(at, zone).date()
    for n in range(15):
        there = day + timedelta(days=n)
        opens, closes = bounds(win, zone, there)
        if there.isoweekday() in win.days and opens < closes and at <= opens:
            return opens
    raise AssertionError("a window has a day in every week")  # pragma: no cover


def next_working_day(win: Window, zone: ZoneInfo, at: int) -> int:
    """The opening of the window on the first working day after the one of ``at``."""
    tomorrow = local(at, zone).date() + timedelta(days=1)
    return next_open(win, zone, _at(tomorrow, 0, zone))


def is_second_half(win: Window, zone: ZoneInfo, at: int) -> bool:
    """Whether ``at`` lies in the second half of the calling day there. The halves meet in the
    middle of the window; before it opens is still the first, after it closes still the second."""
    return at >= _at(local(at, zone).date(), win.middle, zone)


def other_half(win: Window, zone: ZoneInfo, at: int, wait: int) -> int:
    """The first moment at least ``wait`` seconds after ``at`` that is inside the window, and in
    the other half of the calling day than ``at``: tried in the morning, again in the afternoon;
    tried in the afternoon, again the next working morning."""
    wanted = not is_second_half(win, zone, at)
    earliest = next_open(win, zone, at + wait)
    day = local(earliest, zone).date()
    for n in range(15):
        there = day + timedelta(days=n)
        if there.isoweekday() not in win.days:
            continue
        opens, closes = bounds(win, zone, there)
        middle = _at(there, win.middle, zone)
        first, last = (middle, closes) if wanted else (opens, middle)
        moment = max(first, earliest)
        if moment < last:
            return moment
    raise AssertionError("both halves come back within a week")  # pragma: no cover


def is_retry(rule: str) -> bool:
    """Whether a retry rule is one of ours: ``""``, ``30m``, ``4h``, ``4h other half`` or
    ``next working day``."""
    return rule == "" or _RETRY.fullmatch(rule) is not None


def retry_at(rule: str, win: Window, zone: ZoneInfo, at: int) -> int | None:
    """When a row comes back after an outcome at ``at``; ``None`` when its rule says never.

    * ``30m``, ``4h``: so much later, or the window's next opening when that is outside;
    * ``4h other half``: :func:`other_half`;
    * ``next working day``: the opening of the window on the next working day. All rows of a day
      come back at the same moment, therefore in the order of the list.
    """
    if rule == "next working day":
        return next_working_day(win, zone, at)
    found = _RETRY.fullmatch(rule)
    if not found:
        return None
    wait = int(found[1]) * (3600 if found[2] == "h" else 60)
    if found[3]:
        return other_half(win, zone, at, wait)
    return next_open(win, zone, at + wait)
