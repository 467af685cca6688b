"""The filters of Stats: what suits each report, the filter line read back, filters in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dateutil.relativedelta import relativedelta

from tui_crm.core.dates import periods
from tui_crm.core.reports import Filters, Report
from tui_crm.core.reports.filter_line import parse
from tui_crm.core.reports.lists.segments import COLUMN
from tui_crm.core.session import Session
from tui_crm.core.text import _, fold
from tui_crm.tui.widgets.charts import figures
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.prompt import Echo, EchoRow

CUT = ("company", "activity", "leads", "forecast")  # reports that have a row for each part
TIMELESS = ("ageing", "goals", "now")  # about today, whatever the period
COMPARED = ("company", "team")  # compared with the period before unless the filters say otherwise


def for_report(session: Session, name: str, filters: Filters) -> Filters:
    """The filters that a report is run with: as they are, and what suits the report where they
    leave it open. An empty period is the report's own."""
    return replace(
        filters,
        period=_period(session, name, filters),
        by=_part(session, name, filters),
        compare=comparison(name, filters),
    )


def _period(session: Session, name: str, filters: Filters) -> str:
    if not filters.period and name == "company" and not filters.as_of:
        first = session.today.replace(day=1) - relativedelta(months=5)
        last = session.today.replace(day=1) + relativedelta(months=1, days=-1)
        return f"{first.isoformat()}..{last.isoformat()}"
    return filters.period


def _part(session: Session, name: str, filters: Filters) -> str:
    """What the period is cut into: as the filters say, else what gives a readable number of
    rows."""
    if filters.by in periods.UNITS or (filters.by and name == "lists"):
        return filters.by
    if name not in CUT or not filters.period:
        return "month"
    this = periods.period(filters.period, session.today)
    if this.unit == "all":
        return "quarter"
    for days, part in ((9, "day"), (31, "week"), (550, "month"), (1900, "quarter")):
        if this.days <= days:
            return part
    return "year"


def comparison(name: str, filters: Filters) -> str:
    """What a report is compared with: ``previous``, ``year`` or nothing ("")."""
    if name in TIMELESS:
        return ""
    if filters.compare is not None:
        return filters.compare
    all_time = fold(filters.period) in ("all", "all-time", "ever")
    return "previous" if name in COMPARED and not all_time else ""


def next_comparison(name: str, filters: Filters) -> Filters:
    """The filters with the next comparison: the period before, a year ago, off."""
    following = {"": "previous", "previous": "year", "year": ""}
    return replace(filters, compare=following[comparison(name, filters)])


# -- in words --------------------------------------------------------------------------------------


def echo(session: Session, text: str) -> Echo:
    """The filter line read back while it is typed; Enter is refused while a word makes no
    sense."""
    line = parse(session, text)
    filters = line.filters
    rows = [EchoRow("?", "late", make((problem, "late"))) for problem in line.problems]
    pieces: list[tuple[str, str]] = []
    if filters.period:
        period = periods.period(filters.period, session.today)
        pieces.append((figures.period_words(period), "strong"))
    for label, value in (
        (_("rep"), ", ".join(filters.rep)),
        (_("team"), ", ".join(filters.team)),
        (_("tag"), ", ".join(filters.tag)),
        (_("pipeline"), filters.pipeline),
        (_("list"), filters.list_name),
        (_("by"), filters.by and _(filters.by.removeprefix(COLUMN))),
        (_("as of"), filters.as_of),
    ):
        if value:
            pieces += [("  " if pieces else "", "text"), (f"{label} ", "dim"), (value, "strong")]
    if filters.compare is not None:
        words = {
            "previous": _("against the period before"),
            "year": _("against a year ago"),
            "": _("no comparison"),
        }[filters.compare]
        pieces.append((("  " if pieces else "") + words, "text"))
    if pieces or not rows:
        everything = [(_("everything, in its usual period"), "text")]
        rows.insert(0, EchoRow("=", "won", make(*(pieces or everything))))
    spans = [(start, end, "accent") for start, end in line.spans]
    return Echo(rows, spans, refuse=bool(line.problems))


SUBTITLES: dict[str, Callable[[], str]] = {
    "company": lambda: _("{period}, by {part}"),
    "activity": lambda: _("{period}, by rep"),
    "pipeline": lambda: _("entered in {period}, as of today"),
    "forecast": lambda: _("by expected close, {period}"),
    "hours": lambda: _("reached of calls, {period}, prospect's own time"),
    "team": lambda: _("{period}, by rep"),
    "leads": lambda: _("created in {period}, by {part}"),
    "ageing": lambda: _("open leads, today"),
    "goals": lambda: _("how far, today"),
    "now": lambda: _("what the figures ask for, today"),
}


def subtitle(report: Report) -> str:
    """The words behind the title of a report: its period, its rows, the day it is as of, and the
    names that it is narrowed to."""
    filters = report.filters
    pattern = SUBTITLES.get(report.name, lambda: "{period}")()
    words = pattern.format(period=figures.period_words(report.period), part=_(filters.by))
    if report.name == "lists" and filters.by not in periods.UNITS:
        words += _(", by {part}").format(part=_(filters.by.removeprefix(COLUMN)))
    if filters.as_of:
        words = words.replace(_(", as of today"), "")
        words += _(", as of {day}").format(day=filters.as_of)
    if filters.names:
        words += "   " + "  ".join(filters.names)
    return words
