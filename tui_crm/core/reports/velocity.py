"""Velocity: the money a day that the open leads are worth at the rates of the last months."""

from __future__ import annotations

from collections.abc import Sequence

from tui_crm.core.reports.closings import by_status
from tui_crm.core.reports.lead_groups import Group, group_leads, split
from tui_crm.core.reports.question import Question
from tui_crm.core.reports.types import (
    SMALL_SAMPLE,
    Cell,
    Cells,
    Column,
    Rate,
    Table,
    average_amount,
    count,
    divided,
    median_of,
    numbers,
    plain,
    rate,
    total,
)
from tui_crm.core.text import _


def compute(q: Question) -> Table:
    """One row for each rep who has open leads or closed some in the period."""
    open_ = group_leads(q, "open", "owner_id")
    closed = group_leads(q, "closed", "closed_owner_id", "status", "cycle", money=True)
    open_of, closed_of = split(open_, "owner_id"), split(closed, "closed_owner_id")
    rows = [
        (q.name(user), _cells(q.name(user), open_of.get(user, []), closed_of.get(user, [])))
        for user in open_of.keys() | closed_of.keys()
    ]
    rows.sort(key=lambda row: row[0])
    return Table(
        columns=(
            Column("rep", _("rep"), "text"),
            Column("open", _("open"), "count"),
            Column("won", _("won"), "count"),
            Column("average_won", _("average"), "money"),
            Column("win_rate", _("win rate"), "rate"),
            Column("cycle_days", _("cycle"), "days"),
            Column("velocity", _("a day"), "money"),
        ),
        rows=rows,
        totals=_cells(None, open_, closed),
        notes=[_("Nothing below {n} won leads.").format(n=SMALL_SAMPLE)],
        formulas={
            "open": _("open leads, by the owner they have"),
            "won": _("leads won in the period, by the owner at closing"),
            "average_won": _("sum of won amounts / count of won leads with an amount above 0"),
            "win_rate": _("won / (won + lost), closed in the period"),
            "cycle_days": _("median of the days from creation to closing of the won leads"),
            "velocity": _("open leads x average won x win rate / cycle days: money a day"),
        },
    )


def _cells(name: str | None, open_: Sequence[Group], closed: Sequence[Group]) -> Cells:
    won, lost, _cancelled, _open = by_status(closed)
    average, win_rate = average_amount(won), rate(won, lost)
    cycle = median_of(won, lambda group: int(group.cycle))
    value = None
    if total(won) >= SMALL_SAMPLE and average.value is not None and cycle.value:
        share: Rate = win_rate.value
        # In whole numbers: the median is a multiple of a half.
        value = divided(2 * total(open_) * average.value * share.n, share.d * int(2 * cycle.value))
    return {
        "rep": plain(name),
        "open": count(open_),
        "won": count(won),
        "average_won": average,
        "win_rate": win_rate,
        "cycle_days": cycle,
        "velocity": Cell(value, numbers(open_)),
    }
