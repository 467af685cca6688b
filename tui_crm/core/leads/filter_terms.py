"""What each labelled word of the filter line over leads means, as a Peewee condition on `Lead`.

A term raises CrmError for a value that makes no sense, with what is possible as its hint;
:mod:`.filter` reports it and goes on. Labels that stand in no row of `TERMS` are those of the
workspace's own fields and tag categories: :mod:`.filter_fields`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from peewee import SQL, Case, ColumnBase, Field, Node, SelectBase, fn

from tui_crm.core import money
from tui_crm.core.errors import CrmError
from tui_crm.core.leads.record import PRIORITIES, read_priority
from tui_crm.core.leads.views import CONTACT, STEP_ON
from tui_crm.core.session import Session
from tui_crm.core.store.query import COMPARISONS
from tui_crm.core.store.tables import (
    Action,
    Attachment,
    Client,
    Contact,
    ContactPoint,
    Lead,
    LeadPerson,
    LeadTag,
    Pipeline,
    ProspectList,
    Reason,
    Step,
    Tag,
    TagCategory,
    User,
    Workspace,
)
from tui_crm.core.text import _, clean, fold

Condition = Callable[[Session, str, str], ColumnBase]
"""``condition(session, sign, value)``; the signs are those of :data:`COMPARISONS`."""
Values = Callable[[Session], Sequence[str]]

STATUS = ("open", "todo", "standby", "won", "lost", "cancelled", "closed", "all")
EVERY_LEAD = SQL("1 = 1")
NONE = ("none", "")  # values that ask for the leads without any
OFFERED = 2000  # values that completion chooses from
_DAYS = re.compile(r"(\d{1,5})\s*([dwmy]?)")
_UNITS = {"": 1, "d": 1, "w": 7, "m": 30, "y": 365}
_TURNED = {":": "<", "=": "=", ">": "<", "<": ">", ">=": "<=", "<=": ">="}
"""What compares a moment where the sign compares how long ago it was."""


@dataclass(frozen=True)
class Term:
    """A label of the filter line: its condition, an example of it, whether it can be compared with
    ``<`` and ``>``, the values that completion offers, and whether its condition names columns of
    the lead's step, which the query then has to join."""

    condition: Condition
    example: str
    compares: bool = False
    values: Values = lambda session: ()
    needs_step: bool = False


def false_where_unknown(condition: ColumnBase) -> ColumnBase:
    """The opposite of a condition: true also where a column of it is empty."""
    return Case(None, [(condition, 0)], 1) == 1


def some(names: Iterable[str], most: int = 9) -> str:
    """Names that are possible, as a sentence lists them."""
    known = list(dict.fromkeys(clean(name, single_line=True) for name in names if name))
    return ", ".join(known[:most]) + (" …" if len(known) > most else "")


def close_first(wanted: str, names: Iterable[str]) -> list[str]:
    """The names, those that are nearly the wanted one first."""
    from difflib import get_close_matches

    known = list(dict.fromkeys(name for name in names if name))
    folded = {fold(name): name for name in known}
    near = [folded[name] for name in get_close_matches(fold(wanted), folded, 3, 0.6)]
    return [*near, *(name for name in known if name not in near)]


# -- names ----------------------------------------------------------------------------------------


def _names(model: Any, column: Field, **where: int) -> Values:
    """The names in a column of a table, in the order of the table."""

    def values(session: Session) -> Sequence[str]:
        query = model.select(column).where(
            *(getattr(model, name) == value for name, value in where.items())
        )
        order = getattr(model, "position", model.id)
        rows = session.store.select(query.order_by(order, model.id).limit(OFFERED))
        return list(dict.fromkeys(str(name) for (name,) in rows))

    return values


def matching(names: Iterable[tuple[Any, str]], sign: str, value: str) -> list[Any]:
    """The keys whose name is the value, else begins with it (not after ``=``); case and accents
    aside."""
    wanted = fold(value)
    folded = [(key, fold(name)) for key, name in names]
    exact = [key for key, name in folded if name == wanted]
    return exact or ([] if sign == "=" else [k for k, name in folded if name.startswith(wanted)])


def _names_row(column: Field, model: Any, name_column: Field, none: bool = True) -> Condition:
    """The rows that ``column`` refers to are called the value; ``none``: it refers to none."""

    def condition(session: Session, sign: str, value: str) -> ColumnBase:
        if none and fold(value) in NONE:
            return column.is_null()
        rows = session.store.select(model.select(model.id, name_column))
        ids = matching(rows, sign, value)
        if not ids:
            raise _nothing_called(value, [name for _id, name in rows])
        return column.in_(ids)

    return condition


