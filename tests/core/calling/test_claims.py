"""Several reps on one list at once, as real processes, some of them killed at any moment: no row
and no number is dialled twice, no call that was acknowledged is lost, and what a killed process
held is a colleague's by name until its lease is over, and then anybody's."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import MONDAY
from tests.core.lists.prospects import fill, ids, row
from tui_crm.core.calling import (
    counts as calling_counts,
    operations as calling,
    queue as calling_queue,
    session as calling_session,
)
from tui_crm.core.errors import Conflict
from tui_crm.core.lists import lists
from tui_crm.core.team.sign_in import sign_in

ROWS, REPS = 5000, 8
RESTARTED, GONE = (0, 1), (2, 3, 4)  # of the reps: killed and started again; killed for good

# A rep at work: takes the next row, says so, gives it an outcome, and so on to the end. The card
# takes most of the time and changes nothing: with "cards" it is shown for every row.
REP = """
import sys
from datetime import datetime
from tui_crm.core.store import open_store
store = open_store(sys.argv[1], busy_seconds=30)
from tui_crm.core.calling import (
    operations as calling,
    plan as calling_plan,
    queue as calling_queue,
    session as calling_session,
)
from tui_crm.core.team import sign_in as team
now = datetime.fromisoformat(sys.argv[4])
session = team.sign_in(store, sys.argv[2], clock=lambda: now)[0]
list_id = int(sys.argv[3])
calling_session.open_seat(session, list_id)
def following():
    if sys.argv[5] == "cards":
        card = calling_session.next_card(session, list_id)
        return card and card.prospect_id
    rules = calling_plan.rules_of(session, list_id)
    zones = store.fetch(calling_queue.zones_query(list_id))
    row = calling_queue.claim_next(session, rules, zones)
    return row and row["id"]
while number := following():
    print("took", number, flush=True)
    calling.outcome(session, number, 2)
    print("done", number, flush=True)
