"""The operations of calling: what one key does to a row.

:func:`outcome` is a whole call: moment, attempt number, duration, note, next try, the row's state,
and what follows from it (a lead, a block, a bad number) in one transaction and one journal entry,
so that one undo takes back all of it. The row on screen is in :mod:`.session`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple, cast

from tui_crm.core import drafts
from tui_crm.core.calling import (
    plan as calling_plan,
    queue as calling_queue,
    script as calling_script,
)
from tui_crm.core.calling.card import call_seconds, note_place
from tui_crm.core.calling.convert import attach_to_lead, make_lead
from tui_crm.core.calling.plan import Rules
from tui_crm.core.calling.seat import Place, leave_row, place_query
from tui_crm.core.dates.reading import Reading
from tui_crm.core.drafts import DraftText
from tui_crm.core.errors import Conflict, CrmError
from tui_crm.core.lists import lists, rules as calling_rules
from tui_crm.core.lists.cells import replace_keys, zone_after
from tui_crm.core.privacy import do_not_call
from tui_crm.core.setup.outcomes import OutcomeRow, outcomes_query, pick_outcome
from tui_crm.core.store.columns import ProspectColumns, SeatColumns
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import Action, Prospect, ProspectKey
from tui_crm.core.text import _, clean, fold

FREE: ProspectColumns = {"claimed_by": None, "claimed_until": None}
"""A row that is on nobody's screen."""


class Logged(NamedTuple):
    """A call that was logged: the number of the lead that its row became or was given to, if any;
    the outcomes of calls, the rules of the list and the rep's seat, for the row that is next."""

    lead_id: int | None
    outcomes: list[OutcomeRow]
    place: Place


@operation("calling.outcome")
def outcome(
    w: Write,
    prospect_id: int,
    digit: int | str,
    *,
    note: str | None = None,
    seconds: int | None = None,
    at: datetime | None = None,
    callback: Reading | datetime | date | None = None,
    reason: str | int | None = None,
    script_path: str | None = None,
    again: bool = False,
    words: str = "",
) -> Logged:
    """Log a whole call on a row; with the number of the lead it became, if it did.

    ``digit`` is the outcome (or its label); ``note`` the whole note as it is now (``None``: the
    draft, as typed); ``seconds`` the duration (``None``: the running clock's); ``at`` when it
    ended, for one logged late; ``callback`` a moment agreed on, which on a lead becomes its next
    action; ``reason`` a digit or label, where the outcome asks for one; ``script_path`` the
    answers of the script that were opened (``None``: those noted by
    :func:`.script.open_answer`). ``again``: also on a row that is done, whose people called back.
    ``words`` are those said by who does not want to be called, where the outcome blocks the number
    (without any: the note). A call outside the row's hours is one that the rep wanted anyway: the
    journal says so.

    Raises Conflict when a colleague has the row or it got its outcome meanwhile, CrmError for a
    callback that is missing or past, NotFound for an unknown outcome or reason."""
    row = _open_row(w, prospect_id, again)
    call = _read_call(w, row)
    rules = call.rules
    how = pick_outcome(call.outcomes, "call", digit)
    moment = w.at if at is None else int(at.timestamp())
    if moment > w.at:
        raise CrmError(_("A call cannot end in the future."))
    if row["last_at"] == moment and row["last_outcome_id"] == how.id:
        raise CrmError(_("That call was logged this very moment."))
    if how.asks == "callback" and callback is None:
        raise CrmError(_("{outcome} needs a day.").format(outcome=how.label), _("Type: tue 10"))
    tries = row["tries"] + 1
    state, due_at = calling_plan.next_state_of_row(w.session, rules, row, how, moment)
    values: ProspectColumns = {"due_exact": 0, "due_text": "", "owner_id": None}
    if callback is not None and state in ("retry", "done") and not how.ends_row:
        state = "callback"
        due_at, values = _agreed(w, rules, row, callback)
    note, added = _take_over_note(w, row, note, call)
    values["note"] = note
    action_id = _log(
        w,
        call,
        row,
        how,
        at=moment,
        seconds=seconds,
        reason=reason,
        text="\n".join(part for part in (added, words.strip()) if part),
        script_path=script_path,
    )
    said = f"{how.label}: {_name(row)}{_anyway(call, row)}"
    w.describe(said, prospect_id=prospect_id, list_id=row["list_id"])
    lead_id: int | None = None
    if state == "lead":
        lead_id = make_lead(w, row | values, how, callback)
        values["lead_id"] = lead_id
    values |= {
        "state": state,
        "due_at": due_at,
        "tries": tries,
        "last_at": max(moment, row["last_at"] or 0),
        "last_outcome_id": how.id,
    }
    w.update(Prospect, prospect_id, row, **(values | FREE))
    if how.bad_number:
        _mark_bad(w, prospect_id, action_id)
    if how.blocks:
        _block(w, prospect_id, words.strip() or note)
    return Logged(lead_id, call.outcomes, leave_row(w.session, call.place, prospect_id))


