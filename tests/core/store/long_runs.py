"""What breaks a store, many times over: kills, lines cut at COMMIT, hostile strings.

Each function does so many of them on stores of its own and returns its figures; it fails
(AssertionError) when anything acknowledged was lost, stands twice, or came through. The ordinary
suite runs a few of each.
"""

from __future__ import annotations

import io
import json
import os
import random
import re
import select
import subprocess
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from tests.conftest import Clock
from tests.postgres import database
from tests.proxy import CUTS, Proxy
from tui_crm.cli.app import run
from tui_crm.cli.context import Context
from tui_crm.core.errors import CrmError, StoreBusy
from tui_crm.core.leads import actions, leads, people
from tui_crm.core.store import backup, open_store
from tui_crm.core.team.sign_in import sign_in

ROOT = Path(__file__).parents[3]

# Works until it is killed; each line says what has been acknowledged.
AT_WORK = """
import sys
from tui_crm.core.store import open_store
store = open_store(sys.argv[1], busy_seconds=30)
from tui_crm.core.leads import actions, contacts, leads
from tui_crm.core.store import backup, undo
from tui_crm.core.team.sign_in import sign_in
session = sign_in(store, "ana")[0]
first = int(sys.argv[2])
for n in range(first, first + 100000):
    number = leads.create(session, f"lead {n}", contact=f"Person {n}")
    actions.log(session, number, "call", outcome=3, text=f"note {n}")
    print("done", n, flush=True)
    if n % 5 == 0:
        leads.set_amount(session, number, 100 * n)
        undo.undo(session)
    if n % 7 == 0:
        backup.backup(store, sys.argv[1] + ".safe")
"""


def kills(count: int, seed: int = 0) -> dict[str, int]:
    """Kill a program ``count`` times at random moments of its work; what it had acknowledged is
    there, once, and the store is sound. Acts in the whole."""
    chance, done = random.Random(seed), -1
    with tempfile.TemporaryDirectory() as folder:
        url = os.path.join(folder, "crm.db")
        store = open_store(url)
        sign_in(store, "ana", clock=Clock())
        store.close()
        for _kill in range(count):
            # Its answers are read byte by byte: a reader that waits for more would be late.
            with subprocess.Popen(
                [sys.executable, "-c", AT_WORK, url, str(done + 1)],
                stdout=subprocess.PIPE,
                cwd=ROOT,
                bufsize=0,
            ) as process:
                assert process.stdout is not None
                process.stdout.read(1)  # it is at work
                heard = b"d"
                for _step in range(chance.randint(0, 30)):
                    if select.select([process.stdout], [], [], chance.uniform(0, 0.004))[0]:
                        heard += process.stdout.read(4096)
                process.kill()
                heard += process.stdout.read()
            said = [int(line.split()[1]) for line in heard.split(b"\n")[:-1] if line]
            store = open_store(url)
            titles = [row[0] for row in store.rows("SELECT title FROM leads ORDER BY id")]
            assert titles == [f"lead {n}" for n in range(len(titles))]
            assert len(titles) > max(said, default=done)
            assert backup.check(store) == []
            assert not list(Path(folder).glob(".*new*"))  # swept
            done = len(titles) - 1
            store.close()
    return {"kills": count, "acts": 2 * (done + 1), "lost": 0}


def cut_lines(server: str, count: int, seed: int = 0) -> dict[str, int]:
    """Cut the line to a PostgreSQL ``server`` at ``count`` COMMITs, in one way or another; each
    lead stands once in the end, and what was said of it was true. How many needed a retry."""
    chance, again = random.Random(seed), 0
    name = f"cut{os.getpid()}_{seed}"
    address = database(server, name)
    with Proxy(address) as line:
        store = open_store(line.address(name))
        session = sign_in(store, "ana", clock=Clock())[0]
        for n in range(count):
            title = f"lead {n}"
            line.cut = chance.choice(CUTS)
            try:
                leads.create(session, title)
            except StoreBusy as error:
                assert "nothing was saved" in error.message
                assert not store.value("SELECT 1 FROM leads WHERE title = ?", (title,))
                again += 1
                leads.create(session, title)
            assert store.value("SELECT COUNT(*) FROM leads WHERE title = ?", (title,)) == 1
        assert store.value("SELECT COUNT(*) FROM leads") == count
        assert store.value("SELECT COUNT(DISTINCT token) FROM entries") == store.value(
            "SELECT COUNT(*) FROM entries"
        )
        assert backup.check(store) == []
        store.close()
    return {"cut lines": line.cuts, "retried": again, "lost": 0, "doubled": 0}


PIECES = (
    *("\x1b[2J", "\x1b]52;c;QQ==\x07", "\x9b31m", "\x1b]8;;http://x\x1b\\", "\x00", "\x07", "\r"),
    *(
        "\u202e",
        "\u2066",
        "\u200b",
        "\ufeff",
        "\ud83d",
        "\udcff",
        "\U000e0041",
        "e\u0301",
        "株式会社",
    ),
    *("[/]", "[bold", "[@click=app.quit]x[/]", "{0}", "%s", "${HOME}", "'; DROP TABLE leads; --"),
    *(
        "=1+1",
        "@SUM(A1)",
        "+cmd|' /C calc'!A0",
        '"',
        "\\",
        "\t",
        "\n",
        "a",
        "Ünï",
        "👩‍👩‍👧",
        "-x",
        "#",
    ),
)
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def hostile_strings(count: int, seed: int = 0) -> dict[str, int]:
    """Put ``count`` hostile strings into every text of a lead, and print them by every command;
    none does anything, and no control character comes out. How many were refused in a sentence."""
    chance, refused, used = random.Random(seed), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        url = os.path.join(folder, "crm.db")
        while used < count:
            store = open_store(url)
            session = sign_in(store, "ana", clock=Clock())[0]
            made: list[int] = []
            for _lead in range(25):
                words = ["".join(chance.choices(PIECES, k=chance.randint(1, 8))) for _n in range(8)]
                used += len(words)
                try:
                    number = leads.create(
                        session, words[0], description=words[1], company=words[2], contact=words[3]
                    )
                    made.append(number)
                    actions.log(session, number, "call", text=words[4])
                    people.add(session, number, words[5])
                    leads.set_source(session, number, words[6])
                    leads.set_title(session, number, words[7])
                except CrmError:
                    refused += 1
            assert backup.check(store) == []
            store.close()
            for command in (
                ["leads"],
                ["feed"],
                ["leads", "--json"],
                ["export", "leads"],
                ["export", "actions", "--format", "json"],
                ["show", str(chance.choice(made)), "--json"],
                ["leads", words[0]],
                ["calendar"],
            ):
                out = _printed(["--db", url, "--user", "ana", *command])
                assert not CONTROL.search(out), (command, out)
                if "--json" in command and out.strip():
                    json.loads(out)
            for ending in ("", "-wal", "-shm"):
                Path(url + ending).unlink(missing_ok=True)
    return {"strings": used, "refused": refused, "through": 0}


def _printed(argv: list[str]) -> str:
    """What a command prints, on both streams; it must not be a bug of ours."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(argv, Context(clock=Clock()))
        out.flush()
    assert code in (0, 1, 2), err.getvalue()
    printed = out.buffer.getvalue().decode() if isinstance(out.buffer, io.BytesIO) else ""
    return printed.replace("\r\n", "\n") + err.getvalue()
