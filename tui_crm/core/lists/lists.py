"""Prospect lists: making them, filling them, their rules of calling, and how far they are."""

from __future__ import annotations

import itertools
import json
import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, NamedTuple

from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.lists.zones import zone_of
from tui_crm.core.privacy import do_not_call
from tui_crm.core.session import Session
from tui_crm.core.store.database import Store
from tui_crm.core.store.derived import PROSPECT_WORDS
from tui_crm.core.store.fulltext import phone_word
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.query import Query, all_rows
from tui_crm.core.store.tables import Prospect, ProspectKey, ProspectList
from tui_crm.core.text import _, clean, fold, ngettext

VALUES = ("name", "first_name", "last_name", "company", "role", "city", "country")
STATES = ("new", "callback", "retry", "done", "lead", "blocked")
CHUNK = 5000  # rows written at once
_ROW = (
    "list_id",
    "line",
    "state",
    "due_exact",
    "due_text",
    "tries",
    *VALUES,
    "zone",
    "cells",
    "original",
    "note",
    "problem",
)
_NONE = ("",) * len(VALUES)
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_KEY = ("prospect_id", "kind", "value", "match", "bad", "position")
_MATCH = _KEY.index("match")


class NewRow(NamedTuple):
    """A row to add, its text clean already.

    ``line`` is its line in the file; ``cells`` are in the order of the list's columns; ``values``
    holds what was recognised (:data:`VALUES` and ``zone``); ``keys`` are the phones and e-mails
    as ``(kind, as typed, E.164 or lower-case address or "")``, best first; ``problem`` one
    sentence or empty; ``state`` is ``new`` or ``blocked``.
    """

    line: int
    cells: Sequence[str]
    values: Mapping[str, str] = MappingProxyType({})
    keys: Sequence[tuple[str, str, str]] = ()
    problem: str = ""
    state: str = "new"


@dataclass(frozen=True)
class ListRow:
    """A prospect list and how far it is. ``rows`` is the sum of ``new, callbacks, retries, done,
    leads`` and ``blocked``; ``called`` counts rows with a call, ``reached`` rows where somebody
    was spoken to."""

    id: int
    name: str
    source: str
    archived: bool
    rows: int = 0
    new: int = 0
    callbacks: int = 0
    retries: int = 0
    done: int = 0
    leads: int = 0
    blocked: int = 0
    called: int = 0
    reached: int = 0

    @property
    def worked(self) -> int:
        """Rows that need no more calls."""
        return self.done + self.leads + self.blocked


@dataclass(frozen=True)
class ListProgress:
    """How far a list is called: ``worked`` of ``rows`` need no more calls."""

    name: str
    rows: int
    worked: int


@dataclass(frozen=True)
class Column:
    """A column as the file named it, and the field it was recognised as, if any."""

    name: str
    field: str | None = None


@dataclass(frozen=True)
class ProspectListInfo:
    """A list as it was set up: columns, script, rules (:func:`.list_rules.set_rules` of calling;
    empty: the workspace's). ``script_no`` counts the wordings of the script."""

    id: int
    name: str
    source: str
    columns: tuple[Column, ...]
    script: str
    new_first: bool
    call_from: str
    call_until: str
    call_days: str
    most_tries: int
    zone: str
    archived: bool
    order_by: str
    most_per_number: int
    most_per_day: int
    avoid_hour: bool
    other_half: bool
    script_no: int
    direction: str


# -- operations -----------------------------------------------------------------------------------


@operation("lists.create")
def create(
    w: Write, name: str, columns: Sequence[Mapping[str, str | None]] = (), source: str = ""
) -> int:
    """Make an empty list with the columns ``{"name": …, "field": … or None}`` of its file; its
    row number. Raises CrmError for a name that is taken (case and accents aside)."""
    name = _name(w, name)
    w.describe(_("list {name}").format(name=name))
    number = w.insert(
        ProspectList,
        name=name,
        match=fold(name),
        source=source,
        created_at=w.at,
        owner_id=w.user_id,
        columns=_as_json(columns),
    )
    w.subject["list_id"] = number
    return number


