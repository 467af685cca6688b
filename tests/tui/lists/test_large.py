"""Large lists on screen: no key waits for a hundred thousand rows. They are counted in the
background, and what changes them runs there too, behind a sheet that says how far it is."""

from __future__ import annotations

import pytest

from tests.driver import Driver, driving
from tests.tui.calling.store import Place
from tests.tui.importing.test_import import settled
from tui_crm.core.lists import lists
from tui_crm.tui.screens import progress
from tui_crm.tui.screens.lists.row_filter import LARGE

ROWS = LARGE + 100


@pytest.fixture
def place(sqlite_url: str) -> Place:
    made = Place(sqlite_url, earlier=False, more=ROWS - 4)
    lists.create(made.session, "Messe Stuttgart", [{"name": "Name", "field": "name"}], "messe.csv")
    return made


def in_list(place: Place, name: str) -> int:
    number = lists.find(place.session, name).id
    return lists.list_progress(place.session, number).rows


async def at_the_fair(d: Driver) -> None:
    await d.press("C")
    await settled(d)
    await d.press("j")
    assert d.row(d.find("Spring fair")).startswith("▌")


async def test_names_first_and_then_the_counts(place: Place) -> None:
    async with driving(place.app()) as d:
        await d.press("C")
        assert d.shows("Spring fair"), "whether it is counted yet or not"
        await settled(d)
        assert d.row(d.find("Spring fair")).split()[-5:] == [
            f"{ROWS:,}",
            f"{ROWS:,}",
            "0",
            "0",
            "0",
        ]
        assert not d.shows("counting")


async def test_a_split_waits_for_its_count_and_runs_behind(place: Place) -> None:
    assert ROWS // 3 > progress.MANY
    async with driving(place.app()) as d:
        await at_the_fair(d)
        await d.press("i", "6")
        await d.type("firma:rousseau")
        await d.press("enter")  # typed ahead: the rows are not counted yet
        await settled(d)
        assert d.shows("6,700 rows match: they become the list Spring fair rousseau")
        await d.press("enter")
        await settled(d)
        assert d.shows("Split off  Spring fair rousseau  6,700 rows match")
        assert in_list(place, "Spring fair rousseau") == 6_700
        await d.press("u")
        await settled(d)
        assert d.shows("Undone  6,700 rows of Spring fair split off")
        assert in_list(place, "Spring fair") == ROWS


async def test_a_filter_that_makes_no_sense_is_said_when_it_was_looked_at(place: Place) -> None:
    async with driving(place.app()) as d:
        await at_the_fair(d)
        await d.press("i", "6")
        await d.type("colour:red")
        await d.press("enter")
        await settled(d)
        assert d.shows("Spring fair has no column colour.") and d.shows("── split")


async def test_a_split_given_up_leaves_the_list_as_it_was(place: Place) -> None:
    async with driving(place.app()) as d:
        await at_the_fair(d)
        await d.press("i", "6")
        await d.type("firma:rousseau")
        await d.press("enter")
        await settled(d)
        await d.burst("enter", "escape")
        await settled(d)
        assert d.shows("Cancelled: nothing was changed.")
        assert in_list(place, "Spring fair") == ROWS


async def test_all_rows_handed_to_a_rep_and_merged(place: Place) -> None:
    place.store.execute("UPDATE users SET name = 'ana'")
    async with driving(place.app()) as d:
        await at_the_fair(d)
        await d.press("i", "5", "2", "enter")
        await settled(d)
        assert d.shows(f"Handed  {ROWS:,} rows for ana")
        await d.press("i", "7", "1")
        await settled(d)
        assert d.shows(f"{ROWS:,} rows come over")
        await d.press("enter")
        await settled(d)
        assert d.shows("Merged  Messe Stuttgart")
        assert in_list(place, "Messe Stuttgart") == ROWS


async def test_forgetting_in_a_large_store(place: Place) -> None:
    async with driving(place.app()) as d:
        await at_the_fair(d)
        await d.press("9", "f")
        await d.type("+33472102030")
        await d.press("enter", "1")
        await settled(d)
        assert d.shows("Forgotten")
    assert not place.store.value("SELECT COUNT(*) FROM prospects WHERE name = 'Jean Rousseau'")
