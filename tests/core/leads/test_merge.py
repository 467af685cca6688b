"""Two leads made one: what is kept, and that no figure counts the other any more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.core.whole import snapshot
from tui_crm.core import reports
from tui_crm.core.dates import reader
from tui_crm.core.errors import NotFound
from tui_crm.core.leads import (
    actions,
    closing,
    filter as lead_filter,
    history as lead_history,
    leads,
    merge,
    next_actions,
    views as lead_views,
)
from tui_crm.core.store import undo


@pytest.fixture
def lead(session):
    return leads.create(
        session,
        "Acme GmbH: website relaunch",
        amount=1_240_000,
        company="Acme GmbH",
        contact="Anna Weber",
        points=[("phone", "+49 30 90182044"), ("email", "anna@acme.example")],
    )


def company(session, **filters):
    return reports.run(session, "company", reports.Filters(period="all", **filters)).totals


def test_the_kept_one_takes_over_people_actions_tags_and_fields(session, lead):
    other = leads.create(
        session, "ACME relaunch", contact="Jörg", tag_names=["hot"], amount=1, description="Site: 1"
    )
    actions.log(session, other, "call", outcome=1, text="hello")
    merge.merge(session, lead, other)
    kept = lead_views.one(session, lead)
    assert [p.name for p in kept.people] == ["Anna Weber", "Jörg"]
    assert (kept.tags, kept.amount, kept.fields) == (("hot",), 1_240_000, {"Site": "1"})
    lines = [line.text for line in lead_history.history(session, lead)]
    assert "hello" in lines and f"with #{other} ACME relaunch, open, €0.01" in lines


def test_a_merged_lead_is_in_no_figure(session, lead, clock):
    other = leads.create(session, "ACME relaunch", amount=500_00)
    closing.won(session, lead)
    merge.merge(session, lead, other)
    figures = company(session)
    # By hand: one deal, made and won, for 12,400.
    assert (figures["created"], figures["won"], figures["cancelled"]) == (1, 1, 0)
    assert figures["won_amount"] == 1_240_000
    assert (figures["win_rate"].n, figures["win_rate"].d) == (1, 1)
    clock.go(days=1)
    yesterday = (session.today - timedelta(days=1)).isoformat()
    assert company(session, as_of=yesterday)["created"] == 1
    assert list(lead_filter.listing(session, "status:all").numbers) == [lead]


@pytest.mark.parametrize("won_first", [True, False])
def test_a_won_lead_stays_won_and_its_money_counts_once(session, lead, won_first, clock):
    other = leads.create(session, "ACME relaunch", amount=700_00)
    closing.won(session, other, on=session.today)
    keep, gone = (other, lead) if won_first else (lead, other)
    clock.go(days=2)
    merge.merge(session, keep, gone)
    figures = company(session)
    assert (figures["created"], figures["won"], figures["won_amount"]) == (1, 1, 700_00)
    kept = lead_views.one(session, keep)
    assert kept.status == "won" and kept.closed == session.today - timedelta(days=2)


def test_an_open_lead_is_not_closed_by_its_double(session, lead):
    other = leads.create(session, "Acme again")
    following = reader.read("fri 9:30 call Anna", session.now)
    next_actions.set_next(session, other, following)
    closing.cancelled(session, lead, "Duplicate")
    merge.merge(session, lead, other)
    kept = lead_views.one(session, lead)
    assert kept.open and kept.closed is None and kept.next.at == following.at


def test_the_amount_that_was_chosen_holds(session, lead):
    other = leads.create(session, "Acme again", amount=900_00)
    assert merge.amounts(session, lead, other) == (1_240_000, 900_00)
    merge.merge(session, lead, other, amount=900_00)
    assert lead_views.one(session, lead).amount == 900_00


def test_one_person_of_both_leads_is_one(session, lead):
    other = leads.create(session, "Acme", contact="anna weber", points=[("phone", "+49 30 111111")])
    merge.merge(session, lead, other)
    (person,) = lead_views.one(session, lead).people
    assert [p.value for p in person.points] == [
        "+49 30 90182044",
        "anna@acme.example",
        "+49 30 111111",
    ]


def test_two_people_with_one_number_are_two(session, lead):
    switchboard = [("phone", "+49 30 90182044")]
    other = leads.create(session, "Acme", contact="Ben Roth", points=switchboard)
    merge.merge(session, lead, other)
    assert [p.name for p in lead_views.one(session, lead).people] == ["Anna Weber", "Ben Roth"]


def test_the_number_leads_on_through_several_merges(session, lead):
    second, third = leads.create(session, "second"), leads.create(session, "third")
    merge.merge(session, second, third)
    merge.merge(session, lead, second)
    assert lead_views.one(session, third).number == lead
    with pytest.raises(NotFound, match=f"#{third} was merged into #{lead}"):
        closing.won(session, third)
    undo.undo(session)
    undo.undo(session)
    assert lead_views.one(session, third).number == third


def test_undo_and_redo_of_a_merge_give_the_exact_rows(session, lead):
    other = leads.create(session, "Acme", contact="Anna Weber", tag_names=["x"], company="Acme")
    actions.log(session, other, "call", outcome=1, text="hello")
    before = snapshot(session.store)
    merge.merge(session, lead, other)
    after = snapshot(session.store)
    undo.undo(session)
    assert snapshot(session.store) == before
    undo.redo(session)
    assert snapshot(session.store) == after
    assert lead_views.one(session, other).number == lead


def test_the_earlier_creation_day_counts_as_of_a_past_day(session, clock):
    first = leads.create(session, "first", amount=100_00)
    clock.go(days=10)
    second = leads.create(session, "second")
    merge.merge(session, second, first)
    past = (session.today - timedelta(days=5)).isoformat()
    assert company(session, as_of=past)["created"] == 1
