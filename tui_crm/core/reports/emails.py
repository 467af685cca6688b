"""E-mails: how many were sent, answered and came back, by rep and period."""

from __future__ import annotations

from collections.abc import Sequence

from tui_crm.core.reports.acts import Acts, by_rep_and_period
from tui_crm.core.reports.question import Question
from tui_crm.core.reports.types import Cells, Column, Table, plain, ratio
from tui_crm.core.text import _

_BACK = "COALESCE(o.means, '') = 'bounced'"


def compute(q: Question) -> Table:
    """One row for each rep and part of the period with an e-mail."""
    acts = Acts(q, ("email",))

    def cells(users: Sequence[int], part: int | None) -> Cells:
        sent = acts.cell(users, part)
        answered = acts.cell(users, part, lambda count: count.reached, "a.reached = 1")
        bounced = acts.cell(users, part, lambda count: count.means == "bounced", _BACK)
        return {
            "sent": sent,
            "answered": answered,
            "reply_rate": ratio(
                answered.value,
                sent.value - bounced.value,
                lambda: acts.ids(users, part, f"NOT ({_BACK})"),
            ),
            "bounced": bounced,
            "clicked": plain(None),
        }

    columns = (
        Column("sent", _("sent"), "count"),
        Column("answered", _("answered"), "count"),
        Column("reply_rate", _("reply rate"), "rate"),
        Column("bounced", _("came back"), "count"),
        Column("clicked", _("clicked"), "count"),
    )
    return by_rep_and_period(
        acts,
        columns,
        cells,
        {
            "sent": _("e-mails logged in the period, whatever became of them"),
            "answered": _("those of them whose outcome says that a person answered"),
            "reply_rate": _("answered / (sent - came back)"),
            "bounced": _("those of them whose outcome says that they came back"),
            "clicked": _("not known: links are not tracked"),
        },
    )
