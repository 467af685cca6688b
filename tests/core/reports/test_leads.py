"""Reports over leads, each against figures worked out by hand from the story beside them."""

from datetime import date

import pytest

from tui_crm.core import reports
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.reports import Filters, Rate


@pytest.fixture
def autumn(story):
    """Ten leads of Ana and Ben. Today is Monday 23 November 2026.

    number  created  owner  amount  closed              days
    1       1 Sep    ana    1,000   won 1 Oct           30
    2       5 Oct    ana    3,000   won 15 Oct          10
    3       6 Oct    ben    –       won 26 Oct          20
    4       7 Oct    ben    500     lost 17 Oct         10
    5       8 Oct    ben    0       lost 8 Oct          0
    6       9 Oct    ana    200     cancelled 31 Oct    22
    7       10 Oct   ben    8,000   won 10 Nov          31; given to Ana on 12 Nov
    8       1 Nov    ana    400     open
    9       2 Nov    –      700     open
    10      20 Sep   ana    2,000   lost 1 Oct, reopened 2 Oct, won 20 Nov   61
    """
    story.user("ben")
    rows = [
        ("2026-09-01", "ana", 1000, "won", "2026-10-01"),
        ("2026-10-05", "ana", 3000, "won", "2026-10-15"),
        ("2026-10-06", "ben", None, "won", "2026-10-26"),
        ("2026-10-07", "ben", 500, "lost", "2026-10-17"),
        ("2026-10-08", "ben", 0, "lost", "2026-10-08"),
        ("2026-10-09", "ana", 200, "cancelled", "2026-10-31"),
        ("2026-10-10", "ben", 8000, "won", "2026-11-10"),
        ("2026-11-01", "ana", 400, "", ""),
        ("2026-11-02", None, 700, "", ""),
    ]
    reason = {"lost": "Too expensive", "cancelled": "Duplicate"}
    for created, owner, amount, status, closed in rows:
        number = story.lead(created, owner=owner, amount=amount)
        if status:
            story.close(number, status, closed, reason.get(status))
    story.give(7, "ana", "2026-11-12")
    again = story.lead("2026-09-20", amount=2000)
    story.close(again, "lost", "2026-10-01", "No budget")
    story.reopen(again, "2026-10-02")
    story.close(again, "won", "2026-11-20")
    return story


def row(report, key):
    return report.rows[report.keys.index(key)]


def test_company_by_month(autumn):
    report = reports.run(autumn.session, "company", Filters(period="2026-10..2026-11"))
    assert report.keys == ("2026-10", "2026-11")
    assert row(report, "2026-10") == {
        "period": "2026-10",
        "created": 6,  # 2 to 7
        "won": 3,  # 1, 2, 3
        "won_amount": 4000_00,
        "won_without_amount": 1,  # 3
        "average_won": 2000_00,  # 1 and 2; 3 has no amount
        "lost": 2,  # 4 and 5; 10 was reopened
        "cancelled": 1,  # 6
        "win_rate": Rate(3, 5),
        "win_rate_all": Rate(3, 6),
        "cycle_mean_days": 20,  # 30, 10, 20
        "cycle_median_days": 20,
        "created_amount": 11_700_00,  # 2 to 7
        "growth": None,  # the first row
    }
    november = row(report, "2026-11")
    assert (november["created"], november["won"], november["won_amount"]) == (2, 2, 10000_00)
    assert (november["lost"], november["win_rate"]) == (0, Rate(2, 2))
    assert report.totals["cycle_median_days"] == 30  # 10, 20, 30, 31, 61
    assert report.totals["cycle_mean_days"] == pytest.approx(152 / 5)
    assert report.totals["win_rate_all"] == Rate(5, 8)
    assert any("1 won lead without amount" in note for note in report.notes)
    assert any("Lost after 5 days" in note for note in report.notes)  # 10 and 0


def test_small_samples_are_marked(autumn):
    report = reports.run(autumn.session, "company", Filters(period="2026-10..2026-11"))
    assert ("2026-11", "win_rate") in report.small
    assert ("2026-10", "win_rate") not in report.small  # five are enough
    assert any("fewer than 5" in note for note in report.notes)


