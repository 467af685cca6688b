"""The board: the leads of the filter line, one column for each step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.containers import Horizontal
from textual.widget import Widget

from tui_crm.core import money
from tui_crm.core.leads import board, history as lead_history, views as lead_views
from tui_crm.core.leads.board import Board, BoardColumn
from tui_crm.core.leads.filter import Listing
from tui_crm.core.leads.views import LeadView
from tui_crm.core.store import undo
from tui_crm.core.text import _, ngettext
from tui_crm.tui.screens.base import hint_of
from tui_crm.tui.screens.exporting import Exported
from tui_crm.tui.screens.leads.actions import LeadActions
from tui_crm.tui.screens.leads.filter import LeadFilter
from tui_crm.tui.screens.leads.leads import LeadsScreen, exported_leads
from tui_crm.tui.screens.leads.side_pane import AIR
from tui_crm.tui.terminal import glyphs
from tui_crm.tui.widgets import lead_rows
from tui_crm.tui.widgets.board_columns import (
    BoardColumnWidget,
    BoardFocus,
    ColumnView,
    VerticalRule,
)
from tui_crm.tui.widgets.conversation import conversation
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lines import EMPTY, Line, cells, clip, join, make

MOST_COLUMNS = 8  # side by side, on the widest terminal
COLUMN_WIDTH = 24  # cells that the column of a step needs


class BoardScreen(LeadActions):
    """Cards of two rows; left and right go from step to step, `>` and `<` take the lead along."""

    NAME = "board"
    TAB = "L"

    def __init__(self) -> None:
        super().__init__()
        self.filter = LeadFilter(
            self,
            lambda: self.crm.screen_of(LeadsScreen).filter_state,
            self._read,
            self.show_found,
        )
        self.columns = [BoardColumnWidget() for _column in range(MOST_COLUMNS)]
        self.rules = [VerticalRule() for _column in range(MOST_COLUMNS - 1)]
        self.focus_holder = BoardFocus()
        self.board: Board | None = None
        self._number: int | None = None  # the lead under the cursor
        self._column = 0
        self._place = 0  # of the cursor in its column, from 0
        self._first = 0  # the first column in view
        self._leads: dict[int, LeadView] = {}

    def middle(self) -> Iterable[Widget]:
        yield self.filter.head
        widgets: list[Widget] = [self.columns[0]]
        for rule, column in zip(self.rules, self.columns[1:], strict=True):
            widgets += [rule, column]
        yield Horizontal(*widgets, id="board-columns")
        yield self.focus_holder

    def main(self) -> Widget:
        return self.focus_holder

    # -- showing -------------------------------------------------------------------------------

    def reload(self) -> None:
        self.filter.reload()
        self.show_frame()

    def _read(self, query: str, _most: int | None) -> Listing:
        # All of them, also while a line is typed: the heads of the columns add them up.
        self._leads = {}
        self.board = board.board(self.session, query)
        return self.board.listing

    @property
    def in_view(self) -> int:
        """How many columns stand side by side."""
        there = len(self.board.columns) if self.board else 1
        return max(1, min(MOST_COLUMNS, there, self.size.width // COLUMN_WIDTH))

    def show_found(self) -> None:
        """Show the columns of the leads that the filter finds."""
        if self.board is None:
            return
        empty = not self.board.listing.numbers
        self.focus_holder.show(self.filter.empty_lines() if empty else [])
        self.query_one("#board-columns").display = not empty
        self._keep_cursor()
        self._show_columns()

    def _keep_cursor(self) -> None:
        """Keep the cursor on its lead, else in its place, else on the nearest card there is."""
        assert self.board is not None
        columns = self.board.columns
        at = self.board.column_of(self._number) if self._number is not None else None
        if at is not None and self._number is not None:
            self._column, self._place = at, columns[at].numbers.index(self._number)
            return
        self._column = min(self._column, max(len(columns) - 1, 0))
        if columns and not columns[self._column].numbers:
            filled = [i for i, c in enumerate(columns) if c.numbers]
            if filled:
                self._column = min(filled, key=lambda i: abs(i - self._column))
        self._put_cursor(self._column, self._place)

    def _put_cursor(self, column: int, place: int) -> None:
        """Put the cursor on a card, or on the last of its column where there are fewer."""
        assert self.board is not None
        self._column = column
        numbers = self.board.columns[column].numbers if self.board.columns else []
        self._place = max(0, min(place, len(numbers) - 1))
        self._number = numbers[self._place] if numbers else None

    def _show_columns(self) -> None:
        assert self.board is not None
        columns, shown = self.board.columns, self.in_view
        before = self._first
        # The column with the cursor stays in the middle.
        self._first = max(0, min(self._column - shown // 2, len(columns) - shown))
        total = self.board.listing.amount
        for place, widget in enumerate(self.columns):
            widget.display = place < shown
            if place:
                self.rules[place - 1].display = place < shown
            if place >= shown:
                continue
            index = self._first + place
            widget.show(self._view_of(columns[index], index, total), from_top=before != self._first)

    def _view_of(self, column: BoardColumn, index: int, total: int) -> ColumnView:
        # The name of a pipeline stands over its first step in view.
        before = self.board.columns[index - 1].step if self.board and index > self._first else None
        several = self.board is not None and self.board.pipelines > 1
        first = before is None or before.pipeline != column.step.pipeline
        low = self.size.height < AIR
        session, marks = self.session, self.marks
        now, currency = session.now, session.currency

        def cards(first: int, count: int, width: int) -> Sequence[Sequence[Line]]:
            numbers = list(column.numbers[first : first + count])
            wanted = [n for n in numbers if n not in self._leads]
            for lead in lead_views.by_numbers(session, wanted):
                self._leads[lead.number] = lead
            return [
                lead_rows.card(self._leads[n], width, now, currency, n in marks, low=low)
                for n in numbers
                if n in self._leads
            ]

        return ColumnView(
            name=column.step.name,
            pipeline=column.step.pipeline if several and first else "",
            count=len(column.numbers),
            amount=money.compact(column.amount, currency),
            share=column.amount / total if total else 0.0,
            cards=cards,
            active=index == self._column,
            cursor=self._place if index == self._column and column.numbers else None,
            air=not low,
        )

    def empty_hints(self) -> Sequence[str]:
        return self.filter.empty_hints()

    def exported(self) -> Exported | None:
        found = self.filter.found
        if found is None or not found.numbers:
            return None
        query = self.crm.screen_of(LeadsScreen).filter_state.query
        columns = found.filter.columns or lead_rows.SHOWN
        return exported_leads(self.session, query, list(found.numbers), columns)

    def summary(self) -> Line:
        if self.marks:
            return self.filter.summary(EMPTY)
        if self.board is None:
            return EMPTY
        width = self.size.width - 2
        left = self._first
        right = len(self.board.columns) - self._first - self.in_view
        drawn = glyphs.active()

        def steps(count: int) -> str:
            return ngettext("{n} step", "{n} steps", count).format(n=count)

        before = make((f"{drawn.back} {steps(left)}", "dim")) if left > 0 else EMPTY
        after = make((f"{steps(right)} {drawn.entry}", "dim")) if right > 0 else EMPTY
        room = width - cells(before) - cells(after) - 6
        return join((before, clip(self._about(), room), after, self.filter.view_name()), "   ")

    def _about(self) -> Line:
        """The lead under the cursor, and how many days it has been on its step."""
        lead = self._leads.get(self._number or 0)
        if lead is None:
            return EMPTY
        moved = next(
            (
                line.at.date()
                for line in lead_history.history(self.session, lead.number)
                if line.system and line.kind == "step"
            ),
            lead.created,
        )
        days = (self.session.today - moved).days
        stays = ngettext("in {step} {n} day", "in {step} {n} days", days).format(
            step=lead.step, n=days
        )
        return make((f"#{lead.number} {lead.title}", "text"), (f"   {stays}", "dim"))

    # -- moving --------------------------------------------------------------------------------

    def subject(self) -> int | None:
        return self._number

    def _move_to(self, column: int, place: int) -> None:
        if self.board is None or not self.board.columns:
            return
        self._put_cursor(max(0, min(column, len(self.board.columns) - 1)), place)
        self._show_columns()
        self.show_summary()

    def action_move(self, by: int) -> None:
        self._move_to(self._column, self._place + by)

    def action_column(self, by: int) -> None:
        self._move_to(self._column + by, self._place)

    def action_page(self, by: int) -> None:
        widget = self.columns[self._column - self._first]
        self._move_to(self._column, self._place + by * max(widget.room - 1, 1))

    def action_top(self) -> None:
        self._move_to(self._column, 0)

    def action_bottom(self) -> None:
        self._move_to(self._column, 1_000_000_000)

    def action_open(self) -> None:
        if self._number is not None and self.board is not None:
            self.crm.open_lead(self._number, self.board.columns[self._column].numbers)

    def after_undo(self, undone: undo.Undone) -> None:
        if undone.lead_id is not None:
            self._find_lead(undone.lead_id)

    def made_lead(self, number: int) -> None:
        if not self._find_lead(number):
            self.say(
                Message(
                    _("New"),
                    "strong",
                    f"#{number}",
                    note=_("the filter leaves it out"),
                    right=Hint("u", _("undo")),
                )
            )

    def _find_lead(self, number: int) -> bool:
        if self.board is None or self.board.column_of(number) is None:
            return False
        self._number = number
        self._keep_cursor()
        self._show_columns()
        return True

    def hints(self) -> list[Hint]:
        # The same key as in Leads, and the other way.
        switch = hint_of(self, "leads.view").key
        return [Hint(h.key, _("list")) if h.key == switch else h for h in super().hints()]

    # -- filter, order, views, marks -----------------------------------------------------------

    @conversation
    async def action_filter(self) -> None:
        await self.filter.edit()

    @conversation
    async def action_sort(self) -> None:
        await self.filter.choose_sort()

    @conversation
    async def action_save_view(self) -> None:
        await self.filter.save_view()

    def action_drop_word(self) -> None:
        self.filter.drop_word()

    @conversation
    async def action_views(self) -> None:
        await self.filter.choose_view()

    def action_digit(self, digit: int) -> None:
        self.filter.open_view(digit)

    def marked(self) -> list[int]:
        return self.filter.marked()

    def order(self) -> list[int]:
        columns = self.board.columns if self.board is not None else ()
        return [number for column in columns for number in column.numbers]

    def section(self) -> tuple[str, Sequence[int]]:
        if self.board is None or not self.board.columns:
            return "", ()
        column = self.board.columns[self._column]
        return column.step.name, column.numbers

    def action_mark(self) -> None:
        self.filter.toggle_mark()

    def action_switch_view(self) -> None:
        self.crm.go("leads")
