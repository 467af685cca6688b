"""The calling block in a real terminal: kill -9, and the same row, note and clock again."""

from __future__ import annotations

import re
import signal
import sys
from pathlib import Path

import pytest

from tests.core.lists.prospects import fill, row
from tests.pty.conftest import Starter, ask
from tests.pty.terminal import Terminal
from tui_crm.core.calling import workspace
from tui_crm.core.store import open_store
from tui_crm.core.team.sign_in import sign_in


@pytest.fixture
def calling_url(url: str) -> str:
    """The store with a list that may be called at any hour of any day."""
    store = open_store(url)
    session = sign_in(store, "ana")[0]
    workspace.set_workspace(session, call_from="00:00", call_until="23:59", call_days="1234567")
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
        "the draft in the store",
        seconds=10,
    )
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
        calling_url,
        "SELECT outcomes.digit, actions.text FROM actions"
        " JOIN outcomes ON outcomes.id = outcome_id WHERE actions.kind = 'call' ORDER BY"
        " actions.id",
    ) == [(3, ""), (4, "asks for Monday")]
    again.send("u")  # and all of it can be taken back, the note with it
    again.wait_until(
        lambda: ask(calling_url, "SELECT COUNT(*) FROM actions WHERE kind = 'call'") == [(1,)],
        "the call taken back",
    )
    again.wait_for("asks for Monday")


def test_five_calls_and_a_restart_and_all_of_them_taken_back(
    start: Starter, calling_url: str
) -> None:
    calls = "SELECT COUNT(*) FROM actions WHERE kind = 'call'"
    t = start()
    t.wait_for("Acme GmbH")
    t.send("C")
    t.wait_for("Spring fair")
    t.send("\r")
    kinds = ("3", "rtue 10\r", "9\r", "1\r", "6")
    for n, keys in enumerate(kinds, 2):
        t.wait_for(f"Person {n}")
        t.send("\r")
        t.wait_for("on this call")
        t.send(keys)
        t.wait_until(lambda n=n: ask(calling_url, calls) == [(n - 1,)], "the call in the store")
    t.wait_for("Person 7")
    t.kill()

    again = start()
    again.wait_for("Acme GmbH")
    again.send("C")
    again.wait_for("Person 7")
    for n in range(6, 1, -1):
        again.send("u")
        again.wait_for(f"Person {n}")
        again.wait_until(lambda n=n: ask(calling_url, calls) == [(n - 2,)], "the call taken back")
    assert ask(calling_url, "SELECT DISTINCT state FROM prospects") == [("new",)]
    assert ask(calling_url, "SELECT COUNT(*) FROM leads WHERE prospect_id IS NOT NULL") == [(0,)]
    assert ask(calling_url, "SELECT COUNT(*) FROM blocked") == [(0,)]


def test_a_hang_up_keeps_the_clock_and_quitting_asks(start: Starter, calling_url: str) -> None:
    t = start()
    t.wait_for("Acme GmbH")
    t.send("C")
    t.wait_for("Spring fair")
    t.send("\r")
    t.wait_for("Person 2")
    t.send("\r")
    t.wait_for("on this call")
    t.signal(signal.SIGHUP)
    t.wait_end()
    again = start()
    again.wait_for("Acme GmbH")
    again.send("C")
    again.wait_for("on this call")
    again.send("\x11")  # ctrl+q
    again.wait_for("how did this call end?")
    again.send("3")
    assert again.wait_end() == 0
    assert ask(calling_url, "SELECT COUNT(*) FROM actions WHERE kind = 'call'") == [(1,)]


def test_numbers_are_links_only_where_the_terminal_takes_them(
    start: Starter, calling_url: str
) -> None:
    sent = {}
    for name, environ in (("plain", {}), ("vte", {"VTE_VERSION": "6800"})):
        with start(environ=environ) as t:
            t.wait_for("Acme GmbH")
            t.send("C")
            t.wait_for("Spring fair" if name == "plain" else "Person 2")
            if name == "plain":
                t.send("\r")
            t.wait_for("Person 2")
            t.settle()
            sent[name] = t.raw()
    assert b"\x1b]8;" not in sent["plain"]
    assert set(re.findall(rb"\x1b\]8;[^;]*;([^\x1b]*)\x1b\\", sent["vte"])) == {
        b"",
        b"tel:+34600100002",
    }


def test_a_script_is_written_in_the_editor(
    start: Starter, calling_url: str, tmp_path: Path
) -> None:
    """The editor has the terminal to itself; afterwards the screen is whole again."""
    editor = tmp_path / "editor.py"
    editor.write_text(
        "import sys\nprint('EDITOR IS HERE', flush=True)\n"
        "open(sys.argv[1], 'a').write('Hello\\n' + input())\n"
    )
    program = (
        "import sys; from tui_crm.core.store import open_store; from tui_crm.core.team import "
        "sign_in as team;"
        "from tui_crm.tui.app import run_app; from tui_crm.tui.terminal.editor import edit_text;"
        "from tui_crm.tui.screens.base import CrmScreen;"
        "CrmScreen.action_help = lambda self: self.explain_key('', repr(edit_text(self.app, "
        "'One')));"
        "run_app(team.sign_in(open_store(sys.argv[1]), 'ana')[0])"
    )
    with Terminal(
        ["-c", program, calling_url],
        environ={
            "EDITOR": f"{sys.executable} {editor}",
            "HOME": str(tmp_path),
            "XDG_DATA_HOME": str(tmp_path),
            "XDG_CONFIG_HOME": str(tmp_path),
        },
    ) as t:
        t.wait_for("Acme GmbH")
        t.send("?")
        t.wait_for("EDITOR IS HERE")
        t.send("and good bye\r")
        t.wait_for(r"'One\nHello\nand good bye'")
        t.wait_for("Acme GmbH")
