"""Next actions, and the day they make up: what is late, what is today, what comes.

A date-only next action is a day (``leads.next_day``); a timed one is an instant (``next_at``).
*Overdue* is what was due before today; an open lead without either is To do with no date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, NamedTuple

from tui_crm.core.dates.labels import clock_label, day_label
from tui_crm.core.dates.reading import Combined, Reading, combine
from tui_crm.core.dates.recurrence import next_of
from tui_crm.core.errors import CrmError
from tui_crm.core.leads import appointments, clients, done, record
from tui_crm.core.leads.appointments import SLOT, Booking
from tui_crm.core.leads.closing import NO_NEXT
from tui_crm.core.leads.done import DayDone, MonthDone
from tui_crm.core.session import Session
from tui_crm.core.store.columns import LeadColumns
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.query import Query, all_rows, typed_rows
from tui_crm.core.store.tables import Action, Lead
from tui_crm.core.team import days_off
from tui_crm.core.team.days_off import Workdays
from tui_crm.core.text import _


def is_due(row: LeadColumns, now: datetime) -> bool:
    """Whether the next action of a lead's row is due: its day has come, or its moment."""
    if row["next_at"] is not None:
        return bool(row["next_at"] <= now.timestamp())
    return row["next_day"] is not None and row["next_day"] <= now.date().isoformat()


SAME_TALK = 15 * 60
"""Seconds after a call in which a next action that its rep sets belongs to it."""


def stands(w: Write, lead_id: int, at: int) -> bool:
    """Whether a lead has a next action later than a moment (epoch seconds), or on its day."""
    lead = record.get(w, lead_id)
    if lead["next_at"] is not None:
        return lead["next_at"] > at
    day = datetime.fromtimestamp(at, w.session.zone).date().isoformat()
    return lead["next_day"] is not None and lead["next_day"] >= day


def _note_follow_up(w: Write, lead_id: int) -> None:
    """The call just logged on the lead by the same user, and ended without a next action, has one
    now: it answers "Next?"."""
    last = w.store.rows(
        "SELECT id, kind, at, user_id, follow_up FROM actions WHERE lead_id = ? AND kind <> 'note'"
        " ORDER BY id DESC LIMIT 1",
        (lead_id,),
    )
    for number, kind, at, user_id, follow_up in last:
        is_new = kind == "call" and follow_up == 0 and at >= w.at - SAME_TALK
        if is_new and user_id == w.user_id and stands(w, lead_id, at):
            w.update(Action, number, follow_up=1)


class Planned(NamedTuple):
    """The next action of a lead as it is stored: a day, or an instant (UTC seconds) when timed."""

    day: str | None
    at: int | None
    minutes: int | None
    kind: str
    text: str
    rule: str

    def reading(self, zone: tzinfo) -> Reading:
        """It as a reading."""
        at = datetime.fromtimestamp(self.at, UTC) if self.at is not None else None
        day = at.astimezone(zone).date() if at else date.fromisoformat(self.day or "0001-01-01")
        return Reading(
            day=day if at or self.day else None,
            at=at,
            minutes=self.minutes,
            kind=self.kind or None,
            text=self.text,
            rule=self.rule or None,
        )


def combined(session: Session, lead_id: int, typed: Reading) -> Combined:
    """What ``typed`` would make of the next action of a lead."""
    sql = (
        "SELECT next_day, next_at, next_minutes, next_kind, next_text, next_rule"
        " FROM leads WHERE id = ?"
    )
    found = session.store.read(Planned, sql, (lead_id,))
    planned = found[0].reading(session.zone) if found else Reading()
    return combine(planned, typed, session.zone)


