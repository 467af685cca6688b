"""Who may import whom: read from the source, and seen in a running process."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import tui_crm

ROOT = Path(tui_crm.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Every module that a file imports, those inside functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def under(folder: str) -> list[Path]:
    return [path for path in FILES if path.is_relative_to(ROOT / folder)]


def offenders(folder: str, *forbidden: str, but: tuple[str, ...] = ()) -> list[str]:
    bad = []
    for path in under(folder):
        name = str(path.relative_to(ROOT))
        if name in but:
            continue
        for module in imports(path):
            if any(module == f or module.startswith(f + ".") for f in forbidden):
                bad.append(f"{name} imports {module}")
    return sorted(bad)


def test_core_knows_no_screen_and_no_command_line():
    assert not offenders("core", "textual", "rich", "click", "tui_crm.tui", "tui_crm.cli",
                         "tui_crm.settings")  # fmt: skip


def test_only_core_imports_peewee():
    assert not offenders("tui", "peewee", "playhouse", "tui_crm.core.store.tables")
    assert not offenders("cli", "peewee", "playhouse", "tui_crm.core.store.tables")


def test_the_store_knows_no_work():
    assert not [
        line for line in offenders("core/store", "tui_crm.core")
        if " imports tui_crm.core.store" not in line and not any(
            line.partition(" imports ")[2].startswith(f"tui_crm.core.{name}")
            for name in ("errors", "text"))
    ]  # fmt: skip


def test_widgets_know_no_screens_and_no_operations():
    assert not offenders("tui/widgets", "tui_crm.tui.screens", "tui_crm.tui.app",
                         "tui_crm.core.store")  # fmt: skip


def test_screens_write_through_one_door():
    """No screen touches the store's own writes; operations go through `app.perform`."""
    bad = []
    for path in under("tui"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in (
                "execute", "execute_many", "insert_rows", "execute_sql", "rows", "value", "each"
            ):  # fmt: skip
                base = node.value
                if isinstance(base, ast.Attribute) and base.attr == "store":
                    bad.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    # The header's figures are plain SQL of core.pulse, which is handed the question asker.
    assert [b for b in bad if not b.startswith("tui/standing.py")] == []


def test_no_engine_outside_the_store():
    bad = []
    for folder in ("core/calling", "core/leads", "core/lists", "core/reports", "core/exchange", "tui", "cli"):
        for path in under(folder):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and node.attr == "engine":
                    bad.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert bad == []


def run(code: str, *args: str) -> set[str]:
    """The modules that are loaded after ``code`` ran in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint('\\n'.join(sys.modules), file=sys.stderr)",
         *args],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(done.stderr.split())


@pytest.mark.parametrize("module", ["peewee", "click", "textual", "rich", "phonenumbers",
                                    "dataclasses"])  # fmt: skip
def test_status_is_answered_before_anything_else_is_imported(sqlite_url, module):
    code = (
        "import sys; sys.argv = ['tui-crm', '--db', sys.argv[1], '--user', 'ana', 'status']\n"
        "from tui_crm.__main__ import main\n"
        "try: main()\nexcept SystemExit: pass"
    )
    assert module not in run(code, sqlite_url)


@pytest.mark.parametrize("module", ["textual", "psycopg", "phonenumbers", "icalendar", "xlsxwriter"])
def test_a_command_imports_only_what_it_needs(sqlite_url, module):
    code = (
        "import sys; sys.argv = ['tui-crm', '--db', sys.argv[1], '--user', 'ana', 'today']\n"
        "from tui_crm.__main__ import main\n"
        "try: main()\nexcept SystemExit: pass"
    )
    assert module not in run(code, sqlite_url)
