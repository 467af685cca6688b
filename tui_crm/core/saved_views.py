"""Saved filters of a screen: a name, a filter line, and the digit that brings it back."""

from __future__ import annotations

from dataclasses import dataclass

from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.session import Session
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import SavedView
from tui_crm.core.text import _, clean, fold

PLACES = ("leads", "stats", "calling", "feed")


@dataclass(frozen=True)
class ViewRow:
    """A saved filter: ``query`` is its line, ``digit`` the key that chooses it."""

    id: int
    name: str
    query: str
    digit: int | None


@operation("views.save")
def save(w: Write, place: str, name: str, query: str) -> int:
    """Save a filter under a name (in place of the one of that name); its row number."""
    name = " ".join(clean(name, single_line=True).split())
    if not name or place not in PLACES:
        raise CrmError(_("A view needs a name."))
    w.describe(_("view {name}").format(name=name))
    rows = views(w.session, place)
    for row in rows:
        if fold(row.name) == fold(name):
            w.update(SavedView, row.id, query=query)
            return row.id
    taken = {row.digit for row in rows}
    digit = next((d for d in range(1, 10) if d not in taken), None)
    return w.insert(SavedView, user_id=w.user_id, place=place, name=name, query=query, digit=digit)


@operation("views.forget")
def forget(w: Write, view_id: int) -> None:
    """Remove a saved filter of one's own."""
    row = w.row(SavedView, view_id)
    if row is None or row["user_id"] != w.user_id:
        raise NotFound(_("There is no such view of yours."))
    w.delete(SavedView, view_id)
    w.describe(_("view {name} removed").format(name=row["name"]))


def views(session: Session, place: str) -> list[ViewRow]:
    """The saved filters of this user on a screen."""
    return session.store.read(
        ViewRow,
        "SELECT id, name, query, digit FROM saved_views WHERE user_id = ? AND place = ?"
        " ORDER BY digit, id",
        (session.user_id, place),
    )
