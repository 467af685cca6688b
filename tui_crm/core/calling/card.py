"""The card: everything that is known of the prospect on screen, as one frozen view."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from tui_crm.core import drafts
from tui_crm.core.calling import plan as calling_plan, position, script as calling_script
from tui_crm.core.calling.explain import OutcomeChoice, outcome_choice, row_reason
from tui_crm.core.calling.plan import Rules
from tui_crm.core.calling.script import Script
from tui_crm.core.dates.labels import clock_label, short_day
from tui_crm.core.errors import NotFound
from tui_crm.core.leads import duplicates
from tui_crm.core.leads.duplicates import DuplicateLead
from tui_crm.core.lists import rules as calling_rules
from tui_crm.core.lists.lists import Column
from tui_crm.core.privacy import do_not_call
from tui_crm.core.privacy.do_not_call import Block
from tui_crm.core.session import Session
from tui_crm.core.setup import outcomes
from tui_crm.core.setup.outcomes import OutcomeRow
from tui_crm.core.store import rows as table_rows
from tui_crm.core.store.columns import ProspectColumns, SeatColumns
from tui_crm.core.store.query import Query, typed_rows
from tui_crm.core.store.tables import Prospect
from tui_crm.core.text import _

REACH = ("phone", "email", "web", "linkedin")  # the recognised columns that come first

Cell = tuple[str, str, str | None]
"""``(label, value, field or None)`` of a column."""


@dataclass(frozen=True)
class CardPhone:
    """A phone as typed, in E.164 (``None`` when it is no valid number) and as shown; ``bad`` was
    a wrong number once, ``blocked`` tells who asked not to be called."""

    id: int
    typed: str
    e164: str | None
    shown: str
    bad: bool
    blocked: Block | None


@dataclass(frozen=True)
class CardTry:
    """An earlier call: its moment in the rep's zone, how it ended, the note, the reason, who
    called, and how many seconds it took."""

    at: datetime
    digit: int | None
    label: str
    reached: bool
    text: str
    reason: str
    who: str
    seconds: int | None


@dataclass(frozen=True)
class CardWarning:
    """Something to know before dialling: ``kind`` is ``lead``, ``blocked`` or ``today``."""

    kind: str
    words: str
    lead_id: int | None = None


@dataclass(frozen=True)
class Card:
    """One prospect, ready to be called.

    ``row`` of ``rows`` is its place in the list; ``why`` is why it is offered; ``tries`` are the
    earlier calls, ``try_no`` the number of this one; ``there`` is the prospect's wall clock;
    ``in_hours`` whether their calling window is open; ``cells`` are all columns as
    ``(label, value, field or None)``, ways to reach somebody first; ``on_call`` are the seconds
    since dialling, ``None`` before; ``saved`` whether the note is in the row, not only a draft;
    ``duplicates`` are leads that it may be already; ``answers`` the answers of the script opened
    since its last outcome; ``original`` is ``(label, cell as imported)`` of each column that was
    corrected since.
    """

    prospect_id: int
    list_id: int
    line: int
    row: int
    rows: int
    state: str
    why: str
    late: bool
    try_no: int
    most_tries: int
    name: str
    company: str
    role: str
    city: str
    country: str
    problem: str
    phones: tuple[CardPhone, ...]
    emails: tuple[str, ...]
    web: str
    linkedin: str
    there: datetime
    zone_known: bool
    in_hours: bool
    cells: tuple[Cell, ...]
    tries: tuple[CardTry, ...]
    note: str
    saved: bool
    script: Script
    warnings: tuple[CardWarning, ...]
    choices: tuple[OutcomeChoice, ...]
    dialled: str
    on_call: int | None
    paused: bool
    lead_id: int | None
    duplicates: tuple[DuplicateLead, ...] = ()
    answers: str = ""
    original: tuple[tuple[str, str], ...] = ()


def read_row(session: Session, prospect_id: int) -> ProspectColumns:
    """The row of a prospect. Raises NotFound."""
    return _existing(table_rows.read(session.store, Prospect, prospect_id))


def _existing(row: ProspectColumns | None) -> ProspectColumns:
    if row is None:
        raise NotFound(_("That row is gone: its import was undone."))
    return row


def note_place(prospect_id: int) -> str:
    """The place under which the note of a prospect is drafted."""
    return f"prospect:{prospect_id}"


def card(
    session: Session,
    prospect_id: int,
    seat: SeatColumns | None = None,
    rules: Rules | None = None,
    row: ProspectColumns | None = None,
    known: Sequence[OutcomeRow] | None = None,
) -> Card:
    """The card of a row. ``seat`` is the rep's seat at its list, ``rules`` those of the list,
    ``row`` the row itself, ``known`` the outcomes of calls, where they were read already. Raises
    NotFound."""
    store = session.store
    note_at, answers_at = note_place(prospect_id), calling_script.answers_place(prospect_id)
    keys, drafted, calls, *found = store.fetch_all(
        _keys_query(prospect_id),
        drafts.drafts_query(session, note_at, answers_at),
        _calls_query(session, prospect_id),
        *([outcomes.outcomes_query("call")] if known is None else []),
        *([table_rows.row_query(Prospect, prospect_id)] if row is None else []),
    )
    draft, answers = drafted.get(note_at), drafted.get(answers_at)
    known = found[0] if known is None else known
    row = row or _existing(found[-1])
    rules = rules or calling_plan.rules_of(session, row["list_id"])
    info = rules.info
    matches = [key.match for key in keys if key.match]
    same, counted, *hashed = store.fetch_all(
        duplicates.duplicates_query(row, matches),
        position.position_query(store, info.id, [row["line"]]),
        *([do_not_call.blocks_query(session, matches)] if any(k.hashes for k in keys) else []),
    )
    blocked = {k.match: k.block for k in keys if k.block} | (hashed[0] if hashed else {})
    (place,), total = position.positions(store, info.id, [row["line"]], counted)
    cells = _cells(row, info.columns)
    by_field = {field: value for _label, value, field in reversed(cells) if field and value}
    why, late = row_reason(session, rules, row, place, total, known)
    zone = rules.zone(row["zone"])
    if seat is not None and seat["prospect_id"] != prospect_id:
        seat = None
    if seat and seat["since_at"] and seat["since_at"] < rules.at and row["state"] == "new":
        since = clock_label(_local(session, seat["since_at"]), session.zone)
        why = _("{why}, yours since {clock}").format(why=why, clock=since)
    offered = [o for o in known if o.on_prospect and not o.retired]
    return Card(
        prospect_id=prospect_id,
        list_id=info.id,
        line=row["line"],
        row=place,
        rows=total,
        state=row["state"],
        why=why,
        late=late,
        try_no=row["tries"] + 1,
        most_tries=max((calling_plan.most_tries(rules, o) for o in offered), default=0),
        name=row["name"] or " ".join(filter(None, (row["first_name"], row["last_name"]))),
        company=row["company"],
        role=row["role"],
        city=row["city"],
        country=row["country"],
        problem=row["problem"],
        phones=_phones(session, keys, blocked),
        emails=tuple(key.value for key in keys if key.kind == "email"),
        web=by_field.get("web", ""),
        linkedin=by_field.get("linkedin", ""),
        there=calling_rules.local_time(rules.at, zone),
        zone_known=rules.is_sure(row["zone"]),
        in_hours=rules.is_open(row["zone"]),
        cells=cells,
        tries=tuple(call.as_try(session) for call in calls if not call.elsewhere),
        note=draft.text if draft else row["note"],
        saved=draft is None or draft.text == row["note"],
        script=calling_script.script(session, info.script, row, cells, info.columns),
        warnings=_warnings(session, [call for call in calls if call.elsewhere], blocked, same),
        choices=tuple(
            outcome_choice(session, rules, row, o, reachable=bool(matches)) for o in offered
        ),
        dialled=seat["dialled"] if seat else "",
        on_call=call_seconds(seat, rules.at),
        paused=seat is not None and seat["paused_at"] is not None,
        lead_id=row["lead_id"],
        duplicates=same,
        answers=answers.text if answers and info.script else "",
        original=_original(row, info.columns),
    )


SILENCE = 2 * 60
"""Seconds without a sign of life of the program (`session.sign_of_life`) that are no part of a
call: the machine slept, or the program was dead."""
UNWATCHED = 30 * 60
"""The same where the program gave none since dialling: nothing but the end of the call is known."""


def call_seconds(seat: SeatColumns | None, at: int) -> int | None:
    """Seconds since dialling, pauses and silences left out; ``None`` when nothing was dialled."""
    if seat is None or seat["dialled_at"] is None:
        return None
    return max(0, (seat["paused_at"] or silent_since(seat, at) or at) - seat["dialled_at"])


def silent_since(seat: SeatColumns, at: int) -> int | None:
    """The last sign of life during a call whose clock runs, where it is too long ago; else
    ``None``."""
    if seat["dialled_at"] is None or seat["paused_at"] is not None:
        return None
    limit = SILENCE if seat["seen_at"] > seat["dialled_at"] else UNWATCHED
    return seat["seen_at"] if at - seat["seen_at"] > limit else None


def _local(session: Session, at: int) -> datetime:
    return datetime.fromtimestamp(at, session.zone)


def _cells(row: ProspectColumns, columns: Sequence[Column]) -> tuple[Cell, ...]:
    values = json.loads(row["cells"] or "[]")
    cells: list[Cell] = [
        (column.name, value, column.field)
        for column, value in zip(columns, values, strict=False)
        if value
    ]

    def rank(cell: Cell) -> int:
        if cell[2] in REACH:
            return REACH.index(cell[2])
        return len(REACH) + (cell[2] is not None)

    return tuple(sorted(cells, key=rank))


def _original(row: ProspectColumns, columns: Sequence[Column]) -> tuple[tuple[str, str], ...]:
    """The cells as imported, by column, where they were corrected."""
    if not row["original"]:
        return ()
    was, now = json.loads(row["original"]), json.loads(row["cells"] or "[]")
    return tuple(
        (column.name, before)
        for column, before, after in zip(columns, was, now, strict=False)
        if before != after
    )


# -- phones and earlier calls ---------------------------------------------------------------------


class _Key(NamedTuple):
    """A phone or e-mail of a row, with its entry of the do-not-call list; with ``hashes`` others
    may be on that by their hash."""

    id: int
    kind: str
    value: str
    match: str
    bad: bool
    hashes: bool
    blocked_at: int | None
    blocked_by: str | None
    blocked_words: str | None

    @property
    def block(self) -> Block | None:
        if self.blocked_at is None:
            return None
        who, words = self.blocked_by or "", self.blocked_words or ""
        return Block(self.match, self.kind, self.blocked_at, who, words)


def _keys_query(prospect_id: int) -> Query[list[_Key]]:
    """The phones and e-mails of a row, those first that are tried first."""
    return typed_rows(
        _Key,
        f"SELECT keys.id, keys.kind, value, keys.match, bad, {do_not_call.HAS_HASHES}, blocked.at,"
        " users.name, blocked.words FROM prospect_keys AS keys"
        " LEFT JOIN blocked ON blocked.match = keys.match"
        " LEFT JOIN users ON users.id = blocked.user_id WHERE prospect_id = ?"
        " ORDER BY keys.kind DESC, bad, position, keys.id",
        (prospect_id,),
    )


def _phones(
    session: Session, keys: Sequence[_Key], blocked: Mapping[str, Block]
) -> tuple[CardPhone, ...]:
    from tui_crm.core import phones

    return tuple(
        CardPhone(
            id=key.id,
            typed=key.value,
            e164=key.match or None,
            shown=phones.shown(key.value, key.match or None, session.house.region),
            bad=key.bad,
            blocked=blocked.get(key.match),
        )
        for key in keys
        if key.kind == "phone"
    )


class _Call(NamedTuple):
    """A call of a row, or one of today with a number of it by way of another row or a lead
    (``elsewhere``)."""

    elsewhere: bool
    at: int
    digit: int | None
    label: str | None
    reached: bool
    text: str
    reason: str | None
    who: str
    seconds: int | None

    def as_try(self, session: Session) -> CardTry:
        return CardTry(
            at=_local(session, self.at),
            digit=self.digit,
            label=self.label or _("call back"),
            reached=self.reached,
            text=self.text,
            reason=self.reason or "",
            who=self.who,
            seconds=self.seconds,
        )


def _calls_query(session: Session, prospect_id: int) -> Query[list[_Call]]:
    """The calls of a row and those of today with its numbers elsewhere, the first one first."""
    return typed_rows(
        _Call,
        "SELECT elsewhere, calls.at, outcomes.digit, outcomes.label, calls.reached, calls.text,"
        " reasons.label, users.name, calls.seconds FROM"
        " (SELECT 0 AS elsewhere, actions.* FROM actions WHERE prospect_id = ?"
        " UNION ALL SELECT 1, actions.* FROM prospect_keys AS keys"
        " JOIN actions ON actions.number = keys.match WHERE keys.prospect_id = ?"
        " AND keys.kind = 'phone' AND keys.match <> '' AND actions.at >= ?"
        " AND (actions.prospect_id IS NULL OR actions.prospect_id <> keys.prospect_id)) AS calls"
        " JOIN users ON users.id = calls.user_id"
        " LEFT JOIN outcomes ON outcomes.id = calls.outcome_id"
        " LEFT JOIN reasons ON reasons.id = calls.reason_id"
        " WHERE calls.kind = 'call' ORDER BY calls.at, calls.id",
        (prospect_id, prospect_id, calling_plan.day_start(session)),
    )


def _warnings(
    session: Session,
    called_today: Sequence[_Call],
    blocked: Mapping[str, Block],
    same: Sequence[DuplicateLead],
) -> tuple[CardWarning, ...]:
    warnings = [
        CardWarning(
            "blocked",
            _("do not call {match}: {who}, {day}: {words}").format(
                match=block.match,
                who=block.who,
                words=block.words or "–",
                day=short_day(_local(session, block.at).date(), session.today),
            ),
        )
        for block in blocked.values()
    ]
    warnings += [
        CardWarning("lead", _("already a lead: {lead}").format(lead=lead.words), lead.lead_id)
        for lead in same
    ]
    if called_today:
        last = called_today[-1]
        clock = clock_label(_local(session, last.at), session.zone)
        words = _("{who} called this number today at {clock}")
        warnings.append(CardWarning("today", words.format(who=last.who, clock=clock)))
    return tuple(warnings)
