"""Dashboard: the company at a glance, what is open now and what was won in the period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from tui_crm.core.dates import periods
from tui_crm.core.reports import reasons
from tui_crm.core.reports.closings import by_status
from tui_crm.core.reports.forecast import weight
from tui_crm.core.reports.lead_groups import Group, group_leads, split
from tui_crm.core.reports.question import Question
from tui_crm.core.reports.types import (
    Cells,
    Column,
    Table,
    amount,
    average_amount,
    count,
    divided,
    plain,
    rate,
)
from tui_crm.core.text import _

ALL = "all"
"""The key of the only row."""


class Step(NamedTuple):
    """A step of a pipeline, with the name that tells it from those of other pipelines."""

    id: int
    label: str


def compute(q: Question) -> Table:
    """One row of the headline figures; then what is open, what was won, month by month, by rep and
    step, by step, and why leads were lost."""
    is_open = group_leads(q, "open", "owner_id", "step_id", "percent", money=True)
    closed = group_leads(q, "closed", "status", "cycle", money=True)
    open_cells, won_cells = _open(is_open), _won(closed)
    headline = {**open_cells, **won_cells}
    formulas = {
        "leads": _("open leads, whatever the period"),
        "amount": _("sum of their amounts; one without amount adds 0"),
        "weighted_amount": _("sum of amount x probability; the lead's own, else its step's"),
        "won": _("leads won with their closing date in the period"),
        "won_amount": _("sum of the amounts of the won leads; one without amount adds 0"),
        "average_won": _("sum of won amounts / count of won leads with an amount above 0"),
        "win_rate": _("won / (won + lost), closed in the period"),
    }
    of_open = (
        Column("leads", _("open"), "count"),
        Column("amount", _("amount"), "money"),
        Column("weighted_amount", _("weighted"), "money"),
    )
    of_won = (
        Column("won", _("won"), "count"),
        Column("won_amount", _("amount"), "money"),
        Column("average_won", _("average"), "money"),
        Column("win_rate", _("win rate"), "rate"),
    )
    steps = _steps(q)
    return Table(
        columns=(*of_open, *of_won),
        rows=[(ALL, headline)],
        totals=headline,
        formulas=formulas,
        more=(
            Table(of_open, [(ALL, open_cells)], open_cells, (), formulas, name="open"),
            Table(of_won, [(ALL, won_cells)], won_cells, (), formulas, name="won"),
            _by_month(q),
            _open_by_rep(q, is_open, steps),
            _funnel(is_open, steps),
            replace(reasons.compute(q), name="reasons"),
        ),
    )


def _open(groups: Sequence[Group]) -> Cells:
    money, hundredths = amount(groups), weight(groups)
    return {
        "leads": count(groups),
        "amount": money,
        "weighted_amount": replace(money, value=divided(hundredths, 100), n=hundredths, d=100),
    }


def _won(closed: Sequence[Group]) -> Cells:
    won, lost, _cancelled, _open_ones = by_status(closed)
    return {
        "won": count(won),
        "won_amount": amount(won),
        "average_won": average_amount(won),
        "win_rate": rate(won, lost),
    }


def _by_month(q: Question) -> Table:
    months = replace(q, by="month")
    groups = group_leads(months, "won", "part", money=True)
    by_part = split(groups, "part")

    def cells(label: str, won: Sequence[Group]) -> Cells:
        return {"period": plain(label), "won": count(won), "won_amount": amount(won)}

    return Table(
        name="by_month",
        columns=(
            Column("period", _("month"), "text"),
            Column("won", _("won"), "count"),
            Column("won_amount", _("won amount"), "money"),
        ),
        rows=[
            (part.label, cells(part.label, by_part.get(place, [])))
            for place, part in enumerate(periods.buckets(q.period, "month"))
        ],
        totals=cells(q.period.label, groups),
        formulas={
            "won": _("leads won with their closing date in the month"),
            "won_amount": _("sum of their amounts; one without amount adds 0"),
        },
    )


def _columns() -> tuple[Column, ...]:
    return Column("leads", _("leads"), "count"), Column("amount", _("amount"), "money")


def _leads(groups: Sequence[Group]) -> Cells:
    return {"leads": count(groups), "amount": amount(groups)}


def _open_by_rep(q: Question, is_open: Sequence[Group], steps: Sequence[Step]) -> Table:
    rows: list[tuple[str, Cells]] = []
    by_rep = split(is_open, "owner_id")
    order = sorted(by_rep, key=lambda user: (user is None, q.name(user)))
    for user in order:
        by_step = split(by_rep[user], "step_id")
        for step in steps:
            if step.id in by_step:
                names = {"rep": plain(q.name(user)), "step": plain(step.label)}
                rows.append((f"{q.name(user)}/{step.label}", {**names, **_leads(by_step[step.id])}))
    return Table(
        name="open_by_rep",
        columns=(Column("rep", _("rep"), "text"), Column("step", _("step"), "text"), *_columns()),
        rows=rows,
        totals={"rep": plain(None), "step": plain(None), **_leads(is_open)},
        formulas={
            "leads": _("open leads of the rep on the step"),
            "amount": _("sum of their amounts; one without amount adds 0"),
        },
    )


def _funnel(is_open: Sequence[Group], steps: Sequence[Step]) -> Table:
    by_step = split(is_open, "step_id")
    return Table(
        name="funnel",
        columns=(Column("step", _("step"), "text"), *_columns()),
        rows=[
            (step.label, {"step": plain(step.label), **_leads(by_step.get(step.id, []))})
            for step in steps
        ],
        totals={"step": plain(None), **_leads(is_open)},
        formulas={
            "leads": _("open leads on the step now"),
            "amount": _("sum of their amounts; one without amount adds 0"),
        },
    )


def _steps(q: Question) -> list[Step]:
    """The steps of the pipelines of the question, in their order, those in use and those with open
    leads."""
    where, values = ("p.id = ?", (q.pipeline,)) if q.pipeline is not None else ("1 = 1", ())
    rows = q.store.rows(
        "SELECT s.id, s.name, p.name FROM steps s JOIN pipelines p ON p.id = s.pipeline_id"
        f" WHERE {where} AND ((s.retired = 0 AND p.retired = 0) OR EXISTS (SELECT 1 FROM leads"
        " WHERE leads.step_id = s.id AND leads.status = 'open'))"
        " ORDER BY p.position, p.id, s.position, s.id",
        values,
    )
    several = len({pipeline for _number, _name, pipeline in rows}) > 1
    return [
        Step(number, f"{pipeline}: {name}" if several else name) for number, name, pipeline in rows
    ]
