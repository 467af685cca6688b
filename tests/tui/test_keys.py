"""One table of keys: bindings, hints, help and the check of a user's own keys come from it."""

from __future__ import annotations

import pytest

from tui_crm.core.errors import CrmError
from tui_crm.settings import Settings
from tui_crm.tui import keys, screens
from tui_crm.tui.keys import remap


def test_ids_are_unique_and_words_short():
    ids = [row.id for row in keys.TABLE]
    assert len(ids) == len(set(ids))
    for row in keys.TABLE:
        assert len(row.word) <= 12, row.id
        assert row.group in keys.GROUPS


@pytest.mark.parametrize("screen", list(keys.HINTS))
def test_no_key_means_two_things_on_a_screen(screen):
    names = [name for row in keys.here(screen) for name in row.keys.split(",")]
    twice = {name for name in names if names.count(name) > 1}
    assert not twice


@pytest.mark.parametrize("screen", list(keys.HINTS))
def test_hints_are_keys_that_act_there(screen):
    acting = {row.id for row in keys.here(screen)}
    assert set(keys.HINTS[screen]) <= acting


def test_no_key_that_terminals_send_as_another():
    for row in keys.TABLE:
        for name in row.keys.split(","):
            assert name not in remap.IMPOSSIBLE and "alt+" not in name
            assert not (name.startswith("f") and name[1:].isdigit())


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({"do.wun": "W"}, "c.toml:3: do.wun is no key id."),
        ({"do.won": "ctrl+i"}, "c.toml:3: terminals send ctrl+i as tab."),
        ({"do.won": "ctrl+m"}, "c.toml:3: terminals send ctrl+m as enter."),
        ({"do.won": "alt+w"}, "c.toml:3: alt+w cannot be used"),
        ({"do.won": "l"}, "c.toml:3: l is do.lost on the screen"),
        ({"do.won": "j"}, "c.toml:3: j is move.down on the screen"),
    ],
)
def test_a_remap_that_cannot_be_is_refused_with_its_line(chosen, says):
    with pytest.raises(CrmError) as refused:
        remap.check(chosen, {next(iter(chosen)): 3}, "c.toml")
    assert str(refused.value).startswith(says)
    assert refused.value.hint


def test_a_misspelt_id_is_answered_with_the_nearest():
    with pytest.raises(CrmError) as refused:
        remap.check({"do.wun": "W"}, {}, "c.toml")
    assert refused.value.hint == "Did you mean do.won?"


def test_keys_can_change_places():
    assert remap.check({"do.won": "l", "do.lost": "w"}) == {"do.won": "l", "do.lost": "w"}


async def test_a_remapped_key_acts_and_is_the_one_that_is_shown(crm):
    own = Settings(glyphs="unicode", keys={"do.star": "X"})
    async with crm.driving((80, 24), "X", settings=own) as d:
        assert crm.lead("acme").starred
        await d.press("asterisk")
        assert crm.lead("acme").starred


@pytest.mark.parametrize("name", ["today", "leads", "board", "feed", "lead"])
async def test_help_lists_exactly_the_keys_of_the_screen(crm, name):
    way = {"today": (), "leads": ("L",), "board": ("L", "v"), "feed": ("F",), "lead": ("enter",)}
    async with crm.driving((80, 120), *way[name], "question_mark") as d:
        rows = d.screen()
        for row in keys.here(name):
            shown = "1-9" if row.action == "digit" else row.shown
            assert any(
                shown in text and (row.says[:12] in text or row.word in text) for text in rows
            ), row.id
        absent = {row.id for row in keys.TABLE} - {row.id for row in keys.here(name)}
        for row in keys.TABLE:
            if row.id in absent and row.says not in {k.says for k in keys.here(name)}:
                assert not any(row.says in text for text in rows), row.id
        await d.press("x")
        assert name == d.app.screen.NAME


@pytest.mark.parametrize("name", ["today", "leads", "board", "feed", "lead"])
def test_every_key_of_a_screen_has_its_action(name):
    from tui_crm.tui.app import CrmApp

    screen = screens.find(name)()
    for row in keys.here(name):
        action = f"action_{row.action.partition('(')[0]}"
        assert hasattr(screen, action) or hasattr(CrmApp, action), row.id
