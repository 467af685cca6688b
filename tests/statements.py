"""How often an act asks the store: its statements on SQLite, where nothing hides them, and its
trips over the line on PostgreSQL.

    with counting(store) as asked:
        ...
    len(asked)
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from tui_crm.core.store.database import Store

_NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA", "--")


def counting(store: Store) -> AbstractContextManager[list[str]]:
    """What this thread's connection asks: statements on SQLite, trips on PostgreSQL. The list is
    complete when the block has ended."""
    return _statements(store) if store.engine == "sqlite" else _trips(store)


@contextmanager
def _statements(store: Store) -> Iterator[list[str]]:
    """The statements as SQLite runs them: begin and commit are not counted, nor what sets how it
    works or what the full-text search asks itself."""
    found: list[str] = []

    def note(statement: str) -> None:
        words = statement.lstrip()
        if not words.startswith(_NOT_COUNTED) and "'lead_text_" not in words:
            found.append(statement)

    connection = store.db.connection()
    connection.set_trace_callback(note)
    try:
        yield found
    finally:
        connection.set_trace_callback(None)


@contextmanager
def _trips(store: Store) -> Iterator[list[str]]:
    """The messages after which the client waited for the server, as libpq traces them; with begin
    and commit, which are trips as well."""
    from psycopg import pq

    found: list[str] = []
    connection = store.db.connection().pgconn
    with tempfile.TemporaryFile() as file:
        connection.trace(file.fileno())
        connection.set_trace_flags(pq.Trace.SUPPRESS_TIMESTAMPS)
        try:
            yield found
        finally:
            connection.untrace()
        file.seek(0)
        sent = ""
        for line in file.read().decode(errors="replace").splitlines():
            if line.startswith("F\t"):
                sent = line if "Query" in line or "Parse" in line or not sent else sent
            elif sent:
                found.append(sent)
                sent = ""


@dataclass(frozen=True)
class Act:
    """What a rep does: the keys on the way to it, the keys that are counted, how many statements
    they took at most when this was written, in a terminal of 80x24 and of 120x36, and how many
    trips at 80x24. ``place`` says that it is done in a store with a list to call."""

    before: tuple[str, ...]
    keys: tuple[str, ...]
    narrow: int
    wide: int
    trips: int
    place: bool = False


def typed(text: str) -> tuple[str, ...]:
    """The keys of a text."""
    return tuple("space" if letter == " " else letter for letter in text)


ACTS = {
    "outcome and next prospect": Act(
        ("C", "enter", "3"), ("3",), narrow=18, wide=31, trips=16, place=True
    ),
    "log a call with its words": Act(
        (), ("c", "1", *typed("hi"), "enter"), narrow=29, wide=34, trips=23
    ),
    "step on": Act((), (">",), narrow=18, wide=23, trips=14),
    "next action": Act((), ("r", *typed("fri"), "enter"), narrow=15, wide=20, trips=11),
    "open Today": Act(("L",), ("T",), narrow=5, wide=10, trips=1),
    "open a lead": Act((), ("enter",), narrow=7, wide=8, trips=5),
    "won": Act((), ("w", "enter"), narrow=16, wide=21, trips=12),
    "new lead": Act((), ("+", *typed("Zed"), "enter"), narrow=20, wide=30, trips=18),
    "open Leads": Act(("S",), ("L",), narrow=5, wide=8, trips=3),
    "open Stats": Act(("L",), ("S",), narrow=1, wide=1, trips=1),
}
