"""The session: its figures in the head, its pauses, its summary, and the next morning."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import MONDAY
from tests.driver import driving
from tests.tui.calling_store import Place
from tests.tui.test_calling import calling_at


@pytest.fixture
def place(sqlite_url: str) -> Place:
    return Place(sqlite_url)


async def test_the_head_counts_what_was_done(place: Place) -> None:
    async with driving(place.app(), (120, 36)) as d:
        await calling_at(d, place)
        for keys in (("3",), ("j", "7"), ("1", "enter"), ("4",)):
            place.clock.go(minutes=4)
            await d.press(*keys)
        head = d.row(0)
        assert "calls 4/50" in head and "reached 2" in head and "leads 1" in head
        assert "20/h" in head and "1 done" in head  # four calls in twelve active minutes
        assert "09:28" in head


async def test_a_pause_stops_the_clock_of_the_call(place: Place) -> None:
    async with driving(place.app()) as d:
        screen = await calling_at(d, place)
        await d.press("enter")
        place.clock.go(seconds=30)
        await d.press("z")
        assert d.row(1).endswith("paused 00:30")
        place.clock.go(minutes=5)
        screen.beat()
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
        assert d.shows("Spring fair  2 calls, 1 reached, 1 lead, 1 callback")
        await d.press("C", "escape")
        assert d.shows("Spring fair  2 calls, 1 reached, 1 lead, 1 callback")


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
    store.execute("UPDATE prospects SET zone = 'America/Los_Angeles' WHERE id = ?", (place.rows[1],))
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


async def test_a_new_column_from_the_row(place: Place) -> None:
    async with driving(place.app(), (120, 36)) as d:
        await calling_at(d, place)
        await d.press("i", "0", "7", *"Budget", "enter", *"12k", "enter")
        assert d.row(d.find("Budget")).split()[:2] == ["Budget", "12k"]
        await d.press("j")
        assert not d.shows("12k")
        await d.press("u", "u")
        assert not any(row.startswith(" Budget") for row in d.screen())
