"""The pane beside a list, from 100 columns: the lead under the cursor."""

from __future__ import annotations

from tui_crm.core.text import _
from tui_crm.core.work import lead_views
from tui_crm.core.work.team import Session
from tui_crm.tui import glyphs
from tui_crm.tui.widgets import lead_card
from tui_crm.tui.widgets.canvas import LinesView
from tui_crm.tui.widgets.lines import EMPTY, Line, Run, columns, make


class LeadPane(LinesView, can_focus=False):
    """Shows a lead; hidden where there is no room for two panes. The hairline is its left edge."""

    DEFAULT_CSS = "LeadPane { width: 45%; }"

    def look_at(self, session: Session, number: int | None, room: bool) -> None:
        """Show the lead of that number, or an empty pane."""
        self.display = room
        if not room:
            return
        found = lead_views.by_numbers(session, [number]) if number is not None else []
        past = lead_views.history(session, number) if found and number is not None else []
        now = session.now

        def build(width: int, height: int) -> list[Line]:
            body: list[Line] = [EMPTY, make((_("no lead here"), "dim"))]
            if found:
                body = lead_card.pane(
                    found[0], past, width - 3, height, now=now, currency=session.currency,
                    region=session.house.region, me=session.user_id,
                )  # fmt: skip
            rule: list[Line] = [(Run(glyphs.active().upright, "rule"),)] * height
            return columns([rule, [EMPTY] * height, body[:height]], [1, 1, width - 2])

        self.show(build, from_top=True)
