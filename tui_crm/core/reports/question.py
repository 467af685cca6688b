"""What a report was asked: the period and its parts, the filters, and the day it is asked as of."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from tui_crm.core.dates import periods
from tui_crm.core.dates.labels import instant
from tui_crm.core.dates.periods import Period
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.reports import past
from tui_crm.core.reports.lead_groups import Group, Lead, LeadGroupQuery, lead_rows
from tui_crm.core.session import Member, Session, all_members, find_member
from tui_crm.core.store.database import Store
from tui_crm.core.text import _, clean, fold

NOBODY = "–"  # the row of what has no owner, no reason, no tag
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Question:
    """A report's period, filters and moment, and the facts it asks for.

    ``reps`` are the numbers of the users it is narrowed to (``None``: everybody, and nobody's
    too). ``today`` is the last day that counts: the real one, or ``as_of``.
    """

    session: Session
    period: Period
    by: str
    today: date
    as_of: date | None = None
    reps: frozenset[int] | None = None
    tags: tuple[int, ...] = ()
    pipeline: int | None = None
    list_id: int | None = None
    asked: tuple[tuple[str, Any], ...] = ()
    cut: str = ""
    """What the rows are, of a report that can be cut by something else than time."""
    table: str = "leads"
    """Where the leads are read: as they stand, or rebuilt as of a past day."""

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
        return self.period.first.isoformat()

    @cached_property
    def last(self) -> str:
        return self.period.last.isoformat()

    def has(self, day: str | None) -> bool:
        """Whether a day of the store is in the period."""
        return day is not None and self.first <= day <= self.last

    def bucket(self, day: str) -> int:
        """LeadGroupQuery part of the period a day of it is in."""
        return bisect_right(self._starts, day) - 1

    def over(self, period: Period) -> Question:
        """The same question over another period."""
        return replace(self, period=period)

    # -- who ---------------------------------------------------------------------------------------

    @cached_property
    def members(self) -> dict[int, Member]:
        return {m.id: m for m in all_members(self.store)}

    def wants(self, user_id: int | None) -> bool:
        """Whether a figure of this user is asked for."""
        return self.reps is None or user_id in self.reps

    def name(self, user_id: int | None) -> str:
        """The name of a user, or the dash of nobody."""
        return NOBODY if user_id is None else self.members[user_id].name

    def zone(self, user_id: int) -> ZoneInfo:
        """The zone whose midnights begin this user's days."""
        return ZoneInfo(self.members[user_id].zone or self.session.house.zone)

    def zones(self) -> Iterator[tuple[ZoneInfo, list[int]]]:
        """The users asked for, by the zone they work in."""
        found: dict[str, list[int]] = {}
        for user in self.members.values():
            if self.wants(user.id):
                found.setdefault(user.zone or self.session.house.zone, []).append(user.id)
        for name, users in found.items():
            yield ZoneInfo(name), users

    def span(self, part: Period, zone: ZoneInfo) -> tuple[int, int]:
        """A part of the period as instants: from its first midnight to before the one after it.
        Ends with the day it is asked as of."""
        last = min(part.last, self.as_of) if self.as_of else part.last
        return midnight(part.first, zone), midnight(last + timedelta(days=1), zone)

    # -- what --------------------------------------------------------------------------------------

    @cached_property
    def _read(self) -> dict[Any, Any]:
        """What was read so far: the parts of a report ask for the same."""
        return {}

    def leads(
        self, moment: str, *by: str, money: bool = False, category: int | None = None
    ) -> list[Group]:
        """The leads of a moment (``created``, ``closed``, ``won``, ``given_up`` in the period, or
        ``open``) under the filters, added up by what ``by`` names (`LeadGroupQuery`); with
        ``money`` also their amounts. Whose they are: the owner at closing for closed ones, else the
        owner."""
        asked = moment, by, money, category
        if asked not in self._read:
            self._read[asked] = LeadGroupQuery(self, moment, by, money, category).groups()
        found: list[Group] = self._read[asked]
        return found

    def _one_by_one(self, moment: str) -> list[Lead]:
        if moment not in self._read:
            self._read[moment] = lead_rows(self, moment)
        found: list[Lead] = self._read[moment]
        return found

    def created(self) -> list[Lead]:
        """The leads that were created in the period, one by one, of the reps who own them."""
        return self._one_by_one("created")

    def closed(self) -> list[Lead]:
        """The leads that closed in the period, one by one, of the reps who owned them then."""
        return self._one_by_one("closed")

    @property
    def open_leads(self) -> list[Lead]:
        """The open leads of the reps asked for, one by one."""
        return self._one_by_one("open")

    @cached_property
    def by_now(self) -> int:
        """The instant at which today, or the day it is asked as of, ends."""
        return midnight(self.today + timedelta(days=1), self.session.zone)

    @cached_property
    def closing_midnight(self) -> str:
        """SQL for the instant at which the day ends that a lead of ``leads l`` closed on, in the
        zone of its owner then (nobody's: of the one who asks)."""
        epoch_day = self.store.days_between("'1970-01-01'", "l.closed_on")

        def ends(zone: ZoneInfo) -> str:
            # Midnights move with daylight saving: one shift for each run of days alike.
            runs: list[tuple[str, int]] = []
            for number in range(self.period.days):
                day = self.period.first + timedelta(days=number)
                after = day + timedelta(days=1)
                shift = midnight(after, zone) - (after.toordinal() - _EPOCH) * 86400
                if not runs or shift != runs[-1][1]:
                    runs.append((day.isoformat(), shift))
            said = " ".join(
                f"WHEN l.closed_on >= '{day}' THEN {shift}" for day, shift in runs[:0:-1]
            )
            shifts = f"CASE {said} ELSE {runs[0][1]} END" if said else str(runs[0][1])
            return f"(({epoch_day} + 1) * 86400 + {shifts})"

        usual = ends(self.session.zone)
        others = [(users, said) for zone, users in self.zones() if (said := ends(zone)) != usual]
        if not others:
            return usual
        cases = " ".join(
            f"WHEN l.closed_owner_id IN ({', '.join(map(str, users))}) THEN {said}"
            for users, said in others
        )
        return f"(CASE {cases} ELSE {usual} END)"

    def narrowing(self) -> tuple[str, tuple[Any, ...]]:
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

    def action_narrowing(self) -> tuple[str, tuple[Any, ...]]:
        """The same filters as a condition on ``actions a``: those on leads by the action's lead,
        the list by the list that was called."""
        parts, values = ["1 = 1"], list[Any]()
        if self.list_id is not None:
            parts.append("a.list_id = ?")
            values.append(self.list_id)
        if self.tags or self.pipeline is not None:
            inner, more = replace(self, list_id=None).narrowing()
            parts.append(f"a.lead_id IN (SELECT l.id FROM leads l WHERE {inner})")
            values += more
        return " AND ".join(parts), tuple(values)


