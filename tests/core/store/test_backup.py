"""Backup, restore and check: whole or not at all, and the file says so."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import Clock
from tests.core.exchange.prospects.test_importer import ANNA, LUIS, bring, the_file
from tui_crm.core.errors import CrmError, StoreBusy, StoreError
from tui_crm.core.leads import filter as lead_filter, leads
from tui_crm.core.store import backup, copies, open_store, tables, undo
from tui_crm.core.team.sign_in import sign_in

NOW = dt.datetime(2026, 11, 23, 9, 12)


@pytest.fixture
def filled(session, tmp_path):
    """A store with two leads, a list of two prospects and an undone operation."""
    leads.create(session, "Acme: roof", amount=5, contact="Anna", points=[("phone", "911234567")])
    leads.create(session, "Beta: Tür")
    bring(session, the_file(tmp_path, ANNA, LUIS))
    leads.create(session, "Undone")
    undo.undo(session)
    return session


def everything(store):
    return {
        model._meta.table_name: store.rows(
            "SELECT {} FROM {} ORDER BY id".format(
                ", ".join(f.column_name for f in model._meta.sorted_fields), model._meta.table_name
            )
        )
        for model in tables.TABLES
    }


def test_a_backup_holds_every_row_and_is_a_store_of_its_own(filled, tmp_path):
    was = everything(filled.store)
    path = tmp_path / "safe.db"
    written = backup.backup(filled.store, path)
    assert (written.leads, written.prospects) == (2, 2)
    assert written.bytes == path.stat().st_size
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    filled.store.close()
    copy = open_store(str(path))
    assert everything(copy) == was
    assert backup.check(copy) == []
    there = sign_in(copy, "ana", clock=Clock())[0]
    assert list(lead_filter.listing(there, "tur").numbers) == [2]
    assert leads.create(there, "Next") == 4  # 3 was given once already
    copy.close()


def test_a_backup_is_complete_while_another_process_writes(sqlite_url, tmp_path):
    store = open_store(sqlite_url)
    session = sign_in(store, "ana", clock=Clock())[0]
    script = (
        "import sys; from tui_crm.core.store import open_store\n"
        "store = open_store(sys.argv[1])\n"
        "from tui_crm.core.leads import leads; from tui_crm.core.team import sign_in as team\n"
        "session = team.sign_in(store, 'ana')[0]\n"
        "print('on', flush=True)\n"
        "while True: leads.create(session, 'x')\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, sqlite_url],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    ) as writer:
        try:
            assert writer.stdout is not None and writer.stdout.readline() == b"on\n"
            for n in range(5):
                backup.backup(store, tmp_path / f"{n}.db")
        finally:
            writer.kill()
    store.close()
    assert session.user.name == "ana"
    for n in range(5):
        copy = open_store(str(tmp_path / f"{n}.db"))
        assert backup.check(copy) == []
        copy.close()


def test_restore_brings_the_store_back_and_keeps_what_was_there(filled, url, tmp_path):
    was = everything(filled.store)
    path = tmp_path / "safe.db"
    backup.backup(filled.store, path)
    leads.create(filled, "After the backup")
    filled.store.close()
    with pytest.raises(StoreError, match="not empty") if "://" in url else pytest.raises(OSError):
        backup.restore(url, path, now=NOW)
        raise OSError  # SQLite needs no force: what was there is kept
    back = backup.restore(url, path, now=NOW + dt.timedelta(seconds=1), force=True)
    assert (back.leads, back.prospects) == (2, 2)
    store = open_store(url)
    assert everything(store) == was
    assert backup.check(store) == []
    session = sign_in(store, "ana", clock=Clock())[0]
    assert leads.create(session, "Next") == 4
    store.close()
    assert back.kept is not None and stat.S_IMODE(back.kept.stat().st_mode) == 0o600
    kept = open_store(str(back.kept))
    assert backup.check(kept) == []
    kept.close()


def test_a_backup_of_postgresql_restores_into_sqlite_and_back(filled, postgres, tmp_path):
    was = everything(filled.store)
    backup.backup(filled.store, tmp_path / "safe.db")
    filled.store.close()
    other = str(tmp_path / "folder" / "other.db")
    backup.restore(other, tmp_path / "safe.db", now=NOW)
    store = open_store(other)
    assert everything(store) == was
    assert stat.S_IMODE(os.stat(other).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(tmp_path / "folder").st_mode) == 0o700
    store.close()


def test_another_window_sees_the_restored_store(sqlite_url, tmp_path):
    store = open_store(sqlite_url)
    session = sign_in(store, "ana", clock=Clock())[0]
    leads.create(session, "Old")
    backup.backup(store, tmp_path / "safe.db")
    leads.create(session, "New")
    backup.restore(sqlite_url, tmp_path / "safe.db", now=NOW)
    assert store.rows("SELECT title FROM leads") == [("Old",)]
    leads.create(session, "Newer")
    assert backup.check(store) == []
    store.close()


def test_restore_waits_for_nobody_forever(sqlite_url, tmp_path, monkeypatch):
    monkeypatch.setattr(copies, "BUSY_SECONDS", 0.2)
    store = open_store(sqlite_url)
    backup.backup(store, tmp_path / "safe.db")
    held, done = threading.Event(), threading.Event()

    def hold():
        other = sqlite3.connect(sqlite_url, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        held.set()
        done.wait(30)
        other.close()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(30)
    try:
        with pytest.raises(StoreBusy):
            backup.restore(sqlite_url, tmp_path / "safe.db", now=NOW)
    finally:
        done.set()
        thread.join()
    assert backup.check(store) == []
    store.close()


@pytest.mark.parametrize("kind", ["foreign", "empty", "truncated", "noise", "newer", "absent"])
def test_what_is_no_sound_backup_is_refused_and_nothing_changes(filled, url, tmp_path, kind):
    path = tmp_path / "bad.db"
    backup.backup(filled.store, path)
    was = everything(filled.store)
    data = bytearray(path.read_bytes())
    if kind == "foreign":
        path.write_text("name,phone\n")
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "truncated":
        path.write_bytes(data[: len(data) // 2])
    elif kind == "noise":
        data[len(data) // 3 : len(data) // 3 + 20_000] = os.urandom(20_000)
        path.write_bytes(data)
    elif kind == "newer":
        raw = sqlite3.connect(path)
        raw.execute("UPDATE schema_migration SET name = '9999_later' WHERE id = 1")
        raw.commit()
        raw.close()
    else:
        path.unlink()
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(StoreError):
        backup.restore(url, path, now=NOW, force=True)
    assert everything(filled.store) == was
    assert before == (path.read_bytes() if path.exists() else None)


def test_a_damaged_store_is_replaced_and_moved_aside(sqlite_url, tmp_path):
    store = open_store(sqlite_url)
    leads.create(sign_in(store, "ana", clock=Clock())[0], "Old")
    backup.backup(store, tmp_path / "safe.db")
    store.close()
    with open(sqlite_url, "r+b") as file:
        file.seek(8192)
        file.write(os.urandom(30_000))
    back = backup.restore(sqlite_url, tmp_path / "safe.db", now=NOW)
    assert back.kept is not None and back.kept.exists()
    store = open_store(sqlite_url)
    assert store.rows("SELECT title FROM leads") == [("Old",)]
    store.close()


def test_a_backup_overwrites_only_backups(filled, tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_text("dear")
    with pytest.raises(CrmError, match="something else"):
        backup.backup(filled.store, letter)
    assert letter.read_text() == "dear"
    backup.backup(filled.store, tmp_path / "safe.db")
    assert backup.backup(filled.store, tmp_path / "safe.db").leads == 2
    with pytest.raises(CrmError, match="no folder"):
        backup.backup(filled.store, tmp_path / "no" / "safe.db")
    if filled.store.path:
        with pytest.raises(CrmError, match="the store itself"):
            backup.backup(filled.store, filled.store.path)


FULL_DISK = """
import resource, signal, sys
from tui_crm.core.store import open_store
from tui_crm.core.errors import StoreFull
from tui_crm.core.store import backup
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = open_store(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    backup.backup(store, sys.argv[2])
except StoreFull as error:
    print(error)
    sys.exit(3)
"""


@pytest.mark.parametrize("room", [0, 20_000, 200_000])
def test_a_full_disk_leaves_the_older_backup(sqlite_url, tmp_path, room):
    store = open_store(sqlite_url)
    path = tmp_path / "safe.db"
    backup.backup(store, path)
    before = path.read_bytes()
    store.close()
    ran = subprocess.run(
        [sys.executable, "-c", FULL_DISK, sqlite_url, str(path), str(room)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[3],
    )
    assert ran.returncode == 3, ran.stderr
    assert "was not written" in ran.stdout
    assert path.read_bytes() == before
    assert not list(tmp_path.glob(".safe.db*"))


# -- check ----------------------------------------------------------------------------------------


def test_all_is_well_in_a_store_that_was_used(filled):
    assert backup.check(filled.store) == []


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("UPDATE leads SET next_day = '2026-12-01', next_at = 5 WHERE id = 1", "both a day and"),
        ("UPDATE leads SET status = 'won' WHERE id = 2", "without a closing date"),
        ("UPDATE leads SET status = 'gone' WHERE id = 2", "status that does not exist"),
        (
            "UPDATE leads SET status = 'won', closed_on = '2026-11-23', closed_at = 1,"
            " next_text = 'x' WHERE id = 1",
            "Closed leads with a next action",
        ),
        ("UPDATE leads SET closed_on = '2026-11-23' WHERE id = 1", "Open leads with a closing"),
        (
            "UPDATE leads SET status = 'won', closed_at = 1, closed_on = '2001-01-01' WHERE id = 1",
            "before they were created",
        ),
        ("DELETE FROM lead_text WHERE rowid = 1", "search does not know"),
        ("DELETE FROM history", "without a history"),
        ("UPDATE prospects SET state = 'lost'", "Prospects with a state"),
        ("UPDATE prospects SET tries = 3", "tries"),
        ("UPDATE changes SET name = 'nothing'", "Changes in the journal"),
    ],
)
def test_every_broken_rule_is_a_sentence_with_the_first_row(filled, harm, said):
    with filled.store.transaction():
        filled.store.execute(harm)
    found = backup.check(filled.store)
    assert any(said in sentence and "number" in sentence for sentence in found), found


def test_a_damaged_file_and_open_rights_are_told(sqlite_url):
    store = open_store(sqlite_url)
    os.chmod(sqlite_url, 0o644)
    assert any("600" in sentence for sentence in backup.check(store))
    os.chmod(sqlite_url, 0o600)
    store.execute("PRAGMA foreign_keys = 0")
    store.execute("UPDATE steps SET pipeline_id = 99")
    assert any("damaged" in sentence and "steps" in sentence for sentence in backup.check(store))
    store.close()


# -- every day ------------------------------------------------------------------------------------


def test_once_a_day_a_backup_is_made(sqlite_url):
    store = open_store(sqlite_url)
    today = dt.date(2026, 11, 23)
    made = backup.auto_backup(store, today)
    assert made is not None and made.name == "crm-2026-11-23.db"
    assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700
    assert backup.auto_backup(store, today) is None
    assert backup.auto_backup(store, today + dt.timedelta(days=1)) is not None
    store.close()


def test_old_backups_are_thinned_out_and_others_left_alone(tmp_path):
    today = dt.date(2026, 11, 23)
    for n in range(400):
        (tmp_path / f"crm-{today - dt.timedelta(days=n)}.db").touch()
    for name in ("crm-before-0002.db", "mine.db", "crm-2026-99-99.db"):
        (tmp_path / name).touch()
    backup.thin_out(tmp_path, "crm", today)
    left = sorted(path.name for path in tmp_path.iterdir())
    assert [name for name in left if not name[4:8].isdigit()] == ["crm-before-0002.db", "mine.db"]
    days = [name[4:14] for name in left if name[4:8].isdigit() and "99-99" not in name]
    assert days == [
        "2026-06-30",
        "2026-07-31",
        "2026-08-31",
        "2026-09-30",
        "2026-10-31",  # months
        "2026-11-08",
        "2026-11-15",  # weeks
        "2026-11-17",
        "2026-11-18",
        "2026-11-19",
        "2026-11-20",
        "2026-11-21",
        "2026-11-22",
        "2026-11-23",
    ]


def test_a_new_store_and_postgresql_need_none(store, tmp_path):
    if store.path is None:
        assert backup.auto_backup(store, dt.date(2026, 11, 23)) is None
    else:
        fresh = open_store(str(tmp_path / "fresh.db"))
        assert backup.auto_backup(fresh, dt.date(2026, 11, 23)) is None
        fresh.close()


def test_the_day_s_backup_is_given_up_when_nobody_waits_for_it(sqlite_url):
    """Leaving the program does not wait for it; nothing half done stays, and it is made later."""
    store = open_store(sqlite_url)
    day = dt.date(2026, 11, 23)
    with pytest.raises(StoreError):
        backup.auto_backup(store, day, lambda: True)
    assert list((store.path.parent / "backups").iterdir()) == []
    made = backup.auto_backup(store, day, lambda: False)
    assert made is not None and made.exists()
    store.close()


# -- a disk that is too small ---------------------------------------------------------------------


def _big_enough(url, tmp_path):
    """A store of a few hundred kilobytes, a backup of it with other content, and their digests."""
    store = open_store(url)
    session = sign_in(store, "ana", clock=Clock())[0]
    for n in range(60):
        leads.create(session, f"Lead {n} {'x' * 3000}")
    source = tmp_path / "source.db"
    backup.backup(store, source)
    leads.create(session, "made after the backup")
    store.close()
    return source


def _titles(path):
    with tempfile.TemporaryDirectory() as folder:  # reading needs room of its own
        for ending in ("", "-wal"):
            if os.path.exists(f"{path}{ending}"):
                shutil.copy(f"{path}{ending}", f"{folder}/copy.db{ending}")
        return _read_titles(f"{folder}/copy.db")


def _read_titles(path):
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [row[0] for row in raw.execute("SELECT title FROM leads ORDER BY id")]


@pytest.mark.parametrize("state", ["healthy", "damaged"])
def test_a_restore_on_a_full_disk_leaves_everything_as_it_was(
    sqlite_url, tmp_path, small_disk, state
):
    """Swept through sizes from a few free kilobytes to enough: whatever fails, the store stands
    where it stood, byte for byte when it is damaged, and nothing is left beside it."""
    source = _big_enough(sqlite_url, tmp_path)
    size = Path(sqlite_url).stat().st_size // 1024 + 1
    before = _titles(sqlite_url)
    if state == "damaged":
        raw = bytearray(Path(sqlite_url).read_bytes())
        raw[100_000:104_096] = os.urandom(4096)
        Path(sqlite_url).write_bytes(raw)
    ended = set()
    for room in [*range(0, size + 200, max(40, size // 8)), 2 * size + 100, 4 * size + 400]:
        disk = small_disk(size + 8 + room)
        target = disk / "crm.db"
        shutil.copy(sqlite_url, target)
        whole = target.read_bytes()
        try:
            kept = backup.restore(str(target), source, now=NOW).kept
        except StoreError as error:
            ended.add("refused")
            assert "Nothing was restored" in error.message and "as it was" in error.message
            if state == "damaged":
                assert target.read_bytes() == whole
            else:
                assert _titles(target) == before
            beside = [
                n for n in os.listdir(disk) if n not in ("crm.db", "crm.db-wal", "crm.db-shm")
            ]
            assert beside in ([], ["backups"]) and os.listdir(disk / "backups") == []
        else:
            ended.add("restored")
            assert _titles(target) == before[:-1]
            if state == "damaged":
                assert kept.read_bytes() == whole
            else:
                assert _titles(kept) == before
    assert ended == {"refused", "restored"}


def test_a_store_that_cannot_be_looked_at_is_not_taken_for_damaged(
    sqlite_url, tmp_path, monkeypatch
):
    source = _big_enough(sqlite_url, tmp_path)
    before = _titles(sqlite_url)

    def fails(path, stopped=None):
        if path == Path(sqlite_url):
            raise sqlite3.OperationalError("unable to open database file")
        return []

    monkeypatch.setattr(backup, "damage", fails)
    with pytest.raises(StoreError, match="as it was"):
        backup.restore(sqlite_url, source, now=NOW)
    assert _titles(sqlite_url) == before


def test_when_the_place_cannot_be_taken_the_damaged_store_comes_back(
    sqlite_url, tmp_path, monkeypatch
):
    source = _big_enough(sqlite_url, tmp_path)
    whole = bytearray(Path(sqlite_url).read_bytes())
    whole[100_000:104_096] = os.urandom(4096)
    Path(sqlite_url).write_bytes(whole)
    rename = os.replace
    for failing in range(1, 4):
        count = 0

        def fails(old, new, failing=failing):
            nonlocal count
            count += 1
            if count == failing:
                raise OSError(5, "Input/output error")
            rename(old, new)

        monkeypatch.setattr(os, "replace", fails)
        with pytest.raises(StoreError, match="as it was"):
            backup.restore(sqlite_url, source, now=NOW)
        monkeypatch.setattr(os, "replace", rename)
        assert Path(sqlite_url).read_bytes() == whole
        assert os.listdir(tmp_path / "backups") == []
