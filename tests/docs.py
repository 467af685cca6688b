"""The parts of the documentation that come from the source.

``python -m tests.docs`` writes them anew; ``python -m tests.docs --check`` exits 1 and names the
stale ones. They are: the key table (docs/keys.md and a part of the README), the commands
(docs/commands.md) and the definitions of the reports (docs/figures.md).
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tui_crm.cli import docs as commands
from tui_crm.core.calling import answer_rates
from tui_crm.core.reports import registry
from tui_crm.core.reports.lists import by_column, by_script, page as list_page, segments
from tui_crm.core.reports.now import report as now_report
from tui_crm.core.reports.registry import names
from tui_crm.core.reports.types import Column
from tui_crm.core.store import open_store
from tui_crm.core.team.sign_in import sign_in
from tui_crm.core.text import use_language
from tui_crm.tui import keys

ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- keys: made by python -m tests.docs -->", "<!-- end of keys -->"


def key_table(group: str, where: tuple[str, ...] | None = None) -> list[str]:
    """The rows of the key table of a group, or of those that act on these screens alone, as a
    Markdown table."""
    rows = ["| key | does | id |", "|---|---|---|"]
    for row in keys.TABLE:
        if row.group == group and where in (None, row.where):
            shown = " ".join(f"`{keys.SHOWN.get(k, k)}`" for k in row.keys.split(","))
            says = row.says.replace("|", "\\|")
            rows.append(f"| {shown} | {says} | {row.id} |")
    return rows


def keys_page() -> str:
    """docs/keys.md."""
    lines = [
        "# Keys",
        "",
        "CAPITALS GO, small letters DO, digits CHOOSE. Any key can be remapped by",
        'its id in the table `[keys]` of `config.toml`: `"do.call" = "b"`.',
        "",
    ]
    for group, name in keys.GROUPS.items():
        if group != "here":
            lines += [f"## {name}", "", *key_table(group), ""]
    # A letter that means another thing on another screen stands in a table of that screen.
    for where in dict.fromkeys(row.where for row in keys.TABLE if row.group == "here"):
        lines += [f"## In {', '.join(where)}", "", *key_table("here", where), ""]
    lines += ["## What acts where", "", "| screen | keys |", "|---|---|"]
    for screen in keys.HINTS:
        shown = " ".join(f"`{row.shown}`" for row in keys.here(screen) if row.group != "move")
        lines.append(f"| {screen} | {shown} |")
    return "\n".join(lines) + "\n"


def readme() -> str:
    """The README with its key table made anew."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    head, _begin, rest = text.partition(BEGIN)
    _old, _end, tail = rest.partition(END)
    table = ["| | |", "|---|---|"]
    for group, name in keys.GROUPS.items():
        here = [row for row in keys.TABLE if row.group == group]
        if group == "here":
            continue
        shown = ", ".join(f"`{row.shown}` {row.word}" for row in here)
        table.append(f"| **{name}** | {shown} |")
    return head + BEGIN + "\n" + "\n".join(table) + "\n" + END + tail


def figures_page() -> str:
    """docs/figures.md: what each report tells and how each of its figures is computed."""
    lines = [
        "# Figures",
        "",
        "Every figure of the Stats screen and of `tui-crm report`, and what it",
        "means. The sentences stand with the code of each report; Enter on a figure shows them",
        "on screen, `tui-crm report NAME --explain` in the shell.",
        "",
    ]
    for info in names():
        lines += [
            f"## {info.title} (`{info.name}`)",
            "",
            info.sentence,
            "",
            "| figure | formula |",
            "|---|---|",
        ]
        for label, sentence in definitions(info.name):
            lines.append(f"| {label} | {sentence} |".replace("\n", " "))
        lines.append("")
        for title, more in further(info.name):
            lines += [title, "", "| figure | formula |", "|---|---|"]
            lines += [f"| {label} | {sentence} |" for label, sentence in more]
            lines.append("")
    return "\n".join(lines)


def definitions(name: str) -> list[tuple[str, str]]:
    """The figures of a report and their formulas, as the report itself says them on an empty
    store; its further tables' behind them."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(str(Path(folder) / "empty.db"))
        at = datetime(2026, 11, 23, 9, tzinfo=UTC)
        session, _said = sign_in(store, "ana", clock=lambda: at)
        report = registry.run(session, name)
        store.close()
    found = []
    for table in report.parts:
        found += [
            (column.label, table.formulas[column.key])
            for column in table.columns
            if column.key in table.formulas
        ]
        # What belongs to no column is the rule of a row: of a finding.
        columns = {column.key for column in table.columns}
        found += [
            (now_report.RULES[key].title() if key in now_report.RULES else key, words)
            for key, words in table.formulas.items()
            if key not in columns
        ]
    return found


def further(name: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """What else a report can have for its rows, and on which page; with the formulas of that."""
    if name != "lists":
        return []
    figures = [(c.label, c.key) for c in (Column("rows", "rows", "count"), *segments.columns())]

    def said(formulas: dict[str, str]) -> list[tuple[str, str]]:
        return [(label, formulas[key]) for label, key in figures if key in formulas]

    hours = list_page.answer_formulas()
    return [
        (
            "By the wording of the script and the answers opened (`--by script`):",
            said(by_script.formulas()),
        ),
        (
            "By the values of a column (`--list NAME --by COLUMN`), also on the page of the list:",
            said(by_column.formulas()),
        ),
        (
            "When people answer, on the page of the list:",
            [
                ("calls", hours["calls"]),
                ("reached", hours["reached"]),
                ("reached rate", hours["reached_rate"]),
                ("order", answer_rates.formula()),
            ],
        ),
    ]


PAGES: dict[str, Callable[[], str]] = {
    "docs/keys.md": keys_page,
    "docs/commands.md": commands.reference,
    "docs/figures.md": figures_page,
    "README.md": readme,
}


def stale() -> list[str]:
    """The pages that differ from what the source says."""
    use_language("en")
    return [
        name
        for name, make in PAGES.items()
        if not (ROOT / name).exists() or (ROOT / name).read_text(encoding="utf-8") != make()
    ]


def main() -> int:
    """Write the pages, or check them."""
    wrong = stale()
    if "--check" in sys.argv:
        for name in wrong:
            print(f"{name} is stale: python -m tests.docs")
        return 1 if wrong else 0
    for name in wrong:
        (ROOT / name).write_text(PAGES[name](), encoding="utf-8")
        print(f"{name} written")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
