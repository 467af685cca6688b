"""The actions and prospects behind a figure, read to be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from tui_crm.core.session import Session


@dataclass(frozen=True)
class ActionLine:
    """An action behind a figure. ``at`` is aware, in the zone of the session's user; ``title`` is
    that of the lead, else the name of the prospect it was about."""

    id: int
    at: datetime
    by: str
    kind: str
    outcome: str
    reached: bool
    text: str
    lead_id: int | None
    prospect_id: int | None
    title: str


@dataclass(frozen=True)
class ProspectLine:
    """A prospect behind a figure: its line of the file, its list, how often it was tried."""

    id: int
    line: int
    list: str
    title: str
    city: str
    tries: int
    outcome: str
    lead_id: int | None


class _ActionRow(NamedTuple):
    """An `ActionLine` as it is read: ``at`` in epoch seconds."""

    id: int
    at: int
    by: str
    kind: str
    outcome: str
    reached: bool
    text: str
    lead_id: int | None
    prospect_id: int | None
    title: str


def actions(session: Session, numbers: Sequence[int]) -> list[ActionLine]:
    """These actions, in this order; the ones that are gone are left out."""
    if not numbers:
        return []
    rows = session.store.read(
        _ActionRow,
        "SELECT actions.id, actions.at, users.name, actions.kind,"
        " COALESCE(CASE WHEN actions.prospect_id IS NULL THEN NULLIF(outcomes.lead_label, '') END,"
        " outcomes.label, ''), actions.reached, actions.text, actions.lead_id, actions.prospect_id,"
        " COALESCE(NULLIF(leads.title, ''), NULLIF(prospects.company, ''), prospects.name, '')"
        " FROM actions JOIN users ON users.id = actions.user_id"
        " LEFT JOIN outcomes ON outcomes.id = actions.outcome_id"
        " LEFT JOIN leads ON leads.id = actions.lead_id"
        " LEFT JOIN prospects ON prospects.id = actions.prospect_id"
        f" WHERE actions.id IN ({', '.join('?' * len(numbers))})",
        tuple(numbers),
    )
    lines = {
        row.id: ActionLine(
            id=row.id,
            at=datetime.fromtimestamp(row.at, session.zone),
            by=row.by,
            kind=row.kind,
            outcome=row.outcome,
            reached=row.reached,
            text=row.text,
            lead_id=row.lead_id,
            prospect_id=row.prospect_id,
            title=row.title,
        )
        for row in rows
    }
    return [lines[number] for number in numbers if number in lines]


def prospects(session: Session, numbers: Sequence[int]) -> list[ProspectLine]:
    """These prospects, in this order; the ones that are gone are left out."""
    if not numbers:
        return []
    rows = session.store.read(
        ProspectLine,
        "SELECT prospects.id, prospects.line, lists.name,"
        " COALESCE(NULLIF(prospects.company, ''), prospects.name, ''), prospects.city,"
        " prospects.tries, COALESCE(outcomes.label, ''), prospects.lead_id"
        " FROM prospects JOIN lists ON lists.id = prospects.list_id"
        " LEFT JOIN outcomes ON outcomes.id = prospects.last_outcome_id"
        f" WHERE prospects.id IN ({', '.join('?' * len(numbers))})",
        tuple(numbers),
    )
    lines = {row.id: row for row in rows}
    return [lines[number] for number in numbers if number in lines]
