"""The calling block in a real terminal: kill -9, and the same row, note and clock again."""

from __future__ import annotations

import pytest

from tests.core.prospects import fill, row
from tests.pty.conftest import Starter, ask
from tui_crm.core.store import open_store
from tui_crm.core.work import team


@pytest.fixture
def calling_url(url: str) -> str:
    """The store with a list that may be called at any hour of any day."""
    store = open_store(url)
    session = team.start(store, "ana")[0]
    team.set_workspace(session, call_from="00:00", call_until="23:59", call_days="1234567")
    fill(
        session,
        [row(n, f"Person {n}", f"Firm {n}", f"+34600100{n:03d}") for n in range(2, 12)],
    )
    store.close()
    return url


def test_kill_9_and_the_same_row_note_and_clock(start: Starter, calling_url: str) -> None:
    t = start()
    t.wait_for("Acme GmbH")
    t.send("C")
    t.wait_for("Spring fair")
    t.send("\r")
    t.wait_for("Person 2")
    t.send("3")  # one key is the whole call, and the next row is there
    t.wait_for("Person 3")
    t.send("\r")  # dial
    t.wait_for("on this call")
    t.send("n")
    t.wait_for("note")
    t.send("asks for Monday")
    t.wait_until(
        lambda: ("asks for Monday",) in ask(calling_url, "SELECT text FROM drafts"),
        "the draft in the store", seconds=10,
    )  # fmt: skip
    t.kill()

    again = start()
    again.wait_for("Acme GmbH")
    again.send("C")
    again.wait_for("Person 3")
    again.wait_for("asks for Monday")
    again.wait_for("on this call")
    again.send("4")
    again.wait_for("Person 4")
    assert ask(
        calling_url, "SELECT outcomes.digit, actions.text FROM actions"
        " JOIN outcomes ON outcomes.id = outcome_id WHERE actions.kind = 'call' ORDER BY actions.id",
    ) == [(3, ""), (4, "asks for Monday")]  # fmt: skip
    again.send("u")  # and all of it can be taken back, the note with it
    again.wait_until(
        lambda: ask(calling_url, "SELECT COUNT(*) FROM actions WHERE kind = 'call'") == [(1,)],
        "the call taken back",
    )
    again.wait_for("asks for Monday")
