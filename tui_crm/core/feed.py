"""The feed: what was done, and by whom. The journal as people read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from peewee import Expression

from tui_crm.core.dates.reader import read
from tui_crm.core.errors import CrmError
from tui_crm.core.session import Session, all_members, find_member
from tui_crm.core.store.tables import Entry, User
from tui_crm.core.text import _, fold


@dataclass(frozen=True)
class FeedRow:
    """One entry of the journal. ``undone``: somebody has undone it."""

    id: int
    at: datetime
    by: str
    op: str
    kind: str  # call, note, won, lead, import, undo … : the word to filter by
    text: str
    lead_id: int | None
    prospect_id: int | None
    list_id: int | None
    undone: bool
    outcome: str = ""  # how an action ended, where the text says it first
    meaning: str = ""  # of that outcome: reached, blocks, or neither


def kind_of(op: str, text: str) -> str:
    """The plain word for an operation: what a feed is filtered by."""
    subject, _dot, verb = op.partition(".")
    if subject == "actions" and verb == "log":
        return text.split(":")[0]
    if subject == "closing":
        return verb
    if subject in ("leads", "agenda", "people", "tags"):
        return {
            "create": "lead",
            "set_next": "next",
            "set_step": "step",
            "move_step": "step",
            "set_amount": "amount",
            "set_owner": "owner",
        }.get(verb, subject.rstrip("s"))
    return {"calling": "call", "prospects_in": "import", "leads_in": "import", "lists": "list"}.get(
        subject, subject
    )


class _EntryRow(NamedTuple):
    id: int
    at: int
    user: str
    op: str
    text: str
    lead_id: int | None
    prospect_id: int | None
    list_id: int | None
    undone_by: int | None


_COLUMNS = (
    Entry.id,
    Entry.at,
    User.name,
    Entry.op,
    Entry.text,
    Entry.lead_id,
    Entry.prospect_id,
    Entry.list_id,
    Entry.undone_by,
)
"""The columns of :class:`_EntryRow`."""


def feed(
    session: Session, query: str = "", *, before: int | None = None, most: int = 500
) -> list[FeedRow]:
    """The newest entries first, narrowed by words: ``by:ben``, ``kind:call``, ``day:today``,
    ``day:2026-11-20``, ``lead:1042``; other words are looked for in the text.

    ``before`` goes on behind an entry. Raises CrmError for a word that makes no sense."""
    conditions, kinds, words = _parse(session, query)
    if before is not None:
        conditions.append(Entry.id < before)
    entries = (
        Entry.select(*_COLUMNS).join(User, on=(User.id == Entry.user_id)).order_by(Entry.id.desc())
    )
    if conditions:
        entries = entries.where(*conditions)
    meanings = _meanings(session)
    rows: list[FeedRow] = []
    for entry in map(_EntryRow._make, session.store.each(*session.store.render(entries))):
        kind = kind_of(entry.op, entry.text)
        if kinds and fold(kind) not in kinds:
            continue
        if not all(word in fold(f"{kind} {entry.text} {entry.user}") for word in words):
            continue
        outcome, meaning = _outcome(entry.op, entry.text, meanings)
        rows.append(
            FeedRow(
                id=entry.id,
                at=datetime.fromtimestamp(entry.at, session.zone),
                by=entry.user,
                op=entry.op,
                kind=kind,
                text=entry.text,
                lead_id=entry.lead_id,
                prospect_id=entry.prospect_id,
                list_id=entry.list_id,
                undone=entry.undone_by is not None,
                outcome=outcome,
                meaning=meaning,
            )
        )
        if len(rows) >= most:
            break
    return rows


LABELS = ("by", "kind", "day", "lead")
MOST_COMPLETIONS = 9
SAMPLE = 500  # newest entries whose kinds are offered


def complete(session: Session, text: str) -> list[str]:
    """What the last word of a filter line could become, whole words: labels, or the values of one
    that is typed; at most `MOST_COMPLETIONS`."""
    last = text.rpartition(" ")[2]
    label, colon, typed = last.partition(":")
    if not last:
        return []
    if not colon:
        return [f"{name}:" for name in LABELS if name.startswith(fold(last))]
    if label == "by":
        values = ["me", *(one.name for one in all_members(session.store))]
    elif label == "kind":
        newest = session.store.rows(
            "SELECT op, text FROM entries ORDER BY id DESC LIMIT ?", (SAMPLE,)
        )
        values = sorted({kind_of(op, words) for op, words in newest} - {""})
    else:
        values = ["today", "yesterday"] if label == "day" else []
    wanted = fold(typed)
    begun = [f"{label}:{one}" for one in values if fold(one).startswith(wanted) and " " not in one]
    return begun[:MOST_COMPLETIONS]


def _meanings(session: Session) -> dict[str, str]:
    """What each outcome means for a colour, by its label, folded."""
    return {
        fold(label): "blocks" if blocks else "reached" if reached else ""
        for one, other, reached, blocks in session.store.rows(
            "SELECT label, lead_label, reached, blocks FROM outcomes"
        )
        for label in (one, other)
        if label
    }


def _outcome(op: str, text: str, meanings: dict[str, str]) -> tuple[str, str]:
    """The outcome that the text of a logged action names, and what it means; both empty where it
    names none."""
    if not op.startswith(("calling.", "actions.log")):
        return "", ""
    for part in text.split(": ")[:2]:
        if (meaning := meanings.get(fold(part))) is not None:
            return part, meaning
    return "", ""


def _parse(session: Session, query: str) -> tuple[list[Expression], list[str], list[str]]:
    """The conditions on the entry, then the kinds and the words, folded, that are compared with
    what people read of it."""
    conditions: list[Expression] = []
    kinds: list[str] = []
    words: list[str] = []
    for word in query.split():
        name, colon, value = word.partition(":")
        if colon and name == "by":
            user = session.user_id if value == "me" else find_member(session.store, value).id
            conditions.append(Entry.user_id == user)
        elif colon and name == "kind":
            kinds.append(fold(value))
        elif colon and name == "lead":
            if not value.lstrip("#").isdigit():
                raise CrmError(_("lead: takes a number, for instance lead:1042"))
            conditions.append(Entry.lead_id == int(value.lstrip("#")))
        elif colon and name == "day":
            day = _day(session, value)
            start = datetime.combine(day, time(), session.zone)
            end = datetime.combine(day + timedelta(days=1), time(), session.zone)
            conditions += [Entry.at >= int(start.timestamp()), Entry.at < int(end.timestamp())]
        else:
            words.append(fold(word))
    return conditions, kinds, words


def _day(session: Session, value: str) -> date:
    if value in ("today", ""):
        return session.today
    if value == "yesterday":
        return session.today - timedelta(days=1)
    try:
        return date.fromisoformat(value)
    except ValueError:
        reading = read(value, session.now, session.house.language)
        if reading.day is None:
            raise CrmError(
                _("{value} is no day.").format(value=value), _("Try day:today or day:2026-11-20")
            ) from None
        return reading.day
