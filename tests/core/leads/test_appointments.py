"""Time blocked without a lead: its turns, what it clashes with, and the week that it stands in."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from dateutil.rrule import rrulestr
from icalendar import Calendar

from tui_crm.core.dates import reader
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.exchange.writers import ical
from tui_crm.core.leads import appointments, leads, next_actions, week
from tui_crm.core.session import Session
from tui_crm.core.team import days_off, members
from tui_crm.core.team.sign_in import sign_in


def block(session: Session, text: str) -> int:
    return appointments.add(session, reader.read(text, session.now))


def turns(session: Session, days: int = 28) -> list[str]:
    found = appointments.bookings(session, session.now, session.now + timedelta(days=days))
    return [f"{one.at:%a %d %H:%M} {one.text}" for one in found]


def test_every_turn_of_a_recurring_one_is_where_its_rule_says(session):
    number = block(session, "every 2w 9:30 45m stock")
    first = appointments.get(session, number)
    clock = first.at.replace(tzinfo=None)
    rule = rrulestr(first.rule.partition(";BYHOUR")[0], dtstart=clock)
    end = session.now + timedelta(days=400)
    expected = list(rule.between(clock, end.replace(tzinfo=None), inc=True))

    found = appointments.bookings(session, session.now, end)
    assert [one.at.replace(tzinfo=None) for one in found] == expected
    assert len(found) > 20 and {one.at.time() for one in found} == {time(9, 30)}


def test_one_turn_is_moved_or_taken_off_alone(session):
    number = block(session, "every fri 9 1h team")
    first, second, third, *_rest = appointments.bookings(
        session, session.now, session.now + timedelta(days=28)
    )
    moved = (second.at + timedelta(days=3)).date()
    typed = reader.read(f"{moved.isoformat()} 16:00", session.now)
    with pytest.raises(CrmError, match="repeats every Fri"):
        appointments.change(session, number, typed)

    other = appointments.change(session, number, typed, turn=second.at.date())
    appointments.remove(session, number, turn=third.at.date())
    days = [text.rpartition(" ")[0] for text in turns(session)]
    assert days[:2] == [f"{first.at:%a %d} 09:00", f"{moved:%a %d} 16:00"]
    assert not any(f"{day.at:%a %d}" in text for day in (second, third) for text in days)
    assert appointments.get(session, other).minutes == 60

    events = {
        str(e["uid"]).split("-")[1]: e
        for e in Calendar.from_ical(ical.calendar(session)).walk("VEVENT")
    }
    out = {at.dt.date() for value in events[str(number)]["exdate"] for at in value.dts}
    assert out == {second.at.date(), third.at.date()}
    assert "rrule" not in events[str(other)]


@pytest.mark.parametrize(
    ("text", "why"),
    [("mon dentist", "begins at a clock"), ("tomorrow 9 800m move", "at most 12 hours")],
)
def test_what_is_no_appointment_is_refused(session, text, why):
    with pytest.raises(CrmError, match=why):
        block(session, text)
    assert appointments.stored(session) == []


def test_it_is_nobody_elses(session, clock):
    number = block(session, "tomorrow 9 doctor")
    members.add_user(session, "ben")
    ben = sign_in(session.store, "ben", clock=clock)[0]

    with pytest.raises(NotFound):
        appointments.remove(ben, number)
    assert appointments.stored(ben) == [] and week.week(ben, ben.today)[1].timed == ()
    assert b"doctor" not in ical.calendar(ben, everybody=True)


def test_a_next_action_in_blocked_time_clashes(session):
    number = block(session, "tomorrow 14:00 1h dentist")
    inside = reader.read("tomorrow 14:45 call", session.now)
    before = reader.read("tomorrow 13:30 20m call", session.now)

    assert [slot.title for slot in next_actions.clashes(session, inside)] == ["dentist"]
    assert next_actions.clashes(session, before) == ()
    assert next_actions.clashes(session, inside, but_booking=number) == ()


def test_it_stands_in_today_until_it_is_over_and_is_nothing_to_do(session, clock):
    moment = session.now + timedelta(minutes=10)
    block(session, f"{moment:%Y-%m-%d %H:%M} 30m team")
    day = next_actions.today(session)
    assert [row.title for row in day.section("today").rows] == ["team"]
    assert day.left == 0
    clock.go(minutes=39)
    assert len(next_actions.today(session).section("today").rows) == 1
    clock.go(minutes=2)
    assert next_actions.today(session).section("today").rows == ()


def test_the_week_counts_blocked_minutes_once_and_the_strip_agrees(session):
    start = session.today + timedelta(days=1)
    days_off.change(session, add=[(start + timedelta(days=1)).isoformat()], user="ana")
    for text in ("9:00 1h a", "9:30 1h b", "15:50 20m c"):
        block(session, f"{start.isoformat()} {text}")
    leads.create(
        session, "due", following=reader.read(f"{start.isoformat()} 11:15 call", session.now)
    )
    leads.create(session, "any", following=reader.read(start.isoformat(), session.now))

    days = {day.day: day for day in week.week(session, session.today, 8)}
    day = days[start]
    blocked = {
        at
        for one in day.timed
        for at in range(
            one.at.hour * 60 + one.at.minute, one.at.hour * 60 + one.at.minute + (one.minutes or 0)
        )
    }
    assert day.booked == len(blocked) == 110
    assert [day.hour(h) for h in range(8, 18)] == [
        "",
        "booked",
        "booked",
        "due",
        "",
        "",
        "",
        "booked",
        "booked",
        "",
    ]
    assert day.untimed == 1
    assert [day.overlaps(one) for one in day.timed] == [True, True, False, False]
    assert not days[start + timedelta(days=1)].works

    strip = week.next_days(next_actions.today(session))
    assert [one.day for one in strip] == [d.day for d in days.values() if d.works][:5]
    for one in strip:
        same = days[one.day]
        assert (one.booked, one.untimed, len(one.timed)) == (
            same.booked,
            same.untimed,
            len(same.timed),
        )


def test_a_recurring_one_keeps_its_clock_over_daylight_saving(session, clock):
    clock.now = datetime(2026, 3, 26, 8, 0, tzinfo=clock.now.tzinfo)
    block(session, "every sun 9 1h run")
    assert {
        one.at.time()
        for one in appointments.bookings(session, session.now, session.now + timedelta(days=30))
    } == {time(9)}
