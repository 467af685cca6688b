"""Outcomes: offered by digit, named by label, changed by a manager."""

import pytest

from tests.core.lists.prospects import fill, ids, row
from tui_crm.core.calling import operations as calling, outcome_rules
from tui_crm.core.errors import CrmError, NotAllowed, NotFound
from tui_crm.core.leads import actions, history as lead_history, leads
from tui_crm.core.reports import Filters, registry
from tui_crm.core.setup import outcomes
from tui_crm.core.store import undo


def test_the_nine_of_a_call(session):
    rows = outcomes.outcomes(session)
    assert [(o.digit, o.label) for o in rows] == [
        (1, "Interested"),
        (2, "Not interested"),
        (3, "No answer"),
        (4, "Voicemail"),
        (5, "Busy"),
        (6, "Wrong number"),
        (7, "Spoke to somebody else"),
        (8, "Send information"),
        (9, "Do not call"),
    ]
    assert [o.digit for o in rows if o.reached] == [1, 2, 7, 8, 9]
    assert outcomes.outcomes(session, "call", "lead")[0].label_on("lead") == "Reached"
    assert outcomes.outcomes(session, "email", "prospect") == []


@pytest.mark.parametrize(
    ("named", "digit"), [("3", 3), (3, 3), ("VOICEMAIL", 4), ("reached", 1), ("bus", 5)]
)
def test_named_by_digit_label_or_beginning(session, named, digit):
    assert outcomes.find_outcome(session, "call", named).digit == digit


@pytest.mark.parametrize("named", ["0", "", "no", "zzz"])
def test_what_names_none_or_several_is_refused_with_the_choice(session, named):
    with pytest.raises(NotFound) as refused:
        outcomes.find_outcome(session, "call", named)
    assert "3 No answer" in refused.value.hint


def test_retire_add_edit_undo(session):
    outcome_rules.retire(session, "call", "busy")
    assert 5 not in [o.digit for o in outcomes.outcomes(session)]
    outcome_rules.add(session, "call", "Reception", retry="4h", reached=True)
    assert outcomes.find_outcome(session, "call", 5).label == "Reception"
    outcome_rules.edit(session, "call", "reception", label="Front desk", retry="next working day")
    found = outcomes.find_outcome(session, "call", "front desk")
    assert (found.digit, found.retry, found.reached) == (5, "next working day", True)
    for _n in range(3):
        undo.undo(session)
    assert outcomes.find_outcome(session, "call", 5).label == "Busy"


@pytest.mark.parametrize(
    "flags",
    [
        {"digit": 3},
        {"digit": 12},
        {"retry": "some time"},
        {"asks": "money"},
        {"colour": 1},
        {"most_tries": -1},
    ],
)
def test_nonsense_is_refused(session, flags):
    outcome_rules.retire(session, "call", 5)
    with pytest.raises(CrmError):
        outcome_rules.add(session, "call", "Odd", **flags)


@pytest.mark.parametrize("label", ["", "  ", "7", "BUSY"])
def test_a_label_is_a_word_of_its_own(session, label):
    with pytest.raises(CrmError):
        outcome_rules.add(session, "call", label)


def digits(session, kind="call"):
    return {o.label: o.digit for o in outcomes.all_outcomes(session.store, kind)}


def test_a_digit_that_is_taken_changes_places(session):
    outcome_rules.edit(session, "call", "voicemail", digit=3)
    assert (digits(session)["Voicemail"], digits(session)["No answer"]) == (3, 4)
    outcome_rules.edit(session, "call", "voicemail", digit=None)
    outcome_rules.edit(session, "call", "voicemail", digit=4)
    assert (digits(session)["Voicemail"], digits(session)["No answer"]) == (4, 3)
    with pytest.raises(CrmError, match="from 1 to 9"):
        outcome_rules.edit(session, "call", "voicemail", digit=0)


def test_moving_takes_place_and_digit(session):
    outcome_rules.move(session, "call", "voicemail", -1)
    assert [o.label for o in outcomes.outcomes(session)][2:4] == ["Voicemail", "No answer"]
    assert (digits(session)["Voicemail"], digits(session)["No answer"]) == (3, 4)
    outcome_rules.move(session, "call", "do not call", -1)
    assert [o.digit for o in outcomes.outcomes(session)] == list(range(1, 10))
    for named, by in (("interested", -1), ("send", 1)):
        with pytest.raises(CrmError, match="already"):
            outcome_rules.move(session, "call", named, by)
    undo.undo(session)
    undo.undo(session)
    assert outcomes.find_outcome(session, "call", 3).label == "No answer"


def test_retired_and_brought_back(session):
    outcome_rules.retire(session, "call", "busy")
    with pytest.raises(NotFound):
        outcome_rules.bring_back(session, "call", "voicemail")
    outcome_rules.bring_back(session, "call", "bus")
    assert digits(session)["Busy"] == 5
    outcome_rules.retire(session, "call", "busy")
    outcome_rules.add(session, "call", "Reception")
    outcome_rules.bring_back(session, "call", "busy")
    assert digits(session)["Busy"] is None, "all nine are taken"


def test_history_and_reports_keep_a_retired_one(session):
    lead = leads.create(session, "Acme: one")
    actions.log(session, lead, "call", outcome="busy", text="rang")
    prospects = ids(session, fill(session, [row(2, "A", phone="+34600000001")]))
    calling.outcome(session, prospects[0], 5)
    outcome_rules.retire(session, "call", "busy")
    outcome_rules.edit(session, "call", "voicemail", digit=5)
    assert [line.outcome for line in lead_history.history(session, lead) if line.outcome] == [
        "Busy"
    ]
    report = registry.run(session, "activity", Filters(period="this-month"))
    assert [(r["outcome"], r["count"]) for r in report.rows if r["kind"] == "call"] == [("Busy", 2)]


def test_one_reached_outcome_of_a_call_stays(session):
    for digit in (2, 7, 8, 9):
        outcome_rules.retire(session, "call", digit)
    for act in (
        lambda: outcome_rules.retire(session, "call", 1),
        lambda: outcome_rules.edit(session, "call", 1, reached=False),
    ):
        with pytest.raises(CrmError, match="last outcome of a call in which somebody is reached"):
            act()
    outcome_rules.edit(session, "call", 4, reached=True)
    outcome_rules.retire(session, "call", 1)


def test_what_it_is_called_and_does_on_a_lead(session):
    outcome_rules.edit(session, "call", 2, lead_label="No interest", next_kind="email")
    found = outcomes.find_outcome(session, "call", "no interest")
    assert (found.digit, found.next_kind) == (2, "email")
    for values in ({"lead_label": "Busy"}, {"next_kind": "dance"}):
        with pytest.raises(CrmError):
            outcome_rules.edit(session, "call", 2, **values)
    outcome_rules.edit(session, "call", 2, lead_label="")
    assert outcomes.find_outcome(session, "call", 2).label_on("lead") == "Not interested"


def test_what_then_in_words(session):
    assert {o.digit: outcomes.effect_words(o) for o in outcomes.outcomes(session)} == {
        1: "becomes a lead",
        2: "row done, asks for a reason",
        3: "again in 4 h, other half of the day, at most 6 tries",
        4: "again next working day",
        5: "again in 30 min",
        6: "row done, number marked bad",
        7: "again next working day",
        8: "becomes a lead, next: e-mail",
        9: "number and e-mail blocked everywhere",
    }


def test_a_rep_may_not(colleague):
    with pytest.raises(NotAllowed):
        outcome_rules.retire(colleague("ben"), "call", 5)
