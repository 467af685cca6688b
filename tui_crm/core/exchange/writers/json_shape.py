"""Leads as the objects that scripts read: the keys of ``show``, ``leads`` and ``today``.

Amounts are decimal numbers in the currency's major unit, moments ISO 8601 with offset, days
``2026-11-23``; a key is never missing, it is None.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tui_crm.core import money
from tui_crm.core.leads.attachments import AttachmentRow
from tui_crm.core.leads.contacts import Person
from tui_crm.core.leads.history import HistoryLine
from tui_crm.core.leads.views import LeadView
from tui_crm.core.session import Session
from tui_crm.core.text import fields


def lead_json(view: LeadView, session: Session) -> dict[str, Any]:
    """A lead without its history."""
    following = view.next
    return {
        "number": view.number,
        "title": view.title,
        "status": view.status,
        "pipeline": view.pipeline,
        "step": view.step,
        "amount": None if view.amount is None else money.number(view.amount, session.currency),
        "probability": view.probability,
        "expected_close": view.expected_close and view.expected_close.isoformat(),
        "owner": view.owner,
        "starred": view.starred,
        "priority": view.priority,
        "tags": list(view.tags),
        "client": view.client,
        "contacts": [contact_json(person) for person in view.people],
        "next": None
        if following is None
        else {
            # A timed one has its day too, the rep's: scripts need not work it out.
            "day": (day := following.day or (following.at and following.at.date()))
            and day.isoformat(),
            "at": following.at and moment(following.at),
            "minutes": following.minutes,
            "kind": following.kind or None,
            "text": following.text,
        },
        "last_contact": view.contacted and moment(view.contacted),
        "created": view.created.isoformat(),
        "closed": view.closed and view.closed.isoformat(),
        "reason": view.reason,
        "fields": fields(view.description),
    }


def contact_json(person: Person) -> dict[str, Any]:
    """A person with their phones and e-mails as typed."""
    return {
        "name": person.name,
        "role": person.role,
        "phones": [point.value for point in person.phones],
        "emails": [point.value for point in person.emails],
    }


def attachments_json(rows: Iterable[AttachmentRow], session: Session) -> list[dict[str, Any]]:
    """The files of a lead, in the order given; ``size`` is in bytes."""
    return [
        {
            "number": row.id,
            "name": row.name,
            "kind": row.kind or None,
            "amount": None if row.amount is None else money.number(row.amount, session.currency),
            "day": row.day or None,
            "size": row.size,
            "sha256": row.hash or None,
        }
        for row in rows
    ]


def history_json(lines: Iterable[HistoryLine], session: Session) -> list[dict[str, Any]]:
    """What happened to a lead, in the order given: actions, and changes with their kind
    (``step``, ``amount`` …) and no outcome."""
    return [
        {
            "at": moment(line.at.astimezone(session.zone)),
            "by": line.by,
            "kind": line.kind,
            "outcome": line.outcome,
            "minutes": minutes(line.seconds),
            "text": line.text,
        }
        for line in lines
    ]


def moment(at: datetime) -> str:
    """ISO 8601 with its offset, to the second."""
    return at.isoformat(timespec="seconds")


def minutes(seconds: int | None) -> int | float | None:
    """A length in minutes: whole where it is, else to a tenth."""
    if seconds is None:
        return None
    return seconds // 60 if seconds % 60 == 0 else round(seconds / 60, 1)
