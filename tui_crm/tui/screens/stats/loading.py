"""What a page of figures reads from the store: a report with what is shown beside it, and the
details of a figure. Everything here runs in a background job."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from tui_crm.core import money, reports
from tui_crm.core.dates import periods
from tui_crm.core.dates.labels import short_day
from tui_crm.core.errors import CrmError
from tui_crm.core.leads import actions, views as lead_views
from tui_crm.core.leads.views import LeadView
from tui_crm.core.reports import DrillDown, Filters, drill_down, goals
from tui_crm.core.session import Session
from tui_crm.core.setup import outcomes
from tui_crm.core.text import _, fold
from tui_crm.tui.screens.stats.filters import comparison, for_report
from tui_crm.tui.widgets.charts import ChartData, figures
from tui_crm.tui.widgets.charts.details import FigureDetails, FirstRow

SPARK_DAYS = 92  # days of a period up to which its weekdays are told apart
FIRST_ROWS = 11  # rows behind a figure that are shown under it
LARGE = 100_000  # actions in a store from which on first numbers are counted first
SLOW = ("activity", "hours", "pipeline")  # reports that go through more rows than leads have
FIRST_DAYS = 31  # days of a period that those count first: the last ones


def load_report(
    session: Session, name: str, filters: Filters
) -> Iterator[tuple[Filters, ChartData]]:
    """A report with what its page shows beside it, each time with the filters that it answers: in
    a large store the last days first, then without comparison, last all of it. Raises CrmError."""
    if actions.newest(session) >= LARGE and not filters.as_of:
        last_days = _last_days(session, name, filters)
        if last_days is not None:
            yield last_days, ChartData(_run(session, name, last_days))
        if comparison(name, filters):
            alone = replace(filters, compare="")
            yield alone, ChartData(_run(session, name, alone))
    yield filters, _with_extras(session, name, filters)


def _run(session: Session, name: str, filters: Filters) -> reports.Report:
    return reports.run(session, name, for_report(session, name, filters))


def _last_days(session: Session, name: str, filters: Filters) -> Filters | None:
    """The same filters over the last days of the period alone, where that is much quicker."""
    suited = for_report(session, name, filters)
    if name not in SLOW or not suited.period:
        return None
    last = session.today
    if not fold(suited.period).startswith("all"):
        period = periods.period(suited.period, last)
        last = min(period.last, last)
        if (last - period.first).days < 2 * FIRST_DAYS:
            return None
    first = last - timedelta(days=FIRST_DAYS - 1)
    days = f"{first.isoformat()}..{last.isoformat()}"
    return replace(filters, period=days, compare="", by=suited.by)


def _with_extras(session: Session, name: str, filters: Filters) -> ChartData:
    suited = for_report(session, name, filters)
    alone = replace(suited, compare="")
    try:
        report = reports.run(session, name, suited)
    except CrmError:
        if not suited.compare:
            raise
        report = reports.run(session, name, alone)  # a period with nothing before it
    if name == "company":
        return ChartData(report, weeks=reports.run(session, name, replace(alone, by="week")))
    if name == "activity":
        digits = {o.label: o.digit for o in outcomes.all_outcomes(session.store, "call")}
        days = None
        if report.period.days <= SPARK_DAYS:
            days = reports.run(session, name, replace(alone, by="day"))
        return ChartData(report, days=days, digits={o: d for o, d in digits.items() if d})
    narrowed = filters.tag or filters.pipeline or filters.list_name or filters.as_of
    if name == "forecast" and not narrowed:
        return ChartData(report, goal=goals.money_goal(session, suited))
    return ChartData(report)


def details_of(session: Session, opened: DrillDown) -> FigureDetails:
    """An opened figure with the first of its rows as they are shown."""
    return FigureDetails(opened, tuple(_first_rows(session, opened)))


def _first_rows(session: Session, opened: DrillDown) -> list[FirstRow]:
    today = session.today
    if opened.actions:
        return [
            FirstRow(
                number=short_day(line.at.date(), today, False),
                title=line.title,
                figure=figures.label_of(line.kind),
                word=line.outcome,
                token="won" if line.reached else "dim",
            )
            for line in drill_down.actions(session, opened.actions[:FIRST_ROWS])
        ]
    if opened.prospects:
        return [
            FirstRow(str(line.line), line.title, "", line.outcome or line.list)
            for line in drill_down.prospects(session, opened.prospects[:FIRST_ROWS])
        ]
    rows = []
    for lead in lead_views.by_numbers(session, opened.leads[:FIRST_ROWS]):
        amount = figures.nothing()
        if lead.amount is not None:
            amount = money.compact(lead.amount, session.currency)
        word, token = _word(lead, today)
        rows.append(
            FirstRow(
                number=f"#{lead.number}", title=lead.title, figure=amount, word=word, token=token
            )
        )
    return rows


def _word(lead: LeadView, today: date) -> tuple[str, str]:
    """What became of a lead, or its step and when it is to close; with its token."""
    if lead.closed is not None:
        return f"{_(lead.status)} {short_day(lead.closed, today, False)}", "dim"
    close = lead.expected_close
    if close is not None:
        token = "late" if close < today else "dim"
        return f"{lead.step} {lead.probability}%, {short_day(close, today, False)}", token
    return f"{lead.step} {lead.probability}%", "dim"
