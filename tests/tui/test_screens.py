"""What must hold on every screen of the register: any size, hostile data, somewhere to stand."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from tests.tui.conftest import Crm
from tui_crm.core import feed, saved_views
from tui_crm.core.leads import actions, leads, people
from tui_crm.core.setup import tags
from tui_crm.core.text import clean, width
from tui_crm.tui import screens
from tui_crm.tui.screens import SCREENS

SIZES = [(80, 24), (120, 36), (40, 10), (20, 5), (200, 60), (1, 1)]
THERE = [
    name
    for name, where in SCREENS.items()
    if find_spec(f"tui_crm.tui.screens.{where.rpartition('.')[0]}") is not None
]
INSTEAD = {"calling": "lists"}  # where there is no list to call yet, one is asked for
OVER = ("lead", "client", "figure", "list", "import", "help")  # these open above another one

HOSTILE = (
    "[/] [bold]x[/bold] [@click=app.quit]q[/] $x",
    "\x1b]0;owned\x07 \x9b31m \x1b[2J",
    "a\u202eb\u2066c\u200bd",
    "株式会社 " * 30,
    "e\u0301" * 100 + "👩‍👩‍👧‍👦🇪🇸" * 40,
    "x" * 300,
    "one\ntwo\tthree\r\nfour",
    "%s {0} {name} \\ ' \" ; --",
)


async def go(d, name: str) -> None:
    """Bring the screen up the way the app does."""
    app = d.app
    if name == "lead":
        app.open_lead(1, [1, 2, 3])
    elif name == "client":
        app.open_client(1)
    elif name in OVER:
        app.push_screen(app.screen_of(screens.find(name)))
    else:
        app.go(name)
    await d.settle(6)


@pytest.mark.parametrize("name", THERE)
async def test_it_opens_at_every_size_with_something_focused(crm, name):
    async with crm.driving() as d:
        await go(d, name)
        for size in SIZES:
            await d.resize(*size)
            assert d.app.screen.NAME in (name, INSTEAD.get(name))
            assert d.app.focused is not None, size
            assert len(d.screen()) == size[1]
            for key in ("j", "k", "G", "g", "pagedown"):
                if name != "help":
                    await d.press(key)
            assert d.app.focused is not None, size


@pytest.mark.parametrize("name", THERE)
async def test_it_opens_on_an_empty_store(empty, name):
    async with empty.driving() as d:
        await go(d, name)
        assert d.app.screen.NAME in (name, INSTEAD.get(name)) and d.app.focused is not None


def poison(crm: Crm) -> list[int]:
    """Hostile text in every field that these screens show; the leads' numbers."""
    made = []
    for n, text in enumerate(HOSTILE):
        number = crm.add(
            f"{text} {n}",
            "mon 9",
            amount=100_000,
            company=text,
            contact=text,
            role=text,
            description=f"{text}: {text}\n{text}",
            points=[("email", "a@b.example"), ("phone", "+34 600 000 000")],
        )
        leads.set_source(crm.session, number, text)
        actions.log(crm.session, number, "call", outcome=1, text=text)
        tags.change(crm.session, number, "".join(clean(text, single_line=True).split())[:60] or "t")
        # What is typed as a person may hold no address that is none; `contact` above holds all.
        people.add(crm.session, number, text.replace(",", " ").replace("@", " "))
        saved_views.save(crm.session, "leads", f"{text} {n}", text)
        made.append(number)
    return made


def controls(d) -> list[str]:
    """Characters on the screen that a terminal would obey."""
    text = "".join(d.screen())
    return [
        c for c in text if ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u202e\u2066\u200b\u2028"
    ]


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (40, 10)], ids=lambda s: f"{s[0]}x{s[1]}")
async def test_hostile_text_is_only_text(crm, size):
    made = poison(crm)
    async with crm.driving(size) as d:
        for name in ("today", "leads", "board", "feed"):
            await go(d, name)
            for _step in range(len(made) + 6):
                assert not controls(d), d
                assert all(width(row) <= size[0] for row in d.screen())
                await d.press("j")
        for number in made:
            d.app.open_lead(number)
            await d.settle()
            assert not controls(d), d
            await d.press("c")
            assert not controls(d), d
            await d.press("q", "p", "q", "i", "q", "y", "q")
            assert d.app.screen.NAME == "lead"
        await d.press("colon")
        await d.type("[")
        assert not controls(d), d


async def test_markup_is_shown_as_typed(crm):
    poison(crm)
    async with crm.driving((120, 36), "L", "slash") as d:
        await d.type("bold")
        await d.press("enter")
        assert d.shows("[/] [bold]x[/bold] [@click=")
        assert d.app.is_running


async def test_hostile_words_can_be_typed_and_pasted_everywhere(crm):
    async with crm.driving() as d:
        for keys in (
            ("n",),
            ("r",),
            ("a",),
            ("t",),
            ("p", "2"),
            ("plus",),
            ("colon",),
            ("L", "slash"),
            ("F", "slash"),
            ("T",),
        ):
            await d.press(*keys)
            if not d.app.screen.sheet_open:
                continue
            for text in HOSTILE:
                await d.paste(text)
                assert not controls(d), d
                await d.press("ctrl+u")
            await d.press("escape")
            assert d.app.focused is not None
    assert feed.feed(crm.session, "[/]") == []


async def test_an_empty_screen_offers_only_keys_that_act(empty):
    async with empty.driving((120, 36)) as d:
        for key, words in (
            ("L", "No leads yet"),
            ("F", "Nothing was done yet"),
            ("C", "No prospect list"),
        ):
            await d.press(key)
            assert d.shows(words)
            hints = d.row(-1)
            for act in ("mark", "step", "won", "owner", "undo", "edit", "page", "c call "):
                assert f" {act}" not in hints, hints
