"""What a key costs: bytes on the line, and milliseconds from the key to its last byte, in a real
terminal of 80x24 on a large store."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

from tests.bench.measure import Result, at_most, company, copied, percentile
from tests.pty.terminal import Terminal

QUIET = 0.06  # seconds without a byte after which a key has been answered
PRESSES = 60


def opened(store: str) -> Terminal:
    """The app on a store, its first frame drawn."""
    t = Terminal(["-m", "tests.bench.opens", store], emulate=False)
    while b" keys " not in t.raw():
        t.read(60.0)
    settle(t, 0.5)
    return t


def settle(t: Terminal, quiet: float) -> None:
    while t.read(quiet):
        pass


def press(t: Terminal, key: str, first: float = 10.0) -> tuple[float, int]:
    """Milliseconds to the last byte that a key brought, and how many bytes."""
    before = len(t.raw())
    begin = time.perf_counter()
    t.send(key)
    t.read(first)
    settle(t, QUIET)
    return (t.last_at - begin) * 1000, len(t.raw()) - before


def report(row: str, found: list[tuple[float, int]], most_bytes: float) -> Iterator[Result]:
    took = [ms for ms, _n in found]
    sent = [n for _ms, n in found]
    yield at_most(
        f"{row}: time",
        f"p50 {percentile(took, 50):.1f} ms, p95 {percentile(took, 95):.1f} ms",
        percentile(took, 95),
        25,
        "ms",
    )
    yield at_most(
        f"{row}: bytes",
        f"median {statistics.median(sent):.0f} B, most {max(sent)} B",
        statistics.median(sent),
        most_bytes,
        "B",
    )


def moves(leads: int, prospects: int) -> Iterator[Result]:
    """A list of all leads: a move in view, and scrolling by one row."""
    with opened(company(leads, prospects)) as t:
        press(t, "L")
        settle(t, 0.5)
        press(t, "/")
        press(t, "\x15")
        press(t, "\r")
        settle(t, 1.0)
        in_view = [press(t, "jk"[n // 8 % 2]) for n in range(PRESSES)]
        for _n in range(30):
            press(t, "j")
        scrolled = [press(t, "j") for _n in range(PRESSES)]
        end = press(t, "G")
        t.kill()
    yield from report("list, move in view", in_view, 500)
    yield from report("list, scroll one row", scrolled, 4500)
    yield at_most("list, to its end", f"{end[0]:.1f} ms, {end[1]} B", end[0], 100, "ms")


def next_prospect(leads: int, prospects: int) -> Iterator[Result]:
    """One call, one key: outcome kept, next row on screen."""
    with opened(copied(company(leads, prospects))) as t:
        press(t, "C")
        settle(t, 1.0)
        found = [press(t, "3") for _n in range(PRESSES)]
        t.kill()
    yield from report("next prospect", found[3:], 2200)


def switches(leads: int, prospects: int) -> Iterator[Result]:
    """From screen to screen, each seen once before."""
    with opened(company(leads, prospects)) as t:
        from tests.pty.conftest import capitals

        found: dict[str, int] = {}
        for lap in range(3):
            for capital in capitals():
                t.send(capital)
                before = len(t.raw())
                t.read(20.0)
                settle(t, 0.6)
                if lap:
                    found[capital] = max(found.get(capital, 0), len(t.raw()) - before)
        t.kill()
    told = ", ".join(f"{capital} {sent}" for capital, sent in found.items())
    yield at_most("screen switch", f"{told} B", max(found.values()), 10_000, "B")