def _nothing_called(value: str, names: Iterable[str]) -> CrmError:
    known = close_first(value, names)
    return CrmError(
        _("nothing is called {name}").format(name=clean(value, single_line=True)),
        _("there are: {names}").format(names=some(known)) if known else "",
    )


def _owner(session: Session, sign: str, value: str) -> ColumnBase:
    if fold(value) == "me":
        return Lead.owner_id == session.user_id
    return _names_row(Lead.owner_id, User, User.name)(session, sign, value)


def _owners(session: Session) -> Sequence[str]:
    return ["me", "none", *_names(User, User.name, active=1)(session)]


def tagged(ids: Sequence[int]) -> ColumnBase:
    """The leads that have one of these tags."""
    return Lead.id.in_(LeadTag.select(LeadTag.lead_id).where(LeadTag.tag_id.in_(ids)))


def _tag(session: Session, sign: str, value: str) -> ColumnBase:
    if fold(value) in NONE:
        return ~Lead.id.in_(LeadTag.select(LeadTag.lead_id))
    rows = session.store.select(Tag.select(Tag.id, Tag.name))
    ids = matching(rows, sign, value.lstrip("#"))
    if not ids:
        raise _nothing_called(value, [name for _id, name in rows])
    return tagged(ids)


def _category(session: Session, sign: str, value: str) -> ColumnBase:
    """``category:Sector``: a tag of that category is on the lead."""
    rows = session.store.select(TagCategory.select(TagCategory.id, TagCategory.name))
    ids = matching(rows, sign, value)
    if not ids:
        raise _nothing_called(value, [name for _id, name in rows])
    return tags_of_category(ids)


def tags_of_category(ids: Sequence[int]) -> ColumnBase:
    """The leads that have a tag of one of these categories."""
    tags = Tag.select(Tag.id).where(Tag.category_id.in_(ids))
    return Lead.id.in_(LeadTag.select(LeadTag.lead_id).where(LeadTag.tag_id.in_(tags)))


def _client(session: Session, sign: str, value: str) -> ColumnBase:
    if fold(value) in NONE:
        return Lead.client_id.is_null()
    exact = Client.select(Client.id).where(Client.match == fold(value))
    begins = Client.select(Client.id).where(Client.match.startswith(fold(value)))
    for clients in (exact,) if sign == "=" else (exact, begins):
        if session.store.select(clients.limit(1)):
            return Lead.client_id.in_(clients.limit(None))
    raise _nothing_called(value, _names(Client, Client.name)(session))


def _source(session: Session, sign: str, value: str) -> ColumnBase:
    """Where a lead came from: its source, or a tag of the category Source."""
    if fold(value) in NONE:
        return Lead.source == ""
    sources = [str(name) for (name,) in session.store.select(Lead.select(Lead.source).distinct())]
    named = session.store.select(
        Tag.select(Tag.id, Tag.name)
        .join(TagCategory, on=(TagCategory.id == Tag.category_id))
        .where(fn.LOWER(TagCategory.name) == "source")
    )
    found = matching(((name, name) for name in sources if name), sign, value)
    ids = matching(named, sign, value)
    if not found and not ids:
        raise _nothing_called(value, [*sources, *(name for _id, name in named)])
    if not ids:
        return Lead.source.in_(found)
    return Lead.source.in_(found) | tagged(ids) if found else tagged(ids)


def _sources(session: Session) -> Sequence[str]:
    rows = session.store.select(
        Lead.select(Lead.source).where(Lead.source != "").distinct().order_by(Lead.source)
    )
    return [str(name) for (name,) in rows]


def _status(session: Session, _sign: str, value: str) -> ColumnBase:
    wanted = fold(value)
    name = next((status for status in STATUS if wanted and status.startswith(wanted)), None)
    if name is None:
        raise CrmError(
            _("there is no such status"), _("one of: {names}").format(names=", ".join(STATUS))
        )
    if name == "all":
        return EVERY_LEAD
    if name == "closed":
        return Lead.status != "open"
    if name not in ("todo", "standby"):
        return Lead.status == name
    now, today = int(session.now.timestamp()), session.today.isoformat()
    ahead = (fn.COALESCE(Lead.next_at, 0) > now) | (fn.COALESCE(Lead.next_day, "") > today)
    return (Lead.status == "open") & (ahead if name == "standby" else ~ahead)


# -- numbers --------------------------------------------------------------------------------------


