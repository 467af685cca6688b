"""Activity: what was done, by rep, period, kind and outcome; who was reached; what it cost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from tui_crm.core.pulse import KINDS
from tui_crm.core.reports.lead_groups import Group, part_of
from tui_crm.core.reports.question import NOBODY, Question, midnight
from tui_crm.core.reports.types import (
    Cell,
    Cells,
    Column,
    Rate,
    Table,
    actions_of,
    plain,
    total,
)
from tui_crm.core.text import _, ngettext

ACTIVE_GAP = 600  # seconds between two acts that still count as work


def compute(q: Question) -> Table:
    """One row for each rep, part of the period, kind and outcome that there is; under them one
    row for each rep. A day is the rep's own: it begins at midnight in their zone."""
    labels = {row[0]: row[1] for row in q.store.rows("SELECT id, label FROM outcomes")}
    groups: dict[tuple[int, int, str, int | None], list[int]] = {}
    for zone, users in q.zones():
        for user, part, kind, outcome, *sums in _grouped(q, zone, users):
            old = groups.setdefault((user, part, kind, outcome), [0, 0, 0])
            groups[user, part, kind, outcome] = [a + int(b) for a, b in zip(old, sums, strict=True)]
    rows = []
    for (user, part, kind, outcome), sums in groups.items():
        if kind == "note":
            continue
        label = labels[outcome] if outcome is not None else None
        at = q.buckets[part]
        ids = partial(_ids, q, [user], part, kind, outcome, ("any" if outcome is None else ""))
        cells = {
            "rep": plain(q.name(user)),
            "period": plain(at.label),
            "kind": plain(kind),
            "outcome": plain(label),
            **_sums(sums, ids),
        }
        order = (q.name(user), part, KIND_ORDER.get(kind, 9), label or "")
        rows.append((order, f"{q.name(user)}/{at.label}/{kind}/{label or NOBODY}", cells))
    rows.sort(key=lambda row: row[0])
    totals = [0, 0, 0]
    for (_user, _part, kind, _outcome), sums in groups.items():
        if kind != "note":
            totals = [a + b for a, b in zip(totals, sums, strict=True)]
    everybody = [user.id for user in q.members.values() if q.wants(user.id)]
    notes = []
    left_out = sum(sums[0] for (_u, _p, kind, _o), sums in groups.items() if kind == "note")
    if left_out:
        notes.append(
            ngettext(
                "{n} note is no action and not counted.",
                "{n} notes are no actions and not counted.",
                left_out,
            ).format(n=left_out)
        )
    return Table(
        (
            Column("rep", _("rep"), "text"),
            Column("period", _("period"), "text"),
            Column("kind", _("kind"), "text"),
            Column("outcome", _("outcome"), "text"),
            Column("count", _("count"), "count"),
            Column("reached", _("reached"), "count"),
            Column("minutes", _("minutes"), "minutes"),
        ),
        [(key, cells) for _order, key, cells in rows],
        {
            "rep": plain(None),
            "period": plain(q.period.label),
            "kind": plain(None),
            "outcome": plain(None),
            **_sums(totals, partial(_ids, q, everybody), q, everybody),
        },
        notes,
        {
            "count": _("actions logged in the period, notes left out, in the rep's own days"),
            "reached": _("those of them whose outcome says that a person was spoken to"),
            "minutes": _("sum of their durations, as far as one was logged"),
        },
        _by_rep(q, groups),
    )


KIND_ORDER = {kind: n for n, kind in enumerate(KINDS)}


def _sums(
    sums: Sequence[int], ids: Any, q: Question | None = None, users: Sequence[int] = ()
) -> Cells:
    number, reached, seconds = sums
    left_out = (
        (lambda: [(x, _("a note, no action")) for x in _ids(q, users, kind="note")]) if q else None
    )
    return {
        "count": Cell(number, ids, "actions", left_out),
        "reached": Cell(reached, partial(ids, extra="a.reached = 1"), "actions"),
        "minutes": Cell(round(seconds / 60, 1), partial(ids, extra="a.seconds > 0"), "actions"),
    }


def _grouped(q: Question, zone: ZoneInfo, users: Sequence[int]) -> list[tuple[Any, ...]]:
    """Counts by user, part of the period, kind and outcome, added up by the store."""
    where, values = _where(q, zone, users)
    # Midnights move with daylight saving: no sum of seconds would do.
    bounds = [midnight(part.first, zone) for part in q.buckets]
    return q.store.rows(
        f"SELECT user_id, part, kind, outcome_id, COUNT(*), SUM(reached), SUM(seconds) FROM"
        f" (SELECT a.user_id AS user_id, {part_of('a.at', bounds)} AS part, a.kind AS kind,"
        f" a.outcome_id AS outcome_id, a.reached AS reached, COALESCE(a.seconds, 0) AS seconds"
        f" FROM actions a WHERE {where}) found GROUP BY user_id, part, kind, outcome_id",
        values,
    )


def _where(q: Question, zone: ZoneInfo, users: Sequence[int], part: int | None = None) -> Any:
    begin, end = q.span(q.period if part is None else q.buckets[part], zone)
    narrow, values = q.action_narrowing()
    marks = ", ".join("?" * len(users))
    # With the kinds named, an index on user and kind leads to the days asked for.
    kinds = ", ".join(f"'{kind}'" for kind in (*KINDS, "note"))
    where = (
        f"a.user_id IN ({marks}) AND a.kind IN ({kinds}) AND a.at >= ? AND a.at < ? AND {narrow}"
    )
    return where, (*users, begin, end, *values)


