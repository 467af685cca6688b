"""What a terminal sends by itself, and bytes that are no text, act on nothing."""

from __future__ import annotations

import re

import pytest

from tests.pty.conftest import Starter, ask
from tests.tui.terminal.test_input_parser import REPORTS

ACTED = "SELECT (SELECT COUNT(*) FROM entries), (SELECT COUNT(*) FROM actions)"


@pytest.mark.parametrize("screen", ["T", "L", "C", "S", "F", "c", "n", "+", ":", "r"])
def test_reports_whole_and_in_two_halves_do_nothing(start: Starter, url: str, screen: str) -> None:
    t = start()
    t.wait_for("? keys")
    first = without_clock(t.screen())
    t.send(screen)
    if screen != "T":
        t.wait_until(lambda: without_clock(t.screen()) != first, "the screen")
    t.settle()
    before, seen = ask(url, ACTED), without_clock(t.screen())
    for report in REPORTS:
        if report[0] != "\x1b":
            continue
        t.send(report)
        place = len(report) // 2 + 1
        t.send(report[:place])
        t.read(0.02)
        t.send(report[place:])
    t.settle()
    assert ask(url, ACTED) == before
    assert without_clock(t.screen()) == seen
    t.send("\x1b")
    t.settle(0.4)
    t.send("q")


def test_reports_in_the_middle_of_a_note_take_no_letter_of_it(start: Starter, url: str) -> None:
    """What a terminal says of itself comes between two letters, the window's focus as well: what
    is typed behind it goes on in the entry."""
    t = start()
    t.wait_for("Acme GmbH")
    t.send("n")
    t.wait_for("── note")
    reports = [report for report in REPORTS if report[0] == "\x1b"]
    for place, report in enumerate(reports):
        t.send(f"{chr(ord('a') + place % 26)}{report}")
        t.read(0.02)
    t.send(" end")
    t.wait_for(" end")
    t.send("\r")
    words = "".join(chr(ord("a") + place % 26) for place in range(len(reports))) + " end"
    t.wait_until(lambda: ask(url, "SELECT text FROM actions") == [(words,)], "the note")


def without_clock(screen: str) -> str:
    """A screen without the minute in its header, which passes meanwhile."""
    return re.sub(r"\b\d\d:\d\d  calls", "calls", screen, count=1)


def test_a_byte_that_is_no_text_is_a_sign_in_the_note(start: Starter, url: str) -> None:
    t = start()
    t.wait_for("Acme GmbH")
    t.send("n")
    t.wait_for("note")
    t.send(b"J\xfcrgen ruft an \x1b[1114112u")
    t.wait_for("rgen ruft an")
    t.send("\r")
    t.wait_until(
        lambda: ask(url, "SELECT text FROM actions") == [("J\ufffdrgen ruft an",)], "the note"
    )


def test_where_the_locale_names_another_charset_it_is_read_in_that(
    start: Starter, url: str
) -> None:
    t = start(environ={"LC_ALL": "de_DE.ISO-8859-1", "LANG": "de_DE.ISO-8859-1"})
    t.wait_for("Acme GmbH")
    t.send("n")
    t.wait_for("note")
    t.send(b"J\xfcrgen\r")
    t.wait_until(lambda: ask(url, "SELECT text FROM actions") == [("Jürgen",)], "the note")


def test_the_size_is_the_terminals_own(start: Starter) -> None:
    t = start(columns=90, rows=20, environ={"COLUMNS": "40", "LINES": "10"})
    t.wait_for("Acme GmbH         website relaunch")
    assert any(len(row) > 60 for row in t.rows())
