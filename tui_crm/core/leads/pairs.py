"""Duplicates among what there is: pairs of leads, people and clients that are likely one.

Leads: the same phone or e-mail with a title alike, or the same client with a title alike, both open
or one of them. People: the same phone or e-mail and no other name. Clients: a name alike, the legal
form aside. Records are brought together by what they have in common before any two are compared, so
that 200,000 leads take seconds; what too many have in common (a switchboard) says nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations
from typing import NamedTuple, Protocol, TypeVar

from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.progress import Cancelled, watched
from tui_crm.core.session import Session
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import NotDuplicate
from tui_crm.core.text import _, fold

T = TypeVar("T")

KINDS = ("leads", "people", "clients")
CROWD = 12  # records with the same phone, client or beginning from which on that says nothing
ALIKE = 0.84  # of two titles or names; 1 is the same
_FORMS = """gmbh ag kg ohg ug mbh co ev se gbr sl slu sa sau sas sarl srl spa bv nv ltd limited llc
llp inc plc corp company oy ab as aps sp zoo"""
LEGAL = frozenset(_FORMS.split())
"""The legal forms of companies, which are no part of their names."""


@dataclass(frozen=True)
class Pair:
    """Two records that are likely one; ``one`` is the older. ``why`` says what they have in
    common."""

    kind: str
    one: int
    other: int
    one_name: str
    other_name: str
    why: str


class _Lead(NamedTuple):
    id: int
    title: str
    client_id: int | None
    status: str


class _Point(NamedTuple):
    match: str
    kind: str
    contact_id: int
    name: str
    lead_id: int | None
    client_id: int | None


def weight(session: Session) -> int:
    """About how many records :func:`pairs` compares: the highest number of leads, people or
    clients."""
    highest = "(SELECT COALESCE(MAX(id), 0) FROM {})"
    tables = ("leads", "contacts", "clients")
    row = session.store.rows(f"SELECT {', '.join(map(highest.format, tables))}")[0]
    return int(max(row))


def pairs(
    session: Session,
    kinds: Sequence[str] = KINDS,
    most: int = 200,
    cancelled: Cancelled | None = None,
) -> list[Pair]:
    """The likely pairs of these kinds that nobody has said to be two, at most ``most``. Raises
    CrmError when cancelled."""
    store = session.store
    two = {
        (kind, one, other)
        for kind, one, other in store.rows("SELECT kind, one_id, other_id FROM not_duplicates")
    }
    found: dict[tuple[str, int, int], Pair] = {}
    for pair in _all(session, kinds, cancelled):
        key = (pair.kind, pair.one, pair.other)
        if key not in two and key not in found:
            found[key] = pair
            if len(found) >= most:
                break
    return list(found.values())


def _all(session: Session, kinds: Sequence[str], cancelled: Cancelled | None) -> Iterator[Pair]:
    def until_cancelled(groups: Collection[T]) -> Iterator[T]:
        return watched(groups, len(groups), None, cancelled, _("Not all was compared."))

    points = _shared_points(session) if {"leads", "people"} & set(kinds) else {}
    if "leads" in kinds:
        yield from _leads(session, points, until_cancelled)
    if "people" in kinds:
        yield from _people(points, until_cancelled)
    if "clients" in kinds:
        yield from _clients(session, until_cancelled)


def _shared_points(session: Session) -> dict[tuple[str, str], list[_Point]]:
    """The contacts of each phone and e-mail that several have, by its kind and itself."""
    rows = session.store.read(
        _Point,
        "SELECT contact_points.match, contact_points.kind, contacts.id, contacts.name,"
        " contacts.lead_id, contacts.client_id FROM contact_points"
        " JOIN contacts ON contacts.id = contact_points.contact_id"
        " WHERE contact_points.match IN (SELECT match FROM contact_points WHERE match <> ''"
        " GROUP BY match HAVING COUNT(DISTINCT contact_id) BETWEEN 2 AND ?)"
        " ORDER BY contact_points.match, contacts.id",
        (CROWD,),
    )
    groups: dict[tuple[str, str], list[_Point]] = defaultdict(list)
    for row in rows:
        groups[row.kind, row.match].append(row)
    return groups


class _Watch(Protocol):
    """Goes through groups of records, until the work is cancelled."""

    def __call__(self, groups: Collection[T], /) -> Iterator[T]: ...


def _leads(
    session: Session, points: dict[tuple[str, str], list[_Point]], watch: _Watch
) -> Iterator[Pair]:
    rows = session.store.read(_Lead, "SELECT id, title, client_id, status FROM leads ORDER BY id")
    by_id = {row.id: row for row in rows}
    for (kind, _match), group in watch(points.items()):
        why = _("same phone") if kind == "phone" else _("same e-mail")
        numbers = dict.fromkeys(point.lead_id for point in group if point.lead_id is not None)
        yield from _alike((by_id[n] for n in numbers if n in by_id), why)
    by_client: dict[int | str, list[_Lead]] = defaultdict(list)
    for row in watch(rows):
        by_client[row.client_id if row.client_id is not None else fold(row.title)].append(row)
    for group_of in watch(by_client.values()):
        if len(group_of) <= CROWD:
            yield from _alike(group_of, _("same client, title alike"))
        else:  # of one client with many leads only those of the very same title
            same: dict[str, list[_Lead]] = defaultdict(list)
            for row in group_of:
                same[_subject(row.title)].append(row)
            for few in same.values():
                if len(few) <= CROWD:
                    yield from _alike(few, _("same client and title"))


def _alike(leads: Iterable[_Lead], why: str) -> Iterator[Pair]:
    """The pairs among these leads whose titles are alike, and of which one is open at least: a deal
    that comes again is no duplicate of one that was closed, unless it has its title."""
    for one, other in combinations(sorted(leads, key=lambda row: row.id), 2):
        if "open" not in (one.status, other.status):
            continue
        if _ratio(_subject(one.title), _subject(other.title)) >= ALIKE:
            yield Pair("leads", one.id, other.id, one.title, other.title, why)


def _subject(title: str) -> str:
    """A title as it is compared: what stands behind the company, which may be written otherwise."""
    head, colon, rest = title.partition(":")
    return fold(rest if colon and rest.strip() else head)


def _people(points: dict[tuple[str, str], list[_Point]], watch: _Watch) -> Iterator[Pair]:
    for (kind, _match), group in watch(points.items()):
        why = _("same phone") if kind == "phone" else _("same e-mail")
        people = {point.contact_id: point for point in group}
        for one, other in combinations(people.values(), 2):
            first, second = fold(one.name), fold(other.name)
            same_person = _ratio(first, second) >= ALIKE or (
                kind == "email" and not (first and second)
            )
            if same_person:
                yield Pair("people", one.contact_id, other.contact_id, one.name, other.name, why)


def _clients(session: Session, watch: _Watch) -> Iterator[Pair]:
    rows = session.store.rows("SELECT id, name FROM clients ORDER BY id")
    exact: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    near: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for number, name in watch(rows):
        key = company_key(name)
        if key:
            exact[key].append((number, name, key))
            near[key[:5]].append((number, name, key))
    for group in watch(exact.values()):
        if len(group) <= CROWD:
            yield from _client_pairs(group, _("same name"))
    for group in watch(near.values()):
        if len(group) <= CROWD * 4:
            yield from _client_pairs(group, _("name alike"))


def _client_pairs(group: Sequence[tuple[int, str, str]], why: str) -> Iterator[Pair]:
    for (one, one_name, key), (other, other_name, other_key) in combinations(group, 2):
        if _ratio(key, other_key) >= max(ALIKE, 0.9):
            yield Pair("clients", one, other, one_name, other_name, why)


def company_key(name: str) -> str:
    """The name of a company as it is compared: without case, accents, punctuation and legal
    form."""
    words = "".join(c if c.isalnum() else " " for c in fold(name).replace(".", "")).split()
    kept = [word for word in words if word not in LEGAL]
    return " ".join(kept or words)


def _ratio(one: str, other: str) -> float:
    """How alike two texts are, 0 to 1; numbers that differ make them two (Lot 3, Lot 4)."""
    if one == other:
        return 1.0 if one else 0.0
    if not one or not other or _digits(one) != _digits(other):
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()


def _digits(text: str) -> list[str]:
    return "".join(c if c.isdecimal() else " " for c in text).split()


class ClientCounts(NamedTuple):
    """The name of a client, and how many leads and people of its own it has."""

    name: str
    leads: int
    people: int


def client_counts(session: Session, client_id: int) -> ClientCounts:
    """What a merge would take over from a client. Raises NotFound."""
    found = session.store.read(
        ClientCounts,
        "SELECT name, (SELECT COUNT(*) FROM leads WHERE client_id = clients.id),"
        " (SELECT COUNT(*) FROM contacts WHERE client_id = clients.id)"
        " FROM clients WHERE id = ?",
        (client_id,),
    )
    if not found:
        raise NotFound(_("There is no such client."))
    return found[0]


@operation("duplicates.not_same")
def not_same(w: Write, kind: str, one_id: int, other_id: int) -> None:
    """Remember that two records (of :data:`KINDS`) are two, for everybody: they are no pair any
    more."""
    if kind not in KINDS or one_id == other_id:
        raise CrmError(_("That is no pair."))
    one, other = sorted((one_id, other_id))
    if w.store.value(
        "SELECT id FROM not_duplicates WHERE kind = ? AND one_id = ? AND other_id = ?",
        (kind, one, other),
    ):
        return
    w.insert(NotDuplicate, kind=kind, one_id=one, other_id=other, user_id=w.user_id, at=w.at)
    w.describe(_("not the same: {one} and {other}").format(one=f"#{one}", other=f"#{other}"))
