"""Labels of moments, and the instant of a wall clock over changes of clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from tui_crm.core.dates.labels import ago, instant, narrow, short, weekdays_words

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 23, 9, 12, tzinfo=MADRID)
"""The Monday of the pictures."""

ZONES = st.sampled_from(
    ["Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]
).map(ZoneInfo)


LABELS = """
    2026-11-23 09:30 20 | 09:30 20m | 09:30
    2026-11-23 14:00 60 | 14:00 1h  | 14:00
    2026-11-23 09:30 90 | 09:30 90m | 09:30
    2026-11-23 9:30 150 | 09:30 2h+ | 09:30
    2026-11-23 09:00    | 09:00     | 09:00
    2026-11-23          | any       | any
    2026-11-19 09:00    | Thu 09:00 | -4d
    2026-11-20          | Fri       | -3d
    2026-11-27 09:30 20 | Fri 09:30 | Fri
    2026-11-29          | Sun       | Sun
    2026-11-30 10:00    | 30 Nov    | +7d
    2026-11-16          | 16 Nov    | -7d
    2027-08-23          | 23 Aug    | +273d
    2027-08-24          | 24 Aug 27 | +274d
    2026-02-22          | 22 Feb 26 | -274d
    2026-02-23          | 23 Feb    | -273d
    2027-11-30          | 30 Nov 27 | +372d
    2020-11-30          | 30 Nov 20 | -5y
"""


@pytest.mark.parametrize("row", LABELS.strip().splitlines())
def test_a_moment_in_a_list(row: str) -> None:
    moment, label, five_cells = (part.strip() for part in row.split("|"))
    day_text, clock, length = [*moment.split(), None, None][:3]
    day, at = date.fromisoformat(str(day_text)), None
    if clock:
        hour, minute = clock.split(":")
        at = instant(day, time(int(hour), int(minute)), MADRID)
    minutes = int(length) if length else None

    assert short(day, at, minutes, NOW) == label
    assert narrow(day, at, minutes, NOW) == five_cells


def test_no_moment_has_no_label() -> None:
    assert [short(None, None, None, NOW), narrow(None, None, None, NOW)] == ["", ""]
    assert ago(None, None, NOW) == ""


@pytest.mark.parametrize(
    ("days", "minutes", "words"),
    [
        (-4, None, "4 days late"),
        (-1, None, "1 day late"),
        (0, None, "today"),
        (1, None, "tomorrow"),
        (7, None, "in 7 days"),
        (0, 18, "in 18 min"),
        (0, 120, "in 2 h"),
        (0, 125, "in 2 h 05"),
        (0, -12, "12 min late"),
        (0, -6, "6 min late"),
        (0, -5, "now"),
        (0, 4, "in 4 min"),
        (-1, -16 * 60, "16 h late"),
        (-1, -24 * 60, "1 day late"),
        (0, 0, "now"),
    ],
)
def test_how_far_off_in_words(days: int, minutes: int | None, words: str) -> None:
    at = None if minutes is None else NOW.astimezone(UTC) + timedelta(minutes=minutes)

    assert ago(NOW.date() + timedelta(days=days), at, NOW) == words


def test_an_action_of_last_night_is_not_a_day_late() -> None:
    night = datetime(2026, 11, 24, 0, 5, tzinfo=MADRID)
    at = datetime(2026, 11, 23, 23, 10, tzinfo=MADRID)

    assert ago(None, at, night) == "55 min late"
    assert narrow(None, at, None, night) == "-55m"
    assert narrow(None, at, None, night + timedelta(hours=9)) == "-9h"
    assert ago(None, at, night + timedelta(days=2)) == "3 days late"


@given(zone=ZONES, day=st.dates(date(2020, 1, 1), date(2039, 12, 31)), clock=st.times())
def test_an_instant_shows_its_clock_or_the_first_after_a_gap(
    zone: ZoneInfo, day: date, clock: time
) -> None:
    wanted = datetime.combine(day, clock)

    local = instant(day, clock, zone).astimezone(zone)

    shown = local.replace(tzinfo=None, fold=0)
    if shown == wanted:
        assert local.fold == 0
    else:
        # Clocks jump here: a second earlier they showed a time before the one wanted.
        before = (local.astimezone(UTC) - timedelta(seconds=1)).astimezone(zone)
        assert before.replace(tzinfo=None) < wanted < shown


def test_weekdays_as_a_calling_window_keeps_them() -> None:
    said = weekdays_words
    assert [said(days) for days in ("12345", "67", "1357", "3", "234567")] == [
        "Mon - Fri",
        "Sat, Sun",
        "Mon, Wed, Fri, Sun",
        "Wed",
        "Tue - Sun",
    ]


def test_a_far_timed_one_shows_its_hour_where_there_is_room():
    now = datetime(2026, 11, 23, 9, 12, tzinfo=ZoneInfo("Europe/Madrid"))
    far = now.replace(month=12, day=14, hour=9, minute=30)
    assert short(None, far, 20, now) == "14 Dec"
    assert short(None, far, 20, now, room=12) == "14 Dec 09:30"
    assert short(None, far.replace(year=2027), 20, now, room=20) == "14 Dec 27 09:30"
    assert short(far.date(), None, None, now, room=20) == "14 Dec"
