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
