"""Leads: any list of leads, by a filter line; fifty thousand scroll like fifty."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from tui_crm.core.exchange.writers import on_screen
from tui_crm.core.leads import board, filter as lead_filter, views as lead_views
from tui_crm.core.leads.board import Group
from tui_crm.core.leads.filter import Listing
from tui_crm.core.leads.views import LeadView
from tui_crm.core.session import Session
from tui_crm.core.store import undo
from tui_crm.core.text import _, ngettext
from tui_crm.tui.screens.exporting import Exported
from tui_crm.tui.screens.leads.actions import LeadActions
from tui_crm.tui.screens.leads.filter import LeadFilter, short_sum
from tui_crm.tui.screens.leads.filter_state import FilterState
from tui_crm.tui.screens.leads.side_pane import AIR, WIDE, LeadPane
from tui_crm.tui.widgets import lead_rows
from tui_crm.tui.widgets.conversation import conversation
from tui_crm.tui.widgets.head_line import HeadLine
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lead_rows import Layout
from tui_crm.tui.widgets.lines import EMPTY, Line, make
from tui_crm.tui.widgets.record_list import Id, ListRows, RecordList, Row

PAGE = 64  # leads read at once
PAGES_KEPT = 12

Draw = Callable[[LeadView, int], Line]


def exported_leads(
    session: Session, query: str, numbers: Sequence[int], columns: Sequence[str]
) -> Exported:
    """The leads of a filter line, in their order and with their columns, to be written to a
    file."""
    count = ngettext("{n} lead", "{n} leads", len(numbers)).format(n=f"{len(numbers):,}")
    about = f"{count}  {query.strip()}".rstrip()
    write = partial(on_screen.leads, session, numbers, columns)
    return Exported(f"leads {query}", about, write)


class PagedLeads:
    """The rows of a list of lead numbers; the leads are read page by page, as they come into
    view. Where there is a ``head``, ``-1`` among the numbers is ``head(0)``, ``-2`` is ``head(1)``
    …, and 0 a blank row. ``scored``: with the chance of each lead."""

    def __init__(
        self,
        session: Session,
        numbers: array[int],
        draw: Draw,
        head: Callable[[int], Row] | None = None,
        *,
        scored: bool = False,
    ) -> None:
        self._session, self._numbers, self._draw, self._head = session, numbers, draw, head
        self._scored = scored
        self._pages: dict[int, dict[int, LeadView]] = {}
        self._places: dict[Id, int] | None = None
        self._again: dict[int, Id] = {}  # ids of the rows of leads that stand in several groups
        if head is not None:
            seen: set[int] = set()
            under = 0
            for place, number in enumerate(numbers):
                under = -number if number < 0 else under
                if number > 0 and number in seen:
                    self._again[place] = (number, under)
                seen.add(number)

    def __len__(self) -> int:
        return len(self._numbers)

    def row(self, index: int) -> Row:
        number = self._numbers[index]
        if number <= 0:
            return self._head(-number - 1) if number and self._head else Row.blank()

        def draw(width: int) -> Line:
            lead = self._page(index // PAGE).get(number)
            if lead is None:  # taken away by somebody since the order was made
                return make((f"  {_('gone')}", "dim"))
            return self._draw(lead, width)

        return Row.item(self._again.get(index, number), draw)

    def index(self, id: Id) -> int | None:
        if self._places is None:
            self._places = {
                self._again.get(place, number): place
                for place, number in enumerate(self._numbers)
                if number > 0
            }
        return self._places.get(id)

    def head_of(self, index: int) -> int | None:
        """The place among the heads of the one that a row stands under."""
        return next((-n - 1 for n in self._numbers[: index + 1][::-1] if n < 0), None)

    def lead(self, number: int | None) -> LeadView | None:
        """The lead of that number; None where it is not in the list, or gone."""
        place = self.index(number)
        return None if place is None else self._page(place // PAGE).get(self._numbers[place])

    def _page(self, page: int) -> dict[int, LeadView]:
        if page not in self._pages:
            while len(self._pages) >= PAGES_KEPT:
                del self._pages[next(iter(self._pages))]
            numbers = [n for n in self._numbers[page * PAGE : (page + 1) * PAGE] if n > 0]
            found = lead_views.by_numbers(self._session, numbers, scored=self._scored)
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
        self.groups: tuple[Group, ...] = ()
        self._paged: PagedLeads | None = None
        self._minute = ""

    def middle(self) -> Iterable[Widget]:
        yield self.filter.head
        yield Horizontal(Vertical(self.names, self.records), self.pane, id="panes")

    def main(self) -> Widget:
        return self.records

    # -- showing -------------------------------------------------------------------------------

    def _read(self, query: str, most: int | None) -> Listing:
        self.groups = ()
        if most is not None and "group:" not in query:
            return lead_filter.first(self.session, query, most)
        found = lead_filter.listing(self.session, query)
        if not found.filter.group:
            return found
        self.groups = board.groups(self.session, found)
        order = dict.fromkeys(number for group in self.groups for number in group.numbers)
        return replace(found, numbers=array("q", order))

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
        read = self.filter.found.filter

        def columns(width: int) -> Layout:
            if width not in made:
                made[width] = lead_rows.layout(
                    width, largest, pane=beside, compact=compact, chosen=read.columns
                )
            return made[width]

        def draw(lead: LeadView, width: int) -> Line:
            return lead_rows.row(lead, columns(width), now, currency, lead.number in marks)

        self.names.show(
            lambda width: lead_rows.head(columns(width), read.sort, read.descending),
            air=self.size.height >= AIR,
        )
        entries = self._grouped() if self.groups else numbers
        head = self._head if self.groups else None
        scored = "score" in read.columns
        self._paged = PagedLeads(session, entries, draw, head, scored=scored) if numbers else None
        if self._paged is not None:
            self.records.show(self._paged)
        else:
            self.records.show(ListRows([Row.text(line) for line in self.filter.empty_lines()]))
        self._show_pane()

    def _grouped(self) -> array[int]:
        """The rows of the groups as `PagedLeads` reads them."""
        entries = array("q")
        for place, group in enumerate(self.groups):
            if place and self.size.height >= AIR:
                entries.append(0)
            entries.append(-place - 1)
            entries.extend(group.numbers)
        return entries

    def _head(self, place: int) -> Row:
        """The head of a group."""
        group = self.groups[place]
        note = short_sum(group.amount, self.session.currency)
        return Row.section(self._name_of(group), f"{len(group.numbers):,}", note)

    def _name_of(self, group: Group) -> str:
        """What a group is called."""
        without = {"owner": _("nobody's"), "tag": _("no tag"), "client": _("no client")}
        by = self.filter.found.filter.group if self.filter.found is not None else ""
        return group.name or without.get(by, "") or _("none")

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
        if isinstance(found, tuple):  # in one more of its groups
            found = found[0]
        return found if isinstance(found, int) else None

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        number = self.subject()
        if number is not None and self.filter.found is not None:
            self.crm.open_lead(number, self.filter.found.numbers)

    def action_move(self, by: int) -> None:
        self.records.action_move(by)

    def marked(self) -> list[int]:
        return self.filter.marked()

    def order(self) -> Sequence[int]:
        return self.filter.found.numbers if self.filter.found is not None else ()

    def section(self) -> tuple[str, Sequence[int]]:
        place = self._paged.head_of(self.records.cursor_index) if self._paged else None
        if place is None:
            return super().section()
        group = self.groups[place]
        return self._name_of(group), group.numbers

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
    async def action_group(self) -> None:
        await self.filter.choose_group()

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

    def empty_hints(self) -> Sequence[str]:
        return self.filter.empty_hints()

    def exported(self) -> Exported | None:
        found = self.filter.found
        if found is None or not found.numbers:
            return None
        numbers = list(found.numbers)
        columns = found.filter.columns or lead_rows.SHOWN
        return exported_leads(self.session, self.filter_state.query, numbers, columns)

    def action_switch_view(self) -> None:
        """From the list to the compact list to the board."""
        if self.size.width >= WIDE and not self.compact:
            self.compact = True
            self.reload()
        else:
            self.compact = False
            self.crm.go("board")
