"""Touchpoints: how many real actions a win took, by which channel they were and were answered,
and what the first of them was."""

from __future__ import annotations

from collections.abc import Sequence

from tui_crm.core.reports.closings import by_status
from tui_crm.core.reports.lead_groups import Group, group_leads, split
from tui_crm.core.reports.question import NOBODY, Question
from tui_crm.core.reports.types import (
    Cell,
    Cells,
    Column,
    Table,
    actions_of,
    count,
    mean_of,
    median_of,
    plain,
    rate,
    ratio,
)
from tui_crm.core.text import _


def compute(q: Question) -> Table:
    """One row for each rep who won in the period."""
    won = group_leads(q, "won", "closed_owner_id", "touches")
    rows = [
        (q.name(user), _cells(q.name(user), groups))
        for user, groups in split(won, "closed_owner_id").items()
    ]
    rows.sort(key=lambda row: (-row[1]["won"].value, row[0]))
    return Table(
        columns=(
            Column("rep", _("rep"), "text"),
            Column("won", _("won"), "count"),
            Column("touches", _("actions"), "count"),
            Column("mean", _("mean"), "number"),
            Column("median", _("median"), "count"),
            Column("none", _("with none"), "count"),
        ),
        rows=rows,
        totals=_cells(None, won),
        notes=(),
        formulas={
            "won": _("leads won in the period, by the owner at closing"),
            "touches": _(
                "real actions on them (no notes, no system entries), from the first touch"
                " to the end of the closing day, calls as a prospect included"
            ),
            "mean": _("these actions / won leads"),
            "median": _("median of these actions over the won leads"),
            "none": _("won leads without a single action logged"),
        },
        more=(_by_channel(won), _first_contact(q)),
    )


def _by_channel(won: Sequence[Group]) -> Table:
    """The touches of the leads won by kind of action, the most frequent first."""
    query = won[0].of if won else None
    counts: dict[str, list[int]] = {}
    for kind, reached, n in query.channels() if query else ():
        counts.setdefault(kind, [0, 0])[reached] += n

    def cells(channel: str | None, count: int, answered: int) -> Cells:
        of_kind = "1 = 1" if channel is None else f"a.kind = '{channel}'"

        def ids(extra: str = "1 = 1") -> list[int]:
            return query.actions(won, "touches", f"{of_kind} AND {extra}") if query else []

        return {
            "channel": plain(channel),
            "count": Cell(count, ids, kind="actions"),
            "answered": Cell(answered, lambda: ids("a.reached = 1"), kind="actions"),
            "answer_rate": ratio(answered, count, ids),
        }

    ordered = sorted(counts.items(), key=lambda item: (-sum(item[1]), item[0]))
    return Table(
        name="by_channel",
        columns=(
            Column("channel", _("channel"), "text"),
            Column("count", _("actions"), "count"),
            Column("answered", _("answered"), "count"),
            Column("answer_rate", _("answer rate"), "rate"),
        ),
        rows=[(kind, cells(kind, sum(split), split[1])) for kind, split in ordered],
        totals=cells(
            None,
            sum(sum(split) for split in counts.values()),
            sum(split[1] for split in counts.values()),
        ),
        formulas={
            "count": _("real actions of that kind on the leads won in the period"),
            "answered": _("those of them whose outcome says that a person answered"),
            "answer_rate": _("answered / actions"),
        },
    )


def _first_contact(q: Question) -> Table:
    """The leads won and lost in the period by the kind of the first real action on them."""
    closed = group_leads(q, "closed", "first_contact", "status")
    won, lost, _cancelled, _open = by_status(closed)

    def cells(kind: str | None, won: Sequence[Group], lost: Sequence[Group]) -> Cells:
        return {
            "kind": plain(kind),
            "won": count(won),
            "lost": count(lost),
            "win_rate": rate(won, lost),
        }

    by_kind = [
        (kind or NOBODY, cells(kind or NOBODY, *by_status(groups)[:2]))
        for kind, groups in split([*won, *lost], "first_contact").items()
    ]
    by_kind.sort(key=lambda row: (-row[1]["won"].value - row[1]["lost"].value, row[0]))
    return Table(
        name="first_contact",
        columns=(
            Column("kind", _("first contact"), "text"),
            Column("won", _("won"), "count"),
            Column("lost", _("lost"), "count"),
            Column("win_rate", _("win rate"), "rate"),
        ),
        rows=by_kind,
        totals=cells(None, won, lost),
        formulas={
            "won": _("leads won in the period whose first real action was of that kind"),
            "lost": _("leads lost in the period whose first real action was of that kind"),
            "win_rate": _("won / (won + lost), closed in the period"),
        },
    )


def _touches(group: Group) -> int:
    return int(group.touches)


def _cells(name: str | None, groups: Sequence[Group]) -> Cells:
    return {
        "rep": plain(name),
        "won": count(groups),
        "touches": Cell(
            sum(group.n * _touches(group) for group in groups),
            lambda: actions_of(groups, "touches"),
            kind="actions",
        ),
        "mean": mean_of(groups, _touches),
        "median": median_of(groups, _touches),
        "none": count([group for group in groups if not _touches(group)]),
    }