def _ids(
    q: Question,
    users: Sequence[int],
    part: int | None = None,
    kind: str = "",
    outcome: int | None = None,
    without: str = "",
    extra: str = "1 = 1",
) -> Iterable[int]:
    """The actions behind a figure. ``without`` asks for those that have no outcome."""
    found: list[int] = []
    for zone, members in q.zones():
        mine = [user for user in members if user in users]
        if not mine:
            continue
        where, values = _where(q, zone, mine, part)
        where += " AND a.kind = ?" if kind else " AND a.kind <> ?"
        values = (*values, kind or "note")
        if outcome is not None:
            where, values = f"{where} AND a.outcome_id = ?", (*values, outcome)
        elif without:
            where += " AND a.outcome_id IS NULL"
        found += [
            row[0]
            for row in q.store.rows(
                f"SELECT a.id FROM actions a WHERE {where} AND {extra} ORDER BY a.id", values
            )
        ]
    return sorted(found)


# -- by rep ----------------------------------------------------------------------------------------


def _by_rep(q: Question, groups: dict[tuple[int, int, str, int | None], list[int]]) -> Table:
    created: dict[int | None, list[Group]] = {}
    won: dict[int | None, list[Group]] = {}
    for group in q.leads("created", "owner_id"):
        created.setdefault(group.owner_id, []).append(group)
    for group in q.leads("won", "closed_owner_id", "calls"):
        won.setdefault(group.closed_owner_id, []).append(group)
    active = _active_seconds(q)
    users = [
        user
        for user in q.members.values()
        if q.wants(user.id)
        and (
            user.active
            or any(group[0] == user.id for group in groups)
            or user.id in won
            or user.id in created
        )
    ]
    rows = [
        (user.name, _rep_cells(q, [user.id], user.name, groups, created, won, active))
        for user in users
    ]
    everybody = [user.id for user in q.members.values() if q.wants(user.id)]
    return Table(
        (
            Column("rep", _("rep"), "text"),
            Column("call", _("calls"), "count"),
            Column("reached", _("reached"), "count"),
            Column("reached_rate", _("reached rate"), "rate"),
            Column("email", _("e-mail"), "count"),
            Column("meeting", _("meeting"), "count"),
            Column("visit", _("visit"), "count"),
            Column("message", _("message"), "count"),
            Column("calls_per_hour", _("calls an hour"), "ratio"),
            Column("calls_per_lead", _("calls a lead"), "ratio"),
            Column("calls_per_win", _("calls a win"), "ratio"),
            Column("calls_on_won", _("calls on a won lead"), "ratio"),
        ),
        rows,
        _rep_cells(q, everybody, None, groups, created, won, active),
        (),
        {
            "call": _("calls logged in the period"),
            "reached": _("calls whose outcome says that a person was spoken to"),
            "reached_rate": _("calls with a reached outcome / calls"),
            "email": _("e-mails logged in the period"),
            "meeting": _("meetings logged in the period"),
            "visit": _("visits logged in the period"),
            "message": _("messages logged in the period"),
            "calls_per_hour": _("calls / active hours; active are gaps up to 10 min between acts"),
            "calls_per_lead": _("all calls in the period / leads created in it"),
            "calls_per_win": _("all calls in the period / leads won in it"),
            "calls_on_won": _("calls ever made on the leads won in the period / these leads"),
        },
    )


def _rep_cells(
    q: Question,
    users: list[int],
    name: str | None,
    groups: dict[tuple[int, int, str, int | None], list[int]],
    created: dict[int | None, list[Group]],
    won: dict[int | None, list[Group]],
    active: dict[int, int],
) -> Cells:
    mine = set(users)
    done = dict.fromkeys(KIND_ORDER, 0)
    reached = 0
    for (user, _bucket, kind, _outcome), sums in groups.items():
        if user in mine and kind in done:
            done[kind] += sums[0]
            reached += sums[1] if kind == "call" else 0
    leads = sum(total(created.get(user, ())) for user in users)
    on_these = [group for user in users for group in won.get(user, ())]
    wins, calls_on = total(on_these), sum(group.n * group.calls for group in on_these)
    calls, hours = done["call"], sum(active.get(user, 0) for user in users)
    ids = partial(_ids, q, users, kind="call")
    return {
        "rep": plain(name),
        **{kind: Cell(done[kind], partial(_ids, q, users, kind=kind), "actions") for kind in done},
        "reached": Cell(reached, partial(ids, extra="a.reached = 1"), "actions"),
        "reached_rate": Cell(Rate(reached, calls), ids, "actions", n=reached, d=calls),
        # Active time is kept in seconds, so the calls stand 3600-fold above it.
        "calls_per_hour": Cell(Rate(calls * 3600, hours), ids, "actions", n=calls * 3600, d=hours),
        "calls_per_lead": Cell(Rate(calls, leads), ids, "actions", n=calls, d=leads),
        "calls_per_win": Cell(Rate(calls, wins), ids, "actions", n=calls, d=wins),
        "calls_on_won": Cell(
            Rate(calls_on, wins),
            lambda: actions_of(on_these, "calls"),
            "actions",
            n=calls_on,
            d=wins,
        ),
    }


def _active_seconds(q: Question) -> dict[int, int]:
    """Seconds of work of each rep in the period: the gaps of up to ten minutes between acts."""
    found: dict[int, int] = {}
    for zone, users in q.zones():
        where, values = _where(q, zone, users)
        for user, seconds in q.store.rows(
            "SELECT user_id, SUM(gap) FROM (SELECT a.user_id AS user_id, a.at - LAG(a.at) OVER"
            f" (PARTITION BY a.user_id ORDER BY a.at) AS gap FROM actions a WHERE {where}) gaps"
            " WHERE gap <= ? GROUP BY user_id",
            (*values, ACTIVE_GAP),
        ):
            found[user] = int(seconds)
    return found
