"""The feed: what was done, and by whom, and taking it back from there."""

from __future__ import annotations

import pytest

from tui_crm.core.leads import actions, closing, leads
from tui_crm.core.store import undo

SIZES = [(80, 24), (120, 36), (40, 10)]


def done_today(crm) -> None:
    """A morning of two people."""
    actions.log(crm.session, crm.number("ruiz"), "call", outcome=3)
    closing.lost(crm.session, crm.number("port"), 1)
    undo.undo(crm.session)
    leads.set_amount(crm.as_("ben"), crm.number("bens"), 2_000_000)


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_golden(crm, size):
    done_today(crm)
    async with crm.driving(size, "F", "j") as d:
        d.golden(f"feed-{size[0]}x{size[1]}")


async def test_days_names_and_what_was_undone(crm):
    done_today(crm)
    async with crm.driving((80, 24), "F") as d:
        assert d.row(2).startswith(" Today ")
        assert "ben" in d.row(3) and "Stadtwerke" in d.row(3)
        lost = d.row(d.find("lost"))
        assert d.row(d.find("undone")).endswith("undone") and "Brasserie" in lost
        assert any(row.startswith(" Wed 18 Nov ") for row in d.screen())


async def test_u_takes_back_the_entry_under_the_cursor(crm):
    leads.star(crm.session, crm.number("acme"), True)
    leads.set_amount(crm.session, crm.number("acme"), 1)
    async with crm.driving((80, 24), "F", "j", "u") as d:
        assert not crm.lead("acme").starred and crm.lead("acme").amount == 1
        assert d.shows("Undone")
        await d.press("u")
        assert "undone already" in d.row(-2)


async def test_u_refuses_where_somebody_changed_it_since_and_says_who(crm):
    leads.set_amount(crm.session, crm.number("acme"), 100)
    leads.set_amount(crm.as_("ben"), crm.number("acme"), 200)
    async with crm.driving((120, 36), "F", "j", "u") as d:
        assert crm.lead("acme").amount == 200
        assert "ben changed it since" in d.row(-2)


@pytest.mark.parametrize(
    ("words", "has", "has_not"),
    [
        ("by:ben", "Stadtwerke", "Casa Ruiz"),
        ("by:me kind:call", "Casa Ruiz", "Stadtwerke"),
        ("day:2026-11-18", "new lead", "Casa Ruiz: renovación flota call"),
        ("lead:4", "Casa Ruiz", "Acme GmbH"),
        ("brasserie", "Brasserie", "Casa Ruiz"),
    ],
)
async def test_it_narrows_while_the_filter_is_typed(crm, words, has, has_not):
    done_today(crm)
    async with crm.driving((80, 24), "F", "slash") as d:
        await d.type(words)
        rows = "\n".join(d.screen()[2:-3])
        assert has in rows and has_not not in rows
        await d.press("enter")
        assert d.row(1).startswith(f" / {words}")
        await d.press("slash", "ctrl+u", "enter")
        assert d.row(1).startswith(" / everything")


async def test_a_word_that_makes_no_sense_is_said(crm):
    async with crm.driving((80, 24), "F", "slash") as d:
        await d.type("by:nobody")
        assert d.row(-1).startswith(" ?")
        await d.press("enter")
        assert d.app.screen.sheet_open
        await d.press("escape")
        assert d.row(1).startswith(" / everything")


async def test_enter_opens_the_lead_and_do_keys_act_on_it(crm):
    leads.star(crm.session, crm.number("acme"), True)
    async with crm.driving((80, 24), "F", "enter") as d:
        assert d.app.screen.NAME == "lead" and d.shows("Acme GmbH  website relaunch")
        await d.press("q", "greater_than_sign")
        assert crm.lead("acme").step == "Closing"


async def test_an_entry_without_a_lead_says_so(crm):
    async with crm.driving((80, 24), "F", "slash") as d:
        await d.type("kind:team")
        await d.press("enter", "enter")
        assert "Enter  this entry is about no single lead." in d.row(-2)
        await d.press("c")
        assert "there is no lead under the cursor" in d.row(-2)


async def test_older_entries_come_as_one_goes_down(crm):
    for n in range(350):
        leads.set_amount(crm.session, crm.number("acme"), n + 1)
    async with crm.driving((80, 24), "F") as d:
        assert "300+" in d.row(1)
        await d.press("G", "G")
        assert "300" not in d.row(1) and d.shows("user ben added")


async def test_nothing_found(crm):
    async with crm.driving((80, 24), "F", "slash") as d:
        await d.type("zzzz")
        await d.press("enter")
        assert d.shows("Nothing of that kind was done.")
        assert d.app.focused is not None


async def test_tab_completes_the_words_of_the_filter(crm):
    async with crm.driving((80, 24), "F", "slash", *"ki", "tab") as d:
        assert d.shows("kind:")
        await d.press(*"wo")
        assert d.shows("tab kind:won")
        await d.press("tab", "space", *"by:b", "tab", "enter")
        assert d.app.screen.line == "kind:won by:ben"
        await d.press("slash", "ctrl+u", *"by:", "tab", "tab", "enter")
        assert d.app.screen.line == "by:ana"
        assert {row.by for row in d.app.screen.rows} == {"ana"}
