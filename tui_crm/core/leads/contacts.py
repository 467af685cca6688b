"""The people of a lead or a client: names, roles, phones, e-mails; and who is one already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.phones import match_of
from tui_crm.core.store.database import Store
from tui_crm.core.store.journal import Write, as_rows, operation
from tui_crm.core.store.tables import Contact, ContactPoint
from tui_crm.core.text import _, clean, fold

KINDS = ("phone", "email", "web", "linkedin")


@dataclass(frozen=True)
class Point:
    """A phone, e-mail or address as typed; ``match`` is E.164 or the e-mail without case;
    ``blocked`` says that it is on the do-not-call list."""

    kind: str
    value: str
    match: str
    bad: bool
    blocked: bool = False


@dataclass(frozen=True)
class Person:
    """A contact with its points, in the order they were given."""

    id: int
    lead_id: int | None
    name: str
    role: str
    points: tuple[Point, ...]

    @property
    def phones(self) -> tuple[Point, ...]:
        return tuple(p for p in self.points if p.kind == "phone")

    @property
    def emails(self) -> tuple[Point, ...]:
        return tuple(p for p in self.points if p.kind == "email")


@dataclass(frozen=True)
class Twin:
    """A lead that looks like one being made: why, and whose it is."""

    lead_id: int
    title: str
    owner: str | None
    why: str


def new_contact(
    w: Write,
    *,
    name: str = "",
    role: str = "",
    points: Sequence[tuple[str, ...]] = (),
    lead_id: int | None = None,
    client_id: int | None = None,
) -> int:
    """Insert a contact with its ``(kind, text)`` or ``(kind, text, match)`` points; its row
    number. Odd phones are kept."""
    place = w.store.value("SELECT COUNT(*) FROM contacts WHERE lead_id = ?", (lead_id,)) or 0
    number = w.insert(
        Contact,
        lead_id=lead_id,
        client_id=client_id,
        role=_line(role),
        name=_line(name),
        position=int(place),
    )
    add_points(w, number, points)
    return number


def add_points(w: Write, contact_id: int, points: Sequence[tuple[str, ...]]) -> None:
    """More points for a contact, as :func:`new_contact` takes them."""
    for kind, value, *match in points:
        _add_point(w, contact_id, kind, value, *match)


def _add_point(w: Write, contact_id: int, kind: str, value: str, match: str = "") -> None:
    value = _line(value)
    if value:
        w.insert(
            ContactPoint,
            contact_id=contact_id,
            kind=kind,
            value=value,
            match=match or match_of(kind, value, w.session.house.region),
        )


def _line(text: str) -> str:
    return " ".join(clean(text, single_line=True).split())


def kind_of(text: str) -> str | None:
    """What a typed piece is: ``email`` (an @), ``linkedin``, ``web``, ``phone`` (six digits or
    more and little else), or ``None`` for words."""
    text = text.strip()
    if "@" in text and " " not in text and not text.startswith("@"):
        return "email"
    if "linkedin.com/" in text.casefold():
        return "linkedin"
    if text.casefold().startswith(("http://", "https://", "www.")):
        return "web"
    digits = sum(c.isdigit() for c in text)
    if digits >= 6 and all(c.isdigit() or c in "+()-./ \u00a0x" for c in text):
        return "phone"
    return None


def parse(text: str) -> tuple[str, str, list[tuple[str, str]]]:
    """``Anna Weber, purchasing, +49 30 901820 44, anna@acme.example`` taken apart by commas:
    name, role, points. What is recognised as a phone or an address is a point; of the rest the
    first is the name, the others the role."""
    words, points = [], []
    for piece in text.replace(";", ",").split(","):
        kind = kind_of(piece)
        if kind:
            points.append((kind, piece.strip()))
        elif piece.strip():
            words.append(piece.strip())
    return (words[0] if words else "", ", ".join(words[1:]), points)


def refuse_blocked(w: Write, points: Iterable[tuple[str, str]], even_so: bool = False) -> None:
    """Raises CrmError when one of the points is on the do-not-call list, with who and when."""
    if even_so:
        return
    from tui_crm.core.privacy import do_not_call  # which reads numbers with this module

    for kind, value in points:
        match = match_of(kind, value, w.session.house.region)
        found = do_not_call.is_blocked(w.store, [match]).get(match)
        if found is None:
            continue
        day = datetime.fromtimestamp(found.at, w.session.zone).date().isoformat()
        words = f": {found.words}" if found.words else ""
        raise CrmError(
            _("{value} is on the do-not-call list ({who}, {day}{words}).").format(
                value=_line(value), who=found.who, day=day, words=words
            ),
            _("A manager can take it off again: tui-crm blocked remove"),
        )


# -- operations -----------------------------------------------------------------------------------


@operation("people.add")
def add(w: Write, lead_id: int, text: str) -> int:
    """Add a person to a lead from one line (see :func:`parse`); the contact's row number."""
    name, role, points = parse(text)
    if not (name or points):
        raise CrmError(
            _("Type a name, a phone or an e-mail."), _("Example: Anna Weber, buyer, +49 30 9018204")
        )
    refuse_blocked(w, points)
    number = new_contact(w, lead_id=lead_id, name=name, role=role, points=points)
    w.describe(_("person: {name}").format(name=name or points[0][1]), lead_id=lead_id)
    return number


