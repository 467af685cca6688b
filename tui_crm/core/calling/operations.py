"""Calling: what one key does to a row.

:func:`outcome` is a whole call: moment, attempt number, duration, note, next try, the row's state,
and what follows from it (a lead, a block, a bad number) in one transaction and one journal entry,
so that one undo takes back all of it. The seat, the queue and the card are beside this file and
offered from here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from tui_crm.core import drafts
from tui_crm.core.calling import (
    plan as calling_plan,
    queue as calling_queue,
    script as calling_script,
    session as calling_session,
)
from tui_crm.core.calling.card import (
    Card,
    CardPhone,
    CardTry,
    CardWarning,
    Choice,
    card,
    on_call,
    place_of,
)
from tui_crm.core.calling.convert import join_lead, to_lead
from tui_crm.core.calling.counts import Hidden, Tally, tally
from tui_crm.core.calling.duplicates import LeadTwin
from tui_crm.core.calling.figures import Figures, Summary, figures, summary
from tui_crm.core.calling.script import Script, open_answer
from tui_crm.core.calling.session import (
    Coming,
    ComingRow,
    Seat,
    back,
    callbacks_due,
    coming,
    dial,
    discard_call,
    go,
    keep_note,
    last_list,
    next_card,
    pause,
    running,
    seat,
    skip,
)
from tui_crm.core.dates.reading import Reading
from tui_crm.core.errors import Conflict, CrmError
from tui_crm.core.lists import lists, rules as calling_rules
from tui_crm.core.lists.cells import replace_keys, zone_after
from tui_crm.core.privacy import do_not_call
from tui_crm.core.setup.outcomes import OutcomeRow, find_outcome
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import Action, Prospect, ProspectKey
from tui_crm.core.text import _, clean, fold

__all__ = (
    "Card",
    "CardPhone",
    "CardTry",
    "CardWarning",
    "Choice",
    "Coming",
    "ComingRow",
    "Figures",
    "Hidden",
    "LeadTwin",
    "Script",
    "Seat",
    "Summary",
    "Tally",
    "add_note",
    "attach",
    "back",
    "callback",
    "callbacks_due",
    "card",
    "coming",
    "convert",
    "dial",
    "discard_call",
    "edit_row",
    "figures",
    "go",
    "keep_note",
    "last_list",
    "next_card",
    "open_answer",
    "outcome",
    "pause",
    "running",
    "seat",
    "set_note",
    "skip",
    "summary",
    "tally",
    "unblock",
)


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
) -> int | None:
    """Log a whole call on a row; the number of the lead it became, if it did.

    ``digit`` is the outcome (or its label); ``note`` what stands in the note now (``None``: the
    draft, as typed); ``seconds`` the duration (``None``: the running clock's); ``at`` when it
    ended, for one logged late; ``callback`` a moment agreed on, which on a lead becomes its next
    action; ``reason`` a digit or label, where the outcome asks for one; ``script_path`` the
    answers of the script that were opened (``None``: those noted by :func:`open_answer`).

    Raises Conflict when a colleague has the row or it got its outcome meanwhile, CrmError for a
    callback that is missing or past, NotFound for an unknown outcome or reason."""
    row = _open_row(w, prospect_id)
    how = find_outcome(w.session, "call", digit)
    rules = calling_queue.rules_of(w.session, row["list_id"])
    moment = w.at if at is None else int(at.timestamp())
    if moment > w.at:
        raise CrmError(_("A call cannot end in the future."))
    if row["last_at"] == moment and row["last_outcome_id"] == how.id:
        raise CrmError(_("That call was logged this very moment."))
    if how.asks == "callback" and callback is None:
        raise CrmError(_("{outcome} needs a day.").format(outcome=how.label), _("Type: tue 10"))
    tries = row["tries"] + 1
    state, due_at = calling_plan.follow(w.session, rules, row, how, moment)
    values: dict[str, Any] = {"due_exact": 0, "due_text": "", "owner_id": None}
    if callback is not None and state in ("retry", "done") and not how.ends_row:
        state = "callback"
        due_at, values = _agreed(w, rules, row, callback)
    _keep_words(w, row, note, values)
    action_id = _log(
        w, rules.info, row, how, moment, tries, seconds, reason, values.pop("said"), script_path
    )
    w.describe(f"{how.label}: {_name(row)}", prospect_id=prospect_id, list_id=row["list_id"])
    lead_id: int | None = None
    if state == "lead":
        lead_id = to_lead(w, row | values, how, callback)
        values["lead_id"] = lead_id
    w.update(
        Prospect,
        prospect_id,
        row,
        state=state,
        due_at=due_at,
        tries=tries,
        last_at=max(moment, row["last_at"] or 0),
        last_outcome_id=how.id,
        **values,
    )
    if how.bad_number:
        _mark_bad(w, prospect_id, action_id)
    if how.blocks:
        _block(w, prospect_id, row, values["note"])
    calling_session.release(w.session, row["list_id"], prospect_id)
    return lead_id


@operation("calling.callback")
def callback(
    w: Write,
    prospect_id: int,
    reading: Reading | datetime | date,
    *,
    note: str | None = None,
    called: bool | None = None,
    seconds: int | None = None,
    script_path: str | None = None,
) -> None:
    """Call again at an agreed moment: the row leaves the queue until then and comes first.

    A time is an instant and holds outside the calling window too, for the prospect chose it; a
    day is the opening of that day's window where they live. ``called`` logs a call in which
    somebody was reached (``None``: when the clock of a call runs on this row). The callback is
    the rep's own. Raises CrmError for a moment that is past or was not understood."""
    row = _open_row(w, prospect_id)
    rules = calling_queue.rules_of(w.session, row["list_id"])
    due_at, values = _agreed(w, rules, row, reading)
    _keep_words(w, row, note, values)
    said = values.pop("said")
    sat = calling_session.standing(w.session, prospect_id, row["list_id"])
    if called is None:
        called = bool(sat and sat["dialled_at"] is not None)
    if called:
        values |= {"tries": row["tries"] + 1, "last_at": w.at}
        _log(w, rules.info, row, None, w.at, row["tries"] + 1, seconds, None, said, script_path)
    w.update(Prospect, prospect_id, row, state="callback", due_at=due_at, **values)
    w.describe(
        _("callback: {name}").format(name=_name(row)),
        prospect_id=prospect_id,
        list_id=row["list_id"],
    )
    calling_session.release(w.session, row["list_id"], prospect_id)


@operation("calling.convert")
def convert(w: Write, prospect_id: int, *, following: Reading | None = None) -> int:
    """Make a row a lead without logging a call; the lead's number. ``following`` is its next
    action. Raises Conflict when a colleague has the row, CrmError when it has its outcome."""
    row = _open_row(w, prospect_id)
    values: dict[str, Any] = {"due_exact": 0, "due_text": "", "owner_id": None}
    _keep_words(w, row, None, values)
    values.pop("said")
    w.describe(
        _("lead: {name}").format(name=_name(row)), prospect_id=prospect_id, list_id=row["list_id"]
    )
    lead_id = to_lead(w, row | values, None, following)
    w.update(Prospect, prospect_id, row, state="lead", due_at=None, lead_id=lead_id, **values)
    calling_session.release(w.session, row["list_id"], prospect_id)
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
) -> int:
    """Give a row to a lead that there is already, in place of a second one; the lead's number.

    ``digit`` is the outcome of the call to log, one that makes a lead (``None``: no call). The
    calls and the note of the row are the lead's from then on, its phones and addresses are added
    where the lead has not got them, and the row's list becomes the lead's origin if it has none.
    ``callback`` is the lead's next action; without one it keeps what it has. Raises Conflict when
    a colleague has the row or it has its outcome, NotFound for no such lead or outcome, CrmError
    for an outcome that makes no lead."""
    row = _open_row(w, prospect_id)
    how = None if digit is None else find_outcome(w.session, "call", digit)
    if how is not None and how.asks != "lead":
        raise CrmError(
            _("{outcome} makes no lead.").format(outcome=how.label), _("Choose one that does.")
        )
    values: dict[str, Any] = {"due_at": None, "due_exact": 0, "due_text": "", "owner_id": None}
    _keep_words(w, row, note, values)
    said = values.pop("said")
    if how is not None:
        values |= {"tries": row["tries"] + 1, "last_at": w.at, "last_outcome_id": how.id}
        info = lists.get(w.session, row["list_id"])
        _log(w, info, row, how, w.at, row["tries"] + 1, seconds, None, said, script_path)
    title = join_lead(w, row | values, lead_id, how, callback)
    w.update(Prospect, prospect_id, row, state="lead", lead_id=lead_id, **values)
    w.describe(
        _("{name} belongs to {title}").format(name=_name(row), title=title),
        lead_id=lead_id,
        prospect_id=prospect_id,
        list_id=row["list_id"],
    )
    calling_session.release(w.session, row["list_id"], prospect_id)
    return lead_id


