"""The figures that `company` and `team` share: created, won, lost, rates, cycle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tui_crm.core.reports.lead_groups import Group
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
    """The columns behind a first one that says whose or when."""
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
    )


def formulas() -> dict[str, str]:
    """What each figure is, in a sentence."""
    return {
        "created": _("leads with their creation date in the period, by the owner they have"),
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
    """The figures of leads created, and of leads closed (by ``status`` and ``cycle``, with their
    money), in one row."""
    of = by_status(closed)
    won, lost, cancelled = of["won"], of["lost"], of["cancelled"]
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
    }


def by_status(groups: Sequence[Group]) -> dict[str, list[Group]]:
    """Groups of leads by their ``status``."""
    found: dict[str, list[Group]] = {"won": [], "lost": [], "cancelled": [], "open": []}
    for group in groups:
        found[group.status].append(group)
    return found


def _cycle(group: Group) -> int:
    return int(group.cycle)


def notes(closed: Sequence[Group]) -> list[str]:
    """What has to be said beside the totals."""
    said = []
    of = by_status(closed)
    without = unpriced(of["won"]).value
    if without:
        said.append(
            ngettext(
                "{n} won lead without amount: counted, adds 0, left out of the average.",
                "{n} won leads without amount: counted, add 0, left out of the average.",
                without,
            ).format(n=without)
        )
    middle, mean = median_of(of["lost"], _cycle), mean_of(of["lost"], _cycle)
    if middle.d:
        said.append(
            ngettext(
                "Lost after {median} days in the median, {mean} on average ({n} lead).",
                "Lost after {median} days in the median, {mean} on average ({n} leads).",
                middle.d,
            ).format(median=f"{middle.value:g}", mean=f"{mean.value:.1f}", n=middle.d)
        )
    return said


def small_note() -> str:
    """What the mark of a small sample means."""
    return _("Marked: fewer than {n} leads or actions behind the figure.").format(n=SMALL_SAMPLE)
