"""Clients: the folder that groups the leads, people and notes of one company; who looks after it,
what it has brought so far, and whether nobody has done anything for it in too long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.leads import contacts, people, record, views
from tui_crm.core.leads.contacts import Person
from tui_crm.core.leads.record import NOT_SEEN, NotSeen
from tui_crm.core.leads.views import LAST_CONTACT, LeadView
from tui_crm.core.session import Session
from tui_crm.core.store.columns import Row
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.query import Query, typed_rows
from tui_crm.core.store.tables import Client, ClientNote
from tui_crm.core.text import _, clean, fields, fold

MOST = 200  # leads of a client that its page shows, the open ones first
DAY = 86400  # seconds


@dataclass(frozen=True)
class Note:
    """A note on a client; ``at`` is aware, in the rep's zone."""

    id: int
    at: datetime
    by: str
    by_id: int
    text: str


@dataclass(frozen=True)
class Sum:
    """How many leads of a client are open, won, or lost (cancelled ones included), and their
    amounts together in minor units."""

    count: int = 0
    amount: int = 0


@dataclass(frozen=True)
class ClientRow:
    """A client as one row. ``won`` is the value so far, ``idle`` whole days since the last real
    action on one of its leads (without one since it was made). It is ``silent`` after
    ``silent_days`` of them (0: never)."""

    id: int
    name: str
    description: str
    owner: str | None
    owner_id: int | None
    own_silent_days: int | None  # None: the workspace's
    silent_days: int
    open: Sum
    won: Sum
    lost: Sum
    idle: int
    contacted: datetime | None

    @property
    def silent(self) -> bool:
        return 0 < self.silent_days <= self.idle

    @cached_property
    def fields(self) -> dict[str, str]:
        """The ``Label: value`` lines of the description."""
        return fields(self.description)


@dataclass(frozen=True)
class ClientView:
    """A client whole. ``leads`` are its open ones by their next action, then the closed ones,
    the newest first; ``more`` is how many others there are."""

    row: ClientRow
    leads: tuple[LeadView, ...]
    more: int
    people: tuple[Person, ...]
    notes: tuple[Note, ...]

    @property
    def next(self) -> LeadView | None:
        """The lead with the first next action that has a moment."""
        dated = [
            one for one in self.leads if one.open and one.next and (one.next.day or one.next.at)
        ]
        return dated[0] if dated else None


class _Row(NamedTuple):
    id: int
    name: str
    description: str
    owner: str | None
    owner_id: int | None
    silent_days: int | None
    house_days: int
    created_at: int
    open: int
    open_amount: int
    won: int
    won_amount: int
    lost: int
    lost_amount: int
    touched_at: int | None
    contacted_at: int | None


def _sums(status: str) -> str:
    """SQL: how many leads have a status, and their amounts."""
    return (
        f"SUM(CASE WHEN leads.status {status} THEN 1 ELSE 0 END),"
        f" SUM(CASE WHEN leads.status {status} THEN COALESCE(leads.amount, 0) ELSE 0 END)"
    )


_LIMIT = "COALESCE(clients.silent_days, (SELECT MIN(silent_days) FROM workspace))"
_GROUPED = "clients.id, clients.name, clients.description, users.name, clients.owner_id"


def _rows_query(where: str, params: Sequence[object], most: int, order: str) -> Query[list[_Row]]:
    """Clients with the figures of their leads."""
    states = ("= 'open'", "= 'won'", "IN ('lost', 'cancelled')")
    figures = ", ".join(_sums(state) for state in states)
    return typed_rows(
        _Row,
        f"SELECT {_GROUPED}, clients.silent_days,"
        " (SELECT MIN(silent_days) FROM workspace), clients.created_at,"
        f" {figures}, MAX(leads.touched_at), MAX({LAST_CONTACT}) FROM clients"
        " LEFT JOIN leads ON leads.client_id = clients.id"
        f" LEFT JOIN users ON users.id = clients.owner_id WHERE {where}"
        f" GROUP BY {_GROUPED}, clients.silent_days, clients.created_at"
        f" ORDER BY {order} LIMIT {most}",
        params,
    )


def _row(session: Session, row: _Row) -> ClientRow:
    touched = row.touched_at if row.touched_at is not None else row.created_at
    own = row.silent_days
    return ClientRow(
        id=row.id,
        name=row.name,
        description=row.description,
        owner=row.owner,
        owner_id=row.owner_id,
        own_silent_days=own,
        silent_days=row.house_days if own is None else own,
        open=Sum(row.open, int(row.open_amount)),
        won=Sum(row.won, int(row.won_amount)),
        lost=Sum(row.lost, int(row.lost_amount)),
        idle=max(0, int(session.now.timestamp()) - touched) // DAY,
        contacted=(
            datetime.fromtimestamp(row.contacted_at, session.zone) if row.contacted_at else None
        ),
    )


