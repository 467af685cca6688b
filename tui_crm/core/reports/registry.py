"""All reports, and the two ways in: run one, open one of its figures."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from tui_crm.core.dates import periods
from tui_crm.core.dates.periods import Period
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.reports.closings import small_note
from tui_crm.core.reports.question import Question, ask
from tui_crm.core.reports.types import TOTAL, Cell, Cells, Opened, Report, ReportInfo, Table
from tui_crm.core.session import Session
from tui_crm.core.text import _, clean, fold


@dataclass(frozen=True)
class _Entry:
    digit: int | None
    title: Callable[[], str]
    sentence: Callable[[], str]
    period: str  # what it is asked over when nothing is said; "" asks the report
    cuts: bool = False  # whether its rows can be something else than parts of the period


# A new report is a file with compute(question) -> Table, and its line here.
_REPORTS: dict[str, _Entry] = {
    "company": _Entry(
        1,
        lambda: _("Company"),
        lambda: _("What was created, won and lost, period by period."),
        "this-month",
    ),
    "activity": _Entry(
        2,
        lambda: _("Activity"),
        lambda: _("What was done, by rep, kind and outcome, and who was reached."),
        "this-month",
    ),
    "pipeline": _Entry(
        3,
        lambda: _("Pipeline"),
        lambda: _("Who entered each step, went on, stayed or was lost there."),
        "this-quarter",
    ),
    "forecast": _Entry(
        4, lambda: _("Forecast"), lambda: _("What is won and what is expected when, weighted."), ""
    ),
    "hours": _Entry(
        5, lambda: _("Hours"), lambda: _("When people answer, by weekday and hour."), "last-90d"
    ),
    "team": _Entry(
        6, lambda: _("Team"), lambda: _("The figures of the company, by rep."), "this-month"
    ),
    "leads": _Entry(
        7,
        lambda: _("Leads"),
        lambda: _("What became of the leads created in a period."),
        "this-year",
    ),
    "lists": _Entry(
        8, lambda: _("Lists"), lambda: _("What each prospect list brought."), "all", cuts=True
    ),
    "goals": _Entry(
        9,
        lambda: _("Goals"),
        lambda: _("How far the goals are, and what it takes from here."),
        "today",
    ),
    "now": _Entry(
        None,
        lambda: _("What now"),
        lambda: _("What the figures ask for: at most seven findings, each with what to act on."),
        "today",
    ),
    "reasons": _Entry(
        None, lambda: _("Reasons"), lambda: _("Why leads were lost or cancelled."), "this-year"
    ),
    "sources": _Entry(
        None,
        lambda: _("Sources"),
        lambda: _("What the tags of each category brought."),
        "this-year",
    ),
    "ageing": _Entry(
        None,
        lambda: _("Ageing"),
        lambda: _("How old the open leads are, against the won cycle."),
        "today",
    ),
    "velocity": _Entry(
        None,
        lambda: _("Velocity"),
        lambda: _("The money a day the open leads are worth."),
        "last-12m",
    ),
    "touchpoints": _Entry(
        None, lambda: _("Touchpoints"), lambda: _("How many actions a win took."), "this-year"
    ),
}


def names() -> list[ReportInfo]:
    """All reports in the order of the menu."""
    return [
        ReportInfo(name, entry.digit, entry.title(), entry.sentence())
        for name, entry in _REPORTS.items()
    ]


def run(
    session: Session,
    name: str,
    *,
    period: str | None = None,
    by: str = "month",
    rep: Iterable[str] = (),
    team: Iterable[str] = (),
    tag: Iterable[str] = (),
    pipeline: str | None = None,
    list: str | None = None,
    compare: str | None = None,
    as_of: date | str | None = None,
) -> Report:
    """The report of that name.

    ``period`` in the words of :func:`tui_crm.core.dates.periods.period` (default: what suits the
    report), cut ``by`` day, week, month, quarter or year; ``lists`` also ``by`` script, or, with
    ``list``, by the name of one of its columns (``column:month`` where a name means something
    else). ``compare`` is ``"previous"`` or
    ``"year"``: ``Report.before`` is then the same over the period before, or the same one a year
    ago; a running period is compared with as many days of it. ``as_of`` a past day asks for the
    figures as they were at its end. Raises NotFound for an unknown report, user, team, tag,
    pipeline or list, CrmError for what is no period, part or day.
    """
    entry, question = _question(session, name, period, by, rep, team, tag, pipeline, list, as_of)
    found = _report(name, entry, question, _compute(name, question))
    if compare is None:
        return found
    if compare not in ("previous", "year"):
        raise CrmError(
            _("“{typed}” is nothing to compare with.").format(
                typed=clean(compare, single_line=True)[:40]
            ),
            _("Compare with previous or year."),
        )
    other = before(question, compare)
    earlier = question.over(other)
    said = _("Compared with {label}.").format(label=other.label)
    return replace(
        found,
        notes=(*found.notes, said),
        before=_report(name, entry, earlier, _compute(name, earlier)),
    )


def open_figure(
    session: Session,
    name: str,
    row_key: str,
    column_key: str,
    *,
    part: int = 0,
    period: str | None = None,
    by: str = "month",
    rep: Iterable[str] = (),
    team: Iterable[str] = (),
    tag: Iterable[str] = (),
    pipeline: str | None = None,
    list: str | None = None,
    as_of: date | str | None = None,
) -> Opened:
    """One figure of a report, opened: the rows behind it, its formula, what was left out.

    ``row_key`` is one of ``Report.keys`` or ``"total"``; ``part`` 1 is the second table. The
    filters are those the report was run with. Raises NotFound for a row or column it has not."""
    _entry, question = _question(session, name, period, by, rep, team, tag, pipeline, list, as_of)
    return opened(name, _compute(name, question, row_key), row_key, column_key, part)


def opened(name: str, table: Table | None, row_key: str, column_key: str, part: int = 0) -> Opened:
    """A figure of a table that was computed already. Raises NotFound as `open_figure`."""
    if part and table is not None:
        table = table.second
    cells: Cells | None = None
    if table is not None:
        cells = table.totals if row_key == TOTAL else dict(_keyed(table)).get(row_key)
    column = next((c for c in (table.columns if table else ()) if c.key == column_key), None)
    if table is None or cells is None or column is None:
        raise NotFound(_("The report {name} has no such figure.").format(name=name))
    cell: Cell = cells[column_key]
    ids = tuple(cell.ids()) if cell.ids else ()
    kinds = {cell.what: ids}
    return Opened(
        name,
        row_key,
        column,
        cell.value,
        table.formulas.get(column_key, ""),
        leads=kinds.get("leads", ()),
        actions=kinds.get("actions", ()),
        prospects=kinds.get("prospects", ()),
        counted=len(ids),
        left_out=tuple(cell.left_out()) if cell.left_out else (),
        numerator=cell.n,
        denominator=cell.d,
    )


def before(question: Question, compare: str) -> Period:
    """The period to compare with. While the asked one is running, only as much of it as is gone:
    the same parts, and of the running part the same number of days."""
    this = question.period
    other = periods.previous(this) if compare == "previous" else periods.same_a_year_ago(this)
    if not periods.running(this, question.today):
        return other
    theirs = periods.buckets(other, question.by)
    place = next(i for i, part in enumerate(question.buckets) if question.today in part)
    if len(theirs) != len(question.buckets) or len(theirs) == 1:
        return periods.cut(other, periods.elapsed(this, question.today))
    days = (theirs[place].first - other.first).days
    gone = periods.elapsed(question.buckets[place], question.today)
    return periods.cut(other, days + min(gone, theirs[place].days))


def _question(
    session: Session,
    name: str,
    period: str | None,
    by: str,
    rep: Iterable[str],
    team: Iterable[str],
    tag: Iterable[str],
    pipeline: str | None,
    list_: str | None,
    as_of: date | str | None,
) -> tuple[_Entry, Question]:
    entry = _REPORTS.get(fold(name))
    if entry is None:
        raise NotFound(
            _("There is no report {name}.").format(name=clean(name, single_line=True)[:40]),
            _("Reports: {names}.").format(names=", ".join(_REPORTS)),
        )
    words = period or entry.period
    if not words:
        from tui_crm.core.reports.forecast import default_period

        words = default_period(session.today)
    unit, cut = fold(by), ""
    if unit not in periods.UNITS:
        unit, cut = ("month", by.strip()) if entry.cuts and unit else (by, "")
    periods.of(session.today, unit)  # refuses an unknown part
    question = ask(
        session,
        words,
        unit,
        rep=rep,
        team_=team,
        tag=tag,
        pipeline=pipeline,
        list_=list_,
        as_of=as_of,
        cut=cut,
    )
    return entry, question


def _compute(name: str, question: Question, row: str = TOTAL) -> Table:
    """All of a report; of What now, when it is about one row, only what makes that."""
    if fold(name) == "now" and row != TOTAL:
        from tui_crm.core.reports.now import report as now_report

        return now_report.compute(question, row)
    return importlib.import_module(f"tui_crm.core.reports.{fold(name)}").compute(question)


def _keyed(table: Table) -> list[tuple[str, Cells]]:
    """The rows under their keys; rows that would share one (two reasons of one label) are
    numbered."""
    seen: dict[str, int] = {}
    found = []
    for name, cells in table.rows:
        seen[name] = seen.get(name, 0) + 1
        found.append((name if seen[name] == 1 else f"{name} ({seen[name]})", cells))
    return found


def _report(name: str, entry: _Entry, question: Question, table: Table) -> Report:
    rows = _keyed(table)
    small = frozenset(
        (row, column)
        for row, cells in (*rows, (TOTAL, table.totals))
        for column, cell in cells.items()
        if cell.is_small
    )
    notes = list(table.notes)
    runs = periods.running(question.period, question.today) and question.period.unit != "all"
    if runs and name not in ("goals", "ageing", "now", "forecast"):
        notes.append(
            _("{label} runs until {day}.").format(
                label=question.period.label, day=question.period.last.isoformat()
            )
        )
    if small:
        notes.append(small_note())
    return Report(
        fold(name),
        entry.title(),
        question.period,
        dict(question.asked),
        table.columns,
        tuple(row for row, _cells in rows),
        tuple({c.key: cells[c.key].value for c in table.columns} for _row, cells in rows),
        {c.key: table.totals[c.key].value for c in table.columns},
        tuple(notes),
        dict(table.formulas),
        small,
        # What the first table says holds for the second: it adds nothing of its own.
        replace(_report(name, entry, question, table.second), notes=tuple(table.second.notes))
        if table.second
        else None,
    )
