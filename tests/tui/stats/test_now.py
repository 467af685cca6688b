"""What now on the screen, goals and days off from the palette, the goal beside a forecast."""

from __future__ import annotations

import pytest

from tests.tui.stats.driver import counted, press
from tui_crm.core import reports
from tui_crm.core.leads import views as lead_views
from tui_crm.core.reports import Filters
from tui_crm.core.team import days_off, goals


async def palette(d, words: str) -> None:
    """Choose a command of the palette by its words."""
    await d.press("colon")
    await d.type(words)
    await d.press("enter")


# -- what now --------------------------------------------------------------------------------------


async def test_the_findings_are_rows_with_their_count_and_sample(crm):
    report = reports.run(crm.session, "now")
    async with crm.driving((80, 24)) as d:
        await press(d, "S", "N")
        assert d.row(1).strip() == "What now  what the figures ask for, today"
        screen = " ".join(" ".join(d.screen()).split())
        for row in report.rows:
            assert f"{row['leads']:,} " in screen and row["sentence"] in screen, row
            assert row["sample"] in screen
        assert not d.shows("[ ]"), "there is no period to leaf through"
        await press(d, "right_square_bracket")
        assert d.shows("this report is about today")


async def test_it_stands_on_top_of_the_menu_under_its_key(crm):
    async with crm.driving((120, 36)) as d:
        await press(d, "S")
        assert d.find("N what now") == d.find("0 dashboard") - 1 == d.find("1 company") - 2
        assert "N what now" in d.row(35)


@pytest.mark.parametrize("place", range(5))
async def test_enter_opens_exactly_what_the_sentence_counts(crm, place):
    report = reports.run(crm.session, "now")
    async with crm.driving((80, 24)) as d:
        await press(d, "S", "N", *["j"] * place, "enter")
        row = report.rows[place]
        assert d.app.screen.NAME == "figure"
        assert len(d.app.screen.numbers()) == row["leads"]
        assert d.shows(f"What now {row['finding']}") and d.shows(f"{row['leads']} leads")
        assert d.shows(str(row["sentence"])[:40])
        await press(d, "escape")
        assert d.shows("What now  what the figures ask for") and d.shows("counted: ")


async def test_a_lead_that_is_acted_on_leaves_the_finding(crm):
    before = reports.run(crm.session, "now").rows[1]
    assert before["finding"] == "overdue forecast"
    async with crm.driving((80, 24)) as d:
        await press(d, "S", "N", "j", "enter")
        number = d.app.screen.subject()
        await press(d, "x", "1")
        assert lead_views.one(crm.session, number).status == "cancelled"
        await press(d, "escape")
        await counted(d)
        assert d.shows(f"{before['leads'] - 1}  ") and d.shows("leads were to close before today")
    assert reports.run(crm.session, "now").rows[1]["leads"] == before["leads"] - 1


async def test_a_filter_narrows_the_page(crm):
    async with crm.driving((80, 24)) as d:
        await press(d, "S", "N", "slash")
        await d.type("rep:ana")
        await press(d, "enter")
        mine = reports.run(crm.session, "now", Filters(rep=("ana",))).rows
        assert d.row(1).rstrip().endswith("today   ana")
        assert str(mine[0]["sentence"])[:40] in "".join(d.screen())


async def test_at_forty_columns_every_sentence_can_be_read_to_its_end(crm):
    report = reports.run(crm.session, "now")
    async with crm.driving((40, 10)) as d:
        await press(d, "S", "N")
        for place, row in enumerate(report.rows):
            if place:
                await press(d, "j")
            assert row["sentence"] in " ".join(" ".join(d.screen()).split()), place


async def test_nothing_to_say_is_said(empty):
    async with empty.driving((80, 24)) as d:
        await press(d, "S", "N")
        assert d.shows("Nothing stands out.")
        await press(d, "enter")
        assert d.shows("there is no figure under the cursor")


# -- goals and days off ----------------------------------------------------------------------------


