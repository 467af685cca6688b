"""Hours: when people answer, by weekday and hour on their own clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

from tui_crm.core.dates.labels import weekday_name
from tui_crm.core.dates.periods import of
from tui_crm.core.reports.question import Question
from tui_crm.core.reports.types import SMALL_SAMPLE, Cell, Cells, Column, Rate, Table, plain
from tui_crm.core.text import _, ngettext

QUARTER = 900  # seconds; every zone's clock differs from UTC by a whole number of quarters

Slot = tuple[int, int]  # ISO weekday, hour
_SELECT = (
    " FROM actions a LEFT JOIN prospects p ON p.id = a.prospect_id"
    " LEFT JOIN lists li ON li.id = p.list_id WHERE a.kind = 'call'"
)
_ZONE = "COALESCE(NULLIF(p.zone, ''), NULLIF(li.zone, ''), '')"


def compute(q: Question) -> Table:
    """One row for each weekday and hour with a call in it."""
    calls: dict[Slot, int] = {}
    reached: dict[Slot, int] = {}
    unknown = 0
    for zone, users in q.zones():
        where, values = _where(q, zone, users)
        for name, quarter, total, talks in q.store.rows(
            "SELECT zone, quarter, COUNT(*), SUM(reached) FROM"
            f" (SELECT {_ZONE} AS zone, a.at / {QUARTER} AS quarter, a.reached AS reached"
            f"{_SELECT} AND {where}) found GROUP BY zone, quarter",
            values,
        ):
            place = _slot(int(quarter) * QUARTER, _zone(name, zone))
            calls[place] = calls.get(place, 0) + int(total)
            reached[place] = reached.get(place, 0) + int(talks)
            unknown += 0 if name else int(total)
    rows = [
        (
            f"{day}/{hour}",
            _cells(day, hour, calls[day, hour], reached[day, hour], partial(_ids, q, (day, hour))),
        )
        for day, hour in sorted(calls)
    ]
    notes = []
    if unknown:
        notes.append(
            ngettext(
                "{n} call without a zone of the prospect: on the rep's clock.",
                "{n} calls without a zone of the prospect: on the rep's clock.",
                unknown,
            ).format(n=unknown)
        )
    ranked = sorted(
        (reached[place] / calls[place], place) for place in calls if calls[place] >= SMALL_SAMPLE
    )
    if len(ranked) > 1:
        notes.append(
            _("Best {best}, worst {worst}.").format(
                best=_words(*ranked[-1]), worst=_words(*ranked[0])
            )
        )
    return Table(
        (
            Column("weekday", _("weekday"), "text"),
            Column("hour", _("hour"), "text"),
            Column("calls", _("calls"), "count"),
            Column("reached", _("reached"), "count"),
            Column("reached_rate", _("reached rate"), "rate"),
        ),
        rows,
        _cells(None, None, sum(calls.values()), sum(reached.values()), partial(_ids, q, None)),
        notes,
        {
            "calls": _(
                "calls in the period that began in this hour, on the prospect's own clock;"
                " where their zone is not known, on the rep's"
            ),
            "reached": _("those of them whose outcome says that a person was spoken to"),
            "reached_rate": _("calls with a reached outcome / calls"),
        },
    )


def _words(share: float, place: Slot) -> str:
    monday = of(datetime(2024, 1, 1, tzinfo=UTC).date(), "week").first
    return f"{weekday_name(monday.replace(day=place[0]))} {place[1]}h {share:.0%}"


def _cells(
    day: int | None, hour: int | None, calls: int, reached: int, ids: partial[list[int]]
) -> Cells:
    return {
        "weekday": plain(day),
        "hour": plain(hour),
        "calls": Cell(calls, ids, "actions"),
        "reached": Cell(reached, partial(ids, reached=True), "actions"),
        "reached_rate": Cell(Rate(reached, calls), ids, "actions", n=reached, d=calls),
    }


def _where(q: Question, zone: ZoneInfo, users: list[int]) -> tuple[str, tuple[int, ...]]:
    begin, end = q.span(q.period, zone)
    narrow, values = q.action_narrowing()
    marks = ", ".join("?" * len(users))
    return f"a.user_id IN ({marks}) AND a.at >= ? AND a.at < ? AND {narrow}", (
        *users,
        begin,
        end,
        *values,
    )


_ZONES: dict[str, ZoneInfo | None] = {}


def _zone(name: str, otherwise: ZoneInfo) -> ZoneInfo:
    """The zone of that name, the first of several; the rep's for none, and for one this machine
    does not know."""
    name = name.partition(" ")[0]
    if name and name not in _ZONES:
        try:
            _ZONES[name] = ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            _ZONES[name] = None
    return _ZONES.get(name) or otherwise


def _slot(at: int, zone: ZoneInfo) -> Slot:
    there = datetime.fromtimestamp(at, UTC).astimezone(zone)
    return there.isoweekday(), there.hour


def _ids(q: Question, place: Slot | None, reached: bool = False) -> list[int]:
    def found() -> Iterable[int]:
        for zone, users in q.zones():
            where, values = _where(q, zone, users)
            if reached:
                where += " AND a.reached = 1"
            for number, at, name in q.store.each(
                # In order: to sort a million numbers here would hold up the keyboard.
                f"SELECT a.id, a.at, {_ZONE}{_SELECT} AND {where} ORDER BY a.id",
                values,
            ):
                if place is None or _slot(at, _zone(name, zone)) == place:
                    yield number

    return sorted(found())
