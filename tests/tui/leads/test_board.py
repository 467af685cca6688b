"""The board: leads by their steps."""

from __future__ import annotations

import pytest

from tui_crm.core.leads import board, leads
from tui_crm.core.setup import pipelines

SIZES = [(80, 24), (120, 36), (40, 10)]


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_golden(crm, size):
    keys = ("L", "v", "v") if size[0] >= 100 else ("L", "v")
    async with crm.driving(size, *keys, "right") as d:
        d.golden(f"board-{size[0]}x{size[1]}")


async def test_a_column_for_each_step_with_count_and_sum(crm):
    found = board.board(crm.session, "status:open owner:me")
    assert [(c.step.name, len(c.numbers)) for c in found.columns] == [
        ("Qualified", 2),
        ("Contacted", 2),
        ("Proposal", 4),
        ("Closing", 1),
    ]
    for column in found.columns:
        assert column.amount == sum(crm.lead(n).amount for n in column.numbers)
    assert sum(c.amount for c in found.columns) == found.listing.amount


async def test_left_and_right_go_from_step_to_step(crm):
    async with crm.driving((80, 24), "L", "v") as d:
        seen = []
        for key in ("right", "right", "right", "right", "left", "h"):
            await d.press(key)
            seen.append(crm.lead(d.app.screen.subject()).step)
        assert seen == ["Contacted", "Proposal", "Closing", "Closing", "Proposal", "Contacted"]


async def test_three_columns_at_80_and_the_others_are_told(crm):
    async with crm.driving((80, 24), "L", "v") as d:
        assert d.shows("Qualified") and not d.shows("Closing 1")
        assert "1 step ›" in d.row(-2)
        await d.press("right", "right", "right")
        assert d.shows("Closing 1") and not d.shows("Qualified 2")
        assert "‹ 1 step" in d.row(-2)


async def test_a_lead_is_taken_along_to_the_next_step(crm):
    async with crm.driving((80, 24), "L", "v", "right") as d:
        number = d.app.screen.subject()
        await d.press("greater_than_sign")
        assert crm.lead(number).step == "Proposal" and d.app.screen.subject() == number
        await d.press("less_than_sign", "less_than_sign")
        assert crm.lead(number).step == "Qualified" and d.app.screen.subject() == number
        await d.press("u", "u", "u")
        assert crm.lead(number).step == "Contacted" and d.app.screen.subject() == number


async def test_j_and_k_go_through_the_column_and_no_further(crm):
    async with crm.driving((80, 24), "L", "v", "right", "right", "g") as d:
        seen = [d.app.screen.subject()]
        for key in ("j", "j", "j", "j", "k"):
            await d.press(key)
            seen.append(d.app.screen.subject())
        assert len(set(seen)) == 4 and seen[3] == seen[4] and seen[5] == seen[2]
        assert {crm.lead(n).step for n in seen} == {"Proposal"}


async def test_a_long_column_scrolls_and_says_how_many_more(crm):
    for n in range(20):
        crm.add(f"Firm {n:02d}: offer")
    async with crm.driving((80, 24), "L", "v", "g") as d:
        assert d.shows("17 more")
        await d.press("G")
        assert d.shows("17 above") and d.shows(crm.lead(d.app.screen.subject()).title[:20])
        await d.press("pageup")
        assert d.shows("above, ")


async def test_enter_opens_the_lead_among_its_column(crm):
    async with crm.driving((80, 24), "L", "v", "right", "right", "g", "enter") as d:
        assert d.app.screen.NAME == "lead"
        assert d.shows("1 of 4")
        await d.press("q")
        assert d.app.screen.NAME == "board"


async def test_the_filter_is_that_of_leads(crm):
    async with crm.driving((80, 24), "L", "slash") as d:
        await d.type("acme")
        await d.press("enter", "v")
        assert d.row(1).startswith(" / status:open owner:me acme")
        await d.press("slash")
        await d.type("gmbh")
        await d.press("enter", "v")
        assert d.app.screen.NAME == "leads"
        assert d.row(1).startswith(" / status:open owner:me acme gmbh")


async def test_nothing_found_says_why_here_too(crm):
    async with crm.driving((80, 24), "L", "v", "slash") as d:
        await d.type("zzz")
        await d.press("enter")
        assert d.shows("Without zzz it would be 9 leads.")
        assert d.app.focused is not None
        await d.press("j", "right", "enter", "backspace")
        assert d.shows("Casa Ruiz")


async def test_the_steps_of_a_second_pipeline_stand_behind_the_first(crm):
    pipelines.add(crm.session, "Service")
    step = pipelines.add_step(crm.session, "Offer", 40, "Service")
    leads.set_step(crm.session, crm.number("port"), step)
    found = board.board(crm.session, "status:open owner:me")
    assert [c.step.name for c in found.columns][-1] == "Offer" and found.pipelines == 2
    async with crm.driving((80, 24), "L", "v", *["right"] * 4) as d:
        row = d.row(d.find("Offer 1  Service"))
        assert row.count("Sales") == 1  # over its first step in view


async def test_a_retired_step_is_there_while_a_lead_stands_on_it(crm):
    pipelines.retire_step(crm.session, "Closing")
    found = board.board(crm.session, "status:open owner:me")
    assert [c.step.name for c in found.columns][-1] == "Closing"
    leads.set_step(crm.session, crm.number("lind"), found.columns[0].step.id)
    found = board.board(crm.session, "status:open owner:me")
    assert [c.step.name for c in found.columns][-1] == "Proposal"


async def test_all_sizes_keep_the_cursor_in_view(crm):
    async with crm.driving((120, 36), "L", "v", "v", "right", "right", "G") as d:
        title = crm.lead(d.app.screen.subject()).title
        for size in ((200, 60), (80, 24), (60, 14), (40, 10)):
            await d.resize(*size)
            assert d.shows(title[:12]), size
