"""Reasons: why leads were lost or cancelled, and for how much."""

from __future__ import annotations

from tui_crm.core.reports.lead_groups import group_leads
from tui_crm.core.reports.question import NOBODY, Question
from tui_crm.core.reports.types import Column, Table, amount, count, plain, total
from tui_crm.core.text import _


def compute(q: Question) -> Table:
    """One row for each reason of the leads lost or cancelled in the period, lost ones first."""
    labels = dict(q.store.rows("SELECT id, label FROM reasons"))
    given_up = group_leads(q, "given_up", "status", "reason_id", money=True)
    order = sorted(
        given_up,
        key=lambda group: (group.status != "lost", -group.n, labels.get(group.reason_id, "")),
    )
    unknown = total(group for group in given_up if group.reason_id is None)
    return Table(
        columns=(
            Column("reason", _("reason"), "text"),
            Column("status", _("status"), "text"),
            Column("count", _("count"), "count"),
            Column("amount", _("amount"), "money"),
        ),
        rows=[
            (
                f"{group.status}/{labels.get(group.reason_id, NOBODY)}",
                {
                    "reason": plain(labels.get(group.reason_id)),
                    "status": plain(group.status),
                    "count": count([group]),
                    "amount": amount([group]),
                },
            )
            for group in order
        ],
        totals={
            "reason": plain(None),
            "status": plain(None),
            "count": count(given_up),
            "amount": amount(given_up),
        },
        notes=[_("{n} without a reason.").format(n=unknown)] if unknown else [],
        formulas={
            "count": _(
                "leads lost or cancelled for it with their closing date in the period, by"
                " the owner at closing"
            ),
            "amount": _("sum of their amounts; one without amount adds 0"),
        },
    )
