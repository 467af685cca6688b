"""Every rule that a store keeps is one that ``check`` looks at: faults are planted, one of each
kind, and each is named; what is derived is mended, and nothing else is touched."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.lists.prospects import fill, ids, row
from tests.core.whole import snapshot
from tui_crm.core.calling import operations as calling
from tui_crm.core.leads import actions, closing, filter as lead_filter, leads
from tui_crm.core.session import Session
from tui_crm.core.setup import tags
from tui_crm.core.store import backup, repair, undo

# What is planted -> words of the sentence that says it. Lead 1 is open, 2 won, 3 lost.
FAULTS: dict[str, tuple[str, str]] = {
    "step unlike its history": ("UPDATE leads SET step_id = 3 WHERE id = 1", "step is not the one"),
    "status unlike its history": (
        "UPDATE leads SET status = 'open', closed_on = NULL, closed_at = NULL,"
        " closed_owner_id = NULL WHERE id = 2",
        "status is not the one",
    ),
    "amount unlike its history": ("UPDATE leads SET amount = 7 WHERE id = 1", "amount is not the"),
    "amount forgotten": ("UPDATE leads SET amount = NULL WHERE id = 1", "amount is not the one"),
    "owner unlike its history": ("UPDATE leads SET owner_id = NULL WHERE id = 1", "owner is not"),
    "title unlike its history": ("UPDATE leads SET title = 'x' WHERE id = 1", "title is not the"),
    "source unlike its history": ("UPDATE leads SET source = 'x' WHERE id = 1", "source is not"),
    "probability unlike its history": (
        "UPDATE leads SET probability = 5 WHERE id = 1",
        "probability is not the one",
    ),
    "history of a win gone": (
        "DELETE FROM history WHERE lead_id = 2 AND field = 'status' AND became = 'won'",
        "status is not the one",
    ),
    "history of a step gone": (
        "DELETE FROM history WHERE lead_id = 1 AND field = 'step'",
        "step is not the one",
    ),
    "all history gone": ("DELETE FROM history WHERE lead_id = 3", "without a history"),
    "search unlike the title": (
        "UPDATE lead_text SET words = {words} WHERE rowid = 1",
        "knows by other words",
    ),
    "search unlike a note": (
        "UPDATE actions SET text = 'entirely different' WHERE id = 1",
        "knows by other words",
    ),
    "lead the search lacks": ("DELETE FROM lead_text WHERE rowid = 1", "search does not know"),
    "lead only the search has": (
        "INSERT INTO lead_text (rowid, words) VALUES (99, {words})",
        "knows and that do not exist",
    ),
    "keys of a prospect gone": (
        "DELETE FROM prospect_keys WHERE kind = 'phone' AND prospect_id = 1",
        "without the numbers and addresses",
    ),
    "e-mails of a prospect gone": (
        "DELETE FROM prospect_keys WHERE kind = 'email' AND prospect_id = 1",
        "without the numbers and addresses",
    ),
    "changes of an entry gone": (
        "DELETE FROM changes WHERE entry_id = (SELECT MIN(entry_id) FROM changes)",
        "without what they changed",
    ),
    "a change of no kind": ("UPDATE changes SET kind = 'x' WHERE id = 1", "journal of no kind"),
    "a change of no table": ("UPDATE changes SET name = 'x' WHERE id = 1", "table that does not"),
    "undone by a stranger": ("UPDATE entries SET undone_by = 1 WHERE id = 2", "undone by one that"),
    "undone by nothing": ("UPDATE entries SET undone_by = 999 WHERE id = 2", "undone_by points"),
    "no admin left": ("UPDATE users SET role = 'rep'", "without an admin"),
    "no admin active": ("UPDATE users SET active = 0 WHERE role = 'admin'", "without an admin"),
    "a role that is none": ("UPDATE users SET role = 'boss' WHERE id = 2", "role that does not"),
    "a zone that is none": ("UPDATE users SET zone = 'Mars/Olympus' WHERE id = 2", "time zone"),
    "a claim by nobody": (
        "UPDATE prospects SET claimed_by = 99, claimed_until = 5 WHERE id = 1",
        "claimed_by points to nothing",
    ),
    "a claim without an end": (
        "UPDATE prospects SET claimed_by = 1 WHERE id = 1",
        "without an end",
    ),
    "handed to nobody": ("UPDATE prospects SET for_id = 99 WHERE id = 1", "handed to nobody"),
    "cells that are no JSON": ("UPDATE prospects SET cells = 'x' WHERE id = 1", "cells cannot be"),
    "cells that are no list": ("UPDATE prospects SET cells = '{{}}' WHERE id = 1", "cells cannot"),
    "columns that are no JSON": (
        "UPDATE lists SET columns = '[' WHERE id = 1",
        "columns cannot be",
    ),
    "an image that is no JSON": (
        "UPDATE changes SET became = '[' WHERE id = (SELECT MAX(id) FROM changes)",
        "became cannot be read",
    ),
    "expected close no day": (
        "UPDATE leads SET expected_close = 'soon' WHERE id = 1",
        "expected closing date that is no day",
    ),
    "closing date no day": (
        "UPDATE leads SET closed_on = '2026-13-45' WHERE id = 2",
        "closing date that is no day",
    ),
    "next action no day": ("UPDATE leads SET next_day = 'monday' WHERE id = 1", "on no day"),
    "created in the future": (
        "UPDATE leads SET created_on = '2999-01-01' WHERE id = 1",
        "created in",
    ),
    "an action in the future": (
        "UPDATE actions SET at = 99999999999 WHERE id = 1",
        "Actions in the",
    ),
    "lost without a reason": (
        "UPDATE leads SET reason_id = NULL WHERE id = 3",
        "without a reason",
    ),
    "a reason of another kind": (
        "UPDATE leads SET reason_id = (SELECT MIN(id) FROM reasons WHERE kind = 'cancelled')"
        " WHERE id = 3",
        "reason of another kind",
    ),
    "probability 900": (
        "UPDATE leads SET probability = 900 WHERE id = 1",
        "probability that is none",
    ),
    "probability of a step": (
        "UPDATE steps SET probability = -1 WHERE id = 1",
        "Steps with a prob",
    ),
    "ESC in a title": ("UPDATE leads SET title = {esc} WHERE id = 1", "a terminal would obey"),
    "ESC in a name": ("UPDATE contacts SET name = {esc} WHERE id = 1", "a terminal would obey"),
    "ESC in a note": ("UPDATE actions SET text = {esc} WHERE id = 1", "a terminal would obey"),
    "ESC in a prospect": ("UPDATE prospects SET company = {esc} WHERE id = 2", "would obey"),
    "E.164 that is none": (
        "UPDATE contact_points SET match = '030' WHERE kind = 'phone'",
        "not the one typed",
    ),
    "E.164 of another": (
        "UPDATE contact_points SET match = '+4930111111' WHERE kind = 'phone'",
        "not the one typed",
    ),
    "e-mail of another": (
        "UPDATE prospect_keys SET match = 'x@y.example' WHERE kind = 'email'",
        "not the one typed",
    ),
    "a tag that points nowhere": ("UPDATE lead_tags SET tag_id = 99", "tag points to nothing"),
    "a person that points nowhere": (
        "UPDATE contacts SET lead_id = 99 WHERE id = 1",
        "contacts whose lead points to nothing",
    ),
    "an outcome that points nowhere": (
        "UPDATE actions SET outcome_id = 99 WHERE id = 1",
        "outcome points to nothing",
    ),
    "an outcome of another kind": (
        "UPDATE actions SET kind = 'visit' WHERE id = 1 AND outcome_id IS NOT NULL",
        "outcome of another kind",
    ),
    "an action of nothing": (
        "UPDATE actions SET lead_id = NULL, prospect_id = NULL WHERE id = 1",
        "belong to nothing",
    ),
    "tries unlike the calls": ("UPDATE prospects SET tries = 9 WHERE id = 1", "tries are not"),
    "last touched unlike": ("UPDATE leads SET touched_at = 5 WHERE id = 1", "last touched"),
    "both a day and a moment": (
        "UPDATE leads SET next_day = '2026-12-01', next_at = 5 WHERE id = 1",
        "both a day and",
    ),
    "closed with a next action": (
        "UPDATE leads SET next_text = 'x' WHERE id = 2",
        "with a next act",
    ),
}
MENDED = {
    "search unlike the title",
    "search unlike a note",
    "lead the search lacks",
    "lead only the search has",
    "keys of a prospect gone",
    "e-mails of a prospect gone",
    "a claim by nobody",
    "a claim without an end",
    "E.164 that is none",
    "E.164 of another",
    "e-mail of another",
    "tries unlike the calls",
    "last touched unlike",
}


@pytest.fixture
def filled(session: Session, colleague: Any) -> Session:
    colleague("ben")
    first = leads.create(
        session,
        "Acme: roof",
        amount=500,
        company="Acme",
        contact="Anna",
        points=[("phone", "+49 30 90182044"), ("email", "Anna@acme.example")],
        tag_names=["hot"],
    )
    won = leads.create(session, "Beta: Tür", amount=100)
    lost = leads.create(session, "Gamma")
    actions.log(session, first, "call", outcome=3, text="no answer at all")
    leads.set_source(session, first, "fair")
    leads.set_title(session, first, "Acme: roofs")
    leads.set_probability(session, first, 40)
    closing.won(session, won)
    closing.lost(session, lost, 1)
    listed = fill(
        session,
        [
            row(2, "Katrin", "Müller", "+497513661208", "k@mueller.example"),
            row(3, "Luc", "Rousseau"),
        ],
    )
    calling.outcome(session, ids(session, listed)[0], 3)
    tags.add(session, "cold")
    undo.undo(session)
    return session


def plant(session: Session, name: str) -> None:
    store = session.store
    words = "'planted'" if store.engine == "sqlite" else "to_tsvector('simple', 'planted')"
    char = "char" if store.engine == "sqlite" else "chr"
    sql = FAULTS[name][0].format(words=words, esc=f"'a' || {char}(27) || '[2J'")
    if store.engine == "sqlite":
        store.rows("PRAGMA foreign_keys = 0")
        store.execute(sql)
        store.rows("PRAGMA foreign_keys = 1")
    else:
        with store.transaction():
            store.rows("SELECT set_config('session_replication_role', 'replica', true)")
            store.execute(sql)


def test_all_is_well_in_a_store_that_was_used(filled):
    assert backup.check(filled.store) == []


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_and_named(filled, name):
    plant(filled, name)
    found = backup.check(filled.store)
    assert any(FAULTS[name][1] in sentence and "number" in sentence for sentence in found), found
    before = snapshot(filled.store)
    repair.repair(filled.store)
    after = backup.check(filled.store)
    if name in MENDED:
        assert after == []
    else:
        # What somebody may have done is not touched; only what follows from it may differ.
        assert any(FAULTS[name][1] in sentence for sentence in after)
        derived = {"touched_at", "match"}
        for table, rows in snapshot(filled.store).items():
            for was, now in zip(before[table], rows, strict=True):
                assert {k for k in was if was[k] != now[k]} <= derived, table


def test_the_search_finds_again_what_was_mended(filled):
    plant(filled, "search unlike the title")
    assert list(lead_filter.listing(filled, "roofs").numbers) == []
    repair.repair(filled.store)
    assert list(lead_filter.listing(filled, "roofs").numbers) == [1]
