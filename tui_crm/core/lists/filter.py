"""The filter line over the rows of one prospect list: ``sector:laser -city:Bilbao tries>2``.

Every word narrows. A bare word must occur somewhere in the row's cells, names or note. A word
with a colon looks in one column of the list, named as the file named it (case, accents and
punctuation aside, or by an unmistakable beginning), or in what the program knows of every row:
``state:retry``, ``tries>2``, ``phone:600``, ``email:acme``, ``zone:Madrid``, ``rep:ana``,
``note:`` and the recognised fields. Quotes hold words together (``city:"San Sebastián"``,
``"postal code":48``), ``city:""`` are the rows with nothing there, and ``-`` negates a word.
"""

from __future__ import annotations

import functools
import operator
import re
from collections import Counter
from collections.abc import Callable, Sequence

from peewee import OP, SQL, ColumnBase, Expression, Field, ModelSelect, Node, NodeList, Value, fn

from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.lists import lists
from tui_crm.core.session import Session, find_member
from tui_crm.core.store.database import Store
from tui_crm.core.store.query import COMPARISONS
from tui_crm.core.store.tables import Prospect, ProspectKey
from tui_crm.core.text import _, clean, fold

_WORD = re.compile(r'-?(?:"[^"]*"|[^\s":<>=]+)(?::|>=|<=|>|<|=)(?:"[^"]*"?|\S*)|-?"[^"]*"?|\S+')
_SPLIT = re.compile(r'^("[^"]+"|[^\s":<>=]+)(:|>=|<=|>|<|=)(.*)$', re.S)
_ANYWHERE = (Prospect.cells, Prospect.name, Prospect.company, Prospect.city, Prospect.note)
# Columns of every row, whatever the file had, by their names as they are compared.
_OF_EVERY_ROW: dict[str, Field[str]] = {
    name.replace("_", ""): getattr(Prospect, name) for name in (*lists.VALUES, "zone", "note")
}
WORDS = ("state", "tries", "phone", "email", "rep")
SAMPLE = 3000  # rows that completion takes values from


def condition(store: Store, info: lists.ProspectListInfo, query: str) -> ColumnBase | None:
    """The Peewee condition that is true for the rows of the list ``info`` that a filter asks for;
    ``None`` for a filter that excludes nothing. Case does not count.

    A word still being typed (``sector:``) excludes nothing. Raises CrmError for a column that
    the list has not, or that could be several, and for a value that makes no sense."""
    conditions: list[ColumnBase] = []
    for word in _WORD.findall(query):
        negated = len(word) > 1 and word[0] == "-"
        meant = _word(store, info, word[negated:])
        if meant is not None:
            conditions.append(~meant if negated else meant)
    return functools.reduce(operator.and_, conditions) if conditions else None


def _word(store: Store, info: lists.ProspectListInfo, word: str) -> ColumnBase | None:
    split = _SPLIT.match(word)
    if split is None or _no_label(split.group(1), split.group(3)):
        text = word.strip('"')
        return _in_any(_ANYWHERE, text) if text else None
    label, sign, value = split.group(1).strip('"'), split.group(2), split.group(3)
    if not value:
        return None
    value = clean(value, single_line=True).strip('"')
    places = _named(info, label)
    own = _squeezed(label)
    if sign not in ":=" and own != "tries":
        raise CrmError(
            _("Only tries can be more or less."), _("Try tries>2, or {word}:…").format(word=label)
        )
    either: list[ColumnBase | None] = [_in_cell(store, n, value) for n in places]
    if own in _KNOWN:
        either.append(_KNOWN[own](store, sign, value, bool(places)))
    elif own in _OF_EVERY_ROW and (not places or own == "zone"):
        either.append(_in_any([_OF_EVERY_ROW[own]], value))
    if not either:
        either = [_in_cell(store, n, value) for n in _column(info, label)]
    # What is excluded or empty has to be so in every place.
    joint = operator.or_ if value else operator.and_
    conditions = [one for one in either if one is not None]
    return functools.reduce(joint, conditions) if conditions else None


def _no_label(label: str, value: str) -> bool:
    """An address or an hour has a colon as well."""
    return value.startswith("//") or label.isdigit()


# -- columns --------------------------------------------------------------------------------------


def _squeezed(name: str) -> str:
    """A column's name as it is compared: letters and digits alone."""
    return "".join(c for c in fold(name) if c.isalnum())


