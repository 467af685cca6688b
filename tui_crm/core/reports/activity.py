"""Activity: what was done, by rep, period, kind and outcome; calls per lead and per win."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from tui_crm.core.reports.lead_groups import Group, group_leads, part_of, split
from tui_crm.core.reports.question import NOBODY, Question, midnight
from tui_crm.core.reports.types import (
    Cell,
    Cells,
    Column,
    Table,
    actions_of,
    plain,
    ratio,
    total,
)
from tui_crm.core.setup import kinds
from tui_crm.core.store.kind_sql import KNOWN, NO_TOUCHES
from tui_crm.core.text import _, ngettext

ACTIVE_GAP = 600  # seconds between two actions that still count as work
LEAST_ACTIVE = 20 * 60
"""Seconds of active time below which there is no hourly rate."""
OWN_COLUMN = ("call", "email", "meeting", "visit", "message")
"""The kinds with a column of their own by rep, in its order; a workspace's own follow."""


class ActionGroup(NamedTuple):
    """Actions of a user in a part of the period that have the kind and the outcome in common: how
    many, how many ``reached`` a person, the sum of their durations and how many are ``timed``; of
    how many it was ``asked`` whether a next action stood, and how many were ``followed`` by one.
    ``on_lead`` says whether they were done on a lead or on a prospect; None: it makes no
    difference."""

    user_id: int
    part: int
    kind: str
    outcome_id: int | None
    n: int
    reached: int
    seconds: int
    timed: int = 0
    asked: int = 0
    followed: int = 0
    on_lead: bool | None = None


def compute(q: Question) -> Table:
    """One row for each rep, part of the period, kind and outcome that there is; in the second
    table one for each rep. A day is the rep's own: it begins at midnight in their zone."""
    outcomes = {
        number: (label, lead_label or label)
        for number, label, lead_label in q.store.rows("SELECT id, label, lead_label FROM outcomes")
    }
    two_labels = [number for number, (label, on_lead) in outcomes.items() if label != on_lead]
    groups = _action_groups(q)
    known = kinds.all_kinds(q.store)
    order_of = {kind.name: n for n, kind in enumerate(known)}
    uncounted = {kind.name for kind in known if not kind.touch}
    rows = []
    for group in _by_label(q, groups, two_labels):
        if group.kind in uncounted:
            continue
        outcome = group.outcome_id
        label = outcomes[outcome][bool(group.on_lead)] if outcome is not None else None
        rep, period = q.name(group.user_id), q.buckets[group.part].label
        ids = partial(
            _ids,
            q,
            [group.user_id],
            group.part,
            group.kind,
            outcome,
            no_outcome=outcome is None,
            on_lead=group.on_lead,
        )
        cells = {
            "rep": plain(rep),
            "period": plain(period),
            "kind": plain(group.kind),
            "outcome": plain(label),
            **_sums([group], ids),
        }
        order = (rep, group.part, order_of.get(group.kind, len(known)), label or "")
        rows.append((order, f"{rep}/{period}/{group.kind}/{label or NOBODY}", cells))
    rows.sort(key=lambda row: row[0])
    everybody = [user.id for user in q.members.values() if q.includes(user.id)]
    notes = []
    left_out = sum(group.n for group in groups if group.kind in uncounted)
    if left_out:
        notes.append(
            ngettext(
                "{n} note is no action and not counted.",
                "{n} notes are no actions and not counted.",
                left_out,
            ).format(n=left_out)
        )
    return Table(
        columns=(
            Column("rep", _("rep"), "text"),
            Column("period", _("period"), "text"),
            Column("kind", _("kind"), "text"),
            Column("outcome", _("outcome"), "text"),
            Column("count", _("count"), "count"),
            Column("reached", _("reached"), "count"),
            Column("minutes", _("minutes"), "minutes"),
            Column("follow_up", _("follow-up"), "rate"),
            Column("average_minutes", _("average"), "minutes"),
        ),
        rows=[(key, cells) for _order, key, cells in rows],
        totals={
            "rep": plain(None),
            "period": plain(q.period.label),
            "kind": plain(None),
            "outcome": plain(None),
            **_sums(
                [group for group in groups if group.kind not in uncounted],
                partial(_ids, q, everybody),
                partial(_ids, q, everybody, uncounted=True),
            ),
        },
        notes=notes,
        formulas={
            "count": _("actions logged in the period, notes left out, in the rep's own days"),
            "reached": _("those of them whose outcome says that a person was spoken to"),
            "minutes": _("sum of their durations, as far as one was logged"),
            "follow_up": _(
                "calls on open leads after which a later next action stood / calls on open leads"
            ),
            "average_minutes": _("minutes / actions that have a length"),
        },
        more=(
            _by_rep(q, groups, [k.name for k in known if k.touch]),
            _by_kind(q, [g for g in groups if g.kind not in uncounted], order_of),
            _cold_warm(q),
        ),
    )