@operation("calling.callback")
def callback(
    w: Write,
    prospect_id: int,
    reading: Reading | datetime | date,
    *,
    note: str | None = None,
    called: bool = True,
    seconds: int | None = None,
    script_path: str | None = None,
    again: bool = False,
) -> Logged:
    """Call again at an agreed moment: the row leaves the queue until then and comes first.

    A time is an instant and holds outside the calling window too, for the prospect chose it; a
    day is the opening of that day's window where they live. Who agrees on one was spoken to: a
    call in which somebody was reached is logged, unless ``called`` is False or the words of the
    reading end with ``called: no``. The callback is the rep's own. ``again``: also on a row that is
    done. Raises CrmError for a moment that is past or was not understood."""
    row = _open_row(w, prospect_id, again)
    call = _read_call(w, row)
    if isinstance(reading, Reading):
        reading, called = _without_call(reading, called)
    due_at, values = _agreed(w, call.rules, row, reading)
    values["note"], added = _take_over_note(w, row, note, call)
    if called:
        values |= {"tries": row["tries"] + 1, "last_at": w.at}
        _log(w, call, row, None, seconds=seconds, text=added, script_path=script_path)
    values |= {"state": "callback", "due_at": due_at}
    w.update(Prospect, prospect_id, row, **(values | FREE))
    w.describe(
        _("callback: {name}").format(name=_name(row)),
        prospect_id=prospect_id,
        list_id=row["list_id"],
    )
    return Logged(None, call.outcomes, leave_row(w.session, call.place, prospect_id))


@operation("calling.convert")
def convert(w: Write, prospect_id: int, *, following: Reading | None = None) -> int:
    """Make a row a lead without logging a call; the lead's number. ``following`` is its next
    action. Raises Conflict when a colleague has the row, CrmError when it has its outcome."""
    row = _open_row(w, prospect_id)
    values: ProspectColumns = {"due_at": None, "due_exact": 0, "due_text": "", "owner_id": None}
    call = _read_call(w, row)
    values["note"], _added = _take_over_note(w, row, None, call)
    w.describe(
        _("lead: {name}").format(name=_name(row)), prospect_id=prospect_id, list_id=row["list_id"]
    )
    lead_id = make_lead(w, row | values, None, following)
    values |= {"state": "lead", "lead_id": lead_id}
    w.update(Prospect, prospect_id, row, **(values | FREE))
    leave_row(w.session, call.place, prospect_id)
    return lead_id


@operation("calling.attach")
def attach(
    w: Write,
    prospect_id: int,
    lead_id: int,
    digit: int | str | None = None,
    *,
    note: str | None = None,
    seconds: int | None = None,
    callback: Reading | datetime | date | None = None,
    script_path: str | None = None,
    again: bool = False,
) -> Logged:
    """Give a row to a lead that there is already, in place of a second one; with the lead's number.

    ``digit`` is the outcome of the call to log, one that makes a lead (``None``: no call). The
    calls and the note of the row are the lead's from then on, its phones and addresses are added
    where the lead has not got them, and the row's list becomes the lead's origin if it has none.
    ``callback`` is the lead's next action; without one it keeps what it has. ``again``: also on a
    row that is done. Raises Conflict when a colleague has the row or it has its outcome, NotFound
    for no such lead or outcome, CrmError for an outcome that makes no lead."""
    row = _open_row(w, prospect_id, again)
    call = _read_call(w, row)
    how = None if digit is None else pick_outcome(call.outcomes, "call", digit)
    if how is not None and how.asks != "lead":
        raise CrmError(
            _("{outcome} makes no lead.").format(outcome=how.label), _("Choose one that does.")
        )
    values: ProspectColumns = {"due_at": None, "due_exact": 0, "due_text": "", "owner_id": None}
    values["note"], added = _take_over_note(w, row, note, call)
    if how is not None:
        values |= {"tries": row["tries"] + 1, "last_at": w.at, "last_outcome_id": how.id}
        _log(w, call, row, how, seconds=seconds, text=added, script_path=script_path)
    title = attach_to_lead(w, row | values, lead_id, how, callback)
    values |= {"state": "lead", "lead_id": lead_id}
    w.update(Prospect, prospect_id, row, **(values | FREE))
    w.describe(
        _("{name} belongs to {title}").format(name=_name(row), title=title),
        lead_id=lead_id,
        prospect_id=prospect_id,
        list_id=row["list_id"],
    )
    return Logged(lead_id, call.outcomes, leave_row(w.session, call.place, prospect_id))


