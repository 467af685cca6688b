"""Do not call: in every list, with who, when and the words; off again only with a reason."""

import pytest

from tests.core.prospects import fill, ids, row, state
from tui_crm.core import when
from tui_crm.core.errors import CrmError, NotAllowed, NotFound
from tui_crm.core.store import journal
from tui_crm.core.work import blocklist, calling

PHONE = "+34600000001"


@pytest.fixture
def list_id(session):
    return fill(session, [row(2, "A", phone=PHONE), row(3, "B", phone=PHONE, email="b@x.example"),
                          row(4, "C", email="c@x.example")])  # fmt: skip


def test_blocking_closes_the_rows_everywhere(session, list_id):
    assert blocklist.block(session, "600 000 001", "not again") == 2
    assert [state(session, n) for n in ids(session, list_id)] == ["blocked", "blocked", "new"]
    found = blocklist.is_blocked(session.store, [PHONE, "c@x.example", ""])
    assert (list(found), found[PHONE].who, found[PHONE].words) == ([PHONE], "ana", "not again")
    assert found[PHONE].at == int(session.now.timestamp())
    journal.undo(session)
    assert [state(session, n) for n in ids(session, list_id)] == ["new", "new", "new"]


def test_blocked_once(session, list_id):
    blocklist.block(session, "C@X.example")
    with pytest.raises(CrmError, match="already"):
        blocklist.block(session, "c@x.EXAMPLE")


@pytest.mark.parametrize("text", ["", "hello", "12", "a@b"])
def test_what_is_neither_phone_nor_email_is_refused(session, text):
    with pytest.raises(CrmError, match="no phone and no e-mail"):
        blocklist.block(session, text)


def test_off_again_stands_where_it_stood(session, list_id):
    first, second, _third = ids(session, list_id)
    calling.outcome(session, first, 3)
    calling.callback(session, second, when.read("tue 10", session.now))
    blocklist.block(session, PHONE)
    blocklist.block(session, "b@x.example")
    blocklist.unblock(session, PHONE, "they called us")
    assert [state(session, n) for n in (first, second)] == ["retry", "blocked"]
    blocklist.unblock(session, "b@x.example", "they called us")
    assert state(session, second) == "callback"


def test_who_said_do_not_call_does_not_start_over(session, list_id):
    first, second, _third = ids(session, list_id)
    calling.outcome(session, first, 9)
    blocklist.unblock(session, PHONE, "by mistake")
    assert [state(session, n) for n in (first, second)] == ["done", "new"]


def test_unblocking_needs_the_right_and_a_reason(session, list_id, colleague):
    blocklist.block(session, PHONE)
    with pytest.raises(NotAllowed):
        blocklist.unblock(colleague("ben"), PHONE, "please")
    with pytest.raises(CrmError, match="Say why"):
        blocklist.unblock(session, PHONE, " ")
    with pytest.raises(NotFound):
        blocklist.unblock(session, "+34600000009", "why not")
    assert list(blocklist.is_blocked(session.store, [PHONE])) == [PHONE]
