"""The prospect lists on screen: choose one, see how far it is, change how it is called."""

from __future__ import annotations

import pytest

from tests.driver import driving
from tests.tui.calling_store import Place
from tui_crm.core.work import lists

SIZES = ((80, 24), (120, 36), (40, 10))


@pytest.fixture
def place(sqlite_url: str) -> Place:
    made = Place(sqlite_url)
    lists.create(made.session, "Messe Stuttgart", [{"name": "Name", "field": "name"}], "messe.csv")
    return made


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_lists_as_they_look(place: Place, size: tuple[int, int]) -> None:
    async with driving(place.app(), size) as d:
        await d.press("C", "j")
        d.golden(f"lists-{size[0]}x{size[1]}")


async def test_a_first_start_says_what_to_do(sqlite_url: str) -> None:
    place = Place(sqlite_url, earlier=False)
    lists.archive(place.session, place.list_id)
    place.store.execute("DELETE FROM prospect_keys")
    place.store.execute("DELETE FROM prospects")
    place.store.execute("DELETE FROM lists")
    async with driving(place.app()) as d:
        await d.press("C")
        assert d.shows("No prospect list yet.")
        await d.press("i")
        assert d.shows("there is no list here")


async def test_counts_follow_the_calls(place: Place) -> None:
    async with driving(place.app()) as d:
        await d.press("C", "j")
        row = d.row(d.find("Spring fair")).split()
        assert row[-5:] == ["40", "40", "1", "0", "0"]  # rows, now, due, reached, leads
        await d.press("enter", "1", "enter", "2", "enter", "3", "escape")
        row = d.row(4).split()
        assert row[-5:] == ["40", "37", "0", "2", "1"]
        assert "━" in d.row(4) or "╸" in d.row(4)


async def test_rename_and_undo(place: Place) -> None:
    async with driving(place.app()) as d:
        await d.press("C", "j", "i", "1", "ctrl+u")
        await d.type("messe stuttgart")
        await d.press("enter")
        assert d.shows("There is a list Messe Stuttgart already.")
        assert d.shows("messe stuttgart"), "what was typed is still there"
        await d.press("ctrl+u")
        await d.type("Fair 2026")
        await d.press("enter")
        assert d.shows("Fair 2026")
        await d.press("u")
        assert d.shows("Spring fair")


@pytest.mark.parametrize(
    ("digit", "typed", "column", "value"),
    [
        ("2", "Hello {first name} | [1] no time | When?", "script",
         "Hello {first name}\n[1] no time\nWhen?"),
        ("4", "09:30-17:00", "call_from", "09:30"),
        ("5", "1234", "call_days", "1234"),
        ("6", "4", "most_tries", 4),
        ("7", "Europe/Berlin", "zone", "Europe/Berlin"),
    ],
    ids=["script", "hours", "days", "tries", "zone"],
)  # fmt: skip
async def test_rules_of_a_list(
    place: Place, digit: str, typed: str, column: str, value: object
) -> None:
    async with driving(place.app()) as d:
        await d.press("C", "j", "i", digit, "ctrl+u")
        await d.type(typed)
        await d.press("enter")
    assert place.store.value(f"SELECT {column} FROM lists WHERE id = ?", (place.list_id,)) == value


async def test_new_rows_first_and_nonsense_refused(place: Place) -> None:
    async with driving(place.app()) as d:
        await d.press("C", "j", "i", "3")
        assert place.store.value("SELECT new_first FROM lists WHERE id = ?", (place.list_id,)) == 1
        await d.press("i", "4", "ctrl+u")
        await d.type("18:00-09:00")
        await d.press("enter")
        assert d.shows("That is no calling window.")


async def test_archive_refuses_to_call_and_comes_back(place: Place) -> None:
    async with driving(place.app()) as d:
        await d.press("C", "j", "i", "8")
        assert d.shows("Archived 1")
        await d.press("G", "enter")
        assert d.shows("this list is archived")
        await d.press("i", "8")
        assert not d.shows("Archived 1")


async def test_filter_by_name(place: Place) -> None:
    async with driving(place.app()) as d:
        await d.press("C", "slash")
        await d.type("SPRING")
        await d.press("enter")
        assert d.shows("Spring fair") and not d.shows("Messe Stuttgart")
        await d.press("slash", "ctrl+u", "enter")
        assert d.shows("Messe Stuttgart")


async def test_digits_do_nothing_here(place: Place) -> None:
    """An outcome typed ahead after Esc must not start another list."""
    async with driving(place.app()) as d:
        await d.press("C", "j", "enter", "escape")
        await d.burst("3", "3")
        assert d.shows("Prospect lists")
        assert place.actions() == 2


async def test_a_hostile_name_is_shown_and_nothing_more(place: Place) -> None:
    place.store.execute(
        "UPDATE lists SET name = ?, source = ?, script = ?",
        ("[/x] \x1b]0;pwned\x07 株式会社", "\x9b31m[@click=app.quit]a[/]", "[b]\u202eevil"),
    )
    for size in SIZES:
        async with driving(place.app(), size) as d:
            await d.press("C", "i", "q")
            shown = "\n".join(d.screen())
            assert "[/x]" in shown and "\x1b" not in shown and "\x9b" not in shown


async def test_no_colour(place: Place) -> None:
    async with driving(place.app(NO_COLOR="1")) as d:
        await d.press("C")
        assert not any(style.color for y in range(24) for _text, style in d.styles(y))
