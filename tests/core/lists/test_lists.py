"""Prospect lists: made, filled, counted, ruled."""

import pytest

from tests.core.lists.prospects import COLUMNS, fill, ids, plain, row, state
from tui_crm.core.calling import (
    card as calling_card,
    list_rules,
    operations as calling,
    session as calling_session,
)
from tui_crm.core.dates import reader
from tui_crm.core.errors import CrmError, NotAllowed, NotFound
from tui_crm.core.lists import lists
from tui_crm.core.privacy import do_not_call
from tui_crm.core.store import undo


def test_every_column_and_cell_is_kept(session):
    list_id = fill(session, [row(2, "Ana", "Acme", "91 123", machines='a, "b"\n[/] ñ')])
    info = lists.get(session, list_id)
    assert [c.name for c in info.columns] == [c["name"] for c in COLUMNS]
    assert info.source == "fair.csv"
    card = calling_card.card(session, ids(session, list_id)[0])
    assert ("Maschinen", 'a, "b"\n[/] ñ', None) in card.cells
    assert [(p.typed, p.e164) for p in card.phones] == [("91 123", None)]  # odd phones are kept


def test_an_import_is_one_undo(session):
    list_id = lists.create(session, "Big")
    lists.add_rows(
        session, list_id, (row(n, f"P{n}", phone=f"+34600{n:06d}") for n in range(2, 12_002))
    )
    assert lists.count_list(session, list_id).rows == 12_000
    assert session.store.value("SELECT COUNT(*) FROM prospect_keys") == 12_000
    undo.undo(session)
    assert lists.count_list(session, list_id).rows == 0
    assert session.store.value("SELECT COUNT(*) FROM prospect_keys") == 0
    undo.redo(session)
    assert lists.count_list(session, list_id).rows == 12_000


def test_a_row_knows_where_it_is_called(session):
    list_id = fill(
        session,
        [
            row(2, "A", country="Deutschland"),
            row(3, "B", phone="+12125550123"),
            row(4, "C", zone="Asia/Tokyo", country="DE"),
            row(5, "D"),
        ],
    )
    zones = session.store.rows(
        "SELECT zone FROM prospects WHERE list_id = ? ORDER BY line", (list_id,)
    )
    assert [z[0] for z in zones] == ["Europe/Berlin", "America/New_York", "Asia/Tokyo", ""]


def test_the_counts_of_a_list(session):
    list_id = plain(session, 8)
    one, two, three, four, five, six, *_ = ids(session, list_id)
    calling.outcome(session, one, 3)
    calling.outcome(session, two, 2)
    calling.outcome(session, three, 1)
    calling.callback(session, four, reader.read("tue 10", session.now), called=False)
    calling.outcome(session, five, 9)
    calling.outcome(session, six, 4)
    (found,) = lists.lists(session)
    assert (found.rows, found.new, found.callbacks, found.retries, found.done, found.leads) == (
        8,
        2,
        1,
        2,
        1,
        1,
    )
    assert (found.blocked, found.called, found.reached, found.worked) == (1, 5, 3, 3)
    assert found == lists.count_list(session, list_id)


def test_find_by_name_or_beginning(session):
    list_id = plain(session, 1, name="Ferias de Otoño")
    assert lists.find(session, "FERIAS DE OTONO").id == list_id
    assert lists.find(session, "feri").id == list_id
    with pytest.raises(NotFound) as refused:
        lists.find(session, "spring")
    assert "Ferias de Otoño" in refused.value.hint


def test_two_lists_do_not_share_a_name(session):
    lists.create(session, "Spring")
    with pytest.raises(CrmError, match="already"):
        lists.create(session, "SPRING")


def test_rename_archive_script(session, colleague):
    list_id = plain(session, 1)
    lists.rename(session, list_id, "Autumn")
    lists.set_script(session, list_id, "Hello {first name}")
    with pytest.raises(NotAllowed):
        lists.archive(colleague("ben"), list_id)
    lists.archive(session, list_id)
    assert lists.lists(session) == []
    assert [r.name for r in lists.lists(session, archived=True)] == ["Autumn"]
    with pytest.raises(CrmError, match="archived"):
        calling_session.open_seat(session, list_id)
    lists.archive(session, list_id, False)
    assert calling_session.open_seat(session, list_id).list_name == "Autumn"


@pytest.mark.parametrize(
    "rules",
    [
        {"call_from": "25:00"},
        {"call_from": "19:00"},
        {"call_days": "129"},
        {"zone": "Mars"},
        {"most_tries": -1},
        {"colour": "red"},
    ],
)
def test_rules_that_make_no_sense_are_refused(session, rules):
    list_id = plain(session, 1)
    with pytest.raises(CrmError):
        list_rules.set_rules(session, list_id, **rules)


def test_a_list_has_its_own_window(session):
    list_id = plain(session, 1)
    list_rules.set_rules(session, list_id, call_from="10:00", call_until="12:00")
    assert calling_session.upcoming(session, list_id).rows == ()
    list_rules.set_rules(session, list_id, call_from="", call_until="")
    assert len(calling_session.upcoming(session, list_id).rows) == 1


def test_rows_on_the_do_not_call_list_come_in_blocked(session):
    do_not_call.block(session, "+34600000007", "never")
    list_id = fill(session, [row(2, "A", phone="+34600000007"), row(3, "B", phone="+34600000008")])
    assert [state(session, n) for n in ids(session, list_id)] == ["blocked", "new"]


def test_an_import_can_be_undone_after_a_look_at_its_list(session):
    """Sitting down at a list is nobody's act: it does not stand in the way of undo."""
    list_id = fill(session, [row(2, "Katrin", "Müller", "+497513661208")])
    calling_session.open_seat(session, list_id)
    assert calling_session.next_card(session, list_id) is not None
    undo.undo(session)
    undo.undo(session)
    assert lists.lists(session) == []
