"""Dialling on a lead: the number, the clock, and the outcome that is asked for on leaving."""

from __future__ import annotations

import pytest

from tui_crm.core.leads import dialling, people
from tui_crm.core.privacy import do_not_call


def calls(crm):
    return [line for line in crm.history("acme") if line.kind == "call"]


async def test_enter_dials_and_the_outcome_is_asked_for_on_leaving(crm):
    before = len(calls(crm))
    async with crm.driving((80, 24), "enter", "enter") as d:
        assert d.shows("Dial") and d.shows("+49 30 90182044")
        crm.clock.go(minutes=3, seconds=5)
        await d.press("escape")
        assert d.shows("how did this call end?") and d.shows("0 no call took place")
        await d.press("escape")
        assert d.app.screen.NAME == "lead" and d.shows("on this call  03:05")
        await d.press("L", "1")
        await d.type("wants it")
        crm.clock.go(minutes=20)  # the words are no part of the call
        await d.press("enter", "escape")
        assert d.app.screen.NAME == "leads"
        call = next(line for line in calls(crm) if line.text == "wants it")
        assert (call.seconds, call.outcome) == (185, "Reached")
        sql = "SELECT number FROM actions WHERE id = ?"
        assert crm.session.store.value(sql, (call.id,)) == "+493090182044"
        assert len(calls(crm)) == before + 1 and dialling.running(crm.session) is None


@pytest.mark.parametrize("way", ["escape", "T", "J", "q"])
async def test_a_call_that_did_not_take_place_is_not_logged(crm, way):
    before = len(calls(crm))
    async with crm.driving((120, 36), "enter", "enter") as d:
        await d.press(way, "0")
        assert len(calls(crm)) == before and dialling.running(crm.session) is None
        assert d.app.screen.subject() is not None


async def test_c_ends_the_call_where_one_is(crm):
    async with crm.driving((120, 36), "enter", "enter") as d:
        crm.clock.go(minutes=2)
        await d.press("c", "3", "enter")
        assert calls(crm)[0].seconds == 120 and calls(crm)[0].outcome == "No answer"
        await d.press("escape", "escape")
        assert d.app.screen.NAME == "today"


async def test_of_several_phones_one_is_chosen_by_its_digit(crm):
    people.add(crm.session, 1, "Jo, +49 30 901820 77")
    async with crm.driving((80, 24), "enter", "enter") as d:
        assert d.shows("1 +49 30 90182044") and d.shows("2 +49 30 90182077")
        await d.press("2")
        call = dialling.running(crm.session)
        assert call is not None and call.number == "+493090182077"
        await d.press("enter")  # another number of this lead, during the call
        assert d.shows("dial another") and not d.shows("+49 30 90182077 Jo")


async def test_a_number_on_the_do_not_call_list_is_not_dialled(crm):
    do_not_call.block(crm.session, "+49 30 90182044", "never")
    async with crm.driving((80, 24), "enter", "enter") as d:
        assert d.shows("do-not-call list") and dialling.running(crm.session) is None


async def test_a_call_outlives_the_program(crm):
    async with crm.driving((80, 24), "enter", "enter"):
        pass
    crm.clock.go(minutes=10)
    async with crm.driving((80, 24), "j", "enter") as d:
        assert d.shows("on this call  10:00") and d.shows("#1")
        await d.press("escape", "1", "enter")
        assert calls(crm)[0].seconds == 600


async def test_without_a_phone_it_says_which_key_helps(crm):
    async with crm.driving((80, 24), "j", "enter", "enter") as d:
        assert d.shows("there is no phone to dial") and d.shows("p people")
