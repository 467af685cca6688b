"""Days and moments as programs and people write them in files."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from tui_crm.core.exchange.days import DayReader, Order, month

MADRID = ZoneInfo("Europe/Madrid")


@pytest.mark.parametrize(
    ("value", "order", "expected"),
    [
        ("2026-11-23", "ymd", "2026-11-23"),
        ("2026-11-23T10:00:00Z", "dmy", "2026-11-23"),
        ("2006-04-15T03:23:15.000+0000", "ymd", "2006-04-15"),
        ("2026-11-23 23:59", "mdy", "2026-11-23"),
        ("2026/1/3", "ymd", "2026-01-03"),
        ("3/4/2026", "mdy", "2026-03-04"),
        ("3/4/2026", "dmy", "2026-04-03"),
        ("31/12/2026", "mdy", "2026-12-31"),
        ("3.4.26", "dmy", "2026-04-03"),
        ("3/4/2026 10:32 PM", "mdy", "2026-03-04"),
        ("12 dic 2026", "dmy", "2026-12-12"),
        ("12 de diciembre de 2026", "dmy", "2026-12-12"),
        ("12. März 2026", "dmy", "2026-03-12"),
        ("12 août 2026", "dmy", "2026-08-12"),
        ("1er février 2026", "dmy", "2026-02-01"),
        ("Dec 12, 2026", "mdy", "2026-12-12"),
        ("Wed, 12 Aug 2026 10:00:00 GMT", "ymd", "2026-08-12"),
        ("12-Aug-26", "dmy", "2026-08-12"),
        ("20261231", "ymd", "2026-12-31"),
        ("46349", "ymd", "2026-11-23"),
        ("46349.5", "ymd", "2026-11-23"),
        ("1767225600", "ymd", "2026-01-01"),
        ("1767225600000", "ymd", "2026-01-01"),
    ],
)
def test_days(value: str, order: Order, expected: str) -> None:
    assert DayReader(order).day(f" {value} ") == dt.date.fromisoformat(expected)


@pytest.mark.parametrize(
    "value",
    ["", "soon", "12345", "99999", "2026-13-45", "31/31/2026", "30.2.2026", "12 foo 2026", "10:30"],
)
def test_what_is_no_day(value: str) -> None:
    assert DayReader("dmy").day(value) is None


def order(*cells: str, region: str = "", language: str = "en") -> tuple[str, bool]:
    found = DayReader.of_file(cells, region, language)
    return found.order, found.undecided


def test_the_order_of_day_and_month_is_one_for_the_file() -> None:
    assert order("3/4/2026", "", "31/12/2026") == ("dmy", False)
    assert order("3/4/2026", "12/31/2026", language="es") == ("mdy", False)
    assert order("3/4/2026", "5/6/2026") == ("mdy", True)
    assert order("3/4/2026", "5/6/2026", language="fr") == ("dmy", True)
    assert order("3.4.2026") == ("dmy", False)
    assert order("2026-01-02", "", language="es") == ("ymd", False)
    assert order("13/1/2026", "14/1/2026", "1/13/2026") == ("dmy", False)
    assert order() == ("ymd", False)


@pytest.mark.parametrize(
    ("region", "expected"),
    [("GB", "dmy"), ("IE", "dmy"), ("AU", "dmy"), ("US", "mdy"), ("PH", "mdy")],
)
def test_where_no_cell_decides_the_region_does(region: str, expected: str) -> None:
    assert order("04/03/2026", region=region) == (expected, True)
    assert order("04/03/2026", region=region, language="de") == (expected, True)
    assert order("4/4/2026", region=region) == ("ymd", False)  # the same either way


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("févr", 2),
        ("juil", 7),
        ("juin", 6),
        ("sept", 9),
        ("set", 9),
        ("abr", 4),
        ("avr", 4),
        ("Mrz", 3),
        ("März", 3),
        ("Jänner", 1),
        ("ago", 8),
        ("août", 8),
        ("dic", 12),
        ("DEZ", 12),
        ("gen", 1),
        ("mei", 5),
        ("out", 10),
        ("jui", None),
        ("ma", None),
        ("foo", None),
    ],
)
def test_months_whole_or_abbreviated(word: str, number: int | None) -> None:
    assert month(word) == number


@pytest.mark.parametrize(
    ("cell", "day", "clock"),
    [
        ("2026-12-04T14:00:00Z", "2026-12-04", "15:00"),
        ("2026-12-05T14:00:00+05:00", "2026-12-05", "10:00"),
        ("2026-03-31T22:30:00Z", "2026-04-01", "00:30"),
        ("2026-03-31T00:00:00Z", "2026-03-31", None),
        ("2026-03-31T00:00:00.000+0000", "2026-03-31", None),
        ("05.12.2026 9:30", "2026-12-05", "09:30"),
        ("3/12/2026 2:05 pm", "2026-12-03", "14:05"),
        ("Mar 5 2026 12:10AM", "2026-03-05", "00:10"),
        ("5 mars 2026 à 14h30", "2026-03-05", "14:30"),
        (
            "Thu Mar 05 2026 10:15:00 GMT+0100 (Central European Standard Time)",
            "2026-03-05",
            "10:15",
        ),
    ],
)
def test_moments_are_in_the_zone_of_the_workspace(cell: str, day: str, clock: str | None) -> None:
    found = DayReader("dmy", zone=MADRID).read(cell)
    assert found is not None and found.day == dt.date.fromisoformat(day)
    assert found.clock == (dt.time.fromisoformat(clock) if clock else None)


_FORMS = (
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%d %b %Y",
    "%B %d, %Y",
    "%d-%b-%y",
    "%Y%m%d",
    "%b-%d-%Y",
)


@given(st.dates(dt.date(1971, 1, 1), dt.date(2069, 12, 31)), st.sampled_from(_FORMS))
def test_a_day_comes_back_from_every_spelling(day: dt.date, form: str) -> None:
    assert DayReader("dmy").day(day.strftime(form)) == day


@given(st.text(max_size=30))
def test_any_text_is_a_day_or_none(cell: str) -> None:
    DayReader("mdy", zone=MADRID).read(cell)
