"""One test over all operations there are: each is atomic, leaves one journal entry, and undo
gives back the exact rows; redo the exact result.

Every operation in the registry must have an example in `EXAMPLES`, so that a new one is covered
the day it is added.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.core.whole import entries, snapshot
from tui_crm.core import note_line, when
from tui_crm.core.store import journal
from tui_crm.core.work import (
    actions,
    agenda,
    blocklist,
    calling,
    closing,
    goals,
    leads,
    lists,
    outcomes,
    people,
    pipelines,
    tags,
    team,
    views,
)
from tui_crm.core.work.team import Session

Example = Callable[[Session, "World"], Any]


class World:
    """A small store in which every operation has something to act on."""

    def __init__(self, session: Session, clock: Any) -> None:
        self.session = session
        now = session.now
        team.add_user(session, "ben")
        self.ben = team.find_member(session.store, "ben").id
        clock.go(days=-30)
        self.lead = leads.create(
            session, "Acme GmbH: website", amount=1_240_000, company="Acme GmbH",
            contact="Anna Weber", points=[("phone", "+49 30 901820 44"), ("email", "a@acme.example")],
            tag_names=["hot"], following=when.read("every 2w call Anna", now),
            description="Employees: 85",
        )  # fmt: skip
        self.other = leads.create(
            session, "ACME: second", points=[("phone", "+49 30 901820 45")], contact="Jo",
            amount=5, tag_names=["cold"],
        )  # fmt: skip
        self.closed = leads.create(session, "Closed one", amount=100)
        clock.go(days=30)
        closing.won(session, self.closed)
        actions.log(session, self.lead, "call", outcome=3, text="no answer")
        store = session.store
        self.action = store.value("SELECT MAX(id) FROM actions")
        self.person = store.value("SELECT MIN(id) FROM contacts")
        self.goal = goals.put(session, "calls", "day", 50)
        self.view = views.save(session, "leads", "hot ones", "tag:hot")


def _reading(w: World, text: str) -> when.Reading:
    return when.read(text, w.session.now)


# name of the operation -> what to do; `s` is the session, `w` the world.
EXAMPLES: dict[str, Example] = {
    "team.add_user": lambda s, w: team.add_user(s, "carl", team="North"),
    "team.edit_user": lambda s, w: team.edit_user(s, "ben", role="manager", active=False),
    "team.set_workspace": lambda s, w: team.set_workspace(s, zone="Europe/Paris"),
    "leads.create": lambda s, w: leads.create(
        s, "New: one", amount=99, company="New", contact="Eve", tag_names=["x"],
        points=[("email", "e@new.example")], following=_reading(w, "tomorrow 9 call")),
    "leads.set_title": lambda s, w: leads.set_title(s, w.lead, "Acme: other"),
    "leads.set_description": lambda s, w: leads.set_description(s, w.lead, "Site: none"),
    "leads.set_amount": lambda s, w: leads.set_amount(s, w.lead, 7),
    "leads.set_probability": lambda s, w: leads.set_probability(s, w.lead, 70),
    "leads.set_expected_close": lambda s, w: leads.set_expected_close(s, w.lead, s.today),
    "leads.set_source": lambda s, w: leads.set_source(s, w.lead, "fair"),
    "leads.set_client": lambda s, w: leads.set_client(s, w.lead, "Brand new client"),
    "leads.set_step": lambda s, w: leads.set_step(s, w.lead, 3),
    "leads.move_step": lambda s, w: leads.move_step(s, w.lead, 2),
    "leads.set_owner": lambda s, w: leads.set_owner(s, w.lead, w.ben),
    "leads.star": lambda s, w: leads.star(s, w.lead),
    "leads.merge": lambda s, w: leads.merge(s, w.lead, w.other),
    "closing.won": lambda s, w: closing.won(s, w.lead, amount=5),
    "closing.lost": lambda s, w: closing.lost(s, w.lead, 1),
    "closing.cancelled": lambda s, w: closing.cancelled(s, w.lead, "Double"),
    "closing.reopen": lambda s, w: closing.reopen(s, w.closed),
    "closing.set_closed_on": lambda s, w: closing.set_closed_on(
        s, w.closed, s.today - timedelta(days=3)),
    "closing.set_created_on": lambda s, w: closing.set_created_on(
        s, w.lead, s.today - timedelta(days=90)),
    "closing.add_reason": lambda s, w: closing.add_reason(s, "lost", "Moved away"),
    "closing.retire_reason": lambda s, w: closing.retire_reason(s, "lost", "1"),
    "agenda.set_next": lambda s, w: agenda.set_next(s, w.lead, _reading(w, "fri 9:30 20m call")),
    "agenda.do_now": lambda s, w: agenda.do_now(s, w.lead),
    "agenda.clear_next": lambda s, w: agenda.clear_next(s, w.lead),
    "actions.log": lambda s, w: actions.log(
        s, w.lead, "call", outcome=9,
        line=note_line.read("never again >fri 9 send #angry €5", s.now)),
    "actions.edit": lambda s, w: actions.edit(s, w.action, "really no answer"),
    "actions.remove": lambda s, w: actions.remove(s, w.action),
    "people.add": lambda s, w: people.add(s, w.lead, "Jörg, IT, +49 171 5550148"),
    "people.edit": lambda s, w: people.edit(s, w.person, "Anna, boss, anna@acme.example"),
    "people.remove": lambda s, w: people.remove(s, w.person),
    "tags.change": lambda s, w: tags.change(s, w.lead, "new -hot"),
    "tags.add": lambda s, w: tags.add(s, "Industry", "Sector"),
    "tags.edit": lambda s, w: tags.edit(s, "hot", "warm", "Source"),
    "tags.retire": lambda s, w: tags.retire(s, "hot"),
    "tags.set_category": lambda s, w: tags.set_category(s, "Sector", True),
    "goals.put": lambda s, w: goals.put(s, "calls", "day", 60),
    "goals.retire": lambda s, w: goals.retire(s, w.goal),
    "pipelines.add": lambda s, w: pipelines.add(s, "Partners"),
    "pipelines.add_step": lambda s, w: pipelines.add_step(s, "Trial", 60),
    "pipelines.edit_step": lambda s, w: pipelines.edit_step(
        s, "Proposal", new_name="Offer", probability=55, place=1),
    "pipelines.retire_step": lambda s, w: pipelines.retire_step(s, "Closing"),
    "pipelines.retire": lambda s, w: (pipelines.add(s, "Old"), pipelines.retire(s, "Old"))[1],
    "views.save": lambda s, w: views.save(s, "leads", "mine", "owner:me"),
    "views.forget": lambda s, w: views.forget(s, w.view),
}  # fmt: skip


@pytest.fixture
def world(session, clock):
    return World(session, clock)


def _missing() -> set[str]:
    return {name for name in journal.OPERATIONS if name not in EXAMPLES}


def test_every_operation_has_an_example():
    assert not _missing()


def test_no_example_without_an_operation():
    assert not {name for name in EXAMPLES if name not in journal.OPERATIONS}


@pytest.mark.parametrize("name", EXAMPLES)
def test_one_entry_and_undo_gives_back_the_exact_rows(session, world, name):
    if name == "pipelines.retire":
        pipelines.add(session, "Old")
        before, count = snapshot(session.store), entries(session.store)
        pipelines.retire(session, "Old")
    else:
        before, count = snapshot(session.store), entries(session.store)
        EXAMPLES[name](session, world)
    after = snapshot(session.store)
    assert after != before
    assert entries(session.store) == count + 1
    entry = session.store.rows("SELECT op, text FROM entries ORDER BY id DESC LIMIT 1")[0]
    assert entry[0] == name and entry[1].strip()

    journal.undo(session)
    assert snapshot(session.store) == before
    journal.redo(session)
    assert snapshot(session.store) == after
    journal.undo(session)
    assert snapshot(session.store) == before


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_failure_in_the_middle_leaves_nothing(session, world, name, monkeypatch):
    """Atomic: when the journal cannot be written at the end, no row has changed."""
    if name == "pipelines.retire":
        pipelines.add(session, "Old")
    before, count = snapshot(session.store), entries(session.store)

    def full(*_args):
        raise OSError("no space left")

    monkeypatch.setattr(journal.Write, "_finish", full)
    with pytest.raises(OSError):
        if name == "pipelines.retire":
            pipelines.retire(session, "Old")
        else:
            EXAMPLES[name](session, world)
    assert snapshot(session.store) == before
    assert entries(session.store) == count


__all__ = ["blocklist", "calling", "lists", "outcomes"]
