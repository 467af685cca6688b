"""One lead: its fields, its people, and its history."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from tui_crm.core.text import _
from tui_crm.tui.screens.base import CrmScreen
from tui_crm.tui.screens.leads.actions import LeadActions
from tui_crm.tui.screens.leads.side_pane import WIDE, read_card
from tui_crm.tui.widgets import lead_card
from tui_crm.tui.widgets.canvas import LinesView
from tui_crm.tui.widgets.lead_card import CardView
from tui_crm.tui.widgets.lines import EMPTY, Line, indent, make


class LeadScreen(LeadActions):
    """The lead that was opened; J and K go through the list it was opened from."""

    NAME = "lead"

    def __init__(self) -> None:
        super().__init__()
        self.page = LinesView()
        self.number = 0
        self.among: tuple[int, ...] = ()
        """The numbers of the list that it was opened from."""
        self.tab = "T"
        self._from_top = True  # another lead is shown next

    def middle(self) -> Iterable[Widget]:
        yield self.page

    def main(self) -> Widget:
        return self.page

    def show_lead(self, number: int, among: tuple[int, ...]) -> None:
        """Set which lead :meth:`reload` shows, from its top."""
        self.number, self.among = number, among
        self._from_top = True
        if isinstance(below := self.crm.screen, CrmScreen):
            self.tab = below.tab or self.tab

    def reload(self) -> None:
        card = read_card(self.session, self.number)
        if card is not None:
            self.number = card.lead.number  # another one where it was merged away
        self.show(card)
        self.show_frame()

    def show(self, card: CardView | None) -> None:
        """A pure function of the lead and its history."""

        def build(width: int, height: int) -> list[Line]:
            if card is None:
                return [EMPTY, make((_(" This lead is gone: its making was undone."), "dim"))]
            if width >= WIDE:
                made = lead_card.two_columns(card, width - 2, height)
            else:
                made = lead_card.pane(card, width - 2, height, whole=True)
            return [indent(line) for line in made]

        self.page.show(build, from_top=self._from_top)
        self._from_top = False

    def subject(self) -> int | None:
        return self.number or None

    def summary(self) -> Line:
        if self.number in self.among and len(self.among) > 1:
            place = self.among.index(self.number) + 1
            return make(
                (_("{n} of {all}").format(n=place, all=len(self.among)), "dim"),
                ("   J K", "key"),
                (f" {_('next lead')}", "dim"),
            )
        return EMPTY

    def action_other_lead(self, by: int) -> None:
        if self.number not in self.among:
            self.explain_key("J" if by > 0 else "K", _("there is no list to go through."))
            return
        place = self.among.index(self.number) + by
        if not 0 <= place < len(self.among):
            self.explain_key("J" if by > 0 else "K", _("this is the end of the list."))
            return
        self.number = self.among[place]
        self._from_top = True
        self.reload()

    def action_move(self, by: int) -> None:
        self.page.action_scroll_by(by)

    def action_page(self, by: int) -> None:
        self.page.action_scroll_page(by)

    def action_top(self) -> None:
        self.page.action_scroll_by(-1_000_000)

    def action_bottom(self) -> None:
        self.page.action_scroll_by(1_000_000)
