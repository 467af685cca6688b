"""Stats: reports on the screen, the cursor on their figures, what is behind each."""

from __future__ import annotations

import json
import shutil
import threading
from datetime import date

import pytest

from tests.tui import year
from tests.tui.conftest import ZONE, Clock, Crm
from tui_crm.core import periods, reports
from tui_crm.core.errors import CrmError
from tui_crm.core.reports import Column, Rate, Report
from tui_crm.core.store import open_store
from tui_crm.core.store import tables as t
from tui_crm.core.work import actions, closing, goals, leads, tags, team, views
from tui_crm.tui import glyphs, theme
from tui_crm.tui.widgets import charts
from tui_crm.tui.widgets.charts import Look, Shown, Spot
from tui_crm.tui.widgets.lines import cells, plain

SIZES = [(80, 24), (120, 36), (40, 10)]
NAMES = [report.name for report in reports.names()]
DIGITS = {r.name: r.digit for r in reports.names()}
MORE = [r.name for r in reports.names() if r.digit is None]


@pytest.fixture(scope="module")
def _year(tmp_path_factory):
    path = tmp_path_factory.mktemp("year") / "crm.db"
    store = open_store(str(path))
    year.write(team.start(store, "ana", zone=ZONE, locale="es_ES.UTF-8", clock=Clock())[0])
    store.close()
    return path


@pytest.fixture
def crm(_year, tmp_path, clock):
    """A team with a year behind it; Ana's Monday, 09:12."""
    path = tmp_path / "crm.db"
    shutil.copy(_year, path)
    path.chmod(0o600)
    store = open_store(str(path))
    yield Crm(team.start(store, "ana", clock=clock)[0], clock)
    store.close()
    theme.use(theme.DARK)
    glyphs.use(glyphs.UNICODE)


async def counted(d) -> None:
    """Wait until the screen has counted all that was asked of it."""
    while getattr(d.app.screen, "counting", False):
        await d.app.workers.wait_for_complete()
        await d.settle()


async def press(d, *keys: str) -> None:
    """Press keys, each after the report before it is there."""
    for key in keys:
        await d.press(key)
        await counted(d)


async def to(d, name: str) -> None:
    """Go to a report by its keys."""
    if DIGITS[name]:
        await press(d, "S", str(DIGITS[name]))
    else:
        await press(d, "S", "0", str(MORE.index(name) + 1))


async def filtered(d, line: str) -> None:
    """Type a filter line in place of the one there was, and keep it."""
    await press(d, "slash", "ctrl+u")
    await d.type(line)
    await press(d, "enter")


def view(d):
    return d.app.screen.view


# -- pictures ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
async def test_golden(crm, name):
    async with crm.driving(SIZES[0]) as d:
        await to(d, name)
        for width, height in SIZES:
            await d.resize(width, height)
            await counted(d)
            d.golden(f"stats-{name}-{width}x{height}")


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_golden_of_a_figure(crm, size):
    async with crm.driving(size) as d:
        await press(d, "S", "k", "enter")
        d.golden(f"figure-{size[0]}x{size[1]}")


async def test_the_menu_stands_at_the_left_where_there_is_room(crm):
    async with crm.driving((120, 36)) as d:
        await to(d, "pipeline")
        assert d.row(d.find("3 pipeline")).startswith("3 pipeline   ‹│".rjust(16))
        await d.resize(80, 24)
        assert not d.shows("3 pipeline") and d.row(1).startswith(" Pipeline  entered in Q4 2026")


@pytest.mark.parametrize("name", NAMES)
async def test_ascii_draws_with_ascii_alone(crm, name):
    from tui_crm.settings import Settings

    async with crm.driving((120, 36), settings=Settings(glyphs="ascii")) as d:
        await to(d, name)
        drawn = set("".join(d.screen()))
        assert not drawn & set("─│━╸█▁▂▃▄▅▆▇▌›‹…–·")


