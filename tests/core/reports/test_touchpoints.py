"""Touchpoints by channel and by the first contact, and the forecast by rep, counted by hand."""

from tests.core.reports.data import Story
from tui_crm.core import reports
from tui_crm.core.reports import TOTAL, Filters, Rate

NOVEMBER = Filters(period="2026-11")


def told(session):
    """Three leads: one called, then written to, won; one written to first, lost; one won after a
    call on its row, before it was a lead. What comes after the closing day is no touch."""
    story = Story(session)
    first = story.lead("2026-11-01", amount=100)
    story.call("ana", "2026-11-02 10:00", reached=True, lead=first)
    story.act("ana", "2026-11-03 10:00", "email", lead=first)
    story.act("ana", "2026-11-03 11:00", "note", lead=first)
    story.act("ana", "2026-11-03 12:00", "email", lead=first, reached=True)
    story.close(first, "won", "2026-11-04")
    story.act("ana", "2026-11-05 12:00", "visit", lead=first)
    second = story.lead("2026-11-01", amount=100)
    story.act("ana", "2026-11-02 10:00", "note", lead=second)
    story.act("ana", "2026-11-03 10:00", "email", lead=second)
    story.call("ana", "2026-11-04 10:00", lead=second)
    story.close(second, "lost", "2026-11-05", "No need")
    row = story.prospect(story.list("Fair"))
    story.call("ana", "2026-11-06 10:00", prospect=row)
    third = story.lead("2026-11-07", prospect_id=row)
    story.act("ana", "2026-11-08 10:00", "meeting", lead=third, reached=True)
    story.close(third, "won", "2026-11-09")
    story.close(story.lead("2026-11-09"), "won", "2026-11-09")
    return story


def test_touches_by_channel_say_what_was_answered(session):
    told(session)
    report = reports.run(session, "touchpoints", NOVEMBER)
    by_channel, first_contact = report.more
    assert by_channel.table == "by_channel"
    assert [tuple(row.values()) for row in by_channel.rows] == [
        ("call", 2, 1, Rate(1, 2)),
        ("email", 2, 1, Rate(1, 2)),
        ("meeting", 1, 1, Rate(1, 1)),
    ]
    assert by_channel.totals["count"] == report.totals["touches"] == 5
    assert first_contact.table == "first_contact"
    assert {tuple(row.values()) for row in first_contact.rows} == {
        ("call", 2, 0, Rate(2, 2)),
        ("email", 0, 1, Rate(0, 1)),
        ("–", 1, 0, Rate(1, 1)),
    }
    opened = reports.open_figure(session, "touchpoints", "email", "answered", NOVEMBER, part=1)
    assert opened.counted == 1
    assert reports.open_figure(session, "touchpoints", "call", "won", NOVEMBER, part=2).leads


def test_the_forecast_by_rep_adds_up_to_the_forecast(session):
    story = Story(session)
    story.user("ben")
    story.close(story.lead("2026-11-01", amount=300), "won", "2026-11-02")
    story.lead("2026-11-01", amount=1000, probability=30, expected="2026-11-28")
    story.lead("2026-11-01", amount=500, probability=50, owner="ben", expected="2026-11-29")
    story.lead("2026-11-01", amount=900, owner="ben", expected="2026-11-20")  # overdue
    story.lead("2026-11-01", amount=70, owner=None, expected="2026-11-30", probability=100)
    report = reports.run(session, "forecast", NOVEMBER)
    (by_rep,) = report.more
    assert [tuple(row.values())[:5] for row in by_rep.rows] == [
        ("ana", 300_00, 1000_00, 300_00, 1),
        ("ben", 0, 500_00, 250_00, 1),
        ("–", 0, 70_00, 70_00, 1),
    ]
    for column in ("won_amount", "open_amount", "weighted_amount", "leads"):
        assert by_rep.totals[column] == report.totals[column]
        assert sum(row[column] for row in by_rep.rows) == by_rep.totals[column]
    opened = reports.open_figure(session, "forecast", TOTAL, "leads", NOVEMBER, part=1)
    assert opened.counted == 3
