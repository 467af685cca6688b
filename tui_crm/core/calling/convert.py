"""A prospect becomes a lead, or part of one: title, fields, contact and history carried over."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from tui_crm.core.dates.reading import Reading
from tui_crm.core.errors import CrmError
from tui_crm.core.leads import (
    cells as lead_cells,
    contacts,
    leads,
    next_actions,
    people,
    record,
)
from tui_crm.core.lists import lists
from tui_crm.core.setup import tags
from tui_crm.core.setup.outcomes import OutcomeRow
from tui_crm.core.store.columns import ProspectColumns
from tui_crm.core.store.database import Store
from tui_crm.core.store.journal import Write
from tui_crm.core.store.query import PEOPLE_OF_LEADS
from tui_crm.core.store.tables import Action, Lead
from tui_crm.core.text import _, clean, fold

_ELSEWHERE = (
    "name",
    "first_name",
    "last_name",
    "company",
    "role",
    "phone",
    "email",
    "web",
    "linkedin",
    "tags",
)


@dataclass
class _LeadParts:
    """What the columns of a row become on its lead."""

    values: dict[str, Any] = field(default_factory=dict)  # title, amount, step_id …
    tags: list[str] = field(default_factory=list)
    points: list[tuple[str, ...]] = field(default_factory=list)
    description: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)  # ``Label: value`` of all others

    @property
    def text(self) -> str:
        return "\n".join((*self.description, *self.lines))


def make_lead(
    w: Write,
    row: ProspectColumns,
    how: OutcomeRow | None,
    following: Reading | datetime | date | None,
) -> int:
    """Make the lead of a prospect's row; its number. The owner is whoever called.

    Title: a column of that name, else ``Company: name``. Columns named as a field of the lead
    (title, amount, step, expected close, probability, source, tags, description; in English,
    Spanish, French or German) fill it where their cell makes sense, all others are
    ``Label: value`` lines of the description; phones, e-mails and addresses are points of its
    contact; earlier calls and notes are its history. ``following`` is its next action, else one
    of the outcome's kind for today, else none: To do."""
    info = lists.get(w.session, row["list_id"])
    parts = _parts(w, info, row)
    keys = _keys(w, row)
    name = _person(row)
    title = parts.values.pop("title", "") or ": ".join(filter(None, (row["company"], name)))
    title = title or (keys[0][1] if keys else _("row {n}").format(n=row["line"]))
    client_id = leads.client_named(w, row["company"])
    lead_id = leads.new_lead(
        w,
        title,
        description=parts.text,
        owner_id=w.user_id,
        client_id=client_id,
        list_id=row["list_id"],
        prospect_id=row["id"],
        **{"source": info.name, **parts.values},
    )
    w.describe(_("lead: {title}").format(title=title), lead_id=lead_id)
    # The match goes along: the number was read with the country of its own row.
    points = [*keys, *parts.points]
    people.start(w, lead_id, client_id, name, row["role"], points)
    for tag in dict.fromkeys(parts.tags):
        tags.put(w, lead_id, tag)
    _carry_history(w, row, lead_id)
    reading = _reading(w, how, following)
    if reading is not None:
        next_actions.put(w, record.get(w, lead_id), reading)
    return lead_id


def attach_to_lead(
    w: Write,
    row: ProspectColumns,
    lead_id: int,
    how: OutcomeRow | None,
    following: Reading | datetime | date | None,
) -> str:
    """Give a row's calls, note, phones and addresses to a lead there is already; its title.

    The lead's own fields stay; its next action too, unless ``following`` is another or
    the call completes it. Raises NotFound."""
    lead = record.get(w, lead_id)
    if lead["list_id"] is None:
        w.update(Lead, lead_id, list_id=row["list_id"], prospect_id=row["id"])
    parts = _parts(w, lists.get(w.session, row["list_id"]), row)
    _add_points(w, row, lead_id, [*_keys(w, row), *parts.points])
    _carry_history(w, row, lead_id)
    if how is not None:
        next_actions.complete(w, record.get(w, lead_id), "call", how.reached)
    now = record.get(w, lead_id)
    undated = now["next_day"] is None and now["next_at"] is None
    reading = _reading(w, how if undated else None, following)
    if reading is not None and now["status"] == "open":
        next_actions.put(w, now, reading)
    return str(lead["title"])


def _keys(w: Write, row: ProspectColumns) -> list[tuple[str, ...]]:
    return w.store.rows(
        "SELECT kind, value, match FROM prospect_keys WHERE prospect_id = ? ORDER BY bad, "
        "position, id",
        (row["id"],),
    )


