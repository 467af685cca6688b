"""All reports, and the two ways in: run one, open one of its figures."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tui_crm.core.dates import periods
from tui_crm.core.dates.periods import Period
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.reports import forecast
from tui_crm.core.reports.closings import small_note
from tui_crm.core.reports.filters import Filters
from tui_crm.core.reports.question import Question, resolve
from tui_crm.core.reports.types import TOTAL, DrillDown, Report, ReportInfo, Table
from tui_crm.core.session import Session
from tui_crm.core.text import _, clean, fold

NOT_RUNNING = (
    "goals",
    "ageing",
    "now",
    "forecast",
    "score",
)  # a running period means nothing to them


@dataclass(frozen=True)
class _Definition:
    """``period`` is the usual one, in the words of a user or made of today. ``cuts`` says whether
    the rows can be something else than parts of the period."""

    digit: int | None
    title: Callable[[], str]
    sentence: Callable[[], str]
    period: str | Callable[[date], str]
    cuts: bool = False
    parts: bool = False  # its rows are parts of the period: days, weeks, months …


# A new report is a file with compute(question) -> Table, and its line here.
_REPORTS: dict[str, _Definition] = {
    "company": _Definition(
        digit=1,
        title=lambda: _("Company"),
        sentence=lambda: _("What was created, won and lost, period by period."),
        period="this-month",
        parts=True,
    ),
    "activity": _Definition(
        digit=2,
        title=lambda: _("Activity"),
        sentence=lambda: _("What was done, by rep, kind and outcome, and who was reached."),
        period="this-month",
        parts=True,
    ),
    "pipeline": _Definition(
        digit=3,
        title=lambda: _("Pipeline"),
        sentence=lambda: _("Who entered each step, went on, stayed or was lost there."),
        period="this-quarter",
    ),
    "forecast": _Definition(
        digit=4,
        title=lambda: _("Forecast"),
        sentence=lambda: _("What is won and what is expected when, weighted."),
        period=forecast.default_period,
        parts=True,
    ),
    "hours": _Definition(
        digit=5,
        title=lambda: _("Hours"),
        sentence=lambda: _("When people answer, by weekday and hour."),
        period="last-90d",
    ),
    "team": _Definition(
        digit=6,
        title=lambda: _("Team"),
        sentence=lambda: _("The figures of the company, by rep."),
        period="this-month",
    ),
    "leads": _Definition(
        digit=7,
        title=lambda: _("Leads"),
        sentence=lambda: _("What became of the leads created in a period."),
        period="this-year",
        parts=True,
    ),
    "lists": _Definition(
        digit=8,
        title=lambda: _("Lists"),
        sentence=lambda: _("What each prospect list brought."),
        period="all",
        cuts=True,
    ),
    "goals": _Definition(
        digit=9,
        title=lambda: _("Goals"),
        sentence=lambda: _("How far the goals are, and what it takes from here."),
        period="today",
    ),
    "now": _Definition(
        digit=None,
        title=lambda: _("What now"),
        sentence=lambda: _(
            "What the figures ask for: at most seven findings, each with what to act on."
        ),
        period="today",
    ),
    "reasons": _Definition(
        digit=None,
        title=lambda: _("Reasons"),
        sentence=lambda: _("Why leads were lost or cancelled."),
        period="this-year",
    ),
    "sources": _Definition(
        digit=None,
        title=lambda: _("Sources"),
        sentence=lambda: _("What the tags of each category brought."),
        period="this-year",
    ),
    "ageing": _Definition(
        digit=None,
        title=lambda: _("Ageing"),
        sentence=lambda: _("How old the open leads are, against the won cycle."),
        period="today",
    ),
    "velocity": _Definition(
        digit=None,
        title=lambda: _("Velocity"),
        sentence=lambda: _("The money a day the open leads are worth."),
        period="last-12m",
    ),
    "touchpoints": _Definition(
        digit=None,
        title=lambda: _("Touchpoints"),
        sentence=lambda: _("How many actions a win took."),
        period="this-year",
    ),
    "dashboard": _Definition(
        digit=0,
        title=lambda: _("Dashboard"),
        sentence=lambda: _("The company at a glance: what is open, what was won, why it was lost."),
        period="last-365d",
    ),
    "clients": _Definition(
        digit=None,
        title=lambda: _("Clients"),
        sentence=lambda: _("What each client brought, and how long it is silent."),
        period="all",
    ),
    "roi": _Definition(
        digit=None,
        title=lambda: _("Return"),
        sentence=lambda: _("What sources and lists cost and brought."),
        period="this-year",
    ),
    "score": _Definition(
        digit=None,
        title=lambda: _("Score"),
        sentence=lambda: _("The chance of each open lead to be won, and why."),
        period="today",
    ),
    "emails": _Definition(
        digit=None,
        title=lambda: _("E-mails"),
        sentence=lambda: _("How many were sent, answered and came back."),
        period="this-month",
        parts=True,
    ),
    "meetings": _Definition(
        digit=None,
        title=lambda: _("Meetings"),
        sentence=lambda: _("How many were held, not held and moved."),
        period="this-month",
        parts=True,
    ),
    "process": _Definition(
        digit=None,
        title=lambda: _("Process"),
        sentence=lambda: _("Leads that came by themselves, were looked for, were qualified."),
        period="this-year",
        parts=True,
    ),
}


def names() -> list[ReportInfo]:
    """All reports in the order of the menu."""
    return [
        ReportInfo(name, definition.digit, definition.title(), definition.sentence())
        for name, definition in _REPORTS.items()
    ]


@dataclass(frozen=True)
class ComputedReport:
    """A report and the table it was made of: its figures open without computing it again."""

    report: Report
    table: Table

    def open(self, rows: Sequence[str], column: str, part: int = 0) -> DrillDown:
        """A figure of a row, or of several added up (`Table.open`). Raises NotFound."""
        return self.table.open(self.report.name, rows, column, part)


def run(session: Session, name: str, filters: Filters = Filters()) -> Report:
    """The report of that name, by month where ``filters.by`` is empty.

    With a comparison ``Report.before`` is the same over the period before, or the same one a year
    ago; a running period is compared with as many days of it. Raises NotFound for an unknown
    report, user, team, tag, pipeline or list, CrmError for what is no period, part, comparison or
    past day."""
    return compute(session, name, filters).report


def compute(session: Session, name: str, filters: Filters = Filters()) -> ComputedReport:
    """`run`, with what the figures were counted from."""
    question = question_of(session, name, filters)
    table = _table(name, question)
    report = report_of(name, question, table)
    if not filters.compare:
        return ComputedReport(report, table)
    if filters.compare not in ("previous", "year"):
        raise CrmError(
            _("“{typed}” is nothing to compare with.").format(
                typed=clean(filters.compare, single_line=True)[:40]
            ),
            _("Compare with previous or year."),
        )
    earlier = question.over(period_before(question, filters.compare))
    note = _("Compared with {label}.").format(label=earlier.period.label)
    before = report_of(name, earlier, _table(name, earlier))
    return ComputedReport(replace(report, notes=(*report.notes, note), before=before), table)


def open_figure(
    session: Session,
    name: str,
    rows: str | Sequence[str],
    column: str,
    filters: Filters = Filters(),
    *,
    part: int = 0,
) -> DrillDown:
    """One figure of a report, opened: the rows of the store behind it, its formula, what was left
    out.

    ``rows`` is one of ``Report.keys`` or ``"total"``, or several keys to add up; ``part`` 1 is the
    first further table; ``filters`` are those the report was run with. Raises NotFound for a row or
    a column that the report has not, else as `run`."""
    keys = (rows,) if isinstance(rows, str) else tuple(rows)
    question = question_of(session, name, filters)
    table = _table(name, question, keys[0] if len(keys) == 1 else TOTAL)
    return table.open(name, keys, column, part)


def period_before(question: Question, compare: str) -> Period:
    """The period to compare with. While the period of the question is running, only as many days
    of it as are gone."""
    this = question.period
    other = periods.previous(this) if compare == "previous" else periods.same_a_year_ago(this)
    if periods.running(this, question.today):
        return periods.cut(other, periods.elapsed(this, question.today))
    return other


def question_of(session: Session, name: str, filters: Filters) -> Question:
    """The question that a report answers: its usual period and part where the filters have none.
    Raises as `run`."""
    definition = _definition(name)
    usual = definition.period
    words = filters.period or (usual if isinstance(usual, str) else usual(session.today))
    by = filters.by or "month"
    unit, cut = fold(by), ""
    if unit not in periods.UNITS:
        unit, cut = ("month", by.strip()) if definition.cuts and unit else (by, "")
    periods.of(session.today, unit)  # refuses an unknown part
    return resolve(session, replace(filters, period=words, by=unit), cut)


def refuse_by(name: str, by: str) -> None:
    """Raise CrmError where rows by ``by`` mean nothing to a report, naming those that take it."""
    definition, unit = _definition(name), fold(by)
    if definition.parts or (definition.cuts and unit not in periods.UNITS):
        return
    if definition.cuts:
        raise CrmError(
            _("By {unit} means nothing to the report {name}.").format(unit=unit, name=fold(name)),
            _("It takes --by script, and with --list NAME a column of that list."),
        )
    is_unit = unit in periods.UNITS
    takers = [n for n, one in _REPORTS.items() if (one.parts if is_unit else one.cuts)]
    raise CrmError(
        _("By {unit} means nothing to the report {name}.").format(
            unit=clean(by, single_line=True).strip()[:40], name=fold(name)
        ),
        _("Reports that take --by: {names}.").format(names=", ".join(takers)),
    )


def _definition(name: str) -> _Definition:
    definition = _REPORTS.get(fold(name))
    if definition is None:
        raise NotFound(
            _("There is no report {name}.").format(name=clean(name, single_line=True)[:40]),
            _("Reports: {names}.").format(names=", ".join(_REPORTS)),
        )
    return definition


def _table(name: str, question: Question, row: str = TOTAL) -> Table:
    """All of a report; of What now, when it is about one row, only the finding of that row."""
    module = importlib.import_module(f"tui_crm.core.reports.{fold(name)}")
    table: Table = (
        module.compute(question, row)
        if fold(name) == "now" and row != TOTAL
        else module.compute(question)
    )
    return table


def report_of(name: str, question: Question, table: Table) -> Report:
    """The values of a table as the report of that name."""
    rows = table.keyed_rows()
    small = frozenset(
        (row, column)
        for row, cells in (*rows.items(), (TOTAL, table.totals))
        for column, cell in cells.items()
        if cell.is_small
    )
    notes = list(table.notes)
    period = question.period
    runs = periods.running(period, question.today) and period.unit != "all"
    if runs and name not in NOT_RUNNING:
        notes.append(
            _("{label} runs until {day}.").format(label=period.label, day=period.last.isoformat())
        )
    if small:
        notes.append(small_note())
    # What the first table says holds for the others: they add nothing of their own.
    more = tuple(
        replace(report_of(name, question, part), notes=tuple(part.notes)) for part in table.more
    )
    return Report(
        name=fold(name),
        title=_definition(name).title(),
        period=period,
        filters=question.filters,
        columns=table.columns,
        keys=tuple(rows),
        rows=tuple({c.key: cells[c.key].value for c in table.columns} for cells in rows.values()),
        totals={c.key: table.totals[c.key].value for c in table.columns},
        notes=tuple(notes),
        formulas=dict(table.formulas),
        small=small,
        more=more,
        table=table.name,
    )
