"""One search: words, phones in any spelling, numbers; and after whatever is done to a record."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.core.lists.prospects import fill, ids, row, state
from tui_crm.core import phones, search
from tui_crm.core.calling import operations as calling, session as calling_session
from tui_crm.core.leads import actions, closing, leads, people
from tui_crm.core.lists import merge as list_merge
from tui_crm.core.privacy import do_not_call, erase
from tui_crm.core.store import fulltext, undo
from tui_crm.core.store.checks import check
from tui_crm.core.store.derived import renew_all
from tui_crm.core.text import fold

PHONE = "+34600100200"


@pytest.fixture
def list_id(session):
    return fill(
        session,
        [
            row(2, "José Ibáñez Ruiz", "Straßenbau Müller", PHONE, "pepe@strassenbau.example"),
            row(
                3, "Zoë Łukasz", "Œuvres d'Art", "+33199001122", "zoe@oeuvres.example", city="Łódź"
            ),
            row(4, "Jo Brandt", "Müller Metallbau", "+491711234567"),
            row(5, "Nobody", "Odd Numbers", "ring 0600-55 66 77"),
        ],
    )


def found(session, text):
    """``(kind, what it stands for)`` of each hit, in order."""
    return [(hit.kind, hit.name) for hit in search.find(session, text)]


def rows_found(session, text):
    return [hit.line for hit in search.find(session, text) if hit.kind == "prospect"]


# -- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["josé", "JOSE ibanez", "ruiz jo", "muller straße", "strassenbau", "pepe@strassenbau.example"],
)
def test_a_row_is_found_by_the_beginnings_of_its_words(session, list_id, text):
    assert rows_found(session, text) == [2]


@pytest.mark.parametrize("text", ["lukasz", "ŁUKASZ", "oeuvres", "œuvres", "lodz", "łódź zoe"])
def test_letters_that_are_no_letter_with_an_accent(session, list_id, text):
    assert rows_found(session, text) == [3]


def test_scattered_letters_and_middles_find_nothing(session, list_id):
    for text in ("jsz", "jbz", "uller metal", "zoe muller"):
        assert rows_found(session, text) == []


def test_people_clients_notes_lists_and_numbers(session, list_id):
    number = leads.create(
        session,
        "Acme GmbH: relaunch",
        company="Acme GmbH",
        contact="Anna Schmidt",
        points=[("phone", "+49 30 901820"), ("email", "anna@acme.example")],
    )
    actions.log(session, number, "note", text="They want\nthe quote for Pferdestall by May")
    assert found(session, f"#{number}") == [("lead", "Acme GmbH: relaunch")]
    assert found(session, str(number))[0] == ("lead", "Acme GmbH: relaunch")
    assert found(session, "anna sch")[0] == ("person", "Anna Schmidt")
    assert {kind for kind, _name in found(session, "acme")} == {"lead", "client"}
    assert found(session, "spring fair") == [("list", "Spring fair")]
    hit = search.find(session, "pferdestall")[0]
    assert (hit.kind, hit.number, hit.match) == (
        "note",
        number,
        "the quote for Pferdestall by May",
    )
    hit = search.find(session, "acme anna")[0]
    assert (hit.number, "Anna" in hit.match or "Anna" in hit.name) == (number, True)


def test_a_client_is_found_by_its_own_people(session):
    leads.create(session, "Acme GmbH: relaunch", company="Acme GmbH")
    client_id = session.store.value("SELECT id FROM clients")
    session.store.execute(
        "INSERT INTO contacts (client_id, name, role, position) VALUES (?, 'Luisa Ferri', '', 0)",
        (client_id,),
    )
    with session.store.transaction():
        renew_all(session.store)
    hit = search.find(session, "ferri")[0]
    assert (hit.kind, hit.client_id, hit.title) == ("person", client_id, "Acme GmbH")


def test_whole_words_come_before_beginnings_and_names_before_notes(session):
    for title in ("Annabel Ltd: roof", "Ann: roof", "Zed: roof"):
        leads.create(session, title)
    zed = session.store.value("SELECT id FROM leads WHERE title LIKE 'Zed%'")
    actions.log(session, zed, "note", text="spoke with ann")
    assert [name for _kind, name in found(session, "ann")] == [
        "Ann: roof",
        "Annabel Ltd: roof",
        "Zed: roof",
    ]


def test_nothing_typed_finds_nothing(session, list_id):
    for text in ("", " ", "-", "…", "#", "##", "()"):
        assert search.find(session, text) == []


@pytest.mark.parametrize(
    "text", ['"', "a'b", "x* OR y", "NEAR(a b)", "%", "!", "\\", "𐐀", "हिन्दी", "a:b"]
)
def test_what_means_something_to_an_engine_is_only_text(session, list_id, text):
    search.find(session, text)


# -- phones ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "600100200",
        "100200",
        "0100200",
        "+34600100200",
        "0034 600 10 02 00",
        "(600) 100-200",
        "600.100.200",
        "+34-600/100 200",
        "600\u00a0100\u00a0200",
        "٦٠٠١٠٠٢٠٠",
        "Tel.: 600 100 200",
        "jose 600 100 200",
        "600 100 200 ruiz",
    ],
)
def test_a_phone_in_any_spelling(session, list_id, text):
    assert rows_found(session, text) == [2]


@pytest.mark.parametrize(
    "text", ["0171 1234567", "+49 (0) 171 1234567", "00491711234567", "1234567"]
)
def test_a_number_of_another_country(session, list_id, text):
    assert rows_found(session, text) == [4]


def test_a_number_that_is_none_is_found_by_its_digits(session, list_id):
    assert rows_found(session, "55 66 77") == [5]
    assert rows_found(session, "0600556677") == [5]


def test_five_digits_and_other_ends_find_nobody(session, list_id):
    for text in ("00200", "600100", "1600100200", "600100201", "anna 600100200"):
        assert rows_found(session, text) == []


def test_a_switchboard_of_many_is_told_apart_by_more_digits(session):
    many = [row(n, f"Person {n}", "Ayto", f"+34{910 + n % 80}{n // 80:03}000") for n in range(200)]
    fill(session, many, "Town hall")
    others = [row(n, f"Other {n}", "Firm", f"+346{n:02}100200") for n in range(10, 99)]
    fill(session, others, "Others")
    assert len(rows_found(session, "100200")) == 30
    assert rows_found(session, "610100200") == [10]


NUMBERS = st.integers(100_000, 699_999_999)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(NUMBERS, min_size=1, max_size=6, unique=True), st.randoms(), st.integers(6, 9))
def test_who_has_a_number_is_who_it_ends_in(session, numbers, chance: random.Random, length):
    """Against a plain comparison of digits, however the number is printed."""
    stored = [f"+346{number:09d}"[:12] for number in numbers]
    name = f"List {session.store.value('SELECT COUNT(*) FROM lists')}"
    fill(session, [row(n, f"P{n}", "", phone) for n, phone in enumerate(stored)], name)
    end = chance.choice(stored)[-length:]
    printed = "".join(
        digit + chance.choice(["", "", " ", "-", ".", " ("][:5]) for digit in end
    ).strip(" -.")
    expected = {n for n, phone in enumerate(stored) if phone.endswith(end)}
    hits = search.find(session, printed, 1000)
    assert expected <= {hit.line for hit in hits if hit.list_name == name}
    assert all(phones.digits(hit.match).endswith(end) for hit in hits)


def test_a_lead_comes_before_the_row_it_was(session, list_id):
    first = ids(session, list_id)[0]
    number = calling.outcome(session, first, 1).lead_id
    hits = search.find(session, "600100200")
    assert [(hit.kind in ("lead", "person"), hit.number) for hit in hits] == [
        (True, number),
        (False, number),
    ]
    assert hits[1].state == "lead"


def test_digits_that_are_no_phone_are_words(session):
    number = leads.create(session, "Order 20261123: crates")
    assert [hit.number for hit in search.find(session, "20261123")] == [number]


# -- whatever happens to it -----------------------------------------------------------------------


def test_rows_are_found_whatever_their_state(session, list_id):
    first, second, *_others = ids(session, list_id)
    calling.outcome(session, first, 2)
    calling.outcome(session, second, 9, note="never again")
    assert (state(session, first), state(session, second)) == ("done", "blocked")
    assert rows_found(session, "600100200") == [2]
    hit = search.find(session, "lukasz")[0]
    assert (hit.line, hit.state) == (3, "blocked")
    assert hit.blocked is not None and hit.blocked.words == "never again"
    assert "never again" in search.block_words(session, hit.blocked)
    assert search.find(session, "brandt")[0].blocked is None


def test_a_lead_whose_number_is_blocked_says_so(session):
    leads.create(session, "Acme: x", contact="Anna", points=[("phone", PHONE)])
    do_not_call.block(session, PHONE, "asked by letter")
    hit = search.find(session, "600100200")[0]
    assert hit.blocked is not None and hit.blocked.words == "asked by letter"


def test_edits_notes_undo_and_redo_are_followed(session, list_id):
    first = ids(session, list_id)[0]
    calling.edit_row(session, first, {"name": "Rosa Alba", "phone": "+34 600 999 888"})
    assert rows_found(session, "rosa") == [2] == rows_found(session, "999888")
    assert rows_found(session, "jose") == [] == rows_found(session, "100200")
    undo.undo(session)
    assert rows_found(session, "rosa") == [] == rows_found(session, "999888")
    assert rows_found(session, "jose") == [2] == rows_found(session, "100200")
    undo.redo(session)
    assert rows_found(session, "rosa") == [2] == rows_found(session, "999888")
    calling_session.open_seat(session, list_id)
    calling.outcome(session, first, 3, note="on leave till Whitsun")
    assert rows_found(session, "whitsun") == [2]
    undo.undo(session)
    assert rows_found(session, "whitsun") == []


def test_an_import_undone_is_gone_and_redone_is_back(session, list_id):
    undo.undo(session)
    assert rows_found(session, "jose") == [] == rows_found(session, "100200")
    assert check(session.store) == []
    undo.redo(session)
    assert rows_found(session, "jose") == [2] == rows_found(session, "100200")
    assert check(session.store) == []


def test_merged_and_closed_stay_findable(session, list_id):
    other = fill(session, [row(2, "Pia Sander", "Kiosk", "+34600777666")], "Autumn")
    list_merge.merge(session, other, list_id)
    assert [hit.list_name for hit in search.find(session, "777666")] == ["Spring fair"]
    number = leads.create(session, "Kiosk Sander: awning")
    closing.lost(session, number, 1)
    assert ("lead", "Kiosk Sander: awning") in found(session, "awning")
    assert search.find(session, "awning")[0].state == "lost"


def test_a_removed_person_and_a_renamed_lead_are_followed(session):
    number = leads.create(session, "Acme: x", contact="Anna Schmidt", points=[("phone", PHONE)])
    leads.set_title(session, number, "Acme: canopy")
    assert found(session, "canopy") and found(session, "schmidt")
    person = session.store.value("SELECT id FROM contacts")
    people.remove(session, person)
    assert found(session, "schmidt") == [] == found(session, "600100200")


def test_an_erased_person_is_found_by_nothing(session, list_id):
    calling.add_note(session, ids(session, list_id)[0], "José likes herons")
    erase.erase(session, PHONE)
    for text in ("jose", "ibanez", "pepe", "600100200", "100200", "herons"):
        assert search.find(session, text) == []


def test_what_follows_is_what_a_fresh_index_has(session, list_id):
    """Row by row, as the acts of a day leave it, and made anew from the tables."""
    first, second, third, fourth = ids(session, list_id)
    calling.outcome(session, first, 1, note="send it to Uwe")
    calling.outcome(session, second, 9)
    calling.edit_row(session, third, {"company": "Brandt & Söhne", "phone": ""})
    calling.outcome(session, fourth, 6)
    leads.create(session, "Acme: x", company="Acme", contact="Anna", points=[("phone", PHONE)])
    undo.undo(session)

    def texts() -> list[list[tuple[int, list[str]]]]:
        return [
            [
                (number, sorted(set(fold(str(words)).split())))
                for number, words in session.store.rows(
                    f"SELECT rowid, words FROM {index} ORDER BY rowid"
                )
            ]
            for index in fulltext.INDEXES
        ]

    before = texts()
    with session.store.transaction():
        renew_all(session.store)
    assert before == texts()
    assert check(session.store) == []
