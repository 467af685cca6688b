"""What each word of the filter line over leads means, as a Peewee condition on :class:`Lead`.

A term raises CrmError for a value that makes no sense; :mod:`.filter` reports it and goes on.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from peewee import SQL, ColumnBase, Field, fn

from tui_crm.core import money
from tui_crm.core.dates import periods
from tui_crm.core.errors import CrmError
from tui_crm.core.session import Session
from tui_crm.core.store.query import COMPARISONS
from tui_crm.core.store.tables import (
    Client,
    Lead,
    LeadTag,
    Pipeline,
    ProspectList,
    Reason,
    Step,
    Tag,
    User,
)
from tui_crm.core.text import _, fold

Term = Callable[[Session, str, str], ColumnBase]
"""``term(session, sign, value)``; the signs are those of :data:`COMPARISONS`."""

STATUS = ("open", "todo", "standby", "won", "lost", "cancelled", "closed", "all")
EVERY_LEAD = SQL("1 = 1")
NEEDS_STEP = ("probability",)
"""Terms whose condition names columns of the lead's step: the query has to join it."""
_DAYS = re.compile(r"^(\d+)\s*([dwm]?)$")


def _names_row(column: Field, model: Any, name_column: Field) -> Term:
    """A term whose value is the beginning of the name of a row that ``column`` refers to."""

    def term(session: Session, _sign: str, value: str) -> ColumnBase:
        rows = session.store.select(model.select(model.id, name_column))
        wanted = fold(value)
        exact = [number for number, name in rows if fold(name) == wanted]
        ids = exact or [number for number, name in rows if fold(name).startswith(wanted)]
        if not ids:
            raise CrmError(_("nothing is called {name}").format(name=value))
        return column.in_(ids)

    return term


def _owner(session: Session, sign: str, value: str) -> ColumnBase:
    if value == "me":
        return Lead.owner_id == session.user_id
    if value == "none":
        return Lead.owner_id.is_null()
    return _names_row(Lead.owner_id, User, User.name)(session, sign, value)


def _tag(_session: Session, _sign: str, value: str) -> ColumnBase:
    tagged = LeadTag.select(LeadTag.lead_id).join(Tag, on=(Tag.id == LeadTag.tag_id))
    return Lead.id.in_(tagged.where(Tag.match.startswith(fold(value))))


def _client(_session: Session, _sign: str, value: str) -> ColumnBase:
    return Lead.client_id.in_(Client.select(Client.id).where(Client.match.startswith(fold(value))))


def _source(_session: Session, _sign: str, value: str) -> ColumnBase:
    return Lead.source.startswith(value)


def _status(session: Session, _sign: str, value: str) -> ColumnBase:
    name = next((status for status in STATUS if status.startswith(fold(value))), None)
    if name is None:
        raise CrmError(_("status is one of: {names}").format(names=", ".join(STATUS)))
    if name == "all":
        return EVERY_LEAD
    if name == "closed":
        return Lead.status != "open"
    if name not in ("todo", "standby"):
        return Lead.status == name
    now, today = int(session.now.timestamp()), session.today.isoformat()
    ahead = (fn.COALESCE(Lead.next_at, 0) > now) | (fn.COALESCE(Lead.next_day, "") > today)
    return (Lead.status == "open") & (ahead if name == "standby" else ~ahead)


def _amount(session: Session, sign: str, value: str) -> ColumnBase:
    if value in ("none", "-", "–"):
        return Lead.amount.is_null()
    minor = money.parse(value, session.currency, session.house.language)
    return COMPARISONS[sign](Lead.amount, minor)


def _probability(_session: Session, sign: str, value: str) -> ColumnBase:
    try:
        percent = int(value.rstrip("% "))
    except ValueError:
        raise CrmError(_("probability takes a number of percent")) from None
    return COMPARISONS[sign](fn.COALESCE(Lead.probability, Step.probability), percent)


def _days(value: str) -> int:
    found = _DAYS.match(value.strip())
    if not found:
        raise CrmError(_("say how long, for instance stale>14d"))
    return int(found.group(1)) * {"": 1, "d": 1, "w": 7, "m": 30}[found.group(2)]


def _stale(session: Session, sign: str, value: str) -> ColumnBase:
    """``stale>14d``: no real action for 14 days; without any, created longer ago."""
    limit = int(session.now.timestamp()) - _days(value) * 86400
    return Lead.touched_at >= limit if sign.startswith("<") else Lead.touched_at < limit


def _age(session: Session, sign: str, value: str) -> ColumnBase:
    """``age>30d``: created more than 30 days ago."""
    limit = (session.today - timedelta(days=_days(value))).isoformat()
    return Lead.created_on >= limit if sign.startswith("<") else Lead.created_on < limit


def _in_period(column: Field) -> Term:
    """A term whose value is a period (``2026-q3``, ``this-month``) in which the day lies."""

    def term(session: Session, _sign: str, value: str) -> ColumnBase:
        if value == "none":
            return column.is_null()
        period = periods.period(value, session.today)
        first = period.first.isoformat() if period.first else "0000"
        last = period.last.isoformat() if period.last else "9999"
        return (column >= first) & (column <= last)

    return term


def _next(session: Session, _sign: str, value: str) -> ColumnBase:
    """``next:late``, ``today``, ``tomorrow``, ``week`` or ``none``: when the next action is."""

    def start(days: int) -> tuple[int, str]:
        day = session.today + timedelta(days=days)
        return int(datetime.combine(day, time(), session.zone).timestamp()), day.isoformat()

    is_open = Lead.status == "open"
    wanted = fold(value)
    if wanted == "none":
        return Lead.next_at.is_null() & Lead.next_day.is_null() & is_open
    spans = {"late": (None, 0), "today": (0, 1), "tomorrow": (1, 2), "week": (0, 7)}
    if wanted not in spans:
        raise CrmError(_("next is late, today, tomorrow, week or none"))
    first, end = spans[wanted]
    at, day = start(end)
    condition = is_open & ((Lead.next_at < at) | (Lead.next_day < day))
    if first is not None:
        at, day = start(first)
        condition &= (Lead.next_at >= at) | (Lead.next_day >= day)
    return condition


def _is(session: Session, sign: str, value: str) -> ColumnBase:
    wanted = fold(value)
    if wanted == "starred":
        return Lead.starred == 1
    if wanted == "late":
        return _next(session, sign, "late")
    if wanted == "mine":
        return Lead.owner_id == session.user_id
    raise CrmError(_("is: takes starred, late or mine"))


TERMS: dict[str, Term] = {
    "step": _names_row(Lead.step_id, Step, Step.name),
    "pipeline": _names_row(Lead.pipeline_id, Pipeline, Pipeline.name),
    "owner": _owner,
    "tag": _tag,
    "client": _client,
    "status": _status,
    "source": _source,
    "list": _names_row(Lead.list_id, ProspectList, ProspectList.name),
    "reason": _names_row(Lead.reason_id, Reason, Reason.label),
    "amount": _amount,
    "probability": _probability,
    "stale": _stale,
    "idle": _stale,
    "age": _age,
    "created": _in_period(Lead.created_on),
    "closed": _in_period(Lead.closed_on),
    "close": _in_period(Lead.expected_close),
    "next": _next,
    "is": _is,
}
