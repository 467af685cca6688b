"""Clients: what their leads add up to, notes, owner, fields, and when one is silent."""

from __future__ import annotations

import pytest

from tui_crm.core import search
from tui_crm.core.calling import workspace
from tui_crm.core.dates import reader
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.leads import actions, clients, closing, filter as lead_filter, leads, next_actions
from tui_crm.core.store import undo
from tui_crm.core.team import members


@pytest.fixture
def acme(session):
    """The number of a client with an open, a won and a lost lead."""
    made = [
        leads.create(session, f"Acme: {n}", company="Acme", amount=amount)
        for n, amount in enumerate((100_00, 250_00, 70_00, None))
    ]
    closing.won(session, made[1])
    closing.lost(session, made[2], 1)
    leads.create(session, "Beta: one", company="Beta", amount=999_00)
    return clients.named(session, "acme")


def test_sums_and_the_value_so_far(session, acme):
    row = clients.one(session, acme).row
    by_hand = {
        state: session.store.rows(
            "SELECT COUNT(*), SUM(COALESCE(amount, 0)) FROM leads WHERE client_id = ?"
            f" AND status {state}",
            (acme,),
        )[0]
        for state in ("= 'open'", "= 'won'", "IN ('lost', 'cancelled')")
    }
    found = [(part.count, part.amount) for part in (row.open, row.won, row.lost)]
    assert found == [tuple(int(n) for n in pair) for pair in by_hand.values()]
    assert found == [(2, 100_00), (1, 250_00), (1, 70_00)]
    assert [one.name for one in clients.rows(session)] == ["Acme", "Beta"]


def test_its_leads_the_open_ones_by_their_next_action(session, acme):
    view = clients.one(session, acme)
    late = [lead.number for lead in view.leads if lead.open][-1]
    next_actions.set_next(session, late, reader.read("tomorrow 9 call", session.now))
    view = clients.one(session, acme)
    assert view.next is not None and view.next.number == late == view.leads[0].number
    assert [lead.status for lead in view.leads[2:]] == ["lost", "won"] and view.more == 0


def test_silence_begins_after_so_many_days_without_a_real_action(session, acme, clock):
    one = clients.one(session, acme).leads[0].number
    workspace.set_workspace(session, silent_days=30)
    clock.go(days=29)
    assert not clients.rows(session, silent=True)
    clock.go(days=1)
    assert [row.name for row in clients.rows(session, silent=True)] == ["Acme", "Beta"]
    assert len(lead_filter.listing(session, "is:silent status:all")) == 5
    actions.log(session, one, "note", text="a note is no action")
    assert clients.one(session, acme).row.silent
    actions.log(session, one, "call", outcome=3)
    assert not clients.one(session, acme).row.silent
    assert len(lead_filter.listing(session, "is:silent status:all")) == 1
    beta = clients.named(session, "Beta")
    clients.set_silence(session, beta, 0)
    assert not clients.rows(session, silent=True)
    assert not session.store.fetch(clients.silent_query(session))
    clients.set_silence(session, acme, 1)
    clock.go(days=1)
    assert [row.name for row in session.store.fetch(clients.silent_query(session))] == ["Acme"]


def test_who_is_told_of_a_silent_client(session, acme, clock):
    ben = members.add_user(session, "ben")
    workspace.set_workspace(session, silent_days=10)
    clock.go(days=10)

    def told():
        return [row.name for row in session.store.fetch(clients.silent_query(session))]

    assert sorted(told()) == ["Acme", "Beta"]
    clients.set_owner(session, acme, ben)
    assert told() == ["Beta"]
    undo.undo(session)
    assert sorted(told()) == ["Acme", "Beta"]


def test_notes_and_fields_are_found_and_undone(session, acme):
    number = clients.note(session, acme, "pays within\na week")
    clients.set_description(session, acme, "Sector: Food")
    view = clients.one(session, acme)
    assert view.notes[0].text == "pays within\na week" and view.row.fields == {"Sector": "Food"}
    for words in ("within week", "food"):
        assert any(hit.kind == "client" for hit in search.find(session, words)), words
    clients.edit_note(session, number, "")
    assert not clients.one(session, acme).notes and not search.find(session, "within week")
    undo.undo(session)
    assert clients.one(session, acme).notes
    with pytest.raises(CrmError):
        clients.set_description(session, acme, "Sector: Steel", seen="")


def test_a_name_is_found_by_its_beginning_and_never_taken_twice(session, acme):
    clients.rename(session, acme, "Acme GmbH")
    assert clients.named(session, "ÁCME gm") == acme
    assert lead_filter.listing(session, "client:acme status:all").count == 4
    assert {hit.title for hit in search.find(session, "gmbh") if hit.kind == "client"} == {
        "Acme GmbH"
    }
    assert len(lead_filter.listing(session, "gmbh status:all")) == 4
    with pytest.raises(CrmError):
        clients.rename(session, acme, "BETA")
    with pytest.raises(NotFound, match="There is no client Zeta"):
        clients.named(session, "Zeta")
