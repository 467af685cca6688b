"""Reports over actions: activity, lists, hours, goals. Figures worked out by hand."""

import pytest

from tests.core.reports.data import Story
from tui_crm.core import reports
from tui_crm.core.dates import reader
from tui_crm.core.leads import actions, closing, leads, next_actions, note_line
from tui_crm.core.reports import Filters, Rate
from tui_crm.core.store import tables as t, undo


def row(report, key):
    return report.rows[report.keys.index(key)]


@pytest.fixture
def week(story):
    """Ana in Madrid and Ben in New York, in the week of 16 November; a lead each, Ben's won."""
    story.user("ben", zone="America/New_York")
    a = story.lead("2026-11-16", owner="ana")
    b = story.lead("2026-11-16", owner="ben", amount=900)
    story.call("ana", "2026-11-16 09:00", reached=True, lead=a, minutes=4)
    story.call("ana", "2026-11-16 09:08", minutes=1)
    story.call("ana", "2026-11-17 09:10")
    story.act("ana", "2026-11-17 09:15", "email", lead=a)
    story.act("ana", "2026-11-17 09:20", "note", lead=a)
    story.call("ben", "2026-11-17 09:00", reached=True, lead=b, minutes=10.5)
    story.act("ben", "2026-11-18 09:00", "meeting", lead=b, minutes=60, reached=True)
    story.close(b, "won", "2026-11-20")
    return story


def test_activity_by_rep_period_kind_and_outcome(week):
    report = reports.run(
        week.session, "activity", Filters(period="2026-11-16..2026-11-20", by="day")
    )
    assert [tuple(r.values())[:7] for r in report.rows] == [
        ("ana", "2026-11-16", "call", "No answer", 1, 0, 1.0),
        ("ana", "2026-11-16", "call", "Reached", 1, 1, 4.0),
        ("ana", "2026-11-17", "call", "No answer", 1, 0, 0.0),
        ("ana", "2026-11-17", "email", None, 1, 0, 0.0),
        ("ben", "2026-11-17", "call", "Reached", 1, 1, 10.5),
        ("ben", "2026-11-18", "meeting", None, 1, 1, 60.0),
    ]
    assert report.totals == {
        "rep": None,
        "period": "2026-11-16..2026-11-20",
        "kind": None,
        "outcome": None,
        "count": 6,
        "reached": 3,
        "minutes": 75.5,
        "follow_up": Rate(0, 0),  # nothing is known of calls that were not logged here
        "average_minutes": 18.9,  # 75.5 / 4
    }
    assert "1 note is no action and not counted." in report.notes
    opened = reports.open_figure(
        week.session,
        "activity",
        "total",
        "count",
        Filters(by="day", period="2026-11-16..2026-11-20"),
    )
    assert (opened.counted, len(opened.left_out)) == (6, 1)


def test_activity_rates_by_rep(week):
    report = reports.run(week.session, "activity", Filters(period="2026-11")).second
    ana, ben = row(report, "ana"), row(report, "ben")
    assert (ana["calls"], ana["reached_rate"], ana["email"]) == (3, Rate(1, 3), 1)
    assert ana["calls_per_lead"] == Rate(3, 1)
    assert ana["calls_per_win"].value is None
    assert ben["reached_rate"] == Rate(1, 1)  # a meeting that was held is no reached call
    assert (ben["calls_per_win"], ben["calls_on_won"]) == (Rate(1, 1), Rate(1, 1))
    # Ana's gaps: 8, then over a night, 5 and 5 minutes: 18 active minutes are too few for a rate.
    assert ana["calls_per_hour"].value is None
    assert report.totals["reached_rate"] == Rate(2, 4)


@pytest.mark.parametrize(("last", "rate"), [("10:19", None), ("10:20", 9.0)])
def test_there_is_an_hourly_rate_from_twenty_active_minutes_on(story, last, rate):
    for at in ("10:00", "10:10", last):
        story.call("ana", f"2026-11-16 {at}")
    report = reports.run(story.session, "activity", Filters(period="2026-11")).second
    assert row(report, "ana")["calls_per_hour"].value == rate


