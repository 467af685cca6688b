"""The calling block by keyboard: one key a call, and nothing lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.driver import Driver, driving
from tests.tui.calling.store import Place
from tui_crm.core.calling import (
    card as calling_card,
    session as calling_session,
)
from tui_crm.core.lists import lists
from tui_crm.core.privacy.do_not_call import Block
from tui_crm.core.team.sign_in import sign_in
from tui_crm.tui import screens
from tui_crm.tui.widgets import prospect_card, prospect_panes
from tui_crm.tui.widgets.lines import cells, plain

SIZES = ((80, 24), (120, 36), (40, 10))
HOSTILE = (
    "[/foo] a [/] b",
    "[@click=app.quit]Acme[/]",
    "\x1b]0;pwned\x07name",
    "\x9b31mred",
    "株式会社 \u202egnp.exe",
    "a\tb\nc",
    "{first name} %s \\",
    "é" * 300,
    "👩‍👩‍👧‍👦 family",
)


async def calling_at(d: Driver, place: Place) -> Any:
    """Go to Calling on the list "Spring fair"."""
    screen: Any = d.app.screen_of(screens.find("calling"))
    screen.start_list(place.list_id)
    await d.press("C")
    for _round in range(100):
        # At the side of the card stands what comes next; it is looked up once the card is painted.
        view = screen.view
        if screen.size.width < 100 or not view or not view.card or view.coming is not None:
            break
        await d.settle()
    return screen


async def eventually(there: Callable[[], bool]) -> None:
    """Wait for another process, ten seconds at most."""
    for _look in range(1000):
        if there():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen")


# -- what is seen ---------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_card_as_it_looks(place: Place, size: tuple[int, int]) -> None:
    async with driving(place.app(), size) as d:
        screen = await calling_at(d, place)
        await d.press("enter")
        place.clock.go(seconds=42)
        screen.update_clock()
        await d.settle()
        d.golden(f"calling-{size[0]}x{size[1]}")


async def test_no_colour_says_the_same(place: Place) -> None:
    async with driving(place.app(), (80, 24)) as d:
        await calling_at(d, place)
        coloured = d.screen()
    async with driving(place.again(NO_COLOR="1"), (80, 24)) as d:
        await calling_at(d, place)
        assert d.screen() == coloured
        assert not any(style.color for y in range(24) for _text, style in d.styles(y))


async def test_from_the_lists_to_the_first_row_and_back(place: Place) -> None:
    async with driving(place.app()) as d:
        await d.press("C")
        assert "Prospect lists" in d.row(1)
        await d.press("enter")
        assert "callback 09:00, 12 min late" in d.row(1)
        assert "try 3 of 6" in d.row(1)
        await d.press("3", "escape")
        assert d.shows("Spring fair  1 call, 0 reached, 0 leads, 0 callbacks")
        # The list that was called last is one key away.
        await d.press("T", "C")
        assert d.shows("Jean Rousseau")


# -- one key, one call ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "state"),
    [
        (("3",), "retry"),
        (("4",), "retry"),
        (("5",), "retry"),
        (("6",), "done"),
        (("7",), "retry"),
        (("8",), "lead"),
        (("9", "enter"), "blocked"),
        (("1", "enter"), "lead"),
        (("2", "3"), "done"),
        (("2", "enter"), "done"),
    ],
    ids=lambda v: "".join(k[0] for k in v) if isinstance(v, tuple) else v,
)
async def test_outcome_and_the_next_row_is_there(
    place: Place, keys: tuple[str, ...], state: str
) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        assert d.shows("Katrin Vogel")
        await d.press(*keys)
        assert "Jean Rousseau" in d.row(3)
        assert place.state(0)[:2] == (state, 3)
        assert place.actions() == 3
        # One key takes all of it back, and the row is on screen again with its note.
        await d.press("u")
        assert "Katrin Vogel" in d.row(3)
        assert d.shows("Laser 2 breaks down often")
        assert place.state(0)[:2] == ("callback", 2)
        assert place.actions() == 2


async def test_a_reason_is_kept_when_one_is_chosen(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("2", "3")
    assert (
        place.store.value("SELECT label FROM reasons JOIN actions ON reason_id = reasons.id")
        == "No budget"
    )


async def test_keys_typed_ahead_are_calls_on_one_row_each(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.burst("3", "4", "5")
        assert place.actions() == 5
        assert [place.state(n)[0] for n in range(4)] == ["retry", "retry", "retry", "new"]


async def test_row_to_lead_with_its_next_action(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("1")
        await d.type("fri 9:30 send quote")
        assert d.shows("same time there")
        await d.press("enter")
        assert d.shows("Lead   #2 Katrin Vogel")
    rows = place.store.rows("SELECT title, next_at, next_text FROM leads WHERE id = 2")
    friday = int(datetime(2026, 11, 27, 8, 30, tzinfo=UTC).timestamp())
    assert rows == [("Müller Metallbau GmbH: Katrin Vogel", friday, "send quote")]


async def test_callback_in_one_line_with_both_clocks(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("j", "j")
        assert d.shows("08:12 there")
        await d.press("r")
        await d.type("tue 10")
        row = d.find("Tue 24 Nov 10:00")
        assert "09:00 there" in d.row(row)
        await d.press("enter")
        assert not d.shows("call back Tom")
    state, due = place.store.rows(
        "SELECT state, due_at FROM prospects WHERE id = ?", (place.rows[2],)
    )[0]
    assert (state, due) == ("callback", int(datetime(2026, 11, 24, 9, tzinfo=UTC).timestamp()))


async def test_callback_outside_their_hours_is_said_and_nonsense_is_refused(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("r")
        await d.type("tue 23:00")
        assert d.shows("outside calling hours there")
        await d.press("ctrl+u")
        await d.type("gibberish")
        await d.press("enter")
        assert d.shows("gibberish"), "Enter keeps nothing that was not understood"
        assert place.state(0)[0] == "callback"


# -- dialling -------------------------------------------------------------------------------------


async def test_enter_dials_copies_and_starts_the_clock(place: Place, tmp_path: Any) -> None:
    app = place.app()
    said = tmp_path / "dialled"
    app.dialer = ("sh", "-c", 'printf %s "$1" > "$2"', "sh", "{phone}", str(said))
    async with driving(app) as d:
        screen = await calling_at(d, place)
        await d.press("enter")
        assert app.clipboard == "+497513661208"
        assert d.shows("Dial  +49 751 3661208")
        assert d.row(1).endswith("on this call 00:00")
        place.clock.go(seconds=42)
        screen.update_clock()
        await d.settle()
        assert d.row(1).endswith("on this call 00:42")
        # A second Enter offers the other phones, and the clock goes on.
        await d.press("enter", "escape")
        assert d.row(1).endswith("00:42")
        await d.press("z")
        place.clock.go(seconds=60)
        screen.update_clock()
        await d.press("z")
        assert d.row(1).endswith("on this call 00:42")
        await d.press("4")
    assert place.store.value("SELECT seconds FROM actions ORDER BY id DESC LIMIT 1") == 42
    await eventually(lambda: said.exists() and said.read_text() != "")
    assert said.read_text() == "+497513661208"


async def test_a_row_without_a_phone_says_so(place: Place) -> None:
    place.store.execute("DELETE FROM prospect_keys WHERE prospect_id = ?", (place.rows[0],))
    async with driving(place.app()) as d:
        await calling_at(d, place)
        assert d.shows("no phone")
        await d.press("enter")
        assert d.shows("There is no phone to dial.")


def test_a_blocked_row_shows_who_asked_in_place_of_the_number(place: Place) -> None:
    calling_session.open_row(place.session, place.rows[0])
    card = calling_card.card(place.session, place.rows[0])
    block = Block(
        "+497513661208", "phone", int(place.session.now.timestamp()), "Ben", "never again"
    )
    blocked = replace(card, phones=(replace(card.phones[0], blocked=block),))
    rows = prospect_card.narrow(blocked, 78, 20, large=True, now=place.session.now)
    shown = [plain(row) for row in rows]
    assert any("9 do not call" in row and "Ben" in row and "never again" in row for row in shown)
    assert len(rows) == 20


# -- the note -------------------------------------------------------------------------------------


async def test_after_a_kill_the_same_row_note_and_clock(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("j", "enter", "n")
        await d.type("asks for Friday")
        # The program dies here: no Enter, no goodbye.
        await d.pilot.pause(0.8)
    place.clock.go(seconds=90)
    async with driving(place.again()) as d:
        await d.press("C")
        assert "Jean Rousseau" in d.row(3)
        assert d.shows("note   asks for Friday")
        assert d.row(1).endswith("on this call 01:30")
        await d.press("3")
    assert place.state(1) == ("retry", 1, "asks for Friday")
    assert (
        place.store.value("SELECT text FROM actions ORDER BY id DESC LIMIT 1") == "asks for Friday"
    )


async def test_new_words_are_added_to_the_earlier_note(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("n")
        assert d.shows("earlier: Back from leave")
        await d.type("wants a visit")
        await d.press("enter")
        assert d.shows("wants a visit")
        await d.press("4", "u")
        assert d.shows("wants a visit"), "undo brings the row back with its note"
        await d.press("4")
    assert place.state(0)[2].splitlines()[-1] == "wants a visit"


async def test_digits_are_letters_while_a_note_is_typed(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("n")
        await d.type("12 machines, 3 halls")
        assert place.actions() == 2
        assert not d.shows("1 Interested"), "the sheet covers the outcomes whole"


# -- the other keys -------------------------------------------------------------------------------


async def test_next_and_back_without_an_outcome(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("j")
        assert "Jean Rousseau" in d.row(3)
        await d.press("k")
        assert "Katrin Vogel" in d.row(3)
        await d.press("k")
        assert d.shows("no row was stepped over")
        assert place.actions() == 2


async def test_what_comes_next_and_why_and_a_digit_goes_there(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("v")
        assert d.shows("40 may be called now")
        assert "Tom Hallam" in d.row(d.find("2 Tom")) and d.shows("new, row 3 of 40")
        await d.press("2")
        assert "Tom Hallam" in d.row(3)


async def test_edit_a_column_and_the_original_is_kept(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("i", "2", "ctrl+u")
        await d.type("Geschäftsführung")
        await d.press("enter")
        assert "Geschäftsführung" in d.row(3)
    original = place.store.value("SELECT original FROM prospects WHERE id = ?", (place.rows[0],))
    assert "Leitung Einkauf" in original


async def test_copy_asks_which_when_there_are_several(place: Place) -> None:
    app = place.app()
    async with driving(app) as d:
        await calling_at(d, place)
        await d.press("y", "3")
        assert app.clipboard == "k.vogel@mueller-metallbau.example"
        assert d.shows("Copied  k.vogel@mueller-metallbau.example")


async def test_script_answers_an_objection(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("tab")
        assert d.shows("Wie oft stand die Maschine")
        await d.press("2")
        assert d.shows("Welcher ist es, und seit wann?")
        await d.press("tab")
        assert "we have a supplier" in d.row(d.find("Script")), "the answer stays on the card"
        assert place.actions() == 2, "digits in the script are no outcomes"
        await d.press("3")
        assert d.shows("Guten Tag Frau Rousseau"), "the next row begins with the opening"


async def test_a_narrowed_session_and_the_whole_list_again(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("slash")
        await d.type("leeds")
        assert d.shows("first: Tom Hallam")
        await d.press("enter")
        assert "Tom Hallam" in d.row(3)
        await d.press("3")
        assert d.shows("Nothing to call matches leeds.")
        await d.press("slash", "ctrl+u", "enter")
        assert d.shows("Katrin Vogel")


async def test_a_number_that_is_already_a_lead_is_said_and_opens(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("number_sign")
        assert d.shows("no lead has this number")
        await d.press("j")
        assert d.shows("already a lead: #1 Rousseau: vieux contrat (ben)")
        await d.press("number_sign")
        assert "Rousseau  vieux contrat" in d.row(1)
        await d.press("escape")
        assert "Jean Rousseau" in d.row(3)


async def test_an_empty_queue_says_what_is_hidden_and_when_it_goes_on(sqlite_url: str) -> None:
    place = Place(sqlite_url, earlier=False, more=0)
    async with driving(place.app()) as d:
        screen = await calling_at(d, place)
        await d.press("5", "5", "5", "5")
        assert d.shows("Nobody may be called now.")
        assert d.shows("The next one 09:42")
        place.clock.go(minutes=31)
        screen.tick()
        await d.settle()
        assert d.shows("Katrin Vogel"), "it goes on by itself"


async def test_a_callback_of_today_opens_on_its_row(place: Place) -> None:
    async with driving(place.app()) as d:
        screen: Any = d.app.screen_of(screens.find("calling"))
        screen.start_at(place.rows[2])
        await d.press("C")
        assert "Tom Hallam" in d.row(3)


async def test_a_row_on_a_colleagues_screen_is_not_offered(place: Place) -> None:
    ben = sign_in(place.store, "ben", clock=place.clock)[0]
    calling_session.open_row(ben, place.rows[0])
    async with driving(place.app()) as d:
        screen = await calling_at(d, place)
        assert "Jean Rousseau" in d.row(3)
        screen.open_row(place.rows[0])
        await d.settle()
        assert d.shows("ben has this row on screen.")


# -- hostile data and odd sizes -------------------------------------------------------------------


@pytest.mark.parametrize("turn", range(0, len(HOSTILE), 3))
async def test_hostile_text_in_every_column(place: Place, turn: int) -> None:
    """It was written past the cleaning, as an old or a foreign store could hold it. Every column
    holds another text; three turns bring each kind to different columns."""
    texts = [*HOSTILE[turn:], *HOSTILE[:turn], *HOSTILE]
    place.store.execute(
        "UPDATE prospects SET name = ?, company = ?, role = ?, city = ?, country = ?, note = ?,"
        " problem = ?, cells = ? WHERE id = ?",
        (*texts[:7], json.dumps(texts[:14]), place.rows[0]),
    )
    script = "\n".join([texts[0], texts[1], f"[1] {texts[2]}", texts[3]])
    place.store.execute("UPDATE lists SET name = ?, script = ?", (texts[4], script))
    place.store.execute(
        "UPDATE prospect_keys SET value = ? WHERE prospect_id = ?", (texts[5], place.rows[0])
    )
    async with driving(place.app(), (120, 36)) as d:
        await calling_at(d, place)
        for size in ((120, 36), (80, 24), (40, 10), (20, 5)):
            await d.resize(*size)
            for keys in (
                (),
                ("v", "q"),
                ("i", "q"),
                ("y", "q"),
                ("tab", "1", "tab"),
                ("r", "escape"),
                ("n", "escape"),
                ("2", "2", "u"),
                ("escape", "enter"),
            ):
                await d.press(*keys)
                shown = "\n".join(d.screen())
                assert not any((ord(c) < 32 and c != "\n") or 0x7F <= ord(c) < 0xA0 for c in shown)


@pytest.mark.parametrize("width", range(36, 141, 8))
@pytest.mark.parametrize("height", [3, 6, 9, 14, 20, 33, 50])
def test_card_fits_any_size(place: Place, width: int, height: int) -> None:
    card = calling_card.card(place.session, place.rows[0])
    now = place.session.now
    found = calling_session.upcoming(place.session, place.list_id, 3)
    for rows in (
        prospect_card.narrow(card, width, height, large=True, now=now),
        prospect_panes.left(card, width, height, large=True, now=now),
        prospect_panes.side(card, found, width, height),
    ):
        assert all(cells(row) <= width for row in rows)
        assert len(rows) <= max(height, 3)


async def test_the_words_of_another_list_show_no_trace(place: Place) -> None:
    """A list without a script has no empty section for one."""
    lists.set_script(place.session, place.list_id, "")
    async with driving(place.app()) as d:
        await calling_at(d, place)
        assert not d.shows("Script")
        await d.press("tab")
        assert d.shows("this list has no script")


async def test_the_number_is_large_at_80_columns_unless_the_line_may_be_slow(place):
    true = {"COLORTERM": "truecolor"}
    for environ, large in (
        ({}, True),
        (true, True),
        (true | {"SSH_CONNECTION": "::1 1 ::1 22"}, False),
        ({"SSH_CONNECTION": "::1 1 ::1 22"}, True),
    ):
        async with driving(place.again(**environ), (80, 24)) as d:
            await calling_at(d, place)
            assert d.shows("▀▀▀ ▀▀▀") == large, environ


async def test_an_empty_queue_names_the_list_that_has_people_and_enter_goes_there(
    sqlite_url: str,
) -> None:
    from tests.tui.calling.test_held_call import fair_two
    from tui_crm.core.calling import counts as calling_counts

    place = Place(sqlite_url, earlier=False, more=0)
    other = fair_two(place)
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("5", "5", "5", "5")
        there = calling_counts.count_rows(place.session, other).callable_now
        assert there and d.shows(f"Enter  Winter fair  {there} may be called")
        await d.press("enter")
        assert "Winter fair" in d.row(0) and not d.shows("Nobody may be called now.")


async def test_a_row_is_called_anyway_and_the_journal_says_so(sqlite_url: str) -> None:
    place = Place(sqlite_url, earlier=False, more=0)
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("a")
        assert d.shows("somebody may be called now")
        await d.press("5", "5", "5", "5")
        assert d.shows("a  call the next row anyway")
        await d.press("a")
        assert d.shows("Katrin Vogel") and d.shows("the journal says so")
        await d.press("3")
        words = "SELECT text FROM entries ORDER BY id DESC LIMIT 1"
        assert (
            place.store.value(words)
            == "No answer: Katrin Vogel, Müller Metallbau GmbH, called anyway before its moment"
        )
        await d.press("u")
        place.clock.go(hours=12)
        d.app.screen.tick()
        await d.press("j", "a", "3")
        assert place.store.value(words).endswith("called anyway outside its hours")


async def test_do_not_call_asks_for_the_words_said(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("9")
        assert place.state(0)[0] != "blocked"
        await d.type("take me off, I wrote twice")
        await d.press("enter")
        assert place.state(0)[0] == "blocked" and not d.shows("Katrin Vogel  ")
        said = place.store.rows("SELECT DISTINCT words FROM blocked WHERE words <> ''")
        assert ("take me off, I wrote twice",) in said
        assert "take me off" in place.store.value(
            "SELECT text FROM actions ORDER BY id DESC LIMIT 1"
        )
        await d.press("u")
        assert "Katrin Vogel" in d.row(3) and place.state(0)[0] != "blocked"
        await d.press("9", "escape")
        assert place.state(0)[0] != "blocked", "Esc logs nothing"
