"""The palette's search: every lead, client and prospect list by name."""

from __future__ import annotations

from dataclasses import dataclass

from peewee import JOIN

from tui_crm.core.session import Session
from tui_crm.core.store import fulltext
from tui_crm.core.store.tables import Client, Lead, User
from tui_crm.core.text import fold

MOST = 200  # candidates of a kind that are scored; more only when more letters are typed
MOST_CLIENTS = 50


@dataclass(frozen=True)
class Hit:
    """Something with a name: ``what`` is lead, client, list or prospect; ``fact`` is shown dimmed
    beside the name."""

    what: str
    id: int
    name: str
    fact: str


def candidates(session: Session, text: str) -> list[Hit]:
    """What the words typed so far may mean, unscored; the newest first of each kind."""
    return [*_leads(session, text), *_clients(session, text), *_lists(session, text)]


def _leads(session: Session, text: str) -> list[Hit]:
    """The lead of that number, then those that match the words, the last touched first."""
    store, hits = session.store, list[Hit]()
    number = text.strip().lstrip("#")
    if number.isdigit() and len(number) < 13:
        for lead_id, title in store.rows(
            "SELECT id, title FROM leads WHERE id = ?", (int(number),)
        ):
            hits.append(Hit("lead", lead_id, title, f"#{lead_id}"))
    matches = fulltext.condition(store, text)
    if matches is None:
        return hits
    query = (
        Lead.select(Lead.id, Lead.title, User.name)
        .join(User, JOIN.LEFT_OUTER, on=(User.id == Lead.owner_id))
        .where(matches)
        .order_by(Lead.touched_at.desc())
        .limit(MOST)
    )
    by_number = {hit.id for hit in hits}
    hits += [
        Hit("lead", lead_id, title, f"#{lead_id} {owner or ''}".strip())
        for lead_id, title, owner in store.select(query)
        if lead_id not in by_number
    ]
    return hits


def _clients(session: Session, text: str) -> list[Hit]:
    query = Client.select(Client.id, Client.name).where(Client.match.contains(fold(text)))
    rows = session.store.select(query.order_by(Client.name).limit(MOST_CLIENTS))
    return [Hit("client", client_id, name, "") for client_id, name in rows]


def _lists(session: Session, text: str) -> list[Hit]:
    """The lists with a word that begins as each of the words typed."""
    typed = fulltext.words_of(text)
    rows = session.store.rows("SELECT id, name FROM lists WHERE archived = 0 ORDER BY id DESC")
    return [
        Hit("list", list_id, name, "")
        for list_id, name in rows
        if all(any(word.startswith(t) for word in fulltext.words_of(name)) for t in typed)
    ]