async def test_a_goal_is_set_changed_and_retired_from_the_palette(crm):
    def there() -> list[tuple[object, ...]]:
        return [(g.user, g.kind, g.period, g.target) for g in goals.goals(crm.session.store)]

    before = there()
    async with crm.driving((80, 24)) as d:
        await palette(d, "goals")
        assert d.shows("1 New goal") and d.shows("ana: calls a day 50")
        await d.press("1")
        await d.type("20k month")
        assert d.shows("? Of what?")
        await d.type(" amount be")
        assert d.shows("= ben: amount a month  €20,000")
        await d.press("enter")
        assert d.shows("Goal") and ("ben", "amount", "month", 2_000_000) in there()
        await palette(d, "goals")
        await d.press("2", "ctrl+u")
        await d.type("60")
        await d.press("enter")
        assert ("ana", "calls", "day", 60) in there()
        await palette(d, "goals")
        await d.press("2", "ctrl+u", "enter")
        assert d.shows("Retired") and ("ana", "calls", "day", 60) not in there()
        await d.press("u", "u", "u")
        assert there() == before


async def test_days_off_are_typed_on_one_line(crm):
    async with crm.driving((80, 24)) as d:
        await palette(d, "days off everybody")
        await d.type("2026-12-24..2026-12-26 1-1")
        assert d.shows("? 1-1 is no day.")
        await d.press("enter", "backspace", "backspace", "backspace")
        await d.type("01-01")
        assert d.shows("= 4 days off  01-01 2026-12-24..2026-12-26")
        await d.press("enter")
        assert days_off.of_house(crm.session.store) == (
            "01-01",
            "2026-12-24",
            "2026-12-25",
            "2026-12-26",
        )
        await palette(d, "days off mine")
        await d.type("2026-11-24")
        await d.press("enter")
        assert days_off.of_user(crm.session.store, crm.session.user_id) == ("2026-11-24",)
        await palette(d, "days off mine")
        await d.press("ctrl+u", "enter")
        assert days_off.of_user(crm.session.store, crm.session.user_id) == ()


async def test_the_words_of_a_goal_in_money_are_in_money(crm):
    async with crm.driving((80, 24)) as d:
        await press(d, "S", "9", "j", "h")
        assert d.shows("done = what was done of it in its period")
        assert (
            "= €0" in " ".join(" ".join(d.screen()).split())
            and not d.shows("2000000")
            and not d.shows("2,000,000")
        )


# -- the goal beside a forecast, the week of a rep -------------------------------------------------


async def test_the_goal_of_the_part_under_the_cursor_stands_under_the_forecast(crm):
    goals.put(crm.session, "amount", "month", 9_000_000)
    rows = {r["period"]: r for r in reports.run(crm.session, "forecast").rows}
    async with crm.driving((80, 24)) as d:
        await press(d, "S", "4")
        assert d.shows("Goal Nov 2026, everybody")
        await press(d, "j", "j")
        assert d.shows("Goal Dec 2026, everybody") and d.shows("90.0k")
        december = rows["2026-12"]
        sure = december["won_amount"] + december["weighted_amount"]
        line = d.row(d.find("with the weighted"))
        assert f"0% won, {sure / 9_000_000:.0%} with the weighted" in line
        assert f"{(9_000_000 - sure) / 100_000:.1f}k to find" in line
        assert d.shows("At 34% won and 12.1k a win: ") and d.shows("from 13 won of")


async def test_no_goal_no_block(crm):
    async with crm.driving((80, 24)) as d:
        await press(d, "S", "4")
        assert not d.shows("Goal Nov")


async def test_the_week_of_each_rep_stands_beside_the_calls(crm):
    async with crm.driving((120, 36)) as d:
        await press(d, "S", "2")
        head = d.row(d.find("Mon to Fri"))
        ben = d.row(d.find(" ben "))
        assert len(ben[head.index("Mon to Fri") :].strip()) == 5
        assert set(ben[head.index("Mon to Fri") :].strip()) <= set("▁▂▃▄▅▆▇")
