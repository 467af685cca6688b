"""Who may keep, replace and mend a store; and who acts, on a PostgreSQL server with roles."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.cli.conftest import Line


@pytest.fixture
def staffed(crm_everywhere: Line) -> Line:
    crm_everywhere.done("users", "add", "max", "--role", "manager")
    crm_everywhere.done("users", "add", "rita")
    crm_everywhere.done("add", "Acme")
    return crm_everywhere


MAY = {
    "backup": ("ana", "max"),
    "check": ("ana", "max", "rita"),
    "check --repair": ("ana",),
    "restore": ("ana",),
}


@pytest.mark.parametrize("command", MAY)
def test_each_asks_for_its_right(staffed: Line, tmp_path: Path, command: str) -> None:
    os.chdir(tmp_path)
    staffed.done("backup", str(tmp_path / "safe.db"))
    words = command.split()
    if command == "backup":
        words.append(str(tmp_path / "other.db"))
    if command == "restore":
        words += [str(tmp_path / "safe.db"), "--force"]
    for name in ("ana", "max", "rita", "nobody"):
        before = staffed("leads", "--json").raw
        (tmp_path / "other.db").unlink(missing_ok=True)
        ran = staffed(*words, user=name)
        assert ran.code == (0 if name in MAY[command] else 1), (name, ran)
        if ran.code:
            assert "may not do that" in ran.err or "is not a user" in ran.err
            assert staffed("leads", "--json").raw == before
            assert not (tmp_path / "other.db").exists()


def test_what_cannot_say_who_its_users_are_is_for_whoever_has_the_file(
    crm: Line, tmp_path: Path
) -> None:
    crm.done("add", "Acme")
    crm.done("backup", str(tmp_path / "safe.db"))
    Path(crm.url).write_bytes(Path(crm.url).read_bytes()[:8192] + os.urandom(200_000))
    assert crm("check", user="nobody").code == 1
    crm.done("restore", str(tmp_path / "safe.db"), user="nobody")
    crm.done("show", "1")
    crm.done("restore", str(tmp_path / "safe.db"), "--db", str(tmp_path / "new.db"), user="nobody")


def test_check_mends_what_is_derived_after_a_backup(crm: Line, tmp_path: Path) -> None:
    import sqlite3

    crm.done("add", "Acme")
    with sqlite3.connect(crm.url) as raw:
        raw.execute("UPDATE lead_text SET words = 'planted'")
    assert "other words" in crm("check").out
    ran = crm.done("check", "--repair")
    assert "the search of 1 lead" in ran.err and "before-repair" in ran.err
    assert crm.done("check").out == ""
    assert list((tmp_path / "backups").glob("*before-repair*.db"))


# -- roles of a server ----------------------------------------------------------------------------


@pytest.fixture
def roles(request: pytest.FixtureRequest, crm_everywhere: Line) -> Iterator[dict[str, str]]:
    """Addresses of the same store by role: one that is a user, one that is none."""
    if not crm_everywhere.url.startswith("postgresql"):
        pytest.skip("SQLite has no roles")
    crm_everywhere.done("users", "add", "rita")
    crm_everywhere.done("add", "Acme")
    names = ("rita", "stranger")
    with psycopg.connect(crm_everywhere.url, autocommit=True) as owner:
        for name in names:
            owner.execute(f"CREATE ROLE {name} LOGIN")
            owner.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {name}")
            owner.execute(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {name}")
        try:
            head, _at, rest = crm_everywhere.url.partition("@")
            scheme = head.partition("://")[0]
            yield {name: f"{scheme}://{name}:@{rest}" for name in names}
        finally:
            for name in names:
                owner.execute(f"DROP OWNED BY {name}")
                owner.execute(f"DROP ROLE {name}")


@pytest.mark.parametrize(
    "words", [("add", "Beta"), ("leads",), ("status",), ("check",), ("backup", "safe.db")]
)
def test_nobody_acts_as_another_on_a_server(
    roles: dict[str, str], crm_everywhere: Line, tmp_path: Path, words: tuple[str, ...]
) -> None:
    os.chdir(tmp_path)
    crm = crm_everywhere
    for role in ("stranger", "rita"):
        ran = crm("--db", roles[role], *words, user="ana")
        assert ran.code == 1 and f"knows you as {role}" in ran.err, ran
    assert crm("--db", roles["stranger"], *words, user="stranger").code == 1
    assert crm("--db", roles["rita"], *words, user="rita").code == int(words[0] == "backup")
    crm.done("leads")  # the owner of the database, whom nothing in it holds back
