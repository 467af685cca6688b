"""The feed: what was done, and by whom. The journal as people read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tui_crm.core.dates.reader import read
from tui_crm.core.errors import CrmError
from tui_crm.core.session import Session, find_member
from tui_crm.core.text import _, fold


@dataclass(frozen=True)
class FeedRow:
    """One entry of the journal. ``undone`` says that it was taken back."""

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


def feed(
    session: Session, query: str = "", *, before: int | None = None, most: int = 500
) -> list[FeedRow]:
    """The newest entries first, narrowed by words: ``by:ben``, ``kind:call``, ``day:today``,
    ``day:2026-11-20``, ``lead:1042``; other words are looked for in the text.

    ``before`` goes on behind an entry. Raises CrmError for a word that makes no sense."""
    where = ["1 = 1"]
    params: list[int] = []
    words: list[str] = []
    kinds: list[str] = []
    for word in query.split():
        name, colon, value = word.partition(":")
        if colon and name == "by":
            who = session.user_id if value == "me" else find_member(session.store, value).id
            where.append("entries.user_id = ?")
            params.append(who)
        elif colon and name == "kind":
            kinds.append(fold(value))
        elif colon and name == "lead":
            if not value.lstrip("#").isdigit():
                raise CrmError(_("lead: takes a number, for instance lead:1042"))
            where.append("entries.lead_id = ?")
            params.append(int(value.lstrip("#")))
        elif colon and name == "day":
            first = _day(session, value)
            start = datetime.combine(first, time(), session.zone)
            end = datetime.combine(first + timedelta(days=1), time(), session.zone)
            where.append("entries.at >= ? AND entries.at < ?")
            params += [int(start.timestamp()), int(end.timestamp())]
        else:
            words.append(fold(word))
    if before is not None:
        where.append("entries.id < ?")
        params.append(before)
    found: list[FeedRow] = []
    for r in session.store.each(
        "SELECT entries.id, entries.at, users.name, op, entries.text, lead_id, prospect_id,"
        " list_id, undone_by FROM entries JOIN users ON users.id = entries.user_id"
        f" WHERE {' AND '.join(where)} ORDER BY entries.id DESC",
        params,
    ):
        kind = kind_of(r[3], r[4])
        if kinds and fold(kind) not in kinds:
            continue
        if words and not all(w in fold(f"{kind} {r[4]} {r[2]}") for w in words):
            continue
        found.append(
            FeedRow(
                r[0],
                datetime.fromtimestamp(r[1], session.zone),
                r[2],
                r[3],
                kind,
                r[4],
                r[5],
                r[6],
                r[7],
                r[8] is not None,
            )
        )
        if len(found) >= most:
            break
    return found


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
