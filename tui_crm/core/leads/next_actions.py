"""Next actions, and the day they make up: what is late, what is today, what comes.

A date-only next action is a day (``leads.next_day``); a timed one is an instant (``next_at``).
*Overdue* is what was due before today; an open lead without either is To do with no date.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from tui_crm.core.dates.reading import Reading
from tui_crm.core.dates.recurrence import next_of
from tui_crm.core.errors import CrmError
from tui_crm.core.leads import record
from tui_crm.core.leads.closing import NO_NEXT
from tui_crm.core.pulse import KINDS
from tui_crm.core.session import Session
from tui_crm.core.store.columns import LeadColumns
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import Lead
from tui_crm.core.text import _

SLOT = 30  # minutes a timed action without a duration is taken to block, for the clash warning


def is_due(row: LeadColumns, now: datetime) -> bool:
    """Whether the next action of a lead's row is due: its day has come, or its moment."""
    if row["next_at"] is not None:
        return bool(row["next_at"] <= now.timestamp())
    return row["next_day"] is not None and row["next_day"] <= now.date().isoformat()


def put(w: Write, lead: LeadColumns, reading: Reading) -> None:
    """Write a reading as the lead's next action. Without a day it is words only: To do."""
    timed = reading.at is not None
    w.update(
        Lead,
        lead["id"],
        next_day=None if timed or reading.day is None else reading.day.isoformat(),
        next_at=int(reading.at.timestamp()) if reading.at else None,
        next_minutes=reading.minutes,
        next_kind=reading.kind or "",
        next_text=reading.text.strip(),
        next_rule=reading.rule or "",
    )


def complete(w: Write, lead: LeadColumns) -> bool:
    """Complete the next action when it is due: a recurring one moves on, others go; whether it was
    due. A future one stays."""
    if lead["status"] != "open" or not is_due(lead, w.session.now):
        return False
    if lead["next_rule"]:
        w.update(Lead, lead["id"], **_next_turn(lead, w.session))
    else:
        w.update(Lead, lead["id"], **NO_NEXT)
    return True


def _next_turn(lead: LeadColumns, session: Session) -> LeadColumns:
    """The next turn of a recurring action, after now, at the same time of the clock."""
    clock: time | None = None
    if lead["next_at"] is not None:
        was_due = datetime.fromtimestamp(lead["next_at"], session.zone)
        clock, since = was_due.time(), was_due.date()
    else:
        assert lead["next_day"] is not None
        since = date.fromisoformat(lead["next_day"])
    day, at = next_of(lead["next_rule"], session.now, clock, since=since)
    if at is not None:
        return {"next_at": int(at.timestamp()), "next_day": None}
    return {"next_at": None, "next_day": day.isoformat()}


# -- operations -----------------------------------------------------------------------------------


@operation("agenda.set_next")
def set_next(w: Write, lead_id: int, reading: Reading) -> None:
    """Set a lead's next action. Raises CrmError on a closed lead, and on an empty reading."""
    lead = record.get(w, lead_id)
    if lead["status"] != "open":
        raise CrmError(
            _("#{number} is closed: it has no next action.").format(number=lead_id),
            _("Reopen it first."),
        )
    if reading.day is None and reading.at is None and not reading.text.strip():
        raise CrmError(_("Type a day, or words."), _("For instance: fri 9:30 20m call Anna"))
    put(w, lead, reading)
    w.describe(_("next action of {title}").format(title=lead["title"]), lead_id=lead_id)


@operation("agenda.do_now")
def do_now(w: Write, lead_id: int) -> None:
    """Drop the date of the next action: the lead is To do at once. Its words stay."""
    lead = record.get(w, lead_id)
    if lead["status"] != "open":
        raise CrmError(_("#{number} is closed.").format(number=lead_id), _("Reopen it first."))
    w.update(Lead, lead_id, next_day=None, next_at=None, next_minutes=None, next_rule="")
    w.describe(_("to do now: {title}").format(title=lead["title"]), lead_id=lead_id)


@operation("agenda.clear_next")
def clear_next(w: Write, lead_id: int) -> None:
    """Take the next action off altogether: To do."""
    lead = record.get(w, lead_id)
    w.update(Lead, lead_id, **NO_NEXT)
    w.describe(_("no next action: {title}").format(title=lead["title"]), lead_id=lead_id)


# -- views ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Slot:
    """A timed next action that another would clash with."""

    lead_id: int
    title: str
    at: datetime
    minutes: int
    kind: str