def put(w: Write, lead: LeadColumns, typed: Reading) -> Reading:
    """Write a typed next action over the planned one of a lead, see `combine`; the one that is
    planned then. Without a day it is words only: To do."""
    planned = Planned(
        day=lead["next_day"],
        at=lead["next_at"],
        minutes=lead["next_minutes"],
        kind=lead["next_kind"],
        text=lead["next_text"],
        rule=lead["next_rule"],
    )
    reading = combine(planned.reading(w.session.zone), typed, w.session.zone).reading
    timed = reading.at is not None
    w.update(
        Lead,
        lead["id"],
        next_day=None if timed or reading.day is None else reading.day.isoformat(),
        next_at=int(reading.at.timestamp()) if reading.at else None,
        next_minutes=reading.minutes,
        next_kind=reading.kind or "",
        next_text=reading.text.strip(),
        next_rule=reading.rule or "",
    )
    return reading


def _in_words(session: Session, planned: Reading) -> str:
    """A next action for the journal: ``Fri 27 Nov 09:30 call Anna``."""
    parts = [day_label(planned.day, session.today)] if planned.day is not None else []
    if planned.at is not None:
        parts.append(clock_label(planned.at, session.zone))
    parts += [_(planned.kind) if planned.kind else "", planned.text.strip()]
    return " ".join(part for part in parts if part)


WRITTEN = ("email", "message")
"""The kinds of action that are done when they are sent; the others when somebody was reached."""


def completes(planned: str, kind: str, reached: bool | None) -> bool:
    """Whether an action of a kind completes a planned one (its kind, "" for none): one of its own
    kind or of none, when somebody was ``reached`` (None: nothing was said) where the kind has such
    a thing."""
    return planned in ("", kind) and (kind in WRITTEN or reached is not False)


def complete(w: Write, lead: LeadColumns, kind: str, reached: bool | None) -> bool:
    """Complete the next action of a lead by an action of a kind, when it is due and
    :func:`completes` says so: a recurring one moves on, others go; whether it was completed. A
    future one stays."""
    if lead["status"] != "open" or not is_due(lead, w.session.now):
        return False
    if not completes(lead["next_kind"], kind, reached):
        return False
    if lead["next_rule"]:
        w.update(Lead, lead["id"], **_next_turn(lead, w.session))
    else:
        w.update(Lead, lead["id"], **NO_NEXT)
    return True


def _next_turn(lead: LeadColumns, session: Session) -> LeadColumns:
    """The next turn of a recurring action, after now, at the same time of the clock."""
    clock: time | None = None
    if lead["next_at"] is not None:
        was_due = datetime.fromtimestamp(lead["next_at"], session.zone)
        clock, since = was_due.time(), was_due.date()
    else:
        assert lead["next_day"] is not None
        since = date.fromisoformat(lead["next_day"])
    day, at = next_of(lead["next_rule"], session.now, clock, since=since)
    if at is not None:
        return {"next_at": int(at.timestamp()), "next_day": None}
    return {"next_at": None, "next_day": day.isoformat()}


# -- operations -----------------------------------------------------------------------------------


@operation("agenda.set_next")
def set_next(w: Write, lead_id: int, reading: Reading) -> None:
    """Set a lead's next action: a moment alone keeps its words, words alone keep its moment.

    Raises CrmError on a closed lead, and on an empty reading."""
    lead = record.get(w, lead_id)
    if lead["status"] != "open":
        raise CrmError(
            _("#{number} is closed: it has no next action.").format(number=lead_id),
            _("Reopen it first."),
        )
    if not (reading.has_moment or reading.has_words or reading.has_kind):
        raise CrmError(_("Type a day, or words."), _("For instance: fri 9:30 20m call Anna"))
    words = _in_words(w.session, put(w, lead, reading))
    if lead["touched_at"] >= w.at - SAME_TALK:
        _note_follow_up(w, lead_id)
    w.describe(
        _("next {action}: {title}").format(action=words, title=lead["title"]), lead_id=lead_id
    )


