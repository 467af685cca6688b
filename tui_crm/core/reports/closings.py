"""The figures that Company and Team share: created, won, lost, rates, cycle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tui_crm.core.reports.lead_groups import Group, split
from tui_crm.core.reports.types import (
    SMALL_SAMPLE,
    Cells,
    Column,
    amount,
    average_amount,
    count,
    ids_of,
    mean_of,
    median_of,
    rate,
    unpriced,
)
from tui_crm.core.text import _, ngettext


def columns(first: Column) -> tuple[Column, ...]:
    """``first`` (whose or when), then the columns of the figures."""
    return (
        first,
        Column("created", _("created"), "count"),
        Column("won", _("won"), "count"),
        Column("won_amount", _("amount"), "money"),
        Column("won_without_amount", _("without amount"), "count"),
        Column("average_won", _("average"), "money"),
        Column("lost", _("lost"), "count"),
        Column("cancelled", _("cancelled"), "count"),
        Column("win_rate", _("win rate"), "rate"),
        Column("win_rate_all", _("of all closed"), "rate"),
        Column("cycle_mean_days", _("mean cycle"), "days"),
        Column("cycle_median_days", _("cycle"), "days"),
        Column("created_amount", _("value created"), "money"),
    )


def formulas() -> dict[str, str]:
    """How each figure is computed, in a sentence, by column key."""
    return {
        "created": _("leads with their creation date in the period, by the owner they have"),
        "created_amount": _(
            "sum of the amounts, as they stand, of the leads created; one without amount adds 0"
        ),
        "won": _("leads won with their closing date in the period, by the owner at closing"),
        "won_amount": _("sum of the amounts of the won leads; one without amount adds 0"),
        "won_without_amount": _("won leads without an amount, or with 0"),
        "average_won": _("sum of won amounts / count of won leads with an amount above 0"),
        "lost": _("leads lost with their closing date in the period, by the owner at closing"),
        "cancelled": _("leads cancelled with their closing date in the period"),
        "win_rate": _("won / (won + lost), closed in the period"),
        "win_rate_all": _("won / (won + lost + cancelled), closed in the period"),
        "cycle_mean_days": _("mean of the days from creation to closing of the won leads"),
        "cycle_median_days": _("median of the days from creation to closing of the won leads"),
    }


def cells(created: Sequence[Group], closed: Sequence[Group]) -> Cells:
    """The figures of one row: of leads created with their money, and of leads closed, which
    are grouped by ``status`` and ``cycle`` with their money."""
    won, lost, cancelled, _open = by_status(closed)
    win_rate = rate(won, lost)
    return {
        "created": count(created),
        "won": count(won),
        "won_amount": amount(won),
        "won_without_amount": unpriced(won),
        "average_won": average_amount(won),
        "lost": count(lost),
        "cancelled": count(cancelled),
        "win_rate": replace(
            win_rate, left_out=lambda: [(n, _("cancelled")) for n in ids_of(cancelled)]
        ),
        "win_rate_all": rate(won, (*lost, *cancelled)),
        "cycle_mean_days": mean_of(won, _cycle),
        "cycle_median_days": median_of(won, _cycle),
        "created_amount": amount(created),
    }


def by_status(
    groups: Sequence[Group],
) -> tuple[list[Group], list[Group], list[Group], list[Group]]:
    """The groups that are won, lost, cancelled and open."""
    parts = split(groups, "status")
    won, lost, cancelled, open_ = (
        parts.get(status, []) for status in ("won", "lost", "cancelled", "open")
    )
    return won, lost, cancelled, open_


def _cycle(group: Group) -> int:
    return int(group.cycle)


def notes(closed: Sequence[Group]) -> list[str]:
    """Notes on the totals: won leads without an amount, how long lost ones took."""
    lines = []
    won, lost, _cancelled, _open = by_status(closed)
    without = unpriced(won).value
    if without:
        lines.append(
            ngettext(
                "{n} won lead without amount: counted, adds 0, left out of the average.",
                "{n} won leads without amount: counted, add 0, left out of the average.",
                without,
            ).format(n=without)
        )
    middle, mean = median_of(lost, _cycle), mean_of(lost, _cycle)
    if middle.d:
        lines.append(
            ngettext(
                "Lost after {median} days in the median, {mean} on average ({n} lead).",
                "Lost after {median} days in the median, {mean} on average ({n} leads).",
                middle.d,
            ).format(median=f"{middle.value:g}", mean=f"{mean.value:.1f}", n=middle.d)
        )
    return lines


def small_note() -> str:
    """The note on the mark of a small sample."""
    return _("Marked: fewer than {n} leads or actions behind the figure.").format(n=SMALL_SAMPLE)