def test_nothing_to_divide_by_is_nothing_and_not_zero(autumn):
    totals = reports.run(autumn.session, "company", Filters(period="2025")).totals
    assert totals["win_rate"] == Rate(0, 0)
    assert totals["win_rate"].value is None
    assert totals["average_won"] is totals["cycle_mean_days"] is totals["cycle_median_days"] is None


def test_team_counts_by_the_owner_at_closing(autumn):
    report = reports.run(autumn.session, "team", Filters(period="2026-10..2026-11"))
    ben, ana = row(report, "ben"), row(report, "ana")
    assert (ben["won"], ben["won_amount"]) == (2, 8000_00)  # 3 and 7, which is Ana's by now
    assert (ana["won"], ana["won_amount"]) == (3, 6000_00)  # 1, 2, 10
    assert (ben["created"], ana["created"]) == (3, 4)  # by the owner they have: 7 is Ana's
    assert row(report, "–")["created"] == 1  # 9 is nobody's
    assert report.totals["won"] == 5
    assert report.totals["rep"] is None


def test_filters_on_reps_and_teams_follow_the_figure(autumn):
    autumn.user("cleo", team="North")
    by_rep = reports.run(
        autumn.session, "company", Filters(period="2026-10..2026-11", rep=("BEN",))
    )
    assert (by_rep.totals["won"], by_rep.totals["created"]) == (2, 3)
    by_team = reports.run(
        autumn.session, "company", Filters(period="2026-10..2026-11", team=("north",))
    )
    assert (by_team.totals["won"], by_team.totals["created"]) == (0, 0)
    with pytest.raises(NotFound, match="There are: "):
        reports.run(autumn.session, "company", Filters(team=("south",)))


def test_filter_on_tags(autumn):
    autumn.tag("Fair")
    autumn.lead("2026-11-05", tags=("Fair",))
    report = reports.run(autumn.session, "company", Filters(period="2026-11", tag=("fair",)))
    assert report.totals["created"] == 1


def test_a_cohort_is_young_until_the_median_cycle_has_passed(autumn):
    # Won cycles 30, 10, 20, 31, 61: the median is 30 days; 23 Nov less 30 days is 24 Oct.
    report = reports.run(autumn.session, "leads", Filters(period="2026-09..2026-11"))
    assert [r["young"] for r in report.rows] == [False, True, True]
    assert row(report, "2026-10") == {
        "cohort": "2026-10",
        "created": 6,
        "won": 3,
        "lost": 2,
        "cancelled": 1,
        "open": 0,
        "win_rate": Rate(3, 6),
        "young": True,
    }
    assert row(report, "2026-09")["win_rate"] == Rate(2, 2)
    assert row(report, "2026-11")["open"] == 2


def test_reasons(autumn):
    report = reports.run(autumn.session, "reasons", Filters(period="2026"))
    assert list(report.rows) == [
        {"reason": "Too expensive", "status": "lost", "count": 2, "amount": 500_00},
        {"reason": "Duplicate", "status": "cancelled", "count": 1, "amount": 200_00},
    ]
    assert report.totals == {"reason": None, "status": None, "count": 3, "amount": 700_00}


def test_a_running_period_is_compared_with_as_many_days(autumn):
    autumn.close(autumn.lead("2026-10-01", amount=1), "won", "2026-10-24")
    report = reports.run(
        autumn.session, "company", Filters(period="this-month", compare="previous")
    )
    # 1 to 23 October: 1 and 2 are won by then; 3 (26 Oct) and the one of the 24th are not.
    assert report.before.totals["won"] == 2
    assert report.before.period.last.isoformat() == "2026-10-23"
    whole = reports.run(autumn.session, "company", Filters(period="2026-10", compare="previous"))
    assert whole.before.period.label == "2026-09"
    year = reports.run(autumn.session, "company", Filters(period="2026-10", compare="year"))
    assert year.before.period.label == "2025-10"


