"""A calling session: the rep's seat at a list, with the row on screen, the clock of the call and
the way back.

None of this is anybody's act, so it is not in the journal: each change is committed at once, and
after a cut line or a kill the next start shows the same row with its note and running clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tui_crm.core import drafts
from tui_crm.core.calling import plan as calling_plan, position, queue as calling_queue
from tui_crm.core.calling.card import Card, card, note_place, read_row, silent_since
from tui_crm.core.calling.counts import HiddenRows, count
from tui_crm.core.calling.explain import row_reason
from tui_crm.core.calling.plan import Rules
from tui_crm.core.calling.seat import (
    Place,
    change_seat,
    place_query,
    row_on_screen,
    seat_query,
    skipped_rows,
)
from tui_crm.core.errors import Conflict, CrmError
from tui_crm.core.lists import filter as list_filter, lists
from tui_crm.core.privacy.do_not_call import OPEN
from tui_crm.core.session import Session
from tui_crm.core.setup import outcomes
from tui_crm.core.setup.outcomes import OutcomeRow
from tui_crm.core.store import rows as table_rows
from tui_crm.core.store.columns import ProspectColumns, SeatColumns
from tui_crm.core.store.tables import Prospect
from tui_crm.core.text import _, clean

NO_KEY = 60 * 60
"""Seconds without a key after which the clock of a call stops, at the last key: nobody talks."""
MOST_SKIPPED = 500  # skipped rows that are remembered


@dataclass(frozen=True)
class Seat:
    """The place of a rep at a list: the filter, the row on screen (``None`` before the first), and
    since when the session runs (epoch seconds UTC). ``resumed`` says that it was left before.
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
class UpcomingRow:
    """A row to come, and why it is offered."""

    prospect_id: int
    name: str
    company: str
    why: str
    late: bool


@dataclass(frozen=True)
class Upcoming:
    """What comes next in a list, what does not and why, and when the next moment is at which
    another row may be called (epoch seconds UTC). ``day_off``: today nobody is called."""

    rows: tuple[UpcomingRow, ...]
    callable_now: int
    later: int
    hidden: tuple[HiddenRows, ...]
    next_at: int | None
    day_off: bool = False


def open_seat(session: Session, list_id: int, query: str | None = None) -> Seat:
    """Begin to call a list, or go on with it. ``query`` narrows the session
    (:func:`.filter.condition` of lists); ``None`` keeps the filter it had, ``""`` takes it off.

    A session begins anew each day, at the place where the last one ended: on the same row, with
    the same filter. A clock that ran on a call overnight stops. Raises NotFound, and CrmError for
    an archived list."""
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
    row = _find_seat(session, list_id)
    assert row is not None
    changes: SeatColumns = {"seen_at": now, **_without_silence(row, now)}
    if row["started_at"] < calling_plan.day_start(session):
        changes |= {"started_at": now, "skipped": "[]"}
        if now - row["seen_at"] > calling_queue.LEASE:
            changes |= {"dialled_at": None, "dialled": "", "paused_at": None}
    dropped = ""
    if query is None and not _is_readable(session, info, row["query"]):
        dropped = row["query"]
        changes["query"] = ""
    if query is not None and clean(query, single_line=True) != row["query"]:
        changes |= {"query": clean(query, single_line=True), "skipped": "[]"}
        if row["prospect_id"]:
            calling_queue.release(session, row["prospect_id"])
            changes |= row_on_screen(None, now)
    change_seat(session, list_id, **changes)
    row |= changes
    return Seat(
        list_id=list_id,
        list_name=info.name,
        query=row["query"],
        prospect_id=row["prospect_id"],
        started_at=row["started_at"],
        paused=row["paused_at"] is not None,
        resumed=row["prospect_id"] is not None,
        dropped=dropped,
    )


def _is_readable(session: Session, info: lists.ProspectListInfo, query: str) -> bool:
    """Whether a filter means something in the list as it is now."""
    try:
        list_filter.condition(session.store, info, query)
    except CrmError:
        return False
    return True


def last_list(session: Session) -> int | None:
    """The list this rep called last, ``None`` when there is none or it was archived."""
    list_id = session.store.value(
        "SELECT list_id FROM seats JOIN lists ON lists.id = list_id AND archived = 0"
        " WHERE user_id = ? ORDER BY seen_at DESC, list_id DESC LIMIT 1",
        (session.user_id,),
    )
    return None if list_id is None else int(list_id)


def callbacks_due(session: Session, list_id: int) -> int:
    """How many callbacks of a list are due and this rep's to keep."""
    now = int(session.now.timestamp())
    return int(
        session.store.value(
            "SELECT COUNT(*) FROM prospects WHERE list_id = ? AND state = 'callback'"
            " AND due_at <= ? AND (owner_id IS NULL OR owner_id = ?)",
            (list_id, now, session.user_id),
        )
    )


