"""What a logged action does to the next action of a lead: completes it, leaves it, asks for another
try."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tui_crm.core.leads import next_actions
from tui_crm.core.leads.views import LeadView
from tui_crm.core.lists import rules as calling_rules
from tui_crm.core.session import Session
from tui_crm.core.setup.outcomes import OutcomeRow
from tui_crm.core.team import days_off


@dataclass(frozen=True)
class FollowUp:
    """The consequence of an outcome for a lead: whether its next action is due and whether the
    outcome completes it; ``at`` is when to try again, by the outcome's retry rule, ``kind`` and
    ``text`` what to do then."""

    is_due: bool
    completes: bool
    at: datetime | None
    kind: str
    text: str


def follow_up(session: Session, lead: LeadView, kind: str, outcome: OutcomeRow) -> FollowUp:
    """What an action of a kind with this outcome, logged now, does to a lead. The moment of another
    try lies in the workspace's calling window, on the rep's clock."""
    planned = lead.next
    if planned is None or lead.status != "todo" or not (planned.day or planned.at):
        planned = None
    return FollowUp(
        is_due=planned is not None,
        completes=planned is not None
        and next_actions.completes(planned.kind, kind, outcome.reached),
        at=_again(session, outcome) if lead.status == "todo" else None,
        kind=kind,
        text=planned.text if planned is not None and planned.kind in ("", kind) else "",
    )


def _again(session: Session, outcome: OutcomeRow) -> datetime | None:
    """When to try again after an outcome; None when its rule says never."""
    if not outcome.retry or outcome.blocks:
        return None
    house = session.house
    off = session.store.value("SELECT days_off FROM workspace ORDER BY id LIMIT 1")
    window = calling_rules.window(
        house.call_from, house.call_until, house.call_days, days_off.from_json(off)
    )
    at = calling_rules.retry_at(outcome.retry, window, session.zone, int(session.now.timestamp()))
    return None if at is None else datetime.fromtimestamp(at, session.zone)
