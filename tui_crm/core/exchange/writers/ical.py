"""Next actions and appointments as iCalendar (RFC 5545): for the calendar on a phone or beside the
mail.

A timed next action is an appointment, a date-only one an all-day entry that blocks nothing. The
UID belongs to the lead, so that a calendar which takes the file again moves what it has.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING, Any

from tui_crm.core import money
from tui_crm.core.leads import appointments, views as lead_views
from tui_crm.core.leads.appointments import SLOT, Booking
from tui_crm.core.leads.views import LeadView
from tui_crm.core.session import Session
from tui_crm.core.text import _, show

if TYPE_CHECKING:
    from icalendar import Event

_CHUNK = 400


def calendar(session: Session, everybody: bool = False) -> bytes:
    """The next actions of this user's open leads (or of ``everybody``'s) and the appointments of
    this user's own, as one calendar.

    Words only, without a day, are in no calendar."""
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", "-//tui-crm//next actions//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", f"tui-crm {show(session.user.name)}")
    for view in _views(session, everybody):
        made.add_component(_event(session, view))
    for booking in appointments.stored(session):
        made.add_component(_appointment(session, booking))
    # RFC 5545 asks for the rules of every zone that is named: without them Outlook is an hour off.
    made.add_missing_timezones(first_date=date(session.today.year - 1, 1, 1))
    return bytes(made.to_ical())


def _views(session: Session, everybody: bool) -> Iterator[LeadView]:
    mine = "" if everybody else " AND owner_id = ?"
    numbers = [
        row[0]
        for row in session.store.rows(
            "SELECT id FROM leads WHERE status = 'open'"
            f" AND (next_at IS NOT NULL OR next_day IS NOT NULL){mine} ORDER BY id",
            () if everybody else (session.user_id,),
        )
    ]
    for start in range(0, len(numbers), _CHUNK):
        yield from lead_views.by_numbers(session, numbers[start : start + _CHUNK])


def _event(session: Session, view: LeadView) -> Event:
    from icalendar import Event, vRecur

    following = view.next
    assert following is not None
    event = Event()
    # The salt is the workspace's own: two workspaces in one calendar do not meet.
    event.add("uid", f"lead-{view.number}-{session.house.salt[:12]}@tui-crm")
    event.add("dtstamp", session.now.astimezone(UTC).replace(microsecond=0))
    event.add("last-modified", view.touched_at.astimezone(UTC))
    timed = following.at is not None
    if following.at is not None:
        length = timedelta(minutes=following.minutes or SLOT)
        start: Any = following.at.astimezone(UTC)
        if following.rule:
            # A recurring one keeps its clock across daylight saving: it needs the zone itself.
            start = following.at.astimezone(session.zone)
        event.add("dtstart", start)
        event.add("dtend", start + length)
    elif following.day is not None:
        event.add("dtstart", following.day)
        event.add("dtend", following.day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    if following.rule:
        event.add("rrule", vRecur.from_ical(following.rule.removeprefix("RRULE:")))
    event.add("summary", _summary(view))
    event.add("description", _description(session, view))
    event.add("categories", [following.kind or ("task" if not timed else "meeting")])
    return event


def _appointment(session: Session, booking: Booking) -> Event:
    """An appointment, private to whoever has it; a recurring one keeps its clock by its zone."""
    from icalendar import Event, vRecur

    event = Event()
    event.add("uid", f"appointment-{booking.id}-{session.house.salt[:12]}@tui-crm")
    event.add("dtstamp", session.now.astimezone(UTC).replace(microsecond=0))
    start = booking.at if booking.rule else booking.at.astimezone(UTC)
    event.add("dtstart", start)
    event.add("dtend", start + timedelta(minutes=booking.minutes))
    if booking.rule:
        event.add("rrule", vRecur.from_ical(booking.rule.removeprefix("RRULE:")))
        for day in map(date.fromisoformat, booking.skipped):
            event.add("exdate", booking.at.replace(day.year, day.month, day.day))
    event.add("summary", show(booking.title))
    event.add("class", "PRIVATE")
    event.add("categories", [booking.kind or "appointment"])
    return event


def _summary(view: LeadView) -> str:
    following = view.next
    words = [following.kind, following.text] if following else []
    text = " ".join(filter(None, words))
    return show(f"{view.title}: {text}" if text else view.title)


def _description(session: Session, view: LeadView) -> str:
    lines = [f"#{view.number} · {view.pipeline} > {view.step}"]
    if view.amount is not None:
        lines.append(money.full(view.amount, session.currency))
    if view.client:
        lines.append(_("Client: {name}").format(name=view.client))
    for person in view.people:
        parts = [person.name, person.role, *(point.value for point in person.points)]
        lines.append(", ".join(part for part in parts if part))
    return "\n".join(show(line) for line in lines)