def test_an_outcome_has_the_label_that_was_chosen(story, session):
    """One outcome is called Reached on a lead and Interested on a prospect."""
    fair = story.list("Fair")
    lead = story.lead("2026-11-16")
    for minute in range(3):
        story.call("ana", f"2026-11-16 09:0{minute}", reached=True, lead=lead, minutes=2)
    story.call("ana", "2026-11-16 09:09", reached=True, prospect=story.prospect(fair), minutes=5)
    report = reports.run(session, "activity", Filters(period="2026-11"))
    assert {r["outcome"]: (r["count"], r["minutes"]) for r in report.rows} == {
        "Reached": (3, 6.0),
        "Interested": (1, 5.0),
    }
    for key in report.keys:
        opened = reports.open_figure(session, "activity", key, "count", Filters(period="2026-11"))
        assert len(opened.actions) == row(report, key)["count"]


def test_calls_on_a_won_lead_are_those_until_it_closed(story):
    deal = story.lead("2026-11-02", amount=500)
    for day in ("2026-11-03 09:00", "2026-11-05 23:59", "2026-11-06 00:00", "2026-11-20 09:00"):
        story.call("ana", day, lead=deal)
    story.close(deal, "won", "2026-11-05")
    report = reports.run(story.session, "activity", Filters(period="2026-11")).second
    assert row(report, "ana")["calls_on_won"] == Rate(2, 1)
    opened = reports.open_figure(
        story.session, "activity", "ana", "calls_on_won", Filters(period="2026-11"), part=1
    )
    assert len(opened.actions) == 2


def test_a_day_is_the_reps_own(story):
    """23:30 on the 16th in New York is 05:30 on the 17th in Madrid."""
    story.user("ben", zone="America/New_York")
    story.call("ben", "2026-11-16 23:30")
    story.call("ben", "2026-11-17 00:00")
    story.call("ana", "2026-11-16 23:59")
    report = reports.run(
        story.session, "activity", Filters(period="2026-11-16..2026-11-17", by="day")
    )
    assert [(r["rep"], r["period"]) for r in report.rows] == [
        ("ana", "2026-11-16"),
        ("ben", "2026-11-16"),
        ("ben", "2026-11-17"),
    ]


def test_days_stay_days_when_clocks_change(story):
    """In Madrid 25 October 2026 has 25 hours; 29 March has 23."""
    for when in (
        "2026-10-24 23:59",
        "2026-10-25 00:00",
        "2026-10-25 23:59",
        "2026-10-26 00:00",
        "2026-03-28 23:59",
        "2026-03-29 00:00",
        "2026-03-29 23:59",
        "2026-03-30 00:00",
    ):
        story.call("ana", when)
    report = reports.run(story.session, "activity", Filters(period="2026", by="day"))
    assert [(r["period"][5:], r["count"]) for r in report.rows] == [
        ("03-28", 1),
        ("03-29", 2),
        ("03-30", 1),
        ("10-24", 1),
        ("10-25", 2),
        ("10-26", 1),
    ]


def test_activity_as_of_ends_with_that_day(week):
    report = reports.run(week.session, "activity", Filters(period="2026-11", as_of="2026-11-16"))
    assert report.totals["count"] == 2


def test_lists_by_list_of_origin(story):
    """Fair: three prospects, two called (one of them twice), one reached and made a lead, won in
    November. The other lead of the list was created by hand from it and is open."""
    fair, web = story.list("Fair"), story.list("Web")
    first, second = story.prospect(fair), story.prospect(fair)
    story.prospect(fair)
    story.call("ana", "2026-10-01 10:00", prospect=first, list_id=fair)
    story.call("ana", "2026-10-02 10:00", prospect=first, list_id=fair, reached=True)
    story.call("ana", "2026-10-02 11:00", prospect=second, list_id=fair)
    lead = story.lead("2026-10-02", amount=500, list_id=fair, prospect_id=first)
    story.close(lead, "won", "2026-11-02")
    story.lead("2026-10-03", list_id=fair)
    report = reports.run(story.session, "lists")
    assert row(report, "Fair") == {
        "list": "Fair",
        "rows": 3,
        "called": 2,
        "reached": 1,
        "leads": 2,
        "won": 1,
        "won_amount": 500_00,
        "calls": 3,
        "calls_per_lead": Rate(3, 2),
    }
    assert row(report, "Web")["calls_per_lead"].value is None
    opened = reports.open_figure(story.session, "lists", "Fair", "called")
    assert opened.prospects == (first, second)
    october = reports.run(story.session, "lists", Filters(period="2026-10", list_name="fair"))
    assert (october.keys, october.totals["won"], october.totals["leads"]) == (("Fair",), 0, 2)
    assert web


