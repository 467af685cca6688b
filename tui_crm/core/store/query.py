"""A question to the store and what its rows mean, apart from the asking.

Several that do not wait for one another are asked together (:meth:`.database.Store.asks`): on a
server that is one trip over the line in place of one for each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Query(Generic[T]):
    """``sql`` with ``?`` for each of ``params``; ``read`` makes the answer of its rows."""

    sql: str
    params: Sequence[Any]
    read: Callable[[list[tuple[Any, ...]]], T]


def all_rows(sql: str, params: Sequence[Any] = ()) -> Query[list[tuple[Any, ...]]]:
    """The rows as they are."""
    return Query(sql, params, list)


def one_value(sql: str, params: Sequence[Any] = ()) -> Query[Any]:
    """The first column of the first row, or ``None``."""
    return Query(sql, params, lambda rows: rows[0][0] if rows else None)


def typed_rows(cls: type[T], sql: str, params: Sequence[Any] = ()) -> Query[list[T]]:
    """The rows as instances of a dataclass or NamedTuple (:func:`row_reader`)."""
    read = row_reader(cls)
    return Query(sql, params, lambda rows: [read(row) for row in rows])


def row_reader(cls: type[T]) -> Callable[[Sequence[Any]], T]:
    """The function that makes an instance of a dataclass or NamedTuple of a row. The columns are
    in the order of the fields; a field declared ``bool`` reads a flag of 0 or 1."""
    hints = [getattr(hint, "__forward_arg__", hint) for hint in cls.__annotations__.values()]
    flags = [n for n, hint in enumerate(hints) if hint in (bool, "bool")]

    def read(row: Sequence[Any]) -> T:
        values = list(row)
        for n in flags:
            if n < len(values):  # the last fields may have defaults
                values[n] = bool(values[n])
        return cls(*values)

    return read if flags else lambda row: cls(*row)
