"""Leads grouped for reports: how many there are of each kind, with their money.

A report asks `group_leads` for groups of leads that are alike in what it tells apart. Each group
keeps the `LeadGroupQuery` it was counted by, so that a figure made of groups can name its leads
when it is opened: by the same condition and the same expressions.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from tui_crm.core.reports.question import Question
from tui_crm.core.store.kind_sql import NO_TOUCHES


class LeadSource(Protocol):
    """Where groups of leads were counted: it names their leads."""

    def ids(self, groups: Iterable[Any], priced: bool | None = None) -> list[int]:
        """The numbers of the leads of these groups, in their order; ``priced`` only those with an
        amount above 0, or only those without."""


class LeadSet(Protocol):
    """``n`` leads, the sum of their ``amount`` in minor units and how many are ``unpriced``."""

    @property
    def n(self) -> int: ...
    @property
    def amount(self) -> int | None: ...
    @property
    def unpriced(self) -> int: ...
    @property
    def of(self) -> LeadSource:
        """Where they were counted."""


class Group(LeadSet, Protocol):
    """Leads that have the values of `LeadGroupQuery.by` in common, each under its name."""

    @property
    def of(self) -> LeadGroupQuery: ...
    def __getattr__(self, name: str) -> Any: ...


class Population(NamedTuple):
    """The leads that a figure is about: their statuses (none: all), the column of the day that
    must be in the period ("": any day), the column of the rep they count for."""

    statuses: tuple[str, ...]
    day: str
    owner: str


POPULATIONS = {
    "created": Population((), "created_on", "owner_id"),
    "created_by_holder": Population((), "created_on", "holder"),
    "closed": Population(("won", "lost", "cancelled"), "closed_on", "closed_owner_id"),
    "won": Population(("won",), "closed_on", "closed_owner_id"),
    "given_up": Population(("lost", "cancelled"), "closed_on", "closed_owner_id"),
    "open": Population(("open",), "", "owner_id"),
    "all": Population((), "", "owner_id"),
}

# The actions of a lead, also those from when it was still a prospect. Not "IS NULL", which would
# send SQLite through all actions on prospects.
ACTIONS_OF_LEAD = (
    "a.lead_id = l.id",
    "a.prospect_id = l.prospect_id AND COALESCE(a.lead_id, 0) = 0",
)
DIRECTION = (
    "COALESCE((SELECT NULLIF(d.direction, '') FROM leads d WHERE d.id = l.id),"
    " (SELECT t.direction FROM lead_tags lt JOIN tags t ON t.id = lt.tag_id"
    " WHERE lt.lead_id = l.id AND t.direction <> '' ORDER BY lt.id LIMIT 1),"
    " (SELECT COALESCE(NULLIF(p.direction, ''), 'outbound') FROM lists p WHERE p.id = l.list_id),"
    " '')"
)
"""SQL for the direction of ``leads l``: set by hand, else of its first tag that has one, else of
its list (outbound unless the list says otherwise)."""

_MOST_PARAMETERS = 5000  # of one statement


@dataclass(frozen=True, eq=False)
class LeadGroupQuery:
    """The leads of a question, grouped: how many there are and which ones they are is read from
    the store by the same expressions.

    ``population`` is a key of `POPULATIONS`. ``by`` names columns of ``leads``, or: ``part`` (the
    place of the period's part), ``cycle`` (days from creation to closing), ``percent`` (the lead's
    own probability, else its step's), ``tag`` (a tag of the category ``category``, once for each),
    ``touches`` and ``calls`` (actions but notes, or calls, until the end of the closing day),
    ``first_contact`` (the kind of the first of the touches), ``direction`` (inbound, outbound, or
    something else where nothing says), ``holder`` (its owner; of a closed one its owner then),
    ``is_prospect`` (1: it came out of a prospect row).
    """

    q: Question
    population: str
    by: tuple[str, ...]
    money: bool = True
    category: int | None = None

    def groups(self) -> list[Group]:
        """How many leads there are of each kind."""
        sums = "0, 0"
        if self.money:
            sums = (
                "COALESCE(SUM(l.amount), 0),"
                " COALESCE(SUM(CASE WHEN l.amount > 0 THEN 0 ELSE 1 END), 0)"
            )
        names = [f"k{place}" for place in range(len(self.by))]
        keys = "".join(
            f"{self._value(name)} AS {short}, " for name, short in zip(self.by, names, strict=True)
        )
        source, params = self.source()
        group = f" GROUP BY {', '.join(names)}" if names else ""
        make, end = _group_class(self.by), len(self.by)
        return [
            make(*row[:end], int(row[end]), int(row[end + 1]), int(row[end + 2]), self)
            for row in self.q.store.rows(f"SELECT {keys}COUNT(*), {sums}{source}{group}", params)
            if row[end]
        ]

    def ids(self, groups: Iterable[Any], priced: bool | None = None) -> list[int]:
        """The numbers of the leads of these groups; see `LeadSource.ids`."""
        keys = {tuple(group[: len(self.by)]) for group in groups}
        source, params = self.source()
        if priced is not None:
            source += f" AND COALESCE(l.amount, 0) {'>' if priced else '<='} 0"
        columns = "".join(f", {self._value(name)}" for name in self.by)
        for place, name in enumerate(self.by):
            common = {key[place] for key in keys}
            if len(common) == 1 and (value := common.pop()) is not None:
                source += f" AND {self._value(name)} = ?"
                params = (*params, value)
        rows = self.q.store.rows(f"SELECT l.id{columns}{source}", params)
        return sorted({row[0] for row in rows if row[1:] in keys})

    def channels(self) -> list[tuple[str, bool, int]]:
        """The touches of these leads by kind of action and whether a person was reached, each with
        how many there are."""
        source, params = self.source()
        _from, where = source.split(" WHERE ", 1)
        parts = " UNION ALL ".join(
            f"SELECT a.kind AS kind, a.reached AS reached FROM {self.q.table} l JOIN actions a"
            f" ON {on} WHERE {where} AND {self._action_condition('touches')}"
            for on in ACTIONS_OF_LEAD
        )
        rows = self.q.store.rows(
            f"SELECT kind, reached, COUNT(*) FROM ({parts}) touches GROUP BY kind, reached",
            (*params, *params),
        )
        return [(kind, bool(reached), int(n)) for kind, reached, n in rows]

    def actions(self, groups: Iterable[Group], what: str, extra: str = "1 = 1") -> list[int]:
        """The numbers of the actions behind ``touches`` or ``calls`` of these groups; under an
        ``extra`` condition on ``actions a``."""
        leads, actions = self.ids(groups), list[int]()
        for start in range(0, len(leads), _MOST_PARAMETERS):
            part = leads[start : start + _MOST_PARAMETERS]
            marks = ", ".join("?" * len(part))
            statement = " UNION ALL ".join(
                f"SELECT a.id FROM {self.q.table} l JOIN actions a ON {on}"
                f" WHERE {self._action_condition(what)} AND {extra} AND l.id IN ({marks})"
                for on in ACTIONS_OF_LEAD
            )
            actions += [row[0] for row in self.q.store.rows(statement, (*part, *part))]
        return sorted(actions)

    # -- in SQL ------------------------------------------------------------------------------------

    def source(self) -> tuple[str, tuple[Any, ...]]:
        """FROM and WHERE of the leads, as ``leads l``."""
        q, population = self.q, POPULATIONS[self.population]
        condition, values = q.lead_condition()
        parts, params = [condition], list(values)
        if population.statuses:
            # Named one by one: an index on the status is then of use for the day as well.
            statuses = ", ".join(f"'{status}'" for status in population.statuses)
            parts.append(f"l.status IN ({statuses})")
        if population.day:
            parts.append(f"l.{population.day} >= ? AND l.{population.day} <= ?")
            params += (q.first, q.last)
        if q.reps is not None:
            parts.append(
                f"{self._value(population.owner)} IN ({', '.join('?' * len(q.reps)) or 'NULL'})"
            )
            params += sorted(q.reps)
        source = f" FROM {q.table} l"
        if "percent" in self.by:
            source += " LEFT JOIN steps s ON s.id = l.step_id"
        if "tag" in self.by:
            # "+ 0" has no effect but that SQLite does not look for each tag in turn.
            source += (
                " LEFT JOIN lead_tags lt ON lt.lead_id = l.id AND lt.tag_id + 0 IN"
                f" (SELECT id FROM tags WHERE category_id = {int(self.category or 0)})"
            )
        return f"{source} WHERE {' AND '.join(parts)}", tuple(params)

    def _value(self, name: str) -> str:
        """The expression of one name of ``by``."""
        if name == "part":
            starts = [f"'{part.first.isoformat()}'" for part in self.q.buckets]
            return part_of(f"l.{POPULATIONS[self.population].day}", starts)
        if name == "cycle":
            return self.q.store.days_between("l.created_on", "l.closed_on")
        if name == "percent":
            return "COALESCE(l.probability, s.probability, 0)"
        if name == "tag":
            return "lt.tag_id"
        if name in ("touches", "calls"):
            counts = (
                f"(SELECT COUNT(*) FROM actions a WHERE {on} AND {self._action_condition(name)})"
                for on in ACTIONS_OF_LEAD
            )
            return f"({' + '.join(counts)})"
        if name == "holder":
            return "CASE WHEN l.status = 'open' THEN l.owner_id ELSE l.closed_owner_id END"
        if name == "direction":
            return DIRECTION
        if name == "is_prospect":
            return "CASE WHEN l.prospect_id IS NULL THEN 0 ELSE 1 END"
        if name == "first_contact":
            touches = " UNION ALL ".join(
                f"SELECT a.at AS at, a.id AS id, a.kind AS kind FROM actions a WHERE {on}"
                f" AND {self._action_condition('touches')}"
                for on in ACTIONS_OF_LEAD
            )
            return f"(SELECT kind FROM ({touches}) touches ORDER BY at, id LIMIT 1)"
        return f"l.{name}"

    def _action_condition(self, what: str) -> str:
        """The condition on ``actions a`` that count as ``touches`` or ``calls`` of a lead."""
        if what == "touches":
            return f"a.kind NOT IN {NO_TOUCHES} AND a.at < {self.q.closing_midnight}"
        return f"a.kind = 'call' AND a.at < {self.q.closing_midnight}"


@lru_cache(maxsize=64)
def _group_class(by: tuple[str, ...]) -> Any:  # a class made as it runs: it has no static type
    return namedtuple("Group", (*by, "n", "amount", "unpriced", "of"))


def group_leads(
    q: Question, population: str, *by: str, money: bool = False, category: int | None = None
) -> list[Group]:
    """The leads of a population (`POPULATIONS`) under the filters of a question, grouped by the
    names of ``by`` (`LeadGroupQuery`); with ``money`` also their amounts. Read once for a question.

    A closed lead counts for its owner at closing, another for the owner it has."""
    return q.once(
        (population, by, money, category),
        lambda: LeadGroupQuery(q, population, by, money, category).groups(),
    )


def split(groups: Iterable[Group], name: str) -> dict[Any, list[Group]]:
    """Groups by one of the values that their leads have in common."""
    parts: dict[Any, list[Group]] = {}
    for group in groups:
        parts.setdefault(getattr(group, name), []).append(group)
    return parts


def part_of(column: str, starts: Sequence[str | int], first: int = 0, last: int = 0) -> str:
    """SQL for the place of the part that a value is in, by binary search: ``starts`` are the
    values at which the parts begin, in order. The first part takes what is before it too."""
    last = last or len(starts)
    if last - first <= 1:
        return str(first)
    middle = (first + last) // 2
    return (
        f"CASE WHEN {column} < {starts[middle]} THEN {part_of(column, starts, first, middle)}"
        f" ELSE {part_of(column, starts, middle, last)} END"
    )


# -- one by one ------------------------------------------------------------------------------------


class Lead(NamedTuple):
    """One lead: a `LeadSet` of one. ``amount`` is in minor units; days are as the store keeps
    them (``2026-11-23``)."""

    id: int
    created_on: str
    amount: int | None
    step_id: int
    expected_close: str | None
    list_id: int | None
    source: str

    @property
    def n(self) -> int:
        return 1

    @property
    def unpriced(self) -> int:
        return int(not self.amount)

    @property
    def of(self) -> Lead:
        return self

    def ids(self, _groups: Iterable[Any], priced: bool | None = None) -> list[int]:
        """Its own number; see `LeadSource.ids`."""
        return [self.id] if priced is None or priced is bool(self.amount) else []


def leads_of(q: Question, population: str) -> list[Lead]:
    """The leads of a population under the filters of a question, one by one, by number. Read once
    for a question."""

    def read() -> list[Lead]:
        source, params = LeadGroupQuery(q, population, ()).source()
        columns = ", ".join(f"l.{name}" for name in Lead._fields)
        return q.store.read(Lead, f"SELECT {columns}{source} ORDER BY l.id", params)

    return q.once(("leads", population), read)


def lead_columns(q: Question, population: str, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Some columns of the leads of a population, row by row. Plain tuples: the garbage collector
    does not track them, while a `Lead` for each of a million rows would hold up the keyboard."""
    source, params = LeadGroupQuery(q, population, ()).source()
    names = ", ".join(f"l.{name}" for name in columns)
    return q.store.each(f"SELECT {names}{source} ORDER BY l.id", params)


@lru_cache(maxsize=20_000)
def day_number(day: str) -> int:
    """The ordinal of a day of the store; cached, since a report reads the same days many times."""
    return date.fromisoformat(day).toordinal()


def days_between(first: str, last: str) -> int:
    """Days from one day of the store to another."""
    return day_number(last) - day_number(first)
