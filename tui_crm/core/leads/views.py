"""Leads as the screens and the command line see them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from functools import cached_property
from typing import NamedTuple

from peewee import fn

from tui_crm.core.dates.reading import Reading
from tui_crm.core.errors import NotFound
from tui_crm.core.leads import contacts, score_facts
from tui_crm.core.leads.contacts import Person
from tui_crm.core.leads.record import merged_into
from tui_crm.core.session import Session
from tui_crm.core.setup import fields as setup_fields, tags
from tui_crm.core.setup.tags import TagMark
from tui_crm.core.store.kind_sql import NO_TOUCHES
from tui_crm.core.store.query import Query, typed_rows
from tui_crm.core.store.tables import Lead
from tui_crm.core.text import _, fields

CONTACT = f"actions.kind NOT IN {NO_TOUCHES}"
"""SQL: a real action, whatever came of it: no note."""
LAST_CONTACT = f"(SELECT MAX(at) FROM actions WHERE actions.lead_id = leads.id AND {CONTACT})"
"""SQL: the moment of the last real action on a lead, or on the prospect it was, whose actions it
has; NULL where there was none."""
STEP_ON = (
    "(SELECT MAX(on_day) FROM history WHERE history.lead_id = leads.id AND history.field = 'step')"
)
"""SQL: the day on which a lead came to its step."""


@dataclass(frozen=True)
class NextAction:
    """What comes next: ``at`` (aware, the rep's zone) when timed, else ``day`` or nothing."""

    day: date | None
    at: datetime | None
    minutes: int | None
    kind: str
    text: str
    rule: str

    @property
    def reading(self) -> Reading:
        """It as a reading, as if it had been typed."""
        return Reading(
            day=self.at.date() if self.at is not None else self.day,
            at=self.at,
            minutes=self.minutes,
            kind=self.kind or None,
            text=self.text,
            rule=self.rule or None,
        )


@dataclass(frozen=True)
class LeadView:
    """A lead, whole but for its history. ``status`` is todo, standby, won, lost or cancelled;
    ``amount`` is in minor units; ``probability`` the one that counts, in percent."""

    number: int
    title: str
    status: str
    pipeline: str
    step: str
    step_id: int
    step_place: int  # 1 is the first of step_count
    step_count: int
    amount: int | None
    probability: int
    own_probability: int | None
    expected_close: date | None
    owner: str | None
    owner_id: int | None
    starred: bool
    priority: str  # none, low, high
    direction: str  # inbound, outbound, none, as set by hand; empty: what its tags or list say
    tags: tuple[str, ...]
    client: str | None
    client_id: int | None
    people: tuple[Person, ...]
    next: NextAction | None
    created: date
    closed: date | None
    reason: str | None
    description: str
    source: str
    list: str | None
    touched_at: datetime
    idle: int  # whole days since the last real action, without one since creation
    contacted: datetime | None  # the last real action on it, whatever came of it
    age: int  # whole days since it was created
    marked_tags: tuple[TagMark, ...]
    in_step: int  # whole days that it stands on its step
    step_target: int  # days that it is to stand there at most; 0: no matter
    chance: float | None = None  # to be won, 0 to 1, where it was asked for and is told
    why_chance: str = ""  # its first reason
    shown_fields: tuple[tuple[str, str], ...] = ()
    """The fields as people read them: those of the workspace first, in its order."""

    @property
    def step_late(self) -> bool:
        """Whether an open lead stands on its step for longer than it is to."""
        return self.open and 0 < self.step_target < self.in_step

    @property
    def open(self) -> bool:
        return self.status in ("todo", "standby")

    @cached_property
    def fields(self) -> dict[str, str]:
        """The ``Label: value`` lines of the description."""
        return fields(self.description)


def state_of(status: str, next_day: str | None, next_at: int | None, today: str, now: float) -> str:
    """To do or Standby for an open lead (PRODUCT: a next action in the future), else how it
    closed."""
    if status != "open":
        return status
    if next_at is not None:
        return "standby" if next_at > now else "todo"
    return "standby" if next_day is not None and next_day > today else "todo"


class _LeadRow(NamedTuple):
    id: int
    title: str
    status: str
    pipeline: str
    step: str
    step_id: int
    step_place: int
    step_count: int
    amount: int | None
    probability: int | None
    step_probability: int
    expected_close: str | None
    owner: str | None
    owner_id: int | None
    starred: bool
    priority: str
    direction: str
    client: str | None
    client_id: int | None
    next_day: str | None
    next_at: int | None
    next_minutes: int | None
    next_kind: str
    next_text: str
    next_rule: str
    created_on: str
    closed_on: str | None
    reason: str | None
    description: str
    source: str
    list: str | None
    touched_at: int
    contacted_at: int | None
    step_on: str | None
    step_target: int
    defined: int


def by_numbers(session: Session, numbers: Sequence[int], *, scored: bool = False) -> list[LeadView]:
    """These leads, in the order given; the ones that do not exist are left out. ``scored``: with
    their chance."""
    if not numbers:
        return []
    wanted = list(dict.fromkeys(numbers))
    rows, tags_of, people = session.store.fetch_all(
        _rows_query(wanted), tags.marks_query(wanted), contacts.rows_query(wanted)
    )
    people_of = contacts.people(session, people)
    now = session.now
    defined = any(row.defined for row in rows)
    of_workspace = setup_fields.rows(session.store, "lead") if defined else []
    views = {
        row.id: replace(
            _view(row, tags_of.get(row.id, ()), people_of.get(row.id, ()), now),
            shown_fields=tuple(setup_fields.shown(session, of_workspace, fields(row.description))),
        )
        if row.description
        else _view(row, tags_of.get(row.id, ()), people_of.get(row.id, ()), now)
        for row in rows
    }
    if scored:
        for number, (chance, why) in score_facts.told(session, wanted).items():
            if number in views:
                views[number] = replace(views[number], chance=chance, why_chance=why)
    return [views[n] for n in numbers if n in views]


def amounts(session: Session, numbers: Sequence[int]) -> dict[int, int]:
    """The amounts of these leads in minor units, 0 where it is not known, in the order given."""
    query = Lead.select(Lead.id, fn.COALESCE(Lead.amount, 0))
    rows = session.store.select(query.where(session.store.among(Lead.id, numbers)))
    found = {int(number): int(amount) for number, amount in rows}
    return {number: found[number] for number in numbers if number in found}


_STEPS_IN_USE = (
    "SELECT COUNT(*) FROM steps other WHERE other.pipeline_id = steps.pipeline_id"
    " AND other.retired = 0 AND pipelines.retired = 0"
)


def _rows_query(numbers: Sequence[int]) -> Query[list[_LeadRow]]:
    """The rows of these leads, with the place of each in its pipeline as :func:`steps` counts."""
    return typed_rows(
        _LeadRow,
        "SELECT leads.id, leads.title, leads.status, pipelines.name, steps.name, leads.step_id,"
        f" ({_STEPS_IN_USE} AND (other.position < steps.position"
        " OR (other.position = steps.position AND other.id <= steps.id))),"
        f" ({_STEPS_IN_USE}), leads.amount, leads.probability, steps.probability,"
        " leads.expected_close, users.name, leads.owner_id, leads.starred,"
        " leads.priority, leads.direction, clients.name, leads.client_id, leads.next_day,"
        " leads.next_at, leads.next_minutes,"
        " leads.next_kind, leads.next_text, leads.next_rule, leads.created_on, leads.closed_on,"
        " reasons.label, leads.description, leads.source, lists.name, leads.touched_at,"
        f" {LAST_CONTACT}, {STEP_ON}, steps.target_days,"
        " (SELECT COUNT(*) FROM fields WHERE subject = 'lead' AND retired = 0) FROM leads"
        " JOIN steps ON steps.id = leads.step_id"
        " JOIN pipelines ON pipelines.id = steps.pipeline_id"
        " LEFT JOIN users ON users.id = leads.owner_id"
        " LEFT JOIN clients ON clients.id = leads.client_id"
        " LEFT JOIN reasons ON reasons.id = leads.reason_id"
        " LEFT JOIN lists ON lists.id = leads.list_id"
        f" WHERE leads.id IN ({', '.join('?' * len(numbers))})",
        numbers,
    )


def _view(
    row: _LeadRow, marks: tuple[TagMark, ...], people: tuple[Person, ...], now: datetime
) -> LeadView:
    today, moment = now.date().isoformat(), now.timestamp()
    zone = now.tzinfo
    return LeadView(
        number=row.id,
        title=row.title,
        status=state_of(row.status, row.next_day, row.next_at, today, moment),
        pipeline=row.pipeline,
        step=row.step,
        step_id=row.step_id,
        step_place=row.step_place,
        step_count=row.step_count,
        amount=row.amount,
        probability=row.probability if row.probability is not None else row.step_probability,
        own_probability=row.probability,
        expected_close=_day(row.expected_close),
        owner=row.owner,
        owner_id=row.owner_id,
        starred=row.starred,
        priority=row.priority or "none",
        direction=row.direction,
        tags=tuple(mark.name for mark in marks),
        marked_tags=marks,
        client=row.client,
        client_id=row.client_id,
        people=people,
        next=_next_action(row, zone),
        created=date.fromisoformat(row.created_on),
        closed=_day(row.closed_on),
        reason=row.reason,
        description=row.description,
        source=row.source,
        list=row.list,
        touched_at=datetime.fromtimestamp(row.touched_at, zone),
        idle=max(0, int(moment) - row.touched_at) // 86400,
        contacted=_moment(row.contacted_at, zone),
        age=max(0, (now.date() - date.fromisoformat(row.created_on)).days),
        in_step=max(0, (now.date() - date.fromisoformat(row.step_on or row.created_on)).days),
        step_target=row.step_target,
    )


def _next_action(row: _LeadRow, zone: tzinfo | None) -> NextAction | None:
    if row.next_day is None and row.next_at is None and not row.next_kind and not row.next_text:
        return None
    return NextAction(
        day=_day(row.next_day),
        at=_moment(row.next_at, zone),
        minutes=row.next_minutes,
        kind=row.next_kind,
        text=row.next_text,
        rule=row.next_rule,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _moment(seconds: int | None, zone: tzinfo | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, zone) if seconds is not None else None


def one(session: Session, number: int, *, scored: bool = False) -> LeadView:
    """One lead; for one that was merged away the lead that it went into. ``scored``: with its
    chance. Raises NotFound."""
    found = by_numbers(session, [number], scored=scored)
    if not found and (kept := merged_into(session.store, number)) is not None:
        found = by_numbers(session, [kept])
    if not found:
        raise NotFound(
            _("There is no lead #{number}.").format(number=number),
            _("Look for it with / or tui-crm leads."),
        )
    return found[0]


@dataclass(frozen=True)
class StepRow:
    """A step of a pipeline; ``probability`` in percent; ``place`` (1 is the first) of ``count``
    steps that are not retired."""

    id: int
    pipeline: str
    pipeline_id: int
    name: str
    probability: int
    retired: bool
    target_days: int = 0  # a lead is to stand on it no longer than so; 0: any time
    needs: str = "[]"  # JSON, see `step_needs`
    place: int = 0
    count: int = 0


def steps(session: Session, retired: bool = False) -> list[StepRow]:
    """The steps of all pipelines in order."""
    rows = session.store.read(
        StepRow,
        "SELECT steps.id, pipelines.name, pipelines.id, steps.name, steps.probability,"
        " steps.retired + pipelines.retired, steps.target_days, steps.needs FROM steps"
        " JOIN pipelines ON pipelines.id = steps.pipeline_id"
        " ORDER BY pipelines.position, pipelines.id, steps.position, steps.id",
    )
    counts = Counter(row.pipeline_id for row in rows if not row.retired)
    places: Counter[int] = Counter()
    numbered = []
    for row in rows:
        places[row.pipeline_id] += not row.retired
        if retired or not row.retired:
            place = places[row.pipeline_id]
            numbered.append(replace(row, place=place, count=counts[row.pipeline_id]))
    return numbered
