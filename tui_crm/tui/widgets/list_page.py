"""ListPageView: the page of a prospect list, with a cursor on its figures."""

from __future__ import annotations

from dataclasses import replace

from tui_crm.core.reports.types import Report
from tui_crm.tui.widgets.charts import list_page
from tui_crm.tui.widgets.charts.list_page import ListShown
from tui_crm.tui.widgets.charts.page import Figure, Page, RenderContext, Shown
from tui_crm.tui.widgets.charts.view import ReportView


class ListPageView(ReportView):
    """A `ReportView` of several reports under one another, as `ListShown` brings them."""

    def drawn(self, shown: Shown, look: RenderContext) -> Page:
        return list_page.draw(shown, look) if isinstance(shown, ListShown) else Page()

    def source(self, shown: Shown, figure: Figure) -> tuple[Report, Figure]:
        if not isinstance(shown, ListShown):
            return shown.report, figure
        return shown.part(figure.part), replace(figure, part=0)
