"""Mending what follows from other rows: search text, last moments, numbers, tries, claims.

Only what nobody did by hand: nothing of this is in the journal, and making it anew loses nothing.
"""

from __future__ import annotations

import json

from tui_crm.core import emails, phones
from tui_crm.core.store import derived, fulltext, row_checks
from tui_crm.core.store.database import Store
from tui_crm.core.text import ngettext


def repair(store: Store) -> list[str]:
    """Make anew what is derived and wrong, in one transaction; what was mended, a sentence each."""
    with store.transaction():
        return [
            sentence
            for sentence in (
                _keys(store),
                _matches(store),
                _tries(store),
                _claims(store),
                _search(store),  # which has the numbers too
            )
            if sentence
        ]


def _search(store: Store) -> str:
    known = {row[0] for row in store.rows("SELECT rowid FROM lead_text")}
    there = {row[0] for row in store.rows("SELECT id FROM leads")}
    fulltext.drop(store, sorted(known - there))
    wrong = (there - known) | set(row_checks.unlike_search(store))
    wrong |= set(row_checks.unlike_touched(store))
    derived.renew(store, wrong)
    count = len(wrong) + len(known - there)
    sentences = [ngettext("the search of {n} lead", "the search of {n} leads", count)] * bool(count)
    sentences = [sentence.format(n=count) for sentence in sentences]
    for index, table, renew in (
        (fulltext.CLIENTS, "clients", derived.renew_clients),
        (fulltext.PROSPECTS, "prospects", _renew_prospects),
    ):
        other = "EXCEPT SELECT"
        rows = store.rows(
            f"SELECT * FROM (SELECT id AS n FROM {table} {other} rowid FROM {index}) AS missing"
            f" UNION SELECT * FROM (SELECT rowid AS n FROM {index} {other} id FROM {table}) AS gone"
        )
        if rows:
            renew(store, [number for (number,) in rows])
            words = ngettext("the search of {n} {table}", "the search of {n} {table}", len(rows))
            sentences.append(words.format(n=len(rows), table=table))
    return "; ".join(sentences)


def _renew_prospects(store: Store, numbers: list[int]) -> None:
    derived.renew_prospects(store, [(number, number) for number in numbers])


def _keys(store: Store) -> str:
    count = 0
    region = str(store.value("SELECT region FROM workspace ORDER BY id LIMIT 1") or "")
    for number in sorted({n for _s, n in row_checks.missing_keys(store)}):
        cells, columns = store.rows(
            "SELECT cells, columns FROM prospects JOIN lists ON lists.id = list_id"
            " WHERE prospects.id = ?",
            (number,),
        )[0]
        had = {
            row[0]
            for row in store.rows("SELECT kind FROM prospect_keys WHERE prospect_id = ?", (number,))
        }
        for cell, column in zip(json.loads(cells), json.loads(columns), strict=False):
            kind = column.get("field")
            if kind not in ("phone", "email") or kind in had:
                continue
            if kind == "phone":
                made = [(p.typed, p.e164 or "") for p in phones.find(str(cell), region)]
            else:
                made = [(e, phones.match_of(kind, e, region)) for e in emails.find(str(cell))]
            for position, (value, match) in enumerate(made):
                store.execute(
                    "INSERT INTO prospect_keys (prospect_id, kind, value, match, bad, position)"
                    " VALUES (?, ?, ?, ?, 0, ?)",
                    (number, kind, value, match, position),
                )
        _renew_prospects(store, [number])
        count += 1
    return (
        ngettext("the numbers of {n} prospect", "the numbers of {n} prospects", count).format(
            n=count
        )
        if count
        else ""
    )


def _matches(store: Store) -> str:
    region = str(store.value("SELECT region FROM workspace ORDER BY id LIMIT 1") or "")
    count = 0
    for table, number in row_checks.wrong_matches(store):
        kind, value = store.rows(f"SELECT kind, value FROM {table} WHERE id = ?", (number,))[0]
        match = phones.match_of(kind, value, region)
        store.execute(f"UPDATE {table} SET match = ? WHERE id = ?", (match, number))
        if table == "prospect_keys":
            of = store.value("SELECT prospect_id FROM prospect_keys WHERE id = ?", (number,))
            _renew_prospects(store, [of])
        count += 1
    return ngettext("{n} number", "{n} numbers", count).format(n=count) if count else ""


def _tries(store: Store) -> str:
    calls = "(SELECT COUNT(*) FROM actions WHERE prospect_id = prospects.id AND kind = 'call')"
    count = store.execute(
        f"UPDATE prospects SET tries = {calls} WHERE tries <> {calls}"
        " AND (tries > 0 OR last_at IS NOT NULL)"
    )
    return (
        ngettext("the tries of {n} prospect", "the tries of {n} prospects", count).format(n=count)
        if count
        else ""
    )


def _claims(store: Store) -> str:
    count = store.execute(
        "UPDATE prospects SET claimed_by = NULL, claimed_until = NULL"
        " WHERE (claimed_by IS NULL) <> (claimed_until IS NULL)"
        " OR (claimed_by IS NOT NULL AND claimed_by NOT IN (SELECT id FROM users))"
    )
    return (
        ngettext("{n} prospect held by nobody", "{n} prospects held by nobody", count).format(
            n=count
        )
        if count
        else ""
    )
