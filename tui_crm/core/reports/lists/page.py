"""The page of one prospect list: what it brought, when its people answer, and by which column.

Each part is a `ComputedReport`: its figures open without counting again, which takes too long on a
list of a million.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

from tui_crm.core.calling import answer_rates
from tui_crm.core.calling.answer_rates import AnswerRates, Hour
from tui_crm.core.calling.plan import rules_of
from tui_crm.core.lists import lists
from tui_crm.core.reports import hours, registry
from tui_crm.core.reports.filters import Filters
from tui_crm.core.reports.lists.by_column import distinct
from tui_crm.core.reports.lists.segments import COLUMN
from tui_crm.core.reports.registry import ComputedReport
from tui_crm.core.reports.types import Cells, Table
from tui_crm.core.session import Session
from tui_crm.core.text import _, fold

SAMPLE = 5_000  # rows, from all parts of the list, that tell what its columns are like
FEWEST, MOST = 2, 60  # different values of a column that is worth sorting by
# What tells one person from another is nothing to sort by.
_PERSONAL = frozenset({"name", "first_name", "last_name", "phone", "email", "linkedin"})
_EVEN = 10  # so many even groups are as good as more


@dataclass(frozen=True)
class ColumnChoice:
    """A column that the list can be sorted by: its name, how many different values the sample
    has, and whether that makes groups worth looking at."""

    name: str
    values: int
    good: bool


@dataclass(frozen=True)
class AnswerHours:
    """When the people of a list answer: the rates, and the same as a report of hours."""

    rates: AnswerRates
    computed: ComputedReport


def figures(session: Session, list_id: int) -> ComputedReport:
    """Rows, called, reached, leads, won, money, calls per lead, of all time. Raises NotFound."""
    name = lists.get(session, list_id).name
    return registry.compute(session, "lists", Filters(period="all", list_name=name))


def by_column(session: Session, list_id: int, column: str) -> ComputedReport:
    """The same by the values of a column. Raises NotFound."""
    name = lists.get(session, list_id).name
    filters = Filters(period="all", list_name=name, by=f"{COLUMN}{column}")
    return registry.compute(session, "lists", filters)


# -- columns ---------------------------------------------------------------------------------------


def column_choices(session: Session, list_id: int) -> tuple[ColumnChoice, ...]:
    """The columns of a list, the best to sort by first, then the others in the order of the file.

    A good column has 2 to 60 different values, each in two rows or more on average, among `SAMPLE`
    rows from all parts of the list, and is none of names and addresses of people; it is the better
    the more even groups (up to ten) it makes. Raises NotFound."""
    info = lists.get(session, list_id)
    rows = int(
        session.store.value("SELECT COUNT(*) FROM prospects WHERE list_id = ?", (list_id,)) or 0
    )
    # Lines are picked by a product (Knuth's multiplicative hashing): every n-th line would repeat
    # the pattern of a list that goes round by itself. A short list is taken whole.
    sample = [
        row[0]
        for row in session.store.rows(
            "SELECT cells FROM prospects WHERE list_id = ? AND line * 2654435761 % 4294967296 < ?",
            (list_id, -(-(SAMPLE << 32) // max(rows, 1))),
        )
    ]
    ranked: list[tuple[bool, float, int, ColumnChoice]] = []
    known: set[str] = set()
    for place, column in enumerate(info.columns):
        match = fold(column.name)
        if not match or match in known:
            continue  # a second column of that name cannot be told apart by it
        known.add(match)
        sizes = distinct(sample, place)
        values = len(sizes) - ("" in sizes)
        good = FEWEST <= values <= min(MOST, len(sample) // 2) and column.field not in _PERSONAL
        rank = -_evenness(list(sizes.values())) if good else 0.0
        ranked.append((not good, rank, place, ColumnChoice(column.name, values, good)))
    return tuple(choice for *_rank, choice in sorted(ranked, key=lambda one: one[:3]))


def _evenness(sizes: Sequence[int]) -> float:
    """How many groups of one size tell as much apart as these, at most `_EVEN`: the inverse of the
    chance that two rows are in the same one (Simpson's index)."""
    whole = sum(sizes)
    return min(round(whole * whole / sum(n * n for n in sizes)), _EVEN) if whole else 0.0


# -- hours -----------------------------------------------------------------------------------------


class _Call(NamedTuple):
    id: int
    at: int
    reached: bool
    zone: str


def answer_hours(session: Session, list_id: int) -> AnswerHours:
    """Reached of calls by weekday and hour of the prospect's own clock, from the list's latest
    calls (the rates that new rows are ordered by), with the calls behind each hour. Raises
    NotFound."""
    rules = rules_of(session, list_id)
    calls: dict[Hour, list[int]] = {}
    reached: dict[Hour, list[int]] = {}
    unknown = 0
    for call in session.store.read(
        _Call,
        "SELECT latest.id, latest.at, latest.reached, prospects.zone FROM"
        " (SELECT id, at, reached, prospect_id FROM actions WHERE list_id = ? AND kind = 'call'"
        f" ORDER BY at DESC LIMIT {answer_rates.MOST}) AS latest"
        " JOIN prospects ON prospects.id = latest.prospect_id ORDER BY latest.id",
        (list_id,),
    ):
        hour = answer_rates.hour_of(rules, call.zone, int(call.at))
        calls.setdefault(hour, []).append(call.id)
        if call.reached:
            reached.setdefault(hour, []).append(call.id)
        unknown += not (call.zone or rules.info.zone)
    rates = AnswerRates(
        MappingProxyType({hour: len(numbers) for hour, numbers in reached.items()}),
        MappingProxyType({hour: len(numbers) for hour, numbers in calls.items()}),
        sum(map(len, reached.values())),
        sum(map(len, calls.values())),
    )
    table = Table(
        columns=hours.columns(),
        rows=[
            (f"{hour[0]}/{hour[1]}", _cells(hour, calls[hour], reached.get(hour, [])))
            for hour in sorted(calls)
        ],
        totals=_cells(None, _all(calls), _all(reached)),
        notes=hours.unknown_zones(unknown, ","),
        formulas=answer_formulas(),
    )
    filters = Filters(period="all", list_name=rules.info.name)
    question = registry.question_of(session, "hours", filters)
    return AnswerHours(rates, ComputedReport(registry.report_of("hours", question, table), table))


def answer_formulas() -> dict[str, str]:
    """How the figures of the hours are computed, by column key."""
    most = f"{answer_rates.MOST:,}"
    return {
        "calls": _(
            "calls on the list that began in this hour of the prospect's own clock, of its"
            " latest {most}"
        ).format(most=most),
        "reached": _("those of them whose outcome says that a person was spoken to"),
        "reached_rate": _(
            "calls with a reached outcome / calls, in this hour of the prospect's own clock"
        ),
    }


def _all(numbers: dict[Hour, list[int]]) -> list[int]:
    return sorted(number for some in numbers.values() for number in some)


def _cells(hour: Hour | None, calls: list[int], reached: list[int]) -> Cells:
    return hours.cells(
        hour, (len(calls), partial(tuple, calls)), (len(reached), partial(tuple, reached))
    )
