"""Delimited text is read whole, whatever its delimiter, encoding and ends of line."""

from __future__ import annotations

import csv
import json
import os
import sys
import tracemalloc
import unicodedata
from pathlib import Path

import pytest

from tests.conftest import samples
from tests.samples import make
from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.readers.gather import _is_plain, column_names
from tui_crm.core.exchange.readers.open import open_table, read_pasted
from tui_crm.core.exchange.readers.table import ReadOptions, Table
from tui_crm.core.text import clean_counted

ROWS = [
    ["Name", "Teléfono", "Ciudad", "Notas"],
    ["Ana Muñoz", "+34 600 000 001", "León", "primera\nsegunda línea"],
    ["Jörg Groß", "0049 89 000", "Köln", 'sagte "ja", dann; nein | doch'],
    ["Zoë", "", "Orléans", ""],
    ["", "", "", ""],
    ["Åsa", "000123", "Malmö", "última"],
]
HELD = [row for row in ROWS[1:] if any(row)]


def cells(table: Table) -> list[list[str]]:
    return [list(row.cells) for row in table.rows]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"], ids=["comma", "semi", "tab", "pipe"])
def test_every_delimiter_encoding_and_newline(
    tmp_path: Path, delimiter: str, encoding: str, newline: str
) -> None:
    path = make.delimited(tmp_path / "list.txt", ROWS, delimiter, encoding, newline)
    table = open_table(path)
    assert table.columns == tuple(ROWS[0])
    assert cells(table) == HELD
    assert table.delimiter == delimiter
    assert table.encoding == encoding.removesuffix("-sig")
    assert table.header and table.kind == "csv" and table.cleaned == 0
    assert [row.line for row in table.rows] == [2, 4, 5, 7]


@pytest.mark.parametrize(
    "name",
    [
        "briandunning-us-500.csv",
        "csv-spectrum-newlines_crlf.csv",
        "csv-spectrum-quotes_and_newlines.csv",
        "datablist-people-100.csv",
        "frictionless-blank-rows-multiple.csv",
        "frictionless-duplicate-headers.csv",
        "frictionless-leading-zeros.csv",
        "google-contacts.csv",
        "salesforce-dataloader-accountData.csv",
        "salesforce-dataloader-bom-utf16le.csv",
    ],
)
def test_real_files_hold_what_the_csv_module_finds(name: str) -> None:
    path = samples() / name
    table = open_table(path)
    encoding = "utf-8-sig" if table.encoding == "utf-8" else table.encoding
    with path.open(newline="", encoding=encoding) as file:
        expected = [row for row in csv.reader(file) if any(cell.strip() for cell in row)]
    assert len(table.rows) == len(expected) - 1
    assert table.delimiter == ","
    plain = [[clean_counted(cell)[0] for cell in row] for row in expected[1:]]
    assert [row[: len(plain[0])] for row in cells(table)] == plain


def test_a_row_of_another_length_is_kept_and_says_so() -> None:
    table = open_table(samples() / "frictionless-defective-rows.csv")
    assert table.columns == ("id", "name", "age", "Column 4")
    assert cells(table) == [["1101", "John", "", ""], ["1102", "Julie", "26", "Potatoes"]]
    assert [row.problem for row in table.rows] == [None, None]
    assert [row.remark for row in table.rows] == [None, "4 cells where the header has 3"]


def test_an_empty_file_is_refused_in_one_sentence() -> None:
    with pytest.raises(CrmError) as refused:
        open_table(samples() / "frictionless-empty.csv")
    assert refused.value.message == "frictionless-empty.csv is empty."