@operation("agenda.do_now")
def do_now(w: Write, lead_id: int) -> None:
    """Drop the date of the next action: the lead is To do at once. Its words stay."""
    lead = record.get(w, lead_id)
    if lead["status"] != "open":
        raise CrmError(_("#{number} is closed.").format(number=lead_id), _("Reopen it first."))
    w.update(Lead, lead_id, next_day=None, next_at=None, next_minutes=None, next_rule="")
    w.describe(_("to do now: {title}").format(title=lead["title"]), lead_id=lead_id)


@operation("agenda.clear_next")
def clear_next(w: Write, lead_id: int) -> None:
    """Take the next action off altogether: To do."""
    lead = record.get(w, lead_id)
    w.update(Lead, lead_id, **NO_NEXT)
    w.describe(_("no next action: {title}").format(title=lead["title"]), lead_id=lead_id)


# -- views ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Slot:
    """A timed next action, or an appointment (no lead), that another would clash with."""

    lead_id: int | None
    title: str
    at: datetime
    minutes: int
    kind: str


def clashes(
    session: Session, reading: Reading, but: int | None = None, but_booking: int | None = None
) -> tuple[Slot, ...]:
    """The rep's own timed actions and appointments that overlap the slot of ``reading``, in order.
    ``but`` is the lead it is for, ``but_booking`` the appointment."""
    if reading.at is None:
        return ()
    start = int(reading.at.timestamp())
    end = start + 60 * (reading.minutes or SLOT)
    rows, own = session.store.fetch_all(
        all_rows(
            "SELECT id, title, next_at, next_minutes, next_kind FROM leads"
            " WHERE owner_id = ? AND status = 'open' AND next_at > ? AND next_at < ?"
            " ORDER BY next_at",
            (session.user_id, start - 12 * 3600, end),
        ),
        appointments.bookings_query(
            session, reading.at, reading.at + timedelta(seconds=end - start)
        ),
    )
    slots = [
        Slot(number, title, datetime.fromtimestamp(at, session.zone), minutes or SLOT, kind)
        for number, title, at, minutes, kind in rows
        if number != but and at + 60 * (minutes or SLOT) > start
    ]
    slots += [
        Slot(None, one.title, one.at, one.minutes, one.kind) for one in own if one.id != but_booking
    ]
    return tuple(sorted(slots, key=lambda slot: slot.at))


@dataclass(frozen=True)
class DayRow:
    """One row of Today: a lead, a prospect whose callback is due, or an appointment (``what``)."""

    what: str  # lead, prospect, appointment, client
    id: int
    title: str
    amount: int | None
    starred: bool
    priority: str  # none, low, high
    day: date | None  # a date-only next action
    at: datetime | None  # a timed one, in the rep's zone
    minutes: int | None
    kind: str
    text: str
    idle: int  # whole days since the last real action, without one since creation
    weight: int  # amount x probability, minor units
    list_id: int | None = None
    list_name: str = ""
    came: datetime | None = None  # when the lead was made, in the rep's zone
    owner: str = ""  # whose it was, who is not active any more


@dataclass(frozen=True)
class DaySection:
    """Rows that belong together: overdue, today, nodate, unassigned, callbacks, tomorrow, week."""

    name: str
    rows: tuple[DayRow, ...]

    @property
    def amount(self) -> int:
        return sum(row.amount or 0 for row in self.rows)


@dataclass(frozen=True)
class Today:
    """The day of one rep."""

    now: datetime
    sections: tuple[DaySection, ...]
    done: DayDone
    month: MonthDone
    leads_exist: bool
    lists_exist: bool
    workdays: Workdays

    @property
    def left(self) -> int:
        """How much is still to do today (tomorrow and the week do not count, nor appointments:
        they end by themselves)."""
        return sum(
            row.what not in ("appointment", "client")
            for s in self.sections
            if s.name not in ("tomorrow", "week")
            for row in s.rows
        )

    def section(self, name: str) -> DaySection:
        return next(s for s in self.sections if s.name == name)


