"""Users, roles and the first start."""

import pytest

from tui_crm.core.calling import workspace
from tui_crm.core.errors import CrmError, NotAllowed, NotFound
from tui_crm.core.leads import leads
from tui_crm.core.session import all_members, find_member
from tui_crm.core.store import undo
from tui_crm.core.store.schema import schema_diff
from tui_crm.core.team import members
from tui_crm.core.team.sign_in import sign_in


def test_first_start_makes_an_admin_from_the_login(session):
    assert (session.user.name, session.user.role) == ("ana", "admin")
    assert (session.house.currency, session.house.region, session.house.zone) == (
        "EUR",
        "ES",
        "Europe/Madrid",
    )


def test_the_tables_fit_the_models(store):
    assert schema_diff(store) == ""


def test_an_unknown_login_is_refused_with_the_command_that_adds_it(store):
    with pytest.raises(NotFound) as refused:
        sign_in(store, "eve")
    assert "tui-crm users add eve" in refused.value.hint


def test_a_rep_may_not_add_users(colleague):
    ben = colleague("ben")
    with pytest.raises(NotAllowed):
        members.add_user(ben, "carl")


def test_the_last_admin_stays(session):
    with pytest.raises(CrmError, match="admin"):
        members.edit_user(session, "ana", role="rep")


def test_add_user_undo_redo(session):
    members.add_user(session, "ben", email="b@example.com", team="North")
    assert find_member(session.store, "BEN").team == "North"
    undo.undo(session)
    assert [m.name for m in all_members(session.store)] == ["ana"]
    undo.redo(session)
    assert find_member(session.store, "ben").email == "b@example.com"
    with pytest.raises(CrmError):
        undo.redo(session)


@pytest.mark.parametrize(
    "values",
    [
        {"call_from": "25:00"},
        {"call_from": "9"},
        {"call_until": "07:00"},
        {"call_days": "18"},
        {"zone": "Mars/Olympus"},
    ],
)
def test_a_workspace_that_makes_no_sense_is_refused(session, values):
    with pytest.raises(CrmError):
        workspace.set_workspace(session, **values)


def test_the_currency_stays_once_there_are_amounts(session):
    workspace.set_workspace(session, currency="USD")
    leads.create(session, "Acme", amount=100)
    with pytest.raises(CrmError, match="currency"):
        workspace.set_workspace(session, currency="EUR")
