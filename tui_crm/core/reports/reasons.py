"""Reasons: why leads were lost or cancelled, and for how much."""

from __future__ import annotations

from tui_crm.core.reports.facts import Lead
from tui_crm.core.reports.question import NOBODY, Question
from tui_crm.core.reports.types import Column, Table, amount, count, plain
from tui_crm.core.text import _


def compute(q: Question) -> Table:
    """One row for each reason of the leads lost or cancelled in the period, lost ones first."""
    labels = dict(q.store.rows("SELECT id, label FROM reasons"))
    found: dict[tuple[str, int | None], list[Lead]] = {}
    ended = [lead for lead in q.closed() if lead.status in ("lost", "cancelled")]
    for lead in ended:
        found.setdefault((lead.status, lead.reason_id), []).append(lead)
    order = sorted(
        found.items(),
        key=lambda item: (item[0][0] != "lost", -len(item[1]), labels.get(item[0][1] or 0, "")),
    )
    unknown = [lead for lead in ended if lead.reason_id is None]
    return Table(
        (
            Column("reason", _("reason"), "text"),
            Column("status", _("status"), "text"),
            Column("count", _("count"), "count"),
            Column("amount", _("amount"), "money"),
        ),
        [
            (
                f"{status}/{labels[reason] if reason else NOBODY}",
                {
                    "reason": plain(labels[reason] if reason else None), "status": plain(status),
                    "count": count(leads), "amount": amount(leads),
                },
            )
            for (status, reason), leads in order
        ],
        {"reason": plain(None), "status": plain(None), "count": count(ended),
         "amount": amount(ended)},
        [_("{n} without a reason.").format(n=len(unknown))] if unknown else [],
        {
            "count": _("leads lost or cancelled for it with their closing date in the period, by"
                       " the owner at closing"),
            "amount": _("sum of their amounts; one without amount adds 0"),
        },
    )  # fmt: skip
