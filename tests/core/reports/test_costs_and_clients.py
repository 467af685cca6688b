"""Costs and what they brought, directions, e-mails, meetings, clients: stories counted by hand."""

from dataclasses import replace

import pytest

from tests.core.reports.data import Story
from tui_crm.core import reports
from tui_crm.core.calling import list_rules
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.leads import leads
from tui_crm.core.reports import Filters, Rate
from tui_crm.core.setup import costs, tags
from tui_crm.core.store import tables as t


def table(report, name):
    return next(part for part in report.parts if part.table == name)


def outcome(session, kind, label):
    return session.store.value(
        "SELECT id FROM outcomes WHERE kind = ? AND label = ?", (kind, label)
    )


def ended(story, who, when, kind, label, reached, **values):
    number = story.act(who, when, kind, reached=reached, **values)
    t.Action.update(outcome_id=outcome(story.session, kind, label)).where(
        t.Action.id == number
    ).execute()
    return number


def rows(report, *columns):
    return [tuple(row[column] for column in columns) for row in report.rows]


# -- costs ----------------------------------------------------------------------------------------


def test_what_sources_and_lists_cost_and_brought(session):
    story = Story(session)
    story.tag("Fair")
    book = story.list("Book")
    story.close(story.lead("2026-10-05", amount=5000, tags=("Fair",)), "won", "2026-11-20")
    story.lead("2026-10-06", amount=900, tags=("Fair",), list_id=book)
    story.close(story.lead("2026-10-07", amount=100, source="web"), "lost", "2026-10-08", "No need")
    story.lead("2026-10-08", list_id=book)
    story.lead("2026-11-08", tags=("Fair",))  # after the period
    costs.add(session, 1000_00, "2026-10", source="fair")
    costs.add(session, 920_00, "2026-q4", source="FAIR")  # 31 of its 92 days
    costs.add(session, 300_00, "2026-10", list_name="book")
    costs.add(session, 77_00, "2026-10", source="Radio")  # brought nothing
    costs.add(session, 50_00, "2026-09", source="web")  # before the period
    gone = costs.add(session, 9999_00, "2026-10", source="web")
    costs.retire(session, gone)
    report = reports.run(session, "roi", Filters(period="2026-10"))
    found = {row["source"]: row for row in report.rows}
    fair = found["Fair"]
    assert (fair["of"], fair["cost"], fair["leads"], fair["won"]) == ("source", 1310_00, 2, 1)
    assert fair["cost_per_lead"] == 655_00 and fair["cost_per_win"] == 1310_00
    assert fair["return"] == Rate(5000_00 - 1310_00, 1310_00)
    book_row = found["Book"]
    assert (book_row["of"], book_row["cost"], book_row["leads"]) == ("list", 300_00, 2)
    assert book_row["won"] == 0 and book_row["cost_per_win"] is None
    assert book_row["return"] == Rate(-300_00, 300_00)
    assert (found["Radio"]["leads"], found["Radio"]["cost_per_lead"]) == (0, None)
    assert found["web"]["cost"] is None and found["web"]["return"] is None
    assert report.totals["cost"] == 1310_00 + 300_00 + 77_00
    assert report.totals["leads"] == 4


def test_a_cost_needs_a_period_and_somebody_who_has_it(session):
    with pytest.raises(CrmError, match="period"):
        costs.add(session, 1, "all", source="Fair")
    with pytest.raises(CrmError, match="source or of a list"):
        costs.add(session, 1, "2026-10")
    with pytest.raises(NotFound, match="no list"):
        costs.add(session, 1, "2026-10", list_name="nowhere")
    with pytest.raises(CrmError, match="amount"):
        costs.add(session, -1, "2026-10", source="Fair")


# -- directions -----------------------------------------------------------------------------------


def test_the_direction_is_by_hand_else_of_a_tag_else_of_the_list(session):
    story = Story(session)
    story.tag("Web")
    story.tag("Fair")
    story.tag("Cold")
    tags.edit(session, "Web", direction="inbound")
    tags.edit(session, "Cold", direction="outbound")
    book, answers = story.list("Book"), story.list("Answers")
    list_rules.set_rules(session, answers, direction="inbound")
    by_hand = story.lead("2026-10-01", tags=("Web",))
    leads.set_direction(session, by_hand, "outbound")
    unsaid = story.lead("2026-10-01", list_id=book)
    leads.set_direction(session, unsaid, "none")
    story.lead("2026-10-02", tags=("Fair", "Web", "Cold"), list_id=book)  # Web is the first
    story.lead("2026-10-03", list_id=book)
    row = story.prospect(answers)
    story.close(story.lead("2026-10-04", list_id=answers, prospect_id=row), "won", "2026-11-02")
    story.lead("2026-10-05", tags=("Fair",))
    report = reports.run(session, "process", Filters(period="2026-10..2026-11"))
    figures = ("inbound", "outbound", "unknown", "qualified", "inbound_won", "outbound_won")
    assert rows(report, *figures) == [(2, 2, 2, 1, 0, 0), (0, 0, 0, 0, 1, 0)]
    created = reports.run(session, "company", Filters(period="2026-10")).totals["created"]
    assert sum(report.totals[key] for key in figures[:3]) == created
    tags.edit(session, "Web", direction="none")
    again = reports.run(session, "process", Filters(period="2026-10"))
    assert again.totals["inbound"] == 1 and again.totals["outbound"] == 3


def test_a_word_that_is_no_direction_is_refused(session):
    Story(session).tag("Web")
    with pytest.raises(CrmError, match="no direction"):
        tags.edit(session, "Web", direction="sideways")


