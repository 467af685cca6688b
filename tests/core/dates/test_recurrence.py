"""What comes again: the next day of a rule, and its words."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from tui_crm.core.dates.labels import is_skipped
from tui_crm.core.dates.reader import read
from tui_crm.core.dates.recurrence import in_words, next_of
from tui_crm.core.errors import CrmError

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 23, 9, 12, tzinfo=MADRID)
"""The Monday of the pictures."""

ZONES = st.sampled_from(
    ["Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]
).map(ZoneInfo)
NOWS = st.builds(
    lambda naive, zone: naive.replace(tzinfo=UTC).astimezone(zone),
    st.datetimes(datetime(2020, 1, 1), datetime(2039, 12, 31)),
    ZONES,
)


@pytest.mark.parametrize(
    ("rule", "after", "since", "day"),
    [
        ("FREQ=WEEKLY;INTERVAL=2", "2026-11-25", None, "2026-12-09"),
        # Done on Wednesday, due on Monday: the rhythm is that of the Mondays.
        ("FREQ=WEEKLY;INTERVAL=2", "2026-11-25", "2026-11-23", "2026-12-07"),
        ("FREQ=WEEKLY;BYDAY=MO", "2026-11-23", None, "2026-11-30"),
        ("FREQ=MONTHLY;BYMONTHDAY=1", "2026-11-23", None, "2026-12-01"),
        ("FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1", "2027-01-31", None, "2027-02-28"),
        ("FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1", "2027-02-28", None, "2027-03-31"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-11-30", None, "2026-12-31"),
        # Weeks overdue: the next one is after today, not a heap of missed ones.
        ("FREQ=DAILY", "2026-11-23", "2026-10-01", "2026-11-24"),
    ],
)
def test_doing_it_sets_the_next_one(rule: str, after: str, since: str | None, day: str) -> None:
    done = datetime.combine(date.fromisoformat(after), time(18), MADRID)

    found, at = next_of(rule, done, since=date.fromisoformat(since) if since else None)

    assert (str(found), at) == (day, None)


def test_nine_stays_nine_over_both_changes_of_clocks() -> None:
    after, seen = datetime(2027, 3, 26, 12, tzinfo=MADRID), []
    for _week in range(34):
        _day, at = next_of("FREQ=WEEKLY;BYDAY=FR", after, time(9))
        assert at is not None
        after = at.astimezone(MADRID)
        seen.append((f"{after:%H:%M}", f"{at:%H:%M}"))

    assert {local for local, _utc in seen} == {"09:00"}
    assert {utc for _local, utc in seen} == {"07:00", "08:00"}


@pytest.mark.parametrize(
    "rule",
    ["", "rubbish", "FREQ=SECONDLY", "FREQ=WEEKLY;BYDAY=XX", "FREQ=DAILY\nDTSTART:19970902"],
)
def test_a_broken_rule_is_refused_in_one_sentence(rule: str) -> None:
    with pytest.raises(CrmError, match="has no next day"):
        next_of(rule, NOW)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("every day", "every day"),
        ("every 2w", "every 2 weeks"),
        ("every mon and thu", "every Mon, Thu"),
        ("every weekday", "every working day"),
        ("every month 1", "every month, day 1"),
        ("every month 31", "every month, day 31"),
        ("every end of month", "every month, last day"),
        ("every 12 dec", "every year, 12 Dec"),
    ],
)
def test_a_rule_in_words(typed: str, words: str) -> None:
    assert in_words(read(typed, NOW).rule or "") == words


@given(
    every=st.sampled_from(
        [
            "every day",
            "every 2w",
            "every mon",
            "every 3 weeks tue",
            "every month 31",
            "every month",
            "every quarter",
            "every weekday",
            "every 29 feb",
            "every eom",
            "every 2 years",
        ]
    ),
    now=NOWS,
    at=st.times().map(lambda clock: clock.replace(second=0, microsecond=0)),
)
def test_a_recurrence_is_strictly_later_and_keeps_its_clock(
    every: str, now: datetime, at: time
) -> None:
    first = read(every, now)
    assert first.rule is not None and first.day is not None

    after, seen = now, [now.date()]
    for _time in range(5):
        day, moment = next_of(first.rule, after, at)
        assert moment is not None and now.tzinfo is not None
        local = moment.astimezone(now.tzinfo)
        assert day > seen[-1]
        assert is_skipped(day, at, now.tzinfo) or (local.date(), local.time()) == (day, at)
        seen.append(day)
        after = local