# -- the row on screen ----------------------------------------------------------------------------


def next_card(
    session: Session,
    list_id: int,
    place: Place | None = None,
    known: Sequence[OutcomeRow] | None = None,
) -> Card | None:
    """The row on screen while it has no outcome, else the next of the queue, claimed. ``None``
    when nothing may be called now (:func:`upcoming` says why). ``place`` and the outcomes of calls
    (``known``) are what an operation read at this moment."""
    zones, *found = session.store.fetch_all(
        calling_queue.zones_query(list_id),
        *([place_query(session, list_id)] if place is None else []),
    )
    rules, taken, _phone = place or found[0]
    seat = taken or _seat(session, list_id)
    number = seat["prospect_id"]
    if number and _reclaim(session, number):
        now = int(session.now.timestamp())
        changes: SeatColumns = {"seen_at": now, **_without_silence(seat, now)}
        with session.store.relaxed_durability():
            change_seat(session, list_id, **changes)
        return card(session, number, seat | changes, rules, known=known)
    return _claim_next(session, seat, rules, zones, skipped_rows(seat), known)


def call_anyway(session: Session, list_id: int) -> Card:
    """Put the row on screen that would be next if its hours and its moment did not matter; the
    journal says of its call that it was one. Raises CrmError when no row is left for that."""
    rules, zones = session.store.fetch_all(
        calling_plan.rules_query(session, list_id), calling_queue.zones_query(list_id)
    )
    seat = _seat(session, list_id)
    query = seat["query"] if _is_readable(session, rules.info, seat["query"]) else ""
    with session.store.relaxed_durability():
        row = calling_queue.claim_anyway(session, rules, zones, query)
        if row is None:
            raise CrmError(
                _("No row of this list is left to call today."), _("v says why each is hidden.")
            )
        return _put_on_screen(session, seat, rules, row, skipped_rows(seat))


class OtherList(NamedTuple):
    """A list with rows that may be called now."""

    id: int
    name: str
    rows: int


MOST_LISTS = 50  # that are looked through for one with rows to call


def other_list(session: Session, but: int) -> OtherList | None:
    """The list, but for one, that has rows which this rep may call now: the one called last, else
    the newest; None where there is none."""
    lists_there = session.store.rows(
        "SELECT lists.id, lists.name FROM lists LEFT JOIN seats ON seats.list_id = lists.id"
        " AND seats.user_id = ? WHERE lists.archived = 0 AND lists.id <> ?"
        f" ORDER BY COALESCE(seats.seen_at, 0) DESC, lists.id DESC LIMIT {MOST_LISTS}",
        (session.user_id, but),
    )
    for list_id, name in lists_there:
        rules, zones = session.store.fetch_all(
            calling_plan.rules_query(session, list_id), calling_queue.zones_query(list_id)
        )
        if calling_queue.peek(session, rules, 1, "", (), zones):
            return OtherList(list_id, name, count(session.store, rules, zones).callable_now)
    return None


def skip(session: Session, list_id: int) -> Card | None:
    """Go on to the next row without an outcome (``j``); when all were skipped, to the first of
    them again. The skipped row keeps its place in the queue for everybody else."""
    seat = _seat(session, list_id)
    skipped = skipped_rows(seat)
    if number := seat["prospect_id"]:
        skipped = [n for n in skipped if n != number] + [number]
        calling_queue.release(session, number)
    rules, zones = session.store.fetch_all(
        calling_plan.rules_query(session, list_id), calling_queue.zones_query(list_id)
    )
    return _claim_next(session, seat, rules, zones, skipped[-MOST_SKIPPED:])


def previous_card(session: Session, list_id: int) -> Card | None:
    """Go back (``k``) to the row skipped last that still has no outcome; ``None`` when there is
    none: then the row on screen stays."""
    seat = _seat(session, list_id)
    skipped = skipped_rows(seat)
    while skipped:
        number = skipped.pop()
        if _reclaim(session, number):
            if seat["prospect_id"] and seat["prospect_id"] != number:
                calling_queue.release(session, seat["prospect_id"])
            rules = calling_plan.rules_of(session, list_id)
            return _put_on_screen(session, seat, rules, read_row(session, number), skipped)
    return None


