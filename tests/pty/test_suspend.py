"""ctrl+z and fg in a real shell: the program stops wherever one is, and the same screen comes back
at the size that the terminal has by then."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pty.conftest import Starter, ask
from tests.pty.terminal import Terminal

SHELL = ["bash", "--norc", "--noprofile", "--noediting", "-i"]


@pytest.fixture
def shell(url: str) -> Iterator[Terminal]:
    """An interactive shell with job control, in which the program runs as it does for its users."""
    with Terminal(SHELL, environ={"PS1": "shell> ", "BASH_SILENCE_DEPRECATION_WARNING": "1"}) as t:
        t.wait_for("shell>")
        t.send(f"{sys.executable} -m tui_crm --db {url} --user ana\r")
        t.wait_for("Acme GmbH")
        t.settle()
        yield t


def stop(t: Terminal, key: str = "\x1a") -> None:
    before = len(t.raw())
    t.send(key)
    t.wait_until(lambda: b"Stopped" in t.raw()[before:], "the shell")
    raw = t.raw()[before:]
    assert raw.index(b"\x1b[?1049l") < raw.index(b"Stopped")
    assert b"\x1b[?25h" in raw and b"\x1b[<u" in raw and b"\x1b[?2004l" in raw
    t.settle()


def shown(t: Terminal) -> str:
    """The screen without the clock."""
    return re.sub(r"\b\d\d:\d\d\b", "", t.screen())


def go_on(t: Terminal) -> bytes:
    before = len(t.raw())
    t.send("fg\r")
    t.wait_until(lambda: b"\x1b[?1049h" in t.raw()[before:], "the program")
    t.settle()
    return t.raw()[before:]


PLACES = ("T", "L", "Lv", "\r", "C", "S", "F", "?")
ENTRIES = ("c", "nhalf a note", "r", "+Acme", "s", "l", ":", "/ac", "S0", "tgold")


@pytest.mark.parametrize("keys", [*PLACES, *ENTRIES])
def test_ctrl_z_stops_wherever_one_is_and_fg_brings_the_same_screen_back(
    shell: Terminal, url: str, keys: str
) -> None:
    t = shell
    for key in keys:
        seen = t.screen()
        t.send(key)
        if key not in "T ":  # a space at the end of a text is not seen
            t.wait_until(lambda seen=seen: t.screen() != seen, key)
    t.settle()
    entries = ask(url, "SELECT COUNT(*) FROM entries")
    before = shown(t)
    stop(t)
    t.send("echo shell works\r")
    t.wait_for("\nshell works")
    again = go_on(t)
    assert shown(t) == before
    assert b"\x1b[>" in again and b"\x1b[?2004h" in again and b"\x1b[?25l" in again
    assert ask(url, "SELECT COUNT(*) FROM entries") == entries


def test_it_comes_back_at_the_size_that_the_terminal_has_by_then(shell: Terminal) -> None:
    t = shell
    t.send("nhalf a note")
    t.wait_for("half a note")
    stop(t)
    t.resize(120, 36)
    t.settle()
    go_on(t)
    t.wait_until(lambda: any(len(row) > 90 for row in t.rows()), "the new width")
    assert "half a note" in t.screen() and t.rows()[0].startswith(" T Today")
    t.send(" and the rest\r")
    t.wait_for("Logged")


def test_twice_in_a_row_and_the_keys_still_act_once(shell: Terminal, url: str) -> None:
    t = shell
    for word in ("one ", "two ", "three"):
        t.send("n" if word == "one " else "")
        t.wait_for("── note")
        t.send(word)
        t.wait_for(word.strip())
        stop(t)
        go_on(t)
    t.send("\r")
    t.wait_until(
        lambda: ask(url, "SELECT text FROM actions") == [("one two three",)], "the note, once"
    )


def test_as_kitty_sends_it(shell: Terminal) -> None:
    before = shown(shell)
    stop(shell, "\x1b[122;5u")
    go_on(shell)
    assert shown(shell) == before


def test_continued_in_the_background_it_waits_for_the_foreground(shell: Terminal) -> None:
    t = shell
    before = shown(t)
    stop(t)
    t.send("bg\r")
    t.wait_for("&")
    t.settle()
    t.send("echo still here\r")
    t.wait_for("\nstill here")
    go_on(t)
    assert shown(t) == before


def test_a_program_that_started_it_stops_as_well(url: str) -> None:
    with Terminal(SHELL, environ={"PS1": "shell> "}) as t:
        t.wait_for("shell>")
        t.send(f"sh -c '{sys.executable} -m tui_crm --db {url} --user ana; echo ended'\r")
        t.wait_for("Acme GmbH")
        t.settle()
        before = shown(t)
        stop(t)
        t.send("echo shell works\r")
        t.wait_for("\nshell works")
        go_on(t)
        assert shown(t) == before


def test_what_was_typed_is_kept_when_it_dies_while_stopped(shell: Terminal, url: str) -> None:
    t = shell
    t.send("nasks for Monday")
    t.wait_for("asks for Monday")
    stop(t)
    t.send("kill -9 %1\r")
    t.settle()
    assert ask(url, "SELECT text FROM drafts") == [("asks for Monday",)]


def test_without_a_shell_it_says_so_and_goes_on(start: Starter) -> None:
    """The program of a line or of a tmux window: stopped, nobody could wake it."""
    t = start()
    t.wait_for("Acme GmbH")
    t.send("\x1a")
    t.wait_for("no shell to go to")
    t.send("q")
    assert t.wait_end() == 0


def test_a_stop_from_outside_is_one_from_the_keyboard(start: Starter) -> None:
    t = start()
    t.wait_for("Acme GmbH")
    t.settle()
    before = shown(t)
    t.signal(signal.SIGSTOP)
    t.signal(signal.SIGCONT)
    t.settle()
    assert shown(t) == before
    t.send("nonce")
    t.wait_for("once")
    t.settle()
    assert "oonnccee" not in t.screen() and t.screen().count("once") == 1


def test_looking_around_in_the_demo_leaves_nothing_and_comes_back(
    start: Starter, tmp_path: Path
) -> None:
    own = tmp_path / "own.db"
    places = {"TMPDIR": str(tmp_path)}
    with start(db=str(own), environ=places) as t:
        t.wait_for("Nothing to do yet.")
        t.send("4")
        t.wait_for("Overdue")
        assert list(tmp_path.glob("tui-crm-demo-*/demo.db"))
        t.send("q")
        t.wait_for("The made-up company is gone")
        assert "Nothing to do yet." in t.screen()
        assert not list(tmp_path.glob("tui-crm-demo-*"))
        t.send("1Acme GmbH: website\r")
        t.wait_until(lambda: bool(ask(str(own), "SELECT 1 FROM leads")), "the lead")
    assert ask(str(own), "SELECT title FROM leads") == [("Acme GmbH: website",)]
