"""The rules of a list at work: limits, hours, rows handed to a rep, and that a change of rules
plans everything anew at once and is one undo."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.core.lists.prospects import everything, fill, ids, plain, row, state, take
from tui_crm.core.calling import (
    list_rules,
    operations as calling,
    plan as calling_plan,
    session as calling_session,
)
from tui_crm.core.dates import reader
from tui_crm.core.errors import CrmError
from tui_crm.core.leads import actions, leads
from tui_crm.core.setup import outcomes
from tui_crm.core.store import undo

MADRID = ZoneInfo("Europe/Madrid")


def names(session, list_id):
    return [r.name for r in calling_session.upcoming(session, list_id).rows]


def hidden(session, list_id):
    return {h.words: h.count for h in calling_session.upcoming(session, list_id).hidden}


def due(session, row_id):
    at = session.store.value("SELECT due_at FROM prospects WHERE id = ?", (row_id,))
    return f"{datetime.fromtimestamp(at, MADRID):%a %d %H:%M}"


def hand(session, row_ids, who):
    for number in row_ids:
        session.store.execute("UPDATE prospects SET for_id = ? WHERE id = ?", (who.user_id, number))


# -- limits ---------------------------------------------------------------------------------------


def test_a_number_is_called_so_often_in_all_lists_and_leads(session, clock):
    first = fill(session, [row(2, "A", phone="+34600000001")], "First")
    second = fill(
        session, [row(2, "B", phone="+34600000001"), row(3, "C", phone="+34600000002")], "Second"
    )
    calling.outcome(session, ids(session, first)[0], 2)
    lead = leads.create(session, "Laser")
    actions.log(session, lead, "call", outcome="No answer")
    session.store.execute("UPDATE actions SET number = '+34600000001' WHERE lead_id = ?", (lead,))
    clock.go(days=1)
    assert names(session, second) == ["B", "C"]
    list_rules.set_rules(session, second, most_per_number=2)
    assert names(session, second) == ["C"]
    assert hidden(session, second) == {"number called often enough": 1}
    list_rules.set_rules(session, second, most_per_number=3)
    assert names(session, second) == ["B", "C"]


def test_a_row_with_another_good_number_is_not_spent(session, clock):
    list_id = fill(session, [row(2, "A", phone="+34600000001")])
    number = ids(session, list_id)[0]
    calling.edit_row(session, number, {"phone": "+34 600 000 001 / +34 600 000 002"})
    list_rules.set_rules(session, list_id, most_per_number=1)
    calling_session.open_seat(session, list_id)
    calling_session.next_card(session, list_id)
    calling_session.dial(session, number, "+34600000001")
    calling.outcome(session, number, 3)
    clock.go(hours=5)
    assert names(session, list_id) == ["A"]
    session.store.execute("UPDATE prospect_keys SET bad = 1 WHERE match = '+34600000002'")
    assert names(session, list_id) == []  # the one that is left was called once


def test_the_last_call_of_a_number_ends_its_row(session, clock):
    list_id = plain(session, 1)
    one = ids(session, list_id)[0]
    list_rules.set_rules(session, list_id, most_per_number=1)
    calling_session.open_seat(session, list_id)
    words = {choice.label: choice for choice in calling_session.next_card(session, list_id).choices}
    assert words["No answer"].words == "number called often enough: row done"
    list_rules.set_rules(session, list_id, most_per_number=0)
    calling.outcome(session, one, 3)
    assert due(session, one) == "Mon 23 13:12"
    list_rules.set_rules(session, list_id, most_per_number=1)
    assert state(session, one) == "done"
    list_rules.set_rules(session, list_id, most_per_number=2)
    assert (state(session, one), due(session, one)) == ("retry", "Mon 23 13:12")


def test_a_row_is_called_so_often_a_day(session, clock):
    list_id = plain(session, 2)
    one, _two = ids(session, list_id)
    list_rules.set_rules(session, list_id, most_per_day=2)
    for _n in range(2):
        calling.outcome(session, one, 5)
        clock.go(minutes=31)
    assert names(session, list_id) == ["Person 1"]
    assert hidden(session, list_id) == {"called often enough today": 1}
    clock.now = datetime(2026, 11, 24, 7, 1, tzinfo=UTC)  # 08:01 on the next day
    assert names(session, list_id) == ["Person 0", "Person 1"]


def test_a_promise_is_kept_whatever_the_limits(session, clock):
    list_id = plain(session, 1)
    one = ids(session, list_id)[0]
    list_rules.set_rules(session, list_id, most_per_day=1, most_per_number=1)
    calling.callback(session, one, reader.read("10:00", session.now), called=True)
    clock.go(minutes=52)
    assert [(r.name, r.why) for r in calling_session.upcoming(session, list_id).rows] == [
        ("Person 0", "callback 10:00, 4 min late")
    ]


# -- hours and halves -----------------------------------------------------------------------------


def test_the_next_try_avoids_the_hour_and_prefers_the_other_half(session):
    list_id = plain(session, 2)
    one, two = ids(session, list_id)
    list_rules.set_rules(session, list_id, avoid_hour=True)
    calling.outcome(session, one, 5)  # 09:12 and busy: not again before 10:00
    assert due(session, one) == "Mon 23 10:00"
    list_rules.set_rules(session, list_id, other_half=True)
    calling.outcome(session, two, 4)  # voicemail in the morning: the next afternoon
    assert due(session, two) == "Tue 24 13:00"


def test_the_card_says_what_each_outcome_will_do(session, clock):
    list_id = plain(session, 1)
    list_rules.set_rules(session, list_id, avoid_hour=True, other_half=True)
    calling_session.open_seat(session, list_id)
    card = calling_session.next_card(session, list_id)
    words = {choice.label: choice for choice in card.choices}
    assert words["Busy"].words == "10:00"
    assert words["Voicemail"].words == "Tue 24 13:00"
    for label in ("Busy", "Voicemail", "No answer"):
        calling.outcome(session, card.prospect_id, label)
        kept = session.store.value("SELECT due_at FROM prospects WHERE id = ?", (card.prospect_id,))
        assert kept == words[label].at
        undo.undo(session)


def test_all_hours_of_failed_tries_count_when_a_row_is_planned(session, clock):
    list_id = plain(session, 1)
    one = ids(session, list_id)[0]
    clock.now = datetime(2026, 11, 23, 12, 20, tzinfo=UTC)  # 13:20
    calling.outcome(session, one, 5)
    clock.now = datetime(2026, 11, 24, 8, 12, tzinfo=UTC)  # 09:12 on the next day
    calling.outcome(session, one, 3)
    assert due(session, one) == "Tue 24 13:12"
    list_rules.set_rules(session, list_id, avoid_hour=True)
    assert due(session, one) == "Tue 24 14:00"
    rules = calling_plan.rules_of(session, list_id)
    tried = session.store.rows(
        "SELECT id, list_id, zone, tries FROM prospects WHERE id = ?", (one,)
    )[0]
    no_answer = outcomes.find_outcome(session, "call", 3)
    planned = calling_plan.next_state_of_row(
        session,
        rules,
        dict(zip(("id", "list_id", "zone", "tries"), tried, strict=True)),
        no_answer,
        rules.at,
    )
    assert f"{datetime.fromtimestamp(planned[1], MADRID):%H:%M}" == "14:00"


def test_why_a_retry_is_here(session, clock):
    list_id = plain(session, 1)
    list_rules.set_rules(session, list_id, other_half=True)
    calling.outcome(session, ids(session, list_id)[0], 4)
    clock.now = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
    assert [r.why for r in calling_session.upcoming(session, list_id).rows] == [
        "2nd try, other half of the day"
    ]


# -- handed to a rep ------------------------------------------------------------------------------


def test_a_row_handed_to_ben_is_offered_to_him_alone(session, colleague, clock):
    ben = colleague("ben")
    list_id = plain(session, 5)
    rows = ids(session, list_id)
    hand(session, rows[1:3], ben)
    assert names(session, list_id) == ["Person 0", "Person 3", "Person 4"]
    assert hidden(session, list_id) == {"handed to ben": 2}
    assert names(ben, list_id) == [f"Person {n}" for n in range(5)]  # his own, in the list's order
    assert hidden(ben, list_id) == {}
    assert take(ben, list_id, but=[rows[0]]) == rows[1]
    calling.outcome(ben, rows[1], 5)
    clock.go(minutes=31)
    assert names(ben, list_id)[0] == "Person 1"
    assert names(session, list_id) == ["Person 0", "Person 3", "Person 4"]


def test_handed_rows_are_taken_along_the_index(session, colleague):
    if session.store.engine != "sqlite":
        pytest.skip("reads SQLite's query plan")
    list_id = plain(session, 50)
    hand(session, ids(session, list_id)[:40], colleague("ben"))
    plan = " / ".join(
        r[3]
        for r in session.store.rows(
            f"EXPLAIN QUERY PLAN SELECT id FROM prospects WHERE list_id = {list_id} AND state = "
            "'new'"
            " AND zone = 'Europe/Madrid' AND for_id = 0 ORDER BY line, id LIMIT 1"
        )
    )
    assert "zone=? AND for_id=?" in plan and "TEMP B-TREE" not in plan, plan


# -- rules change ---------------------------------------------------------------------------------


def test_most_tries_spend_rows_and_bring_them_back(session, clock):
    list_id = plain(session, 3)
    one, two, three = ids(session, list_id)
    for number in (one, two):
        calling.outcome(session, number, 5)
    clock.go(minutes=40)
    calling.outcome(session, two, 5)
    calling.outcome(session, three, 2)
    list_rules.set_rules(session, list_id, most_tries=2)
    assert (state(session, one), state(session, two)) == ("retry", "done")
    assert hidden(session, list_id) == {"most tries reached": 1}
    list_rules.set_rules(session, list_id, most_tries=3)
    assert state(session, two) == "retry"
    assert due(session, two) == "Mon 23 10:22"  # half an hour after its last call, as ever
    assert state(session, three) == "done"  # said no: no rule brings that back


def test_a_change_of_rules_is_one_undo(session, clock):
    list_id = plain(session, 4)
    one, two, three, _four = ids(session, list_id)
    calling.outcome(session, one, 3)
    calling.outcome(session, two, 4)
    calling.callback(session, three, reader.read("tomorrow", session.now))
    before = everything(session)
    list_rules.set_rules(session, list_id, call_from="11:00", most_tries=1, avoid_hour=True)
    assert (state(session, one), due(session, three)) == ("done", "Tue 24 11:00")
    assert everything(session) != before
    undo.undo(session)
    assert everything(session) == before


def test_the_feed_tells_how_many_rows_were_planned_anew(session):
    list_id = plain(session, 2)
    for number in ids(session, list_id):
        calling.outcome(session, number, 3)
    list_rules.set_rules(session, list_id, call_from="14:00")
    assert session.store.value("SELECT text FROM entries ORDER BY id DESC LIMIT 1") == (
        "rules of Plain, 2 rows planned anew"
    )
    list_rules.set_rules(session, list_id, new_first=True)
    assert (
        session.store.value("SELECT text FROM entries ORDER BY id DESC LIMIT 1") == "rules of Plain"
    )


def test_an_agreed_time_and_a_row_on_screen_are_left_alone(session, clock):
    list_id = plain(session, 2)
    one, two = ids(session, list_id)
    calling.callback(session, one, reader.read("tomorrow 8:30", session.now))
    calling.outcome(session, two, 5)
    clock.go(minutes=31)
    calling_session.open_seat(session, list_id)
    assert calling_session.next_card(session, list_id).prospect_id == two
    list_rules.set_rules(session, list_id, call_from="10:00", most_tries=1)
    assert due(session, one) == "Tue 24 08:30"
    assert state(session, two) == "retry"  # she is speaking with him
    calling.outcome(session, two, 7)
    assert state(session, two) == "done"


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"order_by": "luck"}, "order of the list"),
        ({"most_per_day": -1}, "How many calls"),
        ({"most_tries": "many"}, "How many calls"),
        ({"call_from": "19:00"}, "no calling window"),
        ({"call_days": "8"}, "1 is Monday"),
        ({"zone": "Atlantis"}, "no time zone"),
        ({"colour": 1}, "no rule colour"),
    ],
)
def test_rules_that_make_no_sense_are_refused(session, rules, said):
    list_id = plain(session, 1)
    with pytest.raises(CrmError, match=said):
        list_rules.set_rules(session, list_id, **rules)


# -- several zones, and days ----------------------------------------------------------------------


def test_a_row_of_two_zones_is_called_while_both_are_at_work(session, clock):
    list_id = plain(session, 1, ("America/New_York America/Los_Angeles",))
    one = ids(session, list_id)[0]
    clock.now = datetime(2026, 11, 23, 15, 59, tzinfo=UTC)  # 10:59 and 07:59
    assert hidden(session, list_id) == {"outside hours": 1}
    opens = calling_session.upcoming(session, list_id).next_at
    assert opens == int(datetime(2026, 11, 23, 16, tzinfo=UTC).timestamp())
    clock.go(minutes=1)
    assert take(session, list_id) == one
    calling.outcome(session, one, 4)
    assert session.store.value("SELECT due_at FROM prospects WHERE id = ?", (one,)) == opens + 86400
    rules = calling_plan.rules_of(session, list_id)
    assert not rules.is_sure("America/New_York America/Los_Angeles") and rules.is_sure(
        "Europe/Madrid"
    )
    assert str(rules.zone("America/New_York America/Los_Angeles")) == "America/New_York"


def test_a_callback_of_a_day_opens_when_their_window_does(session, clock):
    list_id = plain(session, 1, ("America/New_York",))
    calling.callback(session, ids(session, list_id)[0], reader.read("tomorrow", session.now))
    clock.now = datetime(2026, 11, 24, 12, 59, tzinfo=UTC)  # 07:59 in New York
    assert names(session, list_id) == []
    clock.go(minutes=1)
    assert names(session, list_id) == ["Person 0"]


# -- the seat -------------------------------------------------------------------------------------


def test_tomorrow_goes_on_at_the_same_place(session, clock):
    list_id = fill(
        session,
        [
            row(n, f"P{n}", phone=f"+3460000000{n}", city="Bilbao" if n % 2 else "Vigo")
            for n in range(2, 9)
        ],
    )
    calling_session.open_seat(session, list_id, "city:Bilbao")
    calling_session.next_card(session, list_id)
    stood = calling_session.skip(session, list_id).prospect_id
    calling_session.dial(session, stood)
    calling_session.save_note(session, stood, "ring in the morning")
    clock.now = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
    seat = calling_session.open_seat(session, list_id)
    assert (seat.prospect_id, seat.query, seat.resumed) == (stood, "city:Bilbao", True)
    card = calling_session.next_card(session, list_id)
    assert (card.prospect_id, card.note) == (stood, "ring in the morning")
    assert card.on_call is None  # nobody was on the phone all night
    calling.outcome(session, stood, 3)
    assert calling_session.next_card(session, list_id).name == "P3"  # what was stepped over is back


def test_a_clock_that_runs_over_midnight_is_not_lost(session, clock):
    list_id = plain(session, 1)
    calling_session.open_seat(session, list_id)
    clock.now = datetime(2026, 11, 23, 22, 50, tzinfo=UTC)  # 23:50
    number = ids(session, list_id)[0]
    calling_session.open_row(session, number)
    calling_session.dial(session, number)
    clock.go(minutes=20)
    calling_session.open_seat(session, list_id)
    assert calling_session.next_card(session, list_id).on_call == 20 * 60
