"""A store with a few leads, and the real program on it in a real terminal."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.pty.terminal import Terminal
from tui_crm.core.leads import leads
from tui_crm.core.store import open_store
from tui_crm.core.team.sign_in import sign_in
from tui_crm.tui.screens import SCREENS

Starter = Callable[..., Terminal]
TITLES = (
    "Acme GmbH: website relaunch",
    "Borealis Énergie: contrat support",
    "Casa Ruiz: flota 2027",
)


@pytest.fixture
def url(sqlite_url: str) -> str:
    """A store of Ana's with three leads to do, on SQLite."""
    store = open_store(sqlite_url)
    session = sign_in(store, "ana")[0]
    for title in TITLES:
        leads.create(session, title, amount=1_240_000, company=title.split(":")[0])
    store.close()
    return sqlite_url


@pytest.fixture
def start(url: str, tmp_path: Path) -> Iterator[Starter]:
    """``start(…)`` opens the app on the store; what it takes are the terminal's size and more
    of its environment. The user's own folders are left alone."""
    home = tmp_path / "home"
    home.mkdir()
    own: dict[str, Any] = {"HOME": str(home)} | {
        f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "STATE")
    }
    with ExitStack() as stack:

        def open_it(
            *more: str,
            environ: dict[str, Any] | None = None,
            db: str = url,
            through: Sequence[str] = (),
            **size: int,
        ) -> Terminal:
            # ``through`` is a command that runs the one behind it: with less room, fewer rights.
            program = [sys.executable] if through else []
            command = [*through, *program, "-m", "tui_crm", "--db", db, "--user", "ana", *more]
            terminal = Terminal(command, environ=own | (environ or {}), **size)
            stack.callback(terminal.close)
            return terminal

        yield open_it


def ask(url: str, question: str) -> list[tuple[object, ...]]:
    """What the store says, read beside the running program."""
    with sqlite3.connect(f"file:{url}?mode=ro", uri=True) as connection:
        return connection.execute(question).fetchall()


def capitals() -> str:
    """The keys of the five screens, as far as they are installed."""
    places = {"T": "today", "L": "leads", "C": "calling", "S": "stats", "F": "feed"}
    return "".join(
        capital
        for capital, name in places.items()
        if find_spec(f"tui_crm.tui.screens.{SCREENS[name].rpartition('.')[0]}")
    )
