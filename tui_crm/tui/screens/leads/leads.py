"""Leads: any list of leads, by a filter line; fifty thousand scroll like fifty."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence

from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from tui_crm.core.leads import filter as lead_filter, views as lead_views
from tui_crm.core.leads.filter import Listing
from tui_crm.core.leads.views import LeadView
from tui_crm.core.session import Session
from tui_crm.core.store import undo
from tui_crm.core.text import _
from tui_crm.tui.screens.leads.actions import LeadActions
from tui_crm.tui.screens.leads.filter import LeadFilter
from tui_crm.tui.screens.leads.filter_state import FilterState
from tui_crm.tui.screens.leads.side_pane import AIR, WIDE, LeadPane
from tui_crm.tui.widgets import lead_rows
from tui_crm.tui.widgets.conversation import conversation
from tui_crm.tui.widgets.head_line import HeadLine
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lead_rows import Layout
from tui_crm.tui.widgets.lines import EMPTY, Line, make
from tui_crm.tui.widgets.record_list import ListRows, RecordList, Row

PAGE = 64  # leads read at once
PAGES_KEPT = 12

Draw = Callable[[LeadView, int], Line]


class PagedLeads:
    """The rows of a list of lead numbers; the leads are read page by page, as they come into
    view."""

    def __init__(self, session: Session, numbers: array[int], draw: Draw) -> None:
        self._session, self._numbers, self._draw = session, numbers, draw
        self._pages: dict[int, dict[int, LeadView]] = {}
        self._places: dict[int, int] | None = None

    def __len__(self) -> int:
        return len(self._numbers)

    def row(self, index: int) -> Row:
        number = self._numbers[index]

        def draw(width: int) -> Line:
            lead = self._page(index // PAGE).get(number)
            if lead is None:  # taken away by somebody since the order was made
                return make((f"  {_('gone')}", "dim"))
            return self._draw(lead, width)

        return Row.item(number, draw)

    def index(self, id: object) -> int | None:
        if self._places is None:
            self._places = {number: place for place, number in enumerate(self._numbers)}
        return self._places.get(id) if isinstance(id, int) else None

    def lead(self, number: int | None) -> LeadView | None:
        """The lead of that number; None where it is not in the list, or gone."""
        place = self.index(number)
        return None if place is None else self._page(place // PAGE).get(self._numbers[place])

    def _page(self, page: int) -> dict[int, LeadView]:
        if page not in self._pages:
            while len(self._pages) >= PAGES_KEPT:
                del self._pages[next(iter(self._pages))]
            numbers = self._numbers[page * PAGE : (page + 1) * PAGE]
            found = lead_views.by_numbers(self._session, list(numbers))
            self._pages[page] = {lead.number: lead for lead in found}
        return self._pages[page]


class LeadsScreen(LeadActions):
    """The list of leads, with the lead beside it where there is room, or more columns."""

    NAME = "leads"
    TAB = "L"

    def __init__(self) -> None:
        super().__init__()
        self.filter_state = FilterState()
        self.filter = LeadFilter(self, lambda: self.filter_state, self._read, self.show_found)
        self.names = HeadLine()
        self.records = RecordList()
        self.pane = LeadPane()
        self.compact = False
        self._paged: PagedLeads | None = None
        self._minute = ""

    def middle(self) -> Iterable[Widget]:
        yield self.filter.head
        yield Horizontal(Vertical(self.names, self.records), self.pane, id="panes")

    def main(self) -> Widget:
        return self.records

    # -- showing -------------------------------------------------------------------------------

    def _read(self, query: str, most: int | None) -> Listing:
        if most is not None:
            return lead_filter.first(self.session, query, most)
        return lead_filter.listing(self.session, query)

    def reload(self) -> None:
        self.filter.reload()
        self.show_frame()

    @property
    def beside(self) -> bool:
        """Whether the lead under the cursor stands beside the list."""
        return self.size.width >= WIDE and not self.compact

    def show_found(self) -> None:
        """Show the leads that the filter finds."""
        if self.filter.found is None:
            return
        session, numbers = self.session, self.filter.found.numbers
        now, currency = session.now, session.currency
        largest = max(numbers, default=0)
        beside, compact, marks = self.beside, self.compact, frozenset(self.marks)
        self._minute = f"{now:%H%M}"
        made: dict[int, Layout] = {}

        def columns(width: int) -> Layout:
            if width not in made:
                made[width] = lead_rows.layout(width, largest, pane=beside, compact=compact)
            return made[width]

        def draw(lead: LeadView, width: int) -> Line:
            return lead_rows.row(lead, columns(width), now, currency, lead.number in marks)

        read = self.filter.found.filter
        self.names.show(
            lambda width: lead_rows.head(columns(width), read.sort, read.descending),
            air=self.size.height >= AIR,
        )
        self._paged = PagedLeads(session, numbers, draw) if numbers else None
        if self._paged is not None:
            self.records.show(self._paged)
        else:
            self.records.show(ListRows([Row.text(line) for line in self.filter.empty_lines()]))
        self._show_pane()

    def _show_pane(self, moved: bool = False) -> None:
        number = self.subject()
        # The rows in view are read for the list anyway.
        lead = self._paged.lead(number) if self._paged and self.beside else None
        self.pane.show_lead(self.session, number, self.beside, lead=lead, moved=moved)

    def tick(self) -> None:
        # What was due in a minute may be late now; the rows in view are read again.
        if f"{self.session.now:%H%M}" != self._minute:
            self.reload()

    def summary(self) -> Line:
        # On a narrow terminal, often a slow line, a move sends the two rows of the list only.
        wide = self.size.width >= WIDE
        return self.filter.summary(self.filter.position(self.subject()) if wide else EMPTY)

    def on_record_list_moved(self, event: RecordList.Moved) -> None:
        self._show_pane(moved=True)
        if self.size.width >= WIDE:
            self.show_summary()

    # -- the lead under the cursor -------------------------------------------------------------

    def subject(self) -> int | None:
        found = self.records.cursor_id
        return found if isinstance(found, int) else None

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        if isinstance(event.id, int) and self.filter.found is not None:
            self.crm.open_lead(event.id, self.filter.found.numbers)

    def action_move(self, by: int) -> None:
        self.records.action_move(by)

    def marked(self) -> list[int]:
        return self.filter.marked()

    def order(self) -> Sequence[int]:
        return self.filter.found.numbers if self.filter.found is not None else ()

    def action_mark(self) -> None:
        self.filter.toggle_mark()

    def after_undo(self, undone: undo.Undone) -> None:
        if undone.lead_id is not None:
            self.records.jump(undone.lead_id)

    def made_lead(self, number: int) -> None:
        if not self.records.jump(number):
            self.say(
                Message(
                    _("New"),
                    "strong",
                    f"#{number}",
                    note=_("the filter leaves it out"),
                    right=Hint("u", _("undo")),
                )
            )

    # -- filter, order, views ------------------------------------------------------------------

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

    def action_digit(self, digit: int) -> None:
        self.filter.open_view(digit)

    def action_switch_view(self) -> None:
        """From the list to the compact list to the board."""
        if self.size.width >= WIDE and not self.compact:
            self.compact = True
            self.reload()
        else:
            self.compact = False
            self.crm.go("board")
