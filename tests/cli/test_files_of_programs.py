"""Files as programs and people in several languages write them, by the kinds of things that go
wrong with them."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.cli.conftest import Line


def bring(crm: Line, folder: Path, text: str, *way: str, **workspace: str) -> dict[str, Any]:
    """Import a text as a file; every row is accounted for."""
    for name, value in {"language": "en", "region": "ES", "currency": "EUR", **workspace}.items():
        crm.done("workspace", f"--{name}", value)
    path = folder / "file.csv"
    path.write_text(text, encoding="utf-8", newline="")
    done: dict[str, Any] = crm.done("import", str(path), *way, "--json").json
    assert done["rows"] == done["added"] + done["duplicates"] + len(done["skipped"])
    assert len(done["duplicate_rows"]) == done["duplicates"]
    assert all(row["line"] and row["reason"] for row in done["skipped"])
    assert all(row["line"] and row["of"] and row["reason"] for row in done["duplicate_rows"])
    return done


def leads(crm: Line) -> dict[str, dict[str, Any]]:
    with sqlite3.connect(crm.url) as store:
        numbers = [number for (number,) in store.execute("SELECT id FROM leads ORDER BY id")]
    found = [crm.done("show", str(number), "--json").json for number in numbers]
    return {lead["title"]: lead for lead in found}


def prospects(crm: Line, columns: str = "name") -> list[Any]:
    with sqlite3.connect(crm.url) as store:
        rows = store.execute(f"SELECT {columns} FROM prospects ORDER BY id").fetchall()
    return [row[0] if len(row) == 1 else row for row in rows]


def matches(crm: Line, kind: str = "phone") -> list[str]:
    with sqlite3.connect(crm.url) as store:
        rows = store.execute(
            "SELECT match FROM prospect_keys WHERE kind = ? ORDER BY prospect_id, position", (kind,)
        )
        return [match for (match,) in rows]


@pytest.mark.parametrize(
    ("language", "header", "rows"),
    [
        ("en", "Name,Title,Company,Email", "Ana Ruiz,CEO,Acme,a@a.example|Ben Sanz,CEO,Acme,"),
        ("es", "Nombre,Apellidos,Cargo,Empresa,Correo", "Ana,Ruiz,CEO,Acme,|Ben,Sanz,CEO,Acme,"),
        ("fr", "Prénom,Nom,Titre,Société,Mél", "Ana,Ruiz,CEO,Acme,|Ben,Sanz,CEO,Acme,"),
        ("de", "Vorname,Nachname,Titel,Firma,E-Mail", "Ana,Ruiz,CEO,Acme,|Ben,Sanz,CEO,Acme,"),
    ],
)
def test_people_are_leads_of_their_company(
    crm: Line, tmp_path: Path, language: str, header: str, rows: str
) -> None:
    text = "\n".join([header, *rows.split("|")]) + "\n"
    assert bring(crm, tmp_path, text, "--leads", language=language)["added"] == 2
    found = leads(crm)
    assert set(found) == {"Acme: Ana Ruiz", "Acme: Ben Sanz"}
    assert found["Acme: Ben Sanz"]["contacts"][0]["role"] == "CEO"


@pytest.mark.parametrize(
    "total",
    [
        "Total,,6",
        "Total general,,6",
        "Summe:,,6",
        "Sous-total,,6",
        "GRAND TOTAL (2 deals),,",
        "Sum,,6",
    ],
)
def test_totals_are_no_deals(crm: Line, tmp_path: Path, total: str) -> None:
    text = f"Deal,Company,Amount\nNorth,Acme,1\nSouth,Acme,5\n{total}\n"
    done = bring(crm, tmp_path, text, "--leads")
    assert (done["added"], [row["line"] for row in done["skipped"]]) == (2, [4])


@pytest.mark.parametrize("name", ["Total", "Total Energies", "Summe GmbH", "Average Joe's"])
def test_a_company_may_have_such_a_name(crm: Line, tmp_path: Path, name: str) -> None:
    text = f"Company,Contact,Phone\n{name},Ana,600 100 200\n"
    assert bring(crm, tmp_path, text, "--list", "L")["added"] == 1
    text = f"Deal,Stage,Amount\n{name},Proposal,5\n"
    assert bring(crm, tmp_path, text, "--leads")["added"] == 1


def test_the_last_row_with_a_name_only_is_a_record(crm: Line, tmp_path: Path) -> None:
    text = "Name,Phone,City\nAna,600100200,Lugo\nBen\nCleo\n"
    assert bring(crm, tmp_path, text, "--list", "L")["added"] == 3


def test_an_amount_in_another_currency_is_never_counted(crm: Line, tmp_path: Path) -> None:
    text = (
        "Deal,Amount,Currency,Amount in company currency\n"
        "North,1000,USD,920.50\nSouth,500,Euro,500\n"
    )
    bring(crm, tmp_path, text, "--leads")
    assert [leads(crm)[n]["amount"] for n in ("North", "South")] == [920.5, 500]
    done = bring(crm, tmp_path, "Deal,Amount (USD)\nWest,1000\nEast,$7\n", "--leads")
    assert [leads(crm)[n]["amount"] for n in ("West", "East")] == [None, None]
    assert {remark["line"] for remark in done["remarks"]} >= {2, 3}


@pytest.mark.parametrize(
    ("language", "header"),
    [
        ("es", "Nombre del trato,Ingreso esperado,Propietaria del trato,Fecha de alta,Estatus"),
        ("es", "Oportunidad,Importes,Comercial asignada,Fecha creación,Situación"),
        ("fr", "Nom de l'affaire,Montant prévu,Commerciale attribuée,Date de création,Statut"),
        ("de", "Verkaufschance,Erwarteter Umsatz,Zuständige,Angelegt am,Status"),
        ("en", "Opportunity,Expected Revenue,Sales Rep,Created on,Lead status"),
    ],
)
def test_everyday_headers(crm: Line, tmp_path: Path, language: str, header: str) -> None:
    done = bring(
        crm, tmp_path, f"{header}\nNorth,500,Eva,2026-03-05,New\n", "--leads", language=language
    )
    fields = [column["field"] for column in done["columns"]]
    assert fields == ["title", "amount", "owner", "created", "status"]
    assert [remark["text"] for remark in done["remarks"]] == [
        "The leads of Eva are taken as yours; --map-owner says otherwise."
    ]


def test_days_of_one_file_have_one_order(crm: Line, tmp_path: Path) -> None:
    text = (
        "Deal,Created,Expected close,Next activity\n"
        "N,03/04/2026,05/12/2026,\nS,04/03/2026,,13/12/2026 9:30\n"
    )
    bring(crm, tmp_path, text, "--leads", region="US")
    found = leads(crm)
    assert (found["N"]["created"], found["N"]["expected_close"]) == ("2026-04-03", "2026-12-05")


def test_an_order_under_which_deals_close_before_they_begin_is_not_taken(
    crm: Line, tmp_path: Path
) -> None:
    text = (
        "Deal,Stage,Created,Closed on\nN,Won,02/03/2026,04/02/2026\nS,Won,03/04/2026,05/03/2026\n"
    )
    done = bring(crm, tmp_path, text, "--leads")
    assert (leads(crm)["N"]["created"], leads(crm)["N"]["closed"]) == ("2026-02-03", "2026-04-02")
    assert any("month/day" in remark["text"] for remark in done["remarks"])


def test_a_closing_moment_is_a_day_here(crm: Line, tmp_path: Path) -> None:
    text = "Deal,Stage,Created,Closed on\nN,Won,2026-03-05T00:00:00Z,2026-03-31T22:30:00Z\n"
    bring(crm, tmp_path, text, "--leads")
    assert (leads(crm)["N"]["created"], leads(crm)["N"]["closed"]) == ("2026-03-05", "2026-04-01")


def test_several_people_keep_each_their_own_address(crm: Line, tmp_path: Path) -> None:
    text = "Deal,Contacts,Phone\nN,Ben (ben@x.example);Cleo <cleo@x.example>,600100200\n"
    bring(crm, tmp_path, text, "--leads")
    assert [(p["name"], p["emails"], p["phones"]) for p in leads(crm)["N"]["contacts"]] == [
        ("Ben", ["ben@x.example"], ["600100200"]),
        ("Cleo", ["cleo@x.example"], []),
    ]


@pytest.mark.parametrize(
    ("language", "region", "header", "row"),
    [
        (
            "de",
            "DE",
            "Firma,Land/Region geschäftlich,Fax geschäftlich,Telefon geschäftlich",
            "Großbritannien",
        ),
        (
            "fr",
            "FR",
            "Société,Pays/Région (bureau),Télécopie (bureau),Téléphone (bureau)",
            "Royaume-Uni",
        ),
        (
            "es",
            "ES",
            "Organización,País o región del trabajo,Fax del trabajo,Teléfono del trabajo",
            "GBR",
        ),
        ("en", "ES", "Company,Business Country/Region,Business Fax,Business Phone", "England"),
    ],
)
def test_phones_ring_in_the_country_of_their_row(
    crm: Line, tmp_path: Path, language: str, region: str, header: str, row: str
) -> None:
    text = f"{header}\nAcme,{row},020 7946 0111,020 7946 0958\n"
    bring(crm, tmp_path, text, "--list", "L", language=language, region=region)
    assert matches(crm) == ["+442079460958"]


def test_a_number_that_is_valid_only_at_home_is_not_made_one(crm: Line, tmp_path: Path) -> None:
    done = bring(crm, tmp_path, "Name,Phone,Country\nAna,600 100 200,Scotland\n", "--list", "L")
    assert matches(crm) == [""] and [remark["line"] for remark in done["remarks"]] == [2]


def test_the_label_beside_a_number_says_that_it_is_a_fax(crm: Line, tmp_path: Path) -> None:
    text = "Name,Phone 1 - Type,Phone 1 - Value,Phone 2 - Type,Phone 2 - Value\n"
    bring(crm, tmp_path, text + "Ana,Mobile,600100200,Fax trabajo,910100200\n", "--list", "L")
    assert matches(crm) == ["+34600100200"]


def test_who_is_the_same_person(crm: Line, tmp_path: Path) -> None:
    text = (
        "Name,Company,Phone,Email\n"
        "Ana Ruiz,Acme,910100300,ana@a.example\n"
        '"Ruiz, Ana",Acme,910 100 300,other@a.example\n'  # number and name
        "Anna R.,Acme,,ANA@a.example\n"  # e-mail
        "Ben Sanz,Acme,910100300,\n"  # the switchboard only
        "Ana Ruiz,Acme,910100300 ext 12,\n"  # another extension
    )
    done = bring(crm, tmp_path, text, "--list", "L")
    assert [(row["line"], row["of"]) for row in done["duplicate_rows"]] == [
        (3, "line 2"),
        (4, "line 2"),
    ]
    assert {remark["line"] for remark in done["remarks"]} == {5, 6}
    again = bring(crm, tmp_path, text, "--list", "Again")
    assert (again["added"], again["duplicates"]) == (0, 5)


@pytest.mark.parametrize("column", ["No llamar", "DoNotCall", "Ne plus appeler", "Nicht anrufen"])
def test_who_is_not_to_be_called_is_blocked(crm: Line, tmp_path: Path, column: str) -> None:
    text = f"Name,Phone,{column}\nAna,600100200,x\nBen,600100201,no\nCleo,600100202,\n"
    done = bring(crm, tmp_path, text, "--list", "L")
    assert prospects(crm, "name, state") == [("Ana", "blocked"), ("Ben", "new"), ("Cleo", "new")]
    assert [remark["line"] for remark in done["remarks"]] == [2]
    crm.done("undo")
    assert crm.done("blocked", "--json").json == []


def test_a_row_above_tells_whose_name_it_is(crm: Line, tmp_path: Path) -> None:
    text = (
        "Contact,,,Company,\nFirst name,Last name,Phone,Name,City\nAna,Ruiz,600100200,Acme,Lugo\n"
    )
    bring(crm, tmp_path, text, "--list", "L")
    assert prospects(crm, "name, company") == [("Ana Ruiz", "Acme")]


cells = st.text("ab@.,;'\"/+=-1290 \n€\x1a\x00é\u202e", max_size=12)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.sampled_from(["Name", "Email", "Phone", "Amount", "Created", "x"]), min_size=1),
    st.lists(st.lists(cells, max_size=7), max_size=6),
    st.booleans(),
)
def test_every_row_is_accounted_for(
    crm: Line, tmp_path: Path, header: list[str], rows: list[list[str]], as_leads: bool
) -> None:
    import csv
    import io

    out = io.StringIO(newline="")
    csv.writer(out).writerows([header, *rows])
    path = tmp_path / "any.csv"
    path.write_text(out.getvalue(), encoding="utf-8", newline="")
    ran = crm(
        "import", str(path), *(["--leads"] if as_leads else ["--list", "L"]), "--json", "--dry-run"
    )
    assert ran.code in (0, 1) and (ran.code == 0 or ran.err)
    if ran.code == 0:
        done = ran.json
        assert done["rows"] == done["added"] + done["duplicates"] + len(done["skipped"])
        assert len(done["duplicate_rows"]) == done["duplicates"]
