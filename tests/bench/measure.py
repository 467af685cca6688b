"""How the benches measure: medians of interleaved runs, and stores that are built once."""

from __future__ import annotations

import functools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)  # 10:30 in Madrid: all companies stand here
RUNS = 17


@dataclass(frozen=True)
class Result:
    """One figure: ``measured`` as text, ``ratio`` or ``value`` against its ``budget``."""

    row: str
    measured: str
    value: float
    budget: float
    unit: str
    ok: bool

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def at_most(row: str, measured: str, value: float, budget: float, unit: str = "x") -> Result:
    """A figure that must not be larger than its budget."""
    return Result(row, measured, round(value, 3), budget, unit, value <= budget)


def at_least(row: str, measured: str, value: float, budget: float, unit: str) -> Result:
    """A figure that must not be smaller."""
    return Result(row, measured, round(value, 3), budget, unit, value >= budget)


def environment() -> dict[str, str]:
    """As a user has it: compiled files are kept, no settings of ours."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("TUI_CRM")}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    home = cache() / "home"
    home.mkdir(exist_ok=True)
    return kept | {"PYTHONPATH": checkout(), "HOME": str(home), "TERM": "xterm-256color"}


def checkout() -> str:
    """The folder of the program."""
    return str(Path(__file__).parents[2])


@functools.cache
def interpreter() -> str:
    """A Python that finds the program and what it needs by plain paths, as a user's does.

    That of an editable install loads half of the standard library before anything is measured."""
    folder = cache() / f"python-{sys.version_info.major}.{sys.version_info.minor}"
    venv.create(folder, clear=True, symlinks=True, with_pip=False)
    site = next(folder.glob("lib/python*/site-packages"))
    paths = (checkout(), *(path for path in sys.path if path.endswith("site-packages")))
    (site / "bench.pth").write_text("\n".join(paths) + "\n", encoding="utf-8")
    return str(folder / "bin" / "python")


def program() -> list[str]:
    """The command, as an installed one starts."""
    start = "import sys; from tui_crm.__main__ import main; sys.exit(main())"
    return [interpreter(), "-c", start]


def run(command: Sequence[str]) -> float:
    """Seconds that a command takes from start to end. Raises when it fails."""
    begin = time.perf_counter()
    subprocess.run(
        command,
        env=environment(),
        cwd=cache(),
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - begin


def memory(command: Sequence[str]) -> tuple[float, float]:
    """Seconds that a command takes, and the most megabytes of memory that it had at a time."""
    ran = subprocess.run(
        [interpreter(), "-m", "tests.bench.child", *command],
        env=environment(),
        cwd=checkout(),
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    found = json.loads(ran.stderr.splitlines()[-1])
    if found["code"]:
        raise RuntimeError(f"{command[-1]} failed: {ran.stderr.decode()}")
    return found["seconds"], found["megabytes"]


def interleaved(*what: Callable[[], float], runs: int = RUNS) -> list[float]:
    """The median seconds of each, run in turns, so that a busy machine slows all alike. The
    first two rounds warm up."""
    times: list[list[float]] = [[] for _one in what]
    for nth in range(runs + 2):
        for place, one in enumerate(what):
            took = one()
            if nth >= 2:
                times[place].append(took)
    return [statistics.median(those) for those in times]


def timed(what: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    begin = time.perf_counter()
    what()
    return time.perf_counter() - begin


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that so many percent do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def cache() -> Path:
    """Where stores are kept between runs."""
    folder = Path(tempfile.gettempdir()) / "tui-crm-bench"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def company(leads: int, prospects: int, seed: int = 1) -> str:
    """The path of a demo company of that size, made when it is not there yet."""
    path = cache() / f"demo-{seed}-{leads}-{prospects}.db"
    if not path.exists():
        from tui_crm.demo import make

        fresh = path.with_suffix(".making")
        for ending in ("", "-wal", "-shm"):
            Path(f"{fresh}{ending}").unlink(missing_ok=True)
        print(f"making {path} …", file=sys.stderr, flush=True)
        make.make(str(fresh), leads=leads, prospects=prospects, seed=seed, now=MONDAY)
        fresh.rename(path)
    return str(path)


def copied(path: str) -> str:
    """A copy to write into, as it was."""
    from tui_crm.core.store.backup import copy_sqlite

    target = Path(path).with_suffix(".copy")
    for ending in ("", "-wal", "-shm"):
        Path(f"{target}{ending}").unlink(missing_ok=True)
    copy_sqlite(Path(path), target)
    target.chmod(0o600)
    os.sync()  # else the disk is busy with the copy while a write is measured
    return str(target)
