"""An updated file over a list that is there: what is new, changed, unchanged, left alone."""

import json

import pytest

from tests.core.whole import entries, snapshot
from tui_crm.core.calling import card as calling_card, operations as calling
from tui_crm.core.dates import reader
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.exchange.importing import preview, run_import
from tui_crm.core.exchange.prospects.importer import ProspectImport
from tui_crm.core.exchange.prospects.update import CorrectedCell, ListUpdate, summary_line
from tui_crm.core.leads import leads
from tui_crm.core.lists import lists
from tui_crm.core.privacy import do_not_call
from tui_crm.core.store import undo

FIRST = """Name,Company,Phone,E-mail,City,Customer no,Size
Ana Ruiz,Acme,600 100 201,ana@acme.example,Bilbao,C-1,10
Bo Berg,Bolt,600 100 202,bo@bolt.example,Madrid,C-2,20
Cy Coe,Cyan,600 100 203,cy@cyan.example,Madrid,C-3,30
Di Dor,Dine,600 100 204,di@dine.example,Sevilla,C-4,40
"""
# Ana unchanged; Bo has another size and city; Cy another phone; Di is gone; Ed is new, Fay too.
SECOND = """Customer no,Name,Company,Phone,E-mail,City,Size,Web
C-1,Ana Ruiz,Acme,600 100 201,ana@acme.example,Bilbao,10,
C-2,Bo Berg,Bolt,600 100 202,bo@bolt.example,Burgos,25,www.bolt.example
C-3,Cy Coe,Cyan,600 100 299,cy@cyan.example,Madrid,30,
C-5,Ed East,Earl,600 100 205,ed@earl.example,Vigo,50,
C-6,Fay Fox,Fine,600 100 206,fay@fine.example,Vigo,60,www.fine.example
"""


