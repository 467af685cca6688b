"""The outcomes on screen: what each does, and every change of it by digits."""

from __future__ import annotations

from typing import Any

import pytest

from tests.driver import Driver, driving
from tests.tui.calling.store import Place
from tui_crm.core.calling import operations as calling, outcome_rules
from tui_crm.core.setup import outcomes
from tui_crm.core.team import members
from tui_crm.core.team.sign_in import sign_in

SIZES = ((80, 24), (120, 36), (40, 10))


async def open_screen(d: Driver) -> None:
    """By the palette, as people find it."""
    await d.press("colon")
    await d.type("outcomes lab")
    await d.press("enter")
    assert d.app.screen.NAME == "outcomes"


def row(place: Place, label: str, kind: str = "call") -> Any:
    return next(o for o in outcomes.all_outcomes(place.session.store, kind) if o.label == label)


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_as_they_look(place: Place, size: tuple[int, int]) -> None:
    outcome_rules.retire(place.session, "call", "busy")
    async with driving(place.app(), size) as d:
        await open_screen(d)
        await d.press("j", "j")
        d.golden(f"outcomes-{size[0]}x{size[1]}")


async def test_kinds_by_digit_and_tab(place: Place) -> None:
    async with driving(place.app()) as d:
        await open_screen(d)
        await d.press("2")
        assert d.shows("E-mails 3") and d.shows("Bounced")
        await d.press("tab")
        assert d.shows("Meetings 3") and d.shows("No show")
        await d.press("9")
        assert d.shows("there are 5 kinds of action")
        await d.press("tab", "tab", "tab")
        assert d.shows("Calls 9")


async def test_a_new_label_and_undo(place: Place) -> None:
    async with driving(place.app()) as d:
        await open_screen(d)
        await d.press("j", "j", "enter", "1", "ctrl+u")
        await d.type("voicemail")
        await d.press("enter")
        assert d.shows("There is an outcome voicemail already.")
        await d.press("ctrl+u")
        await d.type("Nobody there")
        await d.press("enter")
        assert d.shows("3 Nobody there")
        await d.press("u")
        assert d.shows("3 No answer")


async def test_a_digit_changes_places(place: Place) -> None:
    async with driving(place.app()) as d:
        await open_screen(d)
        await d.press("j", "j", "enter", "2")
        assert d.shows("4 Voicemail swaps")
        await d.press("4")
    assert (row(place, "No answer").digit, row(place, "Voicemail").digit) == (4, 3)


async def test_moved_up_and_down(place: Place) -> None:
    async with driving(place.app()) as d:
        await open_screen(d)
        await d.press("less_than_sign")
        assert d.shows("Interested is the first already.")
        await d.press("greater_than_sign", "greater_than_sign")
        assert row(place, "Interested").digit == 3
        assert d.row(d.find("Interested / Reached")).lstrip("▌ ").startswith("3")
        await d.press("u", "u")
    assert row(place, "Interested").digit == 1


@pytest.mark.parametrize(
    ("keys", "typed", "expected"),
    [
        (("3",), "", {"reached": True}),
        (("5",), "", {"on_prospect": False}),
        (("4", "3"), "", {"on_lead": False}),
        (("4", "2", "ctrl+u"), "Machine", {"on_lead": True, "lead_label": "Machine"}),
        (("6", "2"), "", {"ends_row": True, "retry": ""}),
        (("6", "4"), "", {"ends_row": True, "asks": "lead", "retry": ""}),
        (("6", "7"), "", {"ends_row": True, "blocks": True, "retry": ""}),
        (("7", "4"), "", {"retry": "4h other half"}),
        (("7", "6"), "", {"retry": ""}),
        (("7", "7", "ctrl+u"), "6H", {"retry": "6h"}),
        (("8",), "3", {"most_tries": 3}),
        (("9", "3"), "", {"next_kind": "email"}),
    ],
    ids=[
        "reached",
        "not in Calling",
        "not on leads",
        "lead label",
        "done",
        "lead",
        "blocks",
        "again",
        "never",
        "own rule",
        "tries",
        "next",
    ],
)
async def test_every_field_by_digits(
    place: Place, keys: tuple[str, ...], typed: str, expected: dict[str, Any]
) -> None:
    async with driving(place.app()) as d:
        await open_screen(d)
        await d.press("j", "j", "j", "enter", *keys)
        if typed:
            await d.type(typed)
            await d.press("enter")
        found = row(place, "Voicemail")
        assert {k: getattr(found, k) for k in expected} == expected, str(d)
        await d.press("u")
        assert row(place, "Voicemail") != found


async def test_a_rule_that_makes_no_sense_is_refused_and_kept(place: Place) -> None:
    async with driving(place.app()) as d:
        await open_screen(d)
        await d.press("j", "j", "j", "enter", "7", "7", "ctrl+u")
        await d.type("some day")
        await d.press("enter")
        assert d.shows("some day is no rule for calling again.") and d.shows("› some day")


async def test_added_retired_and_brought_back(place: Place) -> None:
    async with driving(place.app()) as d:
        await open_screen(d)
        await d.press("j", "j", "j", "j", "minus")
        assert d.shows("Retired 1") and d.shows("the history keeps it")
        await d.press("plus")
        await d.type("Reception")
        assert d.shows("5  Reception")
        await d.press("enter", "7", "2")
        assert (row(place, "Reception").digit, row(place, "Reception").retry) == (5, "1h")
        await d.press("G", "minus")
        assert d.shows("it is retired already")
        await d.press("enter")
        assert not row(place, "Busy").retired and row(place, "Busy").digit is None


async def test_what_was_logged_keeps_a_retired_one(place: Place) -> None:
    number = place.store.value("SELECT MIN(id) FROM prospects WHERE state = 'new'")
    calling.outcome(place.session, number, "busy")
    lead = calling.convert(place.session, number)
    outcome_rules.retire(place.session, "call", "busy")
    async with driving(place.app()) as d:
        d.app.open_lead(lead)
        await d.settle()
        assert d.shows("call    busy")


async def test_the_last_reached_one_stays(place: Place) -> None:
    for digit in (2, 7, 8, 9):
        outcome_rules.retire(place.session, "call", digit)
    async with driving(place.app()) as d:
        await open_screen(d)
        await d.press("minus")
        assert d.shows("Interested is the last outcome of a call in which somebody is")
    assert not row(place, "Interested").retired


async def test_a_rep_reads_them_and_changes_nothing(place: Place) -> None:
    members.add_user(place.session, "zoe")
    place.session = sign_in(place.store, "zoe", clock=place.session.clock)[0]
    async with driving(place.app()) as d:
        await open_screen(d)
        for key in ("enter", "plus", "minus", "greater_than_sign"):
            await d.press(key)
            assert d.shows("A rep may not do that."), key
