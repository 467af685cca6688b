"""The figures in the header, kept until something is written."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True)
class HeaderFigures:
    """What the header shows of :func:`tui_crm.core.pulse.session_figures`; amounts in minor
    units, None for a goal that nobody set."""

    calls: int
    calls_goal: int | None
    won: int
    won_goal: int | None
    overdue: int
    due: int


class HeaderCache:
    """The header's figures, read once after each write and again when the minute changes."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._figures: HeaderFigures | None = None
        self._minute = ""

    def invalidate(self) -> None:
        """Something was written: read the figures again when they are next shown."""
        self._figures = None

    def header(self, current: str) -> HeaderView:
        """The header for the screen whose capital is ``current``."""
        now, currency = self.session.now, self.session.currency
        minute = now.strftime("%Y%m%d%H%M")
        figures = self._figures
        if figures is None or minute != self._minute:
            self._minute = minute
            self._figures = figures = self._read()
        goal = figures.won_goal
        return HeaderView(
            tabs(),
            current,
            day=labels.day_label(now.date(), now.date()) or "",
            clock=now.strftime("%H:%M"),
            calls=figures.calls,
            calls_goal=figures.calls_goal,
            won=money.compact(figures.won, currency),
            won_goal=money.compact(goal, currency, trim=True) if goal else "",
            won_part=figures.won / goal if goal else 0.0,
            late=figures.overdue,
            due=figures.due,
        )

    def _read(self) -> HeaderFigures:
        found = pulse.session_figures(self.session)
        return HeaderFigures(
            calls=found["calls_today"],
            calls_goal=found["calls_goal"],
            won=found["won_month_amount"],
            won_goal=found["won_month_goal"],
            overdue=found["overdue"],
            due=found["due_today"],
        )
