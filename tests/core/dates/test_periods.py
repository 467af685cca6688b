"""The periods of reports: their names, their neighbours, their parts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from tui_crm.core.dates import periods
from tui_crm.core.dates.periods import Period, buckets, period
from tui_crm.core.errors import CrmError

TODAY = date(2026, 11, 23)
"""A Monday."""

NAMES = """
    2026                     | 2026       | 2026-01-01 2026-12-31
    2026-q1                  | 2026-Q1    | 2026-01-01 2026-03-31
    2026 Q4                  | 2026-Q4    | 2026-10-01 2026-12-31
    q3                       | 2026-Q3    | 2026-07-01 2026-09-30
    2026-03                  | 2026-03    | 2026-03-01 2026-03-31
    2028-02                  | 2028-02    | 2028-02-01 2028-02-29
    2026-W48                 | 2026-W48   | 2026-11-23 2026-11-29
    2026-W53                 | 2026-W53   | 2026-12-28 2027-01-03
    2026-11-23               | 2026-11-23 | 2026-11-23 2026-11-23
    today                    | 2026-11-23 | 2026-11-23 2026-11-23
    yesterday                | 2026-11-22 | 2026-11-22 2026-11-22
    this-week                | 2026-W48   | 2026-11-23 2026-11-29
    last week                | 2026-W47   | 2026-11-16 2026-11-22
    this-month               | 2026-11    | 2026-11-01 2026-11-30
    This Month               | 2026-11    | 2026-11-01 2026-11-30
    next-month               | 2026-12    | 2026-12-01 2026-12-31
    last-quarter             | 2026-Q3    | 2026-07-01 2026-09-30
    last quarter             | 2026-Q3    | 2026-07-01 2026-09-30
    this-year                | 2026       | 2026-01-01 2026-12-31
    previous year            | 2025       | 2025-01-01 2025-12-31
    last-90d                 | 2026-08-26..2026-11-23 | 2026-08-26 2026-11-23
    last 1 day               | 2026-11-23..2026-11-23 | 2026-11-23 2026-11-23
    last-2w                  | 2026-11-10..2026-11-23 | 2026-11-10 2026-11-23
    last-12m                 | 2025-11-24..2026-11-23 | 2025-11-24 2026-11-23
    2026-03-01..2026-03-31   | 2026-03-01..2026-03-31 | 2026-03-01 2026-03-31
    2026-03-01 .. 2026-03-15 | 2026-03-01..2026-03-15 | 2026-03-01 2026-03-15
    2026-01..2026-q3         | 2026-01-01..2026-09-30 | 2026-01-01 2026-09-30
    2026-11-01..             | 2026-11-01..2026-11-23 | 2026-11-01 2026-11-23
"""


@pytest.mark.parametrize("row", NAMES.strip().splitlines())
def test_a_period_by_name(row: str) -> None:
    typed, label, ends = (part.strip() for part in row.split("|"))

    found = period(typed, TODAY)

    assert (found.label, f"{found.first} {found.last}") == (label, ends)


def test_all_is_what_there_are_data_for() -> None:
    bounds = (date(2019, 5, 2), date(2026, 11, 20))

    assert period("all", TODAY, bounds) == Period("all", *bounds, "all")
    assert period("all", TODAY).days == 1


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "soon",
        "2026-13",
        "2026-q5",
        "2026-W54",
        "2025-W53",
        "2026-02-30",
        "0001",
        "9999",
        "2026-03-31..2026-03-01",
        "..",
        "..2026",
        "last-0d",
        "last-99999d",
        "this",
        "month",
        "２０２６",
        "2026-03-01...x",
    ],
)
def test_nonsense_is_refused_with_what_works(typed: str) -> None:
    with pytest.raises(CrmError) as refused:
        period(typed, TODAY)

    assert "is no period" in refused.value.message
    assert "last-90d" in refused.value.hint


NEIGHBOURS = """
    2026                   | 2025       | 2027       | 2025
    2026-q1                | 2025-Q4    | 2026-Q2    | 2025-Q1
    2026-03                | 2026-02    | 2026-04    | 2025-03
    2026-01                | 2025-12    | 2026-02    | 2025-01
    2026-W01               | 2025-W52   | 2026-W02   | 2025-W01
    2026-W53               | 2026-W52   | 2027-W01   | 2025-W52
    2028-02-29             | 2028-02-28 | 2028-03-01 | 2027-02-28
    2026-03-01..2026-04-30 | 2026-01-01..2026-02-28 | 2026-05-01..2026-06-30 | \