"""


class Rep:
    """A process at work, and what it has said so far."""

    def __init__(self, script: Path, url: str, name: str, list_id: int, show: str = "rows") -> None:
        self.name = name
        self.said: list[tuple[str, int]] = []
        self.process = subprocess.Popen(
            [sys.executable, str(script), url, name, str(list_id), MONDAY.isoformat(), show],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[3],
            env={**os.environ, "TZ": "UTC"},
        )
        self._ear = threading.Thread(target=self._listen)
        self._ear.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            # A killed one may have stopped in the middle of a word.
            if line.endswith("\n") and line.startswith(("took ", "done ")):
                self.said.append((line[:4], int(line[5:])))

    def wait_for(self, lines: int) -> None:
        """Until it has said so many lines."""
        while len(self.said) < lines and self.process.poll() is None:
            self._ear.join(0.002)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.end()

    def end(self) -> int:
        """Its exit code, when all that it said was heard."""
        code = self.process.wait(timeout=240)
        self._ear.join()
        return code


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "rep.py"
    path.write_text(REP)
    return path


def reps(colleague) -> list[str]:
    names = [f"rep{n}" for n in range(REPS)]
    for name in names:
        colleague(name)
    return names


def test_eight_processes_some_killed_call_every_row_once(session, url, colleague, script, clock):
    list_id = fill(session, [row(n, f"P{n}", phone=f"+34600{n:06d}") for n in range(2, ROWS + 2)])
    names = reps(colleague)
    rows = ids(session, list_id)
    chance = random.Random()  # other moments in every run
    at_work = [Rep(script, url, name, list_id) for name in names]
    every = list(at_work)
    for n in (*RESTARTED, *GONE):
        at_work[n].wait_for(chance.randint(1, 160))
        at_work[n].kill()
        if n in RESTARTED:
            at_work[n] = Rep(script, url, names[n], list_id)
            every.append(at_work[n])
    codes = [rep.end() for rep in at_work]
    assert [codes[n] for n in range(REPS) if n not in GONE] == [0] * (REPS - len(GONE))

    taken_by = {(number, rep.name) for rep in every for word, number in rep.said if word == "took"}
    assert max(Counter(number for number, _name in taken_by).values()) == 1  # no row on two screens
    logged = Counter(r[0] for r in session.store.rows("SELECT prospect_id FROM actions"))
    assert set(logged.values()) == {1}  # and none called twice, not even by one started again
    acknowledged = {number for rep in every for word, number in rep.said if word == "done"}
    assert acknowledged <= set(logged)
    assert sum(bool(rep.said) for rep in every) >= REPS  # they did work side by side

    left = sorted(set(rows) - set(logged))
    assert len(left) <= len(GONE)  # no more than each of those who are gone had on screen
    who = {
        session.store.value(
            "SELECT users.name FROM users JOIN prospects ON claimed_by = users.id"
            " WHERE prospects.id = ?",
            (number,),
        )
        for number in left
    }
    assert who <= {names[n] for n in GONE}
    assert {calling_queue.holder(session, number) for number in left} == who
    hidden = calling_counts.count_rows(session, list_id).hidden
    assert {(h.who, h.count) for h in hidden if h.why == "colleague"} == {(name, 1) for name in who}

    calling_session.open_seat(session, list_id)
    assert calling_session.next_card(session, list_id) is None
    clock.go(minutes=31)  # the leases are over
    for number in left:
        assert calling_session.next_card(session, list_id).prospect_id == number
        calling.outcome(session, number, 2)
    assert calling_session.next_card(session, list_id) is None
    assert lists.count_list(session, list_id).done == ROWS


def test_a_row_whose_rep_was_killed_is_taken_over(session, colleague, clock):
    """By whoever comes first after the lease; the first one may not finish it any more."""
    ben, cleo = colleague("ben"), colleague("cleo")
    list_id = fill(session, [row(2, "Only", phone="+34600000001")])
    for who in (session, ben, cleo):
        calling_session.open_seat(who, list_id)
    number = calling_session.next_card(ben, list_id).prospect_id
    calling_session.save_note(ben, number, "his wife answers")
    clock.go(minutes=29)
    with pytest.raises(Conflict, match="ben has this row"):
        calling_session.open_row(cleo, number)
    clock.go(minutes=2)
    assert calling_session.open_row(cleo, number).prospect_id == number
    with pytest.raises(Conflict, match="cleo has this row"):
        calling.outcome(ben, number, 2)
    with pytest.raises(Conflict, match="cleo has this row"):
        calling_session.dial(ben, number)
    calling.outcome(cleo, number, 3)
    assert session.store.value("SELECT COUNT(*) FROM actions") == 1


def test_one_number_in_many_rows_is_on_one_screen(session, url, colleague, script):
    """Forty companies, each listed with five people behind one switchboard."""
    list_id = fill(
        session, [row(n, f"P{n}", phone=f"+34600{n // 5:06d}") for n in range(200)], "Switchboards"
    )
    assert [
        rep.end() for rep in [Rep(script, url, name, list_id, "cards") for name in reps(colleague)]
    ] == [0] * REPS
    dialled = session.store.rows("SELECT number, COUNT(*) FROM actions GROUP BY number")
    assert [n for _number, n in dialled] == [1] * 40


def test_a_claim_is_committed_at_once(session, url, colleague):
    """Another connection sees the claim before the first one does anything more."""
    from tui_crm.core.store.opening import open_store

    list_id = fill(session, [row(2, "Only", phone="+34600000001")])
    colleague("ben")
    calling_session.open_seat(session, list_id)
    assert calling_session.next_card(session, list_id) is not None
    mine = session.store
    other = open_store(url)
    try:
        ben = sign_in(other, "ben", clock=session.clock)[0]
        calling_session.open_seat(ben, list_id)
        assert calling_session.next_card(ben, list_id) is None
    finally:
        other.close()
        mine.close()