def open_row(session: Session, prospect_id: int) -> Card:
    """Put this very row on screen: after an undo, from Today, from a search. Raises Conflict when
    a colleague has it on screen, CrmError when it has its outcome."""
    prospect = read_row(session, prospect_id)
    if prospect["state"] not in OPEN:
        raise CrmError(_("This row has its outcome."), _("Undo it to call again."))
    list_id = prospect["list_id"]
    open_seat(session, list_id)
    seat = _seat(session, list_id)
    _claim(session, prospect_id)
    if seat["prospect_id"] and seat["prospect_id"] != prospect_id:
        calling_queue.release(session, seat["prospect_id"])
    skipped = [n for n in skipped_rows(seat) if n != prospect_id]
    rules = calling_plan.rules_of(session, list_id)
    # Read again: before it was claimed a colleague may have changed it.
    return _put_on_screen(session, seat, rules, read_row(session, prospect_id), skipped)


def look_at(session: Session, prospect_id: int) -> Card:
    """The card of a row that is not being called: one that has its outcome, is blocked, is on a
    colleague's screen or in an archived list. Nothing is claimed. Raises NotFound."""
    return card(session, prospect_id)


def _claim(session: Session, prospect_id: int) -> None:
    """Raises Conflict when a colleague has the row."""
    if not calling_queue.claim(session, prospect_id):
        who = calling_queue.holder(session, prospect_id) or _("Somebody")
        raise Conflict(_("{who} has this row on screen.").format(who=who))


def _reclaim(session: Session, prospect_id: int) -> bool:
    """Claim a row again that this rep had on screen before, if it still waits for an outcome and
    nobody called it meanwhile: the lease runs still, or it may be called as before."""
    now = int(session.now.timestamp())
    found = session.store.rows(
        "SELECT claimed_by, claimed_until FROM prospects WHERE id = ?"
        " AND state IN ('new', 'retry', 'callback') AND (claimed_by = ? AND claimed_until > ?"
        " OR for_id IN (0, ?) AND (state = 'new' OR due_at <= ?))",
        (prospect_id, session.user_id, now, session.user_id, now),
    )
    if not found or not calling_queue.claim(session, prospect_id):
        return False
    claimed_by, claimed_until = found[0]
    if claimed_by == session.user_id and claimed_until > now:
        return True
    if calling_queue.is_number_in_use(session, prospect_id):
        calling_queue.release(session, prospect_id)
        return False
    return True


def _claim_next(
    session: Session,
    seat: SeatColumns,
    rules: Rules,
    zones: list[calling_queue.ZoneInUse],
    skipped: list[int],
    known: Sequence[OutcomeRow] | None = None,
) -> Card | None:
    """Claim the next row of the queue of a list, whose rules and zones in use were just read (and
    the outcomes ``known``), and put it on screen."""
    query = seat["query"]
    if query and not _is_readable(session, rules.info, query):
        query = ""  # renamed since: nobody is kept waiting for a column that is not there
    with session.store.relaxed_durability():
        row = calling_queue.claim_next(session, rules, zones, query, skipped)
        if row is None and skipped:
            skipped = []
            row = calling_queue.claim_next(session, rules, zones, query)
        if row is None:
            change_seat(session, rules.info.id, **row_on_screen(None, rules.at, skipped))
            return None
        return _put_on_screen(session, seat, rules, row, skipped, known)


def _put_on_screen(
    session: Session,
    seat: SeatColumns,
    rules: Rules,
    row: ProspectColumns,
    skipped: list[int],
    known: Sequence[OutcomeRow] | None = None,
) -> Card:
    changes = row_on_screen(row["id"], rules.at, skipped)
    change_seat(session, rules.info.id, **changes)
    return card(session, row["id"], seat | changes, rules, row, known)


# -- the call on it -------------------------------------------------------------------------------


def dial(session: Session, prospect_id: int, number: str = "") -> str:
    """Start the clock of a call (again) and give what is dialled: E.164, or as typed when it is no
    valid number. ``number`` chooses one of several phones; without it the first good one.

    Raises CrmError when the row has no phone, or the number is on the do-not-call list."""
    now = int(session.now.timestamp())
    prospect = card(session, prospect_id)
    if number:
        phones = [p for p in prospect.phones if number in (p.e164, p.typed)]
    else:
        phones = [p for p in prospect.phones if not p.bad] or list(prospect.phones)
    if not phones:
        raise CrmError(_("There is no phone to dial."), _("Edit the row to give it one."))
    phone = phones[0]
    if phone.blocked:
        raise CrmError(
            _("{number} is on the do-not-call list ({who}: {words}).").format(
                number=phone.shown, who=phone.blocked.who, words=phone.blocked.words or "–"
            )
        )
    _claim(session, prospect_id)
    dialled = phone.e164 or phone.typed
    change_seat(
        session, prospect.list_id, dialled_at=now, dialled=dialled, paused_at=None, seen_at=now
    )
    return dialled


