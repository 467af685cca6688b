"""When people answer: the figures of a list by the hour of the prospects' own clocks, and the
order of calling that follows from them."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.core.lists.prospects import fill, ids, plain, row, take
from tui_crm.core.calling import (
    answer_rates,
    card as calling_card,
    list_rules,
    operations as calling,
    session as calling_session,
)

NINE = datetime(2026, 11, 16, 8, 15, tzinfo=UTC)  # Monday 09:15 in Madrid, 03:15 in New York


def called(session, list_id, row_id, at, reached, times=1):
    """Calls of the past, as an import of them would leave them."""
    for n in range(times):
        session.store.execute(
            "INSERT INTO actions (prospect_id, list_id, user_id, at, kind, reached, text, number,"
            " script_path) VALUES (?, ?, ?, ?, 'call', ?, '', '', '')",
            (row_id, list_id, session.user_id, int(at.timestamp()) + n, int(reached)),
        )


def test_rates_are_by_the_prospects_own_clock(session):
    list_id = plain(session, 4, ("Europe/Madrid", "America/New_York", "Asia/Kolkata", ""))
    spain, america, india, unknown = ids(session, list_id)
    called(session, list_id, spain, NINE, True, 3)
    called(session, list_id, unknown, NINE, False)  # counts by the rep's own zone
    called(session, list_id, america, NINE, False, 2)
    called(session, list_id, india, NINE, True)  # 13:45: half an hour off the others
    rates = answer_rates.answer_rates(session, list_id)
    assert dict(rates.calls) == {(1, 9): 4, (1, 3): 2, (1, 13): 1}
    assert {hour: n for hour, n in rates.reached.items() if n} == {(1, 9): 3, (1, 13): 1}
    assert rates.overall == 4 / 7
    assert rates.words(1, 9) == "75% answer at this hour (3 of 4)"
    assert rates.words(2, 9) == "no call at this hour yet"


def test_few_calls_count_little(session):
    list_id = plain(session, 1)
    one = ids(session, list_id)[0]
    called(session, list_id, one, NINE, False, 99)
    called(session, list_id, one, NINE + timedelta(hours=1), True)
    rates = answer_rates.answer_rates(session, list_id)
    assert rates.rate(1, 10) == pytest.approx((1 + 20 * 0.01) / (1 + 20))  # not 100 %
    assert rates.rate(1, 9) == pytest.approx((0 + 20 * 0.01) / (99 + 20))
    assert rates.rate(5, 12) == pytest.approx(rates.overall)
    assert "+ 20 x the list's overall rate" in answer_rates.formula()


def test_a_list_without_calls_has_no_rates(session):
    rates = answer_rates.answer_rates(session, plain(session, 1))
    assert (rates.overall, rates.rate(1, 9), dict(rates.calls)) == (0.0, 0.0, {})


def test_the_hour_that_answers_is_called_first(session, clock):
    """It is 15:12 in Madrid, 09:12 in New York, and 14:12 in Lisbon."""
    clock.now = datetime(2026, 11, 23, 14, 12, tzinfo=UTC)
    zones = ("Europe/Madrid", "America/New_York", "Europe/Lisbon")
    list_id = plain(session, 9, zones)
    spain, america, portugal = ids(session, list_id)[:3]
    for day in (NINE, NINE - timedelta(days=7)):
        for row_id, hour, reached in ((america, 6, 6), (portugal, 6, 2), (spain, 6, 4)):
            at = day + timedelta(hours=hour)  # the same hour of their clocks, a Monday
            called(session, list_id, row_id, at, True, reached)
            called(session, list_id, row_id, at, False, 9 - reached)
    assert [r.name for r in calling_session.upcoming(session, list_id).rows][:3] == [
        "Person 0",
        "Person 1",
        "Person 2",
    ]
    list_rules.set_rules(session, list_id, order_by="answer")
    coming = calling_session.upcoming(session, list_id).rows
    assert [r.name for r in coming] == [f"Person {n}" for n in (1, 4, 7, 0, 3, 6, 2, 5, 8)]
    assert coming[0].why == "new, 67% answer at this hour (12 of 18)"
    assert coming[-1].why == "new, 22% answer at this hour (4 of 18)"
    assert take(session, list_id) == america
    assert calling_card.card(session, america).why == "new, 67% answer at this hour (12 of 18)"


def test_zones_of_one_rate_keep_the_order_of_the_list(session):
    list_id = plain(session, 4, ("Europe/Madrid", "Europe/Paris"))
    list_rules.set_rules(session, list_id, order_by="answer")
    assert [r.name for r in calling_session.upcoming(session, list_id).rows] == [
        f"Person {n}" for n in range(4)
    ]


def test_callbacks_and_retries_come_before_whoever_answers(session, clock):
    list_id = fill(session, [row(n, f"P{n}", phone=f"+3460000000{n}") for n in range(2, 5)])
    list_rules.set_rules(session, list_id, order_by="answer")
    calling.outcome(session, ids(session, list_id)[2], 5)
    clock.go(minutes=31)
    assert [r.name for r in calling_session.upcoming(session, list_id).rows] == ["P4", "P2", "P3"]


def test_what_was_counted_is_used_for_some_minutes(session, clock):
    list_id = plain(session, 1)
    one = ids(session, list_id)[0]
    assert answer_rates.answer_rates(session, list_id).all_calls == 0
    called(session, list_id, one, NINE, True)
    assert answer_rates.answer_rates(session, list_id).all_calls == 0
    clock.go(minutes=6)
    assert answer_rates.answer_rates(session, list_id).all_calls == 1