def _amount(session: Session, sign: str, value: str) -> ColumnBase:
    if fold(value) in (*NONE, "-", "–"):
        return Lead.amount.is_null()
    minor = money.parse(value, session.currency, session.house.language)
    return COMPARISONS[sign](Lead.amount, minor)


def _probability(_session: Session, sign: str, value: str) -> ColumnBase:
    if not re.fullmatch(r"[0-9]{1,3}\s*%?", value):
        raise CrmError(_("it takes a number of percent"), _("for instance probability>40"))
    percent = int(value.rstrip("% "))
    return COMPARISONS[sign](fn.COALESCE(Lead.probability, Step.probability), percent)


def _number(_session: Session, sign: str, value: str) -> ColumnBase:
    if not re.fullmatch(r"#?[0-9]{1,12}", value):
        raise CrmError(_("it takes the number of a lead"), _("for instance number>1000"))
    return COMPARISONS[sign](Lead.id, int(value.lstrip("#")))


# -- times ----------------------------------------------------------------------------------------


def _length(value: str, label: str) -> int:
    """Days of ``14d``, ``2w``, ``3m`` (of 30 days), ``1y``, or a bare number."""
    found = _DAYS.fullmatch(value.strip().casefold())
    if not found:
        raise CrmError(_("it takes how long"), _("for instance {word}").format(word=f"{label}>14d"))
    return int(found.group(1)) * _UNITS[found.group(2)]


def _day(today: date, days: int) -> str:
    """The day so many days on, as text; the first or the last there is where that is beyond."""
    try:
        return (today + timedelta(days=days)).isoformat()
    except OverflowError:
        return "9999-12-31" if days > 0 else "0001-01-01"


def _stale(session: Session, sign: str, value: str) -> ColumnBase:
    """``stale>14d``: no real action for more than 14 days; without any, created longer ago."""
    limit = int(session.now.timestamp()) - _length(value, "stale") * 86400
    return COMPARISONS[_TURNED[sign]](Lead.touched_at, limit)


def _contacted(session: Session, sign: str, value: str) -> ColumnBase:
    """``contacted<14d``: a real action on it less than 14 days ago, whatever came of it;
    ``contacted>14d``: none within them, nor perhaps ever; ``never``."""
    touched = Action.select(Action.lead_id).where(Action.lead_id.is_null(False), SQL(CONTACT))
    if fold(value) in (*NONE, "never"):
        ever = fn.EXISTS(Action.select(SQL("1")).where(Action.lead_id == Lead.id, SQL(CONTACT)))
        never: ColumnBase = ~ever
        return never
    limit = int(session.now.timestamp()) - _length(value, "contacted") * 86400
    if sign in ("<", "<=", ":", "="):
        after = Action.at > limit if sign == "<" else Action.at >= limit
        return Lead.id.in_(touched.where(after))
    after = Action.at >= limit if sign == ">" else Action.at > limit
    earlier: ColumnBase = ~Lead.id.in_(touched.where(after))
    return earlier


def _priority(_session: Session, _sign: str, value: str) -> ColumnBase:
    wanted = fold(value) or "none"
    names = [name for name in PRIORITIES if name.startswith(wanted)]
    condition: ColumnBase = Lead.priority == read_priority(names[0] if names else value)
    return condition


def _in_days(column: Field, label: str, *, back: bool) -> Condition:
    """A day in a period (``created:2026-q3``, ``close<2027``), or so many days from today
    (``created<7d``, ``close<30d``); ``none`` where there is no day. ``back``: days ago."""

    def condition(session: Session, sign: str, value: str) -> ColumnBase:
        if fold(value) in NONE:
            return column.is_null()
        if value[-1:].casefold() in "dwmy" and _DAYS.fullmatch(value.casefold()):
            days, today = _length(value, label), session.today
            limit = _day(today, -days if back else days)
            if sign == ":":
                first, last = sorted((limit, today.isoformat()))
                return column.between(first, last)
            return COMPARISONS[_TURNED[sign] if back else sign](column, limit)
        first, last = _bounds(value, session.today)
        return _compared(sign, column >= first, column <= last)

    return condition


def _bounds(value: str, today: date) -> tuple[str, str]:
    """The first and the last day of a period."""
    if fold(value) == "tomorrow":
        return (_day(today, 1),) * 2
    bounds = (date.min, date.max)
    from tui_crm.core.dates import periods  # with dateutil: most words name no period

    period = periods.period(value, today, bounds)
    return period.first.isoformat(), period.last.isoformat()


