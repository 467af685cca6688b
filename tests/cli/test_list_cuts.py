"""``report lists --by``: the figures of a list, added up again from what ``export`` writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Line


class Demo:
    """The demo company, asked by commands alone."""

    def __init__(self, crm: Line, place: str) -> None:
        self.crm, self.place = crm, place

    def __call__(self, *args: str) -> Any:
        return self.crm.done("--db", self.place, *args)

    def export(self, *args: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self("export", *args, "--format", "json").json
        return found


@pytest.fixture
def demo(crm: Line, tmp_path: Path) -> Demo:
    place = str(tmp_path / "demo.db")
    crm.done(
        "--db", place, "demo", "--leads", "60", "--prospects", "300", "--seed", "7", "--no-open"
    )
    return Demo(crm, place)


def added_up(demo: Demo, name: str, column: str) -> dict[str, dict[str, Any]]:
    """The figures of each value of a column, from the exported rows, actions and leads."""
    rows = demo.export("prospects", "--list", name)
    calls = [a for a in demo.export("actions") if a["kind"] == "call" and a["list"] == name]
    leads = {lead["number"]: lead for lead in demo.export("leads")}
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        mine = [a for a in calls if a["line"] == row["_line"]]
        lead = leads.get(row["_lead"])
        won = lead is not None and lead["status"] == "won"
        part = found.setdefault(
            row[column] or "–",
            dict.fromkeys(("rows", "called", "reached", "calls", "leads", "won", "won_amount"), 0),
        )
        part["rows"] += 1
        part["called"] += bool(mine)
        part["reached"] += any(a["reached"] for a in mine)
        part["calls"] += len(mine)
        part["leads"] += lead is not None
        part["won"] += won
        part["won_amount"] += (lead["amount"] or 0) if won and lead is not None else 0
    return found


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("Handwerk Nord", "Branche"),
        ("Handwerk Nord", "Land"),
        ("Commerces Lyon", "Ville"),
        ("US resellers", "Sector"),
    ],
)
def test_by_column_is_what_the_exported_rows_add_up_to(demo: Demo, name: str, column: str) -> None:
    report = demo("report", "lists", "--list", name, "--by", column.upper(), "--json").json
    assert report["columns"][0] == {"key": "value", "label": column, "unit": "text"}
    told = {row["value"]: row for row in report["rows"]}
    expected = added_up(demo, name, column)
    assert set(told) == set(expected) and any(part["calls"] for part in expected.values())
    for value, part in expected.items():
        row = told[value]
        assert {key: row[key] for key in part} == part, value
        assert (row["answered"]["n"], row["answered"]["d"]) == (part["reached"], part["called"])
        assert (row["calls_per_lead"]["n"], row["calls_per_lead"]["d"]) == (
            part["calls"],
            part["leads"],
        )
    assert [row["rows"] for row in report["rows"] if row["value"] != "–"] == sorted(
        (part["rows"] for value, part in expected.items() if value != "–"), reverse=True
    )
    totals = demo("report", "lists", "--list", name, "--json").json["totals"]
    for key in ("rows", "called", "reached", "calls", "leads", "won", "won_amount"):
        assert report["totals"][key] == totals[key], key


def test_by_script_adds_up_to_the_lists(demo: Demo) -> None:
    script = demo("report", "lists", "--by", "script", "--json").json
    lists = demo("report", "lists", "--json").json
    assert [c["key"] for c in script["columns"]][:3] == ["list", "script", "path"]
    for row in lists["rows"]:
        mine = [part for part in script["rows"] if part["list"] == row["list"]]
        for key in ("calls", "leads", "won", "won_amount"):
            assert sum(part[key] for part in mine) == row[key], (row["list"], key)
    for key in ("called", "reached", "calls", "leads", "won", "won_amount"):
        assert script["totals"][key] == lists["totals"][key], key


def test_every_format_and_the_formulas(demo: Demo) -> None:
    asked = ("report", "lists", "--list", "Handwerk Nord", "--by", "Branche")
    assert "answered" in demo(*asked).out and "Branche" in demo(*asked).out
    assert (
        demo(*asked, "--format", "csv")
        .out.splitlines()[0]
        .startswith("value,rows,called,reached,answered,answered_n,answered_d,leads")
    )
    assert demo(*asked, "--format", "md").out.startswith("| Branche")
    explained = demo(*asked, "--explain", "--json").json["formulas"]
    assert explained["answered"] == "prospects reached / prospects called, in the period"
    said = demo("report", "lists", "--by", "script", "--explain").out
    assert "by the last call on their prospect before" in " ".join(said.split())


def test_a_row_is_named_again_where_the_table_is_cut(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    out = demo("report", "lists", "--by", "script").out
    assert sum(line.startswith("list ") and " script " in line for line in out.splitlines()) > 1


def test_what_cannot_be_asked_is_one_sentence_and_the_next_step(crm: Line, demo: Demo) -> None:
    refused = crm("--db", demo.place, "report", "lists", "--by", "Branche")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.splitlines() == [
        "A column belongs to one list.",
        "Name the list too: --list NAME --by Branche.",
    ]
    unknown = crm("--db", demo.place, "report", "lists", "--list", "Handwerk Nord", "--by", "Size")
    assert unknown.code == 1 and "has no column Size" in unknown.err and "Branche" in unknown.err
    for name, by, takers in (
        ("team", "script", "lists"),
        ("hours", "week", "company, activity, forecast, leads, emails, meetings, process"),
        ("goals", "Month", "company, activity, forecast, leads, emails, meetings, process"),
    ):
        refused = crm("--db", demo.place, "report", name, "--by", by)
        assert (refused.code, refused.out) == (1, "")
        assert refused.err.splitlines()[1].startswith(f"Reports that take --by: {takers}")
    refused = crm("--db", demo.place, "report", "lists", "--by", "week")
    assert refused.code == 1 and "--by script" in refused.err