@operation("calling.reopen")
def reopen(w: Write, prospect_id: int) -> None:
    """Take up a row again that is done: its people called back. It is a callback of this rep's, due
    now. Raises Conflict when a colleague has the row or it is on the do-not-call list, CrmError
    when it became a lead or was not done."""
    row = _open_row(w, prospect_id, again=True)
    if row["state"] != "done":
        raise CrmError(_("This row waits for its call already."))
    w.update(
        Prospect,
        prospect_id,
        row,
        state="callback",
        due_at=w.at,
        due_exact=1,
        due_text="",
        owner_id=w.user_id,
    )
    w.describe(
        _("taken up again: {name}").format(name=_name(row)),
        prospect_id=prospect_id,
        list_id=row["list_id"],
    )


@operation("calling.edit_row")
def edit_row(w: Write, prospect_id: int, values: Mapping[str, str] | Mapping[int, str]) -> None:
    """Change cells of a row, named by their column (case aside), its place from 0, or by a field
    (``name``, ``phone`` …). The cells as imported are kept once and for all in ``original``;
    phones, e-mails, the zone and the do-not-call state follow. Raises CrmError for an unknown
    column."""
    row = _row(w, prospect_id)
    info = lists.get(w.session, row["list_id"])
    cells = json.loads(row["cells"] or "[]")
    cells += [""] * (len(info.columns) - len(cells))
    changed: ProspectColumns = {}
    points: dict[str, list[str]] = {}
    for name, text in values.items():
        text = clean(text, single_line=True).strip()
        place, field = _column(info, name)
        if place is not None:
            cells[place] = text
        if field in lists.VALUES or field == "zone":
            changed |= cast(ProspectColumns, {field: text})
        elif field in ("phone", "email"):
            fields = [n for n, c in enumerate(info.columns) if c.field == field]
            points[field] = [cells[n] for n in fields] if fields else [text]
    edited = json.dumps(cells, ensure_ascii=False, separators=(",", ":"))
    if edited != row["cells"] and not row["original"]:
        changed["original"] = row["cells"]
    if "country" in changed and "phone" not in points:
        # A number without its country code rings in another one now.
        texts = [cells[n] for n, c in enumerate(info.columns) if c.field == "phone"]
        points |= {"phone": texts} if texts else {}
    for kind, texts in points.items():
        replace_keys(w, prospect_id, kind, texts, changed.get("country", row["country"]))
    if points or {"zone", "country"} & set(changed):
        changed["zone"] = zone_after(w, row | changed, info, cells, "zone" in changed)
    changed["cells"] = edited
    w.update(Prospect, prospect_id, **changed)
    do_not_call.update_state(w, prospect_id)
    w.describe(
        _("edited {name}").format(name=_name(row | changed)),
        prospect_id=prospect_id,
        list_id=row["list_id"],
    )


def _column(info: lists.ProspectListInfo, name: str | int) -> tuple[int | None, str | None]:
    """The place of the column of that name, or of that field, and the field; no place for what
    every row has and this list has no column of. Raises CrmError for an unknown column."""
    if isinstance(name, int):
        return name, info.columns[name].field
    wanted = fold(name)
    places = [n for n, c in enumerate(info.columns) if fold(c.name) == wanted]
    places += [n for n, c in enumerate(info.columns) if c.field == wanted]
    if places:
        return places[0], info.columns[places[0]].field
    field = wanted.replace(" ", "_")
    if field in (*lists.VALUES, "zone", "phone", "email"):
        return None, field
    raise CrmError(
        _("This list has no column {name}.").format(name=clean(name, single_line=True)),
        _("It has: {names}.").format(names=", ".join(c.name for c in info.columns)),
    )


