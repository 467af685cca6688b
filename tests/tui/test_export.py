"""What is on screen goes into a file in three keys: its rows, its filter, its columns."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tui_crm.core.exchange.readers.open import open_table
from tui_crm.core.leads import filter as lead_filter


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the program runs in."""
    place = tmp_path / "out"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


async def settled(d) -> None:
    await d.settle()
    while len(d.app.workers):
        await d.app.workers.wait_for_complete()
        await d.settle()
    await d.settle()


async def exported(d, digit: str) -> None:
    """Three keys: E, the format's digit, Enter."""
    await d.press("E", digit, "enter")
    await settled(d)
    assert d.shows("Written"), d


async def test_filtered_leads_to_csv_in_three_keys(crm, folder):
    async with crm.driving((120, 36), "L", "slash") as d:
        await d.press("ctrl+u")
        await d.type("step:proposal sort:-amount columns:amount,owner,tags")
        await d.press("enter")
        await exported(d, "1")
    (file,) = folder.iterdir()
    with file.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    wanted = lead_filter.listing(crm.session, "step:proposal sort:-amount").numbers
    assert [int(row["number"]) for row in rows] == list(wanted)
    assert list(rows[0]) == ["number", "title", "amount", "owner", "tags"]
    assert float(rows[0]["amount"]) == crm.lead(int(rows[0]["number"])).amount / 100


@pytest.mark.parametrize(
    ("digit", "ending"), list(enumerate(("csv", "csv", "xlsx", "json", "md"), 1))
)
@pytest.mark.parametrize("place", ["L", "S", "F"])
async def test_every_format_from_every_place(crm, folder, place, digit, ending):
    async with crm.driving((120, 36), place) as d:
        await settled(d)
        await exported(d, str(digit))
    (file,) = folder.iterdir()
    assert file.suffix == f".{ending}"
    text = file.read_bytes()
    if ending == "json":
        assert json.loads(text)
    elif ending == "md":
        assert text.startswith(b"| ")
    else:
        assert open_table(file).rows
        assert (digit == 2) == text.startswith(b"\xef\xbb\xbf")


async def test_a_list_is_exported_with_its_own_columns(place, folder):
    from tests.driver import driving

    async with driving(place.app()) as d:
        await d.press("C", "E", "1", "enter")
        await settled(d)
        assert d.shows("Written"), str(d)
    (file,) = folder.iterdir()
    with file.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 40 and "_state" in rows[0]


async def test_a_store_and_a_folder_are_never_written_over(crm, folder):
    (folder / "there.csv").write_text("old")
    async with crm.driving((120, 36), "L") as d:
        await d.press("E", "1", "ctrl+u")
        await d.type(crm.path)
        await d.press("enter")
        assert d.shows("it is never replaced")
        await d.press("ctrl+u")
        await d.type(str(folder))
        assert d.shows("that is a folder")
        await d.press("ctrl+u")
        await d.type("there.csv")
        assert d.shows("Enter replaces it")
        await d.press("escape")
    assert (folder / "there.csv").read_text() == "old"


async def test_a_backup_from_the_settings(crm, folder):
    async with crm.driving((120, 36), "colon") as d:
        await d.type("backup")
        await d.press("enter", "enter")
        await settled(d)
        assert d.shows("checked"), str(d)
    from tui_crm.core.store import open_store

    (file,) = folder.iterdir()
    store = open_store(str(file))
    assert store.value("SELECT COUNT(*) FROM leads") == crm.session.store.value(
        "SELECT COUNT(*) FROM leads"
    )
    store.close()
