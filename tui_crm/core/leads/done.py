"""What a rep has done: today, and this month. The counts that Today shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from tui_crm.core.leads import clients
from tui_crm.core.session import Session
from tui_crm.core.store.kind_sql import TOUCHES
from tui_crm.core.store.query import Query, all_rows

Counts = dict[str, tuple[int, int]]


@dataclass(frozen=True)
class DayDone:
    """What was done today, and what tomorrow holds."""

    actions: int
    calls: int
    reached: int
    emails: int
    meetings: int
    new_leads: int
    won: int
    won_amount: int
    tomorrow: int
    tomorrow_first: datetime | None


@dataclass(frozen=True)
class MonthDone:
    """What was done this month: calls and those that reached somebody, leads made, deals won."""

    calls: int
    reached: int
    new_leads: int
    won: int
    won_amount: int

    @property
    def nothing(self) -> bool:
        return not (self.calls or self.new_leads or self.won)


# Beside the kinds of actions in the counts of a day.
WON, NEW, LEADS_EXIST, LISTS_EXIST = "=won", "=new", "=any", "=lists"
MONTH_CALLS, MONTH_WON, MONTH_NEW = "=calls of month", "=won of month", "=new of month"
SILENT = "=silent"  # there is a silent client


def counts_query(session: Session, now: datetime) -> Query[Counts]:
    """What was done today: a count and a sum by kind of action (the sum: reached) and for WON (the
    amount) and NEW; the same of this month; LEADS_EXIST is there when there is any lead,
    LISTS_EXIST when there is any prospect list."""
    start = int(datetime.combine(now.date(), time(), session.zone).timestamp())
    day, user = now.date().isoformat(), session.user_id
    first = now.date().replace(day=1)
    month = int(datetime.combine(first, time(), session.zone).timestamp())
    return all_rows(
        # Naming the kinds keeps SQLite to today's run of the index.
        "SELECT kind, COUNT(*), SUM(reached) FROM actions WHERE user_id = ?"
        f" AND kind IN {TOUCHES} AND at >= ? GROUP BY kind"
        f" UNION ALL SELECT '{WON}', COUNT(*), SUM(amount) FROM leads"
        " WHERE status = 'won' AND closed_on = ? AND closed_owner_id = ?"
        f" UNION ALL SELECT '{NEW}', COUNT(*), 0 FROM leads WHERE created_on = ? AND owner_id = ?"
        f" UNION ALL SELECT '{MONTH_CALLS}', COUNT(*), SUM(reached) FROM actions"
        " WHERE user_id = ? AND kind = 'call' AND at >= ?"
        f" UNION ALL SELECT '{MONTH_WON}', COUNT(*), SUM(amount) FROM leads"
        " WHERE status = 'won' AND closed_on >= ? AND closed_on <= ? AND closed_owner_id = ?"
        f" UNION ALL SELECT '{MONTH_NEW}', COUNT(*), 0 FROM leads"
        " WHERE created_on >= ? AND owner_id = ?"
        f" UNION ALL SELECT * FROM (SELECT '{LEADS_EXIST}', 1, 0 FROM leads LIMIT 1) AS one"
        f" UNION ALL SELECT * FROM (SELECT '{LISTS_EXIST}', 1, 0 FROM lists LIMIT 1) AS list"
        f" UNION ALL SELECT * FROM (SELECT '{SILENT}', 1, 0 FROM clients"
        f" WHERE {clients.SILENT_OF_USER} LIMIT 1) AS silent",
        (
            *(user, start, day, user, day, user),
            *(user, month, first.isoformat(), day, user, first.isoformat(), user),
            *clients.silent_params(session),
        ),
    ).map(lambda rows: {name: (int(n), int(total or 0)) for name, n, total in rows})


def month_done(counts: Counts) -> MonthDone:
    """The month in the answer of :func:`counts_query`."""
    calls, reached = counts.get(MONTH_CALLS, (0, 0))
    won, amount = counts.get(MONTH_WON, (0, 0))
    return MonthDone(calls, reached, counts.get(MONTH_NEW, (0, 0))[0], won, amount)


def day_done(counts: Counts, tomorrow: int, timed: Sequence[datetime]) -> DayDone:
    """The day in the answer of :func:`counts_query`; ``tomorrow`` is how much that holds, ``timed``
    the moments of it."""

    def of(name: str) -> tuple[int, int]:
        return counts.get(name, (0, 0))

    calls, reached = of("call")
    won, won_amount = of(WON)
    return DayDone(
        actions=sum(n for kind, (n, _reached) in counts.items() if not kind.startswith("=")),
        calls=calls,
        reached=reached,
        emails=of("email")[0],
        meetings=of("meeting")[0] + of("visit")[0],
        new_leads=of(NEW)[0],
        won=won,
        won_amount=won_amount,
        tomorrow=tomorrow,
        tomorrow_first=min(timed) if timed else None,
    )
