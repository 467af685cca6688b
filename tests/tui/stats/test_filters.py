"""What Stats is asked: periods, comparisons, filters, other rows, saved views."""

from __future__ import annotations

import json

from tests.tui.stats.driver import MORE, filtered, more, press, to, view
from tui_crm.core import reports, saved_views
from tui_crm.core.reports import Filters
from tui_crm.core.store import tables as t
from tui_crm.core.team import goals
from tui_crm.tui.terminal import theme

# -- periods, comparisons, filters -------------------------------------------------------------


async def test_the_period_goes_back_and_on(crm):
    async with crm.driving((80, 24)) as d:
        await to(d, "team")
        assert d.row(1).startswith(" Team  Nov 2026")
        await press(d, "left_square_bracket", "left_square_bracket")
        assert d.row(1).startswith(" Team  Sep 2026, by rep")
        expected = reports.run(crm.session, "team", Filters(period="2026-09")).totals["won_amount"]
        assert expected == view(d).data.report.totals["won_amount"]
        await press(d, "right_square_bracket")
        assert d.row(1).startswith(" Team  Oct 2026")


async def test_a_report_about_today_has_no_period(crm):
    async with crm.driving((80, 24)) as d:
        await to(d, "ageing")
        await press(d, "left_square_bracket")
        assert d.shows("this report is about today")


async def test_the_comparison_turns_from_the_period_before_to_a_year_ago_to_none(crm):
    async with crm.driving((80, 24)) as d:
        await to(d, "team")
        assert "against 1 Oct to 23 Oct 2026" in d.row(1)
        await press(d, "equals_sign")
        assert "against 1 Nov to 23 Nov 2025" in d.row(1) and d.shows("Compared  with a year ago")
        await press(d, "equals_sign")
        assert "against" not in d.row(1)
        await press(d, "equals_sign")
        assert "against 1 Oct to 23 Oct 2026" in d.row(1)


async def test_all_time_has_nothing_before_it(crm):
    async with crm.driving((80, 24)) as d:
        await to(d, "team")
        await filtered(d, "all")
        assert d.row(1).startswith(" Team  all time") and "against" not in d.row(1)
        await press(d, "equals_sign")
        assert d.shows("all time has no period before it")
        await press(d, "left_square_bracket")
        assert d.shows("All time has no period before or after it.")
        await filtered(d, "all vs:previous")
        assert d.row(1).startswith(" Team  all time") and "against" not in d.row(1)


async def test_a_change_is_a_signed_word_in_its_colour(crm):
    async with crm.driving((80, 24)) as d:
        await to(d, "company")
        y = d.find("€236k")
        late = [text.strip() for text, style in d.styles(y) if style == theme.style("late")]
        assert late == ["▼ 16%", "▼ 8%", "▼ 10 pt", "3 d longer"]


async def test_filters_are_read_back_and_narrow_every_report(crm):
    async with crm.driving((80, 24)) as d:
        await to(d, "company")
        await press(d, "slash")
        await d.type("last quarter rep:me #fair by:week")
        assert d.shows("= Q3 2026  rep ana  tag fair  by week")
        await press(d, "enter")
        assert "Q3 2026, by week   ana  #fair" in d.row(1)
        expected = reports.run(
            crm.session, "company", Filters(period="2026-q3", rep=("ana",), tag=("fair",))
        )
        assert view(d).data.report.totals == expected.totals | {"period": "2026-Q3"}
        await press(d, "6")
        assert d.row(1).startswith(" Team  Q3 2026, by rep   ana  #fair")


async def test_a_word_that_makes_no_sense_is_said_and_not_taken(crm):
    async with crm.driving((80, 24)) as d:
        await to(d, "company")
        await press(d, "slash")
        await d.type("rep:zoe colour:red someday")
        await press(d, "enter")
        assert d.app.screen.sheet_open
        assert d.shows("? ") and d.shows("zoe") and d.shows("colour:red is no filter")
        assert d.shows("is no period")
        await press(d, "escape")
        assert d.row(1).startswith(" Company  Jun to Nov 2026, by month")


async def test_pipeline_and_list_filters_take_names_with_spaces(crm):
    async with crm.driving((80, 24)) as d:
        await to(d, "lists")
        await filtered(d, 'list:"bodegas [rioja] 2026" pipeline:sales')
        assert d.shows("Bodegas [Rioja] 2026") and not d.shows("Dental Berlin")


