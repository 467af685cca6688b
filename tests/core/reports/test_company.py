"""Company: the value created, and how the money won grows, against amounts counted by hand."""

import pytest

from tests.core.reports.data import Story
from tui_crm.core import reports
from tui_crm.core.reports import Filters, Rate


@pytest.fixture
def year(session):
    """Today is 23 November 2026. Money won on some days of four months."""
    story = Story(session)
    for day, money in (
        ("2026-08-03", 1000),
        ("2026-09-30", 500),
        ("2026-10-23", 400),
        ("2026-10-24", 5000),
        ("2026-11-23", 600),
    ):
        story.close(story.lead(day, amount=money), "won", day)
    story.close(story.lead("2026-10-02", amount=90), "lost", "2026-10-03")
    story.lead("2026-10-05", amount=None)
    return story


def test_growth_is_against_the_row_before_and_a_running_month_against_as_many_days(year):
    report = reports.run(year.session, "company", Filters(period="2026-08..2026-12"))
    growth = {row["period"]: row["growth"] for row in report.rows}
    assert growth == {
        "2026-08": None,  # the first has none before it
        "2026-09": Rate(-500_00, 1000_00),
        "2026-10": Rate(4900_00, 500_00),
        "2026-11": Rate(200_00, 400_00),  # 23 days against the first 23 of October
        "2026-12": None,  # it has not begun
    }
    assert report.totals["growth"] is None
    opened = reports.open_figure(
        year.session, "company", "2026-11", "growth", Filters(period="2026-08..2026-12")
    )
    assert (opened.numerator, opened.denominator, opened.counted) == (200_00, 400_00, 2)


def test_growth_from_nothing_is_no_number(session):
    story = Story(session)
    story.close(story.lead("2026-10-02", amount=90), "won", "2026-10-03")
    report = reports.run(session, "company", Filters(period="2026-09..2026-10"))
    assert report.rows[1]["growth"] == Rate(90_00, 0)
    assert report.rows[1]["growth"].value is None


def test_the_value_created_is_of_all_leads_created_whatever_became_of_them(year):
    report = reports.run(year.session, "company", Filters(period="2026-10"))
    assert report.totals["created_amount"] == 400_00 + 5000_00 + 90_00
    assert report.totals["created"] == 4
