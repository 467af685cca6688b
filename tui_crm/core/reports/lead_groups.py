"""Leads as reports count them: those of a condition, added up by what they have in common.

A report asks for `Group` rows: so many leads that are alike in what it tells apart, with their
money. Each group knows the `LeadGroupQuery` it was counted by, so that a figure made of groups can
name its leads when it is opened: by the same condition and the same expressions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tui_crm.core.reports.question import Question

Group = Any
"""``n`` leads, the sum of their ``amount`` (minor units) and how many are ``unpriced``; what they
have in common under the names asked for; ``of``, what they were counted by."""


class Population(NamedTuple):
    """Leads that a figure is about: of which statuses, by which day they belong to the period,
    whose they are then."""

    statuses: tuple[str, ...]
    day: str
    owner: str


POPULATIONS = {
    "created": Population((), "created_on", "owner_id"),
    "closed": Population(("won", "lost", "cancelled"), "closed_on", "closed_owner_id"),
    "won": Population(("won",), "closed_on", "closed_owner_id"),
    "given_up": Population(("lost", "cancelled"), "closed_on", "closed_owner_id"),
    "open": Population(("open",), "", "owner_id"),
}

# What was done on a lead, also while it was still a prospect. Not "IS NULL", which would send
# SQLite through all that was done on prospects.
_DONE_ON = (
    "a.lead_id = l.id",
    "a.prospect_id = l.prospect_id AND COALESCE(a.lead_id, 0) = 0",
)
MOST = 5000  # numbers that one statement takes


@dataclass(frozen=True, eq=False)
class LeadGroupQuery:
    """Leads of a question: how many and which ones are asked of the store in the same words.

    ``by`` names columns of ``leads``, or: ``part`` (of the period), ``cycle`` (days from creation
    to closing), ``percent`` (the lead's own probability, else its step's), ``tag`` (of the tag
    category ``category``, once for each), ``touches`` (real actions until the end of the closing
    day), ``calls`` (ever made on it)."""

    q: Question
    moment: str
    by: tuple[str, ...]
    money: bool = True
    category: int | None = None

    def groups(self) -> list[Group]:
        """How many there are of each kind."""
        sums = "0, 0"
        if self.money:
            sums = (
                "COALESCE(SUM(l.amount), 0),"
                " COALESCE(SUM(CASE WHEN l.amount > 0 THEN 0 ELSE 1 END), 0)"
            )
        names = [f"k{place}" for place in range(len(self.by))]
        said = "".join(
            f"{self._value(name)} AS {short}, " for name, short in zip(self.by, names, strict=True)
        )
        source, params = self._source()
        group = f" GROUP BY {', '.join(names)}" if names else ""
        kind, end = _kind(self.by), len(self.by)
        return [
            kind(*row[:end], int(row[end]), int(row[end + 1]), int(row[end + 2]), self)
            for row in self.q.store.rows(f"SELECT {said}COUNT(*), {sums}{source}{group}", params)
            if row[end]
        ]

    def ids(self, groups: Iterable[Group], priced: bool | None = None) -> list[int]:
        """The leads of these groups, in their order; ``priced`` only those with an amount above
        0, or only those without."""
        wanted = {tuple(group[: len(self.by)]) for group in groups}
        source, params = self._source()
        if priced is not None:
            source += f" AND COALESCE(l.amount, 0) {'>' if priced else '<='} 0"
        said = "".join(f", {self._value(name)}" for name in self.by)
        for place, name in enumerate(self.by):
            common = {key[place] for key in wanted}
            if len(common) == 1 and (value := common.pop()) is not None:
                source += f" AND {self._value(name)} = ?"
                params = (*params, value)
        rows = self.q.store.rows(f"SELECT l.id{said}{source}", params)
        return sorted({row[0] for row in rows if row[1:] in wanted})

    def actions(self, groups: Iterable[Group], what: str) -> list[int]:
        """The actions behind ``touches`` or ``calls`` of these groups."""
        leads, found = self.ids(groups), list[int]()
        for part in (leads[i : i + MOST] for i in range(0, len(leads), MOST)):
            marks = ", ".join("?" * len(part))
            found += [
                row[0]
                for row in self.q.store.rows(
                    " UNION ALL ".join(
                        f"SELECT a.id FROM {self.q.table} l JOIN actions a ON {on}"
                        f" WHERE {self._done(what)} AND l.id IN ({marks})"
                        for on in _DONE_ON
                    ),
                    (*part, *part),
                )
            ]
        return sorted(found)

    # -- in SQL ------------------------------------------------------------------------------------

    def _source(self) -> tuple[str, tuple[Any, ...]]:
        """The leads themselves, as ``leads l``."""
        q, moment = self.q, POPULATIONS[self.moment]
        where, values = q.narrowing()
        parts, params = [where], list(values)
        if moment.statuses:
            # Named one by one: an index on the status is then of use for the day as well.
            said = ", ".join(f"'{status}'" for status in moment.statuses)
            parts.append(f"l.status IN ({said})")
        if moment.day:
            parts.append(f"l.{moment.day} >= ? AND l.{moment.day} <= ?")
            params += (q.first, q.last)
        if q.reps is not None:
            parts.append(f"l.{moment.owner} IN ({', '.join('?' * len(q.reps)) or 'NULL'})")
            params += sorted(q.reps)
        source = f" FROM {q.table} l"
        if "percent" in self.by:
            source += " LEFT JOIN steps s ON s.id = l.step_id"
        if "tag" in self.by:
            # The sign of no effect: SQLite would look for each tag of the category in turn.
            source += (
                " LEFT JOIN lead_tags lt ON lt.lead_id = l.id AND lt.tag_id + 0 IN"
                f" (SELECT id FROM tags WHERE category_id = {int(self.category or 0)})"
            )
        return f"{source} WHERE {' AND '.join(parts)}", tuple(params)

    def _value(self, name: str) -> str:
        """The expression of one of ``by``."""
        if name == "part":
            starts = [f"'{part.first.isoformat()}'" for part in self.q.buckets]
            return part_of(f"l.{POPULATIONS[self.moment].day}", starts)
        if name == "cycle":
            return self.q.store.days_between("l.created_on", "l.closed_on")
        if name == "percent":
            return "COALESCE(l.probability, s.probability, 0)"
        if name == "tag":
            return "lt.tag_id"
        if name in ("touches", "calls"):
            counts = (
                f"(SELECT COUNT(*) FROM actions a WHERE {on} AND {self._done(name)})"
                for on in _DONE_ON
            )
            return f"({' + '.join(counts)})"
        return f"l.{name}"

    def _done(self, what: str) -> str:
        """LeadGroupQuery actions count as touches or calls of a lead."""
        if what == "touches":
            return f"a.kind <> 'note' AND a.at < {self.q.closing_midnight}"
        return f"a.kind = 'call' AND a.at < {self.q.by_now}"


@lru_cache(maxsize=64)
def _kind(by: tuple[str, ...]) -> Any:
    from collections import namedtuple

    return namedtuple("Group", (*by, "n", "amount", "unpriced", "of"))


def part_of(column: str, starts: Sequence[str | int], first: int = 0, last: int = 0) -> str:
    """SQL for the part that a value is in, found by halves: ``starts`` are the values at which
    the parts begin, in order. The first part takes what is before it too."""
    last = last or len(starts)
    if last - first <= 1:
        return str(first)
    middle = (first + last) // 2
    return (
        f"CASE WHEN {column} < {starts[middle]} THEN {part_of(column, starts, first, middle)}"
        f" ELSE {part_of(column, starts, middle, last)} END"
    )


class Lead(NamedTuple):
    """One lead, for what is told of single ones: a group of one. ``amount`` in minor units;
    ``probability`` in percent, the lead's own, else its step's; days as the store keeps them
    (``2026-11-23``)."""

    id: int
    created_on: str
    status: str  # open, won, lost, cancelled
    closed_on: str | None
    owner_id: int | None
    closed_owner_id: int | None  # the owner when it closed
    amount: int | None
    probability: int
    step_id: int
    pipeline_id: int
    expected_close: str | None
    list_id: int | None
    reason_id: int | None
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

    def ids(self, _groups: Iterable[Group], priced: bool | None = None) -> list[int]:
        """Its own number, unless it is left out."""
        return [self.id] if priced is None or priced is bool(self.amount) else []

    @property
    def cycle(self) -> int:
        """Days from creation to closing, of a closed lead."""
        return days_between(self.created_on, self.closed_on or self.created_on)

    @property
    def weight(self) -> int:
        """Amount times probability, in hundredths of a minor unit."""
        return (self.amount or 0) * self.probability


@lru_cache(maxsize=20_000)
def day_number(day: str) -> int:
    """The ordinal of a day; remembered, since a report meets the same days again and again."""
    return date.fromisoformat(day).toordinal()


def days_between(first: str, last: str) -> int:
    """Days from one day to another."""
    return day_number(last) - day_number(first)


def lead_rows(q: Question, moment: str) -> list[Lead]:
    """The leads of a question one by one."""
    source, params = LeadGroupQuery(q, moment, ("percent",))._source()
    columns = ", ".join(
        "COALESCE(l.probability, s.probability, 0)" if name == "probability" else f"l.{name}"
        for name in Lead._fields
    )
    return [
        Lead._make(row) for row in q.store.rows(f"SELECT {columns}{source} ORDER BY l.id", params)
    ]


def plain_rows(q: Question, moment: str, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Some columns of the leads of a question, row by row. Unlike a `Lead`, such a row is nothing
    that the garbage collector goes through again and again, with the keyboard waiting."""
    source, params = LeadGroupQuery(q, moment, ())._source()
    said = ", ".join(f"l.{name}" for name in columns)
    return q.store.each(f"SELECT {said}{source} ORDER BY l.id", params)
