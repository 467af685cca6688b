"""The columns of the tables that operations handle most, for the type checker: a misspelt column,
or text where a number belongs, is an error of mypy.

A dictionary of one of these types is a row, or those of its columns that an operation writes.
What the columns mean is in :mod:`.tables`; a test compares the two.
"""

from __future__ import annotations

from typing import Any, Protocol, TypedDict, TypeVar

Row = dict[str, Any]
C_co = TypeVar("C_co", covariant=True)


class HasRows(Protocol[C_co]):
    """A model whose rows, as dictionaries, are of the type ``row_type``."""

    @property
    def row_type(self) -> C_co: ...


class ListColumns(TypedDict, total=False):
    id: int
    name: str
    match: str
    source: str
    columns: str
    script: str
    script_no: int
    new_first: int
    order_by: str
    call_from: str
    call_until: str
    call_days: str
    most_tries: int
    most_per_number: int
    most_per_day: int
    avoid_hour: int
    other_half: int
    zone: str
    direction: str
    owner_id: int | None
    archived: int
    created_at: int


class LeadColumns(TypedDict, total=False):
    id: int
    title: str
    description: str
    client_id: int | None
    pipeline_id: int
    step_id: int
    amount: int | None
    probability: int | None
    status: str
    owner_id: int | None
    starred: int
    priority: str
    expected_close: str | None
    created_on: str
    created_at: int
    created_by_id: int
    closed_on: str | None
    closed_at: int | None
    closed_owner_id: int | None
    reason_id: int | None
    source: str
    direction: str
    list_id: int | None
    prospect_id: int | None
    next_day: str | None
    next_at: int | None
    next_minutes: int | None
    next_kind: str
    next_text: str
    next_rule: str
    touched_at: int


class ContactColumns(TypedDict, total=False):
    id: int
    lead_id: int | None
    client_id: int | None
    name: str
    role: str
    position: int


class ProspectColumns(TypedDict, total=False):
    id: int
    list_id: int
    line: int
    state: str
    due_at: int | None
    due_exact: int
    due_text: str
    tries: int
    last_at: int | None
    last_outcome_id: int | None
    name: str
    first_name: str
    last_name: str
    company: str
    role: str
    city: str
    country: str
    zone: str
    cells: str
    original: str
    note: str
    problem: str
    lead_id: int | None
    owner_id: int | None
    for_id: int
    claimed_by: int | None
    claimed_until: int | None


class ActionColumns(TypedDict, total=False):
    id: int
    lead_id: int | None
    prospect_id: int | None
    list_id: int | None
    user_id: int
    at: int
    kind: str
    outcome_id: int | None
    reason_id: int | None
    reached: int
    follow_up: int | None
    seconds: int | None
    text: str
    number: str
    try_no: int | None
    script_no: int | None
    script_path: str
    pinned: int


class OutcomeColumns(TypedDict, total=False):
    id: int
    kind: str
    digit: int | None
    label: str
    lead_label: str
    reached: int
    ends_row: int
    blocks: int
    bad_number: int
    retry: str
    most_tries: int
    asks: str
    means: str
    next_kind: str
    on_lead: int
    on_prospect: int
    position: int
    retired: int


class SeatColumns(TypedDict, total=False):
    id: int
    user_id: int
    list_id: int
    prospect_id: int | None
    since_at: int | None
    query: str
    started_at: int
    dialled_at: int | None
    dialled: str
    paused_at: int | None
    seen_at: int
    skipped: str
