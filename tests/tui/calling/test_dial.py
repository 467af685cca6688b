"""Dialling: the dialler, several phones, and numbers that the terminal can open."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from tests.driver import Driver, driving
from tests.tui.calling.store import Place
from tests.tui.calling.test_calling import calling_at, eventually
from tui_crm.core.errors import CrmError
from tui_crm.settings import load
from tui_crm.tui.app import CrmApp
from tui_crm.tui.terminal import links, theme
from tui_crm.tui.widgets.lines import make, strip


@pytest.fixture
def linking() -> Any:
    links.use(True)
    yield
    links.use(False)


def targets(d: Driver) -> dict[str, set[str]]:
    """Every link on the screen, with the texts it stands on."""
    found: dict[str, set[str]] = {}
    for y in range(d.app.size.height):
        for text, style in d.styles(y):
            if style.link:
                found.setdefault(style.link, set()).add(text.strip())
    return found


# -- the dialler ----------------------------------------------------------------------------------


async def test_a_dialler_that_is_not_there_says_so_and_loses_nothing(place: Place) -> None:
    app = place.app()
    app.dialer = ("no-such-dialler", "{phone}")
    async with driving(app) as d:
        await calling_at(d, place)
        await d.press("enter")
        assert d.shows("the dialler was not found: no-such-dialler")
        assert d.row(1).endswith("on this call 00:00") and app.clipboard == "+497513661208"
        await d.press("3")
    assert place.state(0)[0] == "retry"


async def test_a_dialler_that_gives_up_says_with_what_code(place: Place) -> None:
    app = place.app()
    app.dialer = (sys.executable, "-c", "import sys; sys.exit(3)", "{phone}")
    async with driving(app) as d:
        await calling_at(d, place)
        await d.press("enter")
        assert d.shows("copied, dialler started")
        await eventually(lambda: d.shows("the dialler ended with code 3"))
        assert d.row(1).endswith("on this call 00:00")


async def test_a_dialler_that_ends_well_says_nothing(place: Place, tmp_path: Any) -> None:
    app, said = place.app(), tmp_path / "said"
    app.dialer = ("sh", "-c", 'printf "%s|" "$@" > "$0"', str(said), "{phone}", "a;b $(c)")
    async with driving(app) as d:
        await calling_at(d, place)
        await d.press("enter")
        await eventually(lambda: said.exists() and said.read_text() == "+497513661208|a;b $(c)|")
        await d.pilot.pause(0.7)
        assert d.shows("copied, dialler started")


async def test_a_failing_copy_tool_is_no_failing_call(place: Place, monkeypatch: Any) -> None:
    monkeypatch.setenv("PATH", "")
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("enter")
        assert d.shows("on this call")


# -- several phones -------------------------------------------------------------------------------


async def test_enter_again_offers_the_other_phones_by_digit(place: Place) -> None:
    app = place.app()
    async with driving(app) as d:
        await calling_at(d, place)
        await d.press("enter")
        place.clock.go(seconds=30)
        await d.press("enter")
        assert d.shows("on this call: +49 751 3661208") and d.shows("1 +49 171 5552210 Mobil")
        await d.press("escape")
        assert d.shows("on this call") and place.actions() == 2
        await d.press("enter", "1")
        assert app.clipboard == "+491715552210" and d.row(1).endswith("00:00")
        await d.press("6")
    bad = place.store.rows(
        "SELECT value, bad FROM prospect_keys WHERE prospect_id = ? AND kind = 'phone'"
        " ORDER BY position",
        (place.rows[0],),
    )
    assert bad == [("+49 751 366 1208", 0), ("+49 171 555 2210", 1)]


async def test_the_first_good_phone_is_dialled_at_once(place: Place) -> None:
    place.store.execute("UPDATE prospect_keys SET bad = 1 WHERE value = '+49 751 366 1208'")
    app = place.app()
    async with driving(app) as d:
        await calling_at(d, place)
        await d.press("enter")
        assert app.clipboard == "+491715552210"
        await d.press("enter")
        assert d.shows("1 +49 751 3661208 Telefon, wrong number")


@pytest.mark.parametrize(
    ("region", "home", "abroad"),
    [("ES", "911 23 45 67", "+33 4 72 10 20 30"), ("FR", "04 72 10 20 30", "+34 911 23 45 67")],
)
async def test_numbers_read_as_at_home_and_as_abroad(
    place: Place, region: str, home: str, abroad: str
) -> None:
    place.store.execute("UPDATE workspace SET region = ?", (region,))
    place.store.execute(
        "UPDATE prospect_keys SET value = '+34911234567', match = '+34911234567'"
        " WHERE value = '+49 171 555 2210'"
    )
    place.store.execute(
        "UPDATE prospect_keys SET value = '+33472102030', match = '+33472102030'"
        " WHERE value = '+49 751 366 1208'"
    )
    async with driving(place.again(), (40, 10)) as d:
        await calling_at(d, place)
        await d.press("y")
        assert d.shows(home) and d.shows(abroad)


# -- links ----------------------------------------------------------------------------------------

KITTY = {"TERM": "xterm-kitty"}


@pytest.mark.parametrize(
    ("environ", "linked"),
    [
        ({"TERM": "xterm-256color", "VTE_VERSION": "6800"}, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "4600"}, False),
        ({"TERM": "xterm-256color", "VTE_VERSION": "new"}, False),
        (KITTY, True),
        ({"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"}, True),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, True),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, True),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, False),
        ({"TERM": "xterm-256color", "WT_SESSION": "a-b"}, True),
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "linux", "VTE_VERSION": "6800"}, False),
        ({"TERM": "dumb", "VTE_VERSION": "6800"}, False),
        ({"TERM": "tmux-256color", "TMUX": "/s", "VTE_VERSION": "6800"}, False),
        (
            {
                "TERM": "tmux-256color",
                "TMUX": "/s",
                "TERM_PROGRAM": "tmux",
                "TERM_PROGRAM_VERSION": "3.3a",
            },
            False,
        ),
        (
            {
                "TERM": "tmux-256color",
                "TMUX": "/s",
                "TERM_PROGRAM": "tmux",
                "TERM_PROGRAM_VERSION": "3.4",
            },
            True,
        ),
        ({"TERM": "screen-256color", "VTE_VERSION": "6800"}, False),
    ],
)
def test_where_links_are_made_by_themselves(environ: dict[str, str], linked: bool) -> None:
    assert links.choose("auto", environ) is linked
    assert links.choose("on", environ) and not links.choose("off", environ)


@pytest.mark.parametrize(
    "number",
    ["+34 911", "tel:+34911", "+34911\x1b\\", "+٣٤٩١١", "911;ext=1", "++34911", "", None],
)
def test_only_a_number_gets_into_a_link(linking: Any, number: str | None) -> None:
    assert links.dialled("strong", number) == "strong"
    assert links.target(number or "") is None


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (40, 10)], ids=lambda s: f"{s[0]}x{s[1]}")
async def test_the_number_is_a_link_and_stays_readable(place: Place, size: tuple[int, int]) -> None:
    async with driving(place.app(), size) as d:
        await calling_at(d, place)
        plain = d.screen()
        assert targets(d) == {}
    async with driving(place.again(**KITTY), size) as d:
        await calling_at(d, place)
        found = targets(d)
        assert "tel:+497513661208" in found and d.screen() == plain
        if size[0] != 80:
            assert "+49 751 3661208" in found["tel:+497513661208"]
        if size[0] != 40:
            assert found["tel:+491715552210"] == {"+49 171 5552210"}


async def test_a_blocked_number_is_no_link(place: Place) -> None:
    from tui_crm.core.privacy import do_not_call

    async with driving(place.app(**KITTY), (120, 36)) as d:
        await calling_at(d, place)
        do_not_call.block(place.session, "+49 171 5552210", "never")
        screen: Any = d.app.screen
        screen.reload()
        await d.settle()
        assert "tel:+491715552210" not in targets(d)


def test_a_link_is_the_same_link_each_time_it_is_drawn(linking: Any) -> None:
    line = make(("+34 911", links.dialled("strong", "+34911234567")), ("  and more", "dim"))
    theme.use(theme.DARK)
    segment = next(iter(strip(line, 30)))
    assert segment.text == "+34 911" and segment.style.link == "tel:+34911234567"
    again = next(iter(strip((*line, *make(" x")), 31)))
    assert again.style.link_id == segment.style.link_id


async def test_the_setting_decides_before_the_terminal(place: Place, tmp_path: Any) -> None:
    file = tmp_path / "config.toml"
    file.write_text('links = "off"\n')
    app = CrmApp(place.session, load(str(file), {}), "", dict(KITTY))
    async with driving(app) as d:
        await calling_at(d, place)
        assert targets(d) == {}
    file.write_text('links = "yes"\n')
    with pytest.raises(CrmError, match="“yes” is no links"):
        load(str(file), {})


async def test_a_call_during_which_the_machine_slept_is_as_long_as_the_rep_was_there(
    place: Place,
) -> None:
    async with driving(place.app()) as d:
        screen = await calling_at(d, place)
        await d.press("enter")
        for _n in range(4):
            place.clock.go(seconds=10)
            screen.give_sign_of_life()
        place.clock.go(minutes=269)
        screen.give_sign_of_life()
        await d.settle()
        assert d.shows("this machine slept") and d.shows("0:40")
        place.clock.go(seconds=5)
        await d.press("3")
        seconds = "SELECT seconds FROM actions WHERE kind = 'call' ORDER BY id DESC LIMIT 1"
        assert place.session.store.value(seconds) == 45