class _LeadRow(NamedTuple):
    id: int
    title: str
    amount: int | None
    starred: bool
    priority: str
    next_day: str | None
    next_at: int | None
    next_minutes: int | None
    next_kind: str
    next_text: str
    touched_at: int
    probability: int
    created_at: int
    owner_id: int | None
    inactive: str | None  # the name of its owner, who is not active


_SELECT = (
    "SELECT leads.id, leads.title, leads.amount, leads.starred,"
    " leads.priority, leads.next_day, leads.next_at,"
    " leads.next_minutes, leads.next_kind, leads.next_text, leads.touched_at,"
    " COALESCE(leads.probability, steps.probability), leads.created_at, leads.owner_id,"
    " (SELECT name FROM users WHERE users.id = leads.owner_id AND active = 0)"
    " FROM leads JOIN steps ON steps.id = leads.step_id"
)


def today(session: Session) -> Today:
    """Everything the rep has to do today, and a look at the days after."""
    now = session.now
    rows, callbacks, counts, own, workdays = session.store.fetch_all(
        _leads_query(session, now),
        _callbacks_query(session, now),
        done.counts_query(session, now),
        appointments.bookings_query(session, now, _midnight(session, now.date(), 8)),
        days_off.workdays_query(session.house.call_days, session.user_id),
    )
    arrivals = [_lead_row(session, now, row) for row in rows if row.owner_id != session.user_id]
    groups: dict[str, list[DayRow]] = {
        "overdue": [],
        "today": [],
        "nodate": [],
        "tomorrow": [],
        "week": [],
    }
    for row in rows:
        if row.owner_id == session.user_id:
            day_row = _lead_row(session, now, row)
            groups[_section_of(day_row, now.date())].append(day_row)
    for booking in own:
        day_row = _booking_row(booking)
        running = booking.at.date() < now.date()
        groups["today" if running else _section_of(day_row, now.date())].append(day_row)
    first = datetime.min.replace(tzinfo=UTC)

    def by_day(row: DayRow) -> Any:
        day = row.at.date() if row.at else row.day or date.max
        return (day, row.at is None, row.at or first, not row.starred, -row.weight, row.id)

    groups["overdue"].sort(key=by_day)
    groups["today"].sort(key=by_day)
    groups["nodate"].sort(key=lambda r: (not r.starred, -r.idle, -r.weight, r.id))
    groups["tomorrow"].sort(key=by_day)
    groups["week"].sort(key=by_day)
    sections = (
        DaySection("overdue", tuple(groups["overdue"])),
        DaySection("today", tuple(groups["today"])),
        DaySection("nodate", tuple(groups["nodate"])),
        DaySection("unassigned", tuple(arrivals)),
        DaySection("callbacks", tuple(_callback_row(session, row) for row in callbacks)),
        DaySection("tomorrow", tuple(groups["tomorrow"])),
        DaySection("week", tuple(groups["week"])),
        DaySection("silent", _silent_rows(session) if done.SILENT in counts else ()),
    )
    tomorrow = sections[5].rows
    return Today(
        now,
        sections,
        done.day_done(counts, len(tomorrow), [row.at for row in tomorrow if row.at]),
        month=done.month_done(counts),
        leads_exist=done.LEADS_EXIST in counts,
        lists_exist=done.LISTS_EXIST in counts,
        workdays=workdays,
    )


def _leads_query(session: Session, now: datetime) -> Query[list[_LeadRow]]:
    """The rep's own leads up to a week from now, and the newest of nobody or of users who are not
    active: what nobody works on is everybody's to see."""
    midnight = int(_midnight(session, now.date(), 8).timestamp())
    horizon = (now.date() + timedelta(days=8)).isoformat()
    # Each of the three is one run of the index: what is planned for later is not walked through.
    own = f"{_SELECT} WHERE leads.owner_id = ? AND leads.status = 'open' AND leads.next_day"
    return typed_rows(
        _LeadRow,
        f"{own} < ?"
        f" UNION ALL {own} IS NULL AND leads.next_at < ?"
        f" UNION ALL {own} IS NULL AND leads.next_at IS NULL"
        f" UNION ALL SELECT * FROM ({_SELECT} WHERE (leads.owner_id IS NULL"
        " OR leads.owner_id IN (SELECT id FROM users WHERE active = 0))"
        " AND leads.status = 'open' ORDER BY leads.id DESC LIMIT 200) AS arrivals",
        (session.user_id, horizon, session.user_id, midnight, session.user_id),
    )


