"""The page of a prospect list: what it brought, when its people answer, and who answers by a
column.

Everything is counted in the background, the quickest first; figures open from what was counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from tui_crm.core.calling import answer_rates, list_rules, session as calling_session
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.exchange.as_text.document import refuse_too_many
from tui_crm.core.lists import filter as list_filter, lists
from tui_crm.core.lists.lists import ListProgress, ProspectListInfo
from tui_crm.core.reports.lists import page as list_page
from tui_crm.core.reports.lists.page import AnswerHours, ColumnChoice
from tui_crm.core.reports.registry import ComputedReport
from tui_crm.core.text import _, ngettext
from tui_crm.tui.screens.base import hint_of
from tui_crm.tui.screens.exporting import Exported, exported_list
from tui_crm.tui.screens.stats.figure_page import FigurePage, FigureSource
from tui_crm.tui.widgets.charts import details as figure_details
from tui_crm.tui.widgets.charts.details import FigureDetails, Piece
from tui_crm.tui.widgets.charts.list_page import (
    COLUMN,
    HOURS,
    ListChartData,
    ListPageView,
    order_words,
)
from tui_crm.tui.widgets.charts.page import Figure
from tui_crm.tui.widgets.charts.view import ReportPage
from tui_crm.tui.widgets.conversation import conversation
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import make


@dataclass
class _Counted:
    """What was counted of a list so far, at which entry of the journal."""

    list_id: int
    entry: int = -1
    how_far: ListProgress | None = None
    figures: ComputedReport | None = None
    answers: AnswerHours | None = None
    choices: tuple[ColumnChoice, ...] | None = None
    columns: dict[str, ComputedReport] = field(default_factory=dict)
    stale: set[str] = field(default_factory=set)  # columns counted before the last change


class ListScreen(FigurePage):
    """One list, looked at as a whole."""

    NAME = "list"
    TAB = "C"

    def __init__(self) -> None:
        super().__init__(ListPageView())
        self.list_id: int | None = None
        self.column = ""  # the one chosen by its digit; empty: the best
        self._counted = _Counted(0)
        self._data: tuple[tuple[object, ...], ListChartData] | None = None
        self._problem = ""

    def look_at(self, list_id: int) -> None:
        """Show this list."""
        if list_id != self.list_id:
            self.list_id, self.column = list_id, ""
        if self.is_mounted:
            self.reload()

    # -- the contract --------------------------------------------------------------------------

    def reload(self) -> None:
        if self.list_id is None:
            self.list_id = calling_session.last_list(self.session)
        self._count()
        self.show(self.report_page())
        self.show_frame()

    def report_page(self) -> ReportPage:
        session, counted = self.session, self._counted
        info = self._info()
        page = ReportPage(
            title=_("List"),
            subtitle="",
            aside="",
            currency=session.currency,
            today=session.today,
        )
        if info is None or self._problem:
            message = self._problem or _("There is no such list any more.")
            if self.list_id is None:
                message = _("No prospect list yet; C and then I imports one.")
            return replace(page, message=message)
        aside = ""
        if counted.how_far is not None:
            far = counted.how_far
            rows = ngettext("{n} row", "{n} rows", far.rows).format(n=f"{far.rows:,}")
            aside = _("{rows}, {n} done").format(rows=rows, n=f"{far.worked:,}")
        return replace(
            page,
            title=info.name,
            subtitle=_("from {source}").format(source=info.source) if info.source else "",
            aside=aside,
            message=_("counting …"),
            data=self._chart_data(info),
        )

    def _chart_data(self, info: ProspectListInfo) -> ListChartData | None:
        """The figures that are counted; the same object as long as they are the same."""
        counted, column = self._counted, self._column()
        if counted.figures is None:
            return None
        by_column, answers, choices = counted.columns.get(column), counted.answers, counted.choices
        made_of = (counted.figures, by_column, answers, choices, info.order_by, column)
        if self._data is None or self._data[0] != made_of:
            data = ListChartData(
                counted.figures.report,
                by_column=by_column.report if by_column else None,
                hours=answers.computed.report if answers else None,
                columns=tuple(choice.name for choice in choices or ()),
                column=column,
                order_by=info.order_by,
                formula=answer_rates.formula(),
                order_key=hint_of(self, "list.order").key,
            )
            self._data = made_of, data
        return self._data[1]

    def exported(self) -> Exported | None:
        info = self._info()
        return exported_list(self.session, info.name) if info is not None else None

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
        names = [choice.name for choice in self._counted.choices or ()]
        return self.column if self.column in names else names[0] if names else ""

    # -- counting ------------------------------------------------------------------------------

    def _count(self) -> None:
        """Have counted what is not known yet or not up to date; old figures stay until then."""
        list_id = self.list_id
        if list_id is None or self._info() is None:
            self._counted = _Counted(0)
            return
        session, entry = self.session, self.session.store.last_entry()
        if self._counted.list_id != list_id:
            self._counted, self._problem = _Counted(list_id), ""
        counted = self._counted
        if counted.entry != entry:
            counted.entry = entry
            counted.stale = set(counted.columns)
            self.jobs.cancel("details")
            self._submit("how_far", partial(lists.list_progress, session, list_id))
            self._submit("figures", partial(list_page.figures, session, list_id))
            self._submit("answers", partial(list_page.answer_hours, session, list_id))
            self._submit("choices", partial(list_page.column_choices, session, list_id))
        self._count_column()

    def _count_column(self) -> None:
        """Have the figures by the values of the column counted."""
        session, counted, column = self.session, self._counted, self._column()
        if column and (column not in counted.columns or column in counted.stale):
            counted.stale.discard(column)
            list_id = counted.list_id
            self._submit("column", lambda: (column, list_page.by_column(session, list_id, column)))

    def _submit(self, kind: str, work: Callable[[], Any]) -> None:
        """A job whose result is the field ``kind`` of what is counted; of ``column`` one of its
        columns."""
        counted = self._counted

        def receive(result: Any) -> None:
            if counted is not self._counted:
                return
            if isinstance(result, CrmError):
                self._problem = str(result) if counted.figures is None else ""
                self.refused(result)
            elif kind == "column":
                column, computed = result
                counted.columns[column] = computed
            else:
                setattr(counted, kind, result)
            if kind == "choices":
                self._count_column()
            self.show_counted()

        self.jobs.submit(kind, work, receive)

    # -- figures -------------------------------------------------------------------------------

    def _computed(self, figure: Figure) -> ComputedReport | None:
        """The report that a figure on the page is of."""
        counted = self._counted
        if figure.part == HOURS:
            return counted.answers.computed if counted.answers else None
        return counted.columns.get(self._column()) if figure.part == COLUMN else counted.figures

    def source_of(self, figure: Figure) -> FigureSource | None:
        computed = self._computed(figure)
        if computed is None:
            return None
        return FigureSource(computed, partial(computed.open, figure.rows, figure.column))

    def opening_words(
        self, figure: Figure, details: FigureDetails
    ) -> tuple[str, Sequence[Piece]] | None:
        computed, info = self._computed(figure), self._info()
        if computed is None or info is None:
            return None
        alone, currency = replace(figure, part=0), self.session.currency
        return info.name, figure_details.sentence(computed.report, alone, details, currency)

    # -- keys ----------------------------------------------------------------------------------

    def hints(self) -> list[Hint]:
        return [
            Hint(hint.key, _("column")) if hint.key == "1-9" else hint for hint in super().hints()
        ]

    def action_digit(self, digit: int) -> None:
        choices = self._counted.choices or ()
        if digit > len(choices):
            self.explain_key(str(digit), _("the list has no such column."))
            return
        self.column = choices[digit - 1].name
        self._count_column()
        self.show(self.report_page())
        self.load_details()

    @conversation
    async def action_edit_text(self) -> None:
        """Rows of the list in the user's editor: all, or those that a filter finds."""
        info = self._info()
        if info is None:
            self.explain_key("ctrl+e", _("there is no list here."))
            return
        from tui_crm.core.exchange.as_text.prospects import ProspectRecords
        from tui_crm.tui.screens.dialogs.edit_text import edit_as_text

        query: list[str] = []
        list_id = info.id

        def choose(text: str) -> bool:
            refuse_too_many(list_filter.count(self.session, list_id, text))
            query.append(text)
            return True

        await self.edit_line(
            _("rows to edit"),
            info.name,
            choose,
            place=None,
            examples=make((_("for instance: city:bilbao, or state:retry"), "dim")),
            rows=1,
            empty_value="",
            empty_word=_("all of them"),
        )
        for text in query:
            await edit_as_text(self, partial(ProspectRecords, self.session, list_id, text))

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
