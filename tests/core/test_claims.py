"""Several reps on one list at once, as real processes: no row and no number is dialled twice,
and what a killed process held comes back when its lease is over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import MONDAY
from tests.core.prospects import fill, ids, row
from tui_crm.core.work import calling, lists, team

ROWS, REPS = 1000, 8

# A rep at work: takes the next row, says so, gives it an outcome, and so on to the end.
REP = """
import sys
from datetime import datetime
from tui_crm.core.store import open_store
store = open_store(sys.argv[1], busy_seconds=30)
from tui_crm.core.work import calling, team
now = datetime.fromisoformat(sys.argv[4])
session = team.start(store, sys.argv[2], clock=lambda: now)[0]
list_id = int(sys.argv[3])
calling.seat(session, list_id)
while card := calling.next_card(session, list_id):
    print("took", card.prospect_id, flush=True)
    calling.outcome(session, card.prospect_id, 2)
    print("done", card.prospect_id, flush=True)
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "rep.py"
    path.write_text(REP)
    return path


def start(script: Path, url: str, name: str, list_id: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(script), url, name, str(list_id), MONDAY.isoformat()],
        stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
        env={**os.environ, "TZ": "UTC"},
    )  # fmt: skip


def heard(text: str) -> list[tuple[str, int]]:
    """The complete lines a rep said; a killed one may have stopped in the middle of a word."""
    lines = [line.split() for line in text.splitlines() if line.count(" ") == 1]
    return [(word, int(number)) for word, number in lines if word in ("took", "done")]


def reps(colleague) -> list[str]:
    names = [f"rep{n}" for n in range(REPS)]
    for name in names:
        colleague(name)
    return names


def test_eight_processes_take_every_row_once(session, url, colleague, script):
    list_id = fill(session, [row(n, f"P{n}", phone=f"+34600{n:06d}") for n in range(2, ROWS + 2)])
    names = reps(colleague)
    processes = [start(script, url, name, list_id) for name in names]
    said = [heard(p.communicate(timeout=240)[0]) for p in processes]
    assert [p.returncode for p in processes] == [0] * REPS
    taken = Counter(number for lines in said for word, number in lines if word == "took")
    assert sorted(taken) == ids(session, list_id)
    assert set(taken.values()) == {1}
    assert session.store.value("SELECT COUNT(*) FROM actions") == ROWS
    assert sum(bool(lines) for lines in said) > 1  # they did work side by side


def test_the_killed_lose_nothing_and_their_rows_come_back(session, url, colleague, script, clock):
    list_id = fill(session, [row(n, f"P{n}", phone=f"+34600{n:06d}") for n in range(2, ROWS + 2)])
    names = reps(colleague)
    processes = [start(script, url, name, list_id) for name in names]
    said: list[list[tuple[str, int]]] = []
    for n, process in enumerate(processes[:4]):  # killed in the middle of their work
        assert process.stdout is not None
        lines = [process.stdout.readline() for _line in range(20 + 13 * n)]
        process.send_signal(signal.SIGKILL)
        said.append(heard("".join(lines) + process.stdout.read()))
        process.wait()
    said += [heard(p.communicate(timeout=240)[0]) for p in processes[4:]]
    assert [p.returncode for p in processes] == [-signal.SIGKILL] * 4 + [0] * 4
    taken = Counter(number for lines in said for word, number in lines if word == "took")
    assert set(taken.values()) == {1}
    logged = {r[0] for r in session.store.rows("SELECT prospect_id FROM actions")}
    finished = {number for lines in said for word, number in lines if word == "done"}
    assert finished <= logged  # what was acknowledged is there
    assert session.store.value("SELECT COUNT(*) FROM actions") == len(logged)
    left = set(ids(session, list_id)) - logged
    assert len(left) <= 4  # no more than the row each of the killed had on screen
    clock.go(minutes=31)
    calling.seat(session, list_id)
    while card := calling.next_card(session, list_id):
        calling.outcome(session, card.prospect_id, 2)
        left.discard(card.prospect_id)
    assert left == set()
    assert lists.progress(session, list_id).done == ROWS


def test_one_number_in_many_rows_is_on_one_screen(session, url, colleague, script):
    """Forty companies, each listed with five people behind one switchboard."""
    list_id = fill(
        session, [row(n, f"P{n}", phone=f"+34600{n // 5:06d}") for n in range(200)], "Switchboards"
    )
    processes = [start(script, url, name, list_id) for name in reps(colleague)]
    for process in processes:
        assert process.wait(timeout=240) == 0
    dialled = session.store.rows("SELECT number, COUNT(*) FROM actions GROUP BY number")
    assert [n for _number, n in dialled] == [1] * 40


def test_a_claim_is_committed_at_once(session, url, colleague):
    """Another connection sees the claim before the first one does anything more."""
    from tui_crm.core.store.database import open_store

    list_id = fill(session, [row(2, "Only", phone="+34600000001")])
    colleague("ben")
    calling.seat(session, list_id)
    assert calling.next_card(session, list_id) is not None
    mine = session.store
    other = open_store(url)
    try:
        ben = team.start(other, "ben", clock=session.clock)[0]
        calling.seat(ben, list_id)
        assert calling.next_card(ben, list_id) is None
    finally:
        other.close()
        mine.close()
