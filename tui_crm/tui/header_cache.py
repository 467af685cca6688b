"""How the rep stands: the few figures of the header, kept until something is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_crm.core import money, pulse
from tui_crm.core.dates import labels
from tui_crm.core.text import _
from tui_crm.tui.widgets.header import HeaderView, Tab

if TYPE_CHECKING:
    from tui_crm.core.session import Session


def tabs() -> tuple[Tab, ...]:
    """The five screens."""
    return (
        Tab("T", _("Today")),
        Tab("L", _("Leads")),
        Tab("C", _("Calling")),
        Tab("S", _("Stats")),
        Tab("F", _("Feed")),
    )


class HeaderCache:
    """The header's figures, asked once after each write and again when the minute changes."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._figures: dict[str, object] | None = None
        self._minute = ""

    def invalidate(self) -> None:
        """Something was written."""
        self._figures = None

    def header(self, current: str) -> HeaderView:
        """The header for the screen whose capital is ``current``."""
        now = self.session.now
        minute = now.strftime("%Y%m%d%H%M")
        if self._figures is None or minute != self._minute:
            self._minute = minute
            self._figures = pulse.session_figures(self.session)
        f = self._figures
        won = int(f["won_month_amount"] or 0)  # type: ignore[call-overload]
        goal = f.get("won_month_goal")
        return HeaderView(
            tabs(),
            current,
            day=labels.day_label(now.date(), now.date()) or "",
            clock=now.strftime("%H:%M"),
            calls=int(f["calls_today"] or 0),  # type: ignore[call-overload]
            calls_goal=f["calls_goal"],  # type: ignore[arg-type]
            won=money.compact(won, self.session.currency),
            won_goal=money.compact(int(goal), self.session.currency, trim=True) if goal else "",  # type: ignore[call-overload]
            won_part=won / int(goal) if goal else 0.0,  # type: ignore[call-overload]
            late=int(f["overdue"] or 0),  # type: ignore[call-overload]
            due=int(f["due_today"] or 0),  # type: ignore[call-overload]
        )
