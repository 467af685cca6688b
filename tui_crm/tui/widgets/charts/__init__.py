"""Reports as pages: one drawing for each report, a table for any other.

page = charts.draw(Shown(report), look)
page.lines, page.figure(spot)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tui_crm.core.text import _
from tui_crm.tui.widgets.charts import activity, closings, forecast, hours, now, others, pipeline
from tui_crm.tui.widgets.charts.page import (
    CursorPosition,
    Figure,
    FocusRow,
    Page,
    PageBuilder,
    RenderContext,
    Shown,
)
from tui_crm.tui.widgets.lines import make

DRAWINGS: Mapping[str, Callable[[PageBuilder, Shown], None]] = {
    "company": closings.company,
    "team": closings.team,
    "leads": closings.cohorts,
    "activity": activity.activity,
    "pipeline": pipeline.funnel,
    "forecast": forecast.forecast,
    "hours": hours.hours,
    "lists": others.lists,
    "goals": others.goals,
    "reasons": others.reasons,
    "sources": others.sources,
    "ageing": others.ageing,
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


def draw(shown: Shown, look: RenderContext) -> Page:
    """The page of a report, fitted to the height of ``look``."""
    body = PageBuilder(look)
    report = shown.report
    if report.rows:
        DRAWINGS.get(report.name, others.plain)(body, shown)
    else:
        body.spacer()
        body.add(make((EMPTY.get(report.name, lambda: _("Nothing in this period."))(), "text")))
        body.add(*(make((note, "dim")) for note in report.notes))
    return body.page(look.height)


__all__ = [
    "DRAWINGS",
    "CursorPosition",
    "Figure",
    "FocusRow",
    "Page",
    "RenderContext",
    "Shown",
    "draw",
]
