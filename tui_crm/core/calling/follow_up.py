"""What a logged action does to the next action of a lead: completes it, leaves it, asks for another
try."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from tui_crm.core.leads import next_actions
from tui_crm.core.leads.views import LeadView
from tui_crm.core.lists import rules as calling_rules
from tui_crm.core.lists.rules import Window
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


def house_window(session: Session) -> Window:
    """The workspace's calling window, for several :func:`follow_up`."""
    house = session.house
    off = days_off.of_house(session.store)
    return calling_rules.window(house.call_from, house.call_until, house.call_days, off)


def follow_up(
    session: Session,
    lead: LeadView,
    kind: str,
    outcome: OutcomeRow,
    window: Callable[[], Window] | None = None,
) -> FollowUp:
    """What an action of a kind with this outcome, logged now, does to a lead. The moment of another
    try lies in the workspace's calling ``window`` (by default :func:`house_window`, which is asked
    for only when there is another try), on the rep's clock."""
    if window is None:
        window = partial(house_window, session)
    planned = lead.next
    if planned is None or lead.status != "todo" or not (planned.day or planned.at):
        planned = None
    return FollowUp(
        is_due=planned is not None,
        completes=planned is not None
        and next_actions.completes(planned.kind, kind, outcome.reached),
        at=_again(session, outcome, window) if lead.status == "todo" else None,
        kind=kind,
        text=planned.text if planned is not None and planned.kind in ("", kind) else "",
    )


def _again(session: Session, outcome: OutcomeRow, window: Callable[[], Window]) -> datetime | None:
    """When to try again after an outcome; None when its rule says never."""
    if not outcome.retry or outcome.blocks:
        return None
    now = int(session.now.timestamp())
    at = calling_rules.retry_at(outcome.retry, window(), session.zone, now)
    return None if at is None else datetime.fromtimestamp(at, session.zone)
