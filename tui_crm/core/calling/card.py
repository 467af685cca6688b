"""The card: everything that is known of the prospect on screen, as one frozen view."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tui_crm.core import drafts
from tui_crm.core.calling import (
    answer_rates,
    duplicates,
    position,
    queue as calling_queue,
    script as calling_script,
)
from tui_crm.core.calling.duplicates import LeadTwin
from tui_crm.core.calling.queue import Rules
from tui_crm.core.calling.script import Script, script
from tui_crm.core.dates.labels import clock_label, day_label, length_in_words, weekday_name
from tui_crm.core.errors import NotFound
from tui_crm.core.lists import rules as calling_rules
from tui_crm.core.privacy import do_not_call
from tui_crm.core.privacy.do_not_call import Block
from tui_crm.core.session import Session
from tui_crm.core.setup import outcomes
from tui_crm.core.setup.outcomes import OutcomeRow
from tui_crm.core.store import rows as table_rows
from tui_crm.core.store.query import Query, all_rows
from tui_crm.core.store.tables import Prospect
from tui_crm.core.text import _

REACH = ("phone", "email", "web", "linkedin")  # the recognised columns that come first


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
    """An earlier call: its moment in the rep's zone, how it ended, what was said, by whom."""

    at: datetime
    digit: int | None
    label: str
    reached: bool
    text: str
    reason: str
    who: str
    seconds: int | None


@dataclass(frozen=True)
class Choice:
    """An outcome with its consequence for this row: ``words`` to read, ``at`` the next moment
    (epoch seconds UTC), ``try_no`` the number of the call that follows."""

    outcome: OutcomeRow
    words: str
    state: str
    at: int | None
    try_no: int | None

    @property
    def digit(self) -> int | None:
        return self.outcome.digit

    @property
    def label(self) -> str:
        return self.outcome.label


@dataclass(frozen=True)
class CardWarning:
    """Something to know before dialling: ``kind`` is ``lead``, ``blocked`` or ``today``."""

    kind: str
    words: str
    lead_id: int | None = None