def _sums(
    groups: Sequence[ActionGroup],
    ids: Callable[..., Iterable[int]],
    notes: Callable[[], Iterable[int]] | None = None,
) -> Cells:
    """The figures of a row; ``notes`` gives the notes that were left out of it."""
    left_out = (lambda: [(x, _("a note, no action")) for x in notes()]) if notes else None
    reached, timed = partial(ids, extra="a.reached = 1"), partial(ids, extra="a.seconds > 0")
    minutes = round(sum(group.seconds for group in groups) / 60, 1)
    return {
        "count": Cell(sum(group.n for group in groups), ids, kind="actions", left_out=left_out),
        "reached": Cell(sum(group.reached for group in groups), reached, kind="actions"),
        "minutes": Cell(minutes, timed, kind="actions"),
        "follow_up": follow_up(groups, ids),
        "average_minutes": average_minutes(groups, timed),
    }


def follow_up(groups: Sequence[ActionGroup], ids: Callable[..., Iterable[int]]) -> Cell:
    """Calls on open leads after which a next action stood, of all of them; nothing where none of
    the actions is a call."""
    if all(group.kind != "call" for group in groups):
        return plain(None)
    asked = partial(ids, extra="a.kind = 'call' AND a.follow_up IS NOT NULL")
    return ratio(
        sum(group.followed for group in groups), sum(group.asked for group in groups), asked
    )


def average_minutes(groups: Sequence[ActionGroup], ids: Callable[[], Iterable[int]]) -> Cell:
    """The mean length of the actions that have one."""
    seconds, timed = sum(group.seconds for group in groups), sum(group.timed for group in groups)
    mean = round(seconds / timed / 60, 1) if timed else None
    return Cell(mean, ids, kind="actions", n=round(seconds / 60), d=timed)


def _by_label(
    q: Question, groups: Iterable[ActionGroup], two_labels: Sequence[int]
) -> Iterator[ActionGroup]:
    """The groups as they are labelled: those of outcomes that are called otherwise on a lead
    (``two_labels``, by number) are parted into actions on leads and on prospects."""
    on_prospects = {
        group[:4]: group
        for group in (
            _action_groups(
                q,
                f"a.outcome_id IN ({', '.join(map(str, two_labels))})"
                " AND a.prospect_id IS NOT NULL",
            )
            if two_labels
            else ()
        )
    }
    for group in groups:
        if group.outcome_id not in two_labels:
            yield group
            continue
        part = on_prospects.get(group[:4])
        if part is not None:
            yield part._replace(on_lead=False)
        done = part or group._replace(n=0, reached=0, seconds=0, timed=0, asked=0, followed=0)
        if group.n > done.n:
            yield group._replace(
                n=group.n - done.n,
                reached=group.reached - done.reached,
                seconds=group.seconds - done.seconds,
                timed=group.timed - done.timed,
                asked=group.asked - done.asked,
                followed=group.followed - done.followed,
                on_lead=True,
            )


