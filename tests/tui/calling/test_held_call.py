"""One call, one outcome: whoever goes on while the clock of a call runs is asked how it ended."""

from __future__ import annotations

from typing import Any

import pytest

from tests.driver import driving
from tests.tui.calling.store import Place, fair
from tests.tui.calling.test_calling import SIZES, calling_at
from tui_crm.core.calling import session as calling_session
from tui_crm.core.lists import lists
from tui_crm.tui import screens

ASKED = "how did this call end?"
WAYS = {
    "j": ("j",),
    "k": ("k",),
    "v": ("v", "2"),
    "Esc": ("escape",),
    "q": ("q",),
    "T": ("T",),
    "L": ("L",),
    "S": ("S",),
    "F": ("F",),
    "palette": ("colon", *"Today: wh", "enter"),
    "narrow": ("slash", *"leeds", "enter"),
    "ctrl+q": ("ctrl+q",),
    "another list": ("colon", *"Autumn", "enter"),
    "leave": ("colon", *"Leave the", "enter"),
}


@pytest.fixture
def place(place: Place) -> Place:
    lists.create(place.session, "Autumn fair", [{"name": "Firma", "field": "company"}])
    return place


def number_of(place: Place) -> int:
    """The row that the rep stands on."""
    return int(
        place.store.value("SELECT prospect_id FROM seats WHERE list_id = ?", (place.list_id,))
    )


@pytest.mark.parametrize("way", WAYS)
async def test_the_outcome_is_asked_and_esc_stays(place: Place, way: str) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("j", "k", "enter")
        place.clock.go(seconds=20)
        await d.press(*WAYS[way])
        assert d.shows(ASKED) and "Katrin Vogel" in d.row(3)
        await d.press("escape")
        assert not d.shows(ASKED) and "Katrin Vogel" in d.row(3)
        assert place.actions() == 2 and number_of(place) == place.rows[0]
        screen: Any = d.app.screen
        screen.reload()
        await d.settle()
        assert d.row(1).endswith("on this call 00:20"), "the clock went on"


@pytest.mark.parametrize(
    ("way", "there"),
    [
        ("j", "Jean Rousseau"),
        ("k", "no row was stepped over"),
        ("v", "Tom Hallam"),
        ("Esc", "Prospect lists"),
        ("L", "status:open"),
        ("F", "/ everything"),
        ("narrow", "Tom Hallam"),
        ("another list", "Autumn fair"),
    ],
)
async def test_with_the_outcome_it_goes_where_the_rep_wanted(
    place: Place, way: str, there: str
) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("enter", *WAYS[way], "4")
        assert place.state(0)[0] == "retry" and place.actions() == 3
        assert not d.shows(ASKED) and d.shows(there), str(d)


async def test_no_call_took_place_throws_the_clock_away(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("enter", "j", "0")
        assert "Jean Rousseau" in d.row(3)
        assert place.actions() == 2 and place.state(0)[0] == "callback"
        await d.press("k")
        assert "Katrin Vogel" in d.row(3) and not d.shows("on this call")


async def test_an_outcome_that_asks_more_goes_on_after_its_answer(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("enter", "L", "1")
        assert d.shows("lead, next?")
        await d.type("fri 9 offer")
        await d.press("enter")
        assert d.shows("status:open") and place.state(0)[0] == "lead"
        # What was wanted is done once; the next call goes its own way.
        await d.press("C", "enter", "3")
        assert "Tom Hallam" in d.row(3)


async def test_left_halfway_nothing_is_written_and_nobody_goes(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("enter", "L", "1", "escape")
        assert place.actions() == 2 and "Katrin Vogel" in d.row(3)
        await d.press("4")
        assert "Jean Rousseau" in d.row(3), "the digit is an outcome again, and no way out"


async def test_the_program_ends_after_the_outcome(place: Place) -> None:
    app = place.app()
    async with driving(app) as d:
        await calling_at(d, place)
        await d.press("enter", "ctrl+q")
        assert app.return_value is None
        await d.press("3")
    assert app.return_value == 0 and place.state(0)[0] == "retry"


async def test_a_lead_may_be_looked_at_during_the_call_and_not_be_a_way_out(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("j", "enter", "number_sign")
        assert "Rousseau  vieux contrat" in d.row(1)
        await d.press("T")
        assert d.shows(ASKED) and "Jean Rousseau" in d.row(3)
        await d.press("escape", "number_sign", "escape")
        assert d.shows("on this call") and not d.shows(ASKED)


async def test_without_a_call_nothing_is_asked(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        for keys in (("j",), ("k",), ("T", "C"), ("escape", "C")):
            await d.press(*keys)
            assert not d.shows(ASKED)


async def test_a_call_left_by_a_kill_comes_before_another_list(place: Place) -> None:
    other = fair_two(place)
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("enter")
        # The program dies here.
    place.clock.go(minutes=3)
    async with driving(place.again()) as d:
        screen: Any = d.app.screen_of(screens.find("calling"))
        screen.start_list(other)
        await d.press("C")
        assert d.shows(ASKED) and "Katrin Vogel" in d.row(3)
        assert d.row(1).endswith("03:00")
        await d.press("3")
        assert "Winter fair" in d.row(0) and "Katrin Vogel" in d.row(3)
    assert place.state(0)[0] == "retry"


def fair_two(place: Place) -> int:
    """Another list with the same people, under numbers of their own."""
    number = fair(place.session, 0, "Winter fair")
    place.store.execute(
        "UPDATE prospect_keys SET match = '', value = '12' WHERE prospect_id IN"
        " (SELECT id FROM prospects WHERE list_id = ?)",
        (number,),
    )
    return number


async def test_an_undo_takes_nobody_off_a_call(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("3", "enter")
        assert "Jean Rousseau" in d.row(3)
        await d.press("u")
        assert d.shows("Undone") and "Jean Rousseau" in d.row(3) and d.shows("on this call")
        assert place.state(0)[0] == "callback"
        await d.press("4")
        assert "Katrin Vogel" in d.row(3), "it comes when this call has its outcome"


@pytest.mark.parametrize(
    ("keys", "there"),
    [
        (("j", "3"), "Jean Rousseau"),
        (("v", "2", "3"), "Tom Hallam"),
        (("slash", *"leeds", "enter", "3"), "Tom Hallam"),
        (("T", "3"), "Today"),
        (("escape", "3"), "Prospect lists"),
    ],
    ids=lambda v: v[0] if isinstance(v, tuple) else "",
)
async def test_an_outcome_typed_ahead_is_the_answer(
    place: Place, keys: tuple[str, ...], there: str
) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("enter")
        await d.burst(*keys)
        assert place.state(0)[0] == "retry" and place.actions() == 3, str(d)
        assert not d.shows(ASKED) and d.shows(there), str(d)


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_the_question_as_it_looks(place: Place, size: tuple[int, int]) -> None:
    async with driving(place.app(), size) as d:
        await calling_at(d, place)
        await d.press("enter", "j")
        d.golden(f"calling-held-{size[0]}x{size[1]}")


def test_a_clock_without_a_row_is_no_call(place: Place) -> None:
    calling_session.open_seat(place.session, place.list_id)
    assert calling_session.running_call(place.session) is None
    calling_session.next_card(place.session, place.list_id)
    calling_session.dial(place.session, place.rows[0])
    assert calling_session.running_call(place.session) == (place.list_id, place.rows[0])
    calling_session.discard_call(place.session, place.list_id)
    assert calling_session.running_call(place.session) is None
