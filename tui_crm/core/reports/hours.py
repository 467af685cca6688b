"""Hours: the share of calls that reach somebody, by weekday and hour of the person called."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache, partial
from zoneinfo import ZoneInfo

from tui_crm.core.dates.labels import weekday_name
from tui_crm.core.dates.periods import of
from tui_crm.core.reports.question import Question
from tui_crm.core.reports.types import Cell, Cells, Column, Ids, Table, plain, ratio
from tui_crm.core.text import _, ngettext

LEAST_CALLS = 30
"""Calls in an hour below which its rate is no rate, and it is neither the best nor the worst."""
QUARTER = 900  # seconds; every zone's clock differs from UTC by a whole number of quarters

Hour = tuple[int, int]  # ISO weekday, hour of the day
_SOURCE = (
    " FROM actions a LEFT JOIN prospects p ON p.id = a.prospect_id"
    " LEFT JOIN lists li ON li.id = p.list_id WHERE a.kind = 'call'"
)
_ZONE = "COALESCE(NULLIF(p.zone, ''), NULLIF(li.zone, ''), '')"


def compute(q: Question) -> Table:
    """One row for each weekday and hour with a call in it."""
    calls: dict[Hour, int] = {}
    reached: dict[Hour, int] = {}
    unknown = 0
    for zone, users in q.reps_by_zone():
        where, values = _where(q, zone, users)
        for name, quarter, number, talks in q.store.rows(
            "SELECT zone, quarter, COUNT(*), SUM(reached) FROM"
            f" (SELECT {_ZONE} AS zone, a.at / {QUARTER} AS quarter, a.reached AS reached"
            f"{_SOURCE} AND {where}) found GROUP BY zone, quarter",
            values,
        ):
            hour = _hour(int(quarter) * QUARTER, _zone(name) or zone)
            calls[hour] = calls.get(hour, 0) + int(number)
            reached[hour] = reached.get(hour, 0) + int(talks)
            unknown += 0 if name else int(number)
    notes = unknown_zones(unknown)
    ranked = sorted(
        (reached[hour] / calls[hour], hour) for hour in calls if calls[hour] >= LEAST_CALLS
    )
    if len(ranked) > 1:
        notes.append(
            _("Best {best}, worst {worst}, of the hours with at least {n} calls.").format(
                best=_words(*ranked[-1]), worst=_words(*ranked[0]), n=LEAST_CALLS
            )
        )
    all_calls, all_reached = sum(calls.values()), sum(reached.values())
    return Table(
        columns=columns(),
        rows=[
            (
                f"{hour[0]}/{hour[1]}",
                cells(
                    hour,
                    (calls[hour], partial(_ids, q, hour)),
                    (reached[hour], partial(_ids, q, hour, reached=True)),
                ),
            )
            for hour in sorted(calls)
        ],
        totals=cells(
            None,
            (all_calls, partial(_ids, q, None)),
            (all_reached, partial(_ids, q, None, reached=True)),
        ),
        notes=notes,
        formulas={
            "calls": _(
                "calls in the period that began in this hour, on the prospect's own clock;"
                " where their zone is not known, on the rep's"
            ),
            "reached": _("those of them whose outcome says that a person was spoken to"),
            "reached_rate": _("calls with a reached outcome / calls"),
        },
    )


def columns() -> tuple[Column, ...]:
    """The columns of a table by weekday and hour."""
    return (
        Column("weekday", _("weekday"), "text"),
        Column("hour", _("hour"), "text"),
        Column("calls", _("calls"), "count"),
        Column("reached", _("reached"), "count"),
        Column("reached_rate", _("reached rate"), "rate"),
    )


def cells(hour: Hour | None, calls: tuple[int, Ids], reached: tuple[int, Ids]) -> Cells:
    """The figures of one hour, or of all: how many calls, how many reached somebody, each with
    the calls behind it."""
    return {
        "weekday": plain(hour[0] if hour else None),
        "hour": plain(hour[1] if hour else None),
        "calls": Cell(*calls, kind="actions"),
        "reached": Cell(*reached, kind="actions"),
        "reached_rate": ratio(reached[0], calls[0], calls[1]),
    }


def unknown_zones(calls: int, digits: str = "") -> list[str]:
    """The note on so many calls on prospects without a zone; none for 0. ``digits`` is the format
    of the number."""
    if not calls:
        return []
    return [
        ngettext(
            "{n} call without a zone of the prospect: on the rep's clock.",
            "{n} calls without a zone of the prospect: on the rep's clock.",
            calls,
        ).format(n=f"{calls:{digits}}")
    ]


def _words(share: float, hour: Hour) -> str:
    monday = of(datetime(2024, 1, 1, tzinfo=UTC).date(), "week").first
    return f"{weekday_name(monday.replace(day=hour[0]))} {hour[1]}h {share:.0%}"


def _where(q: Question, zone: ZoneInfo, users: list[int]) -> tuple[str, tuple[int, ...]]:
    """The condition on ``actions a`` of these users in the period."""
    begin, end = q.instants(q.period, zone)
    filters, values = q.action_condition()
    marks = ", ".join("?" * len(users))
    where = f"a.user_id IN ({marks}) AND a.at >= ? AND a.at < ? AND {filters}"
    return where, (*users, begin, end, *values)


@cache
def _zone(names: str) -> ZoneInfo | None:
    """The zone of that name, the first of several; None for one that this machine does not
    know."""
    name = names.partition(" ")[0]
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


def _hour(at: int, zone: ZoneInfo) -> Hour:
    local = datetime.fromtimestamp(at, UTC).astimezone(zone)
    return local.isoweekday(), local.hour


def _ids(q: Question, hour: Hour | None, reached: bool = False) -> list[int]:
    """The numbers of the calls in one hour, or in all."""

    def numbers() -> Iterable[int]:
        for zone, users in q.reps_by_zone():
            where, values = _where(q, zone, users)
            if reached:
                where += " AND a.reached = 1"
            for number, at, name in q.store.each(
                # In order: to sort a million numbers here would hold up the keyboard.
                f"SELECT a.id, a.at, {_ZONE}{_SOURCE} AND {where} ORDER BY a.id",
                values,
            ):
                if hour is None or _hour(at, _zone(name) or zone) == hour:
                    yield number

    return sorted(numbers())
