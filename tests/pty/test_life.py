"""Starting and ending on a real terminal: it is left as it was found, whatever ends the program."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys

import pytest

from tests.pty.conftest import Starter
from tests.pty.terminal import Terminal

ALTERNATE, BACK = b"\x1b[?1049h", b"\x1b[?1049l"
HIDE, SHOW = b"\x1b[?25l", b"\x1b[?25h"


def is_left_clean(terminal: Terminal) -> bool:
    """The other screen is left, the cursor is back, nothing is reported any more, and the line
    settings are those from before."""
    raw = terminal.raw()
    return (
        raw.rfind(BACK) > raw.rfind(ALTERNATE) >= 0
        and raw.rfind(SHOW) > raw.rfind(HIDE) >= 0
        and raw.rfind(b"\x1b[<u") > raw.rfind(b"\x1b[>1u")
        and raw.rfind(b"\x1b[?2004l") > raw.rfind(b"\x1b[?2004h")
        and terminal.modes() == terminal.modes_before
    )


def test_q_leaves_the_terminal_as_it_was(start: Starter) -> None:
    t = start()
    t.wait_for("Acme GmbH")
    assert not is_left_clean(t)
    t.send("q")
    assert t.wait_end() == 0
    assert is_left_clean(t)


def test_no_mouse_is_reported(start: Starter) -> None:
    t = start()
    t.wait_for("Acme GmbH")
    assert b"\x1b[?1000h" not in t.raw() and b"\x1b[?1003h" not in t.raw()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_with_its_number_and_a_clean_terminal(
    start: Starter, number: signal.Signals
) -> None:
    t = start()
    t.wait_for("Acme GmbH")
    t.signal(number)
    assert t.wait_end() == 128 + number
    assert is_left_clean(t)


def test_a_storm_of_sizes_ends_with_the_right_screen(start: Starter) -> None:
    t = start()
    t.wait_for("Acme GmbH")
    for columns, rows in [(120, 36), (40, 10), (20, 4), (200, 60), (5, 2), (79, 23), (132, 43)] * 3:
        t.resize(columns, rows)
        t.read(0.02)
    t.resize(100, 30)
    t.settle()
    t.wait_until(lambda: "keys" in t.rows()[-1] and "Acme GmbH" in t.screen(), "the last size")
    assert t.rows()[0].startswith(" T Today")
    t.send("q")
    assert t.wait_end() == 0


def test_keys_typed_before_the_first_frame_are_not_lost(start: Starter) -> None:
    t = start()
    t.send("jj")
    t.wait_for("Acme GmbH")
    t.send("q")
    assert t.wait_end() == 0


def test_it_works_in_the_c_locale(start: Starter) -> None:
    t = start(environ={"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"})
    t.wait_for("Acme GmbH")
    assert "Borealis" in t.screen()
    t.send("q")
    assert t.wait_end() == 0


def test_a_dumb_terminal_is_told_at_once(start: Starter) -> None:
    t = start(environ={"TERM": "dumb"})
    assert t.wait_end() == 2
    assert b"tui-crm needs a terminal" in t.raw()
    assert ALTERNATE not in t.raw()


def test_without_a_terminal_it_says_so_at_once(url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tui_crm", "--db", url, "--user", "ana"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        env=os.environ | {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8"},
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == "tui-crm needs a terminal; for scripts: tui-crm status\n"


def test_a_dropped_line_ends_the_program_and_keeps_what_was_typed(start: Starter, url: str) -> None:
    """The terminal is taken away in mid-word: the program is gone soon, no thread goes on
    spinning, and the words are in the store."""
    t = start()
    t.wait_for("Acme GmbH")
    t.send("n")
    t.wait_for("note")
    t.send("half a sentence")
    t.wait_for("half a sentence")
    t.hang_up()
    assert t.gone(10)
    with sqlite3.connect(url) as raw:
        assert raw.execute("SELECT text FROM drafts").fetchall() == [("half a sentence",)]
