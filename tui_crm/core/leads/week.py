"""A week of one rep: timed next actions, agreed callbacks and appointments, day by day.

*Booked* is what has a length and so blocks the time; an action with a moment alone is *due* then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from tui_crm.core.leads import appointments
from tui_crm.core.leads.next_actions import Today
from tui_crm.core.session import Session
from tui_crm.core.store.query import all_rows, typed_rows
from tui_crm.core.team import days_off

DAYS = 7


@dataclass(frozen=True)
class Timed:
    """Something at a moment: a lead's next action, a prospect's callback or an appointment
    (``what``). ``at`` is in the rep's zone; ``minutes`` None: it is due then and blocks nothing."""

    what: str  # lead, prospect, appointment
    id: int
    title: str
    at: datetime
    minutes: int | None
    kind: str
    text: str
    rule: str = ""

    @property
    def until(self) -> datetime:
        """When it is over; the moment itself where it has no length."""
        return self.at + timedelta(minutes=self.minutes or 0)


@dataclass(frozen=True)
class WeekDay:
    """One day: what is timed on it, in order, and how many next actions stand on it without a
    clock. ``works``: whether the rep works on it."""

    day: date
    works: bool
    timed: tuple[Timed, ...]
    untimed: int = 0

    @property
    def booked(self) -> int:
        """Minutes that are blocked; where two overlap they count once."""
        total, free = 0, None
        for one in self.timed:
            if one.minutes:
                start = one.at if free is None else max(one.at, free)
                total += max(0, int((one.until - start).total_seconds()) // 60)
                free = one.until if free is None else max(free, one.until)
        return total

    def hour(self, hour: int) -> str:
        """What an hour of the clock is: "booked", "due", or "" when it is free."""
        if not self.timed:
            return ""
        start = datetime.combine(self.day, time(hour), self.timed[0].at.tzinfo)
        end = start + timedelta(hours=1)
        if any(one.minutes and one.at < end and one.until > start for one in self.timed):
            return "booked"
        return "due" if any(start <= one.at < end for one in self.timed) else ""

    def overlaps(self, one: Timed) -> bool:
        """Whether something else on the day overlaps a timed thing that has a length."""
        return bool(one.minutes) and any(
            other is not one and other.minutes and other.at < one.until and other.until > one.at
            for other in self.timed
        )


class _LeadRow(NamedTuple):
    id: int
    title: str
    at: int
    minutes: int | None
    kind: str
    text: str
    rule: str


def week(session: Session, first: date, days: int = DAYS) -> tuple[WeekDay, ...]:
    """The days from ``first`` on, with what this rep has on them."""
    start = datetime.combine(first, time(), session.zone)
    last = first + timedelta(days=days)
    end = datetime.combine(last, time(), session.zone)
    own, user = "FROM leads WHERE owner_id = ? AND status = 'open'", session.user_id
    leads, callbacks, untimed, bookings, workdays = session.store.fetch_all(
        typed_rows(
            _LeadRow,
            "SELECT id, title, next_at, next_minutes, next_kind, next_text, next_rule"
            f" {own} AND next_day IS NULL AND next_at >= ? AND next_at < ?",
            (user, int(start.timestamp()), int(end.timestamp())),
        ),
        typed_rows(
            _LeadRow,
            "SELECT id, CASE company WHEN '' THEN name ELSE company END, due_at, NULL, 'call',"
            " due_text, '' FROM prospects WHERE state = 'callback' AND due_exact = 1"
            " AND due_at >= ? AND due_at < ?"
            " AND (owner_id IS NULL OR owner_id = ?) ORDER BY due_at LIMIT 200",
            (int(start.timestamp()), int(end.timestamp()), user),
        ),
        all_rows(
            f"SELECT next_day, COUNT(*) {own} AND next_day >= ? AND next_day < ? GROUP BY next_day",
            (user, first.isoformat(), last.isoformat()),
        ),
        appointments.bookings_query(session, start, end),
        days_off.workdays_query(session.house.call_days, user),
    )
    found = [
        Timed(
            what,
            row.id,
            row.title,
            datetime.fromtimestamp(row.at, session.zone),
            row.minutes,
            row.kind,
            row.text,
            row.rule,
        )
        for what, rows in (("lead", leads), ("prospect", callbacks))
        for row in rows
    ]
    found += [
        Timed("appointment", b.id, b.title, b.at, b.minutes, b.kind, "", b.rule) for b in bookings
    ]
    counts = {str(day): int(n) for day, n in untimed}
    dates = [first + timedelta(days=n) for n in range(days)]
    return tuple(
        WeekDay(day, workdays.works(day), timed, counts.get(day.isoformat(), 0))
        for day, timed in zip(dates, _by_day(found, dates), strict=True)
    )


def next_days(view: Today, most: int = 5) -> tuple[WeekDay, ...]:
    """The next working days of a rep, as Today has read them: at most ``most``, of the eight days
    from today on."""
    first = view.now.date()
    dates = [first + timedelta(days=n) for n in range(8)]
    rows = [
        row for section in view.sections if section.name != "unassigned" for row in section.rows
    ]
    found = [
        Timed(row.what, row.id, row.title, row.at, row.minutes, row.kind, row.text)
        for row in rows
        if row.at is not None
    ]
    untimed = [row.day for row in rows if row.at is None and row.day is not None]
    days = [
        WeekDay(day, view.workdays.works(day), timed, untimed.count(day))
        for day, timed in zip(dates, _by_day(found, dates), strict=True)
    ]
    return tuple([one for one in days if one.works][:most])


def _by_day(found: Iterable[Timed], dates: Sequence[date]) -> list[tuple[Timed, ...]]:
    """What begins on each of these days, in order."""
    timed = sorted(found, key=lambda one: (one.at, one.what, one.id))
    return [tuple(one for one in timed if one.at.date() == day) for day in dates]
