"""Any call can be taken back, any number of them, also by the program started again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.lists.prospects import everything
from tests.driver import driving
from tests.tui.calling.store import Place
from tests.tui.calling.test_calling import calling_at
from tui_crm.core import drafts
from tui_crm.core.calling import (
    counts as calling_counts,
    figures as calling_figures,
)

# Of five rows: the keys of its call, and the words said in it.
CALLS = (
    (("3",), "no answer"),
    (("r", *"tue 10", "enter"), "callback"),
    (("9", "enter"), "block"),
    (("1", *"fri 9 offer", "enter"), "lead"),
    (("6",), "wrong number"),
)


def counted(place: Place) -> tuple[Any, ...]:
    """What the header and the list of lists say."""
    figures = calling_figures.figures(place.session)
    tally = calling_counts.count_rows(place.session, place.list_id)
    brought = calling_figures.summary(place.session, place.list_id)
    return figures.calls, figures.reached, figures.leads, tally, brought.words


async def call(d: Any, keys: tuple[str, ...], words: str) -> None:
    await d.press("enter", "n")
    await d.type(f"said: {words}")
    await d.press("enter", *keys)


@pytest.mark.parametrize("restart", [False, True], ids=["same program", "started again"])
async def test_five_calls_of_five_kinds_taken_back(place: Place, restart: bool) -> None:
    before: list[tuple[Any, ...]] = []
    names: list[str] = []
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("j")  # Katrin, who has a history, is left out; Jean is a lead already
        await d.press("j")
        for keys, words in CALLS:
            before.append((everything(place.session), counted(place)))
            names.append(d.row(3).split("  ")[0].strip())
            await call(d, keys, words)
            assert d.row(3).split("  ")[0].strip() != names[-1]
            place.clock.go(minutes=1)
        if not restart:
            await taken_back(d, place, names, before)
    if restart:
        async with driving(place.again()) as d:
            await d.press("C")
            await taken_back(d, place, names, before)


async def taken_back(d: Any, place: Place, names: list[str], before: list[Any]) -> None:
    assert len(set(names)) == 5 and place.actions() == 7  # the five, and two of last week
    for (_keys, words), name, (rows, figures) in reversed(
        list(zip(CALLS, names, before, strict=True))
    ):
        await d.press("u")
        assert d.row(3).split("  ")[0].strip() == name
        assert d.shows(f"said: {words}")
        assert everything(place.session) == rows
        assert counted(place) == figures
        await d.press("n")
        assert d.shows(f"said: {words}"), "the words are in the entry, to go on with"
        await d.press("escape")
        assert f"calls {figures[0]}/50" in d.row(0)
    assert place.actions() == 2


async def test_what_came_back_can_be_called_again_and_done_again(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("j", "j")
        await call(d, ("9", "enter"), "never again")
        await d.press("u", "ctrl+r")
        assert place.state(2)[0] == "blocked" and "Tom Hallam" not in d.row(3)
        await d.press("u", "4")
        assert place.state(2) == ("retry", 1, "said: never again")
        assert place.store.value("SELECT COUNT(*) FROM blocked") == 0
        assert drafts.load(place.session, f"prospect:{place.rows[2]}") is None


async def test_a_call_of_another_list_brings_its_list_back(place: Place) -> None:
    from tests.tui.calling.test_held_call import fair_two

    other = fair_two(place)
    async with driving(place.app()) as d:
        screen = await calling_at(d, place)
        await d.press("3")
        screen.start_list(other)
        await d.settle()
        assert "Winter fair" in d.row(0)
        await d.press("u")
        assert "Spring fair" in d.row(0) and "1/40" in d.row(0) and "Katrin Vogel" in d.row(3)
