"""Stats: numbers that open. Reports by digit, a cursor on their figures, what is behind each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from textual.containers import Horizontal
from textual.widget import Widget

from tui_crm.core import reports, saved_views
from tui_crm.core.dates import periods
from tui_crm.core.errors import CrmError
from tui_crm.core.text import _, fold
from tui_crm.tui.screens.base import CrmScreen, hint_of
from tui_crm.tui.screens.stats import filters
from tui_crm.tui.screens.stats.background import JobQueue, JobResult, opening, shown
from tui_crm.tui.screens.stats.filters import ReportFilters
from tui_crm.tui.widgets.charts import Shown, figures, words
from tui_crm.tui.widgets.charts.page import Figure
from tui_crm.tui.widgets.charts.view import ReportMenu, ReportPage, ReportView
from tui_crm.tui.widgets.charts.words import Behind
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import make
from tui_crm.tui.widgets.menu import MenuOption, MenuSheet
from tui_crm.tui.widgets.prompt import PromptSheet

MENU_FROM = 100  # columns from which the menu of the reports stands at the left
SLOW = 0.1  # seconds after which old numbers turn dim while new ones are counted
KEPT = 64  # openings remembered while nothing is written


@dataclass(frozen=True)
class _Wanted:
    """A question: which report, with which filters, on which day."""

    name: str
    asked: ReportFilters
    today: date


@dataclass(frozen=True)
class _Kept:
    """An answer: to which question, at which entry of the journal, and what."""

    wanted: _Wanted
    entry: int
    shown: Shown
    whole: bool  # or the first numbers of an answer that is on its way


class StatsScreen(CrmScreen):
    """The reports. They are counted in the background; the screen never waits for them."""

    NAME = "stats"
    TAB = "S"

    def __init__(self) -> None:
        super().__init__()
        self.menu = ReportMenu()
        self.view = ReportView()
        self.name_asked = "company"
        self.asked = ReportFilters()
        self.counter = JobQueue(self, lambda: self.session.store)
        self._kept: dict[str, _Kept] = {}
        self._pending: tuple[_Wanted, int] | None = None
        self._problem: tuple[_Wanted, CrmError] | None = None
        self._openings: dict[tuple[Any, ...], Behind] = {}
        self._dim = False
        self._slow: Any = None
        self._saved = 0  # the place of the saved view that v brings next

    def middle(self) -> Iterable[Widget]:
        yield Horizontal(self.menu, self.view, id="panes")

    def main(self) -> Widget:
        return self.view

    @property
    def counting(self) -> bool:
        """Whether something is being counted."""
        return self.counter.busy

    # -- the contract --------------------------------------------------------------------------

    def reload(self) -> None:
        self._count()
        self.show(self._page())
        self.show_frame()

    def show(self, page: ReportPage) -> None:
        """A pure function of the page and the size."""
        self.menu.display = self.size.width >= MENU_FROM
        self.menu.show(reports.names(), self.name_asked)
        self.view.show(page)

    def on_resize(self) -> None:
        if self.header.is_mounted:
            self.show(self._page())
            self.show_frame()

    def tick(self) -> None:
        super().tick()
        kept = self._kept.get(self.name_asked)
        if kept is not None and kept.wanted.today != self.session.today:
            self.reload()

    def _page(self) -> ReportPage:
        name = self.name_asked
        title = next((r.title for r in reports.names() if r.name == name), name)
        kept = self._kept.get(name)
        wanted = self._wanted()
        page = ReportPage(title, "", "", self.session.currency, self.session.today)
        if self._problem is not None and self._problem[0] == wanted:
            return replace(page, said=str(self._problem[1]))
        if kept is None:
            return replace(page, said=_("counting …"))
        report = kept.shown.report
        part = filters.part_for(self.session, name, kept.wanted.asked)
        said = filters.subtitle(name, report.period, kept.wanted.asked, part)
        narrowed = kept.wanted.asked.narrowed
        if narrowed:
            said += "   " + "  ".join(narrowed)
        against = ""
        if report.before is not None:
            against = _("against {period}").format(
                period=figures.period_words(report.before.period)
            )
        return replace(
            page,
            words=said,
            against=against,
            shown=kept.shown,
            old=self._dim and kept.wanted != wanted,
        )

    def _wanted(self) -> _Wanted:
        return _Wanted(self.name_asked, self.asked, self.session.today)

    # -- counting ------------------------------------------------------------------------------

    def _count(self) -> None:
        """Ask for the report, unless it is known or on its way."""
        wanted, entry = self._wanted(), self.session.store.last_entry()
        kept = self._kept.get(wanted.name)
        if kept is not None and kept.whole and (kept.wanted, kept.entry) == (wanted, entry):
            self._pending = None
            self.counter.drop("report")
            return
        if self._pending == (wanted, entry):
            return
        if self._problem is not None and self._problem[0] == wanted:
            return
        self._pending = (wanted, entry)
        self._problem = None
        self.counter.drop("behind")
        session = self.session

        def answer(result: tuple[ReportFilters, Shown] | CrmError) -> None:
            if isinstance(result, CrmError):
                self._problem = (wanted, result)
                self.refused(result)
            else:
                # The first numbers answer less than what was asked, and say so in their title.
                answered = replace(wanted, asked=result[0])
                whole = answered == wanted
                self._kept[wanted.name] = _Kept(answered, entry, result[1], whole)
                self._openings.clear()
            if isinstance(result, CrmError) or whole:
                self._pending = None
                self._dim = False
            if self.is_mounted:
                self.show(self._page())
                self._look_behind()

        self.counter.ask("report", lambda: shown(session, wanted.name, wanted.asked), answer)
        if self._slow is not None:
            self._slow.stop()
        self._slow = self.set_timer(SLOW, self._fade)

    def _fade(self) -> None:
        """It takes its time: what is shown still are the old numbers."""
        if self._pending is not None:
            self._dim = True
            self.show(self._page())

    def on_job_result(self, event: JobResult) -> None:
        event.stop()
        self.counter.take(event)

    def _look_behind(self) -> None:
        """Have the figure under the cursor opened, for the words under the table."""
        figure, kept = self.view.figure, self._kept.get(self.name_asked)
        if figure is None or kept is None or not figure.rows:
            self.counter.drop("behind")
            self.view.show_behind(None)
            return
        known = self._openings.get((figure.part, figure.rows, figure.column))
        if known is not None:
            self.counter.drop("behind")
            self.view.show_behind(known)
            return
        if self._pending is None:
            self.counter.ask("behind", self._opening(kept, figure), self._opened_for(kept, figure))

    def _opening(self, kept: _Kept, figure: Figure) -> Any:
        session, wanted = self.session, kept.wanted
        return lambda: opening(session, wanted.name, wanted.asked, figure)

    def _opened_for(self, kept: _Kept, figure: Figure, then: Any = None) -> Any:
        def answer(result: Behind | CrmError) -> None:
            if isinstance(result, CrmError):
                self.refused(result)
                return
            if self._kept.get(kept.wanted.name) is kept:
                while len(self._openings) >= KEPT:
                    del self._openings[next(iter(self._openings))]
                self._openings[figure.part, figure.rows, figure.column] = result
            if then is not None:
                then(result)
            elif self.view.figure == figure and self.name_asked == kept.wanted.name:
                self.view.show_behind(result)

        return answer

    def on_report_view_moved(self, event: ReportView.Moved) -> None:
        self._look_behind()

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
        if self.name_asked == "now":  # it is about today, and here already
            idle = (
                hint_of(self, "stats.now"),
                hint_of(self, "stats.compare"),
                both("stats.before", "stats.on", _("period")),
            )
            found = [hint for hint in found if hint not in idle]
        return found

    def action_move(self, by: int) -> None:
        self.view.move(by)

    def action_page(self, by: int) -> None:
        self.view.move(by * max(self.size.height - 6, 1))

    def action_top(self) -> None:
        self.view.move(-10_000)

    def action_bottom(self) -> None:
        self.view.move(10_000)

    def action_column(self, by: int) -> None:
        self.view.move_aside(by)

    def action_open(self) -> None:
        figure, kept = self.view.figure, self._kept.get(self.name_asked)
        if figure is None or kept is None:
            self.explain_key("Enter", _("there is no figure under the cursor."))
            return
        if not figure.rows:
            self.explain_key("Enter", _("there is nothing behind this figure."))
            return

        def opened(found: Behind) -> None:
            self.view.show_behind(found)
            what = found.opened
            if not what.counted and not what.left_out:
                self.explain_key("Enter", _("there is nothing behind this figure."))
                return
            from tui_crm.tui.screens.stats.figure import FigureScreen

            screen = self.crm.screen_of(FigureScreen)
            pieces = words.opening(kept.shown.report, figure, found, self.session.currency)
            screen.look_at(what, kept.shown.report.title, figure.where, pieces)
            if self.crm.screen is self:
                self.app.push_screen(screen)

        known = self._openings.get((figure.part, figure.rows, figure.column))
        if known is not None:
            opened(known)
        else:
            self.counter.drop("behind")
            self.counter.ask(
                "open", self._opening(kept, figure), self._opened_for(kept, figure, opened)
            )

    def action_digit(self, digit: int) -> None:
        found = next((r.name for r in reports.names() if r.digit == digit), None)
        if found is None:
            self.explain_key(str(digit), _("no report has it."), hint_of(self, "stats.more"))
        else:
            self.choose_report(found, self.asked)

    def choose_report(self, name: str, asked: ReportFilters) -> None:
        """Show a report with these filters."""
        self.name_asked, self.asked = name, asked
        self._dim, self._problem = False, None
        self.counter.drop("open")
        self.reload()
        self._look_behind()

    def action_what_now(self) -> None:
        self.choose_report("now", self.asked)

    async def action_more_reports(self) -> None:
        others = [r for r in reports.names() if r.digit is None]
        saved = saved_views.views(self.session, "stats")
        options = [MenuOption(r.title, r.sentence) for r in others]
        options += [MenuOption(row.name, row.query, "accent") for row in saved]

        def chosen(index: int | None) -> None:
            if index is None:
                return
            if index < len(others):
                self.choose_report(others[index].name, self.asked)
            else:
                self._recall(saved[index - len(others)].query)

        await MenuSheet(_("reports"), _("and saved views"), options, also_leaves=("0",)).open(
            self, chosen
        )

    def action_period(self, by: int) -> None:
        shown_key = "[" if by < 0 else "]"
        if self.name_asked in filters.TIMELESS:
            self.explain_key(shown_key, _("this report is about today, whatever the period."))
            return
        kept = self._kept.get(self.name_asked)
        try:
            if self.asked.period and fold(self.asked.period) != "all":
                this = periods.period(self.asked.period, self.session.today)
            elif kept is not None:
                this = kept.shown.report.period
            else:
                return
            other = periods.previous(this) if by < 0 else periods.following(this)
            periods.period(other.label, self.session.today)  # not beyond the calendar
        except CrmError as error:
            self.refused(error)
            return
        self.choose_report(self.name_asked, replace(self.asked, period=other.label))

    def action_compare(self) -> None:
        if self.name_asked in filters.TIMELESS:
            self.explain_key("=", _("this report is about today: there is nothing before it."))
            return
        kept = self._kept.get(self.name_asked)
        if kept is not None and kept.shown.report.period.unit == "all":
            self.explain_key(
                "=", _("all time has no period before it."), hint_of(self, "always.search")
            )
            return
        asked = filters.next_comparison(self.name_asked, self.asked)
        said = {
            "previous": _("with the period before"),
            "year": _("with a year ago"),
            "": _("with nothing"),
        }[asked.compare or ""]
        self.choose_report(self.name_asked, asked)
        if not self._problem:
            self.say(Message(_("Compared"), "strong", said))

    async def action_filter(self) -> None:
        def entered(line: str | None) -> None:
            if line is not None:
                self.choose_report(self.name_asked, filters.parse(self.session, line).asked)

        await PromptSheet(
            _("filter"),
            _("all reports"),
            lambda text: filters.echo(self.session, text),
            value=f"{self.asked.line} ".lstrip(),
            sign="/",
            rows=2,
            empty_value="",
            empty_word=_("everything"),
            examples=make(
                (
                    _("last quarter  2026-q1  rep:me  list:Berlin  by:script  by:City  vs:year")
                    if self.name_asked == "lists"
                    else _("last quarter  2026-q1  rep:me  tag:hot  list:Berlin  by:week  vs:year"),
                    "dim",
                )
            ),
        ).open(self, entered)

    # -- saved views ---------------------------------------------------------------------------

    async def action_save_view(self) -> None:
        def named(name: str | None) -> None:
            query = f"{self.name_asked} {self.asked.line}".strip()
            if name and self.crm.perform(saved_views.save, "stats", name, query) is not None:
                self.say(Message(_("Saved"), "strong", name, note=_("v brings it back")))

        await PromptSheet(
            _("save view"),
            f"{self.name_asked} {self.asked.line}".strip(),
            rows=1,
            examples=make((_("a name for it, for instance: my quarter"), "dim")),
        ).open(self, named)

    def action_next_view(self) -> None:
        saved = saved_views.views(self.session, "stats")
        if not saved:
            self.explain_key("v", _("no view is saved yet."), Hint("V", _("save view")))
            return
        place = self._saved % len(saved)
        self._saved = place + 1
        self._recall(saved[place].query)
        note = _("{n} of {all}").format(n=place + 1, all=len(saved))
        self.say(Message(_("View"), "strong", saved[place].name, note=note))

    def _recall(self, query: str) -> None:
        name, _space, line = query.partition(" ")
        if name not in {r.name for r in reports.names()}:
            name, line = self.name_asked, query
        understood = filters.parse(self.session, line)
        self.choose_report(name, understood.asked)
        if understood.problems:
            self.say(Message("!", "due", understood.problems[0], subject_token="due"))