def _named(info: lists.ProspectListInfo, label: str) -> list[int]:
    """The places of the columns of exactly that name."""
    wanted = _squeezed(label)
    return [n for n, c in enumerate(info.columns) if wanted and _squeezed(c.name) == wanted]


def _column(info: lists.ProspectListInfo, label: str) -> list[int]:
    """The columns that a word names: exactly, else by an unmistakable beginning. Raises CrmError
    naming the ones there are."""
    if exact := _named(info, label):
        return exact
    wanted = _squeezed(label)
    begun = [
        n for n, c in enumerate(info.columns) if wanted and _squeezed(c.name).startswith(wanted)
    ]
    names = list(dict.fromkeys(info.columns[n].name for n in begun))
    if len(names) == 1:
        return begun
    label = clean(label, single_line=True)
    if names:
        raise CrmError(
            _("{name} could be {names}.").format(name=label, names=_some(names)),
            _("Write more of the column's name."),
        )
    known = [column.name for column in info.columns if column.name]
    raise CrmError(
        _("{list} has no column {name}.").format(list=info.name, name=label),
        _("It has: {names}.").format(names=_some([*known, *WORDS])),
    )


def column_place(info: lists.ProspectListInfo, name: str) -> int:
    """The place of one column of a list by its name, or an unmistakable beginning of it. Raises
    CrmError for one that is not there, or is there twice."""
    found = _column(info, name)
    if len(found) > 1:
        raise CrmError(
            _("{list} has several columns {name}.").format(
                list=info.name, name=info.columns[found[0]].name
            )
        )
    return found[0]


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:12]) + (" …" if len(names) > 12 else "")


def _in_cell(store: Store, n: int, value: str) -> ColumnBase:
    cell = fn.COALESCE(store.cell(Prospect.cells, n), "")
    if not value:
        return cell == ""
    if '"' in value or "\\" in value:
        return _contains(cell, value)
    # The whole text first: most rows fall out there, before anything is taken apart.
    return _contains(Prospect.cells, value) & _contains(cell, value)


# -- what is known of every row -------------------------------------------------------------------

Known = Callable[[Store, str, str, bool], ColumnBase | None]
"""``known(store, sign, value, is_column)``; where the list has a column of that name too, a value
that means nothing here is looked for in that column alone."""


def _state(_store: Store, _sign: str, value: str, is_column: bool) -> ColumnBase | None:
    states = [state for state in lists.STATES if value and state.startswith(fold(value))]
    if not states and fold(value).rstrip("s") in lists.STATES:
        states = [fold(value).rstrip("s")]
    if states:
        return Prospect.state.in_(states)
    if is_column:
        return None
    raise CrmError(
        _("There is no state {name}.").format(name=value or "–"),
        _("There are: {names}.").format(names=", ".join(lists.STATES)),
    )


def _tries(_store: Store, sign: str, value: str, is_column: bool) -> ColumnBase | None:
    if re.fullmatch(r"[0-9]{1,6}", value):
        return COMPARISONS[sign](Prospect.tries, int(value))
    if is_column:
        return None
    raise CrmError(_("Tries are a number."), _("Try tries>2 or tries:0."))


def _phone(_store: Store, _sign: str, value: str, _is_column: bool) -> ColumnBase:
    return _by_key("phone", value, "".join(c for c in value if c.isdigit()).lstrip("0"))


def _email(_store: Store, _sign: str, value: str, _is_column: bool) -> ColumnBase:
    return _by_key("email", value, value)


def _by_key(kind: str, value: str, match: str) -> ColumnBase:
    """A phone or e-mail that contains ``value`` as typed, or ``match`` as it is compared; an empty
    value is true for rows without any."""
    keys = ProspectKey.select(SQL("1")).where(
        ProspectKey.prospect_id == Prospect.id, ProspectKey.kind == kind
    )
    if not value:
        none: ColumnBase = ~fn.EXISTS(keys)
        return none
    contains: ColumnBase = _contains(ProspectKey.value, value)
    if match:
        contains |= _contains(ProspectKey.match, match)
    return fn.EXISTS(keys.where(contains))


def _rep(store: Store, _sign: str, value: str, is_column: bool) -> ColumnBase | None:
    if fold(value) in ("", "nobody", fold(_("nobody"))):
        return Prospect.for_id == 0
    try:
        return Prospect.for_id == find_member(store, value).id
    except NotFound:
        if is_column:
            return None
        raise


