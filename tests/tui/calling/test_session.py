"""The session: its figures in the head, its pauses, its summary, and the next morning."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import MONDAY
from tests.driver import driving
from tests.tui.calling.store import Place
from tests.tui.calling.test_calling import calling_at
from tui_crm.core.lists import edits as list_edits
from tui_crm.core.team import days_off


async def test_the_head_counts_what_was_done(place: Place) -> None:
    async with driving(place.app(), (120, 36)) as d:
        await calling_at(d, place)
        for keys in (("3",), ("j", "7"), ("1", "enter"), ("4",)):
            place.clock.go(minutes=8)
            await d.press(*keys)
        head = d.row(0)
        assert "calls 4/50" in head and "reached 2" in head and "leads 1" in head
        assert "10/h" in head and "1 done" in head  # four calls in twenty-four active minutes
        assert "09:44" in head


async def test_a_pause_stops_the_clock_of_the_call(place: Place) -> None:
    async with driving(place.app()) as d:
        screen = await calling_at(d, place)
        await d.press("enter")
        place.clock.go(seconds=30)
        await d.press("z")
        assert d.row(1).endswith("paused 00:30")
        place.clock.go(minutes=5)
        screen.update_clock()
        await d.settle()
        assert d.row(1).endswith("paused 00:30")
        await d.press("z")
        place.clock.go(seconds=12)
        await d.press("4")
    assert place.store.value("SELECT seconds FROM actions ORDER BY id DESC LIMIT 1") == 42


async def test_a_pause_between_calls_is_said(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("z")
        assert d.row(1).endswith("paused")
        await d.press("z")
        assert not d.row(1).endswith("paused")


async def test_what_the_session_brought_is_said_on_leaving(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("3", "j", "1", "enter", "r", *"tue 10", "enter", "T")
        assert d.shows("Spring fair  3 calls, 2 reached, 1 lead, 1 callback")
        await d.press("C", "escape")
        assert d.shows("Spring fair  3 calls, 2 reached, 1 lead, 1 callback")


async def test_tomorrow_it_goes_on_at_the_same_place(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("3", "j", "slash", *"hallam", "enter", "3")
        assert "Tom Hallam 2" in d.row(3)
        await d.press("n", *"ask for the owner", "enter", "T", "ctrl+q")
    place.clock.now = MONDAY + timedelta(days=1)
    async with driving(place.again()) as d:
        await d.press("C")
        assert "Spring fair / hallam" in d.row(0) and "Tom Hallam 2" in d.row(3)
        assert d.shows("ask for the owner") and "calls 0/50" in d.row(0)
        await d.press("4")
        assert place.state(6) == ("retry", 1, "ask for the owner")
        await d.press("escape")
        assert d.shows("1 call, 0 reached, 0 leads, 0 callbacks"), "a new day, a new count"


async def test_ten_rows_to_come_and_the_hidden_ones_with_reasons(place: Place) -> None:
    store = place.store
    store.execute(
        "UPDATE prospects SET zone = 'America/Los_Angeles' WHERE id = ?", (place.rows[1],)
    )
    store.execute("UPDATE prospects SET state = 'blocked' WHERE id = ?", (place.rows[2],))
    async with driving(place.app()) as d:
        screen: Any = await calling_at(d, place)
        await d.press("v")
        for n, name in enumerate(("Franz", "Katrin Vogel 0", "Jean Rousseau 1"), 1):
            assert f"{n} {name}" in d.row(d.find(f" {n} {name}"))
        assert d.shows(" 0 Tom Hallam 8"), "the tenth"
        assert d.shows("hidden 2:") and d.shows("outside") and d.shows("blocked 1")
        await d.press("0")
        assert "Tom Hallam 8" in d.row(3) and screen.card.row == 13


async def test_the_filter_is_completed_by_tab(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("slash", *"or")
        assert d.shows("tab Ort:")
        await d.press("tab", *"Le")
        assert d.shows("tab Ort:Leeds")
        await d.press("tab")
        assert d.shows("first: Tom Hallam")
        await d.press("enter")
        assert "Tom Hallam" in d.row(3) and "Spring fair / Ort:Leeds" in d.row(0)
        await d.press("slash", "ctrl+u", *"tries<x")
        assert d.shows("? "), "what makes no sense is said"
        await d.press("enter")
        assert d.shows("narrow"), "and not taken"


async def test_a_filter_whose_column_was_renamed_lets_go(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("slash", *"ort:leeds", "enter")
        assert "Tom Hallam" in d.row(3) and "/ ort:leeds" in d.row(0)
        await d.press("T", "ctrl+q")
    list_edits.rename_column(place.session, place.list_id, "Ort", "Stadt")
    async with driving(place.again()) as d:
        await d.press("C")
        assert "Tom Hallam" in d.row(3), "the row stays"
        assert d.shows("The whole list: ort:leeds fits none of its columns now.")
        assert "ort:leeds" not in d.row(0)
        await d.press("4")
        assert "Katrin Vogel" in d.row(3)


@pytest.mark.parametrize("keys", [("4",), ("j",), ("v",)], ids=["outcome", "skip", "what next"])
async def test_a_column_renamed_under_a_narrowed_session(
    place: Place, keys: tuple[str, ...]
) -> None:
    async with driving(place.app(), (120, 36)) as d:
        await calling_at(d, place)
        await d.press("slash", *"ort:leeds", "enter")
        list_edits.rename_column(place.session, place.list_id, "Ort", "Stadt")
        await d.press(*keys)
        assert d.shows("Katrin Vogel"), "the whole list comes"
        await d.press("escape", "T", "C")
        assert "ort:leeds" not in d.row(0)


async def test_a_day_off_is_said_and_moves_the_next_working_day(place: Place) -> None:
    days_off.change(place.session, add=["2026-11-24"])
    async with driving(place.app()) as d:
        await calling_at(d, place)
        assert d.shows("4 Voicemail Wed 25")
        await d.press("4")
    place.clock.now = MONDAY + timedelta(days=1)
    async with driving(place.again()) as d:
        await d.press("C", "escape", "enter")  # the row on screen since yesterday stays
        await d.press("3")
        assert d.shows("Nobody may be called now.") and d.shows("Today is a day off.")
    place.clock.now = MONDAY + timedelta(days=2)
    async with driving(place.again()) as d:
        await d.press("C")
        assert "Katrin Vogel" in d.row(3)


@pytest.mark.parametrize(
    ("typed", "rep", "theirs"),
    [
        ("tue 9:30 there ask for Tom", "Tue 24 Nov 15:30", "09:30 there"),
        ("tue 20:00 there", "Wed 25 Nov 02:00", "20:00 there"),  # the rep's next day
        ("tue 9:30 ask for Tom", "Tue 24 Nov 09:30", "03:30 there"),
        ("14 mar 10am there", "14 Mar 2027 15:00", "10:00 there"),  # theirs has changed, not ours
    ],
)
async def test_a_callback_on_the_prospects_own_clock(
    place: Place, typed: str, rep: str, theirs: str
) -> None:
    place.store.execute(
        "UPDATE prospects SET zone = 'America/New_York' WHERE id = ?", (place.rows[0],)
    )
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("r")
        assert d.shows("9:30 there")
        await d.type(typed)
        assert d.shows(rep) and d.shows(theirs)
        await d.press("enter")
    due, said = place.store.rows(
        "SELECT due_at, due_text FROM prospects WHERE id = ?", (place.rows[0],)
    )[0]
    there = datetime.fromtimestamp(due, ZoneInfo("America/New_York"))
    assert f"{there:%H:%M}" == theirs.split()[0]
    assert said == ("ask for Tom" if "ask" in typed else "")


async def test_a_new_column_from_the_row(place: Place) -> None:
    async with driving(place.app(), (120, 36)) as d:
        await calling_at(d, place)
        await d.press("i", "0", "7", *"Budget", "enter", *"12k", "enter")
        assert d.row(d.find("Budget")).split()[:2] == ["Budget", "12k"]
        await d.press("j")
        assert not d.shows("12k")
        await d.press("u", "u")
        assert not any(row.startswith(" Budget") for row in d.screen())
        await d.press("ctrl+r", "i", "0", "6")
        assert d.shows("Enter leaves it empty"), "an added column is offered where it is empty"
        await d.press(*"9k", "enter")
        assert d.row(d.find("Budget")).split()[:2] == ["Budget", "9k"]
