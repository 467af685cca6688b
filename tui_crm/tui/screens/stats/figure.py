"""A figure, opened: its formula, and the rows behind it as a list to work on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from tui_crm.core import money
from tui_crm.core.dates.labels import short_day
from tui_crm.core.leads import views as lead_views
from tui_crm.core.leads.views import LeadView
from tui_crm.core.reports import DrillDown, drill_down
from tui_crm.core.reports.drill_down import ActionLine, ProspectLine
from tui_crm.core.store import undo
from tui_crm.core.text import _, fold, ngettext
from tui_crm.tui.screens.base import hint_of
from tui_crm.tui.screens.leads.actions import LeadActions
from tui_crm.tui.screens.leads.side_pane import LeadPane
from tui_crm.tui.widgets import lead_rows, titles
from tui_crm.tui.widgets.canvas import LineWidget
from tui_crm.tui.widgets.charts import figures
from tui_crm.tui.widgets.charts.page import flowed
from tui_crm.tui.widgets.conversation import conversation
from tui_crm.tui.widgets.hints import Hint
from tui_crm.tui.widgets.lines import EMPTY, Line, Run, beside, cell, clip, indent, make, rule
from tui_crm.tui.widgets.menu import MenuOption
from tui_crm.tui.widgets.record_list import ListRows, RecordList, Row

PAGE, PAGES = 64, 12  # rows read at once, and how many such pages are kept
PANES = 100  # columns from which the lead stands beside the list
AIR, LOW = 32, 13  # rows of the terminal: with air, and without heads
NARROW = 58
SORTABLE = 5_000  # rows that can be put into another order here
ACTIONS = ("activity", "hours")  # reports whose figures are of actions, also when they are none

Item = TypeVar("Item")
Pieces = Sequence[tuple[str, str]]


class Paged(Generic[Item]):
    """The rows of a list of numbers: the items are read page by page, as they come in view."""

    def __init__(
        self,
        numbers: Sequence[int],
        read: Callable[[list[int]], dict[int, Item]],
        draw: Callable[[int, Item | None, int], Line],
    ) -> None:
        self._numbers, self._read, self._draw = numbers, read, draw
        self._pages: dict[int, dict[int, Item]] = {}
        self._places: dict[int, int] | None = None

    def __len__(self) -> int:
        return len(self._numbers)

    def row(self, index: int) -> Row:
        number = self._numbers[index]
        return Row.item(number, lambda width: self._draw(number, self.item(index), width))

    def item(self, index: int) -> Item | None:
        """The item of a row; None when it is gone."""
        page = index // PAGE
        if page not in self._pages:
            while len(self._pages) >= PAGES:
                del self._pages[next(iter(self._pages))]
            self._pages[page] = self._read(list(self._numbers[page * PAGE : (page + 1) * PAGE]))
        return self._pages[page].get(self._numbers[index])

    def index(self, id: object) -> int | None:
        if self._places is None:
            self._places = {number: place for place, number in enumerate(self._numbers)}
        return self._places.get(id) if isinstance(id, int) else None


class FigureHead(LineWidget):
    """The head of an opened figure: its name, its formula in words, how many rows; the heads of the
    columns. High screens have empty rows between them, low ones only the words in one row."""

    DEFAULT_CSS = "FigureHead { height: 4; }"

    def __init__(self) -> None:
        super().__init__()
        self._title: Line = EMPTY
        self._words: Sequence[Line] = ()
        self._side: Line = EMPTY
        self._names: Callable[[int], Line] | None = None

    def show(
        self, title: Line, pieces: Pieces, side: Line, names: Callable[[int], Line] | None
    ) -> None:
        """Show them; ``names`` draws the heads of the columns, of a list that has some."""
        width, height = self.screen.size
        low = height < LOW
        self._words = flowed(pieces, max(width - 2, 1), 1 if low else 3)
        self._title, self._side, self._names = title, side, None if low else names
        air = height >= AIR
        self.styles.height = (
            1 + len(self._words) + (0 if low else 1 + 2 * air + (self._names is not None))
        )
        self.redraw()

    def draw(self, width: int, height: int) -> list[Line]:
        room = width - 2
        air = [EMPTY] if self.screen.size.height >= AIR else []
        rows: list[Line] = [*air, beside(self._title, self._side, room), *self._words, *air]
        if self._names is not None:
            rows.append(self._names(room))
        if len(rows) < height:
            rows.append(rule(room))
        return [indent(row) for row in rows]


class FigureScreen(LeadActions):
    """The rows behind a figure; all Do keys act on them. `tab` shows the rows that do not count."""

    NAME = "figure"
    TAB = "S"

    def __init__(self) -> None:
        super().__init__()
        self.head = FigureHead()
        self.records = RecordList()
        self.pane = LeadPane()
        self.opened: DrillDown | None = None
        self._title = ("", "")
        self._pieces: Pieces = ()
        self._apart = False  # whether the rows that were left out are shown
        self._order: list[int] | None = None
        self._marks: list[int] = []

    def middle(self) -> Iterable[Widget]:
        yield self.head
        yield Horizontal(Vertical(self.records), self.pane, id="panes")

    def main(self) -> Widget:
        return self.records

    # -- the contract --------------------------------------------------------------------------

    def look_at(self, opened: DrillDown, report: str, where: str, pieces: Pieces) -> None:
        """Show this figure of a report: the rows that were counted, and its formula in words."""
        self.opened, self._title, self._pieces = opened, (report, where), pieces
        self._apart = not opened.counted
        self._order, self._marks = None, []
        if self.is_mounted:
            self.reload()
            self.records.action_top()

    def reload(self) -> None:
        if self.opened is not None:
            self.show(self.opened)
        self.show_frame()

    def _counted(self, n: int) -> str:
        """``43 leads``: how many of what a figure counts."""
        if self.kind == "leads":
            words = ngettext("{n} lead", "{n} leads", n)
        elif self.kind == "actions":
            words = ngettext("{n} action", "{n} actions", n)
        else:
            words = ngettext("{n} row", "{n} rows", n)
        return words.format(n=f"{n:,}")

    def show(self, opened: DrillDown) -> None:
        """A pure function of the figure, which of its rows are shown, and the size."""
        report, where = self._title
        name = opened.column.label
        if opened.report == "now":  # a finding is told apart by its rule
            name, where = where, ""
        title = make((f"{report} ", "dim"), (name, "strong"), (f"  {where}", "text"))
        rows = self._counted(opened.counted)
        out = len(opened.left_out)
        tabs = make(
            (rows, "dim" if self._apart else "strong"),
            (
                f"   {_('{n} left out').format(n=f'{out:,}')}" if out else "",
                "strong" if self._apart else "dim",
            ),
        )
        numbers = self.numbers()
        self.head.show(title, self._pieces, tabs, self._names(numbers))
        if numbers:
            self.records.show(self._rows(numbers))
        else:
            nothing = (
                _("  Nothing counts here.") if not self._apart else _("  Nothing was left out.")
            )
            self.records.show(ListRows([Row.text(make((nothing, "text")))]))
        self._show_pane()

    @property
    def kind(self) -> str:
        """What the rows are: leads, actions or prospects."""
        opened = self.opened
        if opened is None or opened.leads:
            return "leads"
        if opened.actions or opened.report in ACTIONS:
            return "actions"
        return "prospects" if opened.prospects else "leads"

    def numbers(self) -> list[int]:
        """The rows that are shown, in their order."""
        opened = self.opened
        if opened is None:
            return []
        if self._apart:
            return list(dict.fromkeys(number for number, _why in opened.left_out))
        if self._order is not None:
            return self._order
        return list(opened.leads or opened.actions or opened.prospects)

    # -- rows ----------------------------------------------------------------------------------

    def _names(self, numbers: list[int]) -> Callable[[int], Line] | None:
        """The heads of the columns of a list of leads."""
        if self.kind != "leads" or self._apart or not numbers:
            return None
        largest = max(numbers)
        beside = self.beside

        def draw(width: int) -> Line:
            room = self.records.size.width - 2 or width
            return lead_rows.head(lead_rows.layout(room, largest, pane=beside), "", False)

        return draw

    def _rows(
        self, numbers: list[int]
    ) -> Paged[LeadView] | Paged[ActionLine] | Paged[ProspectLine]:
        session = self.session
        reasons = dict(self.opened.left_out) if self.opened and self._apart else {}
        if self.kind == "actions":
            return Paged(
                numbers,
                lambda some: {x.id: x for x in drill_down.actions(session, some)},
                lambda number, item, width: self._action(item, width, reasons.get(number, "")),
            )
        if self.kind == "prospects":
            return Paged(
                numbers,
                lambda some: {x.id: x for x in drill_down.prospects(session, some)},
                lambda _number, item, width: self._prospect(item, width),
            )
        now, largest = session.now, max(numbers)
        made: dict[int, lead_rows.Layout] = {}
        marks = set(self._marks)

        def draw(number: int, lead: LeadView | None, width: int) -> Line:
            if lead is None:
                return make((f"  {_('gone')}", "dim"))
            if reasons:
                return self._left_out(lead, reasons[number], width, number in marks)
            if width not in made:
                made[width] = lead_rows.layout(width, largest, pane=self.beside)
            return lead_rows.row(lead, made[width], now, session.currency, number in marks)

        return Paged(
            numbers, lambda some: {x.number: x for x in lead_views.by_numbers(session, some)}, draw
        )

    def _left_out(self, lead: LeadView, why: str, width: int, marked: bool) -> Line:
        sign, token = lead_rows.sign(lead, marked)
        amount = lead_rows.amount_of(lead, self.session.currency)
        title = max(min(64, width - 26 - width // 5), 8)
        return clip(
            (
                Run(f"{sign} ", token),
                cell(str(lead.number), 6, "dim"),
                *titles.in_cells(lead.title, title, title * 5 // 9),
                cell(amount, 8, "text", "right"),
                Run("   ", "dim"),
                *make((why, "dim")),
            ),
            width,
        )

    def _action(self, line: ActionLine | None, width: int, why: str) -> Line:
        if line is None:
            return make((f"  {_('gone')}", "dim"))
        now: datetime = self.session.now
        day = short_day(line.at.date(), now.date(), False)
        kind = figures.label_of(line.kind)
        what = why or (f"{kind}, {line.outcome}" if line.outcome else kind)
        token = "won" if line.reached else "dim"
        if width < NARROW:
            title = max(width - 2 - 7 - 1 - 14, 6)
            return clip(
                (
                    Run("  ", "dim"),
                    cell(day, 7, "dim"),
                    cell(line.title or figures.nothing(), title, "text"),
                    Run(" ", "text"),
                    *make((line.outcome or kind, token)),
                ),
                width,
            )
        title = max(18, min(64, (width - 50) * 2 // 3))
        return clip(
            (
                Run("  ", "dim"),
                cell(f"{day} {line.at:%H:%M}", 14, "dim"),
                *titles.in_cells(line.title or figures.nothing(), title, title * 5 // 9),
                Run("  ", "text"),
                cell(what, 24, token),
                *make((f"{line.by:<8}{line.text}".rstrip(), "dim")),
            ),
            width,
        )

    def _prospect(self, line: ProspectLine | None, width: int) -> Line:
        if line is None:
            return make((f"  {_('gone')}", "dim"))
        token = "won" if line.lead_id is not None else "dim"
        tries = ngettext("{n} try", "{n} tries", line.tries).format(n=line.tries)
        return clip(
            (
                Run("  ", "dim"),
                cell(f"{line.line:,}", 7, "dim"),
                cell(line.title or figures.nothing(), max(min(64, width - 56), 12), "text"),
                Run("  ", "text"),
                cell(line.outcome or figures.nothing(), 17, token),
                Run(" ", "text"),
                cell(tries if line.tries else "", 9, "dim"),
                *make((f"{line.list}  {line.city}".rstrip(), "dim")),
            ),
            width,
        )

    # -- the row under the cursor --------------------------------------------------------------

    def _item(self) -> LeadView | ActionLine | ProspectLine | None:
        """The row under the cursor."""
        rows = self.records.rows
        if isinstance(rows, Paged) and self.records.cursor_index >= 0:
            return rows.item(self.records.cursor_index)
        return None

    def subject(self) -> int | None:
        item = self._item()
        if isinstance(item, LeadView):
            return item.number
        return item.lead_id if item is not None else None

    @property
    def beside(self) -> bool:
        """Whether the lead under the cursor stands beside the list."""
        return self.size.width >= PANES and self.kind == "leads"

    def _show_pane(self, moved: bool = False) -> None:
        self.pane.show_lead(self.session, self.subject(), self.beside, moved=moved)

    def on_record_list_moved(self, event: RecordList.Moved) -> None:
        self._show_pane(moved=True)
        self.show_summary()

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        item = self._item()
        number = self.subject()
        if number is not None:
            among = self.numbers() if self.kind == "leads" else []
            self.crm.open_lead(number, among)
        elif isinstance(item, (ProspectLine, ActionLine)):
            prospect = item.id if isinstance(item, ProspectLine) else item.prospect_id
            if prospect is None:
                self.explain_key("Enter", _("this action is about no lead."))
                return
            from tui_crm.tui.screens.calling.screen import CallingScreen

            calling = self.crm.screen_of(CallingScreen)
            calling.start_at(prospect)
            if calling in self.app.screen_stack:
                self.crm.go("calling")
            else:  # above, so that Esc comes back to the rows
                self.app.push_screen(calling)

    def action_move(self, by: int) -> None:
        self.records.action_move(by)

    def after_undo(self, undone: undo.Undone) -> None:
        if undone.lead_id is not None and self.kind == "leads":
            self.records.jump(undone.lead_id)

    # -- the other side, another order -----------------------------------------------------------

    def action_left_out(self) -> None:
        if self.opened is None or not self.opened.left_out:
            self.explain_key("tab", _("nothing was left out of this figure."))
            return
        self._apart = not self._apart
        self._marks = []
        self.reload()
        self.records.action_top()

    @conversation
    async def action_sort(self) -> None:
        numbers = self.numbers()
        if self.kind != "leads" or self._apart or len(numbers) > SORTABLE:
            self.explain_key(
                ",", _("only leads, and up to {n}, can be sorted here.").format(n=f"{SORTABLE:,}")
            )
            return
        orders: list[tuple[str, Callable[[LeadView], Any] | None]] = [
            (_("as counted"), None),
            (_("amount"), lambda lead: (-(lead.amount or 0), lead.number)),
            (_("title"), lambda lead: (fold(lead.title), lead.number)),
            (_("idle"), lambda lead: (-lead.idle, lead.number)),
            (_("created"), lambda lead: (lead.created, lead.number)),
        ]

        index = await self.choose(
            _("sort"), "", [MenuOption(word) for word, _by in orders], also_leaves=("comma",)
        )
        if index is None:
            return
        by = orders[index][1]
        self._order = None
        if by is not None:
            leads = lead_views.by_numbers(self.session, numbers)
            self._order = [lead.number for lead in sorted(leads, key=by)]
        self.reload()
        self.records.action_top()

    # -- marks ---------------------------------------------------------------------------------

    def marked(self) -> list[int]:
        return list(self._marks)

    def clear_marks(self) -> None:
        self._marks = []
        self.reload()

    def action_mark(self) -> None:
        number = self.subject()
        if number is None or self.kind != "leads":
            self.explain_key("space", _("only leads can be marked."))
            return
        if number in self._marks:
            self._marks.remove(number)
        else:
            self._marks.append(number)
        if self.opened is not None:
            self.show(self.opened)
        self.records.action_move(1)
        self.messages.show(self.summary())

    def action_back(self) -> None:
        if self._marks:
            self.clear_marks()
        else:
            super().action_back()

    def summary(self) -> Line:
        if self._marks:
            found = lead_views.by_numbers(self.session, self._marks)
            total = money.full(sum(lead.amount or 0 for lead in found), self.session.currency)
            return make(
                ("+ ", "key"),
                (_("{n} marked").format(n=len(self._marks)), "key"),
                (f"  {total}", "strong"),
                (f"   {_('a Do key acts on all, Esc unmarks')}", "dim"),
            )
        numbers = self.numbers()
        place = self.records.cursor_index + 1
        if not numbers or place < 1:
            return EMPTY
        return make((_("{n} of {all}").format(n=f"{place:,}", all=f"{len(numbers):,}"), "dim"))

    def hints(self) -> list[Hint]:
        found = super().hints()
        if self.opened is None or not self.opened.left_out:
            found = [hint for hint in found if hint.key != "tab"]
        if self.opened is not None and self.kind == "prospects" and not self._apart:
            # No Do key acts on a prospect here: its place is Calling.
            leads = {hint_of(self, f"do.{name}").key for name in ("call", "next", "step", "note")}
            enter = hint_of(self, "move.open").key
            found = [
                Hint(hint.key, _("call it")) if hint.key == enter else hint
                for hint in found
                if hint.key not in leads
            ]
        return found
