"""The row of a lead: reading it under a lock, changing it, and its history."""

from __future__ import annotations

from typing import Any, Final

from tui_crm.core.errors import Conflict, CrmError, NotFound
from tui_crm.core.store.journal import Write
from tui_crm.core.store.tables import History, Lead
from tui_crm.core.text import _, clean

TRACKED: Final = {
    "step_id": "step",
    "owner_id": "owner",
    "amount": "amount",
    "probability": "probability",
    "expected_close": "expected_close",
    "pipeline_id": "pipeline",
    "title": "title",
    "client_id": "client",
    "source": "source",
    "reason_id": "reason",  # before the status, whose line in the history it belongs to
    "status": "status",
}


NOT_SEEN: Final[Any] = object()  # the caller did not look at the value before changing it


MOST = 2**53  # minor units; what every spreadsheet and JSON reader keeps exactly


def get(w: Write, lead_id: int) -> dict[str, Any]:
    """The lead's row, locked. Raises NotFound."""
    row = w.row(Lead, lead_id)
    if row is None:
        raise NotFound(_("There is no lead #{number}.").format(number=lead_id))
    return row


def change(w: Write, lead: dict[str, Any], on_day: str | None = None, **values: Any) -> bool:
    """Write columns of a lead and their history; whether anything differs now."""
    values = {k: clean(v) if isinstance(v, str) else v for k, v in values.items()}
    changed = w.update(Lead, lead["id"], **values)
    if changed:
        for column, field in TRACKED.items():
            if column in values and values[column] != lead[column]:
                note_history(w, lead["id"], field, lead[column], values[column], on_day)
    return changed


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


def unseen(w: Write, lead: dict[str, Any], column: str, seen: Any) -> None:
    """Refuses to overwrite what somebody else changed after the caller looked.

    ``seen`` is the value that stood on the caller's screen, or NOT_SEEN. Raises Conflict naming
    who, when, the old and the new value."""
    if seen is NOT_SEEN or lead[column] == seen:
        return
    found = w.store.rows(
        "SELECT users.name, history.at FROM history JOIN users ON users.id = history.user_id"
        " WHERE lead_id = ? AND field = ? ORDER BY history.id DESC LIMIT 1",
        (lead["id"], TRACKED.get(column, column)),
    )
    if not found:
        found = w.store.rows(
            "SELECT users.name, entries.at FROM changes JOIN entries ON entries.id = entry_id"
            " JOIN users ON users.id = entries.user_id WHERE changes.name = 'leads' AND row = ?"
            " ORDER BY changes.id DESC LIMIT 1",
            (lead["id"],),
        )
    who, at = found[0] if found else (_("Somebody"), w.at)
    raise Conflict(
        _("{who} changed the {what} {n} min ago: {was} > {now}.").format(
            who=who,
            what=TRACKED.get(column, column).replace("_", " "),
            n=max(0, w.at - at) // 60,
            was=_shown(w, column, seen),
            now=_shown(w, column, lead[column]),
        ),
        _("Nothing was overwritten; enter it again to change it."),
    )


def _shown(w: Write, column: str, value: Any) -> str:
    if value is None or value == "":
        return "–"
    if column == "amount":
        from tui_crm.core import money

        return money.full(value, w.session.currency)
    table = {"step_id": "steps", "owner_id": "users", "client_id": "clients"}.get(column)
    if table:
        return str(w.store.value(f"SELECT name FROM {table} WHERE id = ?", (value,)))
    return clean(str(value), single_line=True)


def _check_amount(amount: int | None) -> None:
    if amount is not None and not 0 <= amount <= MOST:
        raise CrmError(_("That is no amount of a lead."), _("Try 12.4k or 12400."))


def _check_probability(percent: int | None) -> None:
    if percent is not None and not 0 <= percent <= 100:
        raise CrmError(_("A probability goes from 0 to 100 %."))
