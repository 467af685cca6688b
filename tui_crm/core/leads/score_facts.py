"""What is known of a lead at a moment: the facts that its chance to be won is made of.

Open leads are read as they stand. A closed lead is an example to learn from, and must show what an
open one shows: it is read as it stood at the end of one day of its open life, drawn evenly between
its creation and the day before it closed (by its number, so always the same one). Whatever came
later, the closing call and the amount of the contract among it, is not known then. One day for
each lead: every lead counts once, and a reason's numbers are numbers of leads. A lead that was
closed on the day that it was created is read before any action, without step and amount.

Source, step and amount are those of the history at that day. A tag counts when it was set by then
or together with the lead; one without an entry in the journal counts. A lead that was written down
after it had closed (an import of old ones) has no history: its step and its amount are left out.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from tui_crm.core import money
from tui_crm.core.dates.labels import instant
from tui_crm.core.leads import score
from tui_crm.core.leads.score import Example, Fact, Model, Scored
from tui_crm.core.session import Session
from tui_crm.core.store.database import Store
from tui_crm.core.store.kind_sql import NO_TOUCHES
from tui_crm.core.text import _, clean, fold

MOST_EXAMPLES = 5000
"""Leads to learn from: those that closed last."""
ANSWER_DAYS = 7
_GOLDEN = 0.6180339887498949  # its multiples spread evenly between 0 and 1
_STAYS = (4, 8, 15, 31, 91)  # days in the step at which a band begins
_SILENCES = (8, 31, 91)  # days since the last contact
_TOUCHES = (1, 3, 6, 11)
_AT_ONCE = 5000  # numbers in a statement

OPEN = " FROM leads l WHERE l.status = 'open'"
_ACTIONS_OF_LEAD = (
    "a.lead_id = l.id",
    "a.prospect_id = l.prospect_id AND COALESCE(a.lead_id, 0) = 0",
)


@dataclass(frozen=True)
class Moment:
    """When leads are looked at: at the end of the day ``today``, ``until`` in epoch seconds UTC,
    out of a table of leads (as they stand, or rebuilt)."""

    today: date
    until: int
    table: str = "leads"


class _Known(NamedTuple):
    """A lead at a moment: ``amount`` in minor units, ``stay`` in days on its step, ``last`` the
    moment of its last action, ``answers`` those of the last `ANSWER_DAYS`. ``dated``: whether step
    and amount are those of the moment."""

    source: str
    list_id: int | None
    tags: Sequence[int]
    amount: int | None
    step: int
    stay: int
    touches: int
    last: int | None
    answers: int
    dated: bool = True


class _Closed(NamedTuple):
    """A closed lead as it stands; ``stored_at`` is when it was written down."""

    id: int
    status: str
    created_on: str
    closed_on: str
    source: str
    list_id: int | None
    amount: int | None
    step_id: int
    stored_at: int | None


class _Open(NamedTuple):
    id: int
    created_on: str
    source: str
    list_id: int | None
    amount: int | None
    step_id: int


_LEARNT: WeakKeyDictionary[Store, tuple[tuple[date, tuple[int, int]], Model]] = WeakKeyDictionary()
"""What was learnt of each store, kept until another day, or another lead won or lost."""


def now(session: Session) -> Moment:
    """This moment."""
    return Moment(session.today, int(session.now.timestamp()) + 1)


QUICK = 1000
"""Closed leads up to which the page of a lead waits for what they teach: some 100 ms."""


def learn(session: Session, moment: Moment | None = None, *, at_once: bool = False) -> Model | None:
    """The model of the leads closed until a moment; None where the score is switched off, and below
    `score.LEAST` won or lost ones. Of the leads as they stand it is learnt once a day, and again
    when one is won or lost. ``at_once``: what was learnt before the latest closing will do, and
    where nothing is learnt yet and there are many leads to learn from there is no model."""
    moment = moment or now(session)
    store = session.store
    if at_once and (kept := _LEARNT.get(store)) and kept[0][0] == moment.today:
        return kept[1] if session.house.score else None
    counts = _counts(session, moment)
    if at_once and sum(counts) > QUICK:
        return None
    if not session.house.score or min(counts) < score.LEAST:
        return None
    key = (moment.today, counts)
    if moment.table == "leads" and (kept := _LEARNT.get(store)) and kept[0] == key:
        return kept[1]
    known = list(_closed(session, moment))
    bounds = _bounds(one.amount for _lead, _until, one in known if one.dated)
    origins = _origins(store)
    examples = [
        Example(lead.id, lead.status == "won", tuple(_facts(one, bounds, until, origins)))
        for lead, until, one in known
    ]
    if not score.enough(examples):
        return None
    model = score.fit(examples, bounds)
    model = replace(model, labels=_labels(session, model))
    if moment.table == "leads":
        _LEARNT[store] = key, model
    return model


def _counts(session: Session, moment: Moment) -> tuple[int, int]:
    """How many leads were won and how many lost until a moment."""
    found = dict(
        session.store.rows(
            f"SELECT status, COUNT(*) FROM {moment.table} WHERE status IN ('won', 'lost')"
            " AND closed_on <= ? GROUP BY status",
            (moment.today.isoformat(),),
        )
    )
    return int(found.get("won", 0)), int(found.get("lost", 0))


def silence(session: Session, moment: Moment | None = None) -> str:
    """Why no chance is told, as a sentence; "" where one is."""
    if not session.house.score:
        return _("The score is switched off: tui-crm workspace --score on.")
    if min(_counts(session, moment or now(session))) < score.LEAST:
        return _("A chance is told from {n} won and {n} lost leads on.").format(n=score.LEAST)
    return ""


def told(session: Session, numbers: Sequence[int]) -> dict[int, tuple[float, str]]:
    """The chances of those of these leads that are open, each with its first reason in words ("":
    none speaks), a sign before it; none where no chance is told."""
    at_once = len(numbers) == 1  # the page of a lead
    scored = scores_of(session, numbers, at_once=at_once)
    model = learn(session, at_once=at_once) if scored else None
    if model is None:
        return {}
    found = {}
    for number, one in scored.items():
        first = next(iter(model.reasons(one)), None)
        why = f"{'+' if first.raises else '-'} {first.text}" if first else ""
        found[number] = one.chance, why
    return found


def scores_of(
    session: Session, numbers: Sequence[int], *, at_once: bool = False
) -> dict[int, Scored]:
    """The chances of those of these leads that are open; none where no chance is told."""
    model = learn(session, at_once=at_once)
    if model is None or not numbers:
        return {}
    if len(numbers) > _AT_ONCE:
        return scores(session, model)
    among = ", ".join(str(int(number)) for number in numbers)
    return scores(session, model, source=f"{OPEN} AND l.id IN ({among})")


def scores(
    session: Session,
    model: Model,
    moment: Moment | None = None,
    source: str = OPEN,
    params: Sequence[object] = (),
) -> dict[int, Scored]:
    """The chances of open leads by number: of all, or of those of a FROM and WHERE that name them
    ``l``."""
    moment = moment or now(session)
    store, condition = session.store, source.split(" WHERE ", 1)[1]
    columns = ", ".join(f"l.{name}" for name in _Open._fields)
    since = moment.until - ANSWER_DAYS * 86400
    parts = " UNION ALL ".join(
        f"SELECT l.id AS lead, a.at AS at, CASE WHEN a.reached = 1 AND a.at > {since}"
        f" THEN 1 ELSE 0 END AS answered FROM {moment.table} l JOIN actions a ON {on}"
        f" WHERE {condition} AND a.kind NOT IN {NO_TOUCHES} AND a.at < {moment.until}"
        for on in _ACTIONS_OF_LEAD
    )
    actions = {
        lead: (int(touches), int(last), int(answers))
        for lead, touches, last, answers in store.each(
            f"SELECT lead, COUNT(*), MAX(at), SUM(answered) FROM ({parts}) touches GROUP BY lead",
            (*params, *params),
        )
    }
    came = dict(
        store.each(
            f"SELECT h.lead_id, MAX(h.on_day) FROM {moment.table} l JOIN history h"
            f" ON h.field = 'step' AND h.lead_id = l.id AND h.on_day <= ? WHERE {condition}"
            " GROUP BY h.lead_id",
            (moment.today.isoformat(), *params),
        )
    )
    tags: dict[int, list[int]] = defaultdict(list)
    for lead, tag in store.each(
        f"SELECT lt.lead_id, lt.tag_id FROM {moment.table} l JOIN lead_tags lt ON lt.lead_id = l.id"
        f" JOIN tags t ON t.id = lt.tag_id AND t.category_id IS NOT NULL WHERE {condition}",
        params,
    ):
        tags[lead].append(tag)
    found, origins = {}, _origins(store)
    for row in store.each(f"SELECT {columns} FROM {moment.table} l WHERE {condition}", params):
        lead = _Open._make(row)
        touches, last, answers = actions.get(lead.id, (0, None, 0))
        known = _Known(
            source=lead.source,
            list_id=lead.list_id,
            tags=tags.get(lead.id, ()),
            amount=lead.amount,
            step=lead.step_id,
            stay=_days(came.get(lead.id) or lead.created_on, moment.today.toordinal()),
            touches=touches,
            last=last,
            answers=answers,
        )
        found[lead.id] = model.score(tuple(_facts(known, model.bounds, moment.until, origins)))
    return found


# -- facts ----------------------------------------------------------------------------------------


def _facts(
    one: _Known, bounds: Sequence[int], until: int, origins: dict[str, Fact]
) -> Iterator[Fact]:
    """What is known of a lead, in bands; a source that is a tag or a list of that name is told
    once."""
    came = [Fact("tag", tag) for tag in one.tags]
    if one.list_id is not None:
        came.append(Fact("list", one.list_id))
    if one.source:
        came.append(origins.get(fold(one.source)) or Fact("source", one.source))
    yield from dict.fromkeys(came)
    if one.dated:
        yield Fact("amount", bisect_right(bounds, one.amount) if one.amount else -1)
        yield Fact("step", one.step)
        yield Fact("stay", bisect_right(_STAYS, one.stay))
    silent = -1 if one.last is None else (until - one.last) // 86400
    yield Fact("contact", bisect_right(_SILENCES, silent) if silent >= 0 else -1)
    yield Fact("answers", min(one.answers, 3))
    yield Fact("touches", bisect_right(_TOUCHES, one.touches))


def _origins(store: Store) -> dict[str, Fact]:
    """The tags with a category and the lists that the text of a source can name."""
    lists = {name: Fact("list", id) for id, name in store.rows("SELECT id, match FROM lists")}
    tags = store.rows("SELECT id, match FROM tags WHERE category_id IS NOT NULL")
    return {**lists, **{name: Fact("tag", id) for id, name in tags}}


def _bounds(amounts: Iterable[int | None]) -> tuple[int, ...]:
    """Where the bands of amounts begin: the quartiles of those there are, to two digits."""
    ordered = sorted(amount for amount in amounts if amount)
    if len(ordered) < 4:
        return ()
    quartiles = (ordered[len(ordered) * part // 4] for part in (1, 2, 3))
    return tuple(sorted({_rounded(one) for one in quartiles}))


def _rounded(amount: int) -> int:
    unit = 10 ** max(0, len(str(amount)) - 2)
    return (amount + unit // 2) // unit * unit


@lru_cache(maxsize=20_000)
def _number(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def _days(day: str, until: int) -> int:
    return max(0, until - _number(day))


@lru_cache(maxsize=20_000)
def _day_end(day: int, zone: ZoneInfo) -> int:
    """The instant at which a day ends, in epoch seconds."""
    return int(instant(date.fromordinal(day) + timedelta(days=1), time(), zone).timestamp())


# -- closed leads ---------------------------------------------------------------------------------


def _closed(session: Session, moment: Moment) -> Iterator[tuple[_Closed, int, _Known]]:
    """Closed leads, each with a moment of its open life and what was known then."""
    store = session.store
    stored = _stored_at("leads", "l.id")
    leads = store.read(
        _Closed,
        "SELECT l.id, l.status, l.created_on, l.closed_on, l.source, l.list_id, l.amount,"
        f" l.step_id, {stored} FROM {moment.table} l WHERE l.status IN ('won', 'lost')"
        f" AND l.closed_on <= ? ORDER BY l.closed_on DESC, l.id DESC LIMIT {MOST_EXAMPLES}",
        (moment.today.isoformat(),),
    )
    leads.sort(key=lambda lead: lead.id)
    days: dict[int, int] = {}
    for lead in leads:
        first, last = _number(lead.created_on), _number(lead.closed_on)
        days[lead.id] = first + int((lead.id * _GOLDEN) % 1 * (last - first)) - (last <= first)
    ends = {number: _day_end(day, session.zone) for number, day in days.items()}
    numbers = list(days)
    actions = _actions(session, moment, numbers)
    changes = _changes(session, numbers)
    tags = _tags(session, numbers)
    for lead in leads:
        until, day = ends[lead.id], date.fromordinal(days[lead.id]).isoformat()
        fields = changes.get(lead.id, {})
        steps, amounts = fields.get("step", []), fields.get("amount", [])
        at = [moment_ for moment_, _reached in actions.get(lead.id, []) if moment_ < until]
        answers = sum(
            reached
            for moment_, reached in actions.get(lead.id, [])
            if until - ANSWER_DAYS * 86400 < moment_ < until
        )
        amount = _value_at(amounts, day, lead.amount)
        written = lead.stored_at
        closing = _day_end(_number(lead.closed_on), session.zone)
        yield (
            lead,
            until,
            _Known(
                source=str(_value_at(fields.get("source", []), day, lead.source) or ""),
                list_id=lead.list_id,
                tags=[
                    tag
                    for tag, set_at in tags.get(lead.id, ())
                    if set_at is None or set_at < until or set_at == written
                ],
                amount=int(amount) if amount else None,
                step=int(_value_at(steps, day, lead.step_id) or lead.step_id),
                stay=_days(_came_on(steps, day) or lead.created_on, days[lead.id]),
                touches=len(at),
                last=max(at, default=None),
                answers=answers,
                dated=day >= lead.created_on and (written is None or written < closing),
            ),
        )


class _Change(NamedTuple):
    on_day: str
    was: str | None
    became: str | None


def _value_at(
    changes: Sequence[_Change], day: str, otherwise: str | int | None
) -> str | int | None:
    """The value of a field at the end of a day: that of the last change until then, else the one
    before the first later change, else what stands."""
    for change in reversed(changes):
        if change.on_day <= day:
            return change.became
    first = changes[0] if changes else None
    return otherwise if first is None else first.was


def _came_on(changes: Sequence[_Change], day: str) -> str | None:
    return next((one.on_day for one in reversed(changes) if one.on_day <= day), None)


def _parts(numbers: Sequence[int]) -> Iterator[str]:
    for start in range(0, len(numbers), _AT_ONCE):
        yield ", ".join(map(str, numbers[start : start + _AT_ONCE]))


def _actions(
    session: Session, moment: Moment, numbers: Sequence[int]
) -> dict[int, list[tuple[int, bool]]]:
    """Moment and answer of each action of these leads."""
    found: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for part in _parts(numbers):
        for on in _ACTIONS_OF_LEAD:
            for lead, at, reached in session.store.each(
                f"SELECT l.id, a.at, a.reached FROM {moment.table} l JOIN actions a ON {on}"
                f" WHERE l.id IN ({part}) AND a.kind NOT IN {NO_TOUCHES}"
            ):
                found[lead].append((int(at), bool(reached)))
    return found


def _changes(session: Session, numbers: Sequence[int]) -> dict[int, dict[str, list[_Change]]]:
    """The history of source, step and amount of these leads, in order."""
    found: dict[int, dict[str, list[_Change]]] = {}
    for part in _parts(numbers):
        for lead, field, *change in session.store.each(
            "SELECT lead_id, field, on_day, was, became FROM history"
            f" WHERE field IN ('source', 'step', 'amount') AND lead_id IN ({part}) ORDER BY id"
        ):
            found.setdefault(lead, {}).setdefault(field, []).append(_Change._make(change))
    return found


def _tags(session: Session, numbers: Sequence[int]) -> dict[int, list[tuple[int, int | None]]]:
    """The tags with a category of these leads, each with the moment it was set."""
    found: dict[int, list[tuple[int, int | None]]] = defaultdict(list)
    for part in _parts(numbers):
        for lead, tag, at in session.store.each(
            f"SELECT lt.lead_id, lt.tag_id, {_stored_at('lead_tags', 'lt.id')} FROM lead_tags lt"
            " JOIN tags t ON t.id = lt.tag_id AND t.category_id IS NOT NULL"
            f" WHERE lt.lead_id IN ({part})"
        ):
            found[lead].append((tag, at))
    return found


def _stored_at(table: str, number: str) -> str:
    """SQL for the moment at which a row came into the store, by the journal; NULL without one."""
    inserts = f"c.name = '{table}' AND c.kind = 'insert'"
    return (
        f"(SELECT MIN(e.at) FROM changes c JOIN entries e ON e.id = c.entry_id WHERE {inserts}"
        f" AND c.row = (SELECT MAX(c.row) FROM changes c WHERE {inserts} AND c.row <= {number})"
        f" AND c.last >= {number})"
    )


# -- words ----------------------------------------------------------------------------------------


def _labels(session: Session, model: Model) -> dict[Fact, str]:
    """The facts of a model in words."""
    store = session.store
    lists: dict[int, str] = dict(store.rows("SELECT id, name FROM lists"))
    steps: dict[int, str] = dict(store.rows("SELECT id, name FROM steps"))
    tags: dict[int, str] = {
        number: f"{category} {name}"
        for number, name, category in store.rows(
            "SELECT t.id, t.name, c.name FROM tags t JOIN tag_categories c ON c.id = t.category_id"
        )
    }
    own = {"source": _("source {name}"), "list": _("list {name}"), "step": _("on {name}")}
    banded = {
        "amount": _amounts(model.bounds, session.currency),
        "stay": _stays(),
        "contact": _contacts(),
        "answers": (
            _("nobody answered in 7 days"),
            _("answered once in 7 days"),
            _("answered twice in 7 days"),
            _("answered 3 times or more in 7 days"),
        ),
        "touches": (
            _("no action yet"),
            _("1 or 2 actions"),
            _("3 to 5 actions"),
            _("6 to 10 actions"),
            _("more than 10 actions"),
        ),
    }
    names: dict[str, dict[int, str]] = {"list": lists, "step": steps, "tag": tags}
    found = {}
    for fact in model.counts:
        kind, value = fact
        if isinstance(value, str) or kind in names:
            name = value if isinstance(value, str) else names[kind].get(value, "")
            found[fact] = own.get(kind, "{name}").format(name=clean(name, single_line=True))
        else:
            found[fact] = banded[kind][value]
    return found


def _amounts(bounds: Sequence[int], currency: str) -> Sequence[str]:
    """The bands of the amount; the one without comes last, where -1 finds it."""
    texts = [money.full(one, currency) for one in bounds]
    if not texts:
        return (_("with an amount"), _("no amount"))
    between = [
        _("amount {low} to {high}").format(low=low, high=high) for low, high in pairwise(texts)
    ]
    below = _("amount below {high}").format(high=texts[0])
    return (below, *between, _("amount from {low}").format(low=texts[-1]), _("no amount"))


def _stays() -> Sequence[str]:
    first = _("up to {n} days in its step").format(n=_STAYS[0] - 1)
    between = [
        _("{first} to {last} days in its step").format(first=low, last=high - 1)
        for low, high in pairwise(_STAYS)
    ]
    return (first, *between, _("over {n} days in its step").format(n=_STAYS[-1] - 1))


def _contacts() -> Sequence[str]:
    """How long ago the last contact was; never comes last, where -1 finds it."""
    first = _("last contact in the last {n} days").format(n=_SILENCES[0] - 1)
    between = [
        _("last contact {first} to {last} days ago").format(first=low, last=high - 1)
        for low, high in pairwise(_SILENCES)
    ]
    last = _("last contact over {n} days ago").format(n=_SILENCES[-1] - 1)
    return (first, *between, last, _("never contacted"))
