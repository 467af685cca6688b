"""How long a lead is idle: since the last real action, without any since its creation."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tui_crm.core.exchange.importing import preview, run_import
from tui_crm.core.exchange.leads.importer import LeadImport
from tui_crm.core.leads import actions, closing, filter as lead_filter, leads, views as lead_views
from tui_crm.core.store import undo


def idle(session, number):
    return lead_views.one(session, number).idle


def found(session, line):
    return set(lead_filter.listing(session, line).numbers)


@pytest.fixture
def old(session, clock):
    """A lead of 20 days ago, called 12 days ago."""
    clock.go(days=-20)
    number = leads.create(session, "old", amount=5)
    clock.go(days=8)
    actions.log(session, number, "call", outcome=3)
    clock.go(days=12)
    return number


@pytest.mark.parametrize(
    "edit",
    [
        lambda s, n: leads.set_amount(s, n, 7),
        lambda s, n: leads.set_title(s, n, "other"),
        lambda s, n: leads.move_step(s, n, 1),
        lambda s, n: actions.log(s, n, "note", text="thinking"),
        lambda s, n: closing.lost(s, n, 1),
    ],
)
def test_an_edit_is_no_action(session, old, edit):
    assert idle(session, old) == 12
    edit(session, old)
    assert idle(session, old) == 12
    assert found(session, "stale>11d") == {old} and not found(session, "stale>13d")


def test_an_action_ends_it_and_undo_brings_it_back(session, old):
    actions.log(session, old, "email")
    assert idle(session, old) == 0 and not found(session, "stale>1d")
    undo.undo(session)
    assert idle(session, old) == 12


def test_without_an_action_it_counts_from_the_creation(session, clock):
    back = leads.create(session, "dated back", created_on=session.today - timedelta(days=30))
    new = leads.create(session, "new")
    clock.go(days=2)
    assert (idle(session, back), idle(session, new)) == (32, 2)
    closing.set_created_on(session, back, session.today - timedelta(days=5))
    assert idle(session, back) == 5
    assert list(lead_filter.listing(session, "sort:idle").numbers) == [back, new]


def test_an_import_counts_its_last_activity_and_else_its_creation(session, tmp_path):
    file = tmp_path / "deals.csv"
    file.write_text(
        "Deal name,Create date,Last Activity Date\nQuiet,2026-01-05,\nSeen,2026-01-05,2026-11-03\n",
        encoding="utf-8",
    )
    run_import(session, preview(session, LeadImport(), file))
    quiet, seen = sorted(found(session, ""))
    today = date(2026, 11, 23)
    assert idle(session, quiet) == (today - date(2026, 1, 5)).days
    assert idle(session, seen) == (today - date(2026, 11, 3)).days
    assert found(session, "stale>30d") == {quiet}
    actions.log(session, seen, "call", outcome=3)
    assert idle(session, seen) == 0
