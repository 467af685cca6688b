"""What each word of the filter line over leads means, as a condition in SQL with its parameters.

Raises CrmError for a value that makes no sense; :mod:`.filter` says so and goes on.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from tui_crm.core import money
from tui_crm.core.dates import periods
from tui_crm.core.errors import CrmError
from tui_crm.core.session import Session
from tui_crm.core.text import _, fold

Term = tuple[str, list[Any]]

STATUS = ("open", "todo", "standby", "won", "lost", "cancelled", "closed", "all")
_DAYS = re.compile(r"^(\d+)\s*([dwm]?)$")


def _named(table: str, column: str, name_column: str = "name") -> Callable[..., Term]:
    """A word whose value names a row of a table by the beginning of its name."""

    def term(session: Session, _op: str, value: str) -> Term:
        rows = session.store.rows(f"SELECT id, {name_column} FROM {table}")
        wanted = fold(value)
        exact = [r[0] for r in rows if fold(r[1]) == wanted]
        ids = exact or [r[0] for r in rows if fold(r[1]).startswith(wanted)]
        if not ids:
            raise CrmError(_("nothing is called {name}").format(name=value))
        return f"leads.{column} IN ({', '.join('?' * len(ids))})", ids

    return term


def _owner(session: Session, op: str, value: str) -> Term:
    if value == "me":
        return "leads.owner_id = ?", [session.user_id]
    if value == "none":
        return "leads.owner_id IS NULL", []
    return _named("users", "owner_id")(session, op, value)


def _tag(session: Session, _op: str, value: str) -> Term:
    return (
        "leads.id IN (SELECT lead_id FROM lead_tags JOIN tags ON tags.id = tag_id"
        " WHERE tags.match LIKE ? ESCAPE '!')",
        [_like(fold(value))],
    )


def _like(beginning: str) -> str:
    for sign in "!%_":
        beginning = beginning.replace(sign, "!" + sign)
    return beginning + "%"


def _client(_session: Session, _op: str, value: str) -> Term:
    return (
        "leads.client_id IN (SELECT id FROM clients WHERE match LIKE ? ESCAPE '!')",
        [_like(fold(value))],
    )


def _source(_session: Session, _op: str, value: str) -> Term:
    return "lower(leads.source) LIKE ? ESCAPE '!'", [_like(value.lower())]


def _status(session: Session, _op: str, value: str) -> Term:
    found = [s for s in STATUS if s.startswith(fold(value))]
    if not found:
        raise CrmError(_("status is one of: {names}").format(names=", ".join(STATUS)))
    name = found[0]
    today, now = session.today.isoformat(), int(session.now.timestamp())
    ahead = "(COALESCE(leads.next_at, 0) > ? OR COALESCE(leads.next_day, '') > ?)"
    return {
        "open": ("leads.status = 'open'", []),
        "todo": (f"leads.status = 'open' AND NOT {ahead}", [now, today]),
        "standby": (f"leads.status = 'open' AND {ahead}", [now, today]),
        "closed": ("leads.status <> 'open'", []),
        "all": ("1 = 1", []),
    }.get(name) or ("leads.status = ?", [name])


def _amount(session: Session, op: str, value: str) -> Term:
    if value in ("none", "-", "–"):
        return "leads.amount IS NULL", []
    minor = money.parse(value, session.currency, session.house.language)
    return f"leads.amount {'=' if op == ':' else op} ?", [minor]


def _probability(_session: Session, op: str, value: str) -> Term:
    try:
        percent = int(value.rstrip("% "))
    except ValueError:
        raise CrmError(_("probability takes a number of percent")) from None
    compare = "=" if op == ":" else op
    return f"COALESCE(leads.probability, steps.probability) {compare} ?", [percent]


def _days(value: str) -> int:
    found = _DAYS.match(value.strip())
    if not found:
        raise CrmError(_("say how long, for instance stale>14d"))
    return int(found.group(1)) * {"": 1, "d": 1, "w": 7, "m": 30}[found.group(2)]


def _stale(session: Session, op: str, value: str) -> Term:
    limit = int(session.now.timestamp()) - _days(value) * 86400
    return f"leads.touched_at {'>=' if op.startswith('<') else '<'} ?", [limit]


def _age(session: Session, op: str, value: str) -> Term:
    limit = (session.today - timedelta(days=_days(value))).isoformat()
    return f"leads.created_on {'>=' if op.startswith('<') else '<'} ?", [limit]


def _in_period(column: str) -> Callable[..., Term]:
    def term(session: Session, _op: str, value: str) -> Term:
        if value == "none":
            return f"leads.{column} IS NULL", []
        found = periods.period(value, session.today)
        first = found.first.isoformat() if found.first else "0000"
        last = found.last.isoformat() if found.last else "9999"
        return f"leads.{column} >= ? AND leads.{column} <= ?", [first, last]

    return term


def _next(session: Session, _op: str, value: str) -> Term:
    def start(days: int) -> tuple[int, str]:
        day = session.today + timedelta(days=days)
        moment = datetime.combine(day, time(), session.zone)
        return int(moment.timestamp()), day.isoformat()

    spans = {"late": (None, 0), "today": (0, 1), "tomorrow": (1, 2), "week": (0, 7)}
    wanted = fold(value)
    if wanted == "none":
        return "leads.next_at IS NULL AND leads.next_day IS NULL AND leads.status = 'open'", []
    if wanted not in spans:
        raise CrmError(_("next is late, today, tomorrow, week or none"))
    first, last = spans[wanted]
    at, day = start(last)
    sql = "leads.status = 'open' AND (leads.next_at < ? OR leads.next_day < ?)"
    params: list[Any] = [at, day]
    if first is not None:
        at, day = start(first)
        sql += " AND (leads.next_at >= ? OR leads.next_day >= ?)"
        params += [at, day]
    return sql, params


def _is(session: Session, op: str, value: str) -> Term:
    wanted = fold(value)
    if wanted == "starred":
        return "leads.starred = 1", []
    if wanted == "late":
        return _next(session, op, "late")
    if wanted == "mine":
        return "leads.owner_id = ?", [session.user_id]
    raise CrmError(_("is: takes starred, late or mine"))


TERMS: dict[str, Callable[..., Term]] = {
    "step": _named("steps", "step_id"),
    "pipeline": _named("pipelines", "pipeline_id"),
    "owner": _owner,
    "tag": _tag,
    "client": _client,
    "status": _status,
    "source": _source,
    "list": _named("lists", "list_id"),
    "reason": _named("reasons", "reason_id", "label"),
    "amount": _amount,
    "probability": _probability,
    "stale": _stale,
    "idle": _stale,
    "age": _age,
    "created": _in_period("created_on"),
    "closed": _in_period("closed_on"),
    "close": _in_period("expected_close"),
    "next": _next,
    "is": _is,
}
