"""The palette's search: every lead, client and prospect list by name."""

from __future__ import annotations

from dataclasses import dataclass

from tui_crm.core.session import Session
from tui_crm.core.store import fulltext
from tui_crm.core.text import fold

MOST = 200  # candidates of a kind that are scored; more only when more letters are typed


@dataclass(frozen=True)
class Hit:
    """Something with a name: ``what`` is lead, client, list or prospect; ``fact`` a dim aside."""

    what: str
    id: int
    name: str
    fact: str


def candidates(session: Session, text: str) -> list[Hit]:
    """What the words typed so far may mean, unscored; the newest first of each kind."""
    store = session.store
    hits: list[Hit] = []
    words = fulltext.words_of(text)
    number = text.strip().lstrip("#")
    if number.isdigit() and len(number) < 13:
        hits += [
            Hit("lead", r[0], r[1], f"#{r[0]}")
            for r in store.rows("SELECT id, title FROM leads WHERE id = ?", (int(number),))
        ]
    asked = fulltext.condition(session.store, text)
    if asked:
        seen = {hit.id for hit in hits}
        hits += [
            Hit("lead", r[0], r[1], f"#{r[0]} {r[2] or ''}".strip())
            for r in store.rows(
                "SELECT leads.id, leads.title, users.name FROM leads"
                " LEFT JOIN users ON users.id = leads.owner_id"
                f" WHERE {asked[0]} ORDER BY leads.touched_at DESC LIMIT {MOST}",
                asked[1],
            )
            if r[0] not in seen
        ]
    hits += [
        Hit("client", r[0], r[1], "")
        for r in store.rows(
            "SELECT id, name FROM clients WHERE match LIKE ? ESCAPE '!' ORDER BY name LIMIT 50",
            ("%" + _like(fold(text)) + "%",),
        )
    ]
    hits += [
        Hit("list", r[0], r[1], "")
        for r in store.rows("SELECT id, name FROM lists WHERE archived = 0 ORDER BY id DESC")
        if all(any(part.startswith(w) for part in fulltext.words_of(r[1])) for w in words)
    ]
    return hits


def _like(text: str) -> str:
    for sign in "!%_":
        text = text.replace(sign, "!" + sign)
    return text
