"""The history of a lead under a cursor: what is corrected, taken back and pinned on it."""

from __future__ import annotations

import pytest

from tui_crm.core.errors import CrmError
from tui_crm.core.leads import actions, history as lead_history
from tui_crm.core.reports import Filters, registry

SIZES = [(80, 24), (40, 10), (120, 36)]


@pytest.fixture(autouse=True)
def later(crm):
    """What the tests log is newer than all that there is."""
    crm.clock.go(minutes=5)


def entries(crm):
    return [line for line in crm.history("acme") if not line.system]


def cursor(d):
    """The row under the cursor."""
    rows = [row for row in d.screen() if "▌" in row]
    return rows[0].split("▌", 1)[1].strip() if rows else ""


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_j_and_k_move_a_cursor_through_the_history(crm, size):
    for n in range(30):
        actions.log(crm.session, 1, "note", text=f"word number {n:02d}")
    async with crm.driving(size, "enter") as d:
        assert not cursor(d)
        await d.press("j")
        assert "word number 29" in cursor(d)
        await d.press(*"jjj")
        assert "word number 26" in cursor(d)
        await d.press("G")
        assert "made" in cursor(d)
        await d.press("k", "k")
        assert "step" not in cursor(d) and cursor(d)
        await d.press("g")
        assert not cursor(d) and d.app.screen.page.top == 0
        await d.press("j", "escape")
        assert not cursor(d) and d.app.screen.NAME == "lead"


async def test_i_corrects_everything_about_an_entry_and_u_takes_the_correction_back(crm):
    actions.log(crm.session, 1, "call", outcome=4, text="fone")
    async with crm.driving((120, 36), "enter", "j", "i") as d:
        assert d.shows("Words") and d.shows("Outcome")
        await d.press("1", *["backspace"] * 4)
        await d.type("phone")
        await d.press("enter", "2")
        await d.type("yesterday 16:00")
        assert d.shows("= Sun 22 Nov 16:00")
        await d.press("enter", "3")
        await d.type("1h05")
        await d.press("enter", "4", "3")  # a meeting, and its outcomes
        assert d.shows("5 Outcome")
        await d.press("5", "1", "escape")
        one = next(line for line in entries(crm) if line.text == "phone")
        assert (one.kind, one.outcome, one.reached, one.seconds) == ("meeting", "Held", True, 3900)
        assert one.at.isoformat() == "2026-11-22T16:00:00+01:00"
        assert "phone" in cursor(d)  # the cursor stays on it where it stands now
        await d.press("escape", *"uuuuu")
        one = next(line for line in entries(crm) if line.text == "fone")
        assert (one.kind, one.outcome, one.seconds) == ("call", "Voicemail", None)


async def test_a_moment_to_come_is_refused_and_asked_again(crm):
    async with crm.driving((80, 24), "enter", "j", "j", "i", "2") as d:
        await d.type("tomorrow 9:00")
        await d.press("enter")
        assert d.shows("still to come") and d.shows("tomorrow 9:00")


async def test_figures_follow_a_correction(crm):
    number = next(line.id for line in entries(crm) if line.kind == "call")

    def reached():
        report = registry.run(crm.session, "activity", Filters(period="all"))
        return sum(row["reached"] for row in report.rows if row["kind"] == "call")

    before = reached()
    actions.edit(crm.session, number, outcome="no answer")
    assert reached() == before - 1
    actions.edit(crm.session, number, kind="visit")
    assert reached() == before - 1
    sql = "SELECT touched_at FROM leads WHERE id = 1"
    touched = crm.session.store.value(sql)
    actions.edit(crm.session, number, kind="note")
    assert crm.session.store.value(sql) < touched


async def test_u_takes_back_the_entry_under_the_cursor_with_all_that_came_with_it(crm):
    async with crm.driving((80, 24), "enter", "c", "1") as d:
        await d.type("wants it >fri 9 send #hot")
        await d.press("enter", "n")
        await d.type("later")
        await d.press("enter")
        assert crm.lead("acme").tags == ("inbound", "hot")
        await d.press("j", "j")
        assert "wants it" in cursor(d)
        await d.press("u")
        assert d.shows("Taken back") and not cursor(d)
        assert [line.text for line in entries(crm)][:1] == ["later"]
        assert crm.lead("acme").tags == ("inbound",)


async def test_an_entry_on_which_something_was_built_is_taken_off_alone(crm):
    actions.log(crm.session, 1, "note", text="first")
    line = entries(crm)[0]
    actions.edit(crm.session, line.id, "second")
    lead_history.take_back(crm.session, entries(crm)[0])
    assert all(one.text not in ("first", "second") for one in entries(crm))
    step = next(one for one in crm.history("acme") if one.kind == "step")
    lead_history.take_back(crm.session, step)
    assert all(one.kind != "step" for one in crm.history("acme"))
    made = crm.history("acme")[-1]
    with pytest.raises(CrmError):  # the lead itself: other things were built on it
        lead_history.take_back(crm.session, made)


async def test_f_pins_a_note_above_the_rest(crm):
    actions.log(crm.session, 1, "note", text="the gate code is 4711")
    actions.log(crm.session, 1, "note", text="later")
    async with crm.driving((80, 24), "enter", "j", "j") as d:
        assert "4711" in cursor(d)
        await d.press("f")
        assert entries(crm)[0].text == "the gate code is 4711"
        assert "* the gate code" in cursor(d) and d.shows("Pinned")
        await d.press("escape", "u")
        assert entries(crm)[0].text == "later"
        await d.press("f")
        assert d.shows("into the history")
