"""Lists: what each prospect list brought. A lead counts for the list it came from, for good.

Other rows (`Question.cut`): :mod:`.by_script`, :mod:`.by_column`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from tui_crm.core.reports.closings import by_status
from tui_crm.core.reports.lead_groups import Group, group_leads, split
from tui_crm.core.reports.question import NOBODY, Question
from tui_crm.core.reports.types import (
    Cell,
    Cells,
    Column,
    Table,
    amount,
    count,
    plain,
    rate,
    ratio,
    total,
)
from tui_crm.core.text import _


def compute(q: Question) -> Table:
    """One row for each prospect list, in the order they came; in the second table one for each
    source of leads."""
    lists = [
        (number, name)
        for number, name in q.store.rows("SELECT id, name FROM lists ORDER BY id")
        if q.list_id in (None, number)
    ]
    sizes = dict(q.store.rows("SELECT list_id, COUNT(*) FROM prospects GROUP BY list_id"))
    figures = {figure.list_id: figure for figure in list_figures(q)}
    created = split(group_leads(q, "created", "list_id"), "list_id")
    won = split(group_leads(q, "won", "list_id", money=True), "list_id")

    def cells(numbers: Sequence[int], label: str | None) -> Cells:
        mine = [figures[n] for n in numbers if n in figures]
        leads = [group for n in numbers for group in created.get(n, [])]
        wins = [group for n in numbers for group in won.get(n, [])]
        calls, call_ids = sum(figure.calls for figure in mine), partial(_call_ids, q, numbers)
        called, reached = (
            partial(_called, q, numbers),
            partial(_called, q, numbers, "a.reached = 1"),
        )
        return {
            "list": plain(label),
            "rows": Cell(
                sum(sizes.get(n, 0) for n in numbers), partial(_rows, q, numbers), kind="prospects"
            ),
            "called": Cell(sum(figure.called for figure in mine), called, kind="prospects"),
            "reached": Cell(sum(figure.reached for figure in mine), reached, kind="prospects"),
            "leads": count(leads),
            "won": count(wins),
            "won_amount": amount(wins),
            "calls": Cell(calls, call_ids, kind="actions"),
            "calls_per_lead": ratio(calls, total(leads), call_ids),
        }

    return Table(
        columns=(
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
        rows=[(name, cells([number], name)) for number, name in lists],
        totals=cells([number for number, _name in lists], None),
        formulas={
            "rows": _("the prospects on the list, called or not"),
            "called": _("prospects with at least one call in the period"),
            "reached": _("prospects on which a call in the period reached a person"),
            "leads": _("leads created in the period that came from the list"),
            "won": _("leads that came from the list and were won in the period"),
            "won_amount": _("sum of the amounts of those; one without amount adds 0"),
            "calls": _("calls on the list's prospects in the period"),
            "calls_per_lead": _("calls on the list / leads that came from it, in the period"),
        },
        more=(_sources(q),),
    )


def _where(q: Question, zone: ZoneInfo, users: Sequence[int]) -> tuple[str, tuple[Any, ...]]:
    """The condition on ``actions a``: calls of these users on lists, in the period."""
    begin, end = q.instants(q.period, zone)
    filters, values = replace(q, list_id=None).action_condition()
    marks = ", ".join("?" * len(users))
    # Named by list, and with "+ 0" of no effect elsewhere, the rows come out of the index of the
    # lists, which holds all that is read here and in this order. One list is named in the same
    # way: told apart by a plain comparison, its calls would come out of another index.
    one, number = ("", ()) if q.list_id is None else (" WHERE id = ?", (q.list_id,))
    return (
        f"a.list_id IN (SELECT id FROM lists{one}) AND a.kind = 'call'"
        f" AND a.user_id + 0 IN ({marks}) AND a.at + 0 >= ? AND a.at + 0 < ? AND {filters}",
        (*number, *users, begin, end, *values),
    )


def time_ranges(q: Question) -> tuple[str, tuple[Any, ...]]:
    """The condition on ``actions a``: calls on lists of all reps in the period, each with their
    own midnights."""
    conditions = [_where(q, zone, users) for zone, users in q.reps_by_zone()]
    if not conditions:
        return "1 = 0", ()
    return " OR ".join(f"({where})" for where, _v in conditions), tuple(
        value for _w, values in conditions for value in values
    )


class ListFigures(NamedTuple):
    """The calls on a list in the period, the prospects called, those reached."""

    list_id: int
    calls: int
    called: int
    reached: int


def list_figures(q: Question) -> list[ListFigures]:
    """The figures of each list with calls, by one way along the index."""
    where, values = time_ranges(q)
    rows = q.store.rows(
        "SELECT list_id, SUM(calls), COUNT(prospect_id),"
        " SUM(CASE WHEN prospect_id IS NULL THEN 0 ELSE spoke END) FROM"
        " (SELECT a.list_id AS list_id, a.prospect_id AS prospect_id, COUNT(*) AS calls,"
        f" MAX(a.reached) AS spoke FROM actions a WHERE {where}"
        " GROUP BY a.list_id, a.kind, a.prospect_id) found GROUP BY list_id",
        values,
    )
    return [ListFigures(*map(int, row)) for row in rows]


def _marks(numbers: Sequence[int]) -> str:
    return ", ".join("?" * len(numbers)) or "NULL"


def _rows(q: Question, numbers: Sequence[int]) -> list[int]:
    """The prospects on these lists."""
    rows = q.store.rows(
        f"SELECT id FROM prospects WHERE list_id IN ({_marks(numbers)}) ORDER BY list_id, line",
        numbers,
    )
    return [row[0] for row in rows]


def _called(q: Question, numbers: Sequence[int], extra: str = "1 = 1") -> list[int]:
    """The prospects called on these lists in the period, by calls under an ``extra`` condition."""
    where, values = time_ranges(q)
    rows = q.store.rows(
        f"SELECT DISTINCT a.list_id, a.prospect_id FROM actions a WHERE ({where}) AND {extra}"
        f" AND a.prospect_id IS NOT NULL AND a.list_id IN ({_marks(numbers)})"
        " ORDER BY a.list_id, a.prospect_id",
        (*values, *numbers),
    )
    return [prospect for _list, prospect in rows]


def _call_ids(q: Question, numbers: Sequence[int]) -> list[int]:
    """The calls on these lists in the period."""
    where, values = time_ranges(q)
    rows = q.store.rows(
        f"SELECT a.id FROM actions a WHERE ({where}) AND a.list_id IN ({_marks(numbers)})"
        " ORDER BY a.id",
        (*values, *numbers),
    )
    return [row[0] for row in rows]


def _sources(q: Question) -> Table:
    """One row for each source that the leads of the lists, or of the filters, came from."""
    all_created = group_leads(q, "created", "source")
    all_closed = group_leads(q, "closed", "source", "status", money=True)
    created, closed = _by_source(all_created), _by_source(all_closed)

    def cells(name: str | None, made: Sequence[Group], ended: Sequence[Group]) -> Cells:
        won, lost, _cancelled, _open = by_status(ended)
        return {
            "source": plain(name),
            "leads": count(made),
            "won": count(won),
            "won_amount": amount(won),
            "win_rate": rate(won, lost),
        }

    return Table(
        columns=(
            Column("source", _("source"), "text"),
            Column("leads", _("leads"), "count"),
            Column("won", _("won"), "count"),
            Column("won_amount", _("amount"), "money"),
            Column("win_rate", _("win rate"), "rate"),
        ),
        rows=[
            (name, cells(name, created.get(name, []), closed.get(name, [])))
            for name in sorted(created.keys() | closed.keys())
        ],
        totals=cells(None, all_created, all_closed),
        formulas={
            "leads": _("leads of that source created in the period"),
            "won": _("leads of that source won in the period"),
            "won_amount": _("sum of the amounts of those; one without amount adds 0"),
            "win_rate": _("won / (won + lost), closed in the period"),
        },
        name="by_source",
    )


def _by_source(groups: Sequence[Group]) -> dict[str, list[Group]]:
    parts: dict[str, list[Group]] = {}
    for group in groups:
        parts.setdefault(group.source or NOBODY, []).append(group)
    return parts
