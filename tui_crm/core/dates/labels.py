"""Instants of wall clocks, and short labels of days, moments and lengths of time.

A day is a ``date`` and never midnight somewhere; an instant is an aware ``datetime``. ``now`` is
always aware and in the rep's zone: its ``tzinfo`` is the zone everything is shown in.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from tui_crm.core.text import _, ngettext

_LABEL_CELLS = 9
_NARROW_CELLS = 5
_NEAR_DAYS = 6
_NEAR_MONTHS = 9
NOW = timedelta(minutes=5)  # around a moment it is "now": before it early enough, after it not late


def instant(day: date, clock: time, zone: tzinfo) -> datetime:
    """The instant (UTC) at which clocks in ``zone`` show ``clock`` on ``day``.

    A time skipped when clocks go forward becomes the first one after the gap (02:30 -> 03:00);
    a time shown twice when they go back is its first showing.
    """
    wanted = datetime.combine(day, clock.replace(fold=0, tzinfo=None), zone)
    found = wanted.astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == wanted.replace(tzinfo=None):
        return found
    after = wanted.replace(fold=1).utcoffset()
    early, late = wanted.replace(fold=1).astimezone(UTC), found
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=(late - early) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == after:
            late = middle
        else:
            early = middle
    return late


def is_skipped(day: date, clock: time, zone: tzinfo) -> bool:
    """Whether clocks in ``zone`` never show ``clock`` on ``day`` (they go forward over it)."""
    shown = instant(day, clock, zone).astimezone(zone)
    return shown.replace(tzinfo=None, fold=0) != datetime.combine(day, clock.replace(tzinfo=None))


def weekday_name(day: date) -> str:
    """``Mon`` … ``Sun`` in the rep's language."""
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))[day.weekday()]


def month_name(month: int) -> str:
    """``Jan`` … ``Dec`` for 1 … 12, in the rep's language."""
    names = (
        *(_("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun")),
        *(_("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov"), _("Dec")),
    )
    return names[month - 1]


def weekdays_words(days: str) -> str:
    """ISO weekdays, as calling windows keep them, in words: ``12345`` is ``Mon - Fri``, ``1357``
    ``Mon, Wed, Fri, Sun``."""
    numbers = sorted({int(day) for day in days if day in "1234567"})
    names = [weekday_name(date(2024, 1, number)) for number in numbers]  # 1 January was a Monday
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{names[0]} - {names[-1]}"
    return ", ".join(names)


def day_label(day: date, today: date, weekday: bool = True) -> str:
    """``Fri 27 Nov``; a day of another year says which: ``Mon 4 Jan 2027``."""
    label = _("{day} {month}").format(day=day.day, month=month_name(day.month))
    if day.year != today.year:
        label = f"{label} {day.year}"
    return f"{weekday_name(day)} {label}" if weekday else label


def is_far(day: date, today: date) -> bool:
    """Whether a day is so far off, nine months before or after ``today``, that its year is said."""
    months = abs(day.year * 12 + day.month - today.year * 12 - today.month)
    return months > _NEAR_MONTHS or (
        months == _NEAR_MONTHS and (day.day > today.day if day > today else day.day < today.day)
    )


def compact_day(day: date, today: date) -> str:
    """``30 Nov``; beyond nine months ``30 Nov 27``. At most nine cells in English."""
    label = _("{day} {month}").format(day=day.day, month=month_name(day.month))
    return f"{label} {day.year % 100:02d}" if is_far(day, today) else label


def short_day(day: date, today: date, weekday: bool = True) -> str:
    """``Fri 27 Nov``; beyond nine months with its year, ``Mon 4 Oct 2027``. For what is shown; a
    day that was typed is read back by `day_label`."""
    label = day_label(day, day, weekday)
    return f"{label} {day.year}" if is_far(day, today) else label


def clock_label(at: datetime, zone: tzinfo | None) -> str:
    """``09:30`` in ``zone``."""
    return f"{at.astimezone(zone):%H:%M}"


