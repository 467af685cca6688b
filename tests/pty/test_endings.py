"""How the program ends: the exit code says why, and the terminal is as it was."""

from __future__ import annotations

import signal

import pytest

from tests.pty.conftest import Starter
from tests.pty.test_life import is_left_clean


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGQUIT])
@pytest.mark.parametrize("keys", ["T", "nhalf a note", "s"])
def test_interrupt_and_quit_end_it_with_their_number_and_a_clean_terminal(
    start: Starter, number: signal.Signals, keys: str
) -> None:
    t = start()
    t.wait_for("Acme GmbH")
    t.send(keys)
    t.settle()
    t.signal(number)
    assert t.wait_end() == 128 + number
    assert is_left_clean(t) and b"Traceback" not in t.raw()


def test_a_cut_line_ends_it_with_129(start: Starter) -> None:
    t = start()
    t.wait_for("Acme GmbH")
    t.hang_up()
    assert t.gone(10)
    assert (t.process.exitstatus, t.process.signalstatus) == (128 + signal.SIGHUP, None)


@pytest.mark.parametrize("charset", ["ISO-8859-1", "ISO-8859-15"])
def test_a_terminal_of_another_charset_is_sent_no_utf8(start: Starter, charset: str) -> None:
    name = f"fr_FR.{charset}"
    t = start(environ={"LC_ALL": name, "LANG": name})
    t.wait_for("Acme GmbH")
    t.settle()
    raw = t.raw()
    assert b"\xc9nergie" in raw
    assert b"\xc3\x89" not in raw and b"\xe2" not in raw


def test_keys_typed_before_the_program_listens_are_kept_enter_too(start: Starter, url: str) -> None:
    t = start()
    t.send("nfirst thing\r")
    t.wait_for("Logged")
