"""The range of a forecast, against the past forecasts as the report itself gave them then."""

from __future__ import annotations

from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta

from tests.core.reports.data import Story
from tui_crm.core import reports
from tui_crm.core.reports import Filters


def lives(session, months):
    """So many months of leads whose amount, day and owner change before they close."""
    story = Story(session)
    if "ben" not in story.users:
        story.user("ben")
    today = session.today
    for back in range(months + 1):
        first = today.replace(day=1) - relativedelta(months=back)
        for n in range(5):
            created = first - timedelta(days=20 + n)
            lead = story.lead(
                created.isoformat(),
                amount=1000 * (n + 1) + 10 * back,
                owner="ana" if n % 2 else "ben",
                expected=(first + timedelta(days=24 + n)).isoformat(),
                probability=None if n == 2 else 30 + 10 * n,
            )
            if n == 1:
                story.change(lead, (first - timedelta(days=3)).isoformat(), amount=7_000_00)
            if n == 3:
                later = (first + relativedelta(months=1)).isoformat()
                story.change(lead, (first - timedelta(days=2)).isoformat(), expected_close=later)
            if n == 4:
                story.give(lead, "ana", (first - timedelta(days=1)).isoformat())
            if back and (n + back) % 3:
                story.close(lead, "won", (first + timedelta(days=11 + n)).isoformat())
            elif back:
                story.close(lead, "lost", (first + timedelta(days=2)).isoformat(), "No need")
    return story


def percentile(values, share):
    """By straight lines, as spreadsheets do (PERCENTILE.INC)."""
    values = sorted(values)
    place = share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


@pytest.mark.parametrize("more", [{}, {"rep": ("ana",)}])
def test_the_range_is_what_came_of_the_last_twelve(session, more):
    lives(session, 14)
    ratios = []
    for back in range(1, 13):
        first = session.today.replace(day=1) - relativedelta(months=back)
        asked = Filters(period=f"{first:%Y-%m}", **more)
        start = (first - timedelta(days=1)).isoformat()
        then = reports.run(
            session, "forecast", Filters(period=asked.period, as_of=start, **more)
        ).totals
        came = reports.run(session, "forecast", asked).totals["won_amount"]
        if then["weighted_amount"]:
            ratios.append(came / then["weighted_amount"])
    assert len(ratios) >= 6
    report = reports.run(session, "forecast", Filters(period=f"{session.today:%Y-%m}", **more))
    total = report.totals
    for key, share in (("low_amount", 0.1), ("high_amount", 0.9)):
        wanted = total["won_amount"] + total["weighted_amount"] * percentile(ratios, share)
        assert total[key] == pytest.approx(wanted, abs=1), key
        assert report.rows[1][key] == total[key]
        assert report.rows[0][key] is None and report.rows[-1][key] is None
    assert total["low_amount"] < total["high_amount"]


def test_below_six_forecasts_there_is_no_range(session):
    lives(session, 5)
    month = f"{session.today:%Y-%m}"
    totals = reports.run(session, "forecast", Filters(period=month)).totals
    assert totals["low_amount"] is None and totals["high_amount"] is None
    lives(session, 7)
    assert reports.run(session, "forecast", Filters(period=month)).totals["low_amount"] is not None
