"""What now: the findings as plain sentences, each a row that opens what to act on.

The count stands first and strong, then the money, the words, and dim the sample they come from.
"""

from __future__ import annotations

from tui_crm.core import money
from tui_crm.core.reports.types import Row
from tui_crm.core.text import width as width_of
from tui_crm.tui.widgets.charts.ledger import name_of, notes
from tui_crm.tui.widgets.charts.page import (
    ChartData,
    Figure,
    FigureCell,
    PageBuilder,
    Part,
    flowed,
)
from tui_crm.tui.widgets.lines import Line, Run, cell

NARROW = 50  # columns under which the money and the sample go
MOST_LINES, LONGEST = 4, 6  # of one sentence; where the page scrolls anyway


def now(page: PageBuilder, data: ChartData) -> None:
    """A sentence for each finding, the most urgent first."""
    report, context = data.report, page.context
    narrow = page.width < NARROW
    counts = [f"{row['leads']:,}" for row in report.rows]
    sums = [
        money.compact(row["at_stake"], context.currency) if row["at_stake"] and not narrow else ""
        for row in report.rows
    ]
    first, second = max(map(width_of, counts)), max(map(width_of, sums))
    start = first + 2 + (second + 2 if second else 0)
    sentences: list[list[Line]] = []
    # A sentence is cut only where not all would be in sight.
    for most in range(LONGEST if narrow else MOST_LINES, 1, -1):
        sentences = [_sentence(row, page.width - start, most, narrow) for row in report.rows]
        if narrow or sum(map(len, sentences)) <= context.height:
            break
    page.spacer()
    for place, (key, values) in enumerate(zip(report.keys, report.rows, strict=True)):
        figure = Figure(
            part=0, rows=(key,), column="leads", where=str(values["finding"]), value=values["leads"]
        )
        line: list[Part] = [
            FigureCell(
                column="leads", figure=figure, text=counts[place], token="strong", width=first
            ),
            Run("  "),
        ]
        if second:
            line += [cell(sums[place], second, "text", "right"), Run("  ")]
        head, *rest = sentences[place]
        more = [(Run(" " * start), *words) for words in rest]
        page.row(name_of(0, key), [*line, *head], *more)
        if not narrow:
            page.spacer()
    notes(page, report)


def _sentence(values: Row, width: int, most: int, narrow: bool) -> list[Line]:
    pieces = [(str(values["sentence"]), "text")]
    if not narrow:
        pieces.append((f"  {values['sample']}", "dim"))
    return flowed(pieces, max(width, 8), most)