def _action_groups(q: Question, extra: str = "1 = 1") -> list[ActionGroup]:
    """The actions of the period, notes too, counted by the store; under an ``extra`` condition."""
    groups: list[ActionGroup] = []
    for zone, users in q.reps_by_zone():
        where, values = _where(q, zone, users)
        # Midnights move with daylight saving: no sum of seconds would do.
        bounds = [midnight(part.first, zone) for part in q.buckets]
        rows = q.store.rows(
            "SELECT user_id, part, kind, outcome_id, COUNT(*), SUM(reached), SUM(seconds),"
            " SUM(CASE WHEN seconds > 0 THEN 1 ELSE 0 END), COUNT(follow_up),"
            " COALESCE(SUM(follow_up), 0) FROM"
            f" (SELECT a.user_id AS user_id, {part_of('a.at', bounds)} AS part, a.kind AS kind,"
            " a.outcome_id AS outcome_id, a.reached AS reached,"
            " COALESCE(a.seconds, 0) AS seconds, a.follow_up AS follow_up"
            f" FROM actions a WHERE {where} AND {extra})"
            " found GROUP BY user_id, part, kind, outcome_id",
            values,
        )
        groups += [ActionGroup(*row[:4], *map(int, row[4:])) for row in rows]
    return groups


def _where(
    q: Question, zone: ZoneInfo, users: Sequence[int], part: int | None = None
) -> tuple[str, tuple[Any, ...]]:
    """The condition on ``actions a`` of these users in the period, or in one part of it."""
    begin, end = q.instants(q.period if part is None else q.buckets[part], zone)
    filters, values = q.action_condition()
    marks = ", ".join("?" * len(users))
    # With the kinds named, an index on user and kind leads to the days of the period.
    where = f"a.user_id IN ({marks}) AND a.kind IN {KNOWN} AND a.at >= ? AND a.at < ? AND {filters}"
    return where, (*users, begin, end, *values)


def _ids(
    q: Question,
    users: Sequence[int],
    part: int | None = None,
    kind: str = "",
    outcome: int | None = None,
    *,
    no_outcome: bool = False,
    on_lead: bool | None = None,
    extra: str = "1 = 1",
    uncounted: bool = False,
) -> list[int]:
    """The numbers of the actions behind a figure: of all kinds that count as a touch (of those that
    are ``uncounted``), or of one ``kind``; with
    one outcome, or with none; those on leads or on prospects only (``on_lead``); under an ``extra``
    condition."""
    numbers: list[int] = []
    for zone, members in q.reps_by_zone():
        mine = [user for user in members if user in users]
        if not mine:
            continue
        where, values = _where(q, zone, mine, part)
        if kind:
            where, values = f"{where} AND a.kind = ?", (*values, kind)
        else:
            where += f" AND a.kind {'' if uncounted else 'NOT '}IN {NO_TOUCHES}"
        if outcome is not None:
            where, values = f"{where} AND a.outcome_id = ?", (*values, outcome)
        elif no_outcome:
            where += " AND a.outcome_id IS NULL"
        if on_lead is not None:
            where += f" AND a.prospect_id IS {'' if on_lead else 'NOT '}NULL"
        rows = q.store.rows(
            f"SELECT a.id FROM actions a WHERE {where} AND {extra} ORDER BY a.id", values
        )
        numbers += [row[0] for row in rows]
    return sorted(numbers)


