"""Tables out: what a script or a spreadsheet gets is what is in the store, and runs nowhere."""

from __future__ import annotations

import csv
import io
import json
import os
import stat

import pytest

from tests.core.exchange.prospects.test_importer import ANNA, HEADER, LUIS, bring, the_file
from tui_crm.core.dates.reader import read
from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.importing import preview
from tui_crm.core.exchange.leads.importer import LeadImport
from tui_crm.core.exchange.readers.open import open_table
from tui_crm.core.exchange.writers import export, formats, json_shape
from tui_crm.core.leads import (
    actions,
    closing,
    history as lead_history,
    leads,
    next_actions,
)


@pytest.fixture
def lead(session):
    """A lead with everything on it."""
    number = leads.create(
        session,
        "Acme: roof",
        description="Sector: Steel\nFormula: =1+1\njust words",
        amount=1_240_050,
        tag_names=["hot", "roof"],
        company="Acme GmbH",
        contact="Anna Weber",
        role="Buyer",
        points=[("phone", "+34600100200"), ("email", "anna@acme.example")],
    )
    next_actions.set_next(session, number, read("fri 9:30 20m call Anna", session.now))
    return number


def objects(session, what, **options):
    return json.loads(export.export(session, what, "json", **options).data)


def cells(session, what, **options):
    text = export.export(session, what, "csv", **options).data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_lead_as_scripts_read_it(session, lead):
    assert objects(session, "leads") == [
        {
            "number": lead,
            "title": "Acme: roof",
            "status": "standby",
            "pipeline": "Sales",
            "step": "Qualified",
            "amount": 12400.5,
            "probability": 10,
            "expected_close": None,
            "owner": "ana",
            "starred": False,
            "priority": "none",
            "last_contact": None,
            "tags": ["hot", "roof"],
            "client": "Acme GmbH",
            "contacts": [
                {
                    "name": "Anna Weber",
                    "role": "Buyer",
                    "phones": ["+34600100200"],
                    "emails": ["anna@acme.example"],
                }
            ],
            "next": {
                "day": "2026-11-27",
                "at": "2026-11-27T09:30:00+01:00",
                "minutes": 20,
                "kind": "call",
                "text": "Anna",
            },
            "created": "2026-11-23",
            "closed": None,
            "reason": None,
            "fields": {"Sector": "Steel", "Formula": "=1+1"},
        }
    ]


def test_the_history_as_scripts_read_it(session, clock, lead):
    clock.go(minutes=1)
    actions.log(session, lead, "call", outcome=3, text="try again", seconds=90)
    called = json_shape.history_json(lead_history.history(session, lead), session)[0]
    assert called == {
        "at": "2026-11-23T09:13:00+01:00",
        "by": "ana",
        "kind": "call",
        "outcome": "No answer",
        "minutes": 1.5,
        "text": "try again",
    }


def test_leads_as_a_sheet_with_their_fields_as_columns(session, lead):
    leads.create(session, "=cmd()", description="Colour: red")
    first, second = cells(session, "leads")
    assert (first["title"], first["amount"], first["tags"]) == (
        "Acme: roof",
        "12400.50",
        "hot; roof",
    )
    assert (first["Sector"], first["Colour"], first["description"]) == ("Steel", "", "just words")
    assert first["Formula"] == "'=1+1" and second["title"] == "'=cmd()"
    assert second["Colour"] == "red"


def test_a_filter_narrows_and_a_bad_one_is_refused(session, lead):
    leads.create(session, "Other")
    assert [row["title"] for row in cells(session, "leads", query="tag:hot")] == ["Acme: roof"]
    with pytest.raises(CrmError):
        export.export(session, "leads", query="step:nosuch")


def test_exported_leads_come_in_elsewhere_as_they_were(session, lead, tmp_path):
    closing.won(session, lead, 500_000)
    path = tmp_path / "leads.csv"
    export.export(session, "leads", "csv", path)
    seen = preview(session, LeadImport(), path)
    assert len(seen.duplicates) == 1
    fields = {column.name: column.field for column in seen.file.columns}
    assert fields["title"] == "title" and fields["closed"] == "closed" and fields["Sector"] is None


def test_prospects_come_out_as_they_came_in(session, tmp_path):
    odd = ["=1+1", "Eva", "", "", "eva@x.example", "", '[bold] "q"']
    bring(session, the_file(tmp_path, ANNA, LUIS, odd))
    rows = objects(session, "prospects", list_name="Fair")
    assert list(rows[0]) == [*HEADER, "_line", "_state", "_tries", "_lead"]
    assert [[row[name] for name in HEADER] for row in rows] == [ANNA, LUIS, odd]
    assert [(r["_line"], r["_state"], r["_tries"], r["_lead"]) for r in rows] == [
        (2, "new", 0, None),
        (3, "new", 0, None),
        (4, "new", 0, None),
    ]
    with pytest.raises(CrmError):
        export.export(session, "prospects", "json")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_list_written_and_read_again_is_the_same_list(session, tmp_path, form):
    odd = ["=1+1", "Eva", "+1+1", "", "eva@x.example", "", "'quoted"]
    bring(session, the_file(tmp_path, ANNA, LUIS, odd))
    path = tmp_path / f"again.{form}"
    assert export.export(session, "prospects", form, path, list_name="Fair").rows == 3
    assert [list(row.cells[:7]) for row in open_table(path).rows] == [ANNA, LUIS, odd]


def test_actions_and_clients(session, lead):
    actions.log(session, lead, "call", outcome="Reached", text="-1 offer", seconds=120)
    (action,) = objects(session, "actions")
    assert action == {
        "at": "2026-11-23T09:12:00+01:00",
        "by": "ana",
        "kind": "call",
        "outcome": "Reached",
        "reached": True,
        "minutes": 2,
        "lead": lead,
        "title": "Acme: roof",
        "list": None,
        "line": None,
        "number": "+34600100200",
        "reason": None,
        "text": "-1 offer",
    }
    closing.won(session, lead)
    (client,) = objects(session, "clients")
    assert client == {
        "client": "Acme GmbH",
        "leads": 1,
        "open": 0,
        "won": 1,
        "won_amount": 12400.5,
        "created": "2026-11-23",
        "description": "",
    }
    assert cells(session, "actions", query="-tag:hot") == []


@pytest.mark.parametrize("form", formats.TABLES)
def test_files_are_for_their_owner_only_and_replaced_whole(session, lead, tmp_path, form):
    was = os.umask(0)
    try:
        path = tmp_path / f"leads.{form}"
        path.write_text("old")
        assert export.export(session, "leads", form, path).rows == 1
    finally:
        os.umask(was)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes()[:3] != b"old"
    assert os.listdir(tmp_path).count(path.name) == 1
    assert not [name for name in os.listdir(tmp_path) if name.startswith(f".{path.name}")]


@pytest.mark.parametrize(("what", "form"), [("people", "csv"), ("leads", "pdf")])
def test_unknown_words_are_refused_with_the_known_ones(session, what, form):
    with pytest.raises(CrmError) as refused:
        export.export(session, what, form)
    assert "leads" in refused.value.hint or "csv" in refused.value.hint


def test_a_place_that_cannot_be_written_is_one_sentence(session, lead, tmp_path):
    with pytest.raises(CrmError, match="was not written"):
        export.export(session, "leads", "json", tmp_path / "no" / "leads.json")
