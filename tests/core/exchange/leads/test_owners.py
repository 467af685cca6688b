"""Whose the leads of a file become, and that no open lead of it is out of sight."""

from __future__ import annotations

import pytest

from tui_crm.core import pulse, reports
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.exchange.importing import preview, run_import
from tui_crm.core.exchange.leads.importer import LeadImport
from tui_crm.core.leads import filter as lead_filter, next_actions, views as lead_views
from tui_crm.core.session import all_members
from tui_crm.core.store import undo

SOLE = "Deal name,Owner,Status,Close date\nOne,Ana Ruiz,open,\nTwo,Ana Ruiz,won,2026-11-02\n"
SEVERAL = (
    "Deal name,Owner,Status,Close date\n"
    "One,Ana Ruiz,open,\nTwo,Cleo Vidal,open,\nThree,Cleo Vidal,open,\n"
    "Four,Cleo Vidal,won,2026-11-02\nFive,,open,\n"
)


@pytest.fixture
def bring(session, tmp_path):
    def run(text, **owners):
        file = tmp_path / "deals.csv"
        file.write_text(text, encoding="utf-8")
        chosen = {name.replace("_", " "): who for name, who in owners.items()}
        return run_import(session, preview(session, LeadImport(chosen), file))

    return run


def owners(session):
    numbers = lead_filter.listing(session, "status:all").numbers
    return {lead.title: lead.owner for lead in lead_views.by_numbers(session, list(numbers))}


def unassigned(session):
    rows = next_actions.today(session).section("unassigned").rows
    return {row.title: row.owner for row in rows}


def test_the_only_owner_of_a_file_is_the_only_active_user(session, bring):
    done = bring(SOLE)
    assert owners(session) == {"One": "ana", "Two": "ana"}
    assert [m.name for m in all_members(session.store)] == ["ana"]
    assert any("leads of Ana Ruiz are taken as yours" in text for _line, text in done.remarks)
    assert [row.title for row in next_actions.today(session).section("nodate").rows] == ["One"]
    won = reports.run(session, "team", reports.Filters(period="2026-11"))
    assert [(row["rep"], row["won"]) for row in won.rows if row["won"]] == [("ana", 1)]


def test_the_only_owner_stays_somebody_else_where_there_are_two_users(session, colleague, bring):
    colleague("ben")
    bring(SOLE)
    assert owners(session) == {"One": "Ana Ruiz", "Two": "Ana Ruiz"}


def test_open_leads_of_users_who_are_not_active_are_in_sight(session, bring):
    done = bring(SEVERAL)
    assert [(m.name, m.active) for m in all_members(session.store)] == [
        ("ana", True),
        ("Ana Ruiz", False),
        ("Cleo Vidal", False),
    ]
    assert unassigned(session) == {
        "One": "Ana Ruiz",
        "Two": "Cleo Vidal",
        "Three": "Cleo Vidal",
        "Five": "",
    }
    found = pulse.session_figures(session)
    assert (found["unassigned_leads"], found["open_leads"]) == (4, 0)
    assert "4 open leads without an active owner" in pulse.format_text(found)
    (remark,) = [text for _line, text in done.remarks if "not active" in text]
    assert remark.startswith("3 open leads belong to") and "Ana Ruiz, Cleo Vidal" in remark
    assert '--map-owner "Ana Ruiz=me"' in remark


@pytest.mark.parametrize(
    ("who", "owner"), [("me", "ana"), ("ben", "ben"), ("nobody", None), ("new", "Cleo Vidal")]
)
def test_an_owner_becomes_who_was_chosen(session, colleague, bring, who, owner):
    colleague("ben")
    bring(SEVERAL, cleo_vidal=who)
    assert owners(session)["Two"] == owners(session)["Four"] == owner
    assert owners(session)["One"] == "Ana Ruiz"


def test_new_makes_a_user_of_the_only_owner_too(session, bring):
    bring(SOLE, Ana_Ruiz="new")
    assert owners(session) == {"One": "Ana Ruiz", "Two": "Ana Ruiz"}


def test_what_cannot_be_is_refused(session, bring):
    with pytest.raises(CrmError, match="no owner Zoe"):
        bring(SEVERAL, Zoe="me")
    with pytest.raises(NotFound):
        bring(SEVERAL, Ana_Ruiz="zoe")
    assert not owners(session)


def test_one_undo_takes_the_leads_and_the_users(session, bring):
    bring(SEVERAL)
    undo.undo(session)
    assert not owners(session) and not unassigned(session)
    assert [m.name for m in all_members(session.store)] == ["ana"]