# -- by rep ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _RepFigures:
    """What the figures by rep are made of: actions, leads by owner, seconds of work by user."""

    q: Question
    actions: Sequence[ActionGroup]
    created: dict[int | None, list[Group]]
    won: dict[int | None, list[Group]]
    active: dict[int, int]
    kinds: Sequence[str]

    def cells(self, users: Sequence[int], name: str | None) -> Cells:
        """The figures of one rep, or of several added up."""
        q, mine = self.q, set(users)
        done = dict.fromkeys((*OWN_COLUMN, *self.kinds), 0)
        reached = 0
        for group in self.actions:
            if group.user_id in mine and group.kind in done:
                done[group.kind] += group.n
                reached += group.reached if group.kind == "call" else 0
        of_calls = [g for g in self.actions if g.user_id in mine and g.kind == "call"]
        leads = sum(total(self.created.get(user, ())) for user in users)
        wins = [group for user in users for group in self.won.get(user, ())]
        calls_on_won = sum(group.n * group.calls for group in wins)
        calls, seconds = done["call"], sum(self.active.get(user, 0) for user in users)
        ids = partial(_ids, q, users, kind="call")
        return {
            "rep": plain(name),
            **{
                "calls" if kind == "call" else kind: Cell(
                    done[kind], partial(_ids, q, users, kind=kind), kind="actions"
                )
                for kind in done
            },
            "reached": Cell(reached, partial(ids, extra="a.reached = 1"), kind="actions"),
            "reached_rate": ratio(reached, calls, ids),
            # Active time is kept in seconds, so the calls stand 3600-fold above it.
            "calls_per_hour": ratio(
                calls * 3600 if seconds >= LEAST_ACTIVE else 0,
                seconds if seconds >= LEAST_ACTIVE else 0,
                ids,
            ),
            "calls_per_lead": ratio(calls, leads, ids),
            "calls_per_win": ratio(calls, total(wins), ids),
            "calls_on_won": ratio(calls_on_won, total(wins), lambda: actions_of(wins, "calls")),
            "minutes": Cell(
                round(sum(group.seconds for group in of_calls) / 60, 1),
                partial(ids, extra="a.seconds > 0"),
                kind="actions",
            ),
            "follow_up": ratio(
                sum(group.followed for group in of_calls),
                sum(group.asked for group in of_calls),
                partial(ids, extra="a.follow_up IS NOT NULL"),
            ),
            "active_minutes": Cell(round(seconds / 60, 1)),
        }


