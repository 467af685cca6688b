"""The import on screen: look, correct what the columns mean, bring in, take back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import samples
from tests.driver import Driver, driving
from tests.tui.calling.store import Place, csv_file
from tui_crm.core.lists import lists
from tui_crm.core.privacy import do_not_call
from tui_crm.tui import screens

SIZES = ((80, 24), (120, 36), (40, 10))
MESSE = """Firma;Ansprechpartner;Funktion;Telefon;E-Mail;Ort;Land;Maschinen
Weber Guss GmbH;Ute Weber;Einkauf;+49 711 2525 410;u.weber@weber-guss.example;Stuttgart;DE;DMG
Weber Guss GmbH;Ute Weber;Einkauf;+49 711 2525 410;;Stuttgart;DE;DMG
Müller Metallbau GmbH;Katrin Vogel;;+49 751 366 1208;;Ravensburg;DE;Trumpf
Blocked Ltd;Tom Never;;+44 113 496 0999;;Leeds;GB;
Odd AG;Eva Odd;;6.1E8;eva@odd.example;Bonn;DE;
;;;;;;;
"""


@pytest.fixture
def place(place: Place) -> Place:
    do_not_call.block(place.session, "+441134960999", "never call again")
    return place


async def settled(d: Driver) -> None:
    """Wait until the background jobs are over, those too that wait for another one, and what they
    posted is handled."""
    await d.settle()
    while len(d.app.workers):
        await d.app.workers.wait_for_complete()
        await d.settle()
    await d.settle()  # for a job that ended while the first keys were handled


async def opened(d: Driver, path: Path) -> None:
    """From the lists: I, the path, Enter."""
    await d.press("C", "I")
    await d.type(str(path))
    await d.press("enter")
    await settled(d)


def rows_in(place: Place) -> int:
    return int(place.store.value("SELECT COUNT(*) FROM prospects"))


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_preview_as_it_looks(place: Place, tmp_path: Path, size: tuple[int, int]) -> None:
    async with driving(place.app(), size) as d:
        await opened(d, csv_file(tmp_path, MESSE))
        d.golden(f"import-{size[0]}x{size[1]}")


async def test_figures_add_up_and_every_odd_row_says_why(place: Place, tmp_path: Path) -> None:
    async with driving(place.app()) as d:
        await opened(d, csv_file(tmp_path, MESSE))
        assert d.shows("5 rows   2 to add   2 duplicates   1 skipped, 1 do not call")
        assert "duplicate" in d.row(d.find("line 3")) and "same as line 2" in d.row(
            d.find("line 3")
        )
        assert "in the list Spring fair" in d.row(d.find("line 4"))
        assert "blocked" in d.row(d.find("line 5")) and "never call again" in d.row(
            d.find("line 5")
        )
        assert "6.1E8" in d.row(d.find("line 6"))
        assert rows_in(place) == 40, "a preview changes nothing"


async def test_import_and_one_undo(place: Place, tmp_path: Path) -> None:
    async with driving(place.app()) as d:
        await opened(d, csv_file(tmp_path, MESSE))
        await d.press("enter")
        await settled(d)
        assert d.shows("Imported") and d.shows("2 rows into messe  2 duplicates, 1 skipped")
        assert rows_in(place) == 42
        await d.press("u")
        assert rows_in(place) == 40
        assert place.store.value("SELECT COUNT(*) FROM lists WHERE name = 'messe'") == 0


async def test_meaning_of_a_column_is_chosen_by_a_digit(place: Place, tmp_path: Path) -> None:
    async with driving(place.app()) as d:
        await opened(d, csv_file(tmp_path, "Wer,Wo\nUte,Bonn\nEva,Ulm\n"))
        await d.press("g", "m", "2")
        await settled(d)
        assert "full name" in d.row(d.find("Wer"))
        await d.press("enter")
        await settled(d)
    assert place.store.rows("SELECT name FROM prospects WHERE name IN ('Ute', 'Eva')") == [
        ("Ute",),
        ("Eva",),
    ]


async def test_list_name_encoding_and_delimiter(place: Place, tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes("Name;Ort\nJörg Müller;Köln\n".encode("cp1252"))
    async with driving(place.app()) as d:
        await opened(d, path)
        assert "cp1252" in d.row(0) and d.shows("Jörg Müller")
        await d.press("d", "1")
        await settled(d)
        assert d.shows("Name;Ort")
        await d.press("d", "2")
        await settled(d)
        await d.press("n", "ctrl+u")
        await d.type("Köln")
        await d.press("enter")
        await settled(d)
        assert d.shows("makes the list Köln")
        await d.press("s")
        assert d.shows("there is one table in this file")
        await d.press("enter")
        await settled(d)
        assert d.shows("1 row into Köln")


async def test_pasted_cells(place: Place) -> None:
    async with driving(place.app()) as d:
        await d.press("C")
        await d.paste("Name\tTelefon\nUte Weber\t+49 711 2525 410\n")
        await settled(d)
        assert d.shows("1 rows   1 to add") or d.shows("1 row")
        assert "pasted" in d.row(0)
        await d.press("enter")
        await settled(d)
    assert place.store.value("SELECT name FROM prospects ORDER BY id DESC LIMIT 1") == "Ute Weber"


async def test_pasted_cells_in_the_line_that_asks_for_a_file(place: Place) -> None:
    async with driving(place.app()) as d:
        await d.press("C", "I")
        await d.paste("Name\tOrt\nUte Weber\tBonn\n")
        await settled(d)
        assert d.shows("Ute Weber")


async def test_tab_completes_a_path(place: Place, tmp_path: Path) -> None:
    csv_file(tmp_path, "Name\nUte\n", "fair one.csv")
    csv_file(tmp_path, "Name\nUte\n", "fair two.csv")
    async with driving(place.app()) as d:
        await d.press("C", "I")
        await d.type(f"{tmp_path}/fa")
        await d.press("tab")
        assert d.shows("fair one.csv  fair two.csv")
        await d.type("o")
        await d.press("tab", "enter")
        await settled(d)
        assert "fair one.csv" in d.row(0)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.csv", b"", "is empty"),
        ("photo.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 90, "a picture"),
        ("broken.xlsx", b"PK\x03\x04" + b"\0" * 200, ""),
    ],
    ids=["empty", "picture", "broken"],
)
async def test_a_file_that_is_none_gets_one_sentence(
    place: Place, tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    async with driving(place.app(), (120, 36)) as d:
        await opened(d, path)
        assert says in str(d)
        assert d.shows(f"› {path}") or d.shows(name), "the path can be corrected"
        await d.press("escape")
        assert d.shows("Prospect lists")
    assert rows_in(place) == 40


async def test_no_such_file_refuses_enter(place: Place) -> None:
    async with driving(place.app()) as d:
        await d.press("C", "I")
        await d.type("/nowhere/at/all.csv")
        await d.press("enter")
        assert d.shows("there is no such file")
        await d.press("escape")
        assert d.shows("Prospect lists")


async def test_cancel_leaves_nothing(place: Place, tmp_path: Path) -> None:
    text = "Name;Telefon\n" + "".join(f"P {n};+49 711 3{n:06d}\n" for n in range(20_000))
    async with driving(place.app()) as d:
        await opened(d, csv_file(tmp_path, text))
        assert d.shows("20,000 to add")
        screen: Any = d.app.screen
        await d.burst("enter", "q")
        await settled(d)
        assert d.shows("Cancelled: nothing was imported.")
        assert screen.view is not None, "the preview is still there"
    assert rows_in(place) == 40


async def test_leads_of_another_crm(place: Place, tmp_path: Path) -> None:
    text = (
        "Deal Name,Amount,Deal Stage,Close Date\n"
        "Acme: site,12400,Closed Won,2026-03-01\n"
        "New one,900,Proposal,\n"
    )
    async with driving(place.app()) as d:
        screen: Any = d.app.screen_of(screens.find("import"))
        screen.begin("leads")
        d.app.push_screen(screen)
        await d.settle()
        await d.type(str(csv_file(tmp_path, text, "deals.csv")))
        await d.press("enter")
        await settled(d)
        assert d.shows("2 to add")
        await d.press("enter")
        await settled(d)
    rows = place.store.rows("SELECT title FROM leads WHERE id > 1 ORDER BY id")
    assert rows == [("Acme: site",), ("New one",)]


async def test_the_owners_of_a_file_are_chosen_in_the_preview(place: Place, tmp_path: Path) -> None:
    text = "Deal Name,Owner\nOne,Ana Ruiz\nTwo,Cleo Vidal\n"
    async with driving(place.app()) as d:
        screen: Any = d.app.screen_of(screens.find("import"))
        screen.begin("leads")
        d.app.push_screen(screen)
        await d.settle()
        await d.type(str(csv_file(tmp_path, text, "deals.csv")))
        await d.press("enter")
        await settled(d)
        assert d.shows("Owners 2") and d.shows("Ana Ruiz, new, not active")
        for _n in range(20):
            if screen.records.cursor_id == ("owner", "Ana Ruiz"):
                break
            await d.press("j")
        await d.press("m", "1")
        await settled(d)
        assert not d.shows("Ana Ruiz, new, not active") and d.shows("Cleo Vidal, new, not active")
        await d.press("enter")
        await settled(d)
    owners = dict(
        place.store.rows(
            "SELECT title, users.name FROM leads JOIN users ON users.id = owner_id"
            " WHERE title IN ('One', 'Two')"
        )
    )
    assert owners == {"One": "ana", "Two": "Cleo Vidal"}


async def test_a_real_file_by_keyboard(place: Place) -> None:
    path = samples() / "briandunning-us-500.csv"
    async with driving(place.app()) as d:
        await opened(d, path)
        assert d.shows("500 rows   500 to add")
        await d.press("enter")
        await settled(d)
        assert rows_in(place) == 540


async def test_hostile_cells(place: Place, tmp_path: Path) -> None:
    text = (
        'Name;[/b] \x1b]0;x\x07;=cmd\n"[@click=app.quit]a[/]";\x9b31m;株式会社\u202e\n'
        + "é" * 400
        + ";b;c\n"
    )
    for size in SIZES:
        async with driving(place.app(), size) as d:
            await opened(d, csv_file(tmp_path, text, "x[y] [b].csv"))
            await d.press("m", "q")
            shown = "\n".join(d.screen())
            assert "\x1b" not in shown and "\x9b" not in shown
            assert "x[y]" in shown


UPDATED = """Ansprechpartner,Telefon,Mitarbeiter,Region
Katrin Vogel,+49 751 366 1208,140,BW
Neu Person,+49 711 2525 999,5,BW
NEU PERSON,+49 711 2525 999,5,
"""


async def updated(d: Driver, path: Path) -> None:
    """From the lists: i, updated file, the path, Enter."""
    await d.press("C", "j", "i", "8")
    await d.type(str(path))
    await d.press("enter")
    await settled(d)


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_an_updated_file_as_it_looks(
    place: Place, tmp_path: Path, size: tuple[int, int]
) -> None:
    lists.create(place.session, "Messe Stuttgart", [{"name": "Name", "field": "name"}])
    async with driving(place.app(), size) as d:
        await updated(d, csv_file(tmp_path, UPDATED))
        d.golden(f"update-{size[0]}x{size[1]}")


async def test_an_updated_file_is_shown_brought_in_and_undone(place: Place, tmp_path: Path) -> None:
    lists.create(place.session, "Messe Stuttgart", [{"name": "Name", "field": "name"}])
    staff = "SELECT cells FROM prospects WHERE name = 'Katrin Vogel'"
    before = place.store.value(staff)
    async with driving(place.app()) as d:
        await updated(d, csv_file(tmp_path, UPDATED))
        assert d.shows("3 rows   1 new   1 changed   0 unchanged   0 doubtful   1 skipped")
        assert d.shows("39 rows of the list are not in the file and stay")
        assert d.shows("line 2  120 › 140") and d.shows("new columns: Region")
        assert place.store.value(staff) == before, "a preview changes nothing"
        await d.press("n")
        assert d.shows("this file is for the list Spring fair.")
        await d.press("b", "3")
        await settled(d)
        assert d.shows("matched by e-mail")
        await d.press("b", "1")
        await settled(d)
        await d.press("enter")
        await settled(d)
        assert d.shows("Imported") and d.shows("1 row into Spring fair  1 changed, 1 skipped")
        assert '"140"' in place.store.value(staff) and rows_in(place) == 41
        await d.press("u")
        assert place.store.value(staff) == before and rows_in(place) == 40


async def test_an_import_after_an_update_begins_anew(place: Place, tmp_path: Path) -> None:
    lists.create(place.session, "Messe Stuttgart", [{"name": "Name", "field": "name"}])
    async with driving(place.app()) as d:
        await updated(d, csv_file(tmp_path, UPDATED))
        await d.press("escape", "I")
        assert d.shows("file prospects") and not d.shows("Updated file")
        await d.press("escape", "i", "8")
        assert d.shows("updated, for the list Spring fair")


async def test_a_long_preview_begins_with_its_figures(place: Place, tmp_path: Path) -> None:
    rows = "".join(f"Person {n},Ulm\n" for n in range(60))
    async with driving(place.app()) as d:
        await opened(d, csv_file(tmp_path, f"Wer,Wo\n{rows}", "messe.csv"))
        assert "60 rows" in d.row(1)


AMERICAN = "Company,Phone,State,Zip," + ",".join(f"Note {n}" for n in range(6)) + "\n"
AMERICAN += "".join(
    f"Firm {n},(212) 555-0{100 + n},{state},1000{n % 10},,,,,,\n"
    for n, state in enumerate(("NY", "CA", "TX", "NJ") * 15)
)


async def test_the_country_of_numbers_is_guessed_said_once_and_chosen(
    place: Place, tmp_path: Path
) -> None:
    async with driving(place.app(), (120, 36)) as d:
        await opened(d, csv_file(tmp_path, AMERICAN.replace("555-0", "736-5")))
        assert d.shows("read as those of US, which they fit")
        assert d.shows("6 empty columns: Note 0, Note 1")
        assert not d.shows("odd"), "one line says it, not sixty"
        await d.press("c")
        await d.type("Atlantis")
        await d.press("enter")
        assert d.shows("Atlantis is no country")
        await d.press("ctrl+u")
        await d.type("Germany")
        await d.press("enter")
        await settled(d)
        assert d.shows("read as those of DE")
        await d.press("c")
        await d.type("us")
        await d.press("enter")
        await settled(d)
        await d.press("enter")
        await settled(d)
    numbers = place.store.rows("SELECT match FROM prospect_keys WHERE match LIKE '+1212%'")
    assert len(numbers) == 60


async def test_recognised_columns_stand_first_and_no_phone_is_said(
    place: Place, tmp_path: Path
) -> None:
    text = "Machines,Colour,Company,E-mail\n3,red,Acme GmbH,a@acme.example\n"
    async with driving(place.app(), (120, 36)) as d:
        await opened(d, csv_file(tmp_path, text))
        assert d.shows("no row has a phone")
        assert d.find("company") < d.find("Machines") < d.find("Colour")


async def test_an_error_goes_when_a_good_file_is_read(place: Place, tmp_path: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 no workbook")
    async with driving(place.app()) as d:
        await opened(d, broken)
        assert d.shows("damaged, or no workbook")
        await d.press("ctrl+u")
        await d.type(str(csv_file(tmp_path, MESSE)))
        await d.press("enter")
        await settled(d)
        assert d.shows("5 rows") and not d.shows("damaged")
