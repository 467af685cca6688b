"""The page of a prospect list: what it brought, when its people answer, and who answers by a
column.

Everything is counted in the background, the quickest first; figures open from what was counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from textual.widget import Widget

from tui_crm.core.calling import (
    answer_rates,
    list_rules,
    session as calling_session,
)
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.lists import lists
from tui_crm.core.lists.lists import ListProgress, ProspectListInfo
from tui_crm.core.reports.lists import page as list_page
from tui_crm.core.reports.lists.page import Answers, Choice, Held
from tui_crm.core.text import _, ngettext
from tui_crm.tui.screens.base import CrmScreen, hint_of
from tui_crm.tui.screens.stats.background import JobQueue, JobResult, first_rows
from tui_crm.tui.widgets.charts import words
from tui_crm.tui.widgets.charts.list_page import COLUMN, HOURS, ListShown, order_words
from tui_crm.tui.widgets.charts.page import Figure
from tui_crm.tui.widgets.charts.view import ReportPage, ReportView
from tui_crm.tui.widgets.charts.words import Behind
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.list_page import ListPageView

KEPT = 64  # openings remembered while nothing is written


@dataclass
class _Known:
    """What was counted of a list so far, at which entry of the journal."""

    list_id: int
    entry: int = -1
    far: ListProgress | None = None
    figures: Held | None = None
    answers: Answers | None = None
    choices: tuple[Choice, ...] | None = None
    columns: dict[str, Held] = field(default_factory=dict)
    stale: set[str] = field(default_factory=set)  # columns counted before the last change
    openings: dict[Figure, Behind] = field(default_factory=dict)


class ListScreen(CrmScreen):
    """One list, looked at as a whole."""

    NAME = "list"
    TAB = "C"

    def __init__(self) -> None:
        super().__init__()
        self.view = ListPageView()
        self.counter = JobQueue(self, lambda: self.session.store)
        self.list_id: int | None = None
        self.column = ""  # the one chosen by its digit; empty: the best
        self._known = _Known(0)
        self._shown: tuple[Any, ListShown] | None = None
        self._problem = ""

    def middle(self) -> Iterable[Widget]:
        yield self.view

    def main(self) -> Widget:
        return self.view

    @property
    def counting(self) -> bool:
        """Whether something is being counted."""
        return self.counter.busy

    def look_at(self, list_id: int) -> None:
        """The list to show."""
        if list_id != self.list_id:
            self.list_id, self.column = list_id, ""
        if self.is_mounted:
            self.reload()

    # -- the contract --------------------------------------------------------------------------

    def reload(self) -> None:
        if self.list_id is None:
            self.list_id = calling_session.last_list(self.session)
        self._count()
        self.show(self._page())
        self.show_frame()

    def show(self, page: ReportPage) -> None:
        """A pure function of the page and the size."""
        self.view.show(page)

    def on_resize(self) -> None:
        if self.header.is_mounted:
            self.show(self._page())
            self.show_frame()

    def _page(self) -> ReportPage:
        session, known = self.session, self._known
        info = self._info()
        if info is None or self._problem:
            said = self._problem or _("There is no such list any more.")
            if self.list_id is None:
                said = _("No prospect list yet; C and then I imports one.")
            return ReportPage(_("List"), "", "", session.currency, session.today, said=said)
        come = _("from {source}").format(source=info.source) if info.source else ""
        far = ""
        if known.far is not None:
            rows = ngettext("{n} row", "{n} rows", known.far.rows).format(n=f"{known.far.rows:,}")
            far = _("{rows}, {n} done").format(rows=rows, n=f"{known.far.worked:,}")
        page = ReportPage(
            info.name, come, far, session.currency, session.today, said=_("counting …")
        )
        if known.figures is None:
            return page
        by = known.columns.get(self._column())
        parts = (known.figures, by, known.answers, known.choices, info.order_by, self._column())
        if self._shown is None or self._shown[0] != parts:
            self._shown = (
                parts,
                ListShown(
                    known.figures.report,
                    by_column=by.report if by else None,
                    hours=known.answers.held.report if known.answers else None,
                    columns=tuple(choice.name for choice in known.choices or ()),
                    column=self._column(),
                    order_by=info.order_by,
                    formula=answer_rates.formula(),
                    order_key=hint_of(self, "list.order").key,
                ),
            )
        return ReportPage(
            page.title, page.words, page.against, page.currency, page.today, self._shown[1]
        )

    def _info(self) -> ProspectListInfo | None:
        """The list as it is set up; None where there is none, or no more: an import was undone."""
        if self.list_id is None:
            return None
        try:
            return lists.get(self.session, self.list_id)
        except NotFound:
            return None

    def _column(self) -> str:
        """The column whose values are shown: the chosen one, else the best."""
        found = self._known.choices or ()
        names = [choice.name for choice in found]
        return self.column if self.column in names else names[0] if names else ""

    # -- counting ------------------------------------------------------------------------------

    def _count(self) -> None:
        """Ask for what is not known yet, or not as of now; old figures stay until new ones come."""
        number = self.list_id
        if number is None or self._info() is None:
            self._known = _Known(0)
            return
        session, entry = self.session, self.session.store.last_entry()
        if self._known.list_id != number:
            self._known, self._problem = _Known(number), ""
        known = self._known
        if known.entry != entry:
            known.entry = entry
            known.stale = set(known.columns)
            self.counter.drop("behind")
            self._ask("far", lambda: lists.list_progress(session, number))
            self._ask("figures", lambda: list_page.figures(session, number))
            self._ask("answers", lambda: list_page.answers(session, number))
            self._ask("choices", lambda: list_page.choices(session, number))
        self._count_column()

    def _count_column(self) -> None:
        session, known, column = self.session, self._known, self._column()
        if column and (column not in known.columns or column in known.stale):
            known.stale.discard(column)
            number = known.list_id
            self._ask("column", lambda: (column, list_page.by_column(session, number, column)))

    def _ask(self, kind: str, work: Callable[[], Any]) -> None:
        known = self._known

        def answer(result: Any) -> None:
            if known is not self._known:
                return
            if isinstance(result, CrmError):
                self._problem = str(result) if known.figures is None else ""
                self.refused(result)
            elif kind == "column":
                known.columns[result[0]] = result[1]
            else:
                setattr(known, kind, result)
            known.openings.clear()
            if kind == "choices":
                self._count_column()
            if self.is_mounted:
                self.show(self._page())
                self._look_behind()

        self.counter.ask(kind, work, answer)

    def on_job_result(self, event: JobResult) -> None:
        event.stop()
        self.counter.take(event)

    def _held(self, figure: Figure) -> Held | None:
        known = self._known
        if figure.part == HOURS:
            return known.answers.held if known.answers else None
        return known.columns.get(self._column()) if figure.part == COLUMN else known.figures

    def _look_behind(self) -> None:
        """Have the figure under the cursor opened, for the words under the page."""
        figure = self.view.figure
        if figure is None or not figure.rows:
            self.counter.drop("behind")
            self.view.show_behind(None)
            return
        found = self._known.openings.get(figure)
        if found is not None:
            self.counter.drop("behind")
            self.view.show_behind(found)
        else:
            self._open(figure, "behind", self.view.show_behind)

    def _open(self, figure: Figure, kind: str, then: Callable[[Behind], None]) -> None:
        held, session, known = self._held(figure), self.session, self._known
        if held is None:
            return

        def work() -> Behind:
            opened = held.open(figure.rows, figure.column)
            return Behind(opened, tuple(first_rows(session, opened)))

        def answer(result: Behind | CrmError) -> None:
            if isinstance(result, CrmError):
                self.refused(result)
                return
            while len(known.openings) >= KEPT:
                del known.openings[next(iter(known.openings))]
            if self._held(figure) is held:
                known.openings[figure] = result
            if kind == "open" or self.view.figure == figure:
                then(result)

        self.counter.ask(kind, work, answer)

    def on_report_view_moved(self, event: ReportView.Moved) -> None:
        self._look_behind()

    # -- keys ----------------------------------------------------------------------------------

    def hints(self) -> list[Hint]:
        found = super().hints()
        return [Hint(hint.key, _("column")) if hint.key == "1-9" else hint for hint in found]

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
        figure = self.view.figure
        if figure is None:
            self.explain_key("Enter", _("there is no figure under the cursor."))
        elif not figure.rows:
            self.explain_key("Enter", _("there is nothing behind this figure."))
        elif figure in self._known.openings:
            self._opened(figure, self._known.openings[figure])
        else:
            self.counter.drop("behind")
            self._open(figure, "open", lambda found: self._opened(figure, found))

    def _opened(self, figure: Figure, found: Behind) -> None:
        held, info = self._held(figure), self._info()
        if held is None or info is None or self.crm.screen is not self:
            return
        if not found.opened.counted and not found.opened.left_out:
            self.explain_key("Enter", _("there is nothing behind this figure."))
            return
        from tui_crm.tui.screens.stats.figure import FigureScreen

        screen = self.crm.screen_of(FigureScreen)
        alone = Figure(0, figure.rows, figure.column, figure.where, figure.value)
        pieces = words.sentence(held.report, alone, found, self.session.currency)
        screen.look_at(found.opened, info.name, figure.where, pieces)
        self.app.push_screen(screen)

    def action_digit(self, digit: int) -> None:
        found = self._known.choices or ()
        if digit > len(found):
            self.explain_key(str(digit), _("the list has no such column."))
            return
        self.column = found[digit - 1].name
        self._known.openings.clear()
        self._count_column()
        self.show(self._page())
        self._look_behind()

    def action_order(self) -> None:
        info = self._info()
        if info is None:
            self.explain_key(hint_of(self, "list.order").key, _("there is no list here."))
            return
        chosen = "" if info.order_by == "answer" else "answer"
        if self.crm.perform(list_rules.set_rules, info.id, order_by=chosen) is not None:
            self.say(
                Message(_("New rows"), "strong", order_words(chosen), right=Hint("u", _("undo")))
            )
