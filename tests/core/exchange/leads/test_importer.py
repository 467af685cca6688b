"""Leads of another CRM into the store: fields, people, history, and statistics right at once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.conftest import samples
from tests.samples import make
from tui_crm.core import reports
from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.importing import preview, run_import
from tui_crm.core.exchange.leads.importer import LeadImport
from tui_crm.core.leads import filter as lead_filter, leads, views as lead_views
from tui_crm.core.privacy import do_not_call
from tui_crm.core.reports import Filters
from tui_crm.core.session import all_members, find_member
from tui_crm.core.store import backup, undo

HUBSPOT = [
    "Record ID",
    "Deal Name",
    "Deal Stage",
    "Pipeline",
    "Amount",
    "Deal owner",
    "Create Date",
    "Close Date",
    "Closed Lost Reason",
    "Tags",
    "Associated Company",
    "Associated Contact",
    "Deal probability",
    "Next step",
    "Colour",
]
ROOF = [
    "101",
    "Acme: roof",
    "Proposal sent",
    "",
    "12,400",
    "Ben Smith",
    "2025-03-02",
    "2027-01-31",
    "",
    "hot;roof",
    "Acme GmbH",
    "Anna Weber (anna@acme.example)",
    "60%",
    "2026-12-01",
    "red",
]
WON = [
    "102",
    "Beta: heating",
    "Closed Won",
    "",
    "8,000.50",
    "Ben Smith",
    "2025-01-10",
    "2025-04-20",
    "",
    "",
    "Beta SL",
    "",
    "100",
    "",
    "blue",
]
LOST = [
    "103",
    "Gamma: lights",
    "Closed Lost",
    "Partners",
    "950",
    "ana",
    "2025-02-01",
    "2025-05-15",
    "too expensive",
    "",
    "Gamma",
    "",
    "0",
    "",
    "",
]


def the_file(folder: Path, *rows: list[str], header: list[str] = HUBSPOT, name: str = "deals.csv"):
    return make.delimited(folder / name, [header, *rows])


def bring(session, path, **options):
    done = run_import(session, preview(session, LeadImport(), path, **options))
    assert done.rows == done.added + len(done.duplicates) + len(done.skipped)
    return done


def test_an_open_deal_becomes_a_lead_with_everything(session, tmp_path):
    done = bring(session, the_file(tmp_path, ROOF))
    lead = lead_views.one(session, done.comparison.numbers[0])
    assert (lead.title, lead.status, lead.step, lead.owner) == (
        "Acme: roof",
        "standby",
        "Proposal sent",
        "ana",
    )
    assert (lead.amount, lead.probability, lead.client) == (1_240_000, 60, "Acme GmbH")
    assert (lead.created, lead.expected_close) == (dt.date(2025, 3, 2), dt.date(2027, 1, 31))
    assert lead.tags == ("hot", "roof")
    assert [(p.name, [e.value for e in p.emails]) for p in lead.people] == [
        ("Anna Weber", ["anna@acme.example"])
    ]
    assert lead.next.day == dt.date(2026, 12, 1)
    assert lead.fields == {"Record ID": "101", "Colour": "red"}


def test_closed_deals_come_closed_on_their_day_with_their_history(session, tmp_path):
    won, lost = bring(session, the_file(tmp_path, WON, LOST)).comparison.numbers
    one, two = lead_views.by_numbers(session, [won, lost])
    assert (one.status, one.created, one.closed) == (
        "won",
        dt.date(2025, 1, 10),
        dt.date(2025, 4, 20),
    )
    assert (two.status, two.reason, two.pipeline) == ("lost", "Too expensive", "Partners")
    ben = find_member(session.store, "Ben Smith")
    rows = session.store.rows(
        "SELECT field, was, became, on_day FROM history WHERE lead_id = ? ORDER BY id", (won,)
    )
    assert [row[:3] for row in rows] == [
        ("status", None, "open"),
        ("step", None, str(one.step_id)),
        ("owner", None, str(ben.id)),
        ("amount", None, "800050"),
        ("status", "open", "won"),
    ]
    assert {row[3] for row in rows[:-1]} == {"2025-01-10"}
    assert rows[-1][3] == "2025-04-20"
    assert session.store.rows(
        "SELECT closed_owner_id, next_day, next_at FROM leads WHERE id = ?", (won,)
    ) == [(ben.id, None, None)]


def test_statistics_over_imported_history_are_right_at_once(session, tmp_path):
    bring(session, the_file(tmp_path, ROOF, WON, LOST))
    company = reports.run(session, "company", Filters(period="2025", by="quarter"))
    first, second = company.rows[:2]
    assert (first["created"], first["won"], first["lost"]) == (3, 0, 0)
    assert (second["created"], second["won"], second["lost"]) == (0, 1, 1)
    assert (second["won_amount"], second["cycle_mean_days"]) == (800_050, 100)
    by_rep = reports.run(session, "team", Filters(period="2025"))
    assert {row["rep"]: row["won"] for row in by_rep.rows} == {"Ben Smith": 1, "ana": 0}
    then = reports.run(session, "company", Filters(period="2025", as_of="2025-03-31"))
    assert (then.totals["created"], then.totals["won"]) == (3, 0)


def test_unknown_owners_become_users_who_are_not_active(session, tmp_path):
    seen = preview(session, LeadImport(), the_file(tmp_path, ROOF, LOST))
    assert seen.comparison.new_owners == ("Ben Smith",)
    assert seen.comparison.new_steps == ("Proposal sent",)
    run_import(session, seen)
    assert [(m.name, m.active) for m in all_members(session.store)] == [
        ("ana", True),
        ("Ben Smith", False),
    ]


def test_the_same_file_twice_is_all_duplicates(session, clock, tmp_path):
    undated = ["104", "No dates", "", "", "", "", "", "", "", "", "", "", "", "", ""]
    path = the_file(tmp_path, ROOF, WON, LOST, undated)
    assert bring(session, path).added == 4
    clock.go(days=3)
    again = bring(session, path)
    assert (again.added, len(again.duplicates)) == (0, 4)
    assert again.duplicates[0].reason.startswith("lead #1 already")


def test_the_other_crms_number_keeps_two_deals_of_one_day_apart(session, tmp_path):
    twin = ["999", *ROOF[1:]]
    assert bring(session, the_file(tmp_path, ROOF, twin)).added == 2
    without = [header for header in HUBSPOT if header != "Record ID"]
    done = bring(session, the_file(tmp_path, WON[1:], WON[1:], header=without, name="b.csv"))
    assert (done.added, len(done.duplicates)) == (1, 1)


def test_one_undo_and_redo_give_back_the_exact_rows(session, tmp_path):
    tables = (
        "leads",
        "history",
        "contacts",
        "contact_points",
        "lead_tags",
        "users",
        "steps",
        "pipelines",
        "clients",
        "reasons",
        "tags",
        "mappings",
    )

    def everything():
        return {name: session.store.rows(f"SELECT * FROM {name} ORDER BY id") for name in tables}

    before = everything()
    bring(session, the_file(tmp_path, ROOF, WON, LOST), mapping={"Farbe": "Colour"})
    after = everything()
    assert undo.undo(session).op == "leads_in.bring_in"
    assert everything() == before
    undo.redo(session)
    assert everything() == after
    assert list(lead_filter.listing(session, "roof").numbers) == [1]
    assert backup.check(session.store) == []


def test_contradicting_days_are_settled_and_said(session, tmp_path):
    early = [*LOST[:6], "2025-06-01", "2025-05-15", *LOST[8:]]
    undated = ["105", "Zeta", "Closed Won", "", "5", "ana", "2025-02-03", *[""] * 8]
    done = bring(session, the_file(tmp_path, early, undated))
    days = session.store.rows("SELECT created_on, closed_on FROM leads ORDER BY id")
    assert days == [("2025-05-15", "2025-05-15"), ("2025-02-03", "2025-02-03")]
    assert [row.line for row in done.remarks] == [2, 3]
    assert "after its closing" in done.remarks[0].reason


def test_nothing_that_is_not_understood_is_lost(session, tmp_path):
    header = ["Title", "Amount", "Expected close date", "Phone"]
    odd = ["Odd", "$12k", "soon", "call me"]
    good = ["Good", "12.400,50 €", "31/12/2026", "600 100 200"]
    done = bring(session, the_file(tmp_path, good, odd, header=header))
    one, two = lead_views.by_numbers(session, done.comparison.numbers)
    assert (one.amount, one.expected_close) == (1_240_050, dt.date(2026, 12, 31))
    assert one.people[0].phones[0].match == "+34600100200"
    assert two.amount is None
    assert two.fields == {"Amount": "$12k", "Expected close date": "soon", "Phone": "call me"}
    assert [line for line, _text in done.remarks] == [1, 1, 3, 3, 3]


def test_a_mapping_overrules_and_is_remembered_by_the_header(session, tmp_path):
    header = ["Vorgang", "Kunde X", "Geld", "Zustand"]
    path = the_file(tmp_path, ["Dach", "Acme", "500", "gewonnen"], header=header)
    mapping = {"title": "Vorgang", "company": "Kunde X", "amount": "Geld", "status": "Zustand"}
    done = bring(session, path, mapping=mapping)
    lead = lead_views.one(session, done.comparison.numbers[0])
    assert (lead.title, lead.client, lead.amount, lead.status) == ("Dach", "Acme", 50_000, "won")
    other = the_file(tmp_path, ["Tor", "Beta", "7", "verloren"], header=header, name="c.csv")
    assert [c.field for c in preview(session, LeadImport(), other).file.columns] == [
        "title",
        "client",
        "amount",
        "status",
    ]
    with pytest.raises(CrmError, match="no column Nope"):
        preview(session, LeadImport(), path, mapping={"title": "Nope"})


def test_rows_without_a_name_and_blocked_ones_are_skipped_with_the_reason(session, tmp_path):
    do_not_call.block(session, "eva@beta.example", "no")
    header = ["Title", "Email", "Status", "Created", "Closed"]
    done = bring(
        session,
        the_file(
            tmp_path,
            ["", "", "Open", "", ""],
            ["Beta", "Eva@beta.example", "", "", ""],
            ["Beta then", "eva@beta.example", "Won", "2024-01-01", "2024-02-01"],
            header=header,
        ),
    )
    assert [tuple(row) for row in done.skipped] == [
        (2, "it has no title, no company and no name"),
        (3, "on the do-not-call list (ana: no)"),
    ]
    assert (
        lead_views.one(session, done.comparison.numbers[0]).title == "Beta then"
    )  # history stays history


def test_without_a_column_of_owners_they_are_whose_import_it_is(session, colleague, tmp_path):
    ben = colleague("ben")
    done = bring(ben, the_file(tmp_path, ["Roof"], header=["Title"]))
    assert lead_views.one(session, done.comparison.numbers[0]).owner == "ben"
    with_owner = the_file(
        tmp_path, ["Door", ""], ["Wall", "BEN"], header=["Title", "Owner"], name="o.csv"
    )
    done = bring(session, with_owner)
    assert [v.owner for v in lead_views.by_numbers(session, done.comparison.numbers)] == [
        None,
        "ben",
    ]


def test_a_retired_step_is_offered_again_for_an_open_lead(session, tmp_path):
    from tui_crm.core.setup import pipelines

    pipelines.retire_step(session, "Proposal")
    header = ["Title", "Stage"]
    seen = preview(session, LeadImport(), the_file(tmp_path, ["Roof", "proposal"], header=header))
    assert seen.comparison.new_steps == ()
    number = run_import(session, seen).comparison.numbers[0]
    assert lead_views.one(session, number).step == "Proposal"
    leads.move_step(session, number, 1)
    assert lead_views.one(session, number).step == "Closing"


def test_cancelling_leaves_nothing(session, tmp_path):
    path = the_file(tmp_path, *([f"L{n}", "Neu"] for n in range(1200)), header=["Title", "Stage"])
    seen = preview(session, LeadImport(), path)
    told = []
    with pytest.raises(CrmError, match="Cancelled"):
        run_import(session, seen, lambda *at: told.append(at), lambda: len(told) > 1)
    assert session.store.value("SELECT COUNT(*) FROM leads") == 0
    assert session.store.value("SELECT COUNT(*) FROM steps WHERE name = 'Neu'") == 0


@pytest.mark.parametrize(
    "name",
    [
        "salesforce-dataloader-accountData.csv",
        "briandunning-us-500.csv",
        "datablist-people-100.csv",
        "google-contacts.csv",
        "calamine-date.xlsx",
    ],
)
def test_samples_through_the_door_of_leads(session, name):
    path = samples() / name
    first = bring(session, path)
    assert first.added == session.store.value("SELECT COUNT(*) FROM leads")
    again = bring(session, path)
    assert (again.added, len(again.duplicates)) == (0, first.added + len(first.duplicates))
