"""Words of the filter line about what a workspace names itself: the fields of its leads, which are
the ``Label: value`` lines of their descriptions, and its tag categories. ``Sector:Food``,
``budget>5000``, ``"Postal code":48``, ``decides<2026-12``.

After ``:`` every word of the value must begin a word of the field, and a number must be that
number; ``=`` is the whole value; ``<`` and ``>`` compare numbers (``12.4k``, ``€5,000``,
``45 people``) or days. ``none`` and ``""`` are the leads without that field.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date

from peewee import ColumnBase

from tui_crm.core import money
from tui_crm.core.dates import periods
from tui_crm.core.errors import CrmError
from tui_crm.core.leads.filter_terms import (
    NONE,
    TERMS,
    close_first,
    matching,
    some,
    tagged,
    tags_of_category,
)
from tui_crm.core.session import Session
from tui_crm.core.setup.fields import squeezed
from tui_crm.core.store import fulltext
from tui_crm.core.store.database import Store
from tui_crm.core.store.query import COMPARISONS
from tui_crm.core.store.tables import Lead, Tag, TagCategory
from tui_crm.core.text import _, clean, fields, fold

SAMPLE = 3000  # leads, the newest, that labels and values are taken from
_NUMBER = re.compile(r"\D{0,4}?(\d[\d.,'’\s]*\d|\d)\s*([kKmM]?)\b")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def condition(session: Session, label: str, sign: str, value: str) -> ColumnBase:
    """The condition of a word whose label is a field or a tag category. Raises CrmError, with the
    labels that are possible, where there is neither."""
    tagged_so = _in_category(session, label, sign, value)
    field = _field(session, [label], sign, value)
    if field is None:
        # Perhaps it is written otherwise: postalcode, Postal-Code.
        spellings = [one for one in spelled(session) if squeezed(one) == squeezed(label)]
        field = _field(session, spellings, sign, value) if spellings else None
    if field is not None and tagged_so is not None:
        return field & tagged_so if fold(value) in NONE else field | tagged_so
    if (found := field if field is not None else tagged_so) is not None:
        return found
    raise CrmError(
        _("there is no such word or field"),
        _("there are: {names}").format(
            names=some(close_first(label, [*TERMS, *labels(session)]), 12)
        ),
    )


def _in_category(session: Session, label: str, sign: str, value: str) -> ColumnBase | None:
    """The leads with a tag of the category ``label`` that the value names; ``None`` where there
    is no such category."""
    rows = session.store.select(TagCategory.select(TagCategory.id, TagCategory.name))
    ids = [number for number, name in rows if squeezed(name) == squeezed(label)]
    if not ids or sign not in ":=":
        return None
    if fold(value) in NONE:
        return ~tags_of_category(ids)
    tags = Tag.select(Tag.id, Tag.name).where(Tag.category_id.in_(ids))
    return tagged(matching(session.store.select(tags), sign, value))


def _field(session: Session, spellings: list[str], sign: str, value: str) -> ColumnBase | None:
    """The leads whose field has the value; ``None`` where no lead has that field."""
    store = session.store
    wanted = _wanted(session, sign, value)
    begun = "" if sign != ":" or _number(session, value) is not None else value
    found: list[int] = []
    there = False
    for number, values in _described(session, spellings, begun if fold(value) not in NONE else ""):
        there = True
        if any(wanted(one) for one in values):
            found.append(number)
    if not there and not (begun and any(_described(session, spellings, ""))):
        return None
    matched = store.among(Lead.id, found)
    return ~matched if fold(value) in NONE else matched


def _described(
    session: Session, spellings: list[str], words: str
) -> Iterator[tuple[int, list[str]]]:
    """The leads that have a field, by any spelling of its label, with what stands in it; only
    those in whose text ``words`` occur."""
    wanted = squeezed(spellings[0])
    for spelling in spellings:
        narrowed = fulltext.condition(session.store, f"{spelling} {words}")
        query = Lead.select(Lead.id, Lead.description).where(Lead.description != "")
        if narrowed is not None:
            query = query.where(narrowed)
        for number, description in session.store.select(query):
            lines = [
                line
                for line in description.splitlines()
                if squeezed(line.partition(":")[0][:60]) == wanted
            ]
            here = list(fields("\n".join(lines)).values()) if lines else []
            if here:
                yield number, here


def _wanted(session: Session, sign: str, value: str) -> Callable[[str], bool]:
    """Whether what stands in a field is what a word asks for. Raises CrmError for a value that
    cannot be compared."""
    if fold(value) in NONE:
        return bool
    number = _number(session, value)
    if sign in ":=":
        whole, words = fold(value).strip(), fulltext.words_of(value)

        def same(text: str) -> bool:
            folded = fold(text).strip()
            if folded == whole or (number is not None and _number(session, text) == number):
                return True
            if sign == "=" or number is not None:
                return False
            if not words:
                return whole in folded
            there = fulltext.words_of(text)
            return all(any(one.startswith(word) for one in there) for word in words)

        return same
    compare = COMPARISONS[sign]
    if number is not None:

        def compared(text: str) -> bool:
            other = _number(session, text)
            return other is not None and bool(compare(other, number))

        return compared
    try:
        period = periods.period(value, session.today, (date.min, date.max))
    except CrmError:
        raise CrmError(
            _("it compares with a number or a day"),
            _("for instance {words}").format(words="budget>5000, decides<2026-12-01"),
        ) from None
    bound = period.first if sign in ("<", ">=") else period.last

    def dated(text: str) -> bool:
        day = _ISO_DAY.search(text)
        if day is None:
            return False
        try:
            return bool(compare(date.fromisoformat(day.group()), bound))
        except ValueError:
            return False

    return dated


def _number(session: Session, text: str) -> int | None:
    """The number that a value is or begins with (``€5,000``, ``12.4k``, ``45 people``), as minor
    units of the workspace's currency; ``None`` for a day, a period or words."""
    return _number_in(text, session.currency, session.house.language)


