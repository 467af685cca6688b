"""The script by keyboard: its pane has the keys, its digits are answers, the path is kept."""

from __future__ import annotations

import pytest

from tests.driver import driving
from tests.tui.calling.store import Place
from tests.tui.calling.test_calling import SIZES, calling_at
from tui_crm.core.lists import lists

MARKED = """# Opening
Guten Tag **{Ansprechpartner}**, [b]kurz[/b] zu {Maschinen}:
- seit wann?
- wie oft?
> Zuhören.
[1] no time
Wann passt es?
"""


def path(place: Place) -> str:
    """The path of the newest call."""
    return str(place.store.value("SELECT script_path FROM actions ORDER BY id DESC LIMIT 1"))


async def test_tab_gives_the_digits_to_the_answers_and_takes_them_back(place: Place) -> None:
    async with driving(place.app(), (120, 36)) as d:
        await calling_at(d, place)
        await d.settle()
        quiet = d.screen()
        await d.press("tab")
        assert "tab gives the digits back" in d.row(d.find("Outcome"))
        assert "digit answer" in d.row(-1)
        await d.press("2")
        assert d.shows("Welcher ist es, und seit wann?") and place.actions() == 2
        await d.press("3")
        assert d.shows("Gern, an welche Adresse?")
        await d.press("0")
        assert d.shows("Guten Tag Frau Vogel")
        await d.press("9")
        assert d.shows("the script has no answer with this digit") and place.actions() == 2
        await d.press("3", "tab")
        assert "send me an e-mail" in d.row(d.find("Script"))
        assert d.screen()[24:] == quiet[24:], "all is as before"
        await d.press("3")
        assert place.state(0)[0] == "retry"
    assert path(place) == "2 we have a supplier > 3 send me an e-mail"


@pytest.mark.parametrize("leaving", ["tab", "escape", "q"])
async def test_the_script_is_left_by_tab_esc_or_q(place: Place, leaving: str) -> None:
    async with driving(place.app(), (120, 36)) as d:
        await calling_at(d, place)
        await d.press("tab", leaving)
        assert not d.shows("tab gives the digits back") and "Spring fair" in d.row(0)
        await d.press("4")
        assert "Jean Rousseau" in d.row(4)


async def test_the_other_keys_act_while_the_script_is_read(place: Place) -> None:
    async with driving(place.app(), (120, 36)) as d:
        await calling_at(d, place)
        await d.press("tab", "1", "enter", "n")
        await d.type("1 of 3")
        await d.press("enter")
        assert d.shows("on this call") and d.shows("1 of 3") and d.shows("Wann passt es besser?")
        await d.press("tab", "4")
        assert not d.shows("tab gives the digits back"), "the next row begins with the outcomes"
    assert path(place) == "1 no time"


@pytest.mark.parametrize("size", SIZES[:2], ids=lambda s: f"{s[0]}x{s[1]}")
async def test_the_lead_tells_which_answers_were_opened(
    place: Place, size: tuple[int, int]
) -> None:
    async with driving(place.app(), size) as d:
        await calling_at(d, place)
        await d.press("tab", "1", "3", "tab", "n", *"asks for an offer", "enter", "1", "enter")
        await d.press("colon", *"#2", "enter")
        await d.press("G")
        assert d.shows("asks for an offer") and d.shows("script: 1 no time > 3 send")


async def test_below_100_columns_it_is_a_sheet(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("tab", "1", "3", "tab", "4")
    assert path(place) == "1 no time > 3 send me an e-mail"


async def test_narrowed_by_a_resize_the_card_has_the_keys_again(place: Place) -> None:
    async with driving(place.app(), (120, 36)) as d:
        await calling_at(d, place)
        await d.press("tab")
        await d.resize(80, 24)
        await d.press("4")
        assert "Jean Rousseau" in d.row(3)


async def test_after_a_kill_the_answers_are_known(place: Place) -> None:
    async with driving(place.app(), (120, 36)) as d:
        await calling_at(d, place)
        await d.press("tab", "1", "3")
        # The program dies here.
    async with driving(place.again(), (120, 36)) as d:
        await d.press("C")
        assert "send me an e-mail" in d.row(d.find("Script"))
        await d.press("7")
        assert path(place) == "1 no time > 3 send me an e-mail"
        await d.press("u")
        assert "send me an e-mail" in d.row(d.find("Script")), "and with the row they come back"


async def test_a_long_script_scrolls(place: Place) -> None:
    lists.set_script(place.session, place.list_id, "\n".join(f"line {n}." for n in range(60)))
    async with driving(place.app(), (120, 36)) as d:
        await calling_at(d, place)
        assert d.shows("line 0.") and not d.shows("line 20.")
        await d.press("tab", *"jjjjjjjjjjjj")
        assert d.shows("line 20.") and not d.shows("line 4.") and "Katrin Vogel" in d.row(4)
        await d.press(*"kkkkkkkkkkkk")
        assert d.shows("line 0.")
        await d.press("tab", "j")
        assert "Jean Rousseau" in d.row(4), "without the keys, j is the next row"


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_markdown_as_it_looks(place: Place, size: tuple[int, int]) -> None:
    lists.set_script(place.session, place.list_id, MARKED)
    async with driving(place.app(), size) as d:
        await calling_at(d, place)
        await d.press("tab")
        d.golden(f"calling-script-{size[0]}x{size[1]}")
        bold = {text.strip() for y in range(size[1]) for text, style in d.styles(y) if style.bold}
        assert {"Opening", "Katrin Vogel"} <= bold
        assert d.shows("[b]kurz[/b]"), "what is no mark of ours is shown as typed"