@operation("lists.add_rows")
def add_rows(w: Write, list_id: int, rows: Iterable[NewRow]) -> int:
    """Add rows to a list; how many. The zone of a row is its own, its country's or its phone's,
    in this order. Rows with a blocked number or e-mail are added as blocked."""
    info = get(w.session, list_id)
    count = 0
    waiting = iter(rows)
    while part := list(itertools.islice(waiting, CHUNK)):
        first = w.insert_many(Prospect, _ROW, [_values(list_id, row) for row in part])
        keys = [
            (number, kind, value, match, 0, position)
            for number, row in enumerate(part, first)
            for position, (kind, value, match) in enumerate(row.keys)
        ]
        # In the order of their index: it grows at one place at a time (measured: a third less).
        keys.sort(key=operator.itemgetter(_MATCH))
        w.insert_many(ProspectKey, _KEY, keys)
        w.index_new(first, [_search_text(row) for row in part])
        do_not_call.close_blocked(w, first, first + len(part) - 1)
        count += len(part)
    w.describe(
        ngettext("{n} row into {name}", "{n} rows into {name}", count).format(
            n=count, name=info.name
        ),
        list_id=list_id,
    )
    return count


def _values(list_id: int, row: NewRow) -> tuple[Any, ...]:
    value = row.values.get
    numbers = (match for kind, _typed, match in row.keys if kind == "phone" and match)
    zone = zone_of(value("zone", ""), value("country", ""), numbers, value("city", ""))
    return (
        list_id,
        row.line,
        row.state,
        0,
        "",
        0,
        *map(value, VALUES, _NONE),
        zone,
        _cells_as_json(row.cells),
        "",
        "",
        row.problem,
    )


def _search_text(row: NewRow) -> str:
    """What the search finds a new row by: as :func:`.derived.add_prospects` reads it again."""
    value = row.values.get
    words = [value(name, "") for name in PROSPECT_WORDS]
    for kind, typed, match in row.keys:
        words.append(phone_word(typed, match) if kind == "phone" else typed)
    return " ".join(words)


def _cells_as_json(cells: Sequence[str]) -> str:
    """The cells as a JSON list. Nearly every row has nothing in it that JSON escapes, and is put
    together at a fraction of the encoder's cost."""
    whole = "".join(cells)
    if not cells or '"' in whole or "\\" in whole or not whole.isprintable():
        return _encode(list(cells))
    return '["' + '","'.join(cells) + '"]'


@operation("lists.rename")
def rename(w: Write, list_id: int, name: str) -> None:
    """Give a list another name."""
    was = get(w.session, list_id).name
    name = _name(w, name, but=list_id)
    w.update(ProspectList, list_id, name=name, match=fold(name))
    w.describe(_("list {was} is now {name}").format(was=was, name=name), list_id=list_id)


@operation("lists.set_script")
def set_script(w: Write, list_id: int, script: str) -> None:
    """The words to say, with ``{first name}`` or any ``{column}`` to be filled in; a line
    ``[1] no time`` begins the answer to that objection."""
    info = get(w.session, list_id)
    script = clean(script).strip()
    if script != info.script:
        # Each wording has its number: a report tells which of them brought what.
        number = w.store.value("SELECT script_no FROM lists WHERE id = ?", (list_id,))
        w.update(ProspectList, list_id, script=script, script_no=number + 1)
    w.describe(_("script of {name}").format(name=info.name), list_id=list_id)


@operation("lists.archive")
def archive(w: Write, list_id: int, archived: bool = True) -> None:
    """Put a list away, or bring it back. Its rows and figures stay."""
    info = get(w.session, list_id)
    w.update(ProspectList, list_id, archived=int(archived))
    words = _("list {name} archived") if archived else _("list {name} brought back")
    w.describe(words.format(name=info.name), list_id=list_id)


def _name(w: Write, name: str, but: int = 0) -> str:
    name = " ".join(clean(name, single_line=True).split())
    if not fold(name):
        raise CrmError(_("A list needs a name."))
    taken = w.store.value("SELECT name FROM lists WHERE match = ? AND id <> ?", (fold(name), but))
    if taken is not None:
        raise CrmError(
            _("There is a list {name} already.").format(name=taken), _("Choose another name.")
        )
    return name


def _as_json(columns: Sequence[Mapping[str, str | None]]) -> str:
    return json.dumps(
        [
            {"name": clean(c.get("name") or "", single_line=True), "field": c.get("field")}
            for c in columns
        ],
        ensure_ascii=False,
    )


# -- views ----------------------------------------------------------------------------------------


class ListSettings(NamedTuple):
    """The columns of a list that :class:`ProspectListInfo` is made of."""

    id: int
    name: str
    source: str
    columns: str
    script: str
    new_first: bool
    call_from: str
    call_until: str
    call_days: str
    most_tries: int
    zone: str
    archived: bool
    order_by: str
    most_per_number: int
    most_per_day: int
    avoid_hour: bool
    other_half: bool
    script_no: int
    direction: str


