"""Lists split, rows handed over, columns added: each one operation, one journal entry, one undo."""

import pytest

from tests.core.lists.prospects import fill, ids, plain, row
from tests.core.whole import entries, snapshot
from tui_crm.core.calling import (
    card as calling_card,
    list_rules,
    operations as calling,
    session as calling_session,
)
from tui_crm.core.dates import reader
from tui_crm.core.errors import CrmError, NotAllowed
from tui_crm.core.exchange.writers import export
from tui_crm.core.lists import edits as list_edits, filter as list_filter, lists
from tui_crm.core.store import undo
from tui_crm.core.team import members


def of(session, list_id, what="name"):
    return [
        r[0]
        for r in session.store.rows(
            f"SELECT {what} FROM prospects WHERE list_id = ? ORDER BY line, id", (list_id,)
        )
    ]


def undone_exactly(session, before):
    undo.undo(session)
    assert snapshot(session.store) == before


# -- split ----------------------------------------------------------------------------------------


@pytest.fixture
def worked(session):
    """Six rows: the odd ones of Spain, one called, one a lead, one with a callback."""
    list_id = fill(
        session,
        [
            row(
                n,
                f"P{n}",
                f"Firm {n}",
                f"+3460000000{n}",
                country="ES" if n % 2 else "FR",
                machines=str(n),
            )
            for n in range(2, 8)
        ],
    )
    lists.set_script(session, list_id, "Hello {first name}")
    list_rules.set_rules(session, list_id, call_from="09:00", call_until="17:00", most_tries=3)
    p3, p4, p5 = ids(session, list_id)[1:4]
    calling.outcome(session, p3, 1)
    calling.outcome(session, p4, 3)
    calling.callback(session, p5, reader.read("tue 10", session.now), called=False)
    return list_id


def test_split_takes_rows_calls_and_leads_along(session, worked):
    before, count = snapshot(session.store), entries(session.store)
    done = list_edits.split(session, worked, "land:ES", "Spain")
    assert (done.name, done.rows, done.left) == ("Spain", 3, 3)
    assert of(session, done.list_id) == ["P3", "P5", "P7"]
    assert of(session, worked) == ["P2", "P4", "P6"]
    made, was = lists.get(session, done.list_id), lists.get(session, worked)
    assert (made.columns, made.script, made.call_from, made.most_tries) == (
        was.columns,
        was.script,
        "09:00",
        3,
    )
    calls = session.store.rows(
        "SELECT prospects.name, actions.list_id FROM actions JOIN prospects"
        " ON prospects.id = actions.prospect_id ORDER BY prospects.line"
    )
    assert calls == [("P3", made.id), ("P4", worked)]
    assert session.store.rows("SELECT list_id FROM leads") == [(made.id,)]
    assert lists.count_list(session, made.id).leads == 1
    assert entries(session.store) == count + 1
    undone_exactly(session, before)


def test_split_refuses_what_is_no_split(session, worked, colleague):
    for query, said in (
        ("land:DE", "No row"),
        ("firm", "Every row"),
        ("", "Say which"),
        ("land:", "Say which"),
        ("colour:red", "no column"),
    ):
        with pytest.raises(CrmError, match=said):
            list_edits.split(session, worked, query, "New")
    with pytest.raises(CrmError, match="already"):
        list_edits.split(session, worked, "land:ES", "spring FAIR")
    with pytest.raises(NotAllowed):
        list_edits.split(colleague("ben"), worked, "land:ES", "New")
    assert [r.name for r in lists.lists(session)] == ["Spring fair"]


def test_whoever_stands_on_a_row_stays_there(session, worked, colleague):
    ben = colleague("ben")
    calling_session.open_seat(ben, worked, "P7")
    card = calling_session.next_card(ben, worked)
    calling_session.dial(ben, card.prospect_id)
    calling_session.save_note(ben, card.prospect_id, "half a sentence")
    done = list_edits.split(session, worked, "land:ES", "Spain")
    assert calling_session.last_list(ben) == done.list_id
    again = calling_session.next_card(ben, done.list_id)
    assert (again.prospect_id, again.note) == (card.prospect_id, "half a sentence")
    calling.outcome(ben, card.prospect_id, 3)
    assert session.store.rows(
        "SELECT list_id, number FROM actions WHERE prospect_id = ?", (card.prospect_id,)
    ) == [(done.list_id, "+34600000007")]  # the clock and the number of the call went along
    calling_session.open_seat(session, done.list_id)
    assert calling_session.next_card(session, done.list_id) is None  # P7 is on Ben's screen


# -- handing over ---------------------------------------------------------------------------------


def test_hand_by_filter_and_by_number(session, colleague):
    ben, carl = colleague("ben"), colleague("carl")
    list_id = plain(session, 10)
    before = snapshot(session.store)
    assert list_edits.hand(session, list_id, '"Person 3"', "ben") == list_edits.HandResult(
        1, "ben", 0
    )
    assert list_edits.hand(session, list_id, "", "carl", 4).rows == 4
    assert (
        of(session, list_id, "for_id") == [carl.user_id] * 3 + [ben.user_id, carl.user_id] + [0] * 5
    )
    assert list_edits.hand(session, list_id, "", "BEN", 2).rows == 2  # the next free ones
    assert of(session, list_id, "for_id")[5:7] == [ben.user_id] * 2
    assert list_edits.hand(session, list_id, "rep:ben", "").rows == 3
    assert of(session, list_id, "for_id").count(0) == 6
    for _act in range(4):
        undo.undo(session)
    assert snapshot(session.store) == before


