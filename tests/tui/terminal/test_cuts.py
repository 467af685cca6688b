"""The short form of the long run over cut sequences."""

from __future__ import annotations

from tests.tui.terminal.cuts import long_run


def test_cut_sequences_press_the_keys_that_they_are() -> None:
    assert long_run(200, seed=7)["texts"] == 200
