"""Merging two leads, two people or two clients into one.

The lead that was merged away is no lead any more: its row and its history leave the tables of
leads, so that no figure, list or search counts it. The journal keeps both, and one undo brings them
back. Its number leads to the lead that it went into (:func:`.record.merged_into`).
"""

from __future__ import annotations

from typing import Any

from tui_crm.core import money
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.leads import closing, contacts
from tui_crm.core.leads.contacts import Person
from tui_crm.core.leads.record import (
    MERGE,
    NOT_SEEN,
    NotSeen,
    change,
    check_amount,
    get,
    note_history,
)
from tui_crm.core.session import Session
from tui_crm.core.setup import tags
from tui_crm.core.store.columns import LeadColumns
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import (
    BY_NAME,
    Client,
    ClientNote,
    Contact,
    ContactPoint,
    History,
    Lead,
    LeadPerson,
    LeadTag,
    Prospect,
)
from tui_crm.core.text import _, fold

MOVED = ("actions", "attachments")
RANK = ("cancelled", "lost", "open", "won")
"""The statuses, by which of two counts when their leads are one: what was won stays won, and an
open lead is not closed by its double."""
CLOSING = ("status", "closed_on", "closed_at", "closed_owner_id", "reason_id")
NEXT = tuple(closing.NO_NEXT)
LACKED = ("amount", "probability", "expected_close", "client_id", "list_id", "prospect_id")


@operation(MERGE)
def merge(w: Write, keep_id: int, other_id: int, amount: int | NotSeen | None = NOT_SEEN) -> None:
    """Make two leads one: ``keep`` takes over the other's people (one person of both leads is one),
    actions, tags, attachments and prospects, and whatever it lacks itself.

    ``amount`` (minor units) is the one that holds; without it that of the one that was won, else
    that of ``keep``, else of the other. A won lead stays won, and one of them that is open stays
    open. Raises CrmError for one and the same lead, NotFound for one that is not there."""
    if keep_id == other_id:
        raise CrmError(_("A lead cannot be merged with itself."))
    if amount is not NOT_SEEN:
        check_amount(amount)
    keep, other = get(w, keep_id), get(w, other_id)
    _unite_people(w, keep_id, other_id)
    for name in MOVED:
        for (number,) in w.store.rows(f"SELECT id FROM {name} WHERE lead_id = ?", (other_id,)):
            w.update(BY_NAME[name], number, lead_id=keep_id)
    for (number,) in w.store.rows("SELECT id FROM prospects WHERE lead_id = ?", (other_id,)):
        w.update(Prospect, number, lead_id=keep_id)
    for name in tags.of(w.store, [other_id]).get(other_id, ()):
        tags.put(w, keep_id, name)
    if other["created_on"] < keep["created_on"]:
        closing.redate_creation(w, keep, other["created_on"])
    values = _united(keep, other)
    if amount is not NOT_SEEN:
        values["amount"] = amount
    change(w, keep, on_day=values.get("closed_on"), **values)
    note_history(w, keep_id, "merged", None, _summary(w, other))
    for model in (LeadTag, History):
        name = model._meta.table_name
        for (number,) in w.store.rows(f"SELECT id FROM {name} WHERE lead_id = ?", (other_id,)):
            w.delete(model, number)
    w.delete(Lead, other_id)
    w.describe(
        _("{other} merged into {keep}").format(other=f"#{other_id}", keep=keep["title"]),
        lead_id=keep_id,
    )


def _united(keep: LeadColumns, other: LeadColumns) -> LeadColumns:
    """The columns of ``keep`` that the other changes."""
    mine, theirs = dict(keep), dict(other)
    values: Any = {n: theirs[n] for n in LACKED if mine[n] is None and theirs[n] is not None}
    for name in ("source", "owner_id", "priority", "direction"):
        if not mine[name] and theirs[name]:
            values[name] = theirs[name]
    if theirs["starred"]:
        values["starred"] = 1
    if other["description"] and other["description"] not in keep["description"]:
        values["description"] = f"{keep['description']}\n{other['description']}".strip()
    if RANK.index(other["status"]) > RANK.index(keep["status"]):
        values |= {name: theirs[name] for name in (*CLOSING, *NEXT)}
        if other["status"] == "won" and other["amount"] is not None:
            values["amount"] = other["amount"]
    elif keep["status"] == "open" and not any(mine[name] for name in NEXT):
        values |= {name: theirs[name] for name in NEXT}
    columns: LeadColumns = values
    return columns


def _summary(w: Write, lead: LeadColumns) -> str:
    """The lead that was merged away, in the words of the history: ``#7 Acme: website, open,
    €5,000``."""
    parts = [f"#{lead['id']} {lead['title']}", closing.status_word(lead["status"])]
    if lead["amount"] is not None:
        parts.append(money.full(lead["amount"], w.session.currency))
    if lead["next_text"]:
        parts.append(lead["next_text"])
    return ", ".join(parts)


def amounts(session: Session, keep_id: int, other_id: int) -> tuple[int, ...]:
    """The amounts that may hold after a merge, that of ``keep`` first; more than one only where
    both leads have one and they differ."""
    found = dict(
        session.store.rows("SELECT id, amount FROM leads WHERE id IN (?, ?)", (keep_id, other_id))
    )
    both = (found.get(keep_id), found.get(other_id))
    return tuple(dict.fromkeys(amount for amount in both if amount is not None))


# -- people ---------------------------------------------------------------------------------------


