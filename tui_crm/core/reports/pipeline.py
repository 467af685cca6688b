"""Pipeline: who entered each step in the period, who went on, who stayed, who was lost there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from tui_crm.core.reports.lead_groups import Group, day_number
from tui_crm.core.reports.question import Question
from tui_crm.core.reports.types import (
    Cells,
    Column,
    Table,
    amount,
    count,
    ids_of,
    median_of,
    plain,
    rate,
)
from tui_crm.core.text import _, ngettext


class _Step(NamedTuple):
    id: int
    pipeline_id: int
    name: str
    place: int
    pipeline: str
    retired: int


class _Entry(NamedTuple):
    """The first entries of leads into a step that went alike: the days until they left it or
    closed there (or ``so_far`` until today, and they are ``there`` still), whether they later
    reached a later step or Won, how the leads stand now."""

    days: int
    there: bool
    went_on: bool
    status: str
    elsewhere: bool  # in another pipeline by now


class _Entered:
    """The leads of one kind of entry: a `Group` that has counted them one by one."""

    def __init__(self, entry: _Entry) -> None:
        self.entry = entry
        self.leads: list[int] = []
        self.bare: list[int] = []
        self.amount = 0

    @property
    def n(self) -> int:
        return len(self.leads)

    @property
    def unpriced(self) -> int:
        return len(self.bare)

    @property
    def of(self) -> _Entered:
        return self

    def ids(self, _groups: Iterable[Group], priced: bool | None = None) -> list[int]:
        """Those leads, or those with an amount, or those without."""
        if priced is False:
            return self.bare
        return sorted(set(self.leads) - set(self.bare)) if priced else self.leads


def compute(q: Question) -> Table:
    """One row for each step, in the order of the pipelines."""
    steps = _steps(q)
    entries, firsts = _entries(q, steps)
    several = len({step.pipeline_id for step in steps if not step.retired}) > 1
    rows, more = [], []
    for step in steps:
        found = entries.get(step.id, [])
        if step.retired and not found:
            continue
        label = f"{step.pipeline}: {step.name}" if several else step.name
        key = f"{step.pipeline}/{step.name}"
        rows.append((key, {"step": plain(label), **_cells(found)}))
        more.append((key, {"step": plain(label), **_more(found)}))
    notes = [_("Pending are still open: they count as neither gone on nor lost.")]
    moved = len(
        {
            n
            for found in entries.values()
            for entered in found
            if entered.entry.elsewhere
            for n in entered.leads
        }
    )
    if moved:
        notes.append(
            ngettext(
                "{n} lead stands in another pipeline by now.",
                "{n} leads stand in another pipeline by now.",
                moved,
            ).format(n=moved)
        )
    return Table(
        (
            Column("step", _("step"), "text"),
            Column("entered", _("entered"), "count"),
            Column("converted", _("went on"), "count"),
            Column("pending", _("pending"), "count"),
            Column("lost_here", _("lost"), "count"),
            Column("conversion", _("conversion"), "rate"),
            Column("median_days", _("median stay"), "days"),
        ),
        rows,
        {"step": plain(None), **_cells(firsts)},
        notes,
        {
            "entered": _(
                "leads whose first entry into the step is in the period; in the total,"
                " leads with a first entry into any step, by their first in it"
            ),
            "converted": _(
                "entered in the period and later reached any later step of the pipeline"
                " or Won; a step skipped counts as passed, moving back takes nothing"
            ),
            "pending": _("entered, open, and not gone on"),
            "lost_here": _("entered, lost or cancelled, and not gone on"),
            "conversion": _(
                "entered the step in the period and later reached a later step or Won"
                " / entered it in the period"
            ),
            "median_days": _(
                "median of the completed stays, in days from first entry to leaving"
                " the step or closing on it"
            ),
        },
        Table(
            (
                Column("step", _("step"), "text"),
                Column("so_far_days", _("so far"), "days"),
                Column("still_there", _("still there"), "count"),
                Column("won", _("won by now"), "count"),
                Column("won_amount", _("won amount"), "money"),
            ),
            more,
            {"step": plain(None), **_more(firsts)},
            (),
            {
                "so_far_days": _("median of the stays not completed, in days until today"),
                "still_there": _("entered in the period and never left the step since"),
                "won": _("entered in the period and Won by now"),
                "won_amount": _("sum of the amounts of those won by now"),
            },
        ),
    )


def _cells(found: Sequence[_Entered]) -> Cells:
    went_on = [entered for entered in found if entered.entry.went_on]
    others = [entered for entered in found if not entered.entry.went_on]
    there = [entered for entered in found if entered.entry.there]
    stays = median_of([entered for entered in found if not entered.entry.there], _days)
    return {
        "entered": count(found),
        "converted": count(went_on),
        "pending": count([entered for entered in others if entered.entry.status == "open"]),
        "lost_here": count([entered for entered in others if entered.entry.status != "open"]),
        "conversion": rate(went_on, others),
        "median_days": replace(
            stays, left_out=lambda: [(n, _("still there")) for n in ids_of(there)]
        ),
    }


def _more(found: Sequence[_Entered]) -> Cells:
    there = [entered for entered in found if entered.entry.there]
    won = [entered for entered in found if entered.entry.status == "won"]
    return {
        "so_far_days": median_of(there, _days),
        "still_there": count(there),
        "won": count(won),
        "won_amount": amount(won),
    }


def _days(entered: _Entered) -> int:
    return entered.entry.days


def _steps(q: Question) -> list[_Step]:
    rows = q.store.rows(
        "SELECT s.id, s.pipeline_id, s.name, p.name, s.retired + p.retired FROM steps s"
        " JOIN pipelines p ON p.id = s.pipeline_id"
        " ORDER BY p.position, p.id, s.position, s.id"
    )
    return [
        _Step(number, pipeline, name, place, whose, retired)
        for place, (number, pipeline, name, whose, retired) in enumerate(rows)
        if q.pipeline in (None, pipeline)
    ]


def _entries(
    q: Question, steps: Sequence[_Step]
) -> tuple[dict[int, list[_Entered]], list[_Entered]]:
    """The first entries in the period, into each step; and of each lead the one into the earliest
    step that it entered in the period."""
    by_name = {str(step.id): step for step in steps}
    found: dict[int, dict[tuple[Any, ...], _Entered]] = {step.id: {} for step in steps}
    firsts: dict[tuple[Any, ...], _Entered] = {}
    first, last, today = q.first, q.last, day_number(q.today.isoformat())
    for lead, walk in groupby(_walks(q), itemgetter(0)):
        path = list(walk)
        _lead, _step, _day, status, closed_on, money, pipeline = path[0]
        seen: set[str] = set()
        earliest: tuple[int, tuple[Any, ...]] | None = None
        for place, (_lead, name, day, *_rest) in enumerate(path, 1):
            if name in seen:
                continue
            seen.add(name)
            step = by_name.get(name)
            if step is None or not first <= day <= last:
                continue
            went_on, left = status == "won", None
            for after in path[place:]:
                if left is None and after[1] != name:
                    left = after[2]
                other = by_name.get(after[1])
                if other and other.pipeline_id == step.pipeline_id and other.place > step.place:
                    went_on = True
            left = left or closed_on
            stay = (day_number(left) if left else today) - day_number(day)
            entry = stay, left is None, went_on, status, pipeline != step.pipeline_id
            _note(found[step.id], entry, lead, money)
            if earliest is None or step.place < earliest[0]:
                earliest = step.place, entry
        if earliest is not None:
            _note(firsts, earliest[1], lead, money)
    return {step: list(entered.values()) for step, entered in found.items()}, list(firsts.values())


def _note(
    found: dict[tuple[Any, ...], _Entered], entry: tuple[Any, ...], lead: int, money: int | None
) -> None:
    entered = found.get(entry)
    if entered is None:
        entered = found[entry] = _Entered(_Entry._make(entry))
    entered.leads.append(lead)
    if money:
        entered.amount += money
    else:
        entered.bare.append(lead)


def _walks(q: Question) -> Iterator[tuple[Any, ...]]:
    """Each move of the leads that moved in the period, lead by lead in the order of moving: lead,
    step (as the history keeps it), day; and the lead's status, closing day, amount, pipeline."""
    # A lead may have left the pipeline asked for and still have entered its steps: not narrowed.
    where, values = replace(q, pipeline=None).narrowing()
    if q.reps is not None:
        where += (
            " AND CASE WHEN l.status = 'open' THEN l.owner_id ELSE l.closed_owner_id END"
            f" IN ({', '.join('?' * len(q.reps)) or 'NULL'})"
        )
        values = (*values, *sorted(q.reps))
    today = q.today.isoformat()
    return q.store.each(
        "SELECT h.lead_id, h.became, h.on_day, l.status, l.closed_on, l.amount, l.pipeline_id"
        f" FROM history h JOIN {q.table} l ON l.id = h.lead_id"
        f" WHERE h.field = 'step' AND h.became IS NOT NULL AND h.on_day <= ? AND {where}"
        " AND h.lead_id IN (SELECT lead_id FROM history WHERE field = 'step' AND on_day >= ?"
        " AND on_day <= ?) ORDER BY h.lead_id, h.id",
        (today, *values, q.first, min(q.last, today)),
    )
