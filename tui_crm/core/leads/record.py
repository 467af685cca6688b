"""The row of a lead: reading it under a lock, changing it, and its history."""

from __future__ import annotations

from enum import Enum
from typing import Any, Final, Unpack

from tui_crm.core.errors import Conflict, CrmError, NotFound
from tui_crm.core.store.columns import LeadColumns
from tui_crm.core.store.database import Store
from tui_crm.core.store.journal import Write, cleaned
from tui_crm.core.store.tables import History, Lead
from tui_crm.core.text import _, clean, fold

TRACKED: Final[dict[str, str]] = {
    "step_id": "step",
    "owner_id": "owner",
    "amount": "amount",
    "probability": "probability",
    "expected_close": "expected_close",
    "pipeline_id": "pipeline",
    "title": "title",
    "client_id": "client",
    "source": "source",
    "reason_id": "reason",  # before the status, with which the history tells it
    "status": "status",
}
"""The columns whose changes are kept in the history, with the field they have there."""


class NotSeen(Enum):
    """The type of :data:`NOT_SEEN`."""

    TOKEN = 0


NOT_SEEN: Final = NotSeen.TOKEN
"""In place of a value: the caller did not read it before changing it."""
Seen = str | int | None | NotSeen
MERGE = "leads.merge"  # the operation that makes two leads one, as the journal calls it
MOST = 2**53  # minor units; what every spreadsheet and JSON reader keeps exactly

PRIORITIES = ("none", "low", "high")
"""How much a lead matters beside the others of its owner."""


def get(w: Write, lead_id: int) -> LeadColumns:
    """The lead's row, locked. Raises NotFound, which names the lead that it was merged into."""
    row = w.row(Lead, lead_id)
    if row is None:
        kept = merged_into(w.store, lead_id)
        if kept is not None:
            raise NotFound(
                _("#{number} was merged into #{kept}.").format(number=lead_id, kept=kept),
                _("Use #{kept}.").format(kept=kept),
            )
        raise NotFound(_("There is no lead #{number}.").format(number=lead_id))
    return row


def merged_into(store: Store, lead_id: int) -> int | None:
    """The lead that one which is gone was merged into, through several merges; ``None`` when it
    was never merged, or its merge was undone."""
    kept = None
    while True:
        found = store.value(
            "SELECT entries.lead_id FROM changes JOIN entries ON entries.id = changes.entry_id"
            " WHERE changes.name = 'leads' AND changes.row = ? AND changes.last = changes.row"
            " AND changes.kind = 'delete' AND entries.op = ? AND entries.undone_by IS NULL"
            " ORDER BY changes.id DESC LIMIT 1",
            (lead_id if kept is None else kept, MERGE),
        )
        if found is None:
            return kept
        kept = int(found)


def change(
    w: Write, lead: LeadColumns, on_day: str | None = None, **values: Unpack[LeadColumns]
) -> bool:
    """Write columns of a lead and their history; whether anything differs now. ``on_day`` is the
    day that the history counts for (default: the rep's today)."""
    if not w.update(Lead, lead["id"], **values):
        return False
    was, became = dict(lead), cleaned(values)
    for column, field in TRACKED.items():
        if column in became and became[column] != was[column]:
            note_history(w, lead["id"], field, was[column], became[column], on_day)
    return True


def note_history(
    w: Write, lead_id: int, field: str, was: Any, became: Any, on_day: str | None = None
) -> None:
    """One row of history; ``on_day`` is the day it counts for (default: the rep's today)."""
    w.insert(
        History,
        lead_id=lead_id,
        at=w.at,
        user_id=w.user_id,
        field=field,
        on_day=on_day or w.session.today.isoformat(),
        was=None if was is None else str(was),
        became=None if became is None else str(became),
    )


def refuse_overwrite(w: Write, lead: LeadColumns, column: str, seen: Seen) -> None:
    """Refuses to overwrite what somebody else changed after the caller read it.

    ``seen`` is the value that was on the caller's screen, or NOT_SEEN. Raises Conflict naming
    who, when, the old and the new value."""
    now = dict(lead)[column]
    if seen is NOT_SEEN or now == seen:
        return
    changes = w.store.rows(
        "SELECT users.name, history.at FROM history JOIN users ON users.id = history.user_id"
        " WHERE lead_id = ? AND field = ? ORDER BY history.id DESC LIMIT 1",
        (lead["id"], TRACKED.get(column, column)),
    )
    if not changes:
        changes = w.store.rows(
            "SELECT users.name, entries.at FROM changes JOIN entries ON entries.id = entry_id"
            " JOIN users ON users.id = entries.user_id WHERE changes.name = 'leads' AND row = ?"
            " ORDER BY changes.id DESC LIMIT 1",
            (lead["id"],),
        )
    who, at = changes[0] if changes else (_("Somebody"), w.at)
    raise Conflict(
        _("{who} changed the {what} {n} min ago: {was} > {now}.").format(
            who=who,
            what=TRACKED.get(column, column).replace("_", " "),
            n=max(0, w.at - at) // 60,
            was=shown(w, column, seen),
            now=shown(w, column, now),
        ),
        _("Nothing was overwritten; enter it again to change it."),
    )


def shown(w: Write, column: str, value: Any) -> str:
    """The value of a column as people read it: an amount with its currency, a name for a number."""
    if value is None or value == "":
        return "–"
    if column == "amount":
        from tui_crm.core import money

        return money.full(value, w.session.currency)
    table = {"step_id": "steps", "owner_id": "users", "client_id": "clients"}.get(column)
    if table:
        return str(w.store.value(f"SELECT name FROM {table} WHERE id = ?", (value,)))
    return clean(str(value), single_line=True)


def check_amount(amount: int | None) -> None:
    """Raises CrmError for an amount (minor units) that no lead can have."""
    if amount is not None and not 0 <= amount <= MOST:
        raise CrmError(_("That is no amount of a lead."), _("Try 12.4k or 12400."))


def check_probability(percent: int | None) -> None:
    """Raises CrmError for what is no percentage."""
    if percent is not None and not 0 <= percent <= 100:
        raise CrmError(_("A probability goes from 0 to 100 %."))


def active_user(w: Write, user_id: int | None) -> str:
    """The name of a user who can be given something; "nobody" for ``None``. Raises NotFound."""
    if user_id is None:
        return _("nobody")
    name = w.store.value("SELECT name FROM users WHERE id = ? AND active = 1", (user_id,))
    if name is None:
        raise NotFound(_("That user is not active here."))
    return str(name)


def read_priority(word: str) -> str:
    """The stored priority of a word of :data:`PRIORITIES`: nothing for ``none``. Raises
    CrmError."""
    wanted = fold(word).strip()
    if wanted not in ("", *PRIORITIES):
        raise CrmError(
            _("“{word}” is no priority.").format(word=clean(word, single_line=True)[:40]),
            _("Priorities are: {names}.").format(names=", ".join(PRIORITIES)),
        )
    return "" if wanted == "none" else wanted