@operation("calling.edit_row")
def edit_row(w: Write, prospect_id: int, values: Mapping[str, str]) -> None:
    """Change cells of a row, named by their column (case aside) or by a field (``name``,
    ``phone`` …). The cells as imported are kept once and for all in ``original``; phones,
    e-mails, the zone and the do-not-call state follow. Raises CrmError for an unknown column."""
    row = _row(w, prospect_id)
    info = lists.get(w.session, row["list_id"])
    cells = json.loads(row["cells"] or "[]")
    cells += [""] * (len(info.columns) - len(cells))
    changed: dict[str, Any] = {}
    points: dict[str, list[str]] = {}
    for name, text in values.items():
        text = clean(text, single_line=True).strip()
        place = next((n for n, c in enumerate(info.columns) if fold(c.name) == fold(name)), None)
        if place is None:
            place = next((n for n, c in enumerate(info.columns) if c.field == fold(name)), None)
        field = info.columns[place].field if place is not None else fold(name).replace(" ", "_")
        if place is None and field not in (*lists.VALUES, "zone", "phone", "email"):
            raise CrmError(
                _("This list has no column {name}.").format(name=clean(name, single_line=True)),
                _("It has: {names}.").format(names=", ".join(c.name for c in info.columns)),
            )
        if place is not None:
            cells[place] = text
        if field in lists.VALUES:
            changed[field] = text
        elif field in ("phone", "email"):
            fields = [n for n, c in enumerate(info.columns) if c.field == field]
            points[field] = [cells[n] for n in fields] if fields else [text]
        elif field == "zone":
            changed["zone"] = text
    kept = json.dumps(cells, ensure_ascii=False, separators=(",", ":"))
    if kept != row["cells"] and not row["original"]:
        changed["original"] = row["cells"]
    if "country" in changed and "phone" not in points:
        # A number without its country code rings in another one now.
        texts = [cells[n] for n, c in enumerate(info.columns) if c.field == "phone"]
        points |= {"phone": texts} if texts else {}
    for kind, texts in points.items():
        replace_keys(w, prospect_id, kind, texts, changed.get("country", row["country"]))
    if points or {"zone", "country"} & set(changed):
        changed["zone"] = zone_after(w, row | changed, info, cells, "zone" in changed)
    w.update(Prospect, prospect_id, cells=kept, **changed)
    do_not_call.settle(w, prospect_id)
    w.describe(
        _("edited {name}").format(name=_name(row | changed)),
        prospect_id=prospect_id,
        list_id=row["list_id"],
    )


