"""When somebody may be called, and when again: pure rules, over all clocks and zones."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_crm.core.work import calling_rules as rules
from tui_crm.core.work.calling_zones import zone_of

OFFICE = rules.window("08:00", "18:00", "12345")
MADRID = ZoneInfo("Europe/Madrid")
ZONES = [ZoneInfo(z) for z in (
    "Europe/Madrid", "America/New_York", "Asia/Kolkata", "Pacific/Chatham", "America/Santiago",
    "Australia/Lord_Howe", "UTC", "Pacific/Apia")]  # fmt: skip
moments = st.integers(
    int(datetime(2025, 1, 1, tzinfo=UTC).timestamp()), int(datetime(2028, 1, 1, tzinfo=UTC).timestamp())
)
zones = st.sampled_from(ZONES)
windows = st.builds(
    lambda a, b, days: rules.Window(min(a, b), max(a, b) + 2, frozenset(days)),
    st.integers(0, 1438), st.integers(0, 1438), st.sets(st.integers(1, 7), min_size=1),
)  # fmt: skip


def at(text: str, zone: ZoneInfo = MADRID) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())


def said(moment: int | None, zone: ZoneInfo = MADRID) -> str:
    assert moment is not None
    return f"{rules.local(moment, zone):%a %d %H:%M}"


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


@given(windows, zones, moments)
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
    assert rules.local(found, zone).date() > rules.local(moment, zone).date()


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
        ("", "USA", (), ""),  # six clocks: not guessed
        ("", "", ("+18005550123",), ""),
        ("UTC+2", "", (), "Etc/GMT-2"),
        ("", "", (), ""),
        ("nonsense", "Atlantis", ("+999",), ""),
    ],
)
def test_where_a_prospect_lives(zone, country, numbers, found):
    assert zone_of(zone, country, numbers) == found
