"""Reasons: why leads were lost, and why they were cancelled."""

from __future__ import annotations

from tui_crm.core.text import _
from tui_crm.tui.widgets.charts.ledger import FigureColumn, bar_of, draw_groups, label_of
from tui_crm.tui.widgets.charts.page import ChartData, PageBuilder


def reasons(page: PageBuilder, data: ChartData) -> None:
    """Lost and cancelled apart, the most frequent reason first."""
    columns = (FigureColumn("count", token="strong"), FigureColumn("amount"))
    label = label_of("reason", _("reason"))
    draw_groups(page, data.report, "status", label, columns, bar_of(data.report, "count", "dim"))
