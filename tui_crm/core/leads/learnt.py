"""What was learnt while an action was logged (``Tel: +49 30 901820``, ``CIF: B1234567``) and where
it is written: to the contact, to the company, or to the field that the lead has already."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from tui_crm.core.leads import contacts, record
from tui_crm.core.leads.contacts import Person
from tui_crm.core.leads.log_pieces import Known, Labelled
from tui_crm.core.phones import match_of
from tui_crm.core.session import Session, all_members
from tui_crm.core.store.journal import Write
from tui_crm.core.store.tables import Client, Contact, Lead
from tui_crm.core.text import field_line, fold


class Place(NamedTuple):
    """Where something learnt goes: a ``person`` (None: a new one without a name), or a field of
    the ``client`` or of the lead."""

    what: str
    person: Person | None = None


def known(session: Session, people: Sequence[Person], labels: Sequence[str] = ()) -> Known:
    """What the line of an action on a lead with these people and fields may name."""

    @cache
    def colleagues() -> tuple[tuple[str, ...], ...]:
        return tuple(
            tuple(dict.fromkeys(filter(None, (member.name, member.full_name))))
            for member in all_members(session.store)
            if member.active and member.id != session.user_id
        )

    return Known(tuple(p.name for p in people if p.name), tuple(labels), colleagues)


def place(one: Labelled, people: Sequence[Person], met: str | None, client: bool) -> Place:
    """Where it goes: what is of a person to the one that was ``met``, else to the first; what is
    of a company to the ``client``, on a lead without one to the lead."""
    if one.what == "client":
        return Place("client" if client else "lead")
    if one.what == "lead":
        return Place("lead")
    return Place("person", next((p for p in people if met and p.name == met), (*people, None)[0]))


def put(w: Write, lead_id: int, learnt: Sequence[Labelled], met: str | None) -> None:
    """Write what was learnt on a lead. A phone or an address that is there already is not written
    twice. Raises CrmError for one that is on the do-not-call list."""
    people = contacts.of(w.session, [lead_id]).get(lead_id, ())
    new: int | None = None
    for one in learnt:
        lead = record.get(w, lead_id)
        where = place(one, people, met, lead["client_id"] is not None)
        if where.what == "lead":
            w.update(Lead, lead_id, description=with_field(lead["description"], one))
        elif where.what == "client":
            number = lead["client_id"]
            assert number is not None
            was = w.store.value("SELECT description FROM clients WHERE id = ?", (number,)) or ""
            w.update(Client, number, description=with_field(was, one))
        else:
            if where.person is None and new is None:
                new = contacts.new_contact(w, lead_id=lead_id)
            _put_on_person(w, one, where.person, new)


def _put_on_person(w: Write, one: Labelled, person: Person | None, new: int | None) -> None:
    number = person.id if person is not None else new
    assert number is not None
    if one.what == "role":
        w.update(Contact, number, role=one.value)
        return
    match = match_of(one.what, one.value, w.session.house.region)
    have = [p for p in person.points if p.kind == one.what] if person is not None else []
    if not any(one.value == p.value or (match and match == p.match) for p in have):
        contacts.refuse_blocked(w, [(one.what, one.value)])
        contacts.add_points(w, number, [(one.what, one.value)])


def with_field(description: str, one: Labelled) -> str:
    """A description with the value of a field, in place of the one it has."""
    lines: list[str] = []
    same = done = False
    for line in description.rstrip().split("\n") if description.strip() else []:
        if same and line.startswith(("    ", "\t")):
            continue  # goes on with the value that is replaced
        name, colon, _value = line.lstrip("-*• \t\xa0").partition(":")
        same = bool(colon) and fold(name) == fold(one.label)
        if not same:
            lines.append(line)
        elif not done:
            lines.append(field_line(name.strip(), one.value))
            done = True
    return "\n".join(lines if done else [*lines, field_line(one.label, one.value)])