@functools.lru_cache(maxsize=8192)
def _number_in(text: str, currency: str, language: str) -> int | None:
    text = text.strip()
    if _ISO_DAY.match(text) or re.fullmatch(r"\d{4}-\w{1,3}", text):
        return None
    try:
        return money.parse(text, currency, language, allow_negative=True)
    except CrmError:
        found = _NUMBER.match(text)
        if found is None or text[:1] in "-–":
            return None
        try:
            return money.parse("".join(found.groups()), currency, language)
        except CrmError:
            return None


# -- which there are ------------------------------------------------------------------------------


def _sampled(session: Session) -> tuple[dict[str, str], ...]:
    """The fields of the newest leads; kept until something is written, for a filter line asks for
    them at each key."""
    return _sample(session.store, session.store.last_entry())


@functools.lru_cache(maxsize=1)
def _sample(store: Store, _newest_entry: int) -> tuple[dict[str, str], ...]:
    query = Lead.select(Lead.description).where(Lead.description.contains(":"))
    rows = store.select(query.order_by(Lead.id.desc()).limit(SAMPLE))
    return tuple(fields(description) for (description,) in rows)


def spelled(session: Session) -> list[str]:
    """Every spelling of a label among the newest leads, the most frequent first."""
    counted: Counter[str] = Counter()
    for one in _sampled(session):
        counted.update(one.keys())
    return [label for label, _n in counted.most_common()]


def labels(session: Session) -> list[str]:
    """The labels of the fields of the newest leads, the most frequent first; of several spellings
    of one the most frequent."""
    first: dict[str, str] = {}
    for label in spelled(session):
        first.setdefault(squeezed(label), label)
    return list(first.values())


def values(session: Session, label: str) -> list[str]:
    """What stands in a field of the newest leads, the most frequent first, then the tags of the
    category of that name."""
    wanted = squeezed(label)
    counted = Counter(
        clean(value, single_line=True)
        for one in _sampled(session)
        for name, value in one.items()
        if value and squeezed(name) == wanted and len(value) <= 60
    )
    tags = session.store.select(
        Tag.select(Tag.name, TagCategory.name)
        .join(TagCategory, on=(TagCategory.id == Tag.category_id))
        .where(Tag.retired == 0)
        .order_by(Tag.id)
    )
    named = [tag for tag, category in tags if squeezed(category) == wanted]
    return list(dict.fromkeys([*(value for value, _n in counted.most_common()), *named]))


def categories(session: Session) -> list[str]:
    """The names of the tag categories."""
    rows = session.store.select(
        TagCategory.select(TagCategory.name)
        .where(TagCategory.retired == 0)
        .order_by(TagCategory.position, TagCategory.id)
    )
    return [str(name) for (name,) in rows]
