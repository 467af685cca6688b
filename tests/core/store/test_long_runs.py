"""The long runs, short."""

from __future__ import annotations

import pytest

from tests.core.store import long_runs


@pytest.fixture(autouse=True)
def own_places(tmp_path, monkeypatch):
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))


def test_kills():
    assert long_runs.kills(4)["kills"] == 4


def test_cut_lines(postgres):
    assert long_runs.cut_lines(postgres, 8)["cut lines"] == 8


def test_hostile_strings():
    assert long_runs.hostile_strings(400)["strings"] == 400
