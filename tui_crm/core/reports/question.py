"""The question that a report answers: its period, and its filters as numbers of the store."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from tui_crm.core.dates import periods
from tui_crm.core.dates.labels import instant
from tui_crm.core.dates.periods import Period
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.reports import past
from tui_crm.core.reports.filters import Filters
from tui_crm.core.session import Member, Session, all_members, find_member
from tui_crm.core.store.database import Store
from tui_crm.core.text import _, clean, fold

NOBODY = "–"  # the row of what has no owner, no reason, no tag
_EPOCH = date(1970, 1, 1).toordinal()

T = TypeVar("T")


@dataclass(frozen=True)
class Question:
    """A report's period and filters.

    ``by`` is the part of the period that makes a row. ``today`` is the last day that counts: the
    real one, or ``as_of``. ``reps`` are the numbers of the users it is narrowed to (``None``:
    everybody, and leads of nobody too). ``filters`` are the words that it was made of.
    """

    session: Session
    period: Period
    by: str
    today: date
    filters: Filters
    as_of: date | None = None
    reps: frozenset[int] | None = None
    tags: tuple[int, ...] = ()
    pipeline: int | None = None
    list_id: int | None = None
    cut: str = ""
    """What the rows are, of a report that can be cut by something else than time."""
    table: str = "leads"
    """The table that leads are read from: as they stand, or rebuilt as of a past day."""

    @property
    def store(self) -> Store:
        return self.session.store

    @cached_property
    def buckets(self) -> tuple[Period, ...]:
        """The parts of the period, in order."""
        return periods.buckets(self.period, self.by)

    @cached_property
    def _starts(self) -> list[str]:
        return [part.first.isoformat() for part in self.buckets]

    @cached_property
    def first(self) -> str:
        """The first day of the period, as the store keeps days."""
        return self.period.first.isoformat()

    @cached_property
    def last(self) -> str:
        """The last day of the period, as the store keeps days."""
        return self.period.last.isoformat()

    def contains(self, day: str | None) -> bool:
        """Whether a day of the store is in the period."""
        return day is not None and self.first <= day <= self.last

    def bucket_of(self, day: str) -> int:
        """The place in ``buckets`` of the part that holds a day of the period."""
        return bisect_right(self._starts, day) - 1

    def over(self, period: Period) -> Question:
        """The same question over another period."""
        return replace(self, period=period)

    def once(self, key: Hashable, read: Callable[[], T]) -> T:
        """What ``read`` gives, read once for each key: the parts of a report need the same rows."""
        if key not in self._cache:
            self._cache[key] = read()
        value: T = self._cache[key]
        return value

    @cached_property
    def _cache(self) -> dict[Hashable, Any]:
        return {}

    # -- who ---------------------------------------------------------------------------------------

    @cached_property
    def members(self) -> dict[int, Member]:
        """All users, by number."""
        return {m.id: m for m in all_members(self.store)}

    def includes(self, user_id: int | None) -> bool:
        """Whether the figures of this user are part of the report."""
        return self.reps is None or user_id in self.reps

    def name(self, user_id: int | None) -> str:
        """The name of a user, or the dash of nobody."""
        return NOBODY if user_id is None else self.members[user_id].name

    def reps_by_zone(self) -> Iterator[tuple[ZoneInfo, list[int]]]:
        """The users of the report, by the zone whose midnights begin their days."""
        zones: dict[str, list[int]] = {}
        for user in self.members.values():
            if self.includes(user.id):
                zones.setdefault(user.zone or self.session.house.zone, []).append(user.id)
        for name, users in zones.items():
            yield ZoneInfo(name), users

    def instants(self, part: Period, zone: ZoneInfo) -> tuple[int, int]:
        """A part of the period in epoch seconds: from its first midnight to before the one after
        it. Ends with the day of ``as_of``."""
        last = min(part.last, self.as_of) if self.as_of else part.last
        return midnight(part.first, zone), midnight(last + timedelta(days=1), zone)

    # -- in SQL ------------------------------------------------------------------------------------

    @cached_property
    def closing_midnight(self) -> str:
        """SQL for the instant at which the day ends that a lead of ``leads l`` closed on, in the
        zone of its owner then (nobody's: of the session's user)."""
        epoch_day = self.store.days_between("'1970-01-01'", "l.closed_on")

        def day_end(zone: ZoneInfo) -> str:
            # Midnights move with daylight saving: one shift for each run of days alike.
            runs: list[tuple[str, int]] = []
            for number in range(self.period.days):
                day = self.period.first + timedelta(days=number)
                after = day + timedelta(days=1)
                shift = midnight(after, zone) - (after.toordinal() - _EPOCH) * 86400
                if not runs or shift != runs[-1][1]:
                    runs.append((day.isoformat(), shift))
            cases = " ".join(
                f"WHEN l.closed_on >= '{day}' THEN {shift}" for day, shift in runs[:0:-1]
            )
            shifts = f"CASE {cases} ELSE {runs[0][1]} END" if cases else str(runs[0][1])
            return f"(({epoch_day} + 1) * 86400 + {shifts})"

        usual = day_end(self.session.zone)
        others = [
            (users, end) for zone, users in self.reps_by_zone() if (end := day_end(zone)) != usual
        ]
        if not others:
            return usual
        cases = " ".join(
            f"WHEN l.closed_owner_id IN ({', '.join(map(str, users))}) THEN {end}"
            for users, end in others
        )
        return f"(CASE {cases} ELSE {usual} END)"

    def lead_condition(self) -> tuple[str, tuple[Any, ...]]:
        """The filters on tags, pipeline and list of origin as a condition on ``leads l``."""
        parts, values = ["1 = 1"], list[Any]()
        if self.tags:
            marks = ", ".join("?" * len(self.tags))
            parts.append(f"l.id IN (SELECT lead_id FROM lead_tags WHERE tag_id IN ({marks}))")
            values += self.tags
        if self.pipeline is not None:
            parts.append("l.pipeline_id = ?")
            values.append(self.pipeline)
        if self.list_id is not None:
            parts.append("l.list_id = ?")
            values.append(self.list_id)
        return " AND ".join(parts), tuple(values)

    def action_condition(self) -> tuple[str, tuple[Any, ...]]:
        """The same filters as a condition on ``actions a``: those on leads by the action's lead,
        the list by the list that was called."""
        parts, values = ["1 = 1"], list[Any]()
        if self.list_id is not None:
            parts.append("a.list_id = ?")
            values.append(self.list_id)
        if self.tags or self.pipeline is not None:
            inner, more = replace(self, list_id=None).lead_condition()
            parts.append(f"a.lead_id IN (SELECT l.id FROM leads l WHERE {inner})")
            values += more
        return " AND ".join(parts), tuple(values)


def midnight(day: date, zone: ZoneInfo) -> int:
    """The instant a day begins in a zone, in epoch seconds."""
    return int(instant(day, time(), zone).timestamp())


def day_of(at: int, zone: ZoneInfo) -> str:
    """The day an instant falls on in a zone."""
    return datetime.fromtimestamp(at, UTC).astimezone(zone).date().isoformat()


def resolve(session: Session, filters: Filters, cut: str = "") -> Question:
    """The question that filters mean: names looked up, the period as days (today when it is
    empty). ``cut`` stands in for ``by`` where the rows are no parts of the period.

    Raises CrmError, or NotFound with the names there are, for an unknown period, person, team,
    tag, pipeline or list, and for an ``as_of`` in the future."""
    store = session.store
    as_of = _past_day(filters.as_of, session.today) if filters.as_of else None
    today = as_of or session.today
    reps: set[int] | None = None
    if filters.rep or filters.team:
        reps = {find_member(store, name).id for name in filters.rep}
        for name in filters.team:
            team = _number_of(store, "teams", name, _("There is no team {name}."))
            reps |= {
                row[0] for row in store.rows("SELECT id FROM users WHERE team_id = ?", (team,))
            }
    words = filters.period or "today"
    by = filters.by or "month"
    unit = "month" if cut else by
    all_time = fold(words).startswith(("all", "ever"))
    no_tag, no_list = _("There is no tag {name}."), _("There is no list {name}.")
    no_pipeline = _("There is no pipeline {name}.")
    return Question(
        session=session,
        period=periods.period(words, today, _bounds(session, today) if all_time else None),
        by=unit,
        today=today,
        filters=replace(
            filters,
            by=cut or by,
            compare=filters.compare or "",
            as_of=as_of.isoformat() if as_of else "",
        ),
        as_of=as_of,
        reps=None if reps is None else frozenset(reps),
        tags=tuple(_number_of(store, "tags", name, no_tag) for name in filters.tag),
        pipeline=_number_of(store, "pipelines", filters.pipeline, no_pipeline)
        if filters.pipeline
        else None,
        list_id=_number_of(store, "lists", filters.list_name, no_list)
        if filters.list_name
        else None,
        cut=cut,
        table=past.rebuild(store, as_of.isoformat()) if as_of else "leads",
    )


def _past_day(typed: str, today: date) -> date:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise CrmError(
            _("“{typed}” is no day.").format(typed=clean(typed, single_line=True)[:60]),
            _("Try 2026-03-31."),
        ) from None
    if day > today:
        raise CrmError(_("That day is still to come."), _("Ask as of today or a past day."))
    return day


def _number_of(store: Store, table: str, name: str, unknown: str) -> int:
    """The number of the row with this name. Raises NotFound in the words of ``unknown``."""
    rows = store.rows(f"SELECT id, name FROM {table} ORDER BY id")
    for number, known in rows:
        if fold(known) == fold(name):
            return int(number)
    names = ", ".join(row[1] for row in rows[:9])
    raise NotFound(
        unknown.format(name=clean(name, single_line=True)),
        _("There are: {names}.").format(names=names) if names else "",
    )


def _bounds(session: Session, today: date) -> tuple[date, date]:
    """The first day of a lead or an action, and today or the last expected closing day."""
    store = session.store
    days = [today.isoformat()]
    if first := store.value("SELECT MIN(created_on) FROM leads WHERE created_on <> ''"):
        days.append(first)
    if (at := store.value("SELECT MIN(at) FROM actions")) is not None:
        days.append(day_of(int(at), session.zone))
    last = store.value("SELECT MAX(expected_close) FROM leads WHERE status = 'open'")
    return date.fromisoformat(min(days)), date.fromisoformat(max(days[0], last or ""))
