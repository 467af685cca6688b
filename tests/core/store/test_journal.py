"""The journal: undo, redo, refusals with a reason, many as one, and random days taken back."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.core.whole import entries, snapshot
from tui_crm.core.dates import reader
from tui_crm.core.errors import Conflict, CrmError, NotAllowed
from tui_crm.core.leads import actions, closing, leads, next_actions, views as lead_views
from tui_crm.core.session import OPERATION_RIGHTS, RIGHTS
from tui_crm.core.setup import tags
from tui_crm.core.store import journal, undo
from tui_crm.core.team import days_off, goals, members


def test_nothing_to_undo_is_said(session):
    with pytest.raises(CrmError, match="nothing to undo"):
        undo.undo(session)


def test_undo_goes_back_step_by_step_and_redo_comes_forward(session):
    number = leads.create(session, "Acme", amount=100)
    leads.set_amount(session, number, 200)
    leads.set_amount(session, number, 300)
    undo.undo(session)
    undo.undo(session)
    assert lead_views.one(session, number).amount == 100
    undo.redo(session)
    assert lead_views.one(session, number).amount == 200
    undo.redo(session)
    assert lead_views.one(session, number).amount == 300
    with pytest.raises(CrmError, match="nothing to redo"):
        undo.redo(session)


def test_doing_something_ends_redo(session):
    number = leads.create(session, "Acme", amount=100)
    leads.set_amount(session, number, 200)
    undo.undo(session)
    leads.star(session, number)
    with pytest.raises(CrmError, match="nothing to redo"):
        undo.redo(session)


def test_undo_takes_back_my_last_act_and_not_a_colleagues(session, colleague):
    ben = colleague("ben")
    mine = leads.create(session, "Mine")
    leads.create(ben, "Bens")
    undone = undo.undo(session)
    assert undone.lead_id == mine
    assert [lead.title for lead in lead_views.by_numbers(ben, [mine, mine + 1])] == ["Bens"]


def test_undo_that_would_overwrite_a_colleague_refuses_and_says_whose(session, colleague):
    ben = colleague("ben")
    number = leads.create(session, "Acme", amount=100)
    leads.set_amount(session, number, 200)
    leads.set_amount(ben, number, 300)
    before = snapshot(session.store)
    with pytest.raises(Conflict, match="ben changed it since"):
        undo.undo(session)
    assert snapshot(session.store) == before


def test_a_change_to_another_column_does_not_stand_in_the_way(session, colleague):
    ben = colleague("ben")
    number = leads.create(session, "Acme", amount=100)
    leads.set_amount(session, number, 200)
    leads.star(ben, number)
    undo.undo(session)
    lead = lead_views.one(session, number)
    assert (lead.amount, lead.starred) == (100, True)


def test_making_a_lead_cannot_be_undone_once_a_colleague_worked_on_it(session, colleague):
    ben = colleague("ben")
    number = leads.create(session, "Acme")
    actions.log(ben, number, "call", outcome=1, text="spoke to Anna")
    with pytest.raises(Conflict):
        undo.undo(session)
    assert lead_views.one(session, number).title == "Acme"


def test_any_entry_can_be_undone_by_its_number(session):
    number = leads.create(session, "Acme", amount=100)
    leads.set_amount(session, number, 200)
    entry = session.store.last_entry()
    leads.star(session, number)
    undo.undo(session, entry)
    lead = lead_views.one(session, number)
    assert (lead.amount, lead.starred) == (100, True)
    with pytest.raises(CrmError, match="undone already"):
        undo.undo(session, entry)


def test_many_at_once_are_one_entry_and_one_undo(session):
    numbers = [leads.create(session, f"Lead {n}") for n in range(5)]
    before, count = snapshot(session.store), entries(session.store)
    assert journal.bulk(session, leads.star, numbers, True) == 5
    assert entries(session.store) == count + 1
    assert all(lead.starred for lead in lead_views.by_numbers(session, numbers))
    undo.undo(session)
    assert snapshot(session.store) == before


def test_many_at_once_are_all_or_nothing(session):
    numbers = [leads.create(session, f"Lead {n}") for n in range(3)]
    closing.won(session, numbers[2])
    before = snapshot(session.store)
    with pytest.raises(CrmError):
        journal.bulk(session, closing.won, numbers)
    assert snapshot(session.store) == before


def test_an_operation_that_changes_nothing_leaves_no_entry(session):
    number = leads.create(session, "Acme", amount=100)
    count = entries(session.store)
    leads.set_amount(session, number, 100)
    assert entries(session.store) == count


def test_text_is_cleaned_on_its_way_in(session):
    number = leads.create(session, "Acme \x1b]0;pwned\x07 GmbH", description="a\x00b\u202ec")
    row = session.store.rows("SELECT title, description FROM leads WHERE id = ?", (number,))[0]
    assert not any(c in text for text in row for c in "\x1b\x07\x00\u202e")


ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "amount",
                "step",
                "star",
                "next",
                "call",
                "tag",
                "won",
                "reopen",
                "new",
                "undo",
                "redo",
                "title",
                "lost",
            ]
        ),
        st.integers(0, 4),
        st.integers(0, 9),
    ),
    max_size=25,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=ACTS)
def test_a_random_day_can_be_taken_back_to_its_beginning(session, acts):
    """Whatever was done, undo after undo leads back to the exact rows of the morning."""
    _clear(session)
    first = [leads.create(session, f"Lead {n}", amount=n * 100) for n in range(3)]
    morning = snapshot(session.store)
    start = session.store.last_entry()
    for what, which, value in acts:
        if what == "undo" and _standing(session, start) is None:
            continue  # that would take the morning itself away
        there = [r[0] for r in session.store.rows("SELECT id FROM leads ORDER BY id")]
        try:
            _act(session, what, there[which % len(there)], value)
        except CrmError:
            continue
    while _standing(session, start) is not None:
        undo.undo(session)
    assert snapshot(session.store) == morning
    assert first


def _standing(session, start):
    """The newest act after ``start`` that was not undone."""
    return session.store.value(
        "SELECT MAX(id) FROM entries WHERE id > ? AND undone_by IS NULL"
        " AND op NOT IN ('undo', 'redo')",
        (start,),
    )


def _clear(session):
    """Back to an empty store between examples: the fixture's store lives through all of them."""
    while True:
        try:
            undo.undo(session)
        except CrmError:
            return


