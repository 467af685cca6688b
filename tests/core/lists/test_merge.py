"""One list put into another: rows, columns, calls and duplicates."""

import json

import pytest

from tests.core.lists.prospects import fill, ids, row
from tests.core.whole import entries, snapshot
from tui_crm.core.calling import operations as calling, session as calling_session
from tui_crm.core.errors import CrmError, NotAllowed
from tui_crm.core.lists import lists, merge as list_merge
from tui_crm.core.store import undo

OTHER = [
    {"name": "firma", "field": "company"},
    {"name": "Employees", "field": None},
    {"name": "CONTACT", "field": "name"},
    {"name": "Telefon", "field": "phone"},
]


def other(session, *people, name="Autumn fair"):
    """A list with its columns in another order; people are (name, firm, phone, employees)."""
    list_id = lists.create(session, name, OTHER)
    lists.add_rows(
        session,
        list_id,
        [
            lists.NewRow(
                n,
                (firm, staff, who, phone),
                {"name": who, "company": firm},
                [("phone", phone, phone)] if phone else [],
            )
            for n, (who, firm, phone, staff) in enumerate(people, 2)
        ],
    )
    return list_id


def table(session, list_id):
    info = lists.get(session, list_id)
    heads = [c.name for c in info.columns]
    return [
        (line, {k: v for k, v in zip(heads, json.loads(cells), strict=False) if v}, state, problem)
        for line, cells, state, problem in session.store.rows(
            "SELECT line, cells, state, problem FROM prospects WHERE list_id = ? ORDER BY line",
            (list_id,),
        )
    ]


def test_rows_follow_and_columns_are_united_by_name(session):
    into = fill(session, [row(2, "Ana", "Acme", "+34600000001", machines="3"), row(5, "Bo")])
    source = other(session, ("Cy", "Cyan", "+34600000003", "80"), ("Di", "Dine", "", ""))
    one = ids(session, source)[0]
    calling.outcome(session, one, 1)
    calling.edit_row(session, ids(session, source)[1], {"Employees": "12"})
    before, count = snapshot(session.store), entries(session.store)
    seen = list_merge.merge_preview(session, source, into)
    done = list_merge.merge(session, source, into)
    assert done == seen == list_merge.MergeResult(2, 0, 0, ("Employees",))
    assert [c.name for c in lists.get(session, into).columns] == [
        "Contact",
        "Firma",
        "Telefon",
        "Mail",
        "Land",
        "Maschinen",
        "Employees",
    ]
    assert [(line, cells) for line, cells, _state, _problem in table(session, into)] == [
        (2, {"Contact": "Ana", "Firma": "Acme", "Telefon": "+34600000001", "Maschinen": "3"}),
        (5, {"Contact": "Bo"}),
        (7, {"Contact": "Cy", "Firma": "Cyan", "Telefon": "+34600000003", "Employees": "80"}),
        (8, {"Contact": "Di", "Firma": "Dine", "Employees": "12"}),
    ]
    original = session.store.value("SELECT original FROM prospects WHERE line = 8")
    assert json.loads(original)[:2] == ["Di", "Dine"] and "12" not in original
    assert session.store.rows("SELECT DISTINCT list_id FROM actions WHERE kind = 'call'") == [
        (into,)
    ]
    assert session.store.rows("SELECT list_id FROM leads") == [(into,)]
    assert lists.get(session, source).archived and lists.count_list(session, source).rows == 0
    assert entries(session.store) == count + 1
    undo.undo(session)
    assert snapshot(session.store) == before
    undo.redo(session)
    assert lists.count_list(session, into).rows == 4


def test_the_row_worked_furthest_goes_on(session):
    into = fill(
        session,
        [
            row(2, "New here", "A", "+34600000001"),
            row(3, "Called here", "B", "+34600000002"),
            row(4, "Done here", "C", "+34600000003"),
            row(5, "Alone", "D", "+34600000004"),
        ],
    )
    source = other(
        session,
        ("Called there", "A", "+34600000001", ""),
        ("New there", "B", "+34600000002", ""),
        ("Fresh there", "C", "+34600000003", ""),
        ("Alone too", "E", "+34600000005", ""),
    )
    _new, called, done, _alone = ids(session, into)
    calling.outcome(session, called, 3)
    calling.outcome(session, done, 2)
    calling.outcome(session, ids(session, source)[0], 3)
    before = snapshot(session.store)
    assert list_merge.merge(session, source, into) == list_merge.MergeResult(
        4, 3, 3, ("Employees",)
    )
    assert [
        (c["Contact"], state, problem) for _line, c, state, problem in table(session, into)
    ] == [
        ("New here", "done", "duplicate of Called there, A"),
        ("Called here", "retry", ""),
        ("Done here", "done", ""),
        ("Alone", "new", ""),
        ("Called there", "retry", ""),
        ("New there", "done", "duplicate of Called here, B"),
        ("Fresh there", "done", "duplicate of Done here, C"),
        ("Alone too", "new", ""),
    ]
    row_ = lists.count_list(session, into)
    assert (row_.rows, row_.new, row_.retries, row_.done) == (8, 2, 2, 4)
    undo.undo(session)
    assert snapshot(session.store) == before


def test_equal_rows_leave_the_one_that_was_there(session):
    into = fill(session, [row(2, "Here", "A", "+34600000001", "a@a.example")])
    source = fill(session, [row(2, "There", "A", "", "A@a.example")], "Other")
    assert list_merge.merge(session, source, into).closed == 1
    assert [(c["Contact"], s) for _l, c, s, _p in table(session, into)] == [
        ("Here", "new"),
        ("There", "done"),
    ]


def test_a_session_goes_on_in_the_list_that_stays(session, colleague):
    ben = colleague("ben")
    into = fill(session, [row(2, "Here", "A", "+34600000001")])
    source = other(session, ("There", "B", "+34600000002", ""))
    calling_session.open_seat(ben, source)
    card = calling_session.next_card(ben, source)
    list_merge.merge(session, source, into)
    assert calling_session.last_list(ben) == into
    assert calling_session.next_card(ben, into).prospect_id == card.prospect_id


def test_merge_refuses(session, colleague):
    into = fill(session, [row(2, "Here")])
    with pytest.raises(CrmError, match="itself"):
        list_merge.merge(session, into, into)
    source = fill(session, [row(2, "There")], "Other")
    with pytest.raises(NotAllowed):
        list_merge.merge(colleague("ben"), source, into)
