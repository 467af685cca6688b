"""Everything that can be set is set in the app: by the palette, by one screen, by who may."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.tui.conftest import Crm
from tui_crm.cli.app import subjects
from tui_crm.core.leads import closing
from tui_crm.core.leads.views import steps
from tui_crm.core.session import OPERATION_RIGHTS, all_members, house
from tui_crm.core.team import members
from tui_crm.settings import Settings, load, save


def step_names(crm: Crm) -> list[str]:
    return [step.name for step in steps(crm.session)]


async def go(d, words: str) -> None:
    await d.press("colon")
    await d.type(words)
    await d.press("enter")


async def test_a_step_is_renamed_in_four_keys(crm):
    async with crm.driving() as d:
        await d.press("colon")  # 1
        await d.type("steps")
        await d.press("enter")  # 2
        await d.press("r")  # 3
        await d.press("ctrl+u")  # typed text
        await d.type("First talk")
        await d.press("enter")  # 4
        assert d.shows("Step First talk")
        assert step_names(crm)[0] == "First talk"
        await d.press("u")
        assert step_names(crm)[0] == "Qualified" and d.shows("Qualified")


async def test_a_step_is_added_moved_retired_and_brought_back(crm):
    async with crm.driving() as d:
        await go(d, "pipelines and steps")
        await d.press("plus", "enter")
        await d.type("Negotiation")
        await d.press("enter")
        assert step_names(crm)[-1] == "Negotiation"
        assert "Negotiation" in d.row(d.find("▌")), "the cursor stands on the new one"
        await d.press("less_than_sign")
        assert step_names(crm)[-2] == "Negotiation"
        await d.press("minus")
        assert "Negotiation" not in step_names(crm) and d.shows("Retired 1")
        await d.press("minus")
        assert "Negotiation" in step_names(crm)


async def test_a_refused_value_stays_to_be_corrected(crm):
    async with crm.driving() as d:
        await go(d, "pipelines and steps")
        await d.press("enter", "2", "ctrl+u")
        await d.type("120")
        await d.press("enter")
        assert d.shows("Type a number from 0 to 100") and d.shows("120")
        await d.press("ctrl+u")
        await d.type("15")
        await d.press("enter")
        assert steps(crm.session)[0].probability == 15


async def test_reasons_are_renamed_and_keep_their_leads(crm):
    closing.lost(crm.session, crm.number("port"), "1")
    async with crm.driving() as d:
        await go(d, "reasons")
        await d.press("r", "ctrl+u")
        await d.type("Price")
        await d.press("enter")
        assert closing.reasons(crm.session.store, "lost")[0].label == "Price"
        assert crm.lead("port").reason == "Price"


async def test_users_and_teams(crm):
    async with crm.driving() as d:
        await go(d, "users")
        await d.press("plus")
        await d.type("carla")
        await d.press("enter", "2")
        assert [(m.name, m.role) for m in all_members(crm.session.store)][-1] == (
            "carla",
            "manager",
        )
        await d.press("q")
        await go(d, "teams")
        assert d.shows("There is none yet")
        await d.press("plus")
        await d.type("North")
        await d.press("enter")
        assert [team.name for team in members.teams(crm.session.store)] == ["North"]


async def test_what_holds_for_everybody_is_changed_and_in_force_at_once(crm):
    async with crm.driving() as d:
        await go(d, "workspace: what holds")
        assert d.shows("EUR")
        while "call from" not in d.row(d.find("▌")):
            await d.press("j")
        await d.press("enter", "ctrl+u")
        await d.type("25:00")
        await d.press("enter")
        assert d.shows("25:00 is no time of the day")
        await d.press("ctrl+u")
        await d.type("08:30")
        await d.press("enter")
        assert house(crm.session.store).call_from == "08:30"
        assert d.app.session.house.call_from == "08:30"


async def test_the_theme_is_kept_in_the_file_and_seen_at_once(
    empty: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "config.toml"
    file.write_text('# mine\nglyphs = "unicode"\n\n[keys]\n"do.won" = "ctrl+w"\n')
    monkeypatch.setenv("TUI_CRM_CONFIG", str(file))
    async with empty.driving(settings=load(str(file), {})) as d:
        await go(d, "theme")
        await d.press("enter", "3")
        assert d.shows("Theme: light")
        assert all(sum(row[60].bg) > 600 for row in d.cells()), "every row is on the light ground"
    assert tomllib.loads(file.read_text()) == {
        "glyphs": "unicode",
        "theme": "light",
        "keys": {"do.won": "ctrl+w"},
    }
    assert file.read_text().startswith('theme = "light"\n# mine\n')


@pytest.mark.parametrize(
    ("before", "key", "value"),
    [
        ("", "theme", "dark"),
        ('theme = "auto"  # as it is\n', "theme", "dark"),
        ('[keys]\ntheme = "x"\n', "theme", "light"),
        ('dialer = ["a", "{phone}"]\n', "dialer", ("b c", 'tel:"{phone}"')),
        ("mouse = true", "mouse", False),
    ],
)
def test_one_setting_changes_and_no_other(
    tmp_path: Path, before: str, key: str, value: object
) -> None:
    file = tmp_path / "new" / "config.toml"
    if before:
        file.parent.mkdir()
        file.write_text(before)
    was = tomllib.loads(before)
    saved = save(key, value, str(file))
    assert getattr(saved, key) == value
    now = tomllib.loads(file.read_text())
    assert {k: v for k, v in now.items() if k != key} == {k: v for k, v in was.items() if k != key}


async def test_only_what_one_may_is_offered(crm):
    ben = crm.as_("ben")
    crm.session = ben
    async with crm.driving((120, 36)) as d:
        await go(d, "settings")
        for title in ("Pipelines and steps", "Users", "Reasons", "Backup"):
            assert not d.shows(title), title
        for title in ("Goals", "Days off: mine", "Prospect lists", "Theme", "Do not call"):
            assert d.shows(title), title


async def test_every_subject_opens_and_none_fails(crm):
    shown = [subject for subject in subjects() if subject.name not in ("outcomes", "goals")]
    async with crm.driving((120, 36)) as d:
        from tui_crm.tui.screens.settings.screen import SettingsScreen

        screen = d.app.screen_of(SettingsScreen)
        await d.app.push_screen(screen)
        for subject in shown:
            screen.enter(subject)
            await d.settle()
            assert d.shows(subject.title)
            for key in ("enter", "escape", "escape", "G"):
                if d.app.screen is screen:
                    await d.press(key)
            if d.app.screen is not screen:
                await d.app.push_screen(screen)


def test_every_right_of_an_operation_names_one_that_there_is() -> None:
    from tui_crm.core.session import RIGHTS

    assert set(OPERATION_RIGHTS.values()) <= set(RIGHTS)
    assert Settings().theme == "auto"
