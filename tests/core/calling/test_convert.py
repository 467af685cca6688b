"""A row becomes a lead, or part of the one that there is already."""

from __future__ import annotations

import pytest

from tests.core.lists.prospects import COLUMNS, everything, fill, ids, row, state
from tui_crm.core.calling import card as calling_card, operations as calling
from tui_crm.core.dates import reader
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.leads import (
    actions,
    clients,
    closing,
    duplicates,
    history as lead_history,
    leads,
    views as lead_views,
)
from tui_crm.core.lists import lists
from tui_crm.core.setup import tags
from tui_crm.core.store import undo

KATRIN = row(2, "Katrin Vogel", "Müller Metallbau", "+497513661208", "K.Vogel@mueller.example")


@pytest.fixture
def katrin(session):
    return ids(session, fill(session, [KATRIN]))[0]


def listed(session, **cells):
    """A list with more columns, each with its cell; the row."""
    columns = [*COLUMNS, *({"name": name, "field": None} for name in cells)]
    number = lists.create(session, "Wide", columns)
    lists.add_rows(
        session,
        number,
        [lists.NewRow(2, (*KATRIN.cells, *cells.values()), KATRIN.values, KATRIN.keys)],
    )
    return ids(session, number)[0]


def test_columns_named_as_fields_of_a_lead_fill_it(session):
    prospect = listed(
        session,
        **{
            "Deal name": "Relaunch",
            "Budget": "12.400,50 €",
            "Stage": "proposal",
            "Quelle": "Fair",
            "Voraussichtlicher Abschluss": "31.12.2026",
            "Wahrscheinlichkeit": "35 %",
            "Etiquetas": "hot, laser",
            "Beschreibung": "Wants a visit",
            "Halle": "4",
        },
    )
    lead = lead_views.one(session, calling.outcome(session, prospect, 1).lead_id)
    assert (lead.title, lead.amount, lead.step, lead.source) == (
        "Relaunch",
        1_240_050,
        "Proposal",
        "Fair",
    )
    assert (str(lead.expected_close), lead.own_probability) == ("2026-12-31", 35)
    assert lead.tags == ("hot", "laser")
    assert lead.description.splitlines() == ["Wants a visit", "Halle: 4"]
    assert lead.client == "Müller Metallbau"


def test_what_makes_no_sense_there_stays_a_line(session):
    prospect = listed(session, Amount="ask Anna", Stage="Nonsense", Probability="high", Price="5")
    lead = lead_views.one(session, calling.outcome(session, prospect, 1).lead_id)
    assert (lead.amount, lead.step, lead.own_probability) == (None, "Qualified", None)
    assert lead.description.splitlines() == [
        "Amount: ask Anna",
        "Stage: Nonsense",
        "Probability: high",
        "Price: 5",
    ]


def test_the_second_column_of_a_field_stays_a_line(session):
    prospect = listed(session, Amount="100", Betrag="200")
    lead = lead_views.one(session, calling.outcome(session, prospect, 1).lead_id)
    assert (lead.amount, lead.description) == (10_000, "Betrag: 200")


@pytest.mark.parametrize(
    ("lead", "why"),
    [
        ({"points": [("phone", "+49 751 3661208")]}, "same phone"),
        ({"points": [("email", "k.vogel@MUELLER.example")]}, "same e-mail"),
        ({"company": "MÜLLER Metallbau", "contact": "katrin vogel"}, "same company and name"),
    ],
)
def test_a_row_that_is_a_lead_already_is_known(session, katrin, colleague, lead, why):
    number = leads.create(colleague("ben"), "Müller: relaunch", **lead)
    (twin,) = calling_card.card(session, katrin).duplicates
    assert (twin.lead_id, twin.owner, twin.status, twin.why) == (number, "ben", "open", why)
    (warning,) = calling_card.card(session, katrin).warnings
    assert (warning.kind, warning.lead_id) == ("lead", number)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("Jo, +49 751 3661208", "same phone"),
        ("Jo, k.vogel@mueller.example", "same e-mail"),
        ("Katrin Vogel", "same company and name"),
    ],
)
def test_a_row_that_is_a_person_of_a_client_is_known_by_each_of_its_leads(
    session, katrin, typed, why
):
    first = leads.create(session, "Müller: press", company="Müller Metallbau")
    clients.add_person(session, lead_views.one(session, first).client_id, typed)
    second = leads.create(session, "Müller: saw", company="Müller Metallbau")  # shares them
    twins = calling_card.card(session, katrin).duplicates
    assert [(twin.lead_id, twin.why) for twin in twins] == [(second, why), (first, why)]
    points = [
        (p.kind, p.value)
        for person in lead_views.one(session, second).people
        for p in person.points
    ]
    found = duplicates.find_duplicates(session, points=points)
    assert [twin.lead_id for twin in found] == ([second, first] if points else [])