# -- e-mails and meetings -------------------------------------------------------------------------


def test_emails_count_whatever_became_of_them(session):
    story = Story(session)
    story.user("ben")
    deal = story.lead("2026-11-01")
    ended(story, "ana", "2026-11-02 10:00", "email", "Sent", False, lead=deal)
    ended(story, "ana", "2026-11-03 10:00", "email", "Answered", True, lead=deal)
    ended(story, "ana", "2026-11-03 11:00", "email", "Bounced", False, lead=deal)
    story.act("ana", "2026-11-03 12:00", "email", lead=deal)
    story.call("ana", "2026-11-03 13:00", reached=True, lead=deal)
    ended(story, "ben", "2026-10-30 10:00", "email", "Bounced", False, lead=deal)
    report = reports.run(session, "emails", Filters(period="2026-10..2026-11"))
    figures = ("rep", "period", "sent", "answered", "reply_rate", "bounced", "clicked")
    assert rows(report, *figures) == [
        ("ana", "2026-11", 4, 1, Rate(1, 3), 1, None),
        ("ben", "2026-10", 1, 0, Rate(0, 0), 1, None),
    ]
    assert report.totals["sent"] == 5


def test_meetings_are_held_not_held_or_moved(session):
    story = Story(session)
    deal = story.lead("2026-11-01")
    ended(story, "ana", "2026-11-02 10:00", "meeting", "Held", True, lead=deal)
    ended(story, "ana", "2026-11-03 10:00", "meeting", "Moved", False, lead=deal)
    ended(story, "ana", "2026-11-04 10:00", "meeting", "No show", False, lead=deal)
    ended(story, "ana", "2026-11-05 10:00", "visit", "Held", True, lead=deal)
    story.act("ana", "2026-11-06 10:00", "meeting", lead=deal)  # nobody said how it ended
    report = reports.run(session, "meetings", Filters(period="2026-11"))
    assert rows(report, "held", "not_held", "moved", "held_rate") == [(2, 1, 1, Rate(2, 3))]
    opened = reports.open_figure(
        session, "meetings", "ana/2026-11", "held_rate", Filters(period="2026-11")
    )
    assert opened.counted == 3


# -- clients --------------------------------------------------------------------------------------


def test_a_client_is_silent_against_its_own_rhythm(session):
    story = Story(session)
    acme = t.Client.insert(name="Acme", match="acme", created_at=story.now).execute()
    first, second = story.lead("2026-09-01", amount=800), story.lead("2026-10-01", amount=200)
    t.Lead.update(client_id=acme).where(t.Lead.id.in_([first, second])).execute()
    story.close(first, "won", "2026-10-20")
    for day, deal in (("01", first), ("03", second), ("03", first), ("06", second), ("20", first)):
        story.call("ana", f"2026-10-{day} 10:00", lead=deal)
    story.act("ana", "2026-11-20 10:00", "note", lead=first)
    report = reports.run(session, "clients")
    (row,) = report.rows
    assert (row["client"], row["leads"], row["won_amount"]) == ("Acme", 2, 800_00)
    assert row["last_contact"].isoformat() == "2026-10-20T10:00:00+02:00"
    assert row["silent_days"] == 34  # until 23 November
    assert row["usual_days"] == 3  # 2, 3, 14
    then = reports.run(session, "clients", Filters(as_of="2026-10-07"))
    assert then.rows[0]["silent_days"] == 1 and then.rows[0]["usual_days"] is None


# -- the dashboard --------------------------------------------------------------------------------


def test_the_dashboard_is_the_figures_of_the_other_reports(session):
    story = Story(session)
    story.user("ben")
    story.lead("2026-11-01", amount=1000, probability=30)
    story.lead("2026-11-01", amount=500, owner="ben", step="Proposal", probability=50)
    story.lead("2026-11-01", amount=None, owner="ben", step="Proposal", probability=50)
    story.close(story.lead("2026-09-01", amount=300), "won", "2026-10-02")
    story.close(story.lead("2026-09-01", amount=100), "won", "2026-11-02")
    story.close(story.lead("2026-09-01", amount=7), "lost", "2026-11-03", "No need")
    asked = Filters(period="2026-10..2026-11")
    report = reports.run(session, "dashboard", asked)
    assert [part.table for part in report.more] == [
        "open",
        "won",
        "by_month",
        "open_by_rep",
        "funnel",
        "reasons",
    ]
    headline = report.rows[0]
    assert report.totals == headline
    assert table(report, "open").rows[0] == {
        "leads": 3,
        "amount": 1500_00,
        "weighted_amount": 550_00,
    }
    company = reports.run(session, "company", asked).totals
    for column in ("won", "won_amount", "average_won", "win_rate"):
        assert headline[column] == table(report, "won").totals[column] == company[column]
    assert rows(table(report, "by_month"), "period", "won", "won_amount") == [
        ("2026-10", 1, 300_00),
        ("2026-11", 1, 100_00),
    ]
    assert rows(table(report, "open_by_rep"), "rep", "step", "leads", "amount") == [
        ("ana", "Qualified", 1, 1000_00),
        ("ben", "Proposal", 2, 500_00),
    ]
    assert rows(table(report, "funnel"), "step", "leads") == [
        ("Qualified", 1),
        ("Contacted", 0),
        ("Proposal", 2),
        ("Closing", 0),
    ]
    assert rows(table(report, "reasons"), "reason", "count") == [("No need", 1)]
    past = reports.run(session, "dashboard", replace(asked, as_of="2026-10-15"))
    assert past.rows[0]["won"] == 1 and past.rows[0]["leads"] == 2
