"""The rep's seat in a calling session: the row on screen, the clock of the call, the way back.

None of this is anybody's act, so it is not in the journal: each change is committed at once, and
after a cut line or a kill the next start stands on the same row with its note and running clock.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tui_crm.core import drafts
from tui_crm.core.calling import plan as calling_plan, position, queue as calling_queue
from tui_crm.core.calling.card import Card, card, place_of, read_row, reason
from tui_crm.core.calling.counts import Hidden, tally
from tui_crm.core.calling.queue import Rules
from tui_crm.core.errors import Conflict, CrmError
from tui_crm.core.lists import filter as list_filter, lists
from tui_crm.core.privacy.do_not_call import OPEN
from tui_crm.core.session import Session
from tui_crm.core.setup import outcomes
from tui_crm.core.text import _, clean

MOST_SKIPPED = 500  # rows stepped over that are remembered
_COLUMNS = (
    "prospect_id",
    "since_at",
    "query",
    "started_at",
    "dialled_at",
    "dialled",
    "paused_at",
    "seen_at",
    "skipped",
)


@dataclass(frozen=True)
class Seat:
    """Where a rep stands: the list, its filter, the row on screen (``None`` before the first),
    and since when the session runs (epoch seconds UTC). ``resumed`` says it was left before.
    ``dropped`` is a filter that it had and that can no longer be read (its column was renamed):
    the whole list is called, and the row on screen stays."""

    list_id: int
    list_name: str
    query: str
    prospect_id: int | None
    started_at: int
    paused: bool
    resumed: bool
    dropped: str = ""


@dataclass(frozen=True)
class ComingRow:
    """A row to come, and why it stands where it does."""

    prospect_id: int
    name: str
    company: str
    why: str
    late: bool


@dataclass(frozen=True)
class Coming:
    """What comes next in a list, what does not and why, and when the next moment is at which
    another row may be called (epoch seconds UTC). ``day_off``: today nobody is called."""

    rows: tuple[ComingRow, ...]
    callable_now: int
    later: int
    hidden: tuple[Hidden, ...]
    next_at: int | None
    day_off: bool = False


def seat(session: Session, list_id: int, query: str | None = None) -> Seat:
    """Take a seat at a list, or come back to it. ``query`` narrows the session
    (:func:`.queue.narrowing`); ``None`` keeps the filter it had, ``""`` takes it off.

    A session begins anew each day, at the place where the last one ended: on the same row, with
    the same filter. A clock that ran on a call overnight stands still. Raises NotFound, and
    CrmError for an archived list."""
    info = lists.get(session, list_id)
    if info.archived:
        raise CrmError(
            _("The list {name} is archived.").format(name=info.name), _("Bring it back first.")
        )
    drafts.forget_old(session)
    now = int(session.now.timestamp())
    session.store.execute(
        "INSERT INTO seats (user_id, list_id, query, started_at, dialled, seen_at, skipped)"
        " VALUES (?, ?, '', ?, '', ?, '[]') ON CONFLICT (user_id, list_id) DO NOTHING",
        (session.user_id, list_id, now, now),
    )
    row = _row(session, list_id)
    assert row is not None
    changes: dict[str, Any] = {"seen_at": now}
    if row["started_at"] < calling_queue.day_start(session):
        changes |= {"started_at": now, "skipped": "[]"}
        if now - row["seen_at"] > calling_queue.LEASE:
            changes |= {"dialled_at": None, "dialled": "", "paused_at": None}
    dropped = ""
    if query is None and not _is_read(session, info, row["query"]):
        dropped = row["query"]
        changes["query"] = ""
    if query is not None and clean(query, single_line=True) != row["query"]:
        changes |= {"query": clean(query, single_line=True), "skipped": "[]"}
        if row["prospect_id"]:
            calling_queue.release(session, row["prospect_id"])
            changes |= _standing_on(None, now)
    _set(session, list_id, **changes)
    row |= changes
    return Seat(
        list_id,
        info.name,
        row["query"],
        row["prospect_id"],
        row["started_at"],
        row["paused_at"] is not None,
        row["prospect_id"] is not None,
        dropped,
    )


def _is_read(session: Session, info: lists.ProspectListInfo, query: str) -> bool:
    """Whether a filter means something in the list as it is now."""
    try:
        list_filter.narrowing(session.store, info, query)
    except CrmError:
        return False
    return True


def last_list(session: Session) -> int | None:
    """The list this rep called last, ``None`` when there is none or it was archived."""
    found = session.store.value(
        "SELECT list_id FROM seats JOIN lists ON lists.id = list_id AND archived = 0"
        " WHERE user_id = ? ORDER BY seen_at DESC, list_id DESC LIMIT 1",
        (session.user_id,),
    )
    return None if found is None else int(found)


def callbacks_due(session: Session, list_id: int) -> int:
    """Callbacks of a list whose moment has come and that are this rep's to keep."""
    now = int(session.now.timestamp())
    return int(
        session.store.value(
            "SELECT COUNT(*) FROM prospects WHERE list_id = ? AND state = 'callback'"
            " AND due_at <= ? AND (owner_id IS NULL OR owner_id = ?)",
            (list_id, now, session.user_id),
        )
    )


