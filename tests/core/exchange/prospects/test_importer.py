"""Prospect files into lists: every row is added, a duplicate or skipped, and one undo takes it
back."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import samples
from tests.samples import make
from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.importing import preview, run_import
from tui_crm.core.exchange.prospects.importer import ProspectImport
from tui_crm.core.exchange.readers.open import read_pasted
from tui_crm.core.leads import leads
from tui_crm.core.lists import lists
from tui_crm.core.privacy import do_not_call
from tui_crm.core.store import undo

HEADER = ["Company", "First name", "Last name", "Phone", "E-mail", "Country", "Sector"]
ANNA = ["Acme GmbH", "Anna", "Weber", "+49 30 901820 44", "Anna@acme.example", "Germany", "Steel"]
LUIS = ["Beta SL", "Luis", "Ruiz", "600 100 200", "luis@beta.example", "", "Food"]


def the_file(folder: Path, *rows: list[str], name: str = "fair.csv", header=HEADER) -> Path:
    return make.delimited(folder / name, [header, *rows])


def bring(session, path, list_name="Fair", **options):
    done = run_import(session, preview(session, ProspectImport(list_name), path, **options))
    assert done.rows == done.added + len(done.duplicates) + len(done.skipped)
    return done


def stored(session, columns="name, company, zone, state, line, cells"):
    return session.store.rows(f"SELECT {columns} FROM prospects ORDER BY list_id, line, id")


@pytest.mark.parametrize(
    ("country", "phone", "number"),
    [
        ("United Kingdom", "020 7946 0018", "+442079460018"),
        ("GB", "(020) 7946 0018 / 07400 123456", "+442079460018 +447400123456"),
        ("Frankreich", "04 72 10 20 30", "+33472102030"),
        ("", "600 100 200", "+34600100200"),
        ("Atlantis", "600 100 200", "+34600100200"),
        ("Portugal", "+34 600 100 200", "+34600100200"),
        ("United Kingdom", "600 100 200", ""),  # none there: not made one at home
        ("UK", "+34 600 100 200", "+34600100200"),
        ("United Kingdom", "020 7946 0018 55", ""),
    ],
)
def test_a_phone_rings_in_the_country_of_its_row(session, tmp_path, country, phone, number):
    row = ["Acme", "Anna", "Weber", phone, "", country, ""]
    done = bring(session, the_file(tmp_path, row))
    found = session.store.rows(
        "SELECT match FROM prospect_keys WHERE kind = 'phone' ORDER BY position"
    )
    assert " ".join(match for (match,) in found) == number
    if not number:
        assert any("of GB" in odd.reason or "in GB" in odd.reason for odd in done.remarks)


def test_a_preview_says_what_would_happen_and_changes_nothing(session, tmp_path):
    before = session.store.last_entry()
    seen = preview(session, ProspectImport("Fair"), the_file(tmp_path, ANNA, LUIS))
    assert (seen.rows, seen.added, seen.duplicates, seen.skipped) == (2, 2, (), ())
    assert [tuple(column) for column in seen.file.columns][:2] == [
        ("Company", "company", "Acme GmbH"),
        ("First name", "first_name", "Anna"),
    ]
    assert seen.file.columns[-1] == ("Sector", None, "Steel")
    assert session.store.last_entry() == before
    assert lists.lists(session) == []


def test_recognised_columns_fill_the_prospect_and_every_column_stays(session, tmp_path):
    done = bring(session, the_file(tmp_path, ANNA, LUIS))
    assert (done.added, done.comparison.list_name) == (2, "Fair")
    (name, company, zone, state, line, cells), luis = stored(session)
    assert (name, company, zone, state, line) == (
        "Anna Weber",
        "Acme GmbH",
        "Europe/Berlin",
        "new",
        2,
    )
    assert json.loads(cells) == ANNA
    assert luis[2] == "Europe/Madrid"  # from the phone: the file names no country
    keys = session.store.rows(
        "SELECT kind, value, match FROM prospect_keys ORDER BY prospect_id, position, id"
    )
    assert keys == [
        ("phone", "+49 30 901820 44", "+493090182044"),
        ("email", "Anna@acme.example", "anna@acme.example"),
        ("phone", "600 100 200", "+34600100200"),
        ("email", "luis@beta.example", "luis@beta.example"),
    ]


def test_the_same_file_twice_is_all_duplicates_whatever_the_list(session, tmp_path):
    nameless = ["", "", "", "", "", "", "only a word"]
    odd_phone = ["Delta", "", "", "12345", "", "", ""]
    path = the_file(tmp_path, ANNA, LUIS, nameless, odd_phone)
    assert bring(session, path).added == 4
    for name in ("Fair", "Another"):
        again = bring(session, path, name)
        assert (again.added, len(again.duplicates)) == (0, 4)
    assert [row.name for row in lists.lists(session)] == ["Fair"]


def test_twins_are_told_with_where_they_are(session, tmp_path):
    bring(session, the_file(tmp_path, ANNA), "Old")
    number = leads.create(session, "Gamma", contact="Eva", points=[("phone", "+34 91 123 45 67")])
    gamma = ["Gamma", "Eva", "", "911234567", "", "Spain", ""]
    same_mail = ["Acme", "A.", "W.", "", "ANNA@acme.example", "", ""]
    same_phone = ["Beta", "", "", "+34600100200", "", "", ""]
    seen = preview(
        session, ProspectImport("New"), the_file(tmp_path, same_mail, LUIS, gamma, same_phone)
    )
    assert [tuple(duplicate) for duplicate in seen.duplicates] == [
        (2, "in the list Old already", "list Old, line 2"),
        (4, f"lead #{number} of ana already", f"lead #{number}"),
        (5, "same as line 3", "line 3"),
    ]
    assert seen.added == 1


def test_who_asked_not_to_be_called_is_skipped_with_the_words(session, tmp_path):
    do_not_call.block(session, "600 100 200", "never again")
    done = bring(session, the_file(tmp_path, ANNA, LUIS))
    assert [tuple(row) for row in done.skipped] == [
        (3, "on the do-not-call list (ana: never again)")
    ]
    assert [row[0] for row in stored(session)] == ["Anna Weber"]


def test_an_odd_phone_is_kept_and_remarked(session, tmp_path):
    done = bring(session, the_file(tmp_path, ANNA, ["Delta", "", "", "12", "no mail", "", ""]))
    assert done.added == 2
    assert [row.line for row in done.remarks] == [3]
    problem = session.store.value("SELECT problem FROM prospects WHERE line = 3")
    assert "12: too short" in problem and "no mail: not an e-mail" in problem


def test_one_undo_takes_it_back_and_redo_brings_the_same_rows(session, tmp_path):
    bring(session, the_file(tmp_path, ANNA, LUIS))
    was = stored(session, "*"), session.store.rows("SELECT * FROM prospect_keys ORDER BY id")
    undone = undo.undo(session)
    assert undone.op == "prospects_in.bring_in"
    for table in ("prospects", "prospect_keys", "lists"):
        assert session.store.value(f"SELECT COUNT(*) FROM {table}") == 0
    undo.redo(session)
    assert was == (
        stored(session, "*"),
        session.store.rows("SELECT * FROM prospect_keys ORDER BY id"),
    )


def test_another_file_into_the_list_adds_its_columns_at_the_end(session, tmp_path):
    bring(session, the_file(tmp_path, ANNA))
    done = bring(
        session,
        the_file(
            tmp_path,
            ["+34 91 123 45 67", "Madrid", "Zeta SA"],
            name="more.csv",
            header=["PHONE", "City", "Company"],
        ),
    )
    assert done.added == 1
    info = lists.find(session, "Fair")
    assert [column.name for column in info.columns] == [*HEADER, "City"]
    rows = stored(session)
    assert json.loads(rows[1][5]) == ["Zeta SA", "", "", "+34 91 123 45 67", "", "", "", "Madrid"]
    assert rows[1][4] > rows[0][4]  # behind the rows that were there


def test_cancelling_leaves_nothing(session, tmp_path):
    path = the_file(
        tmp_path, *([f"C{n}", "", "", "", f"x{n}@c.example", "", ""] for n in range(1500))
    )
    seen = preview(session, ProspectImport("Fair"), path)
    told = []
    with pytest.raises(CrmError, match="Cancelled"):
        run_import(
            session, seen, lambda done, total: told.append((done, total)), lambda: bool(told)
        )
    assert told == [(0, 1500)]
    assert session.store.value("SELECT COUNT(*) FROM prospects") == 0
    assert lists.lists(session) == []
    assert run_import(session, seen).added == 1500


def test_what_came_in_after_the_preview_counts(session, colleague, tmp_path):
    path = the_file(tmp_path, ANNA, LUIS)
    seen = preview(session, ProspectImport("Mine"), path)
    bring(colleague("ben"), the_file(tmp_path, ANNA, name="b.csv"), "Ben's")
    done = run_import(session, seen)
    assert (done.added, len(done.duplicates)) == (1, 1)


def test_a_mapping_overrules_and_is_remembered(session, tmp_path):
    header = ["Nummer X", "Wer", "Firma"]
    path = the_file(tmp_path, ["600 100 200", "Eva", "Zeta"], header=header)
    seen = preview(
        session,
        ProspectImport("Fair"),
        path,
        mapping=[("phone", "nummer x"), ("name", "2"), ("Kunde", "Firma")],
    )
    assert [(c.name, c.field) for c in seen.file.columns] == [
        ("Nummer X", "phone"),
        ("Wer", "name"),
        ("Kunde", None),
    ]
    run_import(session, seen)
    other = the_file(tmp_path, ["600 100 201", "Ida", "Eta"], header=header, name="next.csv")
    again = preview(session, ProspectImport("Fair"), other)
    assert [c.field for c in again.file.columns] == ["phone", "name", None]
    with pytest.raises(CrmError, match="no column Telefon") as refused:
        preview(session, ProspectImport(), path, mapping={"phone": "Telefon"})
    assert "Nummer X" in refused.value.hint


def test_pasted_cells_come_in_like_a_file(session):
    table = read_pasted("Name\tPhone\nEva\t600 100 200\n")
    done = bring(session, table, "Pasted")
    assert (done.file.name, done.added) == ("pasted", 1)


def test_control_characters_are_replaced_and_counted(session, tmp_path):
    evil = ["Acme\x1b]0;x\x07", "[bold]", "\u202eanna", "", "e@acme.example", "", "=1+1"]
    done = bring(session, the_file(tmp_path, evil))
    assert done.file.table.cleaned == 2
    cells = json.loads(stored(session, "cells")[0][0])
    assert "\x1b" not in "".join(cells) and cells[1] == "[bold]" and cells[6] == "=1+1"


def test_the_json_of_the_command_line(session, tmp_path):
    seen = preview(session, ProspectImport("Fair"), the_file(tmp_path, ANNA))
    assert seen.as_json(dry_run=True) == {
        "file": "fair.csv",
        "list": "Fair",
        "rows": 1,
        "added": 1,
        "duplicates": 0,
        "duplicate_rows": [],
        "skipped": [],
        "remarks": [],
        "cleaned": 0,
        "encoding": "utf-8",
        "delimiter": ",",
        "sheet": None,
        "dry_run": True,
        "columns": [
            {"name": name, "field": field}
            for name, field in zip(
                HEADER,
                ["company", "first_name", "last_name", "phone", "email", "country", None],
                strict=True,
            )
        ],
    }


GOOD = [
    "briandunning-us-500.csv",
    "calamine-date.xlsx",
    "calamine-merged_range.xlsx",
    "csv-spectrum-newlines_crlf.csv",
    "csv-spectrum-quotes_and_newlines.csv",
    "datablist-people-100.csv",
    "ezvcard-android.vcf",
    "ezvcard-iphone.vcf",
    "ezvcard-outlook-2007.vcf",
    "ezvcard-rfc6350-example.vcf",
    "frictionless-blank-rows-multiple.csv",
    "frictionless-defective-rows.csv",
    "frictionless-duplicate-headers.csv",
    "frictionless-leading-zeros.csv",
    "google-contacts.csv",
    "salesforce-dataloader-accountData.csv",
    "salesforce-dataloader-bom-utf16le.csv",
]


@pytest.mark.parametrize("name", GOOD)
def test_every_sample_comes_in_and_twice_is_all_duplicates(session, name):
    path = samples() / name
    first = bring(session, path, "Sample")
    assert first.added == session.store.value("SELECT COUNT(*) FROM prospects")
    again = bring(session, path, "Sample again")
    assert again.added == 0
    assert again.skipped == first.skipped
    assert len(again.duplicates) == first.rows - len(first.skipped)


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("briandunning-us-500.csv", "utf-8"),
        ("datablist-people-100.csv", "utf-8"),
        ("google-contacts.csv", "utf-8"),
        ("salesforce-dataloader-accountData.csv", "cp1252"),
        ("salesforce-dataloader-bom-utf16le.csv", "utf-16"),
    ],
)
def test_no_row_of_a_sample_is_lost(session, name, encoding):
    """Counted by Python's own reader."""
    path = samples() / name
    with path.open(encoding=encoding, newline="", errors="replace") as file:
        there = [row for row in csv.reader(file) if any(cell.strip() for cell in row)]
    assert bring(session, path).rows == len(there) - 1


