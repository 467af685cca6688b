"""Files are written whole or not at all, and for their owner only."""

from __future__ import annotations

import os
import stat
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
