"""What the leads of a filter add up to: as a whole, and step by step for the board."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

from peewee import SQL, fn

from tui_crm.core.leads import filter as lead_filter, views as lead_views
from tui_crm.core.leads.filter import Filter, Listing
from tui_crm.core.leads.views import StepRow
from tui_crm.core.session import Session
from tui_crm.core.store.tables import Lead, Step


@dataclass(frozen=True)
class Sums:
    """``every`` counts all leads there are, filtered or not; ``weighted`` is the sum of amount x
    probability of the open ones found, in minor units."""

    every: int
    weighted: int


@dataclass(frozen=True)
class BoardColumn:
    """A step and the leads on it, in the order of the filter; ``amount`` is their sum in minor
    units."""

    step: StepRow
    numbers: array[int]
    amount: int


@dataclass(frozen=True)
class Board:
    """The leads of a filter by their steps. ``pipelines`` counts how many the columns come from."""

    listing: Listing
    columns: tuple[BoardColumn, ...]
    pipelines: int

    def column_of(self, number: int | None) -> int | None:
        """The place of the column that a lead is in."""
        return next((i for i, c in enumerate(self.columns) if number in c.numbers), None)


def sums(session: Session, parsed: Filter, weighted: bool = True) -> Sums:
    """The sums of a filter that are not in its listing. ``weighted=False`` leaves the weighted
    sum 0 where nobody looks at it, for it goes through every open lead."""
    every = int(session.store.value("SELECT COUNT(*) FROM leads") or 0)
    if not weighted:
        return Sums(every, 0)
    # By probability, so that no product is made from a whole sum of amounts in one column.
    by_probability = session.store.select(
        Lead.select(fn.COALESCE(Lead.probability, Step.probability), fn.SUM(Lead.amount))
        .join(Step, on=(Step.id == Lead.step_id))
        .where(Lead.status == "open", Lead.amount.is_null(False), parsed.condition())
        .group_by(SQL("1"))
    )
    total = sum(int(percent) * int(amount) for percent, amount in by_probability)
    return Sums(every, total // 100)


def board(session: Session, text: str) -> Board:
    """The board of a filter line: every step of the pipelines that the leads found are in (of
    the first pipeline when none is found), and retired steps that still have a lead."""
    found = lead_filter.listing(session, text)
    query = lead_filter.filter_query(found.filter, Lead.id, Lead.step_id, Lead.amount)
    places = {
        number: (step, int(amount or 0)) for number, step, amount in session.store.select(query)
    }
    numbers: dict[int, array[int]] = {}
    amounts: dict[int, int] = {}
    for number in found.numbers:
        step, amount = places.get(number, (0, 0))
        numbers.setdefault(step, array("q")).append(number)
        amounts[step] = amounts.get(step, 0) + amount
    rows = lead_views.steps(session, retired=True)
    used = {row.pipeline_id for row in rows if row.id in numbers}
    used = used or {row.pipeline_id for row in rows[:1]}
    columns = tuple(
        BoardColumn(row, numbers.get(row.id, array("q")), amounts.get(row.id, 0))
        for row in rows
        if row.pipeline_id in used and (not row.retired or row.id in numbers)
    )
    return Board(found, columns, len(used))
