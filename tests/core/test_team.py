"""Users, roles and the first start."""

import pytest

from tui_crm.core.errors import CrmError, NotAllowed, NotFound
from tui_crm.core.store import undoing
from tui_crm.core.store.opening import schema_diff
from tui_crm.core.work import leads, team


def test_first_start_makes_an_admin_from_the_login(session):
    assert (session.user.name, session.user.role) == ("ana", "admin")
    assert (session.house.currency, session.house.region, session.house.zone) == (
        "EUR", "ES", "Europe/Madrid")


def test_the_tables_fit_the_models(store):
    assert schema_diff(store) == ""


def test_an_unknown_login_is_refused_with_the_command_that_adds_it(store):
    with pytest.raises(NotFound) as refused:
        team.start(store, "eve")
    assert "tui-crm users add eve" in refused.value.hint


def test_a_rep_may_not_add_users(colleague):
    ben = colleague("ben")
    with pytest.raises(NotAllowed):
        team.add_user(ben, "carl")


def test_the_last_admin_stays(session):
    with pytest.raises(CrmError, match="admin"):
        team.edit_user(session, "ana", role="rep")


def test_add_user_undo_redo(session):
    team.add_user(session, "ben", email="b@example.com", team="North")
    assert team.find_member(session.store, "BEN").team == "North"
    undoing.undo(session)
    assert [m.name for m in team.members(session.store)] == ["ana"]
    undoing.redo(session)
    assert team.find_member(session.store, "ben").email == "b@example.com"
    with pytest.raises(CrmError):
        undoing.redo(session)


@pytest.mark.parametrize(
    "values",
    [{"call_from": "25:00"}, {"call_from": "9"}, {"call_until": "07:00"}, {"call_days": "18"},
     {"zone": "Mars/Olympus"}],
)  # fmt: skip
def test_a_workspace_that_makes_no_sense_is_refused(session, values):
    with pytest.raises(CrmError):
        team.set_workspace(session, **values)


def test_the_currency_stays_once_there_are_amounts(session):
    team.set_workspace(session, currency="USD")
    leads.create(session, "Acme", amount=100)
    with pytest.raises(CrmError, match="currency"):
        team.set_workspace(session, currency="EUR")
