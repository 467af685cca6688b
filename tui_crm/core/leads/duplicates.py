"""Leads that a prospect, or a lead being made, may be already: by phone or e-mail, by company and
name, by title.

Every rep may see every lead; a duplicate names its owner, so that they can be asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from peewee import JOIN

from tui_crm.core.phones import match_of
from tui_crm.core.session import Session
from tui_crm.core.store import fulltext
from tui_crm.core.store.columns import ProspectColumns
from tui_crm.core.store.query import Query, typed_rows
from tui_crm.core.store.tables import Client, Lead, User
from tui_crm.core.text import _, fold

MOST = 3  # duplicates named on a card
LOOK = 200  # people of one company that are compared by name


@dataclass(frozen=True)
class DuplicateLead:
    """A lead that is perhaps the same: its number, title, owner (``None``: nobody's), its status
    as stored, and why it is thought so."""

    lead_id: int
    title: str
    owner: str | None
    status: str
    why: str

    @property
    def words(self) -> str:
        """``#12 Müller: relaunch (ben)``."""
        owner = self.owner or _("nobody's")
        return f"#{self.lead_id} {self.title} ({owner})"


class _Match(NamedTuple):
    lead_id: int
    title: str
    owner: str | None
    status: str
    is_name: bool
    by: str  # the name of the contact, or the kind of the point, that was compared


_SELECT = (
    "SELECT DISTINCT leads.id, leads.title, users.name, leads.status, {is_name}, people.compared"
    " FROM ({people}) AS people JOIN leads ON leads.id = people.lead_id"
    " LEFT JOIN users ON users.id = leads.owner_id ORDER BY leads.id DESC LIMIT {{most}}"
)
_POINTS = "contact_points AS p JOIN contacts AS c ON c.id = p.contact_id"
# Who lives on the lead, who is shared with it, and who is a person of its client.
_BY_POINT = _SELECT.format(
    is_name=0,
    people=f"SELECT c.lead_id, p.kind AS compared FROM {_POINTS}"
    " WHERE p.match IN ({marks}) AND c.lead_id IS NOT NULL"
    " UNION ALL SELECT shared.lead_id, p.kind FROM contact_points AS p"
    " JOIN lead_people AS shared ON shared.contact_id = p.contact_id WHERE p.match IN ({marks})"
    f" UNION ALL SELECT theirs.id, p.kind FROM {_POINTS}"
    " JOIN leads AS theirs ON theirs.client_id = c.client_id WHERE p.match IN ({marks})",
)
_OF_CLIENT = "clients JOIN leads AS theirs ON theirs.client_id = clients.id JOIN"
_BY_NAME = _SELECT.format(
    is_name=1,
    people=f"SELECT c.lead_id, c.name AS compared FROM {_OF_CLIENT}"
    " contacts AS c ON c.lead_id = theirs.id WHERE clients.match = ?"
    f" UNION ALL SELECT shared.lead_id, c.name FROM {_OF_CLIENT}"
    " lead_people AS shared ON shared.lead_id = theirs.id"
    " JOIN contacts AS c ON c.id = shared.contact_id WHERE clients.match = ?"
    f" UNION ALL SELECT theirs.id, c.name FROM {_OF_CLIENT}"
    " contacts AS c ON c.client_id = clients.id WHERE clients.match = ?",
)


# -- of a lead being made -------------------------------------------------------------------------


def find_duplicates(
    session: Session,
    *,
    title: str = "",
    points: Sequence[tuple[str, str]] = (),
    but: int | None = None,
    most: int = 5,
) -> tuple[DuplicateLead, ...]:
    """Leads that may be the same as one with this title and these ``(kind, text)`` phones and
    e-mails: by phone, by e-mail, then by client, then by title. ``but`` is the lead itself."""
    store = session.store
    duplicates: dict[int, DuplicateLead] = {}

    def add(rows: Iterable[tuple[int, str, str | None, str]], why: str) -> None:
        for number, lead_title, owner, status in rows:
            if number != but and number not in duplicates and len(duplicates) < most:
                duplicates[number] = DuplicateLead(number, lead_title, owner, status, why)

    leads = (
        Lead.select(Lead.id, Lead.title, User.name, Lead.status)
        .distinct()
        .join(User, JOIN.LEFT_OUTER, on=(User.id == Lead.owner_id))
        .order_by(Lead.id.desc())
    )
    for kind, value in points:
        if match := match_of(kind, value, session.house.region):
            known = store.read(_Match, _BY_POINT.format(marks="?", most=most + 1), [match] * 3)
            add((row[:4] for row in known), _same(kind))
    wanted, company = fold(title), _company(title)
    if len(company) >= 3:
        of_client = leads.join(Client, on=(Client.id == Lead.client_id))
        add(store.select(of_client.where(Client.match == company).limit(5)), _("same client"))
        matches = fulltext.condition(store, wanted)
        if matches is not None:
            same = [
                (number, lead_title, owner, status)
                for number, lead_title, owner, status in store.select(
                    leads.where(matches).limit(20)
                )
                if wanted == fold(lead_title) or company == _company(lead_title)
            ]
            add(same, _("same title"))
    return tuple(duplicates.values())


def _company(title: str) -> str:
    """The part before the colon of ``Acme GmbH: website``, folded for comparison."""
    return fold(title.split(":")[0])


def _same(kind: str) -> str:
    return _("same phone") if kind == "phone" else _("same e-mail")


# -- of a prospect --------------------------------------------------------------------------------


def duplicates_query(
    row: ProspectColumns, matches: Sequence[str]
) -> Query[tuple[DuplicateLead, ...]]:
    """The query for the leads that a row may be, the most certain first, at most :data:`MOST`: by
    its phones and e-mails (``matches``: E.164 and lower case), then by company and name."""
    name, company = fold(row["name"]), fold(row["company"])
    marks = ", ".join("?" * len(matches)) or "NULL"
    by_point = _BY_POINT.format(marks=marks, most=12)
    by_name = _BY_NAME.format(most=LOOK if name and company else 0)

    def read(rows: list[_Match]) -> tuple[DuplicateLead, ...]:
        found: dict[int, DuplicateLead] = {}
        for match in sorted(rows, key=lambda match: (match.is_name, -match.lead_id)):
            why = _same(match.by) if not match.is_name else _("same company and name")
            if (match.is_name and fold(match.by) != name) or match.lead_id == row["lead_id"]:
                continue
            lead = DuplicateLead(match.lead_id, match.title, match.owner, match.status, why)
            found.setdefault(match.lead_id, lead)
        return tuple(found.values())[:MOST]

    return typed_rows(
        _Match,
        f"SELECT * FROM ({by_point}) AS by_point UNION ALL SELECT * FROM ({by_name}) AS by_name",
        [*matches, *matches, *matches, company, company, company],
    ).map(read)