@pytest.mark.parametrize("name", ["frictionless-empty.csv", "calamine-pass_protected.xlsx"])
def test_what_is_no_table_is_refused(session, name):
    with pytest.raises(CrmError):
        preview(session, ProspectImport(), samples() / name)
    assert session.store.value("SELECT COUNT(*) FROM lists") == 0


FULL_DISK = """
import resource, sys
from tui_crm.core.store import open_store
from tui_crm.core.errors import StoreError
from tui_crm.core.team import sign_in as team
from tui_crm.core.exchange.importing import preview, run_import
from tui_crm.core.exchange.prospects.importer import ProspectImport
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = open_store(sys.argv[1])
session = team.sign_in(store, "ana")[0]
seen = preview(session, ProspectImport("Fair"), sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    run_import(session, seen)
except StoreError as error:
    print(error)
    sys.exit(3)
"""


@pytest.mark.parametrize("room", [600_000, 1_000_000, 1_500_000])
def test_a_full_disk_leaves_the_store_as_it_was(sqlite_url, tmp_path, room):
    from tui_crm.core.store import backup, open_store

    path = the_file(
        tmp_path,
        *([f"Company {n}", "A", "B", "", f"x{n}@c.example", "", "z" * 200] for n in range(9000)),
    )
    ran = subprocess.run(
        [sys.executable, "-c", FULL_DISK, sqlite_url, str(path), str(room)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[4],
    )
    assert ran.returncode == 3, ran.stderr
    store = open_store(sqlite_url)
    assert store.value("SELECT COUNT(*) FROM prospects") == 0
    assert backup.check(store) == []
    store.close()
