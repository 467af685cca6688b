"""When somebody may be called, and when again: pure rules, over all clocks and zones."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from tui_crm.core.lists import rules
from tui_crm.core.lists.zones import zone_of

OFFICE = rules.window("08:00", "18:00", "12345")
MADRID = ZoneInfo("Europe/Madrid")
ZONES = [
    ZoneInfo(z)
    for z in (
        "Europe/Madrid",
        "America/New_York",
        "Asia/Kolkata",
        "Pacific/Chatham",
        "America/Santiago",
        "Australia/Lord_Howe",
        "UTC",
        "Pacific/Apia",
    )
]
moments = st.integers(
    int(datetime(2025, 1, 1, tzinfo=UTC).timestamp()),
    int(datetime(2028, 1, 1, tzinfo=UTC).timestamp()),
)
zones = st.sampled_from(ZONES)
windows = st.builds(
    lambda a, b, days: rules.Window(min(a, b), max(a, b) + 2, frozenset(days)),
    st.integers(0, 1438),
    st.integers(0, 1438),
    st.sets(st.integers(1, 7), min_size=1),
)


def at(text: str, zone: ZoneInfo = MADRID) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())


def said(moment: int | None, zone: ZoneInfo = MADRID) -> str:
    assert moment is not None
    return f"{rules.local_time(moment, zone):%a %d %H:%M}"


@pytest.mark.parametrize(
    ("rule", "called", "again"),
    [
        ("4h other half", "2026-11-23 09:12", "Mon 23 13:12"),
        ("4h other half", "2026-11-23 08:30", "Mon 23 13:00"),  # 12:30 is still the first half
        ("4h other half", "2026-11-23 15:00", "Tue 24 08:00"),  # afternoon: the next morning
        ("4h other half", "2026-11-27 16:00", "Mon 30 08:00"),  # Friday: after the weekend
        ("4h other half", "2026-11-23 07:00", "Mon 23 13:00"),  # before opening is the morning
        ("next working day", "2026-11-23 09:12", "Tue 24 08:00"),
        ("next working day", "2026-11-27 09:12", "Mon 30 08:00"),
        ("30m", "2026-11-23 09:12", "Mon 23 09:42"),
        ("30m", "2026-11-23 17:45", "Tue 24 08:00"),
        ("30m", "2026-11-27 17:45", "Mon 30 08:00"),
        ("4h", "2026-11-23 09:12", "Mon 23 13:12"),
    ],
)
def test_when_a_row_comes_back(rule, called, again):
    assert said(rules.retry_at(rule, OFFICE, MADRID, at(called))) == again


@pytest.mark.parametrize(
    ("rule", "called", "again"),
    [
        ("next working day", "2026-12-23 09:12", "Mon 28 08:00"),  # 24 and 25 are off
        ("4h other half", "2026-12-23 16:00", "Mon 28 08:00"),
        ("30m", "2026-12-23 17:45", "Mon 28 08:00"),
        ("30m", "2026-12-24 10:00", "Mon 28 08:00"),
        ("4h", "2026-12-23 09:12", "Wed 23 13:12"),
        ("next working day", "2027-12-23 09:12", "Fri 24 08:00"),  # only the yearly one is off
    ],
)
def test_nobody_is_called_on_a_day_off(rule, called, again):
    off = rules.window("08:00", "18:00", "12345", ("2026-12-24", "12-25"))
    assert said(rules.retry_at(rule, off, MADRID, at(called))) == again
    several = (MADRID, ZoneInfo("Atlantic/Canary"))  # where 08:00 is an hour later
    assert not rules.is_open(off, several, at("2026-12-24 12:00"))
    assert said(rules.next_open(off, several, at("2026-12-24 12:00"))) == "Mon 28 09:00"


def test_days_off_all_year_are_none():
    every = [f"{m:02d}-{d:02d}" for m in range(1, 13) for d in range(1, 32)]
    assert rules.window("08:00", "18:00", "1", every) == rules.window("08:00", "18:00", "1")


def test_no_rule_means_never():
    assert rules.retry_at("", OFFICE, MADRID, at("2026-11-23 09:12")) is None


def test_the_window_is_the_prospects_own():
    chicago = ZoneInfo("America/Chicago")
    nine_in_madrid = at("2026-11-23 09:12")
    assert rules.is_open(OFFICE, MADRID, nine_in_madrid)
    assert not rules.is_open(OFFICE, chicago, nine_in_madrid)
    assert said(rules.next_open(OFFICE, chicago, nine_in_madrid), chicago) == "Mon 23 08:00"


@pytest.mark.parametrize("day", ["2026-03-30", "2026-10-26"])  # Mondays after the switch
def test_eight_stays_eight_across_daylight_saving(day):
    friday = at(day) - 60 * 3600
    moment = rules.next_working_day(OFFICE, MADRID, friday)
    assert moment == at(f"{day} 08:00")


def test_nonsense_in_a_list_is_the_whole_day_not_silence():
    assert rules.window("18:00", "08:00", "") == rules.Window(0, 1440, frozenset(range(1, 8)))


SEVERAL = st.lists(zones, min_size=2, max_size=3).map(tuple)
places = st.one_of(zones, SEVERAL)


def test_of_several_zones_all_must_be_in_the_window():
    coasts = (ZoneInfo("America/New_York"), ZoneInfo("America/Los_Angeles"))
    both_work = at("2026-11-23 17:30")  # 11:30 in New York, 08:30 in Los Angeles
    assert rules.is_open(OFFICE, coasts, both_work)
    assert not rules.is_open(OFFICE, coasts, at("2026-11-23 16:59"))  # Los Angeles is asleep
    assert not rules.is_open(OFFICE, coasts, at("2026-11-24 00:00"))  # New York has gone home
    assert said(rules.next_open(OFFICE, coasts, at("2026-11-24 00:00"))) == "Tue 24 17:00"
    again = rules.retry_at("next working day", OFFICE, coasts, both_work)
    assert said(again) == "Tue 24 17:00"


def test_zones_that_never_work_together_are_called_by_the_first():
    far = (ZoneInfo("Europe/Madrid"), ZoneInfo("Pacific/Auckland"))
    narrow = rules.window("10:00", "12:00", "12345")
    assert said(rules.next_open(narrow, far, at("2026-11-23 09:00"))) == "Mon 23 10:00"
    assert rules.is_open(narrow, far, at("2026-11-23 11:59"))


# The two nights of each zone in which clocks change, and a window that opens on both sides of it.
NIGHTS = [
    ("Europe/Madrid", "2026-03-29", 1),
    ("Europe/Madrid", "2026-10-25", -1),
    ("America/New_York", "2026-03-08", 1),
    ("America/New_York", "2026-11-01", -1),
]


@pytest.mark.parametrize(("name", "day", "forward"), NIGHTS)
def test_daylight_saving_moves_no_window_and_loses_no_hour(name, day, forward):
    zone, sunday = ZoneInfo(name), datetime.fromisoformat(day)
    every_day = rules.window("08:00", "18:00", "1234567")
    saturday = at(f"{sunday - timedelta(days=1):%F} 17:50", zone)
    # "30 min later" on the evening before is the opening of the switched day, on the wall.
    moment = rules.retry_at("30m", every_day, zone, saturday)
    assert said(moment, zone) == f"Sun {sunday.day:02} 08:00"
    assert moment - saturday == (14 * 60 + 10 - 60 * forward) * 60  # one hour less, or more
    # A window through the night itself is as long as the night is.
    night = rules.window("00:00", "06:00", "7")
    opens, closes = rules.bounds(night, zone, sunday.date())
    assert closes - opens == (6 - forward) * 3600
    # Four hours across the switch are four hours that pass, not four on the wall.
    whole = rules.window("00:00", "24:00", "1234567")
    before = at(f"{day} 00:30", zone)
    assert rules.retry_at("4h", whole, zone, before) == before + 4 * 3600


@pytest.mark.parametrize(("name", "day", "_forward"), NIGHTS)
def test_two_zones_around_a_switch_of_one_of_them(name, day, _forward):
    """Madrid and New York share 14:00 to 18:00 of Madrid, and an hour more while only one of
    them has changed its clocks in spring, as in the week between the autumn switches."""
    pair = (ZoneInfo("Europe/Madrid"), ZoneInfo("America/New_York"))
    sunday = datetime.fromisoformat(day)
    for n in range(-6, 8):
        there = sunday + timedelta(days=n)
        noon = at(f"{there:%F} 05:00")
        opens = rules.next_open(OFFICE, pair, noon)
        if there.isoweekday() > 5:
            assert rules.local_time(opens, MADRID).isoweekday() == 1
            continue
        assert [rules.local_time(opens, zone).hour for zone in pair] in ([14, 8], [13, 8])
        assert rules.local_time(opens, MADRID).date() == there.date()


@pytest.mark.parametrize(
    ("rule", "called", "failed", "again"),
    [
        ("4h", "2026-11-23 09:12", [], "Mon 23 13:12"),
        ("4h", "2026-11-23 09:12", ["2026-11-20 13:40"], "Mon 23 14:00"),  # not at 13 again
        ("30m", "2026-11-23 09:12", ["2026-11-23 09:12"], "Mon 23 10:00"),
        ("next working day", "2026-11-23 08:12", ["2026-11-23 08:12"], "Tue 24 09:00"),
        (
            "4h other half",
            "2026-11-23 09:12",
            ["2026-11-20 13:05", "2026-11-19 14:00"],
            "Mon 23 15:00",
        ),
        ("30m", "2026-11-23 17:10", ["2026-11-23 17:10", "2026-11-20 08:30"], "Tue 24 09:00"),
    ],
)
def test_the_hours_of_failed_tries_are_avoided(rule, called, failed, again):
    moments = [at(text) for text in failed]
    assert said(rules.retry_at(rule, OFFICE, MADRID, at(called), failed=moments)) == again


def test_when_every_hour_failed_the_rule_holds_as_it_is():
    failed = [at(f"2026-11-20 {hour:02}:10") for hour in range(8, 18)]
    assert (
        said(rules.retry_at("4h", OFFICE, MADRID, at("2026-11-23 09:12"), failed=failed))
        == "Mon 23 13:12"
    )


def test_the_half_gives_way_before_the_hour_does():
    afternoons = [at(f"2026-11-20 {hour}:00") for hour in range(13, 18)]
    again = rules.retry_at(
        "4h other half", OFFICE, MADRID, at("2026-11-23 08:10"), failed=afternoons
    )
    assert said(again) == "Mon 23 12:10"


@pytest.mark.parametrize(
    ("rule", "called", "again"),
    [
        ("4h", "2026-11-23 09:12", "Mon 23 13:12"),
        ("4h", "2026-11-23 15:00", "Tue 24 08:00"),
        ("next working day", "2026-11-23 09:12", "Tue 24 13:00"),  # morning: the next afternoon
        ("next working day", "2026-11-23 15:00", "Tue 24 08:00"),
        ("next working day", "2026-11-27 09:12", "Mon 30 13:00"),
        ("30m", "2026-11-23 09:12", "Mon 23 09:42"),  # a busy line: too short for that
    ],
)
def test_a_list_may_prefer_the_other_half_of_the_day(rule, called, again):
    assert said(rules.retry_at(rule, OFFICE, MADRID, at(called), prefers_half=True)) == again


def test_the_shortest_window_has_no_halves_but_rows_come_back():
    minute = rules.window("08:00", "08:01", "1")
    assert said(rules.other_half(minute, MADRID, at("2026-11-23 08:00"), 3600)) == "Mon 30 08:00"


@given(
    st.sampled_from(["30m", "4h", "4h other half", "next working day"]),
    windows,
    places,
    moments,
    st.booleans(),
    st.lists(moments, max_size=6),
)
def test_however_planned_a_row_comes_back_inside_the_window_in_time(
    rule, win, place, moment, half, failed
):
    found = rules.retry_at(rule, win, place, moment, prefers_half=half, failed=failed)
    assert found is not None
    assert rules.is_open(win, place, found)
    wait = {"30m": 1800, "4h": 14400, "4h other half": 14400, "next working day": 1}[rule]
    assert found >= moment + wait
    assert found - moment <= timedelta(days=18).total_seconds()
    home = rules.main_zone(place)
    avoided = {rules.local_time(f, home).hour for f in failed}
    if rules.local_time(found, home).hour in avoided:  # only where no hour of the window is left
        later, minutes = rules.next_open(win, place, moment + wait), range(0, 8 * 86400, 1800)
        open_hours = {
            rules.local_time(later + m, home).hour
            for m in minutes
            if rules.is_open(win, place, later + m)
        }
        assert open_hours <= avoided


@given(windows, SEVERAL, moments)
def test_what_is_open_for_several_zones_is_open_for_each_or_for_the_first(win, several, moment):
    found = rules.next_open(win, several, moment)
    assert rules.is_open(win, several[0], found)
    if not all(rules.is_open(win, zone, found) for zone in several):
        week = found - found % (7 * 86400)
        assert not any(
            all(rules.is_open(win, zone, week + m) for zone in several)
            for m in range(0, 7 * 86400, 1800)
        )


@given(windows, places, moments)
def test_next_open_is_open_and_never_earlier(win, zone, moment):
    found = rules.next_open(win, zone, moment)
    assert found >= moment
    assert rules.is_open(win, zone, found)
    assert found == moment or not rules.is_open(win, zone, moment)


@given(st.sampled_from(["30m", "4h", "4h other half", "next working day"]), windows, zones, moments)
def test_nobody_is_called_back_outside_the_window_or_before_time(rule, win, zone, moment):
    found = rules.retry_at(rule, win, zone, moment)
    assert found is not None
    assert rules.is_open(win, zone, found)
    wait = {"30m": 1800, "4h": 14400, "4h other half": 14400, "next working day": 1}[rule]
    assert found >= moment + wait
    assert found - moment <= timedelta(days=16).total_seconds()


@given(windows, zones, moments)
def test_the_other_half_is_the_other_half(win, zone, moment):
    found = rules.other_half(win, zone, moment, 4 * 3600)
    assert rules.is_second_half(win, zone, found) != rules.is_second_half(win, zone, moment)


@given(windows, zones, moments)
def test_next_working_day_is_another_day_there(win, zone, moment):
    found = rules.next_working_day(win, zone, moment)
    assert rules.local_time(found, zone).date() > rules.local_time(moment, zone).date()


@pytest.mark.parametrize(
    ("zone", "country", "numbers", "found"),
    [
        ("America/Lima", "DE", ("+34911234567",), "America/Lima"),  # the column is believed first
        ("", "Deutschland", (), "Europe/Berlin"),
        ("", "España", (), "Europe/Madrid"),
        ("", "fr", (), "Europe/Paris"),
        ("", "", ("+497513661208",), "Europe/Berlin"),
        ("", "", ("+34600100200",), "Europe/Madrid"),
        ("", "", ("+34928123456",), "Atlantic/Canary"),
        ("", "United States", ("+12125550123",), "America/New_York"),
        ("", "", ("+80012345678",), ""),  # free all over the world
        ("UTC+2", "", (), "Etc/GMT-2"),
        ("", "", (), ""),
        ("nonsense", "Atlantis", ("+999",), ""),
    ],
)
def test_where_a_prospect_lives(zone, country, numbers, found):
    assert zone_of(zone, country, numbers) == found
