"""Meetings: how many were held, not held and moved, by rep and period."""

from __future__ import annotations

from collections.abc import Sequence

from tui_crm.core.reports.acts import ActCount, Acts, by_rep_and_period
from tui_crm.core.reports.question import Question
from tui_crm.core.reports.types import Cells, Column, Table, ratio
from tui_crm.core.text import _

KINDS = ("meeting", "visit")
"""The kinds of action that count as a meeting."""

_MOVED = "COALESCE(o.means, '') = 'moved'"
_HELD = f"a.reached = 1 AND NOT ({_MOVED})"
_NOT_HELD = f"a.reached = 0 AND o.id IS NOT NULL AND NOT ({_MOVED})"


def compute(q: Question) -> Table:
    """One row for each rep and part of the period with a meeting."""
    acts = Acts(q, KINDS)

    def was_held(count: ActCount) -> bool:
        return count.reached and count.means != "moved"

    def was_not(count: ActCount) -> bool:
        return not count.reached and count.means not in (None, "moved")

    def cells(users: Sequence[int], part: int | None) -> Cells:
        held = acts.cell(users, part, was_held, _HELD)
        not_held = acts.cell(users, part, was_not, _NOT_HELD)
        return {
            "held": held,
            "not_held": not_held,
            "moved": acts.cell(users, part, lambda count: count.means == "moved", _MOVED),
            "held_rate": ratio(
                held.value,
                held.value + not_held.value,
                lambda: acts.ids(users, part, f"(({_HELD}) OR ({_NOT_HELD}))"),
            ),
        }

    columns = (
        Column("held", _("held"), "count"),
        Column("not_held", _("not held"), "count"),
        Column("moved", _("moved"), "count"),
        Column("held_rate", _("held rate"), "rate"),
    )
    return by_rep_and_period(
        acts,
        columns,
        cells,
        {
            "held": _("meetings and visits logged in the period whose outcome says that they were"),
            "not_held": _("those whose outcome says that nobody was met, moved ones apart"),
            "moved": _("those whose outcome says that they have another date"),
            "held_rate": _("held / (held + not held)"),
        },
    )