def clashes(session: Session, reading: Reading, but: int | None = None) -> tuple[Slot, ...]:
    """The rep's own timed actions that overlap the slot of ``reading``."""
    if reading.at is None:
        return ()
    start = int(reading.at.timestamp())
    end = start + 60 * (reading.minutes or SLOT)
    return tuple(
        Slot(number, title, datetime.fromtimestamp(at, session.zone), minutes or SLOT, kind)
        for number, title, at, minutes, kind in session.store.rows(
            "SELECT id, title, next_at, next_minutes, next_kind FROM leads"
            " WHERE owner_id = ? AND status = 'open' AND next_at > ? AND next_at < ?"
            " ORDER BY next_at",
            (session.user_id, start - 12 * 3600, end),
        )
        if number != but and at + 60 * (minutes or SLOT) > start
    )


@dataclass(frozen=True)
class DayRow:
    """One row of Today: a lead, or a prospect whose callback is due (``what``)."""

    what: str  # lead, prospect
    id: int
    title: str
    amount: int | None
    starred: bool
    day: date | None  # a date-only next action
    at: datetime | None  # a timed one, in the rep's zone
    minutes: int | None
    kind: str
    text: str
    idle: int  # whole days since the last real action, without one since creation
    weight: int  # amount x probability, minor units
    list_id: int | None = None
    list_name: str = ""
    came: datetime | None = None  # when the lead was made, in the rep's zone


@dataclass(frozen=True)
class DaySection:
    """Rows that belong together: overdue, today, nodate, unassigned, callbacks, tomorrow, week."""

    name: str
    rows: tuple[DayRow, ...]

    @property
    def amount(self) -> int:
        return sum(row.amount or 0 for row in self.rows)


@dataclass(frozen=True)
class DayDone:
    """What was done today, and what tomorrow holds."""

    actions: int
    calls: int
    reached: int
    emails: int
    meetings: int
    new_leads: int
    won: int
    won_amount: int
    tomorrow: int
    tomorrow_first: datetime | None


@dataclass(frozen=True)
class Today:
    """The day of one rep."""

    now: datetime
    sections: tuple[DaySection, ...]
    done: DayDone
    leads_exist: bool

    @property
    def left(self) -> int:
        """How much is still to do today (tomorrow and the week do not count)."""
        return sum(len(s.rows) for s in self.sections if s.name not in ("tomorrow", "week"))

    def section(self, name: str) -> DaySection:
        return next(s for s in self.sections if s.name == name)


class _LeadRow(NamedTuple):
    id: int
    title: str
    amount: int | None
    starred: bool
    next_day: str | None
    next_at: int | None
    next_minutes: int | None
    next_kind: str
    next_text: str
    touched_at: int
    probability: int
    created_at: int


_SELECT = (
    "SELECT leads.id, leads.title, leads.amount, leads.starred, leads.next_day, leads.next_at,"
    " leads.next_minutes, leads.next_kind, leads.next_text, leads.touched_at,"
    " COALESCE(leads.probability, steps.probability), leads.created_at"
    " FROM leads JOIN steps ON steps.id = leads.step_id"
)


def today(session: Session) -> Today:
    """Everything the rep has to do today, and a look at the days after."""
    now, store = session.now, session.store
    midnight = int(
        datetime.combine(now.date() + timedelta(days=8), time(), session.zone).timestamp()
    )
    horizon = (now.date() + timedelta(days=8)).isoformat()
    # Each of the three is one run of the index: what is planned for later is not walked through.
    rows = [
        _lead_row(session, now, row)
        for due, until in (
            ("leads.next_day < ?", (horizon,)),
            ("leads.next_day IS NULL AND leads.next_at < ?", (midnight,)),
            ("leads.next_day IS NULL AND leads.next_at IS NULL", ()),
        )
        for row in store.read(
            _LeadRow,
            f"{_SELECT} WHERE leads.owner_id = ? AND leads.status = 'open' AND {due}",
            (session.user_id, *until),
        )
    ]
    arrivals = [
        _lead_row(session, now, row)
        for row in store.read(
            _LeadRow,
            f"{_SELECT} WHERE leads.owner_id IS NULL AND leads.status = 'open'"
            " ORDER BY leads.id DESC LIMIT 200",
        )
    ]
    groups: dict[str, list[DayRow]] = {
        "overdue": [],
        "today": [],
        "nodate": [],
        "tomorrow": [],
        "week": [],
    }
    for row in rows:
        groups[_section_of(row, now.date())].append(row)
    first = datetime.min.replace(tzinfo=UTC)

    def by_day(row: DayRow) -> Any:
        day = row.at.date() if row.at else row.day or date.max
        return (day, row.at is None, row.at or first, not row.starred, -row.weight, row.id)

    groups["overdue"].sort(key=by_day)
    groups["today"].sort(key=by_day)
    groups["nodate"].sort(key=lambda r: (not r.starred, -r.idle, -r.weight, r.id))
    groups["tomorrow"].sort(key=by_day)
    groups["week"].sort(key=by_day)
    sections = (
        DaySection("overdue", tuple(groups["overdue"])),
        DaySection("today", tuple(groups["today"])),
        DaySection("nodate", tuple(groups["nodate"])),
        DaySection("unassigned", tuple(arrivals)),
        DaySection("callbacks", tuple(_callbacks(session, now))),
        DaySection("tomorrow", tuple(groups["tomorrow"])),
        DaySection("week", tuple(groups["week"])),
    )
    tomorrow = sections[5].rows
    return Today(
        now,
        sections,
        _done(session, now, tomorrow),
        bool(store.value("SELECT 1 FROM leads LIMIT 1")),
    )