def _person(row: ProspectColumns) -> str:
    return row["name"] or " ".join(filter(None, (row["first_name"], row["last_name"])))


def _parts(w: Write, info: lists.ProspectListInfo, row: ProspectColumns) -> _LeadParts:
    """The cells of a row, each where it belongs on a lead."""
    parts = _LeadParts()
    for column, value in zip(info.columns, json.loads(row["cells"] or "[]"), strict=False):
        text = " ".join(clean(value, single_line=True).split())
        if not text:
            continue
        meant = lead_cells.field_of(column.name) if column.field is None else None
        if column.field in ("web", "linkedin"):
            parts.points.append((column.field, text))
        elif column.field == "tags" or meant == "tags":
            parts.tags += tags.split_tags(text)
        elif column.field in _ELSEWHERE:
            continue
        elif meant == "description":
            parts.description.append(text)
        elif meant is None or not _fill(w, parts.values, meant, text):
            parts.lines.append(f"{column.name}: {text}" if column.name else text)
    return parts


def _fill(w: Write, values: dict[str, Any], meant: str, text: str) -> bool:
    """Put a cell into the field of the lead that its column is named as; False where it makes no
    sense there or the field is filled already: then it stays a line of text."""
    column = "step_id" if meant == "step" else meant
    value = None if column in values else lead_cells.value_of(w.session, meant, text)
    if value is not None:
        values[column] = value
    return value is not None


def lead_of(store: Store, prospect_id: int) -> int | None:
    """The lead that a prospect became, if it did."""
    found = store.value("SELECT lead_id FROM prospects WHERE id = ?", (prospect_id,))
    return int(found) if found is not None else None


class _ContactPoint(NamedTuple):
    """A contact of a lead with one of its points, or with none."""

    contact_id: int
    name: str
    kind: str | None
    value: str | None
    match: str | None


def _add_points(
    w: Write, row: ProspectColumns, lead_id: int, points: list[tuple[str, ...]]
) -> None:
    """Add the phones and addresses that a lead has not got: to the person of that name or with one
    of them, else to a person of their own."""
    contact_points = w.store.read(
        _ContactPoint,
        "SELECT contacts.id, contacts.name, kind, value, match"
        f" FROM {PEOPLE_OF_LEADS} AS people JOIN contacts ON contacts.id = people.contact_id"
        " LEFT JOIN contact_points ON contact_points.contact_id = contacts.id"
        " WHERE people.lead_id = ? ORDER BY people.position, contacts.id, contact_points.id",
        (lead_id,),
    )
    known = {
        (point.kind, text)
        for point in contact_points
        for text in (point.match, point.value)
        if text
    }
    mine = {(kind, text) for kind, *texts in points for text in texts if text}
    new = [(kind, *texts) for kind, *texts in points if not {(kind, t) for t in texts if t} & known]
    name = _person(row)
    same_name = [p.contact_id for p in contact_points if name and fold(p.name) == fold(name)]
    same_point = [
        p.contact_id for p in contact_points if {(p.kind, p.value), (p.kind, p.match)} & mine
    ]
    if not same_name and not same_point:
        if name or new:
            people.add_to_lead(w, lead_id, name, row["role"], new)
    elif new:
        contacts.add_points(w, (same_name or same_point)[0], new)


def _carry_history(w: Write, row: ProspectColumns, lead_id: int) -> None:
    """Give the calls made while it was a prospect to the lead; lines of the note that are in no
    call become a note of the lead."""
    logged: list[str] = []
    for number, text in w.store.rows(
        "SELECT id, text FROM actions WHERE prospect_id = ? ORDER BY id", (row["id"],)
    ):
        w.update(Action, number, lead_id=lead_id)
        logged.append(text)
    lines = filter(None, row["note"].splitlines())
    rest = [line for line in lines if not any(line in text for text in logged)]
    if rest:
        w.insert(
            Action,
            lead_id=lead_id,
            prospect_id=row["id"],
            list_id=row["list_id"],
            user_id=w.user_id,
            at=w.at,
            kind="note",
            text="\n".join(rest),
        )


def _reading(
    w: Write, how: OutcomeRow | None, following: Reading | datetime | date | None
) -> Reading | None:
    if isinstance(following, Reading):
        if following.problem:
            raise CrmError(following.problem)
        return following
    if isinstance(following, datetime):
        return Reading(day=following.astimezone(w.session.zone).date(), at=following, kind="call")
    if following is not None:
        return Reading(day=following, kind="call")
    if how is not None and how.next_kind:
        return Reading(day=w.session.today, kind=how.next_kind, text=how.label)
    return None
