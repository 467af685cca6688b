"""Clients: what each brought, and how long it is silent against its own rhythm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, pairwise
from statistics import median
from typing import NamedTuple

from tui_crm.core.reports.lead_groups import (
    ACTIONS_OF_LEAD,
    Group,
    LeadGroupQuery,
    group_leads,
    split,
)
from tui_crm.core.reports.question import Question, midnight
from tui_crm.core.reports.types import Cell, Cells, Column, Table, amount, count, numbers, plain
from tui_crm.core.store.kind_sql import NO_TOUCHES
from tui_crm.core.text import _

LEAST_GAPS = 3
"""Gaps between days with real actions below which a client has no usual rhythm."""


class Contact(NamedTuple):
    """When a client last had a real action (epoch seconds UTC), the whole local days since, and
    the median of the days between its days with real actions (None below `LEAST_GAPS` gaps)."""

    at: int
    silent: int
    usual: float | None


def compute(q: Question) -> Table:
    """One row for each client with a lead, the one that brought most first."""
    everything = group_leads(q, "all", "client_id")
    created = split(group_leads(q, "created", "client_id"), "client_id")
    won = split(group_leads(q, "won", "client_id", money=True), "client_id")
    names: dict[int, str] = dict(q.store.rows("SELECT id, name FROM clients"))
    contacts = last_contacts(q)
    rows = []
    for client, groups in split(everything, "client_id").items():
        if client is None:
            continue
        cells = _cells(created.get(client, []), won.get(client, []))
        rows.append(
            (
                names[client],
                {"client": plain(names[client]), **cells, **_rhythm(contacts.get(client), groups)},
            )
        )
    rows.sort(key=lambda row: (-row[1]["won_amount"].value, -row[1]["leads"].value, row[0]))
    return Table(
        columns=(
            Column("client", _("client"), "text"),
            Column("leads", _("leads"), "count"),
            Column("won_amount", _("won amount"), "money"),
            Column("last_contact", _("last contact"), "moment"),
            Column("silent_days", _("silent"), "days"),
            Column("usual_days", _("usually"), "days"),
        ),
        rows=rows,
        totals={
            "client": plain(None),
            **_cells(
                [g for client, groups in created.items() if client for g in groups],
                [g for client, groups in won.items() if client for g in groups],
            ),
            **_rhythm(None, []),
        },
        formulas={
            "leads": _("leads of the client created in the period"),
            "won_amount": _("sum of the amounts of its leads won in the period"),
            "last_contact": _("the last real action on any of its leads, or on the row they were"),
            "silent_days": _("whole days since the last contact"),
            "usual_days": _(
                "median of the days between its days with real actions; none below {n} gaps"
            ).format(n=LEAST_GAPS),
        },
    )


def _cells(created: Sequence[Group], won: Sequence[Group]) -> Cells:
    return {"leads": count(created), "won_amount": amount(won)}


def _rhythm(contact: Contact | None, groups: Sequence[Group]) -> Cells:
    if contact is None:
        return {key: plain(None) for key in ("last_contact", "silent_days", "usual_days")}
    q = groups[0].of.q
    at = datetime.fromtimestamp(contact.at, UTC).astimezone(q.session.zone)
    leads = numbers(groups)
    return {
        "last_contact": plain(at),
        "silent_days": Cell(contact.silent, leads),
        "usual_days": Cell(contact.usual, leads),
    }


def last_contacts(q: Question) -> dict[int, Contact]:
    """When each client last had a real action on one of its leads, until the end of the day that
    the question stands on, and how often it usually has one."""
    zone = q.session.zone
    source, params = LeadGroupQuery(q, "all", ()).source()
    table, where = source.split(" WHERE ", 1)
    end = midnight(q.today + timedelta(days=1), zone)
    parts = " UNION ALL ".join(
        f"SELECT l.client_id AS client_id, a.at AS at{table} JOIN actions a ON {on}"
        f" WHERE {where} AND l.client_id IS NOT NULL"
        f" AND a.kind NOT IN {NO_TOUCHES} AND a.at < {end}"
        for on in ACTIONS_OF_LEAD
    )
    rows: Iterator[tuple[int, int]] = q.store.each(
        f"SELECT client_id, at FROM ({parts}) touches ORDER BY client_id, at", (*params, *params)
    )
    found = {}
    for client, touches in groupby(rows, key=lambda row: row[0]):
        moments = [int(row[1]) for row in touches]
        days = sorted({_day(at, q) for at in moments})
        gaps = [(after - before).days for before, after in pairwise(days)]
        usual = median(gaps) if len(gaps) >= LEAST_GAPS else None
        found[client] = Contact(moments[-1], (q.today - days[-1]).days, usual)
    return found


def _day(at: int, q: Question) -> date:
    return datetime.fromtimestamp(at, UTC).astimezone(q.session.zone).date()