@operation("calling.set_note")
def set_note(w: Write, prospect_id: int, text: str) -> None:
    """Replace the note of a row."""
    row = _row(w, prospect_id)
    w.update(Prospect, prospect_id, note=clean(text).strip())
    drafts.take_over(w, note_place(prospect_id), clean(text).strip())
    w.describe(
        _("note: {name}").format(name=_name(row)), prospect_id=prospect_id, list_id=row["list_id"]
    )


@operation("calling.add_note")
def add_note(w: Write, prospect_id: int, text: str) -> None:
    """Add a line to the note of a row."""
    row = _row(w, prospect_id)
    lines = [part for part in (row["note"], clean(text).strip()) if part]
    set_note.within(w, prospect_id, "\n".join(lines))


@operation("calling.unblock")
def unblock(w: Write, prospect_id: int, why: str) -> None:
    """Take all numbers and e-mails of a row off the do-not-call list, with the reason.

    Raises NotAllowed for a rep, CrmError without a reason or when none is on the list."""
    row = _row(w, prospect_id)
    blocked = do_not_call.is_blocked(w.session, [match for _kind, match in _keys(w, prospect_id)])
    if not blocked:
        raise CrmError(_("Nothing of this row is on the do-not-call list."))
    for match in sorted(blocked):
        do_not_call.unblock.within(w, match, why)
    w.describe(
        _("{name} may be called again: {why}").format(
            name=_name(row), why=clean(why, single_line=True)
        ),
        prospect_id=prospect_id,
        list_id=row["list_id"],
    )


# -- the parts of a call --------------------------------------------------------------------------


def _row(w: Write, prospect_id: int) -> ProspectColumns:
    """The row, locked. Raises Conflict when it is gone."""
    row = w.row(Prospect, prospect_id)
    if row is None:
        raise Conflict(_("That row is gone: its import was undone."))
    return row


def _open_row(w: Write, prospect_id: int, again: bool = False) -> ProspectColumns:
    """The row, locked, when this rep may give it an outcome (``again``: also a second one); raises
    Conflict when not."""
    row = _row(w, prospect_id)
    if row["claimed_by"] not in (None, w.user_id) and (row["claimed_until"] or 0) > w.at:
        who = calling_queue.holder(w.session, prospect_id) or _("Somebody")
        raise Conflict(_("{who} has this row on screen.").format(who=who), _("Go on to the next."))
    if row["state"] == "blocked":
        raise Conflict(_("This row is on the do-not-call list."), _("Go on to the next."))
    if row["state"] not in do_not_call.OPEN and not (again and row["state"] == "done"):
        raise Conflict(_("This row has its outcome already."), _("Undo it to change it."))
    return row


def _name(row: ProspectColumns) -> str:
    return ", ".join(filter(None, (row["name"], row["company"]))) or _("row {n}").format(
        n=row["line"]
    )


def _without_call(reading: Reading, called: bool) -> tuple[Reading, bool]:
    """A reading without the words ``called: no`` at its end, and whether there was a call."""
    words = "|".join(re.escape(word) for word in {"called: no", _("called: no")})
    text = re.sub(rf"[\s,;]*\b(?:{words})\s*$", "", reading.text, flags=re.IGNORECASE)
    return (reading, called) if text == reading.text else (reading._replace(text=text), False)


def _agreed(
    w: Write, rules: Rules, row: ProspectColumns, when: Reading | datetime | date
) -> tuple[int, ProspectColumns]:
    """The moment agreed on, and the columns of the row that go with it. Raises CrmError for a
    moment that is past or was not understood."""
    words = ""
    if isinstance(when, Reading):
        if when.problem or when.day is None:
            raise CrmError(when.problem or _("Say when to call back."), _("Try: tue 10"))
        words, when = when.text.strip(), when.at or when.day
    if isinstance(when, datetime):
        due_at, exact = int(when.timestamp()), True
        past = due_at <= w.at
    else:
        zones = rules.zones(row["zone"])
        due_at, exact = calling_rules.day_opens(rules.win, zones, when), False
        past = when < calling_rules.local_time(w.at, calling_rules.main_zone(zones)).date()
    if past:
        raise CrmError(_("That moment has passed."), _("Type a later one: tue 10"))
    return due_at, {"due_exact": int(exact), "due_text": words, "owner_id": w.user_id}


