"""Counting in the background: one job at a time, the newest wish of each kind, stale answers
dropped.

A worker thread has its own connection to the store and never touches a widget: its answer comes
back as a message with the number of the wish. The screen stays at the keyboard's pace whatever is
counted. `shown` and `opening` are what Stats has counted this way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from textual.message import Message
from textual.screen import Screen

from tui_crm.core import money, reports
from tui_crm.core.errors import CrmError
from tui_crm.core.moments import day_label
from tui_crm.core.reports import behind
from tui_crm.core.reports.types import Opened
from tui_crm.core.store.database import Store
from tui_crm.core.text import _
from tui_crm.core.work import lead_views, outcomes
from tui_crm.core.work.lead_views import LeadView
from tui_crm.core.work.team import Session
from tui_crm.tui.screens import asking
from tui_crm.tui.screens.asking import Asked
from tui_crm.tui.widgets.charts import Shown, figures
from tui_crm.tui.widgets.charts.page import Figure
from tui_crm.tui.widgets.charts.words import Behind, FirstRow

FIRST_ROWS = 11  # rows behind a figure that are shown under it

Work = Callable[[], Any]
Answer = Callable[[Any], None]


@dataclass
class Counted(Message):
    """A job has ended, with its result or the error it met."""

    kind: str
    number: int
    result: Any


@dataclass(frozen=True)
class _Wish:
    number: int
    work: Work
    answer: Answer


class Counter:
    """The jobs of one screen. The screen hands every `Counted` message to `take`."""

    def __init__(self, screen: Screen[Any], store: Callable[[], Store]) -> None:
        self._screen, self._store = screen, store
        self._numbers: dict[str, int] = {}
        self._waiting: dict[str, _Wish] = {}
        self._running: tuple[str, _Wish] | None = None

    @property
    def busy(self) -> bool:
        """Whether anything is being counted."""
        return self._running is not None

    def ask(self, kind: str, work: Work, answer: Answer) -> None:
        """Have ``work`` done in the background and ``answer`` told its result (a CrmError when
        it failed). A wish of the same kind that has not been answered yet is dropped."""
        number = self._numbers[kind] = self._numbers.get(kind, 0) + 1
        self._waiting[kind] = _Wish(number, work, answer)
        self._start()

    def drop(self, kind: str) -> None:
        """Nobody waits for an answer of this kind any more."""
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        self._waiting.pop(kind, None)

    def take(self, counted: Counted) -> None:
        """A job has ended: its answer, if it is still wanted, and the next one."""
        running, self._running = self._running, None
        if running is not None and self._numbers.get(counted.kind) == counted.number:
            running[1].answer(counted.result)
        self._start()

    def _start(self) -> None:
        if self._running is not None or not self._waiting:
            return
        # In the order of asking: reports are asked before what is behind their figures.
        kind = next(iter(self._waiting))
        wish = self._waiting.pop(kind)
        self._running = kind, wish
        store, screen = self._store(), self._screen

        def job() -> None:
            try:
                with store.db.connection_context():
                    result: Any = wish.work()
            except CrmError as error:
                result = error
            except Exception as error:
                screen.log.error(repr(type(error)))
                result = CrmError(
                    _("This could not be counted ({what}).").format(what=type(error).__name__),
                    _("Try another period."),
                )
            screen.post_message(Counted(kind, wish.number, result))

        screen.run_worker(job, thread=True, exit_on_error=False, group="counting")


# -- what Stats has counted ------------------------------------------------------------------------


def shown(session: Session, name: str, asked: Asked) -> Shown:
    """A report with what its page wants beside it. Raises CrmError."""
    arguments = asking.arguments(session, name, asked)
    compare = asking.comparing(name, asked)
    try:
        report = reports.run(session, name, compare=compare, **arguments)
    except CrmError:
        if compare is None:
            raise
        report = reports.run(session, name, **arguments)  # a period with nothing before it
    if name == "company":
        return Shown(report, weeks=reports.run(session, name, **{**arguments, "by": "week"}))
    if name == "activity":
        digits = {
            o.label: o.digit for o in outcomes.every(session.store, "call")
        }
        return Shown(report, digits={label: d for label, d in digits.items() if d})
    return Shown(report)


def opening(session: Session, name: str, asked: Asked, figure: Figure) -> Behind:
    """A figure opened, with the first of its rows in words. Raises CrmError."""
    opened = behind.open_rows(
        session, name, figure.rows, figure.column, part=figure.part,
        **asking.arguments(session, name, asked),
    )  # fmt: skip
    return Behind(opened, tuple(_first_rows(session, opened)))


def _first_rows(session: Session, opened: Opened) -> list[FirstRow]:
    today = session.today
    if opened.actions:
        return [
            FirstRow(day_label(line.at.date(), today, False), line.title,
                     figures.label_of(line.kind), line.outcome, "won" if line.reached else "dim")
            for line in behind.actions(session, opened.actions[:FIRST_ROWS])
        ]  # fmt: skip
    if opened.prospects:
        return [
            FirstRow(str(line.line), line.title, "", line.outcome or line.list)
            for line in behind.prospects(session, opened.prospects[:FIRST_ROWS])
        ]
    found = lead_views.by_numbers(session, opened.leads[:FIRST_ROWS])
    return [
        FirstRow(f"#{lead.number}", lead.title,
                 money.compact(lead.amount, session.currency) if lead.amount is not None
                 else figures.nothing(), *_word(lead, today))
        for lead in found
    ]  # fmt: skip


def _word(lead: LeadView, today: date) -> tuple[str, str]:
    """What became of a lead, or where it stands."""
    if lead.closed is not None:
        return f"{_(lead.status)} {day_label(lead.closed, today, False)}", "dim"
    close = lead.expected_close
    if close is not None:
        late = "late" if close < today else "dim"
        return f"{lead.step} {lead.probability}%, {day_label(close, today, False)}", late
    return f"{lead.step} {lead.probability}%", "dim"
