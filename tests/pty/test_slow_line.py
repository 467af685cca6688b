"""The short form of the long run over a slow line."""

from __future__ import annotations

from tests.pty.slow_line import long_run


def test_over_a_line_that_cuts_and_delays_nothing_is_done_that_no_key_did() -> None:
    figures = long_run(12, seed=5, longest=1.0)
    assert figures.reports and figures.keys
