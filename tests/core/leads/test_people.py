"""The people of a client are shared by its leads, and stored once."""

from __future__ import annotations

import pytest

from tui_crm.core import search
from tui_crm.core.leads import contacts, filter as lead_filter, leads, merge, people, views
from tui_crm.core.privacy import erase
from tui_crm.core.store import undo

ANNA = [("phone", "+49 30 901820 44"), ("email", "anna@acme.example")]


@pytest.fixture
def acme(session):
    return leads.create(
        session, "Acme: one", company="Acme", contact="Anna Weber", role="buyer", points=ANNA
    )


def names(session, number):
    return [person.name for person in views.one(session, number).people]


def count(session):
    return session.store.value("SELECT COUNT(*) FROM contacts")


def test_a_second_lead_starts_with_the_people_of_the_client(session, acme):
    second = leads.create(session, "Acme: two", company="ACME", contact="Bob")
    assert names(session, second) == ["Bob", "Anna Weber"] and count(session) == 2
    assert names(session, acme) == ["Anna Weber"]  # Bob came with the second
    third = leads.create(session, "Acme: three", company="acme")
    assert sorted(names(session, third)) == ["Anna Weber", "Bob"] and count(session) == 2
    undo.undo(session)
    assert count(session) == 2


def test_who_is_there_already_is_not_stored_again_but_gets_what_is_new(session, acme):
    second = leads.create(
        session,
        "Acme: two",
        company="Acme",
        contact="anna weber",
        points=[("email", "ANNA@acme.example"), ("phone", "+49 171 5550148")],
    )
    assert count(session) == 1
    for number in (acme, second):
        (anna,) = views.one(session, number).people
        assert [p.value for p in anna.points] == [*(v for _k, v in ANNA), "+49 171 5550148"]
    people.add(session, second, "Eve, IT, eve@acme.example")
    people.add(session, acme, "Eve, eve@acme.example, +49 30 9018200")
    assert count(session) == 2 and names(session, acme) == ["Anna Weber", "Eve"]


def test_taking_somebody_off_one_lead_leaves_them_on_the_other(session, acme):
    second = leads.create(session, "Acme: two", company="Acme")
    (anna,) = views.one(session, second).people
    people.remove(session, anna.id, second)
    assert names(session, second) == [] and names(session, acme) == ["Anna Weber"]
    undo.undo(session)
    people.remove(session, anna.id, acme)  # where she lives: she stays with the second
    assert names(session, second) == ["Anna Weber"] and names(session, acme) == []
    people.remove(session, anna.id, second)
    assert count(session) == 0


def test_a_lead_that_goes_to_another_client_leaves_the_shared_people_behind(session, acme):
    second = leads.create(session, "Acme: two", company="Acme", contact="Bob")
    leads.set_client(session, second, "Beta")
    assert names(session, second) == ["Bob"]
    leads.set_client(session, second, "Acme")
    assert names(session, second) == ["Bob", "Anna Weber"] and count(session) == 2


def test_a_shared_person_is_found_and_filtered_on_every_lead(session, acme):
    second = leads.create(session, "Acme: two", company="Acme")
    assert set(lead_filter.listing(session, "with:phone").numbers) == {acme, second}
    assert set(lead_filter.listing(session, "weber").numbers) == {acme, second}
    contacts.edit(session, views.one(session, acme).people[0].id, "Anna Huber, +49 30 901820 44")
    assert set(lead_filter.listing(session, "huber").numbers) == {acme, second}
    assert {hit.number for hit in search.find(session, "90182044")} == {acme, second}


def test_merging_two_leads_of_a_client_copies_and_loses_nobody(session, acme):
    second = leads.create(session, "Acme: two", company="Acme", contact="Bob")
    third = leads.create(session, "Acme: three", company="Acme")
    merge.merge(session, second, acme)  # Anna lives on the one that goes
    assert names(session, second) == ["Bob", "Anna Weber"]
    assert sorted(names(session, third)) == ["Anna Weber", "Bob"] and count(session) == 2
    undo.undo(session)
    assert names(session, acme) == ["Anna Weber"]


def test_two_contacts_who_are_one_are_told_once_on_the_client(session, acme):
    other = leads.create(session, "Loose", contact="Anna Weber", points=[ANNA[1]])
    leads.set_client(session, other, "Acme")
    client = views.one(session, acme).client_id
    assert [p.name for p in people.of(session, client)] == ["Anna Weber"]


def test_a_person_who_is_erased_leaves_every_lead(session, acme):
    second = leads.create(session, "Acme: two", company="Acme")
    erase.erase(session, "anna@acme.example", block=False)
    assert names(session, acme) == names(session, second) == []
