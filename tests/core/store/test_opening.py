"""Opening a store: what is made, with which rights, and what is refused untouched."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from peewee import SqliteDatabase
from playhouse.migrations import Runner

from tui_crm.core.errors import CrmError, StoreBusy, StoreError
from tui_crm.core.leads import actions, leads
from tui_crm.core.session import all_members
from tui_crm.core.store import blobs, fulltext, open_store, opening, schema
from tui_crm.core.store.schema import MIGRATIONS, known_migrations
from tui_crm.core.store.tables import TABLES
from tui_crm.core.store.url import safe_url
from tui_crm.core.team.sign_in import sign_in


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_new_store_is_for_its_owner_alone(tmp_path):
    old = os.umask(0)
    try:
        path = tmp_path / "new" / "crm.db"
        store = open_store(str(path))
        sign_in(store, "ana")
        assert store.made
        for file in path.parent.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        store.close()
    finally:
        os.umask(old)


def test_what_an_acknowledged_write_rests_on(sqlite_url):
    store = open_store(sqlite_url)
    assert store.value("PRAGMA journal_mode") == "wal"
    assert store.value("PRAGMA synchronous") == 2  # FULL
    assert store.value("PRAGMA foreign_keys") == 1
    store.close()


def shape(rows) -> set[tuple]:
    """Every column with its kind and whether it may be empty, every index with what it is over:
    ``rows`` answers SQL. A column that came later stands last and names its default."""
    found: set[tuple] = set()
    for (table,) in rows("SELECT name FROM sqlite_master WHERE type = 'table'"):
        for _n, name, kind, needed, _default, key in rows(f"PRAGMA table_info('{table}')"):
            found.add(
                (table, name, "INTEGER" if kind in ("BIGINT", "SMALLINT") else kind, needed, key)
            )
    found.update(rows("SELECT name, sql FROM sqlite_master WHERE type = 'index'"))
    return {row if len(row) > 2 else (row[0], (row[1] or "").replace('"', "")) for row in found}


def test_the_migrations_make_what_the_models_say(tmp_path):
    migrated = open_store(str(tmp_path / "migrated.db"))
    made = shape(migrated.rows)
    migrated.close()
    db = SqliteDatabase(str(tmp_path / "models.db"))
    with db.bind_ctx(TABLES):
        db.create_tables(TABLES)
    for index in fulltext.INDEXES:
        fulltext.create(db, index)
    blobs.create(db)
    said = shape(lambda sql: db.execute_sql(sql).fetchall())
    db.close()
    assert {row for row in made if "schema_migration" not in row[0]} == said


def test_a_store_of_every_earlier_version_is_brought_up_to_date(tmp_path):
    new = open_store(str(tmp_path / "new.db"))
    wanted = shape(new.rows)
    new.close()
    names = known_migrations()
    for name in names[:-1]:
        path = tmp_path / f"{name}.db"
        path.touch(mode=0o600)
        db = SqliteDatabase(str(path))
        with db.bind_ctx(TABLES):
            Runner(db, str(MIGRATIONS)).up(name)
        db.execute_sql(
            "INSERT INTO lists (name, match, source, columns, script, new_first, call_from,"
            " call_until, call_days, most_tries, zone, archived, created_at)"
            " VALUES ('Fair', 'fair', '', '[]', '', 0, '', '', '', 0, '', 0, 0)"
        )
        db.execute_sql(f"PRAGMA application_id = {opening.APPLICATION_ID}")
        db.close()
        store = open_store(str(path))
        assert shape(store.rows) == wanted
        assert store.migrated and store.backup_made is not None and store.backup_made.exists()
        assert store.value("SELECT name FROM lists") == "Fair"
        store.close()


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\0" + bytes(84)])
def test_what_is_not_ours_is_refused_and_left_alone(tmp_path, content):
    path = tmp_path / "other.db"
    path.write_bytes(content)
    before = digest(path)
    with pytest.raises(StoreError, match="not a tui-crm database"):
        open_store(str(path))
    assert digest(path) == before
    assert [p.name for p in tmp_path.iterdir()] == ["other.db"]


def test_another_program_s_database_is_refused(tmp_path):
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE t (x)")
    before = digest(path)
    with pytest.raises(StoreError, match="not a tui-crm database"):
        open_store(str(path))
    assert digest(path) == before


def test_a_truncated_store_is_said_to_be_damaged(sqlite_url):
    path = Path(sqlite_url)
    path.write_bytes(path.read_bytes()[:20_000])
    before = digest(path)
    with pytest.raises(StoreError, match="damaged"):
        open_store(sqlite_url)
    assert digest(path) == before


def test_a_newer_store_is_refused(store):
    store.execute(
        "INSERT INTO schema_migration (name, applied) VALUES ('9999_later', '2030-01-01')"
    )
    url = store.url
    store.close()
    with pytest.raises(StoreError, match="newer version"):
        open_store(url)


def test_a_folder_and_a_place_out_of_reach_are_refused(tmp_path):
    with pytest.raises(StoreError, match="folder"):
        open_store(str(tmp_path))
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="--db"):
        open_store(str(tmp_path / "file" / "crm.db"))


def test_a_missing_store_is_not_made_where_only_reading_is_wanted(tmp_path):
    with pytest.raises(StoreError, match="There is no store"):
        open_store(str(tmp_path / "none.db"), create=False)
    assert not (tmp_path / "none.db").exists()


def test_a_locked_store_says_who_holds_it_and_works_again_afterwards(sqlite_url, clock):
    store = open_store(sqlite_url, busy_seconds=0.05)
    session, _said = sign_in(store, "ana", clock=clock)
    holder = sqlite3.connect(sqlite_url, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy, match="another tui-crm"):
        leads.create(session, "Acme")
    holder.execute("ROLLBACK")
    holder.close()
    assert leads.create(session, "Acme")
    store.close()


def test_two_first_starts_at_once_make_one_store(tmp_path):
    """Eight processes open the same new store: one workspace, one user of each name."""
    path = tmp_path / "crm.db"
    code = (
        "import sys; from tui_crm.core.store import open_store\n"
        "from tui_crm.core.team import sign_in as team\n"
        "store = open_store(sys.argv[1], busy_seconds=30); team.sign_in(store, 'ana')\n"
        "print(store.value('SELECT COUNT(*) FROM workspace'))"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)
        for _n in range(8)
    ]
    said = [process.communicate()[0].strip() for process in running]
    assert said == ["1"] * 8
    store = open_store(str(path))
    assert [m.name for m in all_members(store)] == ["ana"]
    store.close()


def test_a_dead_database_address_is_said_without_its_password():
    url = "postgresql://ana:geheim@127.0.0.1:1/none"
    with pytest.raises(CrmError) as refused:
        open_store(url)
    assert "geheim" not in str(refused.value) and safe_url(url) in str(refused.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_store_opens_for_reading(sqlite_url, clock):
    os.chmod(sqlite_url, 0o400)
    store = open_store(sqlite_url)
    session, _said = sign_in(store, "ana", clock=clock)
    with pytest.raises(StoreError, match="reading only"):
        leads.create(session, "Acme")
    store.close()


def test_a_migration_is_run_once_after_a_backup(sqlite_url, clock, tmp_path, monkeypatch):
    """A store of an older version: copied first, then brought up, its data all there."""
    old = open_store(sqlite_url)
    session, _said = sign_in(old, "ana", clock=clock)
    leads.create(session, "Acme")
    old.close()
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    (folder / "0002_nick.py").write_text(
        "import peewee\n\n\ndef up(migrator, db):\n"
        "    migrator.migrate(migrator.add_column('users', 'nick', peewee.TextField(default='')))\n"
    )
    monkeypatch.setattr(schema, "MIGRATIONS", folder)
    store = open_store(sqlite_url)
    assert store.migrated == ("0002_nick",)
    assert store.value("SELECT nick FROM users") == ""
    assert store.value("SELECT title FROM leads") == "Acme"
    copy = sqlite3.connect(store.backup_made)
    assert copy.execute("SELECT title FROM leads").fetchall() == [("Acme",)]
    assert "nick" not in [row[1] for row in copy.execute("PRAGMA table_info(users)")]
    copy.close()
    assert stat.S_IMODE(store.backup_made.stat().st_mode) == 0o600
    store.close()
    assert open_store(sqlite_url).migrated == ()


def test_a_migration_that_fails_leaves_the_store_as_it_was(sqlite_url, tmp_path, monkeypatch):
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    (folder / "0002_broken.py").write_text(
        "import peewee\n\n\ndef up(migrator, db):\n"
        "    migrator.migrate(migrator.add_column('users', 'nick', peewee.TextField(default='')))\n"
        "    raise peewee.OperationalError('database or disk is full')\n"
    )
    monkeypatch.setattr(schema, "MIGRATIONS", folder)
    with pytest.raises(StoreError, match="disk is full"):
        open_store(sqlite_url)
    monkeypatch.undo()
    store = open_store(sqlite_url)
    assert "nick" not in [row[1] for row in store.rows("PRAGMA table_info(users)")]
    store.close()


def test_what_was_written_goes_into_the_file_when_the_hand_rests(sqlite_url, clock, tmp_path):
    store = open_store(sqlite_url)
    session = sign_in(store, "ana", clock=clock)[0]
    leads.create(session, "Acme GmbH: relaunch")

    def in_the_file() -> int:
        alone = tmp_path / "alone.db"
        shutil.copy(sqlite_url, alone)
        with closing(sqlite3.connect(alone)) as raw:
            return raw.execute("SELECT COUNT(*) FROM leads").fetchone()[0]

    assert in_the_file() == 0
    store.checkpoint()
    assert in_the_file() == 1
    store.close()


def test_a_newer_store_that_is_at_rest_is_not_touched(sqlite_url, tmp_path):
    """A backup is not in WAL mode; looking at its version must not set it."""
    store = open_store(sqlite_url)
    store.execute(
        "INSERT INTO schema_migration (name, applied) VALUES ('9999_later', '2030-01-01')"
    )
    store.close()
    with closing(sqlite3.connect(sqlite_url)) as raw:
        raw.execute("PRAGMA journal_mode = delete")
    before, files = Path(sqlite_url).read_bytes(), sorted(os.listdir(tmp_path))
    with pytest.raises(StoreError, match="newer version"):
        open_store(sqlite_url)
    assert Path(sqlite_url).read_bytes() == before
    assert sorted(os.listdir(tmp_path)) == files


def test_folders_of_a_new_store_are_its_owner_s_alone(tmp_path):
    was = os.umask(0)
    try:
        open_store(str(tmp_path / "a" / "b" / "crm.db")).close()
    finally:
        os.umask(was)
    for name in ("a", "a/b"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o700


KILLED = """
import os, signal, sys
from tui_crm.core import files
from tui_crm.core.store import open_store
store = open_store(sys.argv[1])
from tui_crm.core.store import backup, copies
copies.damage = lambda *_args: os.kill(os.getpid(), signal.SIGKILL)
backup.backup(store, sys.argv[2])
"""


def test_what_a_killed_backup_left_is_swept_at_the_next_start(sqlite_url, tmp_path):
    for target in (tmp_path / "safe.db", tmp_path / "backups" / "crm-2026-11-23.db"):
        target.parent.mkdir(exist_ok=True)
        ran = subprocess.run(
            [sys.executable, "-c", KILLED, sqlite_url, str(target)],
            check=False,
            cwd=Path(__file__).parents[3],
        )
        assert ran.returncode == -9
    assert len(list(tmp_path.rglob(".*new"))) == 1  # the second start swept what the first left
    open_store(sqlite_url).close()
    assert not list(tmp_path.rglob(".*new"))


def test_leads_are_idle_since_their_last_action_in_an_older_store_too(session, clock):
    clock.go(days=-9)
    back = leads.create(session, "back", created_on=session.today - timedelta(days=30))
    called = leads.create(session, "called")
    actions.log(session, called, "call", outcome=3)
    actions.log(session, called, "note", text="later")
    store, url = session.store, session.store.url
    right = store.rows("SELECT id, touched_at FROM leads ORDER BY id")
    store.execute("UPDATE leads SET touched_at = touched_at + 5000000")
    store.execute("DELETE FROM schema_migration WHERE name = '0003_idle'")
    store.close()
    again = open_store(url)
    assert again.migrated == ("0003_idle",)
    assert again.rows("SELECT id, touched_at FROM leads ORDER BY id") == right
    assert [number for number, _at in right] == [back, called]
    again.close()
