"""Where a prospect lives, from what a list says of it; several zones where nothing tells which."""

import pytest

from tests.core.lists.prospects import COLUMNS, row
from tui_crm.core.calling import list_rules
from tui_crm.core.exchange.prospects import parse as prospect_parse
from tui_crm.core.exchange.readers.table import RawRow
from tui_crm.core.lists import lists
from tui_crm.core.lists.zone_names import read_zone
from tui_crm.core.lists.zones import zone_of


@pytest.mark.parametrize(
    ("typed", "country", "zone"),
    [
        ("PST", "", "America/Los_Angeles"),
        ("P.D.T.", "", "America/Los_Angeles"),
        ("Pacific Time", "", "America/Los_Angeles"),
        ("Eastern Time (US & Canada)", "", "America/New_York"),
        ("EST", "", "America/New_York"),  # not the IANA zone EST, which has no summer
        ("EST", "Panama", "America/Panama"),  # where it is EST all year
        ("CET", "", "Europe/Berlin"),
        ("CET", "Spain", "Europe/Madrid"),
        ("MEZ", "Österreich", "Europe/Vienna"),
        ("Mitteleuropäische Zeit", "", "Europe/Berlin"),
        ("W. Europe Standard Time", "", "Europe/Berlin"),
        ("GMT", "", "Europe/London"),
        ("GMT", "Portugal", "Europe/Lisbon"),
        ("IST", "India", "Asia/Kolkata"),
        ("IST", "Ireland", "Europe/Dublin"),
        ("IST", "IL", "Asia/Jerusalem"),
        ("CST", "USA", "America/Chicago"),
        ("CST", "China", "Asia/Shanghai"),
        ("BST", "UK", "Europe/London"),
        ("BST", "Bangladesh", "Asia/Dhaka"),
        ("UTC+2", "", "Etc/GMT-2"),
        ("GMT-05:00", "", "Etc/GMT+5"),
        ("+0530", "", "Asia/Kolkata"),
        ("\u22123", "", "Etc/GMT+3"),
        ("(UTC+01:00) Brussels, Copenhagen, Madrid", "", "Europe/Brussels"),
    ],
)
def test_what_is_no_iana_name_is_translated(typed, country, zone):
    assert read_zone(typed, country) == (zone, True)


@pytest.mark.parametrize("typed", ["Europe/Madrid", "europe/madrid", "America/New York", "UTC"])
def test_an_iana_name_is_taken_as_it_is(typed):
    name, translated = read_zone(typed)
    assert name and not translated


@pytest.mark.parametrize(
    ("typed", "country"),
    [("IST", ""), ("CST", ""), ("BST", "France"), ("nonsense", ""), ("", ""), ("+27", "")],
)
def test_what_could_mean_several_zones_or_none_is_not_guessed(typed, country):
    assert read_zone(typed, country) == ("", False)


@pytest.mark.parametrize(
    ("city", "country", "numbers", "zone"),
    [
        ("Madrid", "", (), "Europe/Madrid"),
        ("New York", "USA", (), "America/New_York"),
        ("Los Ángeles", "", ("+13105550123",), "America/Los_Angeles"),
        ("São Paulo", "Brasil", (), "America/Sao_Paulo"),
        ("Madrid", "Colombia", (), "America/Bogota"),  # another Madrid
        ("Santiago", "", ("+34981123456",), "Europe/Madrid"),  # de Compostela, says the phone
        ("Bilbao", "Spain", (), "Europe/Madrid"),
        ("Springfield", "", (), ""),
    ],
)
def test_a_city_tells_when_the_country_does_not_contradict(city, country, numbers, zone):
    assert zone_of("", country, numbers, city) == zone


@pytest.mark.parametrize(
    ("country", "numbers", "zones"),
    [
        ("", ("+18005550123",), "America/New_York America/Los_Angeles"),  # free, in four zones
        ("USA", (), "America/New_York America/Los_Angeles"),
        ("USA", ("+34600100200",), "America/New_York America/Los_Angeles"),
        ("Canada", ("+18005550123",), "America/Halifax America/Vancouver"),
        ("USA", ("+18005550123", "+12125550123"), "America/New_York"),  # the second one tells
        ("", ("+80012345678",), ""),  # free all over the world
    ],
)
def test_of_several_zones_the_outermost_are_kept(country, numbers, zones):
    assert zone_of("", country, numbers) == zones


def test_an_import_says_once_how_it_reads_each_spelling():
    fields = ("name", "zone", "country")
    cells = [
        ("Ann", "PST", ""),
        ("Bo", "Europe/Paris", ""),
        ("Cy", "pst", ""),
        ("Di", "PST", ""),
        ("Ed", "IST", "India"),
        ("Flo", "IST", ""),
        ("Gus", "", ""),
    ]
    rows = [RawRow(line, values) for line, values in enumerate(cells, 2)]
    notes = prospect_parse.zone_notes(rows, prospect_parse.field_places(fields))
    assert [(n.line, n.reason) for n in notes] == [
        (2, "zone PST read as America/Los_Angeles, 2 rows"),
        (4, "zone pst read as America/Los_Angeles, 1 row"),
        (6, "zone IST read as Asia/Kolkata, 1 row"),
        (7, "zone IST is not understood, 1 row"),
    ]
    assert prospect_parse.zone_notes(rows, prospect_parse.field_places(("name", None, None))) == ()


def test_rows_are_kept_with_the_zone_that_they_tell(session):
    list_id = lists.create(session, "Places", COLUMNS, "places.csv")
    lists.add_rows(
        session,
        list_id,
        [
            row(2, "Ann", zone="PST"),
            row(3, "Bo", city="Paris"),
            row(4, "Cy", city="Los Angeles", country="USA"),
            row(5, "Di", phone="+18005550123"),
        ],
    )
    found = session.store.rows(
        "SELECT zone FROM prospects WHERE list_id = ? ORDER BY line", (list_id,)
    )
    assert [zone for (zone,) in found] == [
        "America/Los_Angeles",
        "Europe/Paris",
        "America/Los_Angeles",
        "America/New_York America/Los_Angeles",
    ]


def test_the_zone_of_a_list_may_be_an_abbreviation(session):
    list_id = lists.create(session, "West", COLUMNS, "west.csv")
    list_rules.set_rules(session, list_id, zone="PST")
    assert lists.get(session, list_id).zone == "America/Los_Angeles"
