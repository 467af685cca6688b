"""The page of one prospect list: what it brought, when its people answer, and by which column.

Each part is a report with what it was counted from (`Held`): its figures open without counting
again, which on a list of a million takes longer than a reader waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

from tui_crm.core.calling import answer_rates
from tui_crm.core.calling.answer_rates import AnswerRates, Hour
from tui_crm.core.calling.plan import rules_of
from tui_crm.core.lists import lists
from tui_crm.core.reports import registry
from tui_crm.core.reports.lists import by_column as list_by_column, parts
from tui_crm.core.reports.types import (
    TOTAL,
    Cell,
    Cells,
    Column,
    Opened,
    Rate,
    Report,
    Table,
    plain,
)
from tui_crm.core.session import Session
from tui_crm.core.text import _, fold, ngettext

SAMPLE = 5_000  # rows, from all parts of the list, that tell what its columns are like
FEWEST, MOST = 2, 60  # different values of a column that is worth sorting by
# What tells one person from another is nothing to sort by, whatever it looks like.
_PERSONAL = frozenset({"name", "first_name", "last_name", "phone", "email", "linkedin"})
_EVEN = 10  # so many even groups are as good as more


@dataclass(frozen=True)
class Held:
    """A report and the table it was made of."""

    report: Report
    table: Table

    def open(self, rows: Sequence[str], column: str) -> Opened:
        """The figure of a row, or of several added up: the rows of the store behind it. Raises
        NotFound for a row or a column that the report has not."""
        found = [registry.opened(self.report.name, self.table, row, column) for row in rows]
        if len(found) == 1:
            return found[0]

        def behind(kind: str) -> tuple[int, ...]:
            return tuple(dict.fromkeys(n for one in found for n in getattr(one, kind)))

        return Opened(
            self.report.name,
            TOTAL,
            found[0].column,
            sum(one.value for one in found),
            found[0].formula,
            behind("leads"),
            behind("actions"),
            behind("prospects"),
            sum(one.counted for one in found),
        )


@dataclass(frozen=True)
class Choice:
    """A column that the list can be sorted by: its name, how many different values the sample
    has, and whether that makes groups worth looking at."""

    name: str
    values: int
    good: bool


@dataclass(frozen=True)
class Answers:
    """When the people of a list answer: the rates, and the same as a report of hours."""

    rates: AnswerRates
    held: Held


def figures(session: Session, list_id: int) -> Held:
    """Rows, called, reached, leads, won, money, calls per lead, of all time. Raises NotFound."""
    return _held(session, list_id, "month")


def by_column(session: Session, list_id: int, column: str) -> Held:
    """The same by the values of a column. Raises NotFound."""
    return _held(session, list_id, f"{parts.COLUMN}{column}")


def _held(session: Session, list_id: int, by: str) -> Held:
    name = lists.get(session, list_id).name
    entry, question = registry._question(session, "lists", "all", by, (), (), (), None, name, None)
    table = registry._compute("lists", question)
    return Held(registry._report("lists", entry, question, table), table)


# -- columns ---------------------------------------------------------------------------------------


def choices(session: Session, list_id: int) -> tuple[Choice, ...]:
    """The columns of a list, the best to sort by first: those with 2 to 60 different values, each
    in two rows or more on average, among `SAMPLE` rows from all parts of the list, names and
    addresses of people aside, the more even groups they make (up to ten) the better; then the
    others as the file had them. Raises
    NotFound."""
    info = lists.get(session, list_id)
    rows = int(
        session.store.value("SELECT COUNT(*) FROM prospects WHERE list_id = ?", (list_id,)) or 0
    )
    # Strewn by a product (Knuth's multiplicative hashing): every so many lines would fall in step
    # with a list that goes round by itself. A short list is taken whole.
    sample = [
        row[0]
        for row in session.store.rows(
            "SELECT cells FROM prospects WHERE list_id = ? AND line * 2654435761 % 4294967296 < ?",
            (list_id, -(-(SAMPLE << 32) // max(rows, 1))),
        )
    ]
    found: list[tuple[float, int, Choice]] = []
    known: set[str] = set()
    for place, column in enumerate(info.columns):
        match = fold(column.name)
        if not match or match in known:
            continue  # a second column of that name cannot be asked for by it
        known.add(match)
        sizes = list_by_column.distinct(sample, place)
        values = len(sizes) - ("" in sizes)
        good = FEWEST <= values <= min(MOST, len(sample) // 2) and column.field not in _PERSONAL
        found.append(
            (
                -_even(list(sizes.values())) if good else 0.0,
                place,
                Choice(column.name, values, good),
            )
        )
    found.sort(key=lambda one: (not one[2].good, one[0], one[1]))
    return tuple(choice for _rank, _place, choice in found)


def _even(sizes: Sequence[int]) -> float:
    """How many groups of one size tell as much apart as these: the inverse of the chance that two
    rows are in the same one (Simpson)."""
    whole = sum(sizes)
    return min(round(whole * whole / sum(n * n for n in sizes)), _EVEN) if whole else 0.0


# -- hours -----------------------------------------------------------------------------------------


def answers(session: Session, list_id: int) -> Answers:
    """Reached of calls by weekday and hour of the prospect's own clock, from the list's latest
    calls: what `calling_answers` ranks by, with the calls behind each hour. Raises NotFound."""
    rules = rules_of(session, list_id)
    calls: dict[Hour, list[int]] = {}
    reached: dict[Hour, list[int]] = {}
    unknown = 0
    for number, at, spoke, zone in session.store.rows(
        "SELECT latest.id, latest.at, latest.reached, prospects.zone FROM"
        " (SELECT id, at, reached, prospect_id FROM actions WHERE list_id = ? AND kind = 'call'"
        f" ORDER BY at DESC LIMIT {answer_rates.MOST}) AS latest"
        " JOIN prospects ON prospects.id = latest.prospect_id ORDER BY latest.id",
        (list_id,),
    ):
        hour = answer_rates.hour_of(rules, zone, int(at))
        calls.setdefault(hour, []).append(number)
        if spoke:
            reached.setdefault(hour, []).append(number)
        unknown += not (zone or rules.info.zone)
    rates = AnswerRates(
        MappingProxyType({hour: len(found) for hour, found in reached.items()}),
        MappingProxyType({hour: len(found) for hour, found in calls.items()}),
        sum(map(len, reached.values())),
        sum(map(len, calls.values())),
    )
    rows = [
        (f"{hour[0]}/{hour[1]}", _hour(hour, calls[hour], reached.get(hour, [])))
        for hour in sorted(calls)
    ]
    notes = []
    if unknown:
        notes.append(
            ngettext(
                "{n} call without a zone of the prospect: on the rep's clock.",
                "{n} calls without a zone of the prospect: on the rep's clock.",
                unknown,
            ).format(n=f"{unknown:,}")
        )
    table = Table(
        (
            Column("weekday", _("weekday"), "text"),
            Column("hour", _("hour"), "text"),
            Column("calls", _("calls"), "count"),
            Column("reached", _("reached"), "count"),
            Column("reached_rate", _("reached rate"), "rate"),
        ),
        rows,
        _hour(None, _all(calls), _all(reached)),
        notes,
        answer_formulas(),
    )
    entry, question = registry._question(
        session, "hours", "all", "month", (), (), (), None, rules.info.name, None
    )
    return Answers(rates, Held(registry._report("hours", entry, question, table), table))


def answer_formulas() -> dict[str, str]:
    """What the figures of the hours mean, by column."""
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


def _all(found: dict[Hour, list[int]]) -> list[int]:
    return sorted(number for numbers in found.values() for number in numbers)


def _hour(hour: Hour | None, calls: list[int], reached: list[int]) -> Cells:
    def given(numbers: list[int]) -> Any:
        return partial(tuple, numbers)

    return {
        "weekday": plain(hour[0] if hour else None),
        "hour": plain(hour[1] if hour else None),
        "calls": Cell(len(calls), given(calls), "actions"),
        "reached": Cell(len(reached), given(reached), "actions"),
        "reached_rate": Cell(
            Rate(len(reached), len(calls)), given(calls), "actions", n=len(reached), d=len(calls)
        ),
    }
