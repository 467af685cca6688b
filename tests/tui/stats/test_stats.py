"""Stats: the cursor on the figures of the reports, what is behind each, and counting anew."""

from __future__ import annotations

import threading

import pytest

from tests.tui.stats.driver import counted, filtered, press, to, view
from tui_crm.core import reports
from tui_crm.core.errors import CrmError
from tui_crm.core.leads import leads
from tui_crm.core.reports import Filters, Rate
from tui_crm.tui.widgets.charts import CursorPosition

# -- the cursor --------------------------------------------------------------------------------


async def test_j_k_h_and_right_walk_the_figures_and_the_words_follow(crm):
    async with crm.driving((80, 24)) as d:
        await press(d, "S")
        assert d.shows("win rate = won / (won + lost), closed in the period = 2 of 8")
        await press(d, "h")
        assert view(d).cursor == CursorPosition("0/2026-11", "average_won")
        await press(d, "right", "k")
        assert view(d).figure.where == "Oct"
        assert d.shows("Oct opened") and d.shows("= 5 of 15")
        await press(d, "g")
        assert view(d).figure.where == "Jun"
        await press(d, "G")
        assert view(d).figure.where == "sum" and d.shows("19 of 67")


async def test_the_cursor_of_a_report_is_kept_while_one_looks_at_others(crm):
    async with crm.driving((80, 24)) as d:
        await press(d, "S", "k", "k", "h")
        before = view(d).cursor
        await press(d, "3", "j", "5", "1")
        assert view(d).cursor == before


async def test_the_cursor_stays_in_view_in_a_report_longer_than_the_screen(crm):
    async with crm.driving((80, 24)) as d:
        await press(d, "S")
        await filtered(d, "2026 by:week")
        await press(d, "G", "k", "k")
        assert d.shows("W51") and not d.shows(" W05 ")
        await press(d, "g")
        assert d.shows("W01") and d.shows("week    created")


# -- figures open ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("company", ["k"]),
        ("company", ["h", "h", "h", "h", "h"]),
        ("team", ["h", "h", "h"]),
        ("activity", ["h"]),
        ("activity", ["h", *"jjjjjjj"]),
        ("pipeline", ["h"]),
        ("pipeline", ["right", "j"]),
        ("forecast", ["right", "right"]),
        ("hours", ["right", "j"]),
        ("lists", ["h", "h"]),
        ("lists", ["right"]),
        ("leads", ["g"]),
        ("reasons", ["g"]),
        ("sources", ["g"]),
        ("ageing", ["g"]),
        ("velocity", ["h", "h", "h", "h", "h"]),
    ],
)
async def test_a_figure_opens_on_as_many_rows_as_it_says(crm, name, keys):
    async with crm.driving((80, 24)) as d:
        await to(d, name)
        await press(d, *keys)
        figure = view(d).figure
        says = figure.value.d if isinstance(figure.value, Rate) else figure.value
        await press(d, "enter")
        assert d.app.screen.NAME == "figure"
        assert len(d.app.screen.records.rows) == says > 0
        words = {"leads": "lead", "actions": "action"}.get(d.app.screen.kind, "row")
        assert f" {says} {words}" in d.row(1)
        await press(d, "escape")
        assert d.app.screen.NAME == "stats" and view(d).figure == figure


async def test_money_opens_on_the_leads_that_make_it(crm):
    async with crm.driving((80, 24)) as d:
        await press(d, "S", "h", "h")
        assert view(d).figure.column == "won_amount"
        value = view(d).figure.value
        await press(d, "enter")
        numbers = d.app.screen.numbers()
        assert sum(crm.lead(n).amount or 0 for n in numbers) == value


async def test_what_was_left_out_stands_behind_tab_with_its_reason(crm):
    async with crm.driving((80, 24)) as d:
        await press(d, "S")
        await filtered(d, "2026")
        await press(d, "G")
        assert view(d).figure.column == "win_rate"
        opened = reports.open_figure(
            crm.session, "company", "total", "win_rate", Filters(period="2026")
        )
        assert opened.left_out
        await press(d, "enter")
        assert f"{len(opened.left_out)} left out" in d.row(1)
        await press(d, "tab")
        assert len(d.app.screen.records.rows) == len(opened.left_out)
        assert d.shows("cancelled")
        await press(d, "tab")
        assert len(d.app.screen.records.rows) == opened.counted


async def test_do_keys_act_on_the_rows_of_a_figure_and_the_report_follows(crm):
    async with crm.driving((80, 24)) as d:
        await to(d, "ageing")
        before = view(d).figure
        await press(d, "enter")
        number = d.app.screen.subject()
        await press(d, "w", "enter")
        assert crm.lead(number).status == "won" and d.shows("Won")
        assert len(d.app.screen.records.rows) == before.value  # the figure as it was counted
        await press(d, "escape")
        assert view(d).figure.value == before.value - 1
        await press(d, "u")
        await counted(d)
        assert view(d).figure.value == before.value


async def test_actions_behind_a_figure_open_their_lead(crm):
    async with crm.driving((80, 24)) as d:
        await to(d, "activity")
        await press(d, "right")
        assert view(d).figure.column == "email"
        await press(d, "enter", "enter")
        assert d.app.screen.NAME == "lead"
        await press(d, "escape")
        assert d.app.screen.NAME == "figure"


async def test_nothing_behind_a_figure_is_said(crm):
    async with crm.driving((80, 24)) as d:
        await to(d, "company")
        await filtered(d, "2020")
        await press(d, "enter")
        assert d.app.screen.NAME == "stats" and d.shows("there is nothing behind this figure.")


# -- counting ----------------------------------------------------------------------------------


async def test_a_quick_hand_gets_the_last_report_and_period_it_asked_for(crm):
    async with crm.driving((80, 24)) as d:
        await press(d, "S")
        await d.burst("2", "3", "6", *["left_square_bracket"] * 3)
        await counted(d)
        # Nothing was shown yet to go back from: the first one counts from what was on its way.
        assert d.row(1).startswith(" Team  ")
        await d.burst("slash", *"2026-10", "enter", "left_square_bracket", "left_square_bracket")
        await counted(d)
        assert d.row(1).startswith(" Team  Aug 2026, by rep")


async def test_the_screen_lives_while_something_is_counted(crm):
    gate, answers = threading.Event(), []
    async with crm.driving((80, 24)) as d:
        await press(d, "S")
        stats = d.app.screen
        stats.jobs.submit("report", gate.wait, answers.append)  # a report that takes its time
        await d.press("question_mark")
        assert d.app.screen.NAME == "help"
        await d.press("escape")
        assert d.app.screen is stats and stats.counting
        await d.press("k")
        assert view(d).figure.where == "Oct"
        stats.jobs.submit("report", lambda: "newer", answers.append)
        gate.set()
        await counted(d)
        assert answers == ["newer"]  # what nobody waits for any more is dropped


async def test_a_bug_in_a_report_is_one_sentence(crm):
    answers = []
    async with crm.driving((80, 24)) as d:
        await press(d, "S")
        d.app.screen.jobs.submit("report", lambda: 1 // 0, answers.append)
        await counted(d)
        assert isinstance(answers[0], CrmError) and "ZeroDivisionError" in str(answers[0])


async def test_what_others_write_is_counted_anew(crm):
    async with crm.driving((80, 24)) as d:
        await to(d, "ageing")
        await press(d, "G")
        before = view(d).figure.value
        ben = crm.as_("ben")
        leads.create(ben, "Acme Iberia: audit")
        d.app.poll_changes()
        await counted(d)
        assert view(d).figure.value == before + 1