@pytest.mark.parametrize("name", NAMES)
async def test_without_colours_the_row_is_one_run_in_reverse(crm, name):
    async with crm.driving((80, 24), NO_COLOR="1") as d:
        await to(d, name)
        stop = view(d).page().stop(view(d).spot)
        assert stop is not None
        runs = d.styles(2 + stop.line)
        assert len(runs) == 1 and runs[0][1].reverse
        assert all(s.color is None for y in range(24) for _text, s in d.styles(y))


# -- the cursor --------------------------------------------------------------------------------


async def test_j_k_h_and_right_walk_the_figures_and_the_words_follow(crm):
    async with crm.driving((80, 24)) as d:
        await press(d, "S")
        assert d.shows("win rate = won / (won + lost), closed in the period = 2 of 8")
        await press(d, "h")
        assert view(d).spot == Spot("0/2026-11", "lost")
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
        before = view(d).spot
        await press(d, "3", "j", "5", "1")
        assert view(d).spot == before


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
        ("company", ["k"]), ("company", ["h", "h", "h", "h", "h"]), ("team", ["h"]),
        ("activity", ["h"]), ("activity", ["h", *"jjjjjjj"]), ("pipeline", ["h"]),
        ("pipeline", ["right", "j"]), ("forecast", ["right", "right"]), ("hours", ["right", "j"]),
        ("lists", ["h", "h"]), ("lists", ["right"]), ("leads", ["g"]), ("reasons", ["g"]),
        ("sources", ["g"]), ("ageing", ["g"]), ("velocity", ["h", "h", "h", "h", "h"]),
    ],
)  # fmt: skip
async def test_a_figure_opens_on_as_many_rows_as_it_says(crm, name, keys):
    async with crm.driving((80, 24)) as d:
        await to(d, name)
        await press(d, *keys)
        figure = view(d).figure
        says = figure.value.d if isinstance(figure.value, Rate) else figure.value
        await press(d, "enter")
        assert d.app.screen.NAME == "figure"
        assert len(d.app.screen.records.rows) == says > 0
        assert f" {says} row" in d.row(1)
        await press(d, "escape")
        assert d.app.screen.NAME == "stats" and view(d).figure == figure


async def test_money_opens_on_the_leads_that_make_it(crm):
    async with crm.driving((80, 24)) as d:
        await press(d, "S", "h", "h", "h")
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
        opened = reports.open_figure(crm.session, "company", "total", "win_rate", period="2026")
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


# -- periods, comparisons, filters -------------------------------------------------------------


async def test_the_period_goes_back_and_on(crm):
    async with crm.driving((80, 24)) as d:
        await to(d, "team")
        assert d.row(1).startswith(" Team  Nov 2026")
        await press(d, "left_square_bracket", "left_square_bracket")
        assert d.row(1).startswith(" Team  Sep 2026, by rep")
        expected = reports.run(crm.session, "team", period="2026-09").totals["won_amount"]
        assert expected == view(d)._page.shown.report.totals["won_amount"]
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
        assert late == ["-7%", "-2%", "-9 pt", "6 d longer"]


async def test_filters_are_read_back_and_narrow_every_report(crm):
    async with crm.driving((80, 24)) as d:
        await to(d, "company")
        await press(d, "slash")
        await d.type("last quarter rep:me #fair by:week")
        assert d.shows("= Q3 2026  rep ana  tag fair  by week")
        await press(d, "enter")
        assert "Q3 2026, by week   ana  #fair" in d.row(1)
        expected = reports.run(crm.session, "company", period="2026-q3", rep=["ana"], tag=["fair"])
        assert view(d)._page.shown.report.totals == expected.totals | {"period": "2026-Q3"}
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
    names = json.dumps([{"name": "Sector", "meaning": "text", "show": "no"},
                        {"name": "Month", "meaning": "text", "show": "no"}])  # fmt: skip
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
        shown = view(d)._page.shown.report
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
        report = view(d)._page.shown.report
        assert len(report.rows) > 15
        rows = [row for row in d.screen() if "━" in row or "──" in row]
        assert len(rows) >= 15 and d.shows("days gone") and d.shows("more rows below")
        assert not any("…" in row for row in d.screen()[3:18])
        place = next(n for n, row in enumerate(report.rows) if row["goal"] == "amount")
        await press(d, *["j"] * place)
        done = report.rows[place]["done"] // 100
        assert d.shows(f"of it = done / target = €{done:,} of €20,000"), "in money, not in cents"
        await press(d, "G")
        assert not d.shows("more rows below") or view(d).spot.row.startswith("0/")


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
        assert [row.query for row in views.views(crm.session, "stats")] == [
            "activity 2026-q3 rep:ben"
        ]
        await filtered(d, "")
        await press(d, "1", "v")
        assert d.row(1).startswith(" Activity  Q3 2026, by rep   ben")
        await press(d, "1", "0", str(len(MORE) + 1))
        assert d.row(1).startswith(" Activity  Q3 2026, by rep   ben")