@dataclass(frozen=True)
class _Call:
    """What a call on a row is logged with, read in one trip: the outcomes of calls, the rules of
    the list and the rep's place at it, the texts typed so far, and the rep's seat when the row is
    on it."""

    outcomes: list[OutcomeRow]
    place: Place
    drafts: dict[str, DraftText]
    seat: SeatColumns | None

    @property
    def rules(self) -> Rules:
        return self.place.rules


def _read_call(w: Write, row: ProspectColumns) -> _Call:
    session, number = w.session, row["id"]
    known, drafted, place = w.store.fetch_all(
        outcomes_query("call"),
        drafts.drafts_query(session, note_place(number), calling_script.answers_place(number)),
        place_query(session, row["list_id"], number),
    )
    seat = place.seat
    return _Call(
        outcomes=known,
        place=place,
        drafts=drafted,
        seat=seat if seat and seat["prospect_id"] == number else None,
    )


def _take_over_note(
    w: Write, row: ProspectColumns, note: str | None, call: _Call
) -> tuple[str, str]:
    """The note of the row as it is after this call (``None``: as drafted), and what this call
    added to it. The operation takes over the draft."""
    place = note_place(row["id"])
    draft = call.drafts.get(place)
    if note is None:
        note = draft.text if draft else row["note"]
    note = clean(note).strip()
    was = row["note"]
    if draft or note != was:
        drafts.take_over(w, place, note if note != was else "")
    added = note[len(was) :].strip() if was and note.startswith(was) else note
    return note or was, added


def _log(
    w: Write,
    call: _Call,
    row: ProspectColumns,
    how: OutcomeRow | None,
    *,
    at: int | None = None,
    seconds: int | None,
    reason: str | int | None = None,
    text: str,
    script_path: str | None,
) -> int:
    """Insert the action of a call, with the wording of the script it was made with; its row
    number. ``at`` is when it ended (default: now), ``text`` what the call added to the note."""
    from tui_crm.core.leads import closing

    seat, info = call.seat, call.rules.info
    if seconds is None:
        seconds = call_seconds(seat, w.at)
    number = (seat["dialled"] if seat else "") or call.place.first_phone
    opened = call.drafts.get(calling_script.answers_place(row["id"]))
    return w.insert(
        Action,
        prospect_id=row["id"],
        list_id=row["list_id"],
        user_id=w.user_id,
        at=w.at if at is None else at,
        kind="call",
        outcome_id=how.id if how else None,
        reached=int(how.reached if how else True),
        seconds=seconds,
        text=text,
        number=number,
        try_no=row["tries"] + 1,
        reason_id=None if reason is None else closing.find_reason(w, "not_interested", reason),
        script_no=info.script_no if info.script else None,
        script_path=calling_script.take_over(
            w, row["id"], opened.text if opened else "", script_path
        )
        if info.script
        else "",
    )


def _mark_bad(w: Write, prospect_id: int, action_id: int) -> None:
    """Mark the number that was dialled as wrong, on this row."""
    dialled = w.store.value("SELECT number FROM actions WHERE id = ?", (action_id,))
    for number, value, match in w.store.rows(
        "SELECT id, value, match FROM prospect_keys WHERE prospect_id = ? AND kind = 'phone'",
        (prospect_id,),
    ):
        if dialled and dialled in (match, value):
            w.update(ProspectKey, number, bad=1)


def _anyway(call: _Call, row: ProspectColumns) -> str:
    """What the journal says of a call that began outside the hours of its row, or before the moment
    at which it was to be called again."""
    began = call.seat["dialled_at"] or call.seat["since_at"] if call.seat else None
    if began is None or row["state"] not in do_not_call.OPEN:
        return ""
    due_at = row["due_at"]
    if due_at is not None and due_at > began:
        return _(", called anyway before its moment")
    agreed = row["state"] == "callback" and bool(row["due_exact"])
    if agreed or replace(call.rules, at=began).is_open(row["zone"]):
        return ""
    return _(", called anyway outside its hours")


def _block(w: Write, prospect_id: int, words: str) -> None:
    """Put every number and e-mail of the row onto the do-not-call list."""
    do_not_call.block_keys(w, _keys(w, prospect_id), words)


def _keys(w: Write, prospect_id: int) -> list[tuple[str, str]]:
    """The ``(kind, match)`` of every valid number and e-mail of a row."""
    rows = w.store.rows(
        "SELECT kind, match FROM prospect_keys WHERE prospect_id = ? AND match <> ''",
        (prospect_id,),
    )
    return [(kind, match) for kind, match in rows]
