"""What the leads of a filter add up to: as a whole, and group by group: by step (the board too), by
owner, by tag, by client."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import NamedTuple

from peewee import SQL, SelectBase, fn

from tui_crm.core.leads import filter as lead_filter, views as lead_views
from tui_crm.core.leads.filter import Filter, Listing
from tui_crm.core.leads.views import StepRow
from tui_crm.core.session import Session
from tui_crm.core.store.tables import Client, Lead, LeadTag, Step, Tag, User
from tui_crm.core.text import fold


@dataclass(frozen=True)
class Sums:
    """``every`` counts all leads there are, filtered or not; ``weighted`` is the sum of amount x
    probability of the open ones found, in minor units."""

    every: int
    weighted: int


@dataclass(frozen=True)
class BoardColumn:
    """A step and the leads on it, in the order of the filter; ``amount`` is their sum in minor
    units."""

    step: StepRow
    numbers: array[int]
    amount: int


class Group(NamedTuple):
    """The leads of a step, an owner, a tag or a client, in the order of the filter; ``amount`` is
    their sum in minor units. ``name`` is empty for the leads without any."""

    name: str
    numbers: array[int]
    amount: int


@dataclass(frozen=True)
class Board:
    """The leads of a filter by their steps. ``pipelines`` counts how many the columns come from."""

    listing: Listing
    columns: tuple[BoardColumn, ...]
    pipelines: int

    def column_of(self, number: int | None) -> int | None:
        """The place of the column that a lead is in."""
        return next((i for i, c in enumerate(self.columns) if number in c.numbers), None)


def sums(session: Session, parsed: Filter, weighted: bool = True) -> Sums:
    """The sums of a filter that are not in its listing. ``weighted=False`` leaves the weighted
    sum 0 where nobody looks at it, for it goes through every open lead."""
    every = int(session.store.value("SELECT COUNT(*) FROM leads") or 0)
    if not weighted:
        return Sums(every, 0)
    # By probability, so that no product is made from a whole sum of amounts in one column.
    by_probability = session.store.select(
        Lead.select(fn.COALESCE(Lead.probability, Step.probability), fn.SUM(Lead.amount))
        .join(Step, on=(Step.id == Lead.step_id))
        .where(Lead.status == "open", Lead.amount.is_null(False), parsed.condition())
        .group_by(SQL("1"))
    )
    total = sum(int(percent) * int(amount) for percent, amount in by_probability)
    return Sums(every, total // 100)


def groups(session: Session, found: Listing) -> tuple[Group, ...]:
    """The leads of a listing by what its filter groups by; those without any come last. A lead
    with several tags stands under each of them."""
    by = found.filter.group
    names = _names(session, by)
    numbers, amounts = _grouped(session, found, by)
    # There may be as many clients as leads.
    named = sorted((names[key], key) for key in numbers if key in names)
    unnamed = [key for key in numbers if key not in names]
    return (
        *(Group(name, numbers[key], amounts[key]) for (_place, name), key in named),
        *(Group("", numbers[key], amounts[key]) for key in unnamed),
    )


def _names(session: Session, by: str) -> dict[int | None, tuple[object, str]]:
    """What the groups are called, by row number, each with its place among them."""
    if by == "step":
        rows = lead_views.steps(session, retired=True)
        several = len({row.pipeline_id for row in rows}) > 1
        return {
            row.id: (place, f"{row.pipeline}: {row.name}" if several else row.name)
            for place, row in enumerate(rows)
        }
    if by == "owner":
        users = session.store.select(User.select(User.id, User.name))
        return {number: (fold(name), name) for number, name in users}
    named: dict[str, SelectBase] = {
        "tag": Tag.select(Tag.id, Tag.match, Tag.name),
        "client": Client.select(Client.id, Client.match, Client.name),
    }
    return {number: (match, name) for number, match, name in session.store.select(named[by])}


def _grouped(
    session: Session, found: Listing, by: str
) -> tuple[dict[int | None, array[int]], dict[int | None, int]]:
    """The numbers and the sum of the amounts of each group."""
    column = {"step": Lead.step_id, "owner": Lead.owner_id, "client": Lead.client_id}.get(by)
    columns = (Lead.id, Lead.amount) if column is None else (Lead.id, Lead.amount, column)
    rows = session.store.select(lead_filter.filter_query(found.filter, *columns))
    numbers: dict[int | None, array[int]] = {}
    amounts: dict[int | None, int] = {}

    def put(key: int | None, number: int, amount: int) -> None:
        if key in numbers:
            numbers[key].append(number)
            amounts[key] += amount
        else:
            numbers[key], amounts[key] = array("q", (number,)), amount

    if column is not None:
        read = {number: (key, amount or 0) for number, amount, key in rows}
        for number in found.numbers:
            key, amount = read.get(number, (None, 0))
            put(key, number, amount)
        return numbers, amounts
    tags_of: dict[int, list[int | None]] = {}
    inside = lead_filter.filter_query(found.filter, Lead.id)
    tagged = LeadTag.select(LeadTag.lead_id, LeadTag.tag_id).where(LeadTag.lead_id.in_(inside))
    for number, tag in session.store.select(tagged.order_by(LeadTag.id)):
        tags_of.setdefault(number, []).append(tag)
    amount_of = {number: amount or 0 for number, amount in rows}
    for number in found.numbers:
        for key in tags_of.get(number, [None]):
            put(key, number, amount_of.get(number, 0))
    return numbers, amounts


def board(session: Session, text: str) -> Board:
    """The board of a filter line: every step of the pipelines that the leads found are in (of
    the first pipeline when none is found), and retired steps that still have a lead."""
    found = lead_filter.listing(session, text)
    numbers, amounts = _grouped(session, found, "step")
    rows = lead_views.steps(session, retired=True)
    used = {row.pipeline_id for row in rows if row.id in numbers}
    used = used or {row.pipeline_id for row in rows[:1]}
    columns = tuple(
        BoardColumn(row, numbers.get(row.id, array("q")), amounts.get(row.id, 0))
        for row in rows
        if row.pipeline_id in used and (not row.retired or row.id in numbers)
    )
    return Board(found, columns, len(used))
