"""Who is called next and why, what is hidden and why. Whether that holds whatever happens is
tested against a model in test_queue_model."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.core.lists.prospects import fill, ids, plain, row, state
from tui_crm.core.calling import (
    counts as calling_counts,
    list_rules,
    operations as calling,
    position,
    queue as calling_queue,
    session as calling_session,
)
from tui_crm.core.dates import reader
from tui_crm.core.errors import Conflict
from tui_crm.core.lists import lists
from tui_crm.core.privacy import do_not_call


def names(coming):
    return [r.name for r in coming.rows]


def hidden(session, list_id):
    return {(h.why, h.words): h.count for h in calling_session.upcoming(session, list_id).hidden}


def adds_up(session, list_id):
    found = calling_counts.count_rows(session, list_id)
    places = found.callable_now + found.later + found.done + found.leads
    return places + sum(h.count for h in found.hidden) == found.rows


def test_the_order_callbacks_retries_new(session, clock):
    list_id = fill(session, [row(n, f"P{n}", phone=f"+3460000000{n}") for n in range(2, 8)])
    two, three, four, five, six, _seven = ids(session, list_id)
    calling.outcome(session, four, 5)  # busy: again in half an hour
    calling.callback(session, five, reader.read("today", session.now))  # any time today
    calling.callback(session, six, reader.read("9:40 Jour fixe", session.now))
    clock.go(minutes=45)
    coming = calling_session.upcoming(session, list_id)
    assert [(r.name, r.why) for r in coming.rows] == [
        ("P6", "callback 09:40 Jour fixe, 17 min late"),
        ("P5", "callback today"),
        ("P4", "2nd try, after: Busy"),
        ("P2", "new, row 1 of 6"),
        ("P3", "new, row 2 of 6"),
        ("P7", "new, row 6 of 6"),
    ]
    list_rules.set_rules(session, list_id, new_first=True)
    assert names(calling_session.upcoming(session, list_id)) == ["P6", "P5", "P2", "P3", "P7", "P4"]
    assert state(session, two) == state(session, three) == "new"


def test_a_prospect_asleep_is_hidden_until_the_window_opens(session, clock):
    zones = ("America/New_York", "Europe/Madrid", "", "Australia/Sydney")
    list_id = plain(session, 8, zones)
    calling_session.open_seat(session, list_id)
    coming = calling_session.upcoming(session, list_id)
    assert [r.name for r in coming.rows] == ["Person 1", "Person 2", "Person 5", "Person 6"]
    assert hidden(session, list_id) == {("hours", "outside hours"): 4}
    assert adds_up(session, list_id)
    new_york_opens = datetime(2026, 11, 23, 8, tzinfo=ZoneInfo("America/New_York"))
    assert coming.next_at == int(new_york_opens.timestamp())
    clock.now = new_york_opens.astimezone(UTC)
    assert calling_session.next_card(session, list_id).name == "Person 0"


def test_an_agreed_time_holds_outside_the_window(session, clock):
    list_id = plain(session, 2)
    calling.callback(session, ids(session, list_id)[0], reader.read("20:00", session.now))
    clock.go(hours=11)  # 20:12
    assert names(calling_session.upcoming(session, list_id)) == ["Person 0"]


def test_a_number_called_today_is_hidden_until_tomorrow(session, clock):
    twice = [
        row(2, "A", phone="+34600000001"),
        row(3, "B", phone="+34600000001"),
        row(4, "C", phone="+34600000002"),
    ]
    list_id = fill(session, twice)
    calling.outcome(session, ids(session, list_id)[0], 3)
    assert names(calling_session.upcoming(session, list_id)) == ["C"]
    assert hidden(session, list_id) == {("today", "called today"): 1}
    clock.go(hours=4, minutes=1)
    assert names(calling_session.upcoming(session, list_id)) == [
        "A",
        "C",
    ]  # its own retry is not hidden
    clock.go(hours=20)
    assert names(calling_session.upcoming(session, list_id)) == ["A", "B", "C"]


def test_a_colleagues_row_is_hidden_by_name(session, colleague, clock):
    ben = colleague("ben")
    rows = [
        row(2, "A", phone="+34600000001"),
        row(3, "B", phone="+34600000001"),
        row(4, "C", phone="+34600000002"),
    ]
    list_id = fill(session, rows)
    calling_session.open_seat(ben, list_id)
    first = calling_session.next_card(ben, list_id).prospect_id
    # B has the number that is on Ben's screen: it is not dialled either.
    assert names(calling_session.upcoming(session, list_id)) == ["C"]
    assert hidden(session, list_id) == {("colleague", "ben"): 2}
    with pytest.raises(Conflict, match="ben has this row"):
        calling_session.open_row(session, first)
    clock.go(minutes=31)  # the lease is over
    calling_session.open_seat(session, list_id)
    assert calling_session.next_card(session, list_id).name == "A"


def test_work_renews_the_lease(session, colleague, clock):
    ben = colleague("ben")
    list_id = plain(session, 1)
    calling_session.open_seat(ben, list_id)
    mine = calling_session.next_card(ben, list_id).prospect_id
    for _n in range(4):
        clock.go(minutes=20)
        calling_session.save_note(ben, mine, "still talking")
    calling_session.open_seat(session, list_id)
    assert calling_session.next_card(session, list_id) is None


def test_a_colleagues_callback_is_everybodys_when_an_hour_late(session, colleague, clock):
    ben = colleague("ben")
    list_id = plain(session, 1)
    calling.callback(ben, ids(session, list_id)[0], reader.read("9:30", ben.now))
    clock.go(minutes=30)
    assert names(calling_session.upcoming(session, list_id)) == []
    assert hidden(session, list_id) == {("promised", "callback of ben"): 1}
    assert names(calling_session.upcoming(ben, list_id)) == ["Person 0"]
    clock.go(minutes=50)
    assert names(calling_session.upcoming(session, list_id)) == ["Person 0"]


def test_spent_and_blocked_rows_are_counted(session):
    list_id = plain(session, 4)
    one, two, three, _four = ids(session, list_id)
    list_rules.set_rules(session, list_id, most_tries=1)
    calling.outcome(session, one, 3)
    calling.outcome(session, two, 2)
    do_not_call.block(
        session,
        session.store.value("SELECT match FROM prospect_keys WHERE prospect_id = ?", (three,)),
    )
    assert hidden(session, list_id) == {
        ("tries", "most tries reached"): 1,
        ("blocked", "blocked"): 1,
    }
    found = calling_counts.count_rows(session, list_id)
    assert (found.done, found.callable_now, found.rows) == (1, 1, 4)


def test_zones_of_a_list_are_walked_along_the_index(session):
    list_id = plain(session, 300, ("Europe/Madrid", "Asia/Tokyo", ""))
    calling.outcome(session, ids(session, list_id)[0], 3)
    due = session.store.value("SELECT due_at FROM prospects WHERE state = 'retry'")
    assert {
        (z.state, z.zone, z.first_due, z.handed)
        for z in session.store.fetch(calling_queue.zones_query(list_id))
    } == {
        ("new", "", None, False),
        ("new", "Asia/Tokyo", None, False),
        ("new", "Europe/Madrid", None, False),
        ("retry", "Europe/Madrid", due, False),
    }


def test_the_questions_run_along_an_index(session):
    if session.store.engine != "sqlite":
        pytest.skip("reads SQLite's query plan")
    list_id = plain(session, 50)
    for state_, where, order in (
        ("new", "zone = 'Europe/Madrid'", "line"),
        ("retry", "zone = 'Europe/Madrid' AND due_at <= 5", "due_at, line"),
    ):
        plan = " / ".join(
            r[3]
            for r in session.store.rows(
                f"EXPLAIN QUERY PLAN SELECT id FROM prospects WHERE list_id = {list_id}"
                f" AND state = '{state_}' AND {where} ORDER BY {order}, id LIMIT 1"
            )
        )
        assert "USING" in plan and "TEMP B-TREE" not in plan, plan


def test_position_follows_rows_that_come_and_go(session):
    from tui_crm.core.store import undo

    list_id = plain(session, 5)
    assert position.find_position(session.store, list_id, 4) == (3, 5)
    lists.add_rows(session, list_id, [row(n, f"X{n}") for n in range(10, 14)])
    assert position.find_position(session.store, list_id, 12) == (8, 9)
    undo.undo(session)
    assert position.find_position(session.store, list_id, 6) == (5, 5)


def test_position_follows_rows_that_move(session, colleague):
    """The last row of the list stays where it is: only the journal tells that others went."""
    from tui_crm.core.lists import edits as list_edits, merge as list_merge
    from tui_crm.core.store import undo

    list_id, other = plain(session, 6), plain(session, 2, name="Other")

    def last():
        return position.find_position(session.store, list_id, 7)

    ben = colleague("ben", role="manager")
    assert last() == (6, 6)
    list_edits.split(ben, list_id, 'contact:"person 3"', "Third")
    assert last() == (5, 5)
    undo.undo(ben)
    assert last() == (6, 6)
    undo.redo(ben)
    assert last() == (5, 5)
    list_merge.merge(session, lists.find(session, "Third").id, other)
    assert last() == (5, 5)
    assert position.find_position(session.store, other, 3) == (2, 3)


def test_a_row_that_a_colleague_called_meanwhile_is_not_mine_any_more(session, colleague, clock):
    ben = colleague("ben")
    list_id = plain(session, 2)
    calling_session.open_seat(session, list_id)
    mine = calling_session.next_card(session, list_id).prospect_id
    clock.go(minutes=31)  # a long lunch: the lease is over
    calling_session.open_seat(ben, list_id)
    assert calling_session.next_card(ben, list_id).prospect_id == mine
    calling.outcome(ben, mine, 3)
    assert calling_session.next_card(session, list_id).name == "Person 1"