@pytest.mark.parametrize("text", [b"\n\n\n", b" , ,\n,,\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"])
def test_a_file_of_nothing_but_blanks_is_empty(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "blank.csv"
    path.write_bytes(text)
    with pytest.raises(CrmError, match="is empty"):
        open_table(path)


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"'])
def test_a_sep_line_says_the_delimiter_and_is_no_row(tmp_path: Path, first: str) -> None:
    path = tmp_path / "excel.csv"
    path.write_text(f"{first}\r\nName;Amount\r\nAna, Inc;1,5\r\nBen, Inc;2,5\r\n")
    table = open_table(path)
    assert table.delimiter == ";"
    assert table.columns == ("Name", "Amount")
    assert [(row.line, row.cells) for row in table.rows] == [
        (3, ("Ana, Inc", "1,5")),
        (4, ("Ben, Inc", "2,5")),
    ]


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("Firma;Umsatz\nA;1,5\nB;2,5\n", ";"),
        ("1,5;2,5\n3,5;4,5\n5,5;6,5\n", ";"),
        ("Name\tCompany\nButt, James\tAcme, Inc\nDoe, Jane\tBeta, Ltd\n", "\t"),
        ("name,tags\nAna,a;b\nBen,c;d\nZoe,e;f\n", ","),
        ("name,tags,city\nAna,a|b,X\nBen,c|d,Y\nZoe,e|f,Z\n", ","),
        ("name, city\nAna, Roma\nBen, Lyon\n", ","),
        ('"a;b","c;d"\n"e;f","g;h"\n', ","),
        ("one\ntwo\nthree\n", ","),
        ("||\n||\n", ","),
    ],
)
def test_the_delimiter_is_the_one_whose_rows_agree(
    tmp_path: Path, text: str, delimiter: str
) -> None:
    path = tmp_path / "x.csv"
    path.write_text(text)
    assert open_table(path).delimiter == delimiter


def test_delimiter_and_encoding_can_be_given(tmp_path: Path) -> None:
    path = make.delimited(tmp_path / "x.csv", [["name", "x"], ["Añá", "1"]], "^", "cp850")
    table = open_table(path, ReadOptions(delimiter="^", encoding="cp850"))
    assert cells(table) == [["Añá", "1"]]
    tabbed = make.delimited(tmp_path / "t.csv", [["name", "x"], ["a,b", "1"]], "\t")
    for spelling in ("tab", "\\t", "\t"):
        assert cells(open_table(tabbed, ReadOptions(delimiter=spelling))) == [["a,b", "1"]]


@pytest.mark.parametrize("wish", ["", "ab", '"', "\n", "x"])
def test_an_impossible_delimiter_is_refused(tmp_path: Path, wish: str) -> None:
    path = make.delimited(tmp_path / "x.csv", ROWS)
    with pytest.raises(CrmError, match="cannot part columns"):
        open_table(path, ReadOptions(delimiter=wish))


@pytest.mark.parametrize("wish", ["klingon", "hex", "rot13", "utf-8\0"])
def test_an_unknown_encoding_is_refused(tmp_path: Path, wish: str) -> None:
    path = make.delimited(tmp_path / "x.csv", ROWS)
    with pytest.raises(CrmError, match="no encoding known"):
        open_table(path, ReadOptions(encoding=wish))


def test_a_wrong_encoding_is_refused_not_guessed_around(tmp_path: Path) -> None:
    path = make.delimited(tmp_path / "x.csv", ROWS, encoding="cp1252")
    with pytest.raises(CrmError, match="not written in utf-8"):
        open_table(path, ReadOptions(encoding="utf-8"))


def test_bytes_that_cp1252_leaves_open_are_kept_visible(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"name,city\nJos\xe9 \x81,Le\xf3n\nplain,x\n")
    table = open_table(path)
    assert table.encoding == "cp1252"
    assert cells(table) == [["José �", "León"], ["plain", "x"]]
    assert table.cleaned == 1