def test_hours_are_the_prospects_own(story):
    """10:00 in Madrid is 09:00 in London and 14:30 in Kolkata."""
    book = story.list("Fair")
    for zone, reached in (("Europe/London", True), ("Asia/Kolkata", False), ("", True)):
        story.call(
            "ana",
            "2026-11-17 10:00",
            prospect=story.prospect(book, zone=zone),
            list_id=book,
            reached=reached,
        )
    report = reports.run(story.session, "hours")
    assert [(r["weekday"], r["hour"], r["reached_rate"]) for r in report.rows] == [
        (2, 9, Rate(1, 1)),
        (2, 10, Rate(1, 1)),
        (2, 14, Rate(0, 1)),
    ]
    kolkata = reports.open_figure(story.session, "hours", "2/14", "calls")
    assert kolkata.actions == (2,)
    assert any("1 call without a zone" in note for note in report.notes)


def test_goal_pace_counts_working_days(story):
    """Monday 23 November 2026: of the month's 21 working days 16 are gone with today; 6 are left,
    today included."""
    story.goal("calls", "day", 50, "ana")
    story.goal("amount", "month", 20_000_00)
    story.call("ana", "2026-11-23 09:00")
    story.close(story.lead("2026-11-01", amount=8000), "won", "2026-11-02")
    report = reports.run(story.session, "goals")
    calls, money = report.rows
    assert (calls["who"], calls["done"], calls["share"]) == ("ana", 1, Rate(1, 50))
    assert (calls["days"], calls["needed_per_day"]) == (1, 49)
    assert (money["days_gone"], money["days"]) == (16, 21)
    assert money["needed_per_day"] == 2_000_00  # 12,000 missing over 6 days
    assert money["calls_needed"] is None  # one win says nothing of how many calls it takes


def test_goals_of_a_past_period_are_about_that_period(story):
    """October 2026 has 22 working days, from Thursday the 1st to Friday the 30th: 2 of them in the
    first week, 5 in each of the four others."""
    story.goal("wins", "month", 3)
    story.goal("calls", "day", 10, "ana")
    story.goal("calls", "week", 20, "ana")
    story.goal("leads", "quarter", 9)
    for day in (1, 15, 15, 31):
        story.call("ana", f"2026-10-{day:02d} 10:00")
    story.call("ana", "2026-11-02 10:00")
    story.close(story.lead("2026-09-30", amount=8000), "won", "2026-10-05")
    story.close(story.lead("2026-10-02", amount=8000), "won", "2026-11-05")
    report = reports.run(story.session, "goals", Filters(period="2026-10"))
    shown = [(r["period"], r["target"], r["done"], r["days"], r["days_gone"]) for r in report.rows]
    assert shown == [
        ("2026-10", 220, 4, 22, 22),  # one's own come first
        ("2026-10", 88, 4, 22, 22),  # 20 x (2 / 5 + 4)
        ("2026-10", 3, 1, 22, 22),
        ("2026-Q4", 9, 1, 66, 38),
    ]
    wins = report.rows[2]
    assert (wins["by_now"], wins["needed_per_day"], wins["calls_needed"]) == (3, None, None)
    running = reports.run(story.session, "goals", Filters(period="this-quarter"))
    assert [r["period"] for r in running.rows] == ["2026-11-23", "2026-W48", "2026-11", "2026-Q4"]


def test_goal_says_the_calls_it_takes_from_the_last_90_days(story):
    """100 calls and 5 wins of 1,000 in 90 days: 20 calls a win. 2,000 missing: 2 wins, 40 calls."""
    story.goal("amount", "month", 3_000_00, "ana")
    for n in range(100):
        story.call("ana", f"2026-10-{n % 28 + 1:02d} 10:{n // 28:02d}")
    for day in ("2026-10-02", "2026-10-03", "2026-10-04", "2026-10-05", "2026-11-02"):
        story.close(story.lead("2026-10-01", amount=1000), "won", day)
    report = reports.run(story.session, "goals")
    assert report.rows[0]["calls_needed"] == 40
    assert any("2 more this month: about 40 calls, 7 a day" in note for note in report.notes)


