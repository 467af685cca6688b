"""Statuses, days and probabilities of other CRMs' exports, in four languages."""

from __future__ import annotations

import datetime as dt

import pytest

from tui_crm.core.exchange.leads.values import date_order, day, probability, status_or_step


@pytest.mark.parametrize(
    ("closed", "values"),
    [
        (
            "won",
            "Won|WON|won |Closed Won|closedwon|Closed - Won|Ganado|Ganada|Cerrado ganado|Cierre "
            "ganado|Gagné|gagnée|Fermé gagné|Gewonnen|Abgeschlossen und gewonnen|5 - Won|Won - "
            "Germany|Won (Closed)|Deal won|Vendu|Ganada por precio",
        ),
        (
            "lost",
            "Lost|Closed Lost|closedlost|Perdido|perdida|Cierre perdido|perdu|Perdue|Perdu "
            "(prix)|Verloren|Geschlossen / verloren|Lost to a competitor|Closed Lost: "
            "budget|Abgelehnt",
        ),
        (
            "cancelled",
            ""
            ""
            "Cancelled|Canceled|CANCELLED|Cancelado|Anulada|annulé|Annulée|storniert|Abgebrochen|"
            "Closed cancelled",
        ),
    ],
)
def test_values_that_close(closed: str, values: str) -> None:
    for value in values.split("|"):
        assert status_or_step(value) == (closed, None), value


@pytest.mark.parametrize(
    "value",
    [
        "",
        "  ",
        "Open",
        "To do",
        "todo",
        "TODO",
        "Standby",
        "Stand-by",
        "Abierto",
        "Por hacer",
        "Ouvert",
        "À faire",
        "En attente",
        "Offen",
        "Zu erledigen",
    ],
)
def test_values_that_only_say_open(value: str) -> None:
    assert status_or_step(value) == (None, None)


@pytest.mark.parametrize(
    "value",
    [
        "Proposal sent",
        "2. Qualified",
        "Negotiation/Review",
        "Win-back call",
        "Lost contact",
        "Closing",
        "Contract sent",
        "Closed",
        "En negociación",
        "Relance",
        "Angebot",
        "In progress",
    ],
)
def test_any_other_value_is_its_step(value: str) -> None:
    assert status_or_step(f"  {value} ") == (None, value)


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
def test_days(value: str, order: str, expected: str) -> None:
    assert day(f" {value} ", order) == dt.date.fromisoformat(expected)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value",
    ["", "soon", "12345", "99999", "2026-13-45", "31/31/2026", "30.2.2026", "12 foo 2026", "10:30"],
)
def test_what_is_no_day(value: str) -> None:
    assert day(value, "dmy") is None


def test_the_order_of_day_and_month_is_one_for_the_column() -> None:
    assert date_order(["3/4/2026", "", "31/12/2026"]) == "dmy"
    assert date_order(["3/4/2026", "12/31/2026"], "es") == "mdy"
    assert date_order(["3/4/2026", "5/6/2026"], "en") == "mdy"
    assert date_order(["3/4/2026", "5/6/2026"], "fr") == "dmy"
    assert date_order(["3.4.2026"], "en") == "dmy"
    assert date_order(["2026-01-02", ""], "es") == "ymd"
    assert date_order(["13/1/2026", "14/1/2026", "1/13/2026"]) == "dmy"
    assert date_order([]) == "ymd"


def test_probabilities() -> None:
    for value in ("60%", "60 %", "60", "0.6", "0,6", "60,0"):
        assert probability(value) == 60, value
    assert [probability(value) for value in ("0", "1", "1%", "100", "0.05")] == [0, 100, 1, 100, 5]
    assert [probability(value) for value in ("", "high", "150", "-5", "1e1")] == [None] * 5
