"""The prospect lists on screen: choose one, see how far it is, change how it is called."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.driver import driving
from tests.tui.calling.store import Place
from tests.tui.terminal.test_editor import program
from tui_crm.core.lists import lists

SIZES = ((80, 24), (120, 36), (40, 10))


@pytest.fixture
def place(place: Place) -> Place:
    lists.create(place.session, "Messe Stuttgart", [{"name": "Name", "field": "name"}], "messe.csv")
    return place


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


async def test_the_script_in_the_users_editor(
    place: Place, tmp_path: Path, monkeypatch: Any
) -> None:
    program(tmp_path, monkeypatch, "open(f, 'a').write('[4] costs\\nMuch less.\\n')")
    async with driving(place.app()) as d:
        await d.press("C", "j", "i", "2")
        assert "tab your editor" in d.row(d.find("script Spring fair"))
        await d.press("ctrl+u", *"Hello | you", "tab")
        assert d.shows("Script  Spring fair")
        assert lists.get(place.session, place.list_id).script == "Hello\nyou\n[4] costs\nMuch less."
        await d.press("u")
        assert lists.get(place.session, place.list_id).script.startswith("Guten Tag")


async def test_an_editor_that_gives_up_leaves_what_was_typed(
    place: Place, tmp_path: Path, monkeypatch: Any
) -> None:
    program(tmp_path, monkeypatch, "sys.exit(2)")
    async with driving(place.app()) as d:
        await d.press("C", "j", "i", "2", "ctrl+u", *"Hello | you", "tab")
        assert d.shows("The editor ended with code 2") and d.shows("Hello | you")
        await d.press("enter")
        assert lists.get(place.session, place.list_id).script == "Hello\nyou"


@pytest.mark.parametrize(
    ("digit", "typed", "column", "value"),
    [
        (
            "2",
            "Hello {first name} | [1] no time | When?",
            "script",
            "Hello {first name}\n[1] no time\nWhen?",
        ),
        ("3 1", "09:30-17:00", "call_from", "09:30"),
        ("3 2", "1234", "call_days", "1234"),
        ("3 3", "Europe/Berlin", "zone", "Europe/Berlin"),
        ("3 6", "4", "most_tries", 4),
        ("3 7", "8", "most_per_number", 8),
        ("3 8", "2", "most_per_day", 2),
    ],
    ids=["script", "hours", "days", "zone", "tries", "a number", "a day"],
)
async def test_rules_of_a_list(
    place: Place, digit: str, typed: str, column: str, value: object
) -> None:
    async with driving(place.app()) as d:
        await d.press("C", "j", "i", *digit.split(), "ctrl+u")
        await d.type(typed)
        await d.press("enter")
    assert place.store.value(f"SELECT {column} FROM lists WHERE id = ?", (place.list_id,)) == value


def rule(place: Place, *columns: str) -> tuple[object, ...]:
    return place.store.rows(
        f"SELECT {', '.join(columns)} FROM lists WHERE id = ?", (place.list_id,)
    )[0]


async def test_rules_that_are_turned_by_one_digit(place: Place) -> None:
    async with driving(place.app()) as d:
        await d.press("C", "j", "i", "3", "4")
        await d.press("i", "3", "5")
        await d.press("i", "3", "9", "4")
        assert rule(place, "new_first", "order_by", "avoid_hour", "other_half") == (
            1,
            "answer",
            1,
            1,
        )
        assert d.shows("Again  Spring fair  other half and hour")
        await d.press("i", "3", "9", "1", "i", "3", "5")
        assert rule(place, "order_by", "avoid_hour", "other_half") == ("", 0, 0)
        await d.press("i", "3", "1", "ctrl+u")
        await d.type("18:00-09:00")
        await d.press("enter")
        assert d.shows("That is no calling window.")


async def test_archive_refuses_to_call_and_comes_back(place: Place) -> None:
    async with driving(place.app()) as d:
        await d.press("C", "j", "i", "9")
        assert d.shows("Archived 1")
        await d.press("G", "enter")
        assert d.shows("this list is archived")
        await d.press("i", "9")
        assert not d.shows("Archived 1")


def in_lists(place: Place) -> dict[str, int]:
    """How many rows each list has, by its name."""
    return {
        name: int(n)
        for name, n in place.store.rows(
            "SELECT lists.name, COUNT(prospects.id) FROM lists LEFT JOIN prospects"
            " ON list_id = lists.id GROUP BY lists.id, lists.name ORDER BY lists.id"
        )
    }


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_the_menu_of_a_list_as_it_looks(place: Place, size: tuple[int, int]) -> None:
    async with driving(place.app(), size) as d:
        await d.press("C", "j", "i")
        d.golden(f"lists-menu-{size[0]}x{size[1]}")
        await d.press("3")
        d.golden(f"lists-rules-{size[0]}x{size[1]}")


async def test_split_says_what_it_will_do_before_enter(place: Place) -> None:
    async with driving(place.app()) as d:
        await d.press("C", "j", "i", "6")
        await d.type("land:ZZ")
        assert d.shows("no row matches")
        await d.press("enter")
        assert d.shows("no row matches"), "nothing to split off: Enter does nothing"
        await d.press("ctrl+u")
        await d.type("colour:red")
        assert d.shows("Spring fair has no column colour.")
        await d.press("ctrl+u")
        await d.type("ort:lee")
        assert d.shows("1 row matches   39 stay") and d.shows("tab ort:Leeds")
        await d.press("tab", "enter")
        assert d.shows("1 row matches: it becomes the list Spring fair Leeds")
        assert in_lists(place) == {"Spring fair": 40, "Messe Stuttgart": 0}
        await d.press("ctrl+u")
        await d.type("Leeds")
        await d.press("enter")
        assert d.shows("Split off  Leeds  1 row matches")
        assert in_lists(place) == {"Spring fair": 39, "Messe Stuttgart": 0, "Leeds": 1}
        await d.press("u")
        assert in_lists(place) == {"Spring fair": 40, "Messe Stuttgart": 0}


async def test_merge_says_what_it_will_do_before_enter(place: Place) -> None:
    async with driving(place.app()) as d:
        await d.press("C", "j", "i", "7", "1")
        assert d.shows("40 rows come over; new columns: Ansprechpartner")
        await d.press("enter")
        assert in_lists(place) == {"Spring fair": 0, "Messe Stuttgart": 40}
        assert d.shows("Merged  Messe Stuttgart") and d.shows("Archived 1")
        await d.press("u")
        assert in_lists(place) == {"Spring fair": 40, "Messe Stuttgart": 0}


async def test_rows_are_handed_to_a_rep(place: Place) -> None:
    ben = place.store.value("SELECT id FROM users WHERE name = 'ben'")
    handed = "SELECT COUNT(*) FROM prospects WHERE for_id = ?"
    async with driving(place.app()) as d:
        await d.press("C", "j", "i", "5")
        digit = next(n for n in "23456789" if d.shows(f"{n} ben"))
        await d.press(digit)
        await d.type("12")
        assert d.shows("12 rows for ben")
        await d.press("enter")
        assert place.store.value(handed, (ben,)) == 12
        assert d.shows("Handed  12 rows for ben")
        await d.press("i", "5", "1")
        await d.type("rep:ben")
        assert d.shows("12 rows for anybody")
        await d.press("enter")
        assert place.store.value(handed, (ben,)) == 0
        await d.press("u")
        assert place.store.value(handed, (ben,)) == 12


async def test_a_column_is_added_and_renamed(place: Place) -> None:
    async with driving(place.app()) as d:
        await d.press("C", "j", "i", "4", "1")
        await d.type("Priority")
        assert d.shows("the last column, empty in every row")
        await d.press("enter", "i", "4", "2", "ctrl+u")
        await d.type("Who")
        await d.press("enter")
        columns = [c.name for c in lists.get(place.session, place.list_id).columns]
        assert (columns[0], columns[-1]) == ("Who", "Priority")
        await d.press("i", "4", "1")
        await d.type("who")
        await d.press("enter")
        assert d.shows("There is a column Who already."), "and the sheet is open with it"


async def test_a_rep_may_not_split_or_merge(place: Place) -> None:
    place.store.execute("UPDATE users SET role = 'rep'")
    place.session = place.session.reload()
    async with driving(place.app()) as d:
        for digit in ("6", "7"):
            await d.press("C", "j", "i", digit)
            assert d.shows("A rep may not do that.")


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
