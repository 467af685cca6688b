"""Adding and removing people of a lead, and the people of a client, which its leads share:
whoever is on one of them, or on the client itself. A further lead of the client starts with them,
and nobody is stored twice.

A contact lives on one lead (``contacts.lead_id``) or on the client (``contacts.client_id``); the
other leads that have it name it in ``lead_people``.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui_crm.core.leads import contacts
from tui_crm.core.leads.contacts import COLUMNS, POINTS, ContactRow, Person
from tui_crm.core.phones import match_of
from tui_crm.core.session import Session
from tui_crm.core.store.columns import ContactColumns
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.query import PEOPLE_OF_LEADS, Query, typed_rows
from tui_crm.core.store.tables import Contact, LeadPerson
from tui_crm.core.text import _, fold

MOST = 200  # people of a client that are looked at
STARTS_WITH = 12  # people that a further lead of a client starts with


def of(session: Session, client_id: int, most: int = MOST) -> tuple[Person, ...]:
    """The people of a client: its own first, then those of the leads that were touched last. Who
    stands on two leads as two contacts is told once."""
    rows = session.store.fetch(rows_query(client_id))
    return united(session, rows, most)


def rows_query(client_id: int) -> Query[list[ContactRow]]:
    """The contacts of a client and of its leads, for :func:`united`."""
    return typed_rows(
        ContactRow,
        f"SELECT contacts.id, 0, {COLUMNS} FROM ("
        " SELECT id AS contact_id, 9223372036854775807 AS touched FROM contacts WHERE client_id = ?"
        " UNION ALL SELECT people.contact_id, leads.touched_at FROM leads"
        f" JOIN {PEOPLE_OF_LEADS} AS people ON people.lead_id = leads.id WHERE leads.client_id = ?"
        ") AS found JOIN contacts ON contacts.id = found.contact_id"
        f"{POINTS} ORDER BY found.touched DESC, contacts.position, contacts.id, contact_points.id"
        f" LIMIT {MOST * 5}",
        (client_id, client_id),
    )


def united(session: Session, rows: Sequence[ContactRow], most: int = MOST) -> tuple[Person, ...]:
    """The people that these contacts are, each once."""
    seen: set[tuple[int, str, str]] = set()
    once = []
    for row in rows:
        if (key := (row.id, row.kind or "", row.value or "")) not in seen:
            seen.add(key)
            once.append(row)
    people: list[Person] = []
    names: set[str] = set()
    matches: set[str] = set()
    for person in contacts.people(session, once).get(0, ()):
        name = fold(person.name)
        mails = {point.match for point in person.emails if point.match}
        if (name and name in names) or mails & matches:
            continue
        names.add(name)
        matches |= mails
        people.append(person)
        if len(people) == most:
            break
    return tuple(people)


# -- operations -----------------------------------------------------------------------------------


@operation("people.add")
def add(w: Write, lead_id: int, text: str) -> int:
    """Add a person to a lead from one line (see :func:`.contacts.parse`); the contact's row number.
    Who is a person of the lead's client already is not made a second time."""
    name, role, points = contacts.read_typed(w, text)
    w.lock_lead(lead_id)
    number = add_to_lead(w, lead_id, name, role, points)
    w.describe(_("person: {name}").format(name=name or points[0][1]), lead_id=lead_id)
    return number


@operation("people.remove")
def remove(w: Write, contact_id: int, lead_id: int | None = None) -> None:
    """Take a person off a lead: off ``lead_id`` alone where it is shared with other leads of the
    client, else off the store."""
    row = contacts.locked(w, contact_id)
    if not leave(w, row, lead_id):
        contacts.delete(w, contact_id)
    w.describe(
        _("person removed: {name}").format(name=row["name"]), lead_id=lead_id or row["lead_id"]
    )


# -- parts of operations --------------------------------------------------------------------------


def link(w: Write, lead_id: int, contact_id: int, position: int = 0) -> None:
    """Put a person who lives elsewhere on a lead."""
    w.insert(LeadPerson, lead_id=lead_id, contact_id=contact_id, position=position)


