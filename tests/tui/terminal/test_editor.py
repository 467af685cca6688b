"""A text of several lines goes to the user's own editor and comes back clean."""

from __future__ import annotations

import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.driver import driving
from tests.tui.conftest import Crm
from tui_crm.core.errors import CrmError
from tui_crm.tui.terminal.editor import edit_text, editor


def program(tmp_path: Path, monkeypatch: Any, code: str) -> Path:
    """An editor that does what ``code`` says to the file ``f``; it notes the file's place and
    mode beside it."""
    told = tmp_path / "told"
    script = tmp_path / "my editor.py"
    script.write_text(
        "import os, sys\nf = sys.argv[-1]\n"
        f"open({str(told)!r}, 'w').write(f'{{f}} {{os.stat(f).st_mode:o}} {{sys.argv[1:-1]}}')\n"
        f"{code}\n"
    )
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"'{sys.executable}' '{script}' -w '$(touch {tmp_path}/ran)'")
    return told


async def edited(crm: Crm, text: str) -> str | None:
    async with driving(crm.app()) as d:
        return edit_text(d.app, text)


async def test_what_was_written_comes_back_clean(
    empty: Crm, tmp_path: Path, monkeypatch: Any
) -> None:
    told = program(
        tmp_path, monkeypatch, "open(f, 'ab').write('[1] não\\x1b[2J\\r\\n\\n'.encode())"
    )
    assert await edited(empty, "Hello") == "Hello\n[1] não�[2J"
    place, mode, flags = told.read_text().split(" ", 2)
    assert stat.S_IMODE(int(mode, 8)) == 0o600
    assert not Path(place).parent.exists(), "nothing is left of it"
    assert "$(touch" in flags and not (tmp_path / "ran").exists(), "no shell reads the command"


async def test_left_as_it_was_is_no_change(empty: Crm, tmp_path: Path, monkeypatch: Any) -> None:
    program(tmp_path, monkeypatch, "")
    assert await edited(empty, "Hello\n\nyou") is None


async def test_everything_deleted_is_a_change(empty: Crm, tmp_path: Path, monkeypatch: Any) -> None:
    program(tmp_path, monkeypatch, "open(f, 'w').close()")
    assert await edited(empty, "Hello") == ""


async def test_an_editor_that_gives_up_changes_nothing(
    empty: Crm, tmp_path: Path, monkeypatch: Any
) -> None:
    told = program(tmp_path, monkeypatch, "open(f, 'w').write('half'); sys.exit(4)")
    with pytest.raises(CrmError, match="ended with code 4; nothing was changed"):
        await edited(empty, "Hello")
    assert not Path(told.read_text().split()[0]).exists()


async def test_an_editor_that_is_not_there_is_said(empty: Crm, monkeypatch: Any) -> None:
    monkeypatch.setenv("VISUAL", "no-such-editor --wait")
    with pytest.raises(CrmError, match="no-such-editor did not start"):
        await edited(empty, "Hello")


def test_which_editor(monkeypatch: Any) -> None:
    assert editor({"VISUAL": "code --wait", "EDITOR": "vi"}) == ["code", "--wait"]
    assert editor({"VISUAL": " ", "EDITOR": "vi"}) == ["vi"]
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CrmError, match="There is no editor"):
        editor({"EDITOR": "'unfinished"})
