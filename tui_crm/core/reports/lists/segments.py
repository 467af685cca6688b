"""Lists cut into segments: what the rows by script and by column have in common.

``--by script`` has a row for each wording of a list's script and the answers opened on the call;
``--by "Sector"``, of one list, a row for each value of that column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

from tui_crm.core.reports.lead_groups import Lead
from tui_crm.core.reports.types import Cell, Cells, Column, Ids, amount, count, ratio
from tui_crm.core.text import _

SCRIPT = "script"
COLUMN = "column:"  # begins a cut by a column whose name means something else


@dataclass
class Segment:
    """What is counted of one row: prospects ``called`` and ``reached``, calls, the leads that came
    of them in the period and those won in it."""

    called: int = 0
    reached: int = 0
    calls: int = 0
    created: list[Lead] = field(default_factory=list)
    won: list[Lead] = field(default_factory=list)


def columns() -> tuple[Column, ...]:
    """The columns of the figures of a segment."""
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


def figures(segment: Segment, called: Callable[[bool], Iterable[int]], calls: Ids) -> Cells:
    """The figures of a row. When one is opened, ``called`` gives the prospects called (False) or
    reached (True), ``calls`` the calls."""
    all_called, reached = partial(called, False), partial(called, True)
    return {
        "called": Cell(segment.called, all_called, kind="prospects"),
        "reached": Cell(segment.reached, reached, kind="prospects"),
        "answered": ratio(segment.reached, segment.called, all_called, "prospects"),
        "leads": count(segment.created),
        "won": count(segment.won),
        "won_amount": amount(segment.won),
        "calls": Cell(segment.calls, calls, kind="actions"),
        "calls_per_lead": ratio(segment.calls, len(segment.created), calls),
    }
