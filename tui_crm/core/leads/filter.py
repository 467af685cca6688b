"""The filter line over leads: ``status:open (tag:hot or amount>5000) -owner:me stale>14d``.

How a line is written is in :mod:`.filter_syntax`, what its words mean in :mod:`.filter_terms` and
:mod:`.filter_fields`. A word without a label is searched for in titles, fields, people and notes.
``sort:amount`` and ``sort:-amount`` order, ``group:step`` makes sections, ``columns:next,amount``
chooses what a list shows: they exclude nothing.
"""

from __future__ import annotations

import operator
import re
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from peewee import SQL, Case, ColumnBase, ModelSelect, Node, fn

from tui_crm.core.errors import CrmError
from tui_crm.core.leads import filter_syntax as syntax, score_facts
from tui_crm.core.leads.filter_syntax import All, Not, Parsed, Tree, Word
from tui_crm.core.leads.filter_terms import (
    EVERY_LEAD,
    TERMS,
    close_first,
    false_where_unknown,
    some,
)
from tui_crm.core.leads.views import LAST_CONTACT
from tui_crm.core.session import Session
from tui_crm.core.setup.fields import FieldRow
from tui_crm.core.store import fulltext
from tui_crm.core.store.tables import Lead, Step
from tui_crm.core.text import _, clean, fold

SORTS: dict[str, ColumnBase | None] = {
    "next": None,  # several columns and the zone of the rep: `_next_order`
    "amount": fn.COALESCE(Lead.amount, -1),
    "title": fn.lower(Lead.title),
    "number": Lead.id,
    "created": Lead.created_on,
    "age": Lead.created_on,
    "closed": fn.COALESCE(Lead.closed_on, ""),
    "close": fn.COALESCE(Lead.expected_close, "9999"),
    "idle": Lead.touched_at,
    "priority": Case(Lead.priority, [("high", 0), ("low", 2)], 1),
    "contacted": fn.COALESCE(SQL(LAST_CONTACT), 0),
    "step": Step.position,
    "probability": fn.COALESCE(Lead.probability, Step.probability),
    "score": Lead.id,  # the chance is no column: `_in_score_order`
    "owner": fn.COALESCE(Lead.owner_id, 0),
    "status": Lead.status,
}
"""What each sort key orders by; the number of the lead comes last, so that the order is total."""
DESCENDING = (
    "amount",
    "number",
    "created",
    "closed",
    "probability",
    "score",
)  # largest first by default
GROUPS = ("step", "owner", "tag", "client")
"""What the leads of a filter can be grouped by."""
COLUMNS = (
    "amount",
    "percent",
    "close",
    "next",
    "step",
    "owner",
    "contacted",
    "age",
    "idle",
    "client",
    "tags",
    "created",
    "source",
    "score",
)
"""The columns that a list of leads can have beside the title."""


@dataclass(frozen=True)
class Filter:
    """A parsed filter line: ``parsed`` as it was read, ``parts`` what must be true together, each
    with its condition. ``problems`` are sentences about words that make no sense, which exclude
    nothing; each begins with the word. ``group`` is empty or of `GROUPS`, ``columns`` empty or of
    `COLUMNS`."""

    text: str
    parsed: Parsed
    parts: tuple[tuple[Tree, ColumnBase], ...] = field(compare=False)
    sort: str
    descending: bool
    problems: tuple[str, ...]
    group: str = ""
    columns: tuple[str, ...] = ()
    field: FieldRow | None = None  # of the workspace, by which it is sorted

    def condition(self, but: int | None = None) -> ColumnBase:
        """The condition of all parts together; ``but`` leaves one out."""
        conditions = [condition for n, (_part, condition) in enumerate(self.parts) if n != but]
        return _joined(operator.and_, conditions) if conditions else EVERY_LEAD

    @property
    def needs_step(self) -> bool:
        """Whether a query of it has to join the steps."""
        terms = (TERMS.get(w.label.casefold()) for w in syntax.words_in(self.parsed.tree))
        return self.sort in ("step", "probability") or any(t and t.needs_step for t in terms)


@dataclass(frozen=True)
class Listing:
    """The numbers of the leads that a filter finds, in order, with their count and sum.

    ``count`` and ``amount`` are of all that were found, also where ``numbers`` are only the
    first of them (:func:`first`)."""

    filter: Filter
    numbers: array[int]
    amount: int
    count: int

    def __len__(self) -> int:
        return self.count


def parse(session: Session, text: str) -> Filter:
    """Parse a filter line. Never raises: a word that makes no sense is a problem, and excludes
    nothing."""
    return resolve(session, syntax.read(text), text)


