"""The filter over the rows of a list: what each word finds, counted independently."""

import pytest

from tests.core.lists.prospects import fill, ids, row, take
from tui_crm.core.calling import operations as calling, session as calling_session
from tui_crm.core.errors import CrmError
from tui_crm.core.lists import edits as list_edits, filter as list_filter, lists
from tui_crm.core.store.tables import Prospect

COLUMNS = [
    {"name": "Name", "field": "name"},
    {"name": "Téléphone", "field": "phone"},
    {"name": "City", "field": "city"},
    {"name": "Sector", "field": None},
    {"name": "Postal code", "field": None},
    {"name": "Section", "field": None},
]
PEOPLE = [
    ("Ana Laser", "+34600000001", "San Sebastián", "laser 20% off", "20001", "A"),
    ("Bo", "+34600000002", "Bilbao", "Laser", "48001", "B"),
    ("Cy", "+34600000003", "bilbao", "milling", "48002", "B"),
    ("Di", "", "Madrid", 'the "best" \\ lathe', "28001", ""),
    ("Ed", "+34600000005", "", "", "28002", "C"),
]


@pytest.fixture
def fair(session):
    list_id = lists.create(session, "Fair", COLUMNS)
    lists.add_rows(
        session,
        list_id,
        [
            lists.NewRow(
                n + 2,
                cells,
                {"name": cells[0], "city": cells[2]},
                [("phone", cells[1], cells[1])] if cells[1] else [],
            )
            for n, cells in enumerate(PEOPLE)
        ],
    )
    return list_id


def found(session, list_id, query):
    """The first names a filter finds, in the order of the list."""
    store, info = session.store, lists.get(session, list_id)
    matching = list_filter.rows_query(store, info, query, Prospect.name)
    rows = store.select(matching.order_by(Prospect.line))
    names = " ".join(name.split()[0] for (name,) in rows)
    assert list_filter.count(session, list_id, query) == len(rows)
    return names


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "Ana Bo Cy Di Ed"),
        ("laser", "Ana Bo"),
        ("sector:laser", "Ana Bo"),
        ("SECTOR:LASER city:bilbao", "Bo"),
        ("sector:laser -city:bilbao", "Ana"),
        ("-sector:laser", "Cy Di Ed"),
        ("-laser -milling", "Di Ed"),
        ('city:"San Sebastián"', "Ana"),
        ('"san sebastián"', "Ana"),
        ('city:""', "Ed"),
        ('-city:""', "Ana Bo Cy Di"),
        ("telephone:600000002", "Bo"),  # the column, its accents aside
        ("phone:600000003", "Cy"),
        ('phone:"600 00 00 05"', "Ed"),
        ('phone:""', "Di"),
        ("postal:48", "Bo Cy"),
        ('"postal code":280', "Di Ed"),
        ("postalcode:20", "Ana"),
        ('sector:"20%"', "Ana"),
        ("sector:20_", ""),
        ("sector:\\", "Di"),
        ("name:ana", "Ana"),
        ("company:acme", ""),
        ("country:", "Ana Bo Cy Di Ed"),  # still being typed
        ("state:new", "Ana Bo Cy Di Ed"),
        ("state:done", ""),
        ("tries:0", "Ana Bo Cy Di Ed"),
        ("tries>0", ""),
        ("10:30", ""),
        ("https://laser.example", ""),
    ],
)
def test_what_a_word_finds(session, fair, query, names):
    assert found(session, fair, query) == names


def test_words_of_every_row(session, fair, colleague):
    ana, bo, cy, _di, ed = ids(session, fair)
    calling.outcome(session, ana, 3)
    calling.outcome(session, bo, 2)
    calling.add_note(session, cy, "speaks French")
    colleague("ben")
    list_edits.hand(session, fair, "name:di", "ben")
    assert found(session, fair, "state:retry") == "Ana"
    assert found(session, fair, "state:done") == "Bo"
    assert found(session, fair, "tries>0 tries<2") == "Ana Bo"
    assert found(session, fair, "-tries>=1") == "Cy Di Ed"
    assert found(session, fair, "note:french") == "Cy"
    assert found(session, fair, "rep:ben") == "Di"
    assert found(session, fair, "rep:nobody") == "Ana Bo Cy Ed"
    calling.edit_row(session, ed, {"zone": "Asia/Tokyo"})
    assert found(session, fair, "zone:tokyo") == "Ed"


@pytest.mark.parametrize(
    ("query", "said", "hint"),
    [
        ("colour:red", "Fair has no column colour", "Sector"),
        ("sect:laser", "sect could be Sector, Section", "more"),
        ("state:sleepy", "no state sleepy", "retry"),
        ("tries:often", "Tries are a number", "tries>2"),
        ("sector>3", "Only tries", "sector:"),
        ("rep:zoe", "zoe", "ana"),
    ],
)
def test_what_makes_no_sense_is_said(session, fair, query, said, hint):
    with pytest.raises(CrmError, match=said) as refused:
        list_filter.count(session, fair, query)
    assert hint in refused.value.hint


def test_a_session_is_narrowed_by_a_column(session, fair):
    calling_session.open_seat(session, fair, "sector:milling")
    card = calling_session.next_card(session, fair)
    assert card is not None and card.name == "Cy"
    assert take(session, fair, "sector:milling", [card.prospect_id]) is None


def test_a_column_added_later_reads_as_empty_everywhere(session, fair):
    list_edits.add_column(session, fair, "Priority")
    assert found(session, fair, "priority:high") == ""
    assert found(session, fair, "-priority:high") == "Ana Bo Cy Di Ed"
    calling.edit_row(session, ids(session, fair)[1], {"Priority": "High"})
    assert found(session, fair, "priority:high") == "Bo"
    assert found(session, fair, 'priority:""') == "Ana Cy Di Ed"


def test_completion(session, fair):
    def after(text):
        return list_filter.complete(session, fair, text)

    assert after("") == [] and after("sector:laser ") == []
    assert after("sec") == ["Sector:", "Section:"]
    assert after("laser -po") == ['-"Postal code":']
    assert after("city:b") == ["city:Bilbao", "city:bilbao"]
    assert after('city:"san') == ['city:"San Sebastián"']
    assert after("state:re") == ["state:retry"]
    assert after("tr") == ["tries>"]
    assert after("colour:r") == []
    for text in ("city:b", 'city:"san', "state:re"):
        for whole in after(text):
            assert list_filter.count(session, fair, whole) >= 0  # each is a word that works


def test_rows_without_cells_are_read_as_empty(session):
    list_id = fill(session, [row(2, "Ana", machines="7")])
    session.store.execute("UPDATE prospects SET cells = '' WHERE list_id = ?", (list_id,))
    assert list_filter.count(session, list_id, "maschinen:7") == 0
    assert list_filter.count(session, list_id, 'maschinen:""') == 1
