"""Start-up: `status`, the commands that scripts call, and the first frame of the app.

All are ratios to another start in the same turns: to Python doing nothing, and to the import of
Textual's app.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from tests.bench.measure import (
    Result,
    at_most,
    company,
    copied,
    environment,
    interleaved,
    interpreter,
    program,
    run,
)
from tests.pty.terminal import Terminal

COMMANDS = {
    "today": ("today",),
    "leads": ("leads", "stale>20d"),
    "show": ("show", "10"),
    "add": ("add", "Acme Metal", "--amount", "12.4k"),
    "log": ("log", "10", "call", "--note", "wants a quote"),
}


def status(leads: int, prospects: int) -> Iterator[Result]:
    """The few figures, over everything."""
    store = company(leads, prospects)
    ours = [*program(), "--db", store, "--user", "you", "status"]
    nothing, took = interleaved(_nothing, lambda: run(ours))
    yield _ratio("status", took, nothing, 2.4)


def commands(_leads: int, _prospects: int) -> Iterator[Result]:
    """Commands that scripts call, on a company of 600 leads."""
    store = copied(company(600, 3000))
    ours = [[*program(), "--db", store, "--user", "you", *words] for words in COMMANDS.values()]
    nothing, *took = interleaved(_nothing, *(_runner(command) for command in ours))
    for name, seconds in zip(COMMANDS, took, strict=True):
        yield _ratio(name, seconds, nothing, 8.0)


def _runner(command: list[str]) -> Callable[[], float]:
    return lambda: run(command)


def _nothing() -> float:
    return run([interpreter(), "-c", "pass"])


def _ratio(row: str, took: float, nothing: float, budget: float) -> Result:
    measured = f"{took * 1000:.0f} ms; python -c pass {nothing * 1000:.0f} ms"
    return at_most(row, measured, took / nothing, budget)


def first_frame(_leads: int, _prospects: int) -> Iterator[Result]:
    """From the start to the last byte of the first frame, against importing Textual's app."""
    store = company(600, 3000)
    ours = [*program(), "--db", store, "--user", "you"]
    imported, took = interleaved(
        lambda: run([interpreter(), "-c", "import textual.app"]), lambda: frame(ours)
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
    with Terminal(command, environ=environ, emulate=False) as t:
        while b" keys " not in t.raw():  # the last words of the bottom row
            t.read(5.0)
        while t.read(0.25):
            pass
        took = t.last_at - begin
        t.send("q")
        t.wait_end()
    return took
