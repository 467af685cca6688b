"""Leads that a prospect may be already: by its numbers and addresses, or by company and name.

There is no lead that a rep may not see: who owns a twin is said, so that they can be asked.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tui_crm.core.store.query import Query
from tui_crm.core.text import _, fold

MOST = 3
_LOOK = 200  # people of one company that are compared by name


@dataclass(frozen=True)
class LeadTwin:
    """A lead that is perhaps this prospect: its number, title, owner (``None``: nobody's), its
    status as stored, and why it is thought so."""

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


_BASE = (
    " FROM contacts JOIN leads ON leads.id = contacts.lead_id"
    " LEFT JOIN users ON users.id = leads.owner_id"
)


def duplicate_queries(
    row: dict[str, Any], keys: Sequence[tuple[Any, ...]]
) -> tuple[Query[list[LeadTwin]], Query[list[LeadTwin]]]:
    """The questions for the leads that a row may be: by its numbers and addresses, and by company
    and name. ``keys`` are its phones and e-mails as ``(id, kind, value, match, …)``."""
    matches = [k[3] for k in keys if k[3]]
    words = {"phone": _("same phone"), "email": _("same e-mail")}
    by_point = Query(
        f"SELECT DISTINCT leads.id, leads.title, users.name, leads.status, "
        f"contact_points.kind{_BASE}"
        " JOIN contact_points ON contact_points.contact_id = contacts.id WHERE"
        f" contact_points.match IN ({', '.join('?' * len(matches)) or 'NULL'})"
        " ORDER BY leads.id DESC LIMIT 12",
        matches,
        lambda rows: [
            LeadTwin(n, title, who, status, words.get(kind, kind))
            for n, title, who, status, kind in rows
        ],
    )
    name, company = fold(row["name"]), fold(row["company"])
    by_name = Query(
        f"SELECT leads.id, leads.title, users.name, leads.status, contacts.name{_BASE}"
        " JOIN clients ON clients.id = leads.client_id WHERE clients.match = ?"
        f" ORDER BY leads.id DESC LIMIT {_LOOK if name and company else 0}",
        (company,),
        lambda rows: [
            LeadTwin(n, title, who, status, _("same company and name"))
            for n, title, who, status, other in rows
            if fold(other) == name
        ],
    )
    return by_point, by_name


def best_matches(row: dict[str, Any], *found: list[LeadTwin]) -> tuple[LeadTwin, ...]:
    """The leads that a row may be, the most certain first, at most three. ``found`` are the answers
    to :func:`duplicate_queries`, in its order."""
    twins: dict[int, LeadTwin] = {}
    for twin in itertools.chain.from_iterable(found):
        if twin.lead_id != row["lead_id"]:
            twins.setdefault(twin.lead_id, twin)
    return tuple(twins.values())[:MOST]
