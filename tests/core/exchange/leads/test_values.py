"""Statuses, days and probabilities of other CRMs' exports, in four languages."""

from __future__ import annotations

import pytest

from tui_crm.core.exchange.leads.values import probability, status_or_step


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


def test_probabilities() -> None:
    for value in ("60%", "60 %", "60", "0.6", "0,6", "60,0"):
        assert probability(value) == 60, value
    assert [probability(value) for value in ("0", "1", "1%", "100", "0.05")] == [0, 100, 1, 100, 5]
    assert [probability(value) for value in ("", "high", "150", "-5", "1e1")] == [None] * 5
