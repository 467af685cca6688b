"""Kinds of action of a workspace's own: logged, counted or not, retired; built-in ones are data."""

from __future__ import annotations

import pytest

from tests.core.whole import snapshot
from tui_crm.core import pulse
from tui_crm.core.calling import outcome_rules
from tui_crm.core.dates import reader
from tui_crm.core.errors import CrmError
from tui_crm.core.leads import actions, history, leads, views
from tui_crm.core.reports import Filters, registry
from tui_crm.core.setup import kinds
from tui_crm.core.store import checks, undo


def counted(session):
    """What two figures, computed apart, count: of the pulse and of the report."""
    report = registry.run(session, "activity", Filters(period="all"))
    return pulse.session_figures(session)["done_today"], report.totals["count"]


def test_one_of_its_own_is_logged_counted_and_exported(session):
    kinds.add(session, "Demo")
    outcome_rules.add(session, "demo", "Shown", reached=True)
    outcome_rules.add(session, "demo", "No show")
    lead = leads.create(session, "Acme", following=reader.read("today call Anna", session.now))
    actions.log(session, lead, "demo", outcome="Shown", text="all of it")
    assert counted(session) == (1, 1)
    line = history.history(session, lead)[0]
    assert (line.kind, line.outcome, line.reached) == ("demo", "Shown", True)
    team = registry.run(session, "activity", Filters(period="all")).second
    assert team is not None and team.rows[0]["demo"] == 1
    assert not list(checks.check(session.store))


def test_whether_it_counts_is_data_and_figures_follow(session, clock):
    lead = leads.create(session, "Acme")
    clock.go(days=3)
    kinds.add(session, "postcard", touch=False)
    actions.log(session, lead, "postcard", text="hello")
    assert counted(session) == (0, 0)
    assert views.one(session, lead).idle == 3
    before = snapshot(session.store)
    kinds.edit(session, "postcard", touch=True)
    assert counted(session) == (1, 1) and views.one(session, lead).idle == 0
    undo.undo(session)
    assert counted(session) == (0, 0) and views.one(session, lead).idle == 3
    assert snapshot(session.store) == before


def test_a_retired_kind_keeps_its_history(session):
    lead = leads.create(session, "Acme")
    actions.log(session, lead, "visit", outcome="held")
    kinds.retire(session, "visit")
    assert counted(session) == (1, 1)
    assert history.history(session, lead)[0].kind == "visit"
    assert "visit" not in [kind.name for kind in kinds.offered(session.store)]
    kinds.add(session, "virtual", "v")
    kinds.bring_back(session, "visit")
    letters = [kind.letter for kind in kinds.offered(session.store)]
    assert len(set(letters)) == len(letters)
    with pytest.raises(CrmError):
        kinds.retire(session, "call")


@pytest.mark.parametrize(
    ("name", "letter"), [("Call", ""), ("e-mail", ""), ("demo", "c"), ("demo", "q"), ("", "")]
)
def test_what_is_taken_or_none_is_refused(session, name, letter):
    with pytest.raises(CrmError):
        kinds.add(session, name, letter)
