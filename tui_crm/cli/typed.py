"""Readers of what is typed on a command line: amounts, days, moments, kinds of action."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from tui_crm.core.errors import CrmError
from tui_crm.core.text import _, show

if TYPE_CHECKING:
    from tui_crm.core.dates.reading import Reading
    from tui_crm.core.session import Session


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
    from tui_crm.core.setup import kinds

    own = kinds.own_words(session.store)
    reading = reader.read(text, session.now, session.locale, prefer_kinds=own)
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
    from tui_crm.core.dates import past_reader

    found = past_reader.read_day(text, session.now, session.locale)
    if found is None:
        raise _no_day(text)
    return found


def moment(text: str, session: Session) -> datetime:
    """A moment that has been: ISO, ``14:30`` (today), ``yesterday 9:30``, ``fri 16:00``.

    A day alone counts at noon, today alone is now."""
    from tui_crm.core.dates import past_reader

    found = past_reader.read_moment(text, session.now, session.locale)
    if found is None:
        raise _no_day(text)
    return found


def kind(text: str, session: Session) -> str:
    """The kind of an action by its name in English or in the language in use, or its digit: its
    place among those that are offered."""
    from tui_crm.core.setup import kinds

    offered = kinds.offered(session.store)
    wanted = text.strip()
    if wanted.isdecimal() and 0 < int(wanted) <= len(offered):
        return offered[int(wanted) - 1].name
    return kinds.find(session.store, text).name


def _no_day(typed: str) -> CrmError:
    return CrmError(
        _("“{typed}” is no day.").format(typed=show(typed)[:60]),
        _("Type it like 2026-11-23, 23 nov, fri or yesterday."),
    )
