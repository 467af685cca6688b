"""Do not call: the numbers and e-mails nobody here calls or writes to, in any list.

Blocking one closes the rows that carry it in every list. A row is blocked while any of its phones
or e-mails is on the list; taken off, it has the state again that it had.

Once a person is erased (:mod:`.erase`) the list keeps no number of theirs, only its salted hash
(:func:`salted_hash`), which blocks as well as the number did and tells nobody what it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tui_crm.core import phones
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.session import Session
from tui_crm.core.store.database import Store
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.query import LEADS_WITH_POINT, Query, typed_rows
from tui_crm.core.store.tables import Blocked, Outcome, Prospect
from tui_crm.core.text import _, clean

OPEN = ("new", "retry", "callback")  # states of a row that may still be called
CHUNK = 400
HASHED = "sha256:"
_SHA_BLOCK = 64  # bytes that SHA-256 works on at a time
_HASH = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True)
class Block:
    """A number (E.164) or e-mail on the do-not-call list: who put it there, when (epoch seconds
    UTC), and the reason. Of an erased person ``match`` is the hash and the reason is gone."""

    match: str
    kind: str
    at: int
    who: str
    words: str

    @property
    def forgotten(self) -> bool:
        """Whether only the hash is left of it."""
        return self.match.startswith(HASHED)


@dataclass(frozen=True)
class NewBlock:
    """One to put on the list: ``phone`` or ``email``, its E.164, lower-case address or hash, the
    reason, and when (epoch seconds UTC; ``None``: now)."""

    kind: str
    match: str
    words: str = ""
    at: int | None = None


_SELECT = (
    "SELECT blocked.match, kind, at, users.name, words FROM blocked"
    " JOIN users ON users.id = blocked.user_id"
)


HAS_HASHES = (
    f"EXISTS (SELECT 1 FROM blocked AS hashed WHERE substr(hashed.match, 1, {len(HASHED)})"
    f" = '{HASHED}')"
)
"""SQL: whether any entry of the list is a hash. Where none is, a join by the number or e-mail finds
every block, and nothing has to be hashed."""


def block_keys(w: Write, keys: Iterable[tuple[str, str]], words: str) -> int:
    """Put ``(kind, match)`` on the list and close their rows everywhere; how many are new."""
    return put(w, [NewBlock(kind, match, words) for kind, match in keys])


def put(w: Write, wanted: Iterable[NewBlock]) -> int:
    """Put many on the list and close their rows everywhere; how many are new. The first of several
    with one number counts."""
    new = list({block.match: block for block in reversed(list(wanted)) if block.match}.values())
    plain = [block.match for block in new if not _HASH.fullmatch(block.match)]
    numbers = rows_with(w.store, plain)
    if len(plain) < len(new):
        numbers = sorted({*numbers, *_rows_hashed(w.session, {b.match for b in new})})
    # First the rows, which a call has locked already, then the list: in one order, so that no two
    # wait for each other. Two who block one number do it one after the other.
    rows = [(number, w.row(Prospect, number)) for number in numbers]
    w.store.table_lock(Blocked)
    known = is_blocked(w.session, [block.match for block in new])
    fresh = [block for block in reversed(new) if block.match not in known]
    w.insert_many(
        Blocked,
        ("match", "kind", "at", "user_id", "words"),
        [
            (b.match, b.kind, w.at if b.at is None else b.at, w.user_id, clean(b.words).strip())
            for b in fresh
        ],
    )
    for number, row in rows:
        if row and row["state"] in OPEN:
            w.update(Prospect, number, state="blocked")
    return len(fresh)


def _rows_hashed(session: Session, hashes: set[str]) -> set[int]:
    """The prospects one of whose numbers or e-mails has one of these hashes. Only an import of
    hashes needs it: every number there is must be hashed to know."""
    salt = session.house.salt
    keys = session.store.each("SELECT prospect_id, match FROM prospect_keys WHERE match <> ''")
    return {number for number, match in keys if salted_hash(salt, match) in hashes}


def rows_with(store: Store, matches: Sequence[str]) -> list[int]:
    """The prospects, of all lists, that carry one of these numbers or e-mails."""
    numbers: set[int] = set()
    for part in _chunks(matches):
        rows = store.rows(
            f"SELECT prospect_id FROM prospect_keys WHERE match IN ({', '.join('?' * len(part))})",
            part,
        )
        numbers.update(number for (number,) in rows)
    return sorted(numbers)


def close_blocked(w: Write, first: int, last: int) -> None:
    """Rows just inserted, numbered ``first`` to ``last``, that carry a blocked number or e-mail
    are blocked from the start. Part of their insertion, so no change of its own."""
    if w.store.value("SELECT 1 FROM blocked LIMIT 1") is None:
        return
    if has_forgotten(w.store):
        salt = w.session.house.salt
        rows = w.store.rows(
            "SELECT prospect_id, match FROM prospect_keys WHERE prospect_id BETWEEN ? AND ?"
            " AND match <> ''",
            (first, last),
        )
        by_hash = {salted_hash(salt, match): number for number, match in rows}
        for part in _chunks(list(by_hash)):
            blocked_hashes = w.store.rows(
                f"SELECT match FROM blocked WHERE match IN ({', '.join('?' * len(part))})", part
            )
            w.store.execute_many(
                "UPDATE prospects SET state = 'blocked' WHERE id = ? AND state = 'new'",
                [(by_hash[match],) for (match,) in blocked_hashes],
            )
    w.store.execute(
        "UPDATE prospects SET state = 'blocked' WHERE id BETWEEN ? AND ? AND state = 'new'"
        " AND EXISTS (SELECT 1 FROM prospect_keys JOIN blocked"
        " ON blocked.match = prospect_keys.match WHERE prospect_keys.prospect_id = prospects.id)",
        (first, last),
    )


def update_state(w: Write, prospect_id: int) -> None:
    """Make a row blocked while one of its phones or e-mails is on the list, and else give it back
    the state it had. Rows with an end of their own keep it."""
    row = w.row(Prospect, prospect_id)
    if row is None or row["state"] not in (*OPEN, "blocked"):
        return
    matches = w.store.rows("SELECT match FROM prospect_keys WHERE prospect_id = ?", (prospect_id,))
    if is_blocked(w.session, [match for (match,) in matches]):
        state = "blocked"
    elif row["state"] != "blocked":
        return
    elif _ended_by(w, row["last_outcome_id"]):
        state = "done"
    elif row["due_at"] is None:
        state = "new"
    else:
        state = "callback" if row["due_exact"] or row["owner_id"] else "retry"
    w.update(Prospect, prospect_id, state=state)


def _ended_by(w: Write, outcome_id: int | None) -> bool:
    """Whether the outcome of the last call ended the row: taken off the list, it does not start
    over."""
    outcome = w.row(Outcome, outcome_id) if outcome_id else None
    return bool(outcome and (outcome["blocks"] or outcome["ends_row"]))


# -- operations -----------------------------------------------------------------------------------


@operation("blocklist.block")
def block(w: Write, phone_or_email: str, words: str = "") -> int:
    """Put a typed phone or e-mail on the do-not-call list and close its rows in every list; how
    many rows that closed. Raises CrmError when it is neither, or is on the list already."""
    kind, match = read(w.session, phone_or_email)
    rows = [w.row(Prospect, number) for number in rows_with(w.store, [match])]
    closed = sum(row is not None and row["state"] in OPEN for row in rows)
    if not block_keys(w, [(kind, match)], words):
        known = is_blocked(w.session, [match])[match]
        raise CrmError(
            _("{match} is on the do-not-call list already ({who}).").format(
                match=match, who=known.who
            )
        )
    w.describe(_("do not call {match}").format(match=match))
    return closed


@operation("blocklist.unblock")
def unblock(w: Write, phone_or_email: str, why: str) -> None:
    """Take a phone, an e-mail or a hash off the do-not-call list again; the journal keeps the
    reason.

    Raises NotAllowed for a rep, CrmError without a reason, NotFound when it is not on the list."""
    why = clean(why, single_line=True).strip()
    if not why:
        raise CrmError(_("Say why it may be called again."))
    found = is_blocked(w.session, [phone_or_email])
    match = phone_or_email if found else read(w.session, phone_or_email)[1]
    found = found or is_blocked(w.session, [match])
    if not found:
        raise NotFound(_("{match} is not on the do-not-call list.").format(match=match))
    number = w.store.value("SELECT id FROM blocked WHERE match = ?", (found[match].match,))
    w.delete(Blocked, number)
    for number in rows_with(w.store, [match]):
        update_state(w, number)
    if _HASH.fullmatch(match):
        for number in sorted(_rows_hashed(w.session, {match})):
            update_state(w, number)
        match = short(match)
    w.describe(_("{match} may be called again: {why}").format(match=match, why=why))


def read(session: Session, text: str) -> tuple[str, str]:
    """``("phone", E.164)`` or ``("email", address)`` of what was typed. Raises CrmError when it
    is neither."""
    text = clean(text, single_line=True).strip()
    kind = "email" if "@" in text else "phone"
    match = phones.match_of(kind, text, session.house.region)
    if not match:
        raise CrmError(
            _("{text} is no phone and no e-mail.").format(text=text or "–"),
            _("Type a number with its country code, or an e-mail."),
        )
    return kind, match


# -- views ----------------------------------------------------------------------------------------


def blocked(session: Session) -> list[Block]:
    """The do-not-call list, the newest first."""
    return session.store.read(Block, f"{_SELECT} ORDER BY at DESC, blocked.id DESC")


def is_blocked(session: Session, keys: Iterable[str]) -> dict[str, Block]:
    """The blocks on these numbers (E.164) and e-mails (lower case), by number or e-mail: that of an
    erased person is found by its hash."""
    matches = [key for key in dict.fromkeys(keys) if key]
    if not matches:
        return {}
    blocks: dict[str, Block] = {}
    for part in _chunks(matches):
        found = session.store.fetch(blocks_query(session, part))
        blocks |= found
    return blocks


def blocks_query(session: Session, matches: Iterable[str]) -> Query[dict[str, Block]]:
    """The query of :func:`is_blocked` for a few."""
    keys = {match: match for match in matches if match}
    keys |= {salted_hash(session.house.salt, match): match for match in keys}

    def by_key(rows: list[Block]) -> dict[str, Block]:
        blocks: dict[str, Block] = {}
        for block in rows:
            blocks.setdefault(keys[block.match], block)
        return blocks

    marks = ", ".join("?" * len(keys)) or "NULL"
    sql = f"{_SELECT} WHERE blocked.match IN ({marks})"
    return typed_rows(Block, sql, list(keys)).map(by_key)


def forgotten_among(
    session: Session, keys: Iterable[str], blocks: Mapping[str, Block]
) -> dict[str, Block]:
    """Those of many numbers and e-mails whose hash is in ``blocks`` (the list by its matches).
    For an import, which has the list in memory."""
    salt = session.house.salt
    return {k: found for k in keys if k and (found := blocks.get(salted_hash(salt, k))) is not None}


def has_forgotten(store: Store) -> bool:
    """Whether any entry of the list is a hash."""
    return bool(store.value(f"SELECT {HAS_HASHES}"))


def salted_hash(salt: str, match: str) -> str:
    """What stays of a number or e-mail on the list: HMAC-SHA256 of it under the workspace's salt.
    Without the salt nobody can try all the numbers there are against it."""
    inner, outer = (digest.copy() for digest in _digests(salt))
    inner.update(match.encode())
    outer.update(inner.digest())
    return f"{HASHED}{outer.hexdigest()}"


@lru_cache(maxsize=4)
def _digests(salt: str) -> tuple[Any, Any]:
    """The inner and the outer digest of HMAC (RFC 2104), which have taken in the salt: an import
    hashes a hundred thousand numbers, which takes a third less than with ``hmac.digest``
    (measured)."""
    import hashlib  # which loads OpenSSL: most commands hash nothing

    block = salt.encode()
    if len(block) > _SHA_BLOCK:
        block = hashlib.sha256(block).digest()
    block = block.ljust(_SHA_BLOCK, b"\0")
    return (
        hashlib.sha256(bytes(byte ^ 0x36 for byte in block)),
        hashlib.sha256(bytes(byte ^ 0x5C for byte in block)),
    )


def is_hash(text: str) -> bool:
    """Whether a text is what :func:`salted_hash` gives."""
    return _HASH.fullmatch(text) is not None


def short(match: str) -> str:
    """A match as people read it: a number or e-mail as it is, of a hash its first digits."""
    return f"{match[: len(HASHED) + 8]}…" if match.startswith(HASHED) else match


def _chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]


@dataclass(frozen=True)
class Carriers:
    """Who has a blocked number or e-mail: lists with how many of their rows, and leads."""

    lists: tuple[tuple[str, int], ...]
    leads: tuple[tuple[int, str], ...]


def carriers(store: Store, match: str) -> Carriers:
    """The lists and leads that have a number or e-mail; none for a hash, which tells nobody what
    it was."""
    rows = store.rows(
        "SELECT lists.name, COUNT(DISTINCT prospects.id) FROM prospect_keys"
        " JOIN prospects ON prospects.id = prospect_keys.prospect_id"
        " JOIN lists ON lists.id = prospects.list_id WHERE prospect_keys.match = ?"
        " GROUP BY lists.id, lists.name ORDER BY lists.name",
        (match,),
    )
    leads = store.rows(
        f"SELECT leads.id, leads.title FROM leads WHERE leads.id IN ({LEADS_WITH_POINT})"
        " ORDER BY leads.id DESC LIMIT 20",
        (match, match),
    )
    return Carriers(tuple((name, int(n)) for name, n in rows), tuple(leads))