def _midnight(session: Session, day: date, days: int) -> datetime:
    """The midnight that begins the day so many days after another, in the rep's zone."""
    return datetime.combine(day + timedelta(days=days), time(), session.zone)


def _silent_rows(session: Session) -> tuple[DayRow, ...]:
    """The silent clients that are this user's to look after."""
    return tuple(
        DayRow(
            what="client",
            id=row.id,
            title=row.name,
            amount=row.open.amount or None,
            starred=False,
            priority="none",
            day=None,
            at=None,
            minutes=None,
            kind="",
            text="",
            idle=row.idle,
            weight=0,
        )
        for row in session.store.fetch(clients.silent_query(session))
    )


def _booking_row(booking: Booking) -> DayRow:
    return DayRow(
        what="appointment",
        id=booking.id,
        title=booking.title,
        amount=None,
        starred=False,
        priority="none",
        day=None,
        at=booking.at,
        minutes=booking.minutes,
        kind=booking.kind,
        text="",
        idle=0,
        weight=0,
    )


def _section_of(row: DayRow, day: date) -> str:
    due = row.at.date() if row.at else row.day
    if due is None:
        return "nodate"
    if due < day:
        return "overdue"
    if due == day:
        return "today"
    return "tomorrow" if due == day + timedelta(days=1) else "week"


def _lead_row(session: Session, now: datetime, row: _LeadRow) -> DayRow:
    at = row.next_at
    return DayRow(
        what="lead",
        id=row.id,
        title=row.title,
        amount=row.amount,
        starred=row.starred,
        priority=row.priority or "none",
        day=date.fromisoformat(row.next_day) if row.next_day else None,
        at=datetime.fromtimestamp(at, session.zone) if at is not None else None,
        minutes=row.next_minutes,
        kind=row.next_kind,
        text=row.next_text,
        idle=max(0, int(now.timestamp()) - row.touched_at) // 86400,
        weight=(row.amount or 0) * row.probability // 100,
        came=datetime.fromtimestamp(row.created_at, session.zone),
        owner=row.inactive or "",
    )


class _Callback(NamedTuple):
    id: int
    company: str
    name: str
    due_at: int
    due_text: str
    list_id: int
    list_name: str


def _callbacks_query(session: Session, now: datetime) -> Query[list[_Callback]]:
    """Callbacks in prospect lists that are due today, the rep's own or nobody's."""
    end = int(datetime.combine(now.date() + timedelta(days=1), time(), session.zone).timestamp())
    return typed_rows(
        _Callback,
        "SELECT prospects.id, prospects.company, prospects.name, prospects.due_at,"
        " prospects.due_text, lists.id, lists.name FROM prospects"
        " JOIN lists ON lists.id = prospects.list_id"
        " WHERE prospects.state = 'callback' AND prospects.due_at < ? AND lists.archived = 0"
        " AND (prospects.owner_id IS NULL OR prospects.owner_id = ?)"
        " ORDER BY prospects.due_at LIMIT 200",
        (end, session.user_id),
    )


def _callback_row(session: Session, row: _Callback) -> DayRow:
    return DayRow(
        what="prospect",
        id=row.id,
        title=row.company or row.name,
        amount=None,
        starred=False,
        priority="none",
        day=None,
        at=datetime.fromtimestamp(row.due_at, session.zone),
        minutes=None,
        kind="call",
        text=row.due_text or (row.name if row.company else ""),
        idle=0,
        weight=0,
        list_id=row.list_id,
        list_name=row.list_name,
    )
