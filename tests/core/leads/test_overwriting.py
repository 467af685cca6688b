"""Two on one lead: whoever comes later is told what stands now, whatever it is that both change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.core.whole import snapshot
from tui_crm.core.dates import reader
from tui_crm.core.errors import Conflict
from tui_crm.core.leads import actions, closing, leads, next_actions
from tui_crm.core.session import Session
from tui_crm.core.store import journal

CHANGES: dict[str, Callable[[Session, int, int], object]] = {
    "next action": lambda s, lead, n: next_actions.set_next(
        s, lead, reader.read(f"fri {9 + n} call Anna {n}", s.now)
    ),
    "step": lambda s, lead, n: leads.set_step(s, lead, 2 + n),
    "owner": lambda s, lead, n: leads.set_owner(s, lead, s.user_id if n % 2 else None),
    "amount": lambda s, lead, n: leads.set_amount(s, lead, 100 * (n + 1)),
    "probability": lambda s, lead, n: leads.set_probability(s, lead, 10 * (n + 1)),
    "client": lambda s, lead, n: leads.set_client(s, lead, f"Client {n}"),
    "source": lambda s, lead, n: leads.set_source(s, lead, f"fair {n}"),
    "title": lambda s, lead, n: leads.set_title(s, lead, f"Acme {n}"),
    "expected close": lambda s, lead, n: leads.set_expected_close(
        s, lead, s.today.replace(day=25 + n)
    ),
    "description": lambda s, lead, n: leads.set_description(s, lead, f"Site: {n}"),
}


def seeing(session: Session) -> Session:
    """The session of somebody who has read everything up to now."""
    return replace(session, as_of=session.store.last_entry())


@pytest.mark.parametrize("name", CHANGES)
def test_what_somebody_changed_meanwhile_is_not_overwritten(session, colleague, name):
    ben, change = colleague("ben"), CHANGES[name]
    number = leads.create(session, "Acme")
    change(session, number, 0)
    mine = seeing(session)
    change(ben, number, 1)
    before = snapshot(session.store)
    with pytest.raises(Conflict, match="ben changed it meanwhile") as refused:
        change(mine, number, 2)
    assert "Nothing was overwritten" in refused.value.hint
    assert snapshot(session.store) == before
    change(seeing(session), number, 2)  # having been told


def test_the_next_action_that_stands_now_is_said(session, colleague):
    ben = colleague("ben")
    number = leads.create(session, "Acme")
    mine = seeing(session)
    CHANGES["next action"](ben, number, 1)
    with pytest.raises(Conflict, match="2026-11-27 10:00 call Anna 1"):
        CHANGES["next action"](mine, number, 2)
    with pytest.raises(Conflict, match="ben changed it"):
        next_actions.do_now(mine, number)
    with pytest.raises(Conflict, match="ben changed it"):
        next_actions.clear_next(mine, number)


def test_another_column_another_lead_and_what_was_seen_do_not_stand_in_the_way(session, colleague):
    ben = colleague("ben")
    number, other = leads.create(session, "Acme"), leads.create(session, "Beta")
    CHANGES["amount"](ben, number, 0)
    mine = seeing(session)
    CHANGES["title"](ben, number, 0)
    CHANGES["amount"](ben, other, 0)
    actions.log(ben, number, "note", text="x")
    CHANGES["amount"](mine, number, 1)
    with pytest.raises(Conflict, match="You changed it meanwhile"):
        CHANGES["amount"](mine, number, 2)  # in another window


def test_many_at_once_are_refused_as_a_whole(session, colleague):
    ben = colleague("ben")
    numbers = [leads.create(session, title) for title in ("one", "two")]
    mine = seeing(session)
    leads.set_step(ben, numbers[1], 3)
    before = snapshot(session.store)
    with pytest.raises(Conflict, match="ben changed it"):
        journal.bulk(mine, leads.set_step, numbers, 2)
    assert snapshot(session.store) == before
    closing.won(mine, numbers[0])
