"""Full-text search over leads, the same rule on both engines: every word typed must be the
beginning of some word of the title, the description, the people or the notes; case and accents
do not count. SQLite keeps it in FTS5, PostgreSQL in a tsvector; both hold text that has gone
through :func:`tui_crm.core.text.fold`, so that they agree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from peewee import ColumnBase, Expression, SqliteDatabase, Table, fn

from tui_crm.core.store.tables import Lead
from tui_crm.core.text import fold

if TYPE_CHECKING:
    from tui_crm.core.store.database import Store

_INDEX = Table("lead_text")
_WORD = re.compile(r"[^\W_]+")


def create(db: Any) -> None:
    """Make the index (called by the first migration)."""
    if isinstance(db, SqliteDatabase):
        db.execute_sql(
            "CREATE VIRTUAL TABLE lead_text USING fts5("
            "words, prefix='2 3', tokenize=\"unicode61 remove_diacritics 0\")"
        )
    else:
        db.execute_sql("CREATE TABLE lead_text (rowid BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)")
        db.execute_sql("CREATE INDEX lead_text_words ON lead_text USING gin (words)")


def put(store: Store, texts: Iterable[tuple[int, str]]) -> None:
    """Index the text of each (lead number, text), in place of what was indexed before."""
    rows = [(number, " ".join(words_of(text))) for number, text in texts]
    if store.engine == "sqlite":
        sql = "INSERT OR REPLACE INTO lead_text (rowid, words) VALUES (?, ?)"
    else:
        sql = (
            "INSERT INTO lead_text (rowid, words) VALUES (?, to_tsvector('simple', ?))"
            " ON CONFLICT (rowid) DO UPDATE SET words = EXCLUDED.words"
        )
    store.execute_many(sql, rows)


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


def drop(store: Store, numbers: Sequence[int]) -> None:
    """Forget these leads."""
    if numbers:
        store.execute_many("DELETE FROM lead_text WHERE rowid = ?", [(n,) for n in numbers])


def words_of(text: str) -> list[str]:
    """The words of a text as they are indexed and asked for."""
    return _WORD.findall(fold(text))


def condition(store: Store, text: str) -> ColumnBase | None:
    """The Peewee condition that is true for the leads matching ``text``; ``None`` when the text
    holds no word at all (it then excludes nothing)."""
    words = words_of(text)
    if not words:
        return None
    if store.engine == "sqlite":
        match = Expression(_INDEX.c.words, "MATCH", " ".join(f'"{word}"*' for word in words))
    else:
        asked = " & ".join(f"{word}:*" for word in words)
        match = Expression(_INDEX.c.words, "@@", fn.to_tsquery("simple", asked))
    return Lead.id.in_(_INDEX.select(_INDEX.c.rowid).where(match))
