"""Workbooks become the same tables as text does, and traps are refused before they are opened."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import pytest

from tests.conftest import samples
from tests.samples import make
from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.readers.open import open_table
from tui_crm.core.exchange.readers.table import ReadOptions, Table


def cells(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


def test_cells_come_as_a_person_reads_them(tmp_path: Path) -> None:
    path = make.xlsx(
        tmp_path / "x.xlsx",
        {
            "S": [
                ["Name", "Zip", "Amount", "Rate", "Day", "At", "Ok", "Phone", "Sum"],
                [
                    "Ana",
                    "00420",
                    1200.0,
                    0.5,
                    dt.date(2026, 11, 23),
                    dt.datetime(2026, 11, 23, 14, 30),
                    True,
                    34600000001,
                    0.1 + 0.2,
                ],
            ]
        },
    )
    book = open_table(path)
    assert book.kind == "xlsx" and book.header
    assert cells(book) == [
        (
            "Ana",
            "00420",
            "1200",
            "0.5",
            "2026-11-23",
            "2026-11-23 14:30",
            "TRUE",
            "34600000001",
            "0.3",
        )
    ]


def test_real_workbooks() -> None:
    dates = open_table(samples() / "calamine-date.xlsx")
    assert cells(dates) == [("2021-01-01", "15"), ("2021-01-02", "16"), ("255:10:10", "17")]
    merged = open_table(samples() / "calamine-merged_range.xlsx")
    assert merged.sheets == ("Sheet1", "Sheet2") and merged.sheet == "Sheet1"
    assert merged.columns == ("A1", "B1", "C1", "Column 4", "E1", "F1", "G1", "H1")
    assert [row.line for row in merged.rows] == [3, 4]
    assert merged.rows[0].cells == ("A3", "B3", "C3", "", "E3", "F3", "G3", "H3")
    with pytest.raises(CrmError, match="password"):
        open_table(samples() / "calamine-pass_protected.xlsx")


def test_the_first_sheet_with_data_or_the_one_named(tmp_path: Path) -> None:
    path = make.xlsx(
        tmp_path / "x.xlsx",
        {
            "Cover": [],
            "People": [["Name", "City"], ["Ana", "León"]],
            "Más": [["Name"], [None], ["Ben"]],
        },
    )
    first = open_table(path)
    assert (first.sheet, first.sheets) == ("People", ("Cover", "People", "Más"))
    assert cells(first) == [("Ana", "León")]
    for wish in ("Más", "más ", "3"):
        chosen = open_table(path, ReadOptions(sheet=wish))
        assert chosen.sheet == "Más"
        assert [(row.line, row.cells) for row in chosen.rows] == [(3, ("Ben",))]
    with pytest.raises(CrmError, match="no sheet Other") as refused:
        open_table(path, ReadOptions(sheet="Other"))
    assert "Cover, People, Más" in refused.value.hint
    with pytest.raises(CrmError, match="is empty"):
        open_table(path, ReadOptions(sheet="Cover"))


def test_control_characters_in_cells_are_replaced(tmp_path: Path) -> None:
    path = make.xlsx(tmp_path / "x.xlsx", {"S": [["Name", "x"], ["A\x1b[31mna", "ok"]]})
    table = open_table(path)
    assert cells(table) == [("A�[31mna", "ok")]
    assert table.cleaned == 1


def test_a_table_that_does_not_start_in_the_first_corner(tmp_path: Path) -> None:
    path = make.xlsx(
        tmp_path / "x.xlsx",
        {"S": [[], [None, "Export"], [], [None, "Name", "Phone"], [None, "Ana", "+34 600"]]},
    )
    table = open_table(path)
    assert table.columns == ("Name", "Phone")
    assert [(row.line, row.problem is None) for row in table.rows] == [(2, False), (5, True)]


def test_excel_97(tmp_path: Path) -> None:
    path = make.xls(
        tmp_path / "old.dat",
        [["Name", "Telefon", "Zahl"], ["Müller", "0049 89", 3.0], ["Ω", "", 2.5]],
    )
    table = open_table(path)
    assert (table.kind, table.sheet) == ("xls", "Liste")
    assert cells(table) == [("Müller", "0049 89", "3"), ("Ω", "", "2.5")]


def test_open_document(tmp_path: Path) -> None:
    end = (
        '<table:table-row table:number-rows-repeated="1048570">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    rows = (
        make.ods_row("Nombre", "Nota")
        + make.ods_row("Ana", 7.0)
        + make.ods_row("Eva", 1.0, repeated=3)
    )
    table = open_table(make.ods(tmp_path / "x.ods", rows + end))
    assert (table.kind, table.sheet) == ("ods", "Hoja1")
    assert cells(table) == [("Ana", "7"), *[("Eva", "1")] * 3]


def test_the_content_decides_not_the_name(tmp_path: Path) -> None:
    path = make.xlsx(tmp_path / "people.csv", {"S": [["Name", "City"], ["Ana", "León"]]})
    assert open_table(path).kind == "xlsx"


def refused(path: Path) -> str:
    with pytest.raises(CrmError) as refusal:
        open_table(path)
    assert refusal.value.hint
    return refusal.value.message


def test_a_file_that_unpacks_to_too_much_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member:
            for _ in range(400):
                member.write(b" " * 1_000_000)
    assert "would unpack to 400 MB" in refused(path)


def test_a_size_that_lies_is_found_out(tmp_path: Path) -> None:
    path = make.xlsx(tmp_path / "x.xlsx", {"S": [["Name", "x"]] + [["Ana", "y"]] * 2000})
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    at = data.rfind(b"xl/worksheets/sheet1.xml") - 46 + 24
    assert int.from_bytes(data[at : at + 4], "little") == size
    data[at : at + 4] = (100).to_bytes(4, "little")
    path.write_bytes(data)
    assert "damaged" in refused(path)


def test_a_cell_in_the_last_corner_is_not_opened(tmp_path: Path) -> None:
    cells_xml = (
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )
    path = make.raw_xlsx(tmp_path / "far.xlsx", cells_xml)
    assert "spans 16384 columns and 1048576 rows" in refused(path)


def test_cells_repeated_for_ever_are_not_opened(tmp_path: Path) -> None:
    row = (
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
        'table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row>'
    )
    assert "repeated millions of times" in refused(make.ods(tmp_path / "x.ods", row))


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    laughs = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
        f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
    )
    path = make.raw_xlsx(tmp_path / "x.xlsx", "", workbook_head=laughs + "]>")
    assert "entities" in refused(path)


def test_a_damaged_old_workbook_ends_neither_the_program_nor_the_screen(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    whole = make.xls(tmp_path / "x.xls", [["Name", "x"], ["Ana", "y"]]).read_bytes()
    cut = tmp_path / "cut.xls"
    # The table of sectors ends in the middle of an entry: calamine panics.
    cut.write_bytes(whole[:-510])
    assert "damaged" in refused(cut)
    assert capfd.readouterr() == ("", "")


def test_fakes_and_fragments_are_refused(tmp_path: Path) -> None:
    whole = make.xlsx(tmp_path / "x.xlsx", {"S": [["Name", "x"], ["Ana", "y"]]}).read_bytes()
    cut = tmp_path / "cut.xlsx"
    for share in range(1, 10):
        cut.write_bytes(whole[: len(whole) * share // 10])
        assert "damaged" in refused(cut)
    old = make.xls(tmp_path / "x.xls", [["Name", "x"], ["Ana", "y"]]).read_bytes()
    cut.write_bytes(old[:700])
    assert "cut.xlsx" in refused(cut)
    other = tmp_path / "other.xlsx"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("photo.txt", "x")
    assert "packed archive" in refused(other)
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "Word document" in refused(other)
    assert "Word document" in refused(make.compound(other, {"WordDocument": b"x"}))
    fake = tmp_path / "fake.xlsx"
    fake.write_bytes(b"%PDF-1.4")
    assert "PDF" in refused(fake)
    text = make.delimited(tmp_path / "text.xlsx", [["name", "city"], ["Ana", "León"]])
    assert cells(open_table(text)) == [("Ana", "León")]
