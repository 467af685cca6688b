"""Somebody calls back: from every screen to their row, whatever its state, and on from there."""

from __future__ import annotations

from typing import Any

import pytest

from tests.driver import driving
from tests.tui.calling.store import Place
from tests.tui.calling.test_calling import calling_at
from tui_crm.core.calling import operations as calling
from tui_crm.core.lists import lists


def results(d: Any) -> list[Any]:
    return list(d.app.screen.query("PaletteSheet").first().results)


@pytest.mark.parametrize("size", [(80, 24), (40, 10), (120, 36)])
@pytest.mark.parametrize("digits", ["960000", "113 496 0000", "+44113-4960000"])
async def test_a_row_by_its_phone_in_two_keys_and_the_digits(
    place: Place, size: tuple[int, int], digits: str
) -> None:
    async with driving(place.app(), size) as d:
        await d.press("colon")
        await d.type(digits)
        await d.press("enter")
        screen: Any = d.app.screen
        assert (screen.NAME, screen.card.prospect_id) == ("calling", place.rows[2])
        assert screen.looked_at is None
        await d.press("3")
        assert place.state(2)[:2] == ("retry", 1)


async def test_somebody_who_is_done_calls_back_and_one_digit_logs_it(place: Place) -> None:
    calling.outcome(place.session, place.rows[2], 2)
    calls = place.actions()
    async with driving(place.app()) as d:
        await d.press("colon")
        await d.type("960000")
        assert results(d)[0].name == "Tom Hallam, Hallam Precision" and "done" in results(d)[0].fact
        await d.press("enter")
        screen: Any = d.app.screen
        assert screen.card.prospect_id == place.rows[2] and d.shows("Done  Not interested")
        await d.press("3")
        assert place.state(2)[:2] == ("retry", 2) and place.actions() == calls + 1
        assert screen.card.prospect_id != place.rows[2], "the next one is on screen"
        await d.press("u")
        assert place.state(2)[:2] == ("done", 1) and place.actions() == calls


async def test_a_row_that_is_done_is_dialled_again(place: Place) -> None:
    calling.outcome(place.session, place.rows[2], 2)
    async with driving(place.app()) as d:
        await d.press("colon")
        await d.type("960000")
        await d.press("enter", "enter")
        screen: Any = d.app.screen
        assert screen.card.prospect_id == place.rows[2] and screen.card.on_call is not None
        assert place.state(2)[0] == "callback"
        await d.press("1", "enter")
        assert place.state(2)[0] == "lead"


async def test_from_a_row_that_is_done_j_goes_on_with_the_queue(place: Place) -> None:
    calling.outcome(place.session, place.rows[2], 2)
    async with driving(place.app()) as d:
        screen: Any = await calling_at(d, place)
        first = screen.card.prospect_id
        await d.press("colon")
        await d.type("960000")
        await d.press("enter")
        assert screen.card.prospect_id == place.rows[2]
        await d.press("j")
        assert screen.card.prospect_id == first and screen.looked_at is None
        assert place.state(2) == ("done", 1, "")


async def test_a_blocked_row_says_who_asked_and_is_not_called(place: Place) -> None:
    calling.outcome(place.session, place.rows[2], 9, note="never again")
    async with driving(place.app(), (120, 36)) as d:
        await d.press("colon")
        await d.type("960000")
        first = results(d)[0]
        assert first.fact.startswith("9 do not call") and "never again" in first.fact
        await d.press("enter")
        assert d.shows("never again")
        await d.press("enter")
        assert d.shows("nobody calls this number")
        await d.press("3")
        assert place.state(2)[:2] == ("blocked", 1), "refused"


async def test_a_row_that_became_a_lead_opens_the_lead(place: Place) -> None:
    number = calling.outcome(place.session, place.rows[2], 1).lead_id
    async with driving(place.app()) as d:
        await d.press("colon")
        await d.type("960000")
        await d.press("enter")
        assert (d.app.screen.NAME, d.app.screen.number) == ("lead", number)


async def test_a_row_of_an_archived_list_is_shown(place: Place) -> None:
    lists.archive(place.session, place.list_id)
    async with driving(place.app()) as d:
        await d.press("colon")
        await d.type("960000")
        await d.press("enter")
        screen: Any = d.app.screen
        assert screen.card.prospect_id == place.rows[2] and d.shows("archived")


async def test_slash_finds_in_calling_whatever_the_state(place: Place) -> None:
    calling.outcome(place.session, place.rows[3], 2)
    async with driving(place.app()) as d:
        screen: Any = await calling_at(d, place)
        await d.press("slash")
        await d.type("obermayr")
        assert d.shows("done: Franz Obermayr") and d.shows("Enter shows it")
        await d.press("enter")
        assert screen.card.prospect_id == place.rows[3] and screen.filter_text == ""
        await d.press("slash")
        await d.type("nobody at all")
        assert d.shows("nobody to call matches")


async def test_what_cannot_be_undone_is_never_the_first(place: Place) -> None:
    async with driving(place.app()) as d:
        for text in ("forget", "forget a person for good", "for good"):
            await d.press("colon")
            await d.type(text)
            assert results(d)[-1].for_good
            await d.press("enter")
            assert d.app.screen.sheet_open, "Enter does nothing: the cursor stands on none"
            await d.press("escape")
        await d.press("colon")
        await d.type("person")
        assert not results(d)[0].for_good


async def test_no_row_of_the_palette_says_command(place: Place) -> None:
    async with driving(place.app()) as d:
        await d.press("colon")
        assert not d.shows("command ") and {r.kind for r in results(d)} == {""}


async def test_slash_searches_where_there_is_nothing_to_filter(place: Place) -> None:
    number = calling.outcome(place.session, place.rows[2], 1).lead_id
    async with driving(place.app()) as d:
        d.app.open_lead(number)
        await d.settle()
        await d.press("slash")
        await d.type("katrin vogel 0")
        assert [r.kind for r in results(d)] == ["prospect"]
        await d.press("enter")
        assert d.app.screen.card.prospect_id == place.rows[4]
