"""The command line as its users meet it: arguments in; exit code, stdout and stderr out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Clock
from tui_crm.cli.app import run
from tui_crm.cli.context import Context
from tui_crm.core import text


@dataclass(frozen=True)
class Ran:
    """How a command ended. ``raw`` is stdout in bytes."""

    code: int
    raw: bytes
    err: str

    @property
    def out(self) -> str:
        return self.raw.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.raw)

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


class Line:
    """``crm("add", "Acme")`` runs a command in this process on one store, at one clock."""

    def __init__(self, url: str, clock: Clock, capture: Any) -> None:
        self.url, self.clock, self.capture = url, clock, capture

    def __call__(self, *args: str, user: str = "ana") -> Ran:
        self.capture.readouterr()
        where = [] if "--db" in args else ["--db", self.url]
        code = run([*where, "--user", user, *args], Context(clock=self.clock))
        out, err = self.capture.readouterr()
        return Ran(code, out, err.decode())

    def done(self, *args: str, user: str = "ana") -> Ran:
        """The same, and it must have worked."""
        ran = self(*args, user=user)
        assert ran.code == 0, ran.err
        return ran


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test reads or writes the places of whoever runs it."""
    for name in (
        "TUI_CRM_DB",
        "TUI_CRM_USER",
        "TUI_CRM_CONFIG",
        "LC_ALL",
        "LC_CTYPE",
        "LANGUAGE",
        "LC_MESSAGES",
        "LC_TIME",
        "COLUMNS",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("TZ", "Europe/Madrid")
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    yield
    text.set_encoding(None)
    text.use_language("en")


@pytest.fixture
def crm(sqlite_url: str, clock: Clock, capsysbinary: Any) -> Line:
    """The commands on a fresh SQLite store, as Ana, on Monday 23 November 2026, 09:12."""
    return Line(sqlite_url, clock, capsysbinary)


@pytest.fixture
def crm_everywhere(url: str, clock: Clock, capsysbinary: Any) -> Line:
    """The same on SQLite and on PostgreSQL."""
    return Line(url, clock, capsysbinary)


class Program:
    """``program("status")`` runs the real program in a process of its own."""

    def __init__(self, url: str) -> None:
        self.url = url

    def command(self, *args: str) -> list[str]:
        return [sys.executable, "-m", "tui_crm", *args]

    def env(self, **more: str) -> dict[str, str]:
        return {**os.environ, "TUI_CRM_DB": self.url, "TUI_CRM_USER": "ana", **more}

    def __call__(self, *args: str, **env: str) -> Ran:
        return self.through((), *args, **env)

    def through(self, before: Sequence[str], *args: str, **env: str) -> Ran:
        """The same, run by the command ``before`` it: with less room, fewer rights."""
        ran = subprocess.run(
            [*before, *self.command(*args)],
            env=self.env(**env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
        )
        return Ran(ran.returncode, ran.stdout, ran.stderr.decode(errors="replace"))


@pytest.fixture
def program(sqlite_url: str) -> Program:
    return Program(sqlite_url)