def test_another_person_of_the_company_is_no_twin(session, katrin):
    leads.create(session, "Müller: press", company="Müller Metallbau", contact="Jo Vogel")
    assert calling_card.card(session, katrin).duplicates == ()


def test_a_row_given_to_a_lead(session, katrin, clock):
    lead = leads.create(
        session,
        "Müller: relaunch",
        company="Müller Metallbau",
        amount=5,
        contact="Katrin Vogel",
        points=[("phone", "+49 751 3661208")],
        following=reader.read("fri 9 send offer", session.now),
    )
    calling.outcome(session, katrin, 4, note="back on Monday")
    clock.go(days=1)
    before = everything(session)
    assert (
        calling.attach(session, katrin, lead, 1, note="back on Monday\nwants two").lead_id == lead
    )
    assert state(session, katrin) == "lead"
    assert session.store.value("SELECT COUNT(*) FROM leads") == 1
    found = lead_views.one(session, lead)
    (person,) = found.people
    assert [p.value for p in person.points] == ["+49 751 3661208", "K.Vogel@mueller.example"]
    told = session.store.rows(
        "SELECT kind, text, reached FROM actions WHERE lead_id = ? ORDER BY id", (lead,)
    )
    assert told == [("call", "back on Monday", 0), ("call", "wants two", 1)]
    assert (found.amount, found.next.text, found.list) == (5, "send offer", "Spring fair")
    undo.undo(session)
    assert everything(session) == before


def test_the_origin_of_the_lead_stays_the_first(session, katrin):
    other = fill(session, [KATRIN], "Autumn fair")
    lead = calling.outcome(session, katrin, 1).lead_id
    calling.attach(session, ids(session, other)[0], lead, 1)
    assert lead_views.one(session, lead).list == "Spring fair"
    assert len(lead_views.one(session, lead).people) == 1


def test_a_new_person_of_the_lead(session, katrin):
    lead = leads.create(session, "Somebody's", contact="Jo")
    calling.attach(session, katrin, lead, 1, callback=reader.read("fri 9 send plans", session.now))
    assert [p.name for p in lead_views.one(session, lead).people] == ["Jo", "Katrin Vogel"]
    assert lead_views.one(session, lead).next.text == "send plans"


def test_without_a_call_only_the_row_is_given(session, katrin):
    calling.set_note(session, katrin, "met at the fair")
    lead = leads.create(session, "Müller")
    calling.attach(session, katrin, lead)
    assert session.store.rows("SELECT kind, text FROM actions") == [("note", "met at the fair")]


def test_a_due_next_action_is_done_by_the_call_and_a_closed_lead_keeps_closed(session, katrin):
    lead = leads.create(session, "Due", following=reader.read("today call", session.now))
    calling.attach(session, katrin, lead, 1)
    assert lead_views.one(session, lead).next is None
    undo.undo(session)
    closing.won(session, lead)
    calling.attach(session, katrin, lead, 1, callback=reader.read("fri 9", session.now))
    assert lead_views.one(session, lead).status == "won"
    assert lead_views.one(session, lead).next is None


def test_what_cannot_be_attached(session, katrin):
    lead = leads.create(session, "Müller")
    with pytest.raises(CrmError, match="makes no lead"):
        calling.attach(session, katrin, lead, 3)
    with pytest.raises(NotFound):
        calling.attach(session, katrin, 999, 1)
    assert state(session, katrin) == "new"
    assert session.store.value("SELECT COUNT(*) FROM actions") == 0


def test_calls_of_both_stand_in_one_history(session, katrin, clock):
    lead = leads.create(session, "Müller")
    actions.log(session, lead, "call", outcome=1, text="on the lead")
    clock.go(minutes=5)
    calling.outcome(session, katrin, 3, note="on the row")
    clock.go(minutes=5)
    calling.attach(session, katrin, lead, 8)
    calls = [line.text for line in lead_history.history(session, lead) if not line.system]
    assert calls == ["", "on the row", "on the lead"]
    assert tags.of(session.store, [lead]).get(lead, ()) == ()
