"""Ageing: the open leads of each step, and those older than a won lead takes."""

from __future__ import annotations

from tui_crm.core.reports.types import Row
from tui_crm.core.text import _
from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.charts import figures
from tui_crm.tui.widgets.charts.ledger import BarColumn, FigureColumn, Ledger, label_of, notes
from tui_crm.tui.widgets.charts.page import ChartData, PageBuilder
from tui_crm.tui.widgets.lines import Line


def ageing(page: PageBuilder, data: ChartData) -> None:
    """Open leads by step, the older ones in the colour of a warning."""
    report = data.report
    peak = max((row["open"] for row in report.rows), default=0)

    def bar(values: Row, width: int) -> Line:
        older = values["older"] or 0
        return bars.stacked(((values["open"] - older, "accent"), (older, "due")), peak, width)

    page.spacer()
    columns = (
        FigureColumn("open", token="strong"),
        FigureColumn("amount", drop=2),
        FigureColumn("median_age_days", drop=1),
        FigureColumn("older", drop=3),
        FigureColumn("older_amount", drop=4),
    )
    label = label_of("step", _("step"))
    Ledger(page, report, label, columns, BarColumn("open", bar, drop=6)).draw(total=_("sum"))
    drawn = glyphs.active()
    page.spacer()
    page.add(
        figures.legend(
            (drawn.block * 2, "accent", _("within the won cycle")),
            (drawn.heavy * 2, "due", _("older")),
        ),
        optional=True,
    )
    notes(page, report)
