"""Leads that a prospect may be already: by its numbers and addresses, or by company and name.

There is no lead that a rep may not see: who owns a twin is said, so that they can be asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tui_crm.core.text import _, key
from tui_crm.core.work.team import Session

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


def lead_twins(
    session: Session, row: dict[str, Any], keys: Sequence[tuple[Any, ...]]
) -> tuple[LeadTwin, ...]:
    """The leads a row may be, the surest first, at most three. ``keys`` are its phones and
    e-mails as ``(id, kind, value, match, …)``."""
    found: dict[int, LeadTwin] = {}

    def take(rows: Sequence[tuple[Any, ...]]) -> None:
        for number, title, owner, status, why in rows:
            if number != row["lead_id"] and number not in found and len(found) < MOST:
                found[number] = LeadTwin(number, title, owner, status, why)

    base = (
        " FROM contacts JOIN leads ON leads.id = contacts.lead_id"
        " LEFT JOIN users ON users.id = leads.owner_id"
    )
    matches = [k[3] for k in keys if k[3]]
    if matches:
        words = {"phone": _("same phone"), "email": _("same e-mail")}
        marks = ", ".join("?" * len(matches))
        take([
            (number, title, owner, status, words.get(kind, kind))
            for number, title, owner, status, kind in session.store.rows(
                "SELECT DISTINCT leads.id, leads.title, users.name, leads.status,"
                f" contact_points.kind{base}"
                " JOIN contact_points ON contact_points.contact_id = contacts.id"
                f" WHERE contact_points.match IN ({marks}) ORDER BY leads.id DESC LIMIT 12",
                matches,
            )
        ])  # fmt: skip
    name, company = key(row["name"]), key(row["company"])
    if name and company and len(found) < MOST:
        take([
            (number, title, owner, status, _("same company and name"))
            for number, title, owner, status, other in session.store.rows(
                f"SELECT leads.id, leads.title, users.name, leads.status, contacts.name{base}"
                " JOIN clients ON clients.id = leads.client_id WHERE clients.match = ?"
                f" ORDER BY leads.id DESC LIMIT {_LOOK}",
                (company,),
            )
            if key(other) == name
        ])  # fmt: skip
    return tuple(found.values())
