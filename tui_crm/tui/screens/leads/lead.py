"""One lead, whole: what it is, who, and everything that happened."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from tui_crm.core.leads import views as lead_views
from tui_crm.core.leads.views import HistoryLine, LeadView
from tui_crm.core.text import _
from tui_crm.tui.screens.leads.actions import LeadActs
from tui_crm.tui.widgets import lead_card
from tui_crm.tui.widgets.canvas import LinesView
from tui_crm.tui.widgets.lines import EMPTY, Line, indent, make


class LeadScreen(LeadActs):
    """The lead that was opened; J and K go through the list it was opened from."""

    NAME = "lead"

    def __init__(self) -> None:
        super().__init__()
        self.card = LinesView()
        self.number = 0
        self.among: tuple[int, ...] = ()
        self.from_tab = "T"

    def middle(self) -> Iterable[Widget]:
        yield self.card

    def main(self) -> Widget:
        return self.card

    def show_lead(self, number: int, among: tuple[int, ...]) -> None:
        """Set what :meth:`reload` will show."""
        self.number, self.among = number, among
        below = self.crm.screen
        self.from_tab = getattr(below, "TAB", "") or self.from_tab
        self.TAB = self.from_tab  # type: ignore[misc]
        self.card._top = 0

    def reload(self) -> None:
        found = lead_views.by_numbers(self.session, [self.number])
        past = lead_views.history(self.session, self.number) if found else []
        self.show(found[0] if found else None, past)
        self.show_frame()

    def show(self, lead: LeadView | None, past: list[HistoryLine]) -> None:
        """A pure function of the lead and its history."""
        session, now = self.session, self.session.now

        def build(width: int, height: int) -> list[Line]:
            if lead is None:
                return [EMPTY, make((_(" This lead is gone: its making was undone."), "dim"))]
            about = {
                "now": now,
                "currency": session.currency,
                "region": session.house.region,
                "me": session.user_id,
            }
            if width >= 100:
                made = lead_card.two_columns(lead, past, width - 2, height, **about)  # type: ignore[arg-type]
            else:
                made = lead_card.pane(lead, past, width - 2, height, whole=True, **about)  # type: ignore[arg-type]
            return [indent(line) for line in made]

        self.card.show(build)

    def subject(self) -> int | None:
        return self.number if lead_views.by_numbers(self.session, [self.number]) else None

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
        self.card._top = 0
        self.reload()

    def action_move(self, by: int) -> None:
        self.card.action_scroll_by(by)

    def action_page(self, by: int) -> None:
        self.card.action_scroll_page(by)

    def action_top(self) -> None:
        self.card.action_scroll_by(-1_000_000)

    def action_bottom(self) -> None:
        self.card.action_scroll_by(1_000_000)
