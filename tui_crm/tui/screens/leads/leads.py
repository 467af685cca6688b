"""Leads: any list of leads, by a filter line; fifty thousand scroll like fifty."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable

from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from tui_crm.core.leads import views as lead_views
from tui_crm.core.leads.views import LeadView
from tui_crm.core.session import Session
from tui_crm.core.store import undo
from tui_crm.core.text import _
from tui_crm.tui.screens.leads.filter import FilteredLeads, Narrowing
from tui_crm.tui.screens.leads.side_pane import LeadPane
from tui_crm.tui.widgets import lead_rows
from tui_crm.tui.widgets.canvas import LineWidget
from tui_crm.tui.widgets.hints import Hint, Message
from tui_crm.tui.widgets.lead_rows import Layout
from tui_crm.tui.widgets.lines import EMPTY, Line, beside, indent, make, rule
from tui_crm.tui.widgets.record_list import ListRows, RecordList, Row

PAGE = 64  # leads read at once
KEPT = 12  # pages kept
AIR = 32  # rows from which the column heads have a hairline and air
PANES = 100  # columns from which the lead stands beside the list

Draw = Callable[[LeadView, int], Line]


class PagedLeads:
    """The rows of a list of lead numbers; the leads are read page by page, as they come in
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
        return self._places.get(id)  # type: ignore[call-overload, no-any-return]

    def _page(self, page: int) -> dict[int, LeadView]:
        if page not in self._pages:
            while len(self._pages) >= KEPT:
                del self._pages[next(iter(self._pages))]
            numbers = self._numbers[page * PAGE : (page + 1) * PAGE]
            found = lead_views.by_numbers(self._session, list(numbers))
            self._pages[page] = {lead.number: lead for lead in found}
        return self._pages[page]


class ColumnHead(LineWidget):
    """The names of the columns; from 32 rows with air above and a hairline below."""

    DEFAULT_CSS = "ColumnHead { height: 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._builder: Callable[[int], Line] = lambda width: EMPTY

    def show(self, builder: Callable[[int], Line], air: bool) -> None:
        """Show the names; ``air`` takes three rows."""
        self.styles.height = 3 if air else 1
        self._builder = builder
        self.redraw()

    def draw(self, width: int, height: int) -> list[Line]:
        names = indent(self._builder(width - 2))
        return [names] if height < 3 else [EMPTY, names, indent(rule(width - 2))]


class LeadsScreen(FilteredLeads):
    """The list of leads, with the lead beside it where there is room, or more columns."""

    NAME = "leads"
    TAB = "L"

    def __init__(self) -> None:
        super().__init__()
        self.names = ColumnHead()
        self.records = RecordList()
        self.pane = LeadPane()
        self.compact = False
        self._narrowing = Narrowing()
        self._minute = ""

    @property
    def narrowing(self) -> Narrowing:
        return self._narrowing

    def middle(self) -> Iterable[Widget]:
        yield self.head
        yield Horizontal(Vertical(self.names, self.records), self.pane, id="panes")

    def main(self) -> Widget:
        return self.records

    # -- showing -------------------------------------------------------------------------------

    @property
    def beside(self) -> bool:
        """Whether the lead under the cursor stands beside the list."""
        return self.size.width >= PANES and not self.compact

    def show_found(self) -> None:
        if self.found is None:
            return
        session, numbers = self.session, self.found.numbers
        now, currency = session.now, session.currency
        largest = max(numbers, default=0)
        beside, compact, marks = self.beside, self.compact, dict(self._marks)
        self._minute = f"{now:%H%M}"
        made: dict[int, Layout] = {}

        def columns(width: int) -> Layout:
            if width not in made:
                made[width] = lead_rows.layout(width, largest, pane=beside, compact=compact)
            return made[width]

        def draw(lead: LeadView, width: int) -> Line:
            return lead_rows.row(lead, columns(width), now, currency, lead.number in marks)

        asked = self.found.filter
        self.names.show(
            lambda width: lead_rows.head(columns(width), asked.sort, asked.descending),
            self.size.height >= AIR,
        )
        if numbers:
            self.records.show(PagedLeads(session, numbers, draw))
        else:
            self.records.show(ListRows([Row.text(line) for line in self.empty_lines()]))
        self._show_pane()

    def _show_pane(self) -> None:
        self.pane.look_at(self.session, self.subject(), self.beside)

    def tick(self) -> None:
        # What was due in a minute may be late now; the rows in view are read again.
        if f"{self.session.now:%H%M}" != self._minute:
            self.reload()

    def summary(self) -> Line:
        width = self.size.width - 2
        if self._marks:
            return beside_view(self.marks_line(), self.view_line(), width)
        # On a narrow terminal, often a slow line, a move sends the two rows of the list only.
        place = self.place_line(self.subject()) if self.size.width >= PANES else EMPTY
        return beside_view(place, self.view_line(), width)

    def on_record_list_moved(self, event: RecordList.Moved) -> None:
        self._show_pane()
        if self._said is None and self.size.width >= PANES:
            self.messages.show(self.summary())

    # -- the lead under the cursor -------------------------------------------------------------

    def subject(self) -> int | None:
        found = self.records.cursor_id
        return found if isinstance(found, int) else None

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        if isinstance(event.id, int) and self.found is not None:
            self.crm.open_lead(event.id, self.found.numbers)

    def action_move(self, by: int) -> None:
        self.records.action_move(by)

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

    # -- list, compact list, board -------------------------------------------------------------

    def action_switch_view(self) -> None:
        if self.size.width >= PANES and not self.compact:
            self.compact = True
            self.reload()
        else:
            self.compact = False
            self.crm.go("board")


def beside_view(left: Line, view: Line, width: int) -> Line:
    """The summary with the name of the saved view at the right edge."""
    return beside(left, view, width) if view else left
