"""What breaks around the program while somebody works: nothing acknowledged is lost, one plain
sentence says what happened, and the work goes on."""

from __future__ import annotations

import os
import random
import re
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which

import psycopg
import pytest

from tests.conftest import ZONE
from tests.postgres import address, database
from tests.proxy import CUTS, Proxy
from tests.pty.conftest import Starter, ask
from tests.pty.terminal import Terminal
from tui_crm.core.leads import leads
from tui_crm.core.store import open_store
from tui_crm.core.team.sign_in import sign_in


@contextmanager
def held(url: str) -> Iterator[None]:
    """Another process writes, and takes its time."""
    other = sqlite3.connect(url, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


# -- somebody else holds the store ----------------------------------------------------------------


def test_typing_goes_on_while_another_holds_the_store(start: Starter, url: str) -> None:
    """Every letter appears at once, though no draft can be saved; once it can, it is."""
    t = start()
    t.wait_for("Acme GmbH")
    t.send("n")
    t.wait_for("note")
    with held(url):
        typed = ""
        for word in ["the", "board", "meets", "on", "Friday", "and", "decides", "then"]:
            typed += f"{word} "
            t.send(f"{word} ")
            t.wait_for(typed.strip())
        t.wait_for("not saved")
    t.wait_until(
        lambda: ask(url, "SELECT TRIM(text) FROM drafts") == [(typed.strip(),)], "the draft"
    )
    t.wait_until(lambda: "not saved" not in t.screen(), "the word that it is saved")


def test_an_act_refused_by_a_held_store_keeps_its_words_and_works_afterwards(
    start: Starter, url: str
) -> None:
    t = start()
    t.wait_for("Acme GmbH")
    t.send("c4asks for an offer")
    t.wait_for("asks for an offer")
    with held(url):
        t.send("\r")
        t.wait_for("another tui-crm holds the store")
        t.wait_for("asks for an offer")
    t.send("\r")
    t.wait_until(
        lambda: ask(url, "SELECT kind, text FROM actions") == [("call", "asks for an offer")],
        "the call, once",
    )


# -- the disk is full -----------------------------------------------------------------------------


@pytest.mark.parametrize("room", [0, 8, 60])
def test_a_full_disk_is_said_and_the_words_are_kept(start: Starter, url: str, room: int) -> None:
    """No file may grow beyond what the store and its log are now, and ``room`` kilobytes."""
    for ending in ("", "-wal"):
        Path(url + ending).touch()
    limit = max(Path(url).stat().st_size, 33_000) // 1024 + 1 + room
    t = start(through=["bash", "-c", f'ulimit -f {limit}; exec "$@"', "-"])
    t.wait_for("Acme GmbH")
    t.send("n")
    said = 0
    t.wait_for("note")
    for n in range(60):
        words = f"words {n} " + "all kept " * 40
        t.send(words)
        t.settle(0.05)
        t.send("\r")
        t.wait_until(
            lambda n=n: (
                ask(url, "SELECT COUNT(*) FROM actions") == [(n + 1,)]
                or "disk is full" in t.screen()
            ),
            "saved, or the sentence",
        )
        if "disk is full" in t.screen():
            break
        said += 1
        t.send("n")
        t.wait_for("── note")
    assert "disk is full" in t.screen()
    assert f"words {said}" in t.screen() or "all kept" in t.screen()
    t.kill()
    with sqlite3.connect(url) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        kept = raw.execute("SELECT text FROM actions ORDER BY id").fetchall()
    assert [text[0].split()[1] for text in kept] == [str(n) for n in range(said)]


# -- the power goes -------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_whatever_was_acknowledged_is_there_after_a_kill(
    start: Starter, url: str, seed: int
) -> None:
    """Notes are logged one after another; at a random moment the process is killed."""
    chance = random.Random(seed)
    acknowledged = 0
    for _run in range(3):
        t = start()
        t.wait_for("Acme GmbH")
        until = time.monotonic() + chance.uniform(0.2, 1.5)
        while time.monotonic() < until:
            t.send("n")
            t.wait_for("── note")  # what was said before is gone now
            t.send(f"note {acknowledged}\r")
            t.wait_for("Logged")
            acknowledged += 1
        t.send(f"nnote {acknowledged}\r")  # under way when it ends
        t.read(chance.uniform(0, 0.1))
        t.kill()
        texts = [row[0] for row in ask(url, "SELECT text FROM actions ORDER BY id")]
        assert texts[:acknowledged] == [f"note {n}" for n in range(acknowledged)]
        acknowledged = len(texts)
        assert ask(url, "PRAGMA integrity_check") == [("ok",)]


# -- the database server ends the connection ------------------------------------------------------