def pause(session: Session, list_id: int) -> bool:
    """Stop the clocks, or let them go on; whether they are stopped now."""
    seat, now = _seat(session, list_id), int(session.now.timestamp())
    if seat["paused_at"] is None:
        change_seat(session, list_id, paused_at=silent_since(seat, now) or now, seen_at=now)
        return True
    dialled_at = seat["dialled_at"]
    if dialled_at is not None:
        dialled_at += now - seat["paused_at"]
    change_seat(session, list_id, paused_at=None, seen_at=now, dialled_at=dialled_at)
    return False


def sign_of_life(session: Session, list_id: int, idle: float) -> bool:
    """Note that the program is alive during a call; call it every few seconds while the clock runs.
    ``idle`` are the seconds since the last key: after `NO_KEY` of them the clock stops at that key.
    Returns whether the clock was changed, by that or by a silence before, as of a machine that
    slept."""
    seat, now = _seat(session, list_id), int(session.now.timestamp())
    if seat["dialled_at"] is None or seat["paused_at"] is not None:
        return False
    changes = _without_silence(seat, now)
    if not changes and idle > NO_KEY:
        changes = {"paused_at": max(seat["dialled_at"], now - int(idle))}
    changed = bool(changes)
    changes["seen_at"] = now
    with session.store.relaxed_durability():
        change_seat(session, list_id, **changes)
    return changed


def _without_silence(seat: SeatColumns, now: int) -> SeatColumns:
    """The columns with which the clock of a call goes on from where a silence began."""
    since, dialled_at = silent_since(seat, now), seat["dialled_at"]
    return {} if since is None or dialled_at is None else {"dialled_at": dialled_at + now - since}


def save_note(session: Session, prospect_id: int, text: str) -> None:
    """Save the note as it is typed, and renew the lease on its row."""
    drafts.save(session, note_place(prospect_id), text)
    calling_queue.claim(session, prospect_id)


class RunningCall(NamedTuple):
    """The list and the row of a call whose clock runs."""

    list_id: int
    prospect_id: int


def running_call(session: Session) -> RunningCall | None:
    """The call whose clock runs for this rep, wherever they went meanwhile; ``None`` when there
    is none."""
    calls = session.store.read(
        RunningCall,
        "SELECT list_id, prospect_id FROM seats WHERE user_id = ? AND dialled_at IS NOT NULL"
        " AND prospect_id IS NOT NULL ORDER BY seen_at DESC, list_id DESC LIMIT 1",
        (session.user_id,),
    )
    return calls[0] if calls else None


def discard_call(session: Session, list_id: int) -> None:
    """No call took place after all: the clock of this rep's seat at a list goes back to nothing.
    The row stays on screen as it was."""
    change_seat(session, list_id, dialled_at=None, dialled="", paused_at=None)


# -- what comes next ------------------------------------------------------------------------------


def upcoming(session: Session, list_id: int, n: int = 10) -> Upcoming:
    """The next ``n`` rows after the one on screen with the reason of each, and how many rows are
    hidden and why. The counts are of the whole list, whatever the session's filter."""
    store = session.store
    (rules, seat, _phone), known, zones = store.fetch_all(
        place_query(session, list_id),
        outcomes.outcomes_query("call"),
        calling_queue.zones_query(list_id),
    )
    query, passed = (seat["query"], skipped_rows(seat)) if seat else ("", [])
    if not _is_readable(session, rules.info, query):
        query = ""
    if seat and seat["prospect_id"]:
        passed = [*passed, seat["prospect_id"]]
    rows = []
    numbers = calling_queue.peek(session, rules, n, query, passed, zones)
    prospects = table_rows.read_many(store, Prospect, numbers)
    coming = [prospects[number] for number in numbers if number in prospects]
    lines = [prospect["line"] for prospect in coming]
    counted = store.fetch(position.position_query(store, list_id, lines))
    places, total = position.positions(store, list_id, lines, counted)
    for prospect, place in zip(coming, places, strict=True):
        why, late = row_reason(session, rules, prospect, place, total, known)
        rows.append(UpcomingRow(prospect["id"], prospect["name"], prospect["company"], why, late))
    counts = count(store, rules, zones)
    return Upcoming(
        rows=tuple(rows),
        callable_now=counts.callable_now,
        later=counts.later,
        hidden=counts.hidden,
        next_at=counts.next_at,
        day_off=rules.win.is_off(session.today),
    )


# -- the row of the seat --------------------------------------------------------------------------


def _find_seat(session: Session, list_id: int) -> SeatColumns | None:
    return session.store.fetch(seat_query(session, list_id))


def _seat(session: Session, list_id: int) -> SeatColumns:
    """The rep's seat at a list, opened when there is none."""
    seat = _find_seat(session, list_id)
    if seat is None:
        open_seat(session, list_id)
        seat = _find_seat(session, list_id)
        assert seat is not None
    return seat
