"""Words typed and not yet kept."""

from tests.core.lists.prospects import fill, ids, row
from tui_crm.core import drafts
from tui_crm.core.calling import operations as calling, session as calling_session
from tui_crm.core.store import open_store, undo
from tui_crm.core.team.sign_in import sign_in


def test_the_last_words_stay(session, clock):
    drafts.save(session, "lead:4:call", "half a")
    clock.go(seconds=1)
    drafts.save(session, "lead:4:call", "half a sentence", {"kind": "call"})
    drafts.save(session, "prospect:1", "ñ")
    found = drafts.load(session, "lead:4:call")
    assert (found.text, found.data) == ("half a sentence", {"kind": "call"})
    assert [d.place for d in drafts.all(session)] == ["prospect:1", "lead:4:call"]
    drafts.drop(session, "lead:4:call")
    assert drafts.load(session, "lead:4:call") is None


def test_a_draft_is_there_for_the_next_process(session, url, clock):
    drafts.save(session, "prospect:1", "typed before the line was cut")
    session.store.close()
    again = sign_in(open_store(url), "ana", clock=clock)[0]
    assert drafts.load(again, "prospect:1").text == "typed before the line was cut"


def test_drafts_are_ones_own_and_nobodys_act(session, colleague):
    ben = colleague("ben")
    entries = session.store.last_entry()
    drafts.save(session, "prospect:1", "mine")
    assert drafts.load(ben, "prospect:1") is None
    assert session.store.last_entry() == entries


def test_hostile_words_are_cleaned(session):
    drafts.save(session, "prospect:1", "a\x1b]0;pwned\x07b")
    assert "\x1b" not in drafts.load(session, "prospect:1").text


def test_words_taken_over_come_back_with_undo_and_go_for_good(session, clock):
    list_id = fill(session, [row(2, "A")])
    first = ids(session, list_id)[0]
    drafts.save(session, f"prospect:{first}", "said no")
    calling.outcome(session, first, 2)
    assert drafts.all(session) == []
    undo.undo(session)
    assert [d.text for d in drafts.all(session)] == ["said no"]
    undo.redo(session)
    clock.go(days=31)
    calling_session.open_seat(session, list_id)
    assert session.store.value("SELECT COUNT(*) FROM drafts") == 0
