"""Leads: what became of the leads created in each part of a period (the cohorts)."""

from __future__ import annotations

from tui_crm.core.reports.types import Row
from tui_crm.core.text import _
from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets import bars
from tui_crm.tui.widgets.charts import figures
from tui_crm.tui.widgets.charts.ledger import (
    BarColumn,
    FigureColumn,
    Label,
    LabelColumn,
    Ledger,
    notes,
)
from tui_crm.tui.widgets.charts.page import ChartData, PageBuilder
from tui_crm.tui.widgets.lines import Line


def cohorts(page: PageBuilder, data: ChartData) -> None:
    """Won, still open, closed without a win, for each cohort."""
    report = data.report
    several = figures.several_years(report.keys)
    peak = max((row["created"] for row in report.rows), default=0)

    def label(key: str, values: Row) -> Label:
        young = bool(values["young"]) and bool(values["created"])
        return Label(figures.row_label(key, page.context.today, several), marked=young)

    def bar(values: Row, width: int) -> Line:
        parts = (
            (values["won"], "won"),
            (values["open"], "accent"),
            (values["lost"] + values["cancelled"], "dim"),
        )
        return bars.stacked(parts, peak, width, rest=False)

    columns = (
        FigureColumn("created", token="strong"),
        FigureColumn("won"),
        FigureColumn("open", drop=4),
        FigureColumn("lost", drop=5),
        FigureColumn("cancelled", drop=6, token="dim"),
        FigureColumn("win_rate"),
    )
    Ledger(
        page,
        report,
        LabelColumn(_("created in"), label),
        columns,
        BarColumn("created", bar, drop=7),
    ).draw(total=_("sum"))
    drawn = glyphs.active()
    page.spacer()
    page.add(
        figures.legend(
            (drawn.block * 2, "won", _("won")),
            (drawn.heavy * 2, "accent", _("open")),
            (drawn.rule * 2, "dim", _("lost or cancelled")),
            ("~", "due", _("young")),
        )
    )
    notes(page, report)