SETTINGS = ", ".join(f"lists.{column}" for column in ListSettings._fields)
"""The columns of :class:`ListSettings` for a SELECT."""


def get(session: Session, list_id: int) -> ProspectListInfo:
    """A list as it was set up. Raises NotFound."""
    found = session.store.read(
        ListSettings, f"SELECT {SETTINGS} FROM lists WHERE id = ?", (list_id,)
    )
    if not found:
        raise NotFound(_("There is no such list."))
    return info_of(found[0])


def info_of(settings: ListSettings) -> ProspectListInfo:
    """The list of its stored settings."""
    columns = [Column(c.get("name") or "", c.get("field")) for c in json.loads(settings.columns)]
    return ProspectListInfo(**{**settings._asdict(), "columns": tuple(columns)})


def find(session: Session, name: str) -> ProspectListInfo:
    """The list of that name (case and accents aside), or of an unmistakable beginning.

    Raises NotFound naming the ones there are."""
    known = session.store.rows("SELECT id, name, match, archived FROM lists ORDER BY archived, id")
    wanted = fold(name)
    exact = [number for number, _name, match, _away in known if wanted and match == wanted]
    begun = [number for number, _name, match, _away in known if wanted and match.startswith(wanted)]
    for numbers in (exact, begun):
        if len(numbers) == 1:
            return get(session, numbers[0])
    names = ", ".join(known_name for _n, known_name, _match, archived in known if not archived)
    raise NotFound(
        _("There is no list {name}.").format(name=clean(name, single_line=True) or "–"),
        _("There are: {names}.").format(names=names) if names else _("Import one first."),
    )


def lists(session: Session, archived: bool = False) -> list[ListRow]:
    """Every list with its counts, the newest first; archived ones only when asked for."""
    return [_with_counts(session.store, row) for row in without_counts(session, archived)]


def without_counts(session: Session, archived: bool = False) -> list[ListRow]:
    """The same with all counts 0: names to show before they are counted (:func:`count_list`)."""
    where = "" if archived else " WHERE archived = 0"
    return session.store.read(
        ListRow, f"SELECT id, name, source, archived FROM lists{where} ORDER BY archived, id DESC"
    )


def estimate_rows(store: Store) -> int:
    """About how many rows there are in all lists, at once: some may be gone again."""
    return int(store.value("SELECT MAX(id) FROM prospects") or 0)


def count_list(session: Session, list_id: int) -> ListRow:
    """One list with its counts. Raises NotFound."""
    rows = session.store.read(
        ListRow, "SELECT id, name, source, archived FROM lists WHERE id = ?", (list_id,)
    )
    if not rows:
        raise NotFound(_("There is no such list."))
    return _with_counts(session.store, rows[0])


def list_progress(session: Session, list_id: int) -> ListProgress:
    """How far one list is. Raises NotFound."""
    info, n = get(session, list_id), by_state(session.store, list_id)
    return ListProgress(info.name, sum(n.values()), n["done"] + n["lead"] + n["blocked"])


def by_state(store: Store, list_id: int, states: Sequence[str] = STATES) -> dict[str, int]:
    """How many rows of a list are in each state."""
    return store.fetch(by_state_query(list_id, states))


def by_state_query(list_id: int, states: Sequence[str]) -> Query[dict[str, int]]:
    """The query of :func:`by_state`. A count for each runs along an index without a look at the
    rows, in a third of the time of grouping them."""
    one = "(SELECT COUNT(*) FROM prospects WHERE list_id = ? AND state = ?)"
    return all_rows(
        f"SELECT {', '.join([one] * len(states))}",
        [value for state in states for value in (list_id, state)],
    ).map(lambda rows: {state: int(n) for state, n in zip(states, rows[0], strict=True)})


def _with_counts(store: Store, row: ListRow) -> ListRow:
    """Every count runs along an index, without a look at the rows."""
    n = by_state(store, row.id)
    # Two runs of the index: counted in one, SQLite sorts every call for the second figure.
    called, reached = (
        store.value(
            "SELECT COUNT(DISTINCT prospect_id) FROM actions"
            f" WHERE list_id = ? AND kind = 'call'{more}",
            (row.id,),
        )
        for more in ("", " AND reached = 1")
    )
    return replace(
        row,
        rows=sum(n.values()),
        new=n["new"],
        callbacks=n["callback"],
        retries=n["retry"],
        done=n["done"],
        leads=n["lead"],
        blocked=n["blocked"],
        called=int(called),
        reached=int(reached),
    )
