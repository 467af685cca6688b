"""``python -m tests.bench [--json] [--leads N] [--rows N] [ROW…]``: what the program must hold.

Every figure is measured against a baseline in the same run where it can be; the numbers of a busy
machine are not worth much, the ratios are. Large stores are made once and kept in the folder for
temporary files. The exit code is 1 when a figure is over its budget.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from importlib import import_module

import psycopg  # noqa: F401  before peewee, which looks for it once

from tests.bench.measure import Result

Bench = Callable[[int, int], Iterator[Result]]
ROWS = {
    "status": "starting.status",
    "commands": "starting.commands",
    "first-frame": "starting.first_frame",
    "filters": "filters.filters",
    "search": "searching.typing",
    "moves": "keys.moves",
    "next-prospect": "keys.next_prospect",
    "switches": "keys.switches",
    "statements": "statements.statements",
    "import": "bulk.importing",
    "reports": "reporting.reports",
    "claims": "calling.throughput",
    "queue": "calling.queue",
    "replan": "calling.replan",
}


def bench(name: str) -> Bench:
    """The bench of a row."""
    module, _dot, function = ROWS[name].partition(".")
    found: Bench = getattr(import_module(f"tests.bench.{module}"), function)
    return found


def main() -> int:
    ask = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    ask.add_argument("--json", action="store_true")
    ask.add_argument(
        "--rows", type=int, default=1_000_000, help="prospects (and about as many actions)"
    )
    ask.add_argument("--leads", type=int, default=200_000)
    ask.add_argument("row", nargs="*", metavar="ROW", help=", ".join(ROWS))
    asked = ask.parse_args()
    for name in asked.row:
        if name not in ROWS:
            ask.error(f"there is no row {name}; there are: {', '.join(ROWS)}")
    results: list[Result] = []
    for name in asked.row or ROWS:
        for result in bench(name)(asked.leads, asked.rows):
            results.append(result)
            if not asked.json:
                print(line(result), flush=True)
    if asked.json:
        json.dump([result.as_dict() for result in results], sys.stdout, indent=1)
        print()
    return 0 if all(result.ok for result in results) else 1


def line(result: Result) -> str:
    """A row of the table."""
    return (
        f"{result.row:32} {result.value:>12,.2f} {result.unit:6} budget {result.budget:>10,.1f}"
        f"  {'ok ' if result.ok else 'OVER'}  {result.measured}"
    )


if __name__ == "__main__":
    raise SystemExit(main())
