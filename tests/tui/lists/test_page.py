"""The page of a prospect list: its figures, when its people answer, who answers by a column."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import MONDAY
from tests.driver import driving
from tests.tui.calling.store import Place, ids
from tests.tui.stats.driver import counted, press, view
from tui_crm.core.calling import list_rules, operations as calling, session as calling_session
from tui_crm.core.leads import closing
from tui_crm.core.lists import lists
from tui_crm.core.reports.lists import page as list_page
from tui_crm.core.text import width
from tui_crm.settings import Settings
from tui_crm.tui.terminal import glyphs, theme
from tui_crm.tui.widgets.charts import CursorPosition

SIZES = ((80, 24), (120, 36), (40, 10))
HOURS = (9, 10, 10, 11, 11, 12, 15, 16, 16, 17)
SECTORS = ("Dental", "Hotel", "Stahlbau", "Druckerei", "Tischlerei", "Logistik", "")
HOSTILE = "[bold]x[/] \x1b]0;owned\x07\u202eb 株式会社 " + "y" * 80


@pytest.fixture(scope="module")
def made(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A list of 84 rows with a fortnight of calls, ten leads, three of them won."""
    url = shutil.copy(sqlite_template, tmp_path_factory.mktemp("page"))
    place = Place(str(url), earlier=False, more=0)
    session = place.session
    columns = [
        {"name": n, "field": f}
        for n, f in (
            ("Firma", "company"),
            ("Sector", None),
            ("Land", "country"),
            ("Telefon", "phone"),
        )
    ]
    number = lists.create(session, "Messe Stuttgart", columns, "messe.csv")
    lists.add_rows(session, number, [_row(n) for n in range(84)])
    rows = ids(session, number)
    for n in range(160):
        day = MONDAY - timedelta(days=21 - n // 10 - (n // 50) * 2)
        place.clock.now = day.replace(hour=HOURS[n % 10] - 1, minute=n % 60)
        row = rows[(n * 3) % 70]
        if session.store.value("SELECT state FROM prospects WHERE id = ?", (row,)) in (
            "done",
            "lead",
        ):
            continue
        calling_session.open_row(session, row)
        digit = 1 if n % 11 == 0 else 2 if n % 4 == 0 or HOURS[n % 10] == 16 else 3
        lead = calling.outcome(session, row, digit, seconds=40).lead_id
        if lead and n % 3 == 0:
            closing.won(session, lead, amount=1_000_000 + n * 1000)
    place.clock.now = MONDAY
    session.store.execute("DELETE FROM seats")
    place.list_id = number
    return place


def _row(n: int) -> lists.NewRow:
    sector, land = SECTORS[(n * n + n // 7) % 7], ("DE", "FR", "GB")[n % 3]
    phone = f"+49751366{n:04d}"
    return lists.NewRow(
        n + 2,
        (f"Firma {n}", sector, land, phone),
        {"company": f"Firma {n}", "country": land},
        [("phone", phone, phone)],
    )


@pytest.fixture
def place(made: Place) -> Place:
    yield made
    made.session.store.execute("DELETE FROM seats")
    list_rules.set_rules(made.session, made.list_id, order_by="")
    theme.use(theme.DARK)
    glyphs.use(glyphs.UNICODE)


async def open_page(d, *keys: str) -> None:
    """To the lists, the list, its page; then these keys."""
    await press(d, "C", "g", "v", *keys)
    assert d.app.screen.NAME == "list"


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_the_page_as_it_looks(place: Place, size: tuple[int, int]) -> None:
    async with driving(place.app(), size) as d:
        await open_page(d)
        d.golden(f"list-page-{size[0]}x{size[1]}")
        assert all(width(row) <= size[0] for row in d.screen())


async def test_figures_hours_and_values_stand_on_one_screen(place: Place) -> None:
    async with driving(place.app()) as d:
        await open_page(d)
        whole = list_page.figures(place.session, place.list_id).report.totals
        row = d.row(d.find("all time")).split()
        assert row[2:4] == [str(whole["rows"]), str(whole["called"])]
        assert d.shows("When people answer") and d.shows(" Mon ") and d.shows(" Fri ")
        assert d.shows("By Sector 7") and d.shows("Tischlerei")
        assert d.shows("1 Sector  2 Land  3 Firma")


async def test_figures_of_every_part_open_to_their_rows_on_enter(place: Place) -> None:
    async with driving(place.app()) as d:
        await open_page(d)
        seen = set()
        for _n in range(20):
            cursor, before = view(d).cursor, len(seen)
            # All along the first row, that of the calls and the last one; one figure of the others.
            whole = cursor.row in ("0/Messe Stuttgart", "2/calls", "1/total")
            await press(d, *["h"] * (12 if whole else 0))
            for _column in range(12 if whole else 1):
                cursor, figure = view(d).cursor, view(d).figure
                if cursor in seen:
                    break
                seen.add(cursor)
                await press(d, "enter")
                if d.app.screen.NAME == "figure":
                    opened = d.app.screen.opened
                    assert opened.value == figure.value and d.shows("Messe Stuttgart")
                    if opened.column.unit == "count":
                        assert opened.counted == figure.value
                    await press(d, "escape")
                else:
                    assert d.shows("nothing behind this figure"), cursor
                    assert not getattr(figure.value, "d", figure.value)
                assert d.app.screen.NAME == "list" and view(d).cursor == cursor
                await press(d, "right")
            if len(seen) == before:
                break
            await press(d, "j")
        assert {cursor.row[0] for cursor in seen} == {"0", "1", "2"}
        assert any(cursor.row == "1/total" for cursor in seen) and len(seen) > 25


async def test_a_row_of_a_figure_is_called_and_escape_comes_back_to_the_rows(place: Place) -> None:
    async with driving(place.app()) as d:
        await open_page(d, *["h"] * 12)
        await press(d, "enter")
        opened = d.app.screen
        assert opened.NAME == "figure"
        await press(d, "G")
        here = opened.records.cursor_id
        await press(d, "enter")
        assert d.app.screen.NAME == "calling"
        called = d.app.screen.card.prospect_id
        assert called == here
        await press(d, "escape")
        assert d.app.screen is opened and opened.records.cursor_id == here
        await press(d, "escape")
        assert d.app.screen.NAME == "list"


async def test_an_hour_opens_to_its_calls_and_says_n_of_d(place: Place) -> None:
    async with driving(place.app()) as d:
        await open_page(d, "j", "j")
        for _n in range(12):
            if view(d).cursor == CursorPosition("2/2", "h10"):
                break
            await press(d, "right" if view(d).cursor.column < "h10" else "h")
        figure = view(d).figure
        assert figure.where == "Tue 10h" and d.shows(f"= {figure.value.n} of {figure.value.d}")
        await press(d, "enter")
        assert d.app.screen.kind == "actions"
        assert d.shows("reached rate = calls with a reached outcome / calls")


async def test_digits_choose_the_column(place: Place) -> None:
    async with driving(place.app()) as d:
        await open_page(d, "2")
        assert d.shows("By Land 3") and d.shows("DE ") and not d.shows("Tischlerei")
        await press(d, "9")
        assert d.shows("the list has no such column")
        await press(d, "1")
        assert d.shows("By Sector 7")


async def test_the_order_is_switched_by_one_key_with_its_formula_in_words(place: Place) -> None:
    def order() -> str:
        return lists.get(place.session, place.list_id).order_by

    async with driving(place.app()) as d:
        await open_page(d)
        assert d.shows(", new rows as in the list") and not d.shows("Rate of an hour =")
        await press(d, "comma")
        assert order() == "answer" and d.shows("New rows  when people answer")
        assert d.shows(", new rows when people answer")
        assert d.shows("Rate of an hour = (reached in it + 20 x the list's overall rate)")
        await press(d, "u")
        assert order() == "" and not d.shows("Rate of an hour =")
        await press(d, "comma", "comma")
        assert order() == ""


async def test_on_a_high_screen_each_hour_has_its_sample_under_it(place: Place) -> None:
    async with driving(place.app(), (120, 36)) as d:
        await open_page(d)
        rates = list_page.answer_hours(place.session, place.list_id).rates
        under = d.row(d.find(" Tue  ") + 1).split()
        assert under == [
            f"{rates.reached.get((2, h), 0)}/{rates.calls[2, h]}"
            for h in range(24)
            if (2, h) in rates.calls
        ]
        assert d.shows("Rate of an hour =")


async def test_keys_lead_there_and_back(place: Place) -> None:
    async with driving(place.app()) as d:
        await open_page(d, "G")
        assert view(d).figure.where == "all"
        await press(d, "g")
        assert view(d).cursor.row.startswith("0/")
        await press(d, "escape")
        assert d.app.screen.NAME == "lists"
        await press(d, "/")
        await d.type("nothing such")
        await press(d, "enter", "v")
        assert d.app.screen.NAME == "lists" and d.shows("there is no list here")


async def test_a_list_without_calls_or_columns_says_so(sqlite_url: str) -> None:
    place = Place(sqlite_url, earlier=False)
    lists.create(place.session, "Bare", [], "")
    async with driving(place.app()) as d:
        await open_page(d)
        assert d.shows("Bare") and d.shows("No calls on this list yet")
        assert not d.shows("By ")
        await press(d, "1")
        assert d.shows("the list has no such column")


async def test_the_page_follows_what_is_done(sqlite_url: str) -> None:
    place = Place(sqlite_url)
    async with driving(place.app()) as d:
        await open_page(d)
        assert d.row(d.find("all time")).split()[2] == "40"
        before = view(d).page().figure(CursorPosition("0/Spring fair", "called")).value
        calling.outcome(place.session, place.rows[5], 2)
        d.app.poll_changes()
        await counted(d)
        assert view(d).page().figure(CursorPosition("0/Spring fair", "called")).value == before + 1


async def test_the_page_of_a_list_that_is_taken_back(sqlite_url: str) -> None:
    place = Place(sqlite_url, earlier=False)
    lists.create(place.session, "Bare", [], "")
    async with driving(place.app()) as d:
        await open_page(d, "u")
        assert d.app.screen.NAME == "list" and d.shows("There is no such list any more.")
        await press(d, "comma", "enter", "2", "j")
        assert d.shows("There is no such list any more.")
        await press(d, "ctrl+r")
        assert d.shows("Bare") and d.shows("No calls on this list yet")


async def test_hostile_values_are_only_text(sqlite_url: str) -> None:
    place = Place(sqlite_url, earlier=False)
    number = lists.create(place.session, "[/] Böse", [{"name": "[bold]S", "field": None}], HOSTILE)
    lists.add_rows(
        place.session,
        number,
        [lists.NewRow(n, (text,)) for n, text in enumerate([HOSTILE, "call", "call", "total"], 2)],
    )
    for size in SIZES:
        async with driving(place.app(), size) as d:
            await open_page(d, "G")
            text = "".join(d.screen())
            assert not [c for c in text if ord(c) < 32 or 127 <= ord(c) < 160 or c == "\u202e"]
            assert all(width(row) <= size[0] for row in d.screen())
            if size[1] > 10:
                assert d.shows("[/] Böse") and d.shows("[bold]x[/]") and d.shows("1 [bold]S")


async def test_ascii_and_no_colour(place: Place) -> None:
    from tui_crm.tui.app import CrmApp

    async with driving(
        CrmApp(place.session, Settings(glyphs="ascii"), "", {"TERM": "xterm"}), (120, 36)
    ) as d:
        await open_page(d)
        assert not set("".join(d.screen())) & set("─│━╸█▁▂▃▄▅▆▇▌›‹…–·")
    glyphs.use(glyphs.UNICODE)
    async with driving(place.app(NO_COLOR="1")) as d:
        await open_page(d)
        row = view(d).page().row(view(d).cursor)
        runs = d.styles(2 + row.line)
        assert len(runs) == 1 and runs[0][1].reverse
        assert all(s.color is None for y in range(24) for _text, s in d.styles(y))
