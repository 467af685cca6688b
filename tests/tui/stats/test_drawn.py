"""The reports as they look: every one of them, at every size, of nothing and of strangers."""

from __future__ import annotations

from datetime import date

import pytest

from tests.tui.stats.driver import counted, press, to, view
from tui_crm.core import reports
from tui_crm.core.dates import periods
from tui_crm.core.leads import actions, closing, leads
from tui_crm.core.reports import Column, Filters, Rate, Report
from tui_crm.core.setup import tags
from tui_crm.core.store import tables as t
from tui_crm.core.team import members
from tui_crm.settings import Settings
from tui_crm.tui.widgets import charts
from tui_crm.tui.widgets.charts import ChartData, CursorPosition, RenderContext
from tui_crm.tui.widgets.lines import cells, plain

SIZES = [(80, 24), (120, 36), (40, 10)]
NAMES = [report.name for report in reports.names()]
HOSTILE = "[/x] [@click=app.quit]a[/] \x1b]0;pwned\x07 \u202eevil 株式会社\n\t{n} %s"


# -- pictures ----------------------------------------------------------------------------------


# On a phone the other tables are these with fewer columns.
NARROW = ("activity", "company", "hours", "now", "pipeline")


@pytest.mark.parametrize("name", NAMES)
async def test_golden(crm, name):
    leads.set_client(crm.session, 1, "Acme")
    async with crm.driving(SIZES[0]) as d:
        await to(d, name)
        for width, height in SIZES if name in NARROW else SIZES[:2]:
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
    async with crm.driving((120, 36), settings=Settings(glyphs="ascii")) as d:
        await to(d, name)
        drawn = set("".join(d.screen()))
        assert not drawn & set("─│━╸█▁▂▃▄▅▆▇▌›‹…–·")


@pytest.mark.parametrize("name", NAMES)
async def test_without_colours_the_row_is_one_run_in_reverse(crm, name):
    leads.set_client(crm.session, 1, "Acme")
    async with crm.driving((80, 24), NO_COLOR="1") as d:
        await to(d, name)
        row = view(d).page().row(view(d).cursor)
        if name == "score":  # too few leads to learn from: no row
            assert row is None and d.shows("won")
            return
        assert row is not None
        runs = d.styles(2 + row.line)
        assert len(runs) == 1 and runs[0][1].reverse
        assert all(s.color is None for y in range(24) for _text, s in d.styles(y))


async def test_a_week_to_come_is_not_drawn_as_an_empty_one(crm):
    async with crm.driving((120, 36)) as d:
        await to(d, "company")
        begun = sum(
            periods.period(key, date(2026, 11, 23)).first <= date(2026, 11, 23)
            for key in view(d).data.weeks.keys
        )
        assert begun < len(view(d).data.weeks.keys)
        assert d.shows(f"won per week, {begun} weeks")


# -- nothing, and strangers --------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
async def test_an_empty_store_has_nothing_to_divide_by(empty, name):
    async with empty.driving((80, 24)) as d:
        await to(d, name)
        assert not d.shows("0%") and not d.shows("counting")
        await press(d, "j", "h", "right", "enter", "equals_sign", "left_square_bracket")
        assert d.app.screen.NAME == "stats"


@pytest.mark.parametrize("name", NAMES)
async def test_names_of_strangers_are_plain_text(empty, name):
    session = empty.session
    members.add_user(session, "ben")
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
        name=name,
        title=name.title(),
        period=periods.period("2026-10", date(2026, 11, 23)),
        filters=Filters(by="month"),
        columns=tuple(columns),
        keys=tuple(rows),
        rows=tuple(rows.values()),
        totals=values.pop("totals", dict.fromkeys(c.key for c in columns)),
        notes=(),
        formulas={},
        **values,
    )


def context(
    width: int = 78, height: int = 20, cursor: CursorPosition | None = None
) -> RenderContext:
    return RenderContext(
        width=width,
        height=height,
        screen=24,
        currency="EUR",
        today=date(2026, 11, 23),
        cursor=cursor,
    )


def test_a_report_without_a_drawing_of_its_own_is_a_table():
    made = report(
        "churn",
        [
            Column("who", "who", "text"),
            Column("n", "left", "count"),
            Column("rate", "rate", "rate"),
        ],
        {
            "a": {"who": "Acme", "n": 4, "rate": Rate(4, 8)},
            "b": {"who": "Borealis", "n": 8, "rate": Rate(0, 0)},
        },
    )
    rows = [plain(line).rstrip() for line in charts.draw(ChartData(made), context()).lines]
    assert rows[1].split() == ["who", "left", "rate"]
    assert rows[2].split()[0::3] == ["Acme", "50%"] and "4/8" in rows[2]
    assert rows[3].endswith("–") or rows[3].rstrip().endswith("–")
    assert rows[3].count("━") == 2 * rows[2].count("━") or "╸" in rows[2]


def test_a_small_sample_is_marked_and_a_zero_denominator_is_a_dash():
    made = report(
        "churn",
        [Column("who", "who", "text"), Column("rate", "rate", "rate")],
        {"a": {"who": "Acme", "rate": Rate(1, 2)}, "b": {"who": "Bo", "rate": Rate(0, 0)}},
        small=frozenset({("a", "rate")}),
    )
    rows = [plain(line).rstrip() for line in charts.draw(ChartData(made), context()).lines]
    assert rows[2].endswith("1/2~")
    assert rows[3].endswith("–") and "%" not in rows[3]


@pytest.mark.parametrize("name", NAMES)
def test_no_drawing_is_wider_than_its_place(crm, name):
    data = ChartData(reports.run(crm.session, name))
    for width in (20, 38, 60, 78, 102, 160):
        page = charts.draw(data, context(width, 50))
        for row in (None, *page.rows):
            cursor = CursorPosition(row.row, next(iter(row.figures))) if row else None
            drawn = charts.draw(data, context(width, 50, cursor))
            assert all(cells(line) <= width + 1 for line in drawn.lines), width
            assert len(drawn.lines) == len(page.lines)  # the cursor moves nothing


def test_what_is_optional_goes_before_the_air_and_no_row_of_figures_ever(crm):
    data = ChartData(
        reports.run(crm.session, "company", Filters(period="2026")),
        weeks=reports.run(crm.session, "company", Filters(period="2026", by="week")),
    )
    tall, low = charts.draw(data, context(78, 40)), charts.draw(data, context(78, 21))
    assert any("per week" in plain(line) for line in tall.lines)
    assert not any("per week" in plain(line) for line in low.lines)
    assert len(tall.rows) == len(low.rows) == len(charts.draw(data, context(78, 3)).rows) == 13