def test_control_characters_are_replaced_and_counted_by_cell(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(
        "name,no\x1btes\nA\x1b]0;pwned\x07na,\x00\nplain,\u202efdp\ne\u0301,fine\n",
        encoding="utf-8",
    )
    table = open_table(path)
    assert table.columns == ("name", "no�tes")
    assert cells(table) == [["A�]0;pwned�na", "�"], ["plain", "�fdp"], ["é", "fine"]]
    assert table.cleaned == 4


def test_the_quick_look_at_a_row_agrees_with_cleaning_for_all_of_unicode() -> None:
    for number in range(sys.maxunicode + 1):
        text = chr(number)
        if _is_plain(text):
            assert clean_counted(text) == (unicodedata.normalize("NFC", text), 0) == (text, 0)


def test_a_quotation_mark_that_is_never_closed_swallows_no_row(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text('name,size\nTV,"40 inch\nRadio,3\n"Door",2\n"Two\nlines",5\n')
    table = open_table(path)
    assert cells(table) == [
        ["TV", '"40 inch'],
        ["Radio", "3"],
        ["Door", "2"],
        ["Two\nlines", "5"],
    ]
    assert [row.line for row in table.rows] == [2, 3, 4, 5]
    assert table.rows[0].remark == "a quotation mark is opened and never closed"


def test_a_huge_cell_is_read(tmp_path: Path) -> None:
    path = make.delimited(tmp_path / "x.csv", [["name", "notes"], ["Ana", "x" * 1_000_000]])
    assert len(open_table(path).rows[0].cells[1]) == 1_000_000


LONG = "a field of more than 1,000,000 characters"
OVER = {
    "in the line": "x" * 1_000_001,
    "more than is read of a line": "x" * 9_000_000,
    "over lines": '"' + "words of a note\n" * 80_000 + '"',
    "in a line of a note": '"words\n' + "x" * 5_000_000 + '\nmore"',
}


@pytest.mark.parametrize("field", OVER.values(), ids=OVER)
@pytest.mark.parametrize("before", [1, 200])
def test_a_field_over_the_limit_is_skipped_with_its_line(
    tmp_path: Path, field: str, before: int
) -> None:
    """Every other row is there, and none holds a piece of it."""
    path = tmp_path / "x.csv"
    rows = "".join(f"Ana {n},B\n" for n in range(before))
    path.write_text(f"name,company\n{rows}Big,{field}\nCleo,D\n")
    table = open_table(path)
    named = [row.cells[0] for row in table.rows if row.problem is None]
    assert named == [*(f"Ana {n}" for n in range(before)), "Cleo"]
    assert [(row.line, row.problem) for row in table.rows if row.problem] == [(before + 2, LONG)]
    assert table.rows[before + 1].line == before + 3 + field.count("\n")


def test_a_quotation_mark_left_open_before_more_than_a_field_holds(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text('name,company\nTV,"40 inch\n' + "Radio,of the kitchen\n" * 60_000)
    table = open_table(path)
    assert len(table.rows) == 60_001
    assert [(row.line, row.remark) for row in table.rows if row.remark] == [
        (2, "a quotation mark is opened and never closed")
    ]


def test_a_field_over_the_limit_in_json_and_on_a_card(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text(json.dumps([{"name": "Ana", "note": "x" * 1_000_001}, {"name": "Ben"}]))
    cards = tmp_path / "x.vcf"
    cards.write_text(
        "".join(
            f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nNOTE:{note}\nEND:VCARD\n"
            for name, note in (("Ana", "x" * 5_000_000), ("Ben", ""))
        )
    )
    for path in (file, cards):
        first, second = open_table(path).rows
        assert (first.problem, second.problem, second.cells[0]) == (LONG, None, "Ben"), path


def test_a_huge_field_takes_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    with path.open("w") as file:
        file.write("name,notes\nAna,")
        for _block in range(50):
            file.write("x" * 1_000_000)
        file.write(",B\nBen,C\n")
    tracemalloc.start()
    try:
        rows = open_table(path).rows
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [row.problem for row in rows] == [LONG, None]
    assert most < 25_000_000


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        (
            [["Ana Ruiz", "ana@acme.example", "+34 600 1"], ["Ben", "ben@b.example", "+34 600 2"]],
            False,
        ),
        ([["Firma", "Ort"], ["Acme", "Bonn"]], True),
        ([["a", "b"], ["1", "2"], ["3", "4"]], True),
        ([["value"], ["01"], ["002"]], True),
        ([["Acme GmbH"], ["Beta AG"]], False),
        ([["1", "2"], ["3", "4"]], False),
        ([["Nombre", "Correo electrónico"]], True),
        ([["Acme", "Berlin"], ["Beta", "Berlin"]], False),
    ],
)
def test_whether_the_first_row_is_a_header(
    tmp_path: Path, rows: list[list[str]], header: bool
) -> None:
    table = open_table(make.delimited(tmp_path / "x.csv", rows))
    assert table.header is header
    assert len(table.rows) == len(rows) - header
    if not header:
        assert table.columns[0] == "Column 1"


def test_the_title_of_a_report_above_the_header_is_a_row_with_its_problem(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Export of today\n\nName,Phone,City\nAna,+34 600,León\n")
    table = open_table(path)
    assert table.columns == ("Name", "Phone", "City")
    assert [(row.line, row.problem is None) for row in table.rows] == [(1, False), (4, True)]


def test_column_names_are_unique_and_never_empty() -> None:
    assert column_names(["Phone", "phone", "", "Column 3", "Phone (2)"], 6) == (
        "Phone",
        "phone (3)",
        "Column 4",
        "Column 3",
        "Phone (2)",
        "Column 6",
    )


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0", "picture"),
        (b"SQLite format 3\0\x10", "database"),
        (b"\x1f\x8b\x08\0", "archive"),
        (b"<!DOCTYPE html><table><tr><td>1", "web page"),
        (b'[{"name": "Ana"', "JSON"),
        (b"BEGIN:VCALENDAR\r\n", "calendar"),
        (bytes(range(256)) * 8, "not a text"),
        (b"\0" * 2000, "not a text"),
    ],
)
def test_what_is_no_table_is_refused_by_its_content(
    tmp_path: Path, content: bytes, what: str
) -> None:
    path = tmp_path / "contacts.csv"
    path.write_bytes(content)
    with pytest.raises(CrmError, match=what) as refused:
        open_table(path)
    assert refused.value.hint


def test_what_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CrmError, match="folder"):
        open_table(tmp_path)
    with pytest.raises(CrmError, match="no file"):
        open_table(tmp_path / "missing.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(CrmError, match="not an ordinary file"):
        open_table(tmp_path / "pipe.csv")


def test_the_name_of_a_file_reaches_an_error_cleaned(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[31mb.csv"
    path.write_bytes(b"")
    with pytest.raises(CrmError) as refused:
        open_table(path)
    assert "\x1b" not in str(refused.value)


@pytest.mark.parametrize("newline", ["\n", "\r", "\r\n"])
def test_pasted_cells(newline: str) -> None:
    text = newline.join(["Name\tTel", "Ana, S.L.\t+34 600", '"two\nlines"\t+34 601'])
    table = read_pasted(text)
    assert table.kind == "pasted" and table.delimiter == "\t" and table.path is None
    assert cells(table) == [["Ana, S.L.", "+34 600"], ["two\nlines", "+34 601"]]
    with pytest.raises(CrmError, match="is empty"):
        read_pasted(" \n")


def test_rows_can_be_walked_again_counted_and_cut(tmp_path: Path) -> None:
    table = open_table(make.delimited(tmp_path / "x.csv", ROWS))
    assert list(table.rows) == list(table.rows)
    assert len(table.rows) == 4
    assert table.rows[-1].cells[0] == "Åsa"
    assert [row.cells[0] for row in table.rows[1:3]] == ["Jörg Groß", "Zoë"]
