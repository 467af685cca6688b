"""What now: the findings as plain sentences, each a row that opens what to act on.

The count stands first and strong, then the money, the words, and dim the sample they come from.
"""

from __future__ import annotations

from typing import Any

from tui_crm.core import money
from tui_crm.core.text import width as width_of
from tui_crm.tui.widgets.charts.page import Figure, PageBuilder, Shown, flowed
from tui_crm.tui.widgets.charts.table import name_of, notes
from tui_crm.tui.widgets.lines import Line, Run, cell

NARROW = 50  # columns under which the money and the sample go
MOST_ROWS, LONGEST = 4, 6  # of one sentence; where the page scrolls anyway


def _flow(values: dict[str, Any], width: int, rows: int, narrow: bool) -> list[Line]:
    pieces = [(str(values["sentence"]), "text")]
    if not narrow:
        pieces.append((f"  {values['sample']}", "dim"))
    return flowed(pieces, max(width, 8), rows)


def now(body: PageBuilder, shown: Shown) -> None:
    """A sentence for each finding, the most urgent first."""
    report, look = shown.report, body.look
    narrow = body.width < NARROW
    counts = {key: f"{row['leads']:,}" for key, row in zip(report.keys, report.rows, strict=True)}
    sums = {
        key: money.compact(row["at_stake"], look.currency) if row["at_stake"] and not narrow else ""
        for key, row in zip(report.keys, report.rows, strict=True)
    }
    first = max(width_of(text) for text in counts.values())
    second = max(width_of(text) for text in sums.values())
    head = first + 2 + (second + 2 if second else 0)
    flows: list[list[Line]] = []
    for rows in range(
        LONGEST if narrow else MOST_ROWS, 1, -1
    ):  # a sentence is cut only where not all would be in sight
        flows = [_flow(values, body.width - head, rows, narrow) for values in report.rows]
        if narrow or sum(map(len, flows)) <= look.height:
            break
    body.spacer()
    for key, values, lines in zip(report.keys, report.rows, flows, strict=True):
        where = str(values["finding"])

        def draw(hot: str, key: str = key, line: Line = lines[0]) -> Line:
            start: Line = (
                cell(counts[key], first, "key" if hot else "strong", "right"),
                Run("  ", "text"),
            )
            if second:
                start += (cell(sums[key], second, "text", "right"), Run("  ", "text"))
            return (*start, *line)

        body.stop(
            name_of(0, key), [("leads", Figure(0, (key,), "leads", where, values["leads"]))], draw
        )
        body.add(*((Run(" " * head, "text"), *line) for line in lines[1:]))
        if not narrow:
            body.spacer()
    notes(body, report)
