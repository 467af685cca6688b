"""Do not call: in every list, with who, when and the words; off again only with a reason."""

import hmac
import threading

import pytest

from tests.core.lists.prospects import fill, ids, row, state
from tui_crm.core.calling import operations as calling
from tui_crm.core.dates import reader
from tui_crm.core.errors import CrmError, NotAllowed, NotFound
from tui_crm.core.leads import contacts, leads, people
from tui_crm.core.privacy import do_not_call
from tui_crm.core.store import undo

PHONE = "+34600000001"


@pytest.fixture
def list_id(session):
    return fill(
        session,
        [
            row(2, "A", phone=PHONE),
            row(3, "B", phone=PHONE, email="b@x.example"),
            row(4, "C", email="c@x.example"),
        ],
    )


def test_blocking_closes_the_rows_everywhere(session, list_id):
    assert do_not_call.block(session, "600 000 001", "not again") == 2
    assert [state(session, n) for n in ids(session, list_id)] == ["blocked", "blocked", "new"]
    found = do_not_call.is_blocked(session, [PHONE, "c@x.example", ""])
    assert (list(found), found[PHONE].who, found[PHONE].words) == ([PHONE], "ana", "not again")
    assert found[PHONE].at == int(session.now.timestamp())
    undo.undo(session)
    assert [state(session, n) for n in ids(session, list_id)] == ["new", "new", "new"]


def test_blocked_once(session, list_id):
    do_not_call.block(session, "C@X.example")
    with pytest.raises(CrmError, match="already"):
        do_not_call.block(session, "c@x.EXAMPLE")


def test_two_reps_block_one_number_in_the_same_moment(session, colleague, list_id):
    """The second waits for the first, and then hears who it was: no error of the database."""
    if session.store.engine == "sqlite":
        pytest.skip("a SQLite transaction holds the whole store: there is no such moment")
    ben, heard = colleague("ben"), []

    def second() -> None:
        with session.store.db.connection_context():
            try:
                do_not_call.block(ben, PHONE, "me too")
            except CrmError as error:
                heard.append(str(error))

    bens = threading.Thread(target=second)
    with session.store.transaction():
        do_not_call.block(session, PHONE, "not again")
        bens.start()
        while not session.store.rows("SELECT 1 FROM pg_locks WHERE NOT granted"):
            assert bens.is_alive()
    bens.join()
    assert heard == [f"{PHONE} is on the do-not-call list already (ana)."]
    assert [state(session, n) for n in ids(session, list_id)] == ["blocked", "blocked", "new"]


@pytest.mark.parametrize("text", ["", "hello", "12", "a@b"])
def test_what_is_neither_phone_nor_email_is_refused(session, text):
    with pytest.raises(CrmError, match="no phone and no e-mail"):
        do_not_call.block(session, text)


def test_off_again_stands_where_it_stood(session, list_id):
    first, second, _third = ids(session, list_id)
    calling.outcome(session, first, 3)
    calling.callback(session, second, reader.read("tue 10", session.now))
    do_not_call.block(session, PHONE)
    do_not_call.block(session, "b@x.example")
    do_not_call.unblock(session, PHONE, "they called us")
    assert [state(session, n) for n in (first, second)] == ["retry", "blocked"]
    do_not_call.unblock(session, "b@x.example", "they called us")
    assert state(session, second) == "callback"


def test_who_said_do_not_call_does_not_start_over(session, list_id):
    first, second, _third = ids(session, list_id)
    calling.outcome(session, first, 9)
    do_not_call.unblock(session, PHONE, "by mistake")
    assert [state(session, n) for n in (first, second)] == ["done", "new"]


def test_unblocking_needs_the_right_and_a_reason(session, list_id, colleague):
    do_not_call.block(session, PHONE)
    with pytest.raises(NotAllowed):
        do_not_call.unblock(colleague("ben"), PHONE, "please")
    with pytest.raises(CrmError, match="Say why"):
        do_not_call.unblock(session, PHONE, " ")
    with pytest.raises(NotFound):
        do_not_call.unblock(session, "+34600000009", "why not")
    assert list(do_not_call.is_blocked(session, [PHONE])) == [PHONE]


@pytest.mark.parametrize("salt", ["", "a" * 32, "long " * 40])
def test_the_hash_is_hmac_sha256(salt):
    for match in (PHONE, "ä@x.example"):
        expected = hmac.new(salt.encode(), match.encode(), "sha256").hexdigest()
        assert do_not_call.salted_hash(salt, match) == f"sha256:{expected}"


def test_no_lead_and_no_person_with_a_blocked_number(session):
    lead = leads.create(session, "Acme: one", contact="Jo", points=[("phone", "600 000 007")])
    do_not_call.block(session, PHONE, "never again")
    said = r"600 000 001 is on the do-not-call list \(ana, 2026-11-23: never again\)"
    person = session.store.value("SELECT id FROM contacts")
    for act in (
        lambda: leads.create(session, "Acme: two", points=[("phone", "600 000 001")]),
        lambda: people.add(session, lead, "Anna, 600 000 001"),
        lambda: contacts.edit(session, person, "Jo, 600 000 007, 600 000 001"),
    ):
        with pytest.raises(CrmError, match=said) as refused:
            act()
        assert "tui-crm blocked remove" in refused.value.hint
    # What stood there before it was blocked may stay, and shows that it is blocked.
    do_not_call.block(session, "600 000 007", "no")
    contacts.edit(session, person, "Jo Brandt, 600 000 007")
    (jo,) = contacts.of(session, [lead])[lead]
    assert [(p.value, p.blocked) for p in jo.points] == [("600 000 007", True)]


def test_who_has_a_blocked_number(session, list_id):
    lead = leads.create(session, "Acme: one", contact="Jo", points=[("phone", "600 000 001")])
    do_not_call.block(session, PHONE)
    found = do_not_call.carriers(session.store, PHONE)
    assert (found.lists, found.leads) == ((("Spring fair", 2),), ((lead, "Acme: one"),))