@operation("calling.set_note")
def set_note(w: Write, prospect_id: int, text: str) -> None:
    """The note of a row, in place of what stood there."""
    row = _row(w, prospect_id)
    w.update(Prospect, prospect_id, note=clean(text).strip())
    drafts.take_over(w, place_of(prospect_id), clean(text).strip())
    w.describe(
        _("note: {name}").format(name=_name(row)), prospect_id=prospect_id, list_id=row["list_id"]
    )


@operation("calling.add_note")
def add_note(w: Write, prospect_id: int, text: str) -> None:
    """One more line of note on a row."""
    row = _row(w, prospect_id)
    lines = [part for part in (row["note"], clean(text).strip()) if part]
    set_note.within(w, prospect_id, "\n".join(lines))


@operation("calling.unblock")
def unblock(w: Write, prospect_id: int, why: str) -> None:
    """Take all numbers and e-mails of a row off the do-not-call list, with the reason.

    Raises NotAllowed for a rep, CrmError without a reason or when none is on the list."""
    w.session.require("unblock")
    row = _row(w, prospect_id)
    matches = [
        m[0]
        for m in w.store.rows(
            "SELECT DISTINCT match FROM prospect_keys WHERE prospect_id = ? AND match <> ''",
            (prospect_id,),
        )
    ]
    there = sorted(do_not_call.is_blocked(w.store, matches))
    if not there:
        raise CrmError(_("Nothing of this row is on the do-not-call list."))
    for match in there:
        do_not_call.unblock.within(w, match, why)
    w.describe(
        _("{name} may be called again: {why}").format(
            name=_name(row), why=clean(why, single_line=True)
        ),
        prospect_id=prospect_id,
        list_id=row["list_id"],
    )


# -- the parts of a call --------------------------------------------------------------------------