def _act(session, what, number, value):
    match what:
        case "amount":
            leads.set_amount(session, number, value * 1000)
        case "step":
            leads.move_step(session, number, 1 if value % 2 else -1)
        case "star":
            leads.star(session, number)
        case "next":
            next_actions.set_next(session, number, reader.read(f"+{value}d call", session.now))
        case "call":
            actions.log(session, number, "call", outcome=1 + value % 8, text="spoke")
        case "tag":
            tags.change(session, number, f"t{value}")
        case "won":
            closing.won(session, number)
        case "lost":
            closing.lost(session, number, 1)
        case "reopen":
            closing.reopen(session, number)
        case "new":
            leads.create(session, f"New {value}", contact="Eve", company=f"C{value}")
        case "title":
            leads.set_title(session, number, f"Title {value}")
        case "undo":
            undo.undo(session)
        case "redo":
            undo.redo(session)


# -- rights, and what somebody else did meanwhile -------------------------------------------------


def test_undo_and_redo_ask_for_the_right_of_the_operation(session, colleague):
    """Also where the one who did it had the right then, and has it no longer."""
    ben = colleague("ben", role="manager")
    tags.add(ben, "hot", "Source")
    undo.undo(ben)
    members.edit_user(session, "ben", role="rep")
    with pytest.raises(NotAllowed, match="A rep may not"):
        undo.redo(ben.reload())
    members.edit_user(session, "ben", role="manager")
    undo.redo(ben.reload())
    members.edit_user(session, "ben", role="rep")
    before = snapshot(session.store)
    with pytest.raises(NotAllowed, match="A rep may not"):
        undo.undo(ben.reload())
    assert snapshot(session.store) == before