def test_a_lost_postgresql_connection_is_said_and_comes_back(
    start: Starter, postgres: str, postgres_template: str
) -> None:
    name = f"faults{os.getpid()}"
    server_address = database(postgres, name, postgres_template)
    store = open_store(server_address)
    session = sign_in(store, "ana", zone=ZONE)[0]
    leads.create(session, "Acme GmbH: website relaunch")
    store.close()
    try:
        t = start(db=server_address)
        t.wait_for("Acme GmbH")
        t.send("c4asks for an offer")
        t.wait_for("asks for an offer")
        with psycopg.connect(postgres, autocommit=True) as server:
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
            )
        t.send("\r")
        t.wait_for("connection to the database was lost")
        assert "asks for an offer" in t.screen()
        t.send("\r")
        with psycopg.connect(server_address) as there:

            def logged() -> list[tuple[object, ...]]:
                there.rollback()
                return there.execute("SELECT kind, text FROM actions").fetchall()

            t.wait_until(lambda: logged() == [("call", "asks for an offer")], "the call, once")
            t.settle()
            assert logged() == [("call", "asks for an offer")]
    finally:
        with psycopg.connect(postgres, autocommit=True) as server:
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def far(postgres: str, postgres_template: str) -> Iterator[tuple[Proxy, str]]:
    """A line to a store with a lead in it, and the name of its database."""
    name = f"far{os.getpid()}"
    there = database(postgres, name, postgres_template)
    store = open_store(there)
    leads.create(sign_in(store, "ana", zone=ZONE)[0], "Acme GmbH: website relaunch")
    store.close()
    try:
        with Proxy(there) as line:
            yield line, name
    finally:
        with psycopg.connect(postgres, autocommit=True) as server:
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def cut_lines(t: Terminal, line: Proxy, logged: Callable[[], list[str]], count: int) -> None:
    """Log ``count`` notes, each over a line that is cut at its COMMIT in one way or another. Fails
    when one is lost or stands twice, or the screen said of it what is not true."""
    t.wait_for("Acme GmbH")
    for n in range(count):
        words = f"note {n}"
        t.send("n")
        t.wait_for("── note")
        t.send(words)
        t.wait_for(words)
        line.cut = CUTS[n % len(CUTS)]
        t.send("\r")
        t.wait_until(
            lambda: "Logged" in t.screen() or "nothing was saved" in t.screen(), "an answer"
        )
        if "nothing was saved" in t.screen():
            assert words not in logged()
            t.send("\r")
            t.wait_until(lambda words=words: words in logged(), "the note")
        t.wait_until(lambda: "── note" not in t.screen(), "the end of the entry")
        assert logged().count(words) == 1


def test_a_line_cut_at_commit_loses_and_doubles_nothing(
    start: Starter, far: tuple[Proxy, str], postgres: str
) -> None:
    line, name = far
    t = start(db=line.address(name))
    with psycopg.connect(address(postgres, name), autocommit=True) as there:
        cut_lines(
            t,
            line,
            lambda: [row[0] for row in there.execute("SELECT text FROM actions ORDER BY id")],
            len(CUTS),
        )
    assert line.cuts == len(CUTS)


def test_the_app_stays_while_no_line_can_be_had(start: Starter, far: tuple[Proxy, str]) -> None:
    line, name = far
    t = start(db=line.address(name))
    t.wait_for("Acme GmbH")
    line.down = True
    line.drop()
    for key in "LTSFCT":
        t.send(key)
        t.wait_for("connection to the database was lost")
    t.send("\x1b")
    line.down = False
    t.send("L")
    t.wait_for("Acme GmbH")
    t.send("n")
    t.wait_for("── note")
    t.send("back again\r")
    t.wait_for("Logged")


def test_what_was_typed_on_a_lost_line_is_offered_once_there_is_one(
    start: Starter, far: tuple[Proxy, str]
) -> None:
    line, name = far
    t = start(db=line.address(name))
    t.wait_for("Acme GmbH")
    t.send("a")
    t.wait_for("amount")
    line.down = True
    line.drop()
    t.send("18.5k")
    t.wait_for("not saved")
    t.kill()
    line.down = False

    again = start(db=line.address(name), columns=120)
    again.wait_for("Typed and not saved: amount")
    again.send("a")
    again.wait_for("18.5k")


# -- signals, on every screen and in every entry --------------------------------------------------

PLACES = ("T", "L", "Lv", "C", "S", "F", "?", "\r", ":", "c", "n", "r", "+", "s", "l", "S0", "C9")


@pytest.mark.parametrize("keys", PLACES)
def test_a_signal_leaves_a_clean_terminal_wherever_it_comes(start: Starter, keys: str) -> None:
    t = start()
    t.wait_for("Acme GmbH")
    for key in keys:
        t.send(key)
        t.settle(0.2)
    t.signal(signal.SIGTERM)
    assert t.wait_end() == 128 + signal.SIGTERM
    raw = t.raw()
    assert raw.rfind(b"\x1b[?1049l") > raw.rfind(b"\x1b[?1049h")
    assert raw.rfind(b"\x1b[?25h") > raw.rfind(b"\x1b[?25l")
    assert t.modes() == t.modes_before
    assert not re.search(rb"Traceback", raw)


def test_a_read_only_store_opens_to_look_and_says_why_it_cannot_write(
    start: Starter, url: str
) -> None:
    """Without the right of root to write where nobody may."""
    if which("setpriv") is None:
        pytest.skip("needs setpriv of util-linux")
    store = Path(url)
    store.chmod(0o444)
    store.parent.chmod(0o555)
    try:
        t = start(through=["setpriv", "--bounding-set=-dac_override,-dac_read_search"])
        t.wait_for("Acme GmbH")
        t.wait_for("Opened to look only")
        t.send("w\r")
        t.wait_until(
            lambda: "── won" in t.screen() and "reading only" in t.screen(), "the entry again"
        )
        t.send("\x1b")
        t.wait_until(lambda: "── won" not in t.screen(), "the end of the entry")
        t.send("a")
        t.wait_for("── amount")
        assert "reading only" not in t.screen()  # said of that act alone
        t.kill()
    finally:
        store.parent.chmod(0o755)
    assert ask(url, "SELECT status FROM leads WHERE id = 1") == [("open",)]
