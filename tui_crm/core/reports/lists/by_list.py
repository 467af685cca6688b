"""Lists: what each prospect list brought, by the list a lead came from, for good.

Other rows (`Question.cut`): :mod:`.by_script`, :mod:`.by_column`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from tui_crm.core.reports.closings import by_status
from tui_crm.core.reports.lead_groups import Group
from tui_crm.core.reports.question import NOBODY, Question
from tui_crm.core.reports.types import (
    Cell,
    Cells,
    Column,
    Rate,
    Table,
    amount,
    count,
    plain,
    rate,
    total as total_of,
)
from tui_crm.core.text import _


def compute(q: Question) -> Table:
    """One row for each prospect list, in the order they came."""
    lists = [
        row
        for row in q.store.rows("SELECT id, name FROM lists ORDER BY id")
        if q.list_id in (None, row[0])
    ]
    size = dict(q.store.rows("SELECT list_id, COUNT(*) FROM prospects GROUP BY list_id"))
    calls, called, reached = worked(q)
    created = q.leads("created", "list_id")
    won = q.leads("won", "list_id", money=True)

    def cells(numbers: Sequence[int], label: str | None) -> Cells:
        made = [group for group in created if group.list_id in numbers]
        wins = [group for group in won if group.list_id in numbers]
        total, leads = sum(calls.get(n, 0) for n in numbers), total_of(made)
        behind = partial(calls_behind, q, numbers)
        return {
            "list": plain(label),
            "rows": Cell(
                sum(size.get(n, 0) for n in numbers), partial(_rows, q, numbers), "prospects"
            ),
            "called": Cell(
                sum(called.get(n, 0) for n in numbers),
                partial(called_behind, q, numbers),
                "prospects",
            ),
            "reached": Cell(
                sum(reached.get(n, 0) for n in numbers),
                partial(called_behind, q, numbers, "a.reached = 1"),
                "prospects",
            ),
            "leads": count(made),
            "won": count(wins),
            "won_amount": amount(wins),
            "calls": Cell(total, behind, "actions"),
            "calls_per_lead": Cell(Rate(total, leads), behind, "actions", n=total, d=leads),
        }

    return Table(
        (
            Column("list", _("list"), "text"),
            Column("rows", _("rows"), "count"),
            Column("called", _("called"), "count"),
            Column("reached", _("reached"), "count"),
            Column("leads", _("leads"), "count"),
            Column("won", _("won"), "count"),
            Column("won_amount", _("amount"), "money"),
            Column("calls", _("calls"), "count"),
            Column("calls_per_lead", _("calls a lead"), "ratio"),
        ),
        [(name, cells([number], name)) for number, name in lists],
        cells([number for number, _name in lists], None),
        (),
        {
            "rows": _("the prospects on the list, called or not"),
            "called": _("prospects with at least one call in the period"),
            "reached": _("prospects on which a call in the period reached a person"),
            "leads": _("leads created in the period that came from the list"),
            "won": _("leads that came from the list and were won in the period"),
            "won_amount": _("sum of the amounts of those; one without amount adds 0"),
            "calls": _("calls on the list's prospects in the period"),
            "calls_per_lead": _("calls on the list / leads that came from it, in the period"),
        },
        _sources(q),
    )


def _where(q: Question, zone: Any, users: Sequence[int]) -> tuple[str, tuple[Any, ...]]:
    begin, end = q.span(q.period, zone)
    narrow, values = replace(q, list_id=None).action_narrowing()
    marks = ", ".join("?" * len(users))
    # Named by list, and with signs of no effect elsewhere, the rows come out of the index of the
    # lists, which holds all that is asked here and in this order. One list is named in the same
    # way: told apart by a plain comparison, its calls would come out of another index.
    one, number = ("", ()) if q.list_id is None else (" WHERE id = ?", (q.list_id,))
    return (
        f"a.list_id IN (SELECT id FROM lists{one}) AND a.kind = 'call'"
        f" AND a.user_id + 0 IN ({marks}) AND a.at + 0 >= ? AND a.at + 0 < ? AND {narrow}",
        (*number, *users, begin, end, *values),
    )


def time_ranges(q: Question) -> tuple[str, tuple[Any, ...]]:
    """The condition of all reps at once, each with their own midnights."""
    found = [_where(q, zone, users) for zone, users in q.zones()]
    if not found:
        return "1 = 0", ()
    return " OR ".join(f"({where})" for where, _v in found), tuple(
        value for _w, values in found for value in values
    )


def worked(q: Question) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
    """By list: calls, prospects called, prospects reached, in the period; one way along the index
    for all three."""
    where, values = time_ranges(q)
    found: tuple[dict[int, int], dict[int, int], dict[int, int]] = ({}, {}, {})
    for number, *figures in q.store.rows(
        "SELECT list_id, SUM(calls), COUNT(prospect_id),"
        " SUM(CASE WHEN prospect_id IS NULL THEN 0 ELSE spoke END) FROM"
        " (SELECT a.list_id AS list_id, a.prospect_id AS prospect_id, COUNT(*) AS calls,"
        f" MAX(a.reached) AS spoke FROM actions a WHERE {where}"
        " GROUP BY a.list_id, a.kind, a.prospect_id) found GROUP BY list_id",
        values,
    ):
        for figure, value in zip(found, figures, strict=True):
            figure[number] = int(value)
    return found


def _marks(numbers: Sequence[int]) -> str:
    return ", ".join("?" * len(numbers)) or "NULL"


def _rows(q: Question, numbers: Sequence[int]) -> list[int]:
    return [
        row[0]
        for row in q.store.rows(
            f"SELECT id FROM prospects WHERE list_id IN ({_marks(numbers)}) ORDER BY list_id, line",
            numbers,
        )
    ]


def called_behind(q: Question, numbers: Sequence[int], extra: str = "1 = 1") -> list[int]:
    """The prospects called on these lists in the period, by calls that ``extra`` is true of."""
    where, values = time_ranges(q)
    return [
        row[1]
        for row in q.store.rows(
            f"SELECT DISTINCT a.list_id, a.prospect_id FROM actions a WHERE ({where}) AND {extra}"
            f" AND a.prospect_id IS NOT NULL AND a.list_id IN ({_marks(numbers)})"
            " ORDER BY a.list_id, a.prospect_id",
            (*values, *numbers),
        )
    ]


def calls_behind(q: Question, numbers: Sequence[int]) -> list[int]:
    """The calls on these lists in the period."""
    where, values = time_ranges(q)
    return [
        row[0]
        for row in q.store.rows(
            f"SELECT a.id FROM actions a WHERE ({where}) AND a.list_id IN ({_marks(numbers)})"
            " ORDER BY a.id",
            (*values, *numbers),
        )
    ]


def _sources(q: Question) -> Table:
    """The same leads by the word that says where they came from."""
    created: dict[str, list[Group]] = {}
    closed: dict[str, list[Group]] = {}
    all_created = q.leads("created", "source")
    all_closed = q.leads("closed", "source", "status", money=True)
    for group in all_created:
        created.setdefault(group.source or NOBODY, []).append(group)
    for group in all_closed:
        closed.setdefault(group.source or NOBODY, []).append(group)

    def cells(name: str | None, made: list[Group], ended: list[Group]) -> Cells:
        of = by_status(ended)
        won, lost = of["won"], of["lost"]
        return {
            "source": plain(name),
            "leads": count(made),
            "won": count(won),
            "won_amount": amount(won),
            "win_rate": rate(won, lost),
        }

    return Table(
        (
            Column("source", _("source"), "text"),
            Column("leads", _("leads"), "count"),
            Column("won", _("won"), "count"),
            Column("won_amount", _("amount"), "money"),
            Column("win_rate", _("win rate"), "rate"),
        ),
        [
            (name, cells(name, created.get(name, []), closed.get(name, [])))
            for name in sorted(created.keys() | closed.keys())
        ],
        cells(None, all_created, all_closed),
        (),
        {
            "leads": _("leads of that source created in the period"),
            "won": _("leads of that source won in the period"),
            "won_amount": _("sum of the amounts of those; one without amount adds 0"),
            "win_rate": _("won / (won + lost), closed in the period"),
        },
    )
