"""What is sent to the terminal: no colour where none is wanted, no control byte out of the data."""

from __future__ import annotations

import re
import sqlite3

from tests.pty.conftest import Starter, capitals
from tests.pty.terminal import Terminal

SGR = re.compile(rb"\x1b\[([\d;:]*)m")
COLOURS = {*range(30, 39), *range(40, 49), *range(90, 98), *range(100, 108)}
ESCAPE = re.compile(
    rb"\x1b(?:\[([?<>=]?)[\d;:]*[ -/]*([@-~])|[\]PX^_](.*?)(?:\x07|\x1b\\)|([^\[\]PX^_]))",
    re.DOTALL,
)
HOSTILE = (
    "[bold red]Acme[/] [/foo] [@click=app.quit]x[/]",
    "\x1b]0;pwned\x07\x1b[2J\x1b[31mAcme\x1b[?1000h\x1bc",
    "a\x9b31mb\x90q\x9c \u202eevil\u202c \u2066x\u2069 \x00\x07\x08\x7f\r\n\tend",
)
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"


def tour(t: Terminal) -> None:
    """Every screen, and the things that open over them."""
    t.wait_for("Today")
    t.settle()
    for capital in capitals():
        t.send(capital)
        t.settle()
    t.send("T")
    t.settle()
    for opened, closed in (
        ("\r", "q"),
        ("j\r", "q"),
        ("j\r", "q"),
        ("?", "q"),
        ("c", "\x1b"),
        ("w", "\x1b"),
        (":", "\x1b"),
        ("+Acm", "\x1b"),
    ):
        t.send(opened)
        t.settle()
        t.send(closed)
        t.settle()


def kinds(raw: bytes) -> set[tuple[bytes, ...]]:
    """The kinds of control sequences in ``raw``; operating system commands with their number."""
    found: set[tuple[bytes, ...]] = set()
    for private, final, command, other in ESCAPE.findall(raw):
        if final:
            found.add((b"CSI", private, final))
        elif other:
            found.add((b"ESC", other))
        else:
            found.add((b"OSC", command.partition(b";")[0]))
    return found


def test_no_colour_means_none_on_any_screen(start: Starter) -> None:
    t = start(environ={"NO_COLOR": "1"})
    tour(t)
    codes = {int(n) for found in SGR.findall(t.raw()) for n in re.split(rb"[;:]", found) if n}
    assert codes, "bold and the like are still sent"
    assert not codes & COLOURS


def test_text_out_of_the_data_sends_no_control_sequence(start: Starter, url: str) -> None:
    with start() as benign:
        tour(benign)
    with sqlite3.connect(url) as connection:  # behind the back of every cleaning
        for number, text in enumerate(HOSTILE, 1):
            connection.execute(
                "UPDATE leads SET title = ?, description = ? WHERE id = ?",
                (text, f"Note: {text}", number),
            )
            connection.execute("UPDATE clients SET name = ? WHERE id = ?", (text, number))
            connection.execute("UPDATE entries SET text = ? WHERE lead_id = ?", (text, number))
    connection.close()
    with start() as hostile:
        tour(hostile)
    raw = hostile.raw()
    assert kinds(raw) <= kinds(benign.raw())
    text = ESCAPE.sub(b"", raw)
    assert not set(text) & ({*range(32)} - {0x0A, 0x0D}), "a control byte of the data was sent"
    decoded = text.decode("utf-8", "replace")
    assert not any(0x7F <= ord(c) < 0xA0 for c in decoded)
    assert not set(decoded) & set(BIDI)
    assert b"pwned" not in b"".join(m.group(3) for m in ESCAPE.finditer(raw) if m.group(3))


def test_markup_in_a_title_is_shown_as_typed(start: Starter, url: str) -> None:
    with sqlite3.connect(url) as connection:
        connection.execute("UPDATE leads SET title = ? WHERE id = 1", (HOSTILE[0],))
    connection.close()
    t = start(columns=120, rows=36)
    t.wait_for("Borealis")
    assert HOSTILE[0][:30] in t.screen()
