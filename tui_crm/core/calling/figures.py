"""The figures in the header of a calling session."""

from __future__ import annotations

from dataclasses import dataclass

from tui_crm.core.calling.plan import day_start
from tui_crm.core.pulse import GOAL
from tui_crm.core.session import Session
from tui_crm.core.store.kind_sql import KNOWN
from tui_crm.core.text import _, ngettext

GAP = 10 * 60  # seconds between two actions that still count as work
LEAST_ACTIVE = 20 * 60
"""Seconds of active time below which there is no hourly rate."""


@dataclass(frozen=True)
class CallingFigures:
    """``calls`` and ``reached`` of this rep's day; ``active`` seconds of it, the sum of the gaps
    of up to ten minutes between actions; ``goal`` calls a day, if there is one; ``leads`` made of
    prospects today."""

    calls: int
    reached: int
    active: int
    goal: int | None
    leads: int = 0

    @property
    def per_hour(self) -> int | None:
        """Calls per active hour; ``None`` below :data:`LEAST_ACTIVE` of active time."""
        return round(self.calls * 3600 / self.active) if self.active >= LEAST_ACTIVE else None


@dataclass(frozen=True)
class SessionSummary:
    """The results of a calling session: calls, people reached, leads, callbacks."""

    calls: int
    reached: int
    leads: int
    callbacks: int

    @property
    def words(self) -> str:
        """ "42 calls, 11 reached, 3 leads, 4 callbacks"."""
        return ", ".join(
            (
                ngettext("{n} call", "{n} calls", self.calls).format(n=self.calls),
                _("{n} reached").format(n=self.reached),
                ngettext("{n} lead", "{n} leads", self.leads).format(n=self.leads),
                ngettext("{n} callback", "{n} callbacks", self.callbacks).format(n=self.callbacks),
            )
        )


def figures(session: Session) -> CallingFigures:
    """The rep's day so far, calls on leads included."""
    # The kinds are named so that SQLite reads today's part of the index alone: without them it
    # reads all that this rep ever did.
    user, begin = session.user_id, day_start(session)
    calls, reached, active, goal, leads = session.store.rows(
        "SELECT SUM(CASE WHEN kind = 'call' THEN 1 END),"
        " SUM(CASE WHEN kind = 'call' THEN reached END), SUM(CASE WHEN gap <= ? THEN gap END),"
        f" {GOAL},"
        # Leads made today out of rows that this rep called.
        " (SELECT COUNT(*) FROM leads WHERE created_on >= ? AND created_at >= ?"
        " AND created_by_id = ? AND list_id IS NOT NULL)"
        " FROM (SELECT kind, reached, at - LAG(at) OVER (ORDER BY at) AS gap FROM actions"
        f" WHERE user_id = ? AND kind IN {KNOWN} AND at >= ?) AS acts",
        (
            *(GAP, "calls", "day", user, user, session.today.isoformat(), begin, user),
            *(user, begin),
        ),
    )[0]
    return CallingFigures(
        calls=int(calls or 0),
        reached=int(reached or 0),
        active=int(active or 0),
        goal=None if goal is None else int(goal),
        leads=int(leads),
    )


def summary(session: Session, list_id: int) -> SessionSummary:
    """The results of this rep's session at a list since it began. What was undone does not
    count."""
    started_at = session.store.value(
        "SELECT started_at FROM seats WHERE user_id = ? AND list_id = ?",
        (session.user_id, list_id),
    )
    since = day_start(session) if started_at is None else int(started_at)
    who = (list_id, since, session.user_id)
    calls, reached = session.store.rows(
        "SELECT COUNT(*), SUM(reached) FROM actions"
        " WHERE list_id = ? AND at >= ? AND user_id = ? AND kind = 'call'",
        who,
    )[0]
    leads = session.store.value(
        "SELECT COUNT(*) FROM leads WHERE list_id = ? AND created_at >= ? AND created_by_id = ?",
        who,
    )
    callbacks = session.store.value(
        "SELECT COUNT(*) FROM entries WHERE list_id = ? AND at >= ? AND user_id = ?"
        " AND op = 'calling.callback' AND undone_by IS NULL",
        who,
    )
    return SessionSummary(int(calls), int(reached or 0), int(leads), int(callbacks))
