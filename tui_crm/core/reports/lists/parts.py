"""Lists cut by the words that were said, or by what stands in a column: who answers to what?

``--by script`` has a row for each wording of a list's script and the answers opened on the call;
``--by "Sector"``, of one list, a row for each value of that column. Here is what both have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

from tui_crm.core.reports.lead_groups import Lead
from tui_crm.core.reports.question import Question
from tui_crm.core.reports.types import Cell, Cells, Column, Rate, amount, count
from tui_crm.core.text import _

SCRIPT = "script"
COLUMN = "column:"  # begins a cut by a column whose name means something else


@dataclass
class Segment:
    """What is counted of one row. ``called`` and ``reached`` are prospects."""

    called: int = 0
    reached: int = 0
    calls: int = 0
    made: list[Lead] = field(default_factory=list)
    wins: list[Lead] = field(default_factory=list)


def columns() -> tuple[Column, ...]:
    """The figures that every cut has."""
    return (
        Column("called", _("called"), "count"),
        Column("reached", _("reached"), "count"),
        Column("answered", _("answered"), "rate"),
        Column("leads", _("leads"), "count"),
        Column("won", _("won"), "count"),
        Column("won_amount", _("amount"), "money"),
        Column("calls", _("calls"), "count"),
        Column("calls_per_lead", _("calls a lead"), "ratio"),
    )


def figures(
    part: Segment, called: Callable[[int], Iterable[int]], calls: Callable[[], Iterable[int]]
) -> Cells:
    """The figures of a row. ``called`` gives the prospects called (0) or reached (1), ``calls``
    the calls, when a figure is opened."""
    every, reached = partial(called, 0), partial(called, 1)
    return {
        "called": Cell(part.called, every, "prospects"),
        "reached": Cell(part.reached, reached, "prospects"),
        "answered": Cell(
            Rate(part.reached, part.called), every, "prospects", n=part.reached, d=part.called
        ),
        "leads": count(part.made),
        "won": count(part.wins),
        "won_amount": amount(part.wins),
        "calls": Cell(part.calls, calls, "actions"),
        "calls_per_lead": Cell(
            Rate(part.calls, len(part.made)), calls, "actions", n=part.calls, d=len(part.made)
        ),
    }


def won(q: Question) -> list[Lead]:
    """The leads won in the period, one by one."""
    return [lead for lead in q.closed() if lead.status == "won"]
