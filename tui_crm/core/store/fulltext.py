"""Full-text search over leads, clients and prospects, the same rule on both engines: every word
typed must be the beginning of some word of the text; case and accents do not count. SQLite keeps it
in FTS5, PostgreSQL in a tsvector.

A lead is found by its title, description, client, people and notes; a client by its name,
description and people; a prospect by its names, company, role, city, e-mails and notes. A phone is
found by its end: its last six digits are indexed as one word (:func:`phone_word`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from peewee import ColumnBase, Expression, SqliteDatabase, Table, fn

from tui_crm.core.phones import ENDS as TAIL, digits
from tui_crm.core.store.tables import Lead
from tui_crm.core.text import UNDECOMPOSED, fold

if TYPE_CHECKING:
    from tui_crm.core.store.database import Store

LEADS, CLIENTS, PROSPECTS = "lead_text", "client_text", "prospect_text"
INDEXES = (LEADS, CLIENTS, PROSPECTS)
_INDEX = Table(LEADS)
_WORD = re.compile(r"[^\W_]+")
# A million prospects: no places of words are kept, which nobody asks for, and the tokenizer takes
# the accents off (measured: with `fold` for each row it takes an import a third longer).
_OPTIONS = {PROSPECTS: 'detail=none, columnsize=0, tokenize="unicode61 remove_diacritics 2"'}


def create(db: Any, index: str = LEADS) -> None:
    """Make an index (called by migrations)."""
    if isinstance(db, SqliteDatabase):
        options = _OPTIONS.get(index, 'tokenize="unicode61 remove_diacritics 0"')
        db.execute_sql(f"CREATE VIRTUAL TABLE {index} USING fts5(words, prefix='2 3', {options})")
    else:
        db.execute_sql(f"CREATE TABLE {index} (rowid BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)")
        db.execute_sql(f"CREATE INDEX {index}_words ON {index} USING gin (words)")


def put(store: Store, texts: Iterable[tuple[int, str]], index: str = LEADS) -> None:
    """Index the text of each (number, text), in place of what was indexed before."""
    if store.engine == "sqlite":
        sql = f"INSERT OR REPLACE INTO {index} (rowid, words) VALUES (?, ?)"
    else:
        sql = (
            f"INSERT INTO {index} (rowid, words) VALUES (?, to_tsvector('simple', ?))"
            " ON CONFLICT (rowid) DO UPDATE SET words = EXCLUDED.words"
        )
    store.execute_many(sql, _indexed(store, list(texts), index))


def add(store: Store, texts: Sequence[tuple[int, str]], index: str = LEADS) -> None:
    """Index the text of each (number, text), none of which is indexed yet."""
    value = "?" if store.engine == "sqlite" else "to_tsvector('simple', ?)"
    store.execute_many(
        f"INSERT INTO {index} (rowid, words) VALUES (?, {value})", _indexed(store, texts, index)
    )


def _indexed(
    store: Store, texts: Sequence[tuple[int, str]], index: str
) -> Sequence[tuple[int, str]]:
    """The texts as an index takes them."""
    if index == PROSPECTS and store.engine == "sqlite":
        return _without_undecomposed(texts)
    return [(number, " ".join(words_of(text))) for number, text in texts]


def _without_undecomposed(texts: Sequence[tuple[int, str]]) -> Sequence[tuple[int, str]]:
    """The texts with ``oe`` for ``œ``: letters that the tokenizer of SQLite leaves as they are."""
    whole = "\0".join(text for _number, text in texts)
    present = [letter for letter in UNDECOMPOSED if letter in whole]
    if not present:
        return texts
    for letter in present:
        whole = whole.replace(letter, UNDECOMPOSED[letter])
    return [(number, text) for (number, _t), text in zip(texts, whole.split("\0"), strict=True)]


def unlike(store: Store, texts: Sequence[tuple[int, str]]) -> list[int]:
    """Those of the leads that are indexed by other words than these; ones that are not indexed are
    not among them. The order of words does not count: the store may give them in any."""
    found = []
    for start in range(0, len(texts), 400):
        part = texts[start : start + 400]
        wanted = {number: sorted(words_of(text)) for number, text in part}
        if store.engine == "sqlite":
            marks = ", ".join("?" * len(part))
            rows = store.rows(
                f"SELECT rowid, words FROM lead_text WHERE rowid IN ({marks})", list(wanted)
            )
            found += [
                n for n, words in rows if sorted(words.split(" ") if words else []) != wanted[n]
            ]
            continue
        found += [
            row[0]
            for row in store.rows(
                "SELECT rowid FROM lead_text JOIN unnest(?::bigint[], ?::text[]) AS now (n, text)"
                " ON rowid = n WHERE tsvector_to_array(words)"
                " <> tsvector_to_array(to_tsvector('simple', text)) ORDER BY rowid",
                ([n for n, _text in part], [" ".join(words_of(text)) for _n, text in part]),
            )
        ]
    return found


def drop(store: Store, numbers: Sequence[int], index: str = LEADS) -> None:
    """Forget these rows."""
    if numbers:
        store.execute_many(f"DELETE FROM {index} WHERE rowid = ?", [(n,) for n in numbers])


def words_of(text: str) -> list[str]:
    """The words of a text as they are indexed and asked for."""
    return _WORD.findall(fold(text))


def phone_word(typed: str, e164: str) -> str:
    """The word by which a phone is found, from its end; empty for a number too short for that."""
    end = e164[-TAIL:] if len(e164) > TAIL else digits(typed)[-TAIL:]
    return f"t{end}" if len(end) == TAIL else ""


def phone_words(ends: Iterable[str]) -> list[str]:
    """The words that a number with one of these ends (:func:`.phones.ends`) may have."""
    return list(dict.fromkeys(f"t{end[-TAIL:]}" for end in ends))


def asked(store: Store, begun: Sequence[str], whole: Sequence[str] = ()) -> str:
    """What an index is asked for: rows where a word begins with each of ``begun``, and each of
    ``whole`` is a word; both as :func:`words_of` gives them."""
    if store.engine == "sqlite":
        return " ".join([*(f'"{word}"*' for word in begun), *(f'"{word}"' for word in whole)])
    return " & ".join([*(f"{word}:*" for word in begun), *whole])


def match_sql(store: Store, index: str) -> str:
    """The condition, in a plain statement over an index, that its words match what is asked."""
    return f"{index} MATCH ?" if store.engine == "sqlite" else "words @@ to_tsquery('simple', ?)"


def newest_first(store: Store) -> str:
    """The clause that makes SQLite walk an index from its newest row. PostgreSQL gives any of the
    rows that match: it would collect and sort them all first, half a second for a city's name in a
    million (measured)."""
    return " ORDER BY rowid DESC" if store.engine == "sqlite" else ""


def condition(store: Store, text: str) -> ColumnBase | None:
    """The Peewee condition that is true for the leads matching ``text``; ``None`` when the text
    holds no word at all (it then excludes nothing)."""
    words = words_of(text)
    if not words:
        return None
    if store.engine == "sqlite":
        match = Expression(_INDEX.c.words, "MATCH", asked(store, words))
    else:
        match = Expression(_INDEX.c.words, "@@", fn.to_tsquery("simple", asked(store, words)))
    return Lead.id.in_(_INDEX.select(_INDEX.c.rowid).where(match))
