"""One row of a table, in plain SQL.

The models define the columns and their defaults. The statements are written here, because a model
takes longer to build one than the store takes to answer it (measured: a fifth of the cost of one
key of a calling session).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar, cast

from tui_crm.core.store.columns import HasRows, Row
from tui_crm.core.store.database import Store
from tui_crm.core.store.query import Query

C = TypeVar("C")


@cache
def columns(model: Any) -> tuple[str, ...]:
    """The columns of a table, in order."""
    return tuple(model._meta.sorted_field_names)


@cache
def _select(model: Any) -> str:
    names = ", ".join(f'"{name}"' for name in columns(model))
    return f"SELECT {names} FROM {model._meta.table_name} WHERE id"


def row_query(model: type[HasRows[C]], number: int, lock: str = "") -> Query[C | None]:
    """The row as it is now, ``None`` when there is none."""

    def read(rows: list[tuple[Any, ...]]) -> C | None:
        return row_of(model, rows[0]) if rows else None

    return Query(f"{_select(model)} = ?{lock}", (number,), read)


def row_of(model: type[HasRows[C]], values: Sequence[Any]) -> C:
    """The row that has these values in its :func:`columns`."""
    return cast(C, dict(zip(columns(model), values, strict=True)))


def read_many(store: Store, model: type[HasRows[C]], numbers: Sequence[int]) -> dict[int, C]:
    """The rows with these numbers as they are now, by number; those that are gone are left out."""
    if not numbers:
        return {}
    found = store.rows(f"{_select(model)} IN ({', '.join('?' * len(numbers))})", numbers)
    place = columns(model).index("id")
    return {values[place]: row_of(model, values) for values in found}


def read(store: Store, model: type[HasRows[C]], number: int, *, lock: bool = False) -> C | None:
    """The row as it is now, ``None`` when there is none; with ``lock`` nobody else changes it
    until the transaction ends."""
    return store.fetch(row_query(model, number, store.row_lock() if lock else ""))


def stored(model: Any, values: Mapping[str, Any]) -> Row:
    """The values as their columns store them: text as text, a flag as 0 or 1."""
    fields = model._meta.fields
    return {name: fields[name].db_value(value) for name, value in values.items()}


def insert(store: Store, model: Any, values: Mapping[str, Any]) -> int:
    """Add a row; its number. A column that is not named gets the default of the model."""
    row = {field.name: default for field, default in model._meta.defaults.items()} | dict(values)
    names = ", ".join(f'"{name}"' for name in row)
    return int(
        store.rows(
            f"INSERT INTO {model._meta.table_name} ({names})"
            f" VALUES ({', '.join('?' * len(row))}) RETURNING id",
            tuple(row.values()),
        )[0][0]
    )


def update(store: Store, model: Any, number: int, values: Mapping[str, Any]) -> None:
    """Change columns of a row."""
    marks = ", ".join(f'"{name}" = ?' for name in values)
    store.execute(
        f"UPDATE {model._meta.table_name} SET {marks} WHERE id = ?", (*values.values(), number)
    )


def delete(store: Store, model: Any, number: int) -> None:
    """Remove a row."""
    store.execute(f"DELETE FROM {model._meta.table_name} WHERE id = ?", (number,))
