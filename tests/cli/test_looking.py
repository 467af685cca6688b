"""today, leads, show, feed, lists, report: what they print, and their JSON to the key."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.cli.conftest import Line
from tests.cli.test_doing import SHOWN
from tui_crm.core.text import width

ROW = SHOWN - {"history", "attachments"}
RATE = {"n", "d", "value"}
REPORTS = {
    "company": {
        "period",
        "created",
        "won",
        "won_amount",
        "won_without_amount",
        "average_won",
        "lost",
        "cancelled",
        "win_rate",
        "win_rate_all",
        "cycle_mean_days",
        "cycle_median_days",
    },
    "team": {
        "rep",
        "created",
        "won",
        "won_amount",
        "won_without_amount",
        "average_won",
        "lost",
        "cancelled",
        "win_rate",
        "win_rate_all",
        "cycle_mean_days",
        "cycle_median_days",
    },
    "leads": {"cohort", "created", "won", "lost", "cancelled", "open", "win_rate", "young"},
    "activity": {"rep", "period", "kind", "outcome", "count", "reached", "minutes"},
    "pipeline": {
        "step",
        "entered",
        "converted",
        "pending",
        "lost_here",
        "conversion",
        "median_days",
    },
    "lists": {
        "list",
        "rows",
        "called",
        "reached",
        "leads",
        "won",
        "won_amount",
        "calls",
        "calls_per_lead",
    },
    "forecast": {"period", "won_amount", "open_amount", "weighted_amount", "leads"},
    "reasons": {"reason", "status", "count", "amount"},
}


@pytest.fixture
def busy(crm_everywhere: Line) -> Line:
    """A day with something late, something timed, something open, and something won and lost."""
    crm = crm_everywhere
    crm.done("add", "Late one", "--next", "tomorrow call", "--amount", "5k")
    crm.clock.go(days=2)
    crm.done("add", "Timed one", "--next", "16:30 20m meeting", "--amount", "12.4k", "--tag", "hot")
    crm.done("add", "Bare one", "--created", "2026-10-05")
    crm.done("add", "Later one", "--next", "tomorrow 9 call")
    crm.done("add", "Won one", "--amount", "1000.50", "--created", "2026-11-01")
    crm.done("won", "5")
    crm.done("add", "Lost one", "--amount", "700")
    crm.done("lost", "6", "--reason", "1")
    crm.done("log", "3", "call", "--outcome", "1", "--minutes", "4", "--note", "hello")
    return crm


def test_today_in_sections_and_in_order(busy: Line) -> None:
    today = busy.done("today").out
    order = [
        today.index(word)
        for word in (
            "Overdue",
            "Late one",
            "Today",
            "16:30 20m",
            "Timed one",
            "no date",
            "Bare one",
            "Tomorrow",
            "Later one",
        )
    ]
    assert order == sorted(order)
    assert "Won one" not in today
    rows = busy.done("today", "--json").json
    assert [row["title"] for row in rows] == ["Late one", "Timed one", "Bare one", "Later one"]
    assert all(set(row) == ROW for row in rows)


def test_an_empty_day_says_so(crm: Line) -> None:
    fresh = crm.done("today")
    assert "No leads yet" in fresh.out and "tui-crm add" in fresh.err
    crm.done("add", "Acme", "--next", "today call")
    crm.done("log", "1", "call", "--next", "+3d call")
    assert "Nothing left to do today" in crm.done("today").out


def test_leads_by_any_filter(busy: Line) -> None:
    rows = busy.done("leads", "--json").json
    assert len(rows) == 6 and all(set(row) == ROW for row in rows)
    assert [r["status"] for r in busy.done("leads", "status:won", "--json").json] == ["won"]
    found = busy.done("leads", "amount>1000 status:open sort:amount", "--json").json
    assert [r["amount"] for r in found] == [12400, 5000]
    assert [r["title"] for r in busy.done("leads", "tag:hot", "--json").json] == ["Timed one"]
    listed = busy.done("leads", "status:open")
    assert "Timed one" in listed.out and "4 leads, €17,400" in listed.err
    none = busy.done("leads", "tag:hot", "status:won")
    assert none.out == "" and "Without" in none.err
    wrong = busy("leads", "stauts:won")
    assert wrong.code == 1 and not wrong.out
    assert "stauts:won: there is no such word or field; there are: status, " in wrong.err
    both = busy.done("leads", "(tag:hot or status:won)", "--json").json
    assert {r["title"] for r in both} == {"Timed one"} | {
        r["title"] for r in busy.done("leads", "status:won", "--json").json
    }
    grouped = busy.done("leads", "status:open", "group:step", "columns:age,amount,contacted")
    assert "Qualified" in grouped.lines[0] and "last contact" in grouped.lines[1]
    assert "owner" not in grouped.lines[1] and "4 leads" in grouped.err
    assert busy("leads", "sort:mood").code == 1


def test_groups_and_columns_of_a_filter_line_arrange_json_and_exports(busy: Line) -> None:
    """The same rows in the same order, by the same group, wherever they go."""
    line = "status:open group:owner sort:amount columns:age,next,percent"
    rows = busy.done("leads", line, "--json")
    assert "columns: is for lists and tables" in rows.err
    assert all(set(row) == ROW | {"group"} for row in rows.json)
    assert [row["group"] for row in rows.json] == [row["owner"] for row in rows.json]
    exported = busy.done("export", "leads", "--query", line, "--format", "json")
    assert exported.json == rows.json and "columns: arranges tables" in exported.err
    sheet = busy.done("export", "leads", "--query", line)
    table = list(csv.reader(sheet.out.splitlines()))
    heads = ["group", "number", "title", "age", "next", "next_minutes", "next_kind", "probability"]
    assert table[0] == heads and sheet.err == ""
    assert [row[:3] for row in table[1:]] == [
        [row["group"], str(row["number"]), row["title"]] for row in rows.json
    ]
    shown = busy.done("leads", line).out
    assert [row["number"] for row in rows.json] == [
        int(found) for found in re.findall(r"^ *#(\d+)", shown, re.MULTILINE)
    ]
    actions = busy.done("export", "actions", "--query", "group:owner")
    assert "group: arranges tables of leads; here it changes nothing." in actions.err


def test_show_reads_like_a_card(busy: Line) -> None:
    card = busy.done("show", "#3").out
    assert card.startswith("#3 Bare one\n") and "4m: hello" in card
    won = busy.done("show", "5", "--json").json
    assert set(won) == SHOWN
    assert (won["status"], won["amount"], won["closed"], won["next"]) == (
        "won",
        1000.5,
        "2026-11-25",
        None,
    )
    assert {frozenset(line) for line in won["history"]} == {
        frozenset(("at", "by", "kind", "outcome", "minutes", "text"))
    }


def test_feed_narrows(busy: Line) -> None:
    newest = busy.done("feed").lines
    assert "hello" in newest[1] or "Bare one" in newest[1]
    assert [row["kind"] for row in busy.done("feed", "kind:won", "--json").json] == ["won"]
    assert len(busy.done("feed", "lead:3", "--json").json) == 2
    assert busy("feed", "by:zoe").code == 1
    assert len(busy.done("feed", "--most", "2", "--json").json) == 2


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_report_json_is_the_contract(busy: Line, name: str) -> None:
    found = busy.done("report", name, "--period", "2026", "--json").json
    parts = {"columns", "rows", "totals", "notes"}
    assert set(found) == {"report", "period", "filters", "tables", *parts}
    assert all(set(table) == {"name", *parts} for table in found["tables"])
    names = [table["name"] for table in found["tables"]]
    assert all(names) and len(set(names)) == len(names)
    assert found["report"] == name
    for column in found["columns"]:
        assert set(column) == {"key", "label", "unit"}
    for row in (*found["rows"], found["totals"]):
        assert set(row) >= REPORTS[name]
        for column in found["columns"]:
            if column["unit"] == "rate":
                rate = row[column["key"]]
                assert set(rate) == RATE
                expected = rate["n"] / rate["d"] if rate["d"] else None
                assert rate["value"] == pytest.approx(expected) if expected else not rate["value"]


def test_report_money_is_in_major_units(busy: Line) -> None:
    company = busy.done("report", "company", "--period", "2026-11", "--json").json
    assert company["totals"]["won_amount"] == 1000.5
    assert company["totals"]["win_rate"] == {"n": 1, "d": 2, "value": 0.5}
    assert "€1,000.50" in busy.done("report", "company", "--period", "2026-11").out
    heads, row, total = (
        line.split(",")
        for line in busy.done("report", "company", "--period", "2026-11", "--format", "csv").lines
    )
    assert total[0] == "total" and total[1:] == row[1:]
    cells = dict(zip(heads, row, strict=True))
    assert cells["won_amount"] == "1000.50"
    assert [cells[f"win_rate{end}"] for end in ("", "_n", "_d")] == ["0.5", "1", "2"]


def test_every_report_in_every_format(busy: Line) -> None:
    for report in busy.done("report", "--json").json:
        name = report["report"]
        assert (
            report["title"]
            in busy.done("report", name, "--explain", "--compare", "--period", "2026").out
        )
        csv = busy.done("report", name, "--format", "csv").raw
        assert not csv.startswith(b"\xef\xbb\xbf")  # scripts read it
        assert busy.done("report", name, "--format", "xlsx").raw.startswith(b"PK")
        assert busy.done("report", name, "--format", "md").out.startswith("|")
        assert busy.done("report", name, "--format", "html").out.startswith("<!DOCTYPE html>")


def test_the_second_table_is_explained_and_small_samples_are_marked_everywhere(busy: Line) -> None:
    said = " ".join(busy.done("report", "activity", "--explain").out.split())
    assert "minutes sum of their durations" in said, "of the first table"
    assert "calls a win all calls in the period / leads won in it" in said, "of the second"
    _first, second, *_more = busy.done("report", "activity", "--explain", "--json").json["tables"]
    assert second["formulas"]["calls"] == "calls logged in the period"
    company = ("report", "company", "--period", "2026-11")
    for form in ("table", "md"):
        assert "50% 1/2~" in busy.done(*company, "--format", form).out, form


def test_every_table_of_a_report_is_in_every_file(busy: Line, tmp_path: Path) -> None:
    asked = ("report", "activity", "--period", "2026-11", "--compare")
    whole = busy.done(*asked, "--json").json
    assert {k: whole[k] for k in ("columns", "rows", "totals")} == {
        k: whole["tables"][0][k] for k in ("columns", "rows", "totals")
    }
    by_rep = whole["tables"][1]
    assert {"calls_per_win", "reached_rate"} <= set(by_rep["rows"][0])
    names = [table["name"] for table in whole["tables"]]
    assert [table["name"] for table in whole["compared"]["tables"]] == names
    # The rows of the second table and its totals, as the file has them.
    calls = [row["calls"] for row in (*by_rep["rows"], by_rep["totals"])]

    blocks = busy.done(*asked, "--format", "csv").out.replace("\r\n", "\n").split("\n\n")
    tables = [list(csv.DictReader(block.splitlines())) for block in blocks]
    assert [int(row["calls"]) for row in tables[1]] == calls
    assert tables[1][-1]["rep"] == "total" and len(tables) == 2 * len(names)

    file = tmp_path / "activity.xlsx"
    busy.done(*asked, "--out", str(file))
    book = CalamineWorkbook.from_path(str(file))
    assert book.sheet_names[:2] == ["Activity", "Activity 2"]
    heads, *rows = book.get_sheet_by_name("Activity 2").to_python()
    assert [int(row[heads.index("calls")]) for row in rows] == calls

    page = busy.done(*asked, "--format", "md").out
    assert page.startswith("| rep") and "\n## Activity 2\n\n| rep | calls |" in page


def test_report_filters_and_refusals(busy: Line) -> None:
    ours = busy.done(
        "report",
        "company",
        "--rep",
        "ana",
        "--tag",
        "hot",
        "--period",
        "2026",
        "--as-of",
        "2026-11-24",
        "--json",
    ).json
    assert ours["filters"] == {
        "rep": ["ana"],
        "team": [],
        "tag": ["hot"],
        "pipeline": None,
        "list": None,
        "by": "month",
        "as_of": "2026-11-24",
    }
    for wrong in (
        ("nope",),
        ("company", "--period", "soon"),
        ("company", "--rep", "zoe"),
        ("company", "--tag", "nope"),
        ("company", "--by", "decade"),
    ):
        assert busy("report", *wrong).code == 1
    assert busy("report", "company", "--format", "pdf").code == 2


def test_everything_fits_the_terminal(busy: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    busy.done(
        "add", "株式会社" * 30, "--company", "👩‍👩‍👧" * 40, "--next", "fri 9 call " + "x" * 200
    )
    commands = [
        ("today",),
        ("leads",),
        ("show", "7"),
        ("feed",),
        ("lists",),
        ("users",),
        ("outcomes",),
        ("report", "company"),
        ("report", "activity"),
    ]
    for columns in (80, 40):
        monkeypatch.setenv("COLUMNS", str(columns))
        for command in commands:
            for line in busy.done(*command).lines:
                assert width(line) <= columns, (command, line)
