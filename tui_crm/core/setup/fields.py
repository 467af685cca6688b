"""The fields that a workspace defines for its leads and clients: text, number, money, day, choice,
phone, e-mail, web. Their values stand in the descriptions, as ``Label: value`` lines; a field says
how they are read, shown and ordered."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tui_crm.core import money, phones
from tui_crm.core.dates.labels import day_label
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.store.database import Store
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import CustomField
from tui_crm.core.text import _, clean, field_line, fields, fold

if TYPE_CHECKING:
    from tui_crm.core.session import Session  # above: only its type is used here

KINDS = ("text", "number", "money", "day", "choice", "phone", "email", "web")
SUBJECTS = ("lead", "client")
_NUMBER = re.compile(r"[-−]?\d[\d.,'’\s]*")
_ADDRESS = re.compile(r"[^\s@,;]+@[^\s@,;]+\.[^\s@,;]{2,}")
_WEB = re.compile(r"(?:https?://)?[^\s/.]+(?:\.[^\s/.]+)+(?:/\S*)?")


@dataclass(frozen=True)
class FieldRow:
    """A field of the workspace: of leads or of clients; ``duplicates`` reports two records with the
    same value."""

    id: int
    subject: str
    name: str
    kind: str
    choices: tuple[str, ...]
    duplicates: bool
    retired: bool


def rows(store: Store, subject: str = "", retired: bool = False) -> list[FieldRow]:
    """The fields in their order, of leads before those of clients."""
    found = store.rows(
        "SELECT id, subject, name, kind, choices, duplicates, retired FROM fields"
        " ORDER BY CASE subject WHEN 'lead' THEN 0 ELSE 1 END, position, id"
    )
    made = [
        FieldRow(number, of, name, kind, tuple(json.loads(choices)), bool(twice), bool(gone))
        for number, of, name, kind, choices, twice, gone in found
    ]
    return [one for one in made if subject in ("", one.subject) and (retired or not one.retired)]


def named(store: Store, name: str, subject: str = "") -> FieldRow:
    """The field of that name, case, accents and signs aside, of leads first where ``subject`` says
    nothing. Raises NotFound with those there
    are."""
    known = rows(store, subject, retired=True)
    found = [one for one in known if squeezed(one.name) == squeezed(name)]
    if not found:
        raise NotFound(
            _("There is no field {name}.").format(name=clean(name, single_line=True)),
            _("There are: {names}.").format(names=", ".join(one.name for one in known))
            if known
            else _("Add one: tui-crm fields add"),
        )
    return found[0]


# -- operations -----------------------------------------------------------------------------------


@operation("fields.add")
def add(
    w: Write,
    name: str,
    kind: str = "text",
    subject: str = "lead",
    choices: Sequence[str] = (),
    duplicates: bool = False,
) -> int:
    """A new last field of leads or clients, or a retired one again, as it is given now; its row
    number."""
    name = _name(name)
    _check_kind(kind, choices)
    if subject not in SUBJECTS:
        raise CrmError(_("A field belongs to a lead or to a client."))
    w.describe(_("field {name}").format(name=name))
    columns = {
        "name": name,
        "kind": kind,
        "choices": json.dumps(list(choices), ensure_ascii=False),
        "duplicates": int(duplicates),
        "retired": 0,
    }
    for one in rows(w.store, subject, retired=True):
        if squeezed(one.name) == squeezed(name):
            if not one.retired:
                raise CrmError(_("There is a field {name} already.").format(name=one.name))
            w.update(CustomField, one.id, **columns)
            return one.id
    place = w.store.value("SELECT MAX(position) FROM fields WHERE subject = ?", (subject,)) or 0
    return w.insert(
        CustomField, subject=subject, match=squeezed(name), position=int(place) + 1, **columns
    )


@operation("fields.edit")
def edit(
    w: Write,
    name: str,
    *,
    subject: str = "",
    new_name: str = "",
    kind: str | None = None,
    choices: Sequence[str] | None = None,
    duplicates: bool | None = None,
    place: int | None = None,
) -> None:
    """Change a field, or move it to a place (1 is first). A new name is written into every lead or
    client that has the field; a new kind leaves the values as they stand."""
    field = named(w.store, name, subject)
    subject = field.subject
    values: dict[str, object] = {}
    if new_name:
        new_name = _name(new_name)
        if any(
            squeezed(o.name) == squeezed(new_name) and o.id != field.id
            for o in rows(w.store, subject, retired=True)
        ):
            raise CrmError(_("There is a field {name} already.").format(name=new_name))
        values |= {"name": new_name, "match": squeezed(new_name)}
    if kind is not None or choices is not None:
        wanted = tuple(choices) if choices is not None else field.choices
        _check_kind(kind or field.kind, wanted)
        values |= {
            "kind": kind or field.kind,
            "choices": json.dumps(list(wanted), ensure_ascii=False),
        }
    if duplicates is not None:
        values["duplicates"] = int(duplicates)
    if values:
        w.update(CustomField, field.id, **values)
    if new_name:
        _rename_values(w, subject, field.name, new_name)
    if place is not None:
        order = [one.id for one in rows(w.store, subject, retired=True) if one.id != field.id]
        order.insert(max(0, place - 1), field.id)
        for position, number in enumerate(order, 1):
            w.update(CustomField, number, position=position)
    w.describe(_("field {name}").format(name=new_name or field.name))


@operation("fields.retire")
def retire(w: Write, name: str, subject: str = "") -> None:
    """No longer offer a field; the values stay where they are."""
    field = named(w.store, name, subject)
    w.update(CustomField, field.id, retired=1)
    w.describe(_("field {name} retired").format(name=field.name))


@operation("fields.bring_back")
def bring_back(w: Write, name: str, subject: str = "") -> None:
    """Offer a retired field again."""
    field = named(w.store, name, subject)
    w.update(CustomField, field.id, retired=0)
    w.describe(_("field {name} is back").format(name=field.name))


def _name(name: str) -> str:
    """A label as it may stand before a colon. Raises CrmError."""
    name = " ".join(clean(name, single_line=True).split())
    if not name[:1].isalpha() or len(name) > 40 or ":" in name:
        raise CrmError(
            _("A field begins with a letter and has at most 40 characters, no colon."),
            _("For instance Budget or Postal code"),
        )
    return name


def _check_kind(kind: str, choices: Sequence[str]) -> None:
    if kind not in KINDS:
        raise CrmError(
            _("There is no such kind of field."),
            _("One of: {names}.").format(names=", ".join(KINDS)),
        )
    if kind == "choice" and len([one for one in choices if one.strip()]) < 2:
        raise CrmError(_("A choice needs two values at least."), _("Try --choice Yes --choice No"))


def _rename_values(w: Write, subject: str, old: str, new: str) -> None:
    from tui_crm.core.store.tables import Client, Lead

    model, table = (Lead, "leads") if subject == "lead" else (Client, "clients")
    for number, description in w.store.rows(
        f"SELECT id, description FROM {table} WHERE description LIKE '%:%' ORDER BY id"
    ):
        renamed = with_label(description, old, new)
        if renamed != description:
            w.update(model, number, description=renamed)


# -- values ---------------------------------------------------------------------------------------


def read(session: Session, field: FieldRow, text: str) -> str:
    """What is stored of a typed value: an amount with its currency, a day as 2026-12-01, a choice
    as it is spelled, a number as typed. Empty for a dash. Raises CrmError for what is none."""
    text = " ".join(clean(text, single_line=True).split())
    if text in ("", "-", "–") or field.kind == "text":
        return "" if text in ("-", "–") else text
    if field.kind == "money":
        amount = money.parse(text, session.currency, session.house.language)
        return money.full(amount, session.currency)
    if field.kind == "number" and _NUMBER.fullmatch(text):
        return text.strip()
    if field.kind == "day":
        return _day(session, text).isoformat()
    if field.kind == "choice":
        return _choice(field, text)
    if field.kind == "phone":
        problem = phones.read(text, session.house.region).problem
        if not problem:
            return text
        raise CrmError(_("{text}: {problem}.").format(text=text, problem=problem.rstrip(".")))
    if field.kind == "email" and _ADDRESS.fullmatch(text):
        return text
    if field.kind == "web" and _WEB.fullmatch(text):
        return text
    examples = {"number": "85", "email": "anna@acme.example", "web": "acme.example"}
    raise CrmError(
        _("{text} is no value of {name}.").format(text=text, name=field.name),
        _("For instance {example}").format(example=examples.get(field.kind, "")),
    )


def _day(session: Session, text: str) -> date:
    from tui_crm.core.dates import reader

    try:
        return date.fromisoformat(text)
    except ValueError:
        reading = reader.read(text, session.now, session.locale)
    day = reading.at.astimezone(session.zone).date() if reading.at else reading.day
    if day is None or reading.problem:
        raise CrmError(_("{text} is no day.").format(text=text), _("Type it as 2026-11-03."))
    return day


def _choice(field: FieldRow, text: str) -> str:
    wanted = fold(text)
    found = [one for one in field.choices if fold(one) == wanted] or [
        one for one in field.choices if fold(one).startswith(wanted)
    ]
    if len(found) != 1:
        raise CrmError(
            _("{text} is no value of {name}.").format(text=text, name=field.name),
            _("One of: {names}.").format(names=", ".join(field.choices)),
        )
    return found[0]


def show(session: Session, field: FieldRow, value: str) -> str:
    """A value as people read it: a day by its words, a phone in its international form; what is not
    of the kind of its field, as it stands."""
    try:
        if field.kind == "day":
            return day_label(date.fromisoformat(value), session.today)
        if field.kind == "phone":
            return phones.read(value, session.house.region).international or value
    except ValueError:
        return value
    return value


def shown(
    session: Session, defined: Sequence[FieldRow], values: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Labels and values as people read them: the fields of the workspace first, in its order."""
    left = {squeezed(label): (label, value) for label, value in values.items()}
    made = []
    for field in defined:
        found = left.pop(squeezed(field.name), None)
        if found is not None:
            made.append((field.name, show(session, field, found[1])))
    return [*made, *left.values()]


