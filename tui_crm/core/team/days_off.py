"""Working days: the weekdays of the workspace without the days off, everybody's and one's own.

Days off are JSON lists (``workspace.days_off``, ``users.days_off``) of ``"2026-12-24"``, or
``"12-25"`` for that day of every year. Goals count their pace in working days.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tui_crm.core.errors import CrmError
from tui_crm.core.session import find_member
from tui_crm.core.store.database import Store
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.query import Query, all_rows
from tui_crm.core.store.tables import User, Workspace
from tui_crm.core.text import _, clean, ngettext

LONGEST = 366  # days of one typed range
MOST = 1_000  # days off in one list
_YEARLY = re.compile(r"(\d{2})-(\d{2})")
_LEAP = 2024  # a year that has every day there is


@dataclass(frozen=True)
class Workdays:
    """Which days are worked: ``weekdays`` in ISO digits (``"12345"``), ``off`` as stored; with
    several lists of days off (a team) a day is worked unless it is off in all of them."""

    weekdays: str
    off: tuple[frozenset[str], ...] = ()

    def works(self, day: date) -> bool:
        """Whether the day is worked."""
        if str(day.isoweekday()) not in self.weekdays:
            return False
        text = day.isoformat()
        return not self.off or not all(text in days or text[5:] in days for days in self.off)

    def between(self, first: date, last: date) -> int:
        """Working days from one day to another, both included; 0 when the last comes before."""
        days = (last - first).days + 1
        return sum(self.works(first + timedelta(days=n)) for n in range(days))


def read(text: str) -> tuple[str, ...]:
    """Typed days off, separated by blanks or commas, as they are stored: in order, each once.

    ``2026-12-24``, ``12-25`` (of every year), ``2026-12-24..2026-12-31`` and ``12-24..12-31``
    (each day of it; ``12-24..01-06`` goes over the end of the year). Raises CrmError for what is
    none of these."""
    found: set[str] = set()
    for word in text.replace(",", " ").split():
        first, dots, last = word.partition("..")
        if not dots:
            found.add(_day(first)[0])
            continue
        (begin, yearly), (end, other) = _day(first), _day(last)
        begins, ends = (date.fromisoformat(_full(day)) for day in (begin, end))
        if yearly and other and ends < begins:  # over the end of the year
            ends = ends.replace(year=_LEAP + 1)
        if yearly != other or ends < begins or (ends - begins).days >= LONGEST:
            raise CrmError(
                _("{text} is no range of days.").format(text=clean(word, single_line=True)[:40]),
                _("Type it as 2026-12-24..2026-12-31, a year at most."),
            )
        for n in range((ends - begins).days + 1):
            day = (begins + timedelta(days=n)).isoformat()
            found.add(day[5:] if yearly else day)
    if len(found) > MOST:
        raise CrmError(_("These are too many days off."), _("At most {n}.").format(n=MOST))
    return tuple(sorted(found, key=_order))


def as_typed(days: Iterable[str]) -> str:
    """The days as one types them, consecutive days as a range."""
    parts: list[tuple[str, str]] = []
    for day in sorted(days, key=_order):
        if parts and _is_next(parts[-1][1], day):
            parts[-1] = (parts[-1][0], day)
        else:
            parts.append((day, day))
    return " ".join(a if a == b else f"{a}..{b}" for a, b in parts)


def of_house(store: Store) -> tuple[str, ...]:
    """The days off of everybody."""
    return from_json(store.value("SELECT days_off FROM workspace ORDER BY id LIMIT 1"))


def of_user(store: Store, user_id: int) -> tuple[str, ...]:
    """The days off of one user alone."""
    return from_json(store.value("SELECT days_off FROM users WHERE id = ?", (user_id,)))


def workdays(store: Store, weekdays: str, users: Sequence[int] | None = None) -> Workdays:
    """The working days of these users (``None``: the workspace's alone): a day is worked when at
    least one of them works it."""
    house = frozenset(of_house(store))
    if not users:
        return Workdays(weekdays, (house,))
    own = dict(store.rows("SELECT id, days_off FROM users"))
    return Workdays(weekdays, tuple(house | set(from_json(own.get(user))) for user in users))


def workdays_query(weekdays: str, user: int) -> Query[Workdays]:
    """The working days of a user, as a query that is sent with others."""

    def read_off(rows: list[tuple[str]]) -> Workdays:
        return Workdays(weekdays, (frozenset(d for (off,) in rows for d in from_json(off)),))

    return all_rows(
        "SELECT days_off FROM (SELECT days_off FROM workspace ORDER BY id LIMIT 1) AS house"
        " UNION ALL SELECT days_off FROM users WHERE id = ?",
        (user,),
    ).map(read_off)


@operation("days_off.change")
def change(w: Write, add: Sequence[str] = (), drop: Sequence[str] = (), user: str = "") -> None:
    """Add days off, and take others away (as :func:`read` gives them), of everybody or of a user.

    One's own everybody may change; others' and the workspace's ask for the right to. Raises
    NotFound for a user there is not, CrmError for what is no day."""
    add, drop = read(" ".join(add)), read(" ".join(drop))
    if user:
        who = find_member(w.store, user)
        if who.id != w.user_id:
            w.session.require("users")
        number, words = who.id, _("days off of {name} changed").format(name=who.name)
    else:
        w.session.require("workspace")
        number = int(w.store.value("SELECT MIN(id) FROM workspace"))
        words = _("days off changed")
    model = User if user else Workspace
    row = w.row(model, number)
    days = (set(from_json(row["days_off"])) - set(drop) | set(add)) if row is not None else set(add)
    if len(days) > MOST:
        raise CrmError(_("These are too many days off."), _("At most {n}.").format(n=MOST))
    w.update(model, number, days_off=json.dumps(sorted(days, key=_order)))
    w.describe(words)


def count_words(days: Sequence[str]) -> str:
    """The number of days in words: ``8 days off``."""
    return ngettext("{n} day off", "{n} days off", len(days)).format(n=len(days))


def _day(word: str) -> tuple[str, bool]:
    """A day as it is stored, and whether it is one of every year."""
    yearly = _YEARLY.fullmatch(word) is not None
    try:
        day = date.fromisoformat(f"{_LEAP}-{word}" if yearly else word).isoformat()
    except ValueError:
        raise CrmError(
            _("{text} is no day.").format(text=clean(word, single_line=True)[:40] or "''"),
            _("Type it as 2026-12-24, or 12-25 for every year."),
        ) from None
    return (day[5:], True) if yearly else (day, False)


def _full(day: str) -> str:
    return f"{_LEAP}-{day}" if len(day) == 5 else day


def _order(day: str) -> tuple[bool, str]:
    return len(day) > 5, day


def _is_next(one: str, other: str) -> bool:
    """Whether a day is the one after another; a day of every year follows none of one year."""
    if len(one) != len(other):
        return False
    return (date.fromisoformat(_full(other)) - date.fromisoformat(_full(one))).days == 1


def from_json(text: str | None) -> tuple[str, ...]:
    """The list in a column; a text that is no JSON list, which only another program can have put
    there, is an empty one."""
    try:
        days = json.loads(text or "[]")
    except ValueError:
        return ()
    return tuple(str(day) for day in days) if isinstance(days, list) else ()
