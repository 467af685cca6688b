"""One lead, whole."""

from __future__ import annotations

import pytest

from tui_crm.core.leads import actions, closing
from tui_crm.core.store import undo

SIZES = [(80, 24), (120, 36), (40, 10)]


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_golden(crm, size):
    async with crm.driving(size, "enter") as d:
        d.golden(f"lead-{size[0]}x{size[1]}")


async def test_everything_about_it(crm):
    async with crm.driving((80, 24), "enter") as d:
        for words in (
            "#1",
            "€12,400  50%",
            "Proposal 3/4",
            "! Thu 09:00  4 days late",
            "call Anna about pricing",
            "30 Nov",
            "client Acme GmbH",
            "inbound",
            "Anna Weber",
            "+49 30 90182044",
            "anna.weber@acme-gmbh.example",
            "Site today  Typo3 9",
            "reached",
            "wants a quote by Friday",
        ):
            assert d.shows(words), words


async def test_it_scrolls_through_a_long_history(crm):
    for n in range(40):
        actions.log(crm.session, 1, "note", text=f"word number {n:02d}")
    async with crm.driving((80, 24), "enter") as d:
        assert d.shows("word number 39") and not d.shows("word number 00")
        await d.press("G")
        assert d.shows("word number 00")
        await d.press("g")
        assert d.shows("#1")


async def test_j_and_k_capital_go_through_the_list_it_came_from(crm):
    async with crm.driving((80, 24), "enter", "J") as d:
        assert d.app.screen.number == crm.number("ibarra") and d.shows("2 of 10")
        await d.press("K", "K")
        assert d.app.screen.number == crm.number("acme")
        assert "this is the end of the list" in d.row(-2)


async def test_a_closed_lead_says_how_and_when(crm):
    closing.lost(crm.session, 1, 2)
    async with crm.driving((80, 24), "colon") as d:
        await d.type("#1")
        await d.press("enter")
        assert d.shows("l Lost") and d.shows("Chose another") and d.shows("after 5 days")


async def test_history_names_only_others(crm):
    actions.log(crm.as_("ben"), 1, "call", outcome=4)
    async with crm.driving((80, 24), "colon") as d:
        await d.type("#1")
        await d.press("enter")
        assert d.row(d.find("voicemail")).endswith("ben")
        assert not d.row(d.find("wants a quote")).endswith("ana")


async def test_no_history_says_which_key_makes_some(crm):
    number = crm.add("Fresh: one")
    async with crm.driving((80, 24), "colon") as d:
        await d.type(f"#{number}")
        await d.press("enter")
        assert d.shows("made")


async def test_a_lead_whose_making_was_undone_is_gone_not_broken(crm):
    crm.add("Short: lived")
    async with crm.driving((80, 24), "colon") as d:
        await d.type("Short")
        await d.press("enter")
        undo.undo(crm.session)
        d.app.poll_changes()
        await d.settle()
        assert d.shows("This lead is gone")
        await d.press("c")
        assert "there is no lead under the cursor" in d.row(-2)
        await d.press("q")
        assert d.app.screen.NAME == "today"


async def test_the_header_keeps_the_screen_one_came_from(crm):
    async with crm.driving((80, 24), "L", "g", "enter") as d:
        chip = [text for text, style in d.styles(0) if style.bgcolor and "Leads" in text]
        assert chip and d.app.screen.NAME == "lead"