def sort_key(session: Session, field: FieldRow, description: str) -> tuple[bool, float, str]:
    """What leads or clients are ordered by: those without a value come last, numbers, amounts and
    days by their size, all others as words."""
    wanted = squeezed(field.name)
    # Only the lines of that label are read: a list has two hundred thousand descriptions.
    lines = [
        line for line in description.split("\n") if squeezed(line.partition(":")[0][:60]) == wanted
    ]
    text = next(iter(fields("\n".join(lines)).values()), "").strip() if lines else ""
    if not text:
        return True, 0.0, ""
    if field.kind in ("number", "money"):
        number = _amount(text, session.currency, session.house.language)
        return number is None, float(number or 0), text
    return False, 0.0, fold(text)


@functools.lru_cache(maxsize=8192)
def _amount(text: str, currency: str, language: str) -> int | None:
    try:
        return money.parse(text, currency, language, allow_negative=True)
    except CrmError:
        return None


@functools.lru_cache(maxsize=8192)
def squeezed(name: str) -> str:
    """A label as it is compared: letters and digits alone, case and accents aside."""
    return "".join(c for c in fold(name) if c.isalnum())


def with_value(description: str, label: str, value: str) -> str:
    """A description with a value in the place of what it had under that label, or behind all other
    lines; without a value the field goes."""
    wanted, label, value = squeezed(label), " ".join(label.split()), value.strip()
    lines: list[str] = []
    done = inside = False
    for line in description.split("\n"):
        if inside and line.startswith(("    ", "\t")):
            continue
        head, colon, _rest = line.lstrip("-*• \t\xa0").partition(":")
        inside = bool(colon) and squeezed(head) == wanted
        if not inside:
            lines.append(line)
        elif value and not done:
            lines.append(field_line(head.strip(), value))
            done = True
    if value and not done:
        lines.append(field_line(label, value))
    return "\n".join(lines).strip("\n")


def with_label(description: str, old: str, new: str) -> str:
    """A description in which a field is called otherwise."""
    wanted = squeezed(old)
    lines = []
    for line in description.split("\n"):
        head, colon, rest = line.partition(":")
        if colon and squeezed(head) == wanted and not line.startswith(("    ", "\t")):
            line = f"{new}:{rest}"
        lines.append(line)
    return "\n".join(lines)