@pytest.mark.parametrize(("calls", "named"), [(29, False), (30, True)])
def test_an_hour_is_the_best_from_thirty_calls_on(story, calls, named):
    for minute in range(calls):
        story.call("ana", f"2026-11-17 09:{minute:02d}", reached=minute < 20)
        story.call("ana", f"2026-11-17 11:{minute:02d}", reached=minute < 10)
    for minute in range(5):
        story.call("ana", f"2026-11-17 05:{minute:02d}", reached=True)
    notes = reports.run(story.session, "hours").notes
    assert any(note.startswith("Best Tue 9h 67%, worst Tue 11h 33%") for note in notes) is named
    assert not any("5h" in note for note in notes)


# -- follow-ups, lengths, cold and warm ------------------------------------------------------------


def table(report, name):
    return next(part for part in report.more if part.table == name)


def test_a_call_is_followed_up_when_a_later_next_action_stands_in_the_end(session):
    """Seven calls on leads: planned in the line; after "Next?"; standing before; none; overdue and
    not reached; a recurring one that moves on; one on a closed lead, which does not count."""

    def read(text):
        return reader.read(text, session.now)

    def deal():
        return leads.create(session, "A deal")

    line, asked, before, none, late, again, closed = (deal() for _n in range(7))
    actions.log(
        session, line, "call", outcome=1, line=note_line.read("talks > fri 10", session.now)
    )
    actions.log(session, asked, "call", outcome=3)
    next_actions.set_next(session, asked, read("tomorrow"))
    next_actions.set_next(session, before, read("in 3 weeks"))
    actions.log(session, before, "call", outcome=1)
    actions.log(session, none, "call", outcome=1)
    t.Lead.update(next_day="2026-11-20").where(t.Lead.id == late).execute()
    actions.log(session, late, "call", outcome=3)
    next_actions.set_next(session, again, read("every monday"))
    t.Lead.update(next_day="2026-11-23").where(t.Lead.id == again).execute()
    actions.log(session, again, "call", outcome=1)
    closing.won(session, closed)
    actions.log(session, closed, "call", outcome=1)
    actions.log(session, none, "email", outcome=1)
    kept = dict(
        session.store.rows("SELECT lead_id, follow_up FROM actions WHERE kind = 'call' ORDER BY id")
    )
    assert kept == {line: 1, asked: 1, before: 1, none: 0, late: 0, again: 1, closed: None}
    report = reports.run(session, "activity", Filters(period="2026-11"))
    assert table(report, "by_rep").rows[0]["follow_up"] == Rate(4, 6)
    assert sum(row["follow_up"].n for row in report.rows if row["kind"] == "call") == 4
    assert [row["follow_up"] for row in report.rows if row["kind"] == "email"] == [None]
    undo.undo(session)
    assert reports.run(session, "activity", Filters(period="2026-11")).totals["count"] == 7


def test_lengths_and_cold_calls(session):
    story = Story(session)
    fair = story.list("Fair")
    row = story.prospect(fair)
    deal = story.lead("2026-11-01")
    story.call("ana", "2026-11-02 10:00", prospect=row, list_id=fair, minutes=2)
    story.call("ana", "2026-11-02 11:00", prospect=row, list_id=fair, reached=True)
    story.call("ana", "2026-11-03 10:00", reached=True, lead=deal, minutes=5)
    story.act("ana", "2026-11-03 12:00", "visit", reached=True, lead=deal, minutes=60)
    story.act("ana", "2026-11-03 13:00", "note", lead=deal)
    report = reports.run(session, "activity", Filters(period="2026-11"))
    assert report.totals["average_minutes"] == 22.3  # 67 / 3
    by_kind = [tuple(row.values()) for row in table(report, "by_kind").rows]
    assert by_kind == [("call", 3, 2, 7.0, 3.5), ("visit", 1, 1, 60.0, 60.0)]
    (cold,) = table(report, "cold_warm").rows
    assert tuple(cold.values()) == ("ana", 2, 1, 1, 1)
    assert table(report, "by_rep").rows[0]["minutes"] == 7.0


def test_calls_a_lead_are_of_whoever_had_it_when_it_closed(session):
    story = Story(session)
    story.user("ben")
    story.call("ana", "2026-11-02 10:00")
    story.call("ben", "2026-11-02 10:00")
    deal = story.lead("2026-11-02", owner="ana")
    story.close(deal, "lost", "2026-11-03", "No need")
    story.give(deal, "ben", "2026-11-04")
    rows = {
        row["rep"]: row["calls_per_lead"]
        for row in table(reports.run(session, "activity", Filters(period="2026-11")), "by_rep").rows
    }
    assert rows == {"ana": Rate(1, 1), "ben": Rate(1, 0)}
