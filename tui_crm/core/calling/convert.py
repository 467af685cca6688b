"""A prospect becomes a lead, or part of one: title, fields, contact and history carried over."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tui_crm.core.dates.reading import Reading
from tui_crm.core.errors import CrmError
from tui_crm.core.leads import cells as lead_cells, contacts, leads, next_actions, record
from tui_crm.core.lists import lists
from tui_crm.core.setup import tags
from tui_crm.core.setup.outcomes import OutcomeRow
from tui_crm.core.store.journal import Write
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
class _Told:
    """What the columns of a row say of its lead."""

    values: dict[str, Any] = field(default_factory=dict)  # title, amount, step_id …
    tags: list[str] = field(default_factory=list)
    points: list[tuple[str, ...]] = field(default_factory=list)
    description: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)  # ``Label: value`` of all others

    @property
    def text(self) -> str:
        return "\n".join((*self.description, *self.lines))


def to_lead(
    w: Write,
    row: dict[str, Any],
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
    told = _told(w, info, row)
    keys = _keys(w, row)
    name = _person(row)
    title = told.values.pop("title", "") or ": ".join(filter(None, (row["company"], name)))
    title = title or (keys[0][1] if keys else _("row {n}").format(n=row["line"]))
    lead_id = leads.new_lead(
        w,
        title,
        description=told.text,
        owner_id=w.user_id,
        client_id=leads.client_named(w, row["company"]),
        list_id=row["list_id"],
        prospect_id=row["id"],
        **{"source": info.name, **told.values},
    )
    w.describe(_("lead: {title}").format(title=title), lead_id=lead_id)
    # The match goes along: the number was read with the country of its own row.
    points = [*keys, *told.points]
    if name or points:
        contacts.new_contact(w, lead_id=lead_id, name=name, role=row["role"], points=points)
    for tag in dict.fromkeys(told.tags):
        tags.put(w, lead_id, tag)
    _carry_history(w, row, lead_id)
    reading = _reading(w, how, following)
    if reading is not None:
        next_actions.put(w, record.get(w, lead_id), reading)
    return lead_id


def join_lead(
    w: Write,
    row: dict[str, Any],
    lead_id: int,
    how: OutcomeRow | None,
    following: Reading | datetime | date | None,
) -> str:
    """Give a row's calls, note, phones and addresses to a lead there is already; its title.

    What the lead says of itself stays; its next action too, unless ``following`` is another or
    the call completes it. Raises NotFound."""
    lead = record.get(w, lead_id)
    if lead["list_id"] is None:
        w.update(Lead, lead_id, list_id=row["list_id"], prospect_id=row["id"])
    told = _told(w, lists.get(w.session, row["list_id"]), row)
    _add_points(w, row, lead_id, [*_keys(w, row), *told.points])
    _carry_history(w, row, lead_id)
    if how is not None:
        next_actions.complete(w, record.get(w, lead_id))
    now = record.get(w, lead_id)
    idle = now["next_day"] is None and now["next_at"] is None
    reading = _reading(w, how if idle else None, following)
    if reading is not None and now["status"] == "open":
        next_actions.put(w, now, reading)
    return str(lead["title"])


def _keys(w: Write, row: dict[str, Any]) -> list[tuple[str, ...]]:
    return w.store.rows(
        "SELECT kind, value, match FROM prospect_keys WHERE prospect_id = ? ORDER BY bad, "
        "position, id",
        (row["id"],),
    )


def _person(row: dict[str, Any]) -> str:
    return row["name"] or " ".join(filter(None, (row["first_name"], row["last_name"])))


def _told(w: Write, info: lists.ProspectListInfo, row: dict[str, Any]) -> _Told:
    """The cells of a row, each where it belongs on a lead."""
    told = _Told()
    for column, value in zip(info.columns, json.loads(row["cells"] or "[]"), strict=False):
        text = " ".join(clean(value, single_line=True).split())
        if not text:
            continue
        meant = lead_cells.field_of(column.name) if column.field is None else None
        if column.field in ("web", "linkedin"):
            told.points.append((column.field, text))
        elif column.field == "tags" or meant == "tags":
            parts = (part.strip() for part in re.split(r"[,;|]", text))
            told.tags += [part for part in parts if fold(part)]
        elif column.field in _ELSEWHERE:
            continue
        elif meant == "description":
            told.description.append(text)
        elif meant is None or not _fill(w, told.values, meant, text):
            told.lines.append(f"{column.name}: {text}" if column.name else text)
    return told


def _fill(w: Write, values: dict[str, Any], meant: str, text: str) -> bool:
    """Put a cell into the field of the lead that its column is named as; False where it makes no
    sense there or the field is filled already: then it stays a line of text."""
    column = "step_id" if meant == "step" else meant
    found = None if column in values else lead_cells.value_of(w.session, meant, text)
    if found is not None:
        values[column] = found
    return found is not None


def _add_points(w: Write, row: dict[str, Any], lead_id: int, points: list[tuple[str, ...]]) -> None:
    """The phones and addresses that a lead has not got: to the person of that name or with one of
    them, else to a person of their own."""
    there = w.store.rows(
        "SELECT contacts.id, contacts.name, kind, value, match FROM contacts"
        " LEFT JOIN contact_points ON contact_points.contact_id = contacts.id"
        " WHERE contacts.lead_id = ? ORDER BY contacts.position, contacts.id, contact_points.id",
        (lead_id,),
    )
    known = {
        value
        for _n, _name, kind, text, match in there
        for value in ((kind, match), (kind, text))
        if value[1]
    }
    mine = {(kind, value) for kind, text, *match in points for value in (text, *match) if value}
    new = [
        point for point in points if not {(point[0], value) for value in point[1:] if value} & known
    ]
    name = _person(row)
    same_name = [n for n, other, *_rest in there if name and fold(other) == fold(name)]
    same_point = [n for n, _o, kind, text, match in there if {(kind, text), (kind, match)} & mine]
    if not same_name and not same_point:
        if name or new:
            contacts.new_contact(w, lead_id=lead_id, name=name, role=row["role"], points=new)
    elif new:
        contacts.add_points(w, (same_name or same_point)[0], new)


def _carry_history(w: Write, row: dict[str, Any], lead_id: int) -> None:
    """The calls made while it was a prospect are the lead's; a note that no call tells is kept as
    one."""
    told = []
    for number, text in w.store.rows(
        "SELECT id, text FROM actions WHERE prospect_id = ? ORDER BY id", (row["id"],)
    ):
        w.update(Action, number, lead_id=lead_id)
        told.append(text)
    rest = [line for line in row["note"].splitlines() if line and not any(line in t for t in told)]
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