@operation("people.edit")
def edit(w: Write, contact_id: int, text: str) -> None:
    """Replace a person's name, role and points by what one line says."""
    row = w.row(Contact, contact_id)
    if row is None:
        raise NotFound(_("That person is gone."))
    name, role, points = parse(text)
    if not (name or points):
        raise CrmError(_("Type a name, a phone or an e-mail."))
    w.update(Contact, contact_id, name=_line(name), role=_line(role))
    old = as_rows(
        ContactPoint.select().where(ContactPoint.contact_id == contact_id).order_by(ContactPoint.id)
    )
    left = [(kind, _line(value)) for kind, value in points]
    there = {(point["kind"], point["value"]) for point in old}
    refuse_blocked(w, [point for point in left if point not in there])
    for point in old:
        if (point["kind"], point["value"]) in left:
            left.remove((point["kind"], point["value"]))
        else:
            w.delete(ContactPoint, point["id"])
    for kind, value in left:
        _add_point(w, contact_id, kind, value)
    w.describe(_("person: {name}").format(name=name), lead_id=row["lead_id"])


@operation("people.remove")
def remove(w: Write, contact_id: int) -> None:
    """Take a person off a lead."""
    row = w.row(Contact, contact_id)
    if row is None:
        raise NotFound(_("That person is gone."))
    for point in as_rows(
        ContactPoint.select(ContactPoint.id).where(ContactPoint.contact_id == contact_id)
    ):
        w.delete(ContactPoint, point["id"])
    w.delete(Contact, contact_id)
    w.describe(_("person removed: {name}").format(name=row["name"]), lead_id=row["lead_id"])


# -- views ----------------------------------------------------------------------------------------


def of(store: Store, leads: Sequence[int]) -> dict[int, tuple[Person, ...]]:
    """The people of these leads, by lead number."""
    if not leads:
        return {}
    marks = ", ".join("?" * len(leads))
    people: dict[int, tuple[int, str, str, list[Point]]] = {}
    rows = store.rows(
        "SELECT contacts.id, contacts.lead_id, contacts.name, contacts.role, contact_points.kind,"
        " contact_points.value, contact_points.match, contact_points.bad FROM contacts"
        " LEFT JOIN contact_points ON contact_points.contact_id = contacts.id"
        f" WHERE contacts.lead_id IN ({marks})"
        " ORDER BY contacts.position, contacts.id, contact_points.id",
        leads,
    )
    from tui_crm.core.privacy import do_not_call  # which reads numbers with this module

    held = do_not_call.is_blocked(store, [row[6] for row in rows])
    for number, lead, name, role, kind, value, match, bad in rows:
        points = people.setdefault(number, (lead, name, role, []))[3]
        if kind:
            points.append(Point(kind, value, match, bool(bad), match in held))
    found: dict[int, list[Person]] = {}
    for number, (lead, name, role, points) in people.items():
        found.setdefault(lead, []).append(Person(number, lead, name, role, tuple(points)))
    return {lead: tuple(group) for lead, group in found.items()}


def as_line(person: Person) -> str:
    """A person as one line that :func:`parse` reads back."""
    parts = [person.name, person.role, *(p.value for p in person.points)]
    return ", ".join(part for part in parts if part)


def twins(
    session: Any,
    *,
    title: str = "",
    points: Sequence[tuple[str, str]] = (),
    but: int | None = None,
    most: int = 5,
) -> tuple[Twin, ...]:
    """Leads that may be the same: by phone, by e-mail, then by title or client name."""
    store: Store = session.store
    found: dict[int, Twin] = {}

    def take(rows: Iterable[tuple[Any, ...]], why: str) -> None:
        for number, text, owner in rows:
            if number != but and number not in found and len(found) < most:
                found[number] = Twin(number, text, owner, why)

    base = (
        "SELECT DISTINCT leads.id, leads.title, users.name FROM leads"
        " LEFT JOIN users ON users.id = leads.owner_id"
    )
    for kind, value in points:
        match = match_of(kind, value, session.house.region)
        if match:
            take(
                store.rows(
                    f"{base} JOIN contacts ON contacts.lead_id = leads.id"
                    " JOIN contact_points ON contact_points.contact_id = contacts.id"
                    " WHERE contact_points.match = ? ORDER BY leads.id DESC LIMIT 5",
                    (match,),
                ),
                _("same phone") if kind == "phone" else _("same e-mail"),
            )
    wanted = fold(title)
    company = fold(title.split(":")[0])
    if len(company) >= 3:
        take(
            store.rows(
                f"{base} JOIN clients ON clients.id = leads.client_id"
                " WHERE clients.match = ? ORDER BY leads.id DESC LIMIT 5",
                (company,),
            ),
            _("same client"),
        )
        from tui_crm.core.store import fulltext

        words = fulltext.condition(store, wanted)
        if words:
            take(
                [
                    row
                    for row in store.rows(
                        f"{base} WHERE {words[0]} ORDER BY leads.id DESC LIMIT 20", words[1]
                    )
                    if fold(row[1]) == wanted or fold(row[1].split(":")[0]) == company
                ],
                _("same title"),
            )
    return tuple(found.values())