def test_what_somebody_else_did_only_a_manager_undoes(session, colleague):
    rep, manager = colleague("rita"), colleague("max", role="manager")
    number = leads.create(session, "Acme")
    entry = session.store.last_entry()
    with pytest.raises(NotAllowed, match="Ask one of: ana, max"):
        undo.undo(rep, entry)
    undo.undo(manager, entry)
    assert session.store.value("SELECT COUNT(*) FROM leads WHERE id = ?", (number,)) == 0
    members.edit_user(session, "rita", full_name="Rita R")
    with pytest.raises(NotAllowed):  # a manager's right, and an admin's operation
        undo.undo(manager, session.store.last_entry())


@pytest.mark.parametrize("name", ["days_off", "own days_off", "goal"])
def test_what_asks_by_what_it_is_about_does_so_when_it_is_undone(session, colleague, name):
    ben, max_ = colleague("ben", role="admin"), colleague("max", role="manager")
    if name == "goal":
        goals.put(ben, "calls", "day", 50, user="max")
    else:
        days_off.change(ben, add=["2026-12-24"], user="ben" if name.startswith("own") else "")
    entry = session.store.last_entry()
    members.edit_user(session, "ben", role="rep")
    if name.startswith("own"):
        undo.undo(ben.reload())
        return
    with pytest.raises(NotAllowed):
        undo.undo(ben.reload())
    if name == "goal":
        undo.undo(max_, entry)
    else:
        with pytest.raises(NotAllowed):
            undo.undo(max_, entry)


def test_every_operation_that_asks_for_a_right_is_one_that_exists():
    assert not OPERATION_RIGHTS.keys() - journal.OPERATIONS.keys()
    assert not set(OPERATION_RIGHTS.values()) - RIGHTS.keys()


def test_changed_and_changed_back_by_somebody_else_is_theirs_now(session, colleague):
    ben = colleague("ben")
    number = leads.create(session, "Acme", amount=100)
    leads.set_amount(session, number, 200)
    leads.set_amount(ben, number, 300)
    leads.set_amount(ben, number, 200)
    with pytest.raises(Conflict, match="ben changed it since"):
        undo.undo(session)
    undo.undo(ben)
    undo.undo(ben)
    undo.undo(session)
    assert session.store.value("SELECT amount FROM leads") == 100


def test_changed_back_among_many_rows_is_theirs_too(session, colleague):
    ben = colleague("ben")
    numbers = [leads.create(session, title) for title in ("one", "two", "three")]
    journal.bulk(session, leads.set_amount, numbers, 200)
    leads.set_amount(ben, numbers[1], 300)
    leads.set_amount(ben, numbers[1], 200)
    before = snapshot(session.store)
    with pytest.raises(Conflict, match="ben changed it since"):
        undo.undo(session)
    assert snapshot(session.store) == before


def test_redo_sees_what_was_changed_and_changed_back(session, colleague):
    ben = colleague("ben")
    number = leads.create(session, "Acme", amount=100)
    leads.set_amount(session, number, 200)
    undo.undo(session)
    leads.set_amount(ben, number, 300)
    leads.set_amount(ben, number, 100)
    with pytest.raises(Conflict, match="ben changed it since"):
        undo.redo(session)


def test_each_entry_has_a_token_of_its_own(session):
    for title in ("one", "two"):
        leads.create(session, title)
    undo.undo(session)
    undo.redo(session)
    tokens = [row[0] for row in session.store.rows("SELECT token FROM entries")]
    assert all(tokens) and len(set(tokens)) == len(tokens) == 4