def resolve(session: Session, parsed: Parsed, text: str = "") -> Filter:
    """The filter of a line that was read. Never raises, as :func:`parse`."""
    reader = _Conditions(session)
    labelled: list[tuple[Tree, ColumnBase]] = []
    searched: list[tuple[Tree, ColumnBase]] = []  # last: the store narrows by the others first
    for part in syntax.parts_of(parsed.tree):
        condition = reader.condition(part)
        if condition is not None:
            plain = isinstance(part, Word) and not part.label
            (searched if plain else labelled).append((part, condition))
    for token in parsed.unused:
        reader.problems.append(_unused(token))
    sort, descending, group = "next", False, ""
    by: FieldRow | None = None
    columns: tuple[str, ...] = ()
    for word in parsed.settings:
        name, values = word.label.casefold(), fold(word.value)
        if not values:
            continue  # still being typed
        if name == "columns":
            columns, wrong = _columns(values)
            if wrong:
                reader.problem(word, _("there is no such column"), COLUMNS, wrong)
        elif name == "group":
            group = next((g for g in GROUPS if g == values), "")
            if not group and values != "none":
                reader.problem(word, _("leads cannot be grouped so"), GROUPS, values)
        elif (key := values.lstrip("-")) == "score" and (why := score_facts.silence(session)):
            reader.problem(word, why)
        elif key in SORTS:
            sort, descending = key, values.startswith("-") != (key in DESCENDING)
        else:
            from tui_crm.core.setup import fields

            own = {fields.squeezed(one.name): one for one in fields.rows(session.store, "lead")}
            by = own.get(fields.squeezed(key))
            if by is None:
                possible = [*sorted(SORTS), *own]
                reader.problem(word, _("there is no such order"), possible, key)
            else:
                sort, descending = fields.squeezed(by.name), values.startswith("-")
    parts, problems = (*labelled, *searched), tuple(dict.fromkeys(reader.problems))
    by = by if by is not None and sort not in SORTS else None
    return Filter(text, parsed, parts, sort, descending, problems, group, columns, field=by)


def _columns(values: str) -> tuple[tuple[str, ...], str]:
    """The columns that ``next,amount`` names, and the first that is none; a last one may still
    be being typed."""
    names = [name for name in values.split(",") if name]
    known = tuple(dict.fromkeys(name for name in names if name in COLUMNS))
    return known, next((name for name in names if name not in COLUMNS), "")


def _unused(token: str) -> str:
    if token == ")":
        return _("): no bracket was opened before it.")
    if token == "(":
        return _("(: there are too many brackets in one another, {n} are possible.").format(
            n=syntax.MOST_DEEP
        )
    return _("{word}: a filter has at most {n} words.").format(
        word=clean(token, single_line=True)[:80], n=syntax.MOST_WORDS
    )


