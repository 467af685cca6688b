"""Messages to the people of a lead, filled in from a template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tui_crm.core import money
from tui_crm.core.dates.labels import day_label
from tui_crm.core.leads.contacts import Person
from tui_crm.core.leads.views import LeadView
from tui_crm.core.mail import Filled, Mail, fill
from tui_crm.core.session import Session
from tui_crm.core.setup import templates
from tui_crm.core.setup.templates import TemplateRow
from tui_crm.core.text import fields, fold

LANGUAGE_FIELDS = ("language", "idioma", "langue", "sprache")
"""The labels, folded, of a line of the description that says in which language one is written to:
``Language: es``."""


@dataclass(frozen=True)
class Recipient:
    """Whom a message goes to; ``problem`` is empty, ``blocked`` or ``bad``."""

    name: str
    role: str
    address: str
    phone: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Letter:
    """A message that is filled in: ``empty`` and ``unknown`` are the placeholders that could not
    be; they stand in it as they were."""

    mail: Mail
    empty: tuple[str, ...]
    unknown: tuple[str, ...]


def recipients(people: tuple[Person, ...]) -> list[Recipient]:
    """Everybody with an address, those that may be written to first; without one, the first person
    without an address."""
    found = [
        Recipient(
            person.name,
            person.role,
            point.value,
            person.phones[0].value if person.phones else "",
            "blocked" if point.blocked else "bad" if point.bad else "",
        )
        for person in people
        for point in person.emails
    ]
    found.sort(key=lambda one: one.problem != "")
    if not found and people:
        one = people[0]
        found = [Recipient(one.name, one.role, "", one.phones[0].value if one.phones else "")]
    return found or [Recipient("", "", "")]


def language(session: Session, lead: LeadView) -> str:
    """The language that a lead is written to in: what its description says, else that of its
    client, else the workspace's."""
    described = [lead.fields]
    if lead.client_id is not None:
        about = session.store.value(
            "SELECT description FROM clients WHERE id = ?", (lead.client_id,)
        )
        described.append(fields(str(about or "")))
    return described_language(*described) or session.house.language


def described_language(*described: Mapping[str, str]) -> str:
    """The language that ``Language: …`` names in the first of some descriptions that does; empty
    where none does."""
    for lines in described:
        for label, value in lines.items():
            if fold(label) in LANGUAGE_FIELDS and (code := templates.language_code(value)):
                return code
    return ""


def values(session: Session, lead: LeadView, to: Recipient) -> dict[str, str]:
    """What the placeholders of a message to somebody on a lead stand for, by their names."""
    following = lead.next
    known = person_values(session, to) | {
        "company": lead.client or lead.title,
        "lead": lead.title,
        "title": lead.title,
        "number": str(lead.number),
        "amount": "" if lead.amount is None else money.full(lead.amount, session.currency),
        "step": lead.step,
        "owner": lead.owner or "",
        "next action": following.text if following else "",
    }
    return {**known, **lead.fields}


def person_values(session: Session, to: Recipient) -> dict[str, str]:
    """What placeholders about the recipient, the user and the day stand for."""
    parts, me = to.name.split(), session.user
    mine = me.full_name or me.name
    return {
        "first name": parts[0] if parts else "",
        "last name": " ".join(parts[1:]),
        "name": to.name,
        "role": to.role,
        "email": to.address,
        "phone": to.phone,
        "my name": mine,
        "my first name": mine.split()[0] if mine.split() else "",
        "my email": me.email,
        "my company": session.house.name,
        "today": day_label(session.today, session.today),
    }


def write(template: TemplateRow | None, to: Recipient, known: Mapping[str, str]) -> Letter:
    """The message of a template to somebody, with what is ``known`` filled in; an empty one without
    a template."""
    subject = fill(template.subject, known) if template else Filled("")
    body = fill(template.body, known) if template else Filled("")
    return Letter(
        Mail(to.address, to.name, " ".join(subject.text.split()), body.text),
        tuple(dict.fromkeys(subject.empty + body.empty)),
        tuple(dict.fromkeys(subject.unknown + body.unknown)),
    )
