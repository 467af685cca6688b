"""What was typed and not stored is offered again at the same place, however the program ended."""

from __future__ import annotations

import json
import signal
import sqlite3
import stat
from pathlib import Path

import pytest

from tests.pty.conftest import Starter, ask
from tests.pty.terminal import Terminal

# The keys that open an entry, what its hairline says, and what is typed in it.
ENTRIES = {
    "new lead": ("+", "new lead", "Dacia Farm: silos €9k #hot"),
    "note": ("n", "note", "the board decides on Friday"),
    "a call's words": ("c4", "Voicemail", "asks for an offer"),
    "next action": ("r", "next action", "fri 9:30 call Anna"),
    "amount": ("a", "amount", "18.5k"),
    "won": ("w", "won", "17.25k"),
    "tags": ("t", "tags", "hot relaunch"),
    "person": ("p", "person", "Anna Weber, purchasing"),
    "a field of the lead": ("i51", "another", "Floor: 3rd, left"),
}
OPEN = "SELECT text FROM drafts WHERE kept_by IS NULL"


def end(t: Terminal, how: str) -> None:
    if how == "kill":
        t.kill()
    elif how == "hangup":
        t.signal(signal.SIGHUP)
        t.wait_end()
    else:
        t.hang_up()
        assert t.gone()


@pytest.mark.parametrize(
    ("name", "how"),
    [(name, "kill") for name in ENTRIES]
    + [("new lead", "hangup"), ("new lead", "no terminal"), ("next action", "no terminal")],
)
def test_what_was_typed_is_offered_again(start: Starter, url: str, name: str, how: str) -> None:
    keys, title, words = ENTRIES[name]
    t = start()
    t.wait_for("Acme GmbH")
    t.send(keys)
    t.wait_for(title)
    t.send(words)
    t.wait_for(words.split()[0])
    if how == "kill":  # which leaves no time for a last word: it was saved while it was typed
        t.wait_until(lambda: ask(url, OPEN) == [(words,)], "the draft in the store")
    else:
        t.wait_for(words)
    end(t, how)

    again = start(columns=120)
    again.wait_for("Typed and not saved")
    again.send(keys)
    again.wait_for(words)
    again.wait_for("not saved, from")
    before = ask(url, "SELECT COUNT(*) FROM entries")
    again.send("\r")
    again.wait_until(lambda: ask(url, "SELECT COUNT(*) FROM entries") != before, "the act")
    again.wait_until(lambda: ask(url, OPEN) == [], "the end of the draft")
    again.kill()

    clean = start(columns=120)
    clean.wait_for("Borealis")
    clean.settle()
    assert "Typed and not saved" not in clean.screen()


def test_esc_drops_what_was_typed(start: Starter, url: str) -> None:
    t = start()
    t.wait_for("Acme GmbH")
    t.send("a")
    t.wait_for("amount")
    t.send("99k")
    t.wait_until(lambda: ask(url, OPEN) == [("99k",)], "the draft in the store")
    t.send("\x1b")
    t.wait_until(lambda: ask(url, OPEN) == [], "the end of the draft")
    t.send("a")
    t.wait_for("for instance 12.8k")


def test_two_leads_have_drafts_of_their_own(start: Starter, url: str) -> None:
    t = start()
    t.wait_for("Acme GmbH")
    t.send("r")
    t.wait_for("next action")
    t.send("fri call")
    t.wait_until(lambda: ask(url, OPEN) == [("fri call",)], "the draft in the store")
    t.kill()
    again = start()
    again.wait_for("Acme GmbH")
    again.send("jr")
    again.wait_for("next action")
    again.settle()
    assert "fri call" not in again.screen().split("next action")[1]


def test_what_the_store_does_not_take_is_in_a_file_of_the_user(
    start: Starter, url: str, tmp_path: Path
) -> None:
    """Another process holds the store until after the kill."""
    t = start()
    t.wait_for("Acme GmbH")
    t.send("+")
    t.wait_for("new lead")
    state = tmp_path / "home" / "state" / "tui-crm"
    other = sqlite3.connect(url, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    t.send("Dacia Farm: silos")
    t.wait_for("not saved")
    t.wait_until(lambda: bool(list(state.glob("drafts-*.json"))), "the file")
    t.wait_until(
        lambda: (
            [row["text"] for path in state.glob("*.json") for row in json.loads(path.read_text())]
            == ["Dacia Farm: silos"]
        ),
        "the words in the file",
    )
    [file] = state.glob("drafts-*.json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    t.kill()
    other.execute("ROLLBACK")
    other.close()
    assert ask(url, OPEN) == []

    again = start(columns=120)
    again.wait_for("Typed and not saved: new lead")
    assert ask(url, OPEN) == [("Dacia Farm: silos",)]
    assert not list(state.glob("drafts-*.json"))
    again.send("+")
    again.wait_for("Dacia Farm: silos")
    again.send("\r")
    again.wait_for("#4")
