"""Next actions in a calendar, read back by the library that others use."""

from __future__ import annotations

import datetime as dt

from icalendar import Calendar

from tui_crm.core.dates.reader import read
from tui_crm.core.exchange.writers import ical
from tui_crm.core.leads import closing, leads, next_actions


def put(session, title, typed, **values):
    number = leads.create(session, title, **values)
    next_actions.set_next(session, number, read(typed, session.now))
    return number


def events(session, **options):
    made = Calendar.from_ical(ical.calendar(session, **options))
    return {str(event["summary"]): event for event in made.walk("VEVENT")}


def test_a_timed_action_is_an_appointment_with_its_length(session):
    put(session, "Acme", "fri 9:30 20m call Anna", amount=500_000, company="Acme GmbH")
    put(session, "Beta", "fri 11")
    found = events(session)
    call = found["Acme: call Anna"]
    assert call["dtstart"].dt == dt.datetime(2026, 11, 27, 8, 30, tzinfo=dt.UTC)
    assert call["dtend"].dt - call["dtstart"].dt == dt.timedelta(minutes=20)
    assert "€5,000" in call["description"] and "Acme GmbH" in call["description"]
    assert found["Beta"]["dtend"].dt - found["Beta"]["dtstart"].dt == dt.timedelta(minutes=30)


def test_a_day_is_a_whole_day_and_blocks_nothing(session):
    put(session, "Acme", "fri send offer")
    event = events(session)["Acme: send offer"]
    assert event["dtstart"].dt == dt.date(2026, 11, 27)
    assert event["dtend"].dt == dt.date(2026, 11, 28)
    assert event["transp"] == "TRANSPARENT"


def test_a_recurring_action_keeps_its_clock_across_daylight_saving(session):
    put(session, "Acme", "every mon 9:00 call")
    event = next(iter(events(session).values()))
    assert event["rrule"]["FREQ"] == ["WEEKLY"]
    assert event["dtstart"].dt.utcoffset() == dt.timedelta(hours=1)
    assert event["dtstart"].params["TZID"] == "Europe/Madrid"


def test_the_uid_is_the_leads_and_stays_when_it_moves(session):
    number = put(session, "Acme", "fri")
    before = events(session)["Acme"]["uid"]
    next_actions.set_next(session, number, read("mon 10", session.now))
    assert events(session)["Acme"]["uid"] == before
    put(session, "Beta", "fri")
    assert events(session)["Beta"]["uid"] != before


def test_only_open_leads_with_a_day_and_only_ones_own(session, colleague):
    closed = put(session, "Closed", "fri")
    closing.won(session, closed)
    leads.create(session, "No next action")
    put(colleague("ben"), "Ben's", "fri")
    put(session, "Mine", "fri")
    assert list(events(session)) == ["Mine"]
    assert sorted(events(session, everybody=True)) == ["Ben's", "Mine"]


def test_hostile_words_stay_words(session):
    put(session, "A\nEND:VEVENT\x1b[31m; b, c\\n", "fri DTSTART:x")
    data = ical.calendar(session)
    assert b"\x1b" not in data
    (event,) = Calendar.from_ical(data).walk("VEVENT")
    assert data.count(b"\nEND:VEVENT") == 1
    assert "; b, c\\n" in str(event["summary"])
