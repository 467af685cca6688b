"""Stats: the reports by digit, a cursor on their figures, the rows behind each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from textual.containers import Horizontal
from textual.timer import Timer
from textual.widget import Widget

from tui_crm.core import reports, saved_views
from tui_crm.core.dates import periods
from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.writers import reports as report_writer
from tui_crm.core.reports import Filters
from tui_crm.core.reports.filter_line import parse
from tui_crm.core.text import _, fold
from tui_crm.tui.screens.base import hint_of
from tui_crm.tui.screens.exporting import Exported
from tui_crm.tui.screens.stats.figure_page import FigurePage, FigureSource
from tui_crm.tui.screens.stats.filters import (
    TIMELESS,
    echo,
    for_report,
    next_comparison,
    subtitle,
)
from tui_crm.tui.screens.stats.loading import load_report
from tui_crm.tui.widgets.charts import ChartData, details as figure_details, figures
from tui_crm.tui.widgets.charts.details import FigureDetails, Piece
from tui_crm.tui.widgets.charts.page import Figure
from tui_crm.tui.widgets.charts.view import ReportMenu, ReportPage, ReportView
from tui_crm.tui.widgets.conversation import ask, conversation
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.menu import MenuOption
from tui_crm.tui.widgets.prompt import PromptSheet

MENU_FROM = 100  # columns from which the menu of the reports stands at the left
SLOW = 0.1  # seconds after which old numbers turn dim while new ones are counted


@dataclass(frozen=True)
class _Request:
    """A report, with its filters, on a day."""

    name: str
    filters: Filters
    today: date


@dataclass(frozen=True)
class _Answer:
    """What was counted: for which request, at which entry of the journal. Not ``whole`` are the
    first numbers of a report while the rest is counted."""

    request: _Request
    entry: int
    data: ChartData
    whole: bool


class StatsScreen(FigurePage):
    """The reports. They are counted in the background; the screen never waits for them."""

    NAME = "stats"
    TAB = "S"

    def __init__(self) -> None:
        super().__init__(ReportView())
        self.menu = ReportMenu()
        self.report_name = "company"
        self.filters = Filters()
        self._answers: dict[str, _Answer] = {}
        self._pending: tuple[_Request, int] | None = None
        self._problem: tuple[_Request, CrmError] | None = None
        self._stale = False
        self._fade_timer: Timer | None = None
        self._next_view = 0  # the place of the saved view that v brings next

    def middle(self) -> Iterable[Widget]:
        yield Horizontal(self.menu, self.view, id="panes")

    # -- the contract --------------------------------------------------------------------------

    def reload(self) -> None:
        self._count()
        self.show(self.report_page())
        self.show_frame()

    def show(self, page: ReportPage) -> None:
        self.menu.display = self.size.width >= MENU_FROM
        self.menu.show(reports.names(), self.report_name)
        super().show(page)

    def tick(self) -> None:
        super().tick()
        answer = self._answers.get(self.report_name)
        if answer is not None and answer.request.today != self.session.today:
            self.reload()

    def exported(self) -> Exported | None:
        answer = self._answers.get(self.report_name)
        if answer is None or not answer.whole or answer.request != self._request():
            return None
        report = answer.data.report
        name = f"{report.name} {report.period.label}"
        about = f"{report.title}  {report.period.label}"
        return Exported(name, about, partial(report_writer.write, self.session, report))

    def report_page(self) -> ReportPage:
        name, session = self.report_name, self.session
        title = next((r.title for r in reports.names() if r.name == name), name)
        answer, request = self._answers.get(name), self._request()
        page = ReportPage(
            title=title,
            subtitle="",
            aside="",
            currency=session.currency,
            today=session.today,
            message=_("counting …"),
        )
        if self._problem is not None and self._problem[0] == request:
            return replace(page, message=str(self._problem[1]))
        if answer is None:
            return page
        report, aside = answer.data.report, ""
        if report.before is not None:
            before = figures.period_words(report.before.period)
            aside = _("against {period}").format(period=before)
        return replace(
            page,
            subtitle=subtitle(report),
            aside=aside,
            data=answer.data,
            stale=self._stale and answer.request != request,
        )

    def _request(self) -> _Request:
        return _Request(self.report_name, self.filters, self.session.today)

    # -- counting ------------------------------------------------------------------------------

    def _count(self) -> None:
        """Have the report counted, unless it is known or on its way."""
        request, entry = self._request(), self.session.store.last_entry()
        answer = self._answers.get(request.name)
        if (
            answer is not None
            and answer.whole
            and (answer.request, answer.entry) == (request, entry)
        ):
            self._pending = None
            self.jobs.cancel("report")
            return
        if self._pending == (request, entry):
            return
        if self._problem is not None and self._problem[0] == request:
            return
        self._pending = (request, entry)
        self._problem = None
        self.jobs.cancel("details")
        session = self.session

        def receive(result: tuple[Filters, ChartData] | CrmError) -> None:
            whole = True
            if isinstance(result, CrmError):
                self._problem = (request, result)
                self.refused(result)
            else:
                # The first numbers answer less than the request; their subtitle tells it.
                filters, data = result
                answered = replace(request, filters=filters)
                whole = answered == request
                self._answers[request.name] = _Answer(answered, entry, data, whole)
            if whole:
                self._pending = None
                self._stale = False
            self.show_counted()

        self.jobs.submit(
            "report", lambda: load_report(session, request.name, request.filters), receive
        )
        if self._fade_timer is not None:
            self._fade_timer.stop()
        self._fade_timer = self.set_timer(SLOW, self._fade)

    def _fade(self) -> None:
        """Counting takes its time: the numbers shown so far are old."""
        if self._pending is not None:
            self._stale = True
            self.show(self.report_page())

    # -- figures -------------------------------------------------------------------------------

    @property
    def settled(self) -> bool:
        return self._pending is None

    def source_of(self, figure: Figure) -> FigureSource | None:
        answer, session = self._answers.get(self.report_name), self.session
        if answer is None:
            return None
        name, filters = answer.request.name, answer.request.filters

        def open_figure() -> reports.DrillDown:
            return reports.open_figure(
                session,
                name,
                figure.rows,
                figure.column,
                for_report(session, name, filters),
                part=figure.part,
            )

        return FigureSource(answer, open_figure)

    def opening_words(
        self, figure: Figure, details: FigureDetails
    ) -> tuple[str, Sequence[Piece]] | None:
        answer = self._answers.get(self.report_name)
        if answer is None:
            return None
        report = answer.data.report
        words = figure_details.opening(report, figure, details, self.session.currency)
        return report.title, words

    # -- keys ----------------------------------------------------------------------------------

    def hints(self) -> list[Hint]:
        def both(one: str, other: str, word: str) -> Hint:
            return Hint(f"{hint_of(self, one).key} {hint_of(self, other).key}", word)

        found = [
            hint_of(self, "move.open"),
            hint_of(self, "stats.now"),
            Hint("0-9", _("report")),
            both("stats.before", "stats.on", _("period")),
            hint_of(self, "always.search"),
            hint_of(self, "stats.compare"),
            both("stats.view", "stats.save", _("views")),
        ]
        if self.report_name == "now":  # it is about today, and here already
            idle = (
                hint_of(self, "stats.now"),
                hint_of(self, "stats.compare"),
                both("stats.before", "stats.on", _("period")),
            )
            found = [hint for hint in found if hint not in idle]
        return found

    def action_digit(self, digit: int) -> None:
        name = next((r.name for r in reports.names() if r.digit == digit), None)
        if name is None:
            self.explain_key(str(digit), _("no report has it."), hint_of(self, "stats.more"))
        else:
            self.choose_report(name, self.filters)

    def choose_report(self, name: str, filters: Filters) -> None:
        """Show a report with these filters."""
        self.report_name, self.filters = name, filters
        self._stale, self._problem = False, None
        self.jobs.cancel("open")
        self.reload()
        self.load_details()

    def action_what_now(self) -> None:
        self.choose_report("now", self.filters)

    @conversation
    async def action_more_reports(self) -> None:
        others = [r for r in reports.names() if r.digit is None]
        saved = saved_views.views(self.session, "stats")
        options = [MenuOption(r.title, r.sentence) for r in others]
        options += [MenuOption(row.name, row.query, "accent") for row in saved]
        index = await self.choose(_("reports"), _("and saved views"), options, also_leaves=("m",))
        if index is None:
            return
        if index < len(others):
            self.choose_report(others[index].name, self.filters)
        else:
            self._recall(saved[index - len(others)].query)

    def action_period(self, by: int) -> None:
        key = "[" if by < 0 else "]"
        if self.report_name in TIMELESS:
            self.explain_key(key, _("this report is about today, whatever the period."))
            return
        answer = self._answers.get(self.report_name)
        try:
            if self.filters.period and fold(self.filters.period) != "all":
                this = periods.period(self.filters.period, self.session.today)
            elif answer is not None:
                this = answer.data.report.period
            else:
                return
            other = periods.previous(this) if by < 0 else periods.following(this)
            periods.period(other.label, self.session.today)  # not beyond the calendar
        except CrmError as error:
            self.refused(error)
            return
        self.choose_report(self.report_name, replace(self.filters, period=other.label))

    def action_compare(self) -> None:
        if self.report_name in TIMELESS:
            self.explain_key("=", _("this report is about today: there is nothing before it."))
            return
        answer = self._answers.get(self.report_name)
        if answer is not None and answer.data.report.period.unit == "all":
            self.explain_key(
                "=", _("all time has no period before it."), hint_of(self, "always.search")
            )
            return
        filters = next_comparison(self.report_name, self.filters)
        words = {
            "previous": _("with the period before"),
            "year": _("with a year ago"),
            "": _("with nothing"),
        }[filters.compare or ""]
        self.choose_report(self.report_name, filters)
        if not self._problem:
            self.say(Message(_("Compared"), "strong", words))

    @conversation
    async def action_filter(self) -> None:
        lists = self.report_name == "lists"
        sheet = PromptSheet(
            _("filter"),
            _("all reports"),
            lambda text: echo(self.session, text),
            value=f"{self.filters.line} ".lstrip(),
            sign="/",
            empty_value="",
            empty_word=_("everything"),
            examples=make(
                (
                    _("last quarter  2026-q1  rep:me  list:Berlin  by:script  by:City  vs:year")
                    if lists
                    else _("last quarter  2026-q1  rep:me  tag:hot  list:Berlin  by:week  vs:year"),
                    "dim",
                )
            ),
        )
        line = await ask(self, sheet)
        if line is not None:
            self.choose_report(self.report_name, parse(self.session, line).filters)

    # -- saved views ---------------------------------------------------------------------------

    @conversation
    async def action_save_view(self) -> None:
        query = f"{self.report_name} {self.filters.line}".strip()

        def saved(name: str) -> Message:
            return Message(_("Saved"), "strong", name, note=_("v brings it back"))

        await self.edit_line(
            _("save view"),
            query,
            lambda name: self.crm.perform(saved_views.save, "stats", name, query),
            place="stats:view",
            said=saved,
            rows=1,
            examples=make((_("a name for it, for instance: my quarter"), "dim")),
        )

    def action_next_view(self) -> None:
        saved = saved_views.views(self.session, "stats")
        if not saved:
            self.explain_key("v", _("no view is saved yet."), Hint("V", _("save view")))
            return
        place = self._next_view % len(saved)
        self._next_view = place + 1
        self._recall(saved[place].query)
        note = _("{n} of {all}").format(n=place + 1, all=len(saved))
        self.say(Message(_("View"), "strong", saved[place].name, note=note))

    def _recall(self, query: str) -> None:
        """Show a saved view: the name of a report and a filter line."""
        name, _space, text = query.partition(" ")
        if name not in {r.name for r in reports.names()}:
            name, text = self.report_name, query
        line = parse(self.session, text)
        self.choose_report(name, line.filters)
        if line.problems:
            self.say(Message("!", "due", line.problems[0], subject_token="due"))
