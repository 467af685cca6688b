"""A command never destroys what it did not make: stores, files of others, devices; and an address
that is none makes no store."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Line, Program

WRITERS = {
    "export": ("export", "leads", "--format", "csv"),
    "workbook": ("export", "leads", "--format", "xlsx"),
    "json": ("export", "actions", "--format", "json"),
    "calendar": ("calendar",),
    "report": ("report", "company", "--format", "md"),
    "report json": ("report", "company", "--format", "json"),
    "blocked": ("blocked", "export", "--format", "csv"),
}


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("name", WRITERS)
def test_no_writer_replaces_a_store(crm: Line, tmp_path: Path, name: str) -> None:
    """Not by its name, by a link, as a hard link, a backup, or what lies beside it."""
    crm.done("add", "Acme: roof")
    store, backup = Path(crm.url), tmp_path / "safe.db"
    crm.done("backup", str(backup))
    link, twin = tmp_path / "link.csv", tmp_path / "twin.csv"
    link.symlink_to(store)
    os.link(store, twin)
    beside = [Path(f"{store}{ending}") for ending in ("-wal", "-shm", "-journal")]
    before = digest(store), digest(backup)
    for target in (store, backup, link, twin, *beside):
        for force in ((), ("--force",)):
            ran = crm(*WRITERS[name], "--out", str(target), *force)
            assert ran.code == 1 and "is a store of tui-crm" in ran.err, (target, ran)
    assert (digest(store), digest(backup)) == before
    crm.done("show", "1")


@pytest.mark.parametrize("name", WRITERS)
def test_a_file_of_somebody_else_is_replaced_only_by_force(
    crm: Line, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "numbers"
    crm.done(*WRITERS[name], "--out", str(path))
    crm.done(*WRITERS[name], "--out", str(path))  # as every morning
    path.write_text("my own")
    ran = crm(*WRITERS[name], "--out", str(path))
    assert ran.code == 1 and "--force" in ran.err
    assert path.read_text() == "my own"
    crm.done(*WRITERS[name], "--out", str(path), "--force")
    assert path.read_bytes() != b"my own"
    assert crm(*WRITERS[name], "--out", "/dev/null").code == 1


@pytest.mark.parametrize("name", ["export", "json", "calendar", "report json", "blocked"])
def test_a_dash_is_stdout(crm: Line, tmp_path: Path, name: str) -> None:
    os.chdir(tmp_path)
    assert crm.done(*WRITERS[name], "--out", "-").raw
    assert not (tmp_path / "-").exists()


def test_a_backup_follows_links_and_leaves_devices_alone(crm: Line, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(tmp_path / "real.db")
    crm.done("backup", str(link))
    assert link.is_symlink() and (tmp_path / "real.db").is_file()
    assert crm("backup", "/dev/null").code == 1
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


ADDRESSES = (
    "PostgreSQL://ana:geheim@localhost/crm",
    "POSTGRES://ana:geheim@localhost/crm",
    " postgresql://ana:geheim@localhost/crm",
    "\tpostgresql://ana:geheim@localhost/crm",
    "postgresql+psycopg://ana:geheim@localhost/crm",
    "postgresql:/ana:geheim@localhost/crm",
    "postgres:ana:geheim@localhost/crm",
    "mysql://ana:geheim@localhost/crm",
    "mariadb+pymysql://ana:geheim@localhost/crm",
    "http://ana:geheim@localhost/crm",
    "sqlite://crm.db",
    "sqlite:crm.db",
    "sqlite3:///crm.db",
    "file:crm.db?mode=rwc",
    "sqlite:///postgresql://ana:geheim@localhost/crm",
    "host=localhost dbname=crm password=geheim",
    "dbname=crm user=ana password='geheim geheim'",
    " password = geheim host=/tmp",
    "service=crm",
    "ana:geheim@localhost/crm",
    "ana:geheim@localhost:5432/crm",
    "~nobody-at-all/crm.db",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_is_none_of_ours_makes_nothing(
    crm: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    backup = tmp_path / "safe.db"
    crm.done("backup", str(backup))
    for command in (["leads"], ["status"], ["restore", str(backup)], ["check"], ["demo"]):
        ran = crm("--db", address, *command, *(["--no-open"] if command == ["demo"] else []))
        assert ran.code == 1, (command, ran)
        assert "geheim" not in ran.err and ran.err.strip()
    assert os.listdir(folder) == []


@pytest.mark.parametrize("name", ["a=b.db", "host.db", "x/user=1.db", "it's 5:30.db", "é ü.db"])
def test_odd_names_of_files_are_files(
    crm: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    crm.done("--db", name, "add", "Acme")
    assert (tmp_path / name).is_file()


SLIPS: dict[str, tuple[str, ...]] = {
    "bytes in a title": ("add", "he\udcffllo"),
    "bytes in a note": ("log", "1", "call", "--note", "\udce9t\udce9"),
    "bytes in a filter": ("leads", "\udcff"),
    "bytes in a command": ("\udcff",),
    "bytes in a user": ("--user", "an\udcff", "leads"),
    "bytes in a file": ("import", "\udcff.csv", "--leads"),
    "home of an export": ("export", "leads", "--out", "~nobody-at-all/x.csv"),
    "home of a backup": ("backup", "~nobody-at-all/x.db"),
    "home of a restore": ("restore", "~nobody-at-all/x.db"),
    "home of an import": ("import", "~nobody-at-all/x.csv", "--leads"),
    "bracket": ("--db", "postgresql://[::1/x", "leads"),
    "port": ("--db", "postgresql://h:notaport/x", "leads"),
    "port too large": ("--db", "postgresql://h:99999/x", "leads"),
    "option": ("--db", "postgresql://localhost/x?nothing=1", "leads"),
    "no address": ("--db", "postgresql://", "leads"),
    "percent": ("--db", "postgresql://%zz@localhost/x", "leads"),
    "bracket, status": ("--db", "postgresql://[::1/x", "status"),
    "port, status": ("--db", "postgresql://h:notaport/x", "status"),
    "too large a number": ("leads", "amount>" + "9" * 40),
    "too large a probability": ("leads", "probability>" + "9" * 40),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_one_sentence_and_no_bug_of_ours(program: Program, name: str) -> None:
    program("add", "Acme")
    ran = program(*SLIPS[name])
    assert ran.code in (0, 1, 2), ran
    assert "went wrong in tui-crm itself" not in ran.err
    assert "Traceback" not in ran.err


def test_a_byte_that_is_no_text_is_kept_as_a_sign(program: Program) -> None:
    assert program("add", "caf\udce9").code == 0
    assert "caf\ufffd" in program("show", "1").out


@pytest.mark.parametrize("form", ["xlsx", "csv", "json"])
@pytest.mark.parametrize("full", ["the file", "what is written meanwhile"])
def test_an_export_on_a_full_disk_is_one_sentence(
    program: Program, small_disk: Callable[[int], Path], tmp_path: Path, form: str, full: str
) -> None:
    for title in ("Acme", "Beta"):
        program("add", f"{title} {'long ' * 4000}")
    disk = small_disk(16)
    out = (disk if full == "the file" else tmp_path) / f"leads.{form}"
    ran = program("export", "leads", "--out", str(out), TMPDIR=str(disk))
    assert ran.code == (1 if full == "the file" or not out.exists() else 0)
    assert "went wrong in tui-crm itself" not in ran.err and "Traceback" not in ran.err
    assert ran.code == 0 or not out.exists()
    assert ran.code == 0 or "was not written" in ran.err or "No space left" in ran.err, ran
