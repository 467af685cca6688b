"""Drafts: text saved as it is typed, before it is in the store, and offered again after a cut line.

A draft is nobody's act, so none of this is in the journal and each call is committed at once.
When an operation takes the text over, the draft is not deleted but marked with that operation's
entry: it is gone as long as the entry is not undone, and back when it is.

A running program has one `Drafts`. What the store does not take, as its line is lost or its disk
is full, goes to a file of this user (mode 0600) until the store takes it again.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple

from tui_crm.core.errors import CrmError
from tui_crm.core.files import make_folder, state_folder, write_atomically
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


# -- while a program runs --------------------------------------------------------------------------


class Drafts:
    """The drafts of a user as a running program knows them: read once, at its start."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[str, DraftText] = {}
        self._in_file: dict[str, DraftText] = {}
        self._gone: set[str] = set()  # places to be dropped as soon as the store answers

    def load(self) -> list[DraftText]:
        """Read what the last program left: the drafts of entries, the newest first. Those that
        are in the file only go to the store."""
        with suppress(CrmError):
            self._known = {draft.place: draft for draft in all(self._session)}
        for place, draft in self._read_file().items():
            known = self._known.get(place)
            if known is None or known.at <= draft.at:
                self._known[place] = self._in_file[place] = draft
        left = sorted(self._known.values(), key=lambda draft: draft.at, reverse=True)
        for draft in [*self._in_file.values()]:
            self.save(draft.place, draft.text, draft.data)
        if not self._in_file:
            self._write_file()
        # Those without a title belong to the row that Calling opens again: its note, its answers.
        return [d for d in left if d.data.get("title") or not d.place.startswith("prospect:")]

    def at(self, place: str) -> Draft:
        """The draft of one entry."""
        return Draft(self, place, self._known.get(place))

    def save(self, place: str, text: str, data: dict[str, Any], wait: bool = False) -> bool:
        """Save a draft; whether the store took it. If not, it is in the file. With ``wait`` other
        writers are waited for as an act does."""
        draft = DraftText(place, text, int(self._session.now.timestamp()), data)
        try:
            if wait:
                save(self._session, place, text, data)
            else:
                with self._session.store.short_timeout():
                    save(self._session, place, text, data)
        except CrmError:
            self._in_file[place] = self._known[place] = draft
            self._write_file()
            return False
        self._known[place] = draft
        self._gone.discard(place)
        self._take_from_file(place)
        return True

    def drop(self, place: str) -> None:
        """Delete a draft, if there is one; as soon as the store answers when it does not now."""
        if self._known.pop(place, None) is not None:
            self._gone.add(place)
        self._take_from_file(place)
        with suppress(CrmError):
            for one in sorted(self._gone):
                drop(self._session, one)
                self._gone.discard(one)

    # -- the file ------------------------------------------------------------------------------

    def _take_from_file(self, place: str) -> None:
        if self._in_file.pop(place, None) is not None:
            self._write_file()

    def _file(self) -> str:
        session = self._session
        of = f"{session.house.salt}\n{session.store.file}\n{session.user_id}"
        name = f"drafts-{hashlib.sha256(of.encode()).hexdigest()[:16]}.json"
        return os.path.join(state_folder(), name)

    def _read_file(self) -> dict[str, DraftText]:
        try:
            with open(self._file(), encoding="utf-8") as file:
                return {row["place"]: DraftText(**row) for row in json.load(file)}
        except (OSError, ValueError, TypeError, KeyError):
            return {}

    def _write_file(self) -> None:
        """Write what the store has not, or remove the file. A disk that takes neither leaves what
        is typed on the screen, which says that it is not saved."""
        from pathlib import Path

        with suppress(OSError):
            path = self._file()
            if not self._in_file:
                with suppress(FileNotFoundError):
                    os.unlink(path)
                return
            make_folder(os.path.dirname(path))
            with write_atomically(Path(path)) as part:
                rows = [vars(draft) for draft in self._in_file.values()]
                part.write_text(json.dumps(rows), encoding="utf-8")


class Draft:
    """The draft of one entry: what it offers (``text``, typed at ``at``, epoch seconds UTC), and
    saving it while somebody types. ``title`` and ``about`` say which entry it is, for people."""

    def __init__(self, drafts: Drafts, place: str, found: DraftText | None) -> None:
        self._drafts, self._place = drafts, place
        self.text = found.text if found else ""
        self.at = found.at if found else 0
        self.title = self.about = ""
        self.keeps_left = False
        """Whether Esc keeps the words for the next time."""

    def save(self, text: str, wait: bool = False) -> bool:
        """Save what is typed; whether the store took it. Nothing typed is no draft."""
        if not text.strip():
            self.drop()
            return True
        data = {"title": self.title, "about": self.about}
        return self._drafts.save(self._place, text, data, wait)

    def drop(self) -> None:
        self._drafts.drop(self._place)
