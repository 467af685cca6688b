"""Drafts: text saved as it is typed, before it is in the store, and offered again after a cut line.

A draft is nobody's act, so none of this is in the journal and each call is committed at once.
When an operation takes the text over, the draft is not deleted but marked with that operation's
entry: it is gone as long as the entry is not undone, and back when it is.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple

from tui_crm.core.session import Session
from tui_crm.core.store.journal import Write
from tui_crm.core.store.query import Query, typed_rows
from tui_crm.core.text import clean

KEEP = timedelta(days=30)  # how long text that was taken over can still come back
_CURRENT = (
    " AND (kept_by IS NULL OR EXISTS (SELECT 1 FROM entries WHERE entries.id = kept_by"
    " AND entries.undone_by IS NOT NULL))"
)


@dataclass(frozen=True)
class DraftText:
    """A draft: where it was typed (``prospect:12``), its text, and what else the place needs
    (``data``); ``at`` is the moment of its last key, epoch seconds UTC."""

    place: str
    text: str
    at: int
    data: dict[str, Any] = field(default_factory=dict)


class _DraftRow(NamedTuple):
    place: str
    text: str
    at: int
    data: str

    @property
    def draft(self) -> DraftText:
        return DraftText(self.place, self.text, self.at, json.loads(self.data or "{}"))


def save(session: Session, place: str, text: str, data: dict[str, Any] | None = None) -> None:
    """Save the text of a place as it is now, in place of what was there."""
    _put(session, place, text, data, None)


def load(session: Session, place: str) -> DraftText | None:
    """The draft of this user at a place, or ``None``."""
    return session.store.fetch(drafts_query(session, place)).get(place)


def drafts_query(session: Session, *places: str) -> Query[dict[str, DraftText]]:
    """The query for the drafts of this user at these places, by place."""
    return typed_rows(
        _DraftRow,
        "SELECT place, text, at, data FROM drafts WHERE user_id = ?"
        f" AND place IN ({', '.join('?' * len(places))}){_CURRENT}",
        (session.user_id, *places),
    ).map(lambda rows: {row.place: row.draft for row in rows})


def drop(session: Session, place: str) -> None:
    """Delete the draft of a place."""
    session.store.execute(
        "DELETE FROM drafts WHERE user_id = ? AND place = ?", (session.user_id, place)
    )


def all(session: Session) -> list[DraftText]:
    """Every draft of this user, the newest first."""
    return [
        row.draft
        for row in session.store.read(
            _DraftRow,
            f"SELECT place, text, at, data FROM drafts WHERE user_id = ?{_CURRENT}"
            " ORDER BY at DESC, id DESC",
            (session.user_id,),
        )
    ]


def take_over(w: Write, place: str, text: str) -> None:
    """For the operation that stores the text of a place: the draft is gone with it, and comes back,
    as ``text``, when it is undone."""
    if text:
        _put(w.session, place, text, None, w.entry_id)
    else:
        drop(w.session, place)


def forget_old(session: Session) -> None:
    """Delete drafts that were taken over long ago."""
    session.store.execute(
        "DELETE FROM drafts WHERE user_id = ? AND kept_by IS NOT NULL AND at < ?",
        (session.user_id, int((session.now - KEEP).timestamp())),
    )


def _put(
    session: Session, place: str, text: str, data: dict[str, Any] | None, kept_by: int | None
) -> None:
    session.store.execute(
        "INSERT INTO drafts (user_id, place, text, data, at, kept_by) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (user_id, place) DO UPDATE SET text = excluded.text, data = excluded.data,"
        " at = excluded.at, kept_by = excluded.kept_by",
        (
            session.user_id,
            place,
            clean(text),
            json.dumps(data or {}),
            int(session.now.timestamp()),
            kept_by,
        ),
    )
