"""Do not call: the numbers and e-mails nobody here calls or writes to, in any list.

Blocking one closes the rows that carry it in every list. A row counts as blocked while any of its
phones or e-mails is on the list; taken off, it stands again where it stood.

Once a person is forgotten (:mod:`.erase`) the list keeps no number of theirs, only its salted hash
(:func:`hashed`), which blocks as well as the number did and tells nobody what it was.
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
from tui_crm.core.store.query import Query
from tui_crm.core.store.tables import Blocked, Outcome, Prospect
from tui_crm.core.text import _, clean

OPEN = ("new", "retry", "callback")  # states of a row that may still be called
CHUNK = 400
HASHED = "sha256:"
_SHA_BLOCK = 64  # bytes that SHA-256 works on at a time
_HASH = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True)
class Block:
    """A number (E.164) or e-mail on the do-not-call list: who asked for it, when (epoch seconds
    UTC), and the words said. Of a forgotten person ``match`` is the hash and the words are gone."""

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
    words said, and when (epoch seconds UTC; ``None``: now)."""

    kind: str
    match: str
    words: str = ""
    at: int | None = None


_SELECT = (
    "SELECT blocked.match, kind, at, users.name, words FROM blocked"
    " JOIN users ON users.id = blocked.user_id"
)


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
        numbers = sorted({*numbers, *_rows_hashed(w.store, {b.match for b in new})})
    # First the rows, which a call has locked already, then the list: in one order, nobody waits
    # for somebody who waits for him. Two who block one number do it one after the other.
    rows = [(number, w.row(Prospect, number)) for number in numbers]
    w.store.table_lock(Blocked)
    known = is_blocked(w.store, [block.match for block in new])
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


def _rows_hashed(store: Store, hashes: set[str]) -> set[int]:
    """The prospects one of whose numbers or e-mails has one of these hashes. Only an import of
    hashes asks for it: every number there is must be hashed to know."""
    salt = _salt(store)
    return {
        row[0]
        for row in store.each("SELECT prospect_id, match FROM prospect_keys WHERE match <> ''")
        if hashed(salt, row[1]) in hashes
    }


def rows_with(store: Store, matches: Sequence[str]) -> list[int]:
    """The prospects, of all lists, that carry one of these numbers or e-mails."""
    found: set[int] = set()
    for part in _parts(matches):
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
    if has_forgotten(w.store):
        salt = _salt(w.store)
        rows = w.store.rows(
            "SELECT prospect_id, match FROM prospect_keys WHERE prospect_id BETWEEN ? AND ?"
            " AND match <> ''",
            (first, last),
        )
        by_hash = {hashed(salt, match): number for number, match in rows}
        for part in _parts(list(by_hash)):
            held = w.store.rows(
                f"SELECT match FROM blocked WHERE match IN ({', '.join('?' * len(part))})", part
            )
            w.store.execute_many(
                "UPDATE prospects SET state = 'blocked' WHERE id = ? AND state = 'new'",
                [(by_hash[match],) for (match,) in held],
            )
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
    matches = w.store.rows("SELECT match FROM prospect_keys WHERE prospect_id = ?", (prospect_id,))
    if is_blocked(w.store, [match for (match,) in matches]):
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


@operation("blocklist.block")
def block(w: Write, phone_or_email: str, words: str = "") -> int:
    """Put a typed phone or e-mail on the do-not-call list and close its rows in every list; how
    many rows that closed. Raises CrmError when it is neither, or is on the list already."""
    kind, match = read(w.session, phone_or_email)
    closed = sum(
        1 for n in rows_with(w.store, [match]) if (w.row(Prospect, n) or {}).get("state") in OPEN
    )
    if not block_keys(w, [(kind, match)], words):
        known = is_blocked(w.store, [match])[match]
        raise CrmError(
            _("{match} is on the do-not-call list already ({who}).").format(
                match=match, who=known.who
            )
        )
    w.describe(_("do not call {match}").format(match=match))
    return closed


@operation("blocklist.unblock")
def unblock(w: Write, phone_or_email: str, why: str) -> None:
    """Take a phone, an e-mail or a hash off the do-not-call list again, with the reason for the
    record.

    Raises NotAllowed for a rep, CrmError without a reason, NotFound when it is not on the list."""
    w.session.require("unblock")
    why = clean(why, single_line=True).strip()
    if not why:
        raise CrmError(_("Say why it may be called again."))
    found = is_blocked(w.store, [phone_or_email])
    match = phone_or_email if found else read(w.session, phone_or_email)[1]
    found = found or is_blocked(w.store, [match])
    if not found:
        raise NotFound(_("{match} is not on the do-not-call list.").format(match=match))
    row = Blocked.select().where(Blocked.match == found[match].match).dicts().first()
    w.delete(Blocked, row["id"])
    for number in rows_with(w.store, [match]):
        settle(w, number)
    if _HASH.fullmatch(match):
        for number in sorted(_rows_hashed(w.store, {match})):
            settle(w, number)
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
    return [
        Block(*row) for row in session.store.rows(f"{_SELECT} ORDER BY at DESC, blocked.id DESC")
    ]


