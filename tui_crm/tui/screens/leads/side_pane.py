"""The pane beside a list, from 100 columns: the lead, or another row, under the cursor."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.containers import Horizontal
from textual.widget import Widget

from tui_crm.core.errors import NotFound
from tui_crm.core.leads import history as lead_history, views as lead_views
from tui_crm.core.leads.views import LeadView
from tui_crm.core.session import Session
from tui_crm.core.text import _
from tui_crm.tui.screens.base import CrmScreen
from tui_crm.tui.widgets import lead_card
from tui_crm.tui.widgets.canvas import LinesView
from tui_crm.tui.widgets.lead_card import CardView
from tui_crm.tui.widgets.lines import EMPTY, Line, make, pane
from tui_crm.tui.widgets.record_list import RecordList

WIDE = 100  # columns from which a pane stands beside the list
AIR = 32  # rows from which there is air above the parts of a screen


def read_card(
    session: Session, number: int | None, lead: LeadView | None = None, *, scored: bool = False
) -> CardView | None:
    """The lead of that number, or the one that it was merged into, with its history; None where
    there is none. ``lead`` is the lead itself, where it was read already;
    ``scored``: it is read with its chance."""
    if lead is None:
        if number is None:
            return None
        try:
            lead = lead_views.one(session, number, scored=scored)
        except NotFound:
            return None
    return CardView(
        lead=lead,
        history=lead_history.history(session, lead.number),
        now=session.now,
        currency=session.currency,
        region=session.house.region,
        me=session.user_id,
    )


class LeadPane(LinesView, can_focus=False):
    """Shows a lead; hidden where there is no room for two panes. The hairline is its left edge."""

    DEFAULT_CSS = "LeadPane { width: 45%; }"

    def __init__(self) -> None:
        super().__init__()
        self._number: int | None = None

    def show_lead(
        self,
        session: Session,
        number: int | None,
        visible: bool,
        *,
        lead: LeadView | None = None,
        moved: bool = False,
        foot: Callable[[int], list[Line]] | None = None,
    ) -> None:
        """Show the lead of that number, or an empty pane. ``foot`` draws what stands at its end
        where there is room for it. ``lead`` is the lead itself, where it was
        read already; ``moved`` says that nothing but the cursor changed: the lead that is shown is
        not read again."""
        if moved and visible and self.display and number is not None and number == self._number:
            return
        self.display, self._number = visible, number if visible else None
        if not visible:
            return
        card = read_card(session, number, lead)

        def build(width: int, height: int) -> list[Line]:
            body: list[Line] = [EMPTY, make((_("no lead here"), "dim"))]
            if card is not None:
                body = lead_card.pane(card, width - 3, height)
            last = foot(width - 4) if foot is not None else []
            if last and len(body) + len(last) < height:
                body = [*body, *[EMPTY] * (height - len(body) - len(last)), *last]
            return pane(body, width, height)

        self.show(build, from_top=True)


class RowPane(LinesView, can_focus=False):
    """Shows everything about a row."""

    DEFAULT_CSS = "RowPane { width: 40%; }"


class ListAndPane(CrmScreen):
    """A screen with a list and, from 100 columns, a pane beside it about the row under the
    cursor."""

    def __init__(self) -> None:
        super().__init__()
        self.records = RecordList()
        self.pane = RowPane()

    def middle(self) -> Iterable[Widget]:
        yield Horizontal(self.records, self.pane, id="panes")

    def main(self) -> Widget:
        return self.records

    def about_row(self) -> Callable[[int], list[Line]]:
        """Read the row under the cursor; returns what draws the pane about it in a width."""
        raise NotImplementedError

    @property
    def beside(self) -> bool:
        """Whether there is room for the pane."""
        return self.size.width >= WIDE

    def show_pane(self) -> None:
        """Show the row under the cursor in the pane, where there is one."""
        self.pane.display = self.beside
        if self.beside:
            air = [EMPTY] if self.size.height >= AIR else []
            draw = self.about_row()
            self.pane.show(
                lambda width, height: pane([*air, *draw(width - 4)], width, height), from_top=True
            )

    def on_record_list_moved(self, event: RecordList.Moved) -> None:
        self.show_pane()
        self.show_summary()
