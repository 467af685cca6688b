"""Forgetting a person: nothing that names them is left in the store, every count stays, and the
number stays blocked by its hash."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.lists.prospects import fill, ids, row, state
from tui_crm.core import drafts, feed, search
from tui_crm.core.calling import (
    counts as calling_counts,
    operations as calling,
    session as calling_session,
)
from tui_crm.core.dates import reader
from tui_crm.core.errors import CrmError, NotAllowed, NotFound
from tui_crm.core.exchange.importing import preview
from tui_crm.core.exchange.leads.importer import LeadImport
from tui_crm.core.exchange.prospects.importer import ProspectImport
from tui_crm.core.leads import actions, contacts, filter as lead_filter, leads, people
from tui_crm.core.privacy import do_not_call, erase
from tui_crm.core.store import fulltext, undo
from tui_crm.core.store.tables import TABLES
from tui_crm.core.team.sign_in import sign_in

PHONE = "+34600000001"
MAIL = "katrin.vogel@mueller.example"
# What may not be found in any table once Katrin Vogel is forgotten.
SIGNS = ("600000001", "600 000 001", "600.000.001", "katrin", "vogel", "secret")


def text_of(session) -> str:
    """Every table as text, the journal and the full-text index included."""
    names = [model._meta.table_name for model in TABLES] + list(fulltext.INDEXES)
    if session.store.engine == "sqlite":
        names += [f"{index}_content" for index in fulltext.INDEXES]
    rows = [str(r) for name in names for r in session.store.rows(f"SELECT * FROM {name}")]
    return "\n".join(rows).lower()


def left(session) -> list[str]:
    whole = text_of(session)
    return [sign for sign in SIGNS if sign in whole]


@pytest.fixture
def list_id(session):
    return fill(
        session,
        [
            row(2, "Katrin Vogel", "Müller Metallbau", PHONE, MAIL, machines="3"),
            row(3, "Luc Rousseau", "Atelier Rousseau", "+33199001122", "luc@rousseau.example"),
            row(4, "Jo Brandt", "Müller Metallbau", "+34600000009", machines="ring 600.000.001"),
        ],
    )


@pytest.fixture
def worked(session, clock, list_id):
    """Katrin was called twice, became a lead, and was written about in many places."""
    first, second, third = ids(session, list_id)
    calling_session.open_seat(session, list_id)
    calling.outcome(session, first, 3, note="secret: on leave")
    clock.go(hours=5)
    calling.edit_row(session, first, {"name": "Katrin A. Vogel"})
    calling.edit_row(session, first, {"name": "Katrin Vogel"})
    lead = calling.convert(session, first)
    leads.set_title(session, lead, "Müller Metallbau: Katrin Vogel, presses")
    leads.set_description(session, lead, "Employees: 85\nPhone: 600 000 001\nDecides: Katrin")
    actions.log(session, lead, "call", outcome=1, text="secret Vogel wants a quote, 600 000 001")
    other = leads.create(
        session,
        "Other: two people",
        contact="Katrin Vogel",
        points=[("email", MAIL)],
        following=reader.read("fri call Katrin about Luc", session.now),
    )
    people.add(session, other, "Luc Rousseau, buyer, +33 1 99 00 11 22")
    actions.log(session, other, "note", text="Luc says: ask Vogel (0600 000 001)")
    drafts.save(session, f"prospect:{second}", "colleague of +34 600 000 001")
    drafts.save(session, f"lead:{lead}:call", "secret")
    calling.set_note(session, third, "knows somebody at 600-000-001")
    do_not_call.block(session, PHONE, "secret: she is angry")
    return {"rows": (first, second, third), "lead": lead, "other": other, "list": list_id}


def counts(session) -> list[tuple[object, ...]]:
    """What figures are made of."""
    store = session.store
    return [
        *store.rows("SELECT COUNT(*) FROM prospects"),
        *store.rows(
            "SELECT kind, reached, COUNT(*) FROM actions GROUP BY kind, reached"
            " ORDER BY kind, reached"
        ),
        *store.rows("SELECT status, COUNT(*), SUM(amount) FROM leads GROUP BY status"),
        *store.rows("SELECT SUM(tries) FROM prospects"),
        *store.rows("SELECT COUNT(*) FROM history"),
    ]


def test_nothing_is_left_and_every_count_stays(session, worked):
    assert set(SIGNS) - set(left(session)) == set(), "the test looks for what is there"
    before = counts(session)
    done = erase.erase(session, "600 000 001")
    assert left(session) == []
    assert counts(session) == before
    assert (done.rows, done.people, done.leads) == (1, 2, 2)


def test_the_same_by_the_e_mail(session, worked):
    """She stands on the second lead with her e-mail alone: the name says that it is her."""
    done = erase.erase(session, MAIL)
    assert (done.rows, done.people, done.leads) == (1, 2, 2)
    assert left(session) == []


def test_others_keep_what_is_theirs(session, worked):
    erase.erase(session, MAIL)
    store = session.store
    assert store.rows("SELECT name, company, state FROM prospects ORDER BY id")[1:] == [
        ("Luc Rousseau", "Atelier Rousseau", "new"),
        ("Jo Brandt", "Müller Metallbau", "new"),
    ]
    there = contacts.of(session, [worked["other"]])[worked["other"]]
    assert [p.name for p in there] == ["Luc Rousseau"]
    lead = store.rows("SELECT title, description FROM leads WHERE id = ?", (worked["lead"],))
    assert lead[0][0] == "Müller Metallbau: presses"
    assert lead[0][1] == "Employees: 85"
    assert (
        store.value("SELECT next_text FROM leads WHERE id = ?", (worked["other"],)) == "about Luc"
    )
    note = store.value(
        "SELECT text FROM actions WHERE kind = 'note' AND lead_id = ?", (worked["other"],)
    )
    assert note == "Luc says: ask"


def test_an_open_row_of_nobody_is_not_called(session, list_id):
    first, second, _third = ids(session, list_id)
    calling.callback(session, first, reader.read("tue 10", session.now))
    erase.erase(session, PHONE, block=False)
    assert [state(session, first), state(session, second)] == ["done", "new"]
    assert session.store.rows("SELECT due_at FROM prospects WHERE id = ?", (first,)) == [(None,)]
    assert calling_counts.count_rows(session, list_id).done == 1


# -- the hash --------------------------------------------------------------------------------------


def test_the_hash_blocks_everywhere(session, worked, tmp_path):
    erase.erase(session, PHONE)
    assert list(do_not_call.is_blocked(session, [PHONE, "+34600000009"])) == [PHONE]
    kept = [b for b in do_not_call.blocked(session) if b.kind == "phone"]
    assert [(b.match[:7], b.words, b.forgotten) for b in kept] == [("sha256:", "", True)]
    # At lead creation and when a person is added to a lead.
    with pytest.raises(CrmError, match="do-not-call"):
        leads.create(session, "Again", points=[("phone", "600 000 001")])
    with pytest.raises(CrmError, match="do-not-call"):
        people.add(session, worked["other"], "Somebody, +34 600 000 001")
    # In an import of prospects, of leads, and in rows that are added otherwise.
    file = tmp_path / "again.csv"
    file.write_text("Name,Phone\nKatrin,600 000 001\nNew One,600 000 777\n")
    seen = preview(session, ProspectImport(), file)
    assert (seen.added, [s.line for s in seen.skipped]) == (1, [2])
    file.write_text("Deal name,Status,Phone\nKatrin deal,open,600 000 001\n")
    assert preview(session, LeadImport(), file).added == 0
    fresh = fill(session, [row(2, "K", phone=PHONE), row(3, "L", phone="+34600000778")], "More")
    assert [state(session, n) for n in ids(session, fresh)] == ["blocked", "new"]
    # And when a row is corrected to that number.
    number = ids(session, fresh)[1]
    calling.edit_row(session, number, {"phone": "600 000 001"})
    assert state(session, number) == "blocked"


def test_blocked_again_or_taken_off(session, list_id):
    erase.erase(session, PHONE)
    with pytest.raises(CrmError, match="already"):
        do_not_call.block(session, PHONE)
    do_not_call.unblock(session, PHONE, "they wrote to us")
    assert do_not_call.is_blocked(session, [PHONE]) == {}
    undo.undo(session)
    assert list(do_not_call.is_blocked(session, [PHONE])) == [PHONE]


def test_without_blocking_nothing_stays_on_the_list(session, list_id):
    erase.erase(session, PHONE, block=False)
    assert do_not_call.blocked(session) == []
    do_not_call.block(session, "luc@rousseau.example", "no")
    erase.erase(session, "luc@rousseau.example", block=False)
    assert [b.forgotten for b in do_not_call.blocked(session)] == [True], "blocked before: stays so"


# -- undo ------------------------------------------------------------------------------------------


def test_it_cannot_be_undone_and_what_was_before_can(session, worked):
    before = len(session.store.rows("SELECT id FROM leads"))
    erase.erase(session, PHONE)
    last = session.store.value("SELECT MAX(id) FROM entries")
    with pytest.raises(CrmError, match="cannot be brought back"):
        undo.undo(session, last)
    undo.undo(session)  # the block: its own entry still stands
    undo.undo(session)  # the note on the third row
    assert len(session.store.rows("SELECT id FROM leads")) == before
    assert left(session) == []


def test_undoing_everything_brings_nobody_back(session, worked):
    """Every earlier act that can still be taken back is; whatever comes back has no name."""
    erase.erase(session, MAIL)
    for (number,) in session.store.rows("SELECT id FROM entries ORDER BY id DESC"):
        try:
            undo.undo(session, number)
        except CrmError:
            continue
    assert left(session) == []


def test_rows_removed_before_are_cleaned_in_the_journal(session, clock):
    lead = leads.create(session, "Firm: one", contact="Katrin Vogel", points=[("phone", PHONE)])
    person = session.store.value("SELECT id FROM contacts")
    people.remove(session, person)
    fill(session, [row(2, "Katrin Vogel", "Firm", PHONE)], "Bought")
    undo.undo(session)  # the rows
    undo.undo(session)  # the list
    do_not_call.block(session, PHONE, "secret")
    do_not_call.unblock(session, PHONE, "asked us")
    assert "vogel" in left(session)
    erase.erase(session, PHONE)
    assert left(session) == []
    assert lead in lead_filter.listing(session, "").numbers.tolist()


# -- the rest --------------------------------------------------------------------------------------


def test_a_lead_named_after_its_person_gets_a_neutral_title(session):
    lead = leads.create(session, "Katrin Vogel", contact="Katrin Vogel", points=[("phone", PHONE)])
    erase.erase(session, PHONE)
    assert session.store.value("SELECT title FROM leads WHERE id = ?", (lead,)) == "(forgotten)"


def test_a_shared_number_takes_nobody_elses_address(session):
    """Two people behind one switchboard: forgetting one by her address leaves the other whole."""
    lead = leads.create(
        session, "Firm: a", contact="Katrin Vogel", points=[("phone", PHONE), ("email", MAIL)]
    )
    people.add(session, lead, "Luc Rousseau, +34 600 000 001")
    erase.erase(session, MAIL)
    there = contacts.of(session, [lead])[lead]
    assert [(p.name, [x.value for x in p.points]) for p in there] == [
        ("Luc Rousseau", ["+34 600 000 001"])
    ]
    assert do_not_call.is_blocked(session, [PHONE]) == {}
    assert "katrin" not in text_of(session)


def test_it_is_not_found_by_search(session, worked):
    erase.erase(session, PHONE)
    assert search.find(session, "Vogel") == []
    assert lead_filter.listing(session, "Vogel").numbers.tolist() == []


def test_what_would_be_forgotten_is_told_before(session, worked):
    told = erase.preview(session, "600 000 001")
    assert (told.match, told.rows, told.people, told.leads, told.blocked) == (PHONE, 1, 2, 2, True)
    assert "katrin" in text_of(session)


def test_nobody_there(session):
    with pytest.raises(NotFound, match="Nothing here carries"):
        erase.erase(session, "600 000 005")
    assert do_not_call.blocked(session) == []


def test_a_rep_may_not(session, list_id, colleague):
    for act in (erase.erase, erase.preview):
        with pytest.raises(NotAllowed):
            act(colleague(f"ben{act.__name__}"), PHONE)
    assert "katrin" in text_of(session)


def test_the_feed_tells_that_it_was_done_and_not_of_whom(session, list_id):
    erase.erase(session, PHONE)
    entry = feed.feed(session)[0]
    assert (entry.by, entry.text) == ("ana", "a person was forgotten")


def test_not_even_the_file_holds_it(sqlite_url, clock):
    """SQLite leaves deleted text in free pages and in its log; here it may not."""
    from tui_crm.core.store import open_store

    store = open_store(sqlite_url)
    session = sign_in(store, "ana", clock=clock)[0]
    lead = leads.create(
        session, "Firm: Zwetschgenbaum", contact="Zora Zwetschgenbaum", points=[("phone", PHONE)]
    )
    leads.set_description(session, lead, "Zwetschgenbaum likes plums")
    erase.erase(session, PHONE)
    store.close()
    for path in Path(sqlite_url).parent.glob("crm.db*"):
        held = path.read_bytes().lower()
        assert b"zwetschgenbaum" not in held and b"600000001" not in held, path.name


def test_nothing_is_hashed_while_nobody_is_forgotten(session, list_id):
    assert not do_not_call.has_forgotten(session.store)
    do_not_call.block(session, PHONE)
    assert not do_not_call.has_forgotten(session.store)
    erase.erase(session, PHONE)
    assert do_not_call.has_forgotten(session.store)