def _section_of(row: DayRow, day: date) -> str:
    due = row.at.date() if row.at else row.day
    if due is None:
        return "nodate"
    if due < day:
        return "overdue"
    if due == day:
        return "today"
    return "tomorrow" if due == day + timedelta(days=1) else "week"


def _lead_row(session: Session, now: datetime, row: _LeadRow) -> DayRow:
    at = row.next_at
    return DayRow(
        what="lead",
        id=row.id,
        title=row.title,
        amount=row.amount,
        starred=row.starred,
        day=date.fromisoformat(row.next_day) if row.next_day else None,
        at=datetime.fromtimestamp(at, session.zone) if at is not None else None,
        minutes=row.next_minutes,
        kind=row.next_kind,
        text=row.next_text,
        idle=max(0, int(now.timestamp()) - row.touched_at) // 86400,
        weight=(row.amount or 0) * row.probability // 100,
        came=datetime.fromtimestamp(row.created_at, session.zone),
    )


class _Callback(NamedTuple):
    id: int
    company: str
    name: str
    due_at: int
    due_text: str
    list_id: int
    list_name: str


def _callbacks(session: Session, now: datetime) -> Iterable[DayRow]:
    """Callbacks in prospect lists that are due today, the rep's own or nobody's."""
    end = int(datetime.combine(now.date() + timedelta(days=1), time(), session.zone).timestamp())
    for row in session.store.read(
        _Callback,
        "SELECT prospects.id, prospects.company, prospects.name, prospects.due_at,"
        " prospects.due_text, lists.id, lists.name FROM prospects"
        " JOIN lists ON lists.id = prospects.list_id"
        " WHERE prospects.state = 'callback' AND prospects.due_at < ? AND lists.archived = 0"
        " AND (prospects.owner_id IS NULL OR prospects.owner_id = ?)"
        " ORDER BY prospects.due_at LIMIT 200",
        (end, session.user_id),
    ):
        yield DayRow(
            what="prospect",
            id=row.id,
            title=row.company or row.name,
            amount=None,
            starred=False,
            day=None,
            at=datetime.fromtimestamp(row.due_at, session.zone),
            minutes=None,
            kind="call",
            text=row.due_text or (row.name if row.company else ""),
            idle=0,
            weight=0,
            list_id=row.list_id,
            list_name=row.list_name,
        )


def _done(session: Session, now: datetime, tomorrow: tuple[DayRow, ...]) -> DayDone:
    start = int(datetime.combine(now.date(), time(), session.zone).timestamp())
    kinds = {
        kind: (int(n), int(reached or 0))
        for kind, n, reached in session.store.rows(
            # Naming the kinds keeps SQLite to today's run of the index.
            "SELECT kind, COUNT(*), SUM(reached) FROM actions WHERE user_id = ?"
            f" AND kind IN ({', '.join('?' * len(KINDS))}) AND at >= ? GROUP BY kind",
            (session.user_id, *KINDS, start),
        )
    }
    day = now.date().isoformat()
    won, won_amount = session.store.rows(
        "SELECT COUNT(*), SUM(amount) FROM leads"
        " WHERE status = 'won' AND closed_on = ? AND closed_owner_id = ?",
        (day, session.user_id),
    )[0]
    made = session.store.value(
        "SELECT COUNT(*) FROM leads WHERE created_on = ? AND owner_id = ?", (day, session.user_id)
    )
    calls, reached = kinds.get("call", (0, 0))
    timed = [row.at for row in tomorrow if row.at]
    return DayDone(
        actions=sum(n for n, _reached in kinds.values()),
        calls=calls,
        reached=reached,
        emails=kinds.get("email", (0, 0))[0],
        meetings=kinds.get("meeting", (0, 0))[0] + kinds.get("visit", (0, 0))[0],
        new_leads=int(made or 0),
        won=int(won),
        won_amount=int(won_amount or 0),
        tomorrow=len(tomorrow),
        tomorrow_first=min(timed) if timed else None,
    )
