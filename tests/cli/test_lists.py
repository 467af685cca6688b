"""`tui-crm lists` and what it does with whole lists; `import --update`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Line

PEOPLE = "Name,Phone,City,Sector\n" + "".join(
    f"Person {n},600 100 "
    f"{n:03d},{'Bilbao' if n % 2 else 'Madrid'},{'laser' if n < 4 else 'steel'}\n"
    for n in range(8)
)


@pytest.fixture
def fair(crm_everywhere: Line, tmp_path: Path) -> Line:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE)
    crm_everywhere.done("import", str(path), "--list", "Fair")
    return crm_everywhere


def rows(crm: Line, name: str) -> list[str]:
    out = crm.done("export", "prospects", "--list", name, "--format", "json").json
    return [row["Name"] for row in out]


def test_bare_it_keeps_its_contract(fair: Line) -> None:
    assert list(fair.done("lists", "--json").json[0]) == [
        "name",
        "rows",
        "new",
        "callbacks",
        "retries",
        "done",
        "leads",
        "called",
        "reached",
    ]
    assert "Fair" in fair.done("lists").out


def test_rename_and_archive(fair: Line) -> None:
    fair.done("lists", "rename", "fair", "Autumn fair")
    fair.done("lists", "archive", "autumn")
    assert fair.done("lists", "--json").json == []
    assert [r["name"] for r in fair.done("lists", "--all", "--json").json] == ["Autumn fair"]
    fair.done("lists", "archive", "autumn", "--back")
    assert len(fair.done("lists", "--json").json) == 1
    refused = fair("lists", "rename", "nope", "x")
    assert refused.code == 1 and "Autumn fair" in refused.err and not refused.out


def test_split_and_merge_and_undo(fair: Line) -> None:
    split = ("lists", "split", "fair", "sector:laser -city:Madrid", "--as", "Laser")
    assert fair.done(*split, "--dry-run", "--json").json == {
        "list": "Fair",
        "as": "Laser",
        "rows": 2,
        "dry_run": True,
    }
    assert fair.done(*split, "--dry-run").out == "Would be: 2 rows of Fair: Laser.\n"
    assert fair.done(*split).out == "2 rows of Fair: Laser\n"
    assert rows(fair, "laser") == ["Person 1", "Person 3"] and len(rows(fair, "fair")) == 6
    merged = fair.done("lists", "merge", "laser", "--into", "fair", "--json").json
    assert merged == {
        "list": "Laser",
        "into": "Fair",
        "rows": 2,
        "duplicates": 0,
        "closed": 0,
        "new_columns": [],
        "dry_run": False,
    }
    assert len(rows(fair, "fair")) == 8
    fair.done("undo")
    fair.done("undo")
    assert rows(fair, "fair") == [f"Person {n}" for n in range(8)]
    assert fair("lists", "split", "fair", "colour:red", "--as", "Red").code == 1
    assert fair("lists", "split", "fair", "sector:laser").code == 2


def test_hand(fair: Line) -> None:
    fair.done("users", "add", "ben")
    done = fair.done(
        "lists", "hand", "fair", "ben", "--query", "sector:laser", "--next", "3", "--json"
    ).json
    assert done == {"list": "Fair", "rep": "ben", "rows": 3, "others": 0, "dry_run": False}
    assert fair.done("lists", "hand", "fair", "ana", "--dry-run", "--json").json["rows"] == 8
    taken = fair("lists", "hand", "fair", "nobody", "--query", "rep:ben", user="ben")
    assert taken.code == 0 and "3 rows of Fair for anybody" in taken.out
    assert fair("lists", "hand", "fair", "zoe").code == 1


def test_columns(fair: Line) -> None:
    fair.done("lists", "columns", "fair", "--add", "Direct line", "--field", "phone")
    fair.done("lists", "columns", "fair", "--rename", "sector", "Trade")
    assert fair.done("lists", "columns", "fair", "--json").json == [
        {"name": "Name", "field": "name"},
        {"name": "Phone", "field": "phone"},
        {"name": "City", "field": "city"},
        {"name": "Trade", "field": None},
        {"name": "Direct line", "field": "phone"},
    ]
    assert (
        fair.done("export", "prospects", "--list", "fair", "--format", "json").json[0][
            "Direct line"
        ]
        == ""
    )
    assert fair("lists", "columns", "fair", "--add", "trade").code == 1
    assert fair("lists", "columns", "fair", "--field", "phone").code == 2


def test_rules(fair: Line) -> None:
    fair.done(
        "lists",
        "rules",
        "fair",
        "--from",
        "09:00",
        "--until",
        "17:30",
        "--days",
        "1234",
        "--tries",
        "4",
        "--tries-number",
        "8",
        "--tries-day",
        "2",
        "--avoid-hour",
        "--other-half",
        "--new-first",
        "--order",
        "answer",
        "--zone",
        "Europe/Lisbon",
    )
    assert fair.done("lists", "rules", "fair", "--json").json == {
        "list": "Fair",
        "call_from": "09:00",
        "call_until": "17:30",
        "call_days": "1234",
        "most_tries": 4,
        "most_per_number": 8,
        "most_per_day": 2,
        "avoid_hour": True,
        "other_half": True,
        "new_first": True,
        "order_by": "answer",
        "zone": "Europe/Lisbon",
        "direction": "outbound",
    }
    fair.done("lists", "rules", "fair", "--any-hour", "--order", "list", "--from", "")
    after = fair.done("lists", "rules", "fair", "--json").json
    assert (after["avoid_hour"], after["order_by"], after["call_from"]) == (False, "list", "")
    assert "17:30" in fair.done("lists", "rules", "fair").out
    assert fair("lists", "rules", "fair", "--zone", "Mars").code == 1


def test_script(fair: Line, tmp_path: Path) -> None:
    path = tmp_path / "script.txt"
    path.write_text("Hello {first name}\n[1] no time\n")
    fair.done("lists", "script", "fair", "--file", str(path))
    assert fair.done("lists", "script", "fair").lines == ["Hello {first name}", "[1] no time"]
    assert fair("lists", "script", "fair", "--file", str(tmp_path / "none")).code == 1


def test_an_updated_file(fair: Line, tmp_path: Path) -> None:
    path = tmp_path / "v2.csv"
    path.write_text(
        PEOPLE.replace("Person 1,600 100 001,Bilbao", "Person 1,600 100 001,Getxo")
        + "Person 8,600 100 008,Vigo,steel\n"
    )
    update = ("import", str(path), "--list", "fair", "--update")
    look = fair.done(*update, "--dry-run", "--json").json
    assert set(look) == {
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
        "updated",
        "unchanged",
    }
    assert (look["rows"], look["added"], look["updated"], look["unchanged"]) == (9, 1, 1, 7)
    said = fair.done(*update, "--dry-run").out
    assert "1 new, 1 changed, 7 unchanged" in said and "Bilbao -> Getxo" in said
    assert len(rows(fair, "fair")) == 8
    done = fair.done(*update, "--key", "phone", "--json").json
    assert done["rows"] == done["added"] + done["updated"] + done["unchanged"] + len(
        done["skipped"]
    )
    assert rows(fair, "fair")[-1] == "Person 8"
    fair.done("undo")
    assert len(rows(fair, "fair")) == 8
    assert fair("import", str(path), "--leads", "--update").code == 2
    assert fair("import", str(path), "--list", "fair", "--key", "phone").code == 2
    assert fair("import", str(path), "--list", "nope", "--update").code == 1