def _by_rep(q: Question, groups: Sequence[ActionGroup], touches: Sequence[str]) -> Table:
    own = [name for name in touches if name not in OWN_COLUMN]
    figures = _RepFigures(
        q=q,
        actions=groups,
        created=split(group_leads(q, "created_by_holder", "holder"), "holder"),
        won=split(group_leads(q, "won", "closed_owner_id", "calls"), "closed_owner_id"),
        active=_active_seconds(q),
        kinds=own,
    )
    members = [user for user in q.members.values() if q.includes(user.id)]
    seen = {group.user_id for group in groups} | figures.won.keys() | figures.created.keys()
    return Table(
        name="by_rep",
        columns=(
            Column("rep", _("rep"), "text"),
            Column("calls", _("calls"), "count"),
            Column("reached", _("reached"), "count"),
            Column("reached_rate", _("reached rate"), "rate"),
            Column("email", _("e-mail"), "count"),
            Column("meeting", _("meeting"), "count"),
            Column("visit", _("visit"), "count"),
            Column("message", _("message"), "count"),
            *(Column(name, name, "count") for name in own),
            Column("calls_per_hour", _("calls an hour"), "ratio"),
            Column("calls_per_lead", _("calls a lead"), "ratio"),
            Column("calls_per_win", _("calls a win"), "ratio"),
            Column("calls_on_won", _("calls on a won lead"), "ratio"),
            Column("minutes", _("minutes"), "minutes"),
            Column("follow_up", _("follow-up"), "rate"),
            Column("active_minutes", _("active"), "minutes"),
        ),
        rows=[
            (user.name, figures.cells([user.id], user.name))
            for user in members
            if user.active or user.id in seen
        ],
        totals=figures.cells([user.id for user in members], None),
        formulas={
            "calls": _("calls logged in the period"),
            "reached": _("calls whose outcome says that a person was spoken to"),
            "reached_rate": _("calls with a reached outcome / calls"),
            "email": _("e-mails logged in the period"),
            "meeting": _("meetings logged in the period"),
            "visit": _("visits logged in the period"),
            "message": _("messages logged in the period"),
            **{name: _("{kind}: logged in the period").format(kind=name) for name in own},
            "calls_per_hour": _(
                "calls / active hours; active are gaps up to 10 min between acts; none below"
                " {n} active minutes"
            ).format(n=LEAST_ACTIVE // 60),
            "calls_per_lead": _(
                "all calls in the period / leads created in it, by their owner; closed ones by"
                " their owner at closing"
            ),
            "calls_per_win": _("all calls in the period / leads won in it"),
            "calls_on_won": _(
                "calls on the leads won in the period, to the end of the closing day / these leads"
            ),
            "minutes": _("sum of the durations of the calls, as far as one was logged"),
            "follow_up": _(
                "calls on open leads after which a later next action stood / calls on open leads"
            ),
            "active_minutes": _("gaps up to 10 min between acts of every kind, added up"),
        },
    )


def _active_seconds(q: Question) -> dict[int, int]:
    """Seconds of work of each rep in the period: the gaps of up to ten minutes between actions."""
    active: dict[int, int] = {}
    for zone, users in q.reps_by_zone():
        where, values = _where(q, zone, users)
        for user, seconds in q.store.rows(
            "SELECT user_id, SUM(gap) FROM (SELECT a.user_id AS user_id, a.at - LAG(a.at) OVER"
            f" (PARTITION BY a.user_id ORDER BY a.at) AS gap FROM actions a WHERE {where}) gaps"
            " WHERE gap <= ? GROUP BY user_id",
            (*values, ACTIVE_GAP),
        ):
            active[user] = int(seconds)
    return active


# -- by kind, and by what the call was on ----------------------------------------------------------


def _by_kind(q: Question, groups: Sequence[ActionGroup], order_of: Mapping[str, int]) -> Table:
    """One row for each kind of action that there is among the groups."""
    everybody = [user.id for user in q.members.values() if q.includes(user.id)]

    def cells(kind: str | None, mine: Sequence[ActionGroup]) -> Cells:
        ids = partial(_ids, q, everybody, kind=kind or "")
        sums = _sums(mine, ids)
        return {
            "kind": plain(kind),
            **{key: sums[key] for key in ("count", "reached", "minutes", "average_minutes")},
        }

    ordered = sorted(
        {group.kind for group in groups}, key=lambda kind: (order_of.get(kind, 99), kind)
    )
    return Table(
        name="by_kind",
        columns=(
            Column("kind", _("kind"), "text"),
            Column("count", _("count"), "count"),
            Column("reached", _("reached"), "count"),
            Column("minutes", _("minutes"), "minutes"),
            Column("average_minutes", _("average"), "minutes"),
        ),
        rows=[(kind, cells(kind, [g for g in groups if g.kind == kind])) for kind in ordered],
        totals=cells(None, groups),
        formulas={
            "count": _("actions of the kind logged in the period"),
            "reached": _("those of them whose outcome says that a person was spoken to"),
            "minutes": _("sum of their durations, as far as one was logged"),
            "average_minutes": _("minutes / actions that have a length"),
        },
    )


def _cold_warm(q: Question) -> Table:
    """The calls of each rep on prospect rows that were no lead yet, and those on leads."""
    cold = _action_groups(q, "a.kind = 'call' AND a.prospect_id IS NOT NULL")
    warm = _action_groups(q, "a.kind = 'call' AND a.prospect_id IS NULL")

    def cells(users: Sequence[int], name: str | None) -> Cells:
        row: Cells = {"rep": plain(name)}
        for key, groups, on_lead in (("cold", cold, False), ("warm", warm, True)):
            mine = [group for group in groups if group.user_id in users]
            ids = partial(_ids, q, users, kind="call", on_lead=on_lead)
            row[key] = Cell(sum(group.n for group in mine), ids, kind="actions")
            row[f"{key}_reached"] = Cell(
                sum(group.reached for group in mine),
                partial(ids, extra="a.reached = 1"),
                kind="actions",
            )
        return row

    seen = {group.user_id for group in (*cold, *warm)}
    users = [user for user in q.members.values() if q.includes(user.id)]
    return Table(
        name="cold_warm",
        columns=(
            Column("rep", _("rep"), "text"),
            Column("cold", _("cold calls"), "count"),
            Column("cold_reached", _("reached"), "count"),
            Column("warm", _("warm calls"), "count"),
            Column("warm_reached", _("reached"), "count"),
        ),
        rows=[(user.name, cells([user.id], user.name)) for user in users if user.id in seen],
        totals=cells([user.id for user in users], None),
        formulas={
            "cold": _("calls in the period on a row of a prospect list, before it was a lead"),
            "cold_reached": _("those of them on which a person was reached"),
            "warm": _("calls in the period on leads"),
            "warm_reached": _("those of them on which a person was reached"),
        },
    )