def is_blocked(store: Store, keys: Iterable[str]) -> dict[str, Block]:
    """Those of these numbers (E.164) and e-mails (lower case) that are on the list, by what was
    asked for: a forgotten one is found by its hash."""
    matches = [k for k in dict.fromkeys(keys) if k]
    if not matches:
        return {}
    salt, found = store.fetch(salt_query()), dict[str, Block]()
    for part in _parts(matches):
        here = store.fetch(blocks_query(salt, part))
        found |= here
    return found


def blocks_query(salt: str, matches: Iterable[str]) -> Query[dict[str, Block]]:
    """The question of :func:`is_blocked` for a few; ``salt`` is that of the workspace."""
    names = {match: match for match in matches if match}
    names |= {hashed(salt, match): match for match in names}

    def read(rows: list[tuple[Any, ...]]) -> dict[str, Block]:
        found: dict[str, Block] = {}
        for row in rows:
            found.setdefault(names[row[0]], Block(*row))
        return found

    marks = ", ".join("?" * len(names)) or "NULL"
    return Query(f"{_SELECT} WHERE blocked.match IN ({marks})", list(names), read)


def forgotten_among(
    store: Store, keys: Iterable[str], blocks: Mapping[str, Block]
) -> dict[str, Block]:
    """Those of many numbers and e-mails whose hash is in ``blocks`` (the list by its matches).
    For an import, which holds the list in memory."""
    salt = _salt(store)
    return {k: found for k in keys if k and (found := blocks.get(hashed(salt, k))) is not None}


def has_forgotten(store: Store) -> bool:
    """Whether any entry of the list is a hash."""
    found = store.value(
        f"SELECT 1 FROM blocked WHERE substr(match, 1, {len(HASHED)}) = ? LIMIT 1", (HASHED,)
    )
    return found is not None


def hashed(salt: str, match: str) -> str:
    """What stays of a number or e-mail on the list: HMAC-SHA256 of it under the workspace's salt.
    Without the salt nobody can try all the numbers there are against it."""
    inner, outer = (started.copy() for started in _started(salt))
    inner.update(match.encode())
    outer.update(inner.digest())
    return HASHED + outer.hexdigest()


@lru_cache(maxsize=4)
def _started(salt: str) -> tuple[Any, Any]:
    """The two digests of HMAC (RFC 2104) with the salt already in them: an import hashes a hundred
    thousand numbers, which takes a third less than with ``hmac.digest`` (measured)."""
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
    """Whether a text is what :func:`hashed` gives."""
    return _HASH.fullmatch(text) is not None


def short(match: str) -> str:
    """A match as people read it: a number or e-mail as it is, of a hash its first digits."""
    return f"{match[: len(HASHED) + 8]}…" if match.startswith(HASHED) else match


def salt_query() -> Query[str]:
    """What the hashes of the forgotten are salted with."""
    return Query(
        "SELECT salt FROM workspace ORDER BY id LIMIT 1",
        (),
        lambda rows: str(rows[0][0] or "") if rows else "",
    )


def _salt(store: Store) -> str:
    return store.fetch(salt_query())


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]


@dataclass(frozen=True)
class Carriers:
    """Who has a blocked number or e-mail: lists with how many of their rows, and leads."""

    lists: tuple[tuple[str, int], ...]
    leads: tuple[tuple[int, str], ...]


def carriers(store: Store, match: str) -> Carriers:
    """The lists and leads on which a number or e-mail stands; none for a hash, which tells
    nobody what it was."""
    rows = store.rows(
        "SELECT lists.name, COUNT(DISTINCT prospects.id) FROM prospect_keys"
        " JOIN prospects ON prospects.id = prospect_keys.prospect_id"
        " JOIN lists ON lists.id = prospects.list_id WHERE prospect_keys.match = ?"
        " GROUP BY lists.id, lists.name ORDER BY lists.name",
        (match,),
    )
    leads = store.rows(
        "SELECT DISTINCT leads.id, leads.title FROM contact_points"
        " JOIN contacts ON contacts.id = contact_points.contact_id"
        " JOIN leads ON leads.id = contacts.lead_id WHERE contact_points.match = ?"
        " ORDER BY leads.id DESC LIMIT 20",
        (match,),
    )
    return Carriers(tuple((name, int(n)) for name, n in rows), tuple(leads))
