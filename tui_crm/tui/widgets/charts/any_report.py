"""The drawing of a report without its own: all of its tables, column by column."""

from __future__ import annotations

from tui_crm.core.text import _
from tui_crm.tui.widgets.charts.ledger import FigureColumn, Ledger, bar_of, label_of, notes
from tui_crm.tui.widgets.charts.page import ChartData, PageBuilder


def any_report(page: PageBuilder, data: ChartData) -> None:
    """The columns in their order, a bar behind the first money, else the first count."""
    for part, report in enumerate(data.report.parts):
        # Without a column of words the first one names the rows: the number of a lead.
        texts = [c for c in report.columns if c.unit == "text"] or [*report.columns[:1]]
        rest = [c for c in report.columns if c.unit not in ("text", "flag") and c not in texts]
        if not texts or not rest:
            continue
        units = [column.unit for column in rest]
        unit = next((unit for unit in ("money", "count") if unit in units), None)
        chosen = rest[units.index(unit)] if unit is not None else None
        columns = [FigureColumn(c.key, drop=20 + place) for place, c in enumerate(texts[1:])]
        columns += [
            FigureColumn(c.key, drop=place, token="strong" if c is chosen else "text")
            for place, c in enumerate(rest)
        ]
        page.spacer()
        Ledger(
            page,
            report,
            label_of(texts[0].key, texts[0].label),
            columns,
            bar_of(report, chosen.key) if chosen is not None else None,
            part=part,
            sized_by_total=len(report.rows) > 1,
        ).draw(total=_("all") if len(report.rows) > 1 else None)
    notes(page, data.report)