def test_only_rows_that_wait_for_a_call_are_handed(session, colleague):
    ben = colleague("ben")
    list_id = plain(session, 3)
    one, two, _three = ids(session, list_id)
    calling.outcome(session, one, 2)
    calling.callback(session, two, reader.read("tue 10", session.now), called=False)
    assert list_edits.hand_preview(session, list_id, "", "ben").rows == 2
    assert list_edits.hand(session, list_id, "", "ben").rows == 2
    assert of(session, list_id, "for_id") == [0, ben.user_id, ben.user_id]
    assert of(session, list_id, "owner_id") == [None, ben.user_id, None]  # the promise goes along


def test_a_rep_hands_on_only_what_is_his_or_free(session, colleague):
    ben = colleague("ben")
    colleague("carl")
    list_id = plain(session, 4)
    list_edits.hand(session, list_id, "", "carl", 2)
    list_edits.hand(session, list_id, "", "ben", 1)
    assert list_edits.hand_preview(ben, list_id, "", "") == list_edits.HandResult(1, "", 2)
    assert list_edits.hand(ben, list_id, "", "ben") == list_edits.HandResult(1, "ben", 2)
    with pytest.raises(NotAllowed, match="somebody else"):
        list_edits.hand(ben, list_id, "rep:carl", "ben")
    assert list_edits.hand(session, list_id, "rep:carl", "ben").rows == 2  # an admin may


def test_hand_refuses(session, colleague):
    colleague("ben")
    list_id = plain(session, 2)
    for query, user, n in (("", "zoe", None), ("nothing", "ben", None), ("", "ben", 0)):
        with pytest.raises(CrmError):
            list_edits.hand(session, list_id, query, user, n)
    members.edit_user(session, "ben", active=False)
    with pytest.raises(CrmError, match="no longer"):
        list_edits.hand(session, list_id, "", "ben")


# -- columns --------------------------------------------------------------------------------------


def test_a_new_column_is_empty_and_can_be_filled(session):
    list_id = fill(session, [row(2, "Ana", machines="3"), row(3, "Bo")])
    before = snapshot(session.store)
    assert list_edits.add_column(session, list_id, " Home  phone ", "phone") == 6
    assert snapshot(session.store)["prospects"] == before["prospects"]  # no row was written
    one, two = ids(session, list_id)
    calling.edit_row(session, one, {"Home phone": "+34 600 111 222"})
    card = calling_card.card(session, one)
    assert ("Home phone", "+34 600 111 222", "phone") in card.cells
    assert [p.e164 for p in card.phones] == ["+34600111222"]
    assert calling_card.card(session, two).name == "Bo"
    columns, rows = export._prospects(session, "Spring fair")
    exported = [dict(zip(columns, line, strict=True)) for line in rows]
    assert [line["Home phone"] for line in exported] == ["+34 600 111 222", ""]
    assert [line["Maschinen"] for line in exported] == ["3", ""]
    undo.undo(session)
    undone_exactly(session, before)


def test_a_column_is_renamed_in_the_script_too(session):
    list_id = fill(session, [row(2, "Ana", machines="3")])
    lists.set_script(session, list_id, "You have {maschinen}, {Contact}. {Land}")
    before = snapshot(session.store)
    list_edits.rename_column(session, list_id, "masch", "Machines")
    info = lists.get(session, list_id)
    assert [c.name for c in info.columns][-1] == "Machines"
    assert info.script == "You have {Machines}, {Contact}. {Land}"
    assert list_filter.count(session, list_id, "machines:3") == 1
    undone_exactly(session, before)


@pytest.mark.parametrize(
    ("name", "field", "said"),
    [
        ("", None, "needs a name"),
        ("MASCHINEN", None, "already"),
        ("X", "colour", "no field"),
        ("X", "company", "Firma"),
    ],
)
def test_columns_that_make_no_sense_are_refused(session, name, field, said):
    list_id = fill(session, [row(2, "Ana")])
    with pytest.raises(CrmError, match=said):
        list_edits.add_column(session, list_id, name, field)


# -- many rows, one act ---------------------------------------------------------------------------


def test_rows_in_between_do_not_stand_in_the_way_of_undo(session, colleague):
    """An act on the rows of one list, between whose numbers another list's rows lie."""
    colleague("ben")

    def last():
        return session.store.value("SELECT MAX(id) FROM entries")

    list_id = fill(session, [row(2, "A1"), row(3, "A2")])
    other = lists.create(session, "Other")
    lists.add_rows(session, other, [row(2, "B1"), row(3, "B2")])
    between = last()
    lists.add_rows(session, list_id, [row(4, "A3"), row(5, "A4")])
    behind = last()
    assert list_edits.hand(session, list_id, "", "ben").rows == 4
    undo.undo(session, between)
    assert lists.count_list(session, other).rows == 0
    with pytest.raises(CrmError, match="you changed it since"):
        undo.undo(session, behind)
    assert lists.count_list(session, list_id).rows == 4


def test_what_a_colleague_did_since_is_not_overwritten_by_undo(session, colleague):
    ben = colleague("ben")
    list_id = plain(session, 6)
    list_edits.hand(session, list_id, "", "ben")
    list_edits.hand(ben, list_id, '"Person 3"', "")
    with pytest.raises(CrmError, match="ben changed it since"):
        undo.undo(session)
    assert of(session, list_id, "for_id") == [ben.user_id] * 3 + [0] + [ben.user_id] * 2
