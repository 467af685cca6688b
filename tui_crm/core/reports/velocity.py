"""Velocity: the money a day that the open leads are worth at the rates of the last months."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from tui_crm.core.reports.facts import Lead
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
)
from tui_crm.core.text import _


def compute(q: Question) -> Table:
    """One row for each rep who has open leads or closed some in the period."""
    open_, closed = q.open_leads, q.closed()
    mine: dict[int | None, list[Lead]] = {}
    ended: dict[int | None, list[Lead]] = {}
    for lead in open_:
        mine.setdefault(lead.owner_id, []).append(lead)
    for lead in closed:
        ended.setdefault(lead.closed_owner_id, []).append(lead)
    rows = [
        (q.name(user), _cells(q.name(user), mine.get(user, []), ended.get(user, [])))
        for user in mine.keys() | ended.keys()
    ]
    rows.sort(key=lambda row: row[0])
    return Table(
        (
            Column("rep", _("rep"), "text"),
            Column("open", _("open"), "count"),
            Column("won", _("won"), "count"),
            Column("average_won", _("average"), "money"),
            Column("win_rate", _("win rate"), "rate"),
            Column("cycle_days", _("cycle"), "days"),
            Column("velocity", _("a day"), "money"),
        ),
        rows,
        _cells(None, open_, closed),
        [_("Nothing below {n} won leads.").format(n=SMALL_SAMPLE)],
        {
            "open": _("open leads, by the owner they have"),
            "won": _("leads won in the period, by the owner at closing"),
            "average_won": _("sum of won amounts / count of won leads with an amount above 0"),
            "win_rate": _("won / (won + lost), closed in the period"),
            "cycle_days": _("median of the days from creation to closing of the won leads"),
            "velocity": _("open leads x average won x win rate / cycle days: money a day"),
        },
    )


def _cells(name: str | None, open_: Sequence[Lead], closed: Sequence[Lead]) -> Cells:
    won = [lead for lead in closed if lead.status == "won"]
    lost = [lead for lead in closed if lead.status == "lost"]
    average, win_rate = average_amount(won), rate(won, lost)
    days = median([lead.cycle for lead in won]) if won else 0
    value = None
    if len(won) >= SMALL_SAMPLE and average.value is not None and days:
        share: Rate = win_rate.value
        # In whole numbers: the median is a multiple of a half.
        value = divided(2 * len(open_) * average.value * share.n, share.d * int(2 * days))
    return {
        "rep": plain(name),
        "open": count(open_),
        "won": count(won),
        "average_won": average,
        "win_rate": win_rate,
        "cycle_days": median_of(won, [lead.cycle for lead in won]),
        "velocity": Cell(value, numbers(open_)),
    }
