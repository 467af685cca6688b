"""Counting in the background: first numbers first, and nothing counted for nobody."""

import threading
from datetime import timedelta

import pytest

from tests.tui.stats.driver import counted, press, view
from tui_crm.core import reports
from tui_crm.core.errors import CrmError, StoreError
from tui_crm.core.reports import Filters
from tui_crm.tui.screens.stats import loading

FOREVER = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT MAX(i) FROM n"


@pytest.fixture
def large(monkeypatch):
    """Every store is a large one."""
    monkeypatch.setattr(loading, "LARGE", 0)


def test_a_comparison_comes_after_the_numbers(crm, large):
    first, last = loading.load_report(crm.session, "company", Filters())
    assert first[0] == Filters(compare="") and first[1].report.before is None
    assert last[0] == Filters() and last[1].report.before is not None
    assert first[1].report.rows == last[1].report.rows


def test_a_slow_report_begins_with_the_last_days_and_says_so(crm, large):
    filters = Filters(period="2026")
    first, last = loading.load_report(crm.session, "pipeline", filters)
    today = crm.session.today
    days = first[1].report.period
    assert (days.first, days.last) == (today - timedelta(days=30), today)
    assert first[0].period == days.label
    assert first[1].report == reports.run(crm.session, "pipeline", Filters(period=days.label))
    assert last[0] == filters
    assert last[1].report == reports.run(crm.session, "pipeline", Filters(period="2026"))


async def test_first_numbers_are_on_the_screen_while_the_rest_is_counted(crm):
    gate, answers = threading.Event(), []

    def work():
        yield "first"
        gate.wait()
        yield "whole"

    async with crm.driving((80, 24)) as d:
        await press(d, "S")
        stats = d.app.screen
        stats.jobs.submit("report", work, answers.append)
        while not answers:
            await d.settle()
        assert answers == ["first"] and stats.counting
        gate.set()
        await counted(d)
        assert answers == ["first", "whole"]


async def test_what_nobody_waits_for_is_given_up(crm):
    answers = []
    async with crm.driving((80, 24)) as d:
        await press(d, "S")
        stats = d.app.screen
        stats.jobs.submit("report", lambda: stats.session.store.value(FOREVER), answers.append)
        await d.press("slash")
        await d.type("2026-q4")
        await d.press("enter")  # asked for while the other would go on forever
        await counted(d)
        assert answers == [] and not stats.counting
        assert view(d).figure is not None


def test_a_question_ends_when_it_is_not_wanted_any_more(crm):
    store, asked = crm.session.store, []
    before = store.value("SELECT COUNT(*) FROM leads")

    def wanted():
        asked.append(True)
        return len(asked) < 3

    with pytest.raises(StoreError), store.cancellable(wanted):
        store.value(FOREVER)
    assert store.value("SELECT COUNT(*) FROM leads") == before  # and the next one is answered


async def test_a_failure_after_the_first_numbers_is_said(crm):
    answers = []

    def work():
        yield "first"
        raise CrmError("It broke.", "")

    async with crm.driving((80, 24)) as d:
        await press(d, "S")
        d.app.screen.jobs.submit("report", work, answers.append)
        await counted(d)
        assert answers[0] == "first" and isinstance(answers[1], CrmError)
