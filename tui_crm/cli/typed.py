"""Readers of what is typed on a command line: amounts, days, moments, kinds of action."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.text import _, fold, show

if TYPE_CHECKING:
    from tui_crm.core.dates.reading import Reading
    from tui_crm.core.session import Session

_HALF_A_YEAR = 183
_CLOCK = re.compile(r"\d{1,2}(?:[:.h]\d{2}|h)")


def words(value: tuple[str, ...]) -> str:
    """The words of an argument that may be typed with or without quotes."""
    return " ".join(value).strip()


def amount(text: str, session: Session) -> int:
    """Minor units of an amount as typed. Raises CrmError."""
    from tui_crm.core import money

    return money.parse(text, session.currency, session.house.language)


def following(text: str, session: Session) -> Reading:
    """A next action as typed, refused with the sentence when its date is not understood."""
    from tui_crm.core.dates import reader

    reading = reader.read(text, session.now, session.locale)
    if reading.problem:
        raise CrmError(
            f"{reading.problem.partition(';')[0].rstrip('.')}.",
            _("For instance: fri 9:30 20m call Anna"),
        )
    return reading


def future_day(text: str, session: Session) -> date:
    """A day that is mostly still to come (an expected close): ISO or typed."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        pass
    reading = following(text, session)
    if reading.day is None or reading.text or reading.at is not None:
        raise _no_day(text)
    return reading.day


def day(text: str, session: Session) -> date:
    """A day that has been: ISO, ``yesterday``, ``3 nov``, ``fri`` (the last one), ``-3d``.

    A future one comes back as it is, for the operation to refuse in its own words."""
    typed = text.strip()
    try:
        return date.fromisoformat(typed)
    except ValueError:
        pass
    try:
        return _in_zone(datetime.fromisoformat(typed), session).date()
    except ValueError:
        pass
    back = _days_back(typed)
    if back is not None:
        return session.today - timedelta(days=back)
    return _past(typed, session).day or session.today


def moment(text: str, session: Session) -> datetime:
    """A moment that has been: ISO, ``14:30`` (today), ``yesterday 9:30``, ``fri 16:00``.

    A day alone counts at noon, today alone is now."""
    from tui_crm.core.dates import labels

    typed = text.strip()
    try:
        exact = datetime.fromisoformat(typed)
        if len(typed) > 10:
            return _in_zone(exact, session)
    except ValueError:
        pass
    head, _space, clock = typed.rpartition(" ")
    if not _CLOCK.fullmatch(clock):
        head, clock = typed, ""
    on = day(head, session) if head else session.today
    if clock:
        hours, _sign, minutes = re.sub("[.h]", ":", clock).partition(":")
        if int(hours) > 23 or int(minutes or 0) > 59:
            raise _no_day(text)
        return labels.instant(on, time(int(hours), int(minutes or 0)), session.zone)
    if on == session.today:
        return session.now
    return labels.instant(on, time(12), session.zone)


def kind(text: str) -> str:
    """The kind of an action by its name in English or in the language in use, or its digit."""
    from tui_crm.core.leads.actions import KINDS

    wanted = fold(text).replace("-", "")
    if wanted.isdecimal() and 0 < int(wanted) <= len(KINDS):
        return KINDS[int(wanted) - 1]
    for name in KINDS:
        if wanted in (name, fold(_(name)).replace("-", "")):
            return name
    near = [name for name in KINDS if wanted and name.startswith(wanted)]
    if len(near) == 1:
        return near[0]
    raise NotFound(
        _("{kind} is no kind of action.").format(kind=show(text)),
        _("Kinds are: {names}.").format(
            names=", ".join(f"{n} {name}" for n, name in enumerate(KINDS, 1))
        ),
    )


def _in_zone(exact: datetime, session: Session) -> datetime:
    from tui_crm.core.dates import labels

    if exact.tzinfo is None:
        return labels.instant(exact.date(), exact.time(), session.zone)
    return exact.astimezone(session.zone)


def _days_back(typed: str) -> int | None:
    """``today``, ``yesterday`` and ``-3d``, ``-2w``, in the languages we speak."""
    word = fold(typed)
    if word in ("today", "hoy", "aujourd'hui", "heute"):
        return 0
    if word in ("yesterday", "ayer", "hier", "gestern"):
        return 1
    found = re.fullmatch(r"-(\d{1,4})([dw])", word) or re.fullmatch(r"(\d{1,4})([dw]) ago", word)
    return int(found[1]) * (7 if found[2] == "w" else 1) if found else None


def _past(typed: str, session: Session) -> Reading:
    """A typed date looked for in the past: entries are read as the future, so one that lies
    ahead is read again from a week and from a year ago. Relative ones ("+3d") stay ahead."""
    from tui_crm.core.dates import reader

    locale = session.locale
    ahead = reader.read(typed, session.now, locale)
    if ahead.problem or ahead.day is None or ahead.text or ahead.rule or ahead.kind:
        raise _no_day(typed)
    if ahead.day <= session.today:
        return ahead
    before = reader.read(typed, session.now - timedelta(days=1), locale)
    if before.day is not None and ahead.day - before.day == timedelta(days=1):
        return ahead
    for days in (7, 365):
        seen = reader.read(typed, session.now - timedelta(days=days), locale)
        if seen.day is not None and 0 <= (session.today - seen.day).days <= _HALF_A_YEAR:
            return seen
    return ahead


def _no_day(typed: str) -> CrmError:
    return CrmError(
        _("“{typed}” is no day.").format(typed=show(typed)[:60]),
        _("Type it like 2026-11-23, 23 nov, fri or yesterday."),
    )
