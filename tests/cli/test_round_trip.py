"""What goes out comes back: leads, prospect lists and the do-not-call list, whatever the language,
the currency and the format."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.cli.conftest import Line

LANGUAGES = {"en": "US", "es": "ES", "fr": "FR", "de": "DE"}
CURRENCIES = {"EUR": 2, "JPY": 0, "TND": 3}
WORDS = (
    "North",
    "Grand Total",
    "=SUM(A1)",
    'O\'Brien; "deal"',
    "Won/Lost",
    "+5",
    "Ünïcode, s.l.",
    "Lost contact",
    "1e5",
)
LINES = ("one line", "first\nBudget: 20k\nthird", "a: b: c", "  leading", "x\n\ny")


def amount_text(chance: Random, places: int) -> str:
    whole = chance.choice([0, 1, 987, 1234, 12345, 1234567])
    part = chance.randrange(10**places) if places else 0
    return f"{whole}.{part:0{places}d}" if places else str(whole)


def build(crm: Line, chance: Random, folder: Path, places: int) -> None:
    """Leads made by the commands and by a file of another program."""
    for n in range(6):
        more: list[str] = []
        if chance.random() < 0.8:
            more += ["--amount", amount_text(chance, places)]
        if chance.random() < 0.6:
            more += ["--company", chance.choice(["Acme, Inc.", "Total", "Ñandú S.L."])]
        if chance.random() < 0.6:
            email = f"{chance.choice(['a.o' + chr(39) + 'r', '_x', 'sales/emea'])}{n}@acme.example"
            more += ["--contact", "Ana Ruiz", "--phone", f"60010020{n}", "--email", email]
        following = chance.choice(["", "2026-12-10 9:30 20min call Anna", "2026-12-12", "send it"])
        if following:
            more += ["--next", following]
        if chance.random() < 0.5:
            more += ["--tag", chance.choice(["hot", "cold"])]
        crm.done("add", f"{chance.choice(WORDS)} {n}", *more, "--created", "2026-03-05")
    for number in (2, 4):
        crm.done("won", str(number), "--on", "2026-04-01")
    crm.done("lost", "3", "--reason", "1")
    rows = [
        {"Name": f"Imported {n}", "Notes": text, "Industry": "Retail", "Contact": people}
        for n, (text, people) in enumerate(
            zip(LINES, ["Ben (b@x.example);Cleo (c@x.example)", "", "Ana", "", "Eva"], strict=True)
        )
    ]
    path = folder / "other.json"
    path.write_text(json.dumps(rows))
    crm.done("import", str(path), "--leads")


def leads(crm: Line) -> list[dict[str, Any]]:
    with sqlite3.connect(crm.url) as store:
        numbers = [number for (number,) in store.execute("SELECT id FROM leads")]
    every = [crm.done("show", str(number), "--json").json for number in numbers]
    # The number is the store's own; the statuses of what is due follow from the next action.
    kept = [{k: v for k, v in lead.items() if k not in ("number", "history")} for lead in every]
    return sorted(kept, key=lambda lead: str(lead["title"]))


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
@pytest.mark.parametrize(
    ("language", "currency"),
    [("en", "EUR"), ("es", "TND"), ("fr", "JPY"), ("de", "EUR"), ("fr", "TND"), ("en", "TND")],
)
def test_leads_come_back_whole(
    crm: Line, tmp_path: Path, form: str, language: str, currency: str
) -> None:
    chance = Random(f"{form}{language}{currency}")
    crm.done("workspace", "--language", "en", "--currency", currency)
    build(crm, chance, tmp_path, CURRENCIES[currency])
    crm.done("workspace", "--language", language, "--region", LANGUAGES[language])
    first = leads(crm)
    path = tmp_path / f"leads.{form}"
    crm.done("export", "leads", "--format", form, "--out", str(path))
    new = crm.url.replace("crm.db", "new.db")
    again = Line(new, crm.clock, crm.capture)
    again.done("workspace", "--language", language, "--currency", currency)
    again.done("workspace", "--region", LANGUAGES[language])
    done = again.done("import", str(path), "--leads", "--json").json
    assert (done["added"], done["duplicates"], done["skipped"]) == (len(first), 0, [])
    assert leads(again) == first
    twice = again.done("import", str(path), "--leads", "--json").json
    assert (twice["added"], twice["duplicates"]) == (0, len(first))


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
@pytest.mark.parametrize("language", list(LANGUAGES))
def test_a_list_comes_back_whole(crm: Line, tmp_path: Path, form: str, language: str) -> None:
    crm.done("workspace", "--language", language, "--region", LANGUAGES[language])
    rows = [
        ["Null", "NA", "o'rielly@acme.example", "+34 600 100 201", "01234", "=1+1"],
        ["'quoted", "Total", "_desk@acme.example", "+34 600 100 202", "1E5", "-"],
        ["Ana\nRuiz", "1,5", "", "+34 600 100 203 ext 4", "2026-03-05", "@home"],
        ["Name", "Firma", "x@acme.example", "", "1.234", "\u2007=x"],
    ]
    columns = ["Name", "Company", "Email", "Phone", "Zip", "Remark"]
    path = tmp_path / "rows.json"
    path.write_text(json.dumps([dict(zip(columns, row, strict=True)) for row in rows]))
    assert crm.done("import", str(path), "--list", "L", "--json").json["added"] == 4
    first = crm.done("export", "prospects", "--list", "L", "--format", "json").json
    out = tmp_path / f"out.{form}"
    crm.done("export", "prospects", "--list", "L", "--format", form, "--out", str(out))
    crm.done("undo")
    done = crm.done("import", str(out), "--list", "Again", "--json").json
    assert [column["name"] for column in done["columns"]] == columns
    again = crm.done("export", "prospects", "--list", "Again", "--format", "json").json
    own = ("_line",)
    assert [{k: v for k, v in row.items() if k not in own} for row in again] == [
        {k: v for k, v in row.items() if k not in own} for row in first
    ]


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_the_do_not_call_list_comes_back(crm: Line, tmp_path: Path, form: str) -> None:
    crm.done("blocked", "add", "+34 600 100 200", "--why", "=never, again")
    crm.done("blocked", "add", "paula.o'rielly@acme.example")
    first = crm.done("blocked", "--json").json
    path = tmp_path / f"stop.{form}"
    crm.done("blocked", "export", "--format", form, "--out", str(path))
    crm.done("undo")
    crm.done("undo")
    done = crm.done("blocked", "import", str(path), "--json").json
    assert (done["rows"], done["added"], done["skipped"]) == (2, 2, [])
    again = crm.done("blocked", "--json").json
    assert sorted(row["match"] for row in again) == sorted(row["match"] for row in first)
    assert {row["match"]: row["words"] for row in again} == {
        row["match"]: row["words"] for row in first
    }
