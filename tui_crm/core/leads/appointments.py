"""Appointments of a user's own: time that is blocked without a lead (a team meeting, the dentist).

An appointment has a moment, a length, words and maybe a kind and a recurrence ("every mon 9 1h team
meeting"). It is nobody's else, is no action and is counted in no figure: it stands in Today and in
the week until it is over, is in the calendar file, and a next action that would overlap it says so.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from tui_crm.core.dates.labels import day_label, instant
from tui_crm.core.dates.reading import Reading, combine
from tui_crm.core.dates.recurrence import in_words, next_of
from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.session import Session
from tui_crm.core.store.columns import Row
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.query import Query, typed_rows
from tui_crm.core.store.tables import Appointment
from tui_crm.core.text import _

SLOT = 30  # minutes that an action or an appointment without a length is taken to block
LONGEST = 12 * 60  # minutes of one appointment; longer is a day off


@dataclass(frozen=True)
class Booking:
    """One turn of an appointment: ``at`` in the rep's zone, ``minutes`` its length. ``rule`` is its
    recurrence; all turns are one appointment, with one ``id``. ``skipped`` are the days of turns
    that were moved or taken off."""

    id: int
    at: datetime
    minutes: int
    kind: str
    text: str
    rule: str
    skipped: tuple[str, ...] = ()

    @property
    def until(self) -> datetime:
        """The moment at which it is over."""
        return self.at + timedelta(minutes=self.minutes)

    @property
    def title(self) -> str:
        """Its words; without any what it is."""
        return self.text or (_(self.kind) if self.kind else _("blocked"))

    @property
    def reading(self) -> Reading:
        """It as a typed date says it."""
        return Reading(
            day=self.at.date(),
            at=self.at.astimezone(UTC),
            minutes=self.minutes,
            kind=self.kind or None,
            text=self.text,
            rule=self.rule or None,
        )


class _Stored(NamedTuple):
    id: int
    at: int
    minutes: int
    kind: str
    text: str
    rule: str
    skipped: str


_COLUMNS = "id, at, minutes, kind, text, rule, skipped"


def bookings_query(session: Session, start: datetime, end: datetime) -> Query[list[Booking]]:
    """The user's appointments that overlap the time from one moment to another, every turn of a
    recurring one, in order."""
    since, until = int(start.timestamp()) - 60 * LONGEST, int(end.timestamp())
    return typed_rows(
        _Stored,
        f"SELECT {_COLUMNS} FROM appointments WHERE user_id = ? AND rule = '' AND at > ? AND at < ?"
        f" UNION ALL SELECT {_COLUMNS} FROM appointments WHERE user_id = ? AND rule > ''",
        (session.user_id, since, until, session.user_id),
    ).map(lambda rows: _turns(session, rows, start, end))


def bookings(session: Session, start: datetime, end: datetime) -> list[Booking]:
    """`bookings_query`, read now."""
    return session.store.fetch(bookings_query(session, start, end))


def _turns(session: Session, rows: list[_Stored], start: datetime, end: datetime) -> list[Booking]:
    found = []
    for row in rows:
        first = _booking(session, row)
        one: Booking | None = first
        if row.rule and first.until <= start:
            one = _turn_after(first, start.astimezone(session.zone).date() - timedelta(days=2))
        while one is not None and one.at < end:
            if one.until > start and not _is_skipped(one):
                found.append(one)
            one = _turn_after(first, one.at.date()) if row.rule else None
    return sorted(found, key=lambda b: (b.at, b.id))


def _turn_after(first: Booking, day: date) -> Booking | None:
    """The first turn of a recurring appointment after a day; None where there is none."""
    zone, clock = first.at.tzinfo, first.at.time()
    after = datetime.combine(max(day, first.at.date()), datetime.min.time(), zone)
    try:
        on, at = next_of(first.rule, after, clock, since=first.at.date())
    except CrmError:
        return None
    assert zone is not None
    return replace(first, at=(at or instant(on, clock, zone)).astimezone(zone))


def _next_turn(first: Booking, now: datetime) -> Booking | None:
    """The turn of a recurring appointment that runs at a moment, or the next."""
    one: Booking | None = first
    if first.until <= now:
        one = _turn_after(first, now.date() - timedelta(days=2))
    while one is not None and (one.until <= now or _is_skipped(one)):
        one = _turn_after(first, one.at.date())
    return one


def _booking(session: Session, row: _Stored) -> Booking:
    at = datetime.fromtimestamp(row.at, session.zone)
    skipped = tuple(str(day) for day in json.loads(row.skipped))
    return Booking(row.id, at, row.minutes, row.kind, row.text, row.rule, skipped)


def _is_skipped(turn: Booking) -> bool:
    return bool(turn.rule) and turn.at.date().isoformat() in turn.skipped


def stored(session: Session) -> list[Booking]:
    """All appointments of the user, those that are over too, a recurring one once: its first
    turn."""
    rows = session.store.read(
        _Stored,
        f"SELECT {_COLUMNS} FROM appointments WHERE user_id = ? ORDER BY at, id",
        (session.user_id,),
    )
    return [_booking(session, row) for row in rows]


def coming(session: Session) -> list[Booking]:
    """The appointments of the user that are not over, a recurring one once: its next turn."""
    found = [_next_turn(one, session.now) if one.rule else one for one in stored(session)]
    return sorted(
        (b for b in found if b is not None and b.until > session.now), key=lambda b: (b.at, b.id)
    )


def get(session: Session, number: int) -> Booking:
    """An appointment of the user's own. Raises NotFound."""
    rows = session.store.read(
        _Stored,
        f"SELECT {_COLUMNS} FROM appointments WHERE id = ? AND user_id = ?",
        (number, session.user_id),
    )
    if not rows:
        raise _not_found(number)
    return _booking(session, rows[0])


