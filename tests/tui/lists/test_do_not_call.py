"""The do-not-call list on screen: read, add, take off, files in and out, and forgetting."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.core.lists.prospects import fill, ids, row, state
from tests.tui.conftest import Crm
from tui_crm.core.calling import outcome_rules
from tui_crm.core.leads import leads
from tui_crm.core.privacy import do_not_call, erase
from tui_crm.core.team import members

SIZES = ((80, 24), (120, 36), (40, 10))


@pytest.fixture
def place(empty: Crm) -> Crm:
    """Two lists, a lead with one of their numbers, and five who asked not to be called."""
    session, clock = empty.session, empty.clock
    members.add_user(session, "ben")
    ben = empty.as_("ben")
    empty.numbers["fair"] = fill(
        session,
        [
            row(2, "Katrin Vogel", "Müller Metallbau", "+34600000001", "k@mueller.example"),
            row(3, "Luc Rousseau", "Atelier Rousseau", "+33199001122"),
            row(4, "Zoe Norte", "Norte", "+34600000004"),
            row(5, "Jo Brandt", "Brandt", "+34600000005"),
        ],
    )
    fill(session, [row(2, "K. Vogel", "Müller", "+34600000001")], "Messe")
    empty.numbers["lead"] = leads.create(
        session,
        "Müller Metallbau: presses",
        contact="Katrin Vogel",
        points=[("phone", "600 000 001")],
    )
    # The hash of the pictures: the salt of a store is another one each time.
    session.store.execute("UPDATE workspace SET salt = 'of the tests'")
    empty.session = session = session.reload()
    clock.go(days=-3)
    do_not_call.block(
        ben, "600000004", "asked on the phone, twice, and said the lawyer would write"
    )
    clock.go(days=1)
    do_not_call.block(session, "+33 1 99 00 11 22", "il ne veut plus être appelé")
    erase.erase(session, "600000005")
    clock.go(days=2)
    do_not_call.block(ben, "600000001", "never again")
    do_not_call.block(session, "info@robinson.example")
    return empty


def listed(place: Crm) -> list[str]:
    return [b.match for b in do_not_call.blocked(place.session) if not b.forgotten]


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_as_it_looks(place: Crm, size: tuple[int, int]) -> None:
    async with place.driving(size, "C", "9", "j") as d:
        d.golden(f"blocked-{size[0]}x{size[1]}")


async def test_from_the_lists_and_back(place: Crm) -> None:
    async with place.driving((80, 24), "C", "9") as d:
        assert d.app.screen.NAME == "blocked" and d.shows("Do not call 5")
        await d.press("escape")
        assert d.app.screen.NAME == "lists"


async def test_nobody_is_on_it(empty: Crm) -> None:
    async with empty.driving((80, 24)) as d:
        d.app.go("blocked")
        await d.settle()
        assert d.shows("Nobody is on the do-not-call list.")
        await d.press("minus")
        assert d.shows("there is nobody to take off")


async def test_filter(place: Crm) -> None:
    async with place.driving((80, 24), "C", "9", "slash") as d:
        await d.type("appele")
        await d.press("enter")
        assert d.shows("Do not call 1 of 5") and d.shows("+33 1 99 00 11 22")
        await d.press("slash", "ctrl+u")
        await d.type("600 000")
        await d.press("enter")
        assert d.shows("Do not call 2 of 5")
        await d.press("slash", "ctrl+u", "enter")
        assert d.shows("Do not call 5")


async def test_add_with_words_and_undo(place: Crm) -> None:
    number = ids(place.session, place.numbers["fair"])[1]
    do_not_call.unblock(place.session, "+33199001122", "to try")
    async with place.driving((80, 24), "C", "9", "plus") as d:
        await d.type("hello")
        assert d.shows("hello is no phone and no e-mail.")
        await d.press("enter")
        assert d.shows("› hello"), "Enter keeps what is not understood"
        await d.press("ctrl+u")
        await d.type("+33 1 99 00 11 22, moved away")
        assert d.shows("closes 1 row")
        await d.press("enter")
        assert d.shows("moved away") and state(place.session, number) == "blocked"
        await d.press("u")
        assert state(place.session, number) == "new" and "+33199001122" not in listed(place)
        await d.press("plus")
        await d.type("600000004")
        assert d.shows("on the list already (ben)")


async def test_taken_off_with_a_reason(place: Crm) -> None:
    async with place.driving((80, 24), "C", "9", "j", "minus") as d:
        await d.type("they called us")
        await d.press("enter")
        assert d.shows("Off the list") and d.shows("they called us")
        assert "+34600000001" not in listed(place)
        await d.press("u")
        assert "+34600000001" in listed(place)


async def test_a_hash_can_be_taken_off_too(place: Crm) -> None:
    async with place.driving((80, 24), "C", "9", "j", "j", "minus") as d:
        await d.type("by mistake")
        await d.press("enter")
        assert d.shows("Do not call 4")
    assert not do_not_call.is_blocked(place.session, ["+34600000005"])


async def test_enter_opens_the_lead_that_has_it(place: Crm) -> None:
    async with place.driving((80, 24), "C", "9", "enter") as d:
        assert d.shows("no lead has it; no list either.")
        await d.press("j", "enter")
        assert d.app.screen.NAME == "lead" and d.shows("Müller Metallbau  presses")
        await d.press("escape")
        assert d.app.screen.NAME == "blocked"


# -- files -----------------------------------------------------------------------------------------


async def test_import_shows_before_and_is_one_undo(place: Crm, tmp_path: Path) -> None:
    file = tmp_path / "robinson.csv"
    file.write_text("Number\n600 000 011\n600 000 012\n600 000 001\nnobody\n")
    async with place.driving((80, 24), "C", "9", "I") as d:
        await d.type(str(tmp_path / "none.csv"))
        await d.press("enter", "ctrl+u")
        await d.type(str(file))
        await d.press("enter")
        assert d.shows("2 new of 4 rows, 1 known, 1 not readable")
        assert d.shows("line 5: nobody: no phone and no e-mail")
        await d.press("1")
        assert d.shows("Do not call 7")
        await d.press("u")
        assert d.shows("Do not call 5")


async def test_export_by_ending(place: Crm, tmp_path: Path) -> None:
    async with place.driving((80, 24), "C", "9", "E", "ctrl+u") as d:
        await d.type(str(tmp_path / "out.doc"))
        assert d.shows("the ending says the format")
        await d.press("backspace", "backspace", "backspace")
        await d.type("csv")
        await d.press("enter")
        assert d.shows("Written")
    text = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert text.splitlines()[0] == "match,kind,at,who,words,note"
    assert "+34600000004" in text and "sha256:" in text and "+34600000005" not in text


# -- forgetting ------------------------------------------------------------------------------------


async def test_forget_shows_what_goes_and_asks_by_digit(place: Crm) -> None:
    async with place.driving((80, 24), "C", "9", "j", "f") as d:
        assert d.shows("2 rows of lists, 1 person, 1 lead for good")
        await d.press("enter")
        assert d.shows("they stay blocked, by a hash")
        await d.press("2")
        assert d.shows("was forgotten") and "+34600000001" in listed(place)
        await d.press("f", "enter", "1")
        assert d.shows("Forgotten") and d.shows("2 rows emptied")
        assert "+34600000001" not in listed(place)
        assert list(do_not_call.is_blocked(place.session, ["+34600000001"]))
        await d.press("u")
        assert d.shows("Undone")
    names = place.session.store.rows("SELECT name FROM prospects ORDER BY id")
    assert names[0] == ("",) and names[-1] == ("",), "the last act before it was undone, not this"


async def test_who_is_not_blocked_yet_may_be_in_the_same_act(place: Crm) -> None:
    do_not_call.unblock(place.session, "+34600000004", "to try")
    for digit, held in (("3", False), ("1", True)):
        async with place.driving((80, 24), "C", "9", "f", "ctrl+u") as d:
            await d.type("600 000 004")
            await d.press("enter", digit)
        found = do_not_call.is_blocked(place.session, ["+34600000004"])
        assert bool(found) is held


async def test_forget_from_the_palette(place: Crm) -> None:
    async with place.driving((80, 24), "colon") as d:
        await d.type("forget a person")
        await d.press("down", "enter")
        assert d.app.screen.NAME == "blocked" and d.shows("for good: this cannot be undone")
        await d.press("ctrl+u")
        await d.type("600000099")
        await d.press("enter", "1")
        assert d.shows("Nothing here carries +34600000099.")


async def test_a_rep_adds_but_neither_takes_off_nor_forgets(place: Crm) -> None:
    place.session = place.as_("ben")
    async with place.driving((80, 24), "C", "9", "minus") as d:
        assert d.shows("A rep may not do that.")
        await d.press("f")
        assert d.shows("A rep may not do that.")
        await d.press("plus")
        await d.type("600000021")
        await d.press("enter")
    assert "+34600000021" in listed(place)


async def test_a_lead_shows_that_its_number_is_blocked(place: Crm) -> None:
    for size in ((80, 24), (40, 10)):
        async with place.driving(size) as d:
            d.app.open_lead(place.numbers["lead"])
            await d.settle()
            assert d.shows("600 00 00 01") and d.shows("9 do not call"), str(d)
            if size[0] == 80:
                await d.press("y")
                assert d.shows("Do not call") and d.shows("copied all the same")
                await d.press("c")
                assert d.row(d.find("── call"))
                assert d.shows("9 do not call")


async def test_the_digit_of_an_outcome_is_its_own_on_leads_too(place: Crm) -> None:
    outcome_rules.retire(place.session, "call", "busy")
    async with place.driving((80, 24)) as d:
        d.app.open_lead(place.numbers["lead"])
        await d.settle()
        await d.press("c")
        assert d.shows("6 Wrong number") and d.shows("5 nothing")
        await d.press("5")
        assert d.shows("no outcome has this digit")


async def test_a_lead_with_a_blocked_number_is_refused_with_the_reason(place: Crm) -> None:
    async with place.driving((120, 36), "plus") as d:
        await d.type("Again: one 600 000 001")
        await d.press("enter")
        assert d.shows("is on the do-not-call list (ben, 2026-11-23: never again).")
    day = datetime.fromtimestamp(do_not_call.blocked(place.session)[0].at, place.session.zone)
    assert day.date().isoformat() == "2026-11-23"
