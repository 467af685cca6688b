"""What an outcome does to the next action of a lead, in words and as it would be typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tui_crm.core.calling.follow_up import FollowUp, follow_up
from tui_crm.core.dates.labels import weekday_name
from tui_crm.core.dates.reading import Reading
from tui_crm.core.leads.views import LeadView
from tui_crm.core.lists.rules import Window
from tui_crm.core.session import Session
from tui_crm.core.setup.outcomes import OutcomeRow
from tui_crm.core.text import _
from tui_crm.tui.screens.leads import echo as lead_echo


def words(
    session: Session,
    lead: LeadView,
    kind: str,
    outcome: OutcomeRow,
    window: Callable[[], Window],
) -> str:
    """What is planned is ``done``, ``stays`` or comes again at ``Tue 08:00``: a few words, for they
    stand beside nine outcomes. Empty when the outcome does nothing to it."""
    found = follow_up(session, lead, kind, outcome, window)
    parts = [_("done")] if found.completes else []
    if found.at is not None:
        today = found.at.date() == session.today
        when = f"{found.at:%H:%M}" if today else typed_moment(session, found.at)
        parts.append(when)
    elif found.is_due and not found.completes:
        parts.append(_("stays"))
    return ", ".join(parts)


def retry(lead: LeadView, again: FollowUp) -> Reading | None:
    """The next try after an outcome as a next action, which keeps the words of the planned one;
    None where there is none, or where something of another kind is planned."""
    if again.at is None or (lead.next is not None and lead.next.kind not in ("", again.kind)):
        return None
    return Reading(day=again.at.date(), at=again.at, kind=again.kind)


def typed(session: Session, again: FollowUp) -> str:
    """The next try as it is typed: ``Mon 14:00 call chase the quote``; empty for none."""
    if again.at is None:
        return ""
    return " ".join(filter(None, (typed_moment(session, again.at), again.kind, again.text)))


def typed_moment(session: Session, at: datetime) -> str:
    """A moment as it is typed: ``Mon 14:00`` where that is read as this very moment, else with its
    date."""
    short, whole = f"{weekday_name(at.date())} {at:%H:%M}", f"{at.date().isoformat()} {at:%H:%M}"
    return short if lead_echo.read_next_action(session, short).at == at else whole
