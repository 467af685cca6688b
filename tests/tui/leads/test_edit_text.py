"""`ctrl+e`: leads and rows in the editor, the differences in a sheet, one undo."""

from __future__ import annotations

import sys

import pytest


@pytest.fixture
def edits(tmp_path, monkeypatch):
    """Let the editor do what the code says to the text ``t``."""

    def does(code: str) -> None:
        script = tmp_path / "editor.py"
        script.write_text(
            f"import sys\nf = sys.argv[-1]\nt = open(f).read()\n{code}\nopen(f, 'w').write(t)\n"
        )
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.setenv("EDITOR", f"'{sys.executable}' '{script}'")

    return does


async def test_marked_leads_are_edited_as_text_and_one_undo_takes_it_back(crm, edits):
    edits("t = t.replace('Amount: ', 'Amount: 1')")
    async with crm.driving((80, 24), "L", "comma", "2", "g", "space", "space", "ctrl+e") as d:
        assert d.shows("── edit as text 2 leads: amount 2")
        assert d.shows("Amount  54000 > 154000") and d.shows("Enter apply")
        await d.press("enter")
        assert d.shows("Edited") and d.shows("2 leads: amount 2")
        assert crm.lead("lind").amount == 15_400_000 and not d.app.screen.marks
        await d.press("u")
        assert crm.lead("lind").amount == 5_400_000 and crm.lead("ruiz").amount == 4_000_000


async def test_a_text_that_cannot_be_read_is_gone_on_with(crm, edits):
    edits("t = t.replace('Amount: 12400', 'Amount: lots')")
    async with crm.driving((80, 24), "ctrl+e") as d:
        assert d.shows("1 line cannot be read") and d.shows("Amount: “lots” is not an amount")
        edits("assert '#! Amount' in t; t = t.replace('Amount: lots', 'Amount: 13k')")
        await d.press("enter")
        assert d.shows("1 lead: amount 1") and d.shows("12400 > 13k")
        edits("")
        await d.press("e")  # and on, once more
        assert d.shows("1 lead: amount 1")
        await d.press("escape")
        assert d.shows("Dropped") and crm.lead("acme").amount == 1_240_000


async def test_what_a_colleague_changed_while_the_editor_was_open_is_shown(crm, edits):
    """The colleague writes from the command line, with the same command."""
    theirs = "['edit', '1', '--from', '-']"
    edits(
        "import subprocess\n"
        f"ben = [sys.executable, '-m', 'tui_crm', '--db', {crm.path!r}, '--user', 'ben']\n"
        "theirs = t.replace('Amount: 12400', 'Amount: 0.99')\n"
        f"subprocess.run([*ben, *{theirs}], input=theirs, text=True, check=True)\n"
        "t = t.replace('Amount: 12400', 'Amount: 13000').replace('Source: ', 'Source: fair')"
    )
    async with crm.driving((80, 24), "ctrl+e") as d:
        assert d.shows("Amount  meanwhile 0.99  yours 13000"), str(d)
        assert d.shows("Source  – > fair") and d.shows("Enter apply the others")
        await d.press("enter")
        assert crm.lead("acme").source == "fair" and crm.lead("acme").amount == 99
    edits("t = t.replace('Amount: 0.99', 'Amount: 13000')")
    async with crm.driving((80, 24), "ctrl+e", "enter"):
        assert crm.lead("acme").amount == 1_300_000
