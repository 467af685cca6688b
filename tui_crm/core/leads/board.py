"""What the leads of a filter add up to: as a whole, and step by step for the board."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

from tui_crm.core.leads import filter as lead_filter, views as lead_views
from tui_crm.core.leads.filter import Filter, Listing
from tui_crm.core.leads.views import StepRow
from tui_crm.core.session import Session


@dataclass(frozen=True)
class Sums:
    """``every`` counts all leads there are, filtered or not; ``weighted`` is the sum of amount x
    probability of the open ones found, in minor units."""

    every: int
    weighted: int


@dataclass(frozen=True)
class BoardColumn:
    """A step and the leads that stand on it, in the order of the filter; ``amount`` is their sum
    in minor units."""

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
        """The place of the column that a lead stands in."""
        return next((i for i, c in enumerate(self.columns) if number in c.numbers), None)


def sums(session: Session, asked: Filter, weighted: bool = True) -> Sums:
    """The sums of a filter that are not in its listing; without the weighted one when nobody
    looks at it, for it goes through every open lead."""
    every = int(session.store.value("SELECT COUNT(*) FROM leads") or 0)
    if not weighted:
        return Sums(every, 0)
    where, params = asked.where()
    # By probability, so that no product is made from a whole sum of amounts in one column.
    parts = session.store.rows(
        "SELECT COALESCE(leads.probability, steps.probability), SUM(leads.amount) FROM leads"
        " JOIN steps ON steps.id = leads.step_id"
        f" WHERE leads.status = 'open' AND leads.amount IS NOT NULL AND {where} GROUP BY 1",
        params,
    )
    return Sums(every, sum(int(likely) * int(amount) for likely, amount in parts) // 100)


def board(session: Session, text: str) -> Board:
    """The board of a filter line: every step of the pipelines that the leads found stand in (of
    the first pipeline when none is found), and retired steps that still hold one."""
    found = lead_filter.listing(session, text)
    where, params = found.filter.where()
    places = {
        row[0]: (row[1], int(row[2] or 0))
        for row in session.store.rows(
            "SELECT leads.id, leads.step_id, leads.amount FROM leads"
            f" JOIN steps ON steps.id = leads.step_id WHERE {where}",
            params,
        )
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