def rows(session: Session, *, silent: bool = False, most: int = 100_000) -> list[ClientRow]:
    """The clients by name, or only those that are silent, the longest so first."""
    where, params, order = "1 = 1", (), "clients.match, clients.id"
    found = session.store.fetch(_rows_query(where, params, most, order))
    made = [_row(session, row) for row in found]
    if silent:
        made = sorted((one for one in made if one.silent), key=lambda one: (-one.idle, one.id))
    return made


_LAST = (
    "COALESCE((SELECT MAX(touched_at) FROM leads WHERE leads.client_id = clients.id),"
    " clients.created_at)"
)
SILENT_OF_USER = (
    "clients.id IN (SELECT id FROM clients WHERE owner_id = ? UNION SELECT client_id FROM leads"
    " JOIN clients ON clients.id = leads.client_id WHERE leads.owner_id = ?"
    " AND leads.status = 'open' AND clients.owner_id IS NULL)"
    f" AND {_LIMIT} > 0 AND {_LAST} <= ? - {_LIMIT} * {DAY}"
)
"""SQL: clients that are silent and a user's to look after: their own, and those of nobody with an
open lead of theirs. Its parameters are :func:`silent_params`."""


def silent_params(session: Session) -> tuple[int, int, int]:
    """The parameters of :data:`SILENT_OF_USER`."""
    return session.user_id, session.user_id, int(session.now.timestamp())


def silent_query(session: Session) -> Query[list[ClientRow]]:
    """The silent clients that are this user's to look after, at most 20, the longest silent
    first."""
    where = f"clients.id IN (SELECT id FROM clients WHERE {SILENT_OF_USER})"
    order = "MAX(COALESCE(leads.touched_at, clients.created_at)), clients.id"
    return _rows_query(where, silent_params(session), 20, order).map(
        lambda found: [_row(session, row) for row in found]
    )


def one(session: Session, client_id: int) -> ClientView:
    """A client with its leads, people and notes. Raises NotFound."""
    found, numbers, rows_of_people, notes = session.store.fetch_all(
        _rows_query("clients.id = ?", (client_id,), 1, "clients.id"),
        typed_rows(
            _Number,
            "SELECT id FROM leads WHERE client_id = ? ORDER BY CASE status WHEN 'open' THEN 0"
            " ELSE 1 END, closed_on DESC, CASE WHEN next_at IS NULL AND next_day IS NULL"
            f" THEN 1 ELSE 0 END, id DESC LIMIT {MOST}",
            (client_id,),
        ),
        people.rows_query(client_id),
        typed_rows(
            _NoteRow,
            "SELECT client_notes.id, at, users.name, users.id, text FROM client_notes"
            " JOIN users ON users.id = user_id WHERE client_id = ? ORDER BY at DESC,"
            " client_notes.id DESC LIMIT 200",
            (client_id,),
        ),
    )
    if not found:
        raise NotFound(_("There is no such client."), _("See: tui-crm clients"))
    row = _row(session, found[0])
    leads = views.by_numbers(session, [number.id for number in numbers])
    still_open = sorted((lead for lead in leads if lead.open), key=_moment)
    return ClientView(
        row=row,
        leads=(*still_open, *(lead for lead in leads if not lead.open)),
        more=max(0, row.open.count + row.won.count + row.lost.count - len(leads)),
        people=people.united(session, rows_of_people),
        notes=tuple(
            Note(n.id, datetime.fromtimestamp(n.at, session.zone), n.by, n.by_id, n.text)
            for n in notes
        ),
    )


class _Number(NamedTuple):
    id: int


class _NoteRow(NamedTuple):
    id: int
    at: int
    by: str
    by_id: int
    text: str


def _moment(lead: LeadView) -> tuple[int, str, int]:
    """Open leads by their next action, those without a moment last."""
    following = lead.next
    if following is None or (following.day is None and following.at is None):
        return 1, "", lead.number
    if following.at is not None:
        return 0, following.at.strftime("%Y-%m-%d %H:%M"), lead.number
    return 0, f"{following.day} 24:00", lead.number


def named(session: Session, name: str) -> int:
    """The number of the client of that name (case and accents aside), or of the only one whose
    name begins so. Raises NotFound, with those that are near."""
    wanted = fold(" ".join(clean(name, single_line=True).split()))
    exact = session.store.rows("SELECT id FROM clients WHERE match = ? ORDER BY id", (wanted,))
    if exact and wanted:
        return int(exact[0][0])
    begins = session.store.select(
        Client.select(Client.id, Client.name)
        .where(Client.match.startswith(wanted))
        .order_by(Client.match)
        .limit(9)
    )
    if len(begins) == 1:
        return int(begins[0][0])
    near = begins or session.store.select(
        Client.select(Client.id, Client.name)
        .where(Client.match.contains(wanted[:4]))
        .order_by(Client.match)
        .limit(9)
    )
    shown = clean(name, single_line=True)
    message = _("Several clients begin with {name}.") if begins else _("There is no client {name}.")
    hint = _("There are: {names}.").format(names=", ".join(known for _id, known in near))
    raise NotFound(message.format(name=shown), hint if near else _("See: tui-crm clients"))


