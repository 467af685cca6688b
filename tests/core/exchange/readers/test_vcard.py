"""Cards of phones, Outlook and the standard become rows; several phones become columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import samples
from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.readers.open import open_table, read_pasted
from tui_crm.core.exchange.readers.table import ReadOptions, Table


def filled(table: Table, index: int = 0) -> dict[str, str]:
    row = table.rows[index]
    return {name: cell for name, cell in zip(table.columns, row.cells, strict=True) if cell}


def card(*lines: str, version: str = "3.0", end: str = "\r\n") -> str:
    return end.join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


@pytest.mark.parametrize(
    "name",
    [
        "ezvcard-android.vcf",
        "ezvcard-iphone.vcf",
        "ezvcard-outlook-2007.vcf",
        "ezvcard-rfc6350-example.vcf",
    ],
)
def test_real_files_give_one_row_a_card(name: str) -> None:
    path = samples() / name
    table = open_table(path)
    assert table.kind == "vcard"
    assert len(table.rows) == path.read_bytes().upper().count(b"BEGIN:VCARD")
    assert [row.problem for row in table.rows] == [None] * len(table.rows)
    for row in table.rows:
        assert not any("=C3" in cell or "/9j/" in cell for cell in row.cells)


def test_an_android_card_with_quoted_printable_over_lines() -> None:
    table = open_table(samples() / "ezvcard-android.vcf")
    assert filled(table, 3)["Name"] == "Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ"
    assert [
        filled(table, 3)[name] for name in ("Phone", "Phone (2)", "Phone (3)", "Phone (4)")
    ] == [
        "123456",
        "234567",
        "3456789",
        "45678901",
    ]
    bob = filled(table, 4)
    assert bob["Phone"] == bob["Fax"] == "123456" and "Phone (2)" not in bob
    assert [bob["Email"], bob["Email (2)"]] == ["bob@company.com", "Ñ" * 14]
    assert [bob["Web"], bob["Web (2)"]] == ["www.company.com", "http://www.company.com"]


def test_an_iphone_card_with_groups() -> None:
    found = filled(open_table(samples() / "ezvcard-iphone.vcf"))
    assert found["Company"] == "IBM" and found["Department"] == "Accounting"
    assert found["Job title"] == "Money Counter"
    assert found["Email"] == "john.doe@ibm.com"
    assert found["Phone (4)"] == "905-222-1234"
    assert found["Fax (2)"] == "905-999-1234" and found["Pager"] == "905-111-1234"
    assert found["Web"] == "http://www.ibm.com"
    assert (found["City"], found["Country"]) == ("New York", "United States of America")
    assert (found["Street (2)"], found["Country (2)"]) == ("Street4\nBuilding 6\nFloor 8", "USA")


def test_an_outlook_card_and_the_card_of_the_standard() -> None:
    outlook = filled(open_table(samples() / "ezvcard-outlook-2007.vcf"))
    assert outlook["Phone"] == "(111) 555-1111" and outlook["Fax"] == "(111) 555-3333"
    assert outlook["Note"].startswith("This is the NOTE field \nI assume")
    assert "Phone (4)" not in outlook  # the callback number is the mobile's once more
    standard = filled(open_table(samples() / "ezvcard-rfc6350-example.vcf"))
    assert standard["Phone"] == "+1-418-656-9254 ext. 102"
    assert standard["Time zone"] == "-0500" and standard["City"] == "Quebec"


def test_what_each_property_becomes(tmp_path: Path) -> None:
    path = tmp_path / "one.vcf"
    text = card(
        "N:Muñoz;Ana;;;",
        "FN:Ana Muñoz",
        "ORG:Acme\\, S.L.;Ventas",
        "TITLE:Directora",
        "TEL;TYPE=cell:+34 600 000 001",
        "TEL;TYPE=work;PREF=1:+34 910 000 001",
        "TEL;TYPE=work,fax:+34 910 000 009",
        "EMAIL:ana@acme.example",
        "URL:https://www.linkedin.com/in/ana",
        "URL:https://acme.example",
        "ADR;TYPE=work:;;Calle 1\\; 2º;León;;24001;España",
        "TZ:Europe/Madrid",
        "CATEGORIES:hot,feria\\, 2026",
        "NOTE:una línea\\notra que se d",
        " obla",
        "BDAY:1980-01-02",
        version="4.0",
    )
    path.write_text(text, encoding="utf-8", newline="")
    assert filled(open_table(path)) == {
        "Name": "Ana Muñoz",
        "First name": "Ana",
        "Last name": "Muñoz",
        "Company": "Acme, S.L.",
        "Department": "Ventas",
        "Job title": "Directora",
        "Phone": "+34 910 000 001",
        "Phone (2)": "+34 600 000 001",
        "Fax": "+34 910 000 009",
        "Email": "ana@acme.example",
        "LinkedIn": "https://www.linkedin.com/in/ana",
        "Web": "https://acme.example",
        "Street": "Calle 1; 2º",
        "City": "León",
        "Postcode": "24001",
        "Country": "España",
        "Time zone": "Europe/Madrid",
        "Tags": "hot, feria, 2026",
        "Note": "una línea\notra que se dobla",
        "Birthday": "1980-01-02",
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"], ids=["crlf", "lf", "cr"])
def test_every_encoding_and_end_of_line(tmp_path: Path, encoding: str, end: str) -> None:
    path = tmp_path / "x.vcf"
    path.write_bytes((card("FN:Jörg Groß", end=end) + card("FN:Zoë", end=end)).encode(encoding))
    table = open_table(path)
    assert [row.cells for row in table.rows] == [("Jörg Groß",), ("Zoë",)]
    assert [row.line for row in table.rows] == [1, 5]


def test_a_charset_of_its_own_and_a_character_folded_in_two(tmp_path: Path) -> None:
    path = tmp_path / "x.vcf"
    path.write_bytes(
        b"begin:vcard\nversion:2.1\n"
        b"fn;charset=iso-8859-1;encoding=quoted-printable:J=F6rg\n"
        b"note:\xc3\n \xb1and\xc3\xba\nend:vcard\n"
    )
    assert filled(open_table(path)) == {"Name": "Jörg", "Note": "ñandú"}


def test_broken_cards_are_rows_with_their_problem(tmp_path: Path) -> None:
    path = tmp_path / "x.vcf"
    path.write_text(
        "BEGIN:VCARD\nFN:Open\n"
        + card("FN:Whole", end="\n")
        + "lost line\nanother\n"
        + card(end="\n")
        + "BEGIN:VCARD\nFN:Last\n"
    )
    table = open_table(path)
    assert [(row.line, row.cells, row.problem) for row in table.rows] == [
        (1, ("Open",), "the card has no END:VCARD"),
        (3, ("Whole",), None),
        (7, ("",), "stands outside of any card"),
        (9, ("",), "the card is empty"),
        (12, ("Last",), "the card has no END:VCARD"),
    ]


def test_a_file_of_cards_without_a_card_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.vcf"
    path.write_text("just a text\n")
    with pytest.raises(CrmError, match="no contact card"):
        open_table(path)
    path.write_text(card("FN:x"))
    with pytest.raises(CrmError, match="no encoding known"):
        open_table(path, ReadOptions(encoding="klingon"))


def test_a_charset_nobody_knows_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "x.vcf"
    path.write_bytes(card("FN;CHARSET=kling\0on:Zo\u00eb", "NOTE;CHARSET=hex:6f").encode())
    assert filled(open_table(path)) == {"Name": "Zoë", "Note": "6f"}


def test_hostile_values_are_cleaned(tmp_path: Path) -> None:
    path = tmp_path / "x.vcf"
    path.write_bytes(
        card("FN:A\x1b]0;pwned\x07", "X-=1B:x", "X-EVIL;ENCODING=QUOTED-PRINTABLE:=1B[2J").encode()
    )
    table = open_table(path)
    assert "\x1b" not in "".join(table.columns) + "".join(table.rows[0].cells)
    assert table.cleaned == 2


def test_pasted_cards() -> None:
    table = read_pasted(card("FN:Ana", end="\r") * 2)
    assert table.kind == "vcard" and len(table.rows) == 2
