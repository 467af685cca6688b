"""The filter line over the rows of one prospect list: ``sector:laser -city:Bilbao tries>2``.

Every word narrows. A bare word must occur somewhere in the row's cells, names or note. A word
with a colon looks in one column of the list, named as the file named it (case, accents and
punctuation aside, or by an unmistakable beginning), or in what the program knows of every row:
``state:retry``, ``tries>2``, ``phone:600``, ``email:acme``, ``zone:Madrid``, ``rep:ana``,
``note:`` and the recognised fields. Quotes hold words together (``city:"San Sebastián"``,
``"postal code":48``), ``city:""`` are the rows with nothing there, and ``-`` turns a word round.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.lists import lists
from tui_crm.core.session import Session, find_member
from tui_crm.core.store.database import Store
from tui_crm.core.text import _, clean, fold

_WORD = re.compile(r'-?(?:"[^"]*"|[^\s":<>=]+)(?::|>=|<=|>|<|=)(?:"[^"]*"?|\S*)|-?"[^"]*"?|\S+')
_SPLIT = re.compile(r'^("[^"]+"|[^\s":<>=]+)(:|>=|<=|>|<|=)(.*)$', re.S)
_ANYWHERE = ("cells", "name", "company", "city", "note")
# Columns of every row, whatever the file had, as they are compared.
_OF_EVERY_ROW = {name.replace("_", ""): name for name in (*lists.VALUES, "zone", "note")}
WORDS = ("state", "tries", "phone", "email", "rep")
Condition = tuple[str, list[Any]]
LOOKED_AT = 3000


def narrowing(store: Store, info: lists.ProspectListInfo, query: str) -> Condition:
    """SQL that is true for the rows of the list ``info`` that a filter asks for, and its
    parameters; empty for an empty filter. Case does not count.

    A word still being typed (``sector:``) excludes nothing. Raises CrmError for a column that
    the list has not, or that could be several, and for a value that makes no sense."""
    parts: list[str] = []
    params: list[Any] = []
    for word in _WORD.findall(query):
        excludes = len(word) > 1 and word[0] == "-"
        sql, values = _word(store, info, word[excludes:])
        if sql:
            parts.append(f"NOT ({sql})" if excludes else f"({sql})")
            params += values
    return " AND ".join(parts), params


def _word(store: Store, info: lists.ProspectListInfo, word: str) -> Condition:
    split = _SPLIT.match(word)
    if split is None or _no_label(split.group(1), split.group(3)):
        text = word.strip('"')
        return _within(_ANYWHERE, text) if text else ("", [])
    label, sign, value = split.group(1).strip('"'), split.group(2), split.group(3)
    if not value:
        return "", []
    value = clean(value, single_line=True).strip('"')
    names = _named(info, label)
    own = _squeezed(label)
    if sign not in ":=" and own != "tries":
        raise CrmError(
            _("Only tries can be more or less."), _("Try tries>2, or {word}:…").format(word=label)
        )
    either = [_in_cell(store, n, value) for n in names]
    if own in _KNOWN:
        either.append(_KNOWN[own](store, sign, value, bool(names)))
    elif own in _OF_EVERY_ROW and (not names or own == "zone"):
        either.append(_within([_OF_EVERY_ROW[own]], value))
    if not either:
        either = [_in_cell(store, n, value) for n in _column(info, label)]
    either = [one for one in either if one[0]]
    # What is excluded or empty has to be so in every place.
    joint = " OR " if value else " AND "
    return joint.join(sql for sql, _some in either), [p for _sql, some in either for p in some]


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
    there = [column.name for column in info.columns if column.name]
    raise CrmError(
        _("{list} has no column {name}.").format(list=info.name, name=label),
        _("It has: {names}.").format(names=_some([*there, *WORDS])),
    )


def column(info: lists.ProspectListInfo, name: str) -> int:
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


def _in_cell(store: Store, n: int, value: str) -> Condition:
    cell = f"COALESCE({store.cell('cells', n)}, '')"
    if not value:
        return f"{cell} = ''", []
    like = _pattern(value)
    if '"' in value or "\\" in value:
        return f"lower({cell}) LIKE ? ESCAPE '!'", [like]
    # The whole text first: most rows fall out there, before anything is taken apart.
    return f"lower(cells) LIKE ? ESCAPE '!' AND lower({cell}) LIKE ? ESCAPE '!'", [like, like]


# -- what is known of every row -------------------------------------------------------------------


def _state(store: Store, sign: str, value: str, column_too: bool) -> Condition:
    states = [state for state in lists.STATES if value and state.startswith(fold(value))]
    if not states and fold(value).rstrip("s") in lists.STATES:
        states = [fold(value).rstrip("s")]
    if not states:
        if column_too:
            return "", []
        raise CrmError(
            _("There is no state {name}.").format(name=value or "–"),
            _("There are: {names}.").format(names=", ".join(lists.STATES)),
        )
    return f"state IN ({', '.join('?' * len(states))})", list(states)


def _tries(store: Store, sign: str, value: str, column_too: bool) -> Condition:
    if not re.fullmatch(r"[0-9]{1,6}", value):
        if column_too:
            return "", []
        raise CrmError(_("Tries are a number."), _("Try tries>2 or tries:0."))
    return f"tries {'=' if sign == ':' else sign} ?", [int(value)]


def _phone(store: Store, sign: str, value: str, column_too: bool) -> Condition:
    return _by_key("phone", value, "".join(c for c in value if c.isdigit()).lstrip("0"))


def _email(store: Store, sign: str, value: str, column_too: bool) -> Condition:
    return _by_key("email", value, value)


def _by_key(kind: str, value: str, match: str) -> Condition:
    start = (
        "EXISTS (SELECT 1 FROM prospect_keys WHERE prospect_keys.prospect_id = prospects.id"
        f" AND prospect_keys.kind = '{kind}'"
    )
    if not value:
        return f"NOT {start})", []
    sql, params = "lower(prospect_keys.value) LIKE ? ESCAPE '!'", [_pattern(value)]
    if match:
        sql += " OR prospect_keys.match LIKE ? ESCAPE '!'"
        params.append(_pattern(match))
    return f"{start} AND ({sql}))", params


def _rep(store: Store, sign: str, value: str, column_too: bool) -> Condition:
    if fold(value) in ("", "nobody", fold(_("nobody"))):
        return "for_id = 0", []
    try:
        return "for_id = ?", [find_member(store, value).id]
    except NotFound:
        if column_too:
            return "", []
        raise


_KNOWN: dict[str, Callable[[Store, str, str, bool], Condition]] = {
    "state": _state,
    "tries": _tries,
    "phone": _phone,
    "email": _email,
    "rep": _rep,
}


# -- patterns -------------------------------------------------------------------------------------


def _within(columns: Sequence[str], value: str) -> Condition:
    if not value:
        return " AND ".join(f"{c} = ''" for c in columns), []
    sql = " OR ".join(f"lower({c}) LIKE ? ESCAPE '!'" for c in columns)
    return sql, [_pattern(value)] * len(columns)


def _pattern(text: str) -> str:
    """A LIKE pattern for a text anywhere. Beyond ASCII the engines fold case differently: there
    any character matches."""
    return "%" + "".join(_like(character) for character in text) + "%"


def _like(character: str) -> str:
    if not character.isascii():
        return "_"
    return f"!{character}" if character in "%_!" else character.lower()


# -- for whoever types one ------------------------------------------------------------------------


def count(session: Session, list_id: int, query: str) -> int:
    """How many rows of a list a filter finds. Raises NotFound, and CrmError as
    :func:`narrowing`."""
    info = lists.get(session, list_id)
    sql, params = narrowing(session.store, info, query)
    more = f" AND {sql}" if sql else ""
    return int(
        session.store.value(
            f"SELECT COUNT(*) FROM prospects WHERE list_id = ?{more}", [list_id, *params]
        )
    )


def complete(session: Session, list_id: int, text: str) -> list[str]:
    """What the last word of a filter could become: names of columns and of what is known of
    every row, or, behind a colon, the values there are; the whole last word each, at most nine.

    Values are those of the first :data:`LOOKED_AT` rows, the most frequent first."""
    words = _WORD.findall(text)
    if not words or text[-1].isspace():
        return []
    info = lists.get(session, list_id)
    sign = "-" if words[-1].startswith("-") else ""
    last = words[-1][len(sign) :]
    split = _SPLIT.match(last)
    if split is None:
        wanted = _squeezed(last)
        there = [c.name for c in info.columns if c.name]
        names = dict.fromkeys([*there, *WORDS, "zone", "note"])
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
        return [
            *(r[0] for r in store.rows("SELECT name FROM users WHERE active = 1 ORDER BY id")),
            _("nobody"),
        ]
    if own in ("phone", "email", "note", "tries"):
        return []
    try:
        what = (
            _OF_EVERY_ROW[own]
            if own in _OF_EVERY_ROW and not _named(info, label)
            else (f"COALESCE({store.cell('cells', column(info, label))}, '')")
        )
    except CrmError:
        return []
    rows = store.rows(
        f"SELECT {what} FROM prospects WHERE list_id = ? ORDER BY line LIMIT {LOOKED_AT}",
        (info.id,),
    )
    counted = Counter(clean(row[0], single_line=True).strip() for row in rows if row[0])
    return [value for value, _n in counted.most_common() if len(value) <= 60 and '"' not in value]


def _quoted(text: str) -> str:
    return f'"{text}"' if re.search(r"[\s:<>=]", text) or not text else text
