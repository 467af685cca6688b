"""Files are written whole or not at all, and for their owner only."""

from __future__ import annotations

import errno
import os
import socket
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tui_crm.core import files
from tui_crm.core.errors import CrmError


def test_a_new_file_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 250)  # near the longest name that a folder takes
    path.write_text("old")
    was = os.umask(0)
    try:
        assert files.save(path, lambda file: file.write(b"new")) == 3
    finally:
        os.umask(was)
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_breaks_leaves_the_old_file_alone(tmp_path: Path, error: BaseException) -> None:
    path = tmp_path / "x.csv"
    path.write_text("old")
    with (
        pytest.raises(type(error)),
        files.write_atomically(path) as part,
    ):
        part.write_text("half")
        raise error
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["x.csv"]


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CrmError, match=r"x\.csv was not written: No such file") as refused:
        files.save(tmp_path / "no" / "x.csv", lambda file: file.write(b""))
    assert refused.value.hint == "Choose another folder, or make room, and try again."


# -- what a file may be written over --------------------------------------------------------------


def put(path: Path, words: bytes = b"a,b\n1,2\n", replace: bool = False) -> None:
    files.save(path, lambda file: file.write(words), replace=replace)


def test_a_link_is_followed_and_stays_one(tmp_path: Path) -> None:
    real, link, dangling = tmp_path / "real.csv", tmp_path / "link.csv", tmp_path / "to-be.csv"
    link.symlink_to(real)
    dangling.symlink_to("made.csv")
    put(link)
    put(dangling)
    assert link.is_symlink() and real.read_bytes() == b"a,b\n1,2\n"
    assert dangling.is_symlink() and (tmp_path / "made.csv").is_file()


def test_a_pipe_is_written_into(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as pool:
        read = pool.submit(pipe.read_bytes)
        put(pipe)
        assert read.result(10) == b"a,b\n1,2\n"
    assert pipe.is_fifo()


def test_devices_folders_and_sockets_are_refused(tmp_path: Path) -> None:
    address = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(address))
        link = tmp_path / "null"
        link.symlink_to("/dev/null")
        for path in (Path("/dev/null"), link, address, tmp_path):
            for replace in (False, True):
                with pytest.raises(CrmError, match=r"no ordinary file|is a folder"):
                    put(path, replace=replace)
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


@pytest.mark.parametrize("marks", [True, False])
def test_only_what_an_export_made_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, marks: bool
) -> None:
    """Also on a file system that takes no marks: there the first line decides."""
    if not marks:

        def none(*_args: object) -> None:
            raise OSError(errno.ENOTSUP, "no marks here")

        monkeypatch.setattr(os, "setxattr", none)
        monkeypatch.setattr(os, "getxattr", none)
    path = tmp_path / "leads.csv"
    put(path)
    put(path, b"a,b\n3,4\n")
    assert path.read_bytes() == b"a,b\n3,4\n"
    path.write_text("my own notes\n")
    with pytest.raises(CrmError, match="no export made it") as refused:
        put(path)
    assert "--force" in refused.value.hint
    assert path.read_text() == "my own notes\n"
    put(path, replace=True)
    assert path.read_bytes() == b"a,b\n1,2\n"
    assert os.listdir(tmp_path) == ["leads.csv"]
    (tmp_path / "empty.csv").touch()
    put(tmp_path / "empty.csv")


def test_an_export_that_somebody_worked_on_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    put(path)
    if not files._is_export(path):
        pytest.skip("this file system takes no marks")
    with path.open("ab") as file:
        file.write(b"5,6\n")
    with pytest.raises(CrmError, match="no export made it"):
        put(path)


def test_a_home_folder_that_does_not_exist_is_said(tmp_path: Path) -> None:
    with pytest.raises(CrmError, match="no home folder ~nobody-at-all"):
        put(Path("~nobody-at-all/x.csv"))


# -- what killed writers leave --------------------------------------------------------------------


def test_what_a_killed_writer_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    mine = files.part_name("a.csv")
    left = mine.replace(f"-{os.getpid()}.", f"-{gone.pid}.")
    other = f".a.csv.00000000-{gone.pid}."  # another machine's
    names = [f"{left}x1new", f"{left}x1new-wal", f"{left}new-journal"]
    kept = [f"{mine}x2new", f"{other}x3new", ".hidden.new", "a.csv", f".a.{gone.pid}.news", ".new"]
    for name in (*names, *kept, f"{other}oldnew"):
        (tmp_path / name).touch()
    os.utime(tmp_path / f"{other}oldnew", (0, 0))
    files.sweep(str(tmp_path))
    assert sorted(os.listdir(tmp_path)) == sorted(kept)


def test_all_folders_that_are_made_are_the_owner_s_alone(tmp_path: Path) -> None:
    was = os.umask(0)
    try:
        files.make_folder(str(tmp_path / "a" / "b" / "c"))
    finally:
        os.umask(was)
    for name in ("a", "a/b", "a/b/c"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o700
    files.make_folder(str(tmp_path / "a" / "b"))