def _compared(sign: str, from_first: ColumnBase, to_last: ColumnBase) -> ColumnBase:
    """How a value lies to a span: in it, before or after it."""
    if sign in (":", "="):
        return from_first & to_last
    if sign in ("<", ">="):
        return from_first if sign == ">=" else ~from_first
    return to_last if sign == "<=" else ~to_last


def _age(session: Session, sign: str, value: str) -> ColumnBase:
    """``age>30d``: created more than 30 days ago."""
    limit = _day(session.today, -_length(value, "age"))
    return COMPARISONS[_TURNED[sign]](Lead.created_on, limit)


NEXT = ("late", "today", "tomorrow", "week", "none")


def _next(session: Session, sign: str, value: str) -> ColumnBase:
    """When the next action is: ``next:late``, ``none``, ``week``, a period, or ``next<7d``."""
    wanted = fold(value)
    is_open = Lead.status == "open"
    if wanted in NONE:
        return Lead.next_at.is_null() & Lead.next_day.is_null() & is_open
    today = session.today
    if wanted in ("late", "overdue"):
        return is_open & _next_before(session, today.isoformat())
    if _DAYS.fullmatch(wanted) and wanted[-1] in "dwmy":
        first = last = _day(today, _length(wanted, "next"))
        if sign == ":":
            first = today.isoformat()
    elif wanted == "week":
        first, last = today.isoformat(), _day(today, 6)
    else:
        try:
            first, last = _bounds(value, today)
        except CrmError:
            raise CrmError(
                _("there is no such moment"),
                _("one of: {names}").format(names=f"{', '.join(NEXT)}, 2026-12, next-week, <7d"),
            ) from None
    before = _next_before(session, first)
    to_last = _next_before(session, _day(date.fromisoformat(last), 1))
    there = Lead.next_at.is_null(False) | Lead.next_day.is_null(False)
    return is_open & there & _compared(sign, ~before, to_last)


def _next_before(session: Session, day: str) -> ColumnBase:
    """Whether there is a next action before a day of the rep."""
    try:
        at = int(datetime.combine(date.fromisoformat(day), time(), session.zone).timestamp())
    except (OverflowError, ValueError):
        at = 2**62 if day > "2000" else -(2**62)
    return (fn.COALESCE(Lead.next_at, 2**62) < at) | (
        fn.COALESCE(Lead.next_day, "9999-12-31") < day
    )


# -- flags ----------------------------------------------------------------------------------------

IS = ("starred", "late", "mine", "silent", "stuck")


def _is(session: Session, sign: str, value: str) -> ColumnBase:
    wanted = fold(value)
    if wanted == "starred":
        return Lead.starred == 1
    if wanted in ("late", "overdue"):
        return _next(session, ":", "late")
    if wanted == "mine":
        return Lead.owner_id == session.user_id
    if wanted == "stuck":
        return _stuck(session)
    if wanted == "silent":
        return Lead.client_id.in_(_silent_clients(session))
    raise CrmError(_("there is no such mark"), _("one of: {names}").format(names=", ".join(IS)))


def _stuck(session: Session) -> ColumnBase:
    """Open leads that stand on their step for longer than its target."""
    days: dict[int, list[int]] = {}
    for step, target in session.store.select(
        Step.select(Step.id, Step.target_days).where(Step.target_days > 0)
    ):
        days.setdefault(target, []).append(step)
    late = EVERY_LEAD & (Lead.id < 0)
    came = fn.COALESCE(SQL(STEP_ON), Lead.created_on)
    for target, steps in days.items():
        late |= Lead.step_id.in_(steps) & (came < _day(session.today, -target))
    return (Lead.status == "open") & late


def _silent_clients(session: Session) -> SelectBase:
    """The clients on whose leads nobody did anything for as many days as are allowed."""
    limit = fn.COALESCE(Client.silent_days, Workspace.select(fn.MIN(Workspace.silent_days)))
    touched, now = Lead.alias("touched"), int(session.now.timestamp())
    return (
        Client.select(Client.id)
        .join(touched, on=(touched.client_id == Client.id))
        .where(limit > 0)
        .group_by(Client.id, Client.silent_days)
        .having(fn.MAX(touched.touched_at) <= now - limit * 86400)
    )