2025-03-01..2025-04-30
    2026-03-01..2026-03-15 | 2026-02-14..2026-02-28 | 2026-03-16..2026-03-30 | \
2025-03-01..2025-03-15
    2028-02-01..2028-02-29 | 2028-01-01..2028-01-31 | 2028-03-01..2028-03-31 | \
2027-02-01..2027-02-28
    last-90d               | 2026-05-28..2026-08-25 | 2026-11-24..2027-02-21 | \
2025-08-26..2025-11-23
"""


@pytest.mark.parametrize("row", NEIGHBOURS.strip().splitlines())
def test_the_period_before_after_and_a_year_ago(row: str) -> None:
    typed, before, after, year_ago = (part.strip() for part in row.split("|"))

    this = period(typed, TODAY)

    assert periods.previous(this).label == before
    assert periods.following(this).label == after
    assert periods.same_a_year_ago(this).label == year_ago


@pytest.mark.parametrize("step", [periods.previous, periods.following, periods.same_a_year_ago])
def test_all_time_has_no_neighbours(step: object) -> None:
    assert callable(step)
    with pytest.raises(CrmError, match="no period before or after"):
        step(period("all", TODAY))


def test_a_running_period_against_as_many_days_of_the_one_before() -> None:
    this = period("this-month", TODAY)
    gone = periods.elapsed(this, TODAY)

    compared = periods.cut(periods.previous(this), gone)

    assert (gone, periods.running(this, TODAY)) == (23, True)
    assert (compared.first, compared.last) == (date(2026, 10, 1), date(2026, 10, 23))


@pytest.mark.parametrize(
    ("typed", "gone", "running"),
    [("2026-10", 31, False), ("2026-12", 0, False), ("today", 1, False), ("2026", 327, True)],
)
def test_how_many_days_are_gone(typed: str, gone: int, running: bool) -> None:
    this = period(typed, TODAY)

    assert (periods.elapsed(this, TODAY), periods.running(this, TODAY)) == (gone, running)


@pytest.mark.parametrize(
    ("typed", "by", "labels"),
    [
        ("2026", "quarter", "2026-Q1 2026-Q2 2026-Q3 2026-Q4"),
        ("2026-q4", "month", "2026-10 2026-11 2026-12"),
        ("this-month", "week", "2026-W44 2026-W45 2026-W46 2026-W47 2026-W48 2026-W49"),
        ("2026-11-23..2026-11-25", "day", "2026-11-23 2026-11-24 2026-11-25"),
        ("2025..2026", "year", "2025 2026"),
        ("2026-12-31..2027-01-01", "week", "2026-W53"),
    ],
)
def test_the_parts_of_a_period(typed: str, by: str, labels: str) -> None:
    assert [part.label for part in buckets(period(typed, TODAY), by)] == labels.split()


def test_the_outer_parts_are_cut_at_the_ends() -> None:
    weeks = buckets(period("2026-11", TODAY), "week")

    assert (weeks[0].first, weeks[0].last) == (date(2026, 11, 1), date(2026, 11, 1))
    assert (weeks[-1].first, weeks[-1].last) == (date(2026, 11, 30), date(2026, 11, 30))


def test_an_unknown_part_is_refused() -> None:
    with pytest.raises(CrmError, match="no part of a period"):
        buckets(period("2026", TODAY), "fortnight")


DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
UNITS = st.sampled_from(periods.UNITS)


@given(text=st.text(), today=DAYS)
def test_any_text_is_a_period_or_refused(text: str, today: date) -> None:
    try:
        found = period(text, today)
    except CrmError:
        return
    assert found.first <= found.last


@given(day=DAYS, unit=UNITS)
def test_a_label_names_its_period_and_neighbours_touch(day: date, unit: str) -> None:
    this = periods.of(day, unit)

    assert day in this
    assert period(this.label, TODAY) == this
    assert periods.previous(this).last + timedelta(days=1) == this.first
    assert periods.following(this).first - timedelta(days=1) == this.last
    assert periods.following(periods.previous(this)) == this


@given(first=DAYS, length=st.integers(0, 800), by=UNITS)
def test_the_parts_cover_the_period_once(first: date, length: int, by: str) -> None:
    whole = period(f"{first}..{first + timedelta(days=length)}", TODAY)

    parts = buckets(whole, by)

    assert (parts[0].first, parts[-1].last) == (whole.first, whole.last)
    assert sum(part.days for part in parts) == whole.days
    assert len({part.label for part in parts}) == len(parts)
