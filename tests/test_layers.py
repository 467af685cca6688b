"""Who may import whom: read from the source, and seen in a running process."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import tui_crm

ROOT = Path(tui_crm.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))

ORDER = (
    ("tui_crm.__main__",),
    ("tui_crm.cli",),
    ("tui_crm.demo",),
    ("tui_crm.tui.app",),
    ("tui_crm.tui.screens",),
    ("tui_crm.tui.header_cache", "tui_crm.tui.crm"),
    ("tui_crm.tui.widgets",),
    ("tui_crm.tui",),
    ("tui_crm.settings",),
    ("tui_crm.core.exchange",),
    ("tui_crm.core.reports",),
    ("tui_crm.core.calling",),
    ("tui_crm.core.leads", "tui_crm.core.lists"),
    (
        "tui_crm.core.feed",
        "tui_crm.core.search",
        "tui_crm.core.drafts",
        "tui_crm.core.saved_views",
        "tui_crm.core.pulse",
        "tui_crm.core.suggestions",
        "tui_crm.core.privacy",
        "tui_crm.core.team",
    ),
    ("tui_crm.core.session",),
    ("tui_crm.core.setup",),
    ("tui_crm.core.store", "tui_crm.core.dates"),
    ("tui_crm.core", "tui_crm"),
)
"""The house from the roof down: nothing imports from a line above its own. A module belongs to the
first line that names it or a package around it."""


def module(path: Path) -> str:
    """``tui_crm.core.text`` for its file, ``tui_crm.core`` for the ``__init__`` of the folder."""
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def nodes_that_run(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but those that only a type checker reads."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for other in node.orelse:
                yield from (other, *nodes_that_run(other))
            continue
        yield node
        yield from nodes_that_run(node)


@cache
def imports(path: Path) -> frozenset[str]:
    """Every module that a file imports, those inside functions too."""
    found: set[str] = set()
    for node in nodes_that_run(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


@cache
def house() -> dict[str, frozenset[str]]:
    """Each module with those of ours that it imports. ``from package import module`` counts as
    the module, not as the package, which only holds it."""
    modules = {module(path): path for path in FILES}
    found = {}
    for name, path in modules.items():
        ours = {other for other in imports(path) if other in modules and other != name}
        inner = {o for o in ours if any(i != o and i.startswith(f"{o}.") for i in ours)}
        found[name] = frozenset(ours - inner)
    return found


def floor(name: str) -> int:
    """The line of ``ORDER`` that a module stands on."""
    return next(
        n
        for n, line in enumerate(ORDER)
        if any(name == part or name.startswith(f"{part}.") for part in line)
    )


def circles(graph: dict[str, frozenset[str]]) -> list[list[str]]:
    """Groups of modules each of which imports, round some corner, every other."""
    below: dict[str, set[str]] = {}
    for start in graph:
        seen: set[str] = set()
        waiting = list(graph[start])
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting += graph[name]
        below[start] = seen
    groups = {
        tuple(sorted(n for n in below[name] if name in below[n]))
        for name in graph
        if name in below[name]
    }
    return [list(group) for group in sorted(groups)]


def test_no_files_import_each_other():
    assert circles(house()) == []


def test_nothing_imports_upwards():
    upwards = [
        f"{name} imports {other}"
        for name, others in house().items()
        for other in others
        if floor(other) < floor(name)
    ]
    assert sorted(upwards) == []


def test_a_circle_is_named_by_its_files():
    graph = {
        "a": frozenset({"b"}),
        "b": frozenset({"c"}),
        "c": frozenset({"a"}),
        "d": frozenset({"a"}),
    }
    assert circles(graph) == [["a", "b", "c"]]


def under(folder: str) -> list[Path]:
    return [path for path in FILES if path.is_relative_to(ROOT / folder)]


def offenders(folder: str, *forbidden: str) -> list[str]:
    bad = []
    for path in under(folder):
        name = str(path.relative_to(ROOT))
        for found in imports(path):
            if any(found == f or found.startswith(f + ".") for f in forbidden):
                bad.append(f"{name} imports {found}")
    return sorted(bad)


def test_core_knows_no_screen_and_no_command_line():
    assert not offenders(
        "core", "textual", "rich", "click", "tui_crm.tui", "tui_crm.cli", "tui_crm.settings"
    )


def test_only_core_imports_peewee():
    assert not offenders("tui", "peewee", "playhouse", "tui_crm.core.store.tables")
    assert not offenders("cli", "peewee", "playhouse", "tui_crm.core.store.tables")


def test_widgets_know_no_screens_and_no_operations():
    assert not offenders(
        "tui/widgets", "tui_crm.tui.screens", "tui_crm.tui.app", "tui_crm.core.store"
    )


STORE_CALLS = {
    "each",
    "execute",
    "execute_many",
    "execute_sql",
    "fetch",
    "fetch_all",
    "insert_rows",
    "read",
    "rows",
    "select",
    "value",
}
SQL = re.compile(r"\b(SELECT\b.+\bFROM|INSERT\s+INTO|UPDATE\b.+\bSET|DELETE\s+FROM)\b", re.S)


def test_the_faces_ask_core_and_not_the_store():
    """No SQL in the screens and the commands: what they show is a view of `core`, and what they
    change an operation. Only `status`, which must not wait for Peewee, hands its reader on."""
    bad = []
    for path in (*under("tui"), *under("cli")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            where = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Attribute) and node.attr in STORE_CALLS:
                owner = ast.unparse(node.value)
                if owner == "store" or owner.endswith(".store"):
                    bad.append(where)
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                bad += [where] if SQL.search(node.value) else []
    assert [b for b in bad if not b.startswith("cli/status.py")] == []


def test_no_engine_outside_the_store():
    bad = []
    for path in FILES:
        if path.is_relative_to(ROOT / "core" / "store"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr == "engine":
                bad.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert bad == []


def test_no_call_gives_more_than_eight_values_by_position():
    """The parts of a table (``Option(…)``, ``Field(…)``, ``YES``) do not count: they are a list,
    and their order is what one sees."""
    bad = []
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                values = [arg for arg in node.args if not ast.unparse(arg)[:1].isupper()]
                if len(values) > 8:
                    bad.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert bad == []


def run(code: str, *args: str) -> set[str]:
    """The modules that are loaded after ``code`` ran in a fresh process."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{code}\nimport sys\nprint('\\n'.join(sys.modules), file=sys.stderr)",
            *args,
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.split())


@pytest.mark.parametrize(
    "module", ["peewee", "click", "textual", "rich", "phonenumbers", "dataclasses"]
)
def test_status_is_answered_before_anything_else_is_imported(sqlite_url, module):
    code = (
        "import sys; sys.argv = ['tui-crm', '--db', sys.argv[1], '--user', 'ana', 'status']\n"
        "from tui_crm.__main__ import main\n"
        "try: main()\nexcept SystemExit: pass"
    )
    assert module not in run(code, sqlite_url)


@pytest.mark.parametrize(
    "module", ["textual", "psycopg", "phonenumbers", "icalendar", "xlsxwriter"]
)
def test_a_command_imports_only_what_it_needs(sqlite_url, module):
    code = (
        "import sys; sys.argv = ['tui-crm', '--db', sys.argv[1], '--user', 'ana', 'today']\n"
        "from tui_crm.__main__ import main\n"
        "try: main()\nexcept SystemExit: pass"
    )
    assert module not in run(code, sqlite_url)