def _row(w: Write, prospect_id: int) -> dict[str, Any]:
    row = w.row(Prospect, prospect_id)
    if row is None:
        raise Conflict(_("That row is gone: its import was undone."))
    return row


def _open_row(w: Write, prospect_id: int) -> dict[str, Any]:
    """The row, locked, when this rep may give it an outcome."""
    row = _row(w, prospect_id)
    if row["claimed_by"] not in (None, w.user_id) and row["claimed_until"] > w.at:
        who = calling_queue.holder(w.session, prospect_id) or _("Somebody")
        raise Conflict(_("{who} has this row on screen.").format(who=who), _("Go on to the next."))
    if row["state"] == "blocked":
        raise Conflict(_("This row is on the do-not-call list."), _("Go on to the next."))
    if row["state"] not in do_not_call.OPEN:
        raise Conflict(_("This row has its outcome already."), _("Undo it to change it."))
    return row


def _name(row: Mapping[str, Any]) -> str:
    return ", ".join(filter(None, (row["name"], row["company"]))) or _("row {n}").format(
        n=row["line"]
    )


def _agreed(
    w: Write, rules: calling_queue.Rules, row: dict[str, Any], when: Reading | datetime | date
) -> tuple[int, dict[str, Any]]:
    """The moment agreed on, and the columns of the row that say how."""
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
        past = when < calling_rules.local(w.at, calling_rules.first(zones)).date()
    if past:
        raise CrmError(_("That moment has passed."), _("Type a later one: tue 10"))
    return due_at, {"due_exact": int(exact), "due_text": words, "owner_id": w.user_id}


def _keep_words(w: Write, row: dict[str, Any], note: str | None, values: dict[str, Any]) -> None:
    """Puts into ``values`` the row's note as it stands now, and under ``said`` what this call
    added to it. The draft goes with the operation."""
    place = place_of(row["id"])
    draft = drafts.load(w.session, place)
    if note is None:
        note = draft.text if draft else row["note"]
    note = clean(note).strip()
    was = row["note"]
    values["note"] = note or was
    values["said"] = note[len(was) :].strip() if was and note.startswith(was) else note
    if draft or note != was:
        drafts.take_over(w, place, note if note != was else "")


def _log(
    w: Write,
    info: lists.ProspectListInfo,
    row: dict[str, Any],
    how: OutcomeRow | None,
    at: int,
    tries: int,
    seconds: int | None,
    reason: str | int | None,
    text: str,
    script_path: str | None,
) -> int:
    """The action of a call, with the wording of the script it was made with; its row number."""
    from tui_crm.core.leads import closing

    sat = calling_session.standing(w.session, row["id"], row["list_id"])
    if seconds is None:
        seconds = on_call(sat, w.at)
    number = sat["dialled"] if sat else ""
    if not number:
        found = w.store.rows(
            "SELECT match, value FROM prospect_keys WHERE prospect_id = ? AND kind = 'phone'"
            " ORDER BY bad, position, id LIMIT 1",
            (row["id"],),
        )
        number = (found[0][0] or found[0][1]) if found else ""
    return w.insert(
        Action,
        prospect_id=row["id"],
        list_id=row["list_id"],
        user_id=w.user_id,
        at=at,
        kind="call",
        outcome_id=how.id if how else None,
        reached=int(how.reached if how else 1),
        seconds=seconds,
        text=text,
        number=number,
        try_no=tries,
        reason_id=None if reason is None else closing.reason(w, "not_interested", reason),
        script_no=info.script_no if info.script else None,
        script_path=calling_script.take_over(w, row["id"], script_path) if info.script else "",
    )


def _mark_bad(w: Write, prospect_id: int, action_id: int) -> None:
    """The number that was dialled is wrong, on this row."""
    dialled = w.store.value("SELECT number FROM actions WHERE id = ?", (action_id,))
    for number, value, match in w.store.rows(
        "SELECT id, value, match FROM prospect_keys WHERE prospect_id = ? AND kind = 'phone'",
        (prospect_id,),
    ):
        if dialled and dialled in (match, value):
            w.update(ProspectKey, number, bad=1)


def _block(w: Write, prospect_id: int, row: dict[str, Any], words: str) -> None:
    """Every number and e-mail of the row goes onto the do-not-call list."""
    keys = w.store.rows(
        "SELECT kind, match FROM prospect_keys WHERE prospect_id = ? AND match <> ''",
        (prospect_id,),
    )
    do_not_call.block_keys(w, [(kind, match) for kind, match in keys], words)
