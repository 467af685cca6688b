"""Days and moments that have been, as typed behind --on, --at and --created."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.conftest import Clock
from tui_crm.cli import typed
from tui_crm.core.errors import CrmError
from tui_crm.core.session import Session
from tui_crm.core.store import open_store
from tui_crm.core.team.sign_in import sign_in

# Now is Monday 23 November 2026, 09:12 in Madrid.
DAYS = {
    "2026-11-20": date(2026, 11, 20),
    "2026-11-20T23:30:00+00:00": date(2026, 11, 21),  # already the next day in Madrid
    "today": date(2026, 11, 23),
    "hoy": date(2026, 11, 23),
    "yesterday": date(2026, 11, 22),
    "ayer": date(2026, 11, 22),
    "-3d": date(2026, 11, 20),
    "-2w": date(2026, 11, 9),
    "fri": date(2026, 11, 20),  # the last one, not the next
    "lunes": date(2026, 11, 23),  # Monday, as today
    "3 nov": date(2026, 11, 3),
    "30 oct": date(2026, 10, 30),
    "tomorrow": date(2026, 11, 24),  # stays ahead, for the operation to refuse
    "30 nov": date(2026, 11, 30),  # nobody means last year's
}

MOMENTS = {
    "2026-11-20 14:30": datetime(2026, 11, 20, 14, 30),
    "2026-11-20T14:30:00+00:00": datetime(2026, 11, 20, 15, 30),
    "8:05": datetime(2026, 11, 23, 8, 5),
    "yesterday 16:00": datetime(2026, 11, 22, 16, 0),
    "fri 9.30": datetime(2026, 11, 20, 9, 30),
    "2026-11-20": datetime(2026, 11, 20, 12, 0),
    "today": datetime(2026, 11, 23, 9, 12),
}


@pytest.fixture
def ana(sqlite_url: str, clock: Clock) -> Session:
    return sign_in(open_store(sqlite_url), "ana", clock=clock)[0]


def test_days_are_looked_for_in_the_past(ana: Session) -> None:
    assert {said: typed.day(said, ana) for said in DAYS} == DAYS


def test_moments_are_on_the_reps_clock(ana: Session) -> None:
    read = {
        said: typed.moment(said, ana).astimezone(ana.zone).replace(tzinfo=None) for said in MOMENTS
    }
    assert read == MOMENTS


@pytest.mark.parametrize("said", ["soonish", "32 nov", "", "fri call Anna", "25:99", "2026-13-01"])
def test_what_is_no_day_is_refused(ana: Session, said: str) -> None:
    with pytest.raises(CrmError):
        typed.day(said, ana)
    with pytest.raises(CrmError):
        typed.moment(said or "?", ana)


def test_kinds_are_named_or_numbered(ana: Session) -> None:
    said = ["call", "CALL", "1", "e-mail", "Email", "2", "meet", "note", "6"]
    assert [typed.kind(one, ana) for one in said] == [
        "call",
        "call",
        "call",
        "email",
        "email",
        "email",
        "meeting",
        "note",
        "note",
    ]
    for wrong in ("", "7", "0", "m", "dance"):
        with pytest.raises(CrmError, match="Kinds are"):
            typed.kind(wrong, ana)