class _Conditions:
    """Makes conditions of the parts of a line and collects what is wrong with its words."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.problems: list[str] = []

    def problem(self, word: Word, message: str, known: Iterable[str] = (), value: str = "") -> None:
        """Report a word, with what is possible in its place."""
        hint = some(close_first(value, known), 15) if known else ""
        if hint:
            hint = _("one of: {names}").format(names=hint)
        shown = clean(str(word), single_line=True)[:80]
        self.problems.append("; ".join((f"{shown}: {message}", *([hint] if hint else []))))

    def condition(self, tree: Tree) -> ColumnBase | None:
        """The condition of a part; ``None`` for one that excludes nothing."""
        if isinstance(tree, Word):
            return self._word(tree)
        if isinstance(tree, Not):
            inner = self.condition(tree.part)
            return None if inner is None else false_where_unknown(inner)
        # A branch that means nothing yet says nothing: the others go on narrowing.
        known = [c for part in tree.parts if (c := self.condition(part)) is not None]
        if not known:
            return None
        return _joined(operator.and_ if isinstance(tree, All) else operator.or_, known)

    def _word(self, word: Word) -> ColumnBase | None:
        session, label, value = self._session, word.label.casefold(), word.value
        if not label:
            return self._searched(value)
        term = TERMS.get(label)
        if not value and not word.quoted:
            # Still being typed, or the end of a title: "Acme GmbH: relaunch".
            return None if term or word.sign != ":" else self._searched(word.label)
        value = value.strip()
        try:
            if term is None:
                from tui_crm.core.leads import filter_fields

                return filter_fields.condition(session, word.label, word.sign, value)
            if word.sign not in ":=" and not term.compares:
                raise CrmError(
                    _("it cannot be more or less"),
                    _("for instance {word}").format(word=term.example),
                )
            return term.condition(session, word.sign, value)
        except CrmError as error:
            message, hint = error.message.rstrip("."), error.hint.rstrip(".")
            shown = clean(str(word), single_line=True)[:80]
            self.problems.append("; ".join(part for part in (f"{shown}: {message}", hint) if part))
            return None

    def _searched(self, text: str) -> ColumnBase | None:
        found = fulltext.condition(self._session.store, text)
        if re.fullmatch(r"#?[0-9]{1,12}", text):
            number: ColumnBase = Lead.id == int(text.lstrip("#"))
            return number if found is None else number | found
        return found


def _joined(
    join: Callable[[ColumnBase, ColumnBase], ColumnBase], conditions: Sequence[ColumnBase]
) -> ColumnBase:
    """All or any of the conditions, in brackets no deeper than they must be: SQLite reads no more
    than a hundred levels."""
    if len(conditions) == 1:
        return conditions[0]
    half = len(conditions) // 2
    return join(_joined(join, conditions[:half]), _joined(join, conditions[half:]))


def listing(session: Session, text: str) -> Listing:
    """The leads that a filter line finds."""
    parsed = parse(session, text)
    if parsed.sort == "next":
        rows = session.store.select(
            filter_query(parsed, Lead.id, Lead.amount, Lead.status, Lead.next_day, Lead.next_at)
        )
        next_actions = ((number, *columns) for number, _amount, *columns in rows)
        numbers = _in_next_order(session, next_actions, descending=parsed.descending)
    elif parsed.field is not None:
        rows = session.store.select(filter_query(parsed, Lead.id, Lead.amount, Lead.description))
        numbers = _in_field_order(session, parsed, rows)
    elif parsed.sort == "score":
        rows = session.store.select(filter_query(parsed, Lead.id, Lead.amount))
        numbers = _in_score_order(session, parsed, [row[0] for row in rows])
    else:
        query = filter_query(parsed, Lead.id, Lead.amount).order_by(*_order(session, parsed))
        rows = session.store.select(query)
        numbers = array("q", [row[0] for row in rows])
    return Listing(parsed, numbers, sum(int(row[1] or 0) for row in rows), len(numbers))


def first(session: Session, text: str, most: int) -> Listing:
    """The first ``most`` leads that a filter line finds, and how many there are in all: enough
    while a line is typed, in a part of the time of :func:`listing`."""
    parsed = parse(session, text)
    if parsed.field is not None or parsed.sort == "score":
        found = listing(session, text)
        return replace(found, numbers=found.numbers[:most])
    count, amount = session.store.select(
        filter_query(parsed, fn.COUNT(SQL("*")), fn.SUM(Lead.amount))
    )[0]
    query = filter_query(parsed, Lead.id).order_by(*_order(session, parsed)).limit(most)
    numbers = array("q", [row[0] for row in session.store.select(query)])
    return Listing(parsed, numbers, int(amount or 0), int(count))


def _in_field_order(
    session: Session, parsed: Filter, rows: Iterable[tuple[int, int | None, str]]
) -> array[int]:
    """Rows of number, amount and description in the order of a field; those without a value
    last, either way round."""
    from tui_crm.core.setup import fields

    assert parsed.field is not None
    field = parsed.field
    keyed = [(fields.sort_key(session, field, text), number) for number, _amount, text in rows]
    there = sorted((one for one in keyed if not one[0][0]), key=lambda one: one[1])
    there.sort(key=lambda one: one[0], reverse=parsed.descending)
    without = sorted(number for key, number in keyed if key[0])
    return array("q", [*(number for _key, number in there), *without])


def _in_score_order(session: Session, parsed: Filter, numbers: Sequence[int]) -> array[int]:
    """Leads in the order of their chance to be won; closed ones have none and come last."""
    scores = score_facts.scores_of(session, numbers)
    sign = -1 if parsed.descending else 1
    there = sorted(
        (number for number in numbers if number in scores),
        key=lambda number: (sign * scores[number].chance, number),
    )
    return array("q", [*there, *sorted(number for number in numbers if number not in scores)])


def filter_query(parsed: Filter, *columns: Node) -> ModelSelect[Lead]:
    """These columns of the leads that a filter finds. Their steps are joined only where something
    names them: SQLite would begin at them, and not run along an index of the leads."""
    query = Lead.select(*columns).where(parsed.condition())
    return query.join(Step, on=(Step.id == Lead.step_id)) if parsed.needs_step else query


def _order(session: Session, parsed: Filter) -> list[Node]:
    key = SORTS[parsed.sort]
    parts = _next_order(session) if key is None else [key]
    return [*(part.desc() if parsed.descending else part.asc() for part in parts), Lead.id.asc()]


def _next_order(session: Session) -> list[ColumnBase]:
    """Open leads before closed ones, those without a next action first, then by its moment; one
    with a day alone counts as the last second of that day."""
    no_next = Lead.next_at.is_null() & Lead.next_day.is_null()
    return [
        Case(None, [(Lead.status == "open", 0)], 1),
        Case(None, [(no_next, 0)], 1),
        Case(
            None,
            [(Lead.next_at.is_null(False), Lead.next_at), (Lead.next_day.is_null(), 0)],
            _end_of_next_day(session),
        ),
    ]


def _end_of_next_day(session: Session) -> ColumnBase:
    """The last second of ``leads.next_day`` in the rep's zone (epoch seconds UTC), worked out in
    the same way on both engines: days of the proleptic Gregorian calendar from a year that starts
    in March (Howard Hinnant, "chrono-compatible low-level date algorithms")."""

    def part(start: int, length: int) -> ColumnBase:
        return fn.substr(Lead.next_day, start, length).cast("INTEGER")

    year, month, day = part(1, 4), part(6, 2), part(9, 2)
    y = year - Case(None, [(month <= 2, 1)], 0)
    m = month + Case(None, [(month <= 2, 9)], -3)
    days = y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day - 719469
    return days * 86400 + 86399 - _utc_offset(session)


def _utc_offset(session: Session) -> int:
    """Seconds by which the rep's clock is ahead of UTC now."""
    return int((session.now.utcoffset() or timedelta()).total_seconds())


