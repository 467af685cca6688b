"""The digit row of French, Belgian, Czech and Slovak keyboards is one of digits, where they act."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from tests.driver import driving
from tests.tui.calling.store import Place
from tests.tui.calling.test_calling import calling_at
from tui_crm.settings import Settings
from tui_crm.tui import digit_row, keys, screens
from tui_crm.tui.app import CrmApp

TYPED = {
    "azerty": list("&é\"'(-è_çà"),
    "belgian": list("&é\"'(§è!çà"),
    "czech": list("+ěščřžýáíé"),
    "slovak": list("+ľščťžýáíé"),
}
DIGITS = "1234567890"


@pytest.mark.parametrize("layout", digit_row.LAYOUTS)
def test_the_rows_as_they_are_on_the_keyboards(layout):
    assert [digit_row.digit_of(layout, sign) for sign in TYPED[layout]] == list(DIGITS)
    letters = [sign for sign in TYPED[layout] if sign.isalpha()]
    assert [digit_row.digit_of(layout, sign.upper()) for sign in letters] == [
        digit_row.digit_of(layout, sign) for sign in letters
    ]


@pytest.mark.parametrize(
    ("environ", "layout"),
    [
        ({"LANG": "fr_FR.UTF-8"}, "azerty"),
        ({"LANG": "fr"}, "azerty"),
        ({"LANG": "fr_SN.UTF-8"}, "azerty"),
        ({"LANG": "eu_FR.UTF-8"}, "azerty"),
        ({"LANG": "fr_BE.UTF-8"}, "belgian"),
        ({"LANG": "nl_BE@euro"}, "belgian"),
        ({"LANG": "fr_CA.UTF-8"}, ""),
        ({"LANG": "fr_CH.UTF-8"}, ""),
        ({"LANG": "cs_CZ.UTF-8"}, "czech"),
        ({"LANG": "sk_SK.ISO-8859-2"}, "slovak"),
        ({"LANG": "de_DE.UTF-8"}, ""),
        ({"LANG": "cs_CZ.UTF-8", "LC_ALL": "en_US.UTF-8"}, ""),
        ({"LANG": "cs_CZ.UTF-8", "LC_ALL": "C.UTF-8"}, "czech"),
        ({}, ""),
    ],
)
def test_the_locale_says_which(environ, layout):
    assert digit_row.choose("auto", environ) == layout
    assert digit_row.choose("off", environ) == ""
    assert digit_row.choose("slovak", environ) == "slovak"


@given(st.text(max_size=2) | st.none())
def test_whatever_is_typed_is_a_digit_of_its_row_or_none(character):
    for layout in digit_row.LAYOUTS:
        digit = digit_row.digit_of(layout, character)
        assert digit is None or TYPED[layout][DIGITS.index(digit)] == character.lower()


def app(place: Place, layout: str) -> CrmApp:
    return CrmApp(place.session, Settings(glyphs="unicode", digit_row=layout), "", {})


@pytest.mark.parametrize("layout", digit_row.LAYOUTS)
@pytest.mark.parametrize("digit", "34567")
async def test_a_call_is_logged_by_the_letter_on_the_key_of_its_outcome(
    place: Place, layout: str, digit: str
) -> None:
    async with driving(app(place, layout)) as d:
        await calling_at(d, place)
        await d.press(TYPED[layout][int(digit) - 1])
        assert "Jean Rousseau" in d.row(3)
        logged = "SELECT digit FROM actions JOIN outcomes ON outcomes.id = outcome_id"
        assert place.session.store.value(f"{logged} ORDER BY actions.id DESC") == int(digit)


@pytest.mark.parametrize("layout", digit_row.LAYOUTS)
async def test_in_menus_and_reports(crm, layout):
    own = Settings(glyphs="unicode", digit_row=layout)
    second = TYPED[layout][1]
    async with crm.driving((80, 24), "s", settings=own) as d:
        entries = crm.entries()
        await d.press(second)
        assert not d.shows("── step") and crm.entries() == entries + 1
        await d.press("S", second)
        chosen = d.row(1).split()[0]
        await d.press("3")
        assert d.row(1).split()[0] != chosen
        await d.press("2")
        assert d.row(1).split()[0] == chosen


async def test_a_text_is_what_was_typed(crm):
    own = Settings(glyphs="unicode", digit_row="azerty")
    async with crm.driving((80, 24), "n", settings=own) as d:
        await d.type("évaluée à 3 & 4")
        assert d.shows("évaluée à 3 & 4")


@pytest.mark.parametrize(("layout", "key"), [("azerty", "minus"), ("czech", "plus")])
async def test_a_key_of_the_screen_itself_keeps_its_meaning(crm, layout, key):
    """On the outcomes `-` retires one and `+` adds one, though digits act there as well."""
    row = {"minus": "outcomes.retire", "plus": "outcomes.add"}[key]
    opened = {"minus": "retire", "plus": "outcome"}[key]
    assert key in keys.by_id(row).keys
    own = Settings(glyphs="unicode", digit_row=layout)
    async with crm.driving((80, 24), settings=own) as d:
        d.app.push_screen(d.app.screen_of(screens.find("outcomes")))
        await d.settle()
        await d.press(key)
        assert opened in "".join(d.screen()[-4:]).lower()


async def test_a_czech_plus_is_a_new_lead_where_no_digit_acts(crm):
    own = Settings(glyphs="unicode", digit_row="czech")
    async with crm.driving((80, 24), "plus", settings=own) as d:
        assert d.shows("── new lead")


async def test_where_nothing_says_so_it_is_explained(crm):
    async with crm.driving((80, 24), "S") as d:
        entries = crm.entries()
        await d.press("é")
        assert d.shows('é is the digit 2 with digit_row = "azerty" in config.toml.')
        await d.press("T", "s", "ě")
        assert d.shows('ě is the digit 2 with digit_row = "czech"')
        assert d.shows("── step") and crm.entries() == entries


async def test_where_nothing_says_so_no_call_is_logged(place: Place) -> None:
    async with driving(place.app()) as d:
        await calling_at(d, place)
        await d.press("ç")
        assert d.shows("Katrin Vogel") and d.shows('digit_row = "azerty"')


async def test_where_no_digit_acts_nothing_is_said(crm):
    async with crm.driving((80, 24)) as d:
        await d.press("é")
        assert not d.shows("digit_row")


async def test_a_key_that_the_user_chose_goes_first(crm):
    own = Settings(glyphs="unicode", digit_row="azerty", keys={"stats.view": "é"})
    async with crm.driving((80, 24), "S", settings=own) as d:
        await d.press("2")
        second = d.row(1).split()[0]
        await d.press("1")
        first = d.row(1).split()[0]
        await d.press("é")
        assert d.row(1).split()[0] == first != second