def _unite_people(w: Write, keep_id: int, other_id: int) -> None:
    """Move the other's people to ``keep``; who is there already gets the phones and addresses that
    are new."""
    people = contacts.of(w.session, [keep_id, other_id])
    known = list(people.get(keep_id, ()))
    place = len(known)
    linked = {
        (lead, contact): number
        for number, lead, contact in w.store.rows(
            "SELECT id, lead_id, contact_id FROM lead_people WHERE lead_id IN (?, ?)",
            (keep_id, other_id),
        )
    }
    for person in people.get(other_id, ()):
        same = next((o for o in known if o.id == person.id or contacts.is_same(o, person)), None)
        link = linked.get((other_id, person.id))
        if link is not None:  # it lives elsewhere
            if same is None:
                w.update(LeadPerson, link, lead_id=keep_id, position=place)
                place += 1
                known.append(person)
            else:
                w.delete(LeadPerson, link)
            continue
        if same is None or same.id == person.id:
            if same is not None:
                w.delete(LeadPerson, linked[keep_id, person.id])
            w.update(Contact, person.id, lead_id=keep_id, position=place)
            place += 1
            known.append(person)
            continue
        _into(w, same, person)


def _into(w: Write, same: Person, person: Person) -> None:
    """Give what ``person`` has to ``same``, who is the same, and take ``person`` away."""
    if not same.name or not same.role:
        w.update(Contact, same.id, name=same.name or person.name, role=same.role or person.role)
    have = {(point.kind, point.match or fold(point.value)) for point in same.points}
    rows = w.store.rows(
        "SELECT id, kind, match, value FROM contact_points WHERE contact_id = ? ORDER BY id",
        (person.id,),
    )
    for number, kind, match, value in rows:
        if (kind, match or fold(value)) in have:
            w.delete(ContactPoint, number)
        else:
            w.update(ContactPoint, number, contact_id=same.id)
    _hand_over(w, person.id, same.id)
    w.delete(Contact, person.id)


def _hand_over(w: Write, contact_id: int, same_id: int) -> None:
    """The leads that share a person share the other one of the two in their place."""
    has = {
        lead
        for (lead,) in w.store.rows(
            "SELECT lead_id FROM lead_people WHERE contact_id = ?"
            " UNION SELECT lead_id FROM contacts WHERE id = ?",
            (same_id, same_id),
        )
    }
    for number, lead in w.store.rows(
        "SELECT id, lead_id FROM lead_people WHERE contact_id = ? ORDER BY id", (contact_id,)
    ):
        if lead in has:
            w.delete(LeadPerson, number)
        else:
            w.update(LeadPerson, number, contact_id=same_id)


@operation("people.merge")
def merge_people(w: Write, keep_id: int, other_id: int) -> None:
    """Make two people one: ``keep`` gets the phones and addresses of the other, and stands on its
    lead too. Raises CrmError for one and the same person, NotFound for one that is not there."""
    if keep_id == other_id:
        raise CrmError(_("A person cannot be merged with themselves."))
    rows = [contacts.locked(w, number) for number in sorted((keep_id, other_id))]
    keep_row, other_row = rows if rows[0]["id"] == keep_id else rows[::-1]
    keep, other = (person(w.session, row["id"]) for row in (keep_row, other_row))
    lead = other_row["lead_id"]
    stands = w.store.value(
        "SELECT 1 FROM lead_people WHERE lead_id = ? AND contact_id = ?", (lead, keep_id)
    )
    if lead is not None and lead != keep_row["lead_id"] and not stands:
        w.insert(LeadPerson, lead_id=lead, contact_id=keep_id, position=other_row["position"])
    _into(w, keep, other)
    w.describe(
        _("person {other} merged into {keep}").format(other=other.name, keep=keep.name),
        lead_id=keep_row["lead_id"],
    )


def person(session: Session, contact_id: int) -> Person:
    """A person by the number of the contact. Raises NotFound."""
    rows = session.store.read(
        contacts.ContactRow,
        f"SELECT contacts.id, COALESCE(contacts.lead_id, 0), {contacts.COLUMNS} FROM contacts"
        f"{contacts.POINTS} WHERE contacts.id = ? ORDER BY contact_points.id",
        (contact_id,),
    )
    if not rows:
        raise NotFound(_("That person is gone."))
    return next(iter(contacts.people(session, rows).values()))[0]


@operation("clients.merge")
def merge_clients(w: Write, keep_id: int, other_id: int) -> None:
    """Make two clients one: the leads, people and notes of the other go to ``keep``, with whatever
    that lacks itself. Raises CrmError for one and the same client, NotFound for one that is not
    there."""
    if keep_id == other_id:
        raise CrmError(_("A client cannot be merged with itself."))
    keep, other = (w.row(Client, number) for number in (keep_id, other_id))
    if keep is None or other is None:
        raise NotFound(_("There is no such client."))
    for (number,) in w.store.rows("SELECT id FROM leads WHERE client_id = ?", (other_id,)):
        change(w, get(w, number), client_id=keep_id)
    for model in (Contact, ClientNote):
        table = model._meta.table_name
        for (number,) in w.store.rows(f"SELECT id FROM {table} WHERE client_id = ?", (other_id,)):
            w.update(BY_NAME[table], number, client_id=keep_id)
    lacked = {n: other[n] for n in ("owner_id", "silent_days") if keep[n] is None}
    if other["description"] and other["description"] not in keep["description"]:
        lacked["description"] = f"{keep['description']}\n{other['description']}".strip()
    w.update(Client, keep_id, **lacked)
    w.delete(Client, other_id)
    w.describe(
        _("client {other} merged into {keep}").format(other=other["name"], keep=keep["name"])
    )