def _people(*kinds: str) -> SelectBase:
    """The leads with a person, or with one who has a phone, an e-mail …"""
    own = Contact.select(Contact.lead_id).where(Contact.lead_id.is_null(False))
    shared = LeadPerson.select(LeadPerson.lead_id)
    if not kinds:
        return own | shared
    points = ContactPoint.select(ContactPoint.contact_id).where(ContactPoint.kind.in_(kinds))
    return own.where(Contact.id.in_(points)) | shared.where(LeadPerson.contact_id.in_(points))


WITH: dict[str, Callable[[], Node]] = {
    "phone": lambda: Lead.id.in_(_people("phone")),
    "email": lambda: Lead.id.in_(_people("email")),
    "web": lambda: Lead.id.in_(_people("web")),
    "linkedin": lambda: Lead.id.in_(_people("linkedin")),
    "person": lambda: Lead.id.in_(_people()),
    "amount": lambda: Lead.amount.is_null(False),
    "close": lambda: Lead.expected_close.is_null(False),
    "next": lambda: Lead.next_at.is_null(False) | Lead.next_day.is_null(False),
    "client": lambda: Lead.client_id.is_null(False),
    "owner": lambda: Lead.owner_id.is_null(False),
    "tag": lambda: Lead.id.in_(LeadTag.select(LeadTag.lead_id)),
    "note": lambda: fn.EXISTS(
        Action.select(SQL("1")).where(Action.lead_id == Lead.id, Action.kind == "note")
    ),
    "file": lambda: Lead.id.in_(Attachment.select(Attachment.lead_id)),
}
"""What a lead can have, after ``with:``."""


def _with(_session: Session, _sign: str, value: str) -> ColumnBase:
    names = matching(((name, name) for name in WITH), "=", value.replace("-", "").rstrip("s"))
    if not names:
        raise CrmError(
            _("nothing of a lead is called {name}").format(name=clean(value, single_line=True)),
            _("one of: {names}").format(names=", ".join(close_first(value, WITH))),
        )
    has: Any = WITH[names[0]]()
    condition: ColumnBase = has
    return condition


# -- all ------------------------------------------------------------------------------------------


def _always(*values: str) -> Values:
    return lambda session: values


_PAST = ("this-month", "last-month", "this-quarter", "this-year")
TERMS: dict[str, Term] = {
    "step": Term(
        _names_row(Lead.step_id, Step, Step.name, none=False),
        "step:proposal",
        values=_names(Step, Step.name, retired=0),
    ),
    "pipeline": Term(
        _names_row(Lead.pipeline_id, Pipeline, Pipeline.name, none=False),
        "pipeline:sales",
        values=_names(Pipeline, Pipeline.name, retired=0),
    ),
    "owner": Term(_owner, "owner:me", values=_owners),
    "tag": Term(_tag, "tag:hot", values=_names(Tag, Tag.name, retired=0)),
    "category": Term(
        _category,
        "category:sector",
        values=_names(TagCategory, TagCategory.name, retired=0),
    ),
    "client": Term(_client, "client:acme", values=_names(Client, Client.name)),
    "status": Term(_status, "status:open", values=_always(*STATUS)),
    "source": Term(_source, "source:fair", values=_sources),
    "list": Term(
        _names_row(Lead.list_id, ProspectList, ProspectList.name),
        "list:fair",
        values=_names(ProspectList, ProspectList.name, archived=0),
    ),
    "reason": Term(
        _names_row(Lead.reason_id, Reason, Reason.label),
        "reason:price",
        values=_names(Reason, Reason.label, retired=0),
    ),
    "amount": Term(_amount, "amount>5000", True, _always("none")),
    "probability": Term(_probability, "probability>40", True, needs_step=True),
    "number": Term(_number, "number>1000", True),
    "stale": Term(_stale, "stale>14d", True),
    "idle": Term(_stale, "idle>14d", True),
    "age": Term(_age, "age>30d", True),
    "contacted": Term(_contacted, "contacted<14d", True, _always("never")),
    "created": Term(
        _in_days(Lead.created_on, "created", back=True),
        "created:this-month",
        True,
        _always(*_PAST),
    ),
    "closed": Term(
        _in_days(Lead.closed_on, "closed", back=True), "closed:2026-q3", True, _always(*_PAST)
    ),
    "close": Term(
        _in_days(Lead.expected_close, "close", back=False),
        "close<30d",
        True,
        _always("this-month", "next-month", "this-quarter", "none"),
    ),
    "next": Term(_next, "next:none", True, _always(*NEXT)),
    "priority": Term(_priority, "priority:high", values=_always("high", "low", "none")),
    "is": Term(_is, "is:starred", values=_always(*IS)),
    "with": Term(_with, "with:phone", values=_always(*WITH)),
}
