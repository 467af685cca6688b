"""The people of a lead or a client: names, roles, phones, e-mails."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from tui_crm.core import emails
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.phones import match_of
from tui_crm.core.privacy import do_not_call
from tui_crm.core.session import Session
from tui_crm.core.store.columns import ContactColumns
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.query import PEOPLE_OF_LEADS, Query, typed_rows
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
    """A contact with its points, in the order they were given; ``shared`` when it lives on another
    lead of the same client, or on the client."""

    id: int
    lead_id: int | None
    name: str
    role: str
    points: tuple[Point, ...]
    shared: bool = False

    @property
    def phones(self) -> tuple[Point, ...]:
        return tuple(p for p in self.points if p.kind == "phone")

    @property
    def emails(self) -> tuple[Point, ...]:
        return tuple(p for p in self.points if p.kind == "email")


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
    column, owner = ("lead_id", lead_id) if lead_id is not None else ("client_id", client_id)
    place = w.store.value(f"SELECT COUNT(*) FROM contacts WHERE {column} = ?", (owner,)) or 0
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
    first is the name, the others the role. An address needs no comma beside a name."""
    words, points = [], []
    for piece in text.replace(";", ",").split(","):
        kind = kind_of(piece)
        if kind:
            points.append((kind, piece.strip()))
            continue
        rest = []
        for word in piece.split():
            if "@" in word and (found := emails.key(word)):
                points.append(("email", _as_written(word, found)))
            else:
                rest.append(word)
        if rest:
            words.append(" ".join(rest))
    return (words[0] if words else "", ", ".join(words[1:]), points)


def _as_written(word: str, address: str) -> str:
    """An address within a word (``<Anna@acme.example>``), with the case it was written in."""
    start = word.casefold().find(address)
    return word[start : start + len(address)] if start >= 0 else address


_AT = re.compile(r"[(\[{]\s*(?:at|@)\s*[)\]}]", re.IGNORECASE)


def mangled(text: str) -> tuple[str, ...]:
    """What in the line of a person was meant to be an e-mail address and is none: ``anna@acme``,
    ``anna(at)acme.example``. It is no name and no role."""
    return tuple(
        word
        for piece in text.replace(";", ",").split(",")
        for word in piece.split()
        if (("@" in word and word != "@") or _AT.search(word))
        and emails.key(word) is None
        and kind_of(piece) in (None, "email")
    )


def _refuse_mangled(text: str, known: Collection[str] = ()) -> None:
    """Raises CrmError for an address in the line of a person that is none. ``known`` are values
    that are stored already."""
    for word in mangled(text):
        if word not in known:
            raise CrmError(
                _("“{word}” is no e-mail address.").format(word=_line(word)),
                _("Write it like anna@acme.example, or take it out."),
            )


def refuse_blocked(w: Write, points: Iterable[tuple[str, str]], even_so: bool = False) -> None:
    """Raises CrmError when one of the points is on the do-not-call list, with who and when."""
    if even_so:
        return
    for kind, value in points:
        match = match_of(kind, value, w.session.house.region)
        found = do_not_call.is_blocked(w.session, [match]).get(match)
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


def locked(w: Write, contact_id: int) -> ContactColumns:
    """The row of a person, the lead locked before it. Raises NotFound."""
    w.lock_lead(w.store.value("SELECT lead_id FROM contacts WHERE id = ?", (contact_id,)))
    row = w.row(Contact, contact_id)
    if row is None:
        raise NotFound(_("That person is gone."))
    return row


def read_typed(w: Write, text: str) -> tuple[str, str, list[tuple[str, str]]]:
    """A typed person, as :func:`parse`; raises CrmError for nothing, and for a point that is on the
    do-not-call list."""
    name, role, points = parse(text)
    if not (name or points):
        raise CrmError(
            _("Type a name, a phone or an e-mail."), _("Example: Anna Weber, buyer, +49 30 9018204")
        )
    _refuse_mangled(text)
    refuse_blocked(w, points)
    return name, role, points