async def test_without_a_saved_view_v_says_which_key_saves_one(crm):
    async with crm.driving((80, 24)) as d:
        await press(d, "S", "v")
        assert d.shows("no view is saved yet") and d.shows("V save view")


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
        stats.counter.ask("report", gate.wait, answers.append)  # a report that takes its time
        await d.press("question_mark")
        assert d.app.screen.NAME == "help"
        await d.press("escape")
        assert d.app.screen is stats and stats.counting
        await d.press("k")
        assert view(d).figure.where == "Oct"
        stats.counter.ask("report", lambda: "newer", answers.append)
        gate.set()
        await counted(d)
        assert answers == ["newer"]  # what nobody waits for any more is dropped


async def test_a_bug_in_a_report_is_one_sentence(crm):
    answers = []
    async with crm.driving((80, 24)) as d:
        await press(d, "S")
        d.app.screen.counter.ask("report", lambda: 1 // 0, answers.append)
        await counted(d)
        assert isinstance(answers[0], CrmError) and "ZeroDivisionError" in str(answers[0])


async def test_what_others_write_is_counted_anew(crm):
    async with crm.driving((80, 24)) as d:
        await to(d, "ageing")
        await press(d, "G")
        before = view(d).figure.value
        ben = crm.as_("ben")
        leads.create(ben, "Acme Iberia: audit")
        d.app.look()
        await counted(d)
        assert view(d).figure.value == before + 1


# -- nothing, and strangers --------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
async def test_an_empty_store_has_nothing_to_divide_by(empty, name):
    async with empty.driving((80, 24)) as d:
        await to(d, name)
        assert not d.shows("0%") and not d.shows("counting")
        await press(d, "j", "h", "right", "enter", "equals_sign", "left_square_bracket")
        assert d.app.screen.NAME == "stats"


HOSTILE = "[/x] [@click=app.quit]a[/] \x1b]0;pwned\x07 \u202eevil 株式会社\n\t{n} %s"


async def test_a_week_to_come_is_not_drawn_as_an_empty_one(crm):
    async with crm.driving((120, 36)) as d:
        await to(d, "company")
        begun = sum(periods.period(key, date(2026, 11, 23)).first <= date(2026, 11, 23)
                    for key in view(d)._page.shown.weeks.keys)  # fmt: skip
        assert begun < len(view(d)._page.shown.weeks.keys)
        assert d.shows(f"won per week, {begun} weeks")


@pytest.mark.parametrize("name", NAMES)
async def test_names_of_strangers_are_plain_text(empty, name):
    session = empty.session
    team.add_user(session, "ben")
    bens = leads.create(empty.as_("ben"), HOSTILE, amount=100)
    closing.won(session, bens)
    actions.log(session, bens, "call", outcome=1, text=HOSTILE)
    tags.add(session, "tag", "Source")
    one = leads.create(session, HOSTILE, amount=100, tag_names=["tag"], source="src")
    lost = leads.create(session, HOSTILE, amount=100)
    closing.lost(session, lost, 1)
    closing.won(session, one)
    leads.create(session, HOSTILE)
    # As a store that another program wrote may hold them.
    t.User.update(name=HOSTILE).where(t.User.name == "ben").execute()
    t.Lead.update(source=HOSTILE).execute()
    for model in (t.Tag, t.Step, t.Pipeline):
        model.update(name=HOSTILE).execute()
    for model in (t.Reason, t.Outcome):
        model.update(label=HOSTILE).execute()
    t.ProspectList.insert(name=HOSTILE, match="x", created_at=0).execute()
    t.Goal.insert(kind="wins", period="month", target=5).execute()
    async with empty.driving((80, 24)) as d:
        await to(d, name)
        for size in SIZES:
            await d.resize(*size)
            await counted(d)
            text = "".join(d.screen())
            assert not set(text) & set("\x1b\x07\u202e\x9b")
            assert all(len(row) <= size[0] for row in d.screen())
        await press(d, "enter")
        if d.app.screen.NAME == "figure":
            assert not set("".join(d.screen())) & set("\x1b\x07\u202e\x9b")


# -- drawings alone ----------------------------------------------------------------------------


def report(name: str, columns: list[Column], rows: dict[str, dict], **values) -> Report:
    return Report(
        name, name.title(), periods.period("2026-10", date(2026, 11, 23)), {"by": "month"},
        tuple(columns), tuple(rows), tuple(rows.values()),
        values.pop("totals", dict.fromkeys(c.key for c in columns)), (), {}, **values,
    )  # fmt: skip


def look(width: int = 78, height: int = 20, spot: Spot | None = None) -> Look:
    return Look(width, height, 24, "EUR", date(2026, 11, 23), spot)


def test_a_report_without_a_drawing_of_its_own_is_a_table():
    made = report(
        "churn", [Column("who", "who", "text"), Column("n", "left", "count"),
                  Column("rate", "rate", "rate")],
        {"a": {"who": "Acme", "n": 4, "rate": Rate(4, 8)},
         "b": {"who": "Borealis", "n": 8, "rate": Rate(0, 0)}},
    )  # fmt: skip
    rows = [plain(line).rstrip() for line in charts.draw(Shown(made), look()).lines]
    assert rows[1].split() == ["who", "left", "rate"]
    assert rows[2].split()[0::3] == ["Acme", "50%"] and "4/8" in rows[2]
    assert rows[3].endswith("–") or rows[3].rstrip().endswith("–")
    assert rows[3].count("━") == 2 * rows[2].count("━") or "╸" in rows[2]


def test_a_small_sample_is_marked_and_a_zero_denominator_is_a_dash():
    made = report(
        "churn", [Column("who", "who", "text"), Column("rate", "rate", "rate")],
        {"a": {"who": "Acme", "rate": Rate(1, 2)}, "b": {"who": "Bo", "rate": Rate(0, 0)}},
        small=frozenset({("a", "rate")}),
    )  # fmt: skip
    rows = [plain(line).rstrip() for line in charts.draw(Shown(made), look()).lines]
    assert rows[2].endswith("1/2~")
    assert rows[3].endswith("–") and "%" not in rows[3]


@pytest.mark.parametrize("width", [20, 38, 60, 78, 102, 160])
@pytest.mark.parametrize("name", NAMES)
def test_no_drawing_is_wider_than_its_place(crm, name, width):
    shown = Shown(reports.run(crm.session, name))
    page = charts.draw(shown, look(width, 50))
    for stop in (None, *page.stops):
        spot = Spot(stop.row, next(iter(stop.figures))) if stop else None
        drawn = charts.draw(shown, look(width, 50, spot))
        assert all(cells(line) <= width + 1 for line in drawn.lines)
        assert len(drawn.lines) == len(page.lines)  # the cursor moves nothing


def test_what_is_optional_goes_before_the_air_and_no_row_of_figures_ever(crm):
    shown = Shown(
        reports.run(crm.session, "company", period="2026"),
        weeks=reports.run(crm.session, "company", period="2026", by="week"),
    )
    tall, low = charts.draw(shown, look(78, 40)), charts.draw(shown, look(78, 21))
    assert any("per week" in plain(line) for line in tall.lines)
    assert not any("per week" in plain(line) for line in low.lines)
    assert len(tall.stops) == len(low.stops) == len(charts.draw(shown, look(78, 3)).stops) == 13
