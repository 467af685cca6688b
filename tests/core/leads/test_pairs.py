"""Likely pairs are found by what they have in common, remembered as two, or made one."""

from __future__ import annotations

import pytest

from tui_crm.core.leads import closing, leads, merge, pairs, views
from tui_crm.core.store import undo


def found(session, *kinds) -> list[tuple[str, str]]:
    return [(p.one_name, p.other_name) for p in pairs.pairs(session, kinds or pairs.KINDS)]


def test_leads_of_one_client_with_a_title_alike_or_one_phone_are_pairs(session) -> None:
    a = leads.create(session, "Acme: website relaunch", company="Acme")
    b = leads.create(session, "ACME: Website-Relaunch", company="Acme")
    leads.create(session, "Acme: lot 3", company="Acme")
    leads.create(session, "Acme: lot 4", company="Acme")
    points = [("phone", "+49 30 9018204")]
    leads.create(session, "Bolt: pumps", contact="Bo", points=points)
    leads.create(session, "Bolt Ltd: pumps", contact="Bo Berg", points=points)
    leads.create(session, "Cargo: trucks", contact="Bo Berg", points=points)
    assert found(session, "leads") == [
        ("Bolt: pumps", "Bolt Ltd: pumps"),
        ("Acme: website relaunch", "ACME: Website-Relaunch"),
    ]
    pairs.not_same(session, "leads", b, a)
    assert found(session, "leads") == [("Bolt: pumps", "Bolt Ltd: pumps")]
    undo.undo(session)
    merge.merge(session, a, b)
    assert found(session, "leads") == [("Bolt: pumps", "Bolt Ltd: pumps")]


def test_two_closed_leads_are_no_pair_and_a_switchboard_says_nothing(session) -> None:
    for _n in range(2):
        closing.won(session, leads.create(session, "Acme: licences", company="Acme"))
    for n in range(pairs.CROWD + 1):
        leads.create(session, "Dots", contact=f"P{n}", points=[("phone", "+49 30 9018204")])
    assert found(session, "people") == []
    assert ("Acme: licences", "Acme: licences") not in found(session, "leads")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Acme GmbH", "ACME", True),
        ("Müller & Co. KG", "Mueller KG", False),
        ("Talleres Ibarra S.L.", "Talleres Ibarra", True),
        ("Northgate Foods Ltd", "Northgate Food", True),
        ("Acme 3", "Acme 4", False),
        ("GmbH", "AG", False),
        ("Acme", "Acme Polska", False),
    ],
)
def test_names_of_clients(session, one, other, same) -> None:
    leads.create(session, "a", company=one)
    leads.create(session, "b", company=other)
    assert found(session, "clients") == ([(one, other)] if same else [])


def test_people_and_clients_are_made_one_and_nothing_of_them_is_lost(session) -> None:
    email = ("email", "anna@acme.example")
    a = leads.create(session, "a: x", company="Acme", contact="Anna Weber", points=[email])
    points = [email, ("phone", "+49 30 9018204")]
    b = leads.create(
        session, "b: y", company="Acme GmbH", contact="Anna Weber", role="buyer", points=points
    )
    before = [views.one(session, n) for n in (a, b)]
    (people,) = pairs.pairs(session, ("people",))
    merge.merge_people(session, people.one, people.other)
    (clients,) = pairs.pairs(session, ("clients",))
    merge.merge_clients(session, clients.one, clients.other)
    for number in (a, b):
        lead = views.one(session, number)
        assert lead.client == "Acme"
        (anna,) = lead.people
        assert (anna.id, anna.name, anna.role) == (people.one, "Anna Weber", "buyer")
        assert [point.value for point in anna.points] == [email[1], "+49 30 9018204"]
    assert pairs.pairs(session) == []
    undo.undo(session)
    undo.undo(session)
    assert [views.one(session, n) for n in (a, b)] == before
