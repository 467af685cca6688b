"""A damaged page is noticed on the first opening of a day, wherever it lies; nothing is written to
such a store until a backup has been restored."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import Clock
from tui_crm.core.errors import StoreError
from tui_crm.core.leads import leads
from tui_crm.core.store import backup, daily_check, open_store
from tui_crm.core.team.sign_in import sign_in


@pytest.fixture
def used(sqlite_url, tmp_path):
    """A store with some pages in every table, at rest, and a backup of it."""
    store = open_store(sqlite_url)
    session = sign_in(store, "ana", clock=Clock())[0]
    for n in range(80):
        leads.create(session, f"Lead {n}", description="words " * 200, contact=f"Person {n}")
    backup.backup(store, tmp_path / "safe.db")
    store.close()
    with closing(sqlite3.connect(sqlite_url)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    marker(sqlite_url).unlink()
    return sqlite_url


def marker(url: str) -> Path:
    return Path(url).with_name(f".{Path(url).name}.checked")


def break_page(url: str, of: float) -> None:
    """Overwrite a page that is in use, at this part of the file."""
    raw = bytearray(Path(url).read_bytes())
    pages = len(raw) // 4096
    page = 1 + int(of * (pages - 2))
    raw[page * 4096 : (page + 1) * 4096] = os.urandom(4096)
    Path(url).write_bytes(raw)


@pytest.mark.parametrize("of", [n / 10 for n in range(10)])
def test_a_damaged_page_is_noticed_and_nothing_more_is_written(used, of):
    break_page(used, of)
    before = Path(used).read_bytes()
    for _opening in range(2):
        try:
            store = open_store(used)
        except StoreError as error:  # what has to be read to open it
            assert "damaged" in error.message
            continue
        with pytest.raises(StoreError, match="is damaged"), store.transaction():
            raise AssertionError("it was written to")
        store.close()
    assert Path(used).read_bytes() == before


def test_it_is_looked_at_once_a_day(used, monkeypatch):
    open_store(used).close()
    assert marker(used).read_text().endswith(" sound\n")
    assert stat.S_IMODE(marker(used).stat().st_mode) == 0o600
    looked = []
    monkeypatch.setattr(daily_check, "_check", lambda *args: looked.append(args))
    open_store(used).close()
    assert not looked
    marker(used).write_text("2001-01-01 sound\n")
    open_store(used).close()
    assert len(looked) == 1


def test_a_large_store_is_looked_at_in_the_background(used, monkeypatch):
    monkeypatch.setattr(daily_check, "AT_ONCE", 0)
    break_page(used, 0.8)
    store = open_store(used)
    for _look in range(10_000):
        if store.is_damaged:
            break
        store.value("SELECT 1")
    with pytest.raises(StoreError, match="is damaged"), store.transaction():
        pass
    store.close()


def test_a_malformed_answer_makes_it_read_only(used):
    open_store(used).close()
    for n in range(30, 95):  # on a day on which it was checked already
        break_page(used, n / 100)
    with pytest.raises(StoreError, match="is damaged"):
        store = open_store(used)
        for table in ("leads", "history", "changes", "entries", "contacts"):
            store.rows(f"SELECT * FROM {table} NOT INDEXED")
    assert marker(used).read_text().endswith(" damaged\n")
    with pytest.raises(StoreError, match="is damaged"), open_store(used).transaction():
        pass


def test_a_restore_ends_it(used, tmp_path):
    import datetime as dt

    break_page(used, 0.6)
    store = open_store(used)
    assert store.is_damaged
    store.close()
    backup.restore(used, tmp_path / "safe.db", now=dt.datetime(2026, 11, 23, 9, 12))
    store = open_store(used)
    leads.create(sign_in(store, "ana", clock=Clock())[0], "again")
    store.close()
