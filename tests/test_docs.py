"""The documentation that comes from the source is fresh, and the README says what is true."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from tests import docs

ROOT = Path(__file__).parents[1]


def test_generated_pages_are_fresh():
    assert docs.stale() == []


def test_every_link_in_the_documents_leads_somewhere():
    for name in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
            assert (ROOT / target).exists(), f"{name} links to {target}"


def test_the_readme_s_commands_exist():
    """Each `tui-crm …` line in a code block names a command that there is."""
    from tui_crm.cli.docs import every_command

    known = {path.split()[0] for path, _command in every_command()}
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for block in re.findall(r"```sh\n(.*?)```", text, re.S):
        for line in block.splitlines():
            words = shlex.split(line, comments=True)
            if words[:1] == ["tui-crm"]:
                names = [w for w in words[1:] if not w.startswith("-") and "://" not in w]
                assert not names or names[0] in known, line


def test_the_project_speaks_only_of_itself():
    """No machine paths and no registry hosts in what is committed."""
    import subprocess

    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    words = re.compile(r"/(?:root|opt|work)/|pypi\.org")
    bad = []
    for name in listed:
        path = ROOT / name
        if path.suffix in (".py", ".md", ".toml", ".tcss", "") and path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            bad += [f"{name}: {found.group()}" for found in words.finditer(text)]
    assert [b for b in bad if not b.startswith("tests/test_docs.py")] == []