# -- operations -----------------------------------------------------------------------------------


def _get(w: Write, client_id: int) -> Row:
    """The row of a client, locked. Raises NotFound."""
    row = w.row(Client, client_id)
    if row is None:
        raise NotFound(_("There is no such client."))
    return row


@operation("clients.rename")
def rename(w: Write, client_id: int, name: str) -> None:
    """Rename a client. Raises CrmError for no name and for one that another client has."""
    row = _get(w, client_id)
    name = " ".join(clean(name, single_line=True).split())
    if not name:
        raise CrmError(_("A client needs a name."))
    taken = w.store.value(
        "SELECT 1 FROM clients WHERE match = ? AND id <> ?", (fold(name), client_id)
    )
    if taken:
        raise CrmError(_("There is a client {name} already.").format(name=name))
    w.update(Client, client_id, name=name, match=fold(name))
    for (lead_id,) in w.store.rows("SELECT id FROM leads WHERE client_id = ?", (client_id,)):
        w.outdated.add_leads([lead_id], {"client_id"})
    w.describe(_("client {was} is now {name}").format(was=row["name"], name=name))


@operation("clients.set_description")
def set_description(w: Write, client_id: int, text: str, seen: str | NotSeen = NOT_SEEN) -> None:
    """Change the description of a client; its ``Label: value`` lines are its fields. Raises
    CrmError when it is not as it was ``seen`` any more."""
    row = _get(w, client_id)
    if seen is not NOT_SEEN and row["description"] != seen:
        raise CrmError(
            _("Somebody changed the fields of {name} meanwhile.").format(name=row["name"]),
            _("Nothing was overwritten; enter it again to change it."),
        )
    w.update(Client, client_id, description=clean(text).strip())
    w.describe(_("fields of {title}").format(title=row["name"]))


@operation("clients.set_owner")
def set_owner(w: Write, client_id: int, user_id: int | None) -> None:
    """Give a client to a user, or to nobody (``None``); its leads keep their owners."""
    row = _get(w, client_id)
    who = record.active_user(w, user_id)
    w.update(Client, client_id, owner_id=user_id)
    w.describe(_("{title} to {who}").format(title=row["name"], who=who))


@operation("clients.set_silence")
def set_silence(w: Write, client_id: int, days: int | None) -> None:
    """After how many days without a real action a client is silent; 0: never, ``None``: as the
    workspace says. Raises CrmError below 0 and above ten years."""
    row = _get(w, client_id)
    check_silence(days)
    w.update(Client, client_id, silent_days=days)
    w.describe(_("silence of {title}").format(title=row["name"]))


def check_silence(days: int | None) -> None:
    """Raises CrmError for what is no number of days until a client is silent."""
    if days is not None and not 0 <= days <= 3650:
        raise CrmError(_("Days of silence go from 0 (never) to 3,650."), _("Try 30."))


@operation("clients.note")
def note(w: Write, client_id: int, text: str) -> int:
    """A note on a client; its row number."""
    row = _get(w, client_id)
    text = clean(text).strip()
    if not text:
        raise CrmError(_("A note needs words."))
    w.describe(_("note on {title}").format(title=row["name"]))
    return w.insert(ClientNote, client_id=client_id, user_id=w.user_id, at=w.at, text=text)


@operation("clients.edit_note")
def edit_note(w: Write, note_id: int, text: str) -> None:
    """Change the words of a note on a client; without any it is removed. Raises NotFound."""
    row = w.row(ClientNote, note_id)
    if row is None:
        raise NotFound(_("That note is gone."))
    text = clean(text).strip()
    if text:
        w.update(ClientNote, note_id, text=text)
    else:
        w.delete(ClientNote, note_id)
    w.describe(_("note on {title}").format(title=_get(w, row["client_id"])["name"]))


@operation("clients.add_person")
def add_person(w: Write, client_id: int, text: str) -> int:
    """Add a person to a client itself, from one line (see :func:`.contacts.parse`); the contact's
    number. Who is on one of its leads already gets what is new."""
    row = _get(w, client_id)
    name, role, points = contacts.read_typed(w, text)
    same = people.find_same(w, people.of(w.session, client_id), name, points)
    if same is not None:
        people.add_what_is_new(w, same, role, points)
        number = same.id
    else:
        number = contacts.new_contact(w, client_id=client_id, name=name, role=role, points=points)
    w.describe(_("{title}: person {name}").format(title=row["name"], name=name or points[0][1]))
    return number
