"""Outcomes: offered by digit, named by label, changed by a manager."""

import pytest

from tui_crm.core.errors import CrmError, NotAllowed, NotFound
from tui_crm.core.store import journal
from tui_crm.core.work import outcomes


def test_the_nine_of_a_call(session):
    rows = outcomes.outcomes(session)
    assert [(o.digit, o.label) for o in rows] == [
        (1, "Interested"), (2, "Not interested"), (3, "No answer"), (4, "Voicemail"), (5, "Busy"),
        (6, "Wrong number"), (7, "Spoke to somebody else"), (8, "Send information"),
        (9, "Do not call")]  # fmt: skip
    assert [o.digit for o in rows if o.reached] == [1, 2, 7, 8, 9]
    assert outcomes.outcomes(session, "call", "lead")[0].label_on("lead") == "Reached"
    assert outcomes.outcomes(session, "email", "prospect") == []


@pytest.mark.parametrize(("named", "digit"), [("3", 3), (3, 3), ("VOICEMAIL", 4), ("reached", 1), ("bus", 5)])
def test_named_by_digit_label_or_beginning(session, named, digit):
    assert outcomes.find_outcome(session, "call", named).digit == digit


@pytest.mark.parametrize("named", ["0", "", "no", "zzz"])
def test_what_names_none_or_several_is_refused_with_the_choice(session, named):
    with pytest.raises(NotFound) as refused:
        outcomes.find_outcome(session, "call", named)
    assert "3 No answer" in refused.value.hint


def test_retire_add_edit_undo(session):
    outcomes.retire(session, "call", "busy")
    assert 5 not in [o.digit for o in outcomes.outcomes(session)]
    outcomes.add(session, "call", "Reception", retry="4h", reached=True)
    assert outcomes.find_outcome(session, "call", 5).label == "Reception"
    outcomes.edit(session, "call", "reception", label="Front desk", retry="next working day")
    found = outcomes.find_outcome(session, "call", "front desk")
    assert (found.digit, found.retry, found.reached) == (5, "next working day", True)
    for _n in range(3):
        journal.undo(session)
    assert outcomes.find_outcome(session, "call", 5).label == "Busy"


@pytest.mark.parametrize(
    "flags",
    [{"digit": 3}, {"digit": 12}, {"retry": "some time"}, {"asks": "money"}, {"colour": 1},
     {"most_tries": -1}],
)  # fmt: skip
def test_nonsense_is_refused(session, flags):
    outcomes.retire(session, "call", 5)
    with pytest.raises(CrmError):
        outcomes.add(session, "call", "Odd", **flags)


@pytest.mark.parametrize("label", ["", "  ", "7", "BUSY"])
def test_a_label_is_a_word_of_its_own(session, label):
    with pytest.raises(CrmError):
        outcomes.add(session, "call", label)


def test_a_rep_may_not(colleague):
    with pytest.raises(NotAllowed):
        outcomes.retire(colleague("ben"), "call", 5)
