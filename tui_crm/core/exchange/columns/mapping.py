"""Which column fills which field: what was recognised, overruled by what was said.

A mapping is remembered by the file's header, so that the next export of the same CRM needs no
words. It is kept as ``{field: [column, …]}``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.columns.prospect_columns import signature
from tui_crm.core.store import tables
from tui_crm.core.store.database import Store
from tui_crm.core.store.journal import Write
from tui_crm.core.text import _, clean, fold

Said = Mapping[str, str] | Iterable[tuple[str, str]]
"""``FIELD=COLUMN`` as typed, one for each; the same field may come several times."""

NOTHING = "-"
"""As a field: the column fills none, whatever its header says."""


def pairs(said: Said | None, columns: Sequence[str]) -> list[tuple[str, str]]:
    """The pairs of a mapping, each with the column as the file names it; a number is its place.

    Raises CrmError for a column that the file does not have, naming the ones it has."""
    if said is None:
        return []
    found = []
    for field, wish in said.items() if isinstance(said, Mapping) else said:
        named = [column for column in columns if fold(column) == fold(wish)]
        if not named and wish.isdecimal() and 0 < int(wish) <= len(columns):
            named = [columns[int(wish) - 1]]
        if not named:
            raise CrmError(
                _("The file has no column {name}.").format(name=_line(wish) or "–"),
                _("Its columns are: {names}.").format(names=", ".join(columns)),
            )
        found.append((_line(field), named[0]))
    return found


def overrule(
    columns: Sequence[str],
    fields: Sequence[str | None],
    said: Iterable[tuple[str, str]],
    known: Sequence[str],
    several: frozenset[str],
    aliases: Mapping[str, str] | None = None,
) -> tuple[list[str | None], list[str]]:
    """The field of each column and its label, after ``said`` was applied to what was recognised.

    A name that is no field becomes the label of its column. A field of ``several`` keeps its
    other columns, any other loses the column that was guessed."""
    found, labels = list(fields), list(columns)
    for name, column in said:
        index = columns.index(column)
        field = fold(name).replace(" ", "_").replace("-", "_")
        field = (aliases or {}).get(field, field)
        if name == NOTHING:
            found[index] = None
        elif field not in known:
            found[index], labels[index] = None, name
        else:
            if field not in several:
                found = [None if has == field else has for has in found]
            found[index] = field
    return found, labels


def recall(store: Store, door: str, columns: Sequence[str]) -> list[tuple[str, str]]:
    """What was said the last time that a file with these columns came through this door."""
    kept = store.value("SELECT fields FROM mappings WHERE header = ?", (_header(door, columns),))
    try:
        by_field = json.loads(kept or "{}")
    except ValueError:
        return []
    here = {fold(column): column for column in columns}
    return [
        (field, here[fold(column)])
        for field, names in by_field.items()
        for column in names
        if fold(column) in here
    ]


def remember(w: Write, door: str, columns: Sequence[str], said: Sequence[tuple[str, str]]) -> None:
    """Keep what was said for the next file with these columns; part of the import's operation."""
    if not said:
        return
    by_field: dict[str, list[str]] = {}
    for field, column in said:
        by_field.setdefault(field, []).append(column)
    header = _header(door, columns)
    words = json.dumps(by_field, ensure_ascii=False)
    number = w.store.value("SELECT id FROM mappings WHERE header = ?", (header,))
    if number is None:
        w.insert(tables.Mapping, header=header, fields=words)
    else:
        w.update(tables.Mapping, int(number), fields=words)


def _header(door: str, columns: Sequence[str]) -> str:
    return f"{door}:{signature(columns)}"


def _line(text: str) -> str:
    return " ".join(clean(text, single_line=True).split())
