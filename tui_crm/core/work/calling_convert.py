"""A prospect becomes a lead: title, fields, contact and history carried over."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from typing import Any

from tui_crm.core.errors import CrmError
from tui_crm.core.store.journal import Write
from tui_crm.core.store.tables import Action
from tui_crm.core.text import _, clean, key
from tui_crm.core.when import Reading
from tui_crm.core.work import agenda, leads, lists, people, tags
from tui_crm.core.work.outcomes import OutcomeRow

# Columns named as a field of the lead fill it, in the languages that lists come in.
_AMOUNT = (
    "amount", "value", "deal value", "budget", "importe", "valor", "presupuesto", "montant",
    "valeur", "betrag", "wert",
)  # fmt: skip
_SOURCE = (
    "source", "lead source", "origin", "origen", "fuente", "origine", "provenance", "quelle",
    "herkunft",
)  # fmt: skip
_ELSEWHERE = ("name", "first_name", "last_name", "company", "role", "phone", "email", "web",
              "linkedin", "tags")  # fmt: skip


def to_lead(
    w: Write, row: dict[str, Any], how: OutcomeRow | None,
    following: Reading | datetime | date | None,
) -> int:  # fmt: skip
    """Make the lead of a prospect's row; its number. The owner is whoever called.

    Title: ``Company: name``. Columns named as a field of the lead (amount, source, tags) fill it,
    all others are ``Label: value`` lines of the description; phones, e-mails and addresses are
    points of its contact; earlier calls and notes are its history. ``following`` is its next
    action, else one of the outcome's kind for today, else none: To do."""
    info = lists.get(w.session, row["list_id"])
    amount: int | None = None
    source, tag_names, lines = info.name, [], []
    points: list[tuple[str, ...]] = []
    for column, value in zip(info.columns, json.loads(row["cells"] or "[]"), strict=False):
        text = " ".join(clean(value, single_line=True).split())
        if not text:
            continue
        if column.field in ("web", "linkedin"):
            points.append((column.field, text))
        elif column.field == "tags":
            tag_names += [t for t in (part.strip() for part in re.split(r"[,;|]", text)) if key(t)]
        elif column.field in _ELSEWHERE:
            continue
        elif key(column.name) in _SOURCE:
            source = text
        elif key(column.name) in _AMOUNT and amount is None and (
            found := _amount(w, text)
        ) is not None:
            amount = found
        else:
            lines.append(f"{column.name}: {text}" if column.name else text)
    keys = w.store.rows(
        "SELECT kind, value, match FROM prospect_keys WHERE prospect_id = ? ORDER BY bad, position, id",
        (row["id"],),
    )
    name = row["name"] or " ".join(filter(None, (row["first_name"], row["last_name"])))
    title = ": ".join(filter(None, (row["company"], name)))
    title = title or (keys[0][1] if keys else _("row {n}").format(n=row["line"]))
    lead_id = leads.new_lead(
        w, title, description="\n".join(lines), amount=amount, owner_id=w.user_id,
        client_id=leads.client_named(w, row["company"]), source=source, list_id=row["list_id"],
        prospect_id=row["id"],
    )  # fmt: skip
    w.say(_("lead: {title}").format(title=title), lead_id=lead_id)
    # The match goes along: the number was read with the country of its own row.
    points = [*keys, *points]
    if name or points:
        people.new_contact(w, lead_id=lead_id, name=name, role=row["role"], points=points)
    for tag in dict.fromkeys(tag_names):
        tags.put(w, lead_id, tag)
    _carry_history(w, row, lead_id)
    reading = _reading(w, how, following)
    if reading is not None:
        agenda.put(w, leads.get(w, lead_id), reading)
    return lead_id


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
            Action, lead_id=lead_id, prospect_id=row["id"], list_id=row["list_id"],
            user_id=w.user_id, at=w.at, kind="note", text="\n".join(rest),
        )  # fmt: skip


def _amount(w: Write, text: str) -> int | None:
    """Minor units of a cell, or ``None`` when it is no amount: then it stays a line of text."""
    from tui_crm.core import money

    try:
        return money.parse(text, w.session.currency, w.session.house.language)
    except CrmError:
        return None


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