@operation("people.edit")
def edit(w: Write, contact_id: int, text: str) -> None:
    """Replace a person's name, role and points by what one line says."""
    row = locked(w, contact_id)
    name, role, points = parse(text)
    if not (name or points):
        raise CrmError(_("Type a name, a phone or an e-mail."))
    w.update(Contact, contact_id, name=_line(name), role=_line(role))
    old = w.store.rows(
        "SELECT id, kind, value FROM contact_points WHERE contact_id = ? ORDER BY id", (contact_id,)
    )
    new = [(kind, _line(value)) for kind, value in points]
    known = {(kind, value) for _number, kind, value in old}
    stored = f"{row['name']} {row['role']}".split()
    _refuse_mangled(text, {value for _kind, value in known}.union(stored))
    refuse_blocked(w, [point for point in new if point not in known])
    for number, kind, value in old:
        if (kind, value) in new:
            new.remove((kind, value))
        else:
            w.delete(ContactPoint, number)
    for kind, value in new:
        _add_point(w, contact_id, kind, value)
    w.describe(_("person: {name}").format(name=name), lead_id=row["lead_id"])


def delete(w: Write, contact_id: int) -> None:
    """Remove a person with its points from the lead or client that it lives on."""
    for (number,) in w.store.rows(
        "SELECT id FROM contact_points WHERE contact_id = ?", (contact_id,)
    ):
        w.delete(ContactPoint, number)
    w.delete(Contact, contact_id)


# -- views ----------------------------------------------------------------------------------------


COLUMNS = (
    "contacts.name, contacts.role, contact_points.kind, contact_points.value,"
    " contact_points.match, contact_points.bad, contacts.lead_id,"
    f" blocked.id IS NOT NULL, {do_not_call.HAS_HASHES}"
)
"""What :class:`ContactRow` has after the number of the contact and that of the lead it is shown
on."""
POINTS = (
    " LEFT JOIN contact_points ON contact_points.contact_id = contacts.id"
    " LEFT JOIN blocked ON blocked.match = contact_points.match"
)
"""The join from ``contacts`` that :data:`COLUMNS` need."""


def of(session: Session, leads: Sequence[int]) -> dict[int, tuple[Person, ...]]:
    """The people of these leads, by lead number."""
    if not leads:
        return {}
    rows = session.store.fetch(rows_query(leads))
    return people(session, rows)


def rows_query(leads: Sequence[int]) -> Query[list[ContactRow]]:
    """The contacts of these leads, for :func:`people`."""
    return typed_rows(
        ContactRow,
        f"SELECT contacts.id, people.lead_id, {COLUMNS}"
        f" FROM {PEOPLE_OF_LEADS} AS people JOIN contacts ON contacts.id = people.contact_id"
        f"{POINTS} WHERE people.lead_id IN ({', '.join('?' * len(leads))})"
        " ORDER BY people.position, contacts.id, contact_points.id",
        leads,
    )


def people(session: Session, rows: Sequence[ContactRow]) -> dict[int, tuple[Person, ...]]:
    """The people that these contacts are, by lead number."""
    blocks = {row.match for row in rows if row.blocked}
    if any(row.hashes for row in rows):
        blocks |= do_not_call.is_blocked(session, [row.match for row in rows]).keys()
    points: dict[tuple[int, int], list[Point]] = {}
    for row in rows:
        of_contact = points.setdefault((row.lead_id, row.id), [])
        if row.kind:
            blocked = row.match in blocks
            of_contact.append(Point(row.kind, row.value, row.match, bool(row.bad), blocked))
    found: dict[int, dict[int, Person]] = {}
    for row in rows:
        found.setdefault(row.lead_id, {})[row.id] = Person(
            row.id,
            row.lead_id,
            row.name,
            row.role,
            tuple(points[row.lead_id, row.id]),
            shared=row.home_id != row.lead_id,
        )
    return {lead: tuple(group.values()) for lead, group in found.items()}


class ContactRow(NamedTuple):
    """A contact with one of its points, or with none. ``blocked`` says that the point is on the
    do-not-call list as it is, ``hashes`` that others may be on it by their hash."""

    id: int
    lead_id: int
    name: str
    role: str
    kind: str
    value: str
    match: str
    bad: int
    home_id: int | None  # the lead that the contact lives on; None: its client
    blocked: bool
    hashes: bool


def is_same(one: Person, other: Person) -> bool:
    """Whether two people of one lead or client are the same: they have an e-mail or the name in
    common, or a phone where one of them has no name. A phone alone may be a switchboard's."""
    if {point.match for point in one.emails if point.match} & {p.match for p in other.emails}:
        return True
    if one.name and other.name:
        return fold(one.name) == fold(other.name)
    return bool(
        {point.match for point in one.phones if point.match} & {p.match for p in other.phones}
    )


def as_line(person: Person) -> str:
    """A person as one line that :func:`parse` reads back."""
    parts = [person.name, person.role, *(p.value for p in person.points)]
    return ", ".join(part for part in parts if part)
