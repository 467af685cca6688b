"""import, export, calendar, backup, restore, check, demo: what goes through files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Line

PEOPLE = (
    "Name;Company;Phone;E-mail;Shoe size\n"
    "Anna;Acme;600 100 200;anna@acme.example;38\n"
    "Ben;Bolt;600 100 201;ben@bolt.example;=1+1\n"
    "Anna;Acme;600 100 200;anna@acme.example;38\n"
)
DEALS = (
    "Deal,Value,Stage,Who,Opened\n"
    "Big one,12000,Proposal,ana,2026-10-01\n"
    "Old one,900,Closed Won,zoe,2026-09-01\n"
)


@pytest.fixture
def people(tmp_path: Path) -> str:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE)
    return str(path)


def test_a_list_comes_in_and_goes_out_untouched(crm_everywhere: Line, people: str) -> None:
    crm = crm_everywhere
    look = crm.done("import", people, "--list", "Fair", "--dry-run", "--json").json
    assert look["dry_run"] is True and look["added"] == 2
    assert crm.done("lists", "--json").json == []
    done = crm.done("import", people, "--list", "Fair", "--json").json
    assert set(done) == {
        "file",
        "list",
        "rows",
        "added",
        "duplicates",
        "duplicate_rows",
        "skipped",
        "remarks",
        "cleaned",
        "columns",
        "encoding",
        "delimiter",
        "sheet",
        "dry_run",
    }
    assert done["rows"] == done["added"] + done["duplicates"] + len(done["skipped"]) == 3
    assert (done["list"], done["delimiter"], done["dry_run"]) == ("Fair", ";", False)
    assert {"name": "Shoe size", "field": None} in done["columns"]
    assert crm.done("lists", "--json").json == [
        {
            "name": "Fair",
            "rows": 2,
            "new": 2,
            "callbacks": 0,
            "retries": 0,
            "done": 0,
            "leads": 0,
            "called": 0,
            "reached": 0,
        }
    ]
    out = crm.done("export", "prospects", "--list", "fair", "--format", "json").json
    assert out[1] == {
        "Name": "Ben",
        "Company": "Bolt",
        "Phone": "600 100 201",
        "E-mail": "ben@bolt.example",
        "Shoe size": "=1+1",
        "_line": 3,
        "_state": "new",
        "_tries": 0,
        "_lead": None,
    }
    again = crm.done("import", people, "--list", "Fair")
    assert "0 of 3" in again.out
    crm.done("undo")
    assert crm("export", "prospects").code == 2
    assert crm("export", "prospects", "--list", "Nope").code == 1


def test_leads_come_in_by_a_mapping(crm: Line, tmp_path: Path) -> None:
    file = tmp_path / "deals.csv"
    file.write_text(DEALS)
    crm.done(
        "import",
        str(file),
        "--leads",
        "--map",
        "title=Deal",
        "--map",
        "amount=Value",
        "--map",
        "status=Stage",
        "--map",
        "owner=Who",
        "--map",
        "created=Opened",
    )
    rows = {row["title"]: row for row in crm.done("leads", "--json").json}
    assert (rows["Big one"]["step"], rows["Big one"]["amount"]) == ("Proposal", 12000)
    assert (rows["Old one"]["status"], rows["Old one"]["created"]) == ("won", "2026-09-01")
    assert [u["active"] for u in crm.done("users", "--json").json if u["name"] == "zoe"] == [False]
    assert crm("import", str(file), "--leads", "--map", "title").code == 2
    assert crm("import", str(file), "--leads", "--map", "title=Nope").code == 1
    assert crm("import", str(file)).code == 2
    assert crm("import", str(file), "--leads", "--list", "x").code == 2
    assert crm("import", str(tmp_path / "nope.csv"), "--leads").code == 1


def test_exports_are_inert_and_for_their_owner_only(crm: Line, tmp_path: Path) -> None:
    crm.done("add", "=cmd|' /C calc'!A0", "--amount", "5")
    csv = crm.done("export", "leads").raw.decode("utf-8-sig")
    assert "\n=cmd" not in csv and ",=cmd" not in csv
    for form in ("csv", "xlsx", "json"):
        out = tmp_path / f"leads.{form}"
        ran = crm.done("export", "leads", "--out", str(out))
        assert ran.out == "" and out.stat().st_mode & 0o777 == 0o600
    assert json.loads((tmp_path / "leads.json").read_text())[0]["title"].startswith("=cmd")
    assert (tmp_path / "leads.xlsx").read_bytes().startswith(b"PK")
    for what in ("actions", "clients"):
        assert crm.done("export", what, "--json").json == []
    assert crm("export", "leads", "--out", str(tmp_path / "no" / "such.csv")).code == 1
    assert crm("export", "feelings").code == 2


def test_calendar(crm: Line, tmp_path: Path) -> None:
    crm.done("add", "Acme", "--next", "fri 9:30 call Anna")
    assert crm.done("calendar").raw.startswith(b"BEGIN:VCALENDAR")
    out = tmp_path / "next.ics"
    assert crm.done("calendar", "--out", str(out), "--json").json["rows"] == 1
    assert b"Acme" in out.read_bytes()


def test_backup_restore_check(crm: Line, tmp_path: Path) -> None:
    crm.done("add", "Acme")
    file = tmp_path / "safe.db"
    made = crm.done("backup", str(file))
    assert made.out == "" and "1 lead" in made.err
    crm.done("add", "Bolt")
    well = crm.done("check")
    assert (well.out, well.err) == ("", "")
    assert crm.done("check", "--json").json == {"ok": True, "problems": []}
    crm.done("restore", str(file))
    assert [row["title"] for row in crm.done("leads", "--json").json] == ["Acme"]
    other = tmp_path / "letter.txt"
    other.write_text("Dear Sir")
    assert crm("restore", str(other)).code == 1
    assert crm("backup", str(other)).code == 1 and other.read_text() == "Dear Sir"


def test_nothing_is_made_by_looking_for_a_store(crm: Line, tmp_path: Path) -> None:
    missing = tmp_path / "missing.db"
    for command in (("check",), ("backup", str(tmp_path / "b.db")), ("status",)):
        assert crm("--db", str(missing), *command).code == 1
    assert not missing.exists()


def test_a_file_that_is_no_store_is_left_as_it_is(crm: Line, tmp_path: Path) -> None:
    letter = tmp_path / "letter.db"
    letter.write_bytes(b"Dear Sir, " * 200)
    for command in ("status", "today", "check"):
        ran = crm("--db", str(letter), command)
        assert ran.code == 1 and "not a tui-crm database" in ran.err
    assert letter.read_bytes() == b"Dear Sir, " * 200


def test_demo_makes_a_company_of_its_own(crm: Line, tmp_path: Path) -> None:
    place = tmp_path / "demo.db"
    crm.done(
        "--db", str(place), "demo", "--leads", "30", "--prospects", "40", "--seed", "7", "--no-open"
    )
    assert crm.done("--db", str(place), "status", "--format", "{user}").out == "ana\n"
    assert crm.done("--db", str(place), "leads", "--json").json
    again = crm("--db", str(place), "demo", "--no-open")
    assert again.code == 1 and "is there already" in again.err
    assert crm.done("leads", "--json").json == [], "Ana's own store is untouched"


def test_whose_leads_become_is_said_by_map_owner(crm: Line, tmp_path: Path) -> None:
    file = tmp_path / "deals.csv"
    file.write_text("Deal name,Owner\nOne,Ana Ruiz\nTwo,Cleo Vidal\n", encoding="utf-8")
    ran = crm.done("import", str(file), "--leads", "--map-owner", "Ana Ruiz=me", "--json").json
    assert ran["owners"] == [
        {"name": "Ana Ruiz", "leads": 1, "open": 1, "user": "ana"},
        {"name": "Cleo Vidal", "leads": 1, "open": 1, "user": "Cleo Vidal"},
    ]
    assert "of Cleo Vidal" in crm.done("today").out
    assert crm.done("status", "--json").json["unassigned_leads"] == 1
    assert crm("import", str(file), "--list", "L", "--map-owner", "Ana Ruiz=me").code == 2
    assert crm("import", str(file), "--leads", "--map-owner", "Ana Ruiz").code == 2