def next_card(session: Session, list_id: int) -> Card | None:
    """The row on screen: the one this rep stands on while it has no outcome, else the next of
    the queue, claimed. ``None`` when nothing may be called now (:func:`coming` says why)."""
    row = _sitting(session, list_id)
    number = row["prospect_id"]
    if number and _take(session, number):
        with session.store.relaxed_durability():
            _set(session, list_id, seen_at=int(session.now.timestamp()))
        return card(session, number, row)
    return _go_on(session, list_id, row, calling_queue.skipped(row))


def skip(session: Session, list_id: int) -> Card | None:
    """Step over the row on screen (``j``) to the next one; when all were stepped over, the first
    of them again. It keeps its place in the queue for everybody else."""
    row = _sitting(session, list_id)
    over = calling_queue.skipped(row)
    if row["prospect_id"]:
        over = [n for n in over if n != row["prospect_id"]] + [row["prospect_id"]]
        calling_queue.release(session, row["prospect_id"])
    return _go_on(session, list_id, row, over[-MOST_SKIPPED:])


def back(session: Session, list_id: int) -> Card | None:
    """Go back (``k``) to the row stepped over last that still has no outcome; ``None`` when
    there is none, and the row on screen stays."""
    row = _sitting(session, list_id)
    over = calling_queue.skipped(row)
    while over:
        number = over.pop()
        if _take(session, number):
            if row["prospect_id"] and row["prospect_id"] != number:
                calling_queue.release(session, row["prospect_id"])
            return _stand(session, row, calling_queue.rules_of(session, list_id), number, over)
    return None


def go(session: Session, prospect_id: int) -> Card:
    """Stand on this very row: after an undo, from Today, from a search. Raises Conflict when a
    colleague has it on screen, CrmError when it has its outcome."""
    prospect = read_row(session, prospect_id)
    if prospect["state"] not in OPEN:
        raise CrmError(_("This row has its outcome."), _("Undo it to call again."))
    seat(session, prospect["list_id"])
    row = _sitting(session, prospect["list_id"])
    if not calling_queue.claim(session, prospect_id):
        who = calling_queue.holder(session, prospect_id) or _("Somebody")
        raise Conflict(_("{who} has this row on screen.").format(who=who))
    if row["prospect_id"] and row["prospect_id"] != prospect_id:
        calling_queue.release(session, row["prospect_id"])
    over = [n for n in calling_queue.skipped(row) if n != prospect_id]
    rules = calling_queue.rules_of(session, prospect["list_id"])
    return _stand(session, row, rules, prospect_id, over)


