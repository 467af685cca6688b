"""What a key costs in the search: each letter of words, phones and numbers as they are typed."""

from __future__ import annotations

import os
from collections.abc import Iterator

from tests.bench.measure import MONDAY, Result, at_most, company, percentile, timed
from tui_crm.core import search
from tui_crm.core.session import Session
from tui_crm.core.store import open_store
from tui_crm.core.team.sign_in import sign_in

BUDGET = 50  # milliseconds
SERVER = "TUI_CRM_BENCH_URL"
"""A PostgreSQL database that holds a company restored with ``tui-crm restore``; measured too."""


def typing(leads: int, prospects: int) -> Iterator[Result]:
    """Every key of what people look for, on a store of that size."""
    yield from _on("sqlite", company(leads, prospects))
    if url := os.environ.get(SERVER):
        yield from _on("postgresql", url)


def _on(engine: str, url: str) -> Iterator[Result]:
    store = open_store(url)
    try:
        session = sign_in(store, "you", clock=lambda: MONDAY)[0]
        took = {text: _typed(session, text) for text in _texts(session)}
    finally:
        store.close()
    every = [(ms, text[: n + 1]) for text, times in took.items() for n, ms in enumerate(times)]
    slowest = max(every)
    value = percentile([ms for ms, _text in every], 95)
    measured = f"{len(every)} keys, p95 {value:.1f} ms, most {slowest[0]:.1f} ms ({slowest[1]!r})"
    yield at_most(f"search while typing, {engine}", measured, value, BUDGET, "ms")


def _texts(session: Session) -> list[str]:
    """What is typed: a person, a company, both, a note, an address, a phone, a number."""
    rows = session.store.rows(
        "SELECT name, company, city FROM prospects WHERE name <> '' ORDER BY id LIMIT 3"
    )
    phones = session.store.rows(
        "SELECT match FROM prospect_keys WHERE kind = 'phone' AND match <> '' ORDER BY id LIMIT 2"
    )
    (name, firm, city), (other, _firm, _city) = rows[0], rows[-1]
    return [
        name,
        firm,
        f"{name.split()[-1]} {city}",
        other.lower(),
        "quote",
        "example.com",
        "#1042",
        *(match for (match,) in phones),
        phones[0][0][-6:],
    ]


def _typed(session: Session, text: str) -> list[float]:
    """Milliseconds of each key, once the pages it needs are in memory."""
    for n in range(len(text)):
        search.find(session, text[: n + 1])
    return [1000 * timed(lambda n=n: search.find(session, text[: n + 1])) for n in range(len(text))]
