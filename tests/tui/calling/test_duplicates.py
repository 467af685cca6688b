"""A row that is a lead already: open it, give the row to it, or make a second one, by digits."""

from __future__ import annotations

import pytest

from tests.core.lists.prospects import everything
from tests.driver import driving
from tests.tui.calling.store import Place
from tests.tui.calling.test_calling import SIZES, calling_at
from tui_crm.core.dates import reader
from tui_crm.core.leads import leads, next_actions, views as lead_views


async def test_it_says_whose_the_lead_is_on_the_card_and_when_converting(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("j")
        assert d.shows("already a lead: #1 Rousseau: vieux contrat (ben)")
        await d.press("1")
        assert d.shows("1 open it #1 Rousseau: vieux contrat (ben): same phone")
        await d.press("escape")
        assert place.state(1)[0] == "new"


async def test_one_opens_it_and_writes_nothing(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("j")
        before = everything(place.session)
        await d.press("enter", "1", "1")
        assert "Rousseau  vieux contrat" in d.row(1)
        assert everything(place.session) == before
        await d.press("escape")
        assert "Jean Rousseau" in d.row(3) and d.shows("on this call")


async def test_two_attaches_the_row_and_asks_what_comes_next(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("j", "n", *"wants both", "enter", "1", "2")
        assert d.shows("lead, next?")
        await d.press(*"fri 9 offer", "enter")
        assert d.shows("Attached   #1 Jean Rousseau") and "Tom Hallam" in d.row(3)
        lead = lead_views.one(place.session, 1)
        assert (lead.next.text, lead.list, lead.owner) == ("offer", "Spring fair", "ben")
        assert place.store.value("SELECT COUNT(*) FROM leads") == 1
        assert place.state(1)[0] == "lead"
        await d.press("u")
        assert "Jean Rousseau" in d.row(3) and d.shows("wants both")
        assert lead_views.one(place.session, 1).list is None


async def test_a_lead_with_a_next_action_keeps_it_unasked(place: Place) -> None:
    next_actions.set_next(place.session, 1, reader.read("fri 9 visit Lyon", place.session.now))
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("j", "8", "2")
        assert "Tom Hallam" in d.row(3)
    assert lead_views.one(place.session, 1).next.text == "Lyon"


async def test_three_makes_a_second_one(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("j", "1", "3", "enter")
        assert d.shows("Lead   #2 Jean Rousseau")
    assert place.store.value("SELECT COUNT(*) FROM leads") == 2


async def test_several_leads_each_by_its_digits(place: Place) -> None:
    leads.create(place.session, "Atelier: second", points=[("email", "j@rousseau.example")])
    async with driving(place.app(), (120, 36)) as d:
        await calling_at(d, place)
        await d.press("j", "1")
        assert d.shows("1 open it #2") and d.shows("4 open it #1")
        await d.press("5", "enter")
        assert d.shows("Attached   #1")


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_the_choice_as_it_looks(place: Place, size: tuple[int, int]) -> None:
    async with driving(place.app(), size) as d:
        await calling_at(d, place)
        await d.press("j", "1")
        d.golden(f"calling-twin-{size[0]}x{size[1]}")


async def test_a_phone_is_corrected_and_the_file_is_remembered(place: Place) -> None:
    async with driving(place.app(), (120, 36)) as d:
        await calling_at(d, place)
        await d.press("j", "j", "j")
        assert "Franz Obermayr" in d.row(4) and d.shows("no valid number")
        await d.press("i", "4", "ctrl+u", *"+49 751 99")
        assert d.shows("no valid number: it is kept as typed, and marked")
        await d.press("ctrl+u", *"+49 751 3661299")
        assert d.shows("= +49 751 3661299")
        await d.press("enter")
        assert "file said 0751 99" in d.row(d.find("Telefon"))
        await d.press("i")
        assert d.shows("file said 0751 99")
        await d.press("4")
        assert d.shows("file said 0751 99")
        await d.press("escape", "enter")
        assert d.app.clipboard == "+497513661299"
        await d.press("u")
        assert d.shows("0751 99") and not d.shows("file said")