@pytest.fixture
def file(tmp_path):
    def made(text, name="people.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return made


@pytest.fixture
def fair(session, file):
    done = run_import(session, preview(session, ProspectImport("Fair"), file(FIRST)))
    return done.comparison.list_id


def look(session, path, key_column=None):
    seen = preview(session, ListUpdate(session, "Fair", key_column), path)
    assert seen.rows == sum(figures(seen))
    return seen


def figures(seen):
    found = seen.comparison
    return found.added, found.updated, found.unchanged, len(found.skipped)


def cells(session, list_id):
    """Every row of the list by its name, as ``{column: cell}`` of what is filled."""
    heads = [c.name for c in lists.get(session, list_id).columns]
    return {
        name: {h: v for h, v in zip(heads, json.loads(kept), strict=False) if v}
        for name, kept in session.store.rows(
            "SELECT name, cells FROM prospects WHERE list_id = ? ORDER BY line", (list_id,)
        )
    }


def number(session, name):
    return session.store.value("SELECT id FROM prospects WHERE name = ?", (name,))


def test_the_preview_says_everything_and_changes_nothing(session, fair, file):
    before = snapshot(session.store)
    seen = look(session, file(SECOND))
    assert figures(seen) == (2, 2, 1, 0)
    found = seen.comparison
    assert (found.doubtful, found.gone, found.new_columns) == (0, 1, ("Web",))
    changed = {c.name: (c.cells, c.examples) for c in found.changes}
    assert changed == {
        "City": (1, ((3, "Madrid", "Burgos"),)),
        "Size": (1, ((3, "20", "25"),)),
        "Phone": (1, ((4, "600 100 203", "600 100 299"),)),
        "Web": (1, ((3, "", "www.bolt.example"),)),
    }
    assert snapshot(session.store) == before
    assert "2 new, 2 changed, 1 unchanged, 1 gone" in summary_line(found)


def test_one_act_brings_it_in_and_one_undo_takes_it_back(session, fair, file):
    cy = number(session, "Cy Coe")
    calling.outcome(session, cy, 3)
    calling.add_note(session, cy, "rings twice")
    before, count = snapshot(session.store), entries(session.store)
    done = run_import(session, look(session, file(SECOND)))
    assert figures(done) == (2, 2, 1, 0)
    assert entries(session.store) == count + 1
    there = cells(session, fair)
    assert list(there) == ["Ana Ruiz", "Bo Berg", "Cy Coe", "Di Dor", "Ed East", "Fay Fox"]
    assert there["Bo Berg"] == {
        "Name": "Bo Berg",
        "Company": "Bolt",
        "Phone": "600 100 202",
        "E-mail": "bo@bolt.example",
        "City": "Burgos",
        "Customer no": "C-2",
        "Size": "25",
        "Web": "www.bolt.example",
    }
    assert there["Fay Fox"]["Customer no"] == "C-6" and there["Di Dor"]["Size"] == "40"
    assert session.store.value("SELECT city FROM prospects WHERE name = 'Bo Berg'") == "Burgos"
    card = calling_card.card(session, cy)
    assert [p.e164 for p in card.phones] == ["+34600100299"]
    assert (card.note, card.state) == ("rings twice", "retry")
    again = look(session, file(SECOND))
    assert figures(again) == (0, 0, 5, 0)
    undo.undo(session)
    assert snapshot(session.store) == before
    undo.redo(session)
    assert cells(session, fair) == there


def test_a_cell_corrected_by_hand_stays_and_is_listed(session, fair, file):
    bo = number(session, "Bo Berg")
    calling.edit_row(session, bo, {"City": "Barcelona"})
    seen = look(session, file(SECOND))
    assert seen.comparison.corrected == (CorrectedCell(3, "City", "Barcelona", "Burgos"),)
    run_import(session, seen)
    assert cells(session, fair)["Bo Berg"]["City"] == "Barcelona"
    assert cells(session, fair)["Bo Berg"]["Size"] == "25"
    original = json.loads(session.store.value("SELECT original FROM prospects WHERE id = ?", (bo,)))
    assert original[4] == "Madrid" and original[6] == "25"


def test_an_empty_cell_of_the_file_takes_nothing_away(session, fair, file):
    seen = look(session, file("Name,Phone,City\nAna Ruiz,600 100 201,\n"))
    assert figures(seen) == (0, 0, 1, 0) and seen.comparison.gone == 3


def test_what_rows_are_matched_by(session, fair, file):
    moved = "Customer no,Name,Phone,E-mail\nC-2,Bo Berg,600 100 777,new@bolt.example\n"
    seen = look(session, file(moved))
    assert seen.comparison.matched_by == "Customer no" and figures(seen) == (0, 1, 0, 0)
    assert figures(look(session, file(moved), key_column="phone")) == (1, 0, 0, 0)
    assert figures(look(session, file(moved), key_column="customer")) == (0, 1, 0, 0)
    assert (
        look(session, file("Name,Phone\nAna Ruiz,600 100 201\n")).comparison.matched_by == "contact"
    )
    with pytest.raises(CrmError, match="no column Shoe"):
        look(session, file(moved), key_column="Shoe")
    with pytest.raises(CrmError, match="file has no column"):
        look(session, file(moved), key_column="Size")
    with pytest.raises(NotFound):
        ListUpdate(session, "Nope")


def test_doubtful_rows_are_left_alone_and_counted(session, fair, file):
    seen = look(
        session,
        file(
            "Name,Phone,E-mail\n"
            "Mixed,600 100 201,bo@bolt.example\n"  # the phone of one, the e-mail of another
            "Ana Ruiz,600 100 201,\n"
            "Ana again,600 100 201,\n"
            "By phone,600 100 204,\n"
        ),
    )
    assert figures(seen) == (0, 1, 1, 2) and seen.comparison.doubtful == 1
    assert [(s.line, s.reason) for s in seen.skipped] == [
        (2, "doubtful: 2 rows of the list match"),
        (4, "same as line 3"),
    ]
    by_number = look(
        session, file("Customer no,Name,Phone\nC-9,Zoe,600 100 201\n"), key_column="customer no"
    )
    assert by_number.comparison.doubtful == 1 and "another row's" in by_number.skipped[0].reason


def test_new_rows_that_are_known_elsewhere_stay_out(session, fair, file):
    other = file("Name,Phone\nOther,600 100 301\n", "o.csv")
    run_import(session, preview(session, ProspectImport("Other"), other))
    leads.create(session, "Deal", contact="Lea", points=[("phone", "+34600100302")])
    do_not_call.block(session, "+34600100303", "never")
    seen = look(
        session,
        file(
            "Name,Phone\nOther,600 100 301\nLea,600 100 302\nC,600 100 303\nD,600 100 304\n"
            "D,600100304\nSomebody Else,600 100 301\n"
        ),
    )
    assert figures(seen) == (2, 0, 0, 4)
    assert [(line, "list Other, line 2" in text) for line, text in seen.remarks] == [(7, True)]
    reasons = [s.reason for s in seen.skipped]
    assert "Other" in reasons[0] and "lead #" in reasons[1] and "never" in reasons[2]
    assert reasons[3] == "same as line 5"


def test_a_number_on_the_do_not_call_list_blocks_its_row(session, fair, file):
    do_not_call.block(session, "+34600100299", "never")
    before = snapshot(session.store)
    run_import(session, look(session, file(SECOND)))
    assert session.store.value("SELECT state FROM prospects WHERE name = 'Cy Coe'") == "blocked"
    undo.undo(session)
    assert snapshot(session.store) == before
    assert session.store.value("SELECT state FROM prospects WHERE name = 'Cy Coe'") == "new"


def test_a_bad_number_that_stays_is_still_bad(session, fair, file):
    cy = number(session, "Cy Coe")
    session.store.execute("UPDATE prospect_keys SET bad = 1 WHERE prospect_id = ?", (cy,))
    text = SECOND.replace("600 100 299", "600 100 203 / 600 100 298")
    run_import(session, look(session, file(text)))
    assert [(p.e164, p.bad) for p in calling_card.card(session, cy).phones] == [
        ("+34600100298", False),
        ("+34600100203", True),
    ]


def test_rows_without_phone_or_email_are_known_by_name(session, file):
    for text in (
        "Name,Company,Notes\nAna,Acme,x\nBo,Bolt,y\n",
        "Name,Company,Notes\nAna,Acme,z\nCy,Cyan,y\n",
    ):
        if session.store.value("SELECT COUNT(*) FROM lists"):
            done = run_import(session, look(session, file(text)))
            assert figures(done) == (1, 1, 0, 0)
        else:
            run_import(session, preview(session, ProspectImport("Fair"), file(text)))
    assert [r[0] for r in session.store.rows("SELECT name FROM prospects ORDER BY line")] == [
        "Ana",
        "Bo",
        "Cy",
    ]


def test_what_changed_after_the_look_is_compared_again(session, fair, file):
    seen = look(session, file(SECOND))
    calling.edit_row(session, number(session, "Bo Berg"), {"Size": "99"})
    done = run_import(session, seen)
    assert [k.column for k in done.comparison.corrected] == ["Size"]
    assert cells(session, fair)["Bo Berg"]["Size"] == "99"


def test_a_callback_stays_what_it_was(session, fair, file):
    calling.callback(session, number(session, "Bo Berg"), reader.read("tue 10", session.now))
    kept = "state, due_at, due_exact, tries, owner_id, note"
    was = session.store.rows(f"SELECT {kept} FROM prospects WHERE name = 'Bo Berg'")
    run_import(session, look(session, file(SECOND)))
    assert session.store.rows(f"SELECT {kept} FROM prospects WHERE name = 'Bo Berg'") == was


def test_cancelled_means_nothing_happened(session, fair, file):
    before = snapshot(session.store)
    with pytest.raises(CrmError, match="Cancelled"):
        run_import(session, look(session, file(SECOND)), None, lambda: True)
    assert snapshot(session.store) == before