def midnight(day: date, zone: ZoneInfo) -> int:
    """The instant a day begins in a zone, in epoch seconds."""
    return int(instant(day, time(), zone).timestamp())


def day_of(at: int, zone: ZoneInfo) -> str:
    """The day an instant falls on in a zone."""
    return datetime.fromtimestamp(at, UTC).astimezone(zone).date().isoformat()


def ask(
    session: Session,
    period: str,
    by: str,
    *,
    rep: Iterable[str] = (),
    team_: Iterable[str] = (),
    tag: Iterable[str] = (),
    pipeline: str | None = None,
    list_: str | None = None,
    as_of: date | str | None = None,
    cut: str = "",
) -> Question:
    """The question in the words of a user; ``cut`` stands in for ``by`` where the rows are no
    parts of the period. Raises CrmError (NotFound) naming what there is for a
    period, person, team, tag, pipeline or list that is not, and for an ``as_of`` to come."""
    rep, team_, tag = _several(rep), _several(team_), _several(tag)
    store = session.store
    day = _as_of(as_of, session.today)
    today = day or session.today
    reps: set[int] | None = None
    if rep or team_:
        reps = {find_member(store, name).id for name in rep}
        for name in team_:
            number = _named(store, "teams", "name", name, _("There is no team {name}."))
            reps |= {
                row[0] for row in store.rows("SELECT id FROM users WHERE team_id = ?", (number,))
            }
    asked = {
        "rep": list(rep),
        "team": list(team_),
        "tag": list(tag),
        "pipeline": pipeline,
        "list": list_,
        "by": cut or by,
        "as_of": day.isoformat() if day else None,
    }
    everything = fold(period).startswith(("all", "ever"))
    return Question(
        session,
        periods.period(period, today, _bounds(session, today) if everything else None),
        by,
        today,
        day,
        None if reps is None else frozenset(reps),
        tuple(_named(store, "tags", "name", name, _("There is no tag {name}.")) for name in tag),
        _named(store, "pipelines", "name", pipeline, _("There is no pipeline {name}."))
        if pipeline
        else None,
        _named(store, "lists", "name", list_, _("There is no list {name}.")) if list_ else None,
        tuple(asked.items()),
        cut,
        past.rebuild(store, day.isoformat()) if day else "leads",
    )


def _several(names: Iterable[str]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


def _as_of(day: date | str | None, today: date) -> date | None:
    if isinstance(day, str):
        typed = day
        try:
            day = date.fromisoformat(typed)
        except ValueError:
            raise CrmError(
                _("“{typed}” is no day.").format(typed=clean(typed, single_line=True)[:60]),
                _("Try 2026-03-31."),
            ) from None
    if day is not None and day > today:
        raise CrmError(_("That day is still to come."), _("Ask as of today or a past day."))
    return day


def _named(store: Store, table: str, column: str, name: str, otherwise: str) -> int:
    rows = store.rows(f"SELECT id, {column} FROM {table} ORDER BY id")
    for number, there in rows:
        if fold(there) == fold(name):
            return int(number)
    names = ", ".join(row[1] for row in rows[:9])
    raise NotFound(
        otherwise.format(name=clean(name, single_line=True)),
        _("There are: {names}.").format(names=names) if names else "",
    )


def _bounds(session: Session, today: date) -> tuple[date, date]:
    """The first day there is anything of, and today or the last day anything is expected."""
    store = session.store
    days = [today.isoformat()]
    if first := store.value("SELECT MIN(created_on) FROM leads WHERE created_on <> ''"):
        days.append(first)
    if (at := store.value("SELECT MIN(at) FROM actions")) is not None:
        days.append(day_of(int(at), session.zone))
    last = store.value("SELECT MAX(expected_close) FROM leads WHERE status = 'open'")
    return date.fromisoformat(min(days)), date.fromisoformat(max(days[0], last or ""))
