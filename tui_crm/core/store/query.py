"""Questions to the store: SQL with the function that reads its rows, rows as named values, and
Peewee expressions as SQL.

Several queries that do not wait for one another are fetched together
(:meth:`.database.Store.fetch_all`): on a server that is one trip over the line in place of one for
each.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from peewee import ColumnBase, Database, Node, SelectBase

from tui_crm.core.store.tables import TABLES

T = TypeVar("T")
U = TypeVar("U")

COMPARISONS: dict[str, Callable[[Any, Any], ColumnBase]] = {
    ":": operator.eq,
    "=": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
"""What the sign of a filter word such as ``amount>5000`` means."""
PEOPLE_OF_LEADS = (
    "(SELECT lead_id, id AS contact_id, position FROM contacts WHERE lead_id IS NOT NULL"
    " UNION ALL SELECT lead_id, contact_id, position FROM lead_people)"
)
"""SQL: every lead with each of its people, those that it shares with other leads included. It is
for few leads by their number; by a phone or an e-mail, all of it would be read."""
LEADS_WITH_POINT = (
    "SELECT lead_id FROM contact_points JOIN contacts ON contacts.id = contact_id WHERE match = ?"
    " UNION SELECT lead_id FROM contact_points JOIN lead_people USING (contact_id) WHERE match = ?"
)
"""SQL: the leads with a person who has a phone or an e-mail (twice: as it is compared)."""


@dataclass(frozen=True)
class Query(Generic[T]):
    """``sql`` with ``?`` for each of ``params``; ``read`` makes the answer of its rows."""

    sql: str
    params: Sequence[Any]
    read: Callable[[list[tuple[Any, ...]]], T]

    def map(self, function: Callable[[T], U]) -> Query[U]:
        """The same query, with ``function`` of its answer for an answer."""
        return Query(self.sql, self.params, lambda rows: function(self.read(rows)))


def all_rows(sql: str, params: Sequence[Any] = ()) -> Query[list[tuple[Any, ...]]]:
    """The rows as plain tuples."""
    return Query(sql, params, list)


def one_value(sql: str, params: Sequence[Any] = ()) -> Query[Any]:
    """The first column of the first row, or ``None``."""
    return Query(sql, params, lambda rows: rows[0][0] if rows else None)


def typed_rows(cls: type[T], sql: str, params: Sequence[Any] = ()) -> Query[list[T]]:
    """The rows as instances of a dataclass or NamedTuple (:func:`row_reader`)."""
    read = row_reader(cls)
    return Query(sql, params, lambda rows: [read(row) for row in rows])


def typed_row(cls: type[T], sql: str, params: Sequence[Any] = ()) -> Query[T | None]:
    """The first row as an instance of a dataclass or NamedTuple, or ``None``."""
    read = row_reader(cls)
    return Query(sql, params, lambda rows: read(rows[0]) if rows else None)


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


def render(db: Database, node: Node) -> tuple[str, list[Any]]:
    """A Peewee expression or query as SQL with ``?`` for each of its values. Tables are named as
    they are, not ``t1``, so that a condition fits into a plain statement."""
    context = db.get_sql_context(param="?")
    for model in TABLES:
        context.alias_manager[model._meta.table] = model._meta.table_name
    if not isinstance(node, SelectBase):
        context = context(subquery=True)  # puts the queries inside in brackets
    rendered: tuple[str, list[Any]] = context.sql(node).query()
    return rendered
