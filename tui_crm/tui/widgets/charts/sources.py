"""Sources: the tags of each category, with the leads created and won."""

from __future__ import annotations

from tui_crm.core.text import _
from tui_crm.tui.widgets.charts.ledger import FigureColumn, bar_of, draw_groups, label_of
from tui_crm.tui.widgets.charts.page import ChartData, PageBuilder


def sources(page: PageBuilder, data: ChartData) -> None:
    """A table for each category of tags."""
    columns = (
        FigureColumn("created"),
        FigureColumn("won"),
        FigureColumn("won_amount", drop=2, token="strong"),
        FigureColumn("average_won", drop=4),
        FigureColumn("win_rate", drop=3),
    )
    label = label_of("tag", _("tag"))
    bar = bar_of(data.report, "won_amount", "won")
    draw_groups(page, data.report, "category", label, columns, bar)
