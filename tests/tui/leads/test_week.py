"""The week: what has a moment by day and hour, moved by keys; time that is blocked."""

from __future__ import annotations

import pytest

from tui_crm.core.dates import reader
from tui_crm.core.leads import appointments, week

SIZES = [(80, 24), (120, 36), (40, 10)]


def block(crm, text: str) -> int:
    return appointments.add(crm.session, reader.read(text, crm.session.now))


def at(crm, name: str) -> str:
    return f"{crm.lead(name).next.at:%a %d %H:%M}"


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_golden(crm, size):
    block(crm, "every wed 9 90m sales meeting")
    block(crm, "today 10:30 30m dentist")
    async with crm.driving(size, "W") as d:
        d.golden(f"week-{size[0]}x{size[1]}")


async def test_a_timed_action_is_moved_by_a_day_and_by_half_an_hour(crm):
    async with crm.driving((80, 24), "W") as d:
        d.app.screen.records.jump(("lead", crm.number("ruiz"), ""))
        await d.press("right")
        assert at(crm, "ruiz") == "Tue 24 09:30" and crm.lead("ruiz").next.minutes == 20
        assert d.shows("Moved  Casa Ruiz: renovación flota  Tue 24 Nov 09:30")
        assert d.app.screen.subject() == crm.number("ruiz")
        await d.press("K")
        assert at(crm, "ruiz") == "Tue 24 09:00" and d.shows("clash: 09")
        assert sum("clash  " in row for row in d.screen()[7:22]) == 2
        await d.press("J", "J")
        assert at(crm, "ruiz") == "Tue 24 10:00" and d.shows("Moved")
        await d.press("u", "u", "u", "u")
        assert at(crm, "ruiz") == "Mon 23 09:30"


async def test_over_the_weekend_it_goes_to_the_next_working_day_and_the_week_with_it(crm):
    number = crm.add("Friday: one", "fri 16:00 call")
    async with crm.driving((80, 24), "W") as d:
        d.app.screen.records.jump(("lead", number, ""))
        await d.press("right")
        assert at(crm, number) == "Mon 30 16:00"
        assert d.shows("30 Nov – 6 Dec") and d.app.screen.subject() == number
        await d.press("left")
        assert at(crm, number) == "Fri 27 16:00" and d.shows("23 Nov – 29 Nov")


async def test_weeks_before_and_after_and_the_way_back(crm):
    number = crm.add("Later: one", "2 dec 11:00 call")
    async with crm.driving((80, 24), "W", ">") as d:
        assert d.shows("30 Nov – 6 Dec") and d.shows("11:00")
        assert "Later one call" in " ".join(d.row(d.find("Later")).split())
        assert d.app.screen.subject() == number
        await d.press("<", "<", "<")
        assert d.shows("9 Nov – 15 Nov") and d.shows("Nothing has a time in this week")
        await d.press("escape")
        assert d.shows("23 Nov – 29 Nov")
        await d.press("escape")
        assert d.app.screen.NAME == "today"


async def test_time_is_blocked_changed_and_given_free_again(crm):
    async with crm.driving((80, 24), "W", "B", *"wed 14 2h dentist") as d:
        assert d.shows("= Wed 25 Nov 14:00, 2 h, in 2 days")
        await d.press("enter")
        assert d.shows("Blocked") and d.shows("14:00 2h   dentist")
        (booking,) = appointments.stored(crm.session)
        assert (f"{booking.at:%a %H:%M}", booking.minutes) == ("Wed 14:00", 120)
        await d.press("right")
        assert f"{appointments.get(crm.session, booking.id).at:%a %H:%M}" == "Thu 14:00"
        await d.press("r", *"fri", "enter")
        assert f"{appointments.get(crm.session, booking.id).at:%a %H:%M}" == "Fri 14:00"
        await d.press("x")
        assert appointments.stored(crm.session) == [] and d.shows("Free again  dentist")
        await d.press("u")
        assert appointments.stored(crm.session)[0].text == "dentist"


async def test_one_turn_of_a_recurring_one_is_taken_off_or_all_of_them(crm):
    number = block(crm, "every wed 9 90m sales meeting")
    async with crm.driving((80, 24), "W", ">") as d:
        d.app.screen.records.jump(("appointment", number, "2026-12-02"))
        await d.press("x", "1")
        assert not d.shows("09:00 1h30")
        await d.press("<")
        assert d.shows("sales meeting")
        d.app.screen.records.jump(("appointment", number, "2026-11-25"))
        await d.press("x", "2")
        assert appointments.stored(crm.session) == []


async def test_what_blocks_without_a_clock_is_refused_as_it_is_typed(crm):
    async with crm.driving((80, 24), "B", *"fri dentist", "enter") as d:
        assert d.shows("blocked time begins at a clock") and not appointments.stored(crm.session)


async def test_the_strip_beside_today_counts_as_the_week_does(crm):
    block(crm, "wed 14 2h dentist")
    async with crm.driving((120, 36)) as d:
        days = [day for day in week.week(crm.session, crm.session.today, 8) if day.works][:5]
        for day in days:
            row = next(r for r in d.screen()[20:] if f"{day.day:%a} {day.day.day} " in r)
            marks = row.rpartition("│")[2]
            hours = [day.hour(hour) for hour in range(24)]
            assert marks.count("█") == 3 * hours.count("booked")
            assert marks.count("▄") == 3 * hours.count("due")
            there = len(day.timed) + day.untimed
            assert marks.split()[-1] == str(there) or not there


async def test_an_appointment_in_today_is_no_work_left(crm):
    block(crm, "today 10:30 30m dentist")
    async with crm.driving((80, 24)) as d:
        assert d.shows("10:30 30m  dentist") and d.shows("appointment")
        left = d.app.screen.view.left
        d.app.screen.records.jump(("appointment", 1, crm.session.today))
        await d.press("x")
        assert not d.shows("30m  dentist") and d.app.screen.view.left == left
