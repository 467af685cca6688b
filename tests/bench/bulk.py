"""Many at once: a large import, and eight reps on one list."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import (
    MONDAY,
    Result,
    at_least,
    at_most,
    cache,
    checkout,
    environment,
    program,
)

FILE_ROWS = 100_000
REPS, CLAIMS = 8, 250
COLUMNS = ("Company", "First name", "Last name", "Job title", "Phone", "Email", "Website", "City",
           "Country", "Sector", "Employees", "Notes")  # fmt: skip


def importing(_leads: int, _prospects: int) -> Iterator[Result]:
    """A file of 100,000 rows and 12 columns into an empty store, as a command from start to end."""
    file, store = _file(), cache() / "import.db"
    fresh(store)
    command = [*program(), "--db", str(store), "--user", "you", "import", str(file), "--list", "Big"]
    begin = time.perf_counter()
    child = subprocess.Popen(
        command, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    _pid, code, usage = os.wait4(child.pid, 0)
    took = time.perf_counter() - begin
    if code:
        raise RuntimeError("the import failed")
    yield at_least(
        "import: speed", f"{took:.1f} s for {FILE_ROWS} rows of {len(COLUMNS)} columns",
        FILE_ROWS / took, 20_000, "rows/s",
    )  # fmt: skip
    most = usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    yield at_most("import: memory", f"{most:.0f} MB at most", most, 300, "MB")


def _file() -> Path:
    """The file, the same each time."""
    path = cache() / f"prospects-{FILE_ROWS}.csv"
    if not path.exists():
        from random import Random

        from tui_crm.core import demo_words as words

        chance, land = Random(1), words.FRANCE
        with path.open("w", encoding="utf-8", newline="") as out:
            rows = csv.writer(out)
            rows.writerow(COLUMNS)
            for n in range(FILE_ROWS):
                company, sector = land.company(chance.choice)
                first, last = land.person(chance.choice)
                rows.writerow(
                    (f"{company} {n}", first, last, chance.choice(land.roles),
                     f"+33 4 65 {n // 10000:02} {n // 100 % 100:02} {n % 100:02}",
                     words.email(first, last, f"{company} {n}"),
                     f"www.{words.address(company)}-{n}.example", chance.choice(land.cities),
                     land.country, sector, chance.choice(("8", "25", "70")), "met at the fair")
                )  # fmt: skip
    return path


CLAIMER = """
import sys
from datetime import datetime
from tui_crm.core.store import open_store
store = open_store(sys.argv[1], busy_seconds=30)
from tui_crm.core.work import calling, team
now = datetime.fromisoformat(sys.argv[4])
session = team.start(store, sys.argv[2], clock=lambda: now)[0]
print("ready", flush=True)
sys.stdin.readline()
for _n in range(int(sys.argv[5])):
    card = calling.next_card(session, int(sys.argv[3]))
    print(card.prospect_id)
    calling.outcome(session, card.prospect_id, 2)
"""


def claims(_leads: int, _prospects: int) -> Iterator[Result]:
    """Eight processes work through one list, claim, card and outcome: how many calls in a second,
    and no row twice."""
    from tests.core.prospects import plain
    from tui_crm.core.store import open_store
    from tui_crm.core.work import team

    place = cache() / "claims.db"
    fresh(place)
    store = open_store(str(place))
    session = team.start(store, "you", zone="Europe/Madrid", clock=lambda: MONDAY)[0]
    for n in range(REPS):
        team.add_user(session, f"rep{n}")
    list_id = plain(session, 2 * REPS * CLAIMS)
    store.close()
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIMER, str(place), f"rep{n}", str(list_id),
             MONDAY.isoformat(), str(CLAIMS)],
            env=environment(), cwd=checkout(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(REPS)
    ]  # fmt: skip
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    begin = time.perf_counter()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    said = [process.communicate()[0].split() for process in processes]
    took = time.perf_counter() - begin
    taken = Counter(number for lines in said for number in lines)
    if any(process.returncode for process in processes) or sum(taken.values()) != REPS * CLAIMS:
        raise RuntimeError("a process failed")
    twice = sum(count - 1 for count in taken.values())
    yield at_most(
        "claims by 8 processes", f"{REPS * CLAIMS / took:.0f} calls/s, {twice} duplicates", twice, 0,
        "twice",
    )  # fmt: skip


def fresh(path: Path) -> None:
    """Nothing there."""
    for ending in ("", "-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)
