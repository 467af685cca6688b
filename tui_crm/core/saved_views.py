"""Saved filters of a screen: a name, a filter line, and the digit that brings it back; of one user,
or shared with everybody."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.session import Session
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import SavedView
from tui_crm.core.text import _, clean, fold

PLACES = ("leads", "stats", "calling", "feed")


@dataclass(frozen=True)
class ViewRow:
    """A saved filter: ``query`` is its line, ``digit`` the key that chooses it. ``by`` is whose it
    is; ``own`` that it is one's own, to be changed and removed."""

    id: int
    name: str
    query: str
    digit: int | None
    shared: bool = False
    by: str = ""
    own: bool = True


@operation("views.save")
def save(w: Write, place: str, name: str, query: str, shared: bool = False) -> int:
    """Save a filter under a name, in place of one's own of that name; its row number. ``shared``
    shows it to everybody. Raises CrmError for a name that a shared view of somebody else has."""
    name = " ".join(clean(name, single_line=True).split())
    if not name or place not in PLACES:
        raise CrmError(_("A view needs a name."))
    rows = views(w.session, place)
    same = [row for row in rows if fold(row.name) == fold(name)]
    if other := next((row for row in same if not row.own), None):
        raise CrmError(
            _("{user} shares a view {name} already.").format(user=other.by, name=other.name),
            _("Take another name."),
        )
    w.describe((_("view {name}, shared") if shared else _("view {name}")).format(name=name))
    if same:
        w.update(SavedView, same[0].id, query=query, shared=int(shared))
        return same[0].id
    taken = {row.digit for row in rows}
    digit = next((d for d in range(1, 10) if d not in taken), None)
    return w.insert(
        SavedView,
        user_id=w.user_id,
        place=place,
        name=name,
        query=query,
        digit=digit,
        shared=int(shared),
    )


@operation("views.forget")
def forget(w: Write, view_id: int) -> None:
    """Remove a saved filter of one's own."""
    row = w.row(SavedView, view_id)
    if row is None or row["user_id"] != w.user_id:
        raise NotFound(_("There is no such view of yours."))
    w.delete(SavedView, view_id)
    w.describe(_("view {name} removed").format(name=row["name"]))


def views(session: Session, place: str) -> list[ViewRow]:
    """The saved filters of this user on a screen, then those that others share. One's own keep
    their digits; the others take what is left, in the order in which they were saved."""
    rows = session.store.read(
        ViewRow,
        "SELECT saved_views.id, saved_views.name, query, digit, shared, users.name,"
        " CASE WHEN user_id = ? THEN 1 ELSE 0 END FROM saved_views"
        " JOIN users ON users.id = user_id WHERE place = ? AND (user_id = ? OR shared = 1)"
        " ORDER BY digit, saved_views.id",
        (session.user_id, place, session.user_id),
    )
    own = [row for row in rows if row.own]
    free = iter(sorted(set(range(1, 10)) - {row.digit for row in own if row.digit}))
    others = sorted((row for row in rows if not row.own), key=lambda row: row.id)
    return [*own, *(replace(row, digit=next(free, None)) for row in others)]