def _in_next_order(
    session: Session,
    rows: Iterable[tuple[int, str, str | None, int | None]],
    *,
    descending: bool,
) -> array[int]:
    """Rows of number, status, next day and next moment in the order of :func:`_next_order`.
    Most leads of a store are closed or have no date: two hundred thousand are in order here in
    half the time that SQLite takes to sort them."""
    offset = _utc_offset(session)
    ends: dict[str, int] = {}
    undated: tuple[list[int], list[int]] = ([], [])
    dated: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    for number, status, day, at in rows:
        closed = status != "open"
        if at is None and day is None:
            undated[closed].append(number)
            continue
        if at is None:
            assert day is not None
            at = ends.get(day)
            if at is None:
                since = date.fromisoformat(day) - date(1970, 1, 1)
                at = ends[day] = since.days * 86400 + 86399 - offset
        dated[closed].append((-at if descending else at, number))
    numbers = array("q")
    for closed in (True, False) if descending else (False, True):
        parts = [sorted(undated[closed]), [number for _at, number in sorted(dated[closed])]]
        for part in reversed(parts) if descending else parts:
            numbers.extend(part)
    return numbers


SCOPE = ("status", "owner")
"""Labels of the words that say whose leads, and whether open or closed, a line looks at."""


def scope(parsed: Filter) -> str:
    """The parts of a line that only say among which leads it looks (``status:open owner:me``),
    as they are written."""
    return str(All(tuple(part for part, _one in parsed.parts if _is_scope(part))))


def without_scope(text: str) -> str:
    """The line looking at all leads: without :func:`scope`."""
    parsed = syntax.read(text)
    parts = tuple(part for part in syntax.parts_of(parsed.tree) if not _is_scope(part))
    return str(Parsed(syntax.all_of(parts), parsed.settings))


def _is_scope(part: Tree) -> bool:
    return isinstance(part, Word) and part.label.casefold() in SCOPE


def culprit(session: Session, parsed: Filter) -> tuple[str, int] | None:
    """For a filter that finds nothing: the part without which most would be found, as it is
    written, and how many; ``None`` when no single part is to blame."""
    best: tuple[str, int] | None = None
    for n, (part, _one) in enumerate(parsed.parts):
        query = Lead.select(fn.COUNT(SQL("*"))).join(Step, on=(Step.id == Lead.step_id))
        count = session.store.select(query.where(parsed.condition(but=n)))[0][0]
        if count and (best is None or count > best[1]):
            best = (_in_line(part), int(count))
    return best


def _in_line(part: Tree) -> str:
    """A part as it stands in a line."""
    return str(All((part,)))


def without(text: str, word: str) -> str:
    """The filter line without one part, as :func:`culprit` names it."""
    parsed = syntax.read(text)
    dropped = next((p for p in syntax.parts_of(parsed.tree) if _in_line(p) == word), None)
    tree = parsed.tree if dropped is None else syntax.without(parsed.tree, dropped)
    return str(Parsed(tree, parsed.settings))