_KNOWN: dict[str, Known] = {
    "state": _state,
    "tries": _tries,
    "phone": _phone,
    "email": _email,
    "rep": _rep,
}


# -- patterns -------------------------------------------------------------------------------------


def _in_any(columns: Sequence[ColumnBase], value: str) -> ColumnBase:
    """A text that one of the columns contains; an empty one is true where all are empty."""
    if not value:
        return functools.reduce(operator.and_, [column == "" for column in columns])
    return functools.reduce(operator.or_, [_contains(column, value) for column in columns])


def _contains(column: ColumnBase, text: str) -> Expression:
    """The condition that a column contains a text. Beyond ASCII the engines fold case differently:
    there any character matches."""
    pattern = "%" + "".join(_escaped(character) for character in text) + "%"
    return Expression(
        column, OP.ILIKE, NodeList((Value(pattern, converter=False), SQL("ESCAPE '!'")))
    )


def _escaped(character: str) -> str:
    if not character.isascii():
        return "_"
    return f"!{character}" if character in "%_!" else character


# -- counting and completing ----------------------------------------------------------------------


def count(session: Session, list_id: int, query: str) -> int:
    """How many rows of a list a filter finds. Raises NotFound, and CrmError as
    :func:`condition`."""
    rows = rows_query(session.store, lists.get(session, list_id), query, fn.COUNT(SQL("*")))
    return int(session.store.select(rows)[0][0])


def rows_query(
    store: Store, info: lists.ProspectListInfo, query: str, *columns: Node
) -> ModelSelect[Prospect]:
    """These columns of the rows of a list that a filter finds. Raises as :func:`condition`."""
    rows = Prospect.select(*columns).where(Prospect.list_id == info.id)
    narrowed = condition(store, info, query)
    return rows if narrowed is None else rows.where(narrowed)


def complete(session: Session, list_id: int, text: str) -> list[str]:
    """What the last word of a filter could become: names of columns and of what is known of
    every row, or, behind a colon, the values there are; the whole last word each, at most nine.

    Values are those of the first :data:`SAMPLE` rows, the most frequent first."""
    words = _WORD.findall(text)
    if not words or text[-1].isspace():
        return []
    info = lists.get(session, list_id)
    sign = "-" if words[-1].startswith("-") else ""
    last = words[-1][len(sign) :]
    split = _SPLIT.match(last)
    if split is None:
        wanted = _squeezed(last)
        known = [c.name for c in info.columns if c.name]
        names = dict.fromkeys([*known, *WORDS, "zone", "note"])
        begun = [n for n in names if wanted and _squeezed(n).startswith(wanted)]
        return [f"{sign}{_quoted(n)}:" for n in begun if n not in ("tries",)][:9] + (
            [f"{sign}tries>"] if "tries" in begun else []
        )
    label, colon, value = split.group(1), split.group(2), split.group(3).strip('"')
    if colon != ":":
        return []
    found = [v for v in _values(session, info, label.strip('"')) if fold(v).startswith(fold(value))]
    return [f"{sign}{label}:{_quoted(v)}" for v in found if v != value][:9]


def completed(text: str, word: str) -> str:
    """A filter with its last word become ``word``; a value that is whole is followed by a blank."""
    words = list(_WORD.finditer(text))
    start = words[-1].start() if words else len(text)
    return text[:start] + word + ("" if word[-1] in ":>" else " ")


def _values(session: Session, info: lists.ProspectListInfo, label: str) -> list[str]:
    own, store = _squeezed(label), session.store
    if own == "state":
        return list(lists.STATES)
    if own == "rep":
        users = store.rows("SELECT name FROM users WHERE active = 1 ORDER BY id")
        return [*(name for (name,) in users), _("nobody")]
    if own in ("phone", "email", "note", "tries"):
        return []
    try:
        column: ColumnBase = (
            _OF_EVERY_ROW[own]
            if own in _OF_EVERY_ROW and not _named(info, label)
            else store.cell(Prospect.cells, column_place(info, label))
        )
    except CrmError:
        return []
    rows = store.select(
        Prospect.select(column)
        .where(Prospect.list_id == info.id)
        .order_by(Prospect.line)
        .limit(SAMPLE)
    )
    counted = Counter(clean(cell, single_line=True).strip() for (cell,) in rows if cell)
    return [value for value, _n in counted.most_common() if len(value) <= 60 and '"' not in value]


def _quoted(text: str) -> str:
    return f'"{text}"' if re.search(r"[\s:<>=]", text) or not text else text
