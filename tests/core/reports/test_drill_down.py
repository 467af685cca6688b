"""What stands behind a figure, as it is read, on both engines."""

import pytest

from tests.core.reports.data import Story
from tui_crm.core import reports
from tui_crm.core.errors import NotFound
from tui_crm.core.reports import Filters, drill_down


@pytest.fixture
def week(session):
    """Ana calls twice, Ben three times; one of his calls is on a lead, hers on a list."""
    story = Story(session)
    story.user("ben")
    story.list_id = story.list("Dental Berlin")
    story.row = story.prospect(story.list_id, company="Praxis Weiß", city="Berlin")
    story.deal = story.lead("2026-11-02", title="Acme GmbH: relaunch")
    story.calls = [
        story.call("ana", "2026-11-16 10:00", prospect=story.row, list_id=story.list_id),
        story.call("ana", "2026-11-16 11:00", prospect=story.row, list_id=story.list_id),
        story.call("ben", "2026-11-17 09:30", reached=True, lead=story.deal),
        story.call("ben", "2026-11-17 10:00", lead=story.deal),
        story.call("ben", "2026-11-18 10:00", lead=story.deal),
    ]
    return story


def test_several_rows_open_as_one_figure(session, week):
    report = reports.run(session, "activity", Filters(period="2026-11"))
    rows = [key for key in report.keys if key.endswith("No answer")]
    assert len(rows) == 2
    opened = reports.open_figure(session, "activity", rows, "count", Filters(period="2026-11"))
    assert opened.value == opened.counted == 4
    assert set(opened.actions) == set(week.calls) - {week.calls[2]}
    assert opened.formula == report.formulas["count"]


def test_one_row_opens_as_it_does_by_itself(session, week):
    alone = reports.open_figure(
        session, "activity", "ben", "calls", Filters(period="2026-11"), part=1
    )
    assert (
        reports.open_figure(
            session, "activity", ["ben"], "calls", Filters(period="2026-11"), part=1
        )
        == alone
    )


def test_a_row_that_is_not_there_is_refused(session, week):
    with pytest.raises(NotFound):
        reports.open_figure(session, "activity", ["zoe", "ben"], "calls", part=1)


def test_actions_say_who_when_what_and_about_whom(session, week):
    lines = drill_down.actions(session, [week.calls[2], 999, week.calls[0]])
    assert [(x.by, x.kind, x.outcome, x.reached, x.title) for x in lines] == [
        ("ben", "call", "Reached", True, "Acme GmbH: relaunch"),
        ("ana", "call", "No answer", False, "Praxis Weiß"),
    ]
    assert f"{lines[0].at:%Y-%m-%d %H:%M}" == "2026-11-17 09:30"
    assert lines[0].lead_id == week.deal and lines[1].prospect_id == week.row
    assert drill_down.actions(session, []) == []


def test_prospects_say_their_list_and_line(session, week):
    (line,) = drill_down.prospects(session, [week.row, 999])
    assert (line.list, line.line, line.title, line.city) == (
        "Dental Berlin",
        1,
        "Praxis Weiß",
        "Berlin",
    )
    assert drill_down.prospects(session, []) == []
