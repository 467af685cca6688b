"""Tags: what their undo takes back, and what not, where several people tag one lead."""

import pytest

from tui_crm.core.errors import Conflict
from tui_crm.core.leads import leads
from tui_crm.core.setup import tags
from tui_crm.core.store import undo


def _tags(session, lead):
    return tuple(sorted(tags.of(session.store, [lead]).get(lead, ())))


def test_undo_takes_no_tag_from_under_somebody_who_put_it_too(session, colleague):
    ben, lead = colleague("ben"), leads.create(session, "Acme")
    tags.change(session, lead, "hot")
    tags.change(ben, lead, "hot fair")
    with pytest.raises(Conflict, match="ben changed it since: tags: hot fair"):
        undo.undo(session)
    assert _tags(session, lead) == ("fair", "hot")
    undo.undo(ben)
    assert _tags(session, lead) == ("hot",)  # it was Ana's before
    undo.undo(session)
    assert _tags(session, lead) == ()
    undo.redo(session)
    assert _tags(session, lead) == ("hot",)


def test_a_tag_taken_off_does_not_come_back_beside_the_same_one_of_somebody_else(
    session, colleague
):
    ben, lead = colleague("ben"), leads.create(session, "Acme")
    tags.change(session, lead, "hot")
    tags.change(session, lead, "-hot")
    tags.change(ben, lead, "hot")
    with pytest.raises(Conflict, match="ben changed it since: tags: hot"):
        undo.undo(session)
    assert _tags(session, lead) == ("hot",)
    undo.undo(ben)
    undo.undo(session)
    assert _tags(session, lead) == ("hot",)


def test_undo_of_a_tag_leaves_those_that_somebody_else_put_meanwhile(session, colleague):
    ben, lead = colleague("ben"), leads.create(session, "Acme")
    tags.change(session, lead, "hot fair")
    tags.change(ben, lead, "north")
    undo.undo(session)
    assert _tags(session, lead) == ("north",)