@dataclass(frozen=True)
class Card:
    """One prospect, ready to be called.

    ``row`` of ``rows`` is its place in the list; ``why`` says why it is here; ``tries`` are the
    earlier calls, ``try_no`` the number of this one; ``there`` is the prospect's wall clock;
    ``in_hours`` whether their calling window is open; ``cells`` are all columns as
    ``(label, value, field or None)``, ways to reach somebody first; ``on_call`` are the seconds
    since dialling, ``None`` before; ``saved`` whether the note is in the row, not only a draft;
    ``twins`` are leads that it may be already; ``answers`` the answers of the script opened since
    its last outcome; ``said`` what the file said of each column that was corrected since.
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
    cells: tuple[tuple[str, str, str | None], ...]
    tries: tuple[CardTry, ...]
    note: str
    saved: bool
    script: Script
    warnings: tuple[CardWarning, ...]
    choices: tuple[Choice, ...]
    dialled: str
    on_call: int | None
    paused: bool
    lead_id: int | None
    twins: tuple[LeadTwin, ...] = ()
    answers: str = ""
    said: tuple[tuple[str, str], ...] = ()


def read_row(session: Session, prospect_id: int) -> dict[str, Any]:
    """The row of a prospect. Raises NotFound."""
    return _there(table_rows.read(session.store, Prospect, prospect_id))


def _there(row: dict[str, Any] | None) -> dict[str, Any]:
    if row is None:
        raise NotFound(_("That row is gone: its import was undone."))
    return row


def place_of(prospect_id: int) -> str:
    """Where the note of a prospect is drafted."""
    return f"prospect:{prospect_id}"


def card(
    session: Session,
    prospect_id: int,
    seat: dict[str, Any] | None = None,
    rules: Rules | None = None,
) -> Card:
    """The card of a row. ``seat`` is the row of the rep's calling session, when it stands on
    this prospect; ``rules`` are those of its list, where they were read already. Raises
    NotFound."""
    store = session.store
    found, keys, salt, draft, tries, known, answers = store.fetch_all(
        table_rows.row_query(Prospect, prospect_id),
        _keys(prospect_id),
        do_not_call.salt_query(),
        drafts.draft_query(session, place_of(prospect_id)),
        _tries(session, prospect_id),
        outcomes.outcomes_query("call"),
        drafts.draft_query(session, calling_script.place_of(prospect_id)),
    )
    row = _there(found)
    rules = rules or calling_queue.rules_of(session, row["list_id"])
    info = rules.info
    blocked, by_point, by_name, today, *counted = store.fetch_all(
        do_not_call.blocks_query(salt, [k[3] for k in keys]),
        *duplicates.duplicate_queries(row, keys),
        _called_today(rules, row, keys),
        *position.position_queries(store, info.id, row["line"]),
    )
    twins = duplicates.best_matches(row, by_point, by_name)
    place, total = position.position(store, info.id, row["line"], *counted)
    cells = _cells(row, info.columns)
    by_field = {field: value for _label, value, field in reversed(cells) if field and value}
    why, late = reason(session, rules, row, place, total, known)
    zone = rules.zone(row["zone"])
    on_it = seat if seat and seat["prospect_id"] == prospect_id else None
    if on_it and on_it["since_at"] and on_it["since_at"] < rules.at:
        since = clock_label(_local(session, on_it["since_at"]), session.zone)
        why = _("yours since {clock}").format(clock=since) if row["state"] == "new" else why
    offered = [o for o in known if o.on_prospect and not o.retired]
    return Card(
        prospect_id,
        info.id,
        row["line"],
        place,
        total,
        row["state"],
        why,
        late,
        row["tries"] + 1,
        max((calling_queue.most_tries(rules, o) for o in offered), default=0),
        row["name"] or " ".join(filter(None, (row["first_name"], row["last_name"]))),
        row["company"],
        row["role"],
        row["city"],
        row["country"],
        row["problem"],
        _phones(session, keys, blocked),
        tuple(k[2] for k in keys if k[1] == "email"),
        by_field.get("web", ""),
        by_field.get("linkedin", ""),
        calling_rules.local(rules.at, zone),
        rules.is_sure(row["zone"]),
        rules.is_open(row["zone"]),
        cells,
        tries,
        draft.text if draft else row["note"],
        draft is None or draft.text == row["note"],
        script(session, info.script, row, cells, info.columns),
        _warnings(session, today, blocked, twins),
        tuple(choice(session, rules, row, o) for o in offered),
        on_it["dialled"] if on_it else "",
        on_call(on_it, rules.at),
        bool(on_it and on_it["paused_at"]),
        row["lead_id"],
        twins,
        answers.text if answers and info.script else "",
        _said(row, info.columns),
    )


def on_call(seat: dict[str, Any] | None, at: int) -> int | None:
    """Seconds since dialling, pauses left out; ``None`` when nothing was dialled."""
    if not seat or seat["dialled_at"] is None:
        return None
    return max(0, (seat["paused_at"] or at) - int(seat["dialled_at"]))


def _local(session: Session, at: int) -> datetime:
    return datetime.fromtimestamp(at, session.zone)


def _cells(
    row: dict[str, Any], columns: tuple[Any, ...]
) -> tuple[tuple[str, str, str | None], ...]:
    values = json.loads(row["cells"] or "[]")
    found = [
        (column.name, value, column.field)
        for column, value in zip(columns, values, strict=False)
        if value
    ]

    def rank(cell: tuple[str, str, str | None]) -> int:
        if cell[2] in REACH:
            return REACH.index(cell[2])
        return len(REACH) + (cell[2] is not None)

    return tuple(sorted(found, key=rank))


def _said(row: dict[str, Any], columns: tuple[Any, ...]) -> tuple[tuple[str, str], ...]:
    """What the file said, by column, where it was corrected."""
    if not row["original"]:
        return ()
    was, now = json.loads(row["original"]), json.loads(row["cells"] or "[]")
    return tuple(
        (column.name, before)
        for column, before, after in zip(columns, was, now, strict=False)
        if before != after
    )


def _phones(
    session: Session, keys: list[tuple[Any, ...]], blocked: dict[str, Block]
) -> tuple[CardPhone, ...]:
    from tui_crm.core import phones

    return tuple(
        CardPhone(
            number,
            value,
            match or None,
            phones.shown(value, match or None, session.house.region),
            bool(bad),
            blocked.get(match),
        )
        for number, kind, value, match, bad in keys
        if kind == "phone"
    )


def _keys(prospect_id: int) -> Query[list[tuple[Any, ...]]]:
    """The phones and e-mails of a row, those first that are tried first."""
    return all_rows(
        "SELECT id, kind, value, match, bad FROM prospect_keys WHERE prospect_id = ?"
        " ORDER BY kind DESC, bad, position, id",
        (prospect_id,),
    )


def _tries(session: Session, prospect_id: int) -> Query[tuple[CardTry, ...]]:
    return Query(
        "SELECT actions.at, outcomes.digit, outcomes.label, actions.reached, actions.text,"
        " reasons.label, users.name, actions.seconds FROM actions"
        " JOIN users ON users.id = actions.user_id"
        " LEFT JOIN outcomes ON outcomes.id = actions.outcome_id"
        " LEFT JOIN reasons ON reasons.id = actions.reason_id"
        " WHERE prospect_id = ? AND actions.kind = 'call' ORDER BY actions.at, actions.id",
        (prospect_id,),
        lambda rows: tuple(
            CardTry(
                _local(session, at),
                digit,
                label or _("call back"),
                bool(reached),
                text,
                why or "",
                who,
                seconds,
            )
            for at, digit, label, reached, text, why, who, seconds in rows
        ),
    )


def _called_today(
    rules: Rules, row: dict[str, Any], keys: list[tuple[Any, ...]]
) -> Query[list[tuple[Any, ...]]]:
    """When a number of the row was called last today by way of another row, and by whom."""
    numbers = [k[3] for k in keys if k[3] and k[1] == "phone"]
    return all_rows(
        "SELECT actions.at, users.name FROM actions JOIN users ON users.id = user_id"
        f" WHERE actions.number IN ({', '.join('?' * len(numbers)) or 'NULL'})"
        " AND actions.at >= ? AND actions.kind = 'call'"
        " AND (prospect_id IS NULL OR prospect_id <> ?) ORDER BY actions.at DESC LIMIT 1",
        [*numbers, rules.day, row["id"]],
    )


# -- why it is here, and what each key will do ----------------------------------------------------


def reason(
    session: Session,
    rules: Rules,
    row: dict[str, Any],
    place: int,
    total: int,
    known: list[OutcomeRow],
) -> tuple[str, bool]:
    """Why the row is here, and whether that is late; ``known`` are the outcomes of calls."""
    if row["state"] == "callback" and row["due_at"] is not None:
        return _callback_words(session, row)
    if row["state"] == "retry":
        nth = _nth(row["tries"] + 1)
        last = next((o for o in known if o.id == row["last_outcome_id"]), None)
        if last is None:
            return _("{nth} try").format(nth=nth), False
        if calling_rules.takes_other_half(last.retry, rules.info.other_half):
            return _("{nth} try, other half of the day").format(nth=nth), False
        return _("{nth} try, after: {outcome}").format(nth=nth, outcome=last.label), False
    if row["state"] == "new" and rules.info.order_by == "answer":
        rates = answer_rates.answer_rates(session, row["list_id"])
        hour = answer_rates.hour_of(rules, row["zone"], rules.at)
        return _("new, {answers}").format(answers=rates.words(*hour)), False
    if row["state"] == "new":
        return _("new, row {row} of {rows}").format(row=f"{place:,}", rows=f"{total:,}"), False
    said = {
        "done": _("done"),
        "blocked": _("do not call"),
        "lead": _("a lead already"),
    }
    return said.get(row["state"], row["state"]), False


def _callback_words(session: Session, row: dict[str, Any]) -> tuple[str, bool]:
    due, now = _local(session, row["due_at"]), session.now
    today = due.date() == now.date()
    when = clock_label(due, session.zone) if row["due_exact"] else ""
    if not today:
        when = f"{day_label(due.date(), now.date())} {when}".rstrip()
    elif not when:
        when = _("today")
    if row["due_text"]:
        when = f"{when} {row['due_text']}"
    minutes = int((now - due).total_seconds()) // 60
    if not row["due_exact"]:
        late = due.date() < now.date()
        return _("callback {when}").format(when=when), late
    if minutes < 1:
        return _("callback {when}").format(when=when), False
    if minutes < 24 * 60:
        length = length_in_words(minutes)
    else:
        length = _("{n} d").format(n=minutes // (24 * 60))
    return _("callback {when}, {length} late").format(when=when, length=length), True


def _nth(n: int) -> str:
    if n % 100 in (11, 12, 13):
        return _("{n}th").format(n=n)
    return {1: _("{n}st"), 2: _("{n}nd"), 3: _("{n}rd")}.get(n % 10, _("{n}th")).format(n=n)


def choice(session: Session, rules: Rules, row: dict[str, Any], outcome: OutcomeRow) -> Choice:
    """What an outcome, chosen now, would do to this row."""
    tries = row["tries"] + 1
    state, due = calling_queue.follow(session, rules, row, outcome, rules.at)
    most = calling_queue.most_tries(rules, outcome)
    following: int | None = None
    if state == "blocked":
        words = _("blocked everywhere")
    elif state == "lead":
        words = _("lead, e-mail to do") if outcome.next_kind == "email" else _("becomes a lead")
    elif outcome.asks == "callback":
        words = _("asks for the day")
    elif state == "done":
        if due and most and tries >= most:
            words = _("try {n} of {most}: row done").format(n=tries, most=most)
        else:
            words = _("number called often enough: row done") if due else _("row done")
        words = _("number marked bad") if outcome.bad_number else words
    else:
        assert due is not None
        following, there = tries + 1, _local(session, due)
        if there.date() == session.today:
            words = clock_label(there, session.zone)
        else:
            words = f"{weekday_name(there.date())} {there.day}"
            opens = calling_rules.next_working_day(rules.win, rules.zones(row["zone"]), rules.at)
            if "working day" not in outcome.retry or due != opens:
                words = f"{words} {clock_label(there, session.zone)}"
        if most:
            words = _("{when}, then try {n} of {most}").format(when=words, n=following, most=most)
    return Choice(outcome, words, state, due if state == "retry" else None, following)


# -- warnings -------------------------------------------------------------------------------------


def _warnings(
    session: Session,
    today: list[tuple[Any, ...]],
    blocked: dict[str, Block],
    twins: tuple[LeadTwin, ...],
) -> tuple[CardWarning, ...]:
    found = [
        CardWarning(
            "blocked",
            _("do not call {match}: {who}, {day}: {words}").format(
                match=block.match,
                who=block.who,
                words=block.words or "–",
                day=day_label(_local(session, block.at).date(), session.today),
            ),
        )
        for block in blocked.values()
    ]
    found += [
        CardWarning("lead", _("already a lead: {lead}").format(lead=twin.words), twin.lead_id)
        for twin in twins
    ]
    for at, who in today:
        clock = clock_label(_local(session, at), session.zone)
        words = _("{who} called this number today at {clock}").format(who=who, clock=clock)
        found.append(CardWarning("today", words))
    return tuple(found)
