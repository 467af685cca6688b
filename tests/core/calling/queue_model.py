"""The queue of PRODUCT.md section 6 said once more in plain Python, over every row of a list at
once and with its own arithmetic of clocks: what the tests hold the real queue against."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tui_crm.core.lists import lists

COLUMNS = (
    "id",
    "line",
    "state",
    "due_at",
    "due_exact",
    "tries",
    "last_at",
    "zone",
    "owner_id",
    "for_id",
    "claimed_by",
    "claimed_until",
)


@dataclass(frozen=True)
class Row:
    id: int
    line: int
    state: str
    due_at: int | None
    due_exact: int
    tries: int
    last_at: int | None
    zone: str
    owner_id: int | None
    for_id: int
    claimed_by: int | None
    claimed_until: int | None


@dataclass(frozen=True)
class Call:
    prospect_id: int | None
    number: str
    at: int


class Model:
    """A list as it stands now for one rep."""

    def __init__(self, session: Any, list_id: int) -> None:
        store = session.store
        self.me, self.zone = session.user_id, session.zone
        self.now = int(session.now.timestamp())
        self.info, self.house = lists.get(session, list_id), session.house
        every = [
            (r[0], Row(*r[1:]))
            for r in store.rows(f"SELECT list_id, {', '.join(COLUMNS)} FROM prospects")
        ]
        self.rows = [row for number, row in every if number == list_id]
        self.names = dict(store.rows("SELECT id, name FROM users"))
        self.calls = [
            Call(*r)
            for r in store.rows("SELECT prospect_id, number, at FROM actions WHERE kind = 'call'")
        ]
        self.numbers: dict[int, list[tuple[str, int]]] = {}
        for number, match, bad in store.rows(
            "SELECT prospect_id, match, bad FROM prospect_keys WHERE kind = 'phone'"
        ):
            self.numbers.setdefault(number, []).append((match, bad))
        self.elsewhere = {  # a number on a colleague's screen: the rows and who has them
            (match, row.id): row.claimed_by
            for _list, row in every
            if row.claimed_by not in (None, self.me) and (row.claimed_until or 0) > self.now
            for match, _bad in self.numbers.get(row.id, ())
            if match
        }
        midnight = session.now.replace(hour=0, minute=0, second=0, microsecond=0)
        self.midnight = int(midnight.timestamp())

    # -- clocks --------------------------------------------------------------------------------

    def zones(self, row: Row) -> list[ZoneInfo]:
        return [ZoneInfo(z) for z in row.zone.split()] or [
            ZoneInfo(self.info.zone or str(self.zone))
        ]

    def in_window(self, zone: ZoneInfo, at: int) -> bool:
        there = datetime.fromtimestamp(at, UTC).astimezone(zone)
        opens, closes = (
            int(clock[:2]) * 60 + int(clock[3:])
            for clock in (
                self.info.call_from or self.house.call_from,
                self.info.call_until or self.house.call_until,
            )
        )
        days = self.info.call_days or self.house.call_days
        return str(there.isoweekday()) in days and opens <= there.hour * 60 + there.minute < closes

    def is_open(self, row: Row, at: int) -> bool:
        zones = self.zones(row)
        if not self.ever_together(zones, at):
            zones = zones[:1]
        return all(self.in_window(zone, at) for zone in zones)

    def ever_together(self, zones: list[ZoneInfo], at: int) -> bool:
        """Whether there is a minute in this week in which all are in the window."""
        week = at - at % (7 * 86400)
        return len(zones) == 1 or any(
            all(self.in_window(zone, moment) for zone in zones)
            for moment in range(week, week + 7 * 86400, 15 * 60)
        )

    # -- rows ----------------------------------------------------------------------------------

    def place(self, row: Row) -> tuple[str, str]:
        """The one place where a row is counted: ``("now", "")``, ``("later", "")`` … or the
        reason why it is hidden, and by whom."""
        if row.state in ("lead", "blocked"):
            return row.state, ""
        if row.state == "done":
            return ("tries" if row.due_at is not None else "done"), ""
        promise = row.state == "callback"
        if row.state != "new" and (row.due_at or 0) > self.now:
            return "later", ""
        if row.for_id not in (0, self.me):
            return "handed", self.names[row.for_id]
        if row.claimed_by not in (None, self.me) and (row.claimed_until or 0) > self.now:
            return "colleague", self.names[row.claimed_by]
        numbers = [match for match, _bad in self.numbers.get(row.id, ()) if match]
        for (match, other), who in self.elsewhere.items():
            if match in numbers and other != row.id:
                return "colleague", self.names[who]
        if not (promise and row.due_exact) and not self.is_open(row, self.now):
            return "hours", ""
        if promise:
            late = self.now - (row.due_at or 0) >= 3600
            mine = row.owner_id in (None, self.me)
            return ("now", "") if mine or late else ("promised", self.names[row.owner_id])
        today = [call for call in self.calls if call.at >= self.midnight]
        if any(call.number in numbers and call.prospect_id != row.id for call in today):
            return "today", ""
        often = self.info.most_per_day
        if often and sum(call.prospect_id == row.id for call in today) >= often:
            return "day", ""
        good = [match for match, bad in self.numbers.get(row.id, ()) if not bad]
        most = self.info.most_per_number
        dialled = Counter(call.number for call in self.calls)
        if most and good and all(match and dialled[match] >= most for match in good):
            return "number", ""
        return "now", ""

    def places(self) -> Counter[tuple[str, str]]:
        return Counter(self.place(row) for row in self.rows)

    def queue(self) -> list[int]:
        """The rows that may be called now, in order (for a list that is called in its order)."""
        ranks = {"new": 2, "retry": 3} if self.info.new_first else {"retry": 2, "new": 3}

        def rank(row: Row) -> tuple[int, ...]:
            if row.state == "callback":
                return (1 - row.due_exact, row.due_at or 0, row.line, row.id)
            due = (row.due_at or 0,) if row.state == "retry" else ()
            return (ranks[row.state], *due, row.line, row.id)

        now = [row for row in self.rows if self.place(row) == ("now", "")]
        return [row.id for row in sorted(now, key=rank)]
