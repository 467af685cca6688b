"""Reports as pages: one drawing for each report, a table for any other.

page = charts.draw(ChartData(report), context)
page.lines, page.figure(cursor)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tui_crm.core.text import _
from tui_crm.tui.widgets.charts import (
    activity,
    ageing,
    any_report,
    closings,
    dashboard,
    forecast,
    goals,
    hours,
    leads,
    lists,
    now,
    pipeline,
    reasons,
    sources,
)
from tui_crm.tui.widgets.charts.page import (
    ChartData,
    CursorPosition,
    Figure,
    FocusRow,
    Page,
    PageBuilder,
    RenderContext,
)
from tui_crm.tui.widgets.lines import make

DRAWINGS: Mapping[str, Callable[[PageBuilder, ChartData], None]] = {
    "dashboard": dashboard.dashboard,
    "company": closings.company,
    "team": closings.team,
    "leads": leads.cohorts,
    "activity": activity.activity,
    "pipeline": pipeline.funnel,
    "forecast": forecast.forecast,
    "hours": hours.hours,
    "lists": lists.lists,
    "goals": goals.goals,
    "reasons": reasons.reasons,
    "sources": sources.sources,
    "ageing": ageing.ageing,
    "now": now.now,
}

EMPTY: Mapping[str, Callable[[], str]] = {
    "activity": lambda: _("Nothing was logged in this period; c on a lead logs a call."),
    "hours": lambda: _("No calls in this period; C starts a session."),
    "lists": lambda: _("No prospect lists yet; C and then I imports one."),
    "goals": lambda: _("No goals yet; : and goals sets them."),
    "reasons": lambda: _("Nothing was lost or cancelled in this period."),
    "sources": lambda: _("No tags with a category yet; tui-crm tags sets them."),
    "ageing": lambda: _("No open leads."),
    "now": lambda: _("Nothing stands out."),
    "touchpoints": lambda: _("Nothing was won in this period."),
}


def draw(data: ChartData, context: RenderContext) -> Page:
    """The page of a report, fitted to the height of ``context``."""
    page = PageBuilder(context)
    report = data.report
    if report.rows:
        DRAWINGS.get(report.name, any_report.any_report)(page, data)
    else:
        page.spacer()
        page.add(make((EMPTY.get(report.name, lambda: _("Nothing in this period."))(), "text")))
        page.add(*(make((note, "dim")) for note in report.notes))
    return page.build()


__all__ = [
    "DRAWINGS",
    "ChartData",
    "CursorPosition",
    "Figure",
    "FocusRow",
    "Page",
    "RenderContext",
    "draw",
]