def _not_found(number: int) -> NotFound:
    return NotFound(
        _("You have no appointment {number}.").format(number=number),
        _("tui-crm appointments lists them."),
    )


def changed(booking: Booking, typed: Reading) -> Reading:
    """What a typed date makes of an appointment: a day alone keeps its clock, a moment alone its
    words, words alone its moment. A moment of a recurring one is that of one turn, moved alone,
    unless it says how it repeats."""
    zone = booking.at.tzinfo
    assert zone is not None
    planned = booking.reading
    if typed.has_moment and typed.rule is None:
        planned = planned._replace(rule=None)
    if typed.day is not None and typed.at is None:
        typed = typed._replace(at=instant(typed.day, booking.at.time(), zone))
    return combine(planned, typed, zone).reading


# -- operations -----------------------------------------------------------------------------------


@operation("agenda.add_appointment")
def add(w: Write, reading: Reading) -> int:
    """Block time of one's own: an appointment at the moment of ``reading``; its number.

    Without a length it takes half an hour. Raises CrmError without a clock, and for more than
    twelve hours."""
    values = _values(reading)
    number = w.insert(Appointment, user_id=w.user_id, **values)
    w.describe(_("blocked: {words}").format(words=_in_words(w.session, reading)))
    return number


@operation("agenda.change_appointment")
def change(w: Write, number: int, reading: Reading, turn: date | None = None) -> int:
    """Change an appointment of one's own: a moment alone keeps its words and length, words alone
    keep its moment; its number.

    Of a recurring one, the turn of the day ``turn`` is moved alone: that makes it an appointment of
    its own. What has no moment, or says anew how it repeats, changes all turns. Raises NotFound,
    and CrmError as `add` does and for a moment of a recurring one without its turn."""
    booking = get(w.session, number)
    if booking.rule and reading.has_moment and reading.rule is None:
        if turn is None:
            raise CrmError(
                _("It repeats {rule}.").format(rule=in_words(booking.rule)),
                _("Type how it repeats from now on: every mon 9 1h team meeting"),
            )
        made = changed(booking, reading)
        _skip(w, booking, turn)
        number = w.insert(Appointment, user_id=w.user_id, **_values(made))
    else:
        made = changed(booking, reading)
        w.update(Appointment, number, **_values(made))
    w.describe(_("blocked: {words}").format(words=_in_words(w.session, made)))
    return number


@operation("agenda.remove_appointment")
def remove(w: Write, number: int, turn: date | None = None) -> None:
    """Give the time of an appointment of one's own free again, or of a recurring one that of the
    turn on the day ``turn`` alone. Raises NotFound."""
    booking = get(w.session, number)
    if booking.rule and turn is not None:
        _skip(w, booking, turn)
        booking = replace(booking, at=booking.at.replace(turn.year, turn.month, turn.day))
    else:
        w.delete(Appointment, number)
    w.describe(_("free again: {words}").format(words=_in_words(w.session, booking.reading)))


def _skip(w: Write, booking: Booking, turn: date) -> None:
    skipped = sorted({*booking.skipped, turn.isoformat()})
    w.update(Appointment, booking.id, skipped=json.dumps(skipped))


def _values(reading: Reading) -> Row:
    """The columns of an appointment. Raises CrmError for what is none."""
    if reading.problem:
        raise CrmError(reading.problem.partition(";")[0], _("For instance: mon 14:00 1h dentist"))
    if reading.at is None:
        raise CrmError(
            _("Blocked time begins at a clock."), _("For instance: mon 14:00 1h dentist")
        )
    minutes = reading.minutes or SLOT
    if minutes > LONGEST:
        raise CrmError(
            _("An appointment takes at most {n} hours.").format(n=LONGEST // 60),
            _("A whole day is a day off: tui-crm users days-off"),
        )
    return {
        "at": int(reading.at.timestamp()),
        "minutes": minutes,
        "kind": reading.kind or "",
        "text": reading.text.strip(),
        "rule": reading.rule or "",
    }


def _in_words(session: Session, reading: Reading) -> str:
    """``Mon 30 Nov 14:00 dentist``, for the journal."""
    assert reading.at is not None
    at = reading.at.astimezone(session.zone)
    words = reading.text.strip() or (_(reading.kind) if reading.kind else "")
    return f"{day_label(at.date(), session.today)} {at:%H:%M} {words}".rstrip()
