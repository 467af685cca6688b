"""What is written runs nowhere as a formula and comes back as it was."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
import os
import stat
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.readers.delimited import read_text
from tui_crm.core.exchange.readers.open import open_table
from tui_crm.core.exchange.writers.formats import WRITERS, save, write
from tui_crm.core.exchange.writers.formula_guard import escape_formula, unescape_formulas
from tui_crm.core.text import clean

FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "@SUM(A1)",
    "+A1",
    "-A1",
    "-1+1",
    "+1+cmd|'x'!A",
    "\t=1",
    "\n=1",
    " =1",
    "'=1",
    "''=1",
    "＝1+1",
    "＠x",
    "-",
    "+",
    "--",
    "=",
    "- a list",
    "+49 or call",
]
HARMLESS = [
    "+49 89 1234567",
    "+49 (0)89/123-45",
    "+34600000001",
    "+1 555 123 4567 ext. 12",
    "-5",
    "-5.20",
    "+5",
    "-1,234.50",
    "-12%",
    "O'Brien",
    "'quoted'",
    "a=b",
    "ana@acme.example",
    "x",
    "",
    "-1.5e3",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_made_inert_and_comes_back(text: str) -> None:
    assert escape_formula(text) == "'" + text
    assert unescape_formulas([escape_formula(text)]) == [text]


@pytest.mark.parametrize("text", HARMLESS)
def test_a_phone_a_number_a_name_stays(text: str) -> None:
    assert escape_formula(text) == text
    assert unescape_formulas([text]) == [text]


cell = st.one_of(
    st.text(max_size=20),
    st.text("=@+-'\"\t\r\n ,;|0123456789aé", max_size=8),
    st.sampled_from(FORMULAS + HARMLESS),
)


@given(st.lists(st.tuples(cell, cell, cell), min_size=1, max_size=8))
def test_csv_round_trip(rows: list[tuple[str, str, str]]) -> None:
    cleaned = [tuple(map(clean, row)) for row in rows]
    out = io.BytesIO()
    assert write("csv", ["name", "phone", "city"], rows, out) == len(rows)
    text = out.getvalue().decode("utf-8-sig")
    # What a spreadsheet sees, by another reader: no cell begins like a formula.
    for row in csv.reader(io.StringIO(text, newline="")):
        for seen in row:
            assert not seen.startswith(("=", "@", "\t", "\r"))
    table = read_text(text, delimiter=",")
    assert table.columns == ("name", "phone", "city")
    held = [row for row in cleaned if any(one.strip() for one in row)]
    assert [row.cells for row in table.rows] == held


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_files_round_trip(tmp_path: Path, kind: str) -> None:
    rows = [["Ana", text] for text in FORMULAS + HARMLESS]
    path = tmp_path / f"out.{kind}"
    assert save(kind, ["name", "=note"], rows, path) == len(rows)
    table = open_table(path)
    assert table.columns == ("name", "=note")
    assert [list(row.cells) for row in table.rows] == [[a, clean(b)] for a, b in rows]


def test_a_workbook_holds_text_as_text(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    save(
        "xlsx", ["title"], [["=1+1"], ["https://x.example"], ["00420"], ["{=1}"], ["_x0041_"]], path
    )
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert not any("hyperlink" in name or "_rels/sheet" in name for name in archive.namelist())
    assert "<f>" not in sheet and "hyperlink" not in sheet
    assert [row.cells[0] for row in open_table(path).rows][:4] == [
        "=1+1",
        "https://x.example",
        "00420",
        "{=1}",
    ]


def test_values_of_every_kind(tmp_path: Path) -> None:
    zone = dt.timezone(dt.timedelta(hours=1))
    columns = ["title", "amount", "count", "on", "at", "starred", "none"]
    row = [
        "A|B\nc",
        Decimal("1234.50"),
        3,
        dt.date(2026, 11, 23),
        dt.datetime(2026, 11, 23, 14, 30, tzinfo=zone),
        True,
        None,
    ]
    path = tmp_path / "x"
    save("json", columns, [row], path)
    assert json.loads(path.read_text("utf-8")) == [
        {
            "title": "A|B\nc",
            "amount": 1234.5,
            "count": 3,
            "on": "2026-11-23",
            "at": "2026-11-23T14:30:00+01:00",
            "starred": True,
            "none": None,
        }
    ]
    save("csv", columns, [row], path)
    assert path.read_bytes().decode("utf-8-sig").splitlines()[-1] == (
        'c",1234.50,3,2026-11-23,2026-11-23T14:30:00+01:00,true,'
    )
    save("xlsx", columns, [row], path)
    assert open_table(path).rows[0].cells == (
        "A|B\nc",
        "1234.5",
        "3",
        "2026-11-23",
        "2026-11-23 14:30",
        "TRUE",
        "",
    )
    save("md", columns[:3], [row[:3]], path)
    assert path.read_text("utf-8") == (
        "| title | amount | count |\n| --- | ---: | ---: |\n| A\\|B<br>c | 1234.50 | 3 |\n"
    )


def test_odd_numbers_and_old_days_do_not_stop_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    save("xlsx", ["a", "b"], [[math.inf, dt.date(1800, 1, 2)], ["x" * 40_000, math.nan]], path)
    first, second = open_table(path).rows
    assert first.cells == ("inf", "1800-01-02")
    assert len(second.cells[0]) == 32_767 and second.cells[0].endswith("…")


@pytest.mark.parametrize("kind", WRITERS)
def test_no_rows_is_a_file_too(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x"
    assert save(kind, ["name", "city"], [], path) == 0
    if kind == "json":
        assert json.loads(path.read_text()) == []
    elif kind != "md":
        assert open_table(path).columns == ("name", "city")


@pytest.mark.parametrize("kind", WRITERS)
def test_control_characters_do_not_leave(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    save(kind, ["na\x1bme", "city"], [["A\x1b]0;x\x07", "\u202e"]], path)
    if kind == "xlsx":  # packed, so its bytes say nothing
        assert open_table(path).cleaned == 0
        assert open_table(path).columns == ("na�me", "city")
    else:
        text = path.read_text("utf-8-sig")
        assert clean(text) == text.replace("\r\n", "\n")
        assert "\\u" not in text and "A�]0;x�" in text.replace("\\", "")


def test_a_file_is_for_its_owner_and_whole_or_not_at_all(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        path = tmp_path / "x.csv"
        save("csv", ["a"], [["1"]], path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

        def breaks() -> object:
            yield ["2"]
            raise OSError(28, "No space left on device")

        with pytest.raises(CrmError, match="No space left"):
            save("csv", ["a"], breaks(), path)  # type: ignore[arg-type]
    finally:
        os.umask(old)
    assert path.read_bytes() == b"a\r\n1\r\n"
    assert os.listdir(tmp_path) == ["x.csv"]


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(CrmError, match="was not written"):
        save("csv", ["a"], [], tmp_path / "no" / "x.csv")
    with pytest.raises(CrmError, match="no format pdf") as refused:
        write("pdf", ["a"], [], io.BytesIO())
    assert "csv, xlsx, json, md" in refused.value.hint