def dial(session: Session, prospect_id: int, number: str = "") -> str:
    """Start the clock of a call (again) and say what is dialled: E.164, or as typed when it is no
    valid number. ``number`` chooses one of several phones; without it the first good one.

    Raises CrmError when the row has no phone, or the number is on the do-not-call list."""
    now = int(session.now.timestamp())
    found = card(session, prospect_id)
    wanted = (
        [p for p in found.phones if number in (p.e164, p.typed)]
        if number
        else [p for p in found.phones if not p.bad] or list(found.phones)
    )
    if not wanted:
        raise CrmError(_("There is no phone to dial."), _("Edit the row to give it one."))
    phone = wanted[0]
    if phone.blocked:
        raise CrmError(
            _("{number} is on the do-not-call list ({who}: {words}).").format(
                number=phone.shown, who=phone.blocked.who, words=phone.blocked.words or "–"
            )
        )
    if not calling_queue.claim(session, prospect_id):
        who = calling_queue.holder(session, prospect_id) or _("Somebody")
        raise Conflict(_("{who} has this row on screen.").format(who=who))
    dialled = phone.e164 or phone.typed
    _set(session, found.list_id, dialled_at=now, dialled=dialled, paused_at=None, seen_at=now)
    return dialled


def pause(session: Session, list_id: int) -> bool:
    """Stop the clocks, or let them go on; whether they stand still now."""
    row, now = _sitting(session, list_id), int(session.now.timestamp())
    if row["paused_at"] is None:
        _set(session, list_id, paused_at=now, seen_at=now)
        return True
    away = now - row["paused_at"]
    dialled = row["dialled_at"]
    _set(
        session,
        list_id,
        paused_at=None,
        seen_at=now,
        dialled_at=dialled + away if dialled is not None else None,
    )
    return False


def keep_note(session: Session, prospect_id: int, text: str) -> None:
    """Save the note as it is typed, and renew the lease on its row."""
    drafts.save(session, place_of(prospect_id), text)
    calling_queue.claim(session, prospect_id)


def coming(session: Session, list_id: int, n: int = 10) -> Coming:
    """The next ``n`` rows after the one on screen with the reason of each, and the hidden counts.
    The counts are of the whole list, whatever the session's filter."""
    row = _row(session, list_id)
    rules = calling_queue.rules_of(session, list_id)
    query, over = (row["query"], calling_queue.skipped(row)) if row else ("", [])
    if not _is_read(session, rules.info, query):
        query = ""
    if row and row["prospect_id"]:
        over = [*over, row["prospect_id"]]
    rows, known = [], outcomes.every(session.store, "call")
    for number in calling_queue.peek(session, rules, n, query, over):
        prospect = read_row(session, number)
        place, total = position.place_of(session.store, list_id, prospect["line"])
        why, late = reason(session, rules, prospect, place, total, known)
        rows.append(ComingRow(number, prospect["name"], prospect["company"], why, late))
    counted = tally(session, list_id)
    return Coming(
        tuple(rows),
        counted.callable_now,
        counted.later,
        counted.hidden,
        counted.next_at,
        rules.win.is_off(session.today),
    )


# -- the row of the seat --------------------------------------------------------------------------


def standing(session: Session, prospect_id: int, list_id: int) -> dict[str, Any] | None:
    """The seat's row when the rep stands on this prospect."""
    row = _row(session, list_id)
    return row if row and row["prospect_id"] == prospect_id else None


def release(session: Session, list_id: int, prospect_id: int) -> None:
    """The row got its outcome: give it back and stand on none."""
    calling_queue.release(session, prospect_id)
    _set(session, list_id, prospect_id, **_standing_on(None, int(session.now.timestamp())))


def _row(session: Session, list_id: int) -> dict[str, Any] | None:
    found = session.store.rows(
        f"SELECT {', '.join(_COLUMNS)} FROM seats WHERE user_id = ? AND list_id = ?",
        (session.user_id, list_id),
    )
    return dict(zip(_COLUMNS, found[0], strict=True)) if found else None


