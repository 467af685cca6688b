"""Acts of the reps in a period, each rep's days beginning at their own midnight: counted by what
their outcome means, and the rows behind a count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from tui_crm.core.reports.lead_groups import part_of
from tui_crm.core.reports.question import Question, midnight
from tui_crm.core.reports.types import Cell, Cells, Column, Table, plain
from tui_crm.core.text import _


class ActCount(NamedTuple):
    """How many acts of a user, in a part of the period, that ``reached`` somebody or not, whose
    outcome ``means`` something (``None``: they have no outcome)."""

    user_id: int
    part: int
    reached: bool
    means: str | None
    n: int


class Acts:
    """The acts of some ``kinds`` in the period of a question."""

    def __init__(self, q: Question, kinds: Sequence[str]) -> None:
        self.q, self.kinds = q, tuple(kinds)
        self.counts = self._counts()

    def cell(
        self,
        users: Sequence[int],
        part: int | None,
        wanted: Callable[[ActCount], bool] = lambda _count: True,
        where: str = "1 = 1",
    ) -> Cell:
        """How many acts of these users in a part of the period (None: in all of it) are
        ``wanted``; ``where`` is the same as a condition on ``actions a`` and ``outcomes o``."""
        mine = set(users)
        n = sum(
            count.n
            for count in self.counts
            if count.user_id in mine and part in (None, count.part) and wanted(count)
        )
        return Cell(n, partial(self.ids, users, part, where), kind="actions")

    def ids(self, users: Sequence[int], part: int | None, where: str) -> list[int]:
        """The numbers of the acts that `cell` counts."""
        period = self.q.period if part is None else self.q.buckets[part]
        found: list[int] = []
        for zone, members in self.q.reps_by_zone():
            mine = [user for user in members if user in users]
            if mine:
                source, values = self._source(mine, *self.q.instants(period, zone))
                found += [
                    row[0] for row in self.q.store.rows(f"SELECT a.id{source} AND {where}", values)
                ]
        return sorted(found)

    def _counts(self) -> list[ActCount]:
        found: list[ActCount] = []
        for zone, users in self.q.reps_by_zone():
            starts = [midnight(part.first, zone) for part in self.q.buckets]
            source, values = self._source(users, *self.q.instants(self.q.period, zone))
            found += [
                ActCount(user, part, bool(reached), means, int(n))
                for user, part, reached, means, n in self.q.store.rows(
                    f"SELECT user_id, part, reached, means, COUNT(*) FROM (SELECT a.user_id AS"
                    f" user_id, {part_of('a.at', starts)} AS part, a.reached AS reached, o.means"
                    f" AS means{source}) found GROUP BY user_id, part, reached, means",
                    values,
                )
            ]
        return found

    def _source(self, users: Sequence[int], begin: int, end: int) -> tuple[str, tuple[object, ...]]:
        filters, more = self.q.action_condition()
        kinds, marks = ", ".join("?" * len(self.kinds)), ", ".join("?" * len(users))
        return (
            " FROM actions a LEFT JOIN outcomes o ON o.id = a.outcome_id"
            f" WHERE a.user_id IN ({marks}) AND a.kind IN ({kinds}) AND a.at >= ? AND a.at < ?"
            f" AND {filters}",
            (*users, *self.kinds, begin, end, *more),
        )


def by_rep_and_period(
    acts: Acts,
    columns: Sequence[Column],
    cells: Callable[[Sequence[int], int | None], Cells],
    formulas: dict[str, str],
) -> Table:
    """One row for each rep and part of the period with an act; ``cells`` gives the figures of some
    users in a part (None: in all)."""
    q = acts.q
    seen = {(count.user_id, count.part) for count in acts.counts}
    rows = []
    for user, part in sorted(seen, key=lambda place: (q.name(place[0]), place[1])):
        rep, period = q.name(user), q.buckets[part].label
        names = {"rep": plain(rep), "period": plain(period)}
        rows.append((f"{rep}/{period}", {**names, **cells([user], part)}))
    everybody = [user.id for user in q.members.values() if q.includes(user.id)]
    return Table(
        columns=(
            Column("rep", _("rep"), "text"),
            Column("period", _("period"), "text"),
            *columns,
        ),
        rows=rows,
        totals={
            "rep": plain(None),
            "period": plain(q.period.label),
            **cells(everybody, None),
        },
        formulas=formulas,
    )
