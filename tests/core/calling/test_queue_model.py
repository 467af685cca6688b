"""The queue against the rules said once more in plain Python: whatever happened on a list, the
next row is the one the model says, nobody is unreachable, and every row is counted where it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st

from tests.core.calling.queue_model import Model
from tests.core.lists.prospects import COLUMNS, row, take
from tui_crm.core.calling import (
    counts as calling_counts,
    list_rules,
    operations as calling,
    plan as calling_plan,
    queue as calling_queue,
    session as calling_session,
)
from tui_crm.core.lists import lists
from tui_crm.core.privacy import do_not_call
from tui_crm.core.team.sign_in import sign_in

ZONES = (
    "Europe/Madrid",
    "America/New_York",
    "",
    "Asia/Kolkata",
    "America/New_York America/Los_Angeles",
    "Australia/Sydney America/New_York",
)
# Days on both sides of both switches in Madrid, New York and Sydney, and an ordinary Monday.
STARTS = tuple(
    datetime.fromisoformat(day).replace(tzinfo=UTC)
    for day in ("2026-11-23", "2026-03-06", "2026-03-27", "2026-10-02", "2026-10-23", "2026-10-30")
)

rules = st.fixed_dictionaries(
    {},
    optional={
        "new_first": st.booleans(),
        "call_from": st.sampled_from(["", "06:00", "09:30"]),
        "call_until": st.sampled_from(["", "13:00", "22:15"]),
        "call_days": st.sampled_from(["", "1234567", "246"]),
        "most_tries": st.integers(0, 3),
        "most_per_number": st.integers(0, 2),
        "most_per_day": st.integers(0, 2),
        "avoid_hour": st.booleans(),
        "other_half": st.booleans(),
    },
)
act = st.one_of(
    st.tuples(st.just("outcome"), st.sampled_from([2, 3, 3, 3, 4, 5, 5, 6, 7])),
    st.tuples(st.just("ben"), st.sampled_from([0, 3, 5, 7])),
    st.tuples(st.just("callback"), st.integers(1, 900)),
    st.tuples(st.just("callback day"), st.integers(0, 3)),
    st.tuples(st.just("hand"), st.integers(0, 2)),
    st.tuples(st.just("rules"), rules),
    st.tuples(st.just("block"), st.just(0)),
    st.tuples(st.just("skip"), st.just(0)),
    st.tuples(st.just("wait"), st.integers(1, 26 * 60)),
)


def a_list(session: Any, base: int) -> int:
    """Twelve rows whose zones take turns, some with the same number, one without any."""
    list_id = lists.create(session, f"Random {base}", COLUMNS, "random.csv")
    rows = [
        row(
            n,
            f"P{n}",
            phone=f"+346{base:05d}{n - n % 5 // 4:03d}" if n != 7 else "",
            zone=ZONES[n % 6],
        )
        for n in range(2, 14)
    ]
    lists.add_rows(session, list_id, rows)
    return list_id


def play(session: Any, ben: Any, clock: Any, list_id: int, what: str, value: Any) -> None:
    """One thing that happens on the list."""
    who = ben if what == "ben" else session
    if what == "wait":
        clock.go(minutes=value)
        return
    if what == "rules":
        list_rules.set_rules(session, list_id, **value)
        return
    card = (
        calling_session.skip(who, list_id)
        if what == "skip"
        else calling_session.next_card(who, list_id)
    )
    if card is None or what == "skip":
        return
    if what in ("outcome", "ben") and value:  # Ben's nought only opens the card
        calling.outcome(who, card.prospect_id, value)
        comes_back_in_time(who, list_id, card.prospect_id, value)
    elif what == "callback":
        calling.callback(who, card.prospect_id, clock.now + timedelta(minutes=value))
    elif what == "callback day":
        calling.callback(who, card.prospect_id, (clock.now + timedelta(days=value + 1)).date())
    elif what == "hand":
        for_id = (0, session.user_id, ben.user_id)[value]
        session.store.execute(
            "UPDATE prospects SET for_id = ? WHERE id = ?", (for_id, card.prospect_id)
        )
    elif what == "block" and card.phones:
        do_not_call.block(who, card.phones[0].typed)


WAIT = {3: timedelta(hours=4), 5: timedelta(minutes=30)}  # by digit, as the defaults have it


def comes_back_in_time(session: Any, list_id: int, row_id: int, digit: int) -> None:
    """A row that is to be called again waits as long as its outcome says, comes back inside its
    own window, and not in the hour of a try that failed when the list avoids that."""
    model = Model(session, list_id)
    row = next(r for r in model.rows if r.id == row_id)
    if row.state != "retry" or row.due_at is None:
        return
    assert model.is_open(row, row.due_at)
    home = model.zones(row)[0]
    called, again = (datetime.fromtimestamp(at, home) for at in (model.now, row.due_at))
    if digit in WAIT:
        assert row.due_at - model.now >= WAIT[digit].total_seconds()
    else:
        assert again.date() > called.date()
    hours = {
        datetime.fromtimestamp(at, home).hour
        for at in range(row.due_at, row.due_at + 86400, 900)
        if model.is_open(row, at)
    }
    if model.info.avoid_hour and digit != 7 and hours - {called.hour}:
        assert again.hour != called.hour


def check(session: Any, list_id: int) -> Model:
    """What is counted and what comes next are what the model says."""
    model = Model(session, list_id)
    places = model.places()
    found = calling_counts.count_rows(session, list_id)
    hidden = {(h.why, h.who): h.count for h in found.hidden}
    assert (found.rows, found.callable_now, found.later, found.done, found.leads) == (
        len(model.rows),
        places.pop(("now", ""), 0),
        places.pop(("later", ""), 0),
        places.pop(("done", ""), 0),
        places.pop(("lead", ""), 0),
    )
    assert hidden == dict(places)
    queue = calling_queue.peek(session, calling_plan.rules_of(session, list_id), 20, "", [])
    assert queue == model.queue()
    if not queue and found.next_at is not None:
        assert found.next_at > model.now
    return model


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(STARTS), st.integers(0, 24 * 4), st.lists(act, max_size=14))
def test_whatever_happens_the_queue_is_what_the_rules_say(
    session, colleague, clock, start, quarter, acts
):
    if session.store.value("SELECT COUNT(*) FROM users") == 1:
        colleague("ben")
    ben = sign_in(session.store, "ben", clock=clock)[0]
    clock.now = start + timedelta(minutes=15 * quarter)
    list_id = a_list(session, int(session.store.value("SELECT COUNT(*) FROM prospects")))
    for what, value in acts:
        play(session, ben, clock, list_id, what, value)
        clock.go(minutes=1)
        check(session, list_id)
    check(ben, list_id)
    reach_everybody(session, list_id)


def reach_everybody(session: Any, list_id: int) -> None:
    """Call until nobody is left: each row taken is the first of the model's, and in the end
    nobody whom the model would call is left over."""
    for row_id in session.store.rows(
        "SELECT id FROM prospects WHERE list_id = ? AND claimed_by = ?", (list_id, session.user_id)
    ):
        calling_queue.release(session, row_id[0])
    while True:
        model = check(session, list_id)
        taken = take(session, list_id)
        assert taken == next(iter(model.queue()), None)
        if taken is None:
            return
        calling.outcome(session, taken, 2)