def _sitting(session: Session, list_id: int) -> dict[str, Any]:
    row = _row(session, list_id)
    if row is None:
        seat(session, list_id)
        row = _row(session, list_id)
        assert row is not None
    return row


def _take(session: Session, prospect_id: int) -> bool:
    """Take a row this rep stood on before, if it still waits for an outcome and nobody called it
    meanwhile: the lease runs still, or it may be called as before."""
    now = int(session.now.timestamp())
    found = session.store.rows(
        "SELECT claimed_by, claimed_until FROM prospects WHERE id = ?"
        " AND state IN ('new', 'retry', 'callback') AND (claimed_by = ? AND claimed_until > ?"
        " OR for_id IN (0, ?) AND (state = 'new' OR due_at <= ?))",
        (prospect_id, session.user_id, now, session.user_id, now),
    )
    if not found or not calling_queue.claim(session, prospect_id):
        return False
    if found[0][0] == session.user_id and found[0][1] > now:
        return True
    if calling_queue.shared(session, prospect_id):
        calling_queue.release(session, prospect_id)
        return False
    return True


def _go_on(session: Session, list_id: int, row: dict[str, Any], over: list[int]) -> Card | None:
    rules, zones = session.store.fetch_all(
        calling_plan.rules_query(session, list_id), calling_queue.zones_in(list_id)
    )
    query = row["query"]
    if query and not _is_read(session, rules.info, query):
        query = ""  # renamed since: nobody is kept waiting for a column that is not there
    with session.store.relaxed_durability():
        number = calling_queue.claim_next(session, rules, zones, query, over)
        if number is None and over:
            over = []
            number = calling_queue.claim_next(session, rules, zones, query)
        return _stand(session, row, rules, number, over)


def _stand(
    session: Session, row: dict[str, Any], rules: Rules, number: int | None, over: list[int]
) -> Any:
    changes = _standing_on(number, rules.at) | {"skipped": json.dumps(over)}
    _set(session, rules.info.id, **changes)
    return card(session, number, row | changes, rules) if number else None


def _standing_on(prospect_id: int | None, now: int) -> dict[str, Any]:
    return {
        "prospect_id": prospect_id,
        "since_at": now if prospect_id else None,
        "dialled_at": None,
        "dialled": "",
        "paused_at": None,
        "seen_at": now,
    }


def _set(session: Session, list_id: int, only_on: int | None = None, /, **values: Any) -> None:
    """Change a seat; with ``only_on`` only while it stands on that prospect."""
    columns = ", ".join(f"{name} = ?" for name in values)
    session.store.execute(
        f"UPDATE seats SET {columns} WHERE user_id = ? AND list_id = ?"
        + (" AND prospect_id = ?" if only_on else ""),
        (*values.values(), session.user_id, list_id, *([only_on] if only_on else [])),
    )


# -- the clock of a call that runs, wherever the rep went meanwhile -------------------------------


def running(session: Session) -> tuple[int, int] | None:
    """List and row of the call whose clock runs for this rep, ``None`` when there is none."""
    found = session.store.rows(
        "SELECT list_id, prospect_id FROM seats WHERE user_id = ? AND dialled_at IS NOT NULL"
        " AND prospect_id IS NOT NULL ORDER BY seen_at DESC, list_id DESC LIMIT 1",
        (session.user_id,),
    )
    return (int(found[0][0]), int(found[0][1])) if found else None


def discard_call(session: Session, list_id: int) -> None:
    """No call took place after all: the clock of this rep's seat at a list goes back to nothing.
    The row stays on screen as it was."""
    session.store.execute(
        "UPDATE seats SET dialled_at = NULL, dialled = '', paused_at = NULL"
        " WHERE user_id = ? AND list_id = ?",
        (session.user_id, list_id),
    )