def test_a_running_half_year_is_compared_with_as_many_days(autumn):
    report = reports.run(
        autumn.session, "company", Filters(period="2026-06..2026-11", compare="previous")
    )
    assert report.before.keys == ("2025-12", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05")
    # 1 June to 23 November are 176 days, as are 1 December to 25 May.
    assert report.before.period.last.isoformat() == "2026-05-25"
    assert (date(2026, 5, 25) - date(2025, 12, 1)) == (date(2026, 11, 23) - date(2026, 6, 1))


def test_week_53_is_a_row_of_its_own(story):
    story.lead("2026-12-31")
    story.lead("2027-01-03")
    story.lead("2027-01-04")
    report = reports.run(
        story.session, "company", Filters(period="2026-12-28..2027-01-10", by="week")
    )
    assert [(r["period"], r["created"]) for r in report.rows] == [("2026-W53", 2), ("2027-W01", 1)]


# -- as of a past day ------------------------------------------------------------------------------


def test_as_of_a_past_day_gives_what_was_known_then(autumn):
    """On 11 November 7 was still Ben's and 10 was open; on 1 October 10 was lost."""
    then = reports.run(
        autumn.session, "team", Filters(period="2026-10..2026-11", as_of="2026-11-11")
    )
    assert row(then, "ben")["won"] == 2
    assert row(then, "ben")["created"] == 4  # 7 was his then
    assert row(then, "ana")["won"] == 2
    october = reports.run(autumn.session, "company", Filters(period="2026-10", as_of="2026-10-01"))
    assert (october.totals["won"], october.totals["lost"]) == (1, 1)
    reopened = reports.run(autumn.session, "company", Filters(period="2026-10", as_of="2026-10-02"))
    assert reopened.totals["lost"] == 0


def test_as_of_today_is_today(autumn):
    for name in ("company", "team", "leads", "reasons", "pipeline", "forecast", "ageing"):
        now = reports.run(autumn.session, name, Filters(period="2026-09..2026-11"))
        then = reports.run(
            autumn.session, name, Filters(period="2026-09..2026-11", as_of="2026-11-23")
        )
        assert (then.rows, then.totals) == (now.rows, now.totals), name


def test_as_of_rebuilds_step_amount_and_expected_close(story):
    deal = story.lead("2026-10-01", amount=1000, expected="2026-12-15")
    story.change(deal, "2026-11-05", amount=4000_00, expected_close="2027-01-10")
    story.move(deal, "Closing", "2026-11-06")  # 80 %, Qualified is 10 %
    story.change(deal, "2026-11-07", probability=50)
    asked = {"period": "2026-12..2027-01"}
    now = reports.run(story.session, "forecast", Filters(**asked))
    assert row(now, "2027-01")["weighted_amount"] == 2000_00
    then = reports.run(story.session, "forecast", Filters(as_of="2026-11-04", **asked))
    assert row(then, "2026-12")["weighted_amount"] == 100_00
    between = reports.run(story.session, "forecast", Filters(as_of="2026-11-06", **asked))
    assert row(between, "2027-01")["weighted_amount"] == 3200_00


def test_as_of_knows_no_lead_from_later_and_no_day_to_come(autumn):
    report = reports.run(autumn.session, "company", Filters(period="2026", as_of="2026-10-06"))
    assert report.totals["created"] == 4  # 1, 10, 2, 3
    with pytest.raises(CrmError, match="still to come"):
        reports.run(autumn.session, "company", Filters(as_of="2026-11-24"))


# -- forecast --------------------------------------------------------------------------------------


def test_forecast_keeps_overdue_and_undated_apart(story):
    story.lead("2026-10-01", amount=1000, expected="2026-11-22")  # yesterday: overdue
    story.lead("2026-10-01", amount=1000, expected="2026-11-23", step="Proposal")  # 50 %
    story.lead("2026-10-01", amount=999, expected="2026-12-24", probability=33)
    story.lead("2026-10-01", amount=None, expected="2026-12-25")
    story.lead("2026-10-01", amount=7000)  # undated
    story.lead("2026-10-01", amount=50, expected="2027-06-01")  # after the period
    story.close(story.lead("2026-10-01", amount=300, expected="2026-12-01"), "won", "2026-11-02")
    report = reports.run(story.session, "forecast", Filters(period="2026-11..2026-12"))
    assert report.keys == ("overdue", "2026-11", "2026-12", "undated")
    assert row(report, "overdue") == {
        "period": "overdue",
        "won_amount": 0,
        "open_amount": 1000_00,
        "weighted_amount": 100_00,
        "leads": 1,
        "low_amount": None,
        "high_amount": None,
    }
    assert row(report, "2026-11") == {
        "period": "2026-11",
        "won_amount": 300_00,
        "open_amount": 1000_00,
        "weighted_amount": 500_00,
        "leads": 1,
        "low_amount": None,  # six forecasts are not past
        "high_amount": None,
    }
    december = row(report, "2026-12")
    assert (december["open_amount"], december["leads"]) == (999_00, 2)
    assert december["weighted_amount"] == 329_67  # 99,900 cents x 33 %
    assert row(report, "undated")["leads"] == 1
    assert report.totals["weighted_amount"] == 829_67
    opened = reports.open_figure(
        story.session, "forecast", "total", "weighted_amount", Filters(period="2026-11..2026-12")
    )
    assert {reason for _lead, reason in opened.left_out} == {
        "overdue, apart",
        "undated, apart",
        "expected outside the period",
    }


# -- pipeline --------------------------------------------------------------------------------------


def test_pipeline_conversion(story):
    """Five leads enter Qualified in October.

    a  goes on to Contacted on the 11th, Proposal on the 21st, stands there
    b  skips Contacted: Proposal on the 5th, then back to Qualified; stands there
    c  stays on Qualified
    d  is lost on Qualified after 9 days
    e  is won from Qualified after 19 days
    f  entered Qualified in September and Contacted in October
    """
    a = story.lead("2026-10-01")
    story.move(a, "Contacted", "2026-10-11")
    story.move(a, "Proposal", "2026-10-21")
    b = story.lead("2026-10-01")
    story.move(b, "Proposal", "2026-10-05")
    story.move(b, "Qualified", "2026-10-15")
    story.lead("2026-10-01")
    story.close(story.lead("2026-10-01"), "lost", "2026-10-10", "No need")
    story.close(story.lead("2026-10-01", amount=10), "won", "2026-10-20")
    f = story.lead("2026-09-30")
    story.move(f, "Contacted", "2026-10-02")
    report = reports.run(story.session, "pipeline", Filters(period="2026-10"))
    assert row(report, "Sales/Qualified") == {
        "step": "Qualified",
        "entered": 5,
        "converted": 3,
        "pending": 1,
        "lost_here": 1,
        "conversion": Rate(3, 5),
        "median_days": 9.5,  # a 10, b 4, d 9, e 19; c stands there
    }
    assert row(report, "Sales/Contacted") == {
        "step": "Contacted",
        "entered": 2,
        "converted": 1,
        "pending": 1,
        "lost_here": 0,
        "conversion": Rate(1, 2),
        "median_days": 10,
    }
    proposal = row(report, "Sales/Proposal")  # a stands there, b went back: both pending
    assert (proposal["entered"], proposal["pending"], proposal["median_days"]) == (2, 2, 10)
    assert report.totals["entered"] == 6
    beside = row(report.second, "Sales/Qualified")
    assert (beside["still_there"], beside["won"], beside["won_amount"]) == (1, 1, 10_00)
    assert beside["so_far_days"] == 53  # c, since 1 October


def test_pipeline_as_of_a_past_day(story):
    a = story.lead("2026-10-01")
    story.move(a, "Contacted", "2026-10-11")
    then = reports.run(story.session, "pipeline", Filters(period="2026-10", as_of="2026-10-10"))
    assert (row(then, "Sales/Qualified")["pending"], row(then, "Sales/Contacted")["entered"]) == (
        1,
        0,
    )


def test_a_lead_in_another_pipeline_is_said(story):
    story.new_pipeline("Renewals", "Talk", "Sign")
    story.move(story.lead("2026-10-01"), "Sign", "2026-10-05")
    report = reports.run(story.session, "pipeline", Filters(period="2026-10"))
    assert row(report, "Sales/Qualified")["converted"] == 0
    assert row(report, "Sales/Qualified")["step"] == "Sales: Qualified"
    assert any("another pipeline" in note for note in report.notes)
    only = reports.run(story.session, "pipeline", Filters(period="2026-10", pipeline="renewals"))
    assert only.keys == ("Renewals/Talk", "Renewals/Sign")
    assert row(only, "Renewals/Sign")["entered"] == 1


# -- sources, ageing, velocity, touchpoints --------------------------------------------------------


def test_sources_by_tag_category(autumn):
    autumn.tag("Fair")
    autumn.tag("Web")
    autumn.lead("2026-11-05", tags=("Fair", "Web"))
    autumn.close(autumn.lead("2026-11-05", tags=("Fair",), amount=100), "won", "2026-11-06")
    report = reports.run(autumn.session, "sources", Filters(period="2026-11"))
    assert row(report, "Source/Fair")["created"] == 2
    assert row(report, "Source/Fair")["won_amount"] == 100_00
    assert row(report, "Source/Web")["win_rate"] == Rate(0, 0)
    assert row(report, "Source/–")["created"] == 2
    assert report.totals["created"] == 4  # the one with two tags once


def test_ageing_against_the_won_cycle(autumn):
    # Median won cycle 30 days. 8 is 22 days old, 9 is 21 days old.
    old = autumn.lead("2026-09-01", amount=10)
    report = reports.run(autumn.session, "ageing")
    assert report.totals["open"] == 3
    assert (report.totals["older"], report.totals["older_amount"]) == (1, 10_00)
    assert reports.open_figure(autumn.session, "ageing", "total", "older").leads == (old,)


def test_velocity(autumn):
    # 2 open x 3,500.00 average (14,000 over 4 with amount) x 5/7 / 30 days = 166.67 a day
    totals = reports.run(autumn.session, "velocity").totals
    assert (totals["open"], totals["average_won"], totals["win_rate"]) == (2, 3500_00, Rate(5, 7))
    assert totals["velocity"] == 166_67


def test_velocity_is_silent_below_five_wins(story):
    story.close(story.lead("2026-10-01", amount=100), "won", "2026-11-01")
    story.lead("2026-10-01", amount=100)
    assert reports.run(story.session, "velocity").totals["velocity"] is None


def test_touchpoints_of_wins(story):
    book = story.list("Fair")
    prospect = story.prospect(book)
    deal = story.lead("2026-10-05", prospect_id=prospect, list_id=book)
    story.call("ana", "2026-10-01 10:00", prospect=prospect, list_id=book)  # still a prospect
    story.call("ana", "2026-10-06 10:00", lead=deal, reached=True)
    story.act("ana", "2026-10-07 10:00", "note", lead=deal)  # no action
    story.act("ana", "2026-10-10 23:30", "email", lead=deal)  # on the closing day
    story.act("ana", "2026-10-11 00:30", "email", lead=deal)  # after it
    story.close(deal, "won", "2026-10-10")
    story.close(story.lead("2026-10-05"), "won", "2026-10-10")
    totals = reports.run(story.session, "touchpoints", Filters(period="2026-10")).totals
    assert (totals["won"], totals["touches"], totals["mean"], totals["median"]) == (2, 3, 1.5, 1.5)
    assert totals["none"] == 1


def test_reports_follow_the_operations(session):
    """A lead made, moved, won, reopened, lost, and both its dates corrected."""
    from datetime import date

    from tui_crm.core.leads import closing, leads

    number = leads.create(session, "Acme", amount=1000_00)
    leads.move_step(session, number, 2)
    closing.won(session, number)
    closing.reopen(session, number)
    closing.lost(session, number, 1)
    leads_of = {"period": "2026-10..2026-11"}
    closing.set_created_on(session, number, date(2026, 10, 5))
    closing.set_closed_on(session, number, date(2026, 11, 15))
    report = reports.run(session, "company", Filters(**leads_of))
    assert row(report, "2026-10")["created"] == 1
    assert (report.totals["won"], report.totals["lost"]) == (0, 1)
    assert any("Lost after 41 days" in note for note in report.notes)
    before = reports.run(session, "company", Filters(as_of="2026-11-14", **leads_of))
    assert (before.totals["created"], before.totals["lost"]) == (1, 0)
    after = reports.run(session, "company", Filters(as_of="2026-11-15", **leads_of))
    assert after.totals["lost"] == 1
    funnel = reports.run(session, "pipeline", Filters(**leads_of))
    assert row(funnel, "Sales/Qualified")["converted"] == 1
    assert row(funnel, "Sales/Proposal")["lost_here"] == 1
