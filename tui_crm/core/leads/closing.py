"""How a lead ends: won, lost, cancelled; reopening it; correcting its dates.

A closed lead keeps its step and its owner of that moment (``closed_owner_id``), loses its next
action, and has the day it closed on, which may be corrected. Reopening keeps the old closing in the
history.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.leads import record
from tui_crm.core.leads.record import NOT_SEEN, NotSeen
from tui_crm.core.store.columns import LeadColumns
from tui_crm.core.store.database import Store
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import History, Lead, Reason
from tui_crm.core.text import _, clean, fold

NO_NEXT: LeadColumns = {
    "next_day": None,
    "next_at": None,
    "next_minutes": None,
    "next_kind": "",
    "next_text": "",
    "next_rule": "",
}


@dataclass(frozen=True)
class ReasonRow:
    """Why leads are lost or cancelled (or prospects not interested): a digit and a label."""

    id: int
    kind: str
    digit: int | None
    label: str
    retired: bool


def close(
    w: Write,
    lead: LeadColumns,
    status: str,
    *,
    reason_id: int | None = None,
    on: date | None = None,
    amount: int | NotSeen | None = NOT_SEEN,
) -> None:
    """The part that won, lost and cancelled share, and imports too."""
    if lead["status"] != "open":
        raise CrmError(
            _("#{number} is {status} already.").format(
                number=lead["id"], status=status_word(lead["status"])
            ),
            _("Reopen it first."),
        )
    day = on or w.session.today
    check_closing_day(w, lead["created_on"], day)
    values = NO_NEXT | {
        "closed_on": day.isoformat(),
        "closed_at": w.at,
        "closed_owner_id": lead["owner_id"],
        "reason_id": reason_id,
        "status": status,
    }
    if amount is not NOT_SEEN:
        values["amount"] = amount
    record.change(w, lead, on_day=day.isoformat(), **values)


def status_word(status: str) -> str:
    """A stored status in words."""
    words = {"open": _("open"), "won": _("won"), "lost": _("lost"), "cancelled": _("cancelled")}
    return words.get(status, status)


def check_closing_day(w: Write, created_on: str, day: date) -> None:
    """Raises CrmError for a closing day in the future or before the creation day."""
    if day > w.session.today:
        raise CrmError(_("A lead cannot close in the future."))
    if day.isoformat() < created_on:
        raise CrmError(
            _("A lead cannot close before it was created ({day}).").format(day=created_on),
            _("Correct the creation date first."),
        )


def find_reason(w: Write, kind: str, text: str | int) -> int:
    """The reason of a kind by its digit, its label or an unmistakable beginning. Raises NotFound
    naming the ones there are."""
    rows = reasons(w.store, kind)
    text = clean(str(text), single_line=True).strip()
    wanted = fold(text)
    found = [r for r in rows if str(r.digit) == text] or [
        r for r in rows if fold(r.label) == wanted
    ]
    if not found and wanted:
        begun = [r for r in rows if fold(r.label).startswith(wanted)]
        found = begun if len(begun) == 1 else []
    if found:
        return found[0].id
    names = ", ".join(f"{r.digit} {r.label}" for r in rows if not r.retired)
    raise NotFound(
        _("There is no such reason: {text}.").format(text=text),
        _("Reasons: {names}.").format(names=names),
    )


# -- operations -----------------------------------------------------------------------------------


@operation("closing.won")
def won(
    w: Write, lead_id: int, amount: int | NotSeen | None = NOT_SEEN, on: date | None = None
) -> None:
    """Win a lead, today or ``on`` a past day, for ``amount`` minor units when given."""
    lead = record.get(w, lead_id)
    if amount is not NOT_SEEN:
        record.check_amount(amount)
    close(w, lead, "won", on=on, amount=amount)
    w.describe(_("won: {title}").format(title=lead["title"]), lead_id=lead_id)


@operation("closing.lost")
def lost(w: Write, lead_id: int, why: str | int, on: date | None = None) -> None:
    """Lose a lead for a reason (its digit or label)."""
    _close_for_reason(w, lead_id, "lost", why, on)


@operation("closing.cancelled")
def cancelled(w: Write, lead_id: int, why: str | int, on: date | None = None) -> None:
    """Cancel a lead, which was no chance of a sale, for a reason (its digit or label)."""
    _close_for_reason(w, lead_id, "cancelled", why, on)


def _close_for_reason(w: Write, lead_id: int, status: str, why: str | int, on: date | None) -> None:
    lead = record.get(w, lead_id)
    number = find_reason(w, status, why)
    close(w, lead, status, reason_id=number, on=on)
    label = w.store.value("SELECT label FROM reasons WHERE id = ?", (number,))
    w.describe(f"{status_word(status)} ({label}): {lead['title']}", lead_id=lead_id)


@operation("closing.reopen")
def reopen(w: Write, lead_id: int) -> None:
    """Open a closed lead again; it is To do. The old closing stays in its history."""
    lead = record.get(w, lead_id)
    if lead["status"] == "open":
        raise CrmError(_("#{number} is open.").format(number=lead_id))
    record.change(
        w, lead, status="open", closed_on=None, closed_at=None, closed_owner_id=None, reason_id=None
    )
    w.describe(_("reopened: {title}").format(title=lead["title"]), lead_id=lead_id)


@operation("closing.set_closed_on")
def set_closed_on(w: Write, lead_id: int, day: date) -> None:
    """Correct the closing day of a closed lead; statistics follow it."""
    lead = record.get(w, lead_id)
    if lead["status"] == "open":
        raise CrmError(_("#{number} is open.").format(number=lead_id))
    check_closing_day(w, lead["created_on"], day)
    w.update(Lead, lead_id, closed_on=day.isoformat())
    _redate(w, lead_id, "status", lead["status"], day)
    if lead["reason_id"] is not None:
        _redate(w, lead_id, "reason", str(lead["reason_id"]), day)
    w.describe(_("closing date of {title}").format(title=lead["title"]), lead_id=lead_id)


@operation("closing.set_created_on")
def set_created_on(w: Write, lead_id: int, day: date) -> None:
    """Correct the creation day; not in the future, not after the closing day."""
    lead = record.get(w, lead_id)
    if day > w.session.today:
        raise CrmError(_("A lead cannot be created in the future."))
    if lead["closed_on"] and day.isoformat() > lead["closed_on"]:
        raise CrmError(
            _("It closed on {day}, before that.").format(day=lead["closed_on"]),
            _("Correct the closing date first."),
        )
    redate_creation(w, lead, day.isoformat())
    w.describe(_("creation date of {title}").format(title=lead["title"]), lead_id=lead_id)


def redate_creation(w: Write, lead: LeadColumns, day: str) -> None:
    """Move the creation of a lead, and what the history knows of it, to another day."""
    first = w.store.rows(
        "SELECT id FROM history WHERE lead_id = ? AND on_day = ? AND was IS NULL",
        (lead["id"], lead["created_on"]),
    )
    w.update(Lead, lead["id"], created_on=day)
    for (number,) in first:
        w.update(History, number, on_day=day)


def _redate(w: Write, lead_id: int, field: str, became: str, day: date) -> None:
    """Move the newest change of a field to a value to another day of the history."""
    number = w.store.value(
        "SELECT id FROM history WHERE lead_id = ? AND field = ? AND became = ?"
        " ORDER BY id DESC LIMIT 1",
        (lead_id, field, became),
    )
    if number is not None:
        w.update(History, number, on_day=day.isoformat())


@operation("closing.add_reason")
def add_reason(w: Write, kind: str, label: str, digit: int | None = None) -> int:
    """Add a reason for ``lost``, ``cancelled`` or ``not_interested``; the next free digit unless
    one is given."""
    if kind not in ("lost", "cancelled", "not_interested"):
        raise CrmError(_("Reasons are for lost, cancelled or not_interested."))
    rows = reasons(w.store, kind)
    label = " ".join(clean(label, single_line=True).split())
    if not label or any(fold(r.label) == fold(label) for r in rows):
        raise CrmError(_("There is that reason already.") if label else _("A reason needs words."))
    taken = {r.digit for r in rows if not r.retired}
    if digit is None:
        digit = next((d for d in range(1, 10) if d not in taken), None)
    elif digit in taken or not 1 <= digit <= 9:
        raise CrmError(_("That digit is taken or is none from 1 to 9."))
    w.describe(_("reason {label}").format(label=label))
    return w.insert(Reason, kind=kind, label=label, digit=digit, position=len(rows) + 1)


@operation("closing.retire_reason")
def retire_reason(w: Write, kind: str, text: str) -> None:
    """No longer offer a reason; closed leads keep it."""
    w.update(Reason, find_reason(w, kind, text), retired=1, digit=None)
    w.describe(_("reason {label} retired").format(label=text))


@operation("closing.edit_reason")
def edit_reason(
    w: Write, kind: str, text: str, *, new_label: str = "", digit: int | None = None
) -> None:
    """Rename a reason everywhere, or give it another digit; the reason that has the digit takes
    the old one."""
    number = find_reason(w, kind, text)
    rows = reasons(w.store, kind)
    now = next(row for row in rows if row.id == number)
    label = " ".join(clean(new_label, single_line=True).split())
    if label:
        if any(fold(row.label) == fold(label) for row in rows if row.id != number):
            raise CrmError(_("There is that reason already."))
        w.update(Reason, number, label=label)
    if digit is not None:
        if now.retired or not 1 <= digit <= 9:
            raise CrmError(_("Digits go from 1 to 9, and only to reasons that are offered."))
        for row in rows:
            if row.digit == digit and row.id != number:
                w.update(Reason, row.id, digit=now.digit)
        w.update(Reason, number, digit=digit)
    w.describe(_("reason {label}").format(label=label or now.label))


@operation("closing.bring_back_reason")
def bring_back_reason(w: Write, kind: str, text: str) -> None:
    """Offer a retired reason again, under the next free digit."""
    number = find_reason(w, kind, text)
    taken = {row.digit for row in reasons(w.store, kind) if not row.retired}
    digit = next((d for d in range(1, 10) if d not in taken), None)
    w.update(Reason, number, retired=0, digit=digit)
    w.describe(_("reason {label} is back").format(label=clean(text, single_line=True)))


# -- views ----------------------------------------------------------------------------------------


def reasons(store: Store, kind: str) -> list[ReasonRow]:
    """The reasons of a kind in their order, retired ones last."""
    return store.read(
        ReasonRow,
        "SELECT id, kind, digit, label, retired FROM reasons WHERE kind = ?"
        " ORDER BY retired, position, id",
        (kind,),
    )
