"""Counting in the background: one job at a time, the newest wish of each kind, stale answers
dropped and stale jobs given up.

A worker thread has its own connection to the store and never touches a widget: its answer comes
back as a message with the number of the wish. A job that takes its time gives several answers, the
first numbers first. The screen stays at the keyboard's pace whatever is counted. `shown` and
`opening` are what Stats has counted this way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from textual.message import Message
from textual.screen import Screen

from tui_crm.core import money, reports
from tui_crm.core.dates import periods
from tui_crm.core.dates.labels import day_label
from tui_crm.core.errors import CrmError
from tui_crm.core.leads import actions, views as lead_views
from tui_crm.core.leads.views import LeadView
from tui_crm.core.reports import drill_down, goals
from tui_crm.core.reports.types import Opened
from tui_crm.core.session import Session
from tui_crm.core.setup import outcomes
from tui_crm.core.store.database import Store
from tui_crm.core.text import _, fold
from tui_crm.tui.screens.stats import filters
from tui_crm.tui.screens.stats.filters import ReportFilters
from tui_crm.tui.widgets.charts import Shown, figures
from tui_crm.tui.widgets.charts.page import Figure
from tui_crm.tui.widgets.charts.words import Behind, FirstRow

SPARK_DAYS = 92  # days of a period up to which its weekdays are told apart
FIRST_ROWS = 11  # rows behind a figure that are shown under it
LARGE = 100_000  # actions in a store from which on first numbers are counted first
SLOW = ("activity", "hours", "pipeline")  # reports that go through more rows than leads have
FIRST_DAYS = 31  # days of a period that those count first: the last ones

Work = Callable[[], Any]
Answer = Callable[[Any], None]


@dataclass
class JobResult(Message):
    """A job has an answer, or met an error; ``last`` when it has ended."""

    kind: str
    number: int
    result: Any
    last: bool = True


@dataclass(frozen=True)
class Job:
    kind: str
    number: int
    work: Work
    answer: Answer


_NOTHING_MORE = object()


class JobQueue:
    """The jobs of one screen. The screen hands every `JobResult` message to `take`."""

    def __init__(self, screen: Screen[Any], store: Callable[[], Store]) -> None:
        self._screen, self._store = screen, store
        self._numbers: dict[str, int] = {}
        self._waiting: dict[str, Job] = {}
        self._running: dict[tuple[str, int], Job] = {}

    @property
    def busy(self) -> bool:
        """Whether anything is being counted."""
        return bool(self._running)

    def ask(self, kind: str, work: Work, answer: Answer) -> None:
        """Have ``work`` done in the background and ``answer`` told its result, or each one that
        it yields (a CrmError when it failed). A wish of the same kind that has not been answered
        yet is dropped."""
        number = self._numbers[kind] = self._numbers.get(kind, 0) + 1
        self._waiting[kind] = Job(kind, number, work, answer)
        self._start()

    def drop(self, kind: str) -> None:
        """Nobody waits for an answer of this kind any more."""
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        self._waiting.pop(kind, None)

    def take(self, counted: JobResult) -> None:
        """A job has an answer: it is told, if it is still wanted; after the last the next job."""
        place = (counted.kind, counted.number)
        wish = self._running.pop(place) if counted.last else self._running[place]
        if self._wanted(wish) and counted.result is not _NOTHING_MORE:
            wish.answer(counted.result)
        self._start()

    def _wanted(self, wish: Job) -> bool:
        return self._numbers.get(wish.kind) == wish.number

    def _start(self) -> None:
        # One that nobody waits for is giving up, and no reason to wait.
        if any(self._wanted(wish) for wish in self._running.values()) or not self._waiting:
            return
        # In the order of asking: reports are asked before what is behind their figures.
        kind = next(iter(self._waiting))
        wish = self._waiting.pop(kind)
        self._running[kind, wish.number] = wish
        store, screen = self._store(), self._screen

        def job() -> None:
            try:
                with (
                    store.db.connection_context(),
                    store.cancellable(lambda: self._wanted(wish)),
                ):
                    result: Any = wish.work()
                    if isinstance(result, Iterator):
                        for found in result:
                            screen.post_message(JobResult(kind, wish.number, found, last=False))
                        result = _NOTHING_MORE
            except CrmError as error:
                result = error
            except Exception as error:
                screen.log.error(repr(type(error)))
                result = CrmError(
                    _("This could not be counted ({what}).").format(what=type(error).__name__),
                    _("Try another period."),
                )
            screen.post_message(JobResult(kind, wish.number, result))

        screen.run_worker(job, thread=True, exit_on_error=False, group="counting")


# -- what Stats has counted ------------------------------------------------------------------------


def shown(
    session: Session, name: str, asked: ReportFilters
) -> Iterator[tuple[ReportFilters, Shown]]:
    """A report with what its page wants beside it, each time with what it answers: in a large
    store the last days first, then without comparison, last what was asked. Raises CrmError."""
    if actions.newest(session) >= LARGE and not asked.as_of:
        if (last_days := _last_days(session, name, asked)) is not None:
            arguments = filters.arguments(session, name, last_days)
            yield last_days, Shown(reports.run(session, name, **arguments))
        if filters.comparing(name, asked) is not None:
            alone = replace(asked, compare="")
            yield (
                alone,
                Shown(reports.run(session, name, **filters.arguments(session, name, asked))),
            )
    yield asked, _whole(session, name, asked)


def _last_days(session: Session, name: str, asked: ReportFilters) -> ReportFilters | None:
    """The same asked of the last days of its period alone, where that is much quicker."""
    words = filters.period_for(session, name, asked)
    if name not in SLOW or words is None:
        return None
    last = session.today
    if not fold(words).startswith("all"):
        period = periods.period(words, last)
        last = min(period.last, last)
        if (last - period.first).days < 2 * FIRST_DAYS:
            return None
    first = last - timedelta(days=FIRST_DAYS - 1)
    return replace(
        asked,
        period=f"{first.isoformat()}..{last.isoformat()}",
        compare="",
        by=filters.part_for(session, name, asked),
    )


def _whole(session: Session, name: str, asked: ReportFilters) -> Shown:
    arguments = filters.arguments(session, name, asked)
    compare = filters.comparing(name, asked)
    try:
        report = reports.run(session, name, compare=compare, **arguments)
    except CrmError:
        if compare is None:
            raise
        report = reports.run(session, name, **arguments)  # a period with nothing before it
    if name == "company":
        return Shown(report, weeks=reports.run(session, name, **{**arguments, "by": "week"}))
    if name == "activity":
        digits = {o.label: o.digit for o in outcomes.all_outcomes(session.store, "call")}
        days = None
        if report.period.days <= SPARK_DAYS:
            days = reports.run(session, name, **{**arguments, "by": "day"})
        return Shown(report, days=days, digits={label: d for label, d in digits.items() if d})
    if name == "forecast" and not (asked.tag or asked.pipeline or asked.list_ or asked.as_of):
        by = arguments["by"]
        return Shown(report, aim=goals.aim(session, by, rep=asked.rep, team=asked.team))
    return Shown(report)


def opening(session: Session, name: str, asked: ReportFilters, figure: Figure) -> Behind:
    """A figure opened, with the first of its rows in words. Raises CrmError."""
    opened = drill_down.open_rows(
        session,
        name,
        figure.rows,
        figure.column,
        part=figure.part,
        **filters.arguments(session, name, asked),
    )
    return Behind(opened, tuple(first_rows(session, opened)))


def first_rows(session: Session, opened: Opened) -> list[FirstRow]:
    """The first of the rows behind a figure, in words."""
    today = session.today
    if opened.actions:
        return [
            FirstRow(
                day_label(line.at.date(), today, False),
                line.title,
                figures.label_of(line.kind),
                line.outcome,
                "won" if line.reached else "dim",
            )
            for line in drill_down.actions(session, opened.actions[:FIRST_ROWS])
        ]
    if opened.prospects:
        return [
            FirstRow(str(line.line), line.title, "", line.outcome or line.list)
            for line in drill_down.prospects(session, opened.prospects[:FIRST_ROWS])
        ]
    found = lead_views.by_numbers(session, opened.leads[:FIRST_ROWS])
    return [
        FirstRow(
            f"#{lead.number}",
            lead.title,
            money.compact(lead.amount, session.currency)
            if lead.amount is not None
            else figures.nothing(),
            *_word(lead, today),
        )
        for lead in found
    ]


def _word(lead: LeadView, today: date) -> tuple[str, str]:
    """What became of a lead, or where it stands."""
    if lead.closed is not None:
        return f"{_(lead.status)} {day_label(lead.closed, today, False)}", "dim"
    close = lead.expected_close
    if close is not None:
        late = "late" if close < today else "dim"
        return f"{lead.step} {lead.probability}%, {day_label(close, today, False)}", late
    return f"{lead.step} {lead.probability}%", "dim"