async def test_the_lists_are_cut_by_script_or_by_a_column(crm):
    names = json.dumps(
        [
            {"name": "Sector", "meaning": "text", "show": "no"},
            {"name": "Month", "meaning": "text", "show": "no"},
        ]
    )
    berlin = t.ProspectList.get(t.ProspectList.name == "Dental Berlin")
    t.ProspectList.update(columns=names).where(t.ProspectList.id == berlin.id).execute()
    rows = t.Prospect.select(t.Prospect.id).where(t.Prospect.list_id == berlin.id).order_by("id")
    for place, (number,) in enumerate(rows.tuples()):
        cells = json.dumps(["Dentist" if place % 3 else "Lab", f"m{place % 2}"])
        t.Prospect.update(cells=cells).where(t.Prospect.id == number).execute()
    async with crm.driving((80, 24)) as d:
        await to(d, "lists")
        await filtered(d, "by:script")
        assert d.row(1).startswith(" Lists  all time, by script")
        assert d.shows("answered") and d.shows("Dental Berlin, no script")
        await filtered(d, 'by:sector list:"dental berlin"')
        assert "by Sector" in d.row(1) and d.shows("Dentist") and d.shows("Lab")
        shown = view(d).data.report
        assert sorted(row["rows"] for row in shown.rows) == [0, 20, 40]  # 0: leads of no row
        await press(d, "h", "enter")
        assert d.app.screen.NAME == "figure" and d.app.screen.kind == "prospects"
        await press(d, "escape")
        await press(d, "1")
        assert d.shows("created"), "another report has its usual parts"
        await to(d, "lists")
        await filtered(d, 'by:column:month list:"dental berlin"')
        assert "by Month" in d.row(1) and d.shows("m1"), "a column called as a part of the period"
        await press(d, "slash", "ctrl+u")
        await d.type("by:sector")
        assert d.shows("? by: takes day to year, script, or a column with its list:.")
        await d.press("ctrl+u")
        await d.type('by:colour list:"dental berlin"')
        assert d.shows("has no column colour")


async def test_many_goals_stand_in_one_row_each_and_say_how_many_are_below(crm):
    for kind in ("calls", "actions", "leads", "wins"):
        for part in ("day", "week", "month", "quarter"):
            goals.put(crm.session, kind, part, 40)
    async with crm.driving((80, 24)) as d:
        await to(d, "goals")
        report = view(d).data.report
        assert len(report.rows) > 15
        rows = [row for row in d.screen() if "━" in row or "──" in row]
        assert len(rows) >= 15 and d.shows("days gone") and d.shows("more rows below")
        assert not any("…" in row for row in d.screen()[3:18])
        place = next(n for n, row in enumerate(report.rows) if row["goal"] == "amount")
        await press(d, *["j"] * place)
        done = report.rows[place]["done"] // 100
        assert d.shows(f"of it = done / target = €{done:,} of €20,000"), "in money, not in cents"
        await press(d, "G")
        assert not d.shows("more rows below") or view(d).cursor.row.startswith("0/")


async def test_the_hints_over_prospects_are_what_acts_on_them(crm):
    async with crm.driving((80, 24)) as d:
        await to(d, "lists")
        await press(d, "h", "h", "h", "enter")
        assert d.app.screen.NAME == "figure" and d.app.screen.kind == "prospects"
        assert d.row(23).startswith(" Enter call it  Esc back")


async def test_a_view_is_saved_and_comes_back_with_one_key(crm):
    async with crm.driving((80, 24)) as d:
        await to(d, "activity")
        await filtered(d, "2026-q3 rep:ben")
        await press(d, "V")
        await d.type("ben's summer")
        await press(d, "enter")
        assert [row.query for row in saved_views.views(crm.session, "stats")] == [
            "activity 2026-q3 rep:ben"
        ]
        await filtered(d, "")
        await press(d, "1", "v")
        assert d.row(1).startswith(" Activity  Q3 2026, by rep   ben")
        await press(d, "1", *more(len(MORE)))
        assert d.row(1).startswith(" Activity  Q3 2026, by rep   ben")


async def test_without_a_saved_view_v_says_which_key_saves_one(crm):
    async with crm.driving((80, 24)) as d:
        await press(d, "S", "v")
        assert d.shows("no view is saved yet") and d.shows("V save view")


async def test_a_compared_table_says_by_how_much_each_row_changed(crm):
    """The column of change, counted a second time from the two reports."""
    report = reports.run(crm.session, "team", Filters(compare="previous"))
    before = dict(zip(report.before.keys, report.before.rows, strict=True))
    async with crm.driving((120, 36)) as d:
        await to(d, "team")
        compared = 0
        for key, row in zip(report.keys, report.rows, strict=True):
            was = before.get(key, {}).get("won_amount")
            if not was:
                continue
            percent = round((row["won_amount"] - was) / was * 100)
            sign = "▲" if percent > 0 else "▼"
            names = (f"│ {row['rep']} ", f"▌{row['rep']} ")
            shown = next(line for line in d.screen() if any(name in line for name in names))
            assert f"{sign} {abs(percent)}%" in shown
            compared += 1
        assert compared > 1
