"""Do not call: the numbers and e-mails nobody here calls or writes to, in any list.

Blocking one closes the rows that carry it in every list. A row counts as blocked while any of its
phones or e-mails is on the list; taken off, it stands again where it stood.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.store.database import Store
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import Blocked, Outcome, Prospect
from tui_crm.core.text import _, clean
from tui_crm.core.work import people
from tui_crm.core.work.team import Session

OPEN = ("new", "retry", "callback")  # states of a row that may still be called
CHUNK = 400


@dataclass(frozen=True)
class Block:
    """A number (E.164) or e-mail on the do-not-call list: who asked for it, when (epoch seconds
    UTC), and the words said."""

    match: str
    kind: str
    at: int
    who: str
    words: str


_SELECT = (
    "SELECT blocked.match, kind, at, users.name, words FROM blocked"
    " JOIN users ON users.id = blocked.user_id"
)


def block_keys(w: Write, keys: Iterable[tuple[str, str]], words: str) -> int:
    """Put ``(kind, match)`` on the list and close their rows everywhere; how many are new."""
    fresh = 0
    wanted = [(kind, match) for kind, match in dict.fromkeys(keys) if match]
    known = is_blocked(w.store, [match for _kind, match in wanted])
    for kind, match in wanted:
        if match not in known:
            w.insert(
                Blocked, match=match, kind=kind, at=w.at, user_id=w.user_id,
                words=clean(words).strip(),
            )  # fmt: skip
            fresh += 1
    for number in rows_with(w.store, [match for _kind, match in wanted]):
        row = w.row(Prospect, number)
        if row and row["state"] in OPEN:
            w.update(Prospect, number, state="blocked")
    return fresh


def rows_with(store: Store, matches: Sequence[str]) -> list[int]:
    """The prospects, of all lists, that carry one of these numbers or e-mails."""
    found: set[int] = set()
    for start in range(0, len(matches), CHUNK):
        part = matches[start : start + CHUNK]
        found.update(
            row[0]
            for row in store.rows(
                "SELECT prospect_id FROM prospect_keys"
                f" WHERE match IN ({', '.join('?' * len(part))})",
                part,
            )
        )
    return sorted(found)


def close_blocked(w: Write, first: int, last: int) -> None:
    """Rows just inserted, numbered ``first`` to ``last``, that carry a blocked number or e-mail
    are blocked from the start. Part of their insertion, so no change of its own."""
    if w.store.value("SELECT 1 FROM blocked LIMIT 1") is None:
        return
    w.store.execute(
        "UPDATE prospects SET state = 'blocked' WHERE id BETWEEN ? AND ? AND state = 'new'"
        " AND EXISTS (SELECT 1 FROM prospect_keys JOIN blocked"
        " ON blocked.match = prospect_keys.match WHERE prospect_keys.prospect_id = prospects.id)",
        (first, last),
    )


def settle(w: Write, prospect_id: int) -> None:
    """Let the state of a row follow from the list: blocked while one of its keys is on it, and
    else back where it stood. Rows with an end of their own keep it."""
    row = w.row(Prospect, prospect_id)
    if row is None or row["state"] not in (*OPEN, "blocked"):
        return
    blocked = w.store.value(
        "SELECT 1 FROM prospect_keys JOIN blocked ON blocked.match = prospect_keys.match"
        " WHERE prospect_id = ? LIMIT 1",
        (prospect_id,),
    )
    if blocked:
        state = "blocked"
    elif row["state"] != "blocked":
        return
    elif _asked_for_it(w, row["last_outcome_id"]):
        state = "done"
    elif row["due_at"] is None:
        state = "new"
    else:
        state = "callback" if row["due_exact"] or row["owner_id"] else "retry"
    w.update(Prospect, prospect_id, state=state)


def _asked_for_it(w: Write, outcome_id: int | None) -> bool:
    """Whether the row's last call ended it: taken off the list, it does not start over."""
    outcome = w.row(Outcome, outcome_id) if outcome_id else None
    return bool(outcome and (outcome["blocks"] or outcome["ends_row"]))


# -- operations -----------------------------------------------------------------------------------


@operation
def block(w: Write, phone_or_email: str, words: str = "") -> int:
    """Put a typed phone or e-mail on the do-not-call list and close its rows in every list; how
    many rows that closed. Raises CrmError when it is neither, or is on the list already."""
    kind, match = _read(w.session, phone_or_email)
    known = is_blocked(w.store, [match]).get(match)
    if known:
        raise CrmError(
            _("{match} is on the do-not-call list already ({who}).").format(
                match=match, who=known.who
            )
        )
    closed = sum(
        1 for n in rows_with(w.store, [match]) if (w.row(Prospect, n) or {}).get("state") in OPEN
    )
    block_keys(w, [(kind, match)], words)
    w.say(_("do not call {match}").format(match=match))
    return closed


@operation
def unblock(w: Write, phone_or_email: str, why: str) -> None:
    """Take a phone or e-mail off the do-not-call list again, with the reason for the record.

    Raises NotAllowed for a rep, CrmError without a reason, NotFound when it is not on the list."""
    w.session.require("unblock")
    why = clean(why, single_line=True).strip()
    if not why:
        raise CrmError(_("Say why it may be called again."))
    match = phone_or_email if is_blocked(w.store, [phone_or_email]) else ""
    match = match or _read(w.session, phone_or_email)[1]
    row = Blocked.select().where(Blocked.match == match).dicts().first()
    if row is None:
        raise NotFound(_("{match} is not on the do-not-call list.").format(match=match))
    w.delete(Blocked, row["id"])
    for number in rows_with(w.store, [match]):
        settle(w, number)
    w.say(_("{match} may be called again: {why}").format(match=match, why=why))


def _read(session: Session, text: str) -> tuple[str, str]:
    text = clean(text, single_line=True).strip()
    kind = "email" if "@" in text else "phone"
    match = people.match_of(kind, text, session.house.region)
    if not match:
        raise CrmError(
            _("{text} is no phone and no e-mail.").format(text=text or "–"),
            _("Type a number with its country code, or an e-mail."),
        )
    return kind, match


# -- views ----------------------------------------------------------------------------------------


def blocked(session: Session) -> list[Block]:
    """The do-not-call list, the newest first."""
    return [Block(*row) for row in session.store.rows(f"{_SELECT} ORDER BY at DESC, blocked.id DESC")]


def is_blocked(store: Store, keys: Iterable[str]) -> dict[str, Block]:
    """Those of these numbers (E.164) and e-mails (lower case) that are on the list."""
    matches = [k for k in dict.fromkeys(keys) if k]
    found: dict[str, Block] = {}
    for start in range(0, len(matches), CHUNK):
        part = matches[start : start + CHUNK]
        marks = ", ".join("?" * len(part))
        for row in store.rows(f"{_SELECT} WHERE blocked.match IN ({marks})", part):
            found[row[0]] = Block(*row)
    return found
