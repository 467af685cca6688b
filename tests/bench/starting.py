"""Start-up: `status`, and the first frame of the app."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

from tests.bench.measure import (
    Result,
    at_most,
    checkout,
    company,
    environment,
    interleaved,
    program,
    run,
)
from tests.pty.terminal import Terminal


def status(leads: int, prospects: int) -> Iterator[Result]:
    """The few figures, over everything, against Python doing nothing."""
    store = company(leads, prospects)
    ours = [*program(), "--db", store, "--user", "you", "status"]
    nothing, took = interleaved(lambda: run([sys.executable, "-c", "pass"]), lambda: run(ours))
    yield at_most(
        "status",
        f"{took * 1000:.0f} ms; python -c pass {nothing * 1000:.0f} ms",
        took / nothing,
        2.5,
    )


def first_frame(_leads: int, _prospects: int) -> Iterator[Result]:
    """From the start to the last byte of the first frame, against importing Textual's app."""
    store = company(600, 3000)
    ours = [*program(), "--db", store, "--user", "you"]
    imported, took = interleaved(
        lambda: run([sys.executable, "-c", "import textual.app"]), lambda: frame(ours)
    )
    yield at_most(
        "first frame",
        f"{took * 1000:.0f} ms; import textual.app {imported * 1000:.0f} ms",
        took / imported,
        1.7,
    )


def frame(command: list[str]) -> float:
    """Seconds until the first frame is whole."""
    environ: dict[str, str | None] = dict(environment())
    begin = time.perf_counter()
    with Terminal(command, environ=environ | {"PYTHONPATH": checkout()}, emulate=False) as t:
        while b" keys " not in t.raw():  # the last words of the bottom row
            t.read(5.0)
        while t.read(0.25):
            pass
        took = t.last_at - begin
        t.send("q")
        t.wait_end()
    return took
