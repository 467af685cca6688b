"""A call on a lead that runs: which number was dialled, since when. Nothing of it is in the history
until somebody says how it ended.

It is kept with the drafts of its user, so that a line that is cut or a machine that goes down
leaves the clock and the number where they were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tui_crm.core import drafts
from tui_crm.core.drafts import DraftText
from tui_crm.core.errors import CrmError
from tui_crm.core.leads.contacts import Person, Point
from tui_crm.core.session import Session
from tui_crm.core.text import _

PLACE = "lead call"
"""The place of the draft."""


@dataclass(frozen=True)
class LeadCall:
    """A call on a lead: what was dialled (E.164 where it is valid, else as typed), and since when
    (aware, the rep's zone)."""

    lead: int
    number: str
    since: datetime

    def seconds(self, now: datetime) -> int:
        """How long it has been running."""
        return max(0, int((now - self.since).total_seconds()))


def choices(people: tuple[Person, ...]) -> list[tuple[Person, Point]]:
    """The phones that can be dialled, in their order, the good ones first."""
    phones = [(person, point) for person in people for point in person.phones]
    return sorted(phones, key=lambda one: one[1].bad)


def dial(session: Session, lead: int, point: Point) -> str:
    """Start the clock of a call (again), and give what is dialled. Raises CrmError for a number on
    the do-not-call list."""
    number = point.match or point.value
    if point.blocked:
        raise CrmError(
            _("{number} is on the do-not-call list.").format(number=point.value),
            _("A manager can take it off again: tui-crm blocked remove"),
        )
    since = int(session.now.timestamp())
    drafts.save(session, PLACE, number, {"lead": lead, "since": since})
    return number


def of_draft(session: Session, draft: DraftText | None) -> LeadCall | None:
    """The call that a draft of :data:`PLACE` keeps."""
    if draft is None or "lead" not in draft.data:
        return None
    since = datetime.fromtimestamp(int(draft.data["since"]), session.zone)
    return LeadCall(int(draft.data["lead"]), draft.text, since)


def running(session: Session) -> LeadCall | None:
    """The call of this user that waits for its outcome."""
    return of_draft(session, drafts.load(session, PLACE))


def hang_up(session: Session) -> None:
    """Forget the call that runs: it was logged, or none took place."""
    drafts.drop(session, PLACE)
