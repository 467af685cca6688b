"""One operation, once: tried again where two users met, and looked for where the line was lost.

Each operation has a token of its own that its journal entry carries. When the connection is lost
after COMMIT was sent, nobody has heard how it ended; the entry with that token says it. Until the
database answers, the operation is pending: it is looked for before anything else is written, and a
retry of it never writes twice. On SQLite none of this is needed: nothing lies between.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from peewee import IntegrityError, PeeweeException

from tui_crm.core.errors import Conflict, CrmError, StoreBusy, StoreError, StoreUnknown
from tui_crm.core.store.database import sqlstate
from tui_crm.core.text import _

if TYPE_CHECKING:
    from tui_crm.core.store.database import Store

R = TypeVar("R")

RETRIES = 3
"""How often an operation is tried again that met another one on the same rows."""
RETRIABLE = ("40001", "40P01", "23505")
"""SQLSTATE of two transactions that met: not serializable, a deadlock, a row that both made."""
LOOK_SECONDS = 4.0
"""How long an operation is looked for before it is said that its end is not known yet."""


@dataclass(frozen=True)
class Pending:
    """An operation whose COMMIT was sent and not answered: its token, the connection that sent it
    (the server's process), what was called (:func:`call_key`), and what it would have returned."""

    token: str
    backend: int
    key: tuple[Any, ...]
    result: Any


def new_token() -> str:
    """The identity of one operation."""
    return os.urandom(12).hex()


def call_key(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    """What was called: equal for a retry of the same."""
    return (name, args, tuple(sorted(kwargs.items())))


def run(store: Store, token: str, act: Callable[[], R], key: tuple[Any, ...]) -> R:
    """``act()`` as one transaction; its result. ``token`` is that of the journal entry it writes.

    Raises what ``act`` raises; Conflict when it met others time and again; StoreBusy when the
    connection was lost and nothing was saved; StoreUnknown when it is not known yet whether."""
    if store.engine == "sqlite" or store.db.in_transaction():
        with store.transaction():
            return act()
    if store.pending is not None:
        done, result = _settle(store, key)
        if done:
            saved: R = result
            return saved
    again = 0 if any(isinstance(part, Iterator) for part in _parts(key)) else RETRIES
    while True:
        sent = False
        try:
            with store.transaction():
                result = act()
                backend, sent = store.backend(), True
            return result
        except (StoreError, IntegrityError) as error:
            if sqlstate(error) in RETRIABLE:
                if not again:
                    raise _met() from error
                again -= 1
                time.sleep(random.uniform(0.005, 0.05) * (RETRIES - again))
                continue
            if not (sent and store.was_lost(error)):
                raise
            store.pending = Pending(token, backend, key, result)
            if _outcome(store):
                return result
            raise _not_saved() from error


def look(store: Store) -> bool | None:
    """What became of the pending operation: whether it was saved; None when there is none, or
    when the database does not answer yet."""
    try:
        return _outcome(store) if store.pending is not None else None
    except StoreUnknown:
        return None


def _settle(store: Store, key: tuple[Any, ...]) -> tuple[bool, Any]:
    """Look for the pending operation before another one is done. Whether that other one is the
    same, done already, and its result."""
    pending = store.pending
    assert pending is not None
    if not _outcome(store):
        return False, None
    if pending.key == key:
        return True, pending.result
    if pending.key[0] == key[0] and pending.key[1][:1] == key[1][:1]:
        raise CrmError(
            _("The one before was saved after all."), _("Enter it again if it is another one.")
        )
    return False, None


def _outcome(store: Store) -> bool:
    """Whether the pending operation was saved; it is pending no longer. Raises StoreUnknown.

    The server may not know that its client is gone: its process is ended first, so that nothing
    can be saved after this has looked."""
    pending = store.pending
    assert pending is not None
    until = time.monotonic() + LOOK_SECONDS
    while True:
        try:
            store.reconnect()
            if _is_over(store, pending.backend):
                found = store.value("SELECT id FROM entries WHERE token = ?", (pending.token,))
                store.pending = None
                return found is not None
        except (StoreError, PeeweeException):
            pass  # it does not answer yet
        if time.monotonic() > until:
            raise StoreUnknown(
                _("The connection was lost; whether it was saved is not known yet."),
                _("It is looked for as soon as the database answers."),
            )
        time.sleep(0.05)


def _is_over(store: Store, backend: int) -> bool:
    """Whether the server's process of the lost connection has ended; it is told to."""
    where = "FROM pg_stat_activity WHERE pid = ? AND application_name = ?"
    running = store.rows(
        f"SELECT pg_terminate_backend(pid) {where} AND pid <> pg_backend_pid()",
        (backend, store.application),
    )
    return not running


def _parts(key: tuple[Any, ...]) -> Iterator[Any]:
    yield from key[1]
    yield from (value for _name, value in key[2])


def _met() -> Conflict:
    return Conflict(
        _("Not saved: others are changing the same thing at this moment."),
        _("Try again in a moment."),
    )


def _not_saved() -> StoreBusy:
    return StoreBusy(
        _("The connection to the database was lost; nothing was saved."),
        _("Try again: it connects anew."),
    )
