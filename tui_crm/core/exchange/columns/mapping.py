"""Which column of a file fills which field: what was recognised, overruled by what was typed.

A typed mapping is remembered by the file's header, so that the next export of the same program
needs none. It is kept as ``{field: [column, …]}``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui_crm.core.errors import CrmError
from tui_crm.core.exchange.columns.prospect_columns import signature
from tui_crm.core.store import tables
from tui_crm.core.store.database import Store
from tui_crm.core.store.journal import Write
from tui_crm.core.text import _, clean, fold

if TYPE_CHECKING:
    from tui_crm.core.exchange.readers.table import RawRow

FieldMapping = Mapping[str, str] | Iterable[tuple[str, str]]
"""``FIELD=COLUMN`` as typed, one for each; the same field may come several times."""

NO_FIELD = "-"
"""As a field: the column fills none, whatever its header says."""


@dataclass(frozen=True)
class FieldSet:
    """The fields that the columns of one kind of file may fill.

    ``name`` is what its mappings are remembered under; ``several`` the fields that several columns
    may fill; ``aliases`` other words for fields; ``recognise(columns, rows, language)`` gives the
    field of each column, from its header and a sample of rows."""

    name: str
    fields: tuple[str, ...]
    several: frozenset[str]
    recognise: Callable[[Sequence[str], Iterable[RawRow], str], Sequence[str | None]]
    aliases: Mapping[str, str] = field(default_factory=dict)


def pairs(
    store: Store, fields: FieldSet, columns: Sequence[str], typed: FieldMapping | None
) -> list[tuple[str, str]]:
    """The remembered and the typed pairs ``(field, column)``, the column as the file names it; a
    number is its place, from 1.

    Raises CrmError for a column that the file does not have, naming the ones it has."""
    found = _remembered(store, fields, columns)
    for name, typed_column in typed.items() if isinstance(typed, Mapping) else typed or ():
        named = [column for column in columns if fold(column) == fold(typed_column)]
        if not named and typed_column.isdecimal() and 0 < int(typed_column) <= len(columns):
            named = [columns[int(typed_column) - 1]]
        if not named:
            raise CrmError(
                _("The file has no column {name}.").format(name=_line(typed_column) or "–"),
                _("Its columns are: {names}.").format(names=", ".join(columns)),
            )
        found.append((_line(name), named[0]))
    return found


def overrule(
    fields: FieldSet,
    columns: Sequence[str],
    guesses: Sequence[str | None],
    pairs: Iterable[tuple[str, str]],
) -> tuple[list[str | None], list[str]]:
    """The field of each column and its label, after ``pairs`` were applied to the guesses.

    A name that is no field becomes the label of its column. A field that several columns may fill
    keeps its other columns, any other loses the column that was guessed."""
    found, labels = list(guesses), list(columns)
    for name, column in pairs:
        index = columns.index(column)
        key = fold(name).replace(" ", "_").replace("-", "_")
        key = fields.aliases.get(key, key)
        if name == NO_FIELD:
            found[index] = None
        elif key not in fields.fields:
            found[index], labels[index] = None, name
        else:
            if key not in fields.several:
                found = [None if guess == key else guess for guess in found]
            found[index] = key
    return found, labels


def _remembered(store: Store, fields: FieldSet, columns: Sequence[str]) -> list[tuple[str, str]]:
    """The pairs of the last import of a file with these columns."""
    kept = store.value("SELECT fields FROM mappings WHERE header = ?", (_header(fields, columns),))
    try:
        by_field = json.loads(kept or "{}")
    except ValueError:
        return []
    here = {fold(column): column for column in columns}
    return [
        (name, here[fold(column)])
        for name, names in by_field.items()
        for column in names
        if fold(column) in here
    ]


def remember(
    w: Write, fields: FieldSet, columns: Sequence[str], pairs: Iterable[tuple[str, str]]
) -> None:
    """Keep the pairs for the next file with these columns; part of the import's operation."""
    by_field: dict[str, list[str]] = {}
    for name, column in pairs:
        by_field.setdefault(name, []).append(column)
    header = _header(fields, columns)
    kept = json.dumps(by_field, ensure_ascii=False)
    number = w.store.value("SELECT id FROM mappings WHERE header = ?", (header,))
    if number is None:
        w.insert(tables.Mapping, header=header, fields=kept)
    else:
        w.update(tables.Mapping, int(number), fields=kept)


def _header(fields: FieldSet, columns: Sequence[str]) -> str:
    return f"{fields.name}:{signature(columns)}"


def _line(text: str) -> str:
    return " ".join(clean(text, single_line=True).split())
