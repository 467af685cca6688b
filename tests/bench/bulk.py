"""Many at once: a large import, and eight reps on one list."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import (
    Result,
    at_least,
    at_most,
    cache,
    memory,
    program,
)

FILE_ROWS = 100_000
COLUMNS = (
    "Company",
    "First name",
    "Last name",
    "Job title",
    "Phone",
    "Email",
    "Website",
    "City",
    "Country",
    "Sector",
    "Employees",
    "Notes",
)


def importing(_leads: int, _prospects: int) -> Iterator[Result]:
    """A file of 100,000 rows and 12 columns into an empty store, as a command from start to end."""
    file, store = _file(), cache() / "import.db"
    fresh(store)
    command = [
        *program(),
        "--db",
        str(store),
        "--user",
        "you",
        "import",
        str(file),
        "--list",
        "Big",
    ]
    took, most = memory(command)
    yield at_least(
        "import: speed",
        f"{took:.1f} s for {FILE_ROWS} rows of {len(COLUMNS)} columns",
        FILE_ROWS / took,
        20_000,
        "rows/s",
    )
    yield at_most("import: memory", f"{most:.0f} MB at most", most, 300, "MB")


def _file() -> Path:
    """The file, the same each time."""
    path = cache() / f"prospects-{FILE_ROWS}.csv"
    if not path.exists():
        from random import Random

        from tui_crm.demo import names as words

        chance, land = Random(1), words.FRANCE
        with path.open("w", encoding="utf-8", newline="") as out:
            rows = csv.writer(out)
            rows.writerow(COLUMNS)
            for n in range(FILE_ROWS):
                company, sector = land.company(chance.choice)
                first, last = land.person(chance.choice)
                rows.writerow(
                    (
                        f"{company} {n}",
                        first,
                        last,
                        chance.choice(land.roles),
                        f"+33 4 65 {n // 10000:02} {n // 100 % 100:02} {n % 100:02}",
                        words.email(first, last, f"{company} {n}"),
                        f"www.{words.address(company)}-{n}.example",
                        chance.choice(land.cities),
                        land.country,
                        sector,
                        chance.choice(("8", "25", "70")),
                        "met at the fair",
                    )
                )
    return path


def fresh(path: Path) -> None:
    """Nothing there."""
    for ending in ("", "-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)
