"""Recurrences: the day after a day, and the rule in words ("every 2 weeks").

A recurrence is kept as an RFC 5545 rule without a start ("FREQ=WEEKLY;INTERVAL=2"), in days or
longer. The clock is kept beside it, as wall time, so that 9:00 stays 9:00 over daylight saving. A
clock of the night stands in the rule ("BYHOUR=2;BYMINUTE=30"): 2:30, skipped on one night in
spring, is 2:30 again the week after. How a recurrence is typed is in :mod:`.repeat_reader`.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from tui_crm.core.dates.labels import instant, month_name, weekday_name
from tui_crm.core.errors import CrmError
from tui_crm.core.text import _, ngettext

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
"""The weekdays in a rule, Monday first."""
_RULE = (
    r"FREQ=(?:DAILY|WEEKLY|MONTHLY|YEARLY)"
    r"(?:;(?:INTERVAL|BYDAY|BYMONTHDAY|BYMONTH|BYSETPOS|WKST)=[-+0-9A-Z,]{1,60}){0,6}"
)
_CLOCK = r";BYHOUR=([0-9]{1,2});BYMINUTE=([0-9]{1,2})"


def with_clock(rule: str, clock: time) -> str:
    """The rule with the wall time at which it falls due."""
    return f"{without_clock(rule)};BYHOUR={clock.hour};BYMINUTE={clock.minute}"


def without_clock(rule: str) -> str:
    """The rule of the days alone."""
    return re.sub(_CLOCK, "", rule)


def clock_of(rule: str) -> time | None:
    """The wall time of a rule; None where none was typed, or it is none."""
    found = re.search(_CLOCK, rule)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return time(int(found[1]), int(found[2]))


def next_of(
    rule: str, after: datetime, at: time | None = None, since: date | None = None
) -> tuple[date, datetime | None]:
    """The next time a recurrence falls due: its day, and with a clock its instant in UTC.

    ``after`` is aware and in the rep's zone; the day found is strictly later than its day, so an
    action done early in the morning does not come back the same day. The clock is that of the rule,
    else ``at``, as wall time there.
    ``since`` is the day from which steps are counted (the day it was due): without it every two
    weeks counts from ``after``. Raises CrmError when the rule is none, or never comes again.
    """
    zone = after.tzinfo
    if zone is None:
        raise ValueError("after must be aware, in the rep's zone")
    day = _after(rule, since or after.date(), after.date())
    if day is None:
        raise CrmError(
            _("The repetition “{rule}” has no next day.").format(rule=rule[:80]),
            _("Set the next action again, for example “every 2w”."),
        )
    clock = clock_of(rule) or at
    return day, (instant(day, clock, zone) if clock is not None else None)


def in_words(rule: str) -> str:
    """A rule in words: "every 2 weeks", "every Mon, Thu", "every month, last Fri"."""
    parts = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    n = int(parts["INTERVAL"]) if parts.get("INTERVAL", "").isdecimal() else 1
    by_day = [CODES.index(code) for code in parts.get("BYDAY", "").split(",") if code in CODES]
    month_days = parts.get("BYMONTHDAY", "").split(",")
    freq = parts.get("FREQ", "")
    if freq == "WEEKLY":
        if by_day == [0, 1, 2, 3, 4]:
            return _("every working day")
        names = ", ".join(weekday_name(date(2024, 1, 1 + index)) for index in by_day)
        if names and n == 1:
            return _("every {days}").format(days=names)
        words = ngettext("every week", "every {n} weeks", n).format(n=n)
        return f"{words}, {names}" if names else words
    if freq == "MONTHLY":
        words = ngettext("every month", "every {n} months", n).format(n=n)
        if nth := re.fullmatch("(-?[0-9])([A-Z]{2})", parts.get("BYDAY", "")):
            return f"{words}, {_nth_in_words(int(nth[1]))} {_weekday_of(nth[2])}"
        if month_days == ["-1"]:
            return _("{every}, last day").format(every=words)
        if month_days != [""]:
            return _("{every}, day {day}").format(every=words, day=month_days[-1])
        return words
    if freq == "YEARLY":
        words = ngettext("every year", "every {n} years", n).format(n=n)
        month = parts.get("BYMONTH", "")
        if month.isdecimal() and 1 <= int(month) <= 12 and month_days != [""]:
            named = _("{day} {month}").format(day=month_days[-1], month=month_name(int(month)))
            return f"{words}, {named}"
        return words
    if freq == "DAILY":
        return ngettext("every day", "every {n} days", n).format(n=n)
    return rule


def _nth_in_words(nth: int) -> str:
    names = {1: _("first"), 2: _("second"), 3: _("third"), 4: _("fourth"), -1: _("last")}
    return names.get(nth, str(nth))


def _weekday_of(code: str) -> str:
    return weekday_name(date(2024, 1, 1 + CODES.index(code))) if code in CODES else code


def first_day(rule: str, today: date) -> date:
    """The first day of a rule that begins ``today``, strictly later; tomorrow when it has none."""
    return _after(rule, today, today) or today + timedelta(days=1)


def _after(rule: str, since: date, after: date) -> date | None:
    """The first day of the rule, counted from ``since``, strictly later than ``after``."""
    if not re.fullmatch(_RULE, without_clock(rule)):
        return None
    from dateutil.rrule import rrulestr

    midnight = time()
    try:
        days = rrulestr(without_clock(rule), dtstart=datetime.combine(since, midnight))
        found = days.after(datetime.combine(after, midnight))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError):
        return None
    return found.date() if found else None