def start(
    w: Write,
    lead_id: int,
    client_id: int | None,
    name: str = "",
    role: str = "",
    points: Sequence[tuple[str, ...]] = (),
) -> int | None:
    """The people of a lead that was just made: the person given (its contact number is returned)
    first, then those of its client."""
    known = of(w.session, client_id) if client_id is not None else ()
    first = None
    if name or points:
        same = find_same(w, known, name, points)
        first = _take_over(w, lead_id, same, role, points) if same else None
        if first is None:
            first = contacts.new_contact(w, lead_id=lead_id, name=name, role=role, points=points)
    share(w, lead_id, known, but=first)
    return first


def share(w: Write, lead_id: int, people: Sequence[Person], but: int | None = None) -> None:
    """Put people of the client on a lead, behind those that it has; not who is there already, in
    person or as a contact of the same name or e-mail."""
    if not people:
        return
    there = list(contacts.of(w.session, [lead_id]).get(lead_id, ()))
    for person in people[:STARTS_WITH]:
        if person.id == but or any(o.id == person.id or contacts.is_same(o, person) for o in there):
            continue
        link(w, lead_id, person.id, len(there))
        there.append(person)


def add_to_lead(
    w: Write, lead_id: int, name: str, role: str, points: Sequence[tuple[str, ...]]
) -> int:
    """Add a person to a lead: the one of its client who has that name or e-mail, with what is new,
    else a new contact; its number."""
    client_id = w.store.value("SELECT client_id FROM leads WHERE id = ?", (lead_id,))
    there = contacts.of(w.session, [lead_id]).get(lead_id, ())
    if client_id is not None:
        on_lead = {person.id for person in there}
        known = [p for p in of(w.session, client_id) if p.id not in on_lead]
        same = find_same(w, known, name, points)
        if same is not None:
            return _take_over(w, lead_id, same, role, points, len(there))
    return contacts.new_contact(w, lead_id=lead_id, name=name, role=role, points=points)


def _take_over(
    w: Write,
    lead_id: int,
    person: Person,
    role: str,
    points: Sequence[tuple[str, ...]],
    position: int = 0,
) -> int:
    """Put a person of the client on a lead, with the points and the role that they lack."""
    add_what_is_new(w, person, role, points)
    link(w, lead_id, person.id, position)
    return person.id


def add_what_is_new(w: Write, person: Person, role: str, points: Sequence[tuple[str, ...]]) -> None:
    """Give a person the points, and the role, that they lack."""
    if role and not person.role:
        w.update(Contact, person.id, role=role)
    region = w.session.house.region
    have = {(p.kind, p.match or fold(p.value)) for p in person.points}
    new = []
    for kind, value, *match in points:
        key = (kind, (match[0] if match else match_of(kind, value, region)) or fold(value))
        if key not in have:
            have.add(key)
            new.append((kind, value, *match))
    contacts.add_points(w, person.id, new)


def find_same(
    w: Write, people: Sequence[Person], name: str, points: Sequence[tuple[str, ...]]
) -> Person | None:
    """Who of these people is the one given, by :func:`.contacts.is_same`."""
    region = w.session.house.region
    given = Person(
        0,
        None,
        name,
        "",
        tuple(
            contacts.Point(
                kind, value, match[0] if match else match_of(kind, value, region), bad=False
            )
            for kind, value, *match in points
        ),
    )
    return next((person for person in people if contacts.is_same(person, given)), None)


def leave(w: Write, row: ContactColumns, lead_id: int | None) -> bool:
    """Take a person off a lead where others have it too; False when nobody else does. Who lives on
    that lead lives on another one from then on."""
    links = w.store.rows(
        "SELECT id, lead_id FROM lead_people WHERE contact_id = ? ORDER BY lead_id", (row["id"],)
    )
    if lead_id is None:
        for number, _lead in links:
            w.delete(LeadPerson, number)
        return False
    for number, lead in links:
        if lead == lead_id:
            w.delete(LeadPerson, number)
            return True
    if row["lead_id"] == lead_id and links:
        number, lead = links[0]
        w.delete(LeadPerson, number)
        w.update(Contact, row["id"], lead_id=lead)
        return True
    return False


def change_client(w: Write, lead_id: int, client_id: int | None) -> None:
    """The people of a lead that goes to another client: those it shared with the old one stay
    behind, those of the new one come."""
    for (number,) in w.store.rows("SELECT id FROM lead_people WHERE lead_id = ?", (lead_id,)):
        w.delete(LeadPerson, number)
    if client_id is not None:
        share(w, lead_id, of(w.session, client_id))