def short(
    day: date | None,
    at: datetime | None,
    minutes: int | None,
    now: datetime,
    room: int = _LABEL_CELLS,
) -> str:
    """A moment for a list, at most nine cells in English.

    Today is a clock and a length (``09:30 20m``) or ``any``; within six days before or after the
    weekday (``Thu 09:00``, ``Fri``); else ``30 Nov``, beyond nine months ``30 Nov 27``; "" without
    a day. ``minutes`` is the length of a timed action. With more ``room`` (cells) a timed one that
    is farther off has its clock too: ``30 Nov 09:30``.
    """
    if at is not None:
        day = at.astimezone(now.tzinfo).date()
    if day is None:
        return ""
    today = now.date()
    if day == today:
        if at is None:
            return _("any")
        clock = clock_label(at, now.tzinfo)
        length = _length(minutes, _LABEL_CELLS - len(clock) - 1) if minutes else ""
        return f"{clock} {length}".rstrip()
    if abs((day - today).days) <= _NEAR_DAYS:
        return f"{weekday_name(day)} {clock_label(at, now.tzinfo)}" if at else weekday_name(day)
    label = compact_day(day, today)
    with_clock = f"{label} {clock_label(at, now.tzinfo)}" if at is not None else label
    return with_clock if len(with_clock) <= room else label


def is_now(at: datetime | None, now: datetime) -> bool:
    """Whether the moment of a timed action is now: from five minutes before it to five after."""
    return at is not None and abs(at - now) <= NOW


def is_late(day: date | None, at: datetime | None, now: datetime) -> bool:
    """Whether an action is late: a timed one once its five minutes are over, one of a day without a
    time when the day is."""
    if at is not None:
        return at < now - NOW
    return day is not None and day < now.date()


def narrow(day: date | None, at: datetime | None, minutes: int | None, now: datetime) -> str:
    """A moment in five cells, for 40 columns: ``-4d`` late, ``09:30``, ``any``, ``Thu``, ``+14d``.

    A timed one of yesterday that is not a day late yet says for how long: ``-55m``, ``-16h``.
    ``minutes`` is taken so that both labels are called alike; five cells have no room for it.
    """
    if at is not None:
        day = at.astimezone(now.tzinfo).date()
    if day is None:
        return ""
    days = (day - now.date()).days
    if days == 0:
        return short(day, at, None, now)
    if 0 < days <= _NEAR_DAYS:
        return weekday_name(day)
    if at is not None and timedelta(0) < now - at < timedelta(days=1):
        since = (now - at) // timedelta(minutes=1)
        return f"-{since}m" if since < 60 else f"-{since // 60}h"
    label = f"{days:+d}d"
    return label if len(label) <= _NARROW_CELLS else f"{int(days / 365):+d}y"


def ago(day: date | None, at: datetime | None, now: datetime) -> str:
    """How far off, in words: "4 days late", "in 7 days", "tomorrow", "in 18 min"; "" without a day.

    Days are counted by the calendar. A timed moment of today, and one that passed less than a day
    ago, is counted in hours and minutes: at 00:05 an action of 23:10 is "55 min late", not a day.
    """
    if at is not None:
        day = at.astimezone(now.tzinfo).date()
    if day is None:
        return ""
    days = (day - now.date()).days
    if at is not None and (days == 0 or timedelta(0) < now - at < timedelta(days=1)):
        return _near_in_words(at, now)
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    if days > 0:
        return ngettext("in {n} day", "in {n} days", days).format(n=days)
    return ngettext("{n} day late", "{n} days late", -days).format(n=-days)


def length_in_words(minutes: int) -> str:
    """A length of time in words: "20 min", "1 h", "1 h 30"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("{n} min").format(n=rest)
    return _("{n} h").format(n=hours) if not rest else f"{_('{n} h').format(n=hours)} {rest:02d}"


def _near_in_words(at: datetime, now: datetime) -> str:
    # Whole minutes of both clocks, so that 09:30 seen at 09:12:40 is "in 18 min", as one counts.
    here = at.astimezone(UTC).replace(second=0, microsecond=0)
    minutes = (here - now.astimezone(UTC).replace(second=0, microsecond=0)) // timedelta(minutes=1)
    if minutes <= 0 and is_now(at, now):
        return _("now")
    length = length_in_words(abs(minutes))
    return (_("in {length}") if minutes > 0 else _("{length} late")).format(length=length)


def _length(minutes: int, cells: int) -> str:
    """``20m``, ``1h``, ``90m``; a length too long to write exactly says at least: ``2h+``."""
    if minutes % 60 == 0:
        label = f"{minutes // 60}h"
    else:
        label = f"{minutes}m"
    return label if len(label) <= cells else f"{minutes // 60}h+"[:cells]
