"""Modules that stand in for others until they are used."""

from __future__ import annotations

import calendar
import importlib
import sys

import pytest

from tui_crm.core.store import deferred


def test_a_deferred_module_is_the_module_once_it_is_used() -> None:
    stand_in = deferred.Deferred("calendar")
    assert stand_in.timegm is calendar.timegm
    assert stand_in.monthrange(2026, 2) == calendar.monthrange(2026, 2)
    with pytest.raises(AttributeError):
        _ = stand_in.no_such_name


def test_what_is_ready_needs_no_module() -> None:
    stand_in = deferred.Deferred("no_such_module", answer=42)
    assert stand_in.answer == 42
    with pytest.raises(ImportError):
        _ = stand_in.question


def test_modules_are_kept_away_for_a_while_only(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("uuid", "pymysql"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    names = deferred.begin()
    assert {"uuid", "pymysql"} <= set(names) and "calendar" not in names
    assert isinstance(sys.modules["uuid"], deferred.Deferred)
    with pytest.raises(ImportError):
        importlib.import_module("pymysql")
    deferred.end(names)
    assert "uuid" not in sys.modules and "pymysql" not in sys.modules
    import uuid

    assert not isinstance(uuid, deferred.Deferred)


def test_one_that_is_used_meanwhile_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "uuid", raising=False)
    names = deferred.begin()
    import uuid

    assert uuid.UUID(int=0).hex == "0" * 32
    deferred.end(names)
    assert "uuid" in sys.modules and not isinstance(sys.modules["uuid"], deferred.Deferred)
