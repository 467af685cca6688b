"""The demo worked over a line that cuts and delays bytes, and a terminal that talks in between.

    long_run(3600)      an hour of it; what was sent, as figures

Whatever is sent but a few notes only moves about: keys that go and look, in pieces with pauses
between, and what terminals send by themselves. So the store must hold exactly the notes, each once
and letter by letter, and nothing else that was done.
"""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.pty.terminal import Terminal
from tests.tui.terminal.test_input_parser import REPORTS
from tui_crm.tui.terminal.input_parser import SLOWEST

PLACES = "TLCSF"
LOOKS = [
    *["\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[5~", "\x1b[6~", "\x1b[H", "\x1b[F"],
    *[
        "\x1bOA",
        "\x1bOB",
        "\x1b[1;5A",
        "\x1b[3;5~",
        "\x1b[15~",
        "\x1bOP",
        "\x1b[Z",
        "\x1b[106;1;106u",
    ],
    *["\x1b[6;129~", "\x1b[107;1:1;107u", "\x1b[27u"],
]
"""Keys that are sequences, none of which changes anything on any screen."""
FILE = Path(__file__).parents[3] / "shared" / "samples" / "briandunning-us-500.csv"
SENT = [report for report in REPORTS if report.startswith("\x1b")]
WORDS = ["Jörg", "asks for 3", "quotes", "by Friday;", "Núñez", "株式会社", "decides", "9 of 12"]


@dataclass
class Figures:
    """What went over the line: keys that look about, reports of the terminal, the pieces that they
    were cut into, and notes."""

    seconds: float = 0.0
    keys: int = 0
    reports: int = 0
    pieces: int = 0
    notes: int = 0


class SlowLine:
    """A line to a terminal that brings what is sent in pieces. ``longest`` is its longest pause in
    seconds."""

    def __init__(self, terminal: Terminal, chance: random.Random, longest: float) -> None:
        self.terminal, self.chance, self.longest = terminal, chance, longest
        self.pieces = 0

    def send(self, text: str, behind_escape: bool = True) -> None:
        """Send the bytes of ``text``, cut anywhere, also within a letter; pauses are mostly short
        and now and then as long as they may be. ``behind_escape``: also between an ESC and what
        follows it, where a long one makes it the key Esc."""
        rest = text.encode()
        while rest:
            size = self.chance.choice([1, 1, 2, 3, len(rest)])
            if not behind_escape and rest[:size].endswith(b"\x1b"):
                size += 1
            self.terminal.send(rest[:size])
            rest = rest[size:]
            self.pieces += 1
            if rest:
                self.pause(self.longest if self.chance.random() < 0.05 else 0.05)

    def pause(self, most: float) -> None:
        """Read what the program draws for a moment of up to ``most`` seconds."""
        until = time.monotonic() + self.chance.uniform(0, most)
        while (left := until - time.monotonic()) > 0:
            self.terminal.read(left)


def long_run(seconds: float, seed: int = 1, longest: float = 1.8) -> Figures:
    """Work the demo for so long. Raises AssertionError for an act that no key made, a note that is
    not as it was typed, and a program that ended."""
    with tempfile.TemporaryDirectory() as folder:
        store = str(Path(folder) / "demo.db")
        home = {"HOME": folder, "XDG_STATE_HOME": folder, "XDG_CONFIG_HOME": folder}
        make = ["-m", "tui_crm", "--db", store, "--user", "ana", "demo", "--no-open"]
        make += ["--leads", "60", "--prospects", "200"]
        subprocess.run([sys.executable, *make], check=True, env=os.environ | home, timeout=120)
        if FILE.exists():  # people of a real file beside the invented ones
            bring = ["-m", "tui_crm", "--db", store, "--user", "ana", "import", str(FILE)]
            subprocess.run(
                [sys.executable, *bring, "--list", "People"],
                check=True,
                env=os.environ | home,
                timeout=120,
                stdout=subprocess.DEVNULL,
            )
        with Terminal(["-m", "tui_crm", "--db", store, "--user", "ana"], environ=home) as terminal:
            figures = _work(terminal, store, seconds, random.Random(seed), longest)
            terminal.send("\x11")  # ctrl+q, wherever one is
            code = terminal.wait_end()
            assert code == 0, f"the program ended with {code}"
    return figures


def _work(
    terminal: Terminal, store: str, seconds: float, chance: random.Random, longest: float
) -> Figures:
    terminal.wait_for("Today")
    terminal.settle()
    before, notes = _acts(store), list[str]()
    line, figures, begin = SlowLine(terminal, chance, longest), Figures(), time.monotonic()
    while time.monotonic() - begin < seconds:
        what = chance.random()
        if what < 0.45:
            line.send(chance.choice(LOOKS))
            figures.keys += 1
        elif what < 0.85:
            line.send(chance.choice(SENT))
            figures.reports += 1
        elif what < 0.97:
            line.send(chance.choice(PLACES))
            figures.keys += 1
        else:
            notes.append(_note(terminal, line, len(notes), chance))
        line.pause(0.1)
        assert terminal.process.isalive(), f"the program ended:\n{terminal.screen()}"
    terminal.settle()
    _expect(store, before, notes)
    figures.seconds = round(time.monotonic() - begin, 1)
    figures.pieces, figures.notes = line.pieces, len(notes)
    return figures


def _note(terminal: Terminal, line: SlowLine, number: int, chance: random.Random) -> str:
    """Write a note on a lead, with a report in the middle of it; its text."""
    terminal.settle()
    terminal.send("\x1b")  # out of whatever is open
    terminal.settle(SLOWEST + 0.2)
    for key in ("T", "g", "n"):
        terminal.send(key)
        terminal.settle(0.3)
    terminal.wait_for("── note")
    words = [chance.choice(WORDS) for _n in range(4)]
    text = f"note{number} {' '.join(words)}"
    place = chance.randrange(len(text))
    line.send(text[:place] + chance.choice(SENT) + text[place:], behind_escape=False)
    terminal.settle()
    terminal.send("\r")
    terminal.wait_until(lambda: "── note" not in terminal.screen(), "the end of the entry")
    return text


def _acts(store: str) -> tuple[int, int]:
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as read:
        row = read.execute("SELECT (SELECT COUNT(*) FROM entries), (SELECT MAX(id) FROM actions)")
        found: tuple[int, int] = row.fetchone()
        return found


def _expect(store: str, before: tuple[int, int], notes: list[str]) -> None:
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as read:
        written = read.execute(
            "SELECT kind, text FROM actions WHERE id > ? ORDER BY id", (before[1],)
        ).fetchall()
    expected = [("note", text) for text in notes]
    assert written == expected, f"written: {written}\nexpected: {expected}"
    done = _acts(store)[0] - before[0]
    assert done == len(notes), f"{done} acts for {len(notes)} notes: something no key did"


if __name__ == "__main__":
    print(asdict(long_run(float(sys.argv[1]), seed=int(time.time()))))
