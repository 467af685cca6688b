"""Search text and `touched_at` of leads follow every change, and only what they are made of makes
them anew."""

from datetime import timedelta

import pytest

from tui_crm.core.dates import reader
from tui_crm.core.leads import actions, closing, contacts, leads, merge, next_actions, people
from tui_crm.core.setup import tags
from tui_crm.core.store import derived, undo


def kept(store):
    """The words and the moment of every lead, as they are stored."""
    if store.engine == "sqlite":
        texts = {
            n: set(words.split()) for n, words in store.rows("SELECT rowid, words FROM lead_text")
        }
    else:
        texts = {
            n: set(words)
            for n, words in store.rows("SELECT rowid, tsvector_to_array(words) FROM lead_text")
        }
    moments = dict(store.rows("SELECT id, touched_at FROM leads"))
    return texts, moments


def expected(store):
    """The same, made anew from all rows; what is stored stays as it is."""
    with store.db.atomic() as transaction:
        store.execute("DELETE FROM lead_text")
        store.execute("UPDATE leads SET touched_at = 0")
        derived.renew(store, [n for (n,) in store.rows("SELECT id FROM leads")])
        found = kept(store)
        transaction.rollback()
    return found


def _act(session, name):
    store, today = session.store, session.today
    first, second = store.rows("SELECT id FROM leads ORDER BY id LIMIT 2")
    one, other = first[0], second[0]
    person = lambda: store.value("SELECT MIN(id) FROM contacts WHERE lead_id = ?", (one,))  # noqa: E731
    acts = {
        "title": lambda: leads.set_title(session, one, "Zebra crossing"),
        "fields": lambda: leads.set_description(session, one, "Machines: Trumpf"),
        "client": lambda: leads.set_client(session, one, "Umbrella GmbH"),
        "amount": lambda: leads.set_amount(session, one, 99),
        "star": lambda: leads.star(session, one),
        "step": lambda: leads.move_step(session, one, 1),
        "next": lambda: next_actions.set_next(session, one, reader.read("fri visit", session.now)),
        "tag": lambda: tags.change(session, one, "hot"),
        "log": lambda: actions.log(session, one, "call", outcome=1, text="wants a quote"),
        "log earlier": lambda: actions.log(
            session, one, "email", text="sent", at=session.now - timedelta(days=3)
        ),
        "correct": lambda: actions.edit(
            session, actions.newest(session), "wanted something else altogether"
        ),
        "remove": lambda: actions.remove(session, actions.newest(session)),
        "person": lambda: people.add(session, one, "Eve Adams, buyer, +49 30 9018204"),
        "edit person": lambda: contacts.edit(session, person(), "Eva Adam, eva@adam.example"),
        "remove person": lambda: people.remove(session, person()),
        "won": lambda: closing.won(session, one),
        "created": lambda: closing.set_created_on(session, one, today - timedelta(days=9)),
        "merge": lambda: merge.merge(session, one, other),
        "merge back": lambda: merge.merge(session, other, one),
    }
    acts[name]()


ACTS = [
    *("title", "fields", "client", "amount", "star", "step", "next", "tag", "log", "log earlier"),
    *("correct", "remove", "person", "edit person", "remove person", "won", "created"),
]
MERGES = ["merge", "merge back"]


@pytest.fixture
def two(session, clock):
    for title, who in (("Acme: relaunch", "Anna Weber"), ("Borealis", "Bo Larsen")):
        number = leads.create(
            session, title, company=title, contact=who, points=[("phone", "+49 30 90182044")]
        )
        clock.go(minutes=5)
        actions.log(session, number, "call", text="asked for Friday")
        clock.go(minutes=5)
    return session


@pytest.mark.parametrize("name", ACTS + MERGES)
def test_they_follow_an_act_its_undo_and_its_redo(two, clock, name):
    _act(two, name)
    assert kept(two.store) == expected(two.store)
    clock.go(minutes=5)
    undo.undo(two)
    assert kept(two.store) == expected(two.store)
    clock.go(minutes=5)
    undo.redo(two)
    assert kept(two.store) == expected(two.store)


def test_all_of_them_together(two, clock):
    for name in ACTS:
        _act(two, name)
        clock.go(minutes=1)
        assert kept(two.store) == expected(two.store), name
    for _name in ACTS:
        undo.undo(two)
        assert kept(two.store) == expected(two.store)
