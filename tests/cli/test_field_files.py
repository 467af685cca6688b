"""Files as people have them, from the folder beside the checkout: each comes in right.

The values are what a person who knows the other program would expect.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Line, Ran
from tests.conftest import beside

FIELD = beside("field")
pytestmark = pytest.mark.skipif(not FIELD.is_dir(), reason="the files are not beside this checkout")


class Desk:
    """A store and the commands on it; ``language``, ``region`` … as a workspace has them."""

    def __init__(self, line: Line, out: Path) -> None:
        self.line, self.out = line, out

    def set_up(self, language: str = "en", region: str = "ES", currency: str = "EUR") -> Desk:
        self.line.done(
            "workspace", "--language", language, "--region", region, "--currency", currency
        )
        return self

    def import_list(self, name: str, *more: str) -> dict[str, Any]:
        """The report of an import as a prospect list L."""
        return self._import(name, "--list", "L", *more)

    def import_leads(self, name: str, *more: str) -> dict[str, Any]:
        """The report of an import as leads."""
        return self._import(name, "--leads", *more)

    def _import(self, name: str, *more: str) -> dict[str, Any]:
        path = name if "/" in name else str(FIELD / name)
        found: dict[str, Any] = self.line.done("import", path, *more, "--json").json
        assert found["rows"] == found["added"] + found["duplicates"] + len(found["skipped"])
        assert len(found["duplicate_rows"]) == found["duplicates"]
        assert all(row["line"] and row["reason"] for row in found["skipped"])
        return found

    def leads(self) -> dict[str, dict[str, Any]]:
        """Every lead as `show` prints it, by its title."""
        return {lead["title"]: lead for lead in self.all_leads()}

    def all_leads(self) -> list[dict[str, Any]]:
        count = self.rows("SELECT id FROM leads ORDER BY id")
        return [self.line.done("show", str(number), "--json").json for (number,) in count]

    def points(self, kind: str = "phone") -> list[tuple[str, str]]:
        """The phones or e-mails of the prospects: as typed, and what they are compared by."""
        return self.rows(
            "SELECT value, match FROM prospect_keys WHERE kind = ? ORDER BY prospect_id, position",
            kind,
        )

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.line.url) as store:
            return store.execute(sql, values).fetchall()

    def prospects(self) -> list[tuple[str, str, str]]:
        """Name, company and role of each prospect."""
        return self.rows("SELECT name, company, role FROM prospects ORDER BY id")

    def export(self, *what: str) -> str:
        """The path of an export."""
        path = self.out / f"out-{len(list(self.out.iterdir()))}.{what[-1]}"
        self.line.done("export", *what[:-1], "--format", what[-1], "--out", str(path))
        return str(path)


@pytest.fixture
def desk(crm: Line, tmp_path: Path) -> Desk:
    out = tmp_path / "out"
    out.mkdir()
    return Desk(crm, out)


# -- an address is whole, or no address ---------------------------------------------------------


def test_an_address_keeps_every_sign_it_may_have(desk: Desk) -> None:
    desk.import_list("01-apostrophe-email.csv")
    matches = [match for _typed, match in desk.points("email") if match]
    assert "paula.o'rielly@acme.example" in matches and "sales/emea@acme.example" in matches
    assert "a#b@acme.example" in matches and "_under@acme.example" in matches
    assert not {"rielly@acme.example", "emea@acme.example", "b@acme.example"} & set(matches)
    assert {"plus+news@acme.example", "ana@acme.example", "ben@acme.example"} <= set(matches)


def test_leading_signs_tell_two_people_apart(desk: Desk) -> None:
    assert desk.import_list("01c-underscore.csv")["added"] == 2
    assert [typed for typed, _match in desk.points("email")] == [
        "_desk@acme.example",
        "-desk@acme.example",
    ]


def test_another_person_is_neither_blocked_nor_erased(desk: Desk, tmp_path: Path) -> None:
    desk.line.done("blocked", "add", "paula.o'rielly@acme.example")
    people = tmp_path / "people.csv"
    people.write_text("Name,Email\nSean Rielly,rielly@acme.example\n")
    assert desk.import_list(str(people))["added"] == 1
    asked = desk.line("forget", "paula.o'rielly@acme.example")
    assert "0 rows" in asked.out + asked.err or asked.code == 1
    assert desk.rows("SELECT name FROM prospects") == [("Sean Rielly",)]


# -- people are not deals -----------------------------------------------------------------------


def test_people_of_a_crm_become_leads_of_their_company(desk: Desk) -> None:
    found = desk.import_leads("02-sf-leads-title.csv")
    assert found["added"] == 3
    leads = desk.leads()
    assert set(leads) == {"Northwind: Ana Ruiz", "Contoso: Ben Stone", "Contoso: Cleo Vidal"}
    cleo = leads["Contoso: Cleo Vidal"]
    assert cleo["client"] == "Contoso"
    assert (cleo["contacts"][0]["name"], cleo["contacts"][0]["role"]) == ("Cleo Vidal", "CEO")
    assert cleo["contacts"][0]["emails"] == ["cleo@contoso.example"]


# -- rows that are no records -------------------------------------------------------------------


def test_the_footer_of_a_report_is_skipped(desk: Desk) -> None:
    found = desk.import_leads("03-sf-report-footer.csv")
    assert (found["added"], len(found["skipped"])) == (2, 5)
    assert sum(lead["amount"] for lead in desk.all_leads()) == 20_000
    still_open = [lead["amount"] for lead in desk.all_leads() if lead["closed"] is None]
    assert still_open == [8_000]


def test_a_total_is_skipped_and_hidden_rows_are_counted(desk: Desk) -> None:
    found = desk.import_leads("81-total-hidden.xlsx")
    assert found["added"] == 3 and len(found["skipped"]) == 1
    assert "Total" not in desk.leads()
    assert any("hidden" in remark["text"] for remark in found["remarks"])


def test_a_company_may_be_called_total(desk: Desk, tmp_path: Path) -> None:
    deals = tmp_path / "deals.csv"
    deals.write_text(
        "Deal,Company,Amount,Stage\nTotal,Total Energies,5000,Proposal\nNorth,N,1,Proposal\n"
    )
    assert desk.import_leads(str(deals))["added"] == 2


def test_a_header_in_the_middle_is_skipped(desk: Desk) -> None:
    found = desk.import_list("30-concatenated.csv")
    assert found["added"] == 2 and len(found["skipped"]) == 1
    assert "column names" in found["skipped"][0]["reason"]


def test_a_sign_of_the_end_is_no_person(desk: Desk) -> None:
    found = desk.import_list("36-nul-mixed.csv")
    assert found["added"] == 3


# -- money -----------------------------------------------------------------------------------


def test_money_of_another_currency_is_not_ours(desk: Desk) -> None:
    found = desk.import_leads("04-currency-column.csv")
    leads = desk.leads()
    assert (leads["South"]["amount"], leads["North"]["amount"], leads["East"]["amount"]) == (
        5_000,
        None,
        None,
    )
    assert "USD" in json.dumps(leads["North"]["fields"]) + leads["North"].get("description", "")
    assert len([r for r in found["remarks"] if "USD" in r["text"] or "JPY" in r["text"]]) >= 2


def test_a_column_has_one_decimal_sign(desk: Desk) -> None:
    desk.import_leads("05-mixed-decimals.csv")
    assert [desk.leads()[n]["amount"] for n in ("North", "South", "East", "West")] == [
        10543.21,
        987.65,
        45.5,
        1234.57,
    ]


@pytest.mark.parametrize("language", ["en", "es", "fr", "de"])
def test_three_decimals_come_back(desk: Desk, language: str) -> None:
    desk.set_up(language, "TN", "TND").import_leads("62-own-export-TND.csv")
    assert [desk.leads()[n]["amount"] for n in ("L0", "L1", "L2")] == [234.5, 12345, 1234.5]


# -- days ------------------------------------------------------------------------------------


def test_one_column_decides_for_all(desk: Desk) -> None:
    desk.import_leads("06-date-order-across-columns.csv")
    north = desk.leads()["North"]
    assert (north["created"][:10], north["expected_close"]) == ("2026-03-25", "2026-12-04")


def test_the_region_decides_where_no_cell_does(desk: Desk) -> None:
    desk.set_up("en", "GB", "GBP").import_leads("07-uk-ambiguous.csv")
    assert [desk.leads()[n]["created"][:10] for n in ("North", "South")] == [
        "2026-03-04",
        "2026-02-05",
    ]


def test_what_nothing_decides_is_said(desk: Desk) -> None:
    found = desk.import_leads("07-uk-ambiguous.csv")
    assert any("day" in r["text"] and "month" in r["text"] for r in found["remarks"])


def test_months_as_they_are_abbreviated(desk: Desk) -> None:
    desk.set_up("fr", "FR").import_leads("08-fr-months.csv")
    assert [desk.leads()[n]["created"][:10] for n in "ABCDEF"] == [
        "2026-02-15",
        "2026-03-01",
        "2026-08-03",
        "2026-07-14",
        "2025-12-05",
        "2026-04-05",
    ]


def test_days_in_thirty_spellings(desk: Desk) -> None:
    found = desk.import_leads("59-dates.csv")
    leads = desk.leads()
    fifth = [f"D{n}" for n in (0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 14, 15, 16, 17, 25, 26, 27, 28)]
    assert {name: leads[name]["created"][:10] for name in fifth} == dict.fromkeys(
        fifth, "2026-03-05"
    )
    said = {r["line"] for r in found["remarks"]}
    for n in (19, 20, 21):  # March 2026, 5/3, 0000-00-00
        assert n + 2 in said


# -- words that close ---------------------------------------------------------------------------


def test_won_and_lost_with_a_noun_beside_them(desk: Desk) -> None:
    desk.import_leads("09-status-words.csv")
    leads = desk.leads()
    assert {n: leads[n]["status"] for n in leads if leads[n]["status"] in ("won", "lost")} == {
        "D0": "lost",
        "D1": "lost",
        "D2": "won",
        "D3": "lost",
        "D4": "won",
        "D5": "lost",
        "D6": "won",
        "D7": "lost",
        "D8": "won",
        "D10": "won",
        "D11": "lost",
    }
    assert leads["D9"]["step"] == "Win-back call"


def test_flags_of_closed_and_won(desk: Desk) -> None:
    desk.import_leads("71-sf-closed-won-flags.csv")
    leads = desk.leads()
    assert [leads[n]["status"] for n in ("North", "South")] == ["won", "lost"]
    assert leads["East"]["status"] in ("todo", "standby")


# -- everyday headers ---------------------------------------------------------------------------


def test_odoo(desk: Desk) -> None:
    desk.import_leads("50-odoo-crm.csv")
    leads = desk.leads()
    assert [leads[n]["amount"] for n in ("North 20", "South 8", "East")] == [12_000, 8_000, 5_000]
    assert (leads["South 8"]["status"], leads["South 8"]["reason"]) == ("lost", "Too expensive")
    assert leads["North 20"]["expected_close"] == "2026-12-20"


def test_nocrm(desk: Desk) -> None:
    desk.import_leads("52-nocrm.csv")
    leads = desk.leads()
    north = leads["North 20"]
    assert north["status"] == "standby" and north["client"] == "Northwind"
    assert north["next"]["at"] is not None and north["next"]["at"][:10] == "2026-12-10"
    assert north["fields"]["Firstname"] == "Ana" and north["fields"]["Lastname"] == "Ruiz"
    assert (leads["South"]["status"], leads["West"]["status"]) == ("won", "cancelled")
    assert leads["South"]["starred"] is True and leads["South"]["closed"][:10] == "2026-04-05"


def test_what_a_file_lacks_is_said(desk: Desk, tmp_path: Path) -> None:
    deals = tmp_path / "deals.csv"
    deals.write_text("Deal,Stage\nNorth,Proposal\n")
    words = " ".join(r["text"] for r in desk.import_leads(str(deals))["remarks"])
    assert (
        "amount" in words and "owner" in words and "created" in words.replace("creation", "created")
    )


# -- our own export comes back ------------------------------------------------------------------


def test_next_actions_and_stars_come_back(desk: Desk) -> None:
    desk.import_leads("61-own-export.csv")
    leads = desk.leads()
    north = leads["North 20"]
    assert north["status"] == "standby"
    assert (north["next"]["at"], north["next"]["minutes"], north["next"]["kind"]) == (
        "2026-12-10T09:30:00+01:00",
        20,
        "call",
    )
    assert north["next"]["text"] == "Anna" and leads["South"]["next"]["day"] == "2026-12-12"
    assert not {"number", "currency", "list", "next_text"} & set(north["fields"])


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_twice_round_changes_nothing(desk: Desk, form: str) -> None:
    desk.import_leads("61-own-export.csv")
    first = desk.all_leads()
    path = desk.export("leads", form)
    desk.line.done("undo")
    desk.import_leads(path)
    own = ("number", "history")
    assert [{k: v for k, v in lead.items() if k not in own} for lead in desk.all_leads()] == [
        {k: v for k, v in lead.items() if k not in own} for lead in first
    ]


def test_moments_with_a_clock_and_an_offset(desk: Desk) -> None:
    desk.set_up("es").import_leads("57-next-dmy-time.csv")
    leads = desk.leads()
    assert {n: lead["next"]["at"] for n, lead in leads.items()} == {
        "North": "2026-12-03T14:00:00+01:00",
        "South": "2026-12-13T14:00:00+01:00",
        "East": "2026-12-04T15:00:00+01:00",
        "West": "2026-12-05T10:00:00+01:00",
        "NW": "2026-12-05T09:30:00+01:00",
    }


def test_a_field_of_several_lines_is_one_field(desk: Desk) -> None:
    desk.import_leads("70-desc.csv")
    first = desk.leads()["North"]
    path = desk.export("leads", "csv")
    desk.line.done("undo")
    desk.import_leads(path)
    again = desk.leads()["North"]
    assert again["fields"] == first["fields"]
    twice = Path(desk.export("leads", "csv")).read_text()
    assert twice.splitlines()[0] == Path(path).read_text().splitlines()[0]
    assert "description (2)" not in twice


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_list_comes_back_without_our_own_columns(desk: Desk, form: str) -> None:
    desk.import_list("32-odd-names.csv")
    cells = "SELECT cells FROM prospects ORDER BY id"
    first = desk.rows(cells)
    path = desk.export("prospects", "--list", "L", form)
    found = desk._import(path, "--list", "Again", "--dry-run")
    assert [c["name"] for c in found["columns"]] == ["Name", "Company", "Email", "Zip"]
    desk.line.done("undo")
    desk._import(path, "--list", "Again")
    assert desk.rows(cells) == first


# -- cards and kinds of number ------------------------------------------------------------


def test_a_name_is_there_once(desk: Desk) -> None:
    desk.import_list("25-android-given-only.vcf")
    assert [name for name, _c, _r in desk.prospects()] == ["Ana Ruiz", "Ben"]


def test_a_folded_name(desk: Desk) -> None:
    found = desk.import_list("22-folded.vcf")
    assert [name for name, _c, _r in desk.prospects()] == ["Ñandú Ångström Müller é"]
    assert found["encoding"] == "utf-8"


def test_the_parts_of_a_name_fill_what_is_missing(desk: Desk, tmp_path: Path) -> None:
    card = tmp_path / "card.vcf"
    card.write_text("BEGIN:VCARD\nVERSION:3.0\nN:Ruiz;Ana;María;Dr.;\nFN:\nEND:VCARD\n")
    desk.import_list(str(card))
    assert desk.prospects()[0][0] == "Dr. Ana María Ruiz"


def test_groups_are_no_people(desk: Desk) -> None:
    found = desk.import_list("20-apple-groups.vcf")
    assert found["added"] == 2 and len(found["skipped"]) == 2
    assert all("group" in row["reason"] for row in found["skipped"])


def test_a_fax_is_no_phone(desk: Desk) -> None:
    desk.import_list("20-apple-groups.vcf")
    assert "+34910100402" not in [match for _typed, match in desk.points()]
    assert "+34600100401" in [match for _typed, match in desk.points()]


def test_labels_beside_the_value(desk: Desk) -> None:
    desk.import_list("13-google-2024.csv")
    phones = [match for _typed, match in desk.points()]
    assert phones == ["+34600100301", "+34600100302"]
    emails = {match for _typed, match in desk.points("email")}
    assert emails == {"ana@northwind.example", "ana.ruiz@home.example"}


def test_a_fax_in_the_cell(desk: Desk) -> None:
    desk.import_list("10-phones.csv")
    phones = [match for _typed, match in desk.points()]
    assert "+34910100219" in phones and "+34910100220" not in phones


# -- who is the same ----------------------------------------------------------------------------


def test_a_switchboard_is_three_people(desk: Desk) -> None:
    found = desk.import_list("12-switchboard.csv")
    assert (found["added"], found["duplicates"]) == (3, 0)
    assert len([r for r in found["remarks"] if "number" in r["text"]]) >= 2


def test_a_number_of_a_lead_is_warned_about(desk: Desk) -> None:
    desk.line.done("add", "Northwind: site", "--phone", "910 100 300")
    found = desk.import_list("12-switchboard.csv")
    assert found["added"] == 3
    assert any("#1" in r["text"] for r in found["remarks"])


def test_deals_of_one_title_are_two(desk: Desk) -> None:
    assert desk.import_leads("72-same-title.csv")["added"] == 3


# -- countries ----------------------------------------------------------------------------------


def test_countries_as_they_are_written(desk: Desk) -> None:
    desk.set_up("es").import_list("11-country-phones.csv")
    assert [match[:3] for _typed, match in desk.points()] == [
        "+44",
        "+44",
        "+44",
        "+12",
        "+12",
        "+12",
        "+49",
        "+49",
        "+33",
        "+41",
        "+33",
        "+44",
        "+44",
        "+31",
        "+31",
        "+35",
        "+44",
        "+33",
        "+33",
    ]


def test_outlook_in_spanish(desk: Desk) -> None:
    desk.set_up("es").import_list("15-outlook-es.csv")
    assert [match for _typed, match in desk.points()] == ["+442079460958", "+447911123456"]


# -- odd headers, odd quotes -----------------------------------------------------------------


def test_the_row_that_names_columns_is_the_header(desk: Desk) -> None:
    desk.import_list("82-two-header-rows.xlsx")
    assert [row[:2] for row in desk.prospects()] == [
        ("Ana Ruiz", "Northwind"),
        ("Ben Sanz", "Contoso"),
    ]
    assert len(desk.points()) == 2


def test_the_row_below_is_no_person(desk: Desk) -> None:
    found = desk.import_list("33-two-header-rows.csv")
    assert found["added"] == 2
    assert [name for name, _c, _r in desk.prospects()] == ["Ana Ruiz", "Ben Sanz"]
    assert len(desk.points()) == 2


def test_lines_quoted_as_a_whole(desk: Desk) -> None:
    found = desk.import_list("31-each-line-quoted.csv")
    assert found["added"] == 2
    assert [c["name"] for c in found["columns"]] == ["Name", "Email", "City"]
    assert desk.rows("SELECT city FROM prospects ORDER BY id") == [("Madrid, Centro",), ("Lugo",)]


# -- amounts as written -------------------------------------------------------------------------


def test_amounts_in_thirty_spellings(desk: Desk) -> None:
    desk.set_up("de", "DE").import_leads("60-amounts.csv")
    leads = desk.leads()
    right = {
        0: 1234.56,
        1: 1234.5,
        3: 12_000,
        5: 1234.56,
        6: 1234.56,
        7: 1234,
        8: 1234,
        10: 1234,
        11: 1234,
        13: 12_500,
        14: 1_200_000,
        19: 0,
        22: 1_234_567,
        23: 100_000,
        24: 100_000,
        28: 5000,
        29: 12_000,
        30: 12_000,
        31: 12_000,
        32: 1234.5,
        33: 1234,
        34: 500,
    }
    assert {n: leads[f"D{n}"]["amount"] for n in right} == right
    for n in (15, 16, 17, 18, 20, 21):  # about 5000, a range, dollars, to be decided
        assert leads[f"D{n}"]["amount"] is None


# -- nothing is promised that is not kept -------------------------------------------------------


def test_every_remark_is_in_the_report(desk: Desk) -> None:
    found = desk.import_leads("89-remarks.csv")
    lines = {r["line"] for r in found["remarks"]}
    assert set(range(2, 27)) <= lines


def test_duplicates_are_named_with_their_reason(desk: Desk) -> None:
    desk.import_list("73-mails-only.txt")
    found = desk._import(str(FIELD / "73-mails-only.txt"), "--list", "M")
    assert found["duplicates"] == 3
    assert all("list L, line" in row["of"] for row in found["duplicate_rows"])
    ran: Ran = desk.line("import", str(FIELD / "73-mails-only.txt"), "--list", "N")
    assert "line 1" in ran.out + ran.err and "list L" in ran.out + ran.err


# -- calendars ----------------------------------------------------------------------------------


def test_a_zone_is_described_where_it_is_named(desk: Desk, tmp_path: Path) -> None:
    import icalendar

    desk.line.done("add", "Weekly review", "--next", "every mon 9:00 call Anna")
    out = tmp_path / "calendar.ics"
    desk.line.done("calendar", "--out", str(out))
    calendar = icalendar.Calendar.from_ical(out.read_bytes())
    named = {
        event.get(name).params.get("TZID")
        for event in calendar.walk("VEVENT")
        for name in ("DTSTART", "DTEND")
        if event.get(name) is not None
    } - {None}
    assert named and named == {str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")}


# -- also wanted --------------------------------------------------------------------------------


def test_cells_as_they_are_seen(desk: Desk) -> None:
    desk.import_list("80-zip-format.xlsx")
    cells = [json.loads(row[0]) for row in desk.rows("SELECT cells FROM prospects ORDER BY id")]
    assert [row[3] for row in cells] == ["01234", "75001"]


def test_a_do_not_call_column_is_honoured(desk: Desk) -> None:
    found = desk.import_list("87-dnc-column.csv")
    states = dict(desk.rows("SELECT name, state FROM prospects"))
    assert (states["Ana"], states["Cleo"]) == ("blocked", "new")
    assert any("call" in r["text"] for r in found["remarks"])


def test_the_sheet_that_is_a_table(desk: Desk) -> None:
    found = desk.import_list("83-instructions-first.xlsx")
    assert (found["sheet"], found["added"]) == ("Leads", 2)


def test_a_file_for_excel_has_its_mark(desk: Desk, tmp_path: Path) -> None:
    desk.line.done("add", "Café")
    out = tmp_path / "leads.csv"
    desk.line.done("export", "leads", "--format", "csv", "--bom", "--out", str(out))
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("name", ["38-it-headers.csv", "39-pt-nl.csv"])
def test_italian_and_dutch_headers(desk: Desk, name: str) -> None:
    desk.import_list(name)
    assert desk.prospects()[0][:2] in (("Anna Rossi", "Acme Srl"), ("Anna de Vries", "Acme BV"))
    assert len([match for _typed, match in desk.points() if match]) == 2


def test_what_is_no_text_is_refused(desk: Desk, tmp_path: Path) -> None:
    for name, data in (
        ("utf32.csv", "Name,Phone\nAna,600100200\n".encode("utf-32")),
        ("stub.xls", b"\x09\x08\x10\x00" + b"\x00" * 64),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        ran = desk.line("import", str(path), "--list", "L")
        assert ran.code == 1 and ran.err
    named = tmp_path / "text.xlsx"
    named.write_text("Name,Phone\nAna,600100200\n")
    found = desk.import_list(str(named))
    assert found["added"] == 1 and found["remarks"]


ALL = sorted(path.name for path in FIELD.iterdir()) if FIELD.is_dir() else []


@pytest.mark.parametrize("name", [n for n in ALL if not n.endswith(".ics")])
@pytest.mark.parametrize("way", ["--list", "--leads"])
def test_every_file_adds_up_and_twice_is_all_duplicates(desk: Desk, name: str, way: str) -> None:
    """Whatever a file is imported as: rows add up, a dry run says the same, undo gives back the
    store, and the second time nothing is new."""
    act: Callable[..., dict[str, Any]] = desk.import_list if way == "--list" else desk.import_leads
    looked = act(name, "--dry-run")
    done = act(name)
    assert {**looked, "dry_run": False} == done
    desk.line.done("undo")
    assert desk.rows("SELECT (SELECT COUNT(*) FROM leads) + (SELECT COUNT(*) FROM prospects)") == [
        (0,)
    ]
    act(name)
    again = desk._import(name, *(["--list", "Again"] if way == "--list" else ["--leads"]))
    assert again["added"] == 0
    assert desk.line("check").code == 0
